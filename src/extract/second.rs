//! A page's plainer versions (AMP, print): a second witness where the page itself shows no article, or
//! hardly any. Pure.

use url::Url;

use super::phrases::folded;
use super::{ExtractError, Options, pager};
use crate::address;
use crate::html::dom::{Dom, length};
use crate::html::plain;
use crate::html::tag::Tag;
use crate::model::{Article, Finding};

/// A text of fewer letters is hardly an article.
const THIN: u32 = 280;
/// Another version must say so many times as much.
const FULLER: f64 = 1.3;
/// Links of a page that are looked at.
const LINKS: usize = 5000;

/// Another version of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its address, on the page's own site.
    pub url: Url,
    /// What it is, in words.
    pub kind: &'static str,
}

/// The version of a page that may show what the page does not: where nothing was found, or little; never
/// behind a wall.
pub fn version(html: &str, read: &Result<Article, ExtractError>, options: &Options) -> Option<Version> {
    let is_wanted = match read {
        Ok(article) => article.wall.is_none() && !article.paywalled && letters(&article.content_html) < THIN,
        Err(error) => *error == ExtractError::NoArticle,
    };
    if !is_wanted || options.rules.content.is_some() {
        return None;
    }
    let page = options.url.as_ref()?;
    let dom = Dom::parse(html);
    let links = || (1..dom.count()).filter(|&at| matches!(dom.tag(at), Tag::Link | Tag::A)).take(LINKS);
    let kinds: [(&'static str, fn(&Dom, usize) -> bool); 2] = [("AMP version", is_amp), ("print version", is_print)];
    kinds.into_iter().find_map(|(kind, is_kind)| {
        let leads = |at: usize| address::resolve(&dom.attr(at, "href")?, Some(page)).filter(|url| is_other(url, page));
        let url = links().filter(|&at| is_kind(&dom, at)).find_map(leads)?;
        Some(Version { url, kind })
    })
}

fn is_amp(dom: &Dom, at: usize) -> bool {
    dom.tag(at) == Tag::Link && dom.attr(at, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("amphtml"))
}

/// How pages call the link to their form for paper.
const LABELS: [&str; 14] = [
    "print",
    "print this article",
    "print article",
    "print this page",
    "print version",
    "printer-friendly version",
    "printer friendly",
    "in",
    "in bài viết",
    "in bài",
    "bản in",
    "imprimer",
    "drucken",
    "imprimir",
];

fn is_print(dom: &Dom, at: usize) -> bool {
    if dom.tag(at) == Tag::Link {
        let is_alternate = dom.attr(at, "rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("alternate"));
        return is_alternate && dom.attr(at, "media").is_some_and(|media| media.eq_ignore_ascii_case("print"));
    }
    let labels = [Some(dom.text(at).to_owned()), dom.attr(at, "title"), dom.attr(at, "aria-label")];
    labels.into_iter().flatten().any(|label| LABELS.contains(&folded(&label).as_str()))
}

/// Whether an address is another page of the same site.
fn is_other(url: &Url, page: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let host = ["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host);
        (host.to_owned(), url.port_or_known_default())
    };
    let path = |url: &Url| (url.path().to_owned(), url.query().map(str::to_owned));
    let secure = |url: &Url| bare(url).0;
    (bare(url) == bare(page) || url.port().is_none() && page.port().is_none() && secure(url) == secure(page))
        && (path(url) != path(page) || url.host_str() != page.host_str())
}

/// The page's article, with the text of another version of it where that says more. What won, and why,
/// stands in its findings.
pub fn fuller(
    read: Result<Article, ExtractError>,
    version: &Version,
    second: Result<Article, String>,
) -> Result<Article, ExtractError> {
    let Version { url, kind } = version;
    let note = |mut article: Article, why: String| {
        article.findings.push(Finding { field: "content", why });
        article
    };
    match (read, second) {
        (Ok(article), Err(problem)) => Ok(note(article, format!("the text is short; its {kind} {url}: {problem}"))),
        (Err(error), Err(_)) => Err(error),
        (Err(_), Ok(second)) => Ok(note(second, format!("the page shows no article, and its {kind} {url} does"))),
        (Ok(mut article), Ok(second)) => {
            let (first_says, second_says) = (letters(&article.content_html), letters(&second.content_html));
            let is_same = pager::is_same(article.title.as_deref(), second.title.as_deref());
            if !is_same || f64::from(second_says) < f64::from(first_says) * FULLER {
                let why = if is_same { "says no more" } else { "is another article" };
                return Ok(note(article, format!("the text is short, and its {kind} {url} {why}")));
            }
            article.content_html = second.content_html;
            article.pictures = second.pictures;
            article.left_out = second.left_out;
            if article.authors.is_empty() {
                article.authors = second.authors;
            }
            article.published = article.published.or(second.published);
            let why = format!("its {kind} {url} says more ({second_says} letters, not {first_says}), and was taken");
            Ok(note(article, why))
        }
    }
}

fn letters(html: &str) -> u32 {
    length(&plain(html))
}
