//! Media files: what the source attaches, and the pictures of the text; no icons, no counters, no
//! picture twice.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::address;
use crate::html::{self, SafeHtml};
use crate::model::{Article, Attachment, Enclosure, Item, Media};

/// Files of one entry.
const MOST: usize = 40;
/// A picture that is said to be this small on a side is an icon.
const ICON: u32 = 50;

/// The files of an entry, the lead picture first.
pub(super) fn collect(
    item: &Item,
    article: Option<&Article>,
    content: &SafeHtml,
    base: Option<&Url>,
) -> Vec<Enclosure> {
    let mut files = Files { found: Vec::new() };
    for attachment in item.attachments.iter().filter(|attachment| !attachment.thumbnail) {
        files.add(enclosure(attachment, base));
    }
    for picture in article.map(|article| article.pictures.as_slice()).unwrap_or_default() {
        files.add(enclosure(&Attachment { medium: Some("image".into()), ..picture.clone() }, base));
    }
    for picture in html::pictures(content) {
        let media = Media::Image {
            width: picture.width,
            height: picture.height,
            caption: picture.caption.or(picture.alt),
            credit: None,
        };
        files.add(Some(Enclosure {
            mime_type: by_ending(&picture.url).to_owned(),
            url: picture.url,
            length: None,
            title: None,
            plainer: None,
            media,
        }));
    }
    if !files.has_picture() {
        let thumbnails =
            item.attachments.iter().filter(|attachment| attachment.thumbnail).map(|attachment| attachment.url.as_str());
        let lead = article.and_then(|article| article.lead_image.as_deref());
        if let Some(url) =
            item.image.as_deref().into_iter().chain(lead).chain(thumbnails).find_map(|url| address::resolve(url, base))
        {
            let media = Media::Image { width: None, height: None, caption: None, credit: None };
            files.add(Some(Enclosure {
                mime_type: by_ending(&url).to_owned(),
                url,
                length: None,
                title: None,
                plainer: None,
                media,
            }));
        }
    }
    let mut found = files.found;
    // The picture it is shown with leads; the order is otherwise that of the source.
    found.sort_by_key(|file| !file.is_image());
    found.truncate(MOST);
    found
}

struct Files {
    found: Vec<Enclosure>,
}

impl Files {
    fn has_picture(&self) -> bool {
        self.found.iter().any(Enclosure::is_image)
    }

    /// Adds a file; of one that is there already, what is new about it.
    fn add(&mut self, file: Option<Enclosure>) {
        let Some(file) = file.filter(|file| !is_decoration(file)) else { return };
        let name = same_picture_name(&file.url);
        match self.found.iter_mut().find(|have| same_picture_name(&have.url) == name) {
            Some(have) => complete(have, file),
            None => self.found.push(file),
        }
    }
}

/// Adds what another description of the same file knows.
fn complete(have: &mut Enclosure, other: Enclosure) {
    have.length = have.length.or(other.length);
    have.title = have.title.take().or(other.title);
    if let (Media::Image { caption, credit, .. }, Media::Image { caption: other_caption, credit: other_credit, .. }) =
        (&mut have.media, other.media)
    {
        *caption = caption.take().or(other_caption);
        *credit = credit.take().or(other_credit);
    }
}

fn enclosure(attachment: &Attachment, base: Option<&Url>) -> Option<Enclosure> {
    let url = address::resolve(&attachment.url, base)?;
    let stated = attachment.mime_type.as_deref().map(str::trim).unwrap_or_default().to_ascii_lowercase();
    let stated = stated.split(';').next().unwrap_or_default().trim();
    let is_type = stated.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty());
    let mime_type = if is_type { stated.to_owned() } else { by_ending(&url).to_owned() };
    let kind = attachment.medium.as_deref().unwrap_or_else(|| mime_type.split('/').next().unwrap_or_default());
    let text = |text: &Option<String>| text.as_deref().map(html::plain).filter(|text| !text.is_empty());
    let media = match kind {
        "image" => Media::Image {
            width: attachment.width.filter(|width| *width > 0),
            height: attachment.height.filter(|height| *height > 0),
            caption: text(&attachment.caption).or_else(|| text(&attachment.title)),
            credit: text(&attachment.credit),
        },
        "audio" => Media::Audio { duration: attachment.duration },
        "video" => Media::Video { duration: attachment.duration },
        _ => Media::Other,
    };
    let mime_type =
        if kind == "image" && !mime_type.starts_with("image/") { "image/jpeg".to_owned() } else { mime_type };
    Some(Enclosure {
        url,
        mime_type,
        length: attachment.size.filter(|size| *size > 0),
        title: text(&attachment.title),
        plainer: None,
        media,
    })
}

