//! Lines that are signs and no words: the picture of a box in a letter of its own, the number of a footnote.

use super::judge::Judge;
use crate::html::tag::Tag;

/// Signs that stand for a picture.
const MAX_SIGNS: usize = 3;
/// The number of a footnote with its brackets or arrow.
const MAX_NUMBER: usize = 5;

impl Judge<'_> {
    /// Whether a line is a sign. What stands in a paragraph was written: `* * *`.
    pub(super) fn is_sign(&self, at: usize) -> bool {
        let node = self.dom.node(at);
        let text = self.dom.text(at).trim();
        if matches!(node.tag, Tag::P | Tag::Pre | Tag::Td | Tag::Th) || node.tag.heading().is_some() {
            return false;
        }
        let count = text.chars().count();
        let is_picture = || !text.is_ascii() && text.chars().all(|char| !char.is_alphanumeric());
        let is_number = || !text.contains(char::is_alphabetic) && self.leads_inside(at);
        count <= MAX_SIGNS && is_picture() || count <= MAX_NUMBER && is_number()
    }

    /// Whether all of an element is a link to a place in the same page.
    fn leads_inside(&self, at: usize) -> bool {
        let mut links = std::iter::once(at).chain(self.dom.inside(at)).filter(|&at| self.dom.tag(at) == Tag::A);
        let is_all = |link: &usize| self.dom.node(*link).len == self.dom.node(at).len;
        let address = links.next().filter(is_all).and_then(|link| self.dom.attr(link, "href"));
        address.is_some_and(|address| address.starts_with('#') && address.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};

    #[test]
    fn signs_are_no_lines() {
        let prose = "<p>The ferry stopped in the middle of the river and would not go in either direction, whatever was tried.</p>";
        let html = format!(
            "<title>A ferry</title><article>{prose}{prose}{prose}<div><div>🔔</div><div>A note on chains: they rust.</div></div><p>* * *</p>{prose}\
             <p id='n2'>A second note. <a href='#back-2'>↩</a></p><div><a href='#back-1'>1</a><div><p>A houseboat was found downstream.</p></div></div></article>"
        );
        let article = page(&html, &Options::default()).unwrap();
        let text = crate::html::running(&article.content_html);
        let short: Vec<&str> = text.lines().filter(|line| line.len() < 60).collect();
        assert_eq!(
            short,
            ["A note on chains: they rust.", "* * *", "A second note.", "A houseboat was found downstream."]
        );
    }
}
