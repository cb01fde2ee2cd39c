//! Media RSS, for RSS and Atom alike: which elements say what is known of a file.

use super::hygiene::{Address, Line};
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

/// Every file as `media:content`, or as a `media:group` of its forms, and the lead picture as `media:thumbnail`.
pub(super) fn elements(item: &Item<'_>) -> Vec<Element> {
    let mut elements: Vec<_> = item.files.iter().map(in_its_forms).collect();
    elements.extend(item.lead_picture().map(thumbnail));
    elements
}

/// The forms of one file are a group, with what is said of all of them.
fn in_its_forms(file: &File) -> Element {
    let mut content = content(file, &file.url, &file.mime_type, file.length);
    let Some(form) = &file.plainer else { return content };
    let mut children = std::mem::take(&mut content.children);
    let mut plainer = self::content(file, &form.url, &form.mime_type, Some(form.length));
    plainer.children.clear();
    content.attributes.push(("isDefault", "true".to_owned()));
    children.splice(0..0, [content, plainer]);
    Element { name: "media:group", attributes: Vec::new(), text: None, children }
}

fn content(file: &File, url: &Address, mime_type: &str, length: Option<u64>) -> Element {
    let mut attributes =
        vec![("url", url.to_string()), ("type", mime_type.to_owned()), ("medium", file.medium.to_owned())];
    attributes.extend(length.map(|bytes| ("fileSize", bytes.to_string())));
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
    let mut attributes = vec![("url", picture.plain_url().to_string())];
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
