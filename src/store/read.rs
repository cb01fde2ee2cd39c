//! Questions to the store that change nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::rows::{self, ENTRY, url_key};
use super::sql::{Row, Sql, Value, values};
use super::{Neighbours, StoreError, StoryQuery, join, pictures};
use crate::model::{Dedupe, Entry, EntryId, Known, Lookup, SourceId, Story, StoryId, StoryMember};

/// Sources of one question: feeds have few.
pub(super) const SOURCES: usize = 1000;

/// Entries of a source by id, address or text.
pub(super) fn known(tx: &dyn Sql, source: &SourceId, lookups: &[Lookup]) -> Result<Vec<Known>, StoreError> {
    let columns =
        "id, native_id, url_key, title, item_hash, content_hash, published, updated, first_seen, is_full_text";
    let by_text: Vec<_> = lookups.iter().enumerate().filter_map(|(at, lookup)| Some((at, lookup.text?))).collect();
    let by_url: Vec<_> = lookups.iter().enumerate().filter_map(|(at, lookup)| Some((at, lookup.url?))).collect();
    let texts: Vec<_> = by_text.iter().map(|(_, key)| values![source, key.kind as i64, rows::hash(*key)]).collect();
    let ids: Vec<_> = lookups.iter().map(|lookup| values![source, &lookup.native_id]).collect();
    let urls: Vec<_> = by_url.iter().map(|(_, key)| values![source, rows::hash(*key)]).collect();
    // By lookup, and of one lookup first by text, then by id, then by address.
    let mut found: BTreeMap<(usize, u8), Vec<Known>> = BTreeMap::new();
    let texts = tx.all_of(
        &format!(
            "SELECT {columns} FROM entry WHERE source = $1 AND arrival IN
               (SELECT entry FROM entry_key WHERE kind = $2 AND hash = $3 ORDER BY entry DESC LIMIT 64) LIMIT 8"
        ),
        &texts,
        |set, row| Ok((set, known_row(row)?)),
    )?;
    for (set, known) in texts {
        let Some((at, text)) = by_text.get(set) else { continue };
        found.entry((*at, 0)).or_default().push(Known { text: Some(*text), ..known });
    }
    let ids =
        tx.all_of(&format!("SELECT {columns} FROM entry WHERE source = $1 AND native_id = $2"), &ids, |set, row| {
            Ok((set, known_row(row)?))
        })?;
    for (at, known) in ids {
        found.entry((at, 1)).or_default().push(known);
    }
    let urls = tx.all_of(
        &format!("SELECT {columns} FROM entry WHERE source = $1 AND url_key = $2 ORDER BY arrival DESC LIMIT 8"),
        &urls,
        |set, row| Ok((set, known_row(row)?)),
    )?;
    for (set, known) in urls {
        let Some((at, _)) = by_url.get(set) else { continue };
        found.entry((*at, 2)).or_default().push(known);
    }
    let mut seen = BTreeSet::new();
    Ok(found.into_values().flatten().filter(|known| seen.insert(known.id)).collect())
}

fn known_row(row: &dyn Row) -> Result<Known, StoreError> {
    Ok(Known {
        id: row.get(0)?,
        native_id: row.get(1)?,
        url: url_key(row.get(2)?),
        text: None,
        title: row.get(3)?,
        item_hash: row.get(4)?,
        content_hash: row.get(5)?,
        published: row.get(6)?,
        updated: row.get(7)?,
        first_seen: row.get(8)?,
        is_full_text: row.get(9)?,
    })
}

/// A stretch of stories of some sources. Each source's stories lie in the order of the feed, so
/// the newest of each are taken and merged; the cost depends on the limit, not on the store.
pub(super) fn stories(tx: &dyn Sql, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
    if query.dedupe != Dedupe::Near {
        return parts(tx, query);
    }
    let (before, story) = match &query.before {
        Some((published, story)) => (Value::from(*published), Value::from(story)),
        None => (Value::Integer(i64::MAX), Value::Bytes(&[])),
    };
    let each = |source| [Value::from(source), before.clone(), story.clone(), query.limit.into()];
    let sets: Vec<_> = query.sources.iter().take(SOURCES).map(each).collect();
    let places = tx.all_of(
        "SELECT published, story FROM story_source
         WHERE source = $1 AND (published, story) < ($2, $3)
         ORDER BY published DESC, story DESC LIMIT $4",
        &sets,
        |_, row| Ok((Reverse(row.get::<i64>(0)?), Reverse(row.get::<StoryId>(1)?))),
    )?;
    let places: BTreeSet<_> = places.into_iter().collect();
    let stories = places.into_iter().take(query.limit).filter_map(|(_, id)| load_story(tx, id.0).transpose());
    stories.filter_map(|story| story.and_then(|story| seen_from(tx, story, &query.sources)).transpose()).collect()
}

