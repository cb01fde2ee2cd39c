//! Judges the blocks inside the element that was chosen: what in it is no part of the article.

use std::collections::HashSet;

use chrono_tz::Tz;

use super::hints::{Hint, Hints};
use super::scores::Out;
use crate::date;
use crate::extract::byline::{self, Byline};
use crate::extract::phrases::{self, Phrase, folded};
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// What is known of the article before its text is judged.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Its headline, and the headline with the site's name.
    pub(crate) titles: Vec<String>,
    /// Its authors.
    pub(crate) authors: Vec<String>,
    /// Zone of dates without one.
    pub(crate) zone: Tz,
}

/// What the judge found on the way.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Names from lines like `Bài, ảnh: NAME`.
    pub(crate) byline: Byline,
    /// A line that was nothing but a date.
    pub(crate) date: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// The node with which the article is over.
    pub(crate) end: Option<usize>,
    /// Paragraphs that are headings.
    pub(crate) headings: HashSet<usize>,
}

/// With more text than this before it, a headline inside is not the article's.
const MAX_BEFORE_HEADLINE: u32 = 300;

struct Judge<'a> {
    dom: &'a Dom,
    hints: &'a Hints,
    out: &'a mut Out,
    root: usize,
    known: &'a Known,
    judged: Judged,
}

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A part of a web page.
    Page,
    /// A document that was written as an article: its lists of links belong to it.
    Document,
}

/// Judges everything inside an element.
pub(crate) fn judge(dom: &Dom, hints: &Hints, out: &mut Out, root: usize, place: Place, known: &Known) -> Judged {
    let mut judge = Judge { dom, hints, out, root, known, judged: Judged::default() };
    if place == Place::Page {
        judge.before_headline();
        judge.lists_of_links();
        judge.loose_captions();
    }
    judge.lines();
    judge.headings();
    judge.judged
}

