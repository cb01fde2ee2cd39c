//! Values that TOML has no types for: durations, sizes, zones, languages, selectors.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use chrono_tz::Tz;
use url::Url;

const GIB: u64 = 1024 * 1024 * 1024;
/// Sizes of what is held in memory.
pub(super) const MEMORY: RangeInclusive<u64> = 1024..=4 * GIB;
/// Sizes of what lies on the disk.
pub(super) const DISK: RangeInclusive<u64> = 1024..=1024 * 1024 * GIB;

/// `30s`, `15m`, `2h`, `365d`, `4w`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let advice = || format!("{text:?} is no duration; write a whole number with s, m, h, d or w, such as \"15m\"");
    let text_trimmed = text.trim();
    let digits = text_trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text_trimmed.strip_prefix(digits).unwrap_or_default();
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return Err(advice()),
    };
    let count: u64 = digits.trim().parse().map_err(|_| advice())?;
    match count.checked_mul(seconds).filter(|seconds| (1..=100 * 366 * 24 * 60 * 60).contains(seconds)) {
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err(format!("{text:?} is out of range: between 1 second and 100 years")),
    }
}

/// `10MiB`, `500kB`, `1000000`.
pub(super) fn size(text: &str, within: &RangeInclusive<u64>) -> Result<u64, String> {
    let advice = || {
        format!(
            "{text:?} is no size; write a whole number with B, kB, KiB, MB, MiB, GB, GiB, TB or TiB, such as \"10MiB\""
        )
    };
    let trimmed = text.trim();
    let digits = trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = trimmed.strip_prefix(digits).unwrap_or_default();
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "kib" => 1024,
        "mb" => 1_000_000,
        "mib" => 1024 * 1024,
        "gb" => 1_000_000_000,
        "gib" => GIB,
        "tb" => 1_000_000_000_000,
        "tib" => 1024 * GIB,
        _ => return Err(advice()),
    };
    let count: u64 = digits.trim().parse().map_err(|_| advice())?;
    match count.checked_mul(factor).filter(|bytes| within.contains(bytes)) {
        Some(bytes) => Ok(bytes),
        None => {
            Err(format!("{text:?} is out of range: between {}KiB and {}GiB", within.start() / 1024, within.end() / GIB))
        }
    }
}

/// What `env:NAME` or `file:PATH` stands for, without the space around it.
pub(super) fn named(text: &str, folder: &Path) -> Result<String, String> {
    let found = match text.split_once(':') {
        Some(("env", name)) =>
        {
            #[allow(clippy::disallowed_methods, reason = "config is the room that reads the environment")]
            std::env::var(name).map_err(|_| format!("the environment has no variable {name}"))?
        }
        Some(("file", path)) => {
            let path = folder.join(path);
            std::fs::read_to_string(&path).map_err(|problem| format!("cannot read {}: {problem}", path.display()))?
        }
        _ => return Err("write env:NAME or file:PATH".to_owned()),
    };
    Ok(found.trim().to_owned())
}

/// An address of the web.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| format!("{text:?} is no address; write one such as \"https://feeds.example.org/logo.png\""))
}

/// A zone of the IANA database.
pub(super) fn zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        let near = nearest(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        match near {
            Some(near) => format!("{text:?} is no time zone; did you mean {near:?}?"),
            None => format!("{text:?} is no time zone; write a name such as \"Asia/Ho_Chi_Minh\""),
        }
    })
}

/// A language tag (BCP 47), in form only.
pub(super) fn language(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is no language tag; write one such as \"vi\" or \"en-GB\""))
    }
}

/// A CSS selector.
/// The name of a host, in the form in which addresses have it.
pub(super) fn host(text: &str) -> Result<String, String> {
    let url = url::Url::parse(&format!("https://{text}/")).ok();
    let host = url.as_ref().and_then(url::Url::host_str).filter(|_| !text.contains(['/', '@', ':', '?', '#']));
    host.map(str::to_owned).ok_or_else(|| format!("{text:?} is no host; write one such as \"paper.example\""))
}

pub(super) fn selector(text: &str) -> Result<String, String> {
    match dom_query::Matcher::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("{text:?} is no CSS selector")),
    }
}

/// The candidate that is nearest to a misspelt word, when one is near at all.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .map(|candidate| {
            let other = candidate.to_lowercase();
            (strsim::damerau_levenshtein(&lower, &other), strsim::jaro_winkler(&lower, &other), candidate)
        })
        .filter(|(slips, likeness, _)| *slips <= 1 || *likeness > 0.8)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)))
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("365d"), Ok(Duration::from_secs(365 * 86_400)));
        for bad in ["15", "m", "-1m", "1.5h", "0s", "99999999999w", "15 minutes"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("10MiB", &MEMORY), Ok(10 * 1024 * 1024));
        assert_eq!(size("1TiB", &DISK), Ok(1024 * GIB));
        assert_eq!(size("500 kB", &MEMORY), Ok(500_000));
        for bad in ["10 apples", "1", "99999GiB", "-5MB"] {
            assert!(size(bad, &MEMORY).is_err(), "{bad}");
        }
    }

    #[test]
    fn zones_are_suggested() {
        assert!(zone("Asia/Ho_Chi_Minh").is_ok());
        assert!(zone("Asia/Ho_Chi_Min").unwrap_err().contains("Asia/Ho_Chi_Minh"));
    }

    #[test]
    fn languages_have_a_form() {
        assert!(language("vi").is_ok() && language("zh-Hant-TW").is_ok());
        assert!(language("vietnamese").is_err() && language("").is_err());
    }
}
