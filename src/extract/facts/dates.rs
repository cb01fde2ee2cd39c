//! When it was published and changed.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveTime};
use chrono_tz::Tz;
use regex::Regex;
use url::Url;

use super::head::Head;
use super::title::site_names;
use crate::date;
use crate::extract::content::hints::{Hint, Hints};
use crate::extract::content::lines::is_date_line;
use crate::extract::phrases::folded;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

type When = DateTime<FixedOffset>;

/// Elements named after dates that are looked at.
const MAX_NAMED: usize = 100;
/// Nodes below the headline that are looked at, and lines of dates among them.
const MAX_BELOW: usize = 2000;
const MAX_LINES: usize = 20;

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
/// the text, `headline` where the article begins.
pub(crate) fn published<'a>(
    dom: &'a Dom,
    head: &'a Head,
    hints: &'a Hints,
    line: Option<When>,
    headline: usize,
    url: Option<&'a Url>,
    zone: Tz,
) -> impl Iterator<Item = (&'static str, Option<When>)> + 'a {
    let read = move |text: Option<String>| text.and_then(|text| date::parse(&text, zone));
    let marked = move |prop| marked(dom, head, prop, zone);
    let mut declared = [
        ("JSON-LD datePublished", read(head.linked.published.clone())),
        ("meta article:published_time and the like", in_metas(head, zone).next()),
        ("itemprop datePublished", marked("datePublished").or_else(|| marked("dateCreated"))),
    ];
    // What is said of a page, or of a recipe in it, is less exact.
    if !head.linked.is_article {
        declared.rotate_left(1);
        // What bears the site's name is the site.
        let name = head.linked.title.as_deref().map(folded);
        if name.is_some_and(|name| site_names(head, url).contains(&name)) {
            let [.., (_, of_site)] = &mut declared;
            *of_site = None;
        }
    }
    // Looked for only when nothing is declared.
    declared
        .into_iter()
        .chain(std::iter::once_with(move || ("a time element", time(dom, head, zone))))
        .chain(std::iter::once_with(move || ("an element of class published", classed(dom, zone))))
        .chain(std::iter::once(("a date line in the text", line)))
        .chain(std::iter::once_with(move || ("a date on the page", visible(dom, hints, headline, zone))))
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

fn in_metas(head: &Head, zone: Tz) -> impl Iterator<Item = When> {
    PUBLISHED.iter().filter_map(|name| head.meta_value(name)).filter_map(move |text| date::parse(&text, zone))
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

/// A date in an element named after it, else a line that is little else than a date; those nearest to the
/// headline first, since many pages say above it what day it is.
fn visible(dom: &Dom, hints: &Hints, headline: usize, zone: Tz) -> Option<When> {
    if let Some(found) = near(dom, hints, headline, zone).next() {
        return Some(found);
    }
    let lines = dom.text(0).lines().take(600).filter(|line| is_date_line(line));
    lines.take(60).find_map(|line| date::find(line, zone))
}

/// The time of the same day that the page states elsewhere, or shows near its headline, where the stated date is
/// only a day.
pub(crate) fn finer(dom: &Dom, head: &Head, hints: &Hints, headline: usize, stated: When, zone: Tz) -> Option<When> {
    let is_day = |when: &When| when.time() == NaiveTime::MIN || when.with_timezone(&zone).time() == NaiveTime::MIN;
    let is_same = |found: &When| !is_day(found) && found.date_naive() == stated.date_naive();
    is_day(&stated).then(|| in_metas(head, zone).chain(near(dom, hints, headline, zone)).find(is_same)).flatten()
}

fn near<'a>(dom: &'a Dom, hints: &Hints, headline: usize, zone: Tz) -> impl Iterator<Item = When> + 'a {
    let is_named = |at: &usize| hints.at(*at) == Hint::Byline && (6..=120).contains(&dom.node(*at).len);
    let is_line = move |at: &usize| {
        let node = dom.node(*at);
        let is_alone = node.own > 0 && node.own == node.len && node.linked == 0 && node.len <= 80;
        node.tag != Tag::Text && is_alone && is_date_line(dom.text(*at))
    };
    let named = (1..dom.count()).filter(is_named).take(MAX_NAMED);
    let below = (headline..dom.count()).take(MAX_BELOW).filter(is_line).take(MAX_LINES);
    let mut near: Vec<usize> = named.chain(below).collect();
    // Below the headline more often than above it.
    near.sort_by_key(|at| if *at >= headline { at - headline } else { 2 * (headline - at) });
    near.into_iter().filter_map(move |at| date::find(dom.text(at), zone))
}

/// `/2023/01/30/` in the address.
fn in_address(url: Option<&Url>, zone: Tz) -> Option<When> {
    static DAY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/|[^\d])").ok());
    let found = DAY.as_ref()?.captures(url?.path())?;
    let part = |number| found.get(number).map(|part| part.as_str()).unwrap_or_default();
    date::parse(&format!("{}-{}-{}", part(1), part(2), part(3)), zone)
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};

    const PROSE: &str = "<p>The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.</p>";

    fn published(head: &str, above: &str, below: &str) -> String {
        let html = format!(
            "<title>A ferry stops</title>{head}<body><span class='current-date'>Thứ Sáu, 03/03/2023</span><p>04/03/2023 08:00</p>\
             <h1>A ferry stops</h1>{above}<div class='article-body'>{PROSE}{PROSE}{PROSE}</div>{below}"
        );
        let options = Options { timezone: chrono_tz::Asia::Ho_Chi_Minh, ..Options::default() };
        page(&html, &options).unwrap().published.map(|date| date.to_rfc3339()).unwrap_or_default()
    }

    #[test]
    fn the_date_near_the_headline_counts() {
        let shown = "2023-01-30T05:30:00+07:00";
        assert_eq!(published("", "<span class='detail-date'>30/01/2023 - 05:30</span>", ""), shown);
        assert_eq!(published("", "<div>30/01/2023 - 05:30</div>", ""), shown);
        let list = "<ul><li><a href='/b'>A bridge</a> (12/01/2023)</li></ul>";
        assert_eq!(published("", "<div>30/01/2023 - 05:30</div>", list), shown);
    }

    #[test]
    fn a_day_is_told_more_exactly_by_the_page() {
        let day = "<meta name='publishdate' content='2023-01-30'>";
        let line = |line: &str| published(day, &format!("<div>{line}</div>"), "");
        assert_eq!(line("30/01/2023 - 05:30"), "2023-01-30T05:30:00+07:00");
        assert_eq!(line("31/01/2023 - 05:30"), "2023-01-30T00:00:00+07:00");
        let of_page =
            "<script type='application/ld+json'>{\"@type\": \"WebPage\", \"datePublished\": \"2019-01-01\"}</script>";
        let both = format!("{of_page}<meta name='publishdate' content='2023-01-30T07:15:00+07:00'>");
        assert_eq!(published(&both, "", ""), "2023-01-30T07:15:00+07:00");
        let time = "<time datetime='2023-01-30T05:30:00+07:00'>30/01/2023</time>";
        assert_eq!(published(of_page, time, ""), "2019-01-01T00:00:00+07:00");
        let of_site = of_page.replace('{', "{\"name\": \"The Herald\", ");
        let site = format!("<meta property='og:site_name' content='The Herald'>{of_site}");
        assert_eq!(published(&site, time, ""), "2023-01-30T05:30:00+07:00");
        let exact = "<meta name='publishdate' content='2023-01-30T07:15:00+07:00'>";
        assert_eq!(published(exact, "<div>30/01/2023 - 05:30</div>", ""), "2023-01-30T07:15:00+07:00");
    }
}