/// The type that a name's ending suggests, until the bytes were seen.
fn by_ending(url: &Url) -> &'static str {
    let path = url.path().to_ascii_lowercase();
    match path.rsplit('.').next().unwrap_or_default() {
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// Icons, portraits of writers, share buttons and counters: nothing of the article.
fn is_decoration(file: &Enclosure) -> bool {
    static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(^|[/_.-])(avatar|gravatar|favicon|icon|icons|emoji|smil(ey|ies)|spacer|blank|pixel|tracking|feedburner|share|logo-share|1x1)([/_.-]|$)").ok()
    });
    let Media::Image { width, height, .. } = &file.media else { return false };
    if [width, height].into_iter().flatten().any(|side| *side < ICON) {
        return true;
    }
    html::is_counter(&file.url) || NAMES.as_ref().is_some_and(|names| names.is_match(file.url.path()))
}

/// A name that the sizes of one picture share.
fn same_picture_name(url: &Url) -> String {
    static SIZES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)([-_](\d{2,4}x\d{2,4}|scaled|thumb|small|medium|large)|/(resize|w|width)[_/=-]?\d{2,4}(x\d{2,4})?|/thumb_[wx]/\d{2,4})").ok()
    });
    let path = url.path();
    let path = SIZES.as_ref().map_or_else(|| path.to_owned(), |sizes| sizes.replace_all(path, "").into_owned());
    let query: String = url
        .query_pairs()
        .filter(|(key, _)| {
            !matches!(
                key.as_ref(),
                "w" | "h" | "width" | "height" | "size" | "resize" | "quality" | "q" | "fit" | "crop"
            )
        })
        .flat_map(|(key, value)| [key, "=".into(), value, "&".into()])
        .collect();
    format!("{}{path}?{query}", url.host_str().unwrap_or_default().trim_start_matches("www."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(item: &Item, content: &str) -> Vec<String> {
        let base = Url::parse("https://paper.example/").unwrap();
        let html = html::sanitise(content, Some(&base));
        collect(item, None, &html, Some(&base)).into_iter().map(|file| file.url.path().to_owned()).collect()
    }

    #[test]
    fn a_picture_is_listed_once_whatever_its_size() {
        let item = Item {
            attachments: vec![Attachment {
                url: "/p/boat-300x200.jpg".into(),
                mime_type: Some("image/jpeg".into()),
                ..Attachment::default()
            }],
            ..Item::default()
        };
        assert_eq!(
            names(&item, "<img src=/p/boat.jpg><img src=/p/other.jpg?w=300><img src=/p/other.jpg>"),
            ["/p/boat-300x200.jpg", "/p/other.jpg"]
        );
    }

    #[test]
    fn decorations_are_left_out() {
        assert!(
            names(
                &Item::default(),
                "<img src=/img/share/fb.png><img src=/avatar.jpg><img src=/x.jpg width=20 height=20>"
            )
            .is_empty()
        );
    }

    #[test]
    fn the_stated_picture_stands_in_when_the_text_has_none() {
        let item = Item { image: Some("/lead.jpg".into()), ..Item::default() };
        assert_eq!(names(&item, "<p>no picture</p>"), ["/lead.jpg"]);
        assert_eq!(names(&item, "<img src=/own.jpg>"), ["/own.jpg"]);
    }
}
