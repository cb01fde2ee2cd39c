//! Who is told when a feed changes. A subscription knows the version it was last told of, so that what
//! is still to be told follows from the store and the present documents alone, also after a kill.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::StoreError;
use super::schedule::end_of;
use super::sql::{Row, Sql, Value, values};
use crate::model::{Behind, Crowd, Form, Secret, Settlement, Subscription, Telling, Upshot, host};

/// The end of subscriptions that do not end by themselves.
const NEVER: i64 = i64::MAX;

/// The end of a subscription, as it is kept.
fn end(subscription: &Subscription) -> Value<'static> {
    subscription.expires.map_or(Value::Integer(NEVER), Value::from)
}

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

/// Writes a subscription, or renews it with its new secret, token and end. After failures, the renewal shows that
/// somebody is there; where it is being told just now, it is not told twice.
pub(super) fn subscribe(tx: &dyn Sql, wanted: &Subscription, told: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO subscription (topic, form, callback, host, secret, token, expires, told)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (topic, form, callback) DO UPDATE
         SET secret = excluded.secret, token = excluded.token, expires = excluded.expires, attempts = 0,
             due = CASE WHEN subscription.attempts = 0 THEN subscription.due ELSE 0 END",
        &values![
            &wanted.topic,
            word(wanted.form),
            &wanted.callback,
            wanted.host(),
            wanted.secret.as_ref().map(Secret::expose),
            wanted.token.as_deref(),
            end(wanted),
            told,
        ],
    )?;
    Ok(())
}

/// Ends a subscription; false when there was none.
pub(super) fn unsubscribe(tx: &dyn Sql, topic: &str, callback: &str) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "DELETE FROM subscription WHERE topic = $1 AND form = 'content' AND callback = $2",
        &values![topic, callback],
    )?;
    Ok(ended == 1)
}

/// Makes the outside hubs that are told exactly these: topic and address of the hub.
pub(super) fn sync_hubs(tx: &dyn Sql, wanted: &[(String, String)]) -> Result<(), StoreError> {
    let known: Vec<(String, String)> =
        tx.all("SELECT topic, callback FROM subscription WHERE form = 'notice'", &[], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let gone = known.iter().filter(|one| !wanted.contains(one)).map(|(topic, hub)| values![topic, hub]);
    tx.execute_each(
        "DELETE FROM subscription WHERE topic = $1 AND form = 'notice' AND callback = $2",
        &gone.collect::<Vec<_>>(),
    )?;
    let new =
        wanted.iter().filter(|one| !known.contains(one)).map(|(topic, hub)| values![topic, hub, host(hub), NEVER]);
    tx.execute_each(
        "INSERT INTO subscription (topic, form, callback, host, expires, told) VALUES ($1, 'notice', $2, $3, $4, '')
         ON CONFLICT (topic, form, callback) DO NOTHING",
        &new.collect::<Vec<_>>(),
    )
}

/// How many subscriptions there are beside and including this one.
pub(super) fn crowd(tx: &dyn Sql, topic: &str, callback: &str, now: DateTime<Utc>) -> Result<Crowd, StoreError> {
    let count = |condition: &str, values: &[Value<'_>]| -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM subscription WHERE form = 'content' AND {condition}");
        tx.one(&sql, values, |row| row.get(0))
    };
    Ok(Crowd {
        topic: count("expires > $1 AND topic = $2", &values![now, topic])?,
        host: count("expires > $1 AND host = $2", &values![now, host(callback)])?,
        all: count("expires > $1", &values![now])?,
        known: count("expires > $1 AND topic = $2 AND callback = $3", &values![now, topic, callback])? > 0,
    })
}

/// The versions that subscriptions were last told of.
pub(super) fn behind(tx: &dyn Sql, now: DateTime<Utc>) -> Result<Vec<Behind>, StoreError> {
    tx.all(
        "SELECT topic, told, min(due) FROM subscription WHERE expires > $1 GROUP BY topic, told",
        &values![now],
        |row| Ok(Behind { topic: row.get(0)?, told: row.get(1)?, due: row.get(2)? }),
    )
}

/// Takes up to `limit` subscriptions that were not told of this version and are due, the longest due
/// first; others leave them alone for `lease`.
pub(super) fn claim(
    tx: &dyn Sql,
    topic: &str,
    version: &str,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Telling>, StoreError> {
    let locked = tx.dialect().skip_locked();
    let claimed = tx.all(
        &format!(
            "SELECT topic, form, callback, secret, token, expires, attempts FROM subscription
             WHERE topic = $1 AND told <> $2 AND due <= $3 AND expires > $3 ORDER BY due LIMIT $4 {locked}"
        ),
        &values![topic, version, now, limit],
        telling,
    )?;
    let until = end_of(lease, now);
    let leases = claimed.iter().map(|Telling { subscription, .. }| {
        values![until, &subscription.topic, word(subscription.form), &subscription.callback]
    });
    tx.execute_each(
        "UPDATE subscription SET due = $1 WHERE topic = $2 AND form = $3 AND callback = $4",
        &leases.collect::<Vec<_>>(),
    )?;
    Ok(claimed)
}

fn telling(row: &dyn Row) -> Result<Telling, StoreError> {
    let expires = if row.get::<i64>(5)? == NEVER { None } else { Some(row.get(5)?) };
    Ok(Telling {
        subscription: Subscription {
            topic: row.get(0)?,
            form: form(&row.get::<String>(1)?)?,
            callback: row.get(2)?,
            secret: row.get::<Option<String>>(3)?.map(Secret::new),
            token: row.get(4)?,
            expires,
        },
        attempts: row.get(6)?,
    })
}

/// Writes what became of tellings.
pub(super) fn settle(tx: &dyn Sql, settled: &[Settlement]) -> Result<(), StoreError> {
    for Settlement { subscription, upshot } in settled {
        let (form, topic, callback) = (word(subscription.form), &subscription.topic, &subscription.callback);
        match upshot {
            Upshot::Told(version) => tx.execute(
                "UPDATE subscription SET told = $1, attempts = 0, due = 0
                 WHERE topic = $2 AND form = $3 AND callback = $4",
                &values![version, topic, form, callback],
            )?,
            Upshot::Failed(until) => tx.execute(
                "UPDATE subscription SET attempts = attempts + 1, due = $1
                 WHERE topic = $2 AND form = $3 AND callback = $4",
                &values![*until, topic, form, callback],
            )?,
            Upshot::Postponed(until) => tx.execute(
                "UPDATE subscription SET due = $1 WHERE topic = $2 AND form = $3 AND callback = $4",
                &values![*until, topic, form, callback],
            )?,
            // Unless it was renewed meanwhile, as after the word that its token is valid no longer.
            Upshot::Ended => tx.execute(
                "DELETE FROM subscription WHERE topic = $1 AND form = $2 AND callback = $3 AND expires = $4",
                &values![topic, form, callback, end(subscription)],
            )?,
        };
    }
    Ok(())
}

/// Ends the subscriptions whose time is over; says how many.
pub(super) fn expire(tx: &dyn Sql, now: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM subscription WHERE expires <= $1", &values![now])
}
