//! ISO 8601 and the W3C's profile of it, with what people leave out and put in.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime, Weekday};
use regex::{Captures, Regex};

use super::{Read, clock, zone};

const FORM: &str = r"(?x)^
    (?P<y>\d{4}) (?:
        -? W (?P<week>\d{2}) (?: -? (?P<weekday>[1-7]) )?
      | - (?P<ordinal>\d{3})
      | [-/.] (?P<m>\d{1,2}) (?: [-/.] (?P<d>\d{1,2}) )?
      | (?P<mm>\d{2}) (?P<dd>\d{2})
      | (?P<mo>\d{2})
    )?
    (?: (?: \s* [Tt,] \s* | \s+ | \s* -\s+ )
        (?P<H>\d{1,2}) (?: :? (?P<M>\d{2}) (?: :? (?P<S>\d{2}) (?: [.,:] \d+ )? )? )?
        \s* (?P<zone> [^\d\s].{0,20} )?
    )?
    (?P<daysoff> [Zz] | [+-]\d{2}:?\d{2} )? $";

/// Reads an ISO date.
pub(super) fn read(text: &str) -> Option<Read> {
    static REGEX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(FORM).ok());
    let found = REGEX.as_ref()?.captures(text)?;
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let number = |name: &str| part(name).and_then(|text| text.parse::<u32>().ok());
    let day = day(&found)?;
    let time = match number("H") {
        Some(hour) => clock(hour, number("M").unwrap_or(0), number("S").unwrap_or(0))?,
        None => NaiveTime::MIN,
    };
    let offset = match part("zone").or(part("daysoff")) {
        None => None,
        // An offset that cannot be is dropped: the time is then read as UTC, which is nearer than nothing.
        Some(text) => Some(zone::read(text)?.offset.or(chrono::FixedOffset::east_opt(0))?),
    };
    Some(Read { day, time, offset })
}

fn day(found: &Captures<'_>) -> Option<NaiveDate> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let year = i32::try_from(number("y")?).ok()?;
    if let Some(week) = number("week") {
        let weekday = Weekday::try_from(u8::try_from(number("weekday").unwrap_or(1).checked_sub(1)?).ok()?).ok()?;
        return NaiveDate::from_isoywd_opt(year, week, weekday);
    }
    if let Some(ordinal) = number("ordinal") {
        return NaiveDate::from_yo_opt(year, ordinal);
    }
    let month = number("m").or(number("mm")).or(number("mo")).unwrap_or(1);
    let day = number("d").or(number("dd")).unwrap_or(1);
    NaiveDate::from_ymd_opt(year, month, day)
}
