//! Which text is the article's: the feed's content, its description, or the page's.

use url::Url;

use super::text::{cut, html, plain};
use crate::html::{self as markup, SafeHtml, dom::length};
use crate::model::{Article, Item, TextKind};

/// A text of this many letters can be a whole article.
const WHOLE: u32 = 600;
/// A description that is no content but this long is the article all the same.
const LONG_DESCRIPTION: u32 = 1200;
/// A summary has this many characters at most.
const SUMMARY: usize = 600;
/// A page that gives less than this share of the feed's own text was read wrongly, or says less: feeds add a line
/// or two, and no more.
const LESS: f64 = 0.9;

/// The chosen texts.
pub(super) struct Body {
    pub(super) content: SafeHtml,
    pub(super) summary: Option<String>,
    pub(super) is_full_text: bool,
    /// Whether there was a page, but the feed says more.
    pub(super) feed_is_fuller: bool,
}

/// Whether an item gives only a summary, so that its page has to be fetched for the full text.
pub fn is_summary_only(item: &Item) -> bool {
    match &item.content {
        Some(content) => {
            let text = markup::plain(&content.value);
            (length(&text) < WHOLE && is_teaser(&text)) || (length(&text) < WHOLE / 4 && same_as_summary(item, &text))
        }
        None => item.summary.as_ref().is_none_or(|summary| {
            let text =
                if summary.kind == TextKind::Plain { summary.value.clone() } else { markup::plain(&summary.value) };
            length(&text) < LONG_DESCRIPTION || is_teaser(&text)
        }),
    }
}

fn same_as_summary(item: &Item, text: &str) -> bool {
    item.summary.as_ref().is_none_or(|summary| plain(summary) == text)
}

/// Whether a text ends as an invitation to read on.
fn is_teaser(text: &str) -> bool {
    let tail: String = text.trim_end().chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let tail = tail.to_lowercase();
    tail.ends_with('…')
        || tail.ends_with("...")
        || tail.ends_with("[…]")
        || tail.ends_with("[...]")
        || [
            "read more",
            "continue reading",
            "xem thêm",
            "đọc tiếp",
            "xem tiếp",
            "weiterlesen",
            "lire la suite",
            "leer más",
            "читать далее",
        ]
        .iter()
        .any(|phrase| tail.trim_end_matches(['.', '»', '>', '→', ' ', ']']).ends_with(phrase))
}

/// Chooses content and summary.
pub(super) fn choose(item: &Item, article: Option<&Article>, base: Option<&Url>) -> Body {
    let own = item.content.as_ref().map(|text| html(text, base)).filter(|html| !html.is_empty());
    let description = item.summary.as_ref().map(|text| html(text, base)).filter(|html| !html.is_empty());
    let page = article.map(|article| markup::sanitise(&article.content_html, base)).filter(|html| !html.is_empty());
    let letters = |html: &SafeHtml| length(&markup::plain(html.as_str()));
    let fed = [own, description].into_iter().flatten().map(|html| (letters(&html), html));
    // Of two as long, the content.
    let (fed_letters, fed) = fed.rev().max_by_key(|(letters, _)| *letters).unwrap_or_default();
    let has_page = page.is_some();
    let fuller_page = page.filter(|page| f64::from(letters(page)) >= f64::from(fed_letters) * LESS);
    let feed_is_fuller = has_page && fuller_page.is_none();
    let (content, is_full_text) = match fuller_page {
        Some(page) => (page, true),
        None => (fed, !is_summary_only(item)),
    };
    let summary = summary(item, article, &content);
    Body { content, summary, is_full_text, feed_is_fuller }
}

/// The summary: what the feed says beside its content, else what the page says of itself; None when
/// it only repeats the content.
fn summary(item: &Item, article: Option<&Article>, content: &SafeHtml) -> Option<String> {
    let text = markup::plain(content.as_str());
    let stated = item.summary.as_ref().map(plain).filter(|summary| !summary.is_empty());
    let of_page = || article.and_then(|article| article.summary.as_deref()).map(markup::fold);
    let summary = stated.or_else(of_page)?;
    let repeats = summary == text || (summary.chars().count() > SUMMARY && text.starts_with(summary.as_str()));
    (!repeats && !summary.is_empty()).then(|| cut(&summary, SUMMARY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn item(content: Option<&str>, summary: Option<&str>) -> Item {
        Item { content: content.map(Text::html), summary: summary.map(Text::html), ..Item::default() }
    }

    #[test]
    fn summaries_are_told_from_articles() {
        let long = "word ".repeat(400);
        assert!(is_summary_only(&item(None, Some("Short."))));
        assert!(is_summary_only(&item(None, None)));
        assert!(!is_summary_only(&item(None, Some(&long))));
        assert!(!is_summary_only(&item(Some(&long), Some("Short."))));
        assert!(is_summary_only(&item(Some("The beginning of it [...]"), None)));
        assert!(is_summary_only(&item(Some("Mở đầu. Xem thêm »"), None)));
        assert!(!is_summary_only(&item(
            Some(
                "A short note of some forty words that is complete in itself and ends with a full stop, as notes of one paragraph do, so that nothing has to be fetched for it at all. It even has a second and a third sentence to make the matter plain."
            ),
            Some("Another.")
        )));
    }

    #[test]
    fn the_fuller_text_is_taken() {
        let long = format!("<p>{}</p>", "word ".repeat(400));
        let page = |html: &str| Article { content_html: html.to_owned(), ..Article::default() };
        let whole = item(Some(&long), Some("In short."));
        let body = choose(&whole, Some(&page("<p>Only the beginning of it.</p>")), None);
        assert!(body.feed_is_fuller && body.is_full_text && body.content.as_str().len() > 1000);
        let body = choose(&whole, Some(&page(&long.replace("</p>", "more</p>"))), None);
        assert!(!body.feed_is_fuller && body.content.as_str().ends_with("more</p>"));
        let body = choose(&item(None, Some("In short.")), Some(&page(&long)), None);
        assert!(!body.feed_is_fuller && body.is_full_text);
        // A description may be fuller than the content.
        assert!(choose(&item(Some("<p>Short.</p>"), Some(&long)), None, None).content.as_str().len() > 1000);
    }

    #[test]
    fn a_summary_that_repeats_the_content_goes() {
        let body = choose(&item(Some("<p>All of it.</p>"), Some("All of it.")), None, None);
        assert_eq!(body.summary, None);
        let body = choose(&item(Some("<p>All of it.</p>"), Some("In short.")), None, None);
        assert_eq!(body.summary.as_deref(), Some("In short."));
    }
}
