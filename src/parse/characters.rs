//! Characters: what references stand for, and text whose encoding was mistaken before it got here.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use html5ever::data::NAMED_ENTITIES;
use memchr::{memchr, memchr3};

/// The longest name of a character in HTML has 32 letters.
const LONGEST_NAME: usize = 34;

/// Appends what a character reference stands for: numbers, and all names of HTML. What no text can
/// hold stands for nothing. False when it is unknown.
fn push_resolved(name: &str, out: &mut String) -> bool {
    let Some(number) = name.strip_prefix('#') else { return push_named(name, out) };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    let Some(c) = number.and_then(char::from_u32) else { return false };
    out.extend(of_windows(c).filter(|c| !c.is_ascii_control() || matches!(c, '\t' | '\n' | '\r')));
    true
}

fn push_named(name: &str, out: &mut String) -> bool {
    let Some((first, second)) = NAMED_ENTITIES.get(&format!("{name};")) else { return false };
    // Beginnings of names are in the table too, and stand for nothing.
    let character = |number: u32| char::from_u32(number).filter(|c| *c != '\0');
    out.extend([character(*first), character(*second)].into_iter().flatten());
    *first != 0
}

/// What is odd about the references of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Odd {
    /// An `&` begins no reference.
    pub(super) alone: bool,
    /// A reference stands for nothing known.
    pub(super) unknown: bool,
    /// A reference is HTML's and not XML's.
    pub(super) undeclared: bool,
}

/// Appends a text with its references resolved; what is none stays.
pub(super) fn resolve_into(out: &mut String, text: &str) -> Odd {
    let mut odd = Odd::default();
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let (c, length) = match from.as_bytes() {
            [_, b'l', b't', b';', ..] => ('<', 4),
            [_, b'g', b't', b';', ..] => ('>', 4),
            [_, b'a', b'm', b'p', b';', ..] => ('&', 5),
            [_, b'q', b'u', b'o', b't', b';', ..] => ('"', 6),
            [_, b'a', b'p', b'o', b's', b';', ..] => ('\'', 6),
            _ => {
                let length = rare(from, out, &mut odd);
                rest = from.get(length..).unwrap_or_default();
                continue;
            }
        };
        out.push(c);
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    odd
}

/// Appends what stands at an `&` that is none of XML's own references; says how long it is.
fn rare(from: &str, out: &mut String, odd: &mut Odd) -> usize {
    let Some(name) = from.get(1..).and_then(reference) else {
        odd.alone = true;
        out.push('&');
        return 1;
    };
    odd.undeclared |= !name.starts_with('#');
    let length = name.len() + 2;
    if !push_resolved(name, out) {
        odd.unknown = true;
        out.push_str(from.get(..length).unwrap_or_default());
    }
    length
}

/// The name of the reference that stands behind an `&`.
fn reference(text: &str) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let end = text.bytes().take(LONGEST_NAME).position(|byte| !is_part(&byte))?;
    (end > 0 && text.as_bytes().get(end) == Some(&b';')).then(|| text.get(..end))?
}

/// The character that a program meant which takes numbers of windows-1252 for those of Unicode:
/// what Unicode has there are controls that no text uses. None when it meant none.
pub(super) fn of_windows(c: char) -> Option<char> {
    match u8::try_from(u32::from(c)) {
        // What windows-1252 has no character for it hands through.
        Ok(byte @ 0x80..=0x9f) => {
            let meant = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
            meant.filter(|c| !is_upper_control(*c))
        }
        _ => Some(c),
    }
}

fn is_upper_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// A text with its references resolved.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    resolve_into(&mut out, text);
    Cow::Owned(out)
}

/// [`str::trim`], told at once of a text that begins and ends with letters of ASCII, as nearly all do.
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Appends text in such a way that it is text in markup.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let escaped = match from.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            _ => "&gt;",
        };
        out.extend([before, escaped]);
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Whether a byte is one of those that `is` tells; `may_be` is a cheaper question whose "no" is
/// true. It is asked of blocks of a known size and without branches, so that a compiler puts many
/// bytes into one instruction: this looks at every byte of every document.
pub(super) fn any_byte(bytes: &[u8], may_be: impl Fn(u8) -> bool, is: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<128>();
    let is_any = |bytes: &[u8]| bytes.iter().any(|byte| is(*byte));
    let may_be_any = |block: &[u8; 128]| block.iter().fold(false, |found, byte| found | may_be(*byte));
    blocks.iter().any(|block| may_be_any(block) && is_any(block)) || is_any(rest)
}

/// Text as it was before someone took its UTF-8 for windows-1252 (`cafÃ©`), without the controls
/// that are left over.
pub(super) fn mended(text: Cow<'_, str>) -> Cow<'_, str> {
    match misread(&text) {
        Some(meant) => Cow::Owned(meant.chars().filter(|c| !is_upper_control(*c)).collect()),
        None => text,
    }
}

/// Whether windows-1252 has all characters of a text and its bytes could be UTF-8, as far as first
/// bytes tell: those of its letters are C2, C3, C5 and C6, of its signs CB and E2, and those that
/// stand for the first bytes of UTF-8 begin with C3.
fn may_be_misread(text: &str) -> bool {
    let begins_another = |byte| byte >= 0xc4 && !matches!(byte, 0xc5 | 0xc6 | 0xcb | 0xe2);
    memchr(0xc3, text.as_bytes()).is_some()
        && !any_byte(text.as_bytes(), |byte| byte >= 0xc4 && byte != 0xe2, begins_another)
}

/// The text that was misread. Not every text whose bytes would be UTF-8 was: `LIBERTÉ…` only looks
/// so. Asked for is what no orthography has, or much of what hardly any has.
fn misread(text: &str) -> Option<String> {
    if !may_be_misread(text) || !text.contains(['Â', 'Ã', 'Ä', 'Å', 'Æ', 'á', 'â']) {
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
            assert_eq!(unescape(&format!("&{name};")), wanted, "{name}");
        }
        for name in ["alph", "", "#", "#xD800", "#99999999999"] {
            assert_eq!(unescape(&format!("&{name};")), format!("&{name};"));
        }
        assert_eq!(unescape("a?b=1&copy=2&amp;c=&eacute;"), "a?b=1&copy=2&c=é");
    }

    #[test]
    fn utf8_that_was_taken_for_windows_1252_is_read_again() {
        for wanted in ["café", "đường Bến Tre", "…", "It’s", "Ordnungsmäßig", "«oui»"] {
            let wrong = WINDOWS_1252.decode_without_bom_handling(wanted.as_bytes()).0.into_owned();
            assert_eq!(mended(wrong.into()), wanted);
        }
    }

    #[test]
    fn what_only_looks_misread_stays() {
        for right in ["LIBERTÉ…", "CÔTÉ\u{a0}!", "AMANHÔ", "está…»", "Âu Lạc", "Ấp Âu", "à\u{a0}", "naïve", "É’"]
        {
            assert_eq!(mended(right.into()), right);
        }
        assert_eq!(unescape("a&#x81;b"), "ab");
    }
}
