//! One document: unpacked, decoded, told apart, read.

use std::borrow::Cow;
use std::io::Read as _;

use memchr::memchr2_iter;

use super::characters::{any_byte, of_windows};
use super::feed::Feed;
use super::{Options, ParseError, json_feed, xml};
use crate::encoding::{self, Syntax};
use crate::model::{Reading, Repair};

/// Unpacked size of a packed document (sitemaps ending in .gz).
const UNPACKED: u64 = 64 * 1024 * 1024;

/// Reads a feed or sitemap.
pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ParseError> {
    let bytes = unpacked(bytes)?;
    let syntax = if first_byte(&bytes) == Some(b'{') { Syntax::Text } else { Syntax::Xml };
    let decoded = encoding::decode(&bytes, options.charset.as_deref(), syntax);
    let mut repairs: Vec<Repair> = decoded.problems.iter().map(Repair::new).collect();
    let text = without_controls(&decoded.text, &mut repairs);
    let trimmed = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if trimmed.is_empty() {
        return Err(ParseError::Empty);
    }
    if trimmed.starts_with('{') {
        return json_feed::read(trimmed, decoded.encoding, repairs, options);
    }
    junk(trimmed, &text, &mut repairs);
    let mut feed = Feed::new(options.url.as_ref(), options.timezone, options.max_items);
    repairs.extend(xml::walk(&text, &mut feed));
    let Some(format) = feed.format else { return Err(refusal(feed.stranger.as_deref(), &text)) };
    if feed.left_out > 0 {
        let all = feed.items.len() + feed.left_out;
        repairs.push(Repair::new(format!("only the first {} of {all} items were read", feed.items.len())));
    }
    let (channel, items) = feed.into_parts();
    Ok(Reading { format, encoding: decoded.encoding, channel, items, repairs })
}

fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ParseError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED).read_to_end(&mut unpacked);
    match read {
        Ok(size) if size as u64 == UNPACKED => Err(ParseError::NotAFeed("packed data of more than 64 MiB".into())),
        // What was unpacked before the data broke off is read like any document that is cut off.
        Err(_) if unpacked.is_empty() => Err(ParseError::NotAFeed("packed data that cannot be unpacked".into())),
        _ => Ok(Cow::Owned(unpacked)),
    }
}

fn first_byte(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf))
}

/// Text without the control characters that XML forbids, and with those that stand where
/// windows-1252 has punctuation read as that.
fn without_controls<'t>(text: &'t str, repairs: &mut Vec<Repair>) -> Cow<'t, str> {
    let is_forbidden =
        |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let is_of_windows = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    let bytes = text.as_bytes();
    // The first bytes of U+0080 to U+009F, of U+FFFE and U+FFFF; of other characters too.
    let is_high = |at: usize| {
        text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|c| is_of_windows(c) || is_forbidden(c))
    };
    let is_low = |byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    if !any_byte(bytes, |byte| byte < 0x20 && byte != b'\n', is_low) && !memchr2_iter(0xc2, 0xef, bytes).any(is_high) {
        return Cow::Borrowed(text);
    }
    if text.contains(is_forbidden) {
        repairs.push(Repair::new("control characters were left out"));
    }
    if text.contains(is_of_windows) {
        repairs.push(Repair::new("characters of windows-1252 were written as if they were Unicode"));
    }
    Cow::Owned(text.chars().filter(|c| !is_forbidden(*c)).filter_map(of_windows).collect())
}

/// Names what stands around the document but does not belong to it.
fn junk(trimmed: &str, text: &str, repairs: &mut Vec<Repair>) {
    if text.len() != trimmed.len() && trimmed.starts_with("<?xml") && !text.starts_with('\u{feff}') {
        repairs.push(Repair::new("white space stood before the XML declaration"));
    }
    if !trimmed.starts_with('<') {
        repairs.push(Repair::new("text stood before the document"));
    }
    let end = trimmed.trim_end();
    if !end.ends_with('>') {
        repairs.push(Repair::new("text stood after the document, or the document is cut off"));
    }
}

/// Why something that holds no feed was refused.
fn refusal(stranger: Option<&str>, text: &str) -> ParseError {
    let lower: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let is_html = lower.contains("<html")
        || lower.contains("<!doctype html")
        || matches!(stranger, Some("html" | "head" | "body"));
    match stranger {
        _ if is_html => {
            let start = lower.find("<title").and_then(|at| lower.get(at..)?.find('>').map(|end| at + end + 1));
            let title = start.and_then(|start| text.get(start..)?.split('<').next()).map(crate::html::plain);
            ParseError::WebPage {
                title: title.filter(|title| !title.is_empty()).map(|title| title.chars().take(100).collect()),
            }
        }
        Some(name) => ParseError::NotAFeed(format!("its root element is <{name}>")),
        None => {
            let start: String = text.trim().chars().take(40).collect();
            ParseError::NotAFeed(format!("it starts with {start:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes that look like a feed for long enough to reach every part of the reader.
    fn nearly_a_feed() -> impl Strategy<Value = Vec<u8>> {
        let parts = prop::sample::select(vec![
            "<rss version='2.0'>",
            "<channel>",
            "<item>",
            "</item>",
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<entry>",
            "</entry>",
            "<title type='xhtml'>",
            "</title>",
            "<title>",
            "<p>",
            "</p>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<media:content url='a'>",
            "<media:title>",
            "</media:content>",
            "<link href=''/>",
            "<content type='a/b'>",
            "&",
            "&#0;",
            "&alpha;",
            "&nope;",
            "<itunes:category text='x'>",
            "<image>",
            "<body>",
            "<",
            ">",
            "Ã©",
            "\u{0}",
            "xml:base='/'",
            "{\"items\":[",
            "{\"id\":1}",
            "]}",
            "<urlset>",
            "<url><loc>",
            "<pubDate>Mon</pubDate>",
            "<br>",
            "<description>",
        ]);
        let any_bytes = prop::collection::vec(any::<u8>(), 0..6);
        let part = prop_oneof![6 => parts.prop_map(|part| part.as_bytes().to_vec()), 1 => any_bytes];
        prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_reading_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, &Options::default());
        }

        #[test]
        fn anything_near_a_feed_does_too(bytes in nearly_a_feed(), max_items in 0usize..4) {
            let options = Options { max_items, ..Options::default() };
            if let Ok(reading) = read(&bytes, &options) {
                prop_assert!(reading.items.len() <= max_items);
            }
        }
    }
}
