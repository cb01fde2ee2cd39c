//! The form by which addresses are compared.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::host::{undressed, unwrapped};
use super::rules::Rules;
use super::tracking::is_tracker;

/// What is written as `%XX` in a segment of the canonical form; letters of all scripts are, too.
const IN_SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']');

/// The same for names and values of parameters.
const IN_PARAMETER: &AsciiSet = &IN_SEGMENT.add(b'&').add(b'+').add(b'=').add(b'\'').remove(b'/').remove(b'?');

/// Names of a folder's own page.
const INDEX_PAGES: &[&str] = &[
    "index.html",
    "index.htm",
    "index.shtml",
    "index.php",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "index.amp.html",
    "default.html",
    "default.htm",
    "default.asp",
    "default.aspx",
];

/// Parameters that ask for another dress of a page, with the values that do (none: any value).
const DRESS_PARAMETERS: &[(&str, &[&str])] = &[
    ("amp", &["", "1", "true", "yes", "amp"]),
    ("isamp", &[]),
    ("outputtype", &["amp", "print"]),
    ("output", &["amp", "print", "1"]),
    ("mode", &["amp", "print"]),
    ("view", &["amp", "print", "mobile"]),
    ("format", &["amp", "print"]),
    ("print", &["", "1", "true", "yes", "y", "print"]),
    ("printable", &[]),
    ("mobile", &["", "1", "true", "yes"]),
    ("m", &["", "1"]),
    ("nomobile", &[]),
    ("usqp", &[]),
    ("amp_js_v", &[]),
    ("amp_gsa", &[]),
];

/// Parameters that carry a visitor's session.
const SESSIONS: &[&str] = &[
    "phpsessid",
    "jsessionid",
    "sessionid",
    "session_id",
    "aspsessionid",
    "cfid",
    "cftoken",
    "oscsid",
    "zenid",
    "sessid",
];

/// Parameters that carry one when their value looks like one.
const MAYBE_SESSIONS: &[&str] = &["sid", "s", "session"];

/// The form in which two addresses of one article are equal. For comparing only: it need not lead
/// anywhere.
///
/// - The scheme is `https`; user, password and the ports 80 and 443 go.
/// - The host is in lower case, without the root's dot and without leading `www.`, `m.`, `mobile.`,
///   `amp.`, `wap.`.
/// - AMP caches, well-known redirectors, and forwarders to the same site are opened.
/// - Escapes are undone and done again in one way: `%7e` and `~` are equal, a letter and its escape,
///   a letter and its decomposed form (NFC).
/// - In the path `.` and `..` are resolved; empty segments, the slash at the end, `index.html` and its
///   like, `;jsessionid=…`, and the marks of AMP and print pages (`/amp`, `.amp`, `/print`) go.
/// - Parameters are sorted; trackers (as in [`super::untracked`]), sessions, empty ones, and those for AMP and
///   print pages go.
/// - The fragment goes, unless it is a route (`#!…` or `#/…`).
pub fn canonical(url: &Url) -> String {
    form(url, &Rules::default())
}

pub(super) fn form(url: &Url, rules: &Rules) -> String {
    let url = unwrapped(url);
    let mut form = String::with_capacity(url.as_str().len() + 8);
    form.push_str("https://");
    form.push_str(&rules.one_host(undressed(&url)));
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        form.push(':');
        form.push_str(&port.to_string());
    }
    form.push('/');
    form.push_str(&path(url.path()));
    let parameters = parameters(url.query().unwrap_or_default(), rules);
    if !parameters.is_empty() {
        form.push('?');
        form.push_str(&parameters.join("&"));
    }
    if let Some(route) = url.fragment().filter(|fragment| fragment.starts_with(['!', '/'])) {
        form.push('#');
        form.push_str(&recoded(route.trim_end_matches('/'), IN_PARAMETER));
    }
    form
}

