//! A web page to its article: facts and text put together.

use std::collections::HashSet;

use url::Url;

use super::content::choose::{self, Choice};
use super::content::figures::{self, Figures};
use super::content::hints::Hints;
use super::content::judge::{self, Judged, Known};
use super::content::scores::{self, Out, Scores, Trust};
use super::content::write;
use super::facts::{self, authors, dates, head::Head, language, title};
use super::phrases::folded;
use super::{ExtractError, Options};
use crate::address;
use crate::html::dom::{self, Dom};
use crate::html::tag::Tag;
use crate::model::{Article, Attachment, Finding, Person};

/// Dropped blocks that are named in the findings.
const MAX_DROPPED: usize = 60;

/// Reads a page.
pub(super) fn read(html: &str, options: &Options) -> Result<Article, ExtractError> {
    let dom = Dom::parse(html);
    let head = Head::of(&dom, options.url.as_ref());
    let hints = Hints::of(&dom);
    let mut article = Article::default();
    if !dom.whole {
        article.findings.push(Finding {
            field: "content",
            why: "the page is nested too deeply or too large, and was read in part".into(),
        });
    }
    let sites = title::site_names(&head, options.url.as_ref());
    name(&dom, &head, &sites, options, &mut article)?;
    credit(&dom, &head, &hints, options, &mut article)?;
    let known = known(&dom, &head, &article, options);

    let mut out: Out = vec![None; dom.count()];
    for selector in &options.rules.remove {
        for at in select(&dom, selector)? {
            if let Some(mark) = out.get_mut(at) {
                *mark = Some("the source's rules remove it");
            }
        }
    }
    let choice = content(&dom, &hints, options, &mut out)?;
    article.findings.push(Finding { field: "content", why: choice.why.to_owned() });
    let judged = judge::judge(&dom, &hints, &mut out, choice.at, &known);
    let found = figures::find(&dom, &hints, &out, choice.at, head.base.as_ref());
    let end = judged.end.unwrap_or(dom.node(choice.at).end);
    article.content_html = write::write(&dom, &out, &found, &judged.headings, choice.at..end, head.base.as_ref());
    article.pictures = pictures(&found, end);
    note_dropped(&dom, &out, choice, end, &mut article.findings);
    if article.content_html.is_empty() {
        return Err(ExtractError::NoArticle);
    }
    date(&dom, &head, &hints, options, &judged, &mut article)?;
    sign(&judged, &mut article);
    rest(&dom, &head, choice, options, &mut article);
    Ok(article)
}

/// Reads HTML that is nothing but an article: everything in it belongs, except bylines and the like.
/// Without `title`, a heading at its beginning is the title.
pub(super) fn fragment(html: &str, title: Option<String>, options: &Options) -> Result<Article, ExtractError> {
    let dom = Dom::parse(html);
    let body = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body).ok_or(ExtractError::NoArticle)?;
    let first = dom.children(body).find(|&at| dom.node(at).len > 0);
    let heading = first.filter(|&at| dom.tag(at) == Tag::H1).map(|at| one_line(dom.text(at)));
    let mut article = Article { title: title.or(heading), ..Article::default() };
    let known = known(&dom, &Head::default(), &article, options);
    let hints = Hints::of(&dom);
    let mut out: Out = vec![None; dom.count()];
    let judged = judge::judge_document(&dom, &hints, &mut out, body, &known);
    let base = options.url.as_ref();
    let found = figures::find(&dom, &hints, &out, body, base);
    let end = judged.end.unwrap_or(dom.node(body).end);
    article.content_html = write::write(&dom, &out, &found, &judged.headings, body..end, base);
    article.pictures = pictures(&found, end);
    article.lead_image = article.pictures.first().map(|picture| picture.url.clone());
    article.published = judged.date;
    sign(&judged, &mut article);
    article.summary = lead(&article.content_html);
    if article.content_html.is_empty() { Err(ExtractError::NoArticle) } else { Ok(article) }
}

fn select(dom: &Dom, selector: &str) -> Result<Vec<usize>, ExtractError> {
    dom.select(selector).ok_or_else(|| ExtractError::Selector(selector.to_owned()))
}

/// The first element that the admin's selector matches; None when there is no selector.
fn ruled(dom: &Dom, selector: Option<&String>) -> Result<Option<usize>, ExtractError> {
    let Some(selector) = selector else { return Ok(None) };
    match select(dom, selector)?.first() {
        Some(&at) => Ok(Some(at)),
        None => Err(ExtractError::NoMatch(selector.clone())),
    }
}

const RULE: &str = "the source's rules";

