//! The element that holds the article.

use super::hints::{Hint, Hints};
use super::scores::Scores;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// What was chosen, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    /// The element.
    pub(crate) at: usize,
    /// The rule.
    pub(crate) why: &'static str,
}

/// A child that holds so much of its parent's score is where the article is.
const HOLDS: f32 = 0.8;
/// An element named as the body is believed when it holds so much of the best place's score.
const NAMED: f32 = 0.7;
/// One inside another is the better when it holds so much of the other's score.
const INNER: f32 = 0.9;

/// Another element of the same name is a part of the body when it has so much of its score.
const SISTER: f32 = 0.1;

/// Finds the element; None when nothing on the page reads like an article.
pub(crate) fn choose(dom: &Dom, hints: &Hints, scores: &Scores) -> Option<Choice> {
    let page = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body)?;
    let inside = std::iter::once(page).chain(dom.inside(page)).filter(|&at| is_container(dom.tag(at)));
    // The outermost of equal ones; menus and the like around an article only take away.
    let mut at = inside.min_by(|&a, &b| scores.sum(b).total_cmp(&scores.sum(a)))?;
    let widest = at;
    while let Some(inner) = best_child(dom, scores, at) {
        at = inner;
    }
    if scores.sum(at) <= 0.0 {
        return None;
    }
    if let Some(named) = named(dom, hints, scores, at, widest) {
        return Some(Choice { at: named, why: "the element is named as the article's body" });
    }
    Some(Choice { at, why: "the element holds most of the page's running text" })
}

fn best_child(dom: &Dom, scores: &Scores, at: usize) -> Option<usize> {
    let best = dom.children(at).max_by(|&a, &b| scores.sum(a).total_cmp(&scores.sum(b)))?;
    (is_container(dom.tag(best)) && scores.sum(best) > 0.0 && scores.sum(best) >= HOLDS * scores.sum(at))
        .then_some(best)
}

fn named(dom: &Dom, hints: &Hints, scores: &Scores, best: usize, widest: usize) -> Option<usize> {
    let enough = NAMED * scores.sum(best);
    let bodies = (1..dom.count()).filter(|&at| hints.at(at) == Hint::Body && scores.sum(at) >= enough);
    let largest =
        bodies.filter(|&at| !is_page(dom.tag(at))).max_by(|&a, &b| scores.sum(a).total_cmp(&scores.sum(b)))?;
    // The innermost that holds nearly as much: outer elements are named after what they wrap.
    let enough = INNER * scores.sum(largest);
    let inner = dom.inside(largest).rfind(|&at| hints.at(at) == Hint::Body && scores.sum(at) >= enough);
    Some(with_sisters(dom, hints, scores, inner.unwrap_or(largest), widest))
}

/// The element around all parts of a body that comes in several, which share a name.
fn with_sisters(dom: &Dom, hints: &Hints, scores: &Scores, body: usize, widest: usize) -> usize {
    if !dom.inside(widest).contains(&body) {
        return body;
    }
    let names = |at: usize| dom.attr(at, "class").unwrap_or_default();
    let own = names(body);
    let mut around = body;
    let mut at = widest + 1;
    while at < dom.node(widest).end {
        if dom.inside(at).contains(&around) || at == around {
            at += 1;
            continue;
        }
        let is_part =
            hints.at(at) == Hint::Body && dom.tag(at) == dom.tag(body) && scores.sum(at) >= SISTER * scores.sum(body);
        if is_part
            && names(at).split_ascii_whitespace().any(|name| own.split_ascii_whitespace().any(|known| known == name))
        {
            around = dom.ancestors(around).find(|&outer| dom.inside(outer).contains(&at)).unwrap_or(around);
        }
        at += 1;
    }
    around
}

fn is_page(tag: Tag) -> bool {
    matches!(tag, Tag::Body | Tag::Html)
}

fn is_container(tag: Tag) -> bool {
    !matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Ul | Tag::Ol | Tag::Li | Tag::Dl | Tag::Text | Tag::A)
        && tag.heading().is_none()
}
