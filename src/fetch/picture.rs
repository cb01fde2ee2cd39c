//! Looking at a picture: its first bytes tell type and dimensions, the headers its length. A copy takes
//! all of its bytes.

use bytes::{Bytes, BytesMut};
use imagesize::ImageType;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE, REFERER,
};
use url::Url;

use super::client::{Answer, Client, Word};
use super::document::given;
use super::{FetchError, error};
use crate::model::{PictureType, Validators};

/// Enough for the dimensions of nearly every picture.
const HEAD: u64 = 64 * 1024;
/// Where dimensions lie behind long metadata, or the length must be counted, this much is read; a
/// picture that is larger is not copied.
const MOST: u64 = 20 * 1024 * 1024;
/// Pictures up to this many pixels on a side are counters and spacers.
const PIXEL: u32 = 2;
/// A picture that says it has more pixels is made to fill a reader's memory.
const PIXELS: u64 = 200_000_000;

/// How to look at a picture.
#[derive(Debug, Clone, Copy)]
pub struct PictureRequest<'a> {
    /// Its address.
    pub url: &'a Url,
    /// The page it stands on: named to servers that insist.
    pub page: Option<&'a Url>,
    /// Whether its server is known to insist.
    pub insists: bool,
    /// From the last look.
    pub validators: &'a Validators,
    /// Whether all of its bytes are wanted.
    pub whole: bool,
}

/// What came of looking at a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureAnswer {
    /// It is as it was when the validators were given.
    NotModified,
    /// It is a picture.
    Picture(Box<SeenPicture>),
    /// Its owner does not want it to be fetched by programs: in words.
    Forbidden(String),
    /// It is none that can be shown.
    Unusable {
        /// In words.
        why: String,
        /// Whether it may be one at another time.
        transient: bool,
    },
}

/// A picture as its bytes show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPicture {
    /// Its type.
    pub kind: PictureType,
    /// Length in bytes; None when the server does not tell.
    pub length: Option<u64>,
    /// Width in pixels, as shown.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
    /// For asking again.
    pub validators: Validators,
    /// The media type that the server states, where the bytes say another.
    pub stated_type: Option<String>,
    /// Whether the server gave it only to a reader of its page.
    pub insisted: bool,
    /// All of its bytes, when they were wanted and are not too many.
    pub bytes: Option<Bytes>,
}

/// Looks at a picture. A server that refuses, or sends something else than a picture, is asked once more
/// as a reader of the page would.
pub(super) async fn look(client: &Client, request: PictureRequest<'_>) -> PictureAnswer {
    let first = if request.insists { request.page } else { None };
    let outcome = ask(client, request, first).await;
    let Some(page) = request.page.filter(|_| first.is_none() && is_refusal(&outcome)) else {
        return answer(outcome, first.is_some());
    };
    match ask(client, request, Some(page)).await {
        Ok(seen @ (Seen::Picture(_) | Seen::NotModified)) => answer(Ok(seen), true),
        // What was said first is nearer to what readers would get.
        _ => answer(outcome, false),
    }
}

/// Whether an outcome is what servers do to readers of other pages.
fn is_refusal(outcome: &Result<Seen, FetchError>) -> bool {
    matches!(outcome, Err(FetchError::Status { status: 401 | 403, .. }) | Ok(Seen::Not { foreign: true, .. }))
}

fn answer(outcome: Result<Seen, FetchError>, insisted: bool) -> PictureAnswer {
    match outcome {
        Ok(Seen::NotModified) => PictureAnswer::NotModified,
        Ok(Seen::Picture(seen)) => PictureAnswer::Picture(Box::new(SeenPicture { insisted, ..*seen })),
        Ok(Seen::Not { why, .. }) => PictureAnswer::Unusable { why: why.to_owned(), transient: false },
        Err(problem) => PictureAnswer::Unusable { why: error::in_words(&problem), transient: problem.is_transient() },
    }
}

enum Seen {
    NotModified,
    Picture(Box<SeenPicture>),
    Not {
        why: &'static str,
        /// Whether the bytes are no picture of any kind.
        foreign: bool,
    },
}

