//! The feeds that a web page offers: what it declares, what it links to, what its kind of site has.

use url::Url;

use super::Options;
use crate::address;
use crate::encoding::{self, Syntax};
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::PageLink;

/// Offers of one page.
const MOST: usize = 30;
/// Media types of feeds, the best first.
const TYPES: [&str; 6] = [
    "application/atom+xml",
    "application/rss+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
    "text/xml",
];
/// Ends of addresses that feeds usually have.
const ENDS: [&str; 14] = [
    "/feed",
    "/rss",
    "/atom",
    "/feeds",
    "/rss2",
    "/index.xml",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/index.rdf",
    ".rss",
    ".atom",
    "/rss.aspx",
];

/// The feeds a page offers, the best first.
pub(super) fn feeds(bytes: &[u8], options: &Options) -> Vec<PageLink> {
    let decoded = encoding::decode(bytes, options.charset.as_deref(), Syntax::Html);
    let dom = Dom::parse(&decoded.text);
    let elements: Vec<usize> = dom.inside(0).collect();
    let stated = elements.iter().find(|at| dom.tag(**at).name() == "base").and_then(|at| dom.attr(*at, "href"));
    let base = stated.and_then(|href| address::resolve(&href, options.url.as_ref())).or_else(|| options.url.clone());
    let mut offers = Offers { found: Vec::new() };
    for at in &elements {
        if dom.tag(*at).name() == "link" {
            offers.declared(&dom, *at, base.as_ref());
        }
    }
    offers.found.sort_by_key(|(rank, _)| *rank);
    for at in &elements {
        if dom.tag(*at) == Tag::A {
            offers.linked(&dom, *at, base.as_ref());
        }
    }
    if offers.found.is_empty() {
        offers.by_convention(&decoded.text, base.as_ref());
    }
    offers.found.into_iter().map(|(_, link)| link).take(MOST).collect()
}

struct Offers {
    found: Vec<(usize, PageLink)>,
}

impl Offers {
    fn add(&mut self, rank: usize, url: Option<Url>, title: Option<String>, mime_type: Option<String>) {
        let Some(url) = url.map(String::from) else { return };
        if self.found.len() < MOST * 4 && !self.found.iter().any(|(_, have)| have.url == url) {
            self.found.push((rank, PageLink { url, title, mime_type }));
        }
    }

    /// `<link rel=alternate type=…>`; feeds of comments come last.
    fn declared(&mut self, dom: &Dom, at: usize, base: Option<&Url>) {
        let rel = dom.attr(at, "rel").unwrap_or_default().to_ascii_lowercase();
        let mime_type = dom.attr(at, "type").unwrap_or_default().to_ascii_lowercase();
        let mime_type = mime_type.split(';').next().unwrap_or_default().trim().to_owned();
        let is_feed_rel = rel.split_whitespace().any(|word| word == "feed");
        let rank = TYPES.iter().position(|known| *known == mime_type);
        if !is_feed_rel && (rank.is_none() || !rel.split_whitespace().any(|word| word == "alternate")) {
            return;
        }
        let Some(href) = dom.attr(at, "href") else { return };
        let title = dom.attr(at, "title").map(|title| crate::html::fold(&title));
        let about = format!("{} {}", href, title.as_deref().unwrap_or_default()).to_lowercase();
        let is_aside = ["comment", "bình luận", "oembed", "wp-json", "kommentar", "commentaire"]
            .iter()
            .any(|word| about.contains(word));
        if mime_type == "application/json" && (is_aside || !about.contains("feed")) {
            return;
        }
        let rank = rank.unwrap_or(0).min(2) + if is_aside { 10 } else { 0 };
        self.add(rank, address::resolve(&href, base), title, Some(mime_type));
    }

    /// Links in the page that look like feeds.
    fn linked(&mut self, dom: &Dom, at: usize, base: Option<&Url>) {
        let Some(url) = dom.attr(at, "href").and_then(|href| address::resolve(&href, base)) else { return };
        let text = crate::html::fold(dom.text(at));
        let path = url.path().trim_end_matches('/').to_ascii_lowercase();
        let looks = ENDS.iter().any(|end| path.ends_with(end)) || path.contains("/rss/") || path.contains("/feeds/");
        let says =
            matches!(text.to_ascii_lowercase().as_str(), "rss" | "rss feed" | "atom" | "feed" | "xml" | "json feed");
        // A page that only tells about feeds links to itself or to other sites.
        let is_here = base.is_none_or(|base| base.host_str() == url.host_str()) || looks && says;
        if (looks || says) && is_here {
            self.add(20, Some(url), Some(text).filter(|text| !text.is_empty()), None);
        }
    }

    /// Where sites of a known kind have their feed.
    fn by_convention(&mut self, html: &str, base: Option<&Url>) {
        let Some(base) = base else { return };
        let host = base.host_str().unwrap_or_default();
        let path = base.path().trim_end_matches('/');
        let here = |rest: &str| base.join(rest).ok();
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match (host.trim_start_matches("www."), segments.as_slice()) {
            ("youtube.com", ["channel", id, ..]) => {
                self.add(30, here(&format!("/feeds/videos.xml?channel_id={id}")), None, None);
            }
            ("reddit.com" | "old.reddit.com", ["r" | "user", _, ..]) => {
                self.add(30, here(&format!("{path}/.rss")), None, None);
            }
            ("github.com", [_, _]) => {
                self.add(30, here(&format!("{path}/releases.atom")), None, None);
                self.add(31, here(&format!("{path}/commits.atom")), None, None);
            }
            ("medium.com", [name, ..]) => self.add(30, here(&format!("/feed/{name}")), None, None),
            _ => {}
        }
        if let [account] = segments.as_slice()
            && account.starts_with('@')
            && html.contains("mastodon")
        {
            self.add(30, here(&format!("{path}.rss")), None, None);
        }
        let has = |word: &str| html.contains(word);
        if has("wp-content") || has("WordPress") {
            self.add(40, here("/feed/"), None, None);
        }
        if has("blogger.com") || host.ends_with(".blogspot.com") {
            self.add(40, here("/feeds/posts/default"), None, None);
        }
        if has("name=\"generator\" content=\"Ghost") {
            self.add(40, here("/rss/"), None, None);
        }
        if has("content=\"Hugo") {
            self.add(40, here("/index.xml"), None, None);
        }
        if has("content=\"Jekyll") {
            self.add(40, here("/feed.xml"), None, None);
        }
    }
}
