//! The texts and topics of elements.

use super::characters::trim;
use super::names::Ns;
use super::xml::Element;
use crate::html;
use crate::model::{Category, Text, TextKind};

/// Topics that are kept of one item.
const CATEGORIES: usize = 500;

/// Whether an element holds text, in which other elements are markup.
pub(super) fn is_text(element: &Element<'_>) -> bool {
    match (element.ns, &*element.name) {
        (Ns::Media, name) => matches!(name, "title" | "description" | "text" | "credit"),
        (_, "content") => element.ns != Ns::Other || element.attr("type").is_some(),
        (Ns::Xhtml, name) => name == "body" || name == "div",
        (_, name) => matches!(
            name,
            "title"
                | "description"
                | "summary"
                | "encoded"
                | "subtitle"
                | "tagline"
                | "rights"
                | "copyright"
                | "info"
                | "abstract"
                | "fullitem"
        ),
    }
}

/// Takes the text of an element with the kind it declares; None when there is none.
pub(super) fn text_of(element: &mut Element<'_>) -> Option<Text> {
    let declared = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    let mode = element.attr("mode").unwrap_or_default().to_ascii_lowercase();
    let is_atom = element.ns.is_atom();
    let is_packed = mode == "base64" || (is_atom && is_binary(&declared));
    let mut value = std::mem::take(&mut element.text);
    if is_packed && let Some(text) = unpacked(&value) {
        value = text.into();
    }
    if trim(&value).is_empty() {
        return None;
    }
    let kind = match declared.as_str() {
        _ if element.has_markup => TextKind::Html,
        "html" | "xhtml" | "text/html" | "application/xhtml+xml" => TextKind::Html,
        "text" | "text/plain" | "plain" => TextKind::Plain,
        "" if is_atom && element.name != "info" && mode.is_empty() => TextKind::Plain,
        _ => TextKind::Unknown,
    };
    Some(Text { value: value.into_owned(), kind, base: element.base.take() })
}

/// Whether Atom has content of a type in base64 (RFC 4287 s.4.1.3.3).
fn is_binary(kind: &str) -> bool {
    kind.contains('/') && !kind.starts_with("text/") && !kind.contains("xml") && !kind.contains("html")
}

/// The text that base64 holds; None when it is no text.
pub(super) fn unpacked(packed: &str) -> Option<String> {
    use base64::Engine as _;
    let packed: String = packed.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(text)
}

/// A text on one line without markup, for what is no [`Text`] in the model.
pub(super) fn plain(text: &Text) -> String {
    let is_html = match text.kind {
        TextKind::Plain => false,
        TextKind::Html => true,
        TextKind::Unknown => html::looks_like_html(&text.value),
    };
    if is_html { html::plain(&text.value) } else { html::fold(&text.value) }
}

/// A later value wins over an earlier one, but nothing is lost to an empty element.
pub(super) fn set(field: &mut Option<Text>, value: Option<Text>) {
    if value.is_some() {
        *field = value;
    }
}

/// Adds topics, each once.
pub(super) fn add_each(have: &mut Vec<Category>, more: impl IntoIterator<Item = Category>) {
    for category in more {
        if have.len() < CATEGORIES && !have.contains(&category) {
            have.push(category);
        }
    }
}

/// Adds the topics that an element names, each once.
pub(super) fn add_categories(have: &mut Vec<Category>, element: &Element<'_>) {
    let text = trim(&element.text);
    let scheme = element.attr("scheme").or(element.attr("domain")).or(match (element.ns, &*element.name) {
        (Ns::Itunes, _) => Some("http://www.itunes.com/"),
        (Ns::Media, "category") => Some("http://search.yahoo.com/mrss/category_schema"),
        _ => None,
    });
    let label = element.attr("label");
    let category = |term: &str| Category {
        term: term.to_owned(),
        scheme: scheme.map(str::to_owned),
        label: label.map(str::to_owned),
    };
    if matches!(&*element.name, "keywords" | "tags") {
        return add_each(have, text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(category));
    }
    let term = element.attr("term").or(element.attr("text")).or((!text.is_empty()).then_some(text));
    add_each(have, term.map(category));
}
