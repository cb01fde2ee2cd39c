//! Judges lines: the byline, the date, and what pages put around articles.

use std::collections::HashSet;

use super::hints::Hint;
use super::judge::Judge;
use crate::date;
use crate::extract::byline;
use crate::extract::phrases::{self, Phrase, folded};
use crate::html::tag::Tag;

impl Judge<'_> {
    /// Goes through the lines: the blocks whose text lies in no block further in.
    pub(super) fn lines(&mut self) {
        let lines = self.leaf_blocks();
        let total: u32 = lines.iter().map(|&at| self.dom.node(at).len).sum();
        let (mut before, mut body) = (0, 0);
        let count = lines.len();
        for (number, at) in lines.into_iter().enumerate() {
            // An outer block may have gone out with an earlier line.
            if self.dom.ancestors(at).take_while(|&outer| outer > self.root).any(|outer| self.is_out(outer)) {
                continue;
            }
            let node = self.dom.node(at);
            let place = Position { before, body, total, last: number + 4 >= count };
            if node.len <= 400 && self.line(at, place) {
                return;
            }
            before += node.len;
            if node.len >= 80 && !self.is_out(at) {
                body += node.len;
            }
        }
    }

    fn leaf_blocks(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.root + 1;
        let end = self.dom.node(self.root).end;
        while at < end {
            let node = self.dom.node(at);
            if self.is_out(at) {
                at = node.end.max(at + 1);
                continue;
            }
            if node.tag != Tag::Text
                && node.own > 0
                && node.own == node.len
                && (node.tag.is_block() || self.dom.parent(at) == Some(self.root))
            {
                found.push(at);
                at = node.end.max(at + 1);
                continue;
            }
            at += 1;
        }
        found
    }

    /// Judges a line; true when the article ends before it.
    fn line(&mut self, at: usize, place: Position) -> bool {
        let text = self.dom.text(at);
        let line = folded(text);
        match phrases::of_folded(text, &line) {
            Some(Phrase::End) if place.body > 0 => {
                self.judged.end = Some(at);
                return true;
            }
            Some(Phrase::End | Phrase::Line) => self.drop(at, "it is a line that pages put around articles"),
            Some(Phrase::Links) => self.links_headline(at),
            None if phrases::leads_elsewhere(&line) && self.dom.node(at).linked * 5 >= self.dom.node(at).len * 2 => {
                self.drop(at, "it leads to other articles");
            }
            None => self.facts_line(at, text, &line, place),
        }
        false
    }

    /// A headline of other articles goes with the list below it.
    fn links_headline(&mut self, at: usize) {
        self.drop(at, "it is the headline of other articles");
        let mut holder = at;
        for outer in self.dom.ancestors(at).take(4).take_while(|&outer| outer > self.root) {
            let node = self.dom.node(outer);
            if node.linked * 2 < node.len || node.len > 1500 {
                break;
            }
            holder = outer;
        }
        if holder != at {
            self.drop(holder, "it is a box of other articles");
            return;
        }
        let Some(parent) = self.dom.parent(at) else { return };
        let end = self.dom.node(parent).end;
        let mut next = self.dom.node(at).end;
        for _ in 0..30 {
            let node = self.dom.node(next);
            if next >= end || node.len > 0 && node.linked * 2 < node.len {
                break;
            }
            self.drop(next, "it stands under the headline of other articles");
            next = node.end.max(next + 1);
        }
    }

    fn facts_line(&mut self, at: usize, text: &str, line: &str, place: Position) {
        let head = place.body == 0;
        let foot = place.last || place.before * 10 > place.total * 8;
        if head && self.known.titles.iter().any(|title| title == line) {
            self.drop(at, "it repeats the headline");
            return;
        }
        if !(head || foot) {
            return;
        }
        let named = self.hints.at(at) == Hint::Byline
            || self.dom.ancestors(at).take(3).any(|outer| outer > self.root && self.hints.at(outer) == Hint::Byline);
        if let Some(found) = byline::line(text) {
            self.judged.byline.authors.extend(found.authors);
            self.judged.byline.photographers.extend(found.photographers);
            self.judged.byline.sources.extend(found.sources);
            self.drop(at, "it is the byline");
        } else if is_date_line(text)
            && let Some(found) = date::find(text, self.known.zone)
        {
            self.judged.date = self.judged.date.or(Some(found));
            self.drop(at, "it is the date");
        } else if named && self.dom.node(at).len < 120 || self.is_known_author(line) {
            self.drop(at, "it is the byline");
        } else if foot && place.body > 400 && self.is_about_author(line) {
            self.drop(at, "it is about the author");
        }
    }

    fn is_known_author(&self, line: &str) -> bool {
        let line = line.strip_prefix("by ").unwrap_or(line);
        self.known.authors.iter().any(|author| author == line)
    }

    /// `Ann Lee is a reporter in …`, below the text.
    fn is_about_author(&self, line: &str) -> bool {
        let after_name = |author: &String| line.strip_prefix(author.as_str());
        let about = self.known.authors.iter().filter(|author| author.contains(' ')).find_map(after_name);
        about.is_some_and(|about| about.starts_with(|char: char| !char.is_alphanumeric()))
    }

    /// A short paragraph that is wholly bold, before a paragraph that is not, is a heading.
    pub(super) fn headings(&mut self) {
        let lines = self.leaf_blocks();
        let mut headings = HashSet::new();
        let mut first = true;
        for pair in lines.windows(2) {
            let &[at, next] = pair else { continue };
            let long = self.dom.node(next).len >= 80 && !self.is_bold(next);
            if !first && long && self.dom.tag(at) == Tag::P && self.is_heading(at) {
                headings.insert(at);
            }
            first = false;
        }
        self.judged.headings = headings;
    }

    fn is_heading(&self, at: usize) -> bool {
        let text = self.dom.text(at);
        self.dom.node(at).len <= 110 && self.is_bold(at) && !text.contains('\n') && is_headline(text)
    }

    fn is_bold(&self, at: usize) -> bool {
        let mut texts = self
            .dom
            .inside(at)
            .take(60)
            .filter(|&inner| self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0)
            .peekable();
        texts.peek().is_some()
            && texts.all(|text| {
                self.dom
                    .ancestors(text)
                    .take_while(|&outer| outer > at)
                    .any(|outer| matches!(self.dom.tag(outer), Tag::Strong | Tag::B))
            })
    }
}

#[derive(Clone, Copy)]
struct Position {
    /// Length of the lines before.
    before: u32,
    /// Length of the paragraphs before.
    body: u32,
    /// Length of all lines.
    total: u32,
    /// Whether it is one of the last few.
    last: bool,
}

/// Whether a short line reads like a headline: it ends with no sentence mark.
pub(crate) fn is_headline(text: &str) -> bool {
    let text = text.trim();
    text.chars().any(char::is_alphabetic)
        && !text.ends_with(['.', ',', ':', ';', '!', '…', '。', '，', '：', '；', '"', '”', ')', '۔', '।'])
        && byline::line(text).is_none()
}

/// Whether a line is little else than a date: few words beside digits.
pub(crate) fn is_date_line(text: &str) -> bool {
    let letters = text.chars().filter(|char| char.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 3 && text.chars().count() <= 80 && letters <= 40 && text.split_whitespace().count() <= 14
}
