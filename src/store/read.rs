//! Questions to the store that change nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};
use url::Url;

use super::rows::{self, ENTRY, id16, time, url_key};
use super::schedule::source_id;
use super::{Neighbours, StoreError, StoryQuery, join, pictures};
use crate::model::{Dedupe, Entry, EntryId, Known, Lookup, SourceId, Story, StoryId, StoryMember};

/// Places of a source list: SQLite takes 32,766 parameters, and feeds have few sources.
pub(super) const SOURCES: usize = 1000;

/// Entries of a source by id or address.
pub(super) fn known(tx: &Transaction<'_>, source: &SourceId, lookups: &[Lookup]) -> Result<Vec<Known>, StoreError> {
    let columns =
        "id, native_id, url_key, title, item_hash, content_hash, published, updated, first_seen, is_full_text";
    let mut by_id = tx.prepare_cached(&format!("SELECT {columns} FROM entry WHERE source = $1 AND native_id = $2"))?;
    let mut by_url = tx.prepare_cached(&format!(
        "SELECT {columns} FROM entry WHERE source = $1 AND url_key = $2 ORDER BY arrival DESC LIMIT 8"
    ))?;
    let mut by_text = tx.prepare_cached(&format!(
        "SELECT {columns} FROM entry WHERE source = $1 AND arrival IN
           (SELECT entry FROM entry_key WHERE kind = $2 AND hash = $3 ORDER BY entry DESC LIMIT 64) LIMIT 8"
    ))?;
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for lookup in lookups {
        if let Some(text) = lookup.text {
            let mut rows = by_text.query(params![source.as_str(), text.kind as i64, rows::hash(text)])?;
            while let Some(row) = rows.next()? {
                let known = Known { text: Some(text), ..known_row(row)? };
                if seen.insert(known.id) {
                    found.push(known);
                }
            }
        }
        let mut rows = by_id.query(params![source.as_str(), lookup.native_id])?;
        while let Some(row) = rows.next()? {
            let known = known_row(row)?;
            if seen.insert(known.id) {
                found.push(known);
            }
        }
        let Some(url) = lookup.url else { continue };
        let mut rows = by_url.query(params![source.as_str(), rows::hash(url)])?;
        while let Some(row) = rows.next()? {
            let known = known_row(row)?;
            if seen.insert(known.id) {
                found.push(known);
            }
        }
    }
    Ok(found)
}

fn known_row(row: &rusqlite::Row<'_>) -> Result<Known, StoreError> {
    Ok(Known {
        id: EntryId::from_bytes(id16(row.get(0)?)?),
        native_id: row.get(1)?,
        url: url_key(row.get(2)?),
        text: None,
        title: row.get(3)?,
        item_hash: row.get(4)?,
        content_hash: row.get(5)?,
        published: time(row.get(6)?),
        updated: time(row.get(7)?),
        first_seen: time(row.get(8)?),
        is_full_text: row.get(9)?,
    })
}

/// A stretch of stories of some sources. Each source's stories lie in the order of the feed, so
/// the newest of each are taken and merged; the cost depends on the limit, not on the store.
pub(super) fn stories(tx: &Transaction<'_>, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
    if query.dedupe != Dedupe::Near {
        return parts(tx, query);
    }
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let (before, story) = match query.before {
        Some((published, story)) => (rows::micros(published), story.as_bytes().to_vec()),
        None => (i64::MAX, Vec::new()),
    };
    let mut statement = tx.prepare_cached(
        "SELECT published, story FROM story_source
         WHERE source = $1 AND (published, story) < ($2, $3)
         ORDER BY published DESC, story DESC LIMIT $4",
    )?;
    let mut places = BTreeSet::new();
    for source in query.sources.iter().take(SOURCES) {
        let mut rows = statement.query(params![source.as_str(), before, story, limit])?;
        while let Some(row) = rows.next()? {
            let id = StoryId::from_bytes(id16(row.get(1)?)?);
            places.insert((Reverse(row.get::<_, i64>(0)?), Reverse(id)));
        }
    }
    let stories = places.into_iter().take(query.limit).filter_map(|(_, id)| load_story(tx, id.0).transpose());
    stories.filter_map(|story| story.and_then(|story| seen_from(tx, story, &query.sources)).transpose()).collect()
}

/// One story as those see it who may see these sources; None when nothing of it is theirs.
pub(super) fn story(
    tx: &Transaction<'_>,
    id: StoryId,
    sources: &BTreeSet<SourceId>,
) -> Result<Option<Story>, StoreError> {
    match load_story(tx, id)? {
        Some(story) => seen_from(tx, story, sources),
        None => Ok(None),
    }
}

