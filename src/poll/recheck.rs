//! Articles that their source withdrew: a page that is gone, or missing for long, takes its article out of
//! everything published.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::info;

use crate::fetch::{Fetcher, Presence};
use crate::model::{Location, Source, WhenGone};
use crate::store::{Recheck, Store, StoreError};

/// Pages asked for at one visit.
const AT_ONCE: usize = 5;
/// Ages at which an article's page is asked for: most is taken back on the first day.
const AGES: [TimeDelta; 5] =
    [TimeDelta::hours(1), TimeDelta::hours(6), TimeDelta::days(1), TimeDelta::days(3), TimeDelta::days(7)];
/// A page that is missing is asked for again after this long,
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// and taken for gone when it was missing for this long.
const LASTS: TimeDelta = TimeDelta::hours(6);
/// When all of so many pages are missing, it is the site that is in disorder.
const SEVERAL: usize = 3;

/// Asks for the pages that are due.
pub(super) async fn recheck(
    fetcher: &Fetcher,
    store: &dyn Store,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if source.when_gone == WhenGone::Keep || !matches!(source.location, Location::Web(_)) {
        return Ok(());
    }
    let due = store.rechecks(&source.id, now, AT_ONCE).await?;
    let mut found = Vec::new();
    for recheck in due {
        let presence = fetcher.presence(&recheck.url).await;
        found.push((recheck, presence));
    }
    let disorder = found.len() >= SEVERAL && found.iter().all(|(_, presence)| *presence == Presence::Missing);
    for (recheck, presence) in found {
        match verdict(&recheck, presence, disorder, now) {
            Verdict::Withdrawn => {
                info!(entry = %recheck.entry, url = %recheck.url, "withdrawn by its source");
                store.withdraw(recheck.entry, now).await?;
            }
            Verdict::Next { at, missing } => store.rechecked(recheck.entry, at, missing).await?,
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Withdrawn,
    Next { at: Option<DateTime<Utc>>, missing: Option<DateTime<Utc>> },
}

fn verdict(recheck: &Recheck, presence: Presence, disorder: bool, now: DateTime<Utc>) -> Verdict {
    let missing = recheck.missing.unwrap_or(now);
    let next = AGES.iter().map(|age| recheck.first_seen + *age).find(|time| *time > now);
    match presence {
        Presence::Gone => Verdict::Withdrawn,
        Presence::Missing if disorder => Verdict::Next { at: Some(now + LASTS), missing: None },
        Presence::Missing if now - missing >= LASTS => Verdict::Withdrawn,
        Presence::Missing => Verdict::Next { at: Some(now + AGAIN), missing: Some(missing) },
        Presence::There => Verdict::Next { at: next, missing: None },
        Presence::Unknown => Verdict::Next { at: Some(next.unwrap_or(now + LASTS)), missing: recheck.missing },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EntryId;

    #[test]
    fn a_page_must_be_gone_or_missing_for_long() {
        let seen: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().unwrap();
        let recheck = |missing: Option<TimeDelta>| Recheck {
            entry: EntryId::derive(&["a"]),
            url: "https://a.example/1".parse().unwrap(),
            first_seen: seen,
            missing: missing.map(|after| seen + after),
        };
        let at = |hours: i64| seen + TimeDelta::hours(hours);
        let next = |hours: i64, missing: Option<i64>| Verdict::Next { at: Some(at(hours)), missing: missing.map(at) };
        assert_eq!(verdict(&recheck(None), Presence::There, false, at(1)), next(6, None));
        assert_eq!(verdict(&recheck(None), Presence::Gone, false, at(1)), Verdict::Withdrawn);
        assert_eq!(verdict(&recheck(None), Presence::Missing, false, at(1)), next(2, Some(1)));
        let since = Some(TimeDelta::hours(1));
        assert_eq!(verdict(&recheck(since), Presence::Missing, false, at(6)), next(7, Some(1)));
        assert_eq!(verdict(&recheck(since), Presence::Missing, false, at(7)), Verdict::Withdrawn);
        assert_eq!(verdict(&recheck(since), Presence::There, false, at(7)), next(24, None), "it came back");
        assert_eq!(verdict(&recheck(since), Presence::Missing, true, at(7)), next(13, None), "the site is in disorder");
        let end = Verdict::Next { at: None, missing: None };
        assert_eq!(verdict(&recheck(None), Presence::There, false, at(24 * 8)), end);
    }
}
