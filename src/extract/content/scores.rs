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
/// A formula has no more nodes than this.
const MAX_FORMULA: usize = 4000;
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
    // A headline with a few words of its article, as lists of news have them.
    if node.tag == Tag::Li && linked * 5.0 > own {
        return LABEL;
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

/// How far names are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// All of them.
    Names,
    /// That something is hidden, but of the names only those for comments.
    Hidden,
    /// Only the kinds of elements, and names for comments.
    Elements,
}

/// Marks what the names of elements call foreign, except where that would take the article: then the
/// name is about the page's design.
pub(crate) fn mark_foreign(dom: &Dom, hints: &Hints, trust: Trust, out: &mut Out) {
    let all = Scores::of(dom, out);
    let page = Page::of(dom);
    let mut at = 0;
    while at < dom.count() {
        match reason(dom, hints, trust, at) {
            Some(reason) if reason.is_empty() || !page.is_around_article(dom, hints, at, &all) => {
                if let Some(mark) = out.get_mut(at) {
                    *mark = Some(reason);
                }
                at = dom.node(at).end.max(at + 1);
            }
            _ => at += 1,
        }
    }
}

/// Why an element would be out; empty for what is never text.
fn reason(dom: &Dom, hints: &Hints, trust: Trust, at: usize) -> Option<&'static str> {
    let tag = dom.tag(at);
    if matches!(
        tag,
        Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Head
            | Tag::Select
            | Tag::Option
            | Tag::Textarea
            | Tag::Input
            | Tag::Label
            | Tag::Object
    ) {
        return Some("");
    }
    match hints.at(at) {
        Hint::Comments => Some("it holds comments"),
        // Formulas are set by programs that call their elements menus.
        Hint::Foreign
            if (trust == Trust::Names || is_foreign_element(tag))
                && !holds_formula(dom, at)
                && !is_in_sentence(dom, at) =>
        {
            Some("its name says that it is no part of the article")
        }
        Hint::Hidden if trust != Trust::Elements => Some("it is hidden"),
        _ => None,
    }
}

fn holds_formula(dom: &Dom, at: usize) -> bool {
    dom.inside(at).len() <= MAX_FORMULA && dom.inside(at).any(|inner| dom.tag(inner) == Tag::Math)
}

/// Whether a short element stands between words of a sentence.
fn is_in_sentence(dom: &Dom, at: usize) -> bool {
    let node = dom.node(at);
    let is_text_beside = |beside: usize| {
        dom.tag(beside) == Tag::Text && dom.node(beside).len > 1 && dom.parent(beside) == dom.parent(at)
    };
    !node.tag.is_block() && node.len <= 60 && is_text_beside(at - 1) && is_text_beside(node.end)
}

fn is_foreign_element(tag: Tag) -> bool {
    matches!(tag, Tag::Nav | Tag::Footer | Tag::Aside)
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
        let headings = (0..dom.count()).filter(|&at| dom.tag(at) == Tag::H1).take(20).collect();
        Self { prose, headings }
    }

    /// Whether an element is the article's surroundings in spite of its name.
    fn is_around_article(&self, dom: &Dom, hints: &Hints, at: usize, all: &Scores) -> bool {
        let sum = all.sum(at);
        if sum <= 0.0 {
            return false;
        }
        let outside = self.prose - sum;
        if hints.at(at) == Hint::Comments {
            return outside < MIN_OUTSIDE || self.holds_body(dom, hints, at, all);
        }
        let node = dom.node(at);
        let is_prose = node.linked * 20 < node.len && !is_foreign_element(node.tag);
        if hints.at(at) == Hint::Foreign && is_prose && sum > self.prose * 0.4 {
            return true;
        }
        let has_heading = self.headings.iter().any(|heading| dom.inside(at).contains(heading));
        outside < MIN_OUTSIDE.max(sum * 0.15)
            || sum > self.prose * 0.35 && has_heading
            || self.holds_body(dom, hints, at, all)
    }

    /// Whether the article's body, by name, lies inside with enough text to be believed.
    fn holds_body(&self, dom: &Dom, hints: &Hints, at: usize, all: &Scores) -> bool {
        let share = self.prose * 0.25;
        all.sum(at) > share && dom.inside(at).any(|inner| hints.at(inner) == Hint::Body && all.sum(inner) > share)
    }
}
