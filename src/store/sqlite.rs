//! The SQLite store: one file, write-ahead log, one writing connection and a few reading ones.
//!
//! `synchronous = FULL` makes a commit survive the loss of power and not only of the process; one
//! commit a visit keeps that cheap.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ToSql, Transaction, TransactionBehavior, params_from_iter};
use tokio::sync::Semaphore;

use super::backend::{Backend, Writes};
use super::sql::{Dialect, Row, Sql, Take, TakeOf, Value};
use super::{StoreError, checkpoint, schedule};

/// Reading connections: more would only wait for the two or four cores of a small machine.
const READERS: usize = 4;
/// How long to wait for another process that holds the file.
const BUSY: Duration = Duration::from_secs(30);
/// Memory for pages that are written, in KiB: the inner pages of the largest index at millions of entries.
const WRITER_CACHE: i64 = 8192;
/// Statements that are kept ready: more than there are.
const STATEMENTS: usize = 128;

/// The version of the schema that this program makes: the number of [`MIGRATIONS`].
const MIGRATIONS: [&str; 9] = [
    include_str!("migrations/0001_start.sqlite.sql"),
    include_str!("migrations/0002_dedupe.sqlite.sql"),
    include_str!("migrations/0003_arrivals.sqlite.sql"),
    include_str!("migrations/0004_pictures.sqlite.sql"),
    include_str!("migrations/0005_archives.sqlite.sql"),
    include_str!("migrations/0006_subscriptions.sqlite.sql"),
    include_str!("migrations/0007_rechecks.sqlite.sql"),
    include_str!("migrations/0008_withdrawals.sqlite.sql"),
    include_str!("migrations/0009_token_uses.sqlite.sql"),
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
        writer.pragma_update(None, "cache_size", -WRITER_CACHE).map_err(fault)?;
        migrate(&mut writer, path)?;
        let mover = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(fault)?;
        checkpoint::move_beside(&mut writer, mover, path.to_path_buf()).map_err(fault)?;
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

    /// Marks this process as the service on the file; false when another one is.
    fn takes_mark(&self) -> Result<bool, StoreError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".service");
        let path = PathBuf::from(name);
        let fault = |cause| StoreError::Folder { path: path.clone(), cause };
        let file = std::fs::File::create(&path).map_err(fault)?;
        // The system lets go of the lock when its holder dies, however it dies.
        if file.try_lock().is_err() {
            return Ok(false);
        }
        *self.service.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(true)
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
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it SQLite plans a statement anew for each set of values, as soon as a partial index is in sight:
    // half of the time of reading.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Brings the file to the present schema, each step in a transaction of its own.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let fault = |cause| StoreError::of(path, cause);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    let have: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if have > newest {
        return Err(StoreError::Newer { store: path.display().to_string(), have, newest });
    }
    for (number, migration) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > have) {
        transaction.execute_batch(migration).map_err(fault)?;
        transaction.pragma_update(None, "user_version", number).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

impl Backend for Sqlite {
    async fn write<T: Send + 'static>(
        &self,
        _: Writes,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
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

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Sql) -> Result<T, StoreError> + Send + Sync + 'static,
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

    async fn void_leases_of_the_dead(&self) -> Result<(), StoreError> {
        if self.takes_mark()? { self.write(Writes::Rows, schedule::void_leases).await } else { Ok(()) }
    }

    async fn leads(&self) -> Result<bool, StoreError> {
        let is_marked = self.service.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        Ok(is_marked || self.takes_mark()?)
    }
}

impl Sql for Transaction<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        assert_order(&statement);
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    fn each(&self, sql: &str, values: &[Value<'_>], take: &mut Take<'_>) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        assert_order(&statement);
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }

    fn execute_all(&self, sql: &str, sets: &[&[Value<'_>]]) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        assert_order(&statement);
        for values in sets {
            statement.execute(params_from_iter(*values))?;
        }
        Ok(())
    }

    fn each_of_all(&self, sql: &str, sets: &[&[Value<'_>]], take: &mut TakeOf<'_>) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        assert_order(&statement);
        for (number, values) in sets.iter().enumerate() {
            let mut rows = statement.query(params_from_iter(*values))?;
            while let Some(row) = rows.next()? {
                take(number, row)?;
            }
        }
        Ok(())
    }
}

/// SQLite counts parameters in the order of their first appearance, PostgreSQL by their numbers.
fn assert_order(statement: &Statement<'_>) {
    debug_assert!(
        (1..=statement.parameter_count()).all(|at| statement.parameter_name(at) == Some(format!("${at}").as_str())),
        "parameters are not in order: {statement:?}"
    );
}

impl Row for rusqlite::Row<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>, StoreError> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Text(text) => Value::from(
                std::str::from_utf8(text).map_err(|_| StoreError::Damaged("a text that is not UTF-8".to_owned()))?,
            ),
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
            ValueRef::Real(_) => return Err(StoreError::Damaged("a number with a fraction".to_owned())),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::store::sql::values;

    #[test]
    fn statements_are_planned_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(Sqlite::open(&path).unwrap());
        let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let tx = connection.transaction().unwrap();
        let question = "SELECT id FROM entry WHERE story = $1 AND withdrawn IS NULL
                        AND (arrival = $2 OR twin = $2 OR $2 IS NULL) ORDER BY arrival";
        for twin in [None, Some(1_i64), None] {
            tx.each(question, &values![&b"story"[..], twin], &mut |_| Ok(())).unwrap();
        }
        let statement = tx.prepare_cached(question).unwrap();
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn partial_indexes_serve_whatever_the_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(Sqlite::open(&path).unwrap());
        let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        for (question, index) in [
            ("entry WHERE source = $1 AND url_key = $2 ORDER BY arrival DESC LIMIT 8", "entry_by_url"),
            ("entry WHERE source = $1 AND recheck <= $2 AND withdrawn IS NULL ORDER BY recheck", "entry_by_recheck"),
            ("entry WHERE source = $1 AND withdrawn > $2 ORDER BY withdrawn DESC", "entry_by_withdrawal"),
            ("entry WHERE source = $1 AND revised > $2 ORDER BY revised", "entry_by_revision"),
            ("picture WHERE source = $1 AND due <= $2 ORDER BY due", "picture_due"),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN SELECT * FROM {question}")).unwrap();
            let plan: String = statement.query_row((1, 2), |row| row.get(3)).unwrap();
            assert!(plan.contains(&format!("USING INDEX {index} ")), "{question}: {plan}");
        }
    }
}
