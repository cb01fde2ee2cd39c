//! AVIF's pixels: a still frame of AV1 video, and a second one where it is transparent.

use avif_parse::AvifData;
use re_rav1d::dav1d::pixel::{self, YUVRange};
use re_rav1d::dav1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Settings};
use yuv::YUV;
use yuv::color::{Depth, MatrixCoefficients, Range};
use yuv::convert::RGBConvert;

use super::{JpegError, PIXELS, Raster, on_white, pixels};

/// Before the pixels themselves; what is looked for there are a few hundred bytes.
const HEAD: usize = 1024 * 1024;

/// The pixels of an AVIF picture.
pub(super) fn raster(bytes: &[u8]) -> Result<Raster, JpegError> {
    // The decoder breaks off at some values that mean nothing yet.
    std::panic::catch_unwind(|| taken_apart(bytes))
        .unwrap_or(Err(JpegError::AvifKind("holds what its decoder does not know")))
}

fn taken_apart(bytes: &[u8]) -> Result<Raster, JpegError> {
    let file = AvifData::from_reader(&mut &*bytes)?;
    let facts = file.primary_item_metadata()?;
    pixels(facts.max_frame_width.get(), facts.max_frame_height.get())?;
    let frame = decoded(file.primary_item.to_vec())?;
    let mut rgb = colours(&frame)?;
    if let Some(alpha) = &file.alpha_item {
        let alpha = decoded(alpha.to_vec())?;
        if (alpha.width(), alpha.height()) != (frame.width(), frame.height()) {
            return Err(JpegError::AvifKind("has a mask of another size"));
        }
        lay_on_paper(&mut rgb, &alpha, file.premultiplied_alpha)?;
    }
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    if property(head, b"imir").is_some() {
        return Err(JpegError::AvifKind("is mirrored"));
    }
    // Anticlockwise in quarters (ISO 23008-12 s.6.5.10), as EXIF says it.
    let orientation = property(head, b"irot").and_then(|turn| match turn.first()? & 3 {
        1 => Some(8),
        2 => Some(3),
        3 => Some(6),
        _ => None,
    });
    let profile = property(head, b"colrprof").map(<[u8]>::to_vec);
    Ok(Raster { width: frame.width(), height: frame.height(), rgb, profile, orientation })
}

/// What a property of this name holds.
fn property<'b>(head: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    let at = memchr::memmem::find(head, name)?;
    let start = at.checked_sub(4)?;
    let size = u32::from_be_bytes(head.get(start..at)?.try_into().ok()?);
    head.get(at + name.len()..start.checked_add(size as usize)?)
}

fn decoded(frame: Vec<u8>) -> Result<Picture, JpegError> {
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

    /// The sample at a place of the picture.
    fn at(&self, x: u32, y: u32) -> u16 {
        let (x, y) = ((x >> self.halved.0) as usize, (y >> self.halved.1) as usize);
        let byte = |at: usize| u16::from(self.samples.get(at).copied().unwrap_or(0));
        if self.is_wide {
            let at = y * self.stride + x * 2;
            byte(at) | byte(at + 1) << 8
        } else {
            byte(y * self.stride + x)
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
        for x in 0..frame.width() {
            let light = luma.at(x, y);
            let colour = match &chroma {
                Some((u, v)) => convert.to_rgb(YUV { y: light, u: u.at(x, y), v: v.at(x, y) }).into(),
                None => [convert.to_luma(light); 3],
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
    let places = (0..mask.height()).flat_map(|y| (0..mask.width()).map(move |x| (x, y)));
    for (pixel, (x, y)) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(places) {
        let alpha = (plane.at(x, y) >> excess) as u8;
        for colour in pixel {
            *colour = if is_premultiplied { colour.saturating_add(255 - alpha) } else { on_white(*colour, alpha) };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PictureType;
    use crate::poll::jpeg::of;

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
        let jpeg = of(PictureType::Avif, TURNED).unwrap().unwrap();
        assert_eq!(imagesize::image_type(&jpeg).unwrap(), imagesize::ImageType::Jpeg);
        assert_eq!(crate::fetch::orientation(&jpeg), Some(6));
    }

    #[test]
    fn what_breaks_off_is_refused() {
        for end in 0..QUARTERS.len() {
            assert!(raster(&QUARTERS[..end]).is_err(), "{end}");
        }
    }

    proptest::proptest! {
        #[test]
        fn damaged_pictures_are_survived(
            which in 0..5_usize,
            damage in proptest::collection::vec((0..600_usize, proptest::num::u8::ANY), 1..4),
        ) {
            let mut bytes = [QUARTERS, DEEP, CLEAR, TURNED, GREY][which].to_vec();
            for (at, value) in damage {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            let _ = raster(&bytes);
        }
    }
}
