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
    for at in elements.iter().filter(|at| dom.tag(**at) == Tag::Script) {
        offers.in_linked_data(&dom.source(*at), base.as_ref());
    }
    if let Some(base) = &base {
        offers.by_host(base, &dom, &elements);
        offers.by_generator(base, &decoded.text);
    }
    offers.found.sort_by_key(|(rank, _)| *rank);
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

    /// A file of a feed's type that JSON-LD describes (schema.org `encodingFormat`).
    fn in_linked_data(&mut self, script: &str, base: Option<&Url>) {
        if !TYPES.iter().any(|kind| script.contains(kind)) {
            return;
        }
        let Ok(value) = serde_json::from_str::<serde_json::Value>(script) else { return };
        let mut open = vec![&value];
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Array(list) => open.extend(list),
                serde_json::Value::Object(object) => {
                    let text = |name: &str| object.get(name).and_then(serde_json::Value::as_str);
                    let kind = text("encodingFormat").or(text("fileFormat")).filter(|kind| TYPES.contains(kind));
                    if let (Some(kind), Some(url)) = (kind, text("contentUrl").or(text("url"))) {
                        let title = text("name").map(crate::html::fold);
                        self.add(15, address::resolve(url, base), title, Some(kind.to_owned()));
                    }
                    open.extend(object.values());
                }
                _ => {}
            }
        }
    }

    /// Where the large platforms have the feed of a page.
    fn by_host(&mut self, base: &Url, dom: &Dom, elements: &[usize]) {
        let host = base.host_str().unwrap_or_default().trim_start_matches("www.").trim_start_matches("m.");
        let path = base.path().trim_end_matches('/');
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let paths = match (host, segments.as_slice()) {
            ("youtube.com", ["channel", id, ..]) => vec![format!("/feeds/videos.xml?channel_id={id}")],
            ("youtube.com", ["playlist"]) => {
                let list = base.query_pairs().find(|(name, _)| name == "list");
                list.map(|(_, id)| format!("/feeds/videos.xml?playlist_id={id}")).into_iter().collect()
            }
            ("youtube.com", _) => {
                let id =
                    canonical(dom, elements).and_then(|url| url.split_once("/channel/").map(|(_, id)| id.to_owned()));
                id.map(|id| format!("/feeds/videos.xml?channel_id={id}")).into_iter().collect()
            }
            ("reddit.com" | "old.reddit.com", ["r" | "user", _, ..]) => vec![format!("{path}/.rss")],
            ("github.com", [_]) => vec![format!("{path}.atom")],
            ("github.com" | "gitlab.com", [owner, name, ..]) => {
                ["releases", "tags", "commits"].map(|what| format!("/{owner}/{name}/{what}.atom")).to_vec()
            }
            ("medium.com", [name, ..]) => vec![format!("/feed/{name}")],
            (host, [..]) if host.ends_with(".medium.com") || host.ends_with(".substack.com") => {
                vec!["/feed".to_owned()]
            }
            (host, [..]) if host.ends_with(".tumblr.com") => vec!["/rss".to_owned()],
            (host, [..]) if host.ends_with(".blogspot.com") => vec!["/feeds/posts/default".to_owned()],
            _ => Vec::new(),
        };
        for (at, path) in paths.iter().enumerate() {
            self.add(30 + at, base.join(path).ok(), None, None);
        }
    }

    /// Where the programs that make sites put the feed.
    fn by_generator(&mut self, base: &Url, html: &str) {
        let has = |words: &[&str]| words.iter().any(|word| html.contains(word));
        let path = base.path().trim_end_matches('/');
        let is_account = path.starts_with("/@") && path.matches('/').count() == 1;
        if is_account && has(&["mastodon", "Mastodon"]) {
            self.add(35, base.join(&format!("{path}.rss")).ok(), None, None);
        }
        let known: [(&[&str], &str); 5] = [
            (&["wp-content", "content=\"WordPress"], "/feed/"),
            (&["www.blogger.com", "content=\"Blogger", "content='blogger'"], "/feeds/posts/default"),
            (&["content=\"Ghost"], "/rss/"),
            (&["content=\"Hugo"], "/index.xml"),
            (&["content=\"Jekyll"], "/feed.xml"),
        ];
        for (words, place) in known {
            if has(words) {
                self.add(40, base.join(place).ok(), None, None);
            }
        }
    }
}

