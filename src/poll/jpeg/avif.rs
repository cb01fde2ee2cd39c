//! AVIF's pixels: a still frame of AV1 video, and a second one where it is transparent.

use avif_parse::AvifData;
use re_rav1d::dav1d::pixel::{self, YUVRange};
use re_rav1d::dav1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Settings};
use yuv::YUV;
use yuv::color::{Depth, MatrixCoefficients, Range};
use yuv::convert::RGBConvert;

use super::{JpegError, PIXELS, Raster, on_white, pixels};

/// The pixels of an AVIF picture.
pub(super) fn raster(bytes: &[u8]) -> Result<Raster, JpegError> {
    let file = AvifData::from_reader(&mut &*bytes)?;
    let facts = file.primary_item_metadata()?;
    pixels(facts.max_frame_width.get(), facts.max_frame_height.get())?;
    if property(bytes, *b"imir").is_some() {
        return Err(JpegError::AvifKind("is mirrored"));
    }
    let frame = decoded(file.primary_item)?;
    let (width, height) = (frame.width(), frame.height());
    let mut rgb = colours(&frame)?;
    // One frame at a time in memory.
    drop(frame);
    if let Some(alpha) = file.alpha_item {
        let alpha = decoded(alpha)?;
        if (alpha.width(), alpha.height()) != (width, height) {
            return Err(JpegError::AvifKind("has a mask of another size"));
        }
        lay_on_paper(&mut rgb, &alpha, file.premultiplied_alpha)?;
    }
    // Anticlockwise in quarters (ISO 23008-12 s.6.5.10), as EXIF says it.
    let orientation = property(bytes, *b"irot").and_then(|turn| match turn.first()? & 3 {
        1 => Some(8),
        2 => Some(3),
        3 => Some(6),
        _ => None,
    });
    let profile = property(bytes, *b"colr").and_then(|colours| colours.strip_prefix(b"prof")).map(<[u8]>::to_vec);
    Ok(Raster { width, height, rgb, profile, orientation })
}

/// What the first property of this name holds (ISO 23008-12 s.9.3: boxes in an `ipco`).
fn property(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let start = memchr::memmem::find(bytes, b"ipco")?.checked_sub(4)?;
    let (_, mut rest, _) = first_box(bytes.get(start..)?)?;
    loop {
        let (kind, body, next) = first_box(rest)?;
        if kind == name {
            return Some(body);
        }
        rest = next;
    }
}

/// The name of the first box, what it holds, and what follows it.
fn first_box(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (size, _) = bytes.split_first_chunk()?;
    let (whole, next) = bytes.split_at_checked(u32::from_be_bytes(*size) as usize)?;
    Some((whole.get(4..8)?, whole.get(8..)?, next))
}

fn decoded(frame: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Picture, JpegError> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_frame_size_limit(PIXELS as u32);
    let mut decoder = Decoder::with_settings(&settings)?;
    match decoder.send_data(frame, None, None, None) {
        // It waits for its first picture to be taken.
        Err(problem) if !problem.is_again() => return Err(problem.into()),
        _ => {}
    }
    let picture = decoder.get_picture()?;
    pixels(picture.width(), picture.height())?;
    Ok(picture)
}

/// A plane of a picture: brightness, or one of the two colour differences.
struct Plane {
    samples: re_rav1d::dav1d::Plane,
    /// Bytes of a line.
    stride: usize,
    /// Whether a sample takes two bytes.
    is_wide: bool,
    /// By how many places pictures are wider and higher than this plane, in powers of two.
    halved: (u32, u32),
}

impl Plane {
    fn of(picture: &Picture, component: PlanarImageComponent) -> Self {
        let halved = match (component, picture.pixel_layout()) {
            (PlanarImageComponent::Y, _) | (_, PixelLayout::I400 | PixelLayout::I444) => (0, 0),
            (_, PixelLayout::I422) => (1, 0),
            (_, PixelLayout::I420) => (1, 1),
        };
        let stride = picture.stride(component) as usize;
        Self { samples: picture.plane(component), stride, is_wide: picture.bit_depth() > 8, halved }
    }

