//! The parts of a feed's history and the links between them (RFC 5005): the newest entries, pages of older
//! ones, and archives.

use memchr::{memchr, memmem, memrchr};

use super::hygiene::Address;
use super::{Rendered, tag};
use crate::model::{Feed, Part};

/// The namespace of `fh:archive`.
pub(super) const NAMESPACE: &str = "http://purl.org/syndication/history/1.0";

/// What follows the feed's own name in the path of a part.
pub fn suffix(part: Part) -> String {
    match part {
        Part::Newest { .. } => String::new(),
        Part::Page { number, .. } => format!("/page/{number}"),
        Part::Archive { number, .. } => format!("/archive/{number}"),
    }
}

/// Who tells of changes: of the newest entries only, all others would be told of for nothing.
pub(super) fn hubs(feed: &Feed) -> Vec<Address> {
    match feed.part {
        Part::Newest { .. } => feed.hubs.iter().map(Address::own).collect(),
        Part::Page { .. } | Part::Archive { .. } => Vec::new(),
    }
}

/// Tells what a document says from what it said before. That a newer archive exists is no news (WebSub s.6):
/// the link to it is left out.
pub fn news(feed: &Feed, rendered: &Rendered) -> String {
    let (body, is_newest) = (&rendered.body[..], matches!(feed.part, Part::Newest { archive: Some(_), .. }));
    let link = if is_newest { link_to_archive(body) } else { None };
    link.map_or_else(|| rendered.etag.clone(), |(before, after)| tag(&[before, after]))
}

/// What stands before and behind the link to the newest archive. The feed's own links come before all entries,
/// so that the first one is ours.
fn link_to_archive(body: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(at) = memmem::find(body, b"rel=\"prev-archive\"") {
        let start = memrchr(b'<', body.get(..at)?)?;
        let end = at + memchr(b'>', body.get(at..)?)? + 1;
        return Some((body.get(..start)?, body.get(end..)?.trim_ascii_start()));
    }
    let member = b",\"prev_archive\":\"";
    let at = memmem::find(body, member)?;
    let value = body.get(at + member.len()..)?;
    Some((body.get(..at)?, value.get(memchr(b'"', value)? + 1..)?))
}

/// The links from a part to others: relation and address without the ending of a format.
pub(super) fn links(feed: &Feed) -> Vec<(&'static str, Address)> {
    let newest = Address::own(&feed.base_url);
    let page = |number: usize| match number {
        0 | 1 => newest.clone(),
        number => newest.with(&suffix(Part::Page { number, more: false })),
    };
    let archive = |number: i64| newest.with(&suffix(Part::Archive { number, older: false, newer: false }));
    let mut links = Vec::new();
    match feed.part {
        Part::Newest { archive: newest_archive, more } => {
            links.extend(newest_archive.map(|number| ("prev-archive", archive(number))));
            links.extend(more.then(|| ("next", page(2))));
        }
        Part::Page { number, more } => {
            links.push(("first", newest.clone()));
            links.push(("previous", page(number.saturating_sub(1))));
            links.extend(more.then(|| ("next", page(number + 1))));
        }
        Part::Archive { number, older, newer } => {
            links.push(("current", newest.clone()));
            links.extend(older.then(|| ("prev-archive", archive(number - 1))));
            links.extend(newer.then(|| ("next-archive", archive(number + 1))));
        }
    }
    links
}
