//! What is published: a selection of stories, without a format yet.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use regex::Regex;
use url::Url;

use super::{Enclosure, FeedId, SourceId, Story, Template, Token};

/// The compiled form of a feed's rules in feeds.toml.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The feed's name.
    pub id: FeedId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// The sources it draws on.
    pub sources: SourceSet,
    /// An entry is in when each of these matches.
    pub include: Vec<Filter>,
    /// An entry is out when any of these matches.
    pub exclude: Vec<Filter>,
    /// What counts as the same article in it.
    pub dedupe: Dedupe,
    /// What it holds at a time.
    pub bounds: Bounds,
    /// How its articles are told.
    pub wording: Wording,
    /// For which partner it is written.
    pub profile: Profile,
    /// The picture that stands for it.
    pub logo: Option<Url>,
    /// Who may read it; empty means everyone.
    pub tokens: Vec<Token>,
    /// Outside WebSub hubs that are told of its changes, besides those of the site.
    pub hubs: Vec<Url>,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
}

/// What became of a feed that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bygone {
    /// It goes by another id.
    Renamed(FeedId),
    /// It was given up.
    Retired,
}

impl Selection {
    /// A feed of everything in some sources, told in full, for everyone.
    pub fn new(id: FeedId, title: String, sources: SourceSet) -> Self {
        Self {
            id,
            title,
            description: None,
            language: None,
            sources,
            include: Vec::new(),
            exclude: Vec::new(),
            dedupe: Dedupe::default(),
            bounds: Bounds::default(),
            wording: Wording::default(),
            profile: Profile::default(),
            logo: None,
            tokens: Vec::new(),
            hubs: Vec::new(),
            noindex: false,
        }
    }

    /// Whether readers must present a token.
    pub fn is_protected(&self) -> bool {
        !self.tokens.is_empty()
    }
}

/// What counts as the same article in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dedupe {
    /// Nothing: every entry by itself.
    Off,
    /// The same id, the same address or the same words.
    Exact,
    /// Nearly the same words as well: a story is shown once.
    #[default]
    Near,
}

/// The dialect of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// RSS, Atom and JSON Feed that any reader takes.
    #[default]
    Standard,
    /// RSS with what Feedly shows.
    Feedly,
    /// RSS for MSN Partner Hub.
    Msn,
    /// A news sitemap for search portals.
    NewsSitemap,
    /// ninjs for agencies (IPTC).
    Ninjs,
    /// RSS for `SmartNews`.
    Smartnews,
    /// Atom that tells what was withdrawn (RFC 6721).
    Tombstones,
}

impl Profile {
    /// All of them by their names in feeds.toml.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("standard", Self::Standard),
        ("feedly", Self::Feedly),
        ("msn", Self::Msn),
        ("news-sitemap", Self::NewsSitemap),
        ("ninjs", Self::Ninjs),
        ("smartnews", Self::Smartnews),
        ("tombstones", Self::Tombstones),
    ];

    /// Its name in feeds.toml.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, profile)| *profile == self).map_or("standard", |(name, _)| name)
    }

    /// Whether the partner is told what was withdrawn.
    pub fn tells_withdrawals(self) -> bool {
        matches!(self, Self::Smartnews | Self::Ninjs | Self::Tombstones)
    }

    /// What a feed of this dialect holds at a time, when feeds.toml does not say less.
    pub fn bounds(self) -> Bounds {
        let (limit, max_bytes, days) = match self {
            Self::Standard | Self::Feedly | Self::Ninjs | Self::Tombstones => (Bounds::LIMIT, Bounds::BYTES, None),
            // About twenty newest articles are read, none older than a year.
            Self::Msn => (20, Bounds::BYTES, Some(365)),
            Self::Smartnews => (Bounds::LIMIT, 950_000, None),
            // At most a thousand articles of the last two days.
            Self::NewsSitemap => (1000, 50_000_000, Some(2)),
        };
        Bounds { limit, max_bytes, max_age: days.map(TimeDelta::days), ..Bounds::default() }
    }
}

/// Resolved sources of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSet(pub BTreeSet<SourceId>);

/// What a feed holds at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// At most this many entries.
    pub limit: usize,
    /// At most this many of one source.
    pub per_source: Option<usize>,
    /// At most about this many bytes in its largest form; one entry always stays.
    pub max_bytes: usize,
    /// None published longer ago.
    pub max_age: Option<TimeDelta>,
    /// Which are the newest.
    pub order: Order,
    /// Time that an entry waits after it came in.
    pub delay: TimeDelta,
    /// Time that an entry waits after its source published it.
    pub hold_back: TimeDelta,
}

