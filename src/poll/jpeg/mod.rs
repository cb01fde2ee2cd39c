//! Pictures of types that not every reader knows, as JPEG. WebP is turned here; AVIF in a process of its own
//! ([`apart`]), since its decoder is not to be trusted with ours.

mod apart;
mod avif;
mod confined;
mod webp;

use bytes::Bytes;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::model::PictureType;

pub(super) use apart::ApartError;
pub use confined::{ConfinedError, avif_to_jpeg};

/// Larger pictures are not turned: their pixels would take too much memory.
const PIXELS: u64 = 40_000_000;
/// JPEG's own bound on a side.
const SIDE: u32 = 65_535;
/// Above this the eye sees no difference.
const QUALITY: u8 = 85;

/// Why a picture cannot be written as JPEG.
#[derive(Debug, thiserror::Error)]
pub enum JpegError {
    /// Its pixels would take too much memory.
    #[error("the picture has {0} million pixels, too many to be turned into JPEG")]
    TooLarge(u64),
    /// It is no WebP.
    #[error("the WebP picture cannot be decoded")]
    Webp(#[from] image_webp::DecodingError),
    /// It is no AVIF.
    #[error("the AVIF file cannot be taken apart")]
    AvifFile(#[from] avif_parse::Error),
    /// It is AVIF, but its frame is no AV1.
    #[error("the AVIF picture cannot be decoded")]
    Av1(#[from] re_rav1d::dav1d::Error),
    /// It is of a kind that is not turned: in words.
    #[error("the AVIF picture {0}")]
    AvifKind(&'static str),
    /// What came of it is too much for JPEG.
    #[error("the JPEG picture cannot be written")]
    Encode(#[from] jpeg_encoder::EncodingError),
}

/// Why there is no form as JPEG of a picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum TurnError {
    #[error(transparent)]
    Here(#[from] JpegError),
    #[error(transparent)]
    Apart(#[from] ApartError),
    #[error("its decoder broke off")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// Whether pictures of a type are turned into JPEG: not every reader knows it.
pub(super) fn is_turned(kind: PictureType) -> bool {
    matches!(kind, PictureType::Webp | PictureType::Avif)
}

/// A picture (the first of an animation) of a type that is turned, as JPEG, on white where it is transparent. The
/// same bytes give the same bytes.
pub(super) async fn of(kind: PictureType, bytes: Bytes) -> Result<Vec<u8>, TurnError> {
    if kind == PictureType::Avif {
        return Ok(apart::avif_to_jpeg(&bytes).await?);
    }
    Ok(tokio::task::spawn_blocking(move || written(&webp::raster(&bytes)?)).await??)
}

/// Pixels, with what is needed to show them rightly.
struct Raster {
    width: u32,
    height: u32,
    /// Three bytes each: red, green, blue.
    rgb: Vec<u8>,
    /// What the colours mean (ICC), when it is said.
    profile: Option<Vec<u8>>,
    /// How the picture is turned (EXIF's values, 1 to 8), when it is said.
    orientation: Option<u16>,
}

fn written(raster: &Raster) -> Result<Vec<u8>, JpegError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(profile) = &raster.profile {
        // A profile that is too large for JPEG only costs some fidelity.
        let _ = encoder.add_icc_profile(profile);
    }
    if let Some(value) = raster.orientation.filter(|value| (2..=8).contains(value)) {
        encoder.add_exif_metadata(&exif(value))?;
    }
    encoder.encode(&raster.rgb, raster.width as u16, raster.height as u16, ColorType::Rgb)?;
    Ok(out)
}

/// The number of pixels, unless it is too large.
fn pixels(width: u32, height: u32) -> Result<usize, JpegError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS || width > SIDE || height > SIDE {
        return Err(JpegError::TooLarge(pixels / 1_000_000));
    }
    Ok(pixels as usize)
}

/// A colour as it looks on white paper.
fn on_white(colour: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// EXIF that says how the picture is turned, and nothing else.
fn exif(orientation: u16) -> Vec<u8> {
    let [low, high] = orientation.to_le_bytes();
    let mut out = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    out.extend([low, high, 0, 0, 0, 0, 0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_transparent_stands_on_white() {
        assert_eq!((on_white(10, 0), on_white(10, 255), on_white(0, 128)), (255, 10, 127));
    }

    #[test]
    fn orientation_is_carried_over() {
        assert_eq!(crate::fetch::orientation(&exif(6)), Some(6));
    }
}
