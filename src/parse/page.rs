//! A news page without a feed: its links to articles, by the admin's selector or by their looks.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use regex::Regex;
use url::Url;

use super::{Options, ParseError};
use crate::address;
use crate::date;
use crate::encoding::{self, Syntax};
use crate::html::dom::{Dom, length};
use crate::html::tag::Tag;
use crate::model::{Channel, Format, Item, PageRules, Reading, Repair, Text};

/// Links looked at; a front page has a few hundred.
const MAX_LINKS: usize = 20_000;
/// The block around a link is no larger than this.
const MAX_BLOCK: usize = 200;
/// An article's link has so many points.
const ENOUGH: i32 = 4;
/// A link with fewer points is an article's when so many others stand in the same structure.
const ROW: usize = 3;

/// Reads a page's links to articles.
pub(super) fn read(bytes: &[u8], rules: &PageRules, options: &Options) -> Result<Reading, ParseError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ParseError::Empty);
    }
    let decoded = encoding::decode(bytes, options.charset.as_deref(), Syntax::Html);
    let dom = Dom::parse(&decoded.text);
    let base = base(&dom, options.url.as_ref());
    let links = match &rules.links {
        Some(selector) => selected(&dom, selector, base.as_ref())?,
        None => found(&dom, base.as_ref()),
    };
    let mut repairs: Vec<Repair> = decoded.problems.iter().map(Repair::new).collect();
    if !dom.whole {
        repairs.push(Repair::new("the page is nested too deeply or too large, and was read in part"));
    }
    let articles = articles(&dom, links, base.as_ref(), options);
    if articles.len() > options.max_items {
        repairs.push(Repair::new(format!(
            "{} of {} links were left out",
            articles.len() - options.max_items,
            articles.len()
        )));
    }
    Ok(Reading {
        format: Format::Page,
        encoding: decoded.encoding.clone(),
        channel: channel(&dom, options),
        items: articles.into_iter().take(options.max_items).collect(),
        repairs,
    })
}

fn base(dom: &Dom, url: Option<&Url>) -> Option<Url> {
    let stated = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Base).and_then(|at| dom.attr(at, "href"));
    stated.and_then(|href| address::resolve(&href, url)).or_else(|| url.cloned())
}

fn channel(dom: &Dom, options: &Options) -> Channel {
    let meta = |name: &str| {
        let is_named = |at: &usize| {
            dom.tag(*at) == Tag::Meta
                && ["property", "name"]
                    .iter()
                    .any(|attr| dom.attr(*at, attr).is_some_and(|value| value.eq_ignore_ascii_case(name)))
        };
        (1..dom.count()).find(is_named).and_then(|at| dom.attr(at, "content"))
    };
    let first = |tag: Tag| (1..dom.count()).find(|&at| dom.tag(at) == tag);
    let title = first(Tag::Title).map(|at| one_line(dom.text(at))).filter(|title| !title.is_empty());
    Channel {
        title: title.or_else(|| meta("og:site_name")).map(Text::plain),
        description: meta("description").or_else(|| meta("og:description")).map(Text::plain),
        home_page_url: options.url.as_ref().map(Url::to_string),
        language: first(Tag::Html).and_then(|at| dom.attr(at, "lang")),
        ..Channel::default()
    }
}

/// A link to an article.
struct Link {
    at: usize,
    url: Url,
}

/// The links that the admin's selector names: an element that is a link, holds one, or lies in one.
fn selected(dom: &Dom, selector: &str, base: Option<&Url>) -> Result<Vec<Link>, ParseError> {
    let matched = dom.select(selector).ok_or_else(|| ParseError::Selector(selector.to_owned()))?;
    let is_link = |at: &usize| dom.tag(*at) == Tag::A && dom.attr(*at, "href").is_some();
    let link_of = |at: usize| {
        let inside = || dom.inside(at).find(|inner| is_link(inner));
        is_link(&at).then_some(at).or_else(inside).or_else(|| dom.ancestors(at).find(|outer| is_link(outer)))
    };
    let links = matched.into_iter().take(MAX_LINKS).filter_map(link_of);
    Ok(links.filter_map(|at| Some(Link { at, url: address::resolve(&dom.attr(at, "href")?, base)? })).collect())
}

