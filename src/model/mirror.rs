//! Files that are kept here: named by their bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

/// A type of picture that feeds can carry, told by the bytes. SVG is none of them: it is a document
/// that can act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PictureType {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
    /// HEIC.
    Heic,
    /// BMP.
    Bmp,
    /// TIFF.
    Tiff,
}

impl PictureType {
    const ALL: [Self; 8] =
        [Self::Jpeg, Self::Png, Self::Gif, Self::Webp, Self::Avif, Self::Heic, Self::Bmp, Self::Tiff];

    /// Its media type.
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Heic => "image/heic",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
        }
    }

    /// The ending of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
        }
    }
}

/// The name of a kept file: the SHA-256 digest of its bytes in hexadecimal, and the ending of its
/// type. The same bytes have the same name, and other bytes have another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaName {
    hash: [u8; 32],
    kind: PictureType,
}

/// A text that names no kept file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no file: it is no digest with the ending of a picture")]
pub struct MediaNameError(String);

impl MediaName {
    /// The name of these bytes.
    pub fn of(bytes: &[u8], kind: PictureType) -> Self {
        Self { hash: Sha256::digest(bytes).into(), kind }
    }

    /// What the file is.
    pub fn kind(&self) -> PictureType {
        self.kind
    }
}

impl fmt::Display for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ".{}", self.kind.ending())
    }
}

impl FromStr for MediaName {
    type Err = MediaNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (digest, ending) = text.split_once('.')?;
            let kind = PictureType::ALL.into_iter().find(|kind| kind.ending() == ending)?;
            // One spelling only: a file has one address.
            if digest.len() != 64 || !digest.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
                return None;
            }
            let mut hash = [0; 32];
            for (byte, pair) in hash.iter_mut().zip(digest.as_bytes().chunks(2)) {
                *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
            }
            Some(Self { hash, kind })
        };
        read().ok_or_else(|| MediaNameError(text.to_owned()))
    }
}

impl Serialize for MediaName {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MediaName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A picture of which a copy is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirrored {
    /// The copy, byte for byte.
    pub name: MediaName,
    /// Its length in bytes.
    pub length: u64,
    /// The same as JPEG with its length, where the picture is of a type that not every reader knows.
    pub jpeg: Option<(MediaName, u64)>,
    /// Whether that was tried and cannot be had of these bytes.
    #[serde(default)]
    pub unturnable: bool,
}

/// Where the bytes of a kept file can be had again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaOrigin {
    /// The picture's own address.
    pub url: Url,
    /// The page it stands on.
    pub page: Option<Url>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_digests_with_an_ending() {
        let name = MediaName::of(b"abc", PictureType::Jpeg);
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.jpg";
        assert_eq!(name.to_string(), text);
        assert_eq!(text.parse(), Ok(name));
    }

    #[test]
    fn nothing_else_is_a_name() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for bad in [
            String::new(),
            digest.to_owned(),
            format!("{digest}.svg"),
            format!("{digest}.jpeg"),
            format!("{}.jpg", digest.to_uppercase()),
            format!("{digest}0.jpg"),
            format!("../{digest}.jpg"),
            format!("{digest}.jpg/"),
            digest.replacen("ba7", "ế", 1) + ".jpg",
        ] {
            assert!(bad.parse::<MediaName>().is_err(), "{bad}");
        }
    }
}
