//! Zones by name or offset, from a table of our own: the machine's zone data has no say.

use chrono::FixedOffset;

/// Names and their offsets in minutes. Where a name has several meanings, that of the most feeds.
const NAMES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("cest", 120),
    ("mesz", 120),
    ("mest", 120),
    ("eet", 120),
    ("sast", 120),
    ("ist", 330),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("trt", 180),
    ("eat", 180),
    ("gst", 240),
    ("pkt", 300),
    ("npt", 345),
    ("bdt", 360),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("myt", 480),
    ("awst", 480),
    ("wita", 480),
    ("jst", 540),
    ("kst", 540),
    ("wit", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("brt", -180),
    ("art", -180),
    ("et", -300),
    ("ct", -360),
    ("pt", -480),
];
/// The smallest and largest offsets in use, in minutes.
const RANGE: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// A zone as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone {
    /// None when it is one that cannot be.
    pub(super) offset: Option<FixedOffset>,
}

/// A zone as it stands at the end of a date: `+0700`, `GMT+7`, `(UTC+07:00)`, `EST`. None when it
/// is no zone.
pub(super) fn read(text: &str) -> Option<Zone> {
    let text = text.trim().trim_matches(['(', ')', ' ', ',']);
    if text.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    if let Some((_, minutes)) = NAMES.iter().find(|(name, _)| *name == lower.replace('.', "")) {
        return Some(Zone { offset: FixedOffset::east_opt(minutes * 60) });
    }
    let offset = ["gmt", "utc", "ut"].iter().find_map(|name| lower.strip_prefix(name)).unwrap_or(&lower).trim();
    let (sign, digits) = match offset.chars().next()? {
        '+' => (1, offset.get(1..)?),
        '-' | '−' | '–' => (-1, offset.trim_start_matches(['-', '−', '–'])),
        _ => return None,
    };
    let minutes = minutes(digits.trim())?;
    let offset = Some(sign * minutes)
        .filter(|minutes| RANGE.contains(minutes))
        .and_then(|minutes| FixedOffset::east_opt(minutes * 60));
    Some(Zone { offset })
}

/// `7`, `07`, `0700`, `07:00`, `7:00`.
fn minutes(digits: &str) -> Option<i32> {
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes.split(':').next().unwrap_or_default()),
        None if digits.len() <= 2 => (digits, "0"),
        None => digits.split_at_checked(digits.len().checked_sub(2)?)?,
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i32>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 100 && minutes < 100).then_some(hours * 60 + minutes)
}
