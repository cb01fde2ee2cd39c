//! Which dates are believed: none from the future, none from before the web.

use chrono::{DateTime, FixedOffset, TimeDelta, TimeZone, Utc};

use crate::model::{Article, Item};

/// Clocks differ, and zones are mislabelled: up to this a future date means "now".
const TOLERANCE: TimeDelta = TimeDelta::days(1);

/// When the source says it was published; None when it does not say, or nothing that can be true.
pub(super) fn published(item: &Item, article: Option<&Article>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let of_page = article.and_then(|article| article.published);
    [item.published, of_page, item.updated].into_iter().flatten().find_map(|time| believed(time, now))
}

/// When the source says it last changed.
pub(super) fn updated(item: &Item, article: Option<&Article>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let of_page = article.and_then(|article| article.modified);
    [item.updated, of_page].into_iter().flatten().find_map(|time| believed(time, now))
}

fn believed(time: DateTime<FixedOffset>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let time = time.to_utc();
    let first = Utc.with_ymd_and_hms(1990, 1, 1, 0, 0, 0).single()?;
    (time >= first && time <= now + TOLERANCE).then(|| time.min(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_cannot_be_true_are_not_believed() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let believe = |text: &str| believed(text.parse().unwrap(), now);
        assert_eq!(believe("2026-03-01T12:30:00Z"), Some(now));
        assert_eq!(believe("2026-03-05T12:30:00Z"), None);
        assert_eq!(believe("1970-01-01T00:00:00Z"), None);
        assert!(believe("2026-02-01T12:30:00+07:00").is_some());
    }
}
