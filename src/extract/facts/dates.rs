//! When it was published and changed.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;
use regex::Regex;
use url::Url;

use super::head::Head;
use crate::date;
use crate::extract::content::hints::{Hint, Hints};
use crate::extract::content::lines::is_date_line;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

type When = DateTime<FixedOffset>;

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "date:published",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "publication-date",
    "published_date",
    "published-date",
    "parsely-pub-date",
    "sailthru:date",
    "dc:date:issued",
    "dc:date:created",
    "dcterms:created",
    "dcterms:issued",
    "dc:date",
    "dcterms:date",
    "date",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "article:create",
    "created",
    "timestamp",
    "ptime",
    "dat",
    "article_date_original",
    "weibo:article:create_at",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms:modified",
    "dc:date:modified",
    "last-modified",
    "lastmod",
    "article:modified",
    "revised",
];

/// The candidates for the publication, in order of trust (I-092); `line` is a date that stood alone in
/// the text.
pub(crate) fn published<'a>(
    dom: &'a Dom,
    head: &'a Head,
    hints: &'a Hints,
    line: Option<When>,
    url: Option<&'a Url>,
    zone: Tz,
) -> impl Iterator<Item = (&'static str, Option<When>)> + 'a {
    let read = move |text: Option<String>| text.and_then(|text| date::parse(&text, zone));
    let marked = move |prop| marked(dom, head, prop, zone);
    let declared = [
        ("JSON-LD datePublished", read(head.linked.published.clone())),
        ("meta article:published_time and the like", PUBLISHED.iter().find_map(|name| read(head.meta_value(name)))),
        ("itemprop datePublished", marked("datePublished").or_else(|| marked("dateCreated"))),
    ];
    // Looked for only when nothing is declared.
    declared
        .into_iter()
        .chain(std::iter::once_with(move || ("a time element", time(dom, head, zone))))
        .chain(std::iter::once_with(move || ("an element of class published", classed(dom, zone))))
        .chain(std::iter::once(("a date line in the text", line)))
        .chain(std::iter::once_with(move || ("a date on the page", visible(dom, hints, zone))))
        .chain(std::iter::once_with(move || ("the date in the address", in_address(url, zone))))
}

/// The candidates for the last change.
pub(crate) fn modified(dom: &Dom, head: &Head, zone: Tz) -> Vec<(&'static str, Option<When>)> {
    let read = |text: Option<String>| text.and_then(|text| date::parse(&text, zone));
    vec![
        ("JSON-LD dateModified", read(head.linked.modified.clone())),
        ("meta article:modified_time and the like", MODIFIED.iter().find_map(|name| read(head.meta_value(name)))),
        ("itemprop dateModified", marked(dom, head, "dateModified", zone)),
    ]
}

fn marked(dom: &Dom, head: &Head, prop: &str, zone: Tz) -> Option<When> {
    head.marked_as(prop).find_map(|at| of_element(dom, at, zone))
}

/// The date that an element gives in an attribute, else in its text.
pub(crate) fn of_element(dom: &Dom, at: usize, zone: Tz) -> Option<When> {
    let stated = ["datetime", "content", "title", "data-time", "data-date"]
        .iter()
        .find_map(|name| date::parse(&dom.attr(at, name)?, zone));
    let text = dom.text(at);
    stated.or_else(|| (text.len() < 200).then(|| date::parse(text, zone).or_else(|| date::find(text, zone))).flatten())
}

/// A `time` said to be the publication's, else the first before or in the text.
fn time(dom: &Dom, head: &Head, zone: Tz) -> Option<When> {
    let said = head.times.iter().copied().filter(|&at| {
        dom.has_attr(at, "pubdate")
            || dom.attr(at, "class").is_some_and(|class| class.contains("publish") || class.contains("entry-date"))
    });
    said.chain(head.times.iter().copied().take(3)).find_map(|at| of_element(dom, at, zone))
}

/// `<abbr class="published" title="2023-05-28T21:10:00+03:30">`, as blogs have it (hAtom).
fn classed(dom: &Dom, zone: Tz) -> Option<When> {
    let is_published = |at: &usize| {
        dom.tag(*at) == Tag::Abbr
            && dom
                .attr(*at, "class")
                .is_some_and(|names| names.split_ascii_whitespace().any(|name| name == "published"))
    };
    (1..dom.count()).filter(is_published).take(3).find_map(|at| date::parse(&dom.attr(at, "title")?, zone))
}

/// A date in an element named after it, else a line that is little else than a date, near the top.
fn visible(dom: &Dom, hints: &Hints, zone: Tz) -> Option<When> {
    let mut named =
        (1..dom.count()).filter(|&at| hints.at(at) == Hint::Byline && (6..=120).contains(&dom.node(at).len)).take(40);
    if let Some(found) = named.find_map(|at| date::find(dom.text(at), zone)) {
        return Some(found);
    }
    let lines = dom.text(0).lines().take(600).filter(|line| is_date_line(line));
    lines.take(60).find_map(|line| date::find(line, zone))
}

/// `/2023/01/30/` in the address.
fn in_address(url: Option<&Url>, zone: Tz) -> Option<When> {
    static DAY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/|[^\d])").ok());
    let found = DAY.as_ref()?.captures(url?.path())?;
    let part = |number| found.get(number).map(|part| part.as_str()).unwrap_or_default();
    date::parse(&format!("{}-{}-{}", part(1), part(2), part(3)), zone)
}