async fn ask(client: &Client, request: PictureRequest<'_>, referer: Option<&Url>) -> Result<Seen, FetchError> {
    let mut answer = client.ask(request.url, &headers(request, referer), Word::Document).await?;
    let status = answer.response.status().as_u16();
    if status == 304 {
        return Ok(Seen::NotModified);
    }
    if !(200..300).contains(&status) {
        return Err(FetchError::Status { url: answer.url, status });
    }
    let stated = stated_length(&answer, status);
    let mut bytes = BytesMut::new();
    let mut ended = read(&mut answer, &mut bytes, HEAD).await?;
    let Some(kind) = kind_of(&bytes) else {
        let why = if is_svg(&bytes) {
            "it is an SVG drawing, which feeds do not carry"
        } else {
            "its bytes are no picture that feeds can carry"
        };
        return Ok(Seen::Not { why, foreign: !is_svg(&bytes) });
    };
    let mut size = imagesize::blob_size(&bytes).ok();
    // A length that nobody states is counted; a picture whose head was not enough is read on.
    let wants_more = request.whole && stated.is_none_or(|length| length <= MOST) || size.is_none() || stated.is_none();
    if wants_more && !ended && status == 200 {
        ended = read(&mut answer, &mut bytes, MOST).await?;
        size = size.or_else(|| imagesize::blob_size(&bytes).ok());
    }
    let Some(size) = size else {
        return Ok(Seen::Not { why: "its dimensions cannot be read", foreign: false });
    };
    let (width, height) =
        (u32::try_from(size.width).unwrap_or(u32::MAX), u32::try_from(size.height).unwrap_or(u32::MAX));
    if width <= PIXEL || height <= PIXEL {
        return Ok(Seen::Not { why: "it is a tracking pixel or a spacer", foreign: false });
    }
    if u64::from(width) * u64::from(height) > PIXELS {
        return Ok(Seen::Not { why: "it says that it has more pixels than any photograph", foreign: false });
    }
    let is_turned = matches!(kind, PictureType::Jpeg | PictureType::Webp | PictureType::Tiff)
        && orientation(&bytes).is_some_and(|value| (5..=8).contains(&value));
    let (width, height) = if is_turned { (height, width) } else { (width, height) };
    let is_whole = ended && status == 200;
    if request.whole && is_whole && !is_complete(kind, &bytes) {
        return Ok(Seen::Not { why: "its end is missing", foreign: false });
    }
    // What was counted is truer than what was stated.
    let is_all = is_whole || ended && (bytes.len() as u64) < HEAD && is_last(kind, &bytes);
    let length = is_all.then_some(bytes.len() as u64).or(stated);
    let bytes = (request.whole && is_whole).then(|| bytes.freeze());
    let (validators, stated_type) = (given(&answer), other_type(&answer, kind));
    Ok(Seen::Picture(Box::new(SeenPicture {
        kind,
        length,
        width,
        height,
        validators,
        stated_type,
        insisted: false,
        bytes,
    })))
}

fn headers(request: PictureRequest<'_>, referer: Option<&Url>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("image/avif, image/webp, image/*, */*;q=0.5"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let mut put = |name: HeaderName, value: Option<&str>| {
        if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
            headers.insert(name, value);
        }
    };
    let range = format!("bytes=0-{}", HEAD - 1);
    put(RANGE, (!request.whole).then_some(range.as_str()));
    put(REFERER, referer.map(Url::as_str));
    put(IF_NONE_MATCH, request.validators.etag.as_deref());
    put(IF_MODIFIED_SINCE, request.validators.last_modified.as_deref());
    headers
}

