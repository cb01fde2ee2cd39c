//! Addresses: absolute, without tracking parameters, and in the one form by which two are compared.

mod canonical;
mod host;
mod rules;
mod tracking;
mod uri;

pub use canonical::canonical;
pub use host::site;
pub use rules::Rules;
pub use tracking::untracked;
pub use uri::is_canonical_uri;

use url::Url;

/// Longer texts are no addresses; real ones stay far below, and browsers stop at similar figures.
const MAX_LENGTH: usize = 8 * 1024;

/// An http(s) address, absolute; relative ones are resolved against `base`. None for anything that
/// is no address of the web (`javascript:`, `data:`, garbage).
///
/// Leading and trailing white space, control and invisible characters do not count; line ends and
/// tabs inside are dropped, and backslashes are slashes, as browsers have it (WHATWG URL). An
/// address that starts with `//` and has no base is taken as https.
pub fn resolve(text: &str, base: Option<&Url>) -> Option<Url> {
    let text = text.trim_matches(is_padding);
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => match base {
            Some(base) => base.join(text).ok()?,
            None if text.starts_with("//") => Url::parse(&format!("https:{text}")).ok()?,
            None => return None,
        },
        Err(_) => return None,
    };
    let of_the_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    (of_the_web && url.as_str().len() <= 3 * MAX_LENGTH).then_some(url)
}

/// What may stand around an address without belonging to it.
fn is_padding(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolved(text: &str) -> Option<String> {
        let base = Url::parse("https://example.org/news/today.html?x=1").unwrap();
        resolve(text, Some(&base)).map(String::from)
    }

    #[test]
    fn relative_addresses_are_made_absolute() {
        assert_eq!(resolved("tomorrow.html").as_deref(), Some("https://example.org/news/tomorrow.html"));
        assert_eq!(resolved("/a b").as_deref(), Some("https://example.org/a%20b"));
        assert_eq!(resolved("//cdn.example.org/x").as_deref(), Some("https://cdn.example.org/x"));
        assert_eq!(resolved("..\\pictures\\1.jpg").as_deref(), Some("https://example.org/pictures/1.jpg"));
        assert_eq!(resolve("//example.org/x", None).map(String::from).as_deref(), Some("https://example.org/x"));
        assert_eq!(resolve("x.html", None), None);
    }

    #[test]
    fn padding_and_line_ends_do_not_count() {
        assert_eq!(
            resolved("\u{feff} \n https://exam\nple.org/\tx \u{200b}\0").as_deref(),
            Some("https://example.org/x")
        );
        assert_eq!(resolved("HTTP://Example.ORG:80/A").as_deref(), Some("http://example.org/A"));
    }

    #[test]
    fn what_is_no_address_of_the_web_is_refused() {
        let refused = [
            "",
            "  ",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "mailto:a@example.org",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http://",
            "https://:80/",
            "http://[::1",
            "http://exa mple.org/",
            "tag:example.org,2024:1",
        ];
        for text in refused {
            assert_eq!(resolved(text), None, "{text:?}");
        }
        assert_eq!(resolved(&format!("https://example.org/{}", "a".repeat(MAX_LENGTH))), None);
    }

    proptest! {
        #[test]
        fn resolving_again_changes_nothing(text in "\\PC{0,80}|https?://[a-z.:@/\\\\%?#&=0-9 \u{e0}-\u{1ef9}]{0,60}") {
            let base = Url::parse("https://example.org/a/b").unwrap();
            if let Some(url) = resolve(&text, Some(&base)) {
                prop_assert!(matches!(url.scheme(), "http" | "https"));
                prop_assert_eq!(resolve(url.as_str(), None), Some(url));
            }
        }
    }
}
