//! Bodies in the codings that readers take, made once per change.

use std::io::Write as _;

use bytes::Bytes;

use super::Rendered;

/// Good ratios at a cost that a render can bear.
const GZIP: u32 = 6;
const BROTLI: u32 = 5;
const ZSTD: i32 = 7;
/// The smallest and the largest window of brotli, as powers of two: memory that is cleared for each body.
const WINDOWS: (u32, u32) = (16, 22);

/// A body in each coding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compressed {
    /// `gzip`.
    pub gzip: Bytes,
    /// `br`.
    pub br: Bytes,
    /// `zstd`.
    pub zstd: Bytes,
}

impl Compressed {
    /// Whether nothing was coded yet.
    pub fn is_empty(&self) -> bool {
        self.gzip.is_empty() && self.br.is_empty() && self.zstd.is_empty()
    }
}

/// Codes a body. The same body always gives the same bytes. Pictures are small already: of them there is
/// nothing.
pub fn compress(rendered: &Rendered) -> Compressed {
    if rendered.content_type.starts_with("image/") {
        return Compressed::default();
    }
    Compressed { gzip: gzip(&rendered.body), br: brotli(&rendered.body), zstd: zstd_coded(&rendered.body) }
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::new(GZIP));
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default().into()
}

fn brotli(body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(body.len() / 4);
    let window = (body.len().max(1).ilog2() + 1).clamp(WINDOWS.0, WINDOWS.1);
    let mut encoder = brotli::CompressorWriter::new(&mut out, 16 * 1024, BROTLI, window);
    let _ = encoder.write_all(body);
    drop(encoder);
    out.into()
}

fn zstd_coded(body: &[u8]) -> Bytes {
    zstd::bulk::compress(body, ZSTD).unwrap_or_default().into()
}
