//! When to visit next, from what the source said and did. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::model::{Cadence, Location, Source};

/// No source is asked more often than this unless feeds.toml says so.
const SHORTEST: Duration = Duration::from_secs(15 * 60);
/// A source that gives no hint of its own is asked hourly at most: the accepted manners of feed readers.
const SHORTEST_WITHOUT_HINT: Duration = Duration::from_secs(60 * 60);
/// No source is asked less often than this.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// A folder is on this machine; looking at it costs nothing.
const FOLDER: Duration = Duration::from_secs(60);
/// The wait after a first failure; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_secs(10 * 60);
/// A list whose articles did not all fit into one visit goes on soon.
const UNFINISHED: Duration = Duration::from_secs(2 * 60);

/// What a successful visit tells about when the next makes sense.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// `Cache-Control: max-age` or `Expires`.
    pub fresh_for: Option<Duration>,
    /// `ttl`, or `sy:updatePeriod`.
    pub ttl: Option<Duration>,
    /// `skipHours`, GMT.
    pub skip_hours: Vec<u8>,
    /// When the listed articles were published, any order.
    pub published: Vec<DateTime<Utc>>,
    /// Whether articles were left for the next visit.
    pub unfinished: bool,
}

/// The time of the next visit after a success.
pub fn next_visit(source: &Source, hints: &Hints, now: DateTime<Utc>) -> DateTime<Utc> {
    if hints.unfinished {
        return now + UNFINISHED;
    }
    let interval = match (source.cadence, &source.location) {
        (Cadence::Every(interval), _) => interval,
        (Cadence::Adaptive, Location::Folder(_)) => FOLDER,
        (Cadence::Adaptive, Location::Web(_)) => adaptive(hints, now),
    };
    let next = now + interval + jitter(source, interval);
    if source.cadence == Cadence::Adaptive { after_skipped_hours(next, &hints.skip_hours) } else { next }
}

/// The time of the next visit after `failures` failures in a row; `asked` is a wait the source asked for.
pub(super) fn retry(source: &Source, failures: u32, asked: Option<Duration>, now: DateTime<Utc>) -> DateTime<Utc> {
    let doubling = FIRST_RETRY.saturating_mul(1 << failures.saturating_sub(1).min(8)).min(LONGEST);
    let wait = match (source.cadence, &source.location) {
        (_, Location::Folder(_)) => FOLDER,
        // An admin who asks for every minute wants to see a source come back within minutes.
        (Cadence::Every(interval), _) => doubling.min(interval.saturating_mul(1 << failures.min(8))),
        (Cadence::Adaptive, _) => doubling,
    };
    let wait = asked.map_or(wait, |asked| asked.clamp(wait.min(LONGEST), LONGEST));
    now + wait + jitter(source, wait)
}

/// A quarter of the mean gap between articles, within the limits and not before the source's own hints.
fn adaptive(hints: &Hints, now: DateTime<Utc>) -> Duration {
    let said = hints.fresh_for.into_iter().chain(hints.ttl).max();
    let shortest = said.map_or(SHORTEST_WITHOUT_HINT, |said| said.max(SHORTEST)).min(LONGEST);
    mean_gap(&hints.published, now).map_or(shortest, |gap| (gap / 4).clamp(shortest, LONGEST))
}

/// The mean gap between the ten newest articles, the time since the newest included, so that a
/// source that fell silent is asked less and less.
fn mean_gap(published: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Duration> {
    let mut times: Vec<_> = published.iter().copied().filter(|time| *time <= now).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    times.truncate(10);
    let oldest = times.last()?;
    let count = i32::try_from(times.len()).ok()?;
    ((now - *oldest) / count).to_std().ok()
}

/// Spreads sources with one interval over up to a tenth of it, always the same for one source.
fn jitter(source: &Source, interval: Duration) -> Duration {
    let spread = source.id.as_str().bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    interval / 10 * (spread % 1000) / 1000
}

/// The first hour at or after `time` that the source does not ask to be skipped.
fn after_skipped_hours(time: DateTime<Utc>, skip: &[u8]) -> DateTime<Utc> {
    (0..24)
        .map(|hours| time + TimeDelta::hours(hours))
        .find(|candidate| !skip.iter().any(|hour| u32::from(*hour) == candidate.hour()))
        .unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn source(cadence: Cadence) -> Source {
        Source {
            id: SourceId::parse("a").unwrap(),
            title: None,
            location: Location::Web("https://example.org/".parse().unwrap()),
            kind: crate::model::Kind::Auto,
            tags: vec![],
            cadence,
            full_text: crate::model::FullText::Auto,
            images: crate::model::Images::Link,
            language: None,
            timezone: chrono_tz::UTC,
            priority: 0,
            page: crate::model::PageRules::default(),
            when_gone: crate::model::WhenGone::Keep,
            address: crate::address::Rules::default(),
            agreement: None,
            article: crate::model::ArticleRules::default(),
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn minutes(next: DateTime<Utc>) -> i64 {
        (next - now()).num_minutes()
    }

    #[test]
    fn a_source_without_hints_is_asked_hourly() {
        assert!((60..=66).contains(&minutes(next_visit(&source(Cadence::Adaptive), &Hints::default(), now()))));
    }

    #[test]
    fn hints_shorten_the_wait_to_a_quarter_of_an_hour_and_lengthen_it_to_a_day() {
        let short = Hints { ttl: Some(Duration::from_secs(60)), ..Hints::default() };
        assert!((15..=17).contains(&minutes(next_visit(&source(Cadence::Adaptive), &short, now()))));
        let long = Hints { fresh_for: Some(Duration::from_secs(900_000)), ..Hints::default() };
        assert!((1440..=1584).contains(&minutes(next_visit(&source(Cadence::Adaptive), &long, now()))));
    }

    #[test]
    fn a_quiet_source_is_asked_less() {
        let published = (1..5).map(|days| now() - TimeDelta::days(days)).collect();
        let next = next_visit(&source(Cadence::Adaptive), &Hints { published, ..Hints::default() }, now());
        assert!((360..=396).contains(&minutes(next)), "{next}");
    }

    #[test]
    fn an_admins_interval_wins() {
        let every = source(Cadence::Every(Duration::from_secs(300)));
        let hints = Hints { ttl: Some(Duration::from_secs(7200)), skip_hours: vec![12], ..Hints::default() };
        assert_eq!(minutes(next_visit(&every, &hints, now())), 5);
    }

    #[test]
    fn skipped_hours_are_left_out() {
        let hints = Hints { skip_hours: vec![13, 14], ..Hints::default() };
        let next = next_visit(&source(Cadence::Adaptive), &hints, now());
        assert_eq!(next.hour(), 15);
    }

    #[test]
    fn failures_wait_longer_and_longer_up_to_a_day() {
        let source = source(Cadence::Adaptive);
        let waits: Vec<_> = (1..12).map(|n| minutes(retry(&source, n, None, now()))).collect();
        assert!(waits.is_sorted(), "{waits:?}");
        assert!((10..=11).contains(&waits[0]));
        assert!(*waits.last().unwrap() <= 1584);
        let asked = retry(&source, 1, Some(Duration::from_secs(7200)), now());
        assert!((120..=132).contains(&minutes(asked)));
    }
}
