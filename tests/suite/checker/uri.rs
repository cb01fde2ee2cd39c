//! Rules about addresses and ids.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

const CHARACTERS: &str = r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]";
static ABSOLUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?{CHARACTERS}+$")));
static FETCHED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\w+://[^/]"));
static HOST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^https?://(([0-9]{1,3}\.){3}|([A-Z0-9\-]+\.)+)[A-Z0-9][-A-Z0-9]*(:\d+)?(/|$)"));
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let specific = r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*";
    pattern(&format!(r"^tag:([a-z0-9\-._]+@)?[a-z0-9.\-]+,\d{{4}}(-\d{{2}}(-\d{{2}})?)?:{specific}(#{specific})?$"))
});
static URN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'\-]|%[0-9a-f]{2})+$"));
static UUID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^urn:uuid:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$"));

/// Registered schemes that may come up; all others of letters only are warned of.
const SCHEMES: [&str; 8] = ["ftp", "http", "https", "info", "mailto", "news", "tag", "urn"];

/// What is wrong with an absolute address or id; None when nothing is.
pub(crate) fn address_fault(text: &str) -> Option<&'static str> {
    let scheme = text.split(':').next().unwrap_or_default().to_lowercase();
    if scheme == "tag" {
        return (!TAG.is_match(text)).then_some("InvalidTAG");
    }
    if scheme == "urn" {
        if text.to_lowercase().starts_with("urn:uuid:") && !UUID.is_match(text) {
            return Some("InvalidUUID");
        }
        return (!URN.is_match(text)).then_some("InvalidURN");
    }
    if !ABSOLUTE.is_match(text) {
        let is_character = |c: char| c.is_ascii_alphanumeric() || ";/?:@&=+$.-_!~*'()%,#".contains(c);
        let has_foreign = !text.is_ascii();
        return Some(match text.chars().any(|c| c.is_ascii() && !is_character(c)) {
            true => "InvalidUriChar",
            false if has_foreign => "UriNotIri",
            false => "InvalidFullLink",
        });
    }
    if ["http", "https", "ftp"].contains(&scheme.as_str()) && !FETCHED.is_match(text) {
        return Some("InvalidFullLink");
    }
    (scheme.chars().all(char::is_alphabetic) && !SCHEMES.contains(&scheme.as_str()))
        .then_some("SchemeNotIANARegistered")
}

/// Like [`address_fault`], for what readers fetch or open: http or https.
pub(crate) fn web_address_fault(text: &str) -> Option<&'static str> {
    if text.starts_with("http://") || text.starts_with("https://") {
        address_fault(text)
    } else {
        Some("InvalidFullLink")
    }
}

/// An enclosure's address: http(s), a host name with a dot, a path that begins with a slash.
pub(crate) fn is_enclosure_address(text: &str) -> bool {
    HOST.is_match(text) && ABSOLUTE.is_match(text)
}

/// What is wrong with an id as a URI.
pub(crate) fn id_fault(text: &str) -> Option<&'static str> {
    if text.trim() == text { address_fault(text) } else { Some("UnexpectedWhitespace") }
}

/// Whether a URI is its own canonical form.
pub(crate) fn is_canonical(uri: &str) -> bool {
    canonical(uri).as_deref() == Some(uri)
}

const PART: &str = "-._~!$&'()*+,;=:@";

/// The canonical form as that validator makes it; None when there is none.
fn canonical(uri: &str) -> Option<String> {
    static PARTS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^([^:/?#]+):(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$"));
    let parts = PARTS.captures(uri)?;
    let part = |number: usize| parts.get(number).map(|part| part.as_str());
    let scheme = part(1)?.to_lowercase();
    let mut out = format!("{scheme}:");
    let path = part(4).unwrap_or_default();
    match part(3) {
        Some(authority) => {
            out.push_str(&format!("//{}", host(authority, &scheme)?));
            out.push_str(&segments(path)?);
        }
        None if path.starts_with('/') => out.push_str(&segments(path)?),
        None => out.push_str(&normal(path, "/")?),
    }
    for (sign, number) in [('?', 6), ('#', 8)] {
        if let Some(text) = part(number) {
            out.push(sign);
            out.push_str(&normal(text, "/?")?);
        }
    }
    Some(out)
}

fn host(authority: &str, scheme: &str) -> Option<String> {
    let lower = authority.to_lowercase();
    let (name, port) = match lower.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => (name.to_owned(), port.to_owned()),
        _ => (lower, String::new()),
    };
    let name =
        if name.ends_with('.') && name.matches('.').count() > 1 { name.trim_end_matches('.').to_owned() } else { name };
    (name.starts_with('[') == name.ends_with(']')).then_some(())?;
    let default = if scheme == "https" { "443" } else { "80" };
    Some(if port.is_empty() || port == default { name } else { format!("{name}:{port}") })
}

fn segments(path: &str) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').collect();
    for (at, segment) in all.iter().enumerate() {
        let is_last = at + 1 == all.len();
        match *segment {
            "." => kept.extend(is_last.then_some("")),
            ".." => {
                if kept.len() > 1 {
                    kept.pop();
                }
                kept.extend(is_last.then_some(""));
            }
            other => kept.push(other),
        }
    }
    if kept == [""] {
        kept.push("");
    }
    let segments: Option<Vec<String>> = kept.into_iter().map(|segment| normal(segment, "")).collect();
    Some(segments?.join("/"))
}

/// Decodes what need not be encoded, and encodes the rest in upper case. Reserved characters stay as they are.
fn normal(text: &str, also: &str) -> Option<String> {
    let (mut out, mut run, mut rest) = (String::new(), Vec::new(), text);
    while let Some(c) = rest.chars().next() {
        let (octet, written) = match c {
            '%' => (u8::from_str_radix(rest.get(1..3)?, 16).ok()?, rest.get(..3)?.to_uppercase()),
            c if c.is_ascii() => (c as u8, c.to_string()),
            _ => return None,
        };
        rest = &rest[written.len()..];
        let is_reserved = ":/?#[]@!$&'()*+,;=".contains(char::from(octet));
        if is_reserved && (PART.contains(char::from(octet)) || also.contains(char::from(octet))) {
            out.push_str(&encoded(&run)?);
            run.clear();
            out.push_str(&written);
        } else {
            run.push(octet);
        }
    }
    Some(out + &encoded(&run)?)
}

fn encoded(run: &[u8]) -> Option<String> {
    // Decoded once more, as that validator does.
    let text = std::str::from_utf8(run).ok()?;
    let twice = percent_encoding::percent_decode_str(text).decode_utf8_lossy().nfc().collect::<String>();
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    Some(
        twice
            .bytes()
            .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect(),
    )
}
