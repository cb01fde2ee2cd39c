//! What a database must do for the store, and the store's sentences on top of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;

use super::sql::Sql;
use super::{
    ArrivalQuery, Arrived, Neighbours, Numbered, Recheck, Store, StoreError, StoryQuery, archives, arrivals, commit,
    pictures, read, schedule, subscriptions, tokens,
};
use crate::model::{
    Archive, Behind, Committed, Crowd, Entry, EntryId, Judge, Known, Lookup, MediaName, MediaOrigin, PictureFacts,
    PollRecord, Settlement, Source, SourceId, SourceState, Story, Subscription, Telling,
};

/// What a transaction writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writes {
    /// Rows that stand for themselves.
    Rows,
    /// Entries, stories or the log of changes: only one process may at a time, so that two cannot both found
    /// a story, and the numbers in the log come in the order in which they can be seen.
    Stories,
}

/// A database: how it is connected to, locked and begun anew. `work` may be called more than once, each time
/// in a transaction of which nothing stays unless `work` succeeds.
pub(super) trait Backend: std::fmt::Debug + Send + Sync {
    /// Runs `work` in one writing transaction.
    fn write<T: Send + 'static>(
        &self,
        writes: Writes,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;

    /// Runs `work` in one transaction that sees one state and writes nothing.
    fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;

