//! Headline, byline and date that stand in the text's own block, as its first lines; the byline as its last.

use super::judge::Judge;
use super::lines::is_date_line;
use crate::date;
use crate::extract::byline;
use crate::extract::phrases::folded;
use crate::html::tag::Tag;

/// Nodes of the block that are looked at.
const MAX_NODES: usize = 120;
/// Lines that may stand above the text.
const MAX_LINES: usize = 6;
/// A block of broken lines has so many letters.
const MIN_OWN: u32 = 400;
/// A longer line is text.
const MAX_LINE: usize = 200;

impl Judge<'_> {
    /// Leaves out what stands above the text in a block whose lines only breaks tell apart.
    pub(super) fn first_lines(&mut self) {
        let Some(block) = self.first_block() else { return };
        let (mut line, mut lines, mut after_byline) = (Vec::new(), 0, false);
        for at in self.dom.inside(block).take(MAX_NODES) {
            match self.dom.tag(at) {
                Tag::Text if self.dom.node(at).len > 0 && !self.is_out(at) => line.push(at),
                Tag::Br if !line.is_empty() => {
                    lines += 1;
                    if lines > MAX_LINES || !self.first_line(&line, &mut after_byline) {
                        return;
                    }
                    line.clear();
                }
                // A block inside is none of its lines.
                tag if tag.is_block() => return,
                _ => {}
            }
        }
    }

    /// Leaves out the byline with which a block ends whose lines only breaks tell apart: `김서연 기자 seoyeon@paper.example`.
    pub(super) fn last_lines(&mut self) {
        let block = self.root;
        if self.dom.node(block).own < MIN_OWN {
            return;
        }
        let mut line: Vec<usize> = Vec::new();
        for at in self.dom.inside(block).rev().take(MAX_NODES) {
            match self.dom.tag(at) {
                Tag::Text if self.dom.node(at).len > 0 => line.insert(0, at),
                Tag::Br if !line.is_empty() => {
                    if !self.last_line(&line) {
                        return;
                    }
                    line.clear();
                }
                tag if tag.is_block() => return,
                _ => {}
            }
        }
    }

    /// Judges a line; false when the text ends with it.
    fn last_line(&mut self, line: &[usize]) -> bool {
        let text = line.iter().map(|&at| self.dom.text(at)).collect::<Vec<_>>().join(" ");
        if text.len() > MAX_LINE {
            return false;
        }
        if let Some(found) = byline::line(&text).filter(|found| !found.authors.is_empty()) {
            self.judged.byline.authors.extend(found.authors);
        } else if let Some(name) = byline::before_address(&text) {
            self.judged.byline.authors.extend(byline::names_in(&name));
        } else if !byline::is_address(&text) {
            return false;
        }
        for &at in line {
            self.drop(at, "it is the byline");
        }
        true
    }

    /// The block that the text begins with: the chosen element itself, or the first in it.
    fn first_block(&self) -> Option<usize> {
        if self.dom.node(self.root).own > 0 {
            return Some(self.root);
        }
        self.dom
            .inside(self.root)
            .find(|&at| self.dom.tag(at).is_block() && !self.is_out(at) && self.dom.node(at).own > 0)
    }

    /// Judges a line; false when the text begins with it.
    fn first_line(&mut self, line: &[usize], after_byline: &mut bool) -> bool {
        let text = line.iter().map(|&at| self.dom.text(at)).collect::<Vec<_>>().join(" ");
        if text.len() > MAX_LINE {
            return false;
        }
        let why = if self.known.titles.contains(&folded(&text)) {
            "it repeats the headline"
        } else if let Some(found) = byline::line(&text).filter(|found| !found.authors.is_empty()) {
            self.judged.byline.authors.extend(found.authors);
            *after_byline = true;
            "it is the byline"
        } else if is_date_line(&text)
            && let Some(found) = date::find(&text, self.known.zone)
        {
            self.judged.date = self.judged.date.or(Some(found));
            "it is the date"
        } else if *after_byline && byline::is_position(&text) {
            "it is the byline"
        } else if *after_byline && let Some(organisation) = byline::organisation(&text) {
            self.judged.byline.authors.push(organisation);
            "it is the byline"
        } else {
            return false;
        };
        for &at in line {
            self.drop(at, why);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};

    const LINE: &str = "The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.";

    #[test]
    fn a_byline_below_broken_lines_is_no_text() {
        for (last, author) in [("김서연 기자 seoyeon@paper.example", "김서연"), ("By Ann Lee", "Ann Lee")] {
            let text = format!("{LINE}<br><br>").repeat(5);
            let html = format!(
                "<title>A ferry stops</title><h1>A ferry stops</h1><div id='article-body'>{text}{last}\n</div>"
            );
            let article = page(&html, &Options::default()).unwrap();
            assert_eq!(crate::html::running(&article.content_html).lines().count(), 5, "{last}");
            assert_eq!(article.authors[0].name.as_deref(), Some(author));
        }
    }

    #[test]
    fn a_headline_in_a_line_goes_with_what_stands_beside_it() {
        let html = format!(
            "<title>Help after the storm - The Village</title><div class='detail'><div>Home &gt; News</div>\
             <span class='t'>Help after the storm</span> <span>Read: 1.204</span> <span>Type + -</span>\
             <div class='body'><p>{LINE}</p><p>{LINE}</p><p>{LINE}</p></div></div>"
        );
        let article = page(&html, &Options::default()).unwrap();
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 3);
    }

    #[test]
    fn lines_of_times_and_addresses_are_no_text() {
        let html = format!(
            "<title>A ferry stops</title><article><h1>A ferry stops</h1><div><time>Publ. 17 feb. 05.30</time> <time>Uppd. 18 feb. 10.12</time></div>\
             <p>{LINE}</p><p>{LINE}</p><p>{LINE}</p><p>ann@paper.example</p></article>"
        );
        let article = page(&html, &Options::default()).unwrap();
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 3);
    }

    #[test]
    fn a_byline_goes_with_the_dates_beside_it() {
        let read = |line: &str| {
            let html = format!(
                "<title>A ferry stops</title><article><h1>A ferry stops</h1><div>{line}</div><p>{LINE}</p><p>{LINE}</p><p>{LINE}</p></article>"
            );
            page(&html, &Options::default()).unwrap()
        };
        let article = read("Par Ann Lee · Publié le 10/10/2024 à 09h15 · Temps de lecture : 2 min");
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 3);
        assert_eq!(article.authors[0].name.as_deref(), Some("Ann Lee"));
        let kept = read("By Ann Lee · The bridge that nobody wanted to cross");
        assert_eq!(crate::html::running(&kept.content_html).lines().count(), 4);
    }
}
