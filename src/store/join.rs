//! Which story an entry belongs to, what is one with it to the word, and what a story shows.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::rows::hash;
use super::sql::{Sql, values};
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
pub(super) fn kin(tx: &dyn Sql, arrival: &Arrival, own: Option<i64>, judge: &Judge) -> Result<Kin, StoreError> {
    let mut kin = Kin::default();
    for number in candidates(tx, &arrival.keys, own, i64::MAX)? {
        let (story, twin) = place(tx, number)?;
        let first = twin.unwrap_or(number);
        if kin.stories.contains(&story) && kin.twins.contains(&first) {
            continue;
        }
        for candidate in read::entries(tx, "arrival = $1", &values![number])? {
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
pub(super) fn candidates(tx: &dyn Sql, keys: &[Key], own: Option<i64>, before: i64) -> Result<Vec<i64>, StoreError> {
    let sets: Vec<_> = keys.iter().map(|key| values![key.kind as i64, hash(*key), before, PER_KEY]).collect();
    let shares = tx.all_of(
        "SELECT entry FROM entry_key WHERE kind = $1 AND hash = $2 AND entry < $3 ORDER BY entry DESC LIMIT $4",
        &sets,
        |key, row| Ok((key, row.get::<i64>(0)?)),
    )?;
    let mut shared: HashMap<i64, (bool, u32)> = HashMap::new();
    for (key, number) in shares {
        let kind = keys.get(key).map(|key| key.kind);
        let (surely, count) = shared.entry(number).or_default();
        *surely |= matches!(kind, Some(KeyKind::Uri | KeyKind::Url | KeyKind::Text));
        *count += 1;
    }
    let mut found: Vec<_> = shared.into_iter().filter(|(number, _)| Some(*number) != own).collect();
    found.sort_unstable_by_key(|(number, (sure, count))| Reverse((*sure, *count, *number)));
    Ok(found.into_iter().take(CANDIDATES).map(|(number, _)| number).collect())
}

fn place(tx: &dyn Sql, number: i64) -> Result<(StoryId, Option<i64>), StoreError> {
    tx.one("SELECT story, twin FROM entry WHERE arrival = $1", &values![number], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Makes several stories one: the oldest keeps its id, uri and place. None when there is none.
pub(super) fn merge(tx: &dyn Sql, stories: &BTreeSet<StoryId>) -> Result<Option<StoryId>, StoreError> {
    if stories.len() < 2 {
        return Ok(stories.first().copied());
    }
    let mut aged = Vec::new();
    let mut withdrawn: Option<DateTime<Utc>> = None;
    for story in stories {
        // A story that is not shown (all of it is withdrawn) gives way to one that readers know.
        let (age, end): ((bool, i64, i64), Option<DateTime<Utc>>) = tx.one(
            "SELECT lead IS NULL, first_seen, (SELECT min(arrival) FROM entry WHERE story = $1), withdrawn
             FROM story WHERE id = $1",
            &values![story],
            |row| Ok(((row.get(0)?, row.get(1)?, row.get::<Option<i64>>(2)?.unwrap_or(i64::MAX)), row.get(3)?)),
        )?;
        withdrawn = withdrawn.or(end);
        aged.push((age, *story));
    }
    aged.sort_unstable();
    let Some((((is_hidden, ..), oldest), younger)) = aged.split_first() else { return Ok(None) };
    for (_, story) in younger {
        tx.execute("UPDATE entry SET story = $1 WHERE story = $2", &values![oldest, story])?;
        tx.execute("DELETE FROM story WHERE id = $1", &values![story])?;
    }
    // Where nothing of it is shown, one that was withdrawn with all its copies makes the others so; what
    // readers have, no newcomer takes from them.
    if *is_hidden && withdrawn.is_some() {
        tx.execute("UPDATE story SET withdrawn = $1 WHERE id = $2", &values![withdrawn, oldest])?;
    }
    Ok(Some(*oldest))
}

/// A copy of what was withdrawn as a whole is withdrawn as it comes.
pub(super) fn follow(tx: &dyn Sql, story: StoryId, number: i64) -> Result<(), StoreError> {
    let withdrawn: Option<DateTime<Utc>> =
        tx.one("SELECT withdrawn FROM story WHERE id = $1", &values![&story], |row| row.get(0))?;
    if withdrawn.is_some() {
        tx.execute("UPDATE entry SET withdrawn = $1 WHERE arrival = $2", &values![withdrawn, number])?;
    }
    Ok(())
}

/// Makes an entry of a story one with others of it to the word: the first of all stands for them.
pub(super) fn twin(tx: &dyn Sql, story: StoryId, number: i64, mut twins: BTreeSet<i64>) -> Result<(), StoreError> {
    twins.insert(place(tx, number)?.1.unwrap_or(number));
    let Some(first) = twins.pop_first() else { return Ok(()) };
    for other in twins {
        tx.execute("UPDATE entry SET twin = $1 WHERE arrival = $2", &values![first, other])?;
        tx.execute("UPDATE entry SET twin = $1 WHERE story = $2 AND twin = $3", &values![first, &story, other])?;
    }
    Ok(())
}

/// Founds the story of an entry that is alone.
pub(super) fn found(tx: &dyn Sql, arrival: &Arrival, uri: &str) -> Result<StoryId, StoreError> {
    let story = StoryId::derive(&[&arrival.id.to_string()]);
    tx.execute(
        "INSERT INTO story (id, uri, published, updated, first_seen, lead) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![&story, uri, arrival.published, arrival.updated, arrival.first_seen, &arrival.id],
    )?;
    tx.execute(
        "INSERT INTO story_source (source, published, story) VALUES ($1, $2, $3)",
        &values![&arrival.facts.source, arrival.published, &story],
    )?;
    Ok(story)
}

/// Chooses a story's lead anew and puts it into its places; returns the sources of its members.
/// `revised` is the entry that just became another one for readers.
pub(super) fn settle(
    tx: &dyn Sql,
    story: StoryId,
    revised: Option<EntryId>,
    judge: &Judge,
) -> Result<BTreeSet<SourceId>, StoreError> {
    let members =
        read::entries(tx, "story = $1 AND withdrawn IS NULL ORDER BY arrival LIMIT $2", &values![&story, LEADS])?;
    let mut sources: BTreeSet<SourceId> = sources_of(tx, story)?;
    sources.extend(members.iter().map(|member| member.facts.source.clone()));
    tx.execute("DELETE FROM story_source WHERE story = $1", &values![&story])?;
    let lead = if members.is_empty() { None } else { members.get((judge.lead)(&members)).or(members.first()) };
    let Some(lead) = lead else {
        tx.execute("UPDATE story SET lead = NULL WHERE id = $1", &values![&story])?;
        return Ok(sources);
    };
    let updated = updated(tx, story, lead, revised)?;
    tx.execute("UPDATE story SET lead = $1, updated = $2 WHERE id = $3", &values![&lead.id, updated, &story])?;
    tx.execute(
        "INSERT INTO story_source (source, published, story)
         SELECT DISTINCT entry.source, story.published, story.id FROM entry JOIN story ON story.id = entry.story
         WHERE entry.story = $1 AND entry.withdrawn IS NULL",
        &values![&story],
    )?;
    Ok(sources)
}

/// When what a reader sees last changed, never earlier than was said before. It changed when the lead was
/// revised, or when another entry leads with other words.
fn updated(tx: &dyn Sql, story: StoryId, lead: &Entry, revised: Option<EntryId>) -> Result<DateTime<Utc>, StoreError> {
    let (before, led, shown): (DateTime<Utc>, Option<EntryId>, Option<String>) = tx.one(
        "SELECT story.updated, story.lead, entry.content_hash FROM story LEFT JOIN entry ON entry.id = story.lead
         WHERE story.id = $1",
        &values![&story],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let changed = if led == Some(lead.id) {
        revised == Some(lead.id)
    } else {
        shown.is_none_or(|shown| shown != lead.content_hash)
    };
    Ok(if changed { before.max(lead.updated) } else { before })
}

/// The sources in whose feeds a story stands.
pub(super) fn sources_of(tx: &dyn Sql, story: StoryId) -> Result<BTreeSet<SourceId>, StoreError> {
    let sources = tx.all("SELECT source FROM story_source WHERE story = $1", &values![&story], |row| row.get(0))?;
    Ok(sources.into_iter().collect())
}

/// The keys of an entry, as [`candidates`] takes them.
pub(super) fn keys_of(tx: &dyn Sql, number: i64) -> Result<Vec<Key>, StoreError> {
    let keys = tx.all("SELECT kind, hash FROM entry_key WHERE entry = $1", &values![number], |row| {
        let hash = row.get::<i64>(1)?.cast_unsigned();
        Ok(KeyKind::from_number(row.get(0)?).map(|kind| Key { kind, hash }))
    })?;
    Ok(keys.into_iter().flatten().collect())
}

/// Whose story an entry is in, with its number and the digest of what it says; None when it is unknown.
pub(super) fn known(tx: &dyn Sql, arrival: &Arrival) -> Result<Option<(i64, String, StoryId)>, StoreError> {
    tx.first("SELECT arrival, content_hash, story FROM entry WHERE id = $1", &values![&arrival.id], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}
