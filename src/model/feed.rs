//! What is published: a selection of stories, without a format yet.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use regex::Regex;
use std::collections::BTreeSet;
use url::Url;

use super::{Enclosure, FeedId, Secret, SourceId, Story};

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
    /// At most this many entries.
    pub limit: usize,
    /// An entry is in when each of these matches.
    pub include: Vec<TextFilter>,
    /// An entry is out when any of these matches.
    pub exclude: Vec<TextFilter>,
    /// Who may read it; empty means everyone.
    pub tokens: Vec<Secret>,
    /// Outside WebSub hubs that are told of its changes, besides those of the site.
    pub hubs: Vec<Url>,
}

impl Selection {
    /// Whether readers must present a token.
    pub fn is_protected(&self) -> bool {
        !self.tokens.is_empty()
    }
}

/// Resolved sources of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSet(pub BTreeSet<SourceId>);

/// A regular expression on one field of an entry.
#[derive(Debug, Clone)]
pub enum TextFilter {
    /// On the headline.
    Title(Regex),
    /// On the text.
    Content(Regex),
    /// On any author's name.
    Author(Regex),
    /// On any topic.
    Category(Regex),
    /// On the address.
    Url(Regex),
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
    /// The entries, in the order of publication, newest first.
    pub entries: Vec<FeedEntry>,
}

/// One story in a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// The story.
    pub story: Story,
    /// Its page here.
    pub page_url: Url,
    /// The lead's source by name.
    pub source_title: String,
    /// The address of the lead's source (its feed or page).
    pub source_url: Option<Url>,
    /// The other places: source's name, address of the article there.
    pub also_at: Vec<(String, Option<Url>)>,
    /// The enclosures to publish, the lead picture first.
    pub enclosures: Vec<Enclosure>,
}
