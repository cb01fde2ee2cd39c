//! Media RSS, for RSS and Atom alike: which elements say what is known of a file.

use super::hygiene::Line;
use super::ready::{File, Item};

/// The namespace, with the slash at its end: without it, it is another one.
pub(super) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// An element with its attributes, a text and child elements.
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) text: Option<String>,
    pub(super) children: Vec<Element>,
}

/// Every file as `media:content`, and the lead picture as `media:thumbnail`.
pub(super) fn elements(item: &Item<'_>) -> Vec<Element> {
    let mut elements: Vec<_> = item.files.iter().map(content).collect();
    elements.extend(item.lead_picture().map(thumbnail));
    elements
}

fn content(file: &File) -> Element {
    let mut attributes =
        vec![("url", file.url.to_string()), ("type", file.mime_type.clone()), ("medium", file.medium.to_owned())];
    attributes.extend(file.length.map(|bytes| ("fileSize", bytes.to_string())));
    attributes.extend(sides(file));
    attributes.extend(file.duration.map(|seconds| ("duration", format!("{}", seconds.round().max(1.0)))));
    let mut children = Vec::new();
    children.extend(file.title.as_ref().map(|title| text("media:title", title)));
    children.extend(file.caption.as_ref().map(|caption| text("media:description", caption)));
    children.extend(file.credit.as_ref().map(|credit| Element {
        name: "media:credit",
        attributes: vec![("role", "photographer".to_owned())],
        text: Some(credit.to_string()),
        children: Vec::new(),
    }));
    Element { name: "media:content", attributes, text: None, children }
}

fn thumbnail(picture: &File) -> Element {
    let mut attributes = vec![("url", picture.url.to_string())];
    attributes.extend(sides(picture));
    Element { name: "media:thumbnail", attributes, text: None, children: Vec::new() }
}

fn sides(file: &File) -> impl Iterator<Item = (&'static str, String)> {
    let sides = [("width", file.width), ("height", file.height)];
    sides.into_iter().filter_map(|(name, pixels)| Some((name, pixels?.to_string())))
}

/// A text that says whether it is plain; one that could be taken for markup is written as HTML.
fn text(name: &'static str, line: &Line) -> Element {
    let (kind, text) = if line.looks_like_markup() { ("html", line.to_html()) } else { ("plain", line.to_string()) };
    Element { name, attributes: vec![("type", kind.to_owned())], text: Some(text), children: Vec::new() }
}
