//! What a document looks like, by its first bytes.

use super::Looks;
use crate::encoding::{self, Syntax};

/// So much is looked at: comments and declarations may come first.
const HEAD: usize = 8 * 1024;

/// What a document looks like.
pub(super) fn looks(bytes: &[u8]) -> Looks {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Looks::Sitemap;
    }
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let decoded = encoding::decode(head, None, Syntax::Text);
    let text = decoded.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.starts_with('{') {
        let is_feed = text.contains("jsonfeed.org") || text.contains("\"items\"");
        return if is_feed { Looks::Feed } else { Looks::Other };
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        rest = match after.chars().next() {
            Some('!') if after.starts_with("!--") => after.split_once("-->").map_or("", |(_, tail)| tail),
            Some('!') => {
                if after.get(1..).is_some_and(|doctype| doctype.to_ascii_lowercase().starts_with("doctype html")) {
                    return Looks::Html;
                }
                after
            }
            Some('?') => after,
            _ => match by_root(after) {
                Some(looks) => return looks,
                None => after,
            },
        };
    }
    Looks::Other
}

fn by_root(tag: &str) -> Option<Looks> {
    let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
    let local = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    match local.as_str() {
        "rss" | "feed" | "rdf" | "channel" | "item" | "entry" => Some(Looks::Feed),
        "urlset" | "sitemapindex" => Some(Looks::Sitemap),
        "opml" => Some(Looks::Opml),
        "html" | "head" | "body" | "div" | "p" | "title" | "meta" | "script" | "h1" | "table" => Some(Looks::Html),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_by_their_root() {
        for (text, wanted) in [
            ("<?xml version='1.0'?><!-- <html> --><rss version='2.0'>", Looks::Feed),
            ("  <rdf:RDF xmlns:rdf='x'>", Looks::Feed),
            ("<FEED>", Looks::Feed),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\"", Looks::Feed),
            ("<!DOCTYPE HTML><p>", Looks::Html),
            ("<html><body>", Looks::Html),
            ("<urlset>", Looks::Sitemap),
            ("<opml version='2.0'>", Looks::Opml),
            ("hello", Looks::Other),
            ("", Looks::Other),
        ] {
            assert_eq!(looks(text.as_bytes()), wanted, "{text}");
        }
    }
}
