//! One connection to PostgreSQL, spoken to from a thread that may wait.
//!
//! The connection and the thread that asks share a small runtime of their own, so that an answer wakes nobody
//! else. Statements are prepared once; one that runs for many sets of values runs for all in one round trip.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::Address;
use crate::store::StoreError;
use crate::store::sql::{Dialect, Sql, Take, TakeOf, Value};

/// No answer takes longer than this: the server itself gives up before ([`SETTINGS`]).
const ANSWER: Duration = Duration::from_secs(90);
/// Sets of values that are sent at once; more follow when these are answered.
const AT_ONCE: usize = 256;
/// What holds for every connection. A statement that waits for another process ends before one that works; the
/// locks of a machine that is gone from the network end after a minute.
const SETTINGS: &str = "SET statement_timeout = '60s'; SET lock_timeout = '30s'; \
                        SET idle_in_transaction_session_timeout = '120s'; SET tcp_keepalives_idle = 30; \
                        SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

/// A connection.
pub(super) struct Link {
    client: Client,
    driver: RefCell<Driver>,
    statements: RefCell<HashMap<String, Statement>>,
    place: Arc<str>,
    /// Taken when the link is dropped.
    runtime: Option<Runtime>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Links are dropped by asynchronous tasks too, which may not wait.
            runtime.shutdown_background();
        }
    }
}

impl Link {
    /// Connects. The caller's thread waits.
    pub(super) fn open(address: &Address) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| StoreError::Unfit {
            place: address.place.to_string(),
            what: format!("cannot be spoken to: {cause}"),
        })?;
        let connect = address.config.connect(address.tls.clone());
        let connected = runtime.block_on(async { tokio::time::timeout(ANSWER, connect).await });
        let silent = || StoreError::Silent { place: address.place.to_string(), waited: ANSWER };
        let (client, connection) =
            connected.map_err(|_| silent())?.map_err(|cause| StoreError::of_database(&address.place, cause))?;
        let link = Self {
            client,
            driver: RefCell::new(Box::pin(connection)),
            statements: RefCell::default(),
            place: Arc::clone(&address.place),
            runtime: Some(runtime),
        };
        link.batch(SETTINGS)?;
        Ok(link)
    }

    /// Runs statements without values and without answers.
    pub(super) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.wait(self.client.batch_execute(sql))
    }

    /// Waits for an answer while the connection is driven on.
    fn wait<T>(&self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, StoreError> {
        let Some(runtime) = &self.runtime else { return Err(StoreError::Stopped) };
        let mut driver = self.driver.borrow_mut();
        let outcome = runtime.block_on(tokio::time::timeout(ANSWER, async {
            tokio::pin!(answer);
            tokio::select! {
                biased;
                answer = &mut answer => answer,
                ended = driver.as_mut() => match ended {
                    // What the server said last is in the answer.
                    Ok(()) => answer.await,
                    Err(cause) => Err(cause),
                },
            }
        }));
        match outcome {
            Ok(answer) => answer.map_err(|cause| StoreError::of_database(&self.place, cause)),
            Err(_) => Err(StoreError::Silent { place: self.place.to_string(), waited: ANSWER }),
        }
    }

    fn prepared(&self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.wait(self.client.prepare(sql))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        self.wait(self.client.query(&statement, &parameters(values)))
    }
}

fn parameters<'v>(values: &'v [Value<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Sql for Link {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        self.wait(self.client.execute(&statement, &parameters(values)))
    }

    fn each(&self, sql: &str, values: &[Value<'_>], take: &mut Take<'_>) -> Result<(), StoreError> {
        self.rows(sql, values)?.iter().try_for_each(|row| take(row))
    }

    fn execute_all(&self, sql: &str, sets: &[&[Value<'_>]]) -> Result<(), StoreError> {
        if sets.is_empty() {
            return Ok(());
        }
        let statement = self.prepared(sql)?;
        for sets in sets.chunks(AT_ONCE) {
            let sets: Vec<_> = sets.iter().map(|values| parameters(values)).collect();
            self.wait(try_join_all(sets.iter().map(|values| self.client.execute(&statement, values))))?;
        }
        Ok(())
    }

    fn each_of_all(&self, sql: &str, sets: &[&[Value<'_>]], take: &mut TakeOf<'_>) -> Result<(), StoreError> {
        if sets.is_empty() {
            return Ok(());
        }
        let statement = self.prepared(sql)?;
        let mut number = 0;
        for sets in sets.chunks(AT_ONCE) {
            let sets: Vec<_> = sets.iter().map(|values| parameters(values)).collect();
            let answers = self.wait(try_join_all(sets.iter().map(|values| self.client.query(&statement, values))))?;
            for rows in answers {
                rows.iter().try_for_each(|row| take(number, row))?;
                number += 1;
            }
        }
        Ok(())
    }
}
