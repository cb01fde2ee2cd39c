//! Which story an entry belongs to, what is one with it to the word, and what a story shows.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params};

use super::rows::{hash, id16, micros, time};
use super::schedule::source_id;
use super::{StoreError, read};
use crate::model::{Arrival, Entry, EntryId, Judge, Key, KeyKind, SourceId, StoryId};

/// Entries that share one key with an arrival: the newest are looked at.
const PER_KEY: i64 = 16;
/// Entries that an arrival is compared with in all.
const CANDIDATES: usize = 64;
/// Members of a story that may lead it; more copies of one article add nothing.
const LEADS: usize = 64;

/// The entries that were found to be the same article.
#[derive(Debug, Default)]
pub(super) struct Kin {
    /// Their stories.
    pub(super) stories: BTreeSet<StoryId>,
    /// Of those that are the same to the word: the first of its kind each.
    pub(super) twins: BTreeSet<i64>,
}

/// The entries that share a key with an arrival and that the judge says are the same. `own` is the
/// arrival's number when it is known already.
pub(super) fn kin(tx: &Transaction<'_>, arrival: &Arrival, own: Option<i64>, judge: &Judge) -> Result<Kin, StoreError> {
    let mut kin = Kin::default();
    for number in candidates(tx, &arrival.keys, own, i64::MAX)? {
        let (story, twin) = place(tx, number)?;
        let first = twin.unwrap_or(number);
        if kin.stories.contains(&story) && kin.twins.contains(&first) {
            continue;
        }
        for candidate in read::entries(tx, "arrival = $1", [Value::Integer(number)])? {
            let verdict = (judge.same)(arrival, &candidate);
            if verdict.same {
                kin.stories.insert(story);
            }
            if verdict.exact {
                kin.twins.insert(first);
            }
        }
    }
    Ok(kin)
}

/// The entries with which one with these keys is compared, at most [`CANDIDATES`]: first those that share an
/// id, an address or the whole text, then those that share the most; of equals the newest.
pub(super) fn candidates(
    tx: &Transaction<'_>,
    keys: &[Key],
    own: Option<i64>,
    before: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT entry FROM entry_key WHERE kind = $1 AND hash = $2 AND entry < $3 ORDER BY entry DESC LIMIT $4",
    )?;
    let mut shared: HashMap<i64, (bool, u32)> = HashMap::new();
    for key in keys {
        let sure = matches!(key.kind, KeyKind::Uri | KeyKind::Url | KeyKind::Text);
        let mut rows = statement.query(params![key.kind as i64, hash(*key), before, PER_KEY])?;
        while let Some(row) = rows.next()? {
            let (surely, count) = shared.entry(row.get(0)?).or_default();
            *surely |= sure;
            *count += 1;
        }
    }
    let mut found: Vec<_> = shared.into_iter().filter(|(number, _)| Some(*number) != own).collect();
    found.sort_unstable_by_key(|(number, (sure, count))| Reverse((*sure, *count, *number)));
    Ok(found.into_iter().take(CANDIDATES).map(|(number, _)| number).collect())
}

fn place(tx: &Transaction<'_>, number: i64) -> Result<(StoryId, Option<i64>), StoreError> {
    let (story, twin): (Vec<u8>, Option<i64>) = tx
        .prepare_cached("SELECT story, twin FROM entry WHERE arrival = $1")?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((StoryId::from_bytes(id16(story)?), twin))
}

/// Makes several stories one: the oldest keeps its id, uri and place. None when there is none.
pub(super) fn merge(tx: &Transaction<'_>, stories: &BTreeSet<StoryId>) -> Result<Option<StoryId>, StoreError> {
    if stories.len() < 2 {
        return Ok(stories.first().copied());
    }
    let mut aged = Vec::new();
    for story in stories {
        // A story that is not shown (all of it is withdrawn) gives way to one that readers know.
        let age: (bool, i64, i64) = tx.query_row(
            "SELECT lead IS NULL, first_seen, (SELECT min(arrival) FROM entry WHERE story = $1) FROM story WHERE id = $1",
            [story.as_bytes().as_slice()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MAX))),
        )?;
        aged.push((age, *story));
    }
    aged.sort_unstable();
    let Some(((_, oldest), younger)) = aged.split_first() else { return Ok(None) };
    for (_, story) in younger {
        let (from, to) = (story.as_bytes().as_slice(), oldest.as_bytes().as_slice());
        tx.execute("UPDATE entry SET story = $1 WHERE story = $2", [to, from])?;
        tx.execute("DELETE FROM story WHERE id = $1", [from])?;
    }
    Ok(Some(*oldest))
}