    /// The samples of one of the picture's lines.
    fn line(&self, y: u32) -> Line<'_> {
        let start = (y >> self.halved.1) as usize * self.stride;
        let samples = self.samples.get(start..).unwrap_or_default();
        Line { samples, is_wide: self.is_wide, halved: self.halved.0 }
    }
}

/// The samples of a line.
#[derive(Clone, Copy)]
struct Line<'a> {
    samples: &'a [u8],
    is_wide: bool,
    halved: u32,
}

impl Line<'_> {
    /// The sample at a place of the line.
    fn at(self, x: u32) -> u16 {
        let x = (x >> self.halved) as usize;
        if self.is_wide {
            let bytes = self.samples.get(x * 2..).and_then(<[u8]>::first_chunk);
            bytes.map_or(0, |bytes| u16::from_ne_bytes(*bytes))
        } else {
            self.samples.get(x).copied().map_or(0, u16::from)
        }
    }
}

/// How many bits a sample has.
fn depth(picture: &Picture) -> Result<Depth, JpegError> {
    match picture.bit_depth() {
        8 => Ok(Depth::Depth8),
        10 => Ok(Depth::Depth10),
        12 => Ok(Depth::Depth12),
        _ => Err(JpegError::AvifKind("has samples of a strange size")),
    }
}

/// The colours of a frame.
fn colours(frame: &Picture) -> Result<Vec<u8>, JpegError> {
    use pixel::TransferCharacteristic::{HybridLogGamma, PerceptualQuantizer};
    if matches!(frame.transfer_characteristic(), PerceptualQuantizer | HybridLogGamma) {
        return Err(JpegError::AvifKind("is brighter than JPEG can say"));
    }
    let depth = depth(frame)?;
    let range = if frame.color_range() == YUVRange::Full { Range::Full } else { Range::Limited };
    let convert = RGBConvert::<u16>::new(range, matrix(frame), depth)
        .map_err(|_| JpegError::AvifKind("has colours of a strange kind"))?;
    let luma = Plane::of(frame, PlanarImageComponent::Y);
    let is_grey = frame.pixel_layout() == PixelLayout::I400;
    let chroma =
        (!is_grey).then(|| (Plane::of(frame, PlanarImageComponent::U), Plane::of(frame, PlanarImageComponent::V)));
    let mut rgb = Vec::with_capacity(pixels(frame.width(), frame.height())? * 3);
    for y in 0..frame.height() {
        let light = luma.line(y);
        let chroma = chroma.as_ref().map(|(u, v)| (u.line(y), v.line(y)));
        for x in 0..frame.width() {
            let colour = match chroma {
                Some((u, v)) => convert.to_rgb(YUV { y: light.at(x), u: u.at(x), v: v.at(x) }).into(),
                None => [convert.to_luma(light.at(x)); 3],
            };
            // Sixteen bits come out, whatever goes in.
            rgb.extend(colour.map(|colour: u16| (colour >> 8) as u8));
        }
    }
    Ok(rgb)
}

/// How colours were made brightness and differences; what is not said is taken for what JPEG does.
fn matrix(frame: &Picture) -> MatrixCoefficients {
    use pixel::MatrixCoefficients as Said;
    match frame.matrix_coefficients() {
        Said::Identity => MatrixCoefficients::Identity,
        Said::BT709 => MatrixCoefficients::BT709,
        Said::BT470M => MatrixCoefficients::FCC,
        Said::ST240M => MatrixCoefficients::SMPTE240,
        Said::YCgCo => MatrixCoefficients::YCgCo,
        Said::BT2020NonConstantLuminance => MatrixCoefficients::BT2020NCL,
        Said::BT2020ConstantLuminance => MatrixCoefficients::BT2020CL,
        _ => MatrixCoefficients::BT601,
    }
}

