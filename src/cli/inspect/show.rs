//! What `inspect` prints for people.

use url::Url;

use crate::clean;
use crate::html;
use crate::model::{Article, Reading};

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

/// An article: what was taken, what was left out, and why; with the TOML of tried selectors.
pub(super) fn article(
    input: &str,
    article: &Article,
    content: Option<&str>,
    remove: &[String],
    base: Option<&Url>,
) -> String {
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
    fact("pictures", Some(article.pictures.len().to_string()).filter(|_| !article.pictures.is_empty()));
    fact("paywall", article.paywalled.then(|| "the page says that the text is for subscribers".to_owned()));
    lines.push(String::new());
    let text = html::sanitise_for_show(&article.content_html, base);
    lines.extend(html::lines(text.as_str()).lines().map(|line| format!("  {line}")));
    if !article.findings.is_empty() {
        lines.push(String::new());
        lines.push("  found by:".to_owned());
        lines.extend(article.findings.iter().map(|finding| format!("    {}: {}", finding.field, finding.why)));
    }
    if !article.left_out.is_empty() {
        lines.push(String::new());
        lines.push("  left out:".to_owned());
        lines.extend(article.left_out.iter().map(|part| format!("    {}: {} …", part.why, part.start)));
    }
    if content.is_some() || !remove.is_empty() {
        lines.push(String::new());
        lines.push("  for feeds.toml:".to_owned());
        lines.push("    [sources.<id>.article]".to_owned());
        lines.extend(content.map(|selector| format!("    content = {selector:?}")));
        if !remove.is_empty() {
            lines.push(format!("    remove = {remove:?}"));
        }
    }
    lines.join("\n")
}
