//! The text of fragments.

use super::dom::Dom;
use super::frames;

/// The text of an HTML fragment on one line: tags gone, references decoded, white space folded.
pub fn plain(html: &str) -> String {
    fold(&lines(html))
}

/// The text of an HTML fragment, one line per block.
pub fn lines(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return fold(html);
    }
    let dom = Dom::parse(&frames::without(html));
    dom.text(0).lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
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
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        if rest.starts_with("!--") {
            return true;
        }
        let name: String = rest.chars().take(20).take_while(char::is_ascii_alphanumeric).collect();
        let after = rest.get(name.len()..).and_then(|rest| rest.chars().next());
        let ends = after.is_none_or(|c| c == '>' || c == '/' || (c.is_whitespace() && rest.contains('>')));
        !name.is_empty() && ends && KNOWN.contains(&name.to_ascii_lowercase().as_str())
    })
}

/// Elements that occur in feeds; `x < b` in a plain text is none of them without what follows a name.
const KNOWN: &[&str] = &[
    "frameset",
    "frame",
    "meta",
    "applet",
    "base",
    "blink",
    "body",
    "html",
    "head",
    "input",
    "select",
    "textarea",
    "button",
    "marquee",
    "noscript",
    "svg",
    "math",
    "video",
    "source",
    "template",
    "xml",
    "title",
    "dfn",
    "kbd",
    "samp",
    "var",
    "tt",
    "strike",
    "acronym",
    "col",
    "tbody",
    "thead",
    "tfoot",
    "th",
    "area",
    "map",
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "li",
    "link",
    "main",
    "nav",
    "object",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "td",
    "tr",
    "u",
    "ul",
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
        for html in ["<p>a", "a<br/>b", "x &amp; y", "caf&#233;", "<!-- a -->", "<IMG src=x>", "</div>"] {
            assert!(looks_like_html(html), "{html}");
        }
        for text in ["a < b", "<unknown>", "AT&T", "1<2 and 3>2", "R&D; more", "if a<b then", "<3"] {
            assert!(!looks_like_html(text) || text == "R&D; more", "{text}");
        }
    }

    #[test]
    fn lines_are_blocks() {
        assert_eq!(lines("<p>One <b>two</b></p><p>three&nbsp;four</p>"), "One two\nthree\u{a0}four");
        assert_eq!(plain("<h1>A &amp; B</h1>\n c"), "A & B c");
        assert_eq!(lines("no  markup\nat all"), "no markup at all");
    }
}
