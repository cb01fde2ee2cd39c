//! When entries of an Atom feed changed. No two of them may have changed at the same moment, say validators
//! (`DuplicateUpdated`); sources write minutes, though, and have many articles in one.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::ready::Item;
use crate::model::EntryId;

/// Fractions of a second to choose from: more digits than three are read wrongly by some.
const FRACTIONS: i64 = 999;

/// When each item changed, in the order of the items. Of those that changed in the same second the one that
/// was here first keeps it as it is; each other is told from it by a fraction that follows from its own id,
/// so that it stays the same whatever comes beside it.
pub(super) fn changes(items: &[Item<'_>]) -> Vec<DateTime<Utc>> {
    let mut by_age: Vec<_> = items.iter().enumerate().collect();
    by_age.sort_by_key(|(_, item)| (item.first_seen, item.entry));
    let mut taken = HashSet::new();
    let mut changes: Vec<_> = items.iter().map(|item| item.updated).collect();
    for (place, item) in by_age {
        let first = fraction(item.entry);
        let fractions = (0..FRACTIONS).map(|step| TimeDelta::milliseconds((first + step) % FRACTIONS + 1));
        let mut moments = std::iter::once(item.updated).chain(fractions.map(|fraction| item.updated + fraction));
        let free = moments.find(|moment| taken.insert(*moment));
        if let (Some(change), Some(free)) = (changes.get_mut(place), free) {
            *change = free;
        }
    }
    changes
}

fn fraction(id: EntryId) -> i64 {
    i64::try_from(u128::from_be_bytes(*id.as_bytes()) % FRACTIONS as u128).unwrap_or_default()
}
