//! Texts and topics of elements.

use super::xml::Element;
use crate::model::{Category, Text, TextKind};

/// The text of an element with the kind it declares; None when there is none.
pub(super) fn text_of(element: Element) -> Option<Text> {
    let declared = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    let mode = element.attr("mode").unwrap_or_default().to_ascii_lowercase();
    let is_atom = element.ns.is_atom();
    let (mut value, has_markup, base) = (element.text, element.has_markup, element.base);
    if mode == "base64"
        || (is_atom
            && declared.contains('/')
            && !declared.starts_with("text/")
            && !declared.contains("xml")
            && !declared.contains("html"))
    {
        use base64::Engine as _;
        let packed: String = value.split_whitespace().collect();
        if let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(packed) {
            value = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    if value.trim().is_empty() {
        return None;
    }
    let value = decoded_once(value);
    let kind = match declared.as_str() {
        _ if has_markup => TextKind::Html,
        "html" | "xhtml" | "text/html" | "application/xhtml+xml" => TextKind::Html,
        "text" | "text/plain" | "plain" => TextKind::Plain,
        "" if is_atom && element.name != "info" && mode.is_empty() => TextKind::Plain,
        _ => TextKind::Unknown,
    };
    Some(Text { value, kind, base })
}

/// UTF-8 that was taken for windows-1252 and encoded again is decoded once more: a text whose every
/// character beyond ASCII takes part in such a sequence is never meant as it stands.
pub(super) fn decoded_once(text: String) -> String {
    if text.is_ascii() || !text.chars().any(|c| matches!(c, 'Â'..='ô')) {
        return text;
    }
    let (bytes, _, had_errors) = encoding_rs::WINDOWS_1252.encode(&text);
    match std::str::from_utf8(&bytes) {
        Ok(decoded) if !had_errors => decoded.to_owned(),
        _ => text,
    }
}

/// A later value wins over an earlier one, but nothing is lost to an empty element.
pub(super) fn set(field: &mut Option<Text>, value: Option<Text>) {
    if value.is_some() {
        *field = value;
    }
}

pub(super) fn category(element: &Element) -> Vec<Category> {
    let text = element.text.trim();
    let term = element.attr("term").or(element.attr("text")).or((!text.is_empty()).then_some(text));
    let scheme = element.attr("scheme").or(element.attr("domain")).map(str::to_owned);
    let label = element.attr("label").map(str::to_owned);
    term.map(|term| Category { term: term.to_owned(), scheme, label }).into_iter().collect()
}
