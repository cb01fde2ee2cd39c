//! What is kept. The trait speaks the service's sentences; each is written once in SQL that SQLite and
//! PostgreSQL both understand. Only this room speaks SQL.

mod archives;
mod arrivals;
mod backend;
mod checkpoint;
mod commit;
mod error;
mod join;
mod media;
mod pictures;
mod postgres;
mod read;
mod rows;
mod schedule;
mod sql;
mod sqlite;
mod subscriptions;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;

pub use error::StoreError;
pub use media::{Media, MediaError};

use crate::model::{
    Archive, Behind, Committed, Crowd, Dedupe, Entry, EntryId, Judge, Known, Lookup, MediaName, MediaOrigin,
    PictureFacts, PollRecord, Settlement, Source, SourceId, SourceState, Story, StoryId, Subscription, Telling,
};

/// A stretch of stories, newest first by place (published, then id).
#[derive(Debug, Clone, PartialEq)]
pub struct StoryQuery {
    /// Stories with a member in one of these sources.
    pub sources: BTreeSet<SourceId>,
    /// Only stories after this place in the order (for paging); None starts at the newest.
    pub before: Option<(DateTime<Utc>, StoryId)>,
    /// At most this many.
    pub limit: usize,
    /// What counts as one article. Where it is not [`Dedupe::Near`] a story is split: each part has its first
    /// entry's URI and place.
    pub dedupe: Dedupe,
}

/// An entry with the earlier ones that share a key with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    /// Its number in the order of arrival; the cursor of the next call.
    pub number: i64,
    /// The entry.
    pub entry: Entry,
    /// Earlier entries, as many as a new entry would be compared with.
    pub earlier: Vec<Entry>,
}

/// A stretch of stories in the order in which they came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalQuery {
    /// Stories with a member in one of these sources.
    pub sources: BTreeSet<SourceId>,
    /// What counts as one article.
    pub dedupe: Dedupe,
    /// Which numbers.
    pub span: Span,
    /// Whether stories are told once more under the number of their last change.
    pub with_changes: bool,
    /// At most this many.
    pub limit: usize,
}

/// A span of the numbers that entries have by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Only greater numbers.
    pub after: i64,
    /// Only smaller numbers.
    pub before: i64,
    /// Whether the greatest come first.
    pub newest_first: bool,
}

impl Span {
    /// All numbers before one.
    pub fn before(number: i64) -> Self {
        Self { after: 0, before: number, newest_first: false }
    }
}

/// A story with its number by arrival among the sources that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived {
    /// The number.
    pub number: i64,
    /// The story.
    pub story: Story,
}

/// An entry whose page is to be asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recheck {
    /// The entry.
    pub entry: EntryId,
    /// Its page.
    pub url: Url,
    /// When it came in.
    pub first_seen: DateTime<Utc>,
    /// Since when its page is missing.
    pub missing: Option<DateTime<Utc>>,
}

