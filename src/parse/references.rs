//! Character references: numbers, and all names of HTML.

use std::borrow::Cow;

/// What a character reference stands for: numbers, and all names of HTML.
pub(super) fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return named(name).map(Cow::Owned);
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = match number {
        // Written by programs that think in windows-1252.
        0x80..=0x9f => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[number as u8]).0.chars().next()?,
        _ => char::from_u32(number)?,
    };
    let is_text = !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    Some(if is_text { Cow::Owned(c.to_string()) } else { Cow::Borrowed("") })
}

/// A character by its name in HTML.
fn named(name: &str) -> Option<String> {
    let (first, second) = html5ever::data::NAMED_ENTITIES.get(format!("{name};").as_str())?;
    let text: String = [*first, *second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32).collect();
    (!text.is_empty()).then_some(text)
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
        let end = after.find(';').filter(|end| *end <= 32);
        match end.and_then(|end| Some((resolve(after.get(..end)?)?, after.get(end + 1..)?))) {
            Some((resolved, tail)) => {
                out.push_str(&resolved);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