/// The links that look like articles.
fn found(dom: &Dom, base: Option<&Url>) -> Vec<Link> {
    let menus = menus(dom);
    let mut candidates: Vec<(Link, i32, String)> = Vec::new();
    let mut best: HashMap<String, i32> = HashMap::new();
    let mut at = 1;
    while at < dom.count() && candidates.len() < MAX_LINKS {
        if menus.contains(&at) {
            at = dom.node(at).end.max(at + 1);
            continue;
        }
        if let Some(link) = candidate(dom, at, base) {
            let points = points_of_address(&link.url) + points_of_text(dom, at);
            let best = best.entry(link.url.to_string()).or_insert(points);
            *best = points.max(*best);
            candidates.push((link, points, structure(dom, at)));
        }
        at += 1;
    }
    // How many different good links stand in the same structure.
    let mut rows: HashMap<&str, std::collections::HashSet<&str>> = HashMap::new();
    for (link, points, structure) in &candidates {
        if *points >= ENOUGH - 1 {
            rows.entry(structure).or_default().insert(link.url.as_str());
        }
    }
    let in_row: std::collections::HashSet<String> = candidates
        .iter()
        .filter(|(_, points, structure)| {
            *points >= ENOUGH - 1 && rows.get(structure.as_str()).is_some_and(|row| row.len() >= ROW)
        })
        .map(|(link, ..)| link.url.to_string())
        .collect();
    let is_article = |url: &str| best.get(url).is_some_and(|points| *points >= ENOUGH) || in_row.contains(url);
    candidates.into_iter().map(|(link, ..)| link).filter(|link| is_article(link.url.as_str())).collect()
}

/// The elements that hold navigation, by kind or name.
fn menus(dom: &Dom) -> std::collections::HashSet<usize> {
    static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|topmenu|submenu|footer|foot|breadcrumbs?|pagination|pager|paging|tags?|tag-?cloud|share|social|login|lang|languages?|copyright|ads?|banner|weblinks?|lienket)(?:$|[\s_-])").ok()
    });
    let is_menu = |at: &usize| match dom.tag(*at) {
        Tag::Nav | Tag::Footer | Tag::Select => true,
        Tag::Text | Tag::Body | Tag::Html | Tag::A | Tag::Article => false,
        _ => {
            let mut named = false;
            dom.each_attr(*at, |name, value| match name {
                "class" | "id" => named |= NAMES.as_ref().is_some_and(|names| names.is_match(value)),
                "role" => named |= matches!(value, "navigation" | "contentinfo" | "menu" | "menubar"),
                _ => {}
            });
            // A wrapper of the whole page may be called anything.
            named && dom.node(*at).len * 2 < dom.node(0).len && !holds_headlines(dom, *at)
        }
    };
    (1..dom.count()).filter(is_menu).collect()
}

/// Whether an element holds several headings that are links: then it is no menu, whatever its name.
fn holds_headlines(dom: &Dom, at: usize) -> bool {
    let headings = dom.inside(at).take(2000).filter(|&inner| dom.tag(inner).heading().is_some_and(|level| level <= 4));
    headings.filter(|&inner| dom.node(inner).linked >= 20).take(2).count() == 2
}

fn candidate(dom: &Dom, at: usize, base: Option<&Url>) -> Option<Link> {
    if dom.tag(at) != Tag::A {
        return None;
    }
    let mut url = address::resolve(&dom.attr(at, "href")?, base)?;
    url.set_fragment(None);
    let own = base.is_none_or(|base| is_same_site(&url, base));
    let is_home = url.path().trim_matches('/').is_empty() && url.query().is_none()
        || base.is_some_and(|base| base.path() == url.path() && base.query() == url.query());
    (own && !is_home && !is_file(&url)).then_some(Link { at, url })
}

