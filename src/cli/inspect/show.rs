//! What `inspect` prints for people.

use url::Url;

use crate::clean;
use crate::html;
use crate::model::{Article, ArticleRules, Reading, SourceId};

/// Items of a feed that are shown.
const SHOWN: usize = 20;

/// A feed, sitemap or page.
pub(super) fn feed(input: &str, reading: &Reading) -> String {
    let channel = &reading.channel;
    let mut lines =
        vec![format!("{input}: {}, {}, {} articles", reading.format.name(), reading.encoding, reading.items.len())];
    if let Some(title) = &channel.title {
        lines.push(format!("  title: {}", clean::plain(title)));
    }
    if let Some(page) = &channel.home_page_url {
        lines.push(format!("  page:  {page}"));
    }
    lines.extend(reading.repairs.iter().map(|repair| format!("  repaired: {}", repair.what)));
    for item in reading.items.iter().take(SHOWN) {
        let title = item.title.as_ref().map_or_else(|| "(no title)".to_owned(), clean::plain);
        let date = item.published.or(item.updated).map_or_else(|| "(no date)".to_owned(), |date| date.to_rfc3339());
        lines.push(format!("  {date}  {title}"));
        if let Some(url) = &item.url {
            lines.push(format!("      {url}"));
        }
        let text =
            if clean::is_summary_only(item) { "a summary only: its page would be fetched" } else { "the full text" };
        lines.push(format!("      {text}, {} files", item.attachments.len()));
    }
    if reading.items.len() > SHOWN {
        lines.push(format!("  … and {} more", reading.items.len() - SHOWN));
    }
    lines.join("\n")
}

/// An article: what was taken, what was left out, and why; with the TOML of selectors that were tried.
pub(super) fn article(input: &str, tried: &Tried<'_>, base: Option<&Url>) -> String {
    let article = tried.article;
    let mut lines = vec![format!("{input}:")];
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("  {name:<10} {value}"));
        }
    };
    let names: Vec<_> = article.authors.iter().filter_map(|person| person.name.clone()).collect();
    fact("title", article.title.clone());
    fact("subtitle", article.subtitle.clone());
    fact("authors", Some(names.join(", ")));
    fact("published", article.published.map(|date| date.to_rfc3339()));
    fact("modified", article.modified.map(|date| date.to_rfc3339()));
    fact("language", article.language.clone());
    fact("section", article.section.clone());
    fact("tags", Some(article.tags.join(", ")));
    fact("address", article.canonical_url.clone());
    fact("picture", article.lead_image.clone());
    fact("next page", article.next_page.clone());
    fact("paywall", article.paywalled.then(|| "the page says that the text is for subscribers".to_owned()));
    fact("not shown", article.wall.map(|wall| format!("{}; it is not published", wall.in_words())));
    lines.push(String::new());
    let text = html::sanitise_for_show(&article.content_html, base);
    lines.extend(html::lines(text.as_str()).lines().map(|line| format!("  {line}")));
    let mut part = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.extend([String::new(), format!("  {title}:")]);
            lines.extend(rows.into_iter().map(|row| format!("    {row}")));
        }
    };
    part("pictures", tried.pictures.clone());
    part("found by", article.findings.iter().map(|finding| format!("{}: {}", finding.field, finding.why)).collect());
    part("left out", article.left_out.iter().map(|part| format!("{}: {} …", part.why, part.start)).collect());
    part("for feeds.toml", tried.rules.map(|rules| toml(tried.source, rules)).unwrap_or_default());
    lines.join("\n")
}

/// An article with what an admin tried on it.
pub(super) struct Tried<'a> {
    pub(super) article: &'a Article,
    /// Its pictures, a line each.
    pub(super) pictures: &'a Vec<String>,
    /// The source of feeds.toml that it is from.
    pub(super) source: Option<&'a SourceId>,
    /// The rules it was read by, when some of them were tried.
    pub(super) rules: Option<&'a ArticleRules>,
}

/// Rules as feeds.toml has them.
fn toml(source: Option<&SourceId>, rules: &ArticleRules) -> Vec<String> {
    let mut lines = vec![format!("[sources.{}.article]", source.map_or("<id>", SourceId::as_str))];
    let keys = [("content", &rules.content), ("title", &rules.title), ("author", &rules.author), ("date", &rules.date)];
    for (key, selector) in keys {
        lines.extend(selector.as_deref().map(|selector| format!("{key} = {}", toml_edit::Value::from(selector))));
    }
    if !rules.remove.is_empty() {
        let list: toml_edit::Array = rules.remove.iter().map(String::as_str).collect();
        lines.push(format!("remove = {list}"));
    }
    lines
}
