//! The PostgreSQL store: one database that several machines may share.
//!
//! Sources and tellings are claimed with leases in rows (`FOR UPDATE SKIP LOCKED`). Who writes stories holds an
//! advisory lock until its transaction ends, so that what is said of one SQLite writer holds for all machines:
//! each sees all that was judged before, and the log of changes can be read by its numbers.

mod address;
mod link;
mod values;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tracing::{info, warn};

pub(super) use address::Address;
use link::Link;

use super::backend::{Backend, Writes};
use super::sql::{Sql, values};
use super::{StoreError, schedule};

/// Connections at once. Servers allow a hundred in all unless told otherwise.
const LINKS: usize = 8;
/// For how long a visit that cannot be stored is held on to: its source stays leased for longer.
const PATIENCE: Duration = Duration::from_secs(90);
/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(1);
/// Transactions that were in another one's way are made again at once, so often.
const COLLISIONS: u32 = 5;

/// The advisory locks, beside the word "news" that keeps them apart from other programs'.
const LOCKS: i32 = 0x6e65_7773;
const MIGRATING: i32 = 1;
const STORIES: i32 = 2;
const SERVICE: i32 = 3;
const LEADING: i32 = 4;

/// The oldest server that has all that is used.
const OLDEST: i64 = 12;

/// The steps to the present schema, each with the version that it comes to. They are numbered as those of SQLite.
const MIGRATIONS: [(i64, &str); 3] = [
    (7, include_str!("../migrations/0007_start.postgres.sql")),
    (8, include_str!("../migrations/0008_withdrawals.postgres.sql")),
    (9, include_str!("../migrations/0009_token_uses.postgres.sql")),
];

/// A PostgreSQL database.
#[derive(Debug)]
pub(super) struct Postgres(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    address: Address,
    free: Mutex<Vec<Link>>,
    turns: Semaphore,
    /// Who of this process writes stories: the others wait here, and not with a connection each.
    stories: tokio::sync::Mutex<()>,
    /// The mark of a service, for as long as it lives.
    service: Mutex<Option<Mark>>,
}

/// The advisory locks by which services know of each other. The server lets go of them when their connection
/// ends, however it ends.
#[derive(Debug)]
struct Mark {
    link: Link,
    /// Whether this service is the one that leads.
    leads: bool,
}

impl Mark {
    /// Joins those that live.
    fn joined(link: Link) -> Result<Self, StoreError> {
        link.batch(&format!("SELECT pg_advisory_lock_shared({LOCKS}, {SERVICE})"))?;
        Ok(Self { link, leads: false })
    }

    /// Takes a lock if nobody has it.
    fn takes(&self, lock: i32) -> Result<bool, StoreError> {
        let link: &dyn Sql = &self.link;
        link.one(&format!("SELECT pg_try_advisory_lock({LOCKS}, {lock})"), &[], |row| row.get(0))
    }
}

/// Of whom a transaction keeps out, and what it may do.
fn begin(writes: Option<Writes>) -> String {
    match writes {
        None => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
        Some(Writes::Rows) => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE".to_owned(),
        Some(Writes::Stories) => {
            format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({LOCKS}, {STORIES})")
        }
    }
}

impl Postgres {
    /// Connects, and makes and migrates the tables as needed.
    pub(super) fn open(address: Address) -> Result<Self, StoreError> {
        let link = Link::open(&address)?;
        look_at(&link, &address)?;
        migrate(&link, &address)?;
        Ok(Self(Arc::new(Pool {
            address,
            free: Mutex::new(vec![link]),
            turns: Semaphore::new(LINKS),
            stories: tokio::sync::Mutex::default(),
            service: Mutex::default(),
        })))
    }