fn name(
    dom: &Dom,
    head: &Head,
    sites: &[String],
    options: &Options,
    article: &mut Article,
) -> Result<(), ExtractError> {
    let ruled = ruled(dom, options.rules.title.as_ref())?.map(|at| one_line(dom.text(at)));
    if ruled.is_some() {
        article.title = facts::first("title", &mut article.findings, [(RULE, ruled)]);
        return Ok(());
    }
    let mut places = title::candidates(dom, head);
    places.push(("the title element and the headings", title::from_title_element(dom, head)));
    let tidy = |value: Option<String>| {
        value.map(|value| title::without_site(&one_line(&value), sites)).filter(|value| !value.is_empty())
    };
    article.title =
        facts::first("title", &mut article.findings, places.into_iter().map(|(place, value)| (place, tidy(value))));
    let subtitle = head.linked.subtitle.clone().filter(|subtitle| Some(subtitle) != article.title.as_ref());
    article.subtitle = facts::first("subtitle", &mut article.findings, [("JSON-LD alternativeHeadline", subtitle)]);
    Ok(())
}

fn credit(dom: &Dom, head: &Head, hints: &Hints, options: &Options, article: &mut Article) -> Result<(), ExtractError> {
    let ruled = ruled(dom, options.rules.author.as_ref())?;
    let ruled = ruled
        .map(|at| super::byline::names_in(dom.text(at)).into_iter().map(Person::named).collect::<Vec<_>>())
        .filter(|people| !people.is_empty());
    let places = std::iter::once((RULE, ruled)).chain(authors::candidates(dom, head, hints));
    article.authors = facts::first("author", &mut article.findings, places).unwrap_or_default();
    Ok(())
}

fn known(dom: &Dom, head: &Head, article: &Article, options: &Options) -> Known {
    let titles = article.title.iter().chain(&head.title).cloned();
    let headings = head.h1.iter().take(3).map(|&at| dom.text(at).to_owned());
    let declared = head.meta_value("og:title").into_iter().chain(head.linked.title.clone());
    Known {
        titles: titles
            .chain(headings)
            .chain(declared)
            .map(|title| folded(&title))
            .filter(|title| !title.is_empty())
            .collect(),
        authors: article.authors.iter().filter_map(|person| person.name.as_deref()).map(folded).collect(),
        zone: options.timezone,
    }
}

fn content(dom: &Dom, hints: &Hints, options: &Options, out: &mut Out) -> Result<Choice, ExtractError> {
    let ruled = ruled(dom, options.rules.content.as_ref())?;
    let mut lenient = out.clone();
    scores::mark_foreign(dom, hints, Trust::Names, out);
    if let Some(at) = ruled {
        // What the admin names is taken even where its own name speaks against it.
        for outer in std::iter::once(at).chain(dom.ancestors(at)) {
            if let Some(mark) = out.get_mut(outer) {
                *mark = None;
            }
        }
        return Ok(Choice { at, why: RULE });
    }
    let strict = Scores::of(dom, out);
    let choice = choose::choose(dom, hints, &strict);
    let first = choice.map_or(0.0, |choice| strict.sum(choice.at));
    if first >= SURE {
        return choice.ok_or(ExtractError::NoArticle);
    }
    // Little was left: names that sound foreign may be those of the page's frame.
    scores::mark_foreign(dom, hints, Trust::Elements, &mut lenient);
    let scores = Scores::of(dom, &lenient);
    if let Some(second) = choose::choose(dom, hints, &scores).filter(|second| scores.sum(second.at) > 3.0 * first) {
        *out = lenient;
        return Ok(second);
    }
    choice.ok_or(ExtractError::NoArticle)
}

/// An article with so much of a score is not doubted.
const SURE: f32 = 500.0;

fn pictures(found: &Figures, end: usize) -> Vec<Attachment> {
    let mut figures: Vec<_> = found.at.iter().filter(|(at, _)| **at < end).collect();
    figures.sort_by_key(|(at, _)| **at);
    let attach = |figure: &figures::Figure, picture: &super::content::pictures::Picture| Attachment {
        url: picture.url.to_string(),
        medium: Some("image".into()),
        title: picture.alt.clone(),
        caption: figure.caption.clone(),
        credit: figure.caption.as_deref().and_then(figures::credit),
        width: picture.width,
        height: picture.height,
        ..Attachment::default()
    };
    figures.iter().flat_map(|(_, figure)| figure.pictures.iter().map(|picture| attach(figure, picture))).collect()
}

fn note_dropped(dom: &Dom, out: &Out, choice: Choice, end: usize, findings: &mut Vec<Finding>) {
    let mut at = choice.at + 1;
    let stop = dom.node(choice.at).end;
    let mut named = 0;
    while at < stop && named < MAX_DROPPED {
        let why = out.get(at).copied().flatten();
        let why = if at == end { Some("with it the article is over") } else { why };
        let Some(why) = why else {
            at += 1;
            continue;
        };
        let text: String = one_line(&dom.text(at).chars().take(200).collect::<String>()).chars().take(60).collect();
        if !text.is_empty() && !why.is_empty() {
            findings.push(Finding { field: "dropped", why: format!("{why}: {text}") });
            named += 1;
        }
        if at == end {
            return;
        }
        at = dom.node(at).end.max(at + 1);
    }
}

