//! Judges lines: the byline, the date, and what pages put around articles.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::hints::Hint;
use super::judge::{Judge, Place};
use crate::date;
use crate::extract::byline::{self, Byline};
use crate::extract::phrases::{self, Phrase, folded};
use crate::html::tag::Tag;

/// A paragraph before the byline has so many letters at most.
const MAX_STANDFIRST: u32 = 300;
/// After so many letters of text, an article may be over.
const ENOUGH: u32 = 200;
/// So many letters after a button are text.
const MIN_AFTER: u32 = 40;
/// Elements of a row.
const MAX_ROW: usize = 12;
/// A line that comes back so often, beside pictures, is a label.
const REPEATS: usize = 3;

impl Judge<'_> {
    /// Goes through the lines: the blocks whose text lies in no block further in.
    pub(super) fn lines(&mut self) {
        self.labels();
        self.bylines_above();
        self.bylines_again();
        self.first_lines();
        self.last_lines();
        if self.place == Place::Page {
            self.deck();
        }
        let lines = self.leaf_blocks();
        let total: u32 = lines.iter().map(|&at| self.dom.node(at).len).sum();
        let (mut before, mut body) = (0, 0);
        // What follows the first headline of other articles does not count.
        let is_after = |at: usize| self.dom.node(at).len <= 60 && phrases::is_after(&folded(self.dom.text(at)));
        let half = lines.len() / 2;
        let after = lines.iter().skip(half).position(|&at| is_after(at));
        let count = after.map_or(lines.len(), |after| half + after);
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

    /// What is named as byline or date above the first paragraph, whatever kind of element it is.
    fn bylines_above(&mut self) {
        let end = self.dom.node(self.root).end;
        let mut at = self.root + 1;
        while at < end {
            let node = self.dom.node(at);
            let (own, linked) = (node.own, node.own_linked);
            if !self.is_out(at) && own >= 80 && linked * 2 < own {
                return;
            }
            let is_byline = self.hints.at(at) == Hint::Byline && (1..=120).contains(&node.len);
            if self.is_out(at) || is_byline {
                if is_byline && !self.is_out(at) {
                    let found = date::find(self.dom.text(at), self.known.zone);
                    self.judged.date = self.judged.date.or(found);
                    self.drop(at, "it is the byline");
                }
                at = node.end.max(at + 1);
            } else {
                at += 1;
            }
        }
    }

    /// Each post of a live report may name who wrote it.
    fn bylines_again(&mut self) {
        self.each(|judge, at| {
            let is_short = (1..=120).contains(&judge.dom.node(at).len);
            // One of several names in a line stays with the others.
            let is_apart = judge.dom.tag(at).is_block() || judge.dom.parent(at).is_some_and(|row| judge.is_row(row));
            if is_short
                && is_apart
                && judge.hints.at(at) == Hint::Byline
                && judge.is_known_author(&folded(judge.dom.text(at)))
            {
                judge.drop(at, "it is the byline");
            }
        });
    }

    /// The same line beside picture after picture is a label of the gallery.
    fn labels(&mut self) {
        let lines = self.leaf_blocks();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in lines {
            let text = self.dom.text(at);
            let is_label = self.dom.node(at).len <= 120 && is_headline(text) && self.hints.at(at) != Hint::Caption;
            let around = self.dom.parent(at).filter(|&around| around > self.root);
            if is_label && around.is_some_and(|around| self.dom.inside(around).len() < 60 && self.holds_picture(around))
            {
                places.entry(text).or_default().push(at);
            }
        }
        for at in places.into_values().filter(|places| places.len() >= REPEATS).flatten().collect::<Vec<_>>() {
            self.drop(at, "it stands beside picture after picture");
        }
    }

    fn leaf_blocks(&self) -> Vec<usize> {
        self.leaves().collect()
    }

    /// The blocks that are not out and hold no block further in, in order.
    pub(super) fn leaves(&self) -> impl Iterator<Item = usize> {
        let (mut at, end) = (self.root + 1, self.dom.node(self.root).end);
        std::iter::from_fn(move || {
            while at < end {
                let here = at;
                let is_leaf = !self.is_out(here) && self.is_leaf(here);
                at = if is_leaf || self.is_out(here) { self.dom.node(here).end.max(here + 1) } else { here + 1 };
                if is_leaf {
                    return Some(here);
                }
            }
            None
        })
    }

    fn is_leaf(&self, at: usize) -> bool {
        let node = self.dom.node(at);
        if node.tag == Tag::Text || node.len == 0 {
            return false;
        }
        if node.tag.is_block() {
            return node.own == node.len;
        }
        let holds_block = |at: usize| self.dom.inside(at).any(|inner| self.dom.tag(inner).is_block());
        node.len <= 120
            && self.dom.inside(at).len() <= MAX_ROW
            && self.dom.parent(at).is_some_and(|parent| self.is_row(parent))
            && !holds_block(at)
    }

    /// Whether a block holds a few elements without text between them: each is a line of its own.
    fn is_row(&self, at: usize) -> bool {
        let mut children = self.dom.children(at).take(MAX_ROW + 1);
        let is_element = |child: usize| self.dom.tag(child) != Tag::Text || self.dom.node(child).len == 0;
        self.dom.tag(at).is_block() && children.by_ref().take(MAX_ROW).all(is_element) && children.next().is_none()
    }

    /// Judges a line; true when the article ends before it.
    fn line(&mut self, at: usize, place: Position) -> bool {
        let text = self.dom.text(at);
        if self.is_sign(at) {
            self.drop(at, "it is a sign and no words");
            return false;
        }
        let line = folded(text);
        match phrases::of_folded(text, &line) {
            // A button in the middle of a text asks for comments, too.
            Some(Phrase::End) if place.body > 0 && !self.is_button(at, place) => {
                self.judged.end = Some(at);
                return true;
            }
            Some(Phrase::End | Phrase::Line) => {
                let outer = self.with_its_picture(at, text);
                self.drop(outer, "it is a line that pages put around articles");
            }
            Some(Phrase::Links) => self.links_headline(at),
            None if phrases::leads_elsewhere(&line) && self.dom.node(at).linked * 5 >= self.dom.node(at).len * 2 => {
                self.drop(at, "it leads to other articles");
            }
            None => {
                self.facts_line(at, text, &line, place);
                return self.judged.end == Some(at);
            }
        }
        false
    }

    /// The box of a line that asks for something and of the picture that it asks for it with: a code to scan,
    /// the sign of a network; else the line.
    fn with_its_picture(&self, at: usize, text: &str) -> usize {
        let is_box = |&outer: &usize| outer > self.root && self.dom.node(outer).len == self.dom.node(at).len;
        let outer = self.dom.ancestors(at).take(3).take_while(is_box).find(|&outer| self.holds_picture(outer));
        outer.filter(|_| phrases::advertises(text)).unwrap_or(at)
    }

    /// Whether a line is nothing but a link, with text after it.
    fn is_button(&self, at: usize, place: Position) -> bool {
        let node = self.dom.node(at);
        node.linked == node.len && place.total.saturating_sub(place.before + node.len) >= MIN_AFTER
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
        // The byline may stand below a first paragraph that sums the article up.
        let near_head = place.body < MAX_STANDFIRST;
        let foot = place.last || place.before * 10 > place.total * 8;
        if place.body > ENOUGH && place.before * 2 > place.total && self.is_about_site(line) {
            self.judged.end = Some(at);
            return;
        }
        if head && self.known.titles.iter().any(|title| title == line) {
            self.drop(at, "it repeats the headline");
            return;
        }
        // Quoted posts end with name and date.
        let quoted = self.dom.ancestors(at).take(4).any(|outer| self.dom.tag(outer) == Tag::Blockquote);
        if !(near_head || foot) || quoted || self.dom.tag(at) == Tag::Blockquote {
            return;
        }
        let named = self.hints.at(at) == Hint::Byline
            || self.dom.ancestors(at).take(3).any(|outer| outer > self.root && self.hints.at(outer) == Hint::Byline);
        if let Some(found) = byline::line(text).or_else(|| before_dates(text)) {
            self.judged.byline.authors.extend(found.authors);
            self.judged.byline.photographers.extend(found.photographers);
            self.judged.byline.sources.extend(found.sources);
            self.judged.byline.editors.extend(found.editors);
            self.drop(at, "it is the byline");
        } else if self.dom.tag(at) != Tag::Li
            && is_date_line(text)
            && let found = date::find(&self.spaced(at), self.known.zone)
            && (found.is_some() || near_head && self.is_all_times(at))
        {
            self.judged.date = self.judged.date.or(found);
            self.drop(at, "it is the date");
        } else if named && (head || foot) && self.dom.node(at).len < 120
            || self.is_known_author(line)
            || near_head && self.is_portrayed(at, line)
        {
            self.drop(at, "it is the byline");
        } else if foot
            && place.before > ENOUGH
            && let Some(name) = self.before_site(text)
        {
            self.judged.signature = Some(name);
            self.drop(at, "it is the author's name below the text");
        } else if place.last && place.before > ENOUGH && byline::is_initials(text) {
            self.drop(at, "it says in short who edited");
        } else if place.last && place.before > ENOUGH && self.is_signature(at, text, place.body > ENOUGH) {
            self.judged.signature = Some(text.to_owned());
            self.drop(at, "it is the author's name below the text");
        } else if foot
            && place.before > ENOUGH
            && let Some(name) = byline::in_brackets(text)
        {
            self.judged.signature = Some(name);
            self.drop(at, "it is the author's name below the text");
        } else if foot
            && place.body > ENOUGH
            && let Some(name) = byline::before_address(text)
        {
            self.judged.byline.authors.extend(byline::names_in(&name));
            self.drop(at, "it is the author's name and address below the text");
        } else if let Some(name) = byline::asking(text) {
            // It stays: the text says so in passing.
            self.judged.byline.authors.push(name);
        } else if foot && place.body > ENOUGH && byline::is_address(text) {
            self.drop(at, "it is the author's address");
        } else if foot && place.body > 400 && self.is_about_author(line) {
            self.drop(at, "it is about the author");
        }
    }

    /// `About ACME`, above what a house says of itself below each of its announcements.
    fn is_about_site(&self, line: &str) -> bool {
        let about = ["about ", "về ", "giới thiệu ", "über ", "à propos de ", "sobre ", "acerca de ", "о компании "];
        let named = about.iter().find_map(|about| line.strip_prefix(about));
        named.is_some_and(|named| self.known.sites.iter().any(|site| site == named))
    }

    fn is_known_author(&self, line: &str) -> bool {
        let line = line.strip_prefix("by ").unwrap_or(line);
        // The address may be a link of its own beside the name.
        let rest = |author: &String| line.strip_prefix(author.as_str()).map(str::trim);
        self.known.authors.iter().filter_map(rest).any(|rest| rest.is_empty() || byline::is_address(rest))
    }

    /// The text of a line; where it is a row of elements, with spaces between them.
    fn spaced(&self, at: usize) -> Cow<'_, str> {
        if self.is_row(at) {
            let parts = self.dom.children(at).map(|child| self.dom.text(child));
            Cow::Owned(parts.collect::<Vec<_>>().join(" "))
        } else {
            Cow::Borrowed(self.dom.text(at))
        }
    }

    /// Whether a short line begins with an author's name, beside a portrait.
    fn is_portrayed(&self, at: usize, line: &str) -> bool {
        let is_short = self.dom.node(at).len <= 60 && self.known.authors.iter().any(|author| line.starts_with(author));
        is_short && self.holds_picture(at)
    }

    /// Whether all words of a line stand in `time` elements, and a day among them.
    fn is_all_times(&self, at: usize) -> bool {
        let texts =
            self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0);
        let in_time = |text: usize| {
            self.dom.ancestors(text).take_while(|&outer| outer >= at).any(|outer| self.dom.tag(outer) == Tag::Time)
        };
        self.dom.text(at).chars().filter(|char| char.is_alphabetic()).count() > 2 && texts.take(MAX_ROW).all(in_time)
    }

    /// A name alone below the text, set apart by its type or its side of the page.
    fn is_signature(&self, at: usize, text: &str, below_much: bool) -> bool {
        let words = text.split_whitespace().count();
        let is_right = self.dom.attr(at, "align").is_some_and(|side| side.eq_ignore_ascii_case("right"))
            || self.dom.attr(at, "style").is_some_and(|style| style.replace(' ', "").contains("text-align:right"));
        let starts_large = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        (2..=5).contains(&words)
            && (is_right || below_much && self.is_bold(at) && self.dom.tag(at) == Tag::P)
            && text.split_whitespace().all(starts_large)
            && !text.contains(['.', ':', '!', '?', ','])
            && byline::looks_like_name(text)
    }

    /// The name in `Ann Lee, The Herald`, when that is the page's site.
    fn before_site(&self, text: &str) -> Option<String> {
        let (name, site) = text.rsplit_once([',', '/', '|', '(', '–', '—'])?;
        let name = name.trim();
        let is_name = (2..=5).contains(&name.split_whitespace().count()) && byline::looks_like_name(name);
        (is_name && self.known.sites.contains(&folded(site))).then(|| name.to_owned())
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

/// The byline before dates: `Par Ann Lee · Publié le 10/10/2024 · Temps de lecture : 2 min`.
fn before_dates(text: &str) -> Option<Byline> {
    let mut parts = text.split(['·', '|', '•']).map(str::trim);
    let found = byline::line(parts.next()?)?;
    let is_beside = |part: &str| part.is_empty() || is_date_line(part) || phrases::of(part).is_some();
    let mut rest = parts.peekable();
    (rest.peek().is_some() && rest.all(is_beside)).then_some(found)
}

/// Whether a line is little else than a date: few words beside digits.
pub(crate) fn is_date_line(text: &str) -> bool {
    // A sentence is as short in Chinese and Japanese as the labels of a date are elsewhere.
    let says = |char: char| if byline::is_wide(char) { 2 } else { 1 };
    let letters: usize = text.chars().filter(|char| char.is_alphabetic()).map(says).sum();
    let digits = text.chars().filter(|char| char.is_numeric()).count();
    digits >= 3 && text.chars().count() <= 80 && letters <= 40 && text.split_whitespace().count() <= 14
}
