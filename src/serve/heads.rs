//! The headers of published documents, made once: a request copies them.

use std::sync::OnceLock;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;

use super::Shelved;
use super::conditional::{Coding, http_date};
use super::router::{guard, set};

/// How long a reader may show an old document while it fetches the new one, in seconds.
const STALE: u32 = 3600;

/// The headers of a document in each coding, and its own address.
#[derive(Debug, Clone, Default)]
pub struct Heads(OnceLock<Made>);

#[derive(Debug, Clone)]
struct Made {
    heads: [Head; 4],
    own: Option<Own>,
}

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
        coding.of(&self.made(document).heads)
    }

    /// The address that a document names as its own; None for what names none.
    pub(super) fn own(&self, document: &Shelved) -> Option<&Own> {
        self.made(document).own.as_ref()
    }

    fn made(&self, document: &Shelved) -> &Made {
        self.0.get_or_init(|| {
            let heads = Coding::ALL.map(|coding| {
                let whole = head(document, coding);
                Head { unchanged: unchanged(&whole), whole }
            });
            Made { heads, own: Own::of(&document.links) }
        })
    }
}

/// A document's own address. Others that lead to it come with a token or for a part in the query, or by another
/// name of the host: the answer to them says what it is the address of (RFC 9110 s.8.7).
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) address: HeaderValue,
    host: String,
}

impl Own {
    fn of(links: &[String]) -> Option<Self> {
        let own = links.iter().find_map(|link| link.strip_suffix("; rel=\"self\""));
        let address = own.and_then(|address| address.strip_prefix('<')?.strip_suffix('>'))?;
        let host = address.split("://").nth(1)?.split('/').next()?.to_owned();
        Some(Self { address: HeaderValue::from_str(address).ok()?, host })
    }

    /// Whether a request names the document by this address.
    pub(super) fn is_asked_for(&self, head: &Parts) -> bool {
        let asked = head.headers.get(header::HOST).map(HeaderValue::as_bytes);
        let asked = asked.or_else(|| head.uri.authority().map(|host| host.as_str().as_bytes()));
        head.uri.query().is_none() && asked.is_none_or(|asked| asked.eq_ignore_ascii_case(self.host.as_bytes()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_asked_for_by_its_own_address_or_another() {
        let address = "https://feeds.example.org/feeds/all.rss";
        let own =
            Own::of(&["<https://hub.example/>; rel=\"hub\"".into(), format!("<{address}>; rel=\"self\"")]).unwrap();
        assert_eq!(own.address, address);
        let asks = |uri: &str, host: &str| {
            let request = hyper::Request::get(uri).header(header::HOST, host).body(()).unwrap();
            own.is_asked_for(&request.into_parts().0)
        };
        assert!(asks("/feeds/all.rss", "Feeds.example.org"));
        assert!(!asks("/feeds/all.rss?token=a", "feeds.example.org"));
        assert!(!asks("/feeds/all.rss", "news.internal:8080"));
        let modern = hyper::Request::get(address).body(()).unwrap();
        assert!(own.is_asked_for(&modern.into_parts().0));
        assert!(Own::of(&[]).is_none());
    }
}
