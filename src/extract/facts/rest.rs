//! The smaller facts: language, address, site, section, tags, picture, summary.

use std::collections::HashSet;

use url::Url;

use super::head::Head;
use super::{first, language};
use crate::address;
use crate::extract::document::without_dateline;
use crate::extract::phrases::folded;
use crate::html::dom::{Dom, length};
use crate::html::tag::Tag;
use crate::model::Article;

/// Adds them to an article whose text is known.
pub(crate) fn add(dom: &Dom, head: &Head, text: &str, url: Option<&Url>, article: &mut Article) {
    add_language(head, text, article);
    let findings = &mut article.findings;
    let absolute = |text: String| address::resolve(&text, head.base.as_ref());
    let own = |text: Option<String>| text.and_then(absolute).filter(|found| is_same_article(found, url));
    let places = [("rel=canonical", own(head.canonical.clone())), ("og:url", own(head.meta_value("og:url")))];
    article.canonical_url = first("canonical", findings, places).map(String::from);
    let places = [
        ("og:site_name", head.meta_value("og:site_name")),
        ("JSON-LD publisher", head.linked.publisher.clone()),
        ("application-name", head.meta_value("application-name")),
    ];
    article.site_name = first("site", findings, places);
    let places = [
        ("JSON-LD articleSection", head.linked.section.clone()),
        ("article:section", head.any_meta(&["article:section", "og:article:section", "section"])),
    ];
    article.section = first("section", findings, places);
    article.tags = tags(dom, head);
    let tier = head.meta_value("article:content_tier");
    article.paywalled = head.linked.paywalled || tier.is_some_and(|tier| tier == "locked" || tier == "metered");
    add_image(head, article);
    add_summary(head, article);
}

fn add_language(head: &Head, text: &str, article: &mut Article) {
    let declared = first("language", &mut article.findings, language::candidates(head));
    let (language, why) = language::judged(declared, text);
    if let Some(why) = why.filter(|_| language.is_some()) {
        article.findings.push(crate::model::Finding { field: "language", why: why.to_owned() });
    }
    article.language = language;
}

/// The lead picture.
fn add_image(head: &Head, article: &mut Article) {
    let absolute = |text: String| address::resolve(&text, head.base.as_ref());
    let is_picture = |url: &Url| {
        let path = url.path().to_ascii_lowercase();
        !path.contains(".svg") && !path.contains("logo")
    };
    let picture = |text: Option<String>| text.and_then(absolute).filter(is_picture).map(String::from);
    let places = [
        ("the first picture of the text", article.pictures.first().map(|picture| picture.url.clone())),
        ("JSON-LD image", picture(head.linked.image.clone())),
        ("og:image", picture(head.any_meta(&["og:image", "og:image:url", "og:image:secure_url"]))),
        ("twitter:image", picture(head.any_meta(&["twitter:image", "twitter:image:src"]))),
        ("rel=image_src", picture(head.image.clone())),
    ];
    article.lead_image = first("image", &mut article.findings, places);
}

fn add_summary(head: &Head, article: &mut Article) {
    let described = head.any_meta(&["og:description", "description", "twitter:description", "dc:description"]);
    let places = [("JSON-LD description", head.linked.description.clone()), ("meta description", described)];
    let stated = first("summary", &mut article.findings, places);
    let html = &article.content_html;
    let summary = stated.or_else(|| first("summary", &mut article.findings, [("the first paragraph", lead(html))]));
    article.summary = summary.map(|text| without_dateline(&text));
}

/// The first paragraph of an article's HTML.
pub(crate) fn lead(html: &str) -> Option<String> {
    const ENOUGH: usize = 20_000;
    let (start, _) = html.split_at(html.floor_char_boundary(ENOUGH.min(html.len())));
    let fragment = Dom::parse(start);
    let is_paragraph = |at: &usize| fragment.tag(*at) == Tag::P && length(fragment.text(*at)) >= 40;
    (1..fragment.count()).find(is_paragraph).map(|at| one_line(fragment.text(at)))
}

/// A canonical address counts when it is no home page, and on the same host where that is known.
fn is_same_article(found: &Url, page: Option<&Url>) -> bool {
    let host = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        ["www.", "m.", "mobile.", "amp."]
            .iter()
            .find_map(|prefix| host.strip_prefix(prefix).map(str::to_owned))
            .unwrap_or(host)
    };
    let is_home = found.path().trim_matches('/').is_empty() && found.query().is_none();
    !is_home && page.is_none_or(|page| host(page) == host(found))
}

fn tags(dom: &Dom, head: &Head) -> Vec<String> {
    let declared = head.meta_values("article:tag").into_iter().chain(head.linked.tags.clone());
    let listed = head
        .any_meta(&["news_keywords", "keywords", "parsely-tags"])
        .into_iter()
        .flat_map(|tags| tags.split([',', ';']).map(|tag| tag.trim().to_owned()).collect::<Vec<_>>());
    let linked = head.rel_tags.iter().map(|&at| one_line(dom.text(at)));
    let mut seen = HashSet::new();
    let fits = |tag: &String| !tag.is_empty() && tag.chars().count() <= 60;
    declared.chain(listed).chain(linked).filter(fits).filter(|tag| seen.insert(folded(tag))).take(30).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
