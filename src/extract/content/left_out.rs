//! What of a page is not in the article's text, and why, for an admin who looks at a page.

use super::scores::Out;
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::LeftOut;

/// Parts that are named.
const MAX_PARTS: usize = 60;
/// Words by which a part is recognised.
const WORDS: usize = 12;

const OUTSIDE: &str = "it stands outside of the element that holds the article";
const AFTER: &str = "it stands after the line with which the article is over";

/// The parts of a page that are not in the text that `root` gives up to `end`.
pub(super) fn of(dom: &Dom, out: &Out, root: usize, end: usize) -> Vec<LeftOut> {
    let mut found = Vec::new();
    let mut at = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body).unwrap_or_default() + 1;
    while at < dom.count() && found.len() < MAX_PARTS {
        let node = dom.node(at);
        let reason = out.get(at).copied().flatten();
        let is_inside = at > root && node.end <= dom.node(root).end;
        let why = match reason {
            _ if at <= root && node.end > root => None,
            Some(reason) => Some(reason),
            None if !is_inside => Some(OUTSIDE),
            None if at >= end => Some(AFTER),
            None => None,
        };
        let Some(why) = why else {
            at += 1;
            continue;
        };
        let start: Vec<&str> = dom.text(at).split_whitespace().take(WORDS).collect();
        if !start.is_empty() && !why.is_empty() {
            found.push(LeftOut { start: start.join(" "), why });
        }
        at = node.end.max(at + 1);
    }
    found
}