/// Makes an entry of a story one with others of it to the word: the first of all stands for them.
pub(super) fn twin(
    tx: &Transaction<'_>,
    story: StoryId,
    number: i64,
    mut twins: BTreeSet<i64>,
) -> Result<(), StoreError> {
    twins.insert(place(tx, number)?.1.unwrap_or(number));
    let Some(first) = twins.pop_first() else { return Ok(()) };
    for other in twins {
        tx.prepare_cached("UPDATE entry SET twin = $1 WHERE arrival = $2")?.execute([first, other])?;
        tx.prepare_cached("UPDATE entry SET twin = $1 WHERE story = $2 AND twin = $3")?.execute(params![
            first,
            story.as_bytes().as_slice(),
            other
        ])?;
    }
    Ok(())
}

/// Founds the story of an entry that is alone.
pub(super) fn found(tx: &Transaction<'_>, arrival: &Arrival, uri: &str) -> Result<StoryId, StoreError> {
    let story = StoryId::derive(&[&arrival.id.to_string()]);
    tx.prepare_cached(
        "INSERT INTO story (id, uri, published, updated, first_seen, lead) VALUES ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![
        story.as_bytes().as_slice(),
        uri,
        micros(arrival.published),
        micros(arrival.updated),
        micros(arrival.first_seen),
        arrival.id.as_bytes().as_slice(),
    ])?;
    tx.prepare_cached("INSERT INTO story_source (source, published, story) VALUES ($1, $2, $3)")?.execute(params![
        arrival.facts.source.as_str(),
        micros(arrival.published),
        story.as_bytes().as_slice()
    ])?;
    Ok(story)
}

/// Chooses a story's lead anew and puts it into its places; returns the sources of its members.
/// `revised` is the entry that just became another one for readers.
pub(super) fn settle(
    tx: &Transaction<'_>,
    story: StoryId,
    revised: Option<EntryId>,
    judge: &Judge,
) -> Result<BTreeSet<SourceId>, StoreError> {
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
    let lead = if members.is_empty() { None } else { members.get((judge.lead)(&members)).or(members.first()) };
    let Some(lead) = lead else {
        tx.execute("UPDATE story SET lead = NULL WHERE id = $1", [id])?;
        return Ok(sources);
    };
    let updated = updated(tx, story, lead, revised)?;
    tx.prepare_cached("UPDATE story SET lead = $1, updated = $2 WHERE id = $3")?.execute(params![
        lead.id.as_bytes().as_slice(),
        micros(updated),
        id
    ])?;
    let mut place = tx.prepare_cached(
        "INSERT INTO story_source (source, published, story)
         SELECT DISTINCT entry.source, story.published, story.id FROM entry JOIN story ON story.id = entry.story
         WHERE entry.story = $1 AND entry.withdrawn IS NULL",
    )?;
    place.execute([id])?;
    Ok(sources)
}

/// When what a reader sees last changed, never earlier than was said before. It changed when the lead was
/// revised, or when another entry leads with other words.
fn updated(
    tx: &Transaction<'_>,
    story: StoryId,
    lead: &Entry,
    revised: Option<EntryId>,
) -> Result<DateTime<Utc>, StoreError> {
    let (before, led, shown): (i64, Option<Vec<u8>>, Option<String>) = tx
        .prepare_cached(
            "SELECT story.updated, story.lead, entry.content_hash FROM story LEFT JOIN entry ON entry.id = story.lead
             WHERE story.id = $1",
        )?
        .query_row([story.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let before = time(before);
    let changed = if led.as_deref() == Some(lead.id.as_bytes().as_slice()) {
        revised == Some(lead.id)
    } else {
        shown.is_none_or(|shown| shown != lead.content_hash)
    };
    Ok(if changed { before.max(lead.updated) } else { before })
}

/// The sources in whose feeds a story stands.
pub(super) fn sources_of(tx: &Transaction<'_>, story: StoryId) -> Result<BTreeSet<SourceId>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT source FROM story_source WHERE story = $1")?;
    let mut rows = statement.query([story.as_bytes().as_slice()])?;
    let mut sources = BTreeSet::new();
    while let Some(row) = rows.next()? {
        sources.insert(source_id(&row.get::<_, String>(0)?)?);
    }
    Ok(sources)
}

/// The keys of an entry, as [`candidates`] takes them.
pub(super) fn keys_of(tx: &Transaction<'_>, number: i64) -> Result<Vec<Key>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT kind, hash FROM entry_key WHERE entry = $1")?;
    let mut rows = statement.query([number])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let hash = u64::from_ne_bytes(row.get::<_, i64>(1)?.to_ne_bytes());
        keys.extend(KeyKind::from_number(row.get(0)?).map(|kind| Key { kind, hash }));
    }
    Ok(keys)
}

/// Whose story an entry is in, with its number and the digest of what it says; None when it is unknown.
pub(super) fn known(tx: &Transaction<'_>, arrival: &Arrival) -> Result<Option<(i64, String, StoryId)>, StoreError> {
    let known: Option<(i64, String, Vec<u8>)> = tx
        .prepare_cached("SELECT arrival, content_hash, story FROM entry WHERE id = $1")?
        .query_row([arrival.id.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    known.map(|(number, content_hash, story)| Ok((number, content_hash, StoryId::from_bytes(id16(story)?)))).transpose()
}
