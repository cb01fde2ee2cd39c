//! Characters: what references stand for, and text whose encoding was mistaken before it got here.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use html5ever::data::NAMED_ENTITIES;

/// The longest name of a character in HTML has 32 letters.
const LONGEST_NAME: usize = 34;

/// What a character reference stands for: numbers, and all names of HTML.
pub(super) fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else { return named(name).map(Cow::Owned) };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = char::from_u32(number).map(of_windows)?;
    let is_text = !c.is_ascii_control() || matches!(c, '\t' | '\n' | '\r');
    Some(if is_text { Cow::Owned(c.to_string()) } else { Cow::Borrowed("") })
}

fn named(name: &str) -> Option<String> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let (first, second) = NAMED_ENTITIES.get(&format!("{name};"))?;
    let characters = [*first, *second].into_iter().filter(|number| *number > 0).map(char::from_u32);
    characters.collect::<Option<String>>().filter(|text| !text.is_empty())
}

/// The character that a program meant which takes numbers of windows-1252 for those of Unicode:
/// what Unicode has there are controls that no text uses.
pub(super) fn of_windows(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..=0x9f) => {
            WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => c,
    }
}

/// An attribute's value with its references resolved; what is none stays.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let resolved = end.and_then(|end| Some((resolve(after.get(..end)?)?, after.get(end + 1..)?)));
        let (text, tail) = resolved.unwrap_or((Cow::Borrowed("&"), after));
        out.push_str(&text);
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends text in such a way that it is text in markup.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    for part in text.split_inclusive(['&', '<', '>']) {
        match part.chars().last() {
            Some('&') => out.extend([part.trim_end_matches('&'), "&amp;"]),
            Some('<') => out.extend([part.trim_end_matches('<'), "&lt;"]),
            Some('>') => out.extend([part.trim_end_matches('>'), "&gt;"]),
            _ => out.push_str(part),
        }
    }
}

/// Text as it was before someone took its UTF-8 for windows-1252 (`cafÃ©`), without the controls
/// that are left over.
pub(super) fn mended(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    let text = misread(&text).unwrap_or(text);
    if text.chars().any(is_upper_control) { text.chars().filter(|c| !is_upper_control(*c)).collect() } else { text }
}

fn is_upper_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// The text that was misread. Not every text whose bytes would be UTF-8 was: `LIBERTÉ…` only looks
/// so. Asked for is what no orthography has, or much of what hardly any has.
fn misread(text: &str) -> Option<String> {
    if !text.contains(['Â', 'Ã', 'Ä', 'Å', 'Æ', 'á', 'â']) {
        return None;
    }
    let (bytes, _, is_beyond) = WINDOWS_1252.encode(text);
    if is_beyond {
        return None;
    }
    let meant = std::str::from_utf8(&bytes).ok()?;
    let (mut sure, mut likely) = (0usize, 0usize);
    for c in meant.chars().filter(|c| !c.is_ascii()) {
        match c {
            // In windows-1252 these end in quotation marks or blanks, as a word can.
            'ë' | 'û' => likely += 1,
            '\u{a1}'..='\u{bf}' | 'á'..='ÿ' | '\u{2010}'..='\u{203a}' => sure += 1,
            '\u{80}'..='\u{1b0}' | '\u{1ea0}'..='\u{1eff}' | '€' | '™' => likely += 1,
            _ => return None,
        }
    }
    (sure > 0 || likely > 2).then(|| meant.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_html_and_numbers_are_resolved() {
        for (name, wanted) in [
            ("alpha", "α"),
            ("Upsilon", "Υ"),
            ("scaron", "š"),
            ("amp", "&"),
            ("NotEqualTilde", "≂\u{338}"),
            ("#233", "é"),
            ("#x1EBF", "ế"),
            ("#146", "’"),
            ("#0", ""),
        ] {
            assert_eq!(resolve(name).as_deref(), Some(wanted), "{name}");
        }
        for name in ["alph", "", "#", "#xD800", "#99999999999"] {
            assert_eq!(resolve(name), None, "{name}");
        }
        assert_eq!(unescape("a?b=1&copy=2&amp;c=&eacute;"), "a?b=1&copy=2&c=é");
    }

    #[test]
    fn utf8_that_was_taken_for_windows_1252_is_read_again() {
        for wanted in ["café", "đường Bến Tre", "…", "It’s", "Ordnungsmäßig", "«oui»"] {
            let wrong = WINDOWS_1252.decode_without_bom_handling(wanted.as_bytes()).0.into_owned();
            assert_eq!(mended(wrong), wanted);
        }
    }

    #[test]
    fn what_only_looks_misread_stays() {
        for right in ["LIBERTÉ…", "CÔTÉ\u{a0}!", "AMANHÔ", "está…»", "Âu Lạc", "Ấp Âu", "à\u{a0}", "naïve", "É’"]
        {
            assert_eq!(mended(right.to_owned()), right);
        }
        assert_eq!(mended("a\u{81}b".into()), "ab");
    }
}