/// The number of a story by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    /// The number.
    pub number: i64,
    /// The story.
    pub story: StoryId,
    /// Whether it is the number of a change of a story that came in before.
    pub is_change: bool,
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

    /// Voids the leases of processes that died in the middle of a visit. Called once, by a service that
    /// starts; the leases of processes that live stay.
    async fn void_dead_leases(&self) -> Result<(), StoreError>;

    /// Whether this service is the one that tells subscribers, of those that share the store. Who leads does so
    /// until it dies; then another one does. Asked by a service that voided dead leases before.
    async fn leads(&self) -> Result<bool, StoreError>;

    /// Ends the lease that a claim at `at` gave, unless it was renewed or another one followed.
    async fn release(&self, source: &SourceId, at: DateTime<Utc>, lease: Duration) -> Result<(), StoreError>;

    /// Renews the lease of a source unless it ended.
    async fn renew(&self, source: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<(), StoreError>;

    /// When the next active source becomes due; for one that is leased, when its lease ends. None when there is
    /// none.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// What is remembered of a source; the default for an unknown one.
    async fn state(&self, source: &SourceId) -> Result<SourceState, StoreError>;

    /// The entries of `source` that have one of these ids, addresses or texts.
    async fn known(&self, source: &SourceId, lookups: &[Lookup]) -> Result<Vec<Known>, StoreError>;

    /// What is known of these pictures.
    async fn pictures(&self, urls: &[Url]) -> Result<HashMap<Url, PictureFacts>, StoreError>;

    /// Up to `limit` pictures of a source that are to be looked at again, the longest due first.
    async fn pictures_due(
        &self,
        source: &SourceId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Url, PictureFacts)>, StoreError>;

    /// Writes what was learnt of one picture outside of a visit. Its source counts as touched when a
    /// reader sees a difference.
    async fn put_picture(&self, url: &Url, facts: &PictureFacts) -> Result<(), StoreError>;

    /// Where a kept file is from; None when no such file was ever kept.
    async fn media_origin(&self, name: MediaName) -> Result<Option<MediaOrigin>, StoreError>;

    /// Writes a visit: the source's state (its lease ends), the arrivals with their stories, the
    /// pictures, and the list of touched sources for `changes_after`. `judge` decides about stories
    /// inside the transaction, so that two sources polled at once cannot both found one.
    async fn commit(&self, record: PollRecord, judge: &Judge) -> Result<Committed, StoreError>;

    /// A stretch of stories without withdrawn entries, their pictures as they were found to be, as those see them who may see the query's
    /// sources only: an entry of these leads, and no other place is named.
    async fn stories(&self, query: &StoryQuery) -> Result<Vec<Story>, StoreError>;

    /// The same in the order of arrival.
    async fn arrivals(&self, query: &ArrivalQuery) -> Result<Vec<Arrived>, StoreError>;

    /// The numbers and ids of these stories alone, withdrawn ones included.
    async fn arrival_numbers(&self, query: &ArrivalQuery) -> Result<Vec<Numbered>, StoreError>;

    /// The greatest number of an entry; 0 when there is none. The next entry's is greater.
    async fn last_arrival(&self) -> Result<i64, StoreError>;

    /// An archive of the feed of this name in URLs; the newest without a number.
    async fn archive(&self, slug: &str, number: Option<i64>) -> Result<Option<Archive>, StoreError>;

    /// Adds archives of a feed; those that another process added meanwhile stay as they are.
    async fn add_archives(&self, slug: &str, archives: &[Archive]) -> Result<(), StoreError>;

    /// Stories of these sources of which nothing is left, withdrawn since a time, the last first, as they
    /// were.
    async fn withdrawn(
        &self,
        sources: &BTreeSet<SourceId>,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Story, DateTime<Utc>)>, StoreError>;

    /// The story that an entry belongs to, as those see it who may see `sources` only, or with all its
    /// places when None; None when it is unknown, withdrawn or not theirs.
    async fn story_of(&self, entry: EntryId, sources: Option<&BTreeSet<SourceId>>)
    -> Result<Option<Story>, StoreError>;

    /// One entry, withdrawn or not.
    async fn entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// The entry that was published under a URI, withdrawn or not.
    async fn entry_of(&self, uri: &str) -> Result<Option<EntryId>, StoreError>;

    /// Entries that arrived after the cursor (0 is before all), in the order of arrival, each with the earlier
    /// ones it would be compared with: for asking what another judge would say.
    async fn neighbours(&self, after: i64, limit: usize) -> Result<Vec<Neighbours>, StoreError>;

    /// The state of every active source, by id.
    async fn states(&self) -> Result<Vec<(SourceId, SourceState)>, StoreError>;

    /// The number of a source's entries.
    async fn count(&self, source: &SourceId) -> Result<u64, StoreError>;

    /// The state of every active source with the number of its entries, by id. It counts all, which takes
    /// the longer the more there are.
    async fn health(&self) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError>;

    /// Sources touched by commits after `cursor`, with the cursor for the next call. Cursor 0 is
    /// before everything. Made by any process on this store.
    async fn changes_after(&self, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError>;

    /// Takes an entry out of everything published, as its source did; copies elsewhere stay. False when
    /// unknown. It stays known, so that the next visit does not bring it back.
    async fn withdraw(&self, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Takes the article of an entry out of everything published, with all its copies, also those that are
    /// still to come. Returns the entries; none when it is unknown.
    async fn withdraw_story(&self, entry: EntryId, now: DateTime<Utc>) -> Result<Vec<EntryId>, StoreError>;

    /// Forgets the pictures that only withdrawn entries name, of those that these name. Returns the names of their
    /// copies, which may go.
    async fn forget_pictures(&self, withdrawn: &[EntryId]) -> Result<Vec<MediaName>, StoreError>;

    /// Up to `limit` entries of a source whose pages are due to be asked for, the longest due first.
    async fn rechecks(&self, source: &SourceId, now: DateTime<Utc>, limit: usize) -> Result<Vec<Recheck>, StoreError>;

    /// Writes that an entry's page was asked for: when it is next, and since when it is missing.
    async fn rechecked(
        &self,
        entry: EntryId,
        next: Option<DateTime<Utc>>,
        missing: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError>;

    /// Deletes entries published and last seen before this, once all entries of their story are; says how many.
    async fn expire(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Writes a verified subscription. A new one counts as told of the version `told`; a known one gets
    /// the new secret, token and end, and what it was told stays.
    async fn subscribe(&self, subscription: &Subscription, told: &str) -> Result<(), StoreError>;

    /// Ends a subscription to content; false when there was none.
    async fn unsubscribe(&self, topic: &str, callback: &str) -> Result<bool, StoreError>;

    /// Makes the outside hubs that are told exactly these: paths of topics and addresses of hubs. A new
    /// one counts as told of nothing.
    async fn sync_hubs(&self, hubs: &[(String, String)]) -> Result<(), StoreError>;

    /// How many subscriptions to content there are.
    async fn crowd(&self, topic: &str, callback: &str, now: DateTime<Utc>) -> Result<Crowd, StoreError>;

    /// The versions that subscriptions were last told of, by topic.
    async fn behind(&self, now: DateTime<Utc>) -> Result<Vec<Behind>, StoreError>;

    /// Takes up to `limit` subscriptions to a topic that are due and were not told of this version, the
    /// longest due first. No other process takes them during `lease`.
    async fn claim_tellings(
        &self,
        topic: &str,
        version: &str,
        now: DateTime<Utc>,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Telling>, StoreError>;

    /// Writes what became of tellings.
    async fn settle(&self, settled: &[Settlement]) -> Result<(), StoreError>;

    /// Ends the subscriptions whose time is over; says how many.
    async fn expire_subscriptions(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// When each token, by its digest, was last used.
    async fn token_uses(&self) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError>;

    /// Tokens, by their digests, were used.
    async fn note_token_uses(&self, uses: &BTreeMap<String, DateTime<Utc>>) -> Result<(), StoreError>;
}

/// Opens the store that `url` names (`sqlite:<file>` or `postgres://…`), making and migrating it as needed.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    if let Some(file) = url.strip_prefix("sqlite:").filter(|file| !file.is_empty()) {
        let file = PathBuf::from(file);
        let opened = tokio::task::spawn_blocking(move || sqlite::Sqlite::open(&file)).await;
        return Ok(Arc::new(opened.map_err(|_| StoreError::Stopped)??));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let address = postgres::Address::parse(url)?;
        let opened = tokio::task::spawn_blocking(move || postgres::Postgres::open(address)).await;
        return Ok(Arc::new(opened.map_err(|_| StoreError::Stopped)??));
    }
    Err(StoreError::UnknownKind)
}

/// What is wrong with the URL of a store, as far as it can be said without opening it.
pub fn check(url: &str) -> Result<(), StoreError> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        postgres::Address::parse(url)?;
    }
    Ok(())
}
