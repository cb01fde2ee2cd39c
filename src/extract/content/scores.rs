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
        for (at, sum) in sums.iter_mut().enumerate() {
            if dom.node(at).own > 0 {
                *sum = block(dom, at);
            }
        }
        for at in (1..dom.count()).rev() {
            if out.get(at).is_some_and(Option::is_some) {
                if let Some(sum) = sums.get_mut(at) {
                    *sum = 0.0;
                }
                continue;
            }
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
        return if node.tag == Tag::Li || node.tag == Tag::Td { LABEL / 2.0 } else { LABEL };
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
    let most = all.sum(0).max(0.0) * 0.5;
    let mut at = 0;
    while at < dom.count() {
        let reason = match hints.at(at) {
            Hint::Foreign => "its name says that it is no part of the article",
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
        if !reason.is_empty() && (all.sum(at) > most || holds_body(dom, hints, at, &all)) {
            at += 1;
            continue;
        }
        if let Some(mark) = out.get_mut(at) {
            *mark = Some(reason);
        }
        at = dom.node(at).end.max(at + 1);
    }
}

/// Whether the article's body, by name, lies inside with enough text to be believed.
fn holds_body(dom: &Dom, hints: &Hints, at: usize, all: &Scores) -> bool {
    let share = all.sum(0) * 0.25;
    all.sum(at) > share && dom.inside(at).any(|inner| hints.at(inner) == Hint::Body && all.sum(inner) > share)
}
