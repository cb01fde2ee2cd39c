//! What is kept: one article of one source, every field already true.

use chrono::{DateTime, Utc};
use url::Url;

use super::{Category, Enclosure, EntryId, Person, SourceId, StoryId};
use crate::html::SafeHtml;

/// An article, cleaned, of which it is not yet known whether it is new. Made by `clean`.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The source it came from.
    pub source: SourceId,
    /// The source's own id for it, as written; when it has none, one derived from address or text
    /// that is the same at the next visit.
    pub native_id: String,
    /// Whether `native_id` came from the source, and is a URI that can be published as it is.
    pub id_is_uri: bool,
    /// Its address, without tracking parameters.
    pub url: Option<Url>,
    /// The address the article's page names as its own.
    pub canonical_url: Option<Url>,
    /// Headline: plain text, never empty.
    pub title: String,
    /// Summary: plain text, not a copy of the content.
    pub summary: Option<String>,
    /// Full text.
    pub content: SafeHtml,
    /// Whether `content` is the whole article, as far as can be told.
    pub is_full_text: bool,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Topics.
    pub categories: Vec<Category>,
    /// Language (BCP 47).
    pub language: Option<String>,
    /// When the source says it was published: never in the future, None when it does not say.
    pub published: Option<DateTime<Utc>>,
    /// When the source says it last changed; never in the future.
    pub updated: Option<DateTime<Utc>>,
    /// Media files, the lead picture first.
    pub enclosures: Vec<Enclosure>,
    /// Rights; plain text.
    pub rights: Option<String>,
    /// Where it is discussed.
    pub comments: Option<Url>,
    /// The feed the source itself took it from.
    pub origin: Option<Origin>,
    /// Digest of the item as the source gave it; equal means that nothing is to be done.
    pub item_hash: String,
}

impl Facts {
    /// An article of which nothing is known but its source, its id there and its headline.
    pub fn bare(source: SourceId, native_id: String, title: String) -> Self {
        Self {
            source,
            native_id,
            title,
            id_is_uri: false,
            url: None,
            canonical_url: None,
            summary: None,
            content: SafeHtml::default(),
            is_full_text: false,
            authors: Vec::new(),
            categories: Vec::new(),
            language: None,
            published: None,
            updated: None,
            enclosures: Vec::new(),
            rights: None,
            comments: None,
            origin: None,
            item_hash: String::new(),
        }
    }
}

/// A feed that an entry was taken from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// Its title.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<Url>,
}

/// One article of one source, as kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Never changes.
    pub id: EntryId,
    /// The URI under which it is published (atom:id, guid) when it leads; set once.
    pub uri: String,
    /// The story it belongs to.
    pub story: StoryId,
    /// What it says; its `enclosures` were looked at.
    pub facts: Facts,
    /// When the source says it was published, else when it was first seen; never moves.
    pub published: DateTime<Utc>,
    /// When it last really changed.
    pub updated: DateTime<Utc>,
    /// When it came in.
    pub first_seen: DateTime<Utc>,
    /// Digest of what a reader sees (title, text, pictures).
    pub content_hash: String,
    /// For finding the same article elsewhere.
    pub sketch: Sketch,
}

/// A similarity sketch of a text: the first byte names the scheme, equal schemes are comparable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch(pub Vec<u8>);

/// Something by which the same article can be looked up. Entries that share a key are candidates
/// for one story; whether they are one is decided by looking at both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What it was made of.
    pub kind: KeyKind,
    /// Its digest.
    pub hash: u64,
}

/// What a key was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum KeyKind {
    /// A globally unique id that the source gave.
    Uri = 1,
    /// The canonical form of an address.
    Url = 2,
    /// The normalised text.
    Text = 3,
    /// A band of the similarity sketch.
    Band = 4,
    /// The normalised headline.
    Title = 5,
}

impl KeyKind {
    /// The kind with this number, as the store keeps it.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Uri, Self::Url, Self::Text, Self::Band, Self::Title].into_iter().find(|kind| *kind as i64 == number)
    }
}

/// How an item is looked up among the entries of its own source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// As in [`Facts::native_id`].
    pub native_id: String,
    /// Key of its address.
    pub url: Option<Key>,
    /// Key of its text, where entries are to be found by that.
    pub text: Option<Key>,
}

/// What the store knows of an entry that an item may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The entry.
    pub id: EntryId,
    /// As in [`Facts::native_id`].
    pub native_id: String,
    /// Key of its address.
    pub url: Option<Key>,
    /// Key of its text, when it was found by that.
    pub text: Option<Key>,
    /// Headline.
    pub title: String,
    /// As in [`Facts::item_hash`].
    pub item_hash: String,
    /// As in [`Entry::content_hash`].
    pub content_hash: String,
    /// As in [`Entry::published`].
    pub published: DateTime<Utc>,
    /// As in [`Entry::updated`].
    pub updated: DateTime<Utc>,
    /// As in [`Entry::first_seen`].
    pub first_seen: DateTime<Utc>,
    /// Whether the kept text is the whole article.
    pub is_full_text: bool,
}

/// An entry as `dedup` hands it to the store: new, or the next version of a known one. The store
/// adds the story, found by `keys` among all entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Its id: a new one, or the known entry's.
    pub id: EntryId,
    /// The URI it would be published under; the store takes one derived from `id` when another
    /// entry has it already. Ignored for a known entry.
    pub uri: String,
    /// What it says.
    pub facts: Facts,
    /// See [`Entry::published`].
    pub published: DateTime<Utc>,
    /// See [`Entry::updated`].
    pub updated: DateTime<Utc>,
    /// See [`Entry::first_seen`].
    pub first_seen: DateTime<Utc>,
    /// See [`Entry::content_hash`].
    pub content_hash: String,
    /// See [`Entry::sketch`].
    pub sketch: Sketch,
    /// By what the same article may be found elsewhere.
    pub keys: Vec<Key>,
}
