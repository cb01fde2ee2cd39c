//! The sanitiser: an allow list of elements and attributes, done by ammonia on a parsed tree and
//! written once. What feeds carry but must not publish as it is (frames, lazy pictures, counters)
//! is turned into what they mean before.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::prepare::prepare;
use super::{SafeHtml, bounded};
use crate::address;

/// Text elements and structure; no form, frame, script, style, drawing or custom element.
const TAGS: [&str; 69] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
];
/// Elements that go with all that is in them.
const GONE: [&str; 16] = [
    "script", "style", "template", "noscript", "svg", "math", "object", "embed", "applet", "iframe", "frameset",
    "select", "textarea", "title", "xml", "noembed",
];
/// Attributes that hold addresses on top of those that ammonia knows.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];
/// With this many tags, a fragment is looked at for nesting that costs too much before it is read,
const MANY_TAGS: usize = 1500;
/// and with this many bytes for attributes that do: they cost the square of their number.
const MANY_BYTES: usize = 32 * 1024;
/// Sanitising goes on until it changes nothing: a few rounds for anything that is no attack.
const ROUNDS: usize = 4;

/// What becomes of relative addresses.
#[derive(Debug, Clone, Copy)]
pub(super) enum Relative<'a> {
    /// They are made absolute.
    To(&'a Url),
    /// Nothing is known that they are relative to: they go.
    Dropped,
    /// They stay, for showing a document as it is.
    Kept,
}

/// What becomes of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// They lose the parameters that only say how a reader came.
    Untracked,
    /// They stay, for showing a document as it is.
    Kept,
}

/// Cleans untrusted HTML.
pub(super) fn clean(raw: &str, relative: Relative<'_>, links: Links) -> SafeHtml {
    let text: String = raw.chars().filter(|c| is_text(*c)).nfc().collect();
    if !text.contains(['<', '&', '>']) {
        return SafeHtml(text.trim().to_owned());
    }
    let bounded = bound(text);
    let prepared = prepare(&bounded);
    let builder = builder(relative, links);
    // References can stand for characters that no text may hold.
    let mut html: String = builder.clean(&prepared).to_string().chars().filter(|c| is_text(*c)).collect();
    if has_bare_picture(&html) {
        html = prepare(&html);
    }
    for _ in 0..ROUNDS {
        let again = builder.clean(&html).to_string();
        if again == html {
            return SafeHtml(html.trim().to_owned());
        }
        html = again;
    }
    // What does not come to rest is no HTML anyone wrote: its text is kept.
    SafeHtml(ammonia::clean_text(&super::text::plain(&html)))
}

/// Whether a picture lost its address, because it led nowhere that may be published.
fn has_bare_picture(html: &str) -> bool {
    html.split("<img").skip(1).any(|rest| !rest.split('>').next().unwrap_or_default().contains(" src=\""))
}

/// Characters that XML and HTML allow in text (XML 1.0 s.2.2), without C1 controls and U+FFFD.
fn is_text(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}'..='\u{ffff}' | '\u{feff}' => false,
        _ => (u32::from(c) & 0xfffe) != 0xfffe,
    }
}

/// The text; of one that is nested deeper than anyone writes, or has more elements or attributes than a page
/// can, only the words, one paragraph a block.
pub(super) fn bound(text: String) -> String {
    let is_small = text.len() < MANY_BYTES && memchr::memchr_iter(b'<', text.as_bytes()).count() < MANY_TAGS;
    if is_small || bounded::parse(&text).1 {
        return text;
    }
    let words = super::text::lines(&text);
    words.lines().map(|line| format!("<p>{}</p>", line.replace('&', "&amp;").replace('<', "&lt;"))).collect()
}

