//! What changes the store: a visit's record, a withdrawal, the end of old entries.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::join::{self, settle, sources_of};
use super::rows::{self, hash, more};
use super::schedule::put_state;
use super::sql::{Sql, values};
use super::{StoreError, pictures};
use crate::model::{Arrival, Committed, EntryId, Judge, Key, KeyKind, PollRecord, SourceId, StoryId};

/// Rows of the change log that are kept for processes that fell behind.
const CHANGES: i64 = 10_000;
/// How exactly it is known when an entry was last seen: a finer mark would write every entry that a source
/// lists at each visit.
const SEEN: TimeDelta = TimeDelta::hours(6);
/// When an entry's page is asked for the first time, to see whether it is still there.
const RECHECK: TimeDelta = TimeDelta::hours(1);
/// Old entries deleted at once.
const EXPIRED: i64 = 5000;

/// Writes a visit.
pub(super) fn commit(tx: &dyn Sql, record: &PollRecord, judge: &Judge) -> Result<Committed, StoreError> {
    put_state(tx, &record.source, &record.state)?;
    let mut touched = BTreeSet::new();
    for (url, facts) in &record.pictures {
        touched.extend(pictures::put(tx, Some(&record.source), url, facts)?);
    }
    let long_ago = record.at - SEEN;
    let seen: Vec<_> = record.seen.iter().map(|id| values![record.at, id, long_ago]).collect();
    tx.execute_each("UPDATE entry SET last_seen = $1 WHERE id = $2 AND last_seen < $3", &seen)?;
    for arrival in &record.arrivals {
        touched.extend(put(tx, arrival, record.at, judge)?);
    }
    log(tx, &touched)?;
    Ok(Committed { touched: touched.into_iter().collect() })
}

/// Writes an entry and finds its story; returns the sources whose feeds change.
fn put(tx: &dyn Sql, arrival: &Arrival, at: DateTime<Utc>, judge: &Judge) -> Result<BTreeSet<SourceId>, StoreError> {
    let known = join::known(tx, arrival)?;
    let number = known.as_ref().map(|(number, ..)| *number);
    let own = known.as_ref().map(|(.., story)| *story);
    let changed = known.as_ref().is_none_or(|(_, content_hash, _)| *content_hash != arrival.content_hash);
    let mut kin = if changed { join::kin(tx, arrival, number, judge)? } else { join::Kin::default() };
    kin.stories.extend(own);
    let story = join::merge(tx, &kin.stories)?;
    let (number, story) = match (number, story) {
        (Some(number), Some(story)) => {
            revise(tx, number, arrival, at)?;
            (number, story)
        }
        (_, Some(story)) => {
            let number = insert(tx, arrival, story, &free_uri(tx, arrival)?, at)?;
            join::follow(tx, story, number)?;
            (number, story)
        }
        (_, None) => {
            let uri = free_uri(tx, arrival)?;
            let story = join::found(tx, arrival, &uri)?;
            insert(tx, arrival, story, &uri, at)?;
            return Ok([arrival.facts.source.clone()].into());
        }
    };
    join::twin(tx, story, number, kin.twins)?;
    settle(tx, story, changed.then_some(arrival.id), judge)
}

/// Writes a new entry.
fn insert(tx: &dyn Sql, arrival: &Arrival, story: StoryId, uri: &str, at: DateTime<Utc>) -> Result<i64, StoreError> {
    let facts = &arrival.facts;
    let number = tx.one(
        "INSERT INTO entry (id, source, native_id, uri, story, url_key, title, item_hash, content_hash, is_full_text, sketch,
                            facts, content, published, updated, first_seen, last_seen, recheck)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         RETURNING arrival",
        &values![
            &arrival.id,
            &facts.source,
            &facts.native_id,
            uri,
            &story,
            own_url_key(arrival),
            &facts.title,
            &facts.item_hash,
            &arrival.content_hash,
            facts.is_full_text,
            arrival.sketch.0.as_slice(),
            more(facts)?,
            facts.content.as_str(),
            arrival.published,
            arrival.updated,
            arrival.first_seen,
            at,
            facts.url.as_ref().map(|_| arrival.first_seen + RECHECK),
        ],
        |row| row.get(0),
    )?;
    add_keys(tx, number, &arrival.keys)?;
    pictures::name(tx, number, facts)?;
    Ok(number)
}