/// One story as those see it who may see these sources; None when nothing of it is theirs.
pub(super) fn story(tx: &dyn Sql, id: StoryId, sources: &BTreeSet<SourceId>) -> Result<Option<Story>, StoreError> {
    match load_story(tx, id)? {
        Some(story) => seen_from(tx, story, sources),
        None => Ok(None),
    }
}

/// As [`stories`], of stories that are split: each entry, or each group of entries that are one to the word,
/// by itself. Of a group the first that these sources have stands in its place.
fn parts(tx: &dyn Sql, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
    let (before, part) = match &query.before {
        Some((published, part)) => (Value::from(*published), Value::from(part)),
        None => (Value::Integer(i64::MAX), Value::Bytes(&[])),
    };
    let exact = query.dedupe == Dedupe::Exact;
    let theirs: Vec<&str> = if exact { query.sources.iter().map(SourceId::as_str).collect() } else { Vec::new() };
    let theirs = serde_json::to_string(&theirs)?;
    let each = |source| [source, before.clone(), part.clone(), Value::from(&theirs), query.limit.into()];
    let sets: Vec<_> = query.sources.iter().take(SOURCES).map(|source| each(Value::from(source))).collect();
    let listed = tx.dialect().listed("$4");
    let found = tx.all_of(
        &format!(
            "SELECT published, id, arrival, twin FROM entry
             WHERE source = $1 AND withdrawn IS NULL AND (published, id) < ($2, $3)
               AND NOT EXISTS (
                 SELECT 1 FROM entry AS first
                 WHERE first.story = entry.story AND (first.twin = entry.twin OR first.arrival = entry.twin)
                   AND first.arrival < entry.arrival AND first.withdrawn IS NULL
                   AND first.source IN ({listed}))
             ORDER BY published DESC, id DESC LIMIT $5"
        ),
        &sets,
        |_, row| {
            let (number, twin): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
            let first = if exact { twin.unwrap_or(number) } else { number };
            Ok(((Reverse(row.get::<i64>(0)?), Reverse(row.get::<EntryId>(1)?)), first))
        },
    )?;
    let places: BTreeMap<_, _> = found.into_iter().collect();
    let parts = places.into_iter().take(query.limit).map(|((_, Reverse(id)), first)| {
        let first = exact.then_some(first);
        part_of(tx, id, first, &query.sources)
    });
    parts.filter_map(Result::transpose).collect()
}

