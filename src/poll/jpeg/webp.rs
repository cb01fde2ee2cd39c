//! WebP's pixels.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::{JpegError, Raster, on_white, pixels};

/// The pixels of a WebP picture, or of the first of an animation.
pub(super) fn raster(bytes: &[u8]) -> Result<Raster, JpegError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes))?;
    let (width, height) = decoder.dimensions();
    let pixels = pixels(width, height)?;
    decoder.set_memory_limit(bytes.len() + 64 * 1024);
    let has_alpha = decoder.has_alpha();
    let mut rgb = vec![0; pixels * if has_alpha { 4 } else { 3 }];
    if decoder.is_animated() {
        decoder.read_frame(&mut rgb)?;
    } else {
        decoder.read_image(&mut rgb)?;
    }
    if has_alpha {
        rgb = on_paper(&rgb);
    }
    let profile = decoder.icc_profile().ok().flatten();
    Ok(Raster { width, height, rgb, profile, orientation: crate::fetch::orientation(bytes) })
}

/// The colours as they look on white paper.
fn on_paper(rgba: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgba.as_chunks::<4>();
    pixels
        .iter()
        .flat_map(|[red, green, blue, alpha]| [red, green, blue].map(|colour| on_white(*colour, *alpha)))
        .collect()
}

#[cfg(test)]
mod tests {
    use image_webp::WebPEncoder;

    use super::*;
    use crate::poll::jpeg::written;

    fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, JpegError> {
        written(&raster(bytes)?)
    }

    fn webp(width: u32, height: u32, colour: [u8; 4]) -> Vec<u8> {
        let mut out = Vec::new();
        let raster = colour.repeat((width * height) as usize);
        WebPEncoder::new(&mut out).encode(&raster, width, height, image_webp::ColorType::Rgba8).unwrap();
        out
    }

    #[test]
    fn webp_becomes_jpeg_of_the_same_size() {
        let turned = jpeg(&webp(60, 40, [200, 30, 30, 255])).unwrap();
        assert_eq!(imagesize::image_type(&turned).unwrap(), imagesize::ImageType::Jpeg);
        let size = imagesize::blob_size(&turned).unwrap();
        assert_eq!((size.width, size.height), (60, 40));
        assert_eq!(turned, jpeg(&webp(60, 40, [200, 30, 30, 255])).unwrap());
    }

    #[test]
    fn what_is_transparent_stands_on_white() {
        assert_eq!(on_paper(&[10, 20, 30, 0, 10, 20, 30, 255]), [255, 255, 255, 10, 20, 30]);
        assert!(jpeg(&webp(20, 20, [0, 0, 0, 0])).is_ok());
    }

    #[test]
    fn hostile_pictures_are_refused() {
        let good = webp(60, 40, [1, 2, 3, 255]);
        for end in [0, 4, 12, 20, 30, good.len() / 2] {
            assert!(jpeg(&good[..end]).is_err(), "{end}");
        }
        // A canvas of 16384 × 16384 in a few bytes.
        let mut bomb = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        bomb.extend([0xff, 0x3f, 0, 0xff, 0x3f, 0]);
        assert!(jpeg(&bomb).is_err());
    }

    proptest::proptest! {
        #[test]
        fn damaged_pictures_are_survived(at in 0..200_usize, value in proptest::num::u8::ANY) {
            let mut bytes = webp(30, 20, [9, 8, 7, 100]);
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = jpeg(&bytes);
        }
    }
}