    /// Runs [`schedule::void_leases`] when no other service lives on this store, and marks that one does now.
    fn void_leases_of_the_dead(&self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// See [`Store::leads`].
    fn leads(&self) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

#[async_trait]
impl<B: Backend> Store for B {
    async fn sync_sources(&self, sources: &[Source]) -> Result<(), StoreError> {
        let sources: Vec<_> = sources.iter().map(|source| (source.id.clone(), source.location.to_string())).collect();
        self.write(Writes::Stories, move |tx| schedule::sync(tx, &sources)).await
    }

    async fn claim_due(&self, now: DateTime<Utc>, lease: Duration, limit: usize) -> Result<Vec<SourceId>, StoreError> {
        self.write(Writes::Rows, move |tx| schedule::claim_due(tx, now, lease, limit)).await
    }

    async fn claim(&self, source: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<bool, StoreError> {
        let source = source.clone();
        self.write(Writes::Rows, move |tx| schedule::claim(tx, &source, now, lease)).await
    }

    async fn void_dead_leases(&self) -> Result<(), StoreError> {
        self.void_leases_of_the_dead().await
    }

    async fn leads(&self) -> Result<bool, StoreError> {
        Backend::leads(self).await
    }

    async fn release(&self, source: &SourceId, at: DateTime<Utc>, lease: Duration) -> Result<(), StoreError> {
        let source = source.clone();
        self.write(Writes::Rows, move |tx| schedule::release(tx, &source, at, lease)).await
    }

    async fn renew(&self, source: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<(), StoreError> {
        let source = source.clone();
        self.write(Writes::Rows, move |tx| schedule::renew(tx, &source, now, lease)).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(schedule::next_due).await
    }

    async fn state(&self, source: &SourceId) -> Result<SourceState, StoreError> {
        let source = source.clone();
        self.read(move |tx| schedule::state(tx, &source)).await
    }

    async fn known(&self, source: &SourceId, lookups: &[Lookup]) -> Result<Vec<Known>, StoreError> {
        let (source, lookups) = (source.clone(), lookups.to_vec());
        self.read(move |tx| read::known(tx, &source, &lookups)).await
    }

    async fn pictures(&self, urls: &[Url]) -> Result<HashMap<Url, PictureFacts>, StoreError> {
        let urls = urls.to_vec();
        self.read(move |tx| pictures::of(tx, &urls)).await
    }

    async fn pictures_due(
        &self,
        source: &SourceId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Url, PictureFacts)>, StoreError> {
        let source = source.clone();
        self.read(move |tx| pictures::due(tx, &source, now, limit)).await
    }

    async fn put_picture(&self, url: &Url, facts: &PictureFacts) -> Result<(), StoreError> {
        let (url, facts) = (url.clone(), facts.clone());
        self.write(Writes::Stories, move |tx| {
            let touched = pictures::put(tx, None, &url, &facts)?;
            commit::log(tx, &touched.into_iter().collect())
        })
        .await
    }

    async fn media_origin(&self, name: MediaName) -> Result<Option<MediaOrigin>, StoreError> {
        self.read(move |tx| pictures::origin(tx, name)).await
    }

    async fn commit(&self, record: PollRecord, judge: &Judge) -> Result<Committed, StoreError> {
        let judge = judge.clone();
        self.write(Writes::Stories, move |tx| commit::commit(tx, &record, &judge)).await
    }

    async fn stories(&self, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
        let query = query.clone();
        self.read(move |tx| read::stories(tx, &query)).await
    }

    async fn arrivals(&self, query: &ArrivalQuery) -> Result<Vec<Arrived>, StoreError> {
        let query = query.clone();
        self.read(move |tx| arrivals::arrivals(tx, &query)).await
    }

    async fn arrival_numbers(&self, query: &ArrivalQuery) -> Result<Vec<Numbered>, StoreError> {
        let query = query.clone();
        self.read(move |tx| arrivals::numbers(tx, &query)).await
    }

    async fn last_arrival(&self) -> Result<i64, StoreError> {
        self.read(archives::last_arrival).await
    }

    async fn archive(&self, slug: &str, number: Option<i64>) -> Result<Option<Archive>, StoreError> {
        let slug = slug.to_owned();
        self.read(move |tx| archives::archive(tx, &slug, number)).await
    }

    async fn add_archives(&self, slug: &str, archives: &[Archive]) -> Result<(), StoreError> {
        let (slug, archives) = (slug.to_owned(), archives.to_vec());
        self.write(Writes::Rows, move |tx| archives::add(tx, &slug, &archives)).await
    }

    async fn withdrawn(
        &self,
        sources: &BTreeSet<SourceId>,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Story, DateTime<Utc>)>, StoreError> {
        let sources = sources.clone();
        self.read(move |tx| archives::withdrawn(tx, &sources, since, limit)).await
    }

    async fn story_of(
        &self,
        entry: EntryId,
        sources: Option<&BTreeSet<SourceId>>,
    ) -> Result<Option<Story>, StoreError> {
        let sources = sources.cloned();
        self.read(move |tx| read::story_of(tx, entry, sources.as_ref())).await
    }

    async fn entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        self.read(move |tx| read::entry(tx, id)).await
    }

    async fn entry_of(&self, uri: &str) -> Result<Option<EntryId>, StoreError> {
        let uri = uri.to_owned();
        self.read(move |tx| read::entry_of(tx, &uri)).await
    }

    async fn neighbours(&self, after: i64, limit: usize) -> Result<Vec<Neighbours>, StoreError> {
        self.read(move |tx| read::neighbours(tx, after, limit)).await
    }

    async fn states(&self) -> Result<Vec<(SourceId, SourceState)>, StoreError> {
        self.read(schedule::states).await
    }

    async fn count(&self, source: &SourceId) -> Result<u64, StoreError> {
        let source = source.clone();
        self.read(move |tx| schedule::count(tx, &source)).await
    }

    async fn health(&self) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError> {
        self.read(schedule::health).await
    }

    async fn changes_after(&self, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError> {
        self.read(move |tx| read::changes_after(tx, cursor)).await
    }

    async fn withdraw(&self, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.write(Writes::Stories, move |tx| commit::withdraw(tx, entry, now)).await
    }

    async fn withdraw_story(&self, entry: EntryId, now: DateTime<Utc>) -> Result<Vec<EntryId>, StoreError> {
        self.write(Writes::Stories, move |tx| commit::withdraw_story(tx, entry, now)).await
    }

    async fn forget_pictures(&self, withdrawn: &[EntryId]) -> Result<Vec<MediaName>, StoreError> {
        let withdrawn = withdrawn.to_vec();
        self.write(Writes::Stories, move |tx| pictures::let_go(tx, &withdrawn)).await
    }

    async fn rechecks(&self, source: &SourceId, now: DateTime<Utc>, limit: usize) -> Result<Vec<Recheck>, StoreError> {
        let source = source.clone();
        self.read(move |tx| archives::rechecks(tx, &source, now, limit)).await
    }

    async fn rechecked(
        &self,
        entry: EntryId,
        next: Option<DateTime<Utc>>,
        missing: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.write(Writes::Rows, move |tx| archives::rechecked(tx, entry, next, missing)).await
    }

    async fn expire(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(Writes::Stories, move |tx| commit::expire(tx, before)).await
    }

    async fn subscribe(&self, subscription: &Subscription, told: &str) -> Result<(), StoreError> {
        let (subscription, told) = (subscription.clone(), told.to_owned());
        self.write(Writes::Rows, move |tx| subscriptions::subscribe(tx, &subscription, &told)).await
    }

    async fn unsubscribe(&self, topic: &str, callback: &str) -> Result<bool, StoreError> {
        let (topic, callback) = (topic.to_owned(), callback.to_owned());
        self.write(Writes::Rows, move |tx| subscriptions::unsubscribe(tx, &topic, &callback)).await
    }

    async fn sync_hubs(&self, hubs: &[(String, String)]) -> Result<(), StoreError> {
        let hubs = hubs.to_vec();
        self.write(Writes::Rows, move |tx| subscriptions::sync_hubs(tx, &hubs)).await
    }

    async fn crowd(&self, topic: &str, callback: &str, now: DateTime<Utc>) -> Result<Crowd, StoreError> {
        let (topic, callback) = (topic.to_owned(), callback.to_owned());
        self.read(move |tx| subscriptions::crowd(tx, &topic, &callback, now)).await
    }

    async fn behind(&self, now: DateTime<Utc>) -> Result<Vec<Behind>, StoreError> {
        self.read(move |tx| subscriptions::behind(tx, now)).await
    }

    async fn claim_tellings(
        &self,
        topic: &str,
        version: &str,
        now: DateTime<Utc>,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Telling>, StoreError> {
        let (topic, version) = (topic.to_owned(), version.to_owned());
        self.write(Writes::Rows, move |tx| subscriptions::claim(tx, &topic, &version, now, lease, limit)).await
    }

    async fn settle(&self, settled: &[Settlement]) -> Result<(), StoreError> {
        let settled = settled.to_vec();
        self.write(Writes::Rows, move |tx| subscriptions::settle(tx, &settled)).await
    }

    async fn expire_subscriptions(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(Writes::Rows, move |tx| subscriptions::expire(tx, now)).await
    }

    async fn token_uses(&self) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
        self.read(tokens::uses).await
    }

    async fn note_token_uses(&self, uses: &BTreeMap<String, DateTime<Utc>>) -> Result<(), StoreError> {
        let uses = uses.clone();
        self.write(Writes::Rows, move |tx| tokens::note(tx, &uses)).await
    }
}
