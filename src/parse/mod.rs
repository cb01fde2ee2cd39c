//! Bytes to a [`Reading`]: what a feed, sitemap or page says, in its own words. Pure and bounded:
//! any byte string ends in a reading or a clear error.

mod attributes;
mod base;
mod channel;
mod characters;
mod discover;
mod document;
mod feed;
mod item;
mod json_feed;
mod media;
mod names;
mod opml;
mod page;
mod people;
mod sniff;
mod tag_name;
mod tokens;
mod words;
mod xml;

use chrono_tz::Tz;
use url::Url;

use crate::model::{PageLink, PageRules, Reading};

/// How a document is to be read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it came from; relative addresses are resolved against it.
    pub url: Option<Url>,
    /// The charset of the `Content-Type` header.
    pub charset: Option<String>,
    /// Zone of dates without one.
    pub timezone: Tz,
    /// Items beyond this are left out, and that is said.
    pub max_items: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { url: None, charset: None, timezone: Tz::UTC, max_items: 100_000 }
    }
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// No bytes, or only white space.
    #[error("the document is empty")]
    Empty,
    /// It is an HTML page where a feed was expected.
    #[error("this is a web page, not a feed{}", title.as_ref().map(|t| format!(" (its title: {t:?})")).unwrap_or_default())]
    WebPage {
        /// The page's title.
        title: Option<String>,
    },
    /// It is something else.
    #[error("this is not a feed: {0}")]
    NotAFeed(String),
    /// JSON that cannot be read.
    #[error("the JSON cannot be read")]
    Json(String),
    /// A selector that is no CSS.
    #[error("the selector {0:?} is not valid CSS")]
    Selector(String),
}

/// What a document looks like, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A feed of some dialect.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A web page.
    Html,
    /// A list of subscriptions.
    Opml,
    /// None of these.
    Other,
}

/// What a document looks like; `Content-Type` is not asked, since it lies too often.
pub fn looks(bytes: &[u8]) -> Looks {
    sniff::looks(bytes)
}

/// Reads a feed or sitemap of any dialect.
pub fn read(bytes: &[u8], options: &Options) -> Result<Reading, ParseError> {
    document::read(bytes, options)
}

/// Reads a news page without a feed: its links to articles, by `rules` or by looking.
pub fn page(bytes: &[u8], rules: &PageRules, options: &Options) -> Result<Reading, ParseError> {
    page::read(bytes, rules, options)
}

/// The feeds a web page offers (`link rel=alternate`, links in the page, known conventions), the
/// best first.
pub fn discover(bytes: &[u8], options: &Options) -> Vec<PageLink> {
    discover::feeds(bytes, options)
}

/// The sitemaps that a site's robots.txt names.
pub fn sitemaps(robots: &[u8], url: Option<&Url>) -> Vec<Url> {
    discover::sitemaps(robots, url)
}

/// One subscription of an OPML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Title.
    pub title: Option<String>,
    /// The feed.
    pub url: Url,
    /// Its page.
    pub home_page: Option<Url>,
    /// The folders it lies in, outermost first.
    pub folders: Vec<String>,
}

/// Reads an OPML file.
pub fn opml(bytes: &[u8]) -> Result<Vec<Subscription>, ParseError> {
    opml::read(bytes)
}