fn builder(relative: Relative<'_>, links: Links) -> Builder<'static> {
    static ATTRIBUTES: LazyLock<HashMap<&str, HashSet<&str>>> = LazyLock::new(|| {
        HashMap::from([
            ("a", HashSet::from(["href", "hreflang"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("blockquote", HashSet::from(["cite"])),
            ("q", HashSet::from(["cite"])),
            ("del", HashSet::from(["cite", "datetime"])),
            ("ins", HashSet::from(["cite", "datetime"])),
            ("time", HashSet::from(["datetime"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan", "scope"])),
            ("col", HashSet::from(["span"])),
            ("colgroup", HashSet::from(["span"])),
            ("ol", HashSet::from(["start", "reversed", "type"])),
            ("li", HashSet::from(["value"])),
        ])
    });
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(GONE))
        .tag_attributes(ATTRIBUTES.clone())
        .generic_attributes(HashSet::from(["title", "lang", "dir"]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(match relative {
            Relative::To(base) => UrlRelative::RewriteWithBase(base.clone()),
            Relative::Dropped => UrlRelative::Deny,
            Relative::Kept => UrlRelative::PassThrough,
        })
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            // Those that are relative are seen again when they are absolute: in the next round.
            ("a", "href") if links == Links::Untracked => Some(untracked(value)),
            // A picture or quotation is fetched or shown, never written to.
            ("img" | "blockquote" | "q" | "del" | "ins", "src" | "cite") if has_scheme(value, &["mailto", "tel"]) => {
                None
            }
            (_, "width" | "height") if value.parse::<u32>().is_ok_and(|pixels| pixels > 0) => Some(value.into()),
            (_, "width" | "height") => None,
            (_, "alt" | "title") => Some(untagged(value)),
            _ => Some(value.into()),
        });
    builder
}

/// A link without the parameters that only say how a reader came; as it is written when it has none.
fn untracked(href: &str) -> Cow<'_, str> {
    if !href.contains(['?', '#']) {
        return href.into();
    }
    let Ok(url) = Url::parse(href) else { return href.into() };
    let clean = address::untracked(&url);
    if clean == url { href.into() } else { String::from(clean).into() }
}

/// A text in an attribute, without what programs that look for addresses with patterns take for another
/// attribute.
fn untagged(text: &str) -> Cow<'_, str> {
    if text.contains("src=") { text.replace("src=", "src =").into() } else { text.into() }
}

pub(super) fn has_scheme(value: &str, schemes: &[&str]) -> bool {
    value.split_once(':').is_some_and(|(scheme, _)| schemes.contains(&scheme.trim().to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(html: &str) -> String {
        let base = Url::parse("https://paper.example/a/b.html").unwrap();
        clean(html, Relative::To(&base), Links::Untracked).as_str().to_owned()
    }

    #[test]
    fn nothing_active_is_left() {
        for bad in [
            "<script>alert(1)</script>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"JaVa\tScript:alert(1)\">x</a>",
            "<img src=x onerror=alert(1)>",
            "<p style=\"background:url(javascript:1)\">x</p>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mi xlink:href=\"javascript:1\">x</mi></math>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<form action=\"/x\"><input><button formaction=\"javascript:1\">x</button></form>",
            "<object data=\"javascript:1\"></object>",
            "<img src=\"data:text/html,<script>alert(1)</script>\">",
            "<template><script>alert(1)</script></template>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        ] {
            let html = safe(bad).to_lowercase();
            for word in [
                "<script",
                "javascript:",
                " onerror",
                "style=",
                "<svg",
                "<math",
                "<iframe",
                "<form",
                "<object",
                "srcdoc",
                "data:",
            ] {
                assert!(!html.contains(word), "{bad} gave {html}");
            }
        }
    }

    #[test]
    fn addresses_become_absolute() {
        assert_eq!(safe("<a href=\"/x\">x</a>"), "<a href=\"https://paper.example/x\">x</a>");
        assert_eq!(safe("<img src=\"//cdn.example/p.jpg\">"), "<img src=\"https://cdn.example/p.jpg\">");
    }

    #[test]
    fn lazy_pictures_are_resolved_and_counters_go() {
        assert_eq!(
            safe("<img src=\"data:image/gif;base64,R0\" data-src=\"/p.jpg\">"),
            "<img src=\"https://paper.example/p.jpg\">"
        );
        assert_eq!(safe("<p>a<img src=\"/count.gif\" width=1 height=1></p>"), "<p>a</p>");
        assert_eq!(safe("<p>a<img src=\"/blank.gif\" data-original=\"//p\u{fb4e}.</p\"></p>"), "<p>a</p>");
    }

    #[test]
    fn links_lose_what_tracks_and_counters_go() {
        assert_eq!(
            safe("<a href=\"/x?id=5&amp;utm_source=rss\">x</a><a href=\"https://p.example/?fbclid=1#a\">y</a>"),
            "<a href=\"https://paper.example/x?id=5\">x</a><a href=\"https://p.example/#a\">y</a>"
        );
        assert_eq!(
            safe("<a href=\"https://p.example/a?b=%c3%a0&amp;&amp;c\">x</a>"),
            "<a href=\"https://p.example/a?b=%c3%a0&amp;&amp;c\">x</a>"
        );
        assert_eq!(safe("a<img src=\"https://www.facebook.com/tr?id=1\"><img src=\"//pixel.wp.com/b.gif\">"), "a");
        let base = Url::parse("https://paper.example/").unwrap();
        let shown = clean("<a href=\"/x?utm_source=rss\">x</a>", Relative::To(&base), Links::Kept);
        assert!(shown.as_str().contains("utm_source"));
    }

    #[test]
    fn the_best_size_is_taken() {
        assert_eq!(
            safe("<img src=\"/s.jpg\" srcset=\"/s.jpg 300w, /b.jpg 1200w\">"),
            "<img src=\"https://paper.example/b.jpg\">"
        );
        assert_eq!(safe("<img src=\"/blank.gif\" data-src=\"/l.jpg\">"), "<img src=\"https://paper.example/l.jpg\">");
    }

    #[test]
    fn players_become_links() {
        let html = safe("<iframe src=\"https://films.example/embed/x\" title=\"The film\"></iframe>");
        assert_eq!(html, "<p><a href=\"https://films.example/embed/x\">The film</a></p>");
        let html =
            safe("<iframe src=\"//www.youtube.com/embed/aqz-KE?autoplay=1\" title=\"A &quot;film&quot;\"></iframe>");
        assert_eq!(
            html,
            "<figure><a href=\"https://www.youtube.com/watch?v=aqz-KE\"><img src=\"https://i.ytimg.com/vi/aqz-KE/hqdefault.jpg\" alt=\"\"></a>\
             <figcaption><a href=\"https://www.youtube.com/watch?v=aqz-KE\">A \"film\"</a></figcaption></figure>"
        );
        assert_eq!(safe("a<embed src=\"http://films.example/\"> b"), "a b");
        assert_eq!(safe("a<embed src=\"http://films.example/x.swf\"> b"), "a b");
    }

    #[test]
    fn sounds_become_links() {
        assert_eq!(
            safe(
                "<p>a</p><audio controls title=\"Listen\"><source src=\"/a.mp3\" type=\"audio/mpeg\">no player</audio>"
            ),
            "<p>a</p><p><a href=\"https://paper.example/a.mp3\">Listen</a></p>"
        );
        assert_eq!(safe("a<audio></audio><bdo dir=\"rtl\">b</bdo><source src=x>"), "ab");
    }

    #[test]
    fn texts_of_attributes_hold_nothing_that_looks_like_an_address_to_follow() {
        assert_eq!(
            safe("<img src=\"/a.jpg\" alt=\"<a href='/x'> src=y z\">"),
            "<img src=\"https://paper.example/a.jpg\" alt=\"&lt;a href='/x'&gt; src =y z\">"
        );
    }

    #[test]
    fn what_frames_and_plugins_hold_is_kept() {
        assert_eq!(
            safe("a<iframe src=\"/f\"> <b>b</b></iframe>").replace("</a>", ""),
            safe("a <b>b</b><p><a href=\"/f\">/f</p>").replace("</a>", "")
        );
        assert_eq!(safe("a<applet code=x>b</applet>"), "a<span>b</span>");
        assert_eq!(safe("a<object classid=\"x\"><param name=y> b"), "a<span> b</span>");
        assert_eq!(
            safe("<object data=\"/f\"><a href=\"/g\">film</a></object>"),
            "<span><a href=\"https://paper.example/g\">film</a></span>"
        );
        assert_eq!(safe("<iframe><script>alert(1)</script></iframe><iframe><iframe src=\"/x\"></iframe>"), "");
        assert_eq!(crate::html::plain("a<iframe src=\"/f\"> <b>b</b></iframe>"), "a b");
        assert_eq!(crate::html::plain("a<object data=\"/f\"> b"), "a b");
    }

    #[test]
    fn a_second_pass_changes_nothing() {
        for html in [
            "<p>a<p>b<div>c",
            "<table><p>x<tr><td>y",
            "a &lt;b&gt; &amp;amp; c",
            "<b><i>x</b>y</i>",
            "<ul><li>a<ul><li>b",
        ] {
            let once = safe(html);
            assert_eq!(safe(&once), once);
        }
    }

    #[test]
    fn many_attributes_end_soon() {
        let attrs: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
        assert_eq!(safe(&format!("<p>one</p><p{attrs}>t<b>w</b>o</p>")), "<p>one</p><p>two</p>");
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = "<div>".repeat(100_000);
        assert!(safe(&format!("{deep}x")).len() < 200_000);
    }
}
