//! Media RSS: files of an article, and what is said of them.

use super::feed::Feed;
use super::texts::category;
use super::xml::Element;
use crate::model::{Attachment, Category, Item};

impl Feed<'_> {
    /// Media RSS: files, and what is said of them. What is said outside a file holds for all.
    pub(super) fn media(&self, item: &mut Item, element: &Element) {
        let text = element.text.trim();
        let plain = || (!text.is_empty()).then(|| crate::html::plain(text));
        let address = |name: &str| element.attr(name).and_then(|url| self.address(url, element.base.as_ref()));
        let number = |name: &str| element.attr(name).and_then(|value| value.parse().ok());
        match element.name.as_str() {
            "content" => {
                let Some(url) = address("url") else { return };
                let attachment = Attachment {
                    url,
                    mime_type: element.attr("type").map(str::to_owned),
                    medium: element.attr("medium").map(str::to_ascii_lowercase),
                    size: element.attr("filesize").and_then(|size| size.parse().ok()),
                    duration: element.attr("duration").and_then(seconds),
                    width: number("width"),
                    height: number("height"),
                    ..Attachment::default()
                };
                // What was said inside it came before its end.
                let said = item.attachments.pop_if(|last| last.url.is_empty());
                let attachment = match said {
                    Some(said) => {
                        Attachment { title: said.title, caption: said.caption, credit: said.credit, ..attachment }
                    }
                    None => attachment,
                };
                add(item, attachment);
            }
            "thumbnail" => {
                if let Some(url) = address("url").or_else(|| self.address(text, element.base.as_ref())) {
                    let thumbnail = Attachment {
                        url,
                        thumbnail: true,
                        medium: Some("image".into()),
                        width: number("width"),
                        height: number("height"),
                        ..Attachment::default()
                    };
                    if !item.attachments.iter().any(|have| have.url == thumbnail.url) {
                        item.attachments.insert(
                            item.attachments.len()
                                - usize::from(item.attachments.last().is_some_and(|last| last.url.is_empty())),
                            thumbnail,
                        );
                    }
                }
            }
            "title" => said(item, |it| it.title = it.title.take().or_else(plain)),
            "description" | "text" => said(item, |it| it.caption = it.caption.take().or_else(plain)),
            "credit" => said(item, |it| it.credit = it.credit.take().or_else(plain)),
            "category" => item.categories.extend(category(element).into_iter().map(|category| Category {
                scheme: category.scheme.or_else(|| Some("http://search.yahoo.com/mrss/category_schema".to_owned())),
                ..category
            })),
            _ => {}
        }
    }
}

/// Adds a file; of one that is there already, what is new about it.
pub(super) fn add(item: &mut Item, attachment: Attachment) {
    let Some(have) = item.attachments.iter_mut().find(|have| have.url == attachment.url && !have.thumbnail) else {
        return item.attachments.push(attachment);
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
