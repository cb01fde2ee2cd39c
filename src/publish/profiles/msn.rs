//! MSN Partner Hub: RSS 2.0 with Media RSS, strict on pictures, headlines and the HTML of texts.

use super::{Fault, is_secure, make_plain, shortened};
use crate::html;
use crate::publish::files::File;
use crate::publish::hygiene::Body;
use crate::publish::ready::{Item, Ready};
use crate::publish::rss;

/// Longer headlines get a short one beside them; shorter ones are refused.
const TITLE: std::ops::RangeInclusive<usize> = 21..=150;
/// Pixels that a picture has on its longer side at least.
const SIDE: u32 = 720;
const PICTURE_BYTES: u64 = 15_000_000;
/// Width by height.
const RATIO: std::ops::RangeInclusive<f64> = 0.5..=1.89;
const TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// Elements that a text may nest.
const DEPTH: usize = 9;
const ELEMENTS: [&str; 28] = [
    "a",
    "b",
    "blockquote",
    "br",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "small",
    "span",
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

pub(super) fn faults(feed: &Ready<'_>, item: &Item<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let length = item.title.as_str().chars().count();
    if length < *TITLE.start() {
        faults.push(Fault::refused(format!("the headline has {length} characters; MSN wants more than 20")));
    } else if length > *TITLE.end() {
        faults.push(Fault::wished(format!(
            "the headline has {length} characters; a short one is added, since MSN shows 150"
        )));
    }
    match &item.content {
        None => faults.push(Fault::refused("there is no full text")),
        Some(body) => {
            let depth = html::depth(html::only(body.as_str(), &ELEMENTS).as_str());
            if depth > DEPTH {
                faults.push(Fault::refused(format!("the text nests {depth} elements; MSN takes fewer than ten")));
            }
        }
    }
    if let Some(other) = item.other_language(feed.language) {
        faults.push(Fault::refused(format!("it is in {other}; MSN takes one language a feed")));
    }
    if !is_secure(item.target.as_str()) {
        faults.push(Fault::wished("its address is not https"));
    }
    let pictures: Vec<&File> = item.files.iter().filter(|file| file.is_image()).collect();
    let objections: Vec<_> = pictures.iter().filter_map(|file| Some((file, objection(file)?))).collect();
    if pictures.is_empty() {
        faults.push(Fault::refused("there is no picture"));
    } else {
        let all = objections.len() == pictures.len();
        for (file, what) in objections {
            let what = format!("the picture {} {what}", file.url);
            faults.push(if all { Fault::refused(what) } else { Fault::wished(format!("{what}; it is left out")) });
        }
    }
    faults
}

/// Why MSN would not take a picture.
fn objection(file: &File) -> Option<String> {
    let (mime_type, length) = match &file.plainer {
        Some(form) => (form.mime_type.as_str(), Some(form.length)),
        None => (file.mime_type.as_str(), file.length),
    };
    if !TYPES.contains(&mime_type) {
        return Some(format!("is {mime_type}; MSN takes JPEG, PNG, GIF and WebP"));
    }
    let (Some(width), Some(height)) = (file.width, file.height) else {
        return Some("is of unknown size".to_owned());
    };
    if width.max(height) < SIDE {
        return Some(format!("is {width} × {height}; MSN wants {SIDE} pixels on a side"));
    }
    let ratio = f64::from(width) / f64::from(height);
    if !RATIO.contains(&ratio) {
        return Some(format!("is {width} × {height}, a ratio of {ratio:.2}; MSN takes 0.50 to 1.89"));
    }
    let bytes = length.filter(|bytes| *bytes > PICTURE_BYTES)?;
    Some(format!("has {} MB; MSN takes 15", bytes / 1_000_000))
}

pub(super) fn write(mut feed: Ready<'_>) -> Result<Vec<u8>, String> {
    for item in &mut feed.items {
        item.files.retain(|file| !file.is_image() || objection(file).is_none());
        item.files.iter_mut().for_each(make_plain);
        if let Some(body) = item.content.take() {
            item.content = Some(without_runs_of_breaks(&body.only(&ELEMENTS)));
        }
    }
    let mut channel = rss::channel(&feed);
    for (to, item) in channel.items.iter_mut().zip(&feed.items) {
        // Media RSS says all of the pictures; an enclosure would be a second picture to MSN.
        to.enclosure = None;
        if item.title.as_str().chars().count() > *TITLE.end() {
            rss::add(&mut to.extensions, "mi:shortTitle", &[], Some(shortened(&item.title, *TITLE.end()).as_str()));
        }
    }
    rss::finished(channel)
}

fn without_runs_of_breaks(body: &Body<'_>) -> Body<'static> {
    let mut html = body.as_str().to_owned();
    while html.contains("<br><br>") {
        html = html.replace("<br><br>", "<br>");
    }
    Body::written(html)
}
