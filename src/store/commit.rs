//! What changes the store: a visit's record, a withdrawal, the end of old entries.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params};
use uuid::Uuid;

use super::rows::{hash, id16, micros, more, time};
use super::schedule::{put_state, source_id};
use super::{StoreError, pictures, read};
use crate::model::{Arrival, Committed, Entry, EntryId, Judge, KeyKind, PollRecord, SourceId, StoryId};

/// Entries that share one key with an arrival: the newest are looked at.
const PER_KEY: i64 = 16;
/// Entries that an arrival is compared with in all.
const CANDIDATES: usize = 64;
/// Members of a story that may lead it; more copies of one article add nothing.
const LEADS: usize = 64;
/// Rows of the change log that are kept for processes that fell behind.
const CHANGES: i64 = 10_000;

/// Writes a visit.
pub(super) fn commit(tx: &Transaction<'_>, record: &PollRecord, judge: &Judge) -> Result<Committed, StoreError> {
    put_state(tx, &record.source, &record.state)?;
    let mut touched = BTreeSet::new();
    for (url, facts) in &record.pictures {
        touched.extend(pictures::put(tx, Some(&record.source), url, facts)?);
    }
    let mut seen = tx.prepare_cached("UPDATE entry SET last_seen = $1 WHERE id = $2")?;
    for id in &record.seen {
        seen.execute(params![micros(record.at), id.as_bytes().as_slice()])?;
    }
    drop(seen);
    for arrival in &record.arrivals {
        for story in put(tx, arrival, record.at, judge)? {
            touched.extend(settle(tx, story, judge)?);
        }
    }
    log(tx, &touched)?;
    Ok(Committed { touched: touched.into_iter().collect() })
}

