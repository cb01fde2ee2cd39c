//! Articles over several pages: the link to the next page, and pages put together. Pure.
//!
//! `rel=next` and "next" lead to another article as often as to another page of the same one. What tells is the
//! address: the next page's is the article's own with the next number in it.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::phrases::folded;
use crate::address;
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::Article;

/// Links of a page that are looked at.
const LINKS: usize = 5000;
/// A longer label is a headline.
const LABEL: usize = 60;
/// Pages that an article can have by its addresses.
const PAGES: u32 = 50;
/// Parameters that number pages.
const PARAMETERS: [&str; 13] = [
    "page",
    "p",
    "pg",
    "paged",
    "pagenum",
    "pageno",
    "page_no",
    "pageid",
    "trang",
    "seite",
    "pagina",
    "part",
    "stranitsa",
];

/// The address of the next page of the article at `url`; None on its last or only page.
pub(super) fn next_page(dom: &Dom, url: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let url = url?;
    let here = places(url);
    let mut links = 0;
    for at in 1..dom.count() {
        if !matches!(dom.tag(at), Tag::A | Tag::Link) {
            continue;
        }
        links += 1;
        if links > LINKS {
            break;
        }
        // Few links say so: only their addresses are looked at.
        if !says_so(dom, at) {
            continue;
        }
        let Some(next) = dom.attr(at, "href").and_then(|href| address::resolve(&href, base)) else { continue };
        let follows = |(stem, number): &(String, u32)| here.contains(&(stem.clone(), number - 1));
        if next.host_str() == url.host_str() && numbered(&next).iter().any(follows) {
            return Some(next);
        }
    }
    None
}

/// Whether a link says that it leads to a page of a number, or on.
fn says_so(dom: &Dom, at: usize) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^[\s\[(]*(
                (page|trang|phần|part|seite|página|страница|第)?\s*\d{1,2}\s*(页|頁|ページ)?
              | (next|continue|continued|next\s+page|continue\s+reading|tiếp|tiếp\s+theo|trang\s+(sau|tiếp|kế)|xem\s+tiếp|đọc\s+tiếp|trang\s+tiếp\s+theo
                |weiter|nächste\s+seite|suivant|page\s+suivante|siguiente|página\s+siguiente|далее|следующая|下一页|下一頁|次へ|次のページ|التالي|ถัดไป)?
            )[\s\])›»>→.:…]*$",
        )
        .ok()
    });
    let text = dom.text(at);
    let (mut is_next, mut label) = (false, None);
    dom.each_attr(at, |name, value| match name {
        "rel" => is_next |= value.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next")),
        "title" | "aria-label" if text.is_empty() && label.is_none() => label = Some(value.trim().to_owned()),
        _ => {}
    });
    let text = label.as_deref().unwrap_or(text);
    is_next || !text.is_empty() && text.len() <= LABEL && WORDS.as_ref().is_some_and(|words| words.is_match(text))
}

/// What an article's page can be by its address: the first of its pages, or one with a number.
fn places(url: &Url) -> Vec<(String, u32)> {
    let mut places = numbered(url);
    places.push((stem(url, url.path(), None), 1));
    places
}

/// The readings of an address as a page with a number, as what is left without it and the number.
fn numbered(url: &Url) -> Vec<(String, u32)> {
    static ENDING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?P<head>.+?)(?:/(?:page|trang|seite|pagina|p|part)?[-_/]?|[-_~.,](?:page|trang|seite|pagina|p|part)?[-_]?)(?P<number>\d{1,2})(?P<tail>\.[a-z]{2,5})?/?$").ok()
    });
    let mut found = Vec::new();
    for (key, value) in url.query_pairs() {
        if PARAMETERS.contains(&key.to_ascii_lowercase().as_str())
            && let Some(number) = page_number(&value)
        {
            found.push((stem(url, url.path(), Some(&key)), number));
        }
    }
    if let Some(parts) = ENDING.as_ref().and_then(|ending| ending.captures(url.path()))
        && let (Some(head), Some(number)) =
            (parts.name("head"), parts.name("number").and_then(|one| page_number(one.as_str())))
    {
        let tail = parts.name("tail").map(|tail| tail.as_str()).unwrap_or_default();
        // `/article/2.html` and `/article-2.html` are pages of `/article.html` and of `/article`.
        for path in [format!("{}{tail}", head.as_str()), head.as_str().to_owned()] {
            let one = (stem(url, &path, None), number);
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

fn page_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=PAGES).contains(number))
}

