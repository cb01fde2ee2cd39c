//! Requests to addresses that strangers named: callbacks of WebSub's subscribers, and outside hubs. One
//! request, no redirect, and as much of the answer as is asked for.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LINK};
use url::Url;

use super::FetchError;
use super::cache::retry_after;
use super::client::{Answer, Client, Word};

/// What is asked of a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// A GET, whose answer's first bytes are wanted: this many.
    Ask {
        /// At most this many bytes of the answer are read.
        most: usize,
    },
    /// A POST, whose answer's body is not read.
    Send {
        /// Its `Content-Type`.
        content_type: String,
        /// Its `Link` headers.
        links: Vec<String>,
        /// Its `X-Hub-Signature`.
        signature: Option<String>,
        /// Its body.
        body: Bytes,
    },
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The first bytes of the body, when they were wanted; one more than was wanted says that it is longer.
    pub body: Bytes,
}

impl Called {
    /// Whether it was accepted: 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Makes the request.
pub(super) async fn call(client: &Client, url: &Url, call: Call) -> Result<Called, FetchError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let (body, most) = match call {
        Call::Ask { most } => (None, most),
        Call::Send { content_type, links, signature, body } => {
            put(&mut headers, CONTENT_TYPE, &content_type);
            for link in &links {
                put(&mut headers, LINK, link);
            }
            if let Some(signature) = signature {
                put(&mut headers, HeaderName::from_static("x-hub-signature"), &signature);
            }
            (Some(body), 0)
        }
    };
    // Redirects aside, the hub's own rules hold: its fetcher is made with them.
    let mut answer = client.send(url, &headers, body, Word::Admin, None).await?;
    let now = crate::clock::Clock::system().now();
    Ok(Called {
        status: answer.response.status().as_u16(),
        retry_after: retry_after(answer.header("retry-after"), answer.header("date"), now),
        body: if most == 0 { Bytes::new() } else { beginning(&mut answer, most).await? },
    })
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}

async fn beginning(answer: &mut Answer, most: usize) -> Result<Bytes, FetchError> {
    let mut body = BytesMut::new();
    while body.len() <= most {
        let Some(chunk) = answer.chunk().await? else { break };
        body.extend_from_slice(&chunk);
    }
    body.truncate(most + 1);
    Ok(body.freeze())
}
