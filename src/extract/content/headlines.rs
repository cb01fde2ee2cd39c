//! Headlines and labels of what went out: nothing of theirs is left to stand below them.

use super::judge::Judge;
use super::lines::is_headline;
use crate::html::tag::Tag;

/// Nodes of a box inside a text.
const MAX_BOX: usize = 400;
/// The label of a box has no more letters.
const MAX_LABEL: u32 = 25;

impl Judge<'_> {
    /// Headlines with nothing below them, whose lists and boxes went out.
    pub(super) fn bare_headlines(&mut self) {
        let end = self.judged.end.unwrap_or(self.dom.node(self.root).end);
        let is_headline = |at: &usize| self.dom.tag(*at).heading().is_some() && self.dom.node(*at).len > 0;
        let headlines: Vec<usize> = self.dom.inside(self.root).filter(|at| *at < end && is_headline(at)).collect();
        self.labels_of_boxes(end);
        // Where what stays begins again, the level of the headline there, and whether text went out before it.
        let (mut next, mut level_next, mut gone_next) = (end, None, false);
        for at in headlines.into_iter().rev().filter(|&at| !self.is_out(at)).collect::<Vec<_>>() {
            let level = self.dom.tag(at).heading();
            if self.is_alone_in_box(at) {
                self.drop(at, "it is the headline of a box that went out");
                continue;
            }
            let gone = self.what_stands_in(self.dom.node(at).end..next);
            let is_last = level_next.is_none();
            let leads = !is_last && level_next > level;
            let is_bare = gone.is_some_and(|gone| is_last || gone_next || gone == Gone::All);
            if is_bare && !leads {
                self.drop(at, "it is a headline with nothing below it");
                (next, gone_next) = (at, true);
            } else {
                (next, level_next, gone_next) = (at, level, false);
            }
        }
    }

    /// Short lines that are all that stays of a box: the list below them went out.
    fn labels_of_boxes(&mut self, end: usize) {
        let is_label = |at: &usize| {
            let node = self.dom.node(*at);
            let is_line = !matches!(node.tag, Tag::Li | Tag::Td | Tag::Th) && node.tag.heading().is_none();
            let follows_nothing =
                self.dom.parent(*at).is_some_and(|parent| self.dom.text(parent).starts_with(self.dom.text(*at)));
            is_line
                && node.len <= MAX_LABEL
                && follows_nothing
                && self.is_alone_in_box(*at)
                && is_headline(self.dom.text(*at))
        };
        for at in self.leaves().take_while(|&at| at < end).filter(is_label).collect::<Vec<_>>() {
            self.drop(at, "it is the label of a box that went out");
        }
    }

    /// Whether a headline is all that stays of an element that held more below it.
    fn is_alone_in_box(&self, at: usize) -> bool {
        let Some(parent) = self.dom.parent(at).filter(|&parent| parent > self.root) else { return false };
        let span = self.dom.node(at).end..self.dom.node(parent).end;
        span.len() <= MAX_BOX && self.what_stands_in(span) == Some(Gone::All)
    }

    /// What went out of a span; None when something in it stays.
    fn what_stands_in(&self, span: std::ops::Range<usize>) -> Option<Gone> {
        let mut gone = Gone::Nothing;
        let mut at = span.start;
        while at < span.end {
            let node = self.dom.node(at);
            if self.is_out(at) {
                gone = if node.len > 0 { Gone::All } else { gone };
                at = node.end.max(at + 1);
                continue;
            }
            let shows = matches!(
                node.tag,
                Tag::Img | Tag::AmpImg | Tag::Iframe | Tag::Embed | Tag::Video | Tag::Audio | Tag::Table
            );
            if shows || node.tag == Tag::Text && node.len > 0 {
                return None;
            }
            at += 1;
        }
        Some(gone)
    }
}

/// What went out of a part of which nothing stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gone {
    /// There was nothing.
    Nothing,
    /// All of a text.
    All,
}
