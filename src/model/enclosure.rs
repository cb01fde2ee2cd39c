//! Media files attached to an entry.

use serde::{Deserialize, Serialize};
use url::Url;

/// A media file with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where it is.
    pub url: Url,
    /// Its media type, as its bytes show it; the stated one for files that were not looked at.
    pub mime_type: String,
    /// Its length in bytes without content coding; None when it cannot be learnt.
    pub length: Option<u64>,
    /// Title.
    pub title: Option<String>,
    /// The same in a form that more readers know (JPEG).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plainer: Option<Plainer>,
    /// What it is.
    pub media: Media,
}

/// Another form of a media file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plainer {
    /// Where it is.
    pub url: Url,
    /// Its media type.
    pub mime_type: String,
    /// Its length in bytes.
    pub length: u64,
}

/// What a media file is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "medium", rename_all = "lowercase")]
pub enum Media {
    /// A picture.
    Image {
        /// Width in pixels, as shown.
        width: Option<u32>,
        /// Height in pixels, as shown.
        height: Option<u32>,
        /// What it shows; plain text.
        caption: Option<String>,
        /// Who made it; plain text.
        credit: Option<String>,
    },
    /// Sound.
    Audio {
        /// Length in seconds.
        duration: Option<f64>,
    },
    /// A film.
    Video {
        /// Length in seconds.
        duration: Option<f64>,
    },
    /// Anything else.
    Other,
}

impl Enclosure {
    /// Whether it is a picture.
    pub fn is_image(&self) -> bool {
        matches!(self.media, Media::Image { .. })
    }
}