/// Reads on until `most` bytes are there; true when the body ended.
async fn read(answer: &mut Answer, bytes: &mut BytesMut, most: u64) -> Result<bool, FetchError> {
    while (bytes.len() as u64) < most {
        match answer.chunk().await? {
            Some(chunk) => bytes.extend_from_slice(&chunk),
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// The length of the whole picture as the headers tell it: of a part `Content-Range` (RFC 9110
/// s.14.4), else `Content-Length`.
fn stated_length(answer: &Answer, status: u16) -> Option<u64> {
    if status == 206 {
        return answer.header("content-range")?.rsplit_once('/')?.1.trim().parse().ok();
    }
    if answer.header("content-encoding").is_some() {
        return None;
    }
    answer.header("content-length")?.trim().parse().ok()
}

/// The type that the server states, where it is another than that of the bytes.
fn other_type(answer: &Answer, kind: PictureType) -> Option<String> {
    let stated = answer.header("content-type")?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_same =
        stated == kind.mime_type() || (kind == PictureType::Jpeg && matches!(&*stated, "image/jpg" | "image/pjpeg"));
    (!is_same && !stated.is_empty()).then(|| stated.chars().take(100).collect())
}

/// The type by the first bytes, of pictures that feeds can carry.
fn kind_of(bytes: &[u8]) -> Option<PictureType> {
    Some(match imagesize::image_type(bytes).ok()? {
        ImageType::Jpeg => PictureType::Jpeg,
        ImageType::Png => PictureType::Png,
        ImageType::Gif => PictureType::Gif,
        ImageType::Webp => PictureType::Webp,
        ImageType::Bmp => PictureType::Bmp,
        ImageType::Tiff => PictureType::Tiff,
        ImageType::Heif(imagesize::Compression::Av1) => PictureType::Avif,
        ImageType::Heif(_) => PictureType::Heic,
        _ => return None,
    })
}

/// Whether bytes begin as an SVG drawing does.
fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    let is_html = memchr::memmem::find(&head, b"<html").is_some();
    !is_html && memchr::memmem::find(&head, b"<svg").is_some()
}

/// Whether a part that is shorter than what was asked for ends with the picture's end, and so is all of it.
fn is_last(kind: PictureType, bytes: &[u8]) -> bool {
    /// Some programs put a few bytes after the end.
    const AFTER: usize = 64;
    let tail = bytes.get(bytes.len().saturating_sub(AFTER)..).unwrap_or_default();
    match kind {
        PictureType::Gif => bytes.ends_with(b"\x3b"),
        PictureType::Jpeg | PictureType::Png => is_complete(kind, tail),
        PictureType::Webp => is_complete(kind, bytes),
        PictureType::Avif | PictureType::Heic | PictureType::Bmp | PictureType::Tiff => false,
    }
}

/// Whether a picture has its end: a body can break off without its server noticing.
fn is_complete(kind: PictureType, bytes: &[u8]) -> bool {
    let ends_with_mark = |mark: &[u8]| memchr::memmem::rfind(bytes, mark).is_some();
    match kind {
        PictureType::Jpeg => ends_with_mark(b"\xff\xd9"),
        PictureType::Png => ends_with_mark(b"IEND"),
        PictureType::Gif => ends_with_mark(b"\x3b"),
        PictureType::Webp => {
            let size = bytes.get(4..8).and_then(|quad| quad.try_into().ok()).map_or(u32::MAX, u32::from_le_bytes);
            bytes.len() as u64 >= u64::from(size) + 8
        }
        // Boxes and tables may lie in any order; nothing cheap tells.
        PictureType::Avif | PictureType::Heic | PictureType::Bmp | PictureType::Tiff => true,
    }
}

/// The EXIF orientation (tag 0x0112) of a picture; from 5 to 8 it is turned by a quarter.
pub(crate) fn orientation(bytes: &[u8]) -> Option<u16> {
    let head = bytes.get(..bytes.len().min(64 * 1024))?;
    let tiff = match bytes.get(..4)? {
        b"II*\0" | b"MM\0*" => bytes,
        // A WebP file has its EXIF at the end, in a chunk of its own; some write JPEG's mark before it.
        b"RIFF" => {
            let chunk = bytes.get(memchr::memmem::rfind(bytes, b"EXIF")? + 8..)?;
            chunk.strip_prefix(b"Exif\0\0").unwrap_or(chunk)
        }
        _ => bytes.get(memchr::memmem::find(head, b"Exif\0\0")? + 6..)?,
    };
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let quad: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let table = if little { u32::from_le_bytes(quad) } else { u32::from_be_bytes(quad) } as usize;
    let count = usize::from(u16_at(table)?);
    (0..count.min(200)).find_map(|entry| {
        let at = table.checked_add(2)?.checked_add(entry * 12)?;
        (u16_at(at)? == 0x0112).then(|| u16_at(at + 8)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exif(little: bool, orientation: u16) -> Vec<u8> {
        let u16 = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let u32 = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut out = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        out.extend(u32(8));
        out.extend(u16(1));
        out.extend(u16(0x0112));
        out.extend(u16(3));
        out.extend(u32(1));
        out.extend(u16(orientation));
        out.extend([0; 6]);
        out
    }

    #[test]
    fn orientation_is_read_in_both_byte_orders_and_from_every_container() {
        for little in [true, false] {
            let tiff = exif(little, 6);
            assert_eq!(orientation(&tiff), Some(6));
            assert_eq!(orientation(&[b"\xff\xd8\xff\xe1\0\0Exif\0\0".as_slice(), &tiff].concat()), Some(6));
            assert_eq!(orientation(&[b"RIFF0000WEBPEXIF0000".as_slice(), &tiff].concat()), Some(6));
        }
        for bad in [b"".as_slice(), b"II*\0", b"RIFF", b"Exif\0\0II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(orientation(bad), None);
        }
    }

    #[test]
    fn types_are_told_by_bytes() {
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(PictureType::Png));
        assert_eq!(kind_of(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"), Some(PictureType::Avif));
        assert_eq!(kind_of(b"<!doctype html><html>"), None);
        assert!(is_svg(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
        assert!(!is_svg(b"<!doctype html><html><body><svg></svg>"));
    }

    #[test]
    fn a_picture_without_its_end_is_told() {
        assert!(is_complete(PictureType::Jpeg, b"\xff\xd8 \xff\xd9 trailing"));
        assert!(!is_complete(PictureType::Jpeg, b"\xff\xd8 \xff"));
        assert!(!is_complete(PictureType::Webp, b"RIFF\x10\0\0\0WEBP"));
        assert!(!is_complete(PictureType::Webp, b""));
    }

    proptest::proptest! {
        #[test]
        fn hostile_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), head in 0..6_usize) {
            let heads: [&[u8]; 6] = [b"II*\0", b"\xff\xd8\xff\xe1", b"RIFF0000WEBPEXIF", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x1cftypavif", b"GIF89a"];
            let all = [heads[head], &bytes].concat();
            orientation(&all);
            kind_of(&all);
            let _ = imagesize::blob_size(&all);
            for kind in [PictureType::Jpeg, PictureType::Png, PictureType::Gif, PictureType::Webp] {
                is_complete(kind, &all);
            }
        }
    }
}
