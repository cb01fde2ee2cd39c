//! Less of a fragment: its beginning, its text without pictures, only some elements.

use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use dom_query::Document;

use super::{SafeHtml, plain};

/// As much of a fragment is read for each character of its beginning.
const READ: usize = 40;
/// What shows or plays a file.
const FILES: &str = "img, picture, audio, video, figure:empty";

/// The beginning of a fragment as plain text on one line, about `most` characters, ending with a whole
/// word and `…` when there is more.
pub fn beginning(html: &str, most: usize) -> String {
    let part = html.get(..html.floor_char_boundary(most.saturating_mul(READ))).unwrap_or(html);
    let text = plain(part);
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let head = text.get(..end).unwrap_or_default();
    let cut = head.rfind(' ').filter(|at| *at > end / 2).and_then(|at| head.get(..at)).unwrap_or(head);
    format!("{}…", cut.trim_end_matches([',', '.', ';', ':', '–', '-', ' ']))
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
pub fn only(html: &SafeHtml, elements: &[&'static str]) -> SafeHtml {
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
    SafeHtml(builder.clean(html.as_str()).to_string())
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
    fn other_elements_leave_their_contents() {
        let html = safe(
            "<section><h2>Một</h2><p><mark>hai</mark> <a href=\"https://a.example/?a=1&amp;b\">ba</a></p></section>",
        );
        let left = only(&html, &["p", "h2", "a"]);
        assert_eq!(left.as_str(), "<h2>Một</h2><p>hai <a href=\"https://a.example/?a=1&amp;b\">ba</a></p>");
    }
}
