//! The headers of published documents, made once: a request copies them.

use std::sync::OnceLock;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::Shelved;
use super::conditional::{Coding, http_date};
use super::router::guard;

/// How long a reader may show an old document while it fetches the new one, in seconds.
const STALE: u32 = 3600;

/// The headers of a document in each coding.
#[derive(Debug, Clone, Default)]
pub struct Heads(OnceLock<[HeaderMap; 4]>);

impl Heads {
    /// The headers of a document in a coding; those of a 304 lack the coding's name.
    pub(super) fn of(&self, document: &Shelved, coding: Coding) -> HeaderMap {
        let [identity, gzip, brotli, zstd] = self.0.get_or_init(|| {
            [Coding::Identity, Coding::Gzip, Coding::Brotli, Coding::Zstd].map(|coding| head(document, coding))
        });
        match coding {
            Coding::Identity => identity.clone(),
            Coding::Gzip => gzip.clone(),
            Coding::Brotli => brotli.clone(),
            Coding::Zstd => zstd.clone(),
        }
    }
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
    let mut put = |name, value: &str| {
        // Our own words and addresses: they hold nothing that a header must not hold.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    };
    put(header::ETAG, &coding.etag(&rendered.etag));
    put(header::LAST_MODIFIED, &http_date(rendered.last_modified));
    let max_age = document.max_age;
    if document.access.is_public() {
        put(header::CACHE_CONTROL, &format!("public, max-age={max_age}, stale-while-revalidate={STALE}"));
        put(header::VARY, if has_page_form(document) { "Accept-Encoding, Sec-Fetch-Dest" } else { "Accept-Encoding" });
        put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
        put(header::CACHE_CONTROL, &format!("private, max-age={max_age}"));
        let vary = "Accept-Encoding, Authorization, Sec-Fetch-Dest";
        put(header::VARY, if has_page_form(document) { vary } else { "Accept-Encoding, Authorization" });
    }
    if let Some(name) = coding.name() {
        put(header::CONTENT_ENCODING, name);
    }
    if document.noindex {
        put(HeaderName::from_static("x-robots-tag"), "noindex");
    }
    for link in &document.links {
        put(header::LINK, link);
    }
    headers
}
