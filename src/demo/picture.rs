//! Pictures drawn by the newsroom itself: a river under a sky, another one for each caption, as PNG.

use std::io::{self, Write as _};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 675;

type Colour = [u8; 3];

/// Colours of sky above, sky below, sun, far hills, near hills, water.
const PALETTES: [[Colour; 6]; 6] = [
    [[28, 52, 97], [246, 168, 120], [255, 236, 190], [92, 84, 122], [46, 58, 84], [72, 96, 138]],
    [[86, 164, 214], [226, 240, 244], [255, 252, 230], [120, 160, 148], [62, 110, 88], [88, 150, 170]],
    [[250, 214, 165], [255, 240, 214], [255, 160, 92], [214, 150, 110], [150, 96, 74], [236, 178, 130]],
    [[18, 24, 58], [70, 80, 132], [240, 240, 220], [40, 48, 88], [22, 28, 56], [36, 48, 94]],
    [[148, 190, 160], [236, 240, 206], [255, 250, 210], [112, 150, 104], [58, 98, 62], [130, 176, 150]],
    [[196, 120, 140], [250, 206, 190], [255, 240, 220], [140, 88, 116], [84, 56, 84], [176, 124, 140]],
];

/// The picture for a caption: the same caption gives the same picture.
pub(super) fn png(caption: &str) -> io::Result<Vec<u8>> {
    let seed = caption.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // Eight bits, true colour, and the only methods there are.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &pixels(seed)?);
    chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
}

/// The compressed rows, each as its difference from the row above, which is mostly nothing.
fn pixels(seed: u32) -> io::Result<Vec<u8>> {
    let scene = Scene::new(seed);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut above = vec![0_u8; WIDTH as usize * 3];
    for y in 0..HEIGHT {
        let row = scene.row(y);
        let mut line = vec![2_u8];
        line.extend(row.iter().zip(&above).map(|(now, before)| now.wrapping_sub(*before)));
        packed.write_all(&line)?;
        above = row;
    }
    packed.finish()
}

struct Scene {
    palette: [Colour; 6],
    /// The skylines of the hills, by column.
    far: Vec<u32>,
    near: Vec<u32>,
    sun: (i64, i64),
    shore: u32,
}

impl Scene {
    fn new(seed: u32) -> Self {
        let palette = PALETTES.get(seed as usize % PALETTES.len()).copied().unwrap_or_default();
        let part = |shift: u32, most: u32| f64::from((seed >> shift) % most);
        let skyline = |base: f64, height: f64, phase: f64| -> Vec<u32> {
            let hill = |x: u32| {
                let x = f64::from(x) / f64::from(WIDTH) * std::f64::consts::TAU;
                base - height
                    * ((x * 1.3 + phase).sin()
                        + 0.5 * (x * 2.9 + phase * 2.0).sin()
                        + 0.2 * (x * 7.1 + phase * 3.0).sin())
            };
            (0..WIDTH).map(|x| hill(x).max(0.0) as u32).collect()
        };
        Self {
            palette,
            far: skyline(380.0, 42.0, part(3, 60) / 10.0),
            near: skyline(440.0, 34.0, part(9, 60) / 10.0),
            sun: (200 + part(15, 800) as i64, 120 + part(5, 130) as i64),
            shore: 480,
        }
    }

    fn row(&self, y: u32) -> Vec<u8> {
        let [high, low, sun, far, near, water] = self.palette;
        let sky = mix(high, low, f64::from(y) / f64::from(self.shore));
        // The sun's road on the water, and ripples that grow towards the front.
        let depth = f64::from(y.saturating_sub(self.shore)) / f64::from(HEIGHT - self.shore);
        let ripple = (f64::from(y) * (0.9 - 0.5 * depth)).sin() > 0.55;
        let river = mix(mix(low, water, 0.45 + 0.55 * depth), sun, if ripple { 0.12 } else { 0.0 });
        let skylines = self.far.iter().zip(&self.near);
        let pixel = |(x, (far_line, near_line)): (usize, (&u32, &u32))| {
            let from_sun = x as i64 - self.sun.0;
            if y >= self.shore {
                let road = from_sun.abs() < 24 + (depth * 70.0) as i64 && ripple;
                if road { mix(river, sun, 0.6) } else { river }
            } else if y >= *near_line {
                near
            } else if y >= *far_line {
                far
            } else {
                let distance = from_sun * from_sun + (i64::from(y) - self.sun.1).pow(2);
                if distance < 52 * 52 { sun } else { sky }
            }
        };
        skylines.enumerate().flat_map(pixel).collect()
    }
}

fn mix(one: Colour, other: Colour, share: f64) -> Colour {
    let mut mixed = one;
    for (to, from) in mixed.iter_mut().zip(other) {
        *to = (f64::from(*to) + (f64::from(from) - f64::from(*to)) * share.clamp(0.0, 1.0)) as u8;
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_and_each_is_another() {
        let (one, other) = (png("Cầu mới").unwrap(), png("Chợ nổi").unwrap());
        assert_eq!(imagesize::blob_size(&one).map(|size| (size.width, size.height)).ok(), Some((1200, 675)));
        assert!(one != other && one == png("Cầu mới").unwrap());
        assert!((5_000..400_000).contains(&one.len()), "{} bytes", one.len());
    }
}
