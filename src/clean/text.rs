//! Texts of any kind as plain text or safe HTML.

use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::address;
use crate::html::{self, SafeHtml};
use crate::model::{Text, TextKind};

/// A text of any kind as plain text on one line, for titles and names. What is escaped twice is
/// decoded twice, and no more.
pub fn plain(text: &Text) -> String {
    let once = match text.kind {
        TextKind::Html => html::plain(&text.value),
        TextKind::Unknown if html::looks_like_html(&text.value) => {
            let once = html::plain(&text.value);
            if has_escaped(&once) { html::plain(&once) } else { once }
        }
        TextKind::Plain | TextKind::Unknown => text.value.clone(),
    };
    visible(&html::fold(&once.nfc().collect::<String>()))
}

/// Whether a text still holds references, so that it was escaped once too often.
fn has_escaped(text: &str) -> bool {
    ["&amp;", "&lt;", "&quot;", "&#", "&nbsp;", "&apos;"].iter().any(|reference| text.contains(reference))
}

/// Without characters that show nothing and only keep words from being found.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffd}' | '\u{ad}')).collect()
}

/// A text of any kind as safe HTML for publishing; plain text keeps its paragraphs.
pub fn html(text: &Text, base: Option<&Url>) -> SafeHtml {
    html::sanitise(&markup(text), own_base(text, base).as_ref())
}

/// A text of any kind as safe HTML for showing a document: without a base, relative addresses stay.
pub fn html_for_show(text: &Text, base: Option<&Url>) -> SafeHtml {
    html::sanitise_for_show(&markup(text), own_base(text, base).as_ref())
}

/// What relative addresses in a text are relative to.
fn own_base(text: &Text, base: Option<&Url>) -> Option<Url> {
    let own = text.base.as_deref().and_then(|own| address::resolve(own, base));
    own.or_else(|| base.cloned())
}

/// A text as HTML, not yet safe.
fn markup(text: &Text) -> String {
    let is_html = match text.kind {
        TextKind::Plain => false,
        TextKind::Html => true,
        TextKind::Unknown => html::looks_like_html(&text.value),
    };
    if !is_html {
        return paragraphs(&text.value);
    }
    if is_escaped_html(&text.value) { html::lines(&text.value) } else { text.value.clone() }
}

/// Whether HTML was escaped once too often: it has no tag of its own, but tags among its characters.
fn is_escaped_html(text: &str) -> bool {
    !text.contains('<') && text.contains("&lt;") && {
        let decoded = html::lines(text);
        decoded.contains("</") && html::looks_like_html(&decoded) && decoded.trim_start().starts_with('<')
    }
}

/// Plain text as HTML: empty lines part paragraphs, other line ends are line breaks.
fn paragraphs(text: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = text.trim().replace("\r\n", "\n");
    if !text.contains('\n') {
        return escape(&text);
    }
    text.split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .flat_map(|part| ["<p>".to_owned(), escape(part).replace('\n', "<br>"), "</p>".to_owned()])
        .collect()
}

/// A text of at most `most` characters, cut between words where there are any.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most).collect();
    let whole = head.rfind(' ').filter(|at| *at > head.len() / 2).and_then(|at| head.get(..at));
    format!("{}…", whole.unwrap_or(&head).trim_end_matches([',', '.', ';', ':', '-', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(value: &str) -> Text {
        Text { value: value.into(), ..Text::default() }
    }

    #[test]
    fn titles_become_text() {
        for (raw, wanted) in [
            ("A &amp; B", "A & B"),
            ("A &amp;amp; B", "A & B"),
            ("<b>Bold</b>  title", "Bold title"),
            ("5 < 6", "5 < 6"),
            ("Ha\u{300} No\u{323}\u{302}i", "Hà Nội"),
            ("zero\u{200b}width", "zerowidth"),
        ] {
            assert_eq!(plain(&unknown(raw)), wanted);
        }
        assert_eq!(plain(&Text::plain("A &amp; <b>")), "A &amp; <b>");
    }

    #[test]
    fn plain_text_keeps_its_paragraphs() {
        assert_eq!(html(&Text::plain("a < b\n\nc\nd"), None).as_str(), "<p>a &lt; b</p><p>c<br>d</p>");
    }

    #[test]
    fn html_that_was_escaped_twice_is_unescaped_once() {
        assert_eq!(html(&unknown("&lt;p&gt;a &amp;amp; b&lt;/p&gt;"), None).as_str(), "<p>a &amp; b</p>");
        assert_eq!(html(&unknown("<p>use &lt;p&gt; here</p>"), None).as_str(), "<p>use &lt;p&gt; here</p>");
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(cut("one two three", 8), "one two…");
        assert_eq!(cut("short", 8), "short");
    }
}