/// Writes the next version of a known entry. Its uri and its place never change; the id by which its
/// source knows it may.
fn revise(tx: &dyn Sql, number: i64, arrival: &Arrival, at: DateTime<Utc>) -> Result<(), StoreError> {
    let facts = &arrival.facts;
    tx.execute(
        "UPDATE entry SET url_key = $1, title = $2, item_hash = $3, content_hash = $4, is_full_text = $5, sketch = $6,
                          facts = $7, content = $8, updated = CASE WHEN updated < $9 THEN $9 ELSE updated END,
                          last_seen = $10,
                          revised = CASE WHEN content_hash = $4 THEN revised
                                         ELSE (SELECT max(arrival) + 1 FROM entry) END
         WHERE arrival = $11",
        &values![
            own_url_key(arrival),
            &facts.title,
            &facts.item_hash,
            &arrival.content_hash,
            facts.is_full_text,
            arrival.sketch.0.as_slice(),
            more(facts)?,
            facts.content.as_str(),
            arrival.updated,
            at,
            number,
        ],
    )?;
    tx.execute(
        "UPDATE entry SET native_id = $1 WHERE arrival = $2 AND native_id <> $1
         AND NOT EXISTS (SELECT 1 FROM entry WHERE source = $3 AND native_id = $1)",
        &values![&facts.native_id, number, &facts.source],
    )?;
    let (mut gone, mut added) = (join::keys_of(tx, number)?, arrival.keys.clone());
    added.retain(|key| !gone.contains(key));
    gone.retain(|key| !arrival.keys.contains(key));
    let gone: Vec<_> = gone.iter().map(|key| values![key.kind as i64, hash(*key), number]).collect();
    tx.execute_each("DELETE FROM entry_key WHERE kind = $1 AND hash = $2 AND entry = $3", &gone)?;
    add_keys(tx, number, &added)?;
    pictures::name(tx, number, facts)
}

fn add_keys(tx: &dyn Sql, number: i64, keys: &[Key]) -> Result<(), StoreError> {
    let keys: Vec<_> = keys.iter().map(|key| values![key.kind as i64, hash(*key), number]).collect();
    tx.execute_each(
        "INSERT INTO entry_key (kind, hash, entry) VALUES ($1, $2, $3) ON CONFLICT (kind, hash, entry) DO NOTHING",
        &keys,
    )
}

/// The key by which the entry is found again within its source: that of its own address.
fn own_url_key(arrival: &Arrival) -> Option<i64> {
    arrival.keys.iter().find(|key| key.kind == KeyKind::Url).map(|key| hash(*key))
}

/// The uri that the arrival wants, unless another entry or story has it: no source can take over
/// the identity of another's article.
fn free_uri(tx: &dyn Sql, arrival: &Arrival) -> Result<String, StoreError> {
    let taken: bool = tx.one(
        "SELECT EXISTS (SELECT 1 FROM entry WHERE uri = $1) OR EXISTS (SELECT 1 FROM story WHERE uri = $1)",
        &values![&arrival.uri],
        |row| row.get(0),
    )?;
    if !taken {
        return Ok(arrival.uri.clone());
    }
    let own = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("entry {}", arrival.id).as_bytes());
    Ok(format!("urn:uuid:{own}"))
}

/// Notes touched sources for whoever publishes.
pub(super) fn log(tx: &dyn Sql, touched: &BTreeSet<SourceId>) -> Result<(), StoreError> {
    if touched.is_empty() {
        return Ok(());
    }
    let touched: Vec<_> = touched.iter().map(|source| values![source]).collect();
    tx.execute_each("INSERT INTO change_log (source) VALUES ($1)", &touched)?;
    tx.execute("DELETE FROM change_log WHERE cursor <= (SELECT max(cursor) FROM change_log) - $1", &values![CHANGES])?;
    Ok(())
}

