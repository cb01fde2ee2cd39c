//! By what an item is known within its source.

use sha2::{Digest, Sha256};
use url::Url;

use crate::address;
use crate::model::{Item, Text};

/// Longer ids are published as digests of themselves.
const LONGEST_URI: usize = 1024;

/// The id an item is known by within its source: its own, else one derived from address or text
/// that stays the same from visit to visit.
pub fn native_id(item: &Item, base: Option<&Url>, rules: &address::Rules) -> String {
    if let Some(id) = item.id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        return id.to_owned();
    }
    if let Some(url) = item.url.as_deref().and_then(|url| address::resolve(url, base)) {
        return rules.untracked(&url).to_string();
    }
    // No date: sources that give no ids often move dates.
    let value = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    let enclosure = item.attachments.first().map(|attachment| attachment.url.clone()).unwrap_or_default();
    let title = value(&item.title);
    let text = if title.trim().is_empty() { value(&item.content) + &value(&item.summary) } else { title };
    format!("text:{}", digest([text.as_str(), enclosure.as_str()]))
}

/// Whether the id that a source gave can be published as it is: an absolute URI whose meaning does
/// not depend on the source.
pub(super) fn is_uri(item: &Item, native_id: &str) -> bool {
    if item.id.is_none() && !native_id.starts_with("http") || native_id.len() > LONGEST_URI {
        return false;
    }
    let is_clean = native_id
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'));
    is_clean
        && match native_id.split_once(':') {
            Some(("http" | "https", _)) => {
                Url::parse(native_id).is_ok_and(|url| url.host_str().is_some_and(|host| host.contains('.')))
            }
            Some(("tag", rest)) => rest.contains(',') && rest.contains(':'),
            Some(("urn", rest)) => {
                rest.split_once(':').is_some_and(|(space, name)| space.len() > 1 && !name.is_empty())
            }
            _ => false,
        }
}

/// Digest of an item as the source gave it, by which an unchanged one is recognised.
pub fn item_hash(item: &Item) -> String {
    let text = |text: &Option<Text>| text.as_ref().map_or("", |text| text.value.as_str()).to_owned();
    let time =
        |time: Option<chrono::DateTime<chrono::FixedOffset>>| time.map(|time| time.to_rfc3339()).unwrap_or_default();
    let authors: Vec<_> = item.authors.iter().map(|person| person.name.clone().unwrap_or_default()).collect();
    let categories: Vec<_> = item.categories.iter().map(|category| category.term.as_str()).collect();
    let attachments: Vec<_> = item.attachments.iter().map(|attachment| attachment.url.as_str()).collect();
    digest([
        item.id.as_deref().unwrap_or_default(),
        item.url.as_deref().unwrap_or_default(),
        &text(&item.title),
        &text(&item.content),
        &text(&item.summary),
        &time(item.published),
        &time(item.updated),
        &authors.join("\n"),
        &categories.join("\n"),
        &attachments.join("\n"),
        item.image.as_deref().unwrap_or_default(),
    ])
}

fn digest<const N: usize>(parts: [&str; N]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: Option<&str>, url: Option<&str>, title: &str) -> Item {
        Item { id: id.map(Into::into), url: url.map(Into::into), title: Some(Text::plain(title)), ..Item::default() }
    }

    #[test]
    fn ids_fall_back_to_address_and_text() {
        let rules = address::Rules::default();
        let base = Url::parse("https://paper.example/feed").unwrap();
        assert_eq!(native_id(&item(Some(" 12 "), None, ""), None, &rules), "12");
        assert_eq!(native_id(&item(None, Some("/a?utm_source=x"), ""), Some(&base), &rules), "https://paper.example/a");
        let by_text = native_id(&item(None, None, "Title"), None, &rules);
        assert_eq!(by_text, native_id(&item(None, None, "Title"), None, &rules));
        assert_ne!(by_text, native_id(&item(None, None, "Other"), None, &rules));
    }

    #[test]
    fn only_proper_uris_are_published_as_they_are() {
        for (id, proper) in [
            ("https://paper.example/a", true),
            ("tag:paper.example,2026:1", true),
            ("urn:uuid:1", true),
            ("12", false),
            ("paper 12", false),
            ("tag:x", false),
            ("http://localhost/a", false),
            ("https://paper.example/a b", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_uri(&item(Some(id), None, ""), id), proper, "{id}");
        }
    }
}
