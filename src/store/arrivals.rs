//! Stories in the order in which they came in: for feeds that go by it, and for archives.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use super::read::{self, SOURCES};
use super::rows::id16;
use super::{ArrivalQuery, Arrived, StoreError};
use crate::model::{SourceId, StoryId};

/// Stories of some sources in the order of arrival, each as those see it who may see these sources.
pub(super) fn arrivals(tx: &Transaction<'_>, query: &ArrivalQuery) -> Result<Vec<Arrived>, StoreError> {
    let mut arrived = Vec::new();
    let mut query = query.clone();
    loop {
        let places = places(tx, &query)?;
        let Some((last, _)) = places.last() else { return Ok(arrived) };
        if query.span.newest_first {
            query.span.before = *last;
        } else {
            query.span.after = *last;
        }
        let is_last = places.len() < query.limit;
        query.limit -= places.len().min(query.limit);
        for (number, story) in places {
            // Of stories that are withdrawn, more are asked for.
            if let Some(story) = read::story(tx, story, &query.sources)? {
                arrived.push(Arrived { number, story });
            } else {
                query.limit += 1;
            }
        }
        if is_last || query.limit == 0 {
            return Ok(arrived);
        }
    }
}

/// The numbers of these stories: a story's is that of its first entry that these sources have.
pub(super) fn places(tx: &Transaction<'_>, query: &ArrivalQuery) -> Result<Vec<(i64, StoryId)>, StoreError> {
    let order = if query.span.newest_first { "DESC" } else { "ASC" };
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut statement = tx.prepare_cached(&format!(
        "SELECT arrival, story FROM entry WHERE source = $1 AND arrival > $2 AND arrival < $3 ORDER BY arrival {order} LIMIT $4"
    ))?;
    let mut places = BTreeMap::new();
    for source in query.sources.iter().take(SOURCES) {
        let (mut after, mut before) = (query.span.after, query.span.before);
        let mut found = 0;
        // Of entries that are no story's first, more are asked for.
        loop {
            let rows = statement
                .query_map(params![source.as_str(), after, before, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<Vec<(i64, Vec<u8>)>, _>>()?;
            let is_last = (rows.len() as i64) < limit;
            for (number, story) in rows {
                if query.span.newest_first {
                    before = number;
                } else {
                    after = number;
                }
                let story = StoryId::from_bytes(id16(story)?);
                if is_first(tx, number, story, &query.sources)? {
                    places.insert(number, story);
                    found += 1;
                }
            }
            if is_last || found >= query.limit {
                break;
            }
        }
    }
    let places = places.into_iter();
    Ok(if query.span.newest_first {
        places.rev().take(query.limit).collect()
    } else {
        places.take(query.limit).collect()
    })
}

/// Whether no earlier entry of the story is from these sources, withdrawn ones included: a place never moves.
fn is_first(
    tx: &Transaction<'_>,
    number: i64,
    story: StoryId,
    sources: &BTreeSet<SourceId>,
) -> Result<bool, StoreError> {
    let mut statement = tx.prepare_cached("SELECT source FROM entry WHERE story = $1 AND arrival < $2")?;
    let mut rows = statement.query(params![story.as_bytes().as_slice(), number])?;
    while let Some(row) = rows.next()? {
        let source: String = row.get(0)?;
        if sources.iter().any(|one| one.as_str() == source) {
            return Ok(false);
        }
    }
    Ok(true)
}