/// Puts colours on white paper, by a frame whose brightness says how much of them is seen.
fn lay_on_paper(rgb: &mut [u8], mask: &Picture, is_premultiplied: bool) -> Result<(), JpegError> {
    let excess = depth(mask)? as u32 - 8;
    let plane = Plane::of(mask, PlanarImageComponent::Y);
    let alphas = (0..mask.height()).flat_map(|y| {
        let line = plane.line(y);
        (0..mask.width()).map(move |x| (line.at(x) >> excess) as u8)
    });
    for (pixel, alpha) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(alphas) {
        for colour in pixel {
            *colour = if is_premultiplied { colour.saturating_add(255 - alpha) } else { on_white(*colour, alpha) };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poll::jpeg::written;

    /// 48 × 32 pixels: red and green above blue and white.
    const QUARTERS: &[u8] = include_bytes!("../../../tests/fixtures/pictures/quarters.avif");
    /// The same in ten bits.
    const DEEP: &[u8] = include_bytes!("../../../tests/fixtures/pictures/deep.avif");
    /// The same, the red quarter transparent.
    const CLEAR: &[u8] = include_bytes!("../../../tests/fixtures/pictures/clear.avif");
    /// The same, to be turned clockwise by a quarter.
    const TURNED: &[u8] = include_bytes!("../../../tests/fixtures/pictures/turned.avif");
    /// The same, to be mirrored.
    const MIRRORED: &[u8] = include_bytes!("../../../tests/fixtures/pictures/mirrored.avif");
    /// Dark beside bright, without colours.
    const GREY: &[u8] = include_bytes!("../../../tests/fixtures/pictures/grey.avif");

    /// The colours in the middle of each quarter, in tenths of full strength.
    fn quarters(raster: &Raster) -> Vec<[u8; 3]> {
        assert_eq!((raster.width, raster.height, raster.rgb.len()), (48, 32, 48 * 32 * 3));
        let (pixels, _) = raster.rgb.as_chunks::<3>();
        [(12, 8), (36, 8), (12, 24), (36, 24)]
            .map(|(x, y)| pixels[y * 48 + x].map(|colour| colour.saturating_add(12) / 25))
            .to_vec()
    }

    #[test]
    fn colours_are_what_they_were() {
        let coloured = [[10, 0, 0], [0, 10, 0], [0, 0, 10], [10, 10, 10]];
        for bytes in [QUARTERS, DEEP, TURNED] {
            assert_eq!(quarters(&raster(bytes).unwrap()), coloured);
        }
        let on_paper = [[10, 10, 10], [0, 10, 0], [0, 0, 10], [10, 10, 10]];
        assert_eq!(quarters(&raster(CLEAR).unwrap()), on_paper);
        assert_eq!(quarters(&raster(GREY).unwrap()), [[2, 2, 2], [8, 8, 8], [2, 2, 2], [8, 8, 8]]);
    }

    #[test]
    fn how_it_is_turned_is_said() {
        assert_eq!(raster(QUARTERS).unwrap().orientation, None);
        assert_eq!(raster(TURNED).unwrap().orientation, Some(6));
        assert!(matches!(raster(MIRRORED), Err(JpegError::AvifKind(_))));
    }

    #[test]
    fn avif_becomes_jpeg() {
        let jpeg = written(&raster(TURNED).unwrap()).unwrap();
        assert_eq!(imagesize::image_type(&jpeg).unwrap(), imagesize::ImageType::Jpeg);
        assert_eq!(crate::fetch::orientation(&jpeg), Some(6));
    }

    #[test]
    fn what_breaks_off_is_refused() {
        for end in 0..QUARTERS.len() {
            assert!(raster(&QUARTERS[..end]).is_err(), "{end}");
        }
    }
}
