//! Pictures with what belongs to them: caption and credit, whatever elements hold them together.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::captions::credit;
use super::hints::{Hint, Hints};
use super::media;
use super::pictures::{self, Picture};
use super::scores::Out;
use crate::extract::phrases::{self, folded};
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// One or more pictures under one caption.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// The pictures, in order.
    pub(crate) pictures: Vec<Picture>,
    /// The caption, with its credit.
    pub(crate) caption: Option<String>,
}

/// The figures of an article by the element that stands for them.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// What to write in place of an element.
    pub(crate) at: HashMap<usize, Figure>,
    /// The captions of players.
    pub(crate) players: HashMap<usize, String>,
    /// Elements that a figure has used up.
    pub(crate) used: HashSet<usize>,
}

/// A caption is no longer than this.
const MAX_CAPTION: u32 = 500;
/// A caption recognised by its looks alone.
pub(super) const MAX_GUESSED: u32 = 260;
const MAX_CENTRED: u32 = 200;
/// An element with more text than this holds more than a name.
const MAX_BYLINE: u32 = 120;
/// What is larger than this is no picture with its caption; also keeps the search from taking
/// quadratic time.
const MAX_NODES: usize = 400;
/// The buttons of a player have no more letters.
const MAX_BUTTONS: u32 = 300;
const MAX_SIBLINGS: usize = 12;

pub(super) struct Search<'a> {
    pub(super) dom: &'a Dom,
    pub(super) hints: &'a Hints,
    out: &'a Out,
    pub(super) root: usize,
    base: Option<&'a Url>,
    seen: HashSet<String>,
    pub(super) found: Figures,
}

/// Finds the figures inside an element.
pub(crate) fn find(dom: &Dom, hints: &Hints, out: &Out, root: usize, base: Option<&Url>) -> Figures {
    between(dom, hints, out, root, dom.node(root).end, base)
}

/// Finds the figures after an element and before another.
pub(crate) fn between(dom: &Dom, hints: &Hints, out: &Out, root: usize, end: usize, base: Option<&Url>) -> Figures {
    let mut search = Search { dom, hints, out, root, base, seen: HashSet::new(), found: Figures::default() };
    let mut at = root + 1;
    while at < end {
        let used = search.found.used.contains(&at) || search.found.at.contains_key(&at);
        if used || out.get(at).is_some_and(Option::is_some) {
            at = dom.node(at).end.max(at + 1);
            continue;
        }
        if matches!(dom.tag(at), Tag::Img | Tag::AmpImg) {
            at = search.image(at);
        } else if media::is_shown(dom, at, base) {
            search.player(at);
            at = dom.node(at).end.max(at + 1);
        } else {
            at += 1;
        }
    }
    search.captions_of_galleries(root + 1..end);
    search.found
}