/// As [`stories`], of stories that are split: each entry, or each group of entries that are one to the word,
/// by itself. Of a group the first that these sources have stands in its place.
fn parts(tx: &Transaction<'_>, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let (before, part) = match query.before {
        Some((published, part)) => (rows::micros(published), part.as_bytes().to_vec()),
        None => (i64::MAX, Vec::new()),
    };
    let exact = query.dedupe == Dedupe::Exact;
    let theirs: Vec<&str> = if exact { query.sources.iter().map(SourceId::as_str).collect() } else { Vec::new() };
    let mut statement = tx.prepare_cached(
        "SELECT published, id, arrival, twin FROM entry
         WHERE source = $1 AND withdrawn IS NULL AND (published, id) < ($2, $3)
           AND NOT EXISTS (
             SELECT 1 FROM entry AS first
             WHERE first.story = entry.story AND (first.twin = entry.twin OR first.arrival = entry.twin)
               AND first.arrival < entry.arrival AND first.withdrawn IS NULL
               AND first.source IN (SELECT value FROM json_each($4)))
         ORDER BY published DESC, id DESC LIMIT $5",
    )?;
    let theirs = serde_json::to_string(&theirs)?;
    let mut places = BTreeMap::new();
    for source in query.sources.iter().take(SOURCES) {
        let mut rows = statement.query(params![source.as_str(), before, part, theirs, limit])?;
        while let Some(row) = rows.next()? {
            let id = EntryId::from_bytes(id16(row.get(1)?)?);
            let number: i64 = row.get(2)?;
            let first = if exact { row.get::<_, Option<i64>>(3)?.unwrap_or(number) } else { number };
            places.insert((Reverse(row.get::<_, i64>(0)?), Reverse(id)), (first, exact));
        }
    }
    let parts = places.into_iter().take(query.limit).map(|((_, Reverse(id)), (first, exact))| {
        let first = exact.then_some(first);
        part_of(tx, id, first, &query.sources)
    });
    parts.filter_map(Result::transpose).collect()
}

/// An entry by itself, or with those of its story that are one with `first` to the word.
pub(super) fn part_of(
    tx: &Transaction<'_>,
    id: EntryId,
    first: Option<i64>,
    sources: &BTreeSet<SourceId>,
) -> Result<Option<Story>, StoreError> {
    let Some(own) = entry(tx, id)? else { return Ok(None) };
    let (mut uri, mut updated) = (own.uri.clone(), own.updated);
    let (mut lead, mut members) = (own.clone(), vec![member(&own)]);
    if let Some(first) = first {
        let mut statement = tx.prepare_cached("SELECT uri FROM entry WHERE arrival = $1")?;
        uri = statement.query_row([first], |row| row.get(0)).optional()?.unwrap_or(uri);
        // A copy that comes in is no change; one that is revised is.
        let revised: Option<i64> = tx
            .prepare_cached(
                "SELECT max(updated) FROM entry
                 WHERE story = $1 AND withdrawn IS NULL AND (arrival = $2 OR twin = $2) AND updated > published",
            )?
            .query_row(params![own.story.as_bytes().as_slice(), first], |row| row.get(0))?;
        updated = updated.max(revised.map_or(updated, time));
        members = self::members(tx, own.story, Some(first))?;
        members.retain(|member| sources.contains(&member.source));
        // The words are the same, so that whoever leads the story may lead here.
        let chosen: Option<Vec<u8>> = tx
            .prepare_cached("SELECT lead FROM story WHERE id = $1")?
            .query_row([own.story.as_bytes().as_slice()], |row| row.get(0))
            .optional()?
            .flatten();
        let chosen = chosen.map(id16).transpose()?.map(EntryId::from_bytes);
        if let Some(chosen) = chosen.filter(|chosen| members.iter().any(|member| member.entry == *chosen)) {
            lead = entry(tx, chosen)?.unwrap_or(lead);
        }
    }
    Ok(Some(Story {
        id: StoryId::from_bytes(*id.as_bytes()),
        uri,
        published: own.published,
        updated,
        first_seen: own.first_seen,
        lead,
        members,
    }))
}

fn member(entry: &Entry) -> StoryMember {
    StoryMember {
        entry: entry.id,
        source: entry.facts.source.clone(),
        url: entry.facts.url.clone(),
        title: entry.facts.title.clone(),
    }
}

/// A story as those see it who may see these sources only: one of their entries leads, and no other
/// place is named. None when none of its entries is theirs.
fn seen_from(
    tx: &Transaction<'_>,
    mut story: Story,
    sources: &BTreeSet<SourceId>,
) -> Result<Option<Story>, StoreError> {
    story.members.retain(|member| sources.contains(&member.source));
    if sources.contains(&story.lead.facts.source) {
        return Ok(Some(story));
    }
    let Some(first) = story.members.first() else { return Ok(None) };
    let Some(lead) = entry(tx, first.entry)? else { return Ok(None) };
    story.lead = lead;
    Ok(Some(story))
}

