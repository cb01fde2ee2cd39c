//! Judges the blocks inside the element that was chosen: what in it is no part of the article.

use std::collections::HashSet;

use chrono_tz::Tz;

use super::boxes::is_picture;
use super::hints::{Hint, Hints};
use super::lines::is_headline;
use super::media;
use super::scores::Out;
use super::tables;
use crate::extract::byline::Byline;
use crate::extract::phrases::{folded, is_spaceless};
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
    /// Names of the page's site.
    pub(crate) sites: Vec<String>,
    /// What the page says of its article elsewhere.
    pub(crate) described: Vec<String>,
}

/// What the judge found on the way.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Names from lines like `Bài, ảnh: NAME`.
    pub(crate) byline: Byline,
    /// A name that stood alone below the text.
    pub(crate) signature: Option<String>,
    /// The line of display that stood above the text.
    pub(crate) subtitle: Option<String>,
    /// A line that was nothing but a date.
    pub(crate) date: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// The node with which the article is over.
    pub(crate) end: Option<usize>,
    /// Paragraphs that are headings.
    pub(crate) headings: HashSet<usize>,
}

/// With more text than this before it, a headline inside is not the article's.
const MAX_BEFORE_HEADLINE: u32 = 300;

/// A block with so many letters of its own is a paragraph, and above the first are no more nodes than these.
const PROSE: u32 = 80;
const MAX_ABOVE: usize = 200;

/// A label before a link has so many letters, and the title that it leads to so many at least.
const MAX_LABEL: usize = 25;
const MIN_TITLE: u32 = 15;
/// Other articles come in lists of so many.
const MIN_TEASERS: usize = 3;
/// Parts of a list that are looked at.
const MAX_TEASERS: usize = 40;

pub(super) struct Judge<'a> {
    pub(super) dom: &'a Dom,
    pub(super) hints: &'a Hints,
    pub(super) out: &'a mut Out,
    pub(super) root: usize,
    pub(super) known: &'a Known,
    pub(super) place: Place,
    pub(super) judged: Judged,
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
    let mut judge = Judge { dom, hints, out, root, known, place, judged: Judged::default() };
    if place == Place::Page {
        judge.before_headline();
        judge.lists_of_links();
        judge.lists_of_teasers();
        judge.boxes();
        judge.loose_captions();
        judge.pull_quotes();
    }
    judge.lines();
    judge.bare_headlines();
    judge.headings();
    judge.judged
}

