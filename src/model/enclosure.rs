//! Media files attached to an entry.

use chrono::{DateTime, Utc};
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
    /// What it is.
    pub media: Media,
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

/// What was learnt of a picture by looking at it; remembered by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureFacts {
    /// It is a picture.
    Picture {
        /// Media type by its bytes.
        mime_type: String,
        /// Length in bytes; None when the server does not tell.
        length: Option<u64>,
        /// Width in pixels, as shown.
        width: u32,
        /// Height in pixels, as shown.
        height: u32,
        /// When it was looked at.
        learnt: DateTime<Utc>,
    },
    /// It is gone, no picture, or refused to us.
    Unusable {
        /// In words.
        why: String,
        /// When it was looked at.
        learnt: DateTime<Utc>,
    },
}

impl PictureFacts {
    /// When it was looked at.
    pub fn learnt(&self) -> DateTime<Utc> {
        match self {
            Self::Picture { learnt, .. } | Self::Unusable { learnt, .. } => *learnt,
        }
    }
}
