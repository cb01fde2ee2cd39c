//! How much each part of a page reads like an article.

use super::hints::{Hint, Hints};
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// Why a node is no part of the article; None while it may be.
pub(crate) type Out = Vec<Option<&'static str>>;

/// The sums over each subtree, nodes that are out counting nothing.
pub(crate) struct Scores {
    sums: Vec<f32>,
}

/// A paragraph says no more than this for the place it stands in.
const MAX_BLOCK: f32 = 1200.0;
/// What a menu entry, a label or a caption takes away.
const LABEL: f32 = -8.0;

impl Scores {
    /// Measures a page.
    pub(crate) fn of(dom: &Dom, out: &Out) -> Self {
        let mut sums = vec![0.0; dom.count()];
        let mut at = 0;
        while at < dom.count() {
            if out.get(at).is_some_and(Option::is_some) {
                at = dom.node(at).end.max(at + 1);
                continue;
            }
            if dom.node(at).own > 0
                && let Some(sum) = sums.get_mut(at)
            {
                *sum = block(dom, at);
            }
            at += 1;
        }
        for at in (1..dom.count()).rev() {
            let sum = sums.get(at).copied().unwrap_or_default();
            if let Some(parent) = dom.parent(at).and_then(|parent| sums.get_mut(parent)) {
                *parent += sum;
            }
        }
        Self { sums }
    }

    /// The sum of a subtree.
    pub(crate) fn sum(&self, at: usize) -> f32 {
        self.sums.get(at).copied().unwrap_or_default()
    }
}

/// What the own text of a block says for it.
fn block(dom: &Dom, at: usize) -> f32 {
    let node = dom.node(at);
    let (own, linked) = (node.own as f32, node.own_linked as f32);
    if node.tag.heading().is_some() {
        return if linked * 2.0 > own { LABEL } else { 0.0 };
    }
    if linked * 2.0 > own {
        return -own.min(40.0);
    }
    let prose = own - 1.5 * linked;
    if own < 40.0 && node.marks == 0 || own < 15.0 {
        return match node.tag {
            Tag::Td | Tag::Th | Tag::Dt | Tag::Caption => 0.0,
            Tag::Li | Tag::Dd => LABEL / 2.0,
            _ => LABEL,
        };
    }
    let kind = match node.tag {
        Tag::P | Tag::Blockquote | Tag::Pre => 1.0,
        Tag::Li | Tag::Dd => 0.6,
        Tag::Td | Tag::Th => 0.7,
        _ => 0.8,
    };
    let sentences = if node.marks == 0 { 0.5 } else { 1.0 };
    (prose * kind * sentences).min(MAX_BLOCK)
}

/// Marks what the names of elements call foreign, except where that would take most of the page: then
/// the name is about the page's design.
pub(crate) fn mark_foreign(dom: &Dom, hints: &Hints, out: &mut Out) {
    let all = Scores::of(dom, out);
    let page = Page::of(dom);
    let mut at = 0;
    while at < dom.count() {
        let reason = match hints.at(at) {
            Hint::Foreign => "its name says that it is no part of the article",
            Hint::Comments => "it holds comments",
            Hint::Hidden => "it is hidden",
            _ => match dom.tag(at) {
                Tag::Script
                | Tag::Style
                | Tag::Template
                | Tag::Head
                | Tag::Select
                | Tag::Option
                | Tag::Textarea
                | Tag::Input
                | Tag::Label
                | Tag::Object => "",
                _ => {
                    at += 1;
                    continue;
                }
            },
        };
        if !reason.is_empty() && page.is_around_article(dom, hints, at, &all) {
            at += 1;
            continue;
        }
        if let Some(mark) = out.get_mut(at) {
            *mark = Some(reason);
        }
        at = dom.node(at).end.max(at + 1);
    }
}

/// What is known of the whole page while its parts are marked.
struct Page {
    /// The score of all prose, menus and labels not counted against it.
    prose: f32,
    headings: Vec<usize>,
}

/// With less prose than this outside of an element, the article is inside.
const MIN_OUTSIDE: f32 = 150.0;

impl Page {
    fn of(dom: &Dom) -> Self {
        let prose = (0..dom.count()).filter(|&at| dom.node(at).own > 0).map(|at| block(dom, at).max(0.0)).sum();
        let headings = (0..dom.count()).filter(|&at| dom.tag(at) == Tag::H1).collect();
        Self { prose, headings }
    }

    /// Whether an element is the article's surroundings in spite of its name, which then is about the
    /// page's design.
    fn is_around_article(&self, dom: &Dom, hints: &Hints, at: usize, all: &Scores) -> bool {
        let sum = all.sum(at);
        if sum <= 0.0 {
            return false;
        }
        let outside = self.prose - sum;
        if hints.at(at) == Hint::Comments {
            return outside < MIN_OUTSIDE || holds_body(dom, hints, at, all);
        }
        let has_heading = self.headings.iter().any(|heading| dom.inside(at).contains(heading));
        outside < MIN_OUTSIDE.max(sum * 0.15)
            || sum > self.prose * 0.35 && has_heading
            || holds_body(dom, hints, at, all)
    }
}

/// Whether the article's body, by name, lies inside with enough text to be believed.
fn holds_body(dom: &Dom, hints: &Hints, at: usize, all: &Scores) -> bool {
    let share = all.sum(0) * 0.25;
    all.sum(at) > share && dom.inside(at).any(|inner| hints.at(inner) == Hint::Body && all.sum(inner) > share)
}