/// Writes an entry and finds its story; returns the stories whose look changed.
fn put(tx: &Transaction<'_>, arrival: &Arrival, at: DateTime<Utc>, judge: &Judge) -> Result<Vec<StoryId>, StoreError> {
    let known: Option<(i64, String, Vec<u8>)> = tx
        .prepare_cached("SELECT arrival, content_hash, story FROM entry WHERE id = $1")?
        .query_row([arrival.id.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (number, story, changed) = match known {
        Some((number, content_hash, story)) => {
            revise(tx, number, arrival, at)?;
            let changed = content_hash != arrival.content_hash;
            (number, StoryId::from_bytes(id16(story)?), changed)
        }
        None => {
            let story = StoryId::derive(&[&arrival.id.to_string()]);
            (found(tx, arrival, story, at)?, story, true)
        }
    };
    put_keys(tx, number, arrival)?;
    if !changed {
        return Ok(vec![story]);
    }
    let mut stories = same_stories(tx, arrival, judge)?;
    stories.insert(story);
    merge(tx, stories)
}

/// Writes a new entry, as a story of its own.
fn found(tx: &Transaction<'_>, arrival: &Arrival, story: StoryId, at: DateTime<Utc>) -> Result<i64, StoreError> {
    let uri = free_uri(tx, arrival)?;
    tx.prepare_cached("INSERT INTO story (id, uri, published, updated, first_seen) VALUES ($1, $2, $3, $4, $5)")?
        .execute(params![
            story.as_bytes().as_slice(),
            uri,
            micros(arrival.published),
            micros(arrival.updated),
            micros(arrival.first_seen)
        ])?;
    let facts = &arrival.facts;
    tx.prepare_cached(
        "INSERT INTO entry (id, source, native_id, uri, story, url_key, title, item_hash, content_hash, is_full_text, sketch,
                            facts, content, published, updated, first_seen, last_seen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )?
    .execute(params![
        arrival.id.as_bytes().as_slice(),
        facts.source.as_str(),
        facts.native_id,
        uri,
        story.as_bytes().as_slice(),
        own_url_key(arrival),
        facts.title,
        facts.item_hash,
        arrival.content_hash,
        facts.is_full_text,
        arrival.sketch.0,
        more(facts)?,
        facts.content.as_str(),
        micros(arrival.published),
        micros(arrival.updated),
        micros(arrival.first_seen),
        micros(at),
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Writes the next version of a known entry. Its uri and its place never change.
fn revise(tx: &Transaction<'_>, number: i64, arrival: &Arrival, at: DateTime<Utc>) -> Result<(), StoreError> {
    let facts = &arrival.facts;
    tx.prepare_cached(
        "UPDATE entry SET url_key = $1, title = $2, item_hash = $3, content_hash = $4, is_full_text = $5, sketch = $6,
                          facts = $7, content = $8, updated = max(updated, $9), last_seen = $10 WHERE arrival = $11",
    )?
    .execute(params![
        own_url_key(arrival),
        facts.title,
        facts.item_hash,
        arrival.content_hash,
        facts.is_full_text,
        arrival.sketch.0,
        more(facts)?,
        facts.content.as_str(),
        micros(arrival.updated),
        micros(at),
        number,
    ])?;
    Ok(())
}

/// The key by which the entry is found again within its source: that of its own address.
fn own_url_key(arrival: &Arrival) -> Option<i64> {
    arrival.keys.iter().find(|key| key.kind == KeyKind::Url).map(|key| hash(*key))
}

/// The uri that the arrival wants, unless another entry or story has it: no source can take over
/// the identity of another's article.
fn free_uri(tx: &Transaction<'_>, arrival: &Arrival) -> Result<String, StoreError> {
    let taken: bool = tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry WHERE uri = $1) OR EXISTS (SELECT 1 FROM story WHERE uri = $1)",
        )?
        .query_row([&arrival.uri], |row| row.get(0))?;
    if !taken {
        return Ok(arrival.uri.clone());
    }
    let own = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("entry {}", arrival.id).as_bytes());
    Ok(format!("urn:uuid:{own}"))
}

fn put_keys(tx: &Transaction<'_>, number: i64, arrival: &Arrival) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM entry_key WHERE entry = $1")?.execute([number])?;
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO entry_key (kind, hash, entry) VALUES ($1, $2, $3)")?;
    for key in &arrival.keys {
        insert.execute(params![key.kind as i64, hash(*key), number])?;
    }
    Ok(())
}

/// The stories of entries that share a key with the arrival and that the judge says are the same.
fn same_stories(tx: &Transaction<'_>, arrival: &Arrival, judge: &Judge) -> Result<BTreeSet<StoryId>, StoreError> {
    let mut numbers = BTreeSet::new();
    let mut statement =
        tx.prepare_cached("SELECT entry FROM entry_key WHERE kind = $1 AND hash = $2 ORDER BY entry DESC LIMIT $3")?;
    // The surest kinds come first, so that the bound never cuts them off.
    let mut keys = arrival.keys.clone();
    keys.sort_unstable();
    for key in keys {
        let mut rows = statement.query(params![key.kind as i64, hash(key), PER_KEY])?;
        while let Some(row) = rows.next()? {
            if numbers.len() < CANDIDATES {
                numbers.insert(row.get::<_, i64>(0)?);
            }
        }
    }
    let mut stories = BTreeSet::new();
    for number in numbers {
        for candidate in read::entries(tx, "arrival = $1", [Value::Integer(number)])? {
            if candidate.id != arrival.id
                && !stories.contains(&candidate.story)
                && (judge.same)(arrival, &candidate).same
            {
                stories.insert(candidate.story);
            }
        }
    }
    Ok(stories)
}

/// Makes several stories one: the oldest keeps its id, uri and place. Returns what is left.
fn merge(tx: &Transaction<'_>, stories: BTreeSet<StoryId>) -> Result<Vec<StoryId>, StoreError> {
    if stories.len() < 2 {
        return Ok(stories.into_iter().collect());
    }
    let mut aged = Vec::new();
    for story in stories {
        // A story that was never shown (it has no lead yet) gives way to one that readers know.
        let age: (bool, i64, i64) = tx.query_row(
            "SELECT lead IS NULL, first_seen, (SELECT min(arrival) FROM entry WHERE story = $1) FROM story WHERE id = $1",
            [story.as_bytes().as_slice()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MAX))),
        )?;
        aged.push((age, story));
    }
    aged.sort_unstable();
    let Some(((_, oldest), younger)) = aged.split_first() else { return Ok(Vec::new()) };
    for (_, story) in younger {
        let (from, to) = (story.as_bytes().as_slice(), oldest.as_bytes().as_slice());
        tx.execute("UPDATE entry SET story = $1 WHERE story = $2", [to, from])?;
        tx.execute("DELETE FROM story WHERE id = $1", [from])?;
    }
    Ok(vec![*oldest])
}

