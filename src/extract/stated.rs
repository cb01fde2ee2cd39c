//! The article's text as its page states it in JSON-LD (`articleBody`): a witness for where the text
//! stands in the page, and the text itself where the page does not show it.

use std::ops::Range;

use memchr::memmem;

use super::content::scores::Out;
use super::facts::head::{Head, unescape};
use crate::html::dom::{Dom, length};
use crate::html::tag::Tag;
use crate::html::{looks_like_html, plain};

/// A shorter text is a summary.
const MIN: u32 = 200;
/// Places of the text that are looked for in the page.
const PROBES: usize = 24;
/// Letters of a probe.
const PROBE: usize = 24;
/// An element that holds so much of the text is where it stands.
const HOLDS: f32 = 0.75;
/// One that was chosen and holds less than this is not.
const MISSES: f32 = 0.4;
/// A page that shows less than this share of the text does not show it.
const SHOWN: f64 = 0.5;
/// Letters of a paragraph, where the text has none.
const PARAGRAPH: u32 = 400;

/// A stated text.
pub(super) struct Stated {
    /// As it is stated: with line breaks or as HTML.
    raw: String,
    letters: u32,
    /// Where pieces of it stand in the page's text, spread over all of it; None for what is not there.
    places: Vec<Option<usize>>,
}

impl Stated {
    /// What the page states; None where it states none that counts, or keeps its text for subscribers.
    pub(super) fn of(dom: &Dom, head: &Head) -> Option<Self> {
        let raw = head.linked.body.clone().filter(|_| !head.linked.paywalled)?;
        // Some escape the HTML once more.
        let raw = if raw.contains("&lt;p") || raw.contains("&lt;br") { unescape(&raw) } else { raw };
        let text = if is_html(&raw) { plain(&raw) } else { unescape(&raw) };
        let letters = length(&text);
        if letters < MIN {
            return None;
        }
        let page = dom.text(0).replace('\n', " ");
        let places = probes(&text).map(|probe| memmem::find(page.as_bytes(), probe.as_bytes())).collect();
        Some(Self { raw, letters, places })
    }

    /// How much of the text stands in an element.
    fn share(&self, dom: &Dom, at: usize) -> f32 {
        let span: Range<usize> = dom.span(at);
        let inside = self.places.iter().flatten().filter(|place| span.contains(place)).count();
        inside as f32 / self.places.len().max(1) as f32
    }

    /// The element that holds the text, where `chosen` is not it.
    pub(super) fn elsewhere(&self, dom: &Dom, chosen: Option<usize>) -> Option<usize> {
        if chosen.is_some_and(|chosen| self.share(dom, chosen) >= MISSES) {
            return None;
        }
        let mut at = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body)?;
        if self.share(dom, at) < HOLDS {
            return None;
        }
        while let Some(inner) = dom.children(at).find(|&child| self.share(dom, child) >= HOLDS) {
            at = inner;
        }
        Some(at)
    }

    /// Whether a text shows much less.
    pub(super) fn is_fuller_than(&self, html: &str) -> bool {
        f64::from(length(&plain(html))) < f64::from(self.letters) * SHOWN
    }

    /// The text as HTML in paragraphs.
    pub(super) fn html(&self) -> String {
        if is_html(&self.raw) {
            return self.raw.clone();
        }
        let lines: Vec<&str> = self.raw.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let paragraphs: Vec<String> = match lines.as_slice() {
            [only] => sentences(&unescape(only)),
            lines => lines.iter().map(|line| unescape(line)).collect(),
        };
        paragraphs.iter().map(|text| format!("<p>{}</p>", super::content::write::escape(text))).collect()
    }
}

fn is_html(text: &str) -> bool {
    text.contains('<') && looks_like_html(text)
}

/// Pieces of a text, spread over it, whole words where there are spaces.
fn probes(text: &str) -> impl Iterator<Item = &str> {
    let step = (text.len() / PROBES).max(1);
    (0..PROBES).filter_map(move |n| {
        let from = text.floor_char_boundary(n * step);
        let rest = text.get(from..)?;
        let skipped = rest.char_indices().take(PROBE).find(|(_, char)| *char == ' ').map_or(0, |(at, _)| at + 1);
        let rest = if n == 0 { rest } else { rest.get(skipped..)? };
        let end = rest.char_indices().nth(PROBE).map_or(rest.len(), |(end, _)| end);
        rest.get(..end).map(str::trim).filter(|probe| !probe.is_empty())
    })
}

/// A text in paragraphs of some sentences each.
fn sentences(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        open.push(char);
        let ends = match char {
            '.' | '!' | '?' | '…' | '”' | '"' => chars.peek().is_none_or(|next| *next == ' '),
            '。' | '！' | '？' => chars.peek().is_none_or(|next| !matches!(next, '」' | '』' | '”')),
            _ => false,
        };
        if ends && length(&open) >= PARAGRAPH {
            paragraphs.push(std::mem::take(&mut open).trim().to_owned());
        }
    }
    paragraphs.push(open.trim().to_owned());
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Takes away the marks of an element and of all around it: it is part of the article.
pub(super) fn unmark(dom: &Dom, out: &mut Out, at: usize) {
    for outer in std::iter::once(at).chain(dom.ancestors(at)) {
        if let Some(mark) = out.get_mut(outer) {
            *mark = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_paragraphs_gets_some() {
        let text = "The council met on Monday, and talked. ".repeat(40);
        let found = sentences(&text);
        assert!(found.len() > 2 && found.iter().all(|paragraph| paragraph.ends_with("talked.")), "{found:?}");
        let text = "会議は月曜日に開かれ、夜遅くまで続いた。".repeat(40);
        assert!(sentences(&text).len() > 2);
        assert_eq!(sentences("One."), ["One."]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_probed(text in "\\PC{0,300}") {
            proptest::prop_assert!(probes(&text).all(|probe| text.contains(probe)));
            let joined: String = sentences(&text).concat().split_whitespace().collect();
            proptest::prop_assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }
}
