//! Which entries are one story, and which of them leads it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Arrival, Entry, Judge, SourceId, Verdict};

use super::text_of;
use super::weigh::{Side, weigh};
use super::words::Words;

/// Whether two entries are one story, with the reason in words and figures. Symmetric: it does not
/// matter which of the two came first.
///
/// - An address or a worldwide id in common makes them one, unless headlines and texts contradict.
/// - Otherwise the texts must be nearly the same, the one contained in the other, or its first half;
///   the shorter they are, the nearer, and nearer still within one site.
/// - Numbers that were replaced by others, in text or headline, make them two; so do few words in
///   many places of one mould. A headline or a date in common is never enough.
pub fn same_story(arrival: &Arrival, kept: &Entry) -> Verdict {
    let arrival = Side { facts: &arrival.facts, published: arrival.published, sketch: &arrival.sketch };
    weigh(&arrival, &side(kept))
}

/// As [`same_story`], of two entries that are kept.
pub fn compare(one: &Entry, other: &Entry) -> Verdict {
    weigh(&side(one), &side(other))
}

fn side(entry: &Entry) -> Side<'_> {
    Side { facts: &entry.facts, published: entry.published, sketch: &entry.sketch }
}

/// The judge that the store asks; `priority` gives each source's rank, 0 for those not named.
#[allow(clippy::implicit_hasher, reason = "there is one caller, and it has the usual map")]
pub fn judge(priority: HashMap<SourceId, i32>) -> Judge {
    Judge { same: Arc::new(same_story), lead: Arc::new(move |entries| lead(entries, &priority)) }
}

/// The entry that represents a story: of the sources with the highest priority, with the full text
/// rather than without, with a text not much shorter (a fifth) than the longest of these, the one
/// that came first.
fn lead(entries: &[Entry], priority: &HashMap<SourceId, i32>) -> usize {
    let rank = |entry: &Entry| (priority.get(&entry.facts.source).copied().unwrap_or(0), entry.facts.is_full_text);
    let Some(best) = entries.iter().map(rank).max() else { return 0 };
    let first: Vec<(usize, &Entry, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| rank(entry) == best)
        .map(|(index, entry)| (index, entry, Words::of(&text_of(&entry.facts)).size()))
        .collect();
    let longest = first.iter().map(|(_, _, size)| *size).max().unwrap_or(0);
    first
        .iter()
        .filter(|(_, _, size)| size * 5 >= longest * 4)
        .min_by_key(|(_, entry, size)| (entry.first_seen, Reverse(*size), entry.id))
        .map_or(0, |(index, _, _)| *index)
}