/// Chooses a story's lead anew and puts it into its places; returns the sources of its members.
fn settle(tx: &Transaction<'_>, story: StoryId, judge: &Judge) -> Result<BTreeSet<SourceId>, StoreError> {
    let id = story.as_bytes().as_slice();
    let limit = i64::try_from(LEADS).unwrap_or(i64::MAX);
    let members = read::entries(
        tx,
        "story = $1 AND withdrawn IS NULL ORDER BY arrival LIMIT $2",
        [Value::Blob(id.to_vec()), Value::Integer(limit)],
    )?;
    let mut sources: BTreeSet<SourceId> = sources_of(tx, story)?;
    sources.extend(members.iter().map(|member| member.facts.source.clone()));
    tx.prepare_cached("DELETE FROM story_source WHERE story = $1")?.execute([id])?;
    if members.is_empty() {
        tx.execute("UPDATE story SET lead = NULL WHERE id = $1", [id])?;
        return Ok(sources);
    }
    let lead = members.get((judge.lead)(&members)).or(members.first());
    let Some(lead) = lead else { return Ok(sources) };
    let updated = updated(tx, story, lead)?;
    tx.prepare_cached("UPDATE story SET lead = $1, updated = $2 WHERE id = $3")?.execute(params![
        lead.id.as_bytes().as_slice(),
        micros(updated),
        id
    ])?;
    let mut place = tx.prepare_cached(
        "INSERT OR IGNORE INTO story_source (source, published, story) SELECT $1, published, id FROM story WHERE id = $2",
    )?;
    for source in members.iter().map(|member| &member.facts.source).collect::<BTreeSet<_>>() {
        place.execute(params![source.as_str(), id])?;
    }
    Ok(sources)
}

/// When what a reader sees last changed: the lead's own time, and never earlier than was said before.
fn updated(tx: &Transaction<'_>, story: StoryId, lead: &Entry) -> Result<DateTime<Utc>, StoreError> {
    let before: i64 =
        tx.query_row("SELECT updated FROM story WHERE id = $1", [story.as_bytes().as_slice()], |row| row.get(0))?;
    Ok(time(before).max(lead.updated))
}

fn sources_of(tx: &Transaction<'_>, story: StoryId) -> Result<BTreeSet<SourceId>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT source FROM story_source WHERE story = $1")?;
    let mut rows = statement.query([story.as_bytes().as_slice()])?;
    let mut sources = BTreeSet::new();
    while let Some(row) = rows.next()? {
        sources.insert(source_id(&row.get::<_, String>(0)?)?);
    }
    Ok(sources)
}

/// Notes touched sources for whoever publishes.
pub(super) fn log(tx: &Transaction<'_>, touched: &BTreeSet<SourceId>) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached("INSERT INTO change_log (source) VALUES ($1)")?;
    for source in touched {
        insert.execute([source.as_str()])?;
    }
    if !touched.is_empty() {
        tx.execute("DELETE FROM change_log WHERE cursor <= (SELECT max(cursor) FROM change_log) - $1", [CHANGES])?;
    }
    Ok(())
}

/// Takes an entry out of everything published.
pub(super) fn withdraw(tx: &Transaction<'_>, entry: EntryId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let id = entry.as_bytes().as_slice();
    let story: Option<Vec<u8>> =
        tx.query_row("SELECT story FROM entry WHERE id = $1", [id], |row| row.get(0)).optional()?;
    let Some(story) = story else { return Ok(false) };
    let story = StoryId::from_bytes(id16(story)?);
    let mut touched = sources_of(tx, story)?;
    tx.execute("UPDATE entry SET withdrawn = $1 WHERE id = $2 AND withdrawn IS NULL", params![micros(now), id])?;
    touched.extend(settle(tx, story, &first_leads())?);
    log(tx, &touched)?;
    Ok(true)
}

/// Deletes old entries that their sources no longer list.
pub(super) fn expire(tx: &Transaction<'_>, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT arrival, story FROM entry WHERE published < $1 AND last_seen < $1 ORDER BY published LIMIT 5000",
    )?;
    let rows = statement
        .query_map([micros(before)], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    let (mut stories, mut touched) = (BTreeSet::new(), BTreeSet::new());
    for (number, story) in &rows {
        tx.prepare_cached("DELETE FROM entry WHERE arrival = $1")?.execute([number])?;
        stories.insert(StoryId::from_bytes(id16(story.clone())?));
    }
    for story in stories {
        touched.extend(sources_of(tx, story)?);
        touched.extend(settle(tx, story, &first_leads())?);
        tx.prepare_cached("DELETE FROM story WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM entry WHERE story = $1)")?
            .execute([story.as_bytes().as_slice()])?;
    }
    log(tx, &touched)?;
    Ok(rows.len() as u64)
}

/// Where no judge is at hand, what arrived first leads.
fn first_leads() -> Judge {
    Judge {
        same: std::sync::Arc::new(|_, _| crate::model::Verdict { same: false, likeness: 0.0, reason: String::new() }),
        lead: std::sync::Arc::new(|_| 0),
    }
}
