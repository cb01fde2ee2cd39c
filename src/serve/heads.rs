//! The headers of published documents, made once: a request copies them.

use std::sync::OnceLock;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::Shelved;
use super::conditional::{Coding, http_date};
use super::router::{guard, set};

/// How long a reader may show an old document while it fetches the new one, in seconds.
const STALE: u32 = 3600;

/// The headers of a document in each coding.
#[derive(Debug, Clone, Default)]
pub struct Heads(OnceLock<[Head; 4]>);

/// The headers of a document in one coding.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Those that come with the body.
    pub whole: HeaderMap,
    /// Those of a 304: what a cache may have to renew, and nothing that it has (RFC 9110 s.15.4.5).
    pub unchanged: HeaderMap,
}

impl Heads {
    /// The headers of a document in a coding.
    pub(super) fn of(&self, document: &Shelved, coding: Coding) -> &Head {
        let heads = self.0.get_or_init(|| {
            Coding::ALL.map(|coding| {
                let whole = head(document, coding);
                Head { unchanged: unchanged(&whole), whole }
            })
        });
        coding.of(heads)
    }
}

/// What a 304 says of the headers of a 200.
pub(super) fn unchanged(whole: &HeaderMap) -> HeaderMap {
    const RENEWED: [HeaderName; 4] =
        [header::ETAG, header::CACHE_CONTROL, header::VARY, header::ACCESS_CONTROL_ALLOW_ORIGIN];
    RENEWED.into_iter().filter_map(|name| whole.get(&name).cloned().map(|value| (name, value))).collect()
}

/// Whether a browser that opens the document is to be told only that it is XML: then it shows it with its
/// stylesheet, where it would offer a feed for saving or show its source.
pub(super) fn has_page_form(document: &Shelved) -> bool {
    document.rendered.content_type.contains("+xml")
}

fn head(document: &Shelved, coding: Coding) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let rendered = &document.rendered;
    guard(&mut headers, rendered.content_type);
    let max_age = document.max_age;
    let (cached, varies) = match (document.access.is_public(), has_page_form(document)) {
        (true, true) => {
            (format!("public, max-age={max_age}, stale-while-revalidate={STALE}"), "Accept-Encoding, Sec-Fetch-Dest")
        }
        (true, false) => (format!("public, max-age={max_age}, stale-while-revalidate={STALE}"), "Accept-Encoding"),
        (false, true) => (format!("private, max-age={max_age}"), "Accept-Encoding, Authorization, Sec-Fetch-Dest"),
        (false, false) => (format!("private, max-age={max_age}"), "Accept-Encoding, Authorization"),
    };
    set(&mut headers, header::ETAG, &coding.etag(&rendered.etag));
    set(&mut headers, header::LAST_MODIFIED, &http_date(rendered.last_modified));
    set(&mut headers, header::CACHE_CONTROL, &cached);
    // A value that is static is copied without a count that all threads share.
    headers.insert(header::VARY, HeaderValue::from_static(varies));
    if document.access.is_public() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if let Some(name) = coding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if document.noindex {
        headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    // In one header, which is less to copy for each request (RFC 8288 s.3).
    if !document.links.is_empty() {
        set(&mut headers, header::LINK, &document.links.join(", "));
    }
    headers
}
