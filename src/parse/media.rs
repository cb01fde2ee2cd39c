//! Files that go with an item: Media RSS, enclosures, the pictures of sitemaps.

use super::feed::Feed;
use super::words::add_categories;
use super::xml::Element;
use crate::model::{Attachment, Item};

/// Files that are kept of one item.
const MOST: usize = 500;

impl Feed<'_> {
    pub(super) fn enclosure(&self, item: &mut Item, element: &Element<'_>) {
        let Some(url) =
            element.attr("url").or(element.attr("href")).and_then(|url| self.address(url, element.base.as_ref()))
        else {
            return;
        };
        let attachment = Attachment {
            url,
            mime_type: element.attr("type").map(str::to_owned),
            size: number(element, "length"),
            ..Attachment::default()
        };
        add(item, attachment);
    }

    /// Media RSS: files, and what is said of them. What is said outside a file holds for all.
    pub(super) fn media(&self, item: &mut Item, element: &Element<'_>) {
        let text = element.text.trim();
        let plain = || (!text.is_empty()).then(|| crate::html::plain(text));
        match &*element.name {
            "content" => self.media_file(item, element),
            "thumbnail" => self.thumbnail(item, element),
            "title" => said(item, |it| it.title = it.title.take().or_else(plain)),
            "description" | "text" => said(item, |it| it.caption = it.caption.take().or_else(plain)),
            "credit" => said(item, |it| it.credit = it.credit.take().or_else(plain)),
            "category" | "keywords" => add_categories(&mut item.categories, element),
            _ => {}
        }
    }

    fn media_file(&self, item: &mut Item, element: &Element<'_>) {
        // What was said inside it came before its end.
        let said = item.attachments.pop_if(|last| last.url.is_empty()).unwrap_or_default();
        let Some(url) = element.attr("url").and_then(|url| self.address(url, element.base.as_ref())) else { return };
        let attachment = Attachment {
            url,
            mime_type: element.attr("type").map(str::to_owned),
            medium: element.attr("medium").map(str::to_ascii_lowercase),
            size: number(element, "filesize"),
            duration: element.attr("duration").and_then(seconds),
            width: number(element, "width"),
            height: number(element, "height"),
            ..said
        };
        add(item, attachment);
    }

    fn thumbnail(&self, item: &mut Item, element: &Element<'_>) {
        let address = element.attr("url").unwrap_or(element.text.trim());
        let Some(url) = self.address(address, element.base.as_ref()) else { return };
        if item.attachments.len() >= MOST || item.attachments.iter().any(|have| have.url == url) {
            return;
        }
        let thumbnail = Attachment {
            url,
            thumbnail: true,
            medium: Some("image".into()),
            width: number(element, "width"),
            height: number(element, "height"),
            ..Attachment::default()
        };
        // The file that is open stays the last one.
        let open = usize::from(item.attachments.last().is_some_and(|last| last.url.is_empty()));
        item.attachments.insert(item.attachments.len() - open, thumbnail);
    }
}

fn number<N: std::str::FromStr>(element: &Element<'_>, name: &str) -> Option<N> {
    element.attr(name).and_then(|value| value.parse().ok())
}

/// Adds a file; of one that is there already, what is new about it.
pub(super) fn add(item: &mut Item, attachment: Attachment) {
    let Some(have) = item.attachments.iter_mut().find(|have| have.url == attachment.url && !have.thumbnail) else {
        if item.attachments.len() < MOST {
            item.attachments.push(attachment);
        }
        return;
    };
    have.mime_type = have.mime_type.take().or(attachment.mime_type);
    have.medium = have.medium.take().or(attachment.medium);
    have.size = have.size.or(attachment.size);
    have.duration = have.duration.or(attachment.duration);
    have.width = have.width.or(attachment.width);
    have.height = have.height.or(attachment.height);
    have.caption = have.caption.take().or(attachment.caption);
    have.credit = have.credit.take().or(attachment.credit);
    have.title = have.title.take().or(attachment.title);
}

/// Says something of the file that is open, else of all files of the item.
fn said(item: &mut Item, say: impl Fn(&mut Attachment)) {
    match item.attachments.last_mut().filter(|last| last.url.is_empty()) {
        Some(open) => say(open),
        None => item.attachments.iter_mut().filter(|file| !file.thumbnail).for_each(say),
    }
}

/// A length in seconds: `90`, `1:30`, `1:01:30`.
pub(super) fn seconds(text: &str) -> Option<f64> {
    text.split(':')
        .try_fold(0.0, |sum, part| Some(sum * 60.0 + part.trim().parse::<f64>().ok()?))
        .filter(|seconds| *seconds > 0.0)
}