impl Bounds {
    /// Entries of a feed that names no limit: what most partners read between two visits.
    pub const LIMIT: usize = 60;
    /// Validators read no more than 5 MB of a feed.
    pub const BYTES: usize = 4_500_000;
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            limit: Self::LIMIT,
            per_source: None,
            max_bytes: Self::BYTES,
            max_age: None,
            order: Order::Published,
            delay: TimeDelta::zero(),
            hold_back: TimeDelta::zero(),
        }
    }
}

/// By what a feed is ordered, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// When the source published an article.
    #[default]
    Published,
    /// When the article came in here.
    FirstSeen,
}

/// How a feed tells its articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// How much of each.
    pub amount: Amount,
    /// A line under each article that says where it is from.
    pub attribution: Option<Template>,
    /// What is added to the query of each article's address.
    pub link_query: Option<Template>,
}

/// How much of an article is published. In the order of how much it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Amount {
    /// Its headline and address.
    Headline,
    /// A summary too.
    Summary,
    /// All of it.
    #[default]
    Full,
}

/// A question about an entry.
#[derive(Debug, Clone)]
pub enum Filter {
    /// Does the headline match?
    Title(Regex),
    /// Does the text?
    Content(Regex),
    /// Does any author's name?
    Author(Regex),
    /// Does any topic?
    Category(Regex),
    /// Does the address?
    Url(Regex),
    /// Is it in one of these languages (BCP 47), of whatever region?
    Language(Vec<String>),
    /// Was it published longer ago?
    OlderThan(TimeDelta),
    /// Has it a picture (or has it none)?
    Picture(bool),
    /// Has its text at least so many characters?
    AtLeast(usize),
    /// Has its text at most so many characters?
    AtMost(usize),
}

/// What we publish, format-free: everything a renderer needs, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Its name in URLs.
    pub slug: String,
    /// Its permanent id (a `tag:` URI).
    pub uri: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Language (BCP 47).
    pub language: String,
    /// The zone that its pages tell times in.
    pub timezone: Tz,
    /// Its page for people.
    pub page_url: Url,
    /// Its address without the ending: `.rss`, `.atom`, `.json` follow.
    pub base_url: Url,
    /// WebSub hubs that tell of its changes, our own first.
    pub hubs: Vec<Url>,
    /// Mail address for readers.
    pub contact: Option<String>,
    /// The publisher's name.
    pub publisher: String,
    /// The newest change among its entries; the epoch when it has none.
    pub updated: DateTime<Utc>,
    /// How long readers may keep it, in minutes.
    pub ttl_minutes: u32,
    /// Which part of it this is.
    pub part: Part,
    /// The entries of this part, newest first.
    pub entries: Vec<FeedEntry>,
    /// A line under each article that says where it is from.
    pub attribution: Option<Template>,
    /// For which partner it is written.
    pub profile: Profile,
    /// The picture that stands for it.
    pub logo: Option<Url>,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
    /// What was withdrawn lately, the last first, for partners who are told.
    pub gone: Vec<Gone>,
    /// When it is to be made anew although nothing came in: an entry's wait or time ends. None when
    /// never.
    pub next_change: Option<DateTime<Utc>>,
}

/// An article that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The URI it was published under.
    pub uri: String,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub url: Option<Url>,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// When it was withdrawn.
    pub at: DateTime<Utc>,
}

/// A part of a feed's history, each a document of its own (RFC 5005).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The newest entries: what readers subscribe to.
    Newest {
        /// The newest archive.
        archive: Option<i64>,
        /// Whether there is a second page.
        more: bool,
    },
    /// A page of older entries; the newest are the first. It moves with each new entry.
    Page {
        /// 2 or more.
        number: usize,
        /// Whether there is a next one.
        more: bool,
    },
    /// Entries that came in between two others, for ever the same ones.
    Archive {
        /// 1 or more; greater is newer.
        number: i64,
        /// Whether an older one holds anything.
        older: bool,
        /// Whether there is a newer one.
        newer: bool,
    },
}

impl Default for Part {
    fn default() -> Self {
        Self::Newest { archive: None, more: false }
    }
}

/// An archive: which entries it holds, by their numbers of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archive {
    /// 1 or more, in the order of their making.
    pub number: i64,
    /// Only greater numbers.
    pub after: i64,
    /// The greatest number.
    pub last: i64,
}

/// One story in a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// The story.
    pub story: Story,
    /// Its page here.
    pub page_url: Url,
    /// Where readers are sent, when that is not the article's plain address.
    pub link: Option<Url>,
    /// The lead's source by name.
    pub source_title: String,
    /// The address of the lead's source (its feed or page).
    pub source_url: Option<Url>,
    /// The other places: source's name, address of the article there.
    pub also_at: Vec<(String, Option<Url>)>,
    /// The enclosures to publish, the lead picture first.
    pub enclosures: Vec<Enclosure>,
}