impl Judge<'_> {
    pub(super) fn drop(&mut self, at: usize, why: &'static str) {
        if let Some(mark) = self.out.get_mut(at) {
            *mark = Some(why);
        }
    }

    pub(super) fn is_out(&self, at: usize) -> bool {
        self.out.get(at).is_some_and(Option::is_some)
    }

    /// The elements inside that are not out, in order.
    pub(super) fn each(&mut self, mut look: impl FnMut(&mut Self, usize)) {
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
        let mut data_end = 0;
        self.each(|judge, at| {
            let node = judge.dom.node(at);
            // A cell of a table may be nothing but a link.
            if at < data_end {
                return;
            }
            if node.tag == Tag::Table && tables::is_data(judge.dom, at) {
                data_end = node.end;
            }
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
            let share = if node.tag == Tag::P { 5 } else { share };
            if !is_list || node.len == 0 || node.linked * 10 < node.len * share {
                return;
            }
            let links = judge.dom.inside(at).filter(|&inner| judge.dom.tag(inner) == Tag::A).take(3).count();
            if node.tag == Tag::P {
                judge.linked_paragraph(at);
            } else if is_listing && judge.belongs_to_text(at) {
                // A list of references, or one below an item of another list.
            } else if links > 2 || links > 0 && node.linked + 2 >= node.len && !judge.leads_to_picture(at) {
                judge.drop(at, "it is a list of links");
            }
        });
    }

    /// Whether the first link inside leads to a picture: the one that it shows, larger, with its caption.
    fn leads_to_picture(&self, at: usize) -> bool {
        let link = self.dom.inside(at).find(|&inner| self.dom.tag(inner) == Tag::A);
        link.and_then(|link| self.dom.attr(link, "href")).is_some_and(|address| is_picture(&address))
    }

    /// Several parts beside each other that each lead elsewhere by a linked headline or picture.
    fn lists_of_teasers(&mut self) {
        self.each(|judge, at| {
            let node = judge.dom.node(at);
            let is_holder = matches!(node.tag, Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Article);
            if !is_holder || node.linked * 5 < node.len || node.linked < 60 {
                return;
            }
            let (mut parts, mut teasers) = (0, 0);
            for part in judge.dom.children(at).take(MAX_TEASERS).filter(|&part| judge.dom.node(part).len > 0) {
                parts += 1;
                teasers += usize::from(judge.is_teaser(part));
            }
            if teasers >= MIN_TEASERS && teasers * 5 >= parts * 4 {
                judge.drop(at, "it is a list of other articles");
            }
        });
    }

    fn is_teaser(&self, at: usize) -> bool {
        let node = self.dom.node(at);
        let inside = self.dom.inside(at);
        if !(15..=400).contains(&node.len) || node.linked * 5 < node.len || inside.len() > 80 {
            return false;
        }
        let is_linked = |inner: usize| {
            self.dom.inside(inner).any(|inmost| self.dom.tag(inmost) == Tag::A)
                || self.dom.ancestors(inner).take(3).any(|outer| self.dom.tag(outer) == Tag::A)
        };
        inside.clone().any(|inner| {
            let tag = self.dom.tag(inner);
            (tag.heading().is_some() || matches!(tag, Tag::Img | Tag::AmpImg)) && is_linked(inner)
        })
    }

    /// Whether a list of links is a part of the text around it.
    fn belongs_to_text(&self, at: usize) -> bool {
        let text = self.dom.text(at);
        let addresses = text.lines().filter(|line| line.contains("://")).count();
        let is_below_text = self.dom.parent(at).is_some_and(|outer| {
            let outer = self.dom.node(outer);
            outer.tag == Tag::Li && outer.own > outer.own_linked * 2
        });
        is_below_text || addresses * 2 > text.lines().count()
    }

    /// A paragraph that is nothing but a link in words leads to another article.
    fn linked_paragraph(&mut self, at: usize) {
        let node = self.dom.node(at);
        let text = self.dom.text(at);
        let words = text.split_whitespace().count();
        if text.contains("://") || words < 4 && (node.len <= 30 || words < 2) {
            return;
        }
        // "Read also: HEADLINE", in whatever language.
        let label = text.split_once([':', '：']).map(|(label, _)| label.chars().count());
        let is_label = label.is_some_and(|label| label <= MAX_LABEL && node.len <= node.linked + label as u32 + 3);
        if is_label && node.linked >= MIN_TITLE && (words >= 5 || is_spaceless(text)) && is_headline(text) {
            self.drop(at, "it leads to another article");
            return;
        }
        // Beside links, a label in brackets or the like.
        if node.linked == node.len || node.linked * 10 >= node.len * 8 && node.marks <= 1 {
            self.drop(at, "it is only a link");
        }
    }

    /// What stands before the headline, when that is inside, is no text; nor is the header around it.
    fn before_headline(&mut self) {
        let is_title = |at: &usize| {
            self.dom.tag(*at).heading().is_some_and(|level| level <= 2)
                && self.known.titles.contains(&folded(self.dom.text(*at)))
        };
        let heading = self.dom.inside(self.root).find(is_title);
        let Some(headline) = heading.or_else(|| self.headline_in_line()) else { return };
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
        if heading.is_none() {
            self.beside_headline(headline);
        }
    }

    /// The headline in an element that is neither a heading nor a block, above the first paragraph.
    fn headline_in_line(&self) -> Option<usize> {
        let is_above = |&at: &usize| self.dom.node(at).own < PROSE;
        let is_title = |&at: &usize| {
            let node = self.dom.node(at);
            let is_line = node.tag != Tag::Text && !node.tag.is_block() && (8..=300).contains(&node.len);
            is_line && self.known.titles.contains(&folded(self.dom.text(at)))
        };
        self.dom.inside(self.root).take(MAX_ABOVE).take_while(is_above).find(is_title)
    }

    /// What stands beside such a headline, before the next block: how often it was read, the size of the type.
    fn beside_headline(&mut self, headline: usize) {
        let Some(parent) = self.dom.parent(headline) else { return };
        let end = self.dom.node(parent).end;
        let (mut beside, mut len) = (Vec::new(), 0);
        let mut at = self.dom.node(headline).end;
        while at < end && !self.dom.tag(at).is_block() {
            let node = self.dom.node(at);
            if node.tag == Tag::Br || node.len > 60 {
                return;
            }
            len += node.len;
            beside.push(at);
            at = node.end.max(at + 1);
        }
        if at < end && len <= 120 {
            for at in beside {
                self.drop(at, "it stands beside the headline");
            }
        }
    }

    fn prose_before(&self, stop: usize) -> u32 {
        let nodes = (self.root + 1..stop).filter(|&at| !self.is_out(at)).map(|at| self.dom.node(at));
        nodes.filter(|node| node.own >= 80 && node.own_linked * 2 < node.own).map(|node| node.own).sum()
    }

    pub(super) fn holds_picture(&self, at: usize) -> bool {
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
            let follows = |is: &dyn Fn(usize) -> bool| judge.follows(at, is);
            if !near.any(|outer| judge.holds_picture(outer))
                && !follows(&|before| judge.holds_picture(before))
                && !follows(&|before| judge.holds_player(before))
            {
                judge.drop(at, "it is the caption of something that cannot be shown");
            }
        });
    }

    /// Whether the element before is of a kind.
    fn follows(&self, at: usize, is: &dyn Fn(usize) -> bool) -> bool {
        let Some(parent) = self.dom.parent(at) else { return false };
        let before = self.dom.children(parent).take_while(|&child| child < at).take(60);
        before.filter(|&child| self.dom.tag(child) != Tag::Text).last().is_some_and(is)
    }

    /// Whether an element is, or holds, a player that may stay.
    fn holds_player(&self, at: usize) -> bool {
        std::iter::once(at).chain(self.dom.inside(at).take(60)).any(|at| media::may_be_shown(self.dom, at))
    }
}
