//! Questions to the store that change nothing.

use std::collections::{BTreeSet, HashMap};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};
use url::Url;

use super::rows::{self, ENTRY, id16, time, url_key};
use super::schedule::source_id;
use super::{StoreError, StoryQuery};
use crate::model::{Entry, EntryId, Known, Lookup, PictureFacts, SourceId, Story, StoryId, StoryMember};

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
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for lookup in lookups {
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
        title: row.get(3)?,
        item_hash: row.get(4)?,
        content_hash: row.get(5)?,
        published: time(row.get(6)?),
        updated: time(row.get(7)?),
        first_seen: time(row.get(8)?),
        is_full_text: row.get(9)?,
    })
}

/// What is known of these pictures.
pub(super) fn pictures(tx: &Transaction<'_>, urls: Vec<Url>) -> Result<HashMap<Url, PictureFacts>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT facts FROM picture WHERE url = $1")?;
    let mut known = HashMap::new();
    for url in urls {
        let text: Option<String> = statement.query_row([url.as_str()], |row| row.get(0)).optional()?;
        if let Some(text) = text {
            known.insert(url, rows::picture(&text)?);
        }
    }
    Ok(known)
}

/// A stretch of stories of some sources. Each source's stories lie in the order of the feed, so
/// the newest of each are taken and merged; the cost depends on the limit, not on the store.
pub(super) fn stories(tx: &Transaction<'_>, query: &StoryQuery) -> Result<Vec<Story>, StoreError> {
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let (before, story) = match query.before {
        Some((published, story)) => (rows::micros(published), story.as_bytes().to_vec()),
        None => (i64::MAX, Vec::new()),
    };
    let mut statement = tx.prepare_cached(
        "SELECT published, story FROM story_source
         WHERE source = $1 AND (published < $2 OR (published = $2 AND story < $3))
         ORDER BY published DESC, story DESC LIMIT $4",
    )?;
    let mut places = BTreeSet::new();
    for source in query.sources.iter().take(SOURCES) {
        let mut rows = statement.query(params![source.as_str(), before, story, limit])?;
        while let Some(row) = rows.next()? {
            let id = StoryId::from_bytes(id16(row.get(1)?)?);
            places.insert((std::cmp::Reverse(row.get::<_, i64>(0)?), std::cmp::Reverse(id)));
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
    let members = members(tx, id)?;
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

/// The places of a story, in the order of arrival.
fn members(tx: &Transaction<'_>, story: StoryId) -> Result<Vec<StoryMember>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT id, source, title, json_extract(facts, '$.url') FROM entry WHERE story = $1 AND withdrawn IS NULL ORDER BY arrival",
    )?;
    let mut rows = statement.query([story.as_bytes().as_slice()])?;
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

/// One entry.
pub(super) fn entry(tx: &Transaction<'_>, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let mut found = entries(tx, "id = $1", [Value::Blob(id.as_bytes().to_vec())])?;
    Ok(found.pop())
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
