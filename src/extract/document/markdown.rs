//! Markdown, with or without front matter.

use pulldown_cmark::{Options as Dialect, Parser, html};

use super::front_matter::{self, FrontMatter};
use super::without_dateline;
use crate::address;
use crate::date;
use crate::extract::byline;
use crate::extract::facts::language;
use crate::extract::{ExtractError, Options, page};
use crate::html::dom::Dom;
use crate::model::{Article, Finding, Person};

/// Reads a Markdown document.
pub(crate) fn read(text: &str, options: &Options) -> Result<Article, ExtractError> {
    let (matter, body) = front_matter::split(text);
    let dialect = Dialect::ENABLE_TABLES
        | Dialect::ENABLE_FOOTNOTES
        | Dialect::ENABLE_STRIKETHROUGH
        | Dialect::ENABLE_SMART_PUNCTUATION;
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new_ext(body, dialect));
    let mut article = page::fragment(&rendered, matter.one(&["title"]), options)?;
    declare(&matter, options, &mut article);
    if article.language.is_none() {
        article.language = language::detect(Dom::parse(&article.content_html).text(0));
    }
    article.summary = article.summary.map(|lead| without_dateline(&lead));
    Ok(article)
}

/// What the front matter says goes before what the text says.
fn declare(matter: &FrontMatter, options: &Options, article: &mut Article) {
    let mut note = |field| article.findings.push(Finding { field, why: "the front matter".into() });
    let read = |keys: &[&str]| matter.one(keys).and_then(|text| date::parse(&text, options.timezone));
    if let Some(published) = read(&["date", "published", "pubdate", "publishdate", "created"]) {
        article.published = Some(published);
        note("date");
    }
    article.modified = read(&["updated", "lastmod", "modified"]);
    let names = matter.all(&["author", "authors", "by"]);
    if !names.is_empty() {
        article.authors = names.iter().flat_map(|name| byline::names_in(name)).map(Person::named).collect();
        note("author");
    }
    if let Some(language) = matter.one(&["lang", "language", "locale"]) {
        article.language = Some(language);
        note("language");
    }
    if let Some(summary) = matter.one(&["summary", "description", "excerpt"]) {
        article.summary = Some(summary);
        note("summary");
    }
    article.subtitle = matter.one(&["subtitle"]);
    article.section = matter.one(&["section", "category"]);
    let tags = matter.all(&["tags", "keywords", "categories"]);
    article.tags = match tags.as_slice() {
        [only] => only.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect(),
        _ => tags,
    };
    let absolute = |keys: &[&str]| {
        matter.one(keys).and_then(|text| address::resolve(&text, options.url.as_ref())).map(String::from)
    };
    article.canonical_url = absolute(&["canonical", "canonical_url", "url", "link"]);
    if let Some(image) = absolute(&["image", "cover", "thumbnail", "featured_image"]) {
        article.lead_image = Some(image);
        note("image");
    }
}