/// The story that an entry belongs to, as those see it who may see `sources`; None for all.
pub(super) fn story_of(
    tx: &Transaction<'_>,
    entry: EntryId,
    sources: Option<&BTreeSet<SourceId>>,
) -> Result<Option<Story>, StoreError> {
    let story: Option<Vec<u8>> = tx
        .query_row(
            "SELECT story FROM entry WHERE id = $1 AND withdrawn IS NULL",
            [entry.as_bytes().as_slice()],
            |row| row.get(0),
        )
        .optional()?;
    match story {
        Some(bytes) => match (load_story(tx, StoryId::from_bytes(id16(bytes)?))?, sources) {
            (Some(story), Some(sources)) => seen_from(tx, story, sources),
            (story, _) => Ok(story),
        },
        None => Ok(None),
    }
}

/// A story with its lead and members; None when all of it is withdrawn.
fn load_story(tx: &Transaction<'_>, id: StoryId) -> Result<Option<Story>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT uri, published, updated, first_seen, lead FROM story WHERE id = $1 AND lead IS NOT NULL",
    )?;
    let row = statement
        .query_row([id.as_bytes().as_slice()], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get::<_, Vec<u8>>(4)?))
        })
        .optional()?;
    let Some((uri, published, updated, first_seen, lead)) = row else { return Ok(None) };
    let Some(lead) = entry(tx, EntryId::from_bytes(id16(lead)?))? else { return Ok(None) };
    let members = members(tx, id, None)?;
    Ok(Some(Story {
        id,
        uri,
        published: time(published),
        updated: time(updated),
        first_seen: time(first_seen),
        lead,
        members,
    }))
}

/// The places of a story, in the order of arrival; only those that are one with `twin` to the word, if given.
fn members(tx: &Transaction<'_>, story: StoryId, twin: Option<i64>) -> Result<Vec<StoryMember>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT id, source, title, json_extract(facts, '$.url') FROM entry
         WHERE story = $1 AND withdrawn IS NULL AND ($2 IS NULL OR arrival = $2 OR twin = $2) ORDER BY arrival",
    )?;
    let mut rows = statement.query(params![story.as_bytes().as_slice(), twin])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(StoryMember {
            entry: EntryId::from_bytes(id16(row.get(0)?)?),
            source: source_id(&row.get::<_, String>(1)?)?,
            title: row.get(2)?,
            url: row.get::<_, Option<String>>(3)?.and_then(|url| Url::parse(&url).ok()),
        });
    }
    Ok(members)
}

/// One entry, its pictures as they were found to be.
pub(super) fn entry(tx: &Transaction<'_>, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let mut found = entries(tx, "id = $1", [Value::Blob(id.as_bytes().to_vec())])?;
    let Some(mut entry) = found.pop() else { return Ok(None) };
    pictures::make_true(tx, &mut entry.facts.enclosures)?;
    Ok(Some(entry))
}

/// Entries by a condition.
pub(super) fn entries(
    tx: &Transaction<'_>,
    condition: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = tx.prepare_cached(&format!("SELECT {ENTRY} FROM entry WHERE {condition}"))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(rows::entry(row)?);
    }
    Ok(entries)
}

/// Entries after a number, each with the earlier ones it would be compared with.
pub(super) fn neighbours(tx: &Transaction<'_>, after: i64, limit: usize) -> Result<Vec<Neighbours>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = tx.prepare_cached("SELECT arrival FROM entry WHERE arrival > $1 ORDER BY arrival LIMIT $2")?;
    let numbers = statement.query_map([after, limit], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let by_number = |number: i64| -> Result<Option<Entry>, StoreError> {
        Ok(entries(tx, "arrival = $1", [Value::Integer(number)])?.pop())
    };
    let mut all = Vec::with_capacity(numbers.len());
    for number in numbers {
        let Some(entry) = by_number(number)? else { continue };
        let found = join::candidates(tx, &join::keys_of(tx, number)?, Some(number), number)?;
        let earlier = found.into_iter().filter_map(|number| by_number(number).transpose()).collect::<Result<_, _>>()?;
        all.push(Neighbours { number, entry, earlier });
    }
    Ok(all)
}

/// Sources touched after a cursor.
pub(super) fn changes_after(tx: &Transaction<'_>, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError> {
    let mut statement = tx.prepare_cached("SELECT cursor, source FROM change_log WHERE cursor > $1 ORDER BY cursor")?;
    let mut rows = statement.query([cursor])?;
    let (mut sources, mut last) = (BTreeSet::new(), cursor);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        sources.insert(source_id(&row.get::<_, String>(1)?)?);
    }
    Ok((sources, last))
}
