//! What servers say about asking again. Pure.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// A server may ask for a pause of this at most: some say a year by mistake.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an answer stays fresh: `Cache-Control: max-age`, else `Expires` less `Date` (RFC 9111
/// s.4.2.1); None when it does not say, or says "not at all".
pub(super) fn fresh_for(cache_control: Option<&str>, expires: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let directives = || cache_control.unwrap_or_default().split(',').map(str::trim);
    if directives().any(|one| one.eq_ignore_ascii_case("no-store") || one.eq_ignore_ascii_case("no-cache")) {
        return None;
    }
    let max_age = directives()
        .filter_map(|one| one.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))
        .and_then(|(_, value)| value.trim().trim_matches('"').parse::<u64>().ok())
        .map(Duration::from_secs);
    let until_expiry = || (http_date(expires?)? - http_date(date?)?).to_std().ok();
    max_age.or_else(until_expiry).filter(|time| !time.is_zero()).map(|time| time.min(LONGEST))
}

/// `Retry-After` (RFC 9110 s.10.2.3): seconds, or a date, counted from the server's own clock.
pub(super) fn retry_after(value: Option<&str>, date: Option<&str>, now: DateTime<Utc>) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let now = date.and_then(http_date).unwrap_or(now);
    (http_date(value)? - now).to_std().ok().map(|time| time.min(LONGEST))
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 01 Mar 2026 12:00:00 GMT";

    #[test]
    fn max_age_counts_before_expires() {
        let later = Some("Sun, 01 Mar 2026 13:00:00 GMT");
        assert_eq!(fresh_for(Some("public, max-age=600"), later, Some(DATE)), Some(Duration::from_secs(600)));
        assert_eq!(fresh_for(None, later, Some(DATE)), Some(Duration::from_secs(3600)));
        assert_eq!(fresh_for(Some("no-cache, max-age=600"), None, None), None);
        assert_eq!(fresh_for(Some("max-age=0"), None, None), None);
        assert_eq!(fresh_for(Some("max-age=31536000"), None, None), Some(LONGEST));
        assert_eq!(fresh_for(None, Some("0"), Some(DATE)), None);
    }

    #[test]
    fn a_pause_is_told_in_seconds_or_as_a_date() {
        let now = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(retry_after(Some("120"), None, now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after(Some("Sun, 01 Mar 2026 12:05:00 GMT"), Some(DATE), now), Some(Duration::from_secs(300)));
        assert_eq!(retry_after(Some("soon"), None, now), None);
        assert_eq!(retry_after(None, None, now), None);
    }
}
