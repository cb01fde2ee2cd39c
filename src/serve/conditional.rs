//! Conditional requests (RFC 9110 s.13) and content coding (s.12.5.3).

use chrono::{DateTime, NaiveDateTime, Utc};
use hyper::header::{ACCEPT_ENCODING, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH};

/// A content coding that documents are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

/// In the order in which equally wanted codings are chosen: the smallest first.
const CODED: [Coding; 3] = [Coding::Brotli, Coding::Zstd, Coding::Gzip];

impl Coding {
    /// Its name in `Content-Encoding`; None for identity.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// All codings, in the order of [`Coding::of`].
    pub(super) const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// Of things that there are for each coding, the one for this.
    pub(super) fn of<T>(self, [identity, gzip, brotli, zstd]: &[T; 4]) -> &T {
        match self {
            Self::Identity => identity,
            Self::Gzip => gzip,
            Self::Brotli => brotli,
            Self::Zstd => zstd,
        }
    }

    /// The entity tag of a document in this coding: strong, hence different for each (s.8.8.3.3).
    pub(super) fn etag(self, tag: &str) -> String {
        match self.name() {
            None => format!("\"{tag}\""),
            Some(name) => format!("\"{tag}-{name}\""),
        }
    }
}

/// The coding that a request wants most; identity when it wants nothing or nothing we have.
pub(super) fn coding(headers: &HeaderMap) -> Coding {
    if !headers.contains_key(ACCEPT_ENCODING) {
        return Coding::Identity;
    }
    let wishes: Vec<(&str, f32)> = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(wish)
        .collect();
    let weight = |name: &str| {
        let of = |name: &str| wishes.iter().find(|(wanted, _)| wanted.eq_ignore_ascii_case(name));
        of(name).or_else(|| of("*")).map(|(_, weight)| *weight)
    };
    let mut best = (Coding::Identity, 0.0);
    for coding in CODED {
        let weight = coding.name().and_then(weight).unwrap_or(0.0);
        if weight > best.1 {
            best = (coding, weight);
        }
    }
    match weight("identity") {
        Some(identity) if identity > best.1 && wishes.iter().any(|(name, _)| name.eq_ignore_ascii_case("identity")) => {
            Coding::Identity
        }
        _ => best.0,
    }
}

/// One element of `Accept-Encoding`: its name and its weight.
fn wish(element: &str) -> Option<(&str, f32)> {
    let mut parts = element.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let name = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
    let weight = parts
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case("q"))
        .map_or(Some(1.0), |(_, value)| value.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight)));
    Some((name, weight.unwrap_or(0.0)))
}

/// Whether the requester has this version already. `tag` is the document's tag without quotes and
/// without the suffix of a coding; a stored copy in any coding of it is as fresh.
pub(super) fn not_modified(headers: &HeaderMap, tag: &str, last_modified: DateTime<Utc>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|candidate| tag_matches(candidate.trim(), tag));
    }
    headers
        .get(IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(parse_http_date)
        .is_some_and(|since| last_modified.timestamp() <= since.timestamp())
}

/// Whether the requester takes only what is new (RFC 3229 s.10.5.3, `A-IM: feed`).
pub(super) fn asks_for_news(headers: &HeaderMap) -> bool {
    let methods =
        headers.get_all("a-im").iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    methods.filter_map(wish).any(|(method, weight)| method.eq_ignore_ascii_case("feed") && weight > 0.0)
}

/// Whether a browser opens the document as a page of its own (Fetch Metadata).
pub(super) fn is_page_of_browser(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|value| value == "document")
}

/// Whether the requester has the version with this tag, in any coding.
pub(super) fn names_version(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(','))
        .any(|candidate| candidate.trim() != "*" && tag_matches(candidate.trim(), tag))
}

/// The weak comparison of s.8.8.3.2, for any of the document's codings.
fn tag_matches(candidate: &str, tag: &str) -> bool {
    if candidate == "*" {
        return true;
    }
    let opaque = candidate.strip_prefix("W/").unwrap_or(candidate);
    let Some(opaque) = opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    opaque.strip_prefix(tag).is_some_and(|suffix| matches!(suffix, "" | "-gzip" | "-br" | "-zstd"))
}

/// A date in one of the three forms of RFC 9110 s.5.6.7.
fn parse_http_date(text: &str) -> Option<DateTime<Utc>> {
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok())
        .map(|time| time.and_utc())
}

/// A date as HTTP writes it.
pub(super) fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: &str) -> Coding {
        coding(&HeaderMap::from_iter([(ACCEPT_ENCODING, value.parse().unwrap())]))
    }

    #[test]
    fn the_most_wanted_coding_is_chosen() {
        assert_eq!(accepts("gzip, deflate, br, zstd"), Coding::Brotli);
        assert_eq!(accepts("gzip;q=1.0, br;q=0.5"), Coding::Gzip);
        assert_eq!(accepts("*"), Coding::Brotli);
        assert_eq!(accepts("br;q=0, *;q=0.1"), Coding::Zstd);
        assert_eq!(accepts("deflate"), Coding::Identity);
        assert_eq!(accepts("identity, gzip;q=0.5"), Coding::Identity);
        assert_eq!(accepts("gzip;q=banana"), Coding::Identity);
        assert_eq!(accepts("X-GZIP"), Coding::Gzip);
        assert_eq!(coding(&HeaderMap::new()), Coding::Identity);
    }

    fn asks(name: hyper::header::HeaderName, value: &str) -> bool {
        let modified = "2026-03-01T12:00:00.7Z".parse().unwrap();
        not_modified(&HeaderMap::from_iter([(name, value.parse().unwrap())]), "abc", modified)
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        for tag in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc-br\"", "*"] {
            assert!(asks(IF_NONE_MATCH, tag), "{tag}");
        }
        for tag in ["\"abcd\"", "abc", "\"abc-lzma\"", ""] {
            assert!(!asks(IF_NONE_MATCH, tag), "{tag}");
        }
    }

    #[test]
    fn dates_are_compared_by_the_second() {
        assert!(asks(IF_MODIFIED_SINCE, "Sun, 01 Mar 2026 12:00:00 GMT"));
        assert!(asks(IF_MODIFIED_SINCE, "Sunday, 01-Mar-26 12:00:01 GMT"));
        assert!(!asks(IF_MODIFIED_SINCE, "Sun, 01 Mar 2026 11:59:59 GMT"));
        assert!(!asks(IF_MODIFIED_SINCE, "yesterday"));
    }

    #[test]
    fn a_tag_makes_the_date_ignored() {
        let headers = HeaderMap::from_iter([
            (IF_NONE_MATCH, "\"old\"".parse().unwrap()),
            (IF_MODIFIED_SINCE, "Sun, 01 Mar 2026 12:00:00 GMT".parse().unwrap()),
        ]);
        assert!(!not_modified(&headers, "abc", "2026-03-01T12:00:00Z".parse().unwrap()));
    }
}
