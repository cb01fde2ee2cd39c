//! The sanitiser: an allow list of elements and attributes, done by ammonia on a parsed tree and
//! written once. What feeds carry but must not publish as it is (frames, lazy pictures, counters)
//! is turned into what they mean before.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use dom_query::{Document, Selection};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::{SafeHtml, bounded, srcset};

/// Text elements and structure; no form, frame, script, style, drawing or custom element.
const TAGS: [&str; 72] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
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
    "source",
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
/// Where lazy loaders keep the real address of a picture.
const LAZY: [&str; 8] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-orig-file",
    "data-actualsrc",
    "data-url",
    "data-img-src",
    "data-lazyload",
];
/// A picture of this many pixels on a side is a counter or a spacer.
const PIXEL: u32 = 2;
/// With this many tags, a fragment is looked at for nesting that costs too much before it is read.
const MANY_TAGS: usize = 1500;
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

/// Cleans untrusted HTML.
pub(super) fn clean(raw: &str, relative: Relative<'_>) -> SafeHtml {
    let text: String = raw.chars().filter(|c| is_text(*c)).nfc().collect();
    if !text.contains(['<', '&', '>']) {
        return SafeHtml(text.trim().to_owned());
    }
    let bounded = bound(text);
    let prepared = prepare(&bounded);
    let builder = builder(relative);
    // References can stand for characters that no text may hold.
    let mut html: String = builder.clean(&prepared).to_string().chars().filter(|c| is_text(*c)).collect();
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

/// Characters that XML and HTML allow in text (XML 1.0 s.2.2), without C1 controls and U+FFFD.
fn is_text(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}'..='\u{ffff}' | '\u{feff}' => false,
        _ => (u32::from(c) & 0xfffe) != 0xfffe,
    }
}

/// The text; of one that is nested deeper than anyone writes, or has more elements than a page can,
/// only the words, one paragraph a block.
fn bound(text: String) -> String {
    if memchr::memchr_iter(b'<', text.as_bytes()).count() < MANY_TAGS || bounded::parse(&text).1 {
        return text;
    }
    let words = super::text::lines(&text);
    words.lines().map(|line| format!("<p>{}</p>", line.replace('&', "&amp;").replace('<', "&lt;"))).collect()
}

