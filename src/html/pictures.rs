//! The pictures of a fragment.

use std::ops::Range;

use url::Url;

use super::SafeHtml;
use super::dom::Dom;
use super::tag::Tag;

/// A picture in a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Absolute address.
    pub url: Url,
    /// `alt` text.
    pub alt: Option<String>,
    /// The caption of the figure around it.
    pub caption: Option<String>,
    /// Width in pixels, as the HTML states.
    pub width: Option<u32>,
    /// Height in pixels, as the HTML states.
    pub height: Option<u32>,
}

/// The pictures of a sanitised fragment, in order.
pub fn pictures(html: &SafeHtml) -> Vec<Picture> {
    if !html.as_str().contains("<img") {
        return Vec::new();
    }
    let dom = Dom::parse(html.as_str());
    dom.inside(0)
        .filter(|at| dom.tag(*at) == Tag::Img)
        .filter_map(|at| {
            let number = |name: &str| dom.attr(at, name).and_then(|value| value.parse().ok());
            Some(Picture {
                url: crate::address::resolve(&dom.attr(at, "src")?, None)?,
                alt: dom.attr(at, "alt"),
                caption: caption(&dom, at),
                width: number("width"),
                height: number("height"),
            })
        })
        .collect()
}

fn caption(dom: &Dom, at: usize) -> Option<String> {
    let figure = dom.ancestors(at).find(|around| dom.tag(*around) == Tag::Figure)?;
    let caption = dom.inside(figure).find(|inner| dom.tag(*inner) == Tag::Figcaption)?;
    let text = super::fold(dom.text(caption));
    (!text.is_empty()).then_some(text)
}

/// The addresses of the pictures of a fragment, in order.
pub fn picture_addresses(html: &SafeHtml) -> Vec<Url> {
    let html = html.as_str();
    sources(html).filter_map(|span| crate::address::resolve(&value(html.get(span)?), None)).collect()
}

/// The fragment with pictures at other addresses: those that `move_to` names.
pub fn with_pictures_at(html: &SafeHtml, move_to: impl Fn(&Url) -> Option<Url>) -> SafeHtml {
    let text = html.as_str();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for span in sources(text) {
        let old = text.get(span.clone()).and_then(|old| crate::address::resolve(&value(old), None));
        let Some(new) = old.and_then(|old| move_to(&old)) else { continue };
        out.push_str(text.get(copied..span.start).unwrap_or_default());
        out.push_str(&new.as_str().replace('&', "&amp;").replace('"', "&quot;"));
        copied = span.end;
    }
    if copied == 0 {
        return html.clone();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    SafeHtml(out)
}

/// Where the values of `src` of all `img` stand. The sanitiser writes every value between quotation marks
/// and every other mark of that kind as a reference, so that no parser is needed to find them.
fn sources(html: &str) -> impl Iterator<Item = Range<usize>> {
    memchr::memmem::find_iter(html.as_bytes(), b"<img ").filter_map(move |at| {
        let mut from = at + 5;
        loop {
            let rest = html.get(from..)?;
            let name_end = rest.find(['=', '>'])?;
            let (name, after) = rest.split_at_checked(name_end)?;
            let value = after.strip_prefix("=\"")?;
            let start = from + name_end + 2;
            let end = start + value.find('"')?;
            if name.trim() == "src" {
                return Some(start..end);
            }
            from = end + 1;
        }
    })
}

/// The value of an attribute as the sanitiser writes it.
fn value(written: &str) -> String {
    written
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_and_moved() {
        let base = Url::parse("https://paper.example/").unwrap();
        let html = crate::html::sanitise(
            "<p title='<img src=\"/no.jpg\">'>a <img alt='x > \"y\"' src='/a.jpg?x=1&y=2'> &lt;img src=\"/no.jpg\"></p><figure><img src='/b.jpg'><img alt='none'></figure><audio title='<img ' src='/c.mp3'></audio>",
            Some(&base),
        );
        let found: Vec<String> = picture_addresses(&html).into_iter().map(String::from).collect();
        let parsed: Vec<String> = pictures(&html).into_iter().map(|picture| picture.url.into()).collect();
        assert_eq!(found[..2], parsed);
        assert_eq!(found[..2], ["https://paper.example/a.jpg?x=1&y=2", "https://paper.example/b.jpg"]);
        let moved = with_pictures_at(&html, |url| {
            url.query().and_then(|_| Url::parse("https://feeds.example/media/1.jpg?a=\"&b").ok())
        });
        let addresses: Vec<String> = pictures(&moved).into_iter().map(|picture| picture.url.into()).collect();
        assert_eq!(addresses, ["https://feeds.example/media/1.jpg?a=%22&b", "https://paper.example/b.jpg"]);
        assert_eq!(crate::html::sanitise(moved.as_str(), None).as_str(), moved.as_str());
        assert_eq!(with_pictures_at(&html, |_| None).as_str(), html.as_str());
    }

    proptest::proptest! {
        #[test]
        fn any_fragment_is_found_through(raw in "(<img src=|<p title=|\"|'|>|<|/a.jpg|&quot;|é| |x){0,30}") {
            let base = Url::parse("https://paper.example/").unwrap();
            let html = crate::html::sanitise(&raw, Some(&base));
            let parsed: Vec<Url> = pictures(&html).into_iter().map(|picture| picture.url).collect();
            let found = picture_addresses(&html);
            proptest::prop_assert!(parsed.iter().all(|url| found.contains(url)), "{} {found:?}", html.as_str());
        }
    }
}
