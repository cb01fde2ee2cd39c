//! URIs as names: whether one is written in the one form that is the same for all programs.

use unicode_normalization::is_nfc;
use url::Url;

/// Characters that stand in a part of a URI as they are (RFC 3986 s.3.3), beside letters and digits.
const PART: &str = "-._~!$&'()*+,;=:@";
/// Those among them that mean the same when they are percent-encoded (s.2.3), beside letters and digits.
const UNRESERVED: &str = "-._~";

/// Whether a text is an absolute http(s), `tag:` (RFC 4151) or `urn:` (RFC 8141) URI in ASCII and in its
/// canonical form (RFC 3986 s.6.2.2 and 6.2.3), so that whoever compares it finds it equal only to itself.
pub fn is_canonical_uri(text: &str) -> bool {
    match text.split_once(':') {
        Some(("http" | "https", _)) => is_canonical_address(text),
        Some(("tag", rest)) => is_tag(rest),
        Some(("urn", rest)) => is_urn(rest),
        _ => false,
    }
}

/// The parser has its own canonical form of what stands before the path, and of dots in the path.
fn is_canonical_address(text: &str) -> bool {
    let Some(url) = Url::parse(text).ok().filter(|url| url.as_str() == text) else { return false };
    let named = url.host_str().is_some_and(|host| !host.ends_with('.') && !host.starts_with('['));
    named && has_canonical_parts(url.path(), url.query(), url.fragment())
}

fn is_tag(rest: &str) -> bool {
    let Some((entity, specific)) = rest.split_once(':') else { return false };
    let Some((authority, date)) = entity.split_once(',') else { return false };
    let (user, host) = authority.split_once('@').unwrap_or(("-", authority));
    let of = |text: &str, also: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(c);
        !text.is_empty() && text.chars().all(fits)
    };
    let has_date_form = matches!(date.len(), 4 | 7 | 10)
        && date
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let (specific, fragment) = split(specific, '#');
    let (path, query) = split(specific, '?');
    of(user, "-._") && of(host, "-.") && has_date_form && has_canonical_parts(path, query, fragment)
}

fn is_urn(rest: &str) -> bool {
    let Some((space, name)) = rest.split_once(':') else { return false };
    let fits = (2..=32).contains(&space.len())
        && !space.starts_with('-')
        && space.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.is_empty()
        // Of what a URI may hold, validators accept no more than RFC 2141 s.2.2 did.
        && !name.contains(['/', '?', '#', '~', '&']);
    let is_uuid = !space.eq_ignore_ascii_case("uuid") || name.len() == 36 && uuid::Uuid::try_parse(name).is_ok();
    fits && is_uuid && has_canonical_parts(name, None, None)
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn has_canonical_parts(path: &str, query: Option<&str>, fragment: Option<&str>) -> bool {
    is_canonical_part(path, "/") && [query, fragment].into_iter().flatten().all(|part| is_canonical_part(part, "/?"))
}

/// Whether a part holds only what may stand there, and percent-encodes only what must be: in upper case,
/// as UTF-8 in NFC.
fn is_canonical_part(part: &str, also: &str) -> bool {
    let mut meant = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c != '%' {
            if !(c.is_ascii_alphanumeric() || PART.contains(c) || also.contains(c)) {
                return false;
            }
            meant.push(c as u8);
            continue;
        }
        let Some(byte) =
            rest.get(..2).filter(|digits| is_upper(digits)).and_then(|digits| u8::from_str_radix(digits, 16).ok())
        else {
            return false;
        };
        rest = rest.get(2..).unwrap_or_default();
        let needless = byte.is_ascii_alphanumeric() || UNRESERVED.contains(char::from(byte));
        // What is encoded twice is read twice by some.
        let is_twice =
            byte == b'%' && rest.get(..2).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        if needless || is_twice {
            return false;
        }
        meant.push(byte);
    }
    std::str::from_utf8(&meant).is_ok_and(is_nfc)
}

fn is_upper(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'A'..=b'F'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn canonical_uris_are_known() {
        for uri in [
            "http://paper.example/",
            "https://paper.example/?p=123",
            "https://paper.example:8443/a/B%E1%BA%BFn;x=1,2/~b?c=%2F&d=",
            "https://paper.example/a%20b%25#c?/d",
            "tag:blogger.com,1999:blog-12.post-34",
            "tag:a_b@paper.example,2026-11-26:x/y?z#w",
            "urn:uuid:4C3AAE42-92a5-4f88-a1f5-1d2b6c0e8f10",
            "urn:isbn:0451450523",
        ] {
            assert!(is_canonical_uri(uri), "{uri}");
        }
    }

    #[test]
    fn others_are_told_from_them() {
        for uri in [
            "",
            "42",
            "http://paper.example",
            "HTTP://paper.example/",
            "http://Paper.example/",
            "http://paper.example:80/",
            "http://paper.example./",
            "http://[2001:db8::1]/",
            "http://paper.example/a/../b",
            "http://paper.example/%c3%a0",
            "http://paper.example/%7Ea",
            "http://paper.example/a%CC%80",
            "http://paper.example/%FF",
            "http://paper.example/%2541",
            "http://paper.example/%zz",
            "http://paper.example/#a#b",
            "http://báo.example/",
            "http://paper.example/a b",
            "https:/paper.example/",
            "tag:Paper.example,2026:1",
            "tag:paper.example,26:1",
            "tag:paper.example:1",
            "tag:my_paper.example,2026:1",
            "tag:paper.example,2026:a b",
            "urn:uuid:1",
            "urn:x:1",
            "urn:isbn:a/b",
            "URN:isbn:1",
            "javascript:alert(1)",
            "post:12",
        ] {
            assert!(!is_canonical_uri(uri), "{uri}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at(text in "(https?://|tag:a,2026:|urn:isbn:)?\\PC{0,24}") {
            let _ = is_canonical_uri(&text);
        }
    }
}
