//! Sources: which there are, when they are due, who is visiting them, what is remembered of them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};

use super::StoreError;
use super::rows::{micros, time};
use crate::model::{Boilerplate, SourceId, SourceState};

/// Makes exactly these sources active; one whose location changed starts anew.
pub(super) fn sync(tx: &Transaction<'_>, sources: &[(SourceId, String)]) -> Result<(), StoreError> {
    tx.execute("UPDATE source SET active = 0", [])?;
    let fresh = serde_json::to_string(&SourceState::default())?;
    let mut upsert = tx.prepare_cached(
        "INSERT INTO source (id, active, location, state, next_visit) VALUES ($1, 1, $2, $3, 0)
         ON CONFLICT (id) DO UPDATE SET
           active = 1,
           state = CASE WHEN source.location = excluded.location THEN source.state ELSE excluded.state END,
           boilerplate = CASE WHEN source.location = excluded.location THEN source.boilerplate ELSE '' END,
           next_visit = CASE WHEN source.location = excluded.location THEN source.next_visit ELSE 0 END,
           location = excluded.location",
    )?;
    for (id, location) in sources {
        upsert.execute(params![id.as_str(), location, fresh])?;
    }
    Ok(())
}

/// Leases the longest due sources.
pub(super) fn claim_due(
    tx: &Transaction<'_>,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<SourceId>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM source WHERE active = 1 AND next_visit <= $1 AND leased_until <= $1 ORDER BY next_visit, id LIMIT $2",
    )?;
    let ids = statement
        .query_map(params![micros(now), i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let ids = ids.iter().map(|id| source_id(id)).collect::<Result<Vec<_>, _>>()?;
    for id in &ids {
        claim(tx, id, now, lease)?;
    }
    Ok(ids)
}

/// Leases one source; false when another process holds it.
pub(super) fn claim(
    tx: &Transaction<'_>,
    id: &SourceId,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<bool, StoreError> {
    let until = micros(now).saturating_add(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX));
    let taken = tx.execute(
        "UPDATE source SET leased_until = $1 WHERE id = $2 AND active = 1 AND leased_until <= $3",
        params![until, id.as_str(), micros(now)],
    )?;
    Ok(taken == 1)
}

/// When the next source that nobody is visiting becomes due.
pub(super) fn next_due(tx: &Transaction<'_>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let next: Option<i64> = tx.query_row(
        "SELECT min(max(next_visit, leased_until)) FROM source WHERE active = 1 AND (leased_until <= $1 OR next_visit > $1)",
        [micros(now)],
        |row| row.get(0),
    )?;
    Ok(next.map(time))
}

/// What is remembered of a source; the default for an unknown one.
pub(super) fn state(tx: &Transaction<'_>, id: &SourceId) -> Result<SourceState, StoreError> {
    let kept: Option<(String, String)> = tx
        .query_row("SELECT state, boilerplate FROM source WHERE id = $1", [id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((state, boilerplate)) = kept else { return Ok(SourceState::default()) };
    let mut state: SourceState = serde_json::from_str(&state)?;
    if !boilerplate.is_empty() {
        state.boilerplate = serde_json::from_str(&boilerplate)?;
    }
    Ok(state)
}

/// Writes what is remembered of a source, and ends its lease.
pub(super) fn put_state(tx: &Transaction<'_>, id: &SourceId, state: &SourceState) -> Result<(), StoreError> {
    let boilerplate = if state.boilerplate == Boilerplate::default() {
        String::new()
    } else {
        serde_json::to_string(&state.boilerplate)?
    };
    tx.execute(
        "INSERT INTO source (id, active, location, state, next_visit, boilerplate) VALUES ($1, 0, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, next_visit = excluded.next_visit, leased_until = 0,
                                        boilerplate = excluded.boilerplate
         WHERE source.location = excluded.location",
        params![
            id.as_str(),
            state.location,
            serde_json::to_string(state)?,
            state.next_visit.map_or(0, micros),
            boilerplate
        ],
    )?;
    Ok(())
}

/// The state of every active source.
pub(super) fn states(tx: &Transaction<'_>) -> Result<Vec<(SourceId, SourceState)>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT id, state FROM source WHERE active = 1 ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut states = Vec::new();
    while let Some(row) = rows.next()? {
        let state = serde_json::from_str(&row.get::<_, String>(1)?)?;
        states.push((source_id(&row.get::<_, String>(0)?)?, state));
    }
    Ok(states)
}

/// The number of a source's entries.
pub(super) fn count(tx: &Transaction<'_>, id: &SourceId) -> Result<u64, StoreError> {
    let mut statement = tx.prepare_cached("SELECT count(*) FROM entry WHERE source = $1")?;
    let count: i64 = statement.query_row([id.as_str()], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The state of every active source with the number of its entries.
pub(super) fn health(tx: &Transaction<'_>) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT id, state, (SELECT count(*) FROM entry WHERE entry.source = source.id) FROM source WHERE active = 1 ORDER BY id",
    )?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter()
        .map(|(id, state, count)| {
            Ok((source_id(&id)?, serde_json::from_str(&state)?, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

/// An id that the store kept.
pub(super) fn source_id(text: &str) -> Result<SourceId, StoreError> {
    SourceId::parse(text).map_err(|_| StoreError::Damaged(format!("source id {text:?}")))
}