fn builder(relative: Relative<'_>) -> Builder<'static> {
    static ATTRIBUTES: LazyLock<HashMap<&str, HashSet<&str>>> = LazyLock::new(|| {
        HashMap::from([
            ("a", HashSet::from(["href", "hreflang"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("audio", HashSet::from(["src", "controls"])),
            ("source", HashSet::from(["src", "type"])),
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
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            // A picture, sound or quotation is fetched or shown, never written to.
            ("img" | "audio" | "source" | "blockquote" | "q" | "del" | "ins", "src" | "cite")
                if has_scheme(value, &["mailto", "tel"]) =>
            {
                None
            }
            (_, "width" | "height") if value.parse::<u32>().is_ok_and(|pixels| pixels > 0) => Some(value.into()),
            (_, "width" | "height") => None,
            _ => Some(value.into()),
        });
    builder
}

fn has_scheme(value: &str, schemes: &[&str]) -> bool {
    value.split_once(':').is_some_and(|(scheme, _)| schemes.contains(&scheme.trim().to_ascii_lowercase().as_str()))
}

/// Turns what is not published into what it means.
fn prepare(html: &str) -> String {
    let needs = ["<img", "<iframe", "<embed", "<object", "<applet", "<video", "<noscript", "<picture"];
    let lower = html.to_ascii_lowercase();
    if !needs.iter().any(|tag| lower.contains(tag)) {
        return html.to_owned();
    }
    let document = Document::fragment(html);
    for player in &document.select("embed, video") {
        match link(&player) {
            Some(link) => player.replace_with_html(link),
            None => player.remove(),
        }
    }
    open_frames(&document, true);
    for picture in &document.select("img") {
        resolve_picture(&picture);
    }
    // A lazy picture's plain form inside noscript, when the lazy one leads nowhere.
    let mut is_shown = !document.select("img[src]").is_empty();
    for hidden in &document.select("noscript") {
        let inner = hidden.inner_html().to_string();
        if !is_shown && inner.to_ascii_lowercase().contains("<img") {
            hidden.replace_with_html(inner);
            is_shown = true;
        }
    }
    body(&document)
}

/// The HTML with frames and plugins replaced by what they hold for readers that show neither.
pub(super) fn without_frames(html: &str) -> String {
    let document = Document::fragment(bound(html.to_owned()));
    open_frames(&document, false);
    body(&document)
}

fn body(document: &Document) -> String {
    let body = document.select("body");
    if body.is_empty() { document.html().to_string() } else { body.inner_html().to_string() }
}

/// Puts what frames and plugins hold in their place, and a link to what they would have shown.
fn open_frames(document: &Document, with_links: bool) {
    for frame in &document.select("iframe") {
        let link = link(&frame).filter(|_| with_links).unwrap_or_default();
        // HTML takes what is inside for plain characters.
        let inside = frame.text().to_string();
        frame.replace_with_html(format!("{inside}{link}"));
    }
    for plugin in &document.select("object, applet") {
        let has_own = !plugin.select("a[href], img, embed, video, audio, object").is_empty();
        if let Some(link) = link(&plugin).filter(|_| with_links && !has_own) {
            plugin.append_html(link);
        }
        plugin.rename("span");
    }
}

/// A link to what a player shows, when it leads anywhere.
fn link(player: &Selection<'_>) -> Option<String> {
    let address = ["src", "data", "data-src"].iter().find_map(|name| player.attr(name)).map(|value| value.to_string());
    let address = address.or_else(|| player.select("source[src]").attr("src").map(|value| value.to_string()));
    let address = address.filter(|address| leads_to_a_film(address.trim()))?;
    let name = player.attr("title").map(|title| title.to_string()).filter(|title| !title.trim().is_empty());
    let name = name.unwrap_or_else(|| address.clone());
    Some(format!("<p><a href=\"{}\">{}</a></p>", ammonia::clean_text(&address), ammonia::clean_text(&name)))
}

/// Whether an address can be that of something to watch: no home page, and no Flash, which nothing
/// shows any more.
fn leads_to_a_film(address: &str) -> bool {
    if address.is_empty() || (address.contains(':') && !has_scheme(address, &["http", "https"])) {
        return false;
    }
    let Ok(url) = Url::parse(address) else { return true };
    let is_home = url.path().len() < 2 && url.query().is_none();
    !is_home && !url.path().to_ascii_lowercase().ends_with(".swf")
}

/// Gives a picture its real address, and takes counters away.
fn resolve_picture(picture: &Selection<'_>) {
    let side =
        |name: &str| picture.attr(name).and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
    if [side("width"), side("height")].into_iter().flatten().any(|pixels| pixels <= PIXEL) {
        picture.remove();
        return;
    }
    let lazy = LAZY.iter().find_map(|name| picture.attr(name)).map(|value| value.to_string());
    let set = ["data-srcset", "srcset"].iter().find_map(|name| picture.attr(name)).and_then(|set| srcset::best(&set));
    let src = picture.attr("src").map(|value| value.to_string()).filter(|src| !is_placeholder(src));
    let wrapped = picture.parent().filter("picture").select("source").attr("srcset").and_then(|set| srcset::best(&set));
    match lazy.filter(|address| !is_placeholder(address)).or(src).or(set).or(wrapped) {
        Some(address) => picture.set_attr("src", address.trim()),
        None => picture.remove(),
    }
}

/// What stands in a lazy picture's `src` until its real address is put there.
fn is_placeholder(src: &str) -> bool {
    let src = src.trim().to_ascii_lowercase();
    src.is_empty()
        || src.starts_with("data:")
        || src.starts_with("about:")
        || src.ends_with("/blank.gif")
        || src.ends_with("/spacer.gif")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(html: &str) -> String {
        let base = Url::parse("https://paper.example/a/b.html").unwrap();
        clean(html, Relative::To(&base)).as_str().to_owned()
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
    }

    #[test]
    fn players_become_links() {
        let html = safe("<iframe src=\"https://www.youtube.com/embed/x\" title=\"The film\"></iframe>");
        assert_eq!(html, "<p><a href=\"https://www.youtube.com/embed/x\">The film</a></p>");
        assert_eq!(safe("a<embed src=\"http://films.example/\"> b"), "a b");
        assert_eq!(safe("a<embed src=\"http://films.example/x.swf\"> b"), "a b");
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
    fn deep_nesting_ends() {
        let deep = "<div>".repeat(100_000);
        assert!(safe(&format!("{deep}x")).len() < 200_000);
    }
}