/// The page's own address as it says.
fn canonical(dom: &Dom, elements: &[usize]) -> Option<String> {
    let is_canonical = |at: &&usize| {
        dom.tag(**at).name() == "link" && dom.attr(**at, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
    };
    elements.iter().find(is_canonical).and_then(|at| dom.attr(*at, "href"))
}

/// The sitemaps that a robots.txt names.
pub(super) fn sitemaps(bytes: &[u8], base: Option<&Url>) -> Vec<Url> {
    let text = encoding::decode(bytes, None, Syntax::Text).text;
    let named = text.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("sitemap").then(|| address::resolve(value.trim(), base))?
    });
    named.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(at: &str, html: &str) -> Vec<String> {
        let options = Options { url: at.parse().ok(), ..Options::default() };
        feeds(html.as_bytes(), &options).into_iter().map(|link| link.url).collect()
    }

    #[test]
    fn what_a_page_declares_comes_first_and_comments_last() {
        let html = "<head><base href='https://paper.example/vi/'><link rel=alternate type='application/rss+xml' title='Comments' href='comments.rss'>\
                    <link rel='alternate' type='application/atom+xml; charset=utf-8' href='/news.atom'></head>\
                    <a href='sport.rss'>Sport</a><a href='https://elsewhere.example/x.rss'>Other</a><a href='/about/feeds-explained'>?</a>\
                    <script type='application/ld+json'>{\"@graph\": [{\"@type\": \"DataFeed\", \"encodingFormat\": \"application/feed+json\", \"contentUrl\": \"/news.json\"}]}</script>";
        let wanted = ["/news.atom", "/vi/comments.rss", "/news.json", "/vi/sport.rss"];
        assert_eq!(found("https://paper.example/", html), wanted.map(|path| format!("https://paper.example{path}")));
    }

    #[test]
    fn platforms_and_programs_have_their_places() {
        for (at, html, wanted) in [
            ("https://www.youtube.com/channel/UC1", "", "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"),
            (
                "https://www.youtube.com/@delta",
                "<link rel=canonical href=https://www.youtube.com/channel/UC2>",
                "https://www.youtube.com/feeds/videos.xml?channel_id=UC2",
            ),
            ("https://www.reddit.com/r/news/", "", "https://www.reddit.com/r/news/.rss"),
            ("https://github.com/a/b", "", "https://github.com/a/b/releases.atom"),
            ("https://medium.com/@lam", "", "https://medium.com/feed/@lam"),
            ("https://lam.medium.com/story", "", "https://lam.medium.com/feed"),
            ("https://social.example/@lam", "<div id=mastodon>", "https://social.example/@lam.rss"),
            ("https://a.blogspot.com/2023/x.html", "", "https://a.blogspot.com/feeds/posts/default"),
            ("https://a.example/x", "<link href=/wp-content/a.css>", "https://a.example/feed/"),
            ("https://a.example/", "<meta name=generator content=\"Ghost 5\">", "https://a.example/rss/"),
            ("https://a.example/", "<meta name=generator content=\"Hugo 0.120\">", "https://a.example/index.xml"),
            ("https://a.example/", "<meta name=generator content=\"Jekyll v4\">", "https://a.example/feed.xml"),
        ] {
            assert_eq!(found(at, html).first().map(String::as_str), Some(wanted), "{at}");
        }
        assert_eq!(found("https://a.example/", "<p>nothing</p>"), Vec::<String>::new());
    }

    #[test]
    fn sitemaps_stand_in_robots_txt() {
        let base = Url::parse("https://a.example/robots.txt").unwrap();
        let robots = b"User-agent: *\nDisallow: /x\nsitemap : https://a.example/s.xml.gz\r\nSitemap: /t.xml\n";
        let found: Vec<String> = sitemaps(robots, Some(&base)).into_iter().map(String::from).collect();
        assert_eq!(found, ["https://a.example/s.xml.gz", "https://a.example/t.xml"]);
    }
}
