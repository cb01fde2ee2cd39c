//! What a source says: the result of reading a document, before anything is believed or cleaned.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// A document that was read. `repairs` is empty when it was well formed.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The dialect.
    pub format: Format,
    /// The encoding it was read in, by its WHATWG name in lower case.
    pub encoding: String,
    /// What is said of the whole.
    pub channel: Channel,
    /// The articles, in document order.
    pub items: Vec<Item>,
    /// What had to be mended to read it.
    pub repairs: Vec<Repair>,
}

/// The dialect of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Netscape's RSS 0.90 (RDF).
    Rss090,
    /// RSS 0.91, Netscape's or UserLand's.
    Rss091,
    /// RSS 0.92, and 0.93 and 0.94, which were never finished.
    Rss092,
    /// RSS 1.0 (RDF).
    Rss10,
    /// RSS 2.0.
    Rss20,
    /// Atom 0.3.
    Atom03,
    /// Atom 1.0 (RFC 4287).
    Atom10,
    /// Microsoft's Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0.
    Json10,
    /// JSON Feed 1.1.
    Json11,
    /// A sitemap; its articles are links with dates.
    Sitemap,
    /// An index of sitemaps; its "articles" are the sitemaps.
    SitemapIndex,
    /// A page that links to articles.
    Page,
    /// A single article.
    Article,
}

impl Format {
    /// The name that `inspect` prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss090 => "rss-0.90",
            Self::Rss091 => "rss-0.91",
            Self::Rss092 => "rss-0.92",
            Self::Rss10 => "rss-1.0",
            Self::Rss20 => "rss-2.0",
            Self::Atom03 => "atom-0.3",
            Self::Atom10 => "atom-1.0",
            Self::Cdf => "cdf",
            Self::Json10 => "json-1.0",
            Self::Json11 => "json-1.1",
            Self::Sitemap | Self::SitemapIndex => "sitemap",
            Self::Page => "page",
            Self::Article => "article",
        }
    }
}

/// Something that was wrong with a document and was mended, in words for the admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub what: String,
}

impl Repair {
    /// A repair in words.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// How a text is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextKind {
    /// Characters that stand for themselves.
    Plain,
    /// HTML, unescaped, as untrusted as it came.
    Html,
    /// The document does not say (RSS): HTML when it looks like it.
    #[default]
    Unknown,
}

/// A text as the source wrote it, XML escaping undone once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The characters.
    pub value: String,
    /// What they are.
    pub kind: TextKind,
    /// What relative addresses in it are relative to (`xml:base` with inheritance), when stated.
    pub base: Option<std::sync::Arc<str>>,
}

impl Text {
    /// A text that stands for itself.
    pub fn plain(value: impl Into<String>) -> Self {
        Self { value: value.into(), kind: TextKind::Plain, base: None }
    }

    /// Untrusted HTML.
    pub fn html(value: impl Into<String>) -> Self {
        Self { value: value.into(), kind: TextKind::Html, base: None }
    }
}

/// What a document says of the whole. Addresses are absolute where a base was known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Channel {
    /// Its id (atom:id, channel guid).
    pub id: Option<String>,
    /// Its title.
    pub title: Option<Text>,
    /// Its subtitle or description.
    pub description: Option<Text>,
    /// The page it belongs to.
    pub home_page_url: Option<String>,
    /// Its own address, as it says.
    pub feed_url: Option<String>,
    /// Where it continues (RFC 5005 `next`, JSON Feed `next_url`).
    pub next_url: Option<String>,
    /// A picture for it.
    pub icon: Option<String>,
    /// Its language, as written.
    pub language: Option<String>,
    /// Who writes it.
    pub authors: Vec<Person>,
    /// Where changes are pushed from.
    pub hubs: Vec<Hub>,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
    /// When it last changed.
    pub updated: Option<DateTime<FixedOffset>>,
    /// Rights.
    pub rights: Option<Text>,
    /// The program that made it.
    pub generator: Option<String>,
    /// How long it may be kept, in minutes (`ttl`, or from `sy:updatePeriod`).
    pub ttl_minutes: Option<u32>,
    /// Hours of the day, GMT, in which it need not be asked.
    pub skip_hours: Vec<u8>,
    /// Topics.
    pub categories: Vec<Category>,
}

/// A place that pushes changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// The protocol: `WebSub`, `rssCloud`.
    pub kind: String,
    /// Its address.
    pub url: String,
}

/// One article as the source states it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// The id it gives (guid, atom:id, rdf:about, JSON Feed id), as written.
    pub id: Option<String>,
    /// Whether the source says that the id is the article's address; None when it does not say.
    pub id_is_permalink: Option<bool>,
    /// The article's address.
    pub url: Option<String>,
    /// The page the article is about, when it is a link post.
    pub external_url: Option<String>,
    /// Headline.
    pub title: Option<Text>,
    /// Full text.
    pub content: Option<Text>,
    /// Summary; for RSS the description, which may be the full text.
    pub summary: Option<Text>,
    /// The picture it is shown with.
    pub image: Option<String>,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
    /// When it last changed.
    pub updated: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Topics.
    pub categories: Vec<Category>,
    /// Its language, as written (`xml:lang` with inheritance).
    pub language: Option<String>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// Where it is discussed.
    pub comments: Option<String>,
    /// Rights.
    pub rights: Option<Text>,
    /// The feed it was taken from, when it says so.
    pub source: Option<ItemSource>,
}

/// Someone named as author.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Page.
    pub url: Option<String>,
}

impl Person {
    /// Someone known only by name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Category {
    /// The topic.
    pub term: String,
    /// The list it is from.
    pub scheme: Option<String>,
    /// How it is shown.
    pub label: Option<String>,
}

impl Category {
    /// A topic without scheme or label.
    pub fn new(term: impl Into<String>) -> Self {
        Self { term: term.into(), ..Self::default() }
    }
}

/// A file that goes with an article, as the source describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attachment {
    /// Its address.
    pub url: String,
    /// Its media type, as stated.
    pub mime_type: Option<String>,
    /// `image`, `audio`, `video`, `document`, `executable` (Media RSS).
    pub medium: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Its size in bytes, as stated.
    pub size: Option<u64>,
    /// Length in seconds.
    pub duration: Option<f64>,
    /// Width in pixels, as stated.
    pub width: Option<u32>,
    /// Height in pixels, as stated.
    pub height: Option<u32>,
    /// What it shows.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Whether it only stands for another one in a small size.
    pub thumbnail: bool,
}

/// The feed an item was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemSource {
    /// Its title.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
}
