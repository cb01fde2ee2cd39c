//! The SQLite store: one file, write-ahead log, one writing connection and a few reading ones.
//!
//! `synchronous = FULL` makes a commit survive the loss of power and not only of the process; one
//! commit a visit keeps that cheap.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tokio::sync::Semaphore;
use url::Url;

use super::{
    ArrivalQuery, Arrived, Neighbours, Numbered, Store, StoreError, StoryQuery, archives, arrivals, commit, pictures,
    read, schedule, subscriptions,
};
use crate::model::{
    Archive, Behind, Committed, Crowd, Entry, EntryId, Judge, Known, Lookup, MediaName, MediaOrigin, PictureFacts,
    PollRecord, Settlement, Source, SourceId, SourceState, Story, Subscription, Telling,
};

/// Reading connections: more would only wait for the two or four cores of a small machine.
const READERS: usize = 4;
/// How long to wait for another process that holds the file.
const BUSY: Duration = Duration::from_secs(30);

/// The version of the schema that this program makes: the number of [`MIGRATIONS`].
const MIGRATIONS: [&str; 6] = [
    include_str!("migrations/0001_start.sqlite.sql"),
    include_str!("migrations/0002_dedupe.sqlite.sql"),
    include_str!("migrations/0003_arrivals.sqlite.sql"),
    include_str!("migrations/0004_pictures.sqlite.sql"),
    include_str!("migrations/0005_archives.sqlite.sql"),
    include_str!("migrations/0006_subscriptions.sqlite.sql"),
];

/// A SQLite file.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    writer: Arc<Mutex<Connection>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free_readers: Semaphore,
    /// Held by the one service on this file, so that the next one knows that it is the first again.
    service: Mutex<Option<std::fs::File>>,
}

impl Sqlite {
    /// Opens a file, making and migrating it as needed.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|cause| StoreError::Folder { path: folder.to_path_buf(), cause })?;
        }
        let fault = |cause| StoreError::of(path, cause);
        let mut writer =
            connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).map_err(fault)?;
        migrate(&mut writer, path)?;
        let readers = (0..READERS)
            .map(|_| connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE))
            .collect::<Result<Vec<_>, _>>()
            .map_err(fault)?;
        Ok(Self {
            path: path.to_path_buf(),
            writer: Arc::new(Mutex::new(writer)),
            readers: Arc::new(Mutex::new(readers)),
            free_readers: Semaphore::new(READERS),
            service: Mutex::new(None),
        })
    }

    /// Runs `work` in one writing transaction.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = Arc::clone(&self.writer);
        self.blocking(move || {
            // A panic in an earlier transaction rolled it back; the connection is as good as before.
            let mut connection = writer.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
        .await
    }

    /// Runs `work` on a reading connection, in one transaction, so that it sees one state.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.free_readers.acquire().await.map_err(|_| StoreError::Stopped)?;
        let readers = Arc::clone(&self.readers);
        self.blocking(move || {
            let taken = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = taken.ok_or(StoreError::Stopped)?;
            let outcome = (|| {
                let transaction = connection.transaction()?;
                work(&transaction)
            })();
            readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            outcome
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let outcome = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Stopped)?;
        outcome.map_err(|error| error.at(&self.path))
    }
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Brings the file to the present schema, each step in a transaction of its own.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let fault = |cause| StoreError::of(path, cause);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    let have: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if have > newest {
        return Err(StoreError::Newer { path: path.to_path_buf(), have, newest });
    }
    for (number, migration) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > have) {
        transaction.execute_batch(migration).map_err(fault)?;
        transaction.pragma_update(None, "user_version", number).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

#[async_trait]
impl Store for Sqlite {
    async fn sync_sources(&self, sources: &[Source]) -> Result<(), StoreError> {
        let sources: Vec<_> = sources.iter().map(|source| (source.id.clone(), source.location.to_string())).collect();
        self.write(move |tx| schedule::sync(tx, &sources)).await
    }

    async fn claim_due(&self, now: DateTime<Utc>, lease: Duration, limit: usize) -> Result<Vec<SourceId>, StoreError> {
        self.write(move |tx| schedule::claim_due(tx, now, lease, limit)).await
    }

    async fn claim(&self, source: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<bool, StoreError> {
        let source = source.clone();
        self.write(move |tx| schedule::claim(tx, &source, now, lease)).await
    }

    async fn void_dead_leases(&self) -> Result<(), StoreError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".service");
        let path = PathBuf::from(name);
        let fault = |cause| StoreError::Folder { path: path.clone(), cause };
        let file = std::fs::File::create(&path).map_err(fault)?;
        // The system lets go of the lock when its holder dies, however it dies.
        if file.try_lock().is_err() {
            return Ok(());
        }
        *self.service.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        self.write(|tx| {
            tx.execute("UPDATE source SET leased_until = 0", [])?;
            tx.execute("UPDATE subscription SET due = 0 WHERE attempts = 0", [])?;
            Ok(())
        })
        .await
    }

    async fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(move |tx| schedule::next_due(tx, now)).await
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
        self.read(move |tx| pictures::of(tx, urls)).await
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
        self.write(move |tx| {
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
        self.write(move |tx| commit::commit(tx, &record, &judge)).await
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
        self.write(move |tx| archives::add(tx, &slug, &archives)).await
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

    async fn neighbours(&self, after: i64, limit: usize) -> Result<Vec<Neighbours>, StoreError> {
        self.read(move |tx| read::neighbours(tx, after, limit)).await
    }

    async fn health(&self) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError> {
        self.read(schedule::health).await
    }

    async fn changes_after(&self, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError> {
        self.read(move |tx| read::changes_after(tx, cursor)).await
    }

    async fn withdraw(&self, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.write(move |tx| commit::withdraw(tx, entry, now)).await
    }

    async fn expire(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |tx| commit::expire(tx, before)).await
    }
    async fn subscribe(&self, subscription: &Subscription, told: &str) -> Result<(), StoreError> {
        let (subscription, told) = (subscription.clone(), told.to_owned());
        self.write(move |tx| subscriptions::subscribe(tx, &subscription, &told)).await
    }

    async fn unsubscribe(&self, topic: &str, callback: &str) -> Result<bool, StoreError> {
        let (topic, callback) = (topic.to_owned(), callback.to_owned());
        self.write(move |tx| subscriptions::unsubscribe(tx, &topic, &callback)).await
    }

    async fn sync_hubs(&self, hubs: &[(String, String)]) -> Result<(), StoreError> {
        let hubs = hubs.to_vec();
        self.write(move |tx| subscriptions::sync_hubs(tx, &hubs)).await
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
        self.write(move |tx| subscriptions::claim(tx, &topic, &version, now, lease, limit)).await
    }

    async fn settle(&self, settled: &[Settlement]) -> Result<(), StoreError> {
        let settled = settled.to_vec();
        self.write(move |tx| subscriptions::settle(tx, &settled)).await
    }

    async fn expire_subscriptions(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |tx| subscriptions::expire(tx, now)).await
    }
}