fn date(
    dom: &Dom,
    head: &Head,
    hints: &Hints,
    options: &Options,
    judged: &Judged,
    article: &mut Article,
) -> Result<(), ExtractError> {
    let zone = options.timezone;
    let ruled = ruled(dom, options.rules.date.as_ref())?.and_then(|at| dates::of_element(dom, at, zone));
    let mut places = vec![(RULE, ruled)];
    places.extend(dates::published(dom, head, hints, options.url.as_ref(), zone));
    places.insert(places.len().saturating_sub(2), ("a date line in the text", judged.date));
    article.published = facts::first("date", &mut article.findings, places);
    article.modified = facts::first("modified", &mut article.findings, dates::modified(dom, head, zone));
    Ok(())
}

/// What the closing byline adds.
fn sign(judged: &Judged, article: &mut Article) {
    let (names, why) = if judged.byline.authors.is_empty() {
        (&judged.byline.sources, "the source named below the text")
    } else {
        (&judged.byline.authors, "the byline in the text")
    };
    if article.authors.is_empty() && !names.is_empty() {
        article.authors = names.iter().map(Person::named).collect();
        article.findings.push(Finding { field: "author", why: why.to_owned() });
    }
    if let [photographer] = judged.byline.photographers.as_slice() {
        for picture in article.pictures.iter_mut().filter(|picture| picture.credit.is_none()) {
            picture.credit = Some(photographer.clone());
        }
    }
}

fn rest(dom: &Dom, head: &Head, choice: Choice, options: &Options, article: &mut Article) {
    let findings = &mut article.findings;
    let text = dom.text(choice.at);
    let declared = facts::first("language", findings, language::candidates(head));
    let (language, why) = language::judged(declared, text);
    article.language = language;
    if let Some(why) = why.filter(|_| article.language.is_some()) {
        findings.push(Finding { field: "language", why: why.to_owned() });
    }
    let absolute = |text: String| address::resolve(&text, head.base.as_ref());
    let canonical =
        head.canonical.clone().and_then(absolute).filter(|found| is_same_article(found, options.url.as_ref()));
    let shared =
        head.meta_value("og:url").and_then(absolute).filter(|found| is_same_article(found, options.url.as_ref()));
    article.canonical_url =
        facts::first("canonical", findings, [("rel=canonical", canonical), ("og:url", shared)]).map(String::from);
    article.site_name = facts::first(
        "site",
        findings,
        [
            ("og:site_name", head.meta_value("og:site_name")),
            ("JSON-LD publisher", head.linked.publisher.clone()),
            ("application-name", head.meta_value("application-name")),
        ],
    );
    article.section = facts::first(
        "section",
        findings,
        [
            ("JSON-LD articleSection", head.linked.section.clone()),
            ("article:section", head.any_meta(&["article:section", "og:article:section", "section"])),
        ],
    );
    article.tags = tags(dom, head);
    let is_picture = |url: &Url| !url.path().ends_with(".svg") && !url.path().to_ascii_lowercase().contains("logo");
    let picture = |text: Option<String>| text.and_then(absolute).filter(is_picture).map(String::from);
    let inline = article.pictures.first().map(|picture| picture.url.clone());
    article.lead_image = facts::first(
        "image",
        findings,
        [
            ("the first picture of the text", inline),
            ("JSON-LD image", picture(head.linked.image.clone())),
            ("og:image", picture(head.any_meta(&["og:image", "og:image:url", "og:image:secure_url"]))),
            ("twitter:image", picture(head.any_meta(&["twitter:image", "twitter:image:src"]))),
            ("rel=image_src", picture(head.image.clone())),
        ],
    );
    let described = head.any_meta(&["og:description", "description", "twitter:description", "dc:description"]);
    article.summary = facts::first(
        "summary",
        findings,
        [
            ("JSON-LD description", head.linked.description.clone()),
            ("meta description", described),
            ("the first paragraph", lead(&article.content_html)),
        ],
    )
    .map(|text| super::document::without_dateline(&text));
    article.paywalled = head.linked.paywalled
        || head.any_meta(&["article:content_tier"]).is_some_and(|tier| tier == "locked" || tier == "metered");
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

/// The first paragraph.
fn lead(html: &str) -> Option<String> {
    let fragment = Dom::parse(html.get(..html.floor_char_boundary(20_000.min(html.len()))).unwrap_or_default());
    let first = (1..fragment.count()).find(|&at| fragment.tag(at) == Tag::P && dom::length(fragment.text(at)) >= 40)?;
    Some(one_line(fragment.text(first)))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
