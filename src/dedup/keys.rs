//! By what the same article may be found elsewhere.

use url::Url;

use crate::address;
use crate::model::{Facts, Key, KeyKind};

use super::sketch::anchors;
use super::words::Words;

/// Texts below this many words are found by nothing of their own: too many are alike.
pub(super) const MIN_TEXT: usize = 12;

/// Texts from this many words on are looked up as a whole.
const MIN_WHOLE: usize = 25;

/// Headlines below this many words (`Tin vắn`, `Morning briefing`) are no help in searching.
const MIN_TITLE: usize = 4;

/// The canonical form of an address that can stand for one article: not for a site's home page.
pub(super) fn article_address(url: &Url, rules: &address::Rules) -> Option<String> {
    let form = rules.canonical(url);
    let after_host = form.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
    (!after_host.is_empty()).then_some(form)
}

/// The key of an address.
pub(super) fn url_key(url: &Url, rules: &address::Rules) -> Option<Key> {
    article_address(url, rules).map(|form| key(KeyKind::Url, &form))
}

/// The address that an id is, when it is one.
pub(super) fn id_address(facts: &Facts) -> Option<Url> {
    facts.id_is_uri.then(|| address::resolve(&facts.native_id, None)).flatten()
}

/// Whether an id names one thing in the whole world: an address of a page (not of a whole site), a
/// tag, a URN.
pub(super) fn is_unique(id: &str) -> bool {
    if let Some(url) = address::resolve(id, None) {
        return article_address(&url, &address::Rules::default()).is_some()
            || url.fragment().is_some_and(|fragment| fragment.len() > 3);
    }
    let Some((scheme, rest)) = id.split_once(':') else { return false };
    matches!(scheme.to_ascii_lowercase().as_str(), "tag" | "urn" | "uuid" | "doi" | "hdl" | "info" | "at")
        && rest.len() >= 6
}

/// All keys of an article, at most 17, that of its own address first.
pub(super) fn keys(facts: &Facts, text: &Words, title: &Words, rules: &address::Rules) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let addresses = [facts.url.clone(), facts.canonical_url.clone(), id_address(facts)];
    keys.extend(addresses.iter().flatten().filter_map(|url| url_key(url, rules)));
    // An id that is a page's address is found by that.
    let is_page = |url: Url| url.fragment().is_none() && url_key(&url, rules).is_some();
    if facts.id_is_uri && is_unique(&facts.native_id) && !id_address(facts).is_some_and(is_page) {
        keys.push(key(KeyKind::Uri, &facts.native_id));
    }
    keys.extend(text_key(text, title));
    if text.size() >= MIN_TEXT {
        keys.extend(anchors(text).into_iter().map(|hash| Key { kind: KeyKind::Band, hash }));
    }
    if title.size() >= MIN_TITLE {
        keys.push(Key { kind: KeyKind::Title, hash: title.digest() });
    }
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert(*key));
    keys
}

/// The key of a whole text; of a short one together with its headline, as many are alike.
pub(super) fn text_key(text: &Words, title: &Words) -> Option<Key> {
    let hash = match text.size() {
        MIN_WHOLE.. => text.digest(),
        size if size >= MIN_TEXT / 2 && size + title.size() >= MIN_TEXT => {
            super::digest([&text.digest().to_be_bytes()[..], &title.digest().to_be_bytes()[..]])
        }
        _ => return None,
    };
    Some(Key { kind: KeyKind::Text, hash })
}

fn key(kind: KeyKind, text: &str) -> Key {
    Key { kind, hash: super::digest([text.as_bytes()]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_one_thing_are_unique() {
        for id in [
            "https://example.org/?p=5",
            "tag:example.org,2024:5",
            "urn:uuid:0b6c8f0e-1111-2222-3333-444455556666",
            "https://example.org/#a-story",
        ] {
            assert!(is_unique(id), "{id}");
        }
        for id in [
            "",
            "5",
            "latest",
            "https://example.org/",
            "https://www.example.org/index.html",
            "tag:x",
            "123 at https://example.org/a",
            "note: x",
        ] {
            assert!(!is_unique(id), "{id}");
        }
    }

    #[test]
    fn an_id_has_a_key_of_its_own_unless_it_is_the_address_of_a_page() {
        let kinds = |id: &str| {
            let source = crate::model::SourceId::parse("a").unwrap();
            let facts = Facts { id_is_uri: true, ..Facts::bare(source, id.to_owned(), "A title".to_owned()) };
            let all = keys(&facts, &Words::default(), &Words::default(), &address::Rules::default());
            all.into_iter().map(|key| key.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("https://example.org/?p=5"), [KeyKind::Url]);
        assert_eq!(kinds("https://example.org/day#a-story"), [KeyKind::Url, KeyKind::Uri]);
        assert_eq!(kinds("tag:example.org,2024:5"), [KeyKind::Uri]);
        assert_eq!(kinds("5"), []);
    }

    #[test]
    fn a_home_page_is_no_article() {
        let address = |text: &str| article_address(&Url::parse(text).unwrap(), &address::Rules::default());
        assert_eq!(address("https://www.example.org/index.html?utm_source=x"), None);
        assert_eq!(address("https://example.org/a").as_deref(), Some("https://example.org/a"));
        assert_eq!(address("https://example.org/?p=1").as_deref(), Some("https://example.org/?p=1"));
    }
}
