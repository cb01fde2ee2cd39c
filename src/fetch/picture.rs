//! Looking at a picture: its first bytes tell type and dimensions, the headers its length.

use bytes::BytesMut;
use chrono::{DateTime, Utc};
use imagesize::ImageType;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, RANGE, REFERER};
use url::Url;

use super::client::{Answer, Client};
use super::{FetchError, error};
use crate::model::PictureFacts;

/// Enough for the dimensions of nearly every picture.
const HEAD: u64 = 64 * 1024;
/// Where dimensions lie behind long metadata, or the length must be counted, this much is read.
const MOST: u64 = 20 * 1024 * 1024;
/// Pictures up to this many pixels on a side are counters and spacers.
const PIXEL: u32 = 2;

/// Looks at a picture.
pub(super) async fn look(client: &Client, url: &Url, referer: Option<&Url>, now: DateTime<Utc>) -> PictureFacts {
    let mut outcome = ask(client, url, None).await;
    // Some servers give pictures only to readers of their pages.
    if let (Err(FetchError::Status { status: 401 | 403, .. }), Some(page)) = (&outcome, referer) {
        outcome = ask(client, url, Some(page)).await;
    }
    match outcome {
        Ok(Seen::Picture { mime_type, length, width, height }) => {
            PictureFacts::Picture { mime_type: mime_type.to_owned(), length, width, height, learnt: now }
        }
        Ok(Seen::Not(why)) => PictureFacts::Unusable { why: why.to_owned(), learnt: now },
        Err(problem) => PictureFacts::Unusable { why: error::in_words(&problem), learnt: now },
    }
}

enum Seen {
    Picture { mime_type: &'static str, length: Option<u64>, width: u32, height: u32 },
    Not(&'static str),
}

async fn ask(client: &Client, url: &Url, referer: Option<&Url>) -> Result<Seen, FetchError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("image/avif, image/webp, image/*, */*;q=0.5"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Ok(range) = HeaderValue::from_str(&format!("bytes=0-{}", HEAD - 1)) {
        headers.insert(RANGE, range);
    }
    if let Some(page) = referer.and_then(|page| HeaderValue::from_str(page.as_str()).ok()) {
        headers.insert(REFERER, page);
    }
    let mut answer = client.ask(url, &headers).await?;
    let status = answer.response.status().as_u16();
    if !(200..300).contains(&status) {
        return Err(FetchError::Status { url: answer.url, status });
    }
    let stated = stated_length(&answer, status);
    let mut bytes = BytesMut::new();
    let ended = read(&mut answer, &mut bytes, HEAD).await?;
    let Some(mime_type) = mime_type(&bytes) else {
        return Ok(Seen::Not("its bytes are no picture that feeds can carry"));
    };
    let mut size = imagesize::blob_size(&bytes).ok();
    let mut ended = ended;
    // A length that nobody states is counted; a picture whose head was not enough is read on.
    if (size.is_none() || stated.is_none()) && !ended && status == 200 {
        ended = read(&mut answer, &mut bytes, MOST).await?;
        size = size.or_else(|| imagesize::blob_size(&bytes).ok());
    }
    let Some(size) = size else { return Ok(Seen::Not("its dimensions cannot be read")) };
    let counted = (ended && status == 200).then_some(bytes.len() as u64);
    let (mut width, mut height) = (u32::try_from(size.width).unwrap_or(0), u32::try_from(size.height).unwrap_or(0));
    if width <= PIXEL || height <= PIXEL {
        return Ok(Seen::Not("it is a tracking pixel or a spacer"));
    }
    if mime_type == "image/jpeg" && is_turned(&bytes) {
        (width, height) = (height, width);
    }
    // What was counted is truer than what was stated.
    Ok(Seen::Picture { mime_type, length: counted.or(stated), width, height })
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

/// The media type by the first bytes, of pictures that feeds can carry.
fn mime_type(bytes: &[u8]) -> Option<&'static str> {
    Some(match imagesize::image_type(bytes).ok()? {
        ImageType::Jpeg => "image/jpeg",
        ImageType::Png => "image/png",
        ImageType::Gif => "image/gif",
        ImageType::Webp => "image/webp",
        ImageType::Bmp => "image/bmp",
        ImageType::Tiff => "image/tiff",
        ImageType::Heif(imagesize::Compression::Av1) => "image/avif",
        ImageType::Heif(_) => "image/heic",
        _ => return None,
    })
}

/// Whether a JPEG's EXIF orientation (tag 0x0112) turns it by a quarter.
fn is_turned(bytes: &[u8]) -> bool {
    orientation(bytes).is_some_and(|value| (5..=8).contains(&value))
}

fn orientation(bytes: &[u8]) -> Option<u16> {
    let start = memchr::memmem::find(bytes.get(..bytes.len().min(64 * 1024))?, b"Exif\0\0")? + 6;
    let tiff = bytes.get(start..)?;
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