    /// One transaction, on a thread that may wait.
    async fn transaction<T: Send + 'static>(
        &self,
        writes: Option<Writes>,
        work: Arc<impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static>,
    ) -> Result<T, StoreError> {
        let _alone = if writes == Some(Writes::Stories) { Some(self.0.stories.lock().await) } else { None };
        let _turn = self.0.turns.acquire().await.map_err(|_| StoreError::Stopped)?;
        self.blocking(move |pool| pool.transaction(&begin(writes), &*work)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Pool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&pool)).await.map_err(|_| StoreError::Stopped)?
    }

    /// A transaction that is made again where another one was in its way, and for as long as `patience` where
    /// the server is away.
    async fn patiently<T: Send + 'static>(
        &self,
        writes: Option<Writes>,
        patience: Duration,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        let (work, started, mut collisions) = (Arc::new(work), Instant::now(), 0);
        loop {
            match self.transaction(writes, Arc::clone(&work)).await {
                Err(problem) if problem.is_collision() && collisions < COLLISIONS => collisions += 1,
                Err(problem) if problem.is_passing() && started.elapsed() < patience => {
                    warn!(error = %problem, "the database does not take what is to be written; it is tried again");
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }
}

impl Pool {
    fn transaction<T>(&self, begin: &str, work: &dyn Fn(&dyn Sql) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let link = self.begun(begin)?;
        let value = match work(&link) {
            Ok(value) => value,
            Err(problem) => {
                // After an error of its own the connection is not trusted any more; the server rolls back.
                if !matches!(problem, StoreError::Postgres { .. } | StoreError::Silent { .. })
                    && link.batch("ROLLBACK").is_ok()
                {
                    self.give_back(link);
                }
                return Err(problem);
            }
        };
        link.batch("COMMIT")?;
        self.give_back(link);
        Ok(value)
    }

    /// A connection in a new transaction. Those that were cut while they lay idle are left for fresh ones.
    fn begun(&self, begin: &str) -> Result<Link, StoreError> {
        loop {
            let Some(link) = self.take() else { break };
            match link.batch(begin) {
                Ok(()) => return Ok(link),
                Err(problem) if problem.is_passing() && !problem.is_held() => {}
                Err(problem) => return Err(problem),
            }
        }
        let link = Link::open(&self.address)?;
        self.stay_known(&mut self.service.lock().unwrap_or_else(PoisonError::into_inner))?;
        link.batch(begin)?;
        Ok(link)
    }

    fn take(&self) -> Option<Link> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, link: Link) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(link);
    }

    /// Takes the mark of a living service again where a restart of the server took it.
    fn stay_known(&self, service: &mut Option<Mark>) -> Result<(), StoreError> {
        if service.as_ref().is_some_and(|mark| mark.link.batch("SELECT 1").is_err()) {
            *service = Some(Mark::joined(Link::open(&self.address)?)?);
            info!("the database is back");
        }
        Ok(())
    }

    /// See [`Backend::void_leases_of_the_dead`].
    fn void_leases_of_the_dead(&self) -> Result<(), StoreError> {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        // Another mark of this very process would look like another service.
        *service = None;
        let mark = Mark { link: Link::open(&self.address)?, leads: false };
        *service = Some(if mark.takes(SERVICE)? {
            mark.link.batch(&begin(Some(Writes::Rows)))?;
            schedule::void_leases(&mark.link)?;
            mark.link.batch("COMMIT")?;
            let Mark { link, .. } = mark;
            let mark = Mark::joined(link)?;
            mark.link.batch(&format!("SELECT pg_advisory_unlock({LOCKS}, {SERVICE})"))?;
            mark
        } else {
            Mark::joined(mark.link)?
        });
        Ok(())
    }

    /// See [`Backend::leads`].
    fn leads(&self) -> Result<bool, StoreError> {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        self.stay_known(&mut service)?;
        let Some(mark) = service.as_mut() else { return Ok(false) };
        mark.leads = mark.leads || mark.takes(LEADING)?;
        Ok(mark.leads)
    }
}

impl Backend for Postgres {
    async fn write<T: Send + 'static>(
        &self,
        writes: Writes,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        let patience = if writes == Writes::Stories { PATIENCE } else { Duration::ZERO };
        self.patiently(Some(writes), patience, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        self.patiently(None, Duration::ZERO, work).await
    }

    async fn void_leases_of_the_dead(&self) -> Result<(), StoreError> {
        self.blocking(Pool::void_leases_of_the_dead).await
    }

    async fn leads(&self) -> Result<bool, StoreError> {
        self.blocking(Pool::leads).await
    }
}

/// Whether the server can be used at all.
fn look_at(link: &Link, address: &Address) -> Result<(), StoreError> {
    let unfit = |what: String| StoreError::Unfit { place: address.place.to_string(), what };
    let (version, encoding): (String, String) = (link as &dyn Sql).one(
        "SELECT current_setting('server_version_num'), current_setting('server_encoding')",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let version = version.parse::<i64>().unwrap_or_default() / 10_000;
    if version < OLDEST {
        return Err(unfit(format!("is kept by PostgreSQL {version}: {OLDEST} or newer is needed")));
    }
    if encoding != "UTF8" {
        return Err(unfit(format!(
            "is encoded as {encoding}: make one with createdb --encoding=UTF8 --template=template0"
        )));
    }
    Ok(())
}

/// Brings the tables to the present schema in one transaction. Of machines that start at once, one does it.
fn migrate(link: &Link, address: &Address) -> Result<(), StoreError> {
    link.batch(&format!(
        "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
         SELECT pg_advisory_xact_lock({LOCKS}, {MIGRATING})"
    ))?;
    let tx = link as &dyn Sql;
    let exists = tx.one("SELECT to_regclass('newsriver_schema') IS NOT NULL", &[], |row| row.get(0))?;
    let have: Option<i64> = if exists {
        tx.one("SELECT max(version) FROM newsriver_schema", &[], |row| row.get(0))?
    } else {
        link.batch("CREATE TABLE newsriver_schema (version BIGINT NOT NULL)")?;
        None
    };
    let newest = MIGRATIONS.iter().map(|(version, _)| *version).max().unwrap_or_default();
    let have = have.unwrap_or_default();
    if have > newest {
        return Err(StoreError::Newer { store: address.place.to_string(), have, newest });
    }
    for (version, migration) in MIGRATIONS.iter().filter(|(version, _)| *version > have) {
        link.batch(migration)?;
        tx.execute("INSERT INTO newsriver_schema (version) VALUES ($1)", &values![*version])?;
    }
    link.batch("COMMIT")
}
