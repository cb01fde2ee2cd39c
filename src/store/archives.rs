//! What archives hold, and what was withdrawn.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};

use super::read::{self, SOURCES};
use super::rows::{id16, micros, time};
use super::{StoreError, rows};
use crate::model::{Archive, EntryId, SourceId, Story, StoryMember};

/// The greatest number of an entry.
pub(super) fn last_arrival(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_row("SELECT coalesce(max(arrival), 0) FROM entry", [], |row| row.get(0))?)
}

/// One archive of a feed.
pub(super) fn archive(tx: &Transaction<'_>, slug: &str, number: Option<i64>) -> Result<Option<Archive>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT number, after, last FROM archive WHERE feed = $1 AND ($2 IS NULL OR number = $2)
         ORDER BY number DESC LIMIT 1",
    )?;
    let found = statement.query_row(params![slug, number], |row| {
        Ok(Archive { number: row.get(0)?, after: row.get(1)?, last: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// Adds archives of a feed.
pub(super) fn add(tx: &Transaction<'_>, slug: &str, archives: &[Archive]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO archive (feed, number, after, last) VALUES ($1, $2, $3, $4) ON CONFLICT (feed, number) DO NOTHING",
    )?;
    for archive in archives {
        insert.execute(params![slug, archive.number, archive.after, archive.last])?;
    }
    Ok(())
}

/// Stories of which nothing is left.
pub(super) fn withdrawn(
    tx: &Transaction<'_>,
    sources: &BTreeSet<SourceId>,
    since: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<(Story, DateTime<Utc>)>, StoreError> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = tx.prepare_cached(
        "SELECT entry.withdrawn, entry.id, story.uri, story.published, story.updated, story.first_seen
         FROM entry JOIN story ON story.id = entry.story
         WHERE entry.source = $1 AND entry.withdrawn > $2 AND story.lead IS NULL ORDER BY entry.withdrawn DESC LIMIT $3",
    )?;
    let mut found = BTreeMap::new();
    for source in sources.iter().take(SOURCES) {
        let mut rows = statement.query(params![source.as_str(), micros(since), most])?;
        while let Some(row) = rows.next()? {
            let (at, id): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let story: (String, i64, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            found.insert((Reverse(at), id), story);
        }
    }
    let mut stories = Vec::new();
    for ((Reverse(at), id), (uri, published, updated, first_seen)) in found.into_iter().take(limit) {
        let Some(lead) = read::entry(tx, EntryId::from_bytes(id16(id)?))? else { continue };
        let member = StoryMember {
            entry: lead.id,
            source: lead.facts.source.clone(),
            url: lead.facts.url.clone(),
            title: lead.facts.title.clone(),
        };
        let story = Story {
            id: lead.story,
            uri,
            published: rows::time(published),
            updated: rows::time(updated),
            first_seen: rows::time(first_seen),
            lead,
            members: vec![member],
        };
        stories.push((story, time(at)));
    }
    Ok(stories)
}
