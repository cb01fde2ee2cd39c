//! Who is told when a feed changes. A subscription knows the version it was last told of, so that what
//! is still to be told follows from the store and the present documents alone, also after a kill.
//!
//! Parameters are numbered in the order in which they first appear: SQLite counts them so.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Row, Transaction, params};

use super::StoreError;
use super::rows::{micros, time};
use crate::model::{Behind, Crowd, Form, Secret, Settlement, Subscription, Telling, Upshot, host};

/// The end of subscriptions that do not end by themselves.
const NEVER: i64 = i64::MAX;

fn word(form: Form) -> &'static str {
    match form {
        Form::Content => "content",
        Form::Notice => "notice",
    }
}

fn form(word: &str) -> Result<Form, StoreError> {
    match word {
        "content" => Ok(Form::Content),
        "notice" => Ok(Form::Notice),
        other => Err(StoreError::Damaged(format!("a subscription of form {other:?}"))),
    }
}

/// Writes a subscription, or renews it with its new secret, token and end.
pub(super) fn subscribe(tx: &Transaction<'_>, wanted: &Subscription, told: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO subscription (topic, form, callback, host, secret, token, expires, told)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (topic, form, callback) DO UPDATE
         SET secret = excluded.secret, token = excluded.token, expires = excluded.expires, attempts = 0, due = 0",
    )?
    .execute(params![
        wanted.topic,
        word(wanted.form),
        wanted.callback,
        wanted.host(),
        wanted.secret.as_ref().map(Secret::expose),
        wanted.token,
        wanted.expires.map_or(NEVER, micros),
        told,
    ])?;
    Ok(())
}

/// Ends a subscription; false when there was none.
pub(super) fn unsubscribe(tx: &Transaction<'_>, topic: &str, callback: &str) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "DELETE FROM subscription WHERE topic = $1 AND form = 'content' AND callback = $2",
        [topic, callback],
    )?;
    Ok(ended == 1)
}

/// Makes the outside hubs that are told exactly these: topic and address of the hub.
pub(super) fn sync_hubs(tx: &Transaction<'_>, wanted: &[(String, String)]) -> Result<(), StoreError> {
    let mut statement = tx.prepare("SELECT topic, callback FROM subscription WHERE form = 'notice'")?;
    let known = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (topic, hub) in known.iter().filter(|one| !wanted.contains(one)) {
        tx.execute("DELETE FROM subscription WHERE topic = $1 AND form = 'notice' AND callback = $2", [topic, hub])?;
    }
    for (topic, hub) in wanted.iter().filter(|one| !known.contains(one)) {
        tx.execute(
            "INSERT INTO subscription (topic, form, callback, host, expires, told) VALUES ($1, 'notice', $2, $3, $4, '')
             ON CONFLICT (topic, form, callback) DO NOTHING",
            params![topic, hub, host(hub), NEVER],
        )?;
    }
    Ok(())
}

/// How many subscriptions there are beside and including this one.
pub(super) fn crowd(
    tx: &Transaction<'_>,
    topic: &str,
    callback: &str,
    now: DateTime<Utc>,
) -> Result<Crowd, StoreError> {
    let count = |condition: &str, values: &[&dyn rusqlite::ToSql]| -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM subscription WHERE form = 'content' AND {condition}");
        let count: i64 = tx.prepare_cached(&sql)?.query_row(values, |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    };
    let now = micros(now);
    Ok(Crowd {
        topic: count("expires > $1 AND topic = $2", &[&now, &topic])?,
        host: count("expires > $1 AND host = $2", &[&now, &host(callback)])?,
        all: count("expires > $1", &[&now])?,
        known: count("expires > $1 AND topic = $2 AND callback = $3", &[&now, &topic, &callback])? > 0,
    })
}

/// The versions that subscriptions were last told of.
pub(super) fn behind(tx: &Transaction<'_>, now: DateTime<Utc>) -> Result<Vec<Behind>, StoreError> {
    let mut statement =
        tx.prepare_cached("SELECT topic, told, min(due) FROM subscription WHERE expires > $1 GROUP BY topic, told")?;
    let rows = statement
        .query_map([micros(now)], |row| Ok(Behind { topic: row.get(0)?, told: row.get(1)?, due: time(row.get(2)?) }))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
}

/// Takes up to `limit` subscriptions that were not told of this version and are due, the longest due
/// first; others leave them alone for `lease`.
pub(super) fn claim(
    tx: &Transaction<'_>,
    topic: &str,
    version: &str,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Telling>, StoreError> {
    let until = micros(now).saturating_add(i64::try_from(lease.as_micros()).unwrap_or(NEVER));
    let mut statement = tx.prepare_cached(
        "UPDATE subscription SET due = $1 WHERE topic = $2 AND (form, callback) IN (
             SELECT form, callback FROM subscription
             WHERE topic = $2 AND told <> $3 AND due <= $4 AND expires > $4 ORDER BY due LIMIT $5)
         RETURNING topic, form, callback, secret, token, expires, attempts",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![until, topic, version, micros(now), limit])?;
    let mut claimed = Vec::new();
    while let Some(row) = rows.next()? {
        claimed.push(telling(row)?);
    }
    Ok(claimed)
}

fn telling(row: &Row<'_>) -> Result<Telling, StoreError> {
    let expires: i64 = row.get(5)?;
    Ok(Telling {
        subscription: Subscription {
            topic: row.get(0)?,
            form: form(&row.get::<_, String>(1)?)?,
            callback: row.get(2)?,
            secret: row.get::<_, Option<String>>(3)?.map(Secret::new),
            token: row.get(4)?,
            expires: (expires != NEVER).then(|| time(expires)),
        },
        attempts: row.get(6)?,
    })
}

/// Writes what became of tellings.
pub(super) fn settle(tx: &Transaction<'_>, settled: &[Settlement]) -> Result<(), StoreError> {
    for Settlement { subscription, upshot } in settled {
        let (form, topic, callback) = (word(subscription.form), &subscription.topic, &subscription.callback);
        match upshot {
            Upshot::Told(version) => tx
                .prepare_cached(
                    "UPDATE subscription SET told = $1, attempts = 0, due = 0
                     WHERE topic = $2 AND form = $3 AND callback = $4",
                )?
                .execute(params![version, topic, form, callback])?,
            Upshot::Failed(until) => tx
                .prepare_cached(
                    "UPDATE subscription SET attempts = attempts + 1, due = $1
                     WHERE topic = $2 AND form = $3 AND callback = $4",
                )?
                .execute(params![micros(*until), topic, form, callback])?,
            Upshot::Postponed(until) => tx
                .prepare_cached("UPDATE subscription SET due = $1 WHERE topic = $2 AND form = $3 AND callback = $4")?
                .execute(params![micros(*until), topic, form, callback])?,
            Upshot::Ended => tx
                .prepare_cached("DELETE FROM subscription WHERE topic = $1 AND form = $2 AND callback = $3")?
                .execute(params![topic, form, callback])?,
        };
    }
    Ok(())
}

/// Ends the subscriptions whose time is over; says how many.
pub(super) fn expire(tx: &Transaction<'_>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(tx.execute("DELETE FROM subscription WHERE expires <= $1", [micros(now)])? as u64)
}
