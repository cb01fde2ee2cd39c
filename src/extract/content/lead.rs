//! The lead: the lines between the headline and the body that sum the article up (`sapo`, standfirst,
//! chapeau), where the page keeps them apart from the body.

use std::sync::LazyLock;

use regex::Regex;

use super::hints::{Hint, Hints};
use super::scores::Out;
use crate::extract::document::without_dateline;
use crate::extract::facts::language;
use crate::extract::phrases::{self, folded};
use crate::html::dom::Dom;

/// A shorter line is a label.
const MIN: u32 = 30;
/// A line of so many letters with a sentence mark is no label.
const SENTENCE: u32 = 60;
/// A longer one is part of a body.
const MAX: u32 = 900;
/// Paragraphs of a lead.
const PARAGRAPHS: usize = 4;
/// Nodes between headline and body that are looked at.
pub(crate) const NODES: usize = 2000;
/// So many letters tell a text.
const TELLING: usize = 60;

static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"sapo\b|perex|chapp?[eo]a?u?\b|ingress|vorspann|occhiello|entradilla|copete|tomtat|trichdan").ok()
});
static DECK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        standfirst|\bdek\b|articledek|\bdeck\b|subtitle|subhead(line)?|alternativeheadline|\bleads?\b|\blede\b|leadtext|leadparagraph
        |articlelead|storylead|newslead|postlead|\bintro\b|introtext|introduction|(article|story|news|post)?summary\b|\bexcerpt\b
        |\babstract\b|sottotitolo|bajada|\bmota\b|(article|news)?description\b",
    )
    .ok()
});

/// What stands above a body.
#[derive(Debug, Default)]
pub(crate) struct Lead {
    /// Its paragraphs.
    pub(crate) paragraphs: Vec<usize>,
    /// Whether they are the beginning of the text; otherwise they are a line of display below the headline.
    pub(crate) is_text: bool,
}

/// The lead above the body; nothing where the body has them itself. `described` is what
/// the page says of its article elsewhere.
pub(crate) fn above(dom: &Dom, hints: &Hints, out: &Out, root: usize, headline: usize, described: &[String]) -> Lead {
    let mut own = None;
    let mut found = Lead::default();
    let mut at = dom.node(headline).end;
    while at < root && found.paragraphs.len() < PARAGRAPHS && at - headline < NODES {
        let node = dom.node(at);
        let around = node.end > root;
        let is_foreign = out.get(at).is_some_and(Option::is_some)
            || matches!(hints.at(at), Hint::Byline | Hint::Caption | Hint::Comments);
        if is_foreign && !around {
            at = node.end.max(at + 1);
            continue;
        }
        let is_line = node.tag.is_block() && node.own > 0 && node.own == node.len;
        if is_line && !around {
            if let Some(is_text) = is_lead(dom, at, headline, described)
                && !own.get_or_insert_with(|| folded(dom.text(root))).contains(&start(&folded(dom.text(at))))
            {
                found.paragraphs.push(at);
                found.is_text |= is_text;
            }
            at = node.end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

/// Whether a line belongs to the lead, and if so, whether that is text.
fn is_lead(dom: &Dom, at: usize, headline: usize, described: &[String]) -> Option<bool> {
    let node = dom.node(at);
    let text = dom.text(at);
    if !(MIN..=MAX).contains(&node.len) || node.linked * 4 > node.len || phrases::of(text).is_some() {
        return None;
    }
    let line = folded(text);
    // An element around the headline as well is named after more than the lead.
    let around = || std::iter::once(at).chain(dom.ancestors(at).take(3)).take_while(|&outer| outer > headline);
    if around().any(|at| is_named(dom, at, &LEAD)) {
        Some(true)
    } else if is_described(&line, described) || around().any(|at| is_named(dom, at, &DECK)) {
        // Vietnamese papers begin their articles there, and agencies everywhere with a dateline.
        Some(language::is_vietnamese(text) || without_dateline(text) != text)
    } else if node.len >= SENTENCE && node.marks > 0 && node.linked == 0 && language::is_vietnamese(text) {
        // Their sapo may have no name at all.
        Some(true)
    } else {
        None
    }
}

/// Whether the page says the same of its article elsewhere; lines are folded.
pub(super) fn is_described(line: &str, described: &[String]) -> bool {
    described.iter().any(|said| said.starts_with(&start(line)) || line.starts_with(&start(said)))
}

/// Whether an element is named like one of these; names are compared without `-` and `_`, in lower case.
pub(super) fn is_named(dom: &Dom, at: usize, names: &LazyLock<Option<Regex>>) -> bool {
    let mut named = false;
    dom.each_attr(at, |name, value| {
        if matches!(name, "class" | "id" | "itemprop" | "data-testid") && value.len() < 200 {
            let value: String =
                value.chars().filter(|char| !matches!(char, '-' | '_')).map(|char| char.to_ascii_lowercase()).collect();
            named |= names.as_ref().is_some_and(|names| names.is_match(&value));
        }
    });
    named
}

/// The beginning of a text, by which it is recognised.
fn start(text: &str) -> String {
    text.chars().take(TELLING).collect()
}
