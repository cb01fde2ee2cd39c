//! The paragraphs, lists and the like that a clean text is made of, in order.

use std::ops::Range;

use super::SafeHtml;
use super::tag::Tag;

/// Elements within elements are followed this deep; clean texts stay far below.
const DEPTH: usize = 8;

/// One of the outermost elements of a text, or a text between two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// Its element; [`Tag::Text`] for a text between elements.
    pub tag: Tag,
    /// Its HTML.
    pub html: &'a str,
    /// Where it stands, in bytes.
    range: Range<usize>,
}

/// The blocks of a text. Elements that only wrap all of it are looked into.
pub fn blocks(content: &SafeHtml) -> Vec<Block<'_>> {
    let html = content.as_str();
    let (mut start, mut end) = (0, html.len());
    for _ in 0..DEPTH {
        let found = outermost(html, start..end);
        match found.as_slice() {
            [only] if matches!(only.tag, Tag::Div | Tag::Section | Tag::Article | Tag::Main) => {
                let opening = only.html.find('>').map_or(only.html.len(), |at| at + 1);
                let closing = only.html.rfind("</").unwrap_or(only.html.len());
                (start, end) = (only.range.start + opening, only.range.start + closing.max(opening));
            }
            _ => return found,
        }
    }
    outermost(html, start..end)
}

/// The text without some of its blocks. What is left is as safe as the whole was: blocks are whole elements.
pub fn without(content: &SafeHtml, gone: &[&Block<'_>]) -> SafeHtml {
    let html = content.as_str();
    let mut rest = String::with_capacity(html.len());
    let mut ranges: Vec<&Range<usize>> = gone.iter().map(|block| &block.range).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut at = 0;
    for range in ranges {
        rest.push_str(html.get(at..range.start).unwrap_or_default());
        at = at.max(range.end);
    }
    rest.push_str(html.get(at..).unwrap_or_default());
    SafeHtml(rest.trim().to_owned())
}

/// The elements of a stretch that stand in no other one, and the texts between them.
fn outermost(html: &str, within: Range<usize>) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let block = |tag, range: Range<usize>| html.get(range.clone()).map(|html| Block { tag, html, range });
    let (mut depth, mut start, mut outer, mut at) = (0_usize, within.start, Tag::Text, within.start);
    while let Some(open) = html.get(at..within.end).and_then(|rest| rest.find('<')).map(|found| at + found) {
        let Some(close) = end_of_tag(html, open).filter(|close| *close <= within.end) else { break };
        let inner = html.get(open + 1..close - 1).unwrap_or_default();
        let (ends, inner) = inner.strip_prefix('/').map_or((false, inner), |rest| (true, rest));
        let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
        let tag = Tag::of(&name.to_ascii_lowercase());
        let whole = inner.ends_with('/') || is_void(&name);
        if depth == 0 && !ends {
            if html.get(start..open).is_some_and(|text| !text.trim().is_empty()) {
                blocks.extend(block(Tag::Text, start..open));
            }
            (start, outer) = (open, tag);
        }
        match (ends, whole) {
            (false, false) => depth += 1,
            (true, _) => depth = depth.saturating_sub(1),
            (false, true) => {}
        }
        if depth == 0 {
            blocks.extend(block(outer, start..close));
            start = close;
        }
        at = close;
    }
    if html.get(start..within.end).is_some_and(|text| !text.trim().is_empty()) {
        blocks.extend(block(if depth == 0 { Tag::Text } else { outer }, start..within.end));
    }
    blocks
}

/// Behind the `>` of the tag that begins at `open`; one in an attribute's value is none.
fn end_of_tag(html: &str, open: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate().skip(open) {
        match (quote, byte) {
            (Some(mark), byte) if mark == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "source" | "track" | "wbr" | "col")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::sanitise;

    #[test]
    fn blocks_are_the_outermost_elements() {
        let content = sanitise(
            "<div><section><h2>A</h2>loose <p>one <b>two</b><br>three</p><ul><li>x<li>y</ul>\
             <figure><img src='https://a.example/x.png' alt='a > b'></figure> end</section></div>",
            None,
        );
        let found: Vec<_> = blocks(&content).iter().map(|block| (block.tag, crate::html::plain(block.html))).collect();
        let of = |tag, text: &str| (tag, text.to_owned());
        assert_eq!(found[0], of(Tag::H2, "A"));
        assert!(found.contains(&of(Tag::P, "one two three")) && found.contains(&of(Tag::Ul, "x y")), "{found:?}");
        assert_eq!((found.len(), found.last().unwrap()), (6, &of(Tag::Text, "end")));
    }

    #[test]
    fn what_is_left_is_the_rest() {
        let content = sanitise("<p>one</p><p>two</p><p>three</p>", None);
        let all = blocks(&content);
        let rest = without(&content, &[&all[2], &all[0]]);
        assert_eq!(crate::html::plain(rest.as_str()), "two");
        assert_eq!(without(&content, &[]), content);
    }

    proptest::proptest! {
        #[test]
        fn every_text_has_its_blocks(raw in "(<p>|</p>|<div>|</div>|<br>|<a title='>'>|</a>|[a-c<> ]){0,30}") {
            let content = sanitise(&raw, None);
            let all = blocks(&content);
            let texts: String = all.iter().map(|block| crate::html::plain(block.html).replace(' ', "")).collect();
            proptest::prop_assert_eq!(texts, crate::html::plain(content.as_str()).replace(' ', ""));
            let gone: Vec<_> = all.iter().step_by(2).collect();
            let rest = without(&content, &gone);
            proptest::prop_assert_eq!(&sanitise(rest.as_str(), None), &rest);
        }
    }
}
