//! The same article from several places.

use chrono::{DateTime, Utc};
use url::Url;

use super::{Entry, EntryId, SourceId, StoryId};

/// The entries that are the same article.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Never changes.
    pub id: StoryId,
    /// The URI it was first published under; kept when the lead changes.
    pub uri: String,
    /// Its place in a feed: when its first entry was published; never moves.
    pub published: DateTime<Utc>,
    /// When what a reader sees of it last changed.
    pub updated: DateTime<Utc>,
    /// When its first entry came in.
    pub first_seen: DateTime<Utc>,
    /// The entry that represents it.
    pub lead: Entry,
    /// All places where it was found, the lead included, in the order of arrival.
    pub members: Vec<StoryMember>,
}

/// One place where a story was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryMember {
    /// The entry.
    pub entry: EntryId,
    /// The source.
    pub source: SourceId,
    /// The address there.
    pub url: Option<Url>,
    /// The headline there.
    pub title: String,
}

/// What a visit found out about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Not seen before.
    New,
    /// Seen before, and a reader would notice the difference.
    Revised {
        /// In words.
        why: String,
    },
    /// Seen before, and nothing a reader would notice.
    Same,
}

/// Whether two entries are one story.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The answer.
    pub same: bool,
    /// Whether they are one by id, by address or word for word; never without `same`.
    pub exact: bool,
    /// How alike the texts are, 0 to 1.
    pub likeness: f64,
    /// The reason, in words with figures, for `why`.
    pub reason: String,
}
