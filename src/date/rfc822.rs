//! RFC 822 and 2822, asctime, and the English forms near them, with every deviation that feeds
//! show: any case, missing parts, comments, names written out, the order of month and day.

use chrono::NaiveDate;

use super::names::{self, Word};
use super::{Read, clock, year, zone};

/// Reads a date whose month is an English name.
pub(super) fn read(text: &str) -> Option<Read> {
    let text = without_comments(text);
    let mut date = Parts::default();
    for token in text.split([' ', ',']).filter(|token| !token.is_empty()) {
        date.take(token)?;
    }
    date.read()
}

/// RFC 822 allows comments in parentheses; a zone in them is kept.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let (comment, tail) = after.split_once(')').unwrap_or((after, ""));
        out.push_str(before);
        if zone::read(comment).is_some() && !out.contains('+') {
            out.push(' ');
            out.push_str(comment);
        }
        out.push(' ');
        rest = tail;
    }
    out + rest
}

#[derive(Default)]
struct Parts {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    time: Option<(u32, u32, u32)>,
    afternoon: Option<bool>,
    zone: Option<zone::Zone>,
}

impl Parts {
    /// Takes a word of the date; None when it belongs to no date of this form.
    fn take(&mut self, token: &str) -> Option<()> {
        let bare = token.trim_end_matches('.');
        if bare.contains('-')
            && !bare.starts_with(['-', '+'])
            && self.month.is_none()
            && bare.chars().any(char::is_alphabetic)
        {
            // 01-Jan-04
            return bare.split('-').try_for_each(|part| self.take(part));
        }
        if bare.contains(':') && !bare.contains(['+', '-']) && bare.starts_with(|c: char| c.is_ascii_digit()) {
            return self.take_time(bare);
        }
        if bare.bytes().all(|byte| byte.is_ascii_digit()) && !bare.is_empty() {
            return self.take_number(bare);
        }
        match names::english(bare) {
            Some(Word::Month(month)) if self.month.is_none() => self.month = Some(month),
            Some(Word::Weekday | Word::Filler) => {}
            Some(Word::Morning) => self.afternoon = Some(false),
            Some(Word::Afternoon) => self.afternoon = Some(true),
            _ => self.zone = Some(zone::read(token)?),
        }
        Some(())
    }

    fn take_time(&mut self, token: &str) -> Option<()> {
        // 7:48pm
        let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        match token.get(digits.len()..)?.to_ascii_lowercase().replace('.', "").as_str() {
            "" | "z" => {}
            "am" => self.afternoon = Some(false),
            "pm" => self.afternoon = Some(true),
            _ => return None,
        }
        let mut parts = digits.split(':');
        let mut next = || parts.next().map(|part| part.split('.').next().unwrap_or_default().parse::<u32>());
        let hour = next()?.ok()?;
        let minute = next()?.ok()?;
        let second = next().transpose().ok()?.unwrap_or(0);
        self.time.replace((hour, minute, second)).is_none().then_some(())
    }

    fn take_number(&mut self, token: &str) -> Option<()> {
        let number: u32 = token.parse().ok()?;
        if self.day.is_none() && token.len() <= 2 {
            self.day = Some(number);
        } else if self.year.is_none() {
            self.year = Some(year(token)?);
        } else {
            return None;
        }
        Some(())
    }

    fn read(self) -> Option<Read> {
        let day = NaiveDate::from_ymd_opt(self.year?, self.month?, self.day.unwrap_or(1))?;
        let (hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        let time = clock(names::hour(hour, self.afternoon), minute, second)?;
        Some(Read { day, time, offset: self.zone.and_then(|zone| zone.offset) })
    }
}
