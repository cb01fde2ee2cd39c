//! What archives hold, what was withdrawn, and what is to be asked for lest it is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::read::{self, SOURCES};
use super::rows::url_of;
use super::sql::{Sql, values};
use super::{Recheck, StoreError};
use crate::model::{Archive, EntryId, SourceId, Story, StoryMember};

/// The greatest number of an entry.
pub(super) fn last_arrival(tx: &dyn Sql) -> Result<i64, StoreError> {
    tx.one("SELECT coalesce(max(arrival), 0) FROM entry", &[], |row| row.get(0))
}

/// One archive of a feed.
pub(super) fn archive(tx: &dyn Sql, slug: &str, number: Option<i64>) -> Result<Option<Archive>, StoreError> {
    tx.first(
        "SELECT number, after, last FROM archive WHERE feed = $1 AND (number = $2 OR $2 IS NULL)
         ORDER BY number DESC LIMIT 1",
        &values![slug, number],
        |row| Ok(Archive { number: row.get(0)?, after: row.get(1)?, last: row.get(2)? }),
    )
}

/// Adds archives of a feed.
pub(super) fn add(tx: &dyn Sql, slug: &str, archives: &[Archive]) -> Result<(), StoreError> {
    let archives: Vec<_> =
        archives.iter().map(|archive| values![slug, archive.number, archive.after, archive.last]).collect();
    tx.execute_each(
        "INSERT INTO archive (feed, number, after, last) VALUES ($1, $2, $3, $4) ON CONFLICT (feed, number) DO NOTHING",
        &archives,
    )
}

/// Stories of which nothing is left.
pub(super) fn withdrawn(
    tx: &dyn Sql,
    sources: &BTreeSet<SourceId>,
    since: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<(Story, DateTime<Utc>)>, StoreError> {
    let sets: Vec<_> = sources.iter().take(SOURCES).map(|source| values![source, since, limit]).collect();
    let gone = tx.all_of(
        "SELECT entry.withdrawn, entry.id, story.uri, story.published, story.updated, story.first_seen
         FROM entry JOIN story ON story.id = entry.story
         WHERE entry.source = $1 AND entry.withdrawn > $2 AND story.lead IS NULL ORDER BY entry.withdrawn DESC LIMIT $3",
        &sets,
        |_, row| {
            let at: (Reverse<DateTime<Utc>>, EntryId) = (Reverse(row.get(0)?), row.get(1)?);
            let story: (String, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>) =
                (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok((at, story))
        },
    )?;
    let found: BTreeMap<_, _> = gone.into_iter().collect();
    let mut stories = Vec::new();
    for ((Reverse(at), id), (uri, published, updated, first_seen)) in found.into_iter().take(limit) {
        let Some(lead) = read::entry(tx, id)? else { continue };
        let member = StoryMember {
            entry: lead.id,
            source: lead.facts.source.clone(),
            url: lead.facts.url.clone(),
            title: lead.facts.title.clone(),
        };
        let story = Story { id: lead.story, uri, published, updated, first_seen, lead, members: vec![member] };
        stories.push((story, at));
    }
    Ok(stories)
}

/// Entries whose pages are due.
pub(super) fn rechecks(
    tx: &dyn Sql,
    source: &SourceId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Recheck>, StoreError> {
    let due = tx.all(
        "SELECT id, facts, first_seen, missing FROM entry
         WHERE source = $1 AND recheck <= $2 AND withdrawn IS NULL ORDER BY recheck LIMIT $3",
        &values![source, now, limit],
        |row| {
            let url = url_of(&row.get::<String>(1)?);
            let (entry, first_seen, missing) = (row.get(0)?, row.get(2)?, row.get(3)?);
            Ok(url.map(|url| Recheck { entry, url, first_seen, missing }))
        },
    )?;
    Ok(due.into_iter().flatten().collect())
}

/// Writes that an entry's page was asked for.
pub(super) fn rechecked(
    tx: &dyn Sql,
    entry: EntryId,
    next: Option<DateTime<Utc>>,
    missing: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    tx.execute("UPDATE entry SET recheck = $1, missing = $2 WHERE id = $3", &values![next, missing, &entry])?;
    Ok(())
}
