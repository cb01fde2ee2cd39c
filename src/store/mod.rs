//! What is kept. The trait speaks the service's sentences; SQLite answers them here, PostgreSQL
//! will too. Only this room speaks SQL.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;

use crate::model::{
    Committed, Entry, EntryId, Judge, Known, Lookup, PictureFacts, PollRecord, Source, SourceId, SourceState, Story,
    StoryId,
};

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no known kind of store.
    #[error("{0:?} is no store: write sqlite:<file>")]
    UnknownKind(String),
}

/// A stretch of stories, newest first by place (published, then id).
#[derive(Debug, Clone, PartialEq)]
pub struct StoryQuery {
    /// Stories with a member in one of these sources.
    pub sources: BTreeSet<SourceId>,
    /// Only stories after this place in the order (for paging); None starts at the newest.
    pub before: Option<(DateTime<Utc>, StoryId)>,
    /// At most this many.
    pub limit: usize,
}

/// The store. Every method is one transaction; an error means that nothing of it was written.
/// `Arc<dyn Store>` is shared by everything that runs.
#[async_trait]
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Makes the store know exactly these sources as active. Others keep their entries but are no
    /// longer visited or shown in status. A source whose location changed starts anew
    /// (validators and schedule are void), its entries stay.
    async fn sync_sources(&self, sources: &[Source]) -> Result<(), StoreError>;

    /// Takes up to `limit` active sources that are due at `now` and not leased, the longest due
    /// first, and leases them for `lease`, so that no other process visits them meanwhile.
    async fn claim_due(&self, now: DateTime<Utc>, lease: Duration, limit: usize) -> Result<Vec<SourceId>, StoreError>;

    /// Leases one source whether due or not; false when another process holds it.
    async fn claim(&self, source: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<bool, StoreError>;

    /// When the next active source becomes due; None when there is no source.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// What is remembered of a source; the default for an unknown one.
    async fn state(&self, source: &SourceId) -> Result<SourceState, StoreError>;

    /// The entries of `source` that have one of these ids or addresses.
    async fn known(&self, source: &SourceId, lookups: &[Lookup]) -> Result<Vec<Known>, StoreError>;

    /// What is known of these pictures.
    async fn pictures(&self, urls: &[Url]) -> Result<HashMap<Url, PictureFacts>, StoreError>;

    /// Writes a visit: the source's state (its lease ends), the arrivals with their stories, the
    /// pictures, and the list of touched sources for `changes_after`. `judge` decides about stories
    /// inside the transaction, so that two sources polled at once cannot both found one.
    async fn commit(&self, record: PollRecord, judge: &Judge) -> Result<Committed, StoreError>;

    /// A stretch of stories without withdrawn entries.
    async fn stories(&self, query: &StoryQuery) -> Result<Vec<Story>, StoreError>;

    /// The story that an entry belongs to, by the entry's id; None when unknown or withdrawn.
    async fn story_of(&self, entry: EntryId) -> Result<Option<Story>, StoreError>;

    /// One entry, withdrawn or not.
    async fn entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// The state of every active source with the number of its entries, by id.
    async fn health(&self) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError>;

    /// Sources touched by commits after `cursor`, with the cursor for the next call. Cursor 0 is
    /// before everything. Made by any process on this store.
    async fn changes_after(&self, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError>;

    /// Takes an entry out of everything published; false when unknown. It stays known, so that the
    /// next visit does not bring it back.
    async fn withdraw(&self, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Deletes entries published and last seen before this; says how many.
    async fn expire(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}

/// Opens the store that `url` names (`sqlite:<file>`), making and migrating it as needed.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Err(StoreError::UnknownKind(url.to_owned()))
}
