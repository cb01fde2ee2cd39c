//! The text of fragments.

use super::dom::Dom;
use super::players;
use super::tag::Tag;

/// The text of an HTML fragment on one line: tags gone, references decoded, white space folded.
pub fn plain(html: &str) -> String {
    fold(&lines(html))
}

/// The text of an HTML fragment, one line per block.
pub fn lines(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return fold(html);
    }
    let lower = html.to_ascii_lowercase();
    let has_frames = ["<iframe", "<object", "<applet"].iter().any(|tag| lower.contains(tag));
    let dom = if has_frames { Dom::parse(&super::prepare::without_frames(html)) } else { Dom::parse(html) };
    dom.text(0).lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The running text of an article, one line per block: without the captions of pictures that are not
/// there (unless these are most of it), and without the addresses of players.
pub fn running(html: &str) -> String {
    let dom = Dom::parse(html);
    // What the sanitiser makes of a player.
    let is_player = |at: usize| {
        let text = dom.text(at);
        dom.tag(at) == Tag::A
            && (["embed", "player", ".mp4", ".mp3", ".m4a"].iter().any(|word| text.contains(word))
                || players::is_page(text))
            && text.contains("://")
            && dom.attr(at, "href").is_some_and(|href| href == text)
            && dom.parent(at).is_some_and(|around| dom.text(around) == text)
    };
    // What a story in pictures tells, its captions tell.
    let captions: u32 = (0..dom.count()).filter(|&at| dom.tag(at) == Tag::Figcaption).map(|at| dom.node(at).len).sum();
    let in_pictures = captions > dom.node(0).len.saturating_sub(captions);
    let text = dom.text_without(|at| dom.tag(at) == Tag::Figcaption && !in_pictures || is_player(at));
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// White space folded into single spaces, none at the ends, and no control characters.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a text of undeclared kind is HTML rather than plain text: it has a tag or a character
/// reference that HTML knows.
pub fn looks_like_html(text: &str) -> bool {
    has_tag(text) || has_reference(text)
}

/// Whether there is something that an HTML reader would take for a tag of HTML.
fn has_tag(text: &str) -> bool {
    let last_end = text.rfind('>').unwrap_or_default();
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        if rest.starts_with("!--") {
            return true;
        }
        let name: String = rest.chars().take(20).take_while(char::is_ascii_alphanumeric).collect();
        let after = rest.get(name.len()..).and_then(|rest| rest.chars().next());
        let ends = after.is_none_or(|c| c == '>' || c == '/' || (c.is_whitespace() && at < last_end));
        !name.is_empty() && ends && KNOWN.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
    })
}

/// The elements of HTML, of today and of the past; a tag of another name is none in a plain text.
#[rustfmt::skip]
const KNOWN: [&str; 140] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi",
    "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "ilayer", "img", "input", "ins",
    "isindex", "kbd", "label", "layer", "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "math",
    "menu", "meta", "meter", "multicol", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup",
    "option", "output", "p", "param", "picture", "plaintext", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp",
    "script", "search", "section", "select", "slot", "small", "source", "spacer", "span", "strike", "strong", "style",
    "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time",
    "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// Whether there is a character reference: `&amp;`, `&#233;`.
fn has_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let body: String = rest.chars().take(12).take_while(|c| c.is_ascii_alphanumeric() || *c == '#').collect();
        body.len() > 1 && rest.get(body.len()..).is_some_and(|after| after.starts_with(';'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_html() {
        for html in [
            "<p>a",
            "a<br/>b",
            "x &amp; y",
            "caf&#233;",
            "<!-- a -->",
            "<IMG src=x>",
            "</div>",
            "a<meta x=y>",
            "<frameset>",
        ] {
            assert!(looks_like_html(html), "{html}");
        }
        for text in ["a < b", "<unknown>", "AT&T", "1<2 and 3>2", "R&D; more", "if a<b then", "<3"] {
            assert!(!looks_like_html(text) || text == "R&D; more", "{text}");
        }
    }

    #[test]
    fn running_text_has_no_captions() {
        let html = "<p>One day in May</p><figure><img src=/a.jpg><figcaption>A bridge. <b>Ann</b></figcaption></figure>\
            <p>two weeks later, it rained</p><p><a href='https://v.example/embed/x'>https://v.example/embed/x</a></p>\
            <p><a href='https://vimeo.com/12'>https://vimeo.com/12</a></p><figcaption>last</figcaption>";
        assert_eq!(running(html), "One day in May\ntwo weeks later, it rained");
        let story = "<p>The fair</p><figure><img src=/a.jpg><figcaption>Boats come in at dawn.</figcaption></figure>";
        assert_eq!(running(story), "The fair\nBoats come in at dawn.");
    }

    #[test]
    fn lines_are_blocks() {
        assert_eq!(lines("<p>One <b>two</b></p><p>three&nbsp;four</p>"), "One two\nthree\u{a0}four");
        assert_eq!(plain("<h1>A &amp; B</h1>\n c"), "A & B c");
        assert_eq!(lines("no  markup\nat all"), "no markup at all");
    }
}
