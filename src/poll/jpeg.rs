//! WebP pictures as JPEG, for readers that do not know WebP. Pure.
//!
//! AVIF is not turned: there is no decoder of it that is both small and written in safe Rust.

use std::io::Cursor;

use image_webp::WebPDecoder;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Larger pictures are not turned: their pixels would take too much memory.
const PIXELS: u64 = 40_000_000;
/// JPEG's own bound on a side.
const SIDE: u32 = 65_535;
/// Above this the eye sees no difference.
const QUALITY: u8 = 85;

/// Why a picture has no form as JPEG.
#[derive(Debug, thiserror::Error)]
pub(super) enum JpegError {
    #[error("the picture has {0} million pixels, too many to be turned into JPEG")]
    TooLarge(u64),
    #[error("the WebP picture cannot be decoded")]
    Decode(#[from] image_webp::DecodingError),
    #[error("the JPEG picture cannot be written")]
    Encode(#[from] jpeg_encoder::EncodingError),
}

/// A WebP picture (the first of an animation) as JPEG, on white where it is transparent. The same bytes give
/// the same bytes.
pub(super) fn of_webp(bytes: &[u8]) -> Result<Vec<u8>, JpegError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS || width > SIDE || height > SIDE {
        return Err(JpegError::TooLarge(pixels / 1_000_000));
    }
    decoder.set_memory_limit(bytes.len() + 64 * 1024);
    let has_alpha = decoder.has_alpha();
    let mut raster = vec![0; pixels as usize * if has_alpha { 4 } else { 3 }];
    if decoder.is_animated() {
        decoder.read_frame(&mut raster)?;
    } else {
        decoder.read_image(&mut raster)?;
    }
    let raster = if has_alpha { on_white(&raster) } else { raster };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Ok(Some(profile)) = decoder.icc_profile() {
        // A profile that is too large for JPEG only costs some fidelity.
        let _ = encoder.add_icc_profile(&profile);
    }
    if let Some(value) = crate::fetch::orientation(bytes).filter(|value| (2..=8).contains(value)) {
        encoder.add_exif_metadata(&exif(value))?;
    }
    encoder.encode(&raster, width as u16, height as u16, ColorType::Rgb)?;
    Ok(out)
}

/// The colours as they look on white paper.
fn on_white(raster: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raster.len() / 4 * 3);
    for pixel in raster.chunks_exact(4) {
        if let [colours @ .., alpha] = pixel {
            let alpha = u32::from(*alpha);
            out.extend(
                colours.iter().map(|colour| ((u32::from(*colour) * alpha + 255 * (255 - alpha) + 127) / 255) as u8),
            );
        }
    }
    out
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
    use image_webp::WebPEncoder;

    use super::*;

    fn webp(width: u32, height: u32, colour: [u8; 4]) -> Vec<u8> {
        let mut out = Vec::new();
        let raster = colour.repeat((width * height) as usize);
        WebPEncoder::new(&mut out).encode(&raster, width, height, image_webp::ColorType::Rgba8).unwrap();
        out
    }

    #[test]
    fn webp_becomes_jpeg_of_the_same_size() {
        let jpeg = of_webp(&webp(60, 40, [200, 30, 30, 255])).unwrap();
        assert_eq!(imagesize::image_type(&jpeg).unwrap(), imagesize::ImageType::Jpeg);
        let size = imagesize::blob_size(&jpeg).unwrap();
        assert_eq!((size.width, size.height), (60, 40));
        assert_eq!(jpeg, of_webp(&webp(60, 40, [200, 30, 30, 255])).unwrap());
    }

    #[test]
    fn what_is_transparent_stands_on_white() {
        assert_eq!(on_white(&[10, 20, 30, 0, 10, 20, 30, 255]), [255, 255, 255, 10, 20, 30]);
        assert!(of_webp(&webp(20, 20, [0, 0, 0, 0])).is_ok());
    }

    #[test]
    fn orientation_is_carried_over() {
        assert_eq!(crate::fetch::orientation(&exif(6)), Some(6));
    }

    #[test]
    fn hostile_pictures_are_refused() {
        let good = webp(60, 40, [1, 2, 3, 255]);
        for end in [0, 4, 12, 20, 30, good.len() / 2] {
            assert!(of_webp(&good[..end]).is_err(), "{end}");
        }
        // A canvas of 16384 × 16384 in a few bytes.
        let mut bomb = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        bomb.extend([0xff, 0x3f, 0, 0xff, 0x3f, 0]);
        assert!(of_webp(&bomb).is_err());
    }

    proptest::proptest! {
        #[test]
        fn damaged_pictures_are_survived(at in 0..200_usize, value in proptest::num::u8::ANY) {
            let mut bytes = webp(30, 20, [9, 8, 7, 100]);
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = of_webp(&bytes);
        }
    }
}