/// An entry by itself, or with those of its story that are one with `first` to the word.
pub(super) fn part_of(
    tx: &dyn Sql,
    id: EntryId,
    first: Option<i64>,
    sources: &BTreeSet<SourceId>,
) -> Result<Option<Story>, StoreError> {
    let Some(own) = entry(tx, id)? else { return Ok(None) };
    let (mut uri, mut updated) = (own.uri.clone(), own.updated);
    let (mut lead, mut members) = (own.clone(), vec![member(&own)]);
    if let Some(first) = first {
        uri = tx.first("SELECT uri FROM entry WHERE arrival = $1", &values![first], |row| row.get(0))?.unwrap_or(uri);
        // A copy that comes in is no change; one that is revised is.
        let revised: Option<DateTime<Utc>> = tx.one(
            "SELECT max(updated) FROM entry
             WHERE story = $1 AND withdrawn IS NULL AND (arrival = $2 OR twin = $2) AND updated > published",
            &values![&own.story, first],
            |row| row.get(0),
        )?;
        updated = updated.max(revised.unwrap_or(updated));
        members = self::members(tx, own.story, Some(first))?;
        members.retain(|member| sources.contains(&member.source));
        // The words are the same, so that whoever leads the story may lead here.
        let chosen: Option<EntryId> =
            tx.first("SELECT lead FROM story WHERE id = $1", &values![&own.story], |row| row.get(0))?.flatten();
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
fn seen_from(tx: &dyn Sql, mut story: Story, sources: &BTreeSet<SourceId>) -> Result<Option<Story>, StoreError> {
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
    tx: &dyn Sql,
    entry: EntryId,
    sources: Option<&BTreeSet<SourceId>>,
) -> Result<Option<Story>, StoreError> {
    let story =
        tx.first("SELECT story FROM entry WHERE id = $1 AND withdrawn IS NULL", &values![&entry], |row| row.get(0))?;
    match story {
        Some(id) => match (load_story(tx, id)?, sources) {
            (Some(story), Some(sources)) => seen_from(tx, story, sources),
            (story, _) => Ok(story),
        },
        None => Ok(None),
    }
}

/// A story with its lead and members; None when all of it is withdrawn.
fn load_story(tx: &dyn Sql, id: StoryId) -> Result<Option<Story>, StoreError> {
    let found = tx.first(
        "SELECT uri, published, updated, first_seen, lead FROM story WHERE id = $1 AND lead IS NOT NULL",
        &values![&id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let Some((uri, published, updated, first_seen, lead)) = found else { return Ok(None) };
    let Some(lead) = entry(tx, lead)? else { return Ok(None) };
    let members = members(tx, id, None)?;
    Ok(Some(Story { id, uri, published, updated, first_seen, lead, members }))
}

/// The places of a story, in the order of arrival; only those that are one with `twin` to the word, if given.
fn members(tx: &dyn Sql, story: StoryId, twin: Option<i64>) -> Result<Vec<StoryMember>, StoreError> {
    tx.all(
        "SELECT id, source, title, facts FROM entry
         WHERE story = $1 AND withdrawn IS NULL AND (arrival = $2 OR twin = $2 OR $2 IS NULL) ORDER BY arrival",
        &values![&story, twin],
        |row| {
            Ok(StoryMember {
                entry: row.get(0)?,
                source: row.get(1)?,
                title: row.get(2)?,
                url: rows::url_of(&row.get::<String>(3)?),
            })
        },
    )
}

/// One entry, its pictures as they were found to be.
pub(super) fn entry(tx: &dyn Sql, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let mut found = entries(tx, "id = $1", &values![&id])?;
    let Some(mut entry) = found.pop() else { return Ok(None) };
    pictures::make_true(tx, &mut entry.facts.enclosures)?;
    Ok(Some(entry))
}

/// The entry that was published under a URI: a story's is that of its first entry.
pub(super) fn entry_of(tx: &dyn Sql, uri: &str) -> Result<Option<EntryId>, StoreError> {
    tx.first("SELECT id FROM entry WHERE uri = $1", &values![uri], |row| row.get(0))
}

/// Entries by a condition.
pub(super) fn entries(tx: &dyn Sql, condition: &str, values: &[Value<'_>]) -> Result<Vec<Entry>, StoreError> {
    tx.all(&format!("SELECT {ENTRY} FROM entry WHERE {condition}"), values, rows::entry)
}

/// Entries after a number, each with the earlier ones it would be compared with.
pub(super) fn neighbours(tx: &dyn Sql, after: i64, limit: usize) -> Result<Vec<Neighbours>, StoreError> {
    let numbers: Vec<i64> = tx.all(
        "SELECT arrival FROM entry WHERE arrival > $1 ORDER BY arrival LIMIT $2",
        &values![after, limit],
        |row| row.get(0),
    )?;
    let by_number =
        |number: i64| -> Result<Option<Entry>, StoreError> { Ok(entries(tx, "arrival = $1", &values![number])?.pop()) };
    let mut all = Vec::with_capacity(numbers.len());
    for number in numbers {
        let Some(entry) = by_number(number)? else { continue };
        let found = join::candidates(tx, &join::keys_of(tx, number)?, Some(number), number)?;
        let earlier = found.into_iter().filter_map(|number| by_number(number).transpose()).collect::<Result<_, _>>()?;
        all.push(Neighbours { number, entry, earlier });
    }
    Ok(all)
}

/// Sources touched after a cursor; all of them when the log does not reach back so far.
pub(super) fn changes_after(tx: &dyn Sql, cursor: i64) -> Result<(BTreeSet<SourceId>, i64), StoreError> {
    let changes: Vec<(i64, SourceId)> =
        tx.all("SELECT cursor, source FROM change_log WHERE cursor > $1 ORDER BY cursor", &values![cursor], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some((last, _)) = changes.last() else { return Ok((BTreeSet::new(), cursor)) };
    let last = *last;
    let mut touched: BTreeSet<SourceId> = changes.into_iter().map(|(_, source)| source).collect();
    let oldest: Option<i64> = tx.one("SELECT min(cursor) FROM change_log", &[], |row| row.get(0))?;
    if cursor > 0 && oldest.is_some_and(|oldest| oldest > cursor + 1) {
        touched.extend(tx.all("SELECT id FROM source", &[], |row| row.get(0))?);
    }
    Ok((touched, last))
}