/// An address without what does not make another article: scheme, slash at the end, and `without` in its query.
fn stem(url: &Url, path: &str, without: Option<&str>) -> String {
    let url = address::untracked(url);
    let query: String = url
        .query_pairs()
        .filter(|(key, _)| Some(key.as_ref()) != without)
        .flat_map(|(key, value)| ["&".into(), key, "=".into(), value])
        .collect();
    format!("{}{}?{query}", url.host_str().unwrap_or_default(), path.trim_end_matches('/'))
}

/// Adds the text and pictures of an article's next page. What stood on an earlier page (the lead, a box at the
/// end) is not said again. False when it adds nothing, or is another article.
pub fn join(whole: &mut Article, next: Article) -> bool {
    if !is_same(whole.title.as_deref(), next.title.as_deref()) {
        return false;
    }
    let said: HashSet<String> = blocks(&whole.content_html).map(mark).collect();
    let before = whole.content_html.len();
    for block in blocks(&next.content_html) {
        if !said.contains(&mark(block)) {
            whole.content_html.push_str(block);
        }
    }
    for picture in next.pictures {
        if !whole.pictures.iter().any(|have| have.url == picture.url) {
            whole.pictures.push(picture);
        }
    }
    if whole.authors.is_empty() {
        whole.authors = next.authors;
    }
    whole.content_html.len() > before
}

/// Whether two headlines are those of one article: one may add "page 2" or the like.
pub(super) fn is_same(first: Option<&str>, second: Option<&str>) -> bool {
    let (Some(first), Some(second)) = (first.map(folded), second.map(folded)) else { return true };
    first.starts_with(&second) || second.contains(&first)
}

/// By what a block is known: its words, and the addresses of its pictures.
fn mark(block: &str) -> String {
    let mut mark = folded(&crate::html::plain(block));
    for (at, _) in block.match_indices("src=\"") {
        let rest = block.get(at + 5..).unwrap_or_default();
        mark.push(' ');
        mark.push_str(rest.split('"').next().unwrap_or_default());
    }
    mark
}

