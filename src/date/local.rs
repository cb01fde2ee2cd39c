//! The forms of papers: `30/01/2023 - 05:30`, `Thứ Hai, ngày 30 tháng 01 năm 2023`, `30 janvier
//! 2023 à 5h30`, `2023年1月30日`. The day is found first, then a time and a zone near it.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime};
use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use super::names::{hour, month};
use super::{Read, clock, year, zone};

/// How far from the day, in characters, a time may stand.
const NEAR: usize = 40;

/// Each with named groups `y`, `m` (or `name`), `d`; the first that matches counts.
const DAYS: [&str; 8] = [
    // 2023年1月30日, 2023년 1월 30일
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]?",
    // ngày 30 tháng 01 năm 2023; 30 tháng 1, 2023
    r"(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})\s*,?\s*(?:năm\s*)?(?P<y>\d{4})",
    // 30/01/2023, 30-01-2023, 30.01.2023
    r"\b(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>\d{4}|\d{2})\b",
    // 2023-01-30, 2023/1/30
    r"\b(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})",
    // 14 พ.ย. 2569, 14 พฤศจิกายน พ.ศ. 2569, 14 พ.ย. 69
    r"\b(?P<d>\d{1,2})\s*(?P<name>[ก-ฮ][ก-๎]?\.[ก-ฮ]\.|[ก-ฮ][ก-๎]{4,})\s*(?:พ\.?\s?ศ\.?\s*)?(?P<y>\d{4}|\d{2})\b",
    // 30 janvier 2023, 30. Januar 2023, 30 de enero de 2023, 30 كانون الثاني 2023
    r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:de\s+|of\s+)?(?P<name>(?:كانون|تشرين)\s+\p{L}{4,}|\p{L}{3,}\.?)\s*,?\s+(?:de\s+|del\s+)?(?P<y>\d{4})\b",
    // 2023. gada 30. janvāris
    r"\b(?P<y>\d{4})\.?\s+gada\s+(?P<d>\d{1,2})\.?\s+(?P<name>\p{L}{3,})",
    // January 30, 2023; 2023. január 30.; 2023 m. sausio 30 d.
    r"(?:\b(?P<y>\d{4})\.?\s+(?:m\.\s+)?)?\b(?P<name>\p{L}{3,}\.?)\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?:\s*,?\s+(?P<y2>\d{4}))?",
];

/// A time of day with what may stand around it.
const TIME: &str = r"(?xi)
    (?:^|\D)
    (?P<before>上午|下午|午前|午後|오전|오후|sáng|chiều|tối|[ap]\.?m\.?)?\s*
    (?P<H>\d{1,2})\s*
    (?: [:] (?P<M>\d{2}) (?: : (?P<S>\d{2}) )?
      | (?: giờ | h | g | [时時시点點] | uhr ) \s* (?: (?P<M2>\d{1,2}) \s* (?:phút|p|[分분])? )?
    )
    \s* (?P<after>SA|CH|sáng|chiều|tối|trưa|[ap]\.?m\.?|صباحا?|مساء|[صم]\b)?";

/// A time with a point between its numbers is one only when it is said to be: `kl. 05.30`, `05.30 Uhr`.
const POINTED_TIME: &str = r"(?xi)
    \b (?: kl\.? | klo | om | um ) \s* (?P<h>\d{1,2}) \. (?P<m>\d{2}) \b
  | \b (?P<hh>\d{1,2}) \. (?P<mm>\d{2}) \s* uhr \b";

/// Reads a date of these forms; what stands around it must be what stands around dates.
pub(super) fn read(text: &str) -> Option<Read> {
    let text: String = text.nfc().collect();
    let read = find(&text)?;
    // A sentence that happens to hold a date is not one.
    (text.split_whitespace().count() <= 14).then_some(read)
}

/// Finds the first date in running text.
pub(super) fn find(text: &str) -> Option<Read> {
    static FORMS: LazyLock<Vec<Regex>> =
        LazyLock::new(|| DAYS.iter().filter_map(|form| Regex::new(&format!("(?i){form}")).ok()).collect());
    let text: String = text.nfc().collect();
    let (day, span) = FORMS.iter().find_map(|form| {
        form.captures_iter(&text).take(20).find_map(|found| Some((day(&found)?, found.get(0)?.range())))
    })?;
    let after = text.get(span.end..).unwrap_or_default();
    let before = text.get(..span.start).unwrap_or_default();
    let near_after: String = after.chars().take(NEAR).collect();
    let skip = before.chars().count().saturating_sub(NEAR);
    let near_before: String = before.chars().skip(skip).collect();
    let after = time(&near_after);
    let Some((time, rest)) = after.or_else(|| time(&near_before).map(|(time, _)| (time, near_after.clone()))) else {
        return Some(Read { offset: zone_in(&near_after), ..Read::day(day) });
    };
    Some(Read { day, time, offset: zone_in(&rest) })
}

fn day(found: &Captures<'_>) -> Option<NaiveDate> {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let number = |name: &str| part(name).and_then(|text| text.parse::<u32>().ok());
    let is_thai =
        part("name").is_some_and(|name| name.starts_with(|char: char| ('\u{e01}'..='\u{e4e}').contains(&char)));
    let year = match part("y").or(part("y2"))? {
        short if is_thai && short.len() == 2 => short.parse::<i32>().ok()? + 2500,
        digits => year(digits)?,
    };
    // The Buddhist era began 543 years before the common one.
    let year = if (2400..=2743).contains(&year) { year - 543 } else { year };
    let day = number("d")?;
    let month = match part("name") {
        Some(name) => month(name)?,
        None => number("m")?,
    };
    // The day comes first in nearly all of the world; where it cannot be one, the month does.
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, day, month))
}

/// A time of day in a text, with what follows it.
fn time(text: &str) -> Option<(NaiveTime, String)> {
    static REGEX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(TIME).ok());
    static POINT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(POINTED_TIME).ok());
    let text = POINT.as_ref()?.replace(text, "${h}${hh}:${m}${mm} ");
    let text = text.as_ref();
    let found = REGEX.as_ref()?.captures(text)?;
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let half = found.name("after").or(found.name("before")).map(|part| part.as_str().to_lowercase().replace('.', ""));
    let afternoon = half.and_then(|word| match word.as_str() {
        "sa" | "sáng" | "am" | "上午" | "午前" | "오전" | "ص" | "صباح" | "صباحا" => Some(false),
        "ch" | "chiều" | "tối" | "pm" | "下午" | "午後" | "오후" | "م" | "مساء" => Some(true),
        _ => None,
    });
    let minute = number("M").or(number("M2")).unwrap_or(0);
    let time = clock(hour(number("H")?, afternoon), minute, number("S").unwrap_or(0))?;
    Some((time, text.get(found.get(0)?.end()..).unwrap_or_default().to_owned()))
}

/// A zone directly after a time.
fn zone_in(text: &str) -> Option<chrono::FixedOffset> {
    let text = text.trim_start_matches([' ', ',', '|', '-', '–']);
    let text = if text.starts_with(['+', '(']) || text.starts_with(char::is_alphabetic) { text } else { return None };
    let end = text.find([')', '|', ',']).unwrap_or(text.len());
    let head = text.get(..end)?;
    let word = head.split(' ').next().unwrap_or_default();
    zone::read(head).or_else(|| zone::read(word)).flatten()
}