impl Judge<'_> {
    fn drop(&mut self, at: usize, why: &'static str) {
        if let Some(mark) = self.out.get_mut(at) {
            *mark = Some(why);
        }
    }

    fn is_out(&self, at: usize) -> bool {
        self.out.get(at).is_some_and(Option::is_some)
    }

    /// The elements inside that are not out, in order.
    fn each(&mut self, mut look: impl FnMut(&mut Self, usize)) {
        let mut at = self.root + 1;
        let end = self.dom.node(self.root).end;
        while at < end {
            if !self.is_out(at) && self.dom.tag(at) != Tag::Text {
                look(self, at);
            }
            at = if self.is_out(at) { self.dom.node(at).end.max(at + 1) } else { at + 1 };
        }
    }

    fn lists_of_links(&mut self) {
        self.each(|judge, at| {
            let node = judge.dom.node(at);
            let is_list = matches!(
                node.tag,
                Tag::Ul
                    | Tag::Ol
                    | Tag::Div
                    | Tag::Section
                    | Tag::Dl
                    | Tag::Article
                    | Tag::Header
                    | Tag::Table
                    | Tag::Form
                    | Tag::P
            );
            // Lists and tables of an article may be full of links, but not of nothing else.
            let is_listing = matches!(node.tag, Tag::Ul | Tag::Ol | Tag::Dl | Tag::Table);
            let share = if is_listing { 9 } else { 7 };
            if !is_list || node.len == 0 || node.linked * 10 < node.len * share {
                return;
            }
            let links = judge.dom.inside(at).filter(|&inner| judge.dom.tag(inner) == Tag::A).take(3).count();
            if node.tag == Tag::P {
                judge.linked_paragraph(at);
            } else if links > 2 || links > 0 && node.linked == node.len {
                judge.drop(at, "it is a list of links");
            }
        });
    }

    /// A paragraph that is nothing but a link in words leads to another article.
    fn linked_paragraph(&mut self, at: usize) {
        let node = self.dom.node(at);
        let text = self.dom.text(at);
        let words = text.split_whitespace().count();
        if node.linked == node.len && (words >= 4 || node.len > 30 && words >= 2) && !text.contains("://") {
            self.drop(at, "it is only a link");
        }
    }

    /// What stands before the headline, when that is inside, is no text; nor is the header around it.
    fn before_headline(&mut self) {
        let is_title = |at: &usize| {
            self.dom.tag(*at).heading().is_some_and(|level| level <= 2)
                && self.known.titles.contains(&folded(self.dom.text(*at)))
        };
        let Some(headline) = self.dom.inside(self.root).find(is_title) else { return };
        if self.prose_before(headline) > MAX_BEFORE_HEADLINE {
            return;
        }
        let mut at = self.root + 1;
        while at < headline {
            let node = self.dom.node(at);
            let around = node.end > headline;
            let pictured = self.holds_picture(at);
            if !around && node.len > 0 && !pictured {
                self.drop(at, "it stands before the headline");
            }
            at = if around || pictured { at + 1 } else { node.end.max(at + 1) };
        }
        self.drop(headline, "it repeats the headline");
    }

    fn prose_before(&self, stop: usize) -> u32 {
        let nodes = (self.root + 1..stop).filter(|&at| !self.is_out(at)).map(|at| self.dom.node(at));
        nodes.filter(|node| node.own >= 80 && node.own_linked * 2 < node.own).map(|node| node.own).sum()
    }

    fn holds_picture(&self, at: usize) -> bool {
        let is_picture = |at: usize| matches!(self.dom.tag(at), Tag::Img | Tag::AmpImg);
        is_picture(at) || self.dom.inside(at).take(200).any(is_picture)
    }

    /// Captions without a picture belong to a player or a gallery that cannot be shown.
    fn loose_captions(&mut self) {
        self.each(|judge, at| {
            let len = judge.dom.node(at).len;
            if judge.hints.at(at) != Hint::Caption || len == 0 || len > 600 {
                return;
            }
            let small = |outer: &usize| *outer > judge.root && judge.dom.inside(*outer).len() < 400;
            let mut near = std::iter::once(at).chain(judge.dom.ancestors(at).take(4).take_while(small));
            if !near.any(|outer| judge.holds_picture(outer)) && !judge.follows_picture(at) {
                judge.drop(at, "it is the caption of something that cannot be shown");
            }
        });
    }

    /// Whether the element before is a picture.
    fn follows_picture(&self, at: usize) -> bool {
        let Some(parent) = self.dom.parent(at) else { return false };
        let before = self.dom.children(parent).take_while(|&child| child < at).take(60);
        before.filter(|&child| self.dom.tag(child) != Tag::Text).last().is_some_and(|before| self.holds_picture(before))
    }

    /// Goes through the lines: the blocks whose text lies in no block further in.
    fn lines(&mut self) {
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
            if node.len <= 260 && self.line(at, place) {
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
        match phrases::of(text) {
            Some(Phrase::End) if place.body > 0 => {
                self.judged.end = Some(at);
                return true;
            }
            Some(Phrase::End | Phrase::Line) => self.drop(at, "it is a line that pages put around articles"),
            Some(Phrase::Links) => self.links_headline(at),
            None => self.facts_line(at, text, place),
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

    fn facts_line(&mut self, at: usize, text: &str, place: Position) {
        let head = place.body == 0;
        let foot = place.last || place.before * 10 > place.total * 8;
        let line = folded(text);
        if head && self.known.titles.contains(&line) {
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
        } else if named && self.dom.node(at).len < 120 || self.is_known_author(&line) {
            self.drop(at, "it is the byline");
        }
    }

    fn is_known_author(&self, line: &str) -> bool {
        let line = line.strip_prefix("by ").unwrap_or(line);
        self.known.authors.iter().any(|author| author == line)
    }

    /// A short paragraph that is wholly bold, before a paragraph that is not, is a heading.
    fn headings(&mut self) {
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
