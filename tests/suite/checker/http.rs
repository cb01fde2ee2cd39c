//! What is looked at in an answer before its body.

use super::Message;

/// More bytes are not read of a document.
const MOST: usize = 5_000_000;

/// Checks an answer to a request for `/….rss`, `.atom` or `/opml` that asked for gzip: its status, its headers
/// as names and values, and how many bytes came.
pub(crate) fn http(ending: &str, status: u16, headers: &[(String, String)], length: usize) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut unless = |fine: bool, class: &'static str, what: &str| {
        if !fine {
            messages.push(Message { class, what: what.to_owned() });
        }
    };
    let header =
        |name: &str| headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
    unless(status < 400, "HttpError", "status");
    unless(!(300..400).contains(&status) || status == 301, "TempRedirect", "status");
    unless(headers.iter().all(|(name, _)| !name.contains(' ')), "HttpProtocolError", "a space in a name");
    unless(matches!(header("content-encoding"), Some("gzip" | "deflate")), "Uncompressed", "content-encoding");
    unless(length <= MOST, "ValidatorLimit", "length");
    let kind = header("content-type").unwrap_or_default();
    let (essence, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let expected = match ending {
        "rss" => "application/rss+xml",
        "atom" => "application/atom+xml",
        _ => "text/x-opml",
    };
    unless(essence.trim() == expected, "UnexpectedContentType", kind);
    match parameters.trim().strip_prefix("charset=") {
        Some(charset) => unless(charset.trim_matches('"').eq_ignore_ascii_case("utf-8"), "EncodingMismatch", kind),
        None => unless(!essence.starts_with("text/"), "TextXml", kind),
    }
    messages
}
