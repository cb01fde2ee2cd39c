//! The files that go with an entry, made ready.

use std::collections::HashSet;

use super::hygiene::{Address, Line};
use crate::model::{Enclosure, Media};

/// A file that goes with an entry. Numbers are above zero.
pub(super) struct File {
    pub(super) url: Address,
    pub(super) mime_type: String,
    pub(super) length: Option<u64>,
    pub(super) title: Option<Line>,
    /// A medium of Media RSS.
    pub(super) medium: &'static str,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    /// In seconds.
    pub(super) duration: Option<f64>,
    pub(super) caption: Option<Line>,
    pub(super) credit: Option<Line>,
    /// Whether its address has the form that RSS wants of an enclosure's: a host name with a dot, or
    /// the host that the feed itself is on.
    pub(super) is_enclosable: bool,
    /// The same in a form that more readers know.
    pub(super) plainer: Option<Form>,
}

/// Another form of a file.
pub(super) struct Form {
    pub(super) url: Address,
    pub(super) mime_type: String,
    pub(super) length: u64,
}

impl File {
    /// The address of the form that most readers know.
    pub(super) fn plain_url(&self) -> &Address {
        self.plainer.as_ref().map_or(&self.url, |form| &form.url)
    }

    pub(super) fn is_image(&self) -> bool {
        self.medium == "image"
    }
}

/// The files of an entry, the lead picture first.
pub(super) fn files(enclosures: &[Enclosure], host: Option<&str>) -> Vec<File> {
    let mut seen = HashSet::new();
    enclosures
        .iter()
        .filter_map(|enclosure| file(enclosure, host))
        .filter(|file| seen.insert(file.url.clone()))
        .collect()
}

fn file(enclosure: &Enclosure, host: Option<&str>) -> Option<File> {
    let own_host = enclosure.url.host_str();
    let mut file = File {
        url: Address::new(&enclosure.url)?,
        mime_type: mime_type(&enclosure.mime_type),
        length: enclosure.length.filter(|length| *length > 0),
        title: enclosure.title.as_deref().and_then(Line::some),
        medium: "document",
        width: None,
        height: None,
        duration: None,
        caption: None,
        credit: None,
        plainer: enclosure.plainer.as_ref().and_then(|form| {
            let (url, mime_type) = (Address::new(&form.url)?, mime_type(&form.mime_type));
            Some(Form { url, mime_type, length: form.length })
        }),
        is_enclosable: own_host == host || own_host.is_some_and(is_full_name),
    };
    match &enclosure.media {
        Media::Image { width, height, caption, credit } => {
            file.medium = "image";
            file.width = width.filter(|pixels| *pixels > 0);
            file.height = height.filter(|pixels| *pixels > 0);
            file.caption = caption.as_deref().and_then(Line::some);
            file.credit = credit.as_deref().and_then(Line::some);
        }
        Media::Audio { duration } | Media::Video { duration } => {
            file.medium = if matches!(enclosure.media, Media::Audio { .. }) { "audio" } else { "video" };
            file.duration = duration.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
        }
        Media::Other => {}
    }
    Some(file)
}

/// Whether a host has the form that validators want of an enclosure's: labels of letters, digits and
/// hyphens, more than one.
fn is_full_name(host: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    host.contains('.')
        && host.split('.').all(is_label)
        && host.rsplit('.').next().is_some_and(|last| !last.starts_with('-'))
}

/// A media type without parameters; what is none says that nothing is known.
fn mime_type(stated: &str) -> String {
    let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    let fits = essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    if fits { essence } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_enclosures_have_full_names() {
        for good in ["cdn.example", "127.0.0.1", "xn--bo-mia.example"] {
            assert!(is_full_name(good), "{good}");
        }
        for bad in ["intranet", "my_cdn.example", "cdn.example.", "cdn..example", "[::1]", "a.-b"] {
            assert!(!is_full_name(bad), "{bad}");
        }
    }

    #[test]
    fn media_types_are_tokens() {
        assert_eq!(mime_type("Image/JPEG; charset=x"), "image/jpeg");
        for bad in ["", "image", "image/jpeg?x=1", "a b/c", "/png", "image/\u{b}"] {
            assert_eq!(mime_type(bad), "application/octet-stream", "{bad}");
        }
    }
}
