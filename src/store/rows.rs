//! Rows to the model's types and back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::StoreError;
use super::sql::Row;
use crate::html::SafeHtml;
use crate::model::{Category, Enclosure, Entry, Facts, Key, KeyKind, Origin, Person, Sketch};

/// A key's hash as SQL's signed integer.
pub(super) fn hash(key: Key) -> i64 {
    i64::from_ne_bytes(key.hash.to_ne_bytes())
}

/// The key of an address, as kept.
pub(super) fn url_key(kept: Option<i64>) -> Option<Key> {
    kept.map(|hash| Key { kind: KeyKind::Url, hash: u64::from_ne_bytes(hash.to_ne_bytes()) })
}

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "id, source, native_id, uri, story, title, item_hash, content_hash, is_full_text, sketch, \
                                facts, content, published, updated, first_seen";

/// The facts that have no column of their own.
#[derive(Serialize, Deserialize)]
struct More {
    id_is_uri: bool,
    url: Option<Url>,
    canonical_url: Option<Url>,
    summary: Option<String>,
    authors: Vec<Person>,
    categories: Vec<Category>,
    language: Option<String>,
    published: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    enclosures: Vec<Enclosure>,
    rights: Option<String>,
    comments: Option<Url>,
    origin: Option<Origin>,
}

/// The facts that have no column of their own, as kept.
pub(super) fn more(facts: &Facts) -> Result<String, StoreError> {
    let facts = facts.clone();
    Ok(serde_json::to_string(&More {
        id_is_uri: facts.id_is_uri,
        url: facts.url,
        canonical_url: facts.canonical_url,
        summary: facts.summary,
        authors: facts.authors,
        categories: facts.categories,
        language: facts.language,
        published: facts.published,
        updated: facts.updated,
        enclosures: facts.enclosures,
        rights: facts.rights,
        comments: facts.comments,
        origin: facts.origin,
    })?)
}

/// The address of an entry, from its kept facts.
pub(super) fn url_of(facts: &str) -> Option<Url> {
    #[derive(Deserialize)]
    struct Only {
        #[serde(default)]
        url: Option<Url>,
    }
    // An address that is none is no reason to lose the story.
    serde_json::from_str::<Only>(facts).ok()?.url
}

/// An entry from the columns of [`ENTRY`].
pub(super) fn entry(row: &dyn Row) -> Result<Entry, StoreError> {
    let more: More = serde_json::from_str(&row.get::<String>(10)?)?;
    Ok(Entry {
        id: row.get(0)?,
        uri: row.get(3)?,
        story: row.get(4)?,
        content_hash: row.get(7)?,
        sketch: Sketch(row.get(9)?),
        published: row.get(12)?,
        updated: row.get(13)?,
        first_seen: row.get(14)?,
        facts: Facts {
            source: row.get(1)?,
            native_id: row.get(2)?,
            title: row.get(5)?,
            item_hash: row.get(6)?,
            is_full_text: row.get(8)?,
            content: SafeHtml::from_store(row.get(11)?),
            id_is_uri: more.id_is_uri,
            url: more.url,
            canonical_url: more.canonical_url,
            summary: more.summary,
            authors: more.authors,
            categories: more.categories,
            language: more.language,
            published: more.published,
            updated: more.updated,
            enclosures: more.enclosures,
            rights: more.rights,
            comments: more.comments,
            origin: more.origin,
        },
    })
}
