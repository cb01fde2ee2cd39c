//! What text and addresses must be like, whatever a source sent (XML 1.0 s.2.2, RFC 3987 s.3.1).

use chrono::{DateTime, SecondsFormat, Utc};
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// Text without the characters that XML or readers cannot take, in NFC.
pub(super) fn text(raw: &str) -> String {
    raw.chars()
        .filter(|c| match c {
            '\t' | '\n' | '\r' => true,
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}'..='\u{ffff}' => false,
            _ => (u32::from(*c) & 0xfffe) != 0xfffe,
        })
        .nfc()
        .collect()
}

/// Text on one line.
pub(super) fn line(raw: &str) -> String {
    crate::html::fold(&text(raw))
}

/// An address in ASCII, without what validators take offence at.
pub(super) fn address(url: &Url) -> String {
    let mut ascii = String::with_capacity(url.as_str().len());
    for c in url.as_str().chars() {
        match c {
            '|' => ascii.push_str("%7C"),
            '[' if url.host_str().is_none_or(|host| !host.starts_with('[')) => ascii.push_str("%5B"),
            ']' if url.host_str().is_none_or(|host| !host.starts_with('[')) => ascii.push_str("%5D"),
            '^' => ascii.push_str("%5E"),
            '`' => ascii.push_str("%60"),
            '{' => ascii.push_str("%7B"),
            '}' => ascii.push_str("%7D"),
            '\\' => ascii.push_str("%5C"),
            '"' => ascii.push_str("%22"),
            '\'' => ascii.push_str("%27"),
            c => ascii.push(c),
        }
    }
    ascii
}

/// A time as RFC 3339 writes it.
pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time as RSS writes it: RFC 822 with a four-digit year and two-digit day.
pub(super) fn rfc822(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Plain text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A summary for feeds that want one: the stated one, else the beginning of the text.
pub(super) fn summary(facts: &crate::model::Facts) -> String {
    const LENGTH: usize = 400;
    if let Some(summary) = &facts.summary {
        return line(summary);
    }
    let whole = line(&crate::html::plain(facts.content.as_str()));
    if whole.is_empty() {
        return line(&facts.title);
    }
    if whole.chars().count() <= LENGTH {
        return whole;
    }
    let head: String = whole.chars().take(LENGTH).collect();
    let cut = head.rfind(' ').filter(|at| *at > LENGTH / 2).and_then(|at| head.get(..at)).unwrap_or(&head);
    format!("{}…", cut.trim_end_matches([',', '.', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_go() {
        assert_eq!(text("a\u{b}b\u{85}c\u{fffe}d\u{1fffe}e\te"), "abcde\te");
        assert_eq!(text("Ha\u{300}"), "Hà");
    }

    #[test]
    fn addresses_are_ascii() {
        let url = Url::parse("https://báo.example/Bến Tre|[x]?q='a'").unwrap();
        let text = address(&url);
        assert!(text.is_ascii() && !text.contains(['|', '[', ' ', '\'']), "{text}");
    }

    #[test]
    fn times_have_two_digit_days() {
        let time = "2026-03-01T05:06:07Z".parse().unwrap();
        assert_eq!(rfc822(time), "Sun, 01 Mar 2026 05:06:07 GMT");
        assert_eq!(rfc3339(time), "2026-03-01T05:06:07Z");
    }
}
