//! Dates as sources write them. A list of small readers, each for one family of forms; the first
//! that understands a text wins.

mod iso;
mod local;
mod names;
mod rfc822;
mod strict;
mod zone;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// Longer texts are no dates; those with words before and after them stay far below.
const LONGEST: usize = 200;

/// Reads a date of any of the known forms. One without a zone is in `zone`; a bare day is its
/// midnight there. None when it is no date, or no plausible one.
pub fn parse(text: &str, zone: Tz) -> Option<DateTime<FixedOffset>> {
    if text.len() > LONGEST * 4 {
        return None;
    }
    let is_plausible = |time: &DateTime<FixedOffset>| (1900..=2200).contains(&time.year());
    if let Some(read) = strict::read(text.trim()) {
        return read.at(zone).filter(is_plausible);
    }
    let text: String = text.trim().chars().take(LONGEST).map(plain).collect();
    let readers: [fn(&str) -> Option<Read>; 4] = [iso::read, epoch, rfc822::read, local::read];
    let read = readers.iter().find_map(|reader| reader(&text))?;
    read.at(zone).filter(is_plausible)
}

/// Finds the first date inside running text, such as `30/01/2023 - 05:30` in a byline.
pub fn find(text: &str, zone: Tz) -> Option<DateTime<FixedOffset>> {
    let text: String = text.chars().take(2000).map(plain).collect();
    let found = local::find(&text)?;
    found.at(zone).filter(|time| (1900..=2200).contains(&time.year()))
}

/// A character as the readers know it: spaces as one kind, digits of other scripts (`๓`, `٣`, `３`) as ours.
fn plain(char: char) -> char {
    const ZEROS: [char; 11] = ['٠', '۰', '०', '০', '௦', '๐', '໐', '၀', '០', '０', '੦'];
    if char.is_ascii() {
        return if char.is_whitespace() { ' ' } else { char };
    }
    let digit = |zero: char| (char as u32).checked_sub(zero as u32).and_then(|digit| char::from_digit(digit, 10));
    match ZEROS.into_iter().find_map(digit) {
        Some(digit) => digit,
        None if char.is_whitespace() => ' ',
        None => char,
    }
}

/// A date as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Read {
    day: NaiveDate,
    time: NaiveTime,
    offset: Option<FixedOffset>,
}

impl Read {
    fn day(day: NaiveDate) -> Self {
        Self { day, time: NaiveTime::MIN, offset: None }
    }

    fn at(self, zone: Tz) -> Option<DateTime<FixedOffset>> {
        let local = NaiveDateTime::new(self.day, self.time);
        match self.offset {
            Some(offset) => offset.from_local_datetime(&local).single(),
            None => in_zone(local, zone),
        }
    }
}

/// A local time in a zone; one that the clocks jumped over is an hour later.
fn in_zone(local: NaiveDateTime, zone: Tz) -> Option<DateTime<FixedOffset>> {
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest())?;
    Some(found.fixed_offset())
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Read> {
    let digits = text.strip_prefix('@').unwrap_or(text);
    let whole = digits
        .split_once('.')
        .map_or(digits, |(whole, rest)| if rest.bytes().all(|b| b.is_ascii_digit()) { whole } else { digits });
    if !(9..=16).contains(&whole.len()) || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        15 | 16 => number / 1_000_000,
        _ => return None,
    };
    let time = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    Some(Read { day: time.date(), time: time.time(), offset: FixedOffset::east_opt(0) })
}

/// A year that may have two digits (RFC 2822 s.4.3).
fn year(digits: &str) -> Option<i32> {
    let number: i32 = digits.parse().ok()?;
    Some(match digits.len() {
        1 | 2 if number < 69 => 2000 + number,
        2 => 1900 + number,
        3 => 1900 + number,
        _ => number,
    })
}

