//! The dialects of partners, each a module: what the partner refuses, and how it wants the rest. The
//! standard forms know nothing of them.

mod feedly;
mod msn;
mod news_sitemap;
mod ninjs;
mod smartnews;
mod tombstones;

use chrono::{DateTime, Utc};

use super::files::File;
use super::hygiene::Line;
use super::ready::{Item, Ready};
use super::{OutputFormat, RenderError, Rendered, language};
use crate::model::{Feed, Profile};

/// Something that the partner objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether what has it is left out of the document; else it is only less than the partner wishes.
    pub is_refused: bool,
    /// In words.
    pub what: String,
}

impl Fault {
    fn refused(what: impl Into<String>) -> Self {
        Self { is_refused: true, what: what.into() }
    }

    fn wished(what: impl Into<String>) -> Self {
        Self { is_refused: false, what: what.into() }
    }
}

/// What the partner would say of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Of the feed as a whole.
    pub feed: Vec<Fault>,
    /// Of each article, in the order of the feed.
    pub items: Vec<Reviewed>,
}

/// What the partner would say of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The article's id.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub url: String,
    /// What is wrong with it; nothing when the partner takes it as it is.
    pub faults: Vec<Fault>,
}

impl Reviewed {
    /// Whether the article is left out.
    pub fn is_refused(&self) -> bool {
        self.faults.iter().any(|fault| fault.is_refused)
    }
}

/// The forms that a feed has, beside its page.
pub fn forms(profile: Profile) -> &'static [OutputFormat] {
    match profile {
        Profile::Standard => &[OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json],
        Profile::Feedly | Profile::Msn | Profile::Smartnews => &[OutputFormat::Rss],
        Profile::Tombstones => &[OutputFormat::Atom],
        Profile::NewsSitemap => &[OutputFormat::Xml],
        Profile::Ninjs => &[OutputFormat::Json],
    }
}

/// What the partner of a feed's profile would say of it.
pub fn review(feed: &Feed) -> Review {
    let ready = Ready::new(feed);
    let items = ready.items.iter().map(|item| Reviewed {
        id: item.id.clone(),
        title: item.title.to_string(),
        url: item.target.to_string(),
        faults: faults(feed.profile, &ready, item),
    });
    Review { items: items.collect(), feed: feed_faults(feed, &ready) }
}

/// Renders a feed in the dialect of its profile.
pub(super) fn render(feed: &Feed, format: OutputFormat) -> Result<Rendered, RenderError> {
    let mut ready = Ready::new(feed);
    let all = std::mem::take(&mut ready.items);
    let (taken, _) =
        all.into_iter().partition(|item| !faults(feed.profile, &ready, item).iter().any(|fault| fault.is_refused));
    ready.items = taken;
    let changed = feed.gone.iter().map(|gone| gone.at).max().map_or(feed.updated, |gone| gone.max(feed.updated));
    let (content_type, written) = match feed.profile {
        Profile::Feedly => (RSS, feedly::write(&ready)),
        Profile::Msn => (RSS, msn::write(ready)),
        Profile::Smartnews => (RSS, smartnews::write(ready, &feed.gone)),
        Profile::Tombstones => ("application/atom+xml; charset=utf-8", tombstones::write(&ready, &feed.gone)),
        Profile::NewsSitemap => ("application/xml; charset=utf-8", Ok(news_sitemap::write(&ready))),
        Profile::Ninjs => ("application/json", ninjs::write(&ready, &feed.gone)),
        Profile::Standard => return super::standard(feed, &ready, format),
    };
    let body = written.map_err(|what| RenderError::Writer { format, what })?;
    Ok(Rendered::new(content_type, body, changed))
}

const RSS: &str = "application/rss+xml; charset=utf-8";

fn faults(profile: Profile, feed: &Ready<'_>, item: &Item<'_>) -> Vec<Fault> {
    match profile {
        Profile::Msn => msn::faults(feed, item),
        Profile::Smartnews => smartnews::faults(item),
        Profile::NewsSitemap => news_sitemap::faults(item),
        Profile::Standard | Profile::Feedly | Profile::Ninjs | Profile::Tombstones => Vec::new(),
    }
}

fn feed_faults(feed: &Feed, ready: &Ready<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let is_strict = matches!(feed.profile, Profile::Msn | Profile::Smartnews | Profile::NewsSitemap);
    if is_strict && feed.base_url.scheme() != "https" {
        faults.push(Fault::wished("the feed's address is not https: set [site] base_url"));
    }
    if ready.language == language::UNKNOWN {
        faults.push(Fault::wished(format!("{:?} is no language that partners know", feed.language)));
    }
    if matches!(feed.profile, Profile::Smartnews | Profile::Feedly) && feed.logo.is_none() {
        faults.push(Fault::wished("there is no logo: set `logo` of the feed"));
    }
    if ready.items.is_empty() {
        faults.push(Fault::wished("there is no article"));
    }
    faults
}

/// Whether an address is https.
fn is_secure(address: &str) -> bool {
    address.starts_with("https://")
}

/// Puts the form that most programs know in place of a newer one, where there is one.
fn make_plain(file: &mut File) {
    if let Some(form) = file.plainer.take() {
        file.url = form.url;
        file.mime_type = form.mime_type;
        file.length = Some(form.length);
    }
}

/// The parameters by which visits are counted, in an address.
fn has_tracking(address: &str) -> bool {
    address.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair.starts_with("utm_")))
}

/// A headline cut at a word, of at most so many characters.
fn shortened(title: &Line, most: usize) -> Line {
    let text = title.as_str();
    if text.chars().count() <= most {
        return title.clone();
    }
    let end = text.char_indices().nth(most.saturating_sub(1)).map_or(text.len(), |(end, _)| end);
    let head = text.get(..end).unwrap_or_default();
    Line::new(&format!("{}…", head.rsplit_once(' ').map_or(head, |(words, _)| words)))
}

/// A time as W3C and RFC 3339 write it.
fn time(time: DateTime<Utc>) -> String {
    super::hygiene::rfc3339(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_are_cut_at_a_word() {
        assert_eq!(shortened(&Line::new("một hai ba"), 10).as_str(), "một hai ba");
        assert_eq!(shortened(&Line::new("một hai ba bốn"), 10).as_str(), "một hai…");
        assert!(has_tracking("https://a.example/?a=1&utm_source=x") && !has_tracking("https://a.example/utm_source=x"));
    }
}
