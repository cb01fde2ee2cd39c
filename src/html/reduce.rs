//! Less of a fragment: its beginning, its text without pictures, only some elements.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use dom_query::Document;

use super::dom::Dom;
use super::{SafeHtml, plain};

/// As much of a fragment is read for each character of its beginning.
const READ: usize = 40;
/// What shows or plays a file.
const FILES: &str = "img, picture, audio, video, figure:empty";

/// The beginning of a fragment as plain text on one line, about `most` characters, ending with a whole
/// word and `…` when there is more. A caption is not how an article begins, unless it has nothing else.
pub fn beginning(html: &str, most: usize) -> String {
    let part = html.get(..html.floor_char_boundary(most.saturating_mul(READ))).unwrap_or(html);
    let text = Some(plain(&without_captions(part))).filter(|text| !text.is_empty()).unwrap_or_else(|| plain(part));
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let head = text.get(..end).unwrap_or_default();
    let cut = head.rfind(' ').filter(|at| *at > end / 2).and_then(|at| head.get(..at)).unwrap_or(head);
    format!("{}…", cut.trim_end_matches([',', '.', ';', ':', '–', '-', ' ']))
}

/// Clean HTML without captions; the last may be cut off.
fn without_captions(html: &str) -> Cow<'_, str> {
    let (open, close) = ("<figcaption", "</figcaption>");
    if !html.contains(open) {
        return html.into();
    }
    let mut left = String::with_capacity(html.len());
    let mut pieces = html.split(open);
    left.extend(pieces.next());
    for piece in pieces {
        left.push_str(piece.split_once(close).map_or("", |(_, after)| after));
    }
    left.into()
}

/// The fragment without pictures, sounds and films, and without the captions of those.
pub fn without_pictures(html: &SafeHtml) -> SafeHtml {
    if !html.as_str().contains('<') {
        return html.clone();
    }
    let document = Document::fragment(html.as_str());
    for figure in &document.select("figure") {
        if figure.select(FILES).exists() {
            figure.remove();
        }
    }
    document.select(FILES).remove();
    SafeHtml(body(&document))
}

/// The fragment with no other elements than these; of the others, their contents stay.
pub fn only(html: &str, elements: &[&'static str]) -> SafeHtml {
    let mut builder = Builder::empty();
    builder
        .tags(elements.iter().copied().collect())
        .clean_content_tags(HashSet::new())
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    SafeHtml(builder.clean(html).to_string())
}

/// How many elements are nested at the deepest place.
pub fn depth(html: &str) -> usize {
    let dom = Dom::parse(html);
    // What the parser puts around a fragment was not written.
    let is_written = |at: &usize| !["", "html", "head", "body"].contains(&dom.tag(*at).name());
    let elements = dom.inside(0).filter(is_written);
    elements.map(|at| 1 + dom.ancestors(at).filter(is_written).count()).max().unwrap_or_default()
}

fn body(document: &Document) -> String {
    let body = document.select_single("body");
    if body.is_empty() { document.html().to_string() } else { body.inner_html().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(html: &str) -> SafeHtml {
        crate::html::sanitise(html, None)
    }

    #[test]
    fn beginnings_end_with_a_word() {
        let text = beginning(&format!("<p>{}</p>", "từng chữ một, ".repeat(100)), 400);
        assert!(text.ends_with("…") && text.chars().count() <= 401);
        assert_eq!(beginning("<p>Ngắn</p>", 400), "Ngắn");
        assert_eq!(beginning("", 400), "");
    }

    #[test]
    fn captions_are_no_beginning() {
        let figure = "<figure><img src=\"https://a.example/1.jpg\"><figcaption>Ảnh: Lam</figcaption></figure>";
        assert_eq!(beginning(&format!("{figure}<p>Sáng nay</p>{figure}<p>mưa</p>"), 400), "Sáng nay mưa");
        assert_eq!(beginning(figure, 400), "Ảnh: Lam");
        assert_eq!(beginning("<p>Một</p><figure><figcaption>hai", 400), "Một");
    }

    #[test]
    fn pictures_go_with_their_captions() {
        let html = safe(
            "<p>Một <img src=\"https://a.example/1.jpg\"> hai</p><figure><img src=\"https://a.example/2.jpg\">\
             <figcaption>Chú thích</figcaption></figure><figure><blockquote>Trích</blockquote></figure>",
        );
        let left = without_pictures(&html);
        assert!(!left.as_str().contains("<img") && !left.as_str().contains("Chú thích"), "{left:?}");
        assert!(left.as_str().contains("Một  hai") && left.as_str().contains("Trích"), "{left:?}");
    }

    #[test]
    fn depth_counts_elements() {
        assert_eq!(depth("text"), 0);
        assert_eq!(depth("<p>a <b>b <i>c</i></b></p><p>d</p>"), 3);
    }

    #[test]
    fn other_elements_leave_their_contents() {
        let html = safe(
            "<section><h2>Một</h2><p><mark>hai</mark> <a href=\"https://a.example/?a=1&amp;b\">ba</a></p></section>",
        );
        let left = only(html.as_str(), &["p", "h2", "a"]);
        assert_eq!(left.as_str(), "<h2>Một</h2><p>hai <a href=\"https://a.example/?a=1&amp;b\">ba</a></p>");
    }
}