fn is_same_site(url: &Url, page: &Url) -> bool {
    let bare =
        |url: &Url| url.host_str().unwrap_or_default().trim_start_matches("www.").trim_start_matches("m.").to_owned();
    let (a, b) = (bare(url), bare(page));
    a == b
        || a.strip_suffix(&b).is_some_and(|sub| sub.ends_with('.'))
        || b.strip_suffix(&a).is_some_and(|sub| sub.ends_with('.'))
}

fn is_file(url: &Url) -> bool {
    const ENDINGS: &[&str] = &[
        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf", ".zip", ".rar", ".mp3", ".mp4", ".doc", ".docx", ".xls",
        ".xlsx", ".rss", ".xml",
    ];
    let path = url.path().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// What an address says for leading to an article.
fn points_of_address(url: &Url) -> i32 {
    static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)/(?:category|categories|tags?|authors?|topics?|chuyen-?muc|danh-?muc|tac-?gia|tu-?khoa|search|tim-?kiem|login|register|contact|about|lien-?he|gioi-?thieu|page|trang|rss|sitemap|privacy|terms|archive|user|profile)(?:/|\.|$)").ok()
    });
    static DATED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|\d\d)").ok());
    static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d{4,}").ok());
    let path = url.path();
    let matches =
        |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let mut points = 0;
    if last.split(['-', '_']).filter(|word| word.len() > 1).count() >= 4 || last.chars().count() >= 30 {
        points += 2;
    }
    if matches(&NUMBERED, path) || url.query().is_some_and(|query| query.bytes().any(|byte| byte.is_ascii_digit())) {
        points += 1;
    }
    if matches(&DATED, path) {
        points += 1;
    }
    if matches(&LIST, path) {
        points -= 4;
    }
    points
}

/// What a link's text and place say for it.
fn points_of_text(dom: &Dom, at: usize) -> i32 {
    let text = title_of(dom, at).unwrap_or_default();
    let mut points = match length(&text) {
        0..=11 => -2,
        12..=17 => 0,
        18..=29 => 1,
        30..=250 => 2,
        _ => -1,
    };
    let is_headline = |at: usize| dom.tag(at).heading().is_some_and(|level| level <= 5) || is_named_title(dom, at);
    if std::iter::once(at).chain(dom.ancestors(at).take(3)).any(is_headline) || dom.inside(at).take(20).any(is_headline)
    {
        points += 2;
    }
    points
}

fn is_named_title(dom: &Dom, at: usize) -> bool {
    dom.attr(at, "class").is_some_and(|class| {
        let class = class.to_ascii_lowercase();
        ["title", "headline", "tieude", "tieu-de", "heading"].iter().any(|name| class.contains(name))
    })
}

/// The kinds and names of the elements around a link: equal for the rows of one list.
fn structure(dom: &Dom, at: usize) -> String {
    let mut path = String::new();
    for outer in dom.ancestors(at).take(4) {
        path.push_str(dom.tag(outer).name());
        path.push('.');
        path.push_str(dom.attr(outer, "class").unwrap_or_default().split_ascii_whitespace().next().unwrap_or_default());
        path.push('/');
    }
    path
}

/// What a link is called: its text, its `title`, or its picture's description.
fn title_of(dom: &Dom, at: usize) -> Option<String> {
    let heading =
        dom.inside(at).take(40).find(|&inner| dom.tag(inner).heading().is_some() || is_named_title(dom, inner));
    let text = one_line(dom.text(heading.unwrap_or(at)));
    let text = Some(text).filter(|text| length(text) >= 12);
    let shown = || Some(one_line(dom.text(at))).filter(|text| !text.is_empty());
    let pictured =
        || dom.inside(at).take(20).filter(|&inner| dom.tag(inner) == Tag::Img).find_map(|inner| dom.attr(inner, "alt"));
    text.or_else(|| dom.attr(at, "title")).or_else(shown).or_else(pictured)
}

