//! Archives (RFC 5005 s.4): what a feed's newest entries no longer hold is put into documents that hold the
//! same entries for ever. An archive is a span of numbers by arrival, so it costs the store one row.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::jobs::Job;
use crate::model::{Archive, StoryId};
use crate::store::{Span, Store, StoreError};

/// Numbers asked for at once.
const BATCH: usize = 500;
/// Stories that changed after they left the newest entries, and stand there once more.
const AGAIN: usize = 20;

/// What a feed's document holds.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its stories.
    pub(super) stories: HashSet<StoryId>,
    /// The greatest number of an entry before it was made: of what came in later it says nothing.
    pub(super) until: i64,
}

/// What is known of the entries that are in no archive yet, by the feeds' names in URLs. It is learnt anew
/// after a start.
#[derive(Debug, Default)]
pub(super) struct Archivist {
    open: Mutex<HashMap<String, Open>>,
    /// What each feed's document holds, of feeds that were not looked at since it was made.
    shown: Mutex<BTreeMap<String, Shown>>,
}

/// Of one feed.
#[derive(Debug, Clone, Default)]
struct Open {
    /// The newest archive.
    newest: Option<Archive>,
    /// The greatest number that was looked at.
    looked: i64,
    /// What the feed let in since the newest archive: number, story, and whether it is a change only.
    held: BTreeMap<(i64, StoryId), bool>,
    /// The numbers of changed stories that stand among the newest entries once more.
    again: Vec<i64>,
}

impl Archivist {
    /// Notes what a feed's document holds.
    pub(super) fn showed(&self, slug: &str, shown: Shown) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(slug.to_owned(), shown);
    }

    /// Notes it again for a feed that could not be looked at, unless its document is another one by now.
    pub(super) fn missed(&self, slug: &str, shown: Shown) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).entry(slug.to_owned()).or_insert(shown);
    }

    /// A feed that is to be looked at.
    pub(super) fn next(&self) -> Option<(String, Shown)> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    /// The numbers of changed stories that stand among the newest entries once more.
    pub(super) fn again(&self, slug: &str) -> Vec<i64> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(slug).map(|open| open.again.clone()).unwrap_or_default()
    }

    /// Forgets all: the rules of the feeds are other ones.
    pub(super) fn forget(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Looks at what came in since the last look and archives what the document does not hold. Says
    /// whether the document must be made anew, since its links or its entries change.
    pub(super) async fn look(
        &self,
        store: &dyn Store,
        job: &Job,
        shown: &Shown,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let known = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&job.slug);
        let mut open = match known {
            Some(open) => open,
            None => Open::start(store, job).await?,
        };
        let before = (open.newest.map(|archive| archive.number), open.again.clone());
        let mut is_last = false;
        while !is_last {
            is_last = open.read(store, job, shown, now).await?;
            open.archive(store, job, shown, is_last).await?;
        }
        let is_other = before != (open.newest.map(|archive| archive.number), open.again.clone());
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(job.slug.clone(), open);
        Ok(is_other)
    }
}

impl Open {
    async fn start(store: &dyn Store, job: &Job) -> Result<Self, StoreError> {
        let newest = store.archive(&job.slug, None).await?;
        Ok(Self { newest, looked: newest.map_or(0, |archive| archive.last), ..Self::default() })
    }

    /// Reads what came in next; true when that was all.
    async fn read(
        &mut self,
        store: &dyn Store,
        job: &Job,
        shown: &Shown,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        // Of the number after the last arrival there may be more: it is looked at again.
        let last = shown.until;
        let span = Span { after: self.looked, ..Span::before(i64::MAX) };
        let events = store.arrival_numbers(&job.arrivals(span, BATCH)).await?;
        let is_last = events.len() < BATCH || events.last().is_some_and(|event| event.number > last);
        for event in events {
            // What came in since is looked at with the document that is made for it.
            if event.number > last + i64::from(event.is_change) {
                return Ok(true);
            }
            if !shown.stories.contains(&event.story) && !job.is_open() {
                let span = Span { after: event.number - 1, ..Span::before(event.number + 1) };
                let found = store.arrivals(&job.arrivals(span, 1)).await?;
                let Some(found) = found.into_iter().find(|one| one.story.id == event.story) else { continue };
                if !job.admits(&found.story, now) {
                    continue;
                }
                if !job.shows(&found.story, now) {
                    // It waits, and so does all that came in after it.
                    return Ok(true);
                }
            }
            self.looked = self.looked.max(event.number.min(last));
            self.held.insert((event.number, event.story), event.is_change);
        }
        Ok(is_last)
    }