fn path(path: &str) -> String {
    let mut segments: Vec<String> = Vec::new();
    for raw in path.split('/') {
        let segment = without_session(recoded(raw, IN_SEGMENT));
        match segment.as_str() {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    while let Some(segment) = segments.pop() {
        let segment = without_amp(segment);
        let lower = segment.to_ascii_lowercase();
        let mark =
            lower == "amp" || (lower == "print" && !segments.is_empty()) || INDEX_PAGES.contains(&lower.as_str());
        if !mark {
            segments.push(segment);
            break;
        }
    }
    let marks = segments.iter().take_while(|segment| segment.eq_ignore_ascii_case("amp")).count();
    segments.drain(..marks.min(segments.len().saturating_sub(1)));
    segments.join("/")
}

/// `story.amp` and `story.amp.html` are `story` and `story.html`.
fn without_amp(mut segment: String) -> String {
    loop {
        let shorter = if let Some(stem) = segment.strip_suffix(".amp") {
            stem.to_owned()
        } else if let Some(stem) = segment.strip_suffix(".amp.html") {
            format!("{stem}.html")
        } else if let Some(stem) = segment.strip_suffix(".amp.htm") {
            format!("{stem}.htm")
        } else {
            return segment;
        };
        if matches!(shorter.as_str(), "" | "." | ".." | ".html" | ".htm") {
            return segment;
        }
        segment = shorter;
    }
}

fn without_session(segment: String) -> String {
    let Some((before, after)) = segment.split_once(';') else { return segment };
    let name = after.split('=').next().unwrap_or_default();
    if SESSIONS.iter().any(|session| name.eq_ignore_ascii_case(session)) { before.to_owned() } else { segment }
}

fn parameters(query: &str, rules: &Rules) -> Vec<String> {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter_map(|pair| {
            let pair = pair.strip_prefix("amp;").unwrap_or(pair);
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameter(name, value, rules)
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn parameter(name: &str, value: &str, rules: &Rules) -> Option<String> {
    let (name, value) =
        (recoded(&name.replace('+', " "), IN_PARAMETER), recoded(&value.replace('+', " "), IN_PARAMETER));
    let lower_name = name.to_ascii_lowercase();
    let lower_value = value.to_ascii_lowercase();
    let dressed = DRESS_PARAMETERS
        .iter()
        .any(|(dress, values)| lower_name == *dress && (values.is_empty() || values.contains(&lower_value.as_str())));
    let session = SESSIONS.iter().any(|session| lower_name.starts_with(session))
        || (MAYBE_SESSIONS.contains(&lower_name.as_str()) && looks_like_session(&value));
    let idle = dressed || session || is_tracker((&name, &value));
    if (name.is_empty() && value.is_empty()) || rules.ignores(&name) || (idle && !rules.keeps(&name)) {
        return None;
    }
    Some(if value.is_empty() { name } else { format!("{name}={value}") })
}

fn looks_like_session(value: &str) -> bool {
    value.len() >= 20 && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Escapes undone, composed, and done again in one way. What is no UTF-8 stays as it is, in capitals.
fn recoded(text: &str, escaped: &'static AsciiSet) -> String {
    if let Ok(plain) = percent_decode_str(text).decode_utf8() {
        let composed: String = plain.nfc().collect();
        return utf8_percent_encode(&composed, escaped).to_string();
    }
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&bytes, escaped).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(address: &str) -> String {
        canonical(&Url::parse(address).unwrap())
    }

    #[test]
    fn addresses_of_one_article_are_equal() {
        let one = form("https://example.org/2024/05/tin-tuc");
        for address in [
            "http://example.org/2024/05/tin-tuc",
            "https://www.example.org/2024/05/tin-tuc/",
            "https://m.example.org/2024/05/tin-tuc",
            "https://www.m.example.org/2024/05/tin-tuc",
            "https://amp.example.org/2024/05/tin-tuc",
            "HTTPS://EXAMPLE.ORG:443/2024/05/tin-tuc",
            "http://example.org:80//2024/./05/x/../tin-tuc",
            "https://example.org./2024/05/tin%2dtuc",
            "https://u:p@example.org/2024/05/tin-tuc",
            "https://example.org/2024/05/tin-tuc/amp",
            "https://example.org/2024/05/tin-tuc/amp/",
            "https://example.org/2024/05/tin-tuc.amp",
            "https://example.org/amp/2024/05/tin-tuc",
            "https://example.org/2024/05/tin-tuc?amp=1",
            "https://example.org/2024/05/tin-tuc?amp",
            "https://example.org/2024/05/tin-tuc?outputType=amp",
            "https://example.org/2024/05/tin-tuc/print/",
            "https://example.org/2024/05/tin-tuc?print=1",
            "https://example.org/2024/05/tin-tuc/index.html",
            "https://example.org/2024/05/tin-tuc#comments",
            "https://example.org/2024/05/tin-tuc#utm_source=x",
            "https://example.org/2024/05/tin-tuc?utm_source=rss&ref=rss&fbclid=1",
            "https://example.org/2024/05/tin-tuc;jsessionid=0A1B?",
            "https://example.org/2024/05/tin-tuc?PHPSESSID=0123456789",
            "https://example.org/2024/05/tin-tuc?sid=0123456789abcdef0123456789abcdef",
            "https://example-org.cdn.ampproject.org/c/s/example.org/2024/05/tin-tuc",
            "https://www.google.com/amp/s/www.example.org/2024/05/tin-tuc/amp/",
            "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2F2024%2F05%2Ftin-tuc&usg=x",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F2024%2F05%2Ftin-tuc%3Ffbclid%3D1&h=x",
            "https://rss.example.org/click?url=https://example.org/2024/05/tin-tuc",
        ] {
            assert_eq!(form(address), one, "{address}");
        }
    }

    #[test]
    fn escapes_and_parameters_have_one_form() {
        assert_eq!(form("https://example.org/bến-tre"), form("https://example.org/b%e1%ba%bfn-tre"));
        assert_eq!(form("https://example.org/b\u{1ebf}n"), form("https://example.org/be\u{302}\u{301}n"));
        assert_eq!(form("https://example.org/a?y=%20c&x=1"), form("https://example.org/a?x=1&y=+c&"));
        assert_eq!(form("https://example.org/%e9t%E9"), form("https://example.org/%E9t%e9"));
        assert_eq!(form("https://example.org/a?q=tin+t%E1%BB%A9c"), form("https://example.org/a?q=tin tức"));
        assert_eq!(form("https://example.org/Tin/story.amp.html"), "https://example.org/Tin/story.html");
        assert_eq!(form("https://bücher.example/"), form("https://XN--bcher-kva.example"));
    }

    #[test]
    fn different_pages_stay_different() {
        let different = [
            "https://example.org/",
            "https://example.org/a",
            "https://example.org/A",
            "https://example.org/a/b",
            "https://example.org/a?p=1",
            "https://example.org/a?p=2",
            "https://example.org/a?p=%2F1",
            "https://example.org/a?page=2",
            "https://example.org/#!/a",
            "https://example.org/#!/b",
            "https://example.org:8080/a",
            "https://news.example.org/a",
            "https://example.com/a",
            "https://example.org/a%2Fb",
            "https://example.org/print",
            "https://example.org/a?s=tin",
            "https://example.org/a?ref=5",
            "https://other.example/share?url=https://example.org/a",
            "https://m.com.vn/a",
            "https://www.com.vn/b",
            "https://example.org/a?view=full",
            "https://192.0.2.1/a",
            "https://example.org/champ",
            "https://rss.example.org/click?url=https://elsewhere.example/a",
        ];
        let mut forms: Vec<String> = different.iter().map(|address| form(address)).collect();
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), different.len(), "{forms:#?}");
    }

    fn addresses() -> impl Strategy<Value = String> {
        let host = "(www\\.|m\\.|amp\\.){0,3}[a-z]{1,4}\\.(org|com|com\\.vn)(:80|:8080)?";
        let piece = prop_oneof![
            "[a-zA-Z0-9._~!;=&+%$à-ỹ -]{0,6}",
            Just("%2e%2e".to_owned()),
            Just("%25".to_owned()),
            Just("%E1%BA%BF".to_owned()),
            Just("%e1".to_owned()),
            Just("amp".to_owned()),
            Just("print".to_owned()),
            Just("index.html".to_owned()),
            Just(".amp".to_owned()),
            Just(".amp.html".to_owned()),
            Just("..;jsessionid=1".to_owned()),
            Just("e\u{301}".to_owned()),
            Just("%3Bjsessionid=2".to_owned()),
            Just("index.amp.html".to_owned()),
        ];
        let path = prop::collection::vec(piece.clone(), 0..6).prop_map(|pieces| pieces.join("/"));
        let query = prop::collection::vec(
            (
                prop_oneof![piece.clone(), Just("ref".to_owned()), Just("sid".to_owned()), Just("utm_x".to_owned())],
                piece.clone(),
            ),
            0..4,
        )
        .prop_map(|pairs| pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"));
        (host, path, query, prop::option::of(piece)).prop_map(|(host, path, query, fragment)| {
            let fragment = fragment.map(|f| format!("#!{f}")).unwrap_or_default();
            format!("http://{host}/{path}?{query}{fragment}")
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_form_of_the_form_is_the_form(address in addresses()) {
            if let Ok(url) = Url::parse(&address) {
                let once = canonical(&url);
                let again = Url::parse(&once).map(|url| canonical(&url));
                prop_assert_eq!(again, Ok(once));
            }
        }

        #[test]
        fn trackers_make_no_difference(address in addresses()) {
            if let Ok(url) = Url::parse(&address) {
                prop_assert_eq!(canonical(&crate::address::untracked(&url)), canonical(&url));
            }
        }
    }
}
