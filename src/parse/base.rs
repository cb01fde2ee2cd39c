//! Addresses in feeds, made absolute.

use url::Url;

/// An address made absolute against `base`, which is asked only when it is needed; one that cannot be
/// stays as it was written, to be judged when the item is cleaned.
pub(super) fn absolute(text: &str, base: impl FnOnce() -> Option<Url>) -> String {
    if is_whole(text) || Url::parse(text).is_ok() {
        return text.to_owned();
    }
    base().and_then(|base| base.join(text).ok()).map_or_else(|| text.to_owned(), String::from)
}

/// Whether an address is an absolute one of the web, as nearly all are, told without taking it apart.
fn is_whole(text: &str) -> bool {
    let Some(after) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    // Names in Punycode, and hosts that end in a number, are looked at more closely elsewhere.
    let (mut before, mut is_number) = (b'.', false);
    for byte in after.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' => is_number |= before == b'.',
            b'-' | b'.' if before == b'.' || before == b'-' => return false,
            b'.' => is_number = false,
            b'-' => {}
            b'/' | b'?' | b'#' => break,
            _ => return false,
        }
        before = byte;
    }
    before.is_ascii_alphabetic() && !is_number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_made_absolute() {
        let base = Url::parse("https://paper.example/feed/").unwrap();
        for (text, wanted) in [
            ("https://other.example/a b", "https://other.example/a b"),
            ("/a", "https://paper.example/a"),
            ("//other.example/a", "https://other.example/a"),
            ("http://", "http://"),
            ("mailto:me@paper.example", "mailto:me@paper.example"),
        ] {
            assert_eq!(absolute(text, || Some(base.clone())), wanted);
        }
        assert_eq!(absolute("/a", || None), "/a");
    }

    proptest! {
        #[test]
        fn what_looks_whole_is(text in "https?://[a-zA-Z0-9.:@/?#x-]{0,20}\\PC{0,6}") {
            prop_assert!(!is_whole(&text) || Url::parse(&text).is_ok(), "{}", text);
        }
    }
}
