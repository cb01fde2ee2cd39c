//! The two forms that nearly all feeds use, exactly as RFC 822 (with RFC 2822's year) and RFC 3339
//! write them, without taking the text apart. What deviates is left to the other readers.

use chrono::{FixedOffset, NaiveDate, NaiveTime};

use super::Read;

const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Reads a date of either form.
pub(super) fn read(text: &str) -> Option<Read> {
    let text = text.as_bytes();
    rfc3339(text).or_else(|| rfc822(text))
}

/// `2023-01-30T05:30:00+07:00`, `2023-01-30T05:30:00.123Z`.
fn rfc3339(text: &[u8]) -> Option<Read> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', after @ ..] = text else { return None };
    let (time, after) = time(after)?;
    let fraction =
        after.strip_prefix(b".").map_or(0, |digits| 1 + digits.iter().take_while(|b| b.is_ascii_digit()).count());
    let offset = match after.get(fraction..)? {
        b"Z" if fraction != 1 => 0,
        [sign, h1, h2, b':', n1, n2] if fraction != 1 => offset(*sign, [*h1, *h2, *n1, *n2])?,
        _ => return None,
    };
    let day =
        NaiveDate::from_ymd_opt(number(&[*y1, *y2, *y3, *y4])? as i32, number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    Some(Read { day, time, offset: FixedOffset::east_opt(offset) })
}

/// `Mon, 30 Jan 2023 05:30:00 +0700`, `Mon, 30 Jan 2023 05:30:00 GMT`.
fn rfc822(text: &[u8]) -> Option<Read> {
    let [_, _, _, b',', b' ', d1, d2, b' ', m1, m2, m3, b' ', y1, y2, y3, y4, b' ', after @ ..] = text else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == &[*m1, *m2, *m3])?;
    let (time, after) = time(after)?;
    let offset = match after {
        b" GMT" => 0,
        [b' ', sign, digits @ ..] => offset(*sign, digits.try_into().ok()?)?,
        _ => return None,
    };
    let weekday = text.get(..3)?;
    if ![b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"].iter().any(|name| name.as_slice() == weekday) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(number(&[*y1, *y2, *y3, *y4])? as i32, month as u32 + 1, number(&[*d1, *d2])?)?;
    Some(Read { day, time, offset: FixedOffset::east_opt(offset) })
}

/// `05:30:00`, and what follows.
fn time(text: &[u8]) -> Option<(NaiveTime, &[u8])> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, after @ ..] = text else { return None };
    let time = NaiveTime::from_hms_opt(number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?)?;
    Some((time, after))
}

/// An offset in seconds, up to those that are in use.
fn offset(sign: u8, digits: [u8; 4]) -> Option<i32> {
    let [h1, h2, m1, m2] = digits;
    let (hours, minutes) = (number(&[h1, h2])? as i32, number(&[m1, m2])? as i32);
    if hours > 11 || minutes > 59 {
        return None;
    }
    match sign {
        b'+' => Some(hours * 3600 + minutes * 60),
        b'-' => Some(-hours * 3600 - minutes * 60),
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::date::{iso, rfc822};

    proptest! {
        #[test]
        fn it_agrees_with_the_liberal_readers(seconds in -3_000_000_000i64..5_000_000_000, minutes in -700i32..700) {
            let zone = FixedOffset::east_opt(minutes * 60).unwrap();
            let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&zone);
            for (text, liberal) in [
                (time.to_rfc3339(), iso::read as fn(&str) -> Option<Read>),
                (time.to_rfc3339().replace('+', ".25+"), iso::read),
                (time.format("%a, %d %b %Y %H:%M:%S %z").to_string(), rfc822::read),
                (time.with_timezone(&chrono::Utc).format("%a, %d %b %Y %H:%M:%S GMT").to_string(), rfc822::read),
            ] {
                let strict = read(&text).and_then(|read| read.at(Tz::UTC));
                prop_assert_eq!(strict, liberal(&text).and_then(|read| read.at(Tz::UTC)), "{}", &text);
                prop_assert_eq!(strict, Some(time.fixed_offset()), "{}", &text);
            }
        }

        #[test]
        fn nothing_is_too_odd_for_it(text in "[0-9TZ:+. ,A-z-]{0,40}") {
            let _ = read(&text);
        }
    }
}
