//! `SmartFormat` 2.1 of `SmartNews`: RSS 2.0 with a logo, thumbnails, and withdrawn articles marked as deleted.

use super::{Fault, has_tracking, is_secure, make_plain};
use crate::model::Gone;
use crate::publish::hygiene::{Address, Line, rfc822};
use crate::publish::ready::{self, Item, Ready};
use crate::publish::rss;

/// Minutes that a copy is good for.
const TTL: u32 = 15;
/// Characters of the feed's description that are shown.
const DESCRIPTION: usize = 100;
const ELEMENTS: [&str; 33] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

pub(super) fn faults(item: &Item<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if item.content.is_none() {
        faults.push(Fault::refused("there is no full text"));
    }
    if has_tracking(item.target.as_str()) {
        faults.push(Fault::refused("its address has utm parameters: leave `link_query` of the feed out"));
    }
    if !is_secure(item.target.as_str()) {
        faults.push(Fault::wished("its address is not https"));
    }
    if item.lead_picture().is_none() {
        faults.push(Fault::wished("there is no picture"));
    }
    if item.authors.is_empty() {
        faults.push(Fault::wished("no author is named"));
    }
    faults
}

pub(super) fn write(mut feed: Ready<'_>, gone: &[Gone]) -> Result<Vec<u8>, String> {
    feed.ttl_minutes = TTL;
    if feed.description.as_str().chars().count() > DESCRIPTION {
        feed.description = super::shortened(&feed.description, DESCRIPTION);
    }
    for item in &mut feed.items {
        item.files.iter_mut().for_each(make_plain);
        item.content = item.content.take().map(|body| body.only(&ELEMENTS));
    }
    let mut channel = rss::channel(&feed);
    channel.pub_date = feed.updated.map(rfc822);
    if let Some(logo) = &feed.logo {
        rss::add_with(&mut channel.extensions, "snf:logo", &[], &[("url", logo.as_str())]);
    }
    for item in &mut channel.items {
        rss::add(&mut item.extensions, "media:status", &[("state", "active")], None);
    }
    channel.items.extend(gone.iter().map(deleted));
    rss::finished(channel)
}

/// A withdrawn article: it stays listed until the partner has seen that it is gone.
fn deleted(gone: &Gone) -> ::rss::Item {
    let mut item = ::rss::Item {
        title: Some(Line::first_of(&[&gone.title]).to_string()),
        link: gone.url.as_ref().and_then(Address::new).map(|url| url.to_string()),
        guid: Some(::rss::Guid { value: ready::id(&gone.uri), permalink: false }),
        pub_date: Some(rfc822(gone.published)),
        ..::rss::Item::default()
    };
    rss::add(&mut item.extensions, "media:status", &[("state", "deleted")], None);
    item
}