    /// Puts what is held into archives, when something of it is not shown.
    async fn archive(&mut self, store: &dyn Store, job: &Job, shown: &Shown, is_last: bool) -> Result<(), StoreError> {
        // A change that is shown only because it changed counts as not shown: when there are too many
        // of those, all are archived.
        let is_again = |number: i64| self.again.contains(&number);
        let unseen =
            self.held.iter().filter(|((number, story), _)| !shown.stories.contains(story) || is_again(*number));
        let (changes, lost): (Vec<_>, Vec<_>) = unseen.partition(|(_, is_change)| **is_change);
        if lost.is_empty() && changes.len() <= AGAIN {
            self.again = changes.into_iter().map(|((number, _), _)| *number).collect();
            return Ok(());
        }
        // A later change can get the number after the last arrival: that one stays open.
        let numbers: Vec<i64> = self.held.keys().map(|(number, _)| *number).filter(|at| *at <= shown.until).collect();
        let archives = archives(self.newest, &numbers, job.selection.bounds.limit.clamp(10, 100), is_last);
        if archives.is_empty() {
            return Ok(());
        }
        store.add_archives(&job.slug, &archives).await?;
        // Another process may have been faster; then what it wrote holds.
        self.newest = store.archive(&job.slug, None).await?;
        let end = self.newest.map_or(0, |archive| archive.last);
        self.held.retain(|(number, _), _| *number > end);
        self.again.retain(|number| *number > end);
        Ok(())
    }
}

/// Cuts numbers in ascending order into archives of about `size`; of the rest, one of its own when it is
/// the last.
fn archives(newest: Option<Archive>, numbers: &[i64], size: usize, is_last: bool) -> Vec<Archive> {
    let mut archives: Vec<Archive> = Vec::new();
    let (mut number, mut after) = newest.map_or((0, 0), |archive| (archive.number, archive.last));
    // The first two are made together: an archive without a neighbour looks incomplete to validators.
    let is_first = newest.is_none() && numbers.len() < 2 * size;
    let size = if is_first { numbers.len().div_ceil(2).max(1) } else { size };
    let mut rest = numbers;
    while let Some(last) = rest.get(size.min(rest.len()).wrapping_sub(1)).copied() {
        if rest.len() < size && !is_last {
            break;
        }
        number += 1;
        archives.push(Archive { number, after, last });
        after = last;
        // Equal numbers stay together.
        rest = rest.get(rest.partition_point(|number| *number <= last)..).unwrap_or_default();
    }
    archives
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(newest: Option<Archive>, numbers: &[i64], size: usize, is_last: bool) -> Vec<(i64, i64, i64)> {
        let made = archives(newest, numbers, size, is_last);
        made.into_iter().map(|archive| (archive.number, archive.after, archive.last)).collect()
    }

    #[test]
    fn numbers_are_cut_into_spans_without_gaps() {
        let newest = Some(Archive { number: 3, after: 10, last: 20 });
        assert_eq!(spans(newest, &[22, 23, 29, 31, 40], 2, true), [(4, 20, 23), (5, 23, 31), (6, 31, 40)]);
        assert_eq!(spans(newest, &[22, 23, 29, 31, 40], 2, false), [(4, 20, 23), (5, 23, 31)]);
        assert_eq!(spans(newest, &[22, 23, 23, 23, 29], 2, true), [(4, 20, 23), (5, 23, 29)]);
        assert!(spans(newest, &[], 2, true).is_empty());
    }

    #[test]
    fn the_first_archive_has_a_neighbour() {
        assert_eq!(spans(None, &[1, 2, 3], 10, true), [(1, 0, 2), (2, 2, 3)]);
        assert_eq!(spans(None, &[7], 10, true), [(1, 0, 7)]);
        assert_eq!(spans(None, &[1, 2, 3, 4, 5], 2, true), [(1, 0, 2), (2, 2, 4), (3, 4, 5)]);
    }
}
