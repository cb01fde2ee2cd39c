//! Stories in the order in which they came in: for feeds that go by it, and for archives.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{self, SOURCES};
use super::sql::{Row, Sql, values};
use super::{ArrivalQuery, Arrived, Numbered, StoreError};
use crate::model::{Dedupe, EntryId, SourceId, Story, StoryId};

/// An entry that stands for a story at a number.
struct Place {
    number: i64,
    /// Its own number.
    arrival: i64,
    entry: EntryId,
    story: StoryId,
    /// The first of those that are one to the word.
    twin: Option<i64>,
    is_withdrawn: bool,
    leads: bool,
    /// Whether its story came in before.
    is_change: bool,
}

/// The columns that [`place`] reads after the number.
const COLUMNS: &str = "arrival, id, story, twin, withdrawn IS NOT NULL, \
                       EXISTS (SELECT 1 FROM story WHERE story.id = entry.story AND story.lead = entry.id)";

/// Stories of some sources in the order of arrival, each as those see it who may see these sources.
pub(super) fn arrivals(tx: &dyn Sql, query: &ArrivalQuery) -> Result<Vec<Arrived>, StoreError> {
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
                query.limit = query.limit.saturating_sub(1);
            }
        }
        if is_last || query.limit == 0 {
            return Ok(arrived);
        }
    }
}

/// The numbers and ids of these stories alone.
pub(super) fn numbers(tx: &dyn Sql, query: &ArrivalQuery) -> Result<Vec<Numbered>, StoreError> {
    let id = |place: &Place| match query.dedupe {
        Dedupe::Near => place.story,
        Dedupe::Exact | Dedupe::Off => StoryId::from_bytes(*place.entry.as_bytes()),
    };
    let numbered = |place: &Place| Numbered { number: place.number, story: id(place), is_change: place.is_change };
    Ok(places(tx, query)?.iter().map(numbered).collect())
}

fn story(tx: &dyn Sql, place: &Place, query: &ArrivalQuery) -> Result<Option<Story>, StoreError> {
    match query.dedupe {
        Dedupe::Near => read::story(tx, place.story, &query.sources),
        _ if place.is_withdrawn => Ok(None),
        Dedupe::Exact => read::part_of(tx, place.entry, Some(place.twin.unwrap_or(place.arrival)), &query.sources),
        Dedupe::Off => read::part_of(tx, place.entry, None, &query.sources),
    }
}

/// The entries by which the stories have their numbers, in order. Those with one number stay together,
/// whatever the limit.
fn places(tx: &dyn Sql, query: &ArrivalQuery) -> Result<Vec<Place>, StoreError> {
    let mut found = BTreeMap::new();
    for source in query.sources.iter().take(SOURCES) {
        for place in came_in(tx, source, query)? {
            found.insert((place.number, place.entry), place);
        }
        if query.with_changes {
            for place in changed(tx, source, query)? {
                found.insert((place.number, place.entry), place);
            }
        }
    }
    let mut places: Vec<_> = found.into_values().collect();
    if query.span.newest_first {
        places.reverse();
    }
    let mut end = query.limit.min(places.len());
    while end > 0
        && places.get(end).is_some_and(|next| places.get(end - 1).is_some_and(|last| last.number == next.number))
    {
        end += 1;
    }
    places.truncate(end);
    Ok(places)
}

/// A source's entries that are the first of their stories that these sources have, or, with changes, that
/// lead one that came in earlier.
fn came_in(tx: &dyn Sql, source: &SourceId, query: &ArrivalQuery) -> Result<Vec<Place>, StoreError> {
    let order = if query.span.newest_first { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT arrival, {COLUMNS} FROM entry
         WHERE source = $1 AND arrival > $2 AND arrival < $3 ORDER BY arrival {order} LIMIT $4"
    );
    let (mut after, mut before) = (query.span.after, query.span.before);
    let mut places = Vec::new();
    // Of entries that are no story's first, more are asked for.
    while places.len() < query.limit {
        let found = tx.all(&sql, &values![source, after, before, query.limit], place)?;
        let is_last = found.len() < query.limit;
        for mut place in found {
            if query.span.newest_first {
                before = place.number;
            } else {
                after = place.number;
            }
            let leads = query.with_changes && query.dedupe == Dedupe::Near && place.leads;
            place.is_change = !is_first(tx, &place, query.dedupe, &query.sources)?;
            if leads || !place.is_change {
                places.push(place);
            }
        }
        if is_last {
            break;
        }
    }
    Ok(places)
}

/// A source's entries that changed, under the numbers of their changes.
fn changed(tx: &dyn Sql, source: &SourceId, query: &ArrivalQuery) -> Result<Vec<Place>, StoreError> {
    let order = if query.span.newest_first { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT revised, {COLUMNS} FROM entry
         WHERE source = $1 AND revised > $2 AND revised < $3 ORDER BY revised {order} LIMIT $4"
    );
    let at = format!("SELECT revised, {COLUMNS} FROM entry WHERE source = $1 AND revised = $2");
    let (mut after, mut before) = (query.span.after, query.span.before);
    let mut places = Vec::new();
    while places.len() < query.limit {
        let mut found = tx.all(&sql, &values![source, after, before, query.limit], place)?;
        let is_last = found.len() < query.limit;
        let Some(last) = found.last().map(|place| place.number) else { break };
        // The limit may have cut those with one number apart.
        found.retain(|place| place.number != last);
        found.extend(tx.all(&at, &values![source, last], place)?);
        if query.span.newest_first {
            before = last;
        } else {
            after = last;
        }
        // Of a story's entries, only the one that is shown changes it.
        let seen = found.into_iter().filter(|place| query.dedupe != Dedupe::Near || place.leads);
        places.extend(seen.map(|place| Place { is_change: true, ..place }));
        if is_last {
            break;
        }
    }
    Ok(places)
}

fn place(row: &dyn Row) -> Result<Place, StoreError> {
    Ok(Place {
        number: row.get(0)?,
        arrival: row.get(1)?,
        entry: row.get(2)?,
        story: row.get(3)?,
        twin: row.get(4)?,
        is_withdrawn: row.get(5)?,
        leads: row.get(6)?,
        is_change: false,
    })
}

/// Whether no earlier entry that counts as the same is from these sources, withdrawn ones included: a
/// place never moves.
fn is_first(tx: &dyn Sql, place: &Place, dedupe: Dedupe, sources: &BTreeSet<SourceId>) -> Result<bool, StoreError> {
    if dedupe == Dedupe::Off {
        return Ok(true);
    }
    let twins = (dedupe == Dedupe::Exact).then(|| place.twin.unwrap_or(place.arrival));
    let earlier: Vec<SourceId> = tx.all(
        "SELECT source FROM entry WHERE story = $1 AND arrival < $2 AND (arrival = $3 OR twin = $3 OR $3 IS NULL)",
        &values![&place.story, place.arrival, twins],
        |row| row.get(0),
    )?;
    Ok(!earlier.iter().any(|source| sources.contains(source)))
}
