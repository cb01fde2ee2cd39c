//! The line of display below a headline (deck, standfirst), where a page keeps it inside the body.

use std::sync::LazyLock;

use regex::Regex;

use super::judge::Judge;
use super::lead;
use crate::extract::document::without_dateline;
use crate::extract::facts::language;
use crate::extract::phrases::folded;
use crate::html::tag::Tag;

/// A shorter line is a label, a longer one a paragraph.
const MIN: u32 = 30;
const MAX: u32 = 400;
/// A heading with so many letters and a full stop is no heading of a part.
const SENTENCE: u32 = 50;
/// Nodes between the headline and the deck.
const MAX_BETWEEN: usize = 60;
/// The text that follows has so many letters in one of its next lines.
const PROSE: u32 = 80;
const MAX_NEXT: usize = 3;

// Of the names above a body only those that never mean a first paragraph; compared without `-` and `_`.
static DECK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"standfirst|\bdek\b|articledeck|\bdeck\b|subtitle|subhead(line)?\b|subhed\b|alternativeheadline").ok()
});

impl Judge<'_> {
    /// Takes the deck out of the text; it is the article's subtitle.
    pub(super) fn deck(&mut self) {
        let mut lines = self.leaves();
        let Some(first) = lines.next() else { return };
        let is_prose = |at: usize| self.dom.node(at).len >= PROSE && self.dom.tag(at).heading().is_none();
        if self.is_deck(first) && lines.take(MAX_NEXT).any(is_prose) {
            self.judged.subtitle = Some(self.dom.text(first).split_whitespace().collect::<Vec<_>>().join(" "));
            self.drop(first, "it is the line of display below the headline");
        }
    }

    fn is_deck(&self, at: usize) -> bool {
        let node = self.dom.node(at);
        let text = self.dom.text(at);
        if !(MIN..=MAX).contains(&node.len) || node.linked * 4 > node.len {
            return false;
        }
        let alone = |&outer: &usize| outer > self.root && self.dom.node(outer).len == node.len;
        let mut around = std::iter::once(at).chain(self.dom.ancestors(at).take(2).take_while(alone));
        let is_heading = node.tag.heading().is_some()
            || self.dom.parent(at).is_some_and(|outer| outer > self.root && self.dom.tag(outer).heading().is_some());
        let is_sentence = node.len >= SENTENCE && text.ends_with(['.', '。']);
        let is_display = if is_heading {
            is_sentence || lead::is_described(&folded(text), &self.known.described)
        } else {
            let mut is_named = || around.any(|at| lead::is_named(self.dom, at, &DECK));
            matches!(node.tag, Tag::P | Tag::Div | Tag::Span) && (is_named() || self.stands_before_body(at))
        };
        // Vietnamese papers begin their articles there, and agencies everywhere with a dateline.
        is_display && !language::is_vietnamese(text) && without_dateline(text) == text
    }

    /// Whether a line stands between the headline and an element that holds all the rest.
    fn stands_before_body(&self, at: usize) -> bool {
        let Some(parent) = self.dom.parent(at) else { return false };
        let stays = |&child: &usize| !self.is_out(child) && self.dom.node(child).len > 0;
        let is_headline = |at: usize| self.dom.tag(at) == Tag::H1 && self.is_out(at);
        let mut before = (self.root + 1..at).rev().take(MAX_BETWEEN);
        let mut after = self.dom.children(parent).filter(|&child| child > at).filter(stays).take(2);
        let (body, further) = (after.next(), after.next());
        let is_body = |body: usize| matches!(self.dom.tag(body), Tag::Div | Tag::Section) && further.is_none();
        let holds_all = |body: usize| self.dom.node(body).len * 10 >= self.dom.node(self.root).len * 7;
        before.any(is_headline) && body.is_some_and(|body| is_body(body) && holds_all(body))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};
    use crate::model::ArticleRules;

    const PROSE: &str = "<p>The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.</p>";

    /// The text and subtitle of a page whose body begins with some HTML.
    fn read(first: &str) -> (String, Option<String>) {
        let html =
            format!("<title>A ferry stops</title><h1>A ferry stops</h1><article>{first}{}</article>", PROSE.repeat(3));
        let article = page(&html, &Options::default()).unwrap();
        (crate::html::running(&article.content_html), article.subtitle)
    }

    #[test]
    fn decks_are_no_text() {
        let deck = "Fourteen people and a wedding cake spent an afternoon on the water.";
        for html in [format!("<p class='Standfirst_root__x1'>{deck}</p>"), format!("<h2>{deck}</h2>")] {
            let (text, subtitle) = read(&html);
            assert!(!text.contains("wedding cake"), "{html}");
            assert_eq!(subtitle.as_deref(), Some(deck));
        }
    }

    #[test]
    fn a_line_between_the_headline_and_the_body_is_a_deck() {
        let blocks = format!("<div>{PROSE}</div>").repeat(3);
        let deck = "An afternoon on the water, with a cake";
        let html = format!("<title>A ferry</title><main><h1>A ferry</h1><p>{deck}</p><div>{blocks}</div></main>");
        let rules = ArticleRules { content: Some("main".into()), ..ArticleRules::default() };
        let article = page(&html, &Options { rules, ..Options::default() }).unwrap();
        assert_eq!(article.subtitle.as_deref(), Some(deck));
        assert!(!article.content_html.contains(deck));
    }

    #[test]
    fn headings_and_first_paragraphs_are_text() {
        for html in [
            "<h2>Fourteen people, two vans and a wedding cake on the water</h2>",
            "<p class='intro'>Fourteen people and a wedding cake spent an afternoon on the water.</p>",
            "<p class='standfirst'>SALLOW POINT (AP) - Fourteen people and a wedding cake spent an afternoon there.</p>",
        ] {
            assert!(read(html).0.contains("wedding cake"), "{html}");
        }
    }
}