/// The outermost elements of an article's HTML, as extraction writes it: well nested, with `<` only where a
/// tag begins, and nothing between them.
fn blocks(html: &str) -> impl Iterator<Item = &str> {
    const EMPTY: [&str; 4] = ["img", "br", "hr", "source"];
    let mut rest = html;
    std::iter::from_fn(move || {
        let mut depth = 0_usize;
        let mut at = 0;
        while let Some(open) = rest.get(at..).and_then(|left| left.find('<')).map(|found| at + found) {
            let close = open + rest.get(open..)?.find('>')?;
            let tag = rest.get(open + 1..close)?;
            let name: &str = tag.split([' ', '/']).next().unwrap_or_default();
            if tag.starts_with('/') {
                depth = depth.saturating_sub(1);
            } else if !EMPTY.contains(&name) {
                depth += 1;
            }
            at = close + 1;
            if depth == 0 {
                break;
            }
        }
        let end = if at == 0 { rest.len() } else { at };
        let (block, left) = rest.split_at_checked(end)?;
        rest = left;
        (!block.is_empty()).then_some(block)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(url: &str, html: &str) -> Option<String> {
        let url = Url::parse(url).unwrap();
        next_page(&Dom::parse(html), Some(&url), Some(&url)).map(String::from)
    }

    #[test]
    fn the_next_page_is_known_by_its_address() {
        for (url, href, wanted) in [
            ("https://p.example/tin/bai-12345.html", "?page=2", true),
            ("https://p.example/tin/bai-12345.html?page=2", "?page=3", true),
            ("https://p.example/tin/bai-12345.html?page=2", "?page=2", false),
            ("https://p.example/tin/bai-12345.html?page=2", "?page=1", false),
            ("https://p.example/tin/bai-12345.html", "?page=3", false),
            ("https://p.example/doc?id=9", "/doc?id=9&trang=2", true),
            ("https://p.example/doc?id=9", "/doc?id=8&trang=2", false),
            ("https://p.example/story/", "/story/2/", true),
            ("https://p.example/story/", "/story/page/2/", true),
            ("https://p.example/story/2/", "/story/3/", true),
            ("https://p.example/story.html", "/story-2.html", true),
            ("https://p.example/story.html", "/story_p2.html", true),
            ("https://p.example/story-2.html", "/story-3.html", true),
            ("https://p.example/story.html", "/story,2.html", true),
            ("https://p.example/tin/bai", "/tin/bai-trang-2", true),
            ("https://p.example/story.html", "/another-2.html", false),
            ("https://p.example/covid-19.html", "/covid-20.html", true),
            ("https://p.example/covid-19.html", "/covid-19/2", false),
            ("https://p.example/story/", "https://q.example/story/2/", false),
            ("https://p.example/story/", "/story/comment-page-2/", false),
            ("https://p.example/story/", "/story/?cpage=2", false),
            ("https://p.example/story/", "javascript:next()", false),
        ] {
            let found = next(url, &format!("<a href='/'>2</a><p>x</p><a href='{href}'>2</a>"));
            assert_eq!(found.is_some(), wanted, "{url} {href}: {found:?}");
        }
    }

    #[test]
    fn a_link_must_say_that_it_leads_on() {
        let at = |link: &str| next("https://p.example/story/", link).is_some();
        for yes in [
            "<link rel='next' href='/story/2/'>",
            "<a rel='nofollow next' href='/story/2/'>More</a>",
            "<a href='/story/2/'>Trang 2</a>",
            "<a href='/story/2/'>Xem tiếp »</a>",
            "<a href='/story/2/'>[2]</a>",
            "<a href='/story/2/'>›</a>",
            "<a href='/story/2/'>第2页</a>",
            "<a href='/story/2/' title='Next page'></a>",
        ] {
            assert!(at(yes), "{yes}");
        }
        assert!(!at("<a href='/story/2/'>Ten things you did not know about the river</a>"));
        assert!(!at("<link rel='next' href='/another-story/'>"));
    }

    fn article(title: &str, html: &str) -> Article {
        Article { title: Some(title.into()), content_html: html.into(), ..Article::default() }
    }

    #[test]
    fn pages_are_joined_in_order_and_nothing_is_said_twice() {
        let mut whole =
            article("The river", "<p>Lead.</p><figure><img src=\"/a.jpg\" alt=\"\"></figure><p>One <b>bold</b>.</p>");
        let second = "<p>Lead.</p><figure><img src=\"/a.jpg\" alt=\"\"></figure><ul><li>Two</li></ul><figure><img src=\"/b.jpg\" alt=\"\"></figure>";
        assert!(join(&mut whole, article("The river – page 2", second)));
        assert_eq!(
            whole.content_html,
            "<p>Lead.</p><figure><img src=\"/a.jpg\" alt=\"\"></figure><p>One <b>bold</b>.</p><ul><li>Two</li></ul><figure><img src=\"/b.jpg\" alt=\"\"></figure>"
        );
        assert!(!join(&mut whole.clone(), article("The river", second)), "nothing new");
        assert!(!join(&mut whole, article("Another story", "<p>Else.</p>")));
    }

    proptest::proptest! {
        #[test]
        fn blocks_are_the_whole(html in "(<p>|</p>|<br>|<img src=\"x\">|<ul>|</ul>|x|é|<|>|/){0,30}") {
            let joined: String = blocks(&html).collect();
            proptest::prop_assert!(html.starts_with(&joined));
        }

        #[test]
        fn any_address_is_survived(path in "[-a-z0-9/._~?=&%]{0,40}") {
            if let Ok(url) = Url::parse(&format!("https://p.example/{path}")) {
                places(&url);
            }
        }
    }
}