/// One article per address, in the page's order, with what its links and their blocks say together.
fn articles(dom: &Dom, links: Vec<Link>, base: Option<&Url>, options: &Options) -> Vec<Item> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(Url, Vec<usize>)> = Vec::new();
    for link in links {
        let number = *numbers.entry(link.url.to_string()).or_insert(groups.len());
        match groups.get_mut(number) {
            Some((_, places)) => places.push(link.at),
            None => groups.push((link.url, vec![link.at])),
        }
    }
    let by_place: HashMap<usize, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(number, (_, places))| places.iter().map(move |&at| (at, number)))
        .collect();
    groups
        .iter()
        .enumerate()
        .map(|(number, (url, places))| {
            let title = places
                .iter()
                .filter_map(|&at| Some((points_of_text(dom, at), title_of(dom, at)?)))
                .reduce(|best, next| if next.0 > best.0 { next } else { best });
            let blocks: Vec<usize> = places.iter().map(|&at| block(dom, at, number, &by_place)).collect();
            let title = title.map(|(_, title)| title);
            Item {
                url: Some(url.to_string()),
                image: blocks.iter().find_map(|&at| image(dom, at, base)),
                published: blocks.iter().find_map(|&at| date_in(dom, at, options)),
                summary: blocks.iter().find_map(|&at| summary(dom, at, title.as_deref())).map(Text::plain),
                title: title.map(Text::plain),
                ..Item::default()
            }
        })
        .collect()
}

/// The largest element around a link in which no other article is linked.
fn block(dom: &Dom, at: usize, number: usize, by_place: &HashMap<usize, usize>) -> usize {
    let mut block = at;
    for outer in dom.ancestors(at).take(6) {
        let inside = dom.inside(outer);
        if matches!(dom.tag(outer), Tag::Body | Tag::Html) || inside.len() > MAX_BLOCK {
            break;
        }
        if inside.clone().any(|inner| by_place.get(&inner).is_some_and(|other| *other != number)) {
            break;
        }
        block = outer;
    }
    block
}

fn image(dom: &Dom, block: usize, base: Option<&Url>) -> Option<String> {
    const PLACES: &[&str] = &["data-src", "data-original", "data-lazy-src", "data-lazy", "src"];
    let address_of = |at: usize| {
        PLACES
            .iter()
            .filter_map(|name| dom.attr(at, name))
            .filter(|text| !text.starts_with("data:"))
            .find_map(|text| address::resolve(&text, base))
    };
    let is_small = |at: usize| {
        ["width", "height"]
            .iter()
            .any(|side| dom.attr(at, side).and_then(|side| side.parse::<u32>().ok()).is_some_and(|side| side < 50))
    };
    let images = dom.inside(block).take(MAX_BLOCK).filter(|&at| dom.tag(at) == Tag::Img && !is_small(at));
    images.filter_map(address_of).map(String::from).next()
}

fn date_in(dom: &Dom, block: usize, options: &Options) -> Option<DateTime<FixedOffset>> {
    let times = dom.inside(block).take(MAX_BLOCK).filter(|&at| dom.tag(at) == Tag::Time);
    let stated = times.filter_map(|at| dom.attr(at, "datetime")).find_map(|text| date::parse(&text, options.timezone));
    let short =
        || dom.text(block).lines().filter(|line| line.len() <= 60 && line.bytes().any(|byte| byte.is_ascii_digit()));
    stated.or_else(|| short().find_map(|line| date::find(line, options.timezone)))
}

/// The text of a block beside its headline.
fn summary(dom: &Dom, block: usize, title: Option<&str>) -> Option<String> {
    let lines = dom.text(block).lines().map(str::trim);
    let longest = lines
        .filter(|line| length(line) >= 60 && title.is_none_or(|title| !title.contains(line) && !line.contains(title)))
        .max_by_key(|line| length(line))?;
    Some(longest.to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