/// A time of day; 24:00 is not midnight of this day but read as 00:00, seconds of 60 as 59.
fn clock(hour: u32, minute: u32, second: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(if hour == 24 { 0 } else { hour }, minute, second.min(59))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        parse(text, Tz::Asia__Ho_Chi_Minh).map_or_else(|| "none".into(), |time| time.to_rfc3339())
    }

    #[test]
    fn the_forms_of_the_standards() {
        for (text, wanted) in [
            ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21+00:00"),
            ("thu, 1 jan 04 19:48 gmt", "2004-01-01T19:48:00+00:00"),
            ("Thu 01 Jan 2004 19:48:21 +0700", "2004-01-01T19:48:21+07:00"),
            ("1 January 2004 19:48:21 EST", "2004-01-01T19:48:21-05:00"),
            ("Thursday, 01-Jan-04 19:48:21 PDT", "2004-01-01T19:48:21-07:00"),
            ("Thu, 01 Jan 2004 19:48:21 (comment) Z", "2004-01-01T19:48:21+00:00"),
            ("Thu Jan  1 19:48:21 2004", "2004-01-01T19:48:21+07:00"),
            ("Thu Jan 1 19:48:21 GMT 2004", "2004-01-01T19:48:21+00:00"),
            ("Thu, 01 Jan 2004", "2004-01-01T00:00:00+07:00"),
            ("Thu, 01 Jan 2004 19:48:21 GMT+7", "2004-01-01T19:48:21+07:00"),
            ("Thu, 01 Jan 2004 19:48:21 UTC+07:00", "2004-01-01T19:48:21+07:00"),
            ("Thu, 01 Jan 2004 19:48:21 ICT", "2004-01-01T19:48:21+07:00"),
            ("January 1, 2004 7:48 PM", "2004-01-01T19:48:00+07:00"),
            ("Jan 1, 2004, 12:05 a.m. EST", "2004-01-01T00:05:00-05:00"),
            ("2004-01-01T19:48:21Z", "2004-01-01T19:48:21+00:00"),
            ("2004-01-01 19:48:21.123 +0700", "2004-01-01T19:48:21+07:00"),
            ("2004-01-01T19:48+07", "2004-01-01T19:48:00+07:00"),
            ("2004-01-01T19:48:21", "2004-01-01T19:48:21+07:00"),
            ("20040101T194821Z", "2004-01-01T19:48:21+00:00"),
            ("20040101", "2004-01-01T00:00:00+07:00"),
            ("2004-01", "2004-01-01T00:00:00+07:00"),
            ("2004", "2004-01-01T00:00:00+07:00"),
            ("2004-001", "2004-01-01T00:00:00+07:00"),
            ("2004-W01-4", "2004-01-01T00:00:00+07:00"),
            ("1072986501", "2004-01-01T19:48:21+00:00"),
            ("1072986501000", "2004-01-01T19:48:21+00:00"),
            ("2004-01-01T24:00:00Z", "2004-01-01T00:00:00+00:00"),
            ("2004/01/01 19:48", "2004-01-01T19:48:00+07:00"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_months_of_arabic_hebrew_and_indonesian_papers() {
        for (text, wanted) in [
            ("1 يناير 2004 - 07:48 م", "2004-01-01T19:48:00+07:00"),
            ("1 كانون الثاني 2004 07:48 صباحاً", "2004-01-01T07:48:00+07:00"),
            ("1 בינואר 2004, 19:48", "2004-01-01T19:48:00+07:00"),
            ("Kamis, 19 Agustus 2004 19:48 WIB", "2004-08-19T19:48:00+07:00"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_forms_of_vietnamese_papers() {
        for text in [
            "30/01/2023 - 05:30",
            "30/01/2023 05:30",
            "05:30 30/01/2023",
            "05:30, 30/01/2023",
            "05:30 | 30/01/2023",
            "30-01-2023 05:30",
            "30.01.2023 05:30",
            "30/1/2023, 05:30 (GMT+7)",
            "Thứ Hai, 30/01/2023 05:30 (GMT+7)",
            "Thứ hai, ngày 30/01/2023 - 05:30",
            "30/01/2023 05:30, thứ hai",
            "T2, 30/01/2023 05:30",
            "Thu 2, 30/01/2023 05:30",
            "05h30 30/01/2023",
            "05h30 ngày 30/01/2023",
            "5 giờ 30 ngày 30 tháng 01 năm 2023",
            "5 giờ 30 phút, ngày 30 tháng 1 năm 2023",
            "Thứ Hai, 30 tháng 1, 2023 05:30",
            "30/01/2023 5:30 SA",
            "30/01/2023 05:30 sáng",
            "Cập nhật: 30/01/2023 05:30",
            "Ngày đăng: 30/01/2023 05:30",
            "Đăng lúc 05:30 ngày 30/01/2023",
            "Thu\u{31b}\u{301} Hai, 30/01/2023 05:30",
        ] {
            assert_eq!(read(text), "2023-01-30T05:30:00+07:00", "{text}");
        }
        assert_eq!(read("30/01/2023 5:30 CH"), "2023-01-30T17:30:00+07:00");
        assert_eq!(read("30/01/2023 5:30 chiều"), "2023-01-30T17:30:00+07:00");
    }

    #[test]
    fn months_in_other_languages() {
        for (text, wanted) in [
            ("30. Januar 2023, 05:30 Uhr", "2023-01-30T05:30:00"),
            ("30 janvier 2023 à 05h30", "2023-01-30T05:30:00"),
            ("30 de enero de 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 gennaio 2023 05:30", "2023-01-30T05:30:00"),
            ("30 de janeiro de 2023 às 05:30", "2023-01-30T05:30:00"),
            ("30 stycznia 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 января 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 січня 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 Ιανουαρίου 2023 05:30", "2023-01-30T05:30:00"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T12:00:00"),
            ("2023. január 30. 05:30", "2023-01-30T05:30:00"),
            ("30 ม.ค. 2566 05:30 น.", "2023-01-30T05:30:00"),
            ("วันจันทร์ที่ 30 มกราคม พ.ศ. 2566 เวลา 05:30 น.", "2023-01-30T05:30:00"),
            ("30 ม.ค. 66 05:30", "2023-01-30T05:30:00"),
            ("30/01/2566 05:30", "2023-01-30T05:30:00"),
            ("๓๐ มกราคม ๒๕๖๖ เวลา ๐๕:๓๐ น.", "2023-01-30T05:30:00"),
            ("٣٠/٠١/٢٠٢٣ ٠٥:٣٠", "2023-01-30T05:30:00"),
            ("2023年1月30日 05:30", "2023-01-30T05:30:00"),
            ("2023年01月30日05时30分", "2023-01-30T05:30:00"),
            ("2023年1月30日 午後5時30分", "2023-01-30T17:30:00"),
            ("2023년 1월 30일 오전 5:30", "2023-01-30T05:30:00"),
            ("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17"),
            ("30 Ocak 2023 05:30", "2023-01-30T05:30:00"),
            ("30. Jan. 2023, 05.30 Uhr", "2023-01-30T05:30:00"),
            ("Montag, 30.01.2023, 05:30 Uhr", "2023-01-30T05:30:00"),
            ("lundi 30 janvier 2023 - 05:30", "2023-01-30T05:30:00"),
            ("30 janv. 2023 05h30", "2023-01-30T05:30:00"),
            ("le 1er février 2023 à 5h30", "2023-02-01T05:30:00"),
            ("30 januari 2023 05:30", "2023-01-30T05:30:00"),
            ("maandag 30 januari 2023 om 05:30 uur", "2023-01-30T05:30:00"),
            ("30 januari 2023 kl. 05.30", "2023-01-30T05:30:00"),
            ("30. januar 2023 kl. 05:30", "2023-01-30T05:30:00"),
            ("30. tammikuuta 2023 klo 5.30", "2023-01-30T05:30:00"),
            ("30. ledna 2023 5:30", "2023-01-30T05:30:00"),
            ("30. januára 2023 5:30", "2023-01-30T05:30:00"),
            ("30 sty 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 ianuarie 2023, 05:30", "2023-01-30T05:30:00"),
            ("30 януари 2023, 05:30", "2023-01-30T05:30:00"),
            ("30. siječnja 2023. 05:30", "2023-01-30T05:30:00"),
            ("30. januara 2023. 05:30", "2023-01-30T05:30:00"),
            ("2023. jan. 30., 5:30", "2023-01-30T05:30:00"),
            ("2023. január 30., hétfő 05:30", "2023-01-30T05:30:00"),
            ("lun, 30 gen 2023 05:30", "2023-01-30T05:30:00"),
            ("30 de gener de 2023 05:30", "2023-01-30T05:30:00"),
            ("30 Ιαν 2023 05:30", "2023-01-30T05:30:00"),
            ("пн, 30 янв 2023 05:30", "2023-01-30T05:30:00"),
            ("понедельник, 30 января 2023 г. 05:30", "2023-01-30T05:30:00"),
            ("30 jaanuar 2023 05:30", "2023-01-30T05:30:00"),
            ("2023. gada 30. janvāris 05:30", "2023-01-30T05:30:00"),
            ("2023 m. sausio 30 d. 05:30", "2023-01-30T05:30:00"),
            ("30 Januari 2023 05:30 WIB", "2023-01-30T05:30:00"),
            ("2023/01/30(月) 05:30", "2023-01-30T05:30:00"),
            ("2023年1月30日(月) 5時30分", "2023-01-30T05:30:00"),
            ("2023-01-30 上午5:30", "2023-01-30T05:30:00"),
            ("2023.01.30. 오전 5:30", "2023-01-30T05:30:00"),
            ("Jan 30, 2023 5:30 AM", "2023-01-30T05:30:00"),
            ("January 30th, 2023 at 5:30 a.m.", "2023-01-30T05:30:00"),
            ("30-Jan-2023 05:30:00", "2023-01-30T05:30:00"),
        ] {
            assert!(read(text).starts_with(wanted), "{text}: {}", read(text));
        }
    }

    #[test]
    fn the_day_comes_first_unless_it_cannot() {
        assert!(read("03/04/2023").starts_with("2023-04-03"));
        assert!(read("01/30/2023 05:30").starts_with("2023-01-30T05:30"));
        assert_eq!(read("31/31/2023"), "none");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "12",
            "abc 2023",
            "99/99/9999",
            "2023-13-45",
            "Thu, 32 Jan 2004",
            "1.2.3.4.5",
            "0001-01-01",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
        assert_eq!(
            parse("2023-01-30T05:30:00+99:00", Tz::UTC).map(|time| time.to_rfc3339()).as_deref(),
            Some("2023-01-30T05:30:00+00:00")
        );
    }

    #[test]
    fn dates_are_found_in_running_text() {
        let found = find("Bến Tre | 30/01/2023 - 05:30 | Theo dõi", Tz::Asia__Ho_Chi_Minh).unwrap();
        assert_eq!(found.to_rfc3339(), "2023-01-30T05:30:00+07:00");
        assert_eq!(find("Nothing of the kind, 2023 or not", Tz::UTC), None);
        assert!(find("Posted on January 30, 2023 by someone", Tz::UTC).unwrap().to_rfc3339().starts_with("2023-01-30"));
    }

    #[test]
    fn a_time_that_the_clocks_jumped_over_is_read() {
        assert!(parse("26/03/2023 02:30", Tz::Europe__Berlin).is_some());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,80}") {
            let _ = parse(&text, Tz::UTC);
            let _ = find(&text, Tz::UTC);
        }

        #[test]
        fn no_row_of_numbers_is_too_odd(text in "[0-9:/. ,+TZ年月日tháng-]{0,40}") {
            let _ = parse(&text, Tz::UTC);
            let _ = find(&text, Tz::UTC);
        }
    }
}
