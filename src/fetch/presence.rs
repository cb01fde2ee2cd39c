//! Whether a page is still there, with as little download as possible.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, RANGE};
use url::Url;

use super::client::{Client, Word};

/// What a server says of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    There,
    /// 404: perhaps for a while only.
    Missing,
    /// 410: it will not come back.
    Gone,
    /// The server cannot be asked just now, or does not say.
    Unknown,
}

/// Asks for the first byte of a page.
pub(super) async fn presence(client: &Client, url: &Url) -> Presence {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"));
    headers.insert(RANGE, HeaderValue::from_static("bytes=0-0"));
    match client.ask(url, &headers, Word::Document).await.map(|answer| answer.response.status()) {
        Ok(StatusCode::GONE) => Presence::Gone,
        Ok(StatusCode::NOT_FOUND) => Presence::Missing,
        // What has no first byte is there all the same.
        Ok(status) if status.is_success() || status == StatusCode::RANGE_NOT_SATISFIABLE => Presence::There,
        _ => Presence::Unknown,
    }
}