/// Takes an entry out of everything published.
pub(super) fn withdraw(tx: &dyn Sql, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let story = tx.first("SELECT story FROM entry WHERE id = $1", &values![&entry], |row| row.get(0))?;
    let Some(story) = story else { return Ok(false) };
    let mut touched = sources_of(tx, story)?;
    tx.execute("UPDATE entry SET withdrawn = $1 WHERE id = $2 AND withdrawn IS NULL", &values![now, &entry])?;
    touched.extend(settle(tx, story, None, &first_leads())?);
    log(tx, &touched)?;
    Ok(true)
}

/// Takes the article of an entry out of everything published, with all its copies.
pub(super) fn withdraw_story(tx: &dyn Sql, entry: EntryId, now: DateTime<Utc>) -> Result<Vec<EntryId>, StoreError> {
    let story = tx.first("SELECT story FROM entry WHERE id = $1", &values![&entry], |row| row.get(0))?;
    let Some(story) = story else { return Ok(Vec::new()) };
    let mut touched = sources_of(tx, story)?;
    tx.execute("UPDATE entry SET withdrawn = $1 WHERE story = $2 AND withdrawn IS NULL", &values![now, &story])?;
    tx.execute("UPDATE story SET withdrawn = $1 WHERE id = $2 AND withdrawn IS NULL", &values![now, &story])?;
    touched.extend(settle(tx, story, None, &first_leads())?);
    log(tx, &touched)?;
    tx.all("SELECT id FROM entry WHERE story = $1 ORDER BY arrival", &values![&story], |row| row.get(0))
}

/// Deletes old entries that their sources no longer list. A story goes as a whole: its first entry has the
/// identity of the others.
pub(super) fn expire(tx: &dyn Sql, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let sources: Vec<SourceId> = tx.all("SELECT id FROM source", &[], |row| row.get(0))?;
    let (mut deleted, mut stories, mut touched) = (0, BTreeSet::new(), BTreeSet::new());
    for source in sources {
        let old = tx.all(
            "SELECT arrival, story FROM entry
             WHERE source = $1 AND published < $2 AND last_seen < $2 AND NOT EXISTS (
                 SELECT 1 FROM entry AS other
                 WHERE other.story = entry.story AND (other.published >= $2 OR other.last_seen >= $2))
             ORDER BY published LIMIT $3",
            &values![&source, before, EXPIRED],
            |row| Ok((row.get::<i64>(0)?, row.get::<StoryId>(1)?)),
        )?;
        let numbers: Vec<_> = old.iter().map(|(number, _)| values![*number]).collect();
        let query = format!("SELECT {} FROM entry WHERE arrival = $1", rows::ENTRY);
        let entries = tx.all_of(&query, &numbers, |_, row| rows::entry(row))?;
        tx.execute_each("DELETE FROM entry WHERE arrival = $1", &numbers)?;
        pictures::forget(tx, &entries.iter().flat_map(|entry| pictures::named(&entry.facts)).collect())?;
        deleted += old.len() as u64;
        stories.extend(old.into_iter().map(|(_, story)| story));
    }
    for story in stories {
        touched.extend(sources_of(tx, story)?);
        touched.extend(settle(tx, story, None, &first_leads())?);
        tx.execute(
            "DELETE FROM story WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM entry WHERE story = $1)",
            &values![&story],
        )?;
    }
    log(tx, &touched)?;
    Ok(deleted)
}

/// Where no judge is at hand, what arrived first leads.
fn first_leads() -> Judge {
    Judge {
        same: std::sync::Arc::new(|_, _| crate::model::Verdict {
            same: false,
            exact: false,
            likeness: 0.0,
            reason: String::new(),
        }),
        lead: std::sync::Arc::new(|_| 0),
    }
}