impl Search<'_> {
    /// Makes a figure of the picture at a node; the node to go on with.
    fn image(&mut self, at: usize) -> usize {
        let next = at + 1;
        let picture = pictures::of(self.dom, at, self.base).filter(|_| !self.is_portrait(at));
        let Some(picture) = picture else {
            self.found.used.insert(at);
            return next;
        };
        if self.seen.contains(&pictures::key(&picture.url)) {
            self.found.used.insert(at);
            return next;
        }
        if let Some(holder) = self.holder(at) {
            let pictures = self.pictures_in(holder);
            let caption = self.caption_in(holder).or_else(|| self.caption_in_box(holder, picture.alt.as_deref()));
            let after = self.dom.node(holder).end;
            if caption.as_deref().is_some_and(phrases::advertises) {
                self.found.used.insert(holder);
            } else {
                self.add(holder, pictures, caption);
            }
            return after.max(next);
        }
        self.seen.insert(pictures::key(&picture.url));
        let outer = self.around_empty(at);
        let caption = self.caption_after(outer, picture.alt.as_deref());
        if caption.as_deref().is_some_and(phrases::advertises) {
            self.found.used.insert(outer);
            return self.dom.node(outer).end.max(next);
        }
        // A picture within a line of text stays there.
        let alone = outer != at || self.dom.parent(at).is_some_and(|parent| self.dom.tag(parent).is_block());
        if alone || caption.is_some() {
            self.add(outer, vec![picture], caption);
            return self.dom.node(outer).end.max(next);
        }
        self.found.at.insert(at, Figure { pictures: vec![picture], caption: None });
        next
    }

    /// Finds the caption of a player.
    fn player(&mut self, at: usize) {
        let outer = self.around_player(at);
        if let Some(caption) = self.caption_after(outer, None) {
            self.found.players.insert(at, caption);
        }
    }

    fn add(&mut self, at: usize, pictures: Vec<Picture>, caption: Option<String>) {
        if let Some(caption) = &caption {
            self.use_repetition(at, caption);
        }
        self.found.at.insert(at, Figure { pictures, caption });
    }

    /// Whether a picture stands beside a name: it shows who wrote.
    fn is_portrait(&self, at: usize) -> bool {
        let inside = self.dom.ancestors(at).take(3).take_while(|&outer| outer > self.root);
        inside
            .filter(|&outer| self.hints.at(outer) == Hint::Byline)
            .any(|outer| (1..=MAX_BYLINE).contains(&self.dom.node(outer).len))
    }

    /// The element that holds a picture together with its caption.
    fn holder(&self, at: usize) -> Option<usize> {
        for outer in self.dom.ancestors(at).take(7).take_while(|&outer| outer > self.root) {
            let node = self.dom.node(outer);
            if node.len > MAX_CAPTION || self.dom.inside(outer).len() > MAX_NODES {
                return None;
            }
            let is_holder = match node.tag {
                Tag::Figure => true,
                Tag::Table => node.len > 0 && !self.has_many_pictures_apart(outer),
                _ if node.len == 0 => false,
                _ if self.hints.at(outer) == Hint::Caption || self.is_figure_in_all_but_name(outer, at) => true,
                _ => match self.captions_in(outer, at) {
                    0 => false,
                    1 => true,
                    // Caption and credit apart, below one picture.
                    _ => self.holds_no_other(outer, at),
                },
            };
            if is_holder {
                return Some(outer);
            }
        }
        None
    }

    /// How many captions an element holds, other than those of another figure than the picture's.
    fn captions_in(&self, outer: usize, picture: usize) -> usize {
        let figure = |at: usize| self.dom.ancestors(at).take(4).find(|&outer| self.dom.tag(outer) == Tag::Figure);
        let own = figure(picture);
        let captions = self.caption_nodes(outer);
        captions.into_iter().filter(|&at| figure(at).is_none_or(|other| Some(other) == own)).count()
    }

    /// The outermost elements called captions.
    fn caption_nodes(&self, at: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut inner = at + 1;
        while inner < self.dom.node(at).end {
            let holds_text = self.dom.node(inner).len > 0;
            if holds_text && self.hints.at(inner) == Hint::Caption && !self.holds_picture(inner) {
                found.push(inner);
                inner = self.dom.node(inner).end.max(inner + 1);
            } else {
                inner += 1;
            }
        }
        found
    }

    fn holds_picture(&self, at: usize) -> bool {
        self.dom.inside(at).take(MAX_NODES).any(|inner| matches!(self.dom.tag(inner), Tag::Img | Tag::AmpImg))
    }

    /// Whether a table has pictures in several rows with text in several others: then it is a list.
    fn has_many_pictures_apart(&self, table: usize) -> bool {
        let rows = self.dom.inside(table).filter(|&at| self.dom.tag(at) == Tag::Tr);
        let texts = rows.filter(|&row| self.dom.node(row).len > 0).count();
        texts > 2
    }

    fn pictures_in(&mut self, holder: usize) -> Vec<Picture> {
        let mut found = Vec::new();
        for at in self.dom.inside(holder) {
            if let Some(picture) = pictures::of(self.dom, at, self.base)
                && self.seen.insert(pictures::key(&picture.url))
            {
                found.push(picture);
            }
        }
        found
    }

    fn caption_in(&self, holder: usize) -> Option<String> {
        let nodes = self.caption_nodes(holder);
        let mut parts: Vec<String> = Vec::new();
        for &at in &nodes {
            let text = one_line(self.dom.text(at));
            if !text.is_empty() && !parts.iter().any(|part| part.contains(&text)) {
                parts.push(text);
            }
        }
        let tag = self.dom.tag(holder);
        if parts.is_empty() && (tag != Tag::Figure || self.hints.at(holder) == Hint::Caption) {
            parts.push(one_line(self.dom.text(holder)));
        }
        let text = parts.join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The outermost element around a picture that has no text.
    fn around_empty(&self, at: usize) -> usize {
        let empty =
            |&outer: &usize| outer > self.root && self.dom.node(outer).len == 0 && self.holds_no_other(outer, at);
        self.dom.ancestors(at).take(6).take_while(empty).last().unwrap_or(at)
    }

    /// The outermost element around a player that shows nothing else but what is out: its buttons.
    fn around_player(&self, at: usize) -> usize {
        let is_out = |inner: usize| self.out.get(inner).is_some_and(Option::is_some);
        let shows = |outer: usize| {
            let inside = self.dom.inside(outer);
            let mut inner = inside.start;
            while inner < inside.end {
                if is_out(inner) {
                    inner = self.dom.node(inner).end.max(inner + 1);
                } else if self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0 {
                    return true;
                } else {
                    inner += 1;
                }
            }
            false
        };
        let is_bare = |&outer: &usize| {
            outer > self.root
                && self.dom.node(outer).len <= MAX_BUTTONS
                && self.holds_no_other(outer, at)
                && !shows(outer)
        };
        self.dom.ancestors(at).take(6).take_while(is_bare).last().unwrap_or(at)
    }

    /// Whether an element shows no picture that is new, but one.
    pub(super) fn holds_no_other(&self, outer: usize, at: usize) -> bool {
        let is_other = |inner| {
            inner != at
                && pictures::of(self.dom, inner, self.base)
                    .is_some_and(|picture| !self.seen.contains(&pictures::key(&picture.url)))
        };
        self.dom.inside(outer).len() <= MAX_NODES && !self.dom.inside(outer).any(is_other)
    }

    /// A caption below a picture that nothing holds together with it.
    fn caption_after(&mut self, at: usize, alt: Option<&str>) -> Option<String> {
        let next = self.next_block(at)?;
        let len = self.dom.node(next).len;
        if len == 0 || len > MAX_CAPTION || self.out.get(next).is_some_and(Option::is_some) || self.holds_picture(next)
        {
            return None;
        }
        let text = one_line(self.dom.text(next));
        let named = self.hints.at(next) == Hint::Caption;
        let repeats_alt = alt.is_some_and(|alt| folded(alt) == folded(&text));
        let looks = len <= MAX_GUESSED
            && (self.is_all(next, &[Tag::Em, Tag::I, Tag::Small])
                || len <= MAX_CENTRED && self.is_centred_alone(next)
                || self.dom.node(next).linked == 0 && credit(&text).is_some());
        if !(named || repeats_alt || looks) || self.dom.tag(next).heading().is_some() {
            return None;
        }
        self.found.used.insert(next);
        Some(text)
    }

    /// The caption beside a figure without one: in a box that holds nothing else, or in an element named so.
    fn caption_in_box(&mut self, figure: usize, alt: Option<&str>) -> Option<String> {
        let next = self.next_block(figure)?;
        let len = self.dom.node(figure).len + self.dom.node(next).len;
        let around = self.dom.parent(figure).filter(|&around| around > self.root);
        let is_all = around.is_some_and(|around| self.dom.node(around).len == len);
        let is_named = self.hints.at(next) == Hint::Caption && self.dom.tag(next) != Tag::Figcaption;
        if is_all || is_named { self.caption_after(figure, alt) } else { None }
    }

    /// The next element with text after a node, its later siblings or its parent's.
    fn next_block(&self, at: usize) -> Option<usize> {
        let mut from = at;
        for _ in 0..3 {
            let parent = self.dom.parent(from)?;
            let end = self.dom.node(parent).end;
            let later = std::iter::successors(Some(self.dom.node(from).end), |&at| Some(self.dom.node(at).end));
            let mut later = later.take_while(|&at| at < end).take(MAX_SIBLINGS);
            let after = later.find(|&child| {
                self.dom.node(child).len > 0 || self.holds_picture(child) || self.dom.tag(child) == Tag::Img
            });
            if let Some(next) = after {
                return (self.dom.tag(next) != Tag::Text).then_some(next);
            }
            if parent <= self.root {
                return None;
            }
            from = parent;
        }
        None
    }

    /// Whether all text of an element lies in elements of these kinds.
    fn is_all(&self, at: usize, tags: &[Tag]) -> bool {
        if tags.contains(&self.dom.tag(at)) {
            return true;
        }
        let texts =
            self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0);
        let mut any = false;
        for text in texts {
            any = true;
            if !self
                .dom
                .ancestors(text)
                .take_while(|&outer| outer >= at)
                .any(|outer| tags.contains(&self.dom.tag(outer)))
            {
                return false;
            }
        }
        any
    }

    fn is_centred(&self, at: usize) -> bool {
        let centred = |at: usize| {
            self.dom.tag(at) == Tag::Center
                || self.dom.attr(at, "align").is_some_and(|align| align.eq_ignore_ascii_case("center"))
                || self.dom.attr(at, "style").is_some_and(|style| style.replace(' ', "").contains("text-align:center"))
                || self.dom.attr(at, "class").is_some_and(|class| class.contains("center"))
        };
        centred(at) || self.dom.children(at).next().is_some_and(centred)
    }

    /// Whether a block is centred and the one after it is not: then the page does not centre everything.
    fn is_centred_alone(&self, at: usize) -> bool {
        let plain = !matches!(self.dom.tag(at), Tag::Blockquote) && !self.is_all(at, &[Tag::Strong, Tag::B]);
        plain && self.is_centred(at) && self.next_block(at).is_none_or(|next| !self.is_centred(next))
    }

    /// Leaves out a line that says the caption again.
    fn use_repetition(&mut self, at: usize, caption: &str) {
        let wanted = folded(caption);
        let mut from = at;
        for _ in 0..2 {
            match self.next_block(from) {
                Some(next)
                    if self.dom.node(next).len <= MAX_CAPTION && folded(&one_line(self.dom.text(next))) == wanted =>
                {
                    self.found.used.insert(next);
                    from = next;
                }
                Some(next) if self.found.used.contains(&next) => from = next,
                _ => return,
            }
        }
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
