//! Sources: which there are, when they are due, who is visiting them, what is remembered of them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;
use super::sql::{Sql, values};
use crate::model::{Boilerplate, SourceId, SourceState};

/// When a lease that is taken now ends.
pub(super) fn end_of(lease: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let lease = TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Makes exactly these sources active; one whose location changed starts anew.
pub(super) fn sync(tx: &dyn Sql, sources: &[(SourceId, String)]) -> Result<(), StoreError> {
    tx.execute("UPDATE source SET active = 0", &[])?;
    let fresh = serde_json::to_string(&SourceState::default())?;
    let sources: Vec<_> = sources.iter().map(|(id, location)| values![id, location, &fresh]).collect();
    tx.execute_each(
        "INSERT INTO source (id, active, location, state, next_visit) VALUES ($1, 1, $2, $3, 0)
         ON CONFLICT (id) DO UPDATE SET
           active = 1,
           state = CASE WHEN source.location = excluded.location THEN source.state ELSE excluded.state END,
           boilerplate = CASE WHEN source.location = excluded.location THEN source.boilerplate ELSE '' END,
           next_visit = CASE WHEN source.location = excluded.location THEN source.next_visit ELSE 0 END,
           location = excluded.location",
        &sources,
    )
}

/// Leases the longest due sources.
pub(super) fn claim_due(
    tx: &dyn Sql,
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
) -> Result<Vec<SourceId>, StoreError> {
    let locked = tx.dialect().skip_locked();
    let due: Vec<SourceId> = tx.all(
        &format!(
            "SELECT id FROM source WHERE active = 1 AND next_visit <= $1 AND leased_until <= $1
             ORDER BY next_visit, id LIMIT $2 {locked}"
        ),
        &values![now, limit],
        |row| row.get(0),
    )?;
    let until = end_of(lease, now);
    let leases: Vec<_> = due.iter().map(|id| values![until, id]).collect();
    tx.execute_each("UPDATE source SET leased_until = $1 WHERE id = $2", &leases)?;
    Ok(due)
}

/// Leases one source; false when another process holds it.
pub(super) fn claim(tx: &dyn Sql, id: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "UPDATE source SET leased_until = $1 WHERE id = $2 AND active = 1 AND leased_until <= $3",
        &values![end_of(lease, now), id, now],
    )?;
    Ok(taken == 1)
}

/// Ends the lease that a claim at `at` gave.
pub(super) fn release(tx: &dyn Sql, id: &SourceId, at: DateTime<Utc>, lease: Duration) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE source SET leased_until = 0 WHERE id = $1 AND leased_until = $2",
        &values![id, end_of(lease, at)],
    )?;
    Ok(())
}

/// Renews a lease that is still there.
pub(super) fn renew(tx: &dyn Sql, id: &SourceId, now: DateTime<Utc>, lease: Duration) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE source SET leased_until = $1 WHERE id = $2 AND leased_until > $3",
        &values![end_of(lease, now), id, now],
    )?;
    Ok(())
}

/// Ends all leases: of sources, and of tellings under way.
pub(super) fn void_leases(tx: &dyn Sql) -> Result<(), StoreError> {
    tx.execute("UPDATE source SET leased_until = 0", &[])?;
    tx.execute("UPDATE subscription SET due = 0 WHERE attempts = 0", &[])?;
    Ok(())
}

/// When the next source becomes due; one that is being visited, when its lease ends.
pub(super) fn next_due(tx: &dyn Sql) -> Result<Option<DateTime<Utc>>, StoreError> {
    tx.one(
        "SELECT min(CASE WHEN next_visit < leased_until THEN leased_until ELSE next_visit END) FROM source
         WHERE active = 1",
        &[],
        |row| row.get(0),
    )
}

/// What is remembered of a source; the default for an unknown one.
pub(super) fn state(tx: &dyn Sql, id: &SourceId) -> Result<SourceState, StoreError> {
    let kept: Option<(String, String)> =
        tx.first("SELECT state, boilerplate FROM source WHERE id = $1", &values![id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some((state, boilerplate)) = kept else { return Ok(SourceState::default()) };
    let mut state: SourceState = serde_json::from_str(&state)?;
    if !boilerplate.is_empty() {
        state.boilerplate = serde_json::from_str(&boilerplate)?;
    }
    Ok(state)
}

/// Writes what is remembered of a source, and ends its lease.
pub(super) fn put_state(tx: &dyn Sql, id: &SourceId, state: &SourceState) -> Result<(), StoreError> {
    let boilerplate = if state.boilerplate == Boilerplate::default() {
        String::new()
    } else {
        serde_json::to_string(&state.boilerplate)?
    };
    let next_visit = state.next_visit.unwrap_or(DateTime::UNIX_EPOCH);
    tx.execute(
        "INSERT INTO source (id, active, location, state, next_visit, boilerplate) VALUES ($1, 0, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, next_visit = excluded.next_visit, leased_until = 0,
                                        boilerplate = excluded.boilerplate
         WHERE source.location = excluded.location",
        &values![id, &state.location, serde_json::to_string(state)?, next_visit, boilerplate],
    )?;
    Ok(())
}

/// The state of every active source.
pub(super) fn states(tx: &dyn Sql) -> Result<Vec<(SourceId, SourceState)>, StoreError> {
    tx.all("SELECT id, state FROM source WHERE active = 1 ORDER BY id", &[], |row| {
        Ok((row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?))
    })
}

/// The number of a source's entries.
pub(super) fn count(tx: &dyn Sql, id: &SourceId) -> Result<u64, StoreError> {
    tx.one("SELECT count(*) FROM entry WHERE source = $1", &values![id], |row| row.get(0))
}

/// The state of every active source with the number of its entries.
pub(super) fn health(tx: &dyn Sql) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError> {
    tx.all(
        "SELECT id, state, (SELECT count(*) FROM entry WHERE entry.source = source.id)
         FROM source WHERE active = 1 ORDER BY id",
        &[],
        |row| Ok((row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?, row.get(2)?)),
    )
}
