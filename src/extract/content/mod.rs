//! The text of an article in a page: found, freed of what is no part of it, and written as clean HTML.

mod boxes;
pub(crate) mod captions;
pub(crate) mod choose;
mod deck;
pub(crate) mod figures;
mod first_lines;
mod headlines;
pub(crate) mod hints;
pub(crate) mod judge;
pub(crate) mod lead;
mod left_out;
pub(crate) mod lines;
mod media;
pub(crate) mod pictures;
mod quotes;
pub(crate) mod scores;
mod signs;
pub(crate) mod tables;
pub(crate) mod write;

use std::collections::HashSet;

use url::Url;

use crate::html::dom::{Dom, length};
use crate::html::tag::Tag;
use crate::model::{Attachment, LeftOut};

use choose::Choice;
use figures::{Figure, Figures};
use hints::{Hint, Hints};
use judge::{Judged, Known, Place};
use pictures::Picture;
use scores::{Out, Scores, Trust};

/// An article with so much of a score is not doubted.
const SURE: f32 = 500.0;
/// A picture so wide above the body is no icon or portrait.
const LEAD_WIDTH: u32 = 300;
/// Pictures of a gallery above the body, and the letters of its buttons.
const MAX_GALLERY: usize = 30;
const MAX_CONTROLS: u32 = 60;
/// Believing fewer names must bring so many times as much.
const BETTER: f32 = 3.0;

/// Finds the element that holds the article, and marks what is foreign in the page. Where little is
/// left of a page, names that sound foreign may be those of its frame, and fewer are believed.
pub(crate) fn find(dom: &Dom, hints: &Hints, out: &mut Out) -> Option<Choice> {
    let removed = out.clone();
    let mut best: Option<(Choice, f32)> = None;
    for trust in [Trust::Names, Trust::Hidden, Trust::Elements] {
        let mut marked = removed.clone();
        scores::mark_foreign(dom, hints, trust, &mut marked);
        let scores = Scores::of(dom, &marked);
        let choice = choose::choose(dom, hints, &scores).map(|choice| (choice, scores.sum(choice.at)));
        let before = best.map_or(0.0, |(_, sum)| sum);
        if let Some((choice, sum)) = choice.filter(|(_, sum)| *sum > BETTER * before) {
            *out = marked;
            best = Some((choice, sum));
        }
        if best.is_some_and(|(_, sum)| sum >= SURE) {
            break;
        }
    }
    best.map(|(choice, _)| choice).or_else(|| bare_page(dom))
}

/// A page that is nothing but a few short lines is their article; one with links is a menu.
fn bare_page(dom: &Dom) -> Option<Choice> {
    let at = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body && dom.node(at).linked == 0)?;
    let lines = dom.inside(at).filter(|&inner| dom.tag(inner) == Tag::P && dom.node(inner).len > 0).count();
    (lines > 1).then_some(Choice { at, why: "the page is nothing but a few lines" })
}

