//! Asking for a feed, page or sitemap.

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use url::Url;

use super::cache::{fresh_for, retry_after};
use super::client::{Answer, Client, Word};
use super::{Fetch, FetchError, Fetched, Purpose};
use crate::model::Validators;

/// Limit on an article's page, which is smaller than that on a feed.
const PAGE: u64 = 5 * 1024 * 1024;

const SOURCE_TYPES: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                            application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5";
const ARTICLE_TYPES: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5";

/// Asks, with both validators when there are any.
pub(super) async fn get(
    client: &Client,
    url: &Url,
    validators: &Validators,
    purpose: Purpose,
) -> Result<Fetch, FetchError> {
    let mut headers = HeaderMap::new();
    let (accept, limit, word) = match purpose {
        Purpose::Source => (SOURCE_TYPES, client.options.max_body, Word::Admin),
        Purpose::Article => (ARTICLE_TYPES, client.options.max_body.min(PAGE), Word::Document),
    };
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    for (name, value) in [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)] {
        if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
            headers.insert(name, value);
        }
    }
    let mut answer = client.ask(url, &headers, word).await?;
    let fresh = fresh_for(answer.header("cache-control"), answer.header("expires"), answer.header("date"));
    match answer.response.status().as_u16() {
        304 => Ok(Fetch::NotModified { validators: given(&answer), fresh_for: fresh }),
        410 => Ok(Fetch::Gone),
        429 | 503 => {
            let now = crate::clock::Clock::system().now();
            Ok(Fetch::RetryAfter(retry_after(answer.header("retry-after"), answer.header("date"), now)))
        }
        200..=299 => {
            let bytes = answer.body(limit).await?;
            let (media_type, charset) = content_type(answer.header("content-type").unwrap_or_default());
            Ok(Fetch::Modified(Fetched {
                bytes,
                media_type,
                charset,
                validators: given(&answer),
                fresh_for: fresh,
                url: answer.url,
                moved_to: answer.moved_to,
            }))
        }
        status => Err(FetchError::Status { url: answer.url, status }),
    }
}

/// The validators of an answer, byte for byte.
pub(super) fn given(answer: &Answer) -> Validators {
    Validators {
        etag: answer.header("etag").map(str::to_owned),
        last_modified: answer.header("last-modified").map(str::to_owned),
    }
}

/// Media type in lower case, and the charset parameter.
fn content_type(value: &str) -> (Option<String>, Option<String>) {
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().filter(|text| !text.is_empty()).map(str::to_ascii_lowercase);
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|charset| !charset.is_empty());
    (media_type, charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_charsets_are_taken_apart() {
        let both = (Some("text/xml".to_owned()), Some("ISO-8859-1".to_owned()));
        assert_eq!(content_type("Text/XML; a=b; Charset=\"ISO-8859-1\""), both);
        assert_eq!(content_type("text/html"), (Some("text/html".to_owned()), None));
        assert_eq!(content_type(""), (None, None));
        assert_eq!(content_type("text/html;charset="), (Some("text/html".to_owned()), None));
    }
}
