//! Stories in the order in which they came in: for feeds that go by it, and for archives.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Row, Transaction, params};

use super::read::{self, SOURCES};
use super::rows::id16;
use super::{ArrivalQuery, Arrived, StoreError};
use crate::model::{Dedupe, EntryId, SourceId, Story, StoryId};

/// An entry that may stand for a story.
struct Place {
    number: i64,
    entry: EntryId,
    story: StoryId,
    /// The first of those that are one to the word.
    twin: Option<i64>,
    is_withdrawn: bool,
}

/// Stories of some sources in the order of arrival, each as those see it who may see these sources.
pub(super) fn arrivals(tx: &Transaction<'_>, query: &ArrivalQuery) -> Result<Vec<Arrived>, StoreError> {
    let mut arrived = Vec::new();
    let mut query = query.clone();
    loop {
        let places = places(tx, &query)?;
        let Some(last) = places.last() else { return Ok(arrived) };
        if query.span.newest_first {
            query.span.before = last.number;
        } else {
            query.span.after = last.number;
        }
        let is_last = places.len() < query.limit;
        for place in places {
            // Of stories that are withdrawn, more are asked for.
            if let Some(story) = story(tx, &place, &query)? {
                arrived.push(Arrived { number: place.number, story });
                query.limit -= 1;
            }
        }
        if is_last || query.limit == 0 {
            return Ok(arrived);
        }
    }
}

fn story(tx: &Transaction<'_>, place: &Place, query: &ArrivalQuery) -> Result<Option<Story>, StoreError> {
    match query.dedupe {
        Dedupe::Near => read::story(tx, place.story, &query.sources),
        _ if place.is_withdrawn => Ok(None),
        Dedupe::Exact => read::part_of(tx, place.entry, Some(place.twin.unwrap_or(place.number)), &query.sources),
        Dedupe::Off => read::part_of(tx, place.entry, None, &query.sources),
    }
}

/// The entries by which the stories have their numbers: of each, the first that these sources have.
fn places(tx: &Transaction<'_>, query: &ArrivalQuery) -> Result<Vec<Place>, StoreError> {
    let order = if query.span.newest_first { "DESC" } else { "ASC" };
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut statement = tx.prepare_cached(&format!(
        "SELECT arrival, id, story, twin, withdrawn IS NOT NULL FROM entry
         WHERE source = $1 AND arrival > $2 AND arrival < $3 ORDER BY arrival {order} LIMIT $4"
    ))?;
    let mut places = BTreeMap::new();
    for source in query.sources.iter().take(SOURCES) {
        let (mut after, mut before) = (query.span.after, query.span.before);
        let mut found = 0;
        // Of entries that are no story's first, more are asked for.
        while found < query.limit {
            let mut rows = statement.query(params![source.as_str(), after, before, limit])?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                count += 1;
                let place = place(row)?;
                if query.span.newest_first {
                    before = place.number;
                } else {
                    after = place.number;
                }
                if is_first(tx, &place, query.dedupe, &query.sources)? {
                    places.insert(place.number, place);
                    found += 1;
                }
            }
            if count < limit {
                break;
            }
        }
    }
    let places = places.into_values();
    Ok(if query.span.newest_first {
        places.rev().take(query.limit).collect()
    } else {
        places.take(query.limit).collect()
    })
}

fn place(row: &Row<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        number: row.get(0)?,
        entry: EntryId::from_bytes(id16(row.get(1)?)?),
        story: StoryId::from_bytes(id16(row.get(2)?)?),
        twin: row.get(3)?,
        is_withdrawn: row.get(4)?,
    })
}

/// Whether no earlier entry that counts as the same is from these sources, withdrawn ones included: a
/// place never moves.
fn is_first(
    tx: &Transaction<'_>,
    place: &Place,
    dedupe: Dedupe,
    sources: &BTreeSet<SourceId>,
) -> Result<bool, StoreError> {
    if dedupe == Dedupe::Off {
        return Ok(true);
    }
    let twins = (dedupe == Dedupe::Exact).then(|| place.twin.unwrap_or(place.number));
    let mut statement = tx.prepare_cached(
        "SELECT source FROM entry WHERE story = $1 AND arrival < $2 AND ($3 IS NULL OR arrival = $3 OR twin = $3)",
    )?;
    let mut rows = statement.query(params![place.story.as_bytes().as_slice(), place.number, twins])?;
    while let Some(row) = rows.next()? {
        let source: String = row.get(0)?;
        if sources.iter().any(|one| one.as_str() == source) {
            return Ok(false);
        }
    }
    Ok(true)
}