/// What was taken of a page.
pub(crate) struct Taken {
    /// The text.
    pub(crate) html: String,
    /// Its pictures in order.
    pub(crate) pictures: Vec<Attachment>,
    /// What its lines told.
    pub(crate) judged: Judged,
    /// What was left out, and why.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Takes the article out of an element.
pub(crate) fn take(
    dom: &Dom,
    hints: &Hints,
    out: &mut Out,
    root: usize,
    place: Place,
    known: &Known,
    base: Option<&Url>,
) -> Taken {
    let judged = judge::judge(dom, hints, out, root, place, known);
    let found = figures::find(dom, hints, out, root, base);
    let end = judged.end.unwrap_or(dom.node(root).end);
    let html = write::write(dom, out, &found, &judged.headings, root..end, base);
    Taken { html, pictures: attachments(&found, end), left_out: left_out::of(dom, out, root, end), judged }
}

/// Writes paragraphs that stand apart from the body, and marks them as used.
pub(crate) fn take_lead(dom: &Dom, out: &mut Out, paragraphs: &[usize], base: Option<&Url>) -> String {
    let (none, plain) = (Figures::default(), HashSet::new());
    let write = |&at: &usize| write::write(dom, out, &none, &plain, dom.inside(at), base);
    let html = paragraphs.iter().map(write).collect();
    for &at in paragraphs {
        if let Some(mark) = out.get_mut(at) {
            *mark = Some("");
        }
    }
    html
}

/// The picture that stands between the headline and the body, unless the body shows it too: as HTML, and
/// with what is known of it. `stated` are the keys of the pictures by which the page shows itself elsewhere.
pub(crate) fn take_lead_picture(
    dom: &Dom,
    hints: &Hints,
    out: &Out,
    between: (usize, usize),
    shown: &[Attachment],
    stated: &[String],
    base: Option<&Url>,
) -> Option<(String, Vec<Attachment>)> {
    let (headline, body) = between;
    let start = dom.node(headline).end;
    if body.saturating_sub(start) > lead::NODES {
        return None;
    }
    let found = figures::between(dom, hints, out, headline, body, base);
    let is_in_byline = |at: usize| dom.ancestors(at).take(4).any(|outer| hints.at(outer) == Hint::Byline);
    let is_of_article = |(at, figure): &(&usize, &Figure)| {
        let wide = figure.pictures.iter().any(|picture| picture.width.is_some_and(|width| width >= LEAD_WIDTH));
        let holds =
            |at: usize| dom.tag(at) == Tag::Figure || dom.ancestors(at).take(3).any(|at| dom.tag(at) == Tag::Figure);
        let is_stated = figure.pictures.iter().any(|picture| stated.contains(&pictures::key(&picture.url)));
        (wide || is_stated || figure.caption.is_some() || holds(**at))
            && !is_in_byline(**at)
            && dom.node(**at).end <= body
    };
    let (&at, figure) = found.at.iter().filter(is_of_article).min_by_key(|(at, _)| **at)?;
    let known = |picture: &Picture| {
        let key = pictures::key(&picture.url);
        shown.iter().filter_map(|shown| Url::parse(&shown.url).ok()).any(|shown| pictures::key(&shown) == key)
    };
    if figure.pictures.is_empty() || figure.pictures.iter().any(known) {
        return None;
    }
    let write = |at: usize| write::write(dom, out, &found, &HashSet::new(), at..dom.node(at).end.max(at + 1), base);
    let gallery = gallery_around(dom, &found, at, between);
    let mut more: Vec<(&usize, &Figure)> =
        found.at.iter().filter(|(other, _)| **other > at && gallery.contains(other)).filter(is_of_article).collect();
    more.retain(|(_, figure)| !figure.pictures.iter().any(known));
    more.sort_by_key(|(at, _)| **at);
    more.insert(0, (&at, figure));
    more.truncate(MAX_GALLERY);
    let html = more.iter().map(|(at, _)| write(**at)).collect();
    let attached =
        |figure: &Figure| figure.pictures.iter().map(|picture| attachment(figure, picture)).collect::<Vec<_>>();
    Some((html, more.into_iter().flat_map(|(_, figure)| attached(figure)).collect()))
}

/// The element around a figure that holds nothing but figures.
fn gallery_around(dom: &Dom, found: &Figures, at: usize, between: (usize, usize)) -> std::ops::Range<usize> {
    let (headline, body) = between;
    let captions = |outer: usize| {
        let figures = dom.inside(outer).filter_map(|inner| found.at.get(&inner));
        figures.filter_map(|figure| figure.caption.as_deref()).map(length).sum::<u32>()
    };
    let is_gallery = |outer: &usize| {
        let node = dom.node(*outer);
        *outer > headline && node.end <= body && node.len <= captions(*outer) + MAX_CONTROLS
    };
    let gallery = dom.ancestors(at).take(6).take_while(is_gallery).last();
    gallery.map_or(at..at, |outer| dom.inside(outer))
}

fn attachments(found: &Figures, end: usize) -> Vec<Attachment> {
    let mut figures: Vec<_> = found.at.iter().filter(|(at, _)| **at < end).collect();
    figures.sort_by_key(|(at, _)| **at);
    figures.iter().flat_map(|(_, figure)| figure.pictures.iter().map(|picture| attachment(figure, picture))).collect()
}

fn attachment(figure: &Figure, picture: &Picture) -> Attachment {
    Attachment {
        url: picture.url.to_string(),
        medium: Some("image".into()),
        title: picture.alt.clone(),
        caption: figure.caption.clone(),
        credit: figure.caption.as_deref().and_then(captions::credit),
        width: picture.width,
        height: picture.height,
        ..Attachment::default()
    }
}
