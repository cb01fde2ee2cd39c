//! Names of months, days and parts of the day, in the languages of the papers we read.

/// What a word in a date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Month(u32),
    Weekday,
    Morning,
    Afternoon,
    /// Something that says nothing.
    Filler,
}

const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// An English word of a date, in any case, cut to three letters or more.
pub(super) fn english(word: &str) -> Option<Word> {
    let word = word.to_lowercase();
    if word.len() >= 3 {
        if let Some(month) = (1..).zip(ENGLISH).find(|(_, name)| name.starts_with(&word)) {
            return Some(Word::Month(month.0));
        }
        if word == "sept" {
            return Some(Word::Month(9));
        }
        let is_day =
            |name: &&str| name.starts_with(&word) || matches!(word.as_str(), "tues" | "weds" | "thur" | "thurs");
        if DAYS.iter().any(is_day) {
            return Some(Word::Weekday);
        }
    }
    match word.as_str() {
        "am" | "a.m" => Some(Word::Morning),
        "pm" | "p.m" => Some(Word::Afternoon),
        "at" | "on" | "of" | "-" | "|" | "–" | "—" => Some(Word::Filler),
        _ => None,
    }
}

/// Beginnings of the names of months that tell them apart, in lower case and without accents on
/// Latin letters; the longest that fits counts.
const MONTHS: &[(&str, u32)] = &[
    // German, Dutch, Scandinavian
    ("jan", 1),
    ("jän", 1),
    ("feb", 2),
    ("mär", 3),
    ("maer", 3),
    ("mrz", 3),
    ("maa", 3),
    ("mrt", 3),
    ("apr", 4),
    ("mai", 5),
    ("mei", 5),
    ("maj", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("nov", 11),
    ("dez", 12),
    ("dec", 12),
    ("des", 12),
    // French
    ("janv", 1),
    ("fev", 2),
    ("fév", 2),
    ("mars", 3),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aou", 8),
    ("aoû", 8),
    ("déc", 12),
    // Spanish, Portuguese, Italian
    ("ene", 1),
    ("gen", 1),
    ("mar", 3),
    ("abr", 4),
    ("mag", 5),
    ("may", 5),
    ("giu", 6),
    ("lug", 7),
    ("ago", 8),
    ("set", 9),
    ("ott", 10),
    ("out", 10),
    ("oct", 10),
    ("dic", 12),
    ("fevereiro", 2),
    ("março", 3),
    ("maio", 5),
    ("junho", 6),
    ("julho", 7),
    // Polish, Czech
    ("sty", 1),
    ("lut", 2),
    ("kwi", 4),
    ("cze", 6),
    ("lip", 7),
    ("sie", 8),
    ("wrz", 9),
    ("paź", 10),
    ("paz", 10),
    ("lis", 11),
    ("gru", 12),
    ("led", 1),
    ("úno", 2),
    ("bře", 3),
    ("dub", 4),
    ("kvě", 5),
    ("červen", 6),
    ("června", 6),
    ("červenc", 7),
    ("srp", 8),
    ("zář", 9),
    ("říj", 10),
    ("pro", 12),
    // Hungarian
    ("már", 3),
    ("ápr", 4),
    ("máj", 5),
    ("jún", 6),
    ("júl", 7),
    ("sze", 9),
    // Turkish
    ("oca", 1),
    ("şub", 2),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("ağu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
    // Russian, Ukrainian
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("січ", 1),
    ("лют", 2),
    ("бер", 3),
    ("кві", 4),
    ("тра", 5),
    ("чер", 6),
    ("лип", 7),
    ("сер", 8),
    ("вер", 9),
    ("жов", 10),
];
const MORE_MONTHS: &[(&str, u32)] = &[
    ("лис", 11),
    ("гру", 12),
    // Greek
    ("ιαν", 1),
    ("φεβ", 2),
    ("μαρ", 3),
    ("μάρ", 3),
    ("απρ", 4),
    ("μάι", 5),
    ("μαΐ", 5),
    ("μαϊ", 5),
    ("ιουν", 6),
    ("ιούν", 6),
    ("ιουλ", 7),
    ("ιούλ", 7),
    ("αυγ", 8),
    ("αύγ", 8),
    ("σεπ", 9),
    ("νοε", 11),
];
const LAST_MONTHS: &[(&str, u32)] = &[("οκτ", 10), ("νοέ", 11), ("δεκ", 12), ("jui", 7), ("mayı", 5)];
/// The languages around the Baltic, on the Balkans, and Icelandic. Croatian October is left out: its
/// name is that of Polish and Czech November.
#[rustfmt::skip]
const NORTH_AND_SOUTH: &[(&str, u32)] = &[
    ("tammi", 1), ("helmi", 2), ("maalis", 3), ("huhti", 4), ("touko", 5), ("kesä", 6),
    ("heinä", 7), ("elo", 8), ("syys", 9), ("loka", 10), ("marras", 11), ("joulu", 12),
    ("jaan", 1), ("vee", 2), ("juun", 6), ("juul", 7), ("det", 12),
    ("jūn", 6), ("jūl", 7),
    ("saus", 1), ("vas", 2), ("kov", 3), ("bal", 4), ("geg", 5), ("bir", 6),
    ("lie", 7), ("rugp", 8), ("rugs", 9), ("spal", 10), ("lap", 11),
    ("ian", 1), ("iun", 6), ("iul", 7), ("noi", 11),
    ("siječ", 1), ("velj", 2), ("ožuj", 3), ("trav", 4), ("svib", 5), ("lipnj", 6), ("lipanj", 6),
    ("srpnj", 7), ("srpanj", 7), ("kolov", 8), ("ruj", 9), ("studen", 11), ("avg", 8),
    ("яну", 1), ("юни", 6), ("юли", 7), ("сеп", 9), ("ное", 11),
    ("јан", 1), ("феб", 2), ("мај", 5), ("јун", 6), ("јул", 7), ("нов", 11), ("дец", 12),
    ("ágú", 8), ("nóv", 11),
];
/// Thai months, whole and as people shorten them.
#[rustfmt::skip]
const THAI: &[(&str, u32)] = &[
    ("มกรา", 1), ("กุมภา", 2), ("มีนา", 3), ("เมษา", 4), ("พฤษภา", 5), ("มิถุนา", 6),
    ("กรกฎา", 7), ("สิงหา", 8), ("กันยา", 9), ("ตุลา", 10), ("พฤศจิกา", 11), ("ธันวา", 12),
    ("ม.ค", 1), ("ก.พ", 2), ("มี.ค", 3), ("เม.ย", 4), ("พ.ค", 5), ("มิ.ย", 6),
    ("ก.ค", 7), ("ส.ค", 8), ("ก.ย", 9), ("ต.ค", 10), ("พ.ย", 11), ("ธ.ค", 12),
];

/// Arabic months as they are called on the Gulf and the Nile, in the Levant and in the Maghreb, Hebrew ones,
/// and those that only Indonesian writes so.
#[rustfmt::skip]
const ARABIC_AND_OTHERS: &[(&str, u32)] = &[
    ("يناير", 1), ("فبراير", 2), ("مارس", 3), ("أبريل", 4), ("ابريل", 4), ("إبريل", 4), ("مايو", 5), ("يوني", 6),
    ("يولي", 7), ("أغسطس", 8), ("اغسطس", 8), ("سبتمبر", 9), ("أكتوبر", 10), ("اكتوبر", 10), ("نوفمبر", 11), ("ديسمبر", 12),
    ("كانون الثاني", 1), ("شباط", 2), ("آذار", 3), ("نيسان", 4), ("أيار", 5), ("ايار", 5), ("حزيران", 6), ("تموز", 7),
    ("أيلول", 9), ("ايلول", 9), ("تشرين الأول", 10), ("تشرين الاول", 10), ("تشرين الثاني", 11),
    ("كانون الأول", 12), ("كانون الاول", 12),
    ("جانفي", 1), ("فيفري", 2), ("أفريل", 4), ("جوان", 6), ("جويلية", 7), ("أوت", 8), ("غشت", 8), ("شتنبر", 9),
    ("نونبر", 11), ("دجنبر", 12),
    ("ינואר", 1), ("פברואר", 2), ("מרץ", 3), ("אפריל", 4), ("מאי", 5), ("יוני", 6), ("יולי", 7), ("אוגוסט", 8),
    ("ספטמבר", 9), ("אוקטובר", 10), ("נובמבר", 11), ("דצמבר", 12),
    ("בינואר", 1), ("בפברואר", 2), ("במרץ", 3), ("באפריל", 4), ("במאי", 5), ("ביוני", 6), ("ביולי", 7), ("באוגוסט", 8),
    ("בספטמבר", 9), ("באוקטובר", 10), ("בנובמבר", 11), ("בדצמבר", 12),
    ("peb", 2), ("agu", 8),
];

/// A month by its name in any of the languages.
pub(super) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    if let Some(Word::Month(month)) = english(&word) {
        return Some(month);
    }
    let all =
        MONTHS.iter().chain(MORE_MONTHS).chain(LAST_MONTHS).chain(NORTH_AND_SOUTH).chain(THAI).chain(ARABIC_AND_OTHERS);
    all.filter(|(start, _)| word.starts_with(start)).max_by_key(|(start, _)| start.len()).map(|(_, month)| *month)
}

/// The hour of the day, when morning or afternoon is said.
pub(super) fn hour(hour: u32, afternoon: Option<bool>) -> u32 {
    match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    }
}
