//! Which entry of its own source an item is.

use std::collections::BTreeMap;

use url::Url;

use crate::address;
use crate::model::{EntryId, Facts, Known, Lookup};

use super::keys::{article_address, is_unique, url_key};
use super::titles;
use super::words::Words;

/// Headlines less alike than this say another thing: not one word in seven is the same.
const FOREIGN: f64 = 0.15;

/// Headlines more alike than this may be two versions of one, when the address is the same.
const VERSIONS: f64 = 0.3;

/// The name space of the URIs that are made here, chosen once by chance.
const URI_SPACE: uuid::Uuid = uuid::Uuid::from_u128(0x6f1d_9a52_73c4_4be1_8c0e_2b7d_51f0_aa36);

/// Longer ids are not published as they are.
const MAX_URI: usize = 1024;

/// An item as its document gives it, for [`tell_apart`].
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// As in [`Facts::native_id`].
    pub native_id: &'a str,
    /// Its address.
    pub url: Option<&'a Url>,
    /// Headline, as plain text.
    pub title: &'a str,
}

/// The ids by which the items of one document are known, in their order. An id that different
/// articles of one document share (a feed that gives all of them the site's address) says nothing:
/// each of them gets one that names its address too, and, when that is shared as well, its headline.
/// Items that are the same article given twice keep the same id, and so do those with one address
/// and an id that names one thing in the whole world: versions of one article (RFC 4287 s. 4.1.1).
pub fn tell_apart(items: &[Named<'_>], rules: &address::Rules) -> Vec<String> {
    let mut ids: Vec<String> = items.iter().map(|item| item.native_id.to_owned()).collect();
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        groups.entry(item.native_id).or_default().push(place);
    }
    for places in groups.values().filter(|places| places.len() > 1) {
        let marks: Vec<(String, u64)> =
            places.iter().filter_map(|place| items.get(*place)).map(|item| marks_of(item, rules)).collect();
        let one_title = marks.iter().all(|mark| marks.first().is_some_and(|first| first.1 == mark.1));
        let one_address = marks.iter().all(|mark| marks.first().is_some_and(|first| first.0 == mark.0));
        let versions = places
            .first()
            .and_then(|place| items.get(*place))
            .is_some_and(|item| item.url.is_some() && is_unique(item.native_id));
        if one_address && (one_title || versions) {
            continue;
        }
        let mut titles_at: BTreeMap<&str, u64> = BTreeMap::new();
        let shared_address = marks.iter().any(|(form, title)| *titles_at.entry(form).or_insert(*title) != *title);
        for (place, (form, title)) in places.iter().zip(&marks) {
            let mark = if shared_address {
                super::digest([form.as_bytes(), &title.to_be_bytes()])
            } else {
                super::digest([form.as_bytes()])
            };
            if let Some(id) = ids.get_mut(*place) {
                *id = format!("{id}#{mark:016x}");
            }
        }
    }
    ids
}

fn marks_of(item: &Named<'_>, rules: &address::Rules) -> (String, u64) {
    (item.url.and_then(|url| article_address(url, rules)).unwrap_or_default(), Words::of(item.title).digest())
}

/// How an item is looked up among its source's entries.
pub fn lookup(native_id: &str, url: Option<&Url>, rules: &address::Rules) -> Lookup {
    Lookup { native_id: native_id.to_owned(), url: url.and_then(|url| url_key(url, rules)), text: None }
}

/// The known entry that an item is, if any: the same id; or the same address, when the source's
/// ids turn out to be worthless.
///
/// An id that names one thing in the whole world is believed. Another one (`latest`, `12`) is not
/// when address and headline both became others. Of entries at the item's address the one with the
/// most alike headline is taken, and none when all say another thing.
pub fn identify<'a>(lookup: &Lookup, title: &str, known: &'a [Known]) -> Option<&'a Known> {
    let title = Words::of(title);
    let likeness = |entry: &Known| titles::likeness(&title, &Words::of(&entry.title));
    let by_id = best(
        known.iter().filter(|entry| entry.native_id == lookup.native_id && !lookup.native_id.is_empty()),
        &likeness,
    );
    if let Some((entry, alike)) = by_id {
        let moved = match (&lookup.url, &entry.url) {
            (Some(now), Some(then)) => now != then,
            _ => false,
        };
        if is_unique(&lookup.native_id) || !moved || alike >= FOREIGN {
            return Some(entry);
        }
    }
    let address = lookup.url?;
    let (entry, alike) = best(known.iter().filter(|entry| entry.url == Some(address)), &likeness)?;
    let found = titles::compare(&title, &Words::of(&entry.title));
    let another = found.numbers.is_some() || alike < VERSIONS;
    (!another).then_some(entry)
}

/// The entry with the most alike headline; of several the oldest.
fn best<'a>(entries: impl Iterator<Item = &'a Known>, likeness: &impl Fn(&Known) -> f64) -> Option<(&'a Known, f64)> {
    let rated = entries.map(|entry| (entry, likeness(entry)));
    rated.min_by(|a, b| b.1.total_cmp(&a.1).then_with(|| (a.0.first_seen, a.0.id).cmp(&(b.0.first_seen, b.0.id))))
}

/// The id of a new entry: the same for ever for the same source and the same id there. Ids that may
/// be used twice are told apart by the address they came with.
pub(super) fn entry_id(facts: &Facts, rules: &address::Rules) -> EntryId {
    let source = facts.source.as_str();
    match &facts.url {
        Some(url) if !is_unique(&facts.native_id) => {
            EntryId::derive(&[source, &facts.native_id, &rules.canonical(url)])
        }
        _ => EntryId::derive(&[source, &facts.native_id]),
    }
}

/// The URI an entry is published under: the source's own id where it is one in the form that all programs
/// compare alike (RFC 4287 s. 4.2.6.1), else one of ours.
pub(super) fn uri(facts: &Facts, id: EntryId) -> String {
    let usable = facts.id_is_uri
        && facts.native_id.len() <= MAX_URI
        && is_unique(&facts.native_id)
        && address::is_canonical_uri(&facts.native_id);
    if usable { facts.native_id.clone() } else { format!("urn:uuid:{}", uuid::Uuid::new_v5(&URI_SPACE, id.as_bytes())) }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn known(native_id: &str, address: &str, title: &str) -> Known {
        Known {
            id: EntryId::derive(&[native_id, title]),
            native_id: native_id.to_owned(),
            url: url_key(&url(address), &address::Rules::default()),
            text: None,
            title: title.to_owned(),
            item_hash: String::new(),
            content_hash: String::new(),
            published: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            first_seen: DateTime::UNIX_EPOCH,
            is_full_text: true,
        }
    }

    fn found(native_id: &str, address: &str, title: &str, known: &[Known]) -> Option<EntryId> {
        identify(&lookup(native_id, Some(&url(address)), &address::Rules::default()), title, known)
            .map(|entry| entry.id)
    }

    const BRIDGE: &str = "Khánh thành cầu Rạch Miễu 2";
    const PAGE: &str = "https://example.vn/khanh-thanh-cau";

    #[test]
    fn an_entry_is_known_by_its_id_whatever_else_changes() {
        let kept = known("https://example.vn/?p=5", PAGE, BRIDGE);
        let now = found(
            "https://example.vn/?p=5",
            "https://example.vn/thong-xe",
            "Thông xe cầu mới qua sông Tiền",
            std::slice::from_ref(&kept),
        );
        assert_eq!(now, Some(kept.id));
        assert_eq!(
            found("5", PAGE, "Headline changed altogether", &[known("5", PAGE, BRIDGE)]),
            Some(known("5", PAGE, BRIDGE).id)
        );
    }

    #[test]
    fn an_entry_is_known_by_its_address_when_its_id_changes() {
        let kept = known("x-1", PAGE, BRIDGE);
        for (id, address, title) in [
            ("x-2", PAGE, BRIDGE),
            ("x-1#1", "http://www.example.vn/khanh-thanh-cau/?utm_source=rss", BRIDGE),
            ("x-3", PAGE, "Khánh thành cầu Rạch Miễu 2 sau ba năm thi công"),
        ] {
            assert_eq!(found(id, address, title, std::slice::from_ref(&kept)), Some(kept.id), "{id} {address} {title}");
        }
    }

    #[test]
    fn articles_that_share_an_id_or_an_address_stay_apart() {
        let kept = known("latest", PAGE, BRIDGE);
        assert_eq!(
            found("latest", "https://example.vn/gia-dua", "Giá dừa khô tăng mạnh trở lại", std::slice::from_ref(&kept)),
            None
        );
        assert_eq!(found("x-9", PAGE, "Giá dừa khô tăng mạnh trở lại", &[kept]), None);
        let gold = known("x-1", "https://example.vn/gia-vang", "Giá vàng ngày 12/3");
        assert_eq!(found("x-2", "https://example.vn/gia-vang", "Giá vàng ngày 13/3", &[gold]), None);
        let home = known("x-1", "https://example.vn/", "Tin vắn");
        assert_eq!(found("x-2", "https://example.vn/", "Tin vắn", &[home]), None);
    }

    #[test]
    fn the_most_alike_of_several_is_taken() {
        let all = [known("a", PAGE, "Tin vắn ngày mới"), known("b", PAGE, BRIDGE)];
        assert_eq!(found("c", PAGE, "Khánh thành cầu Rạch Miễu 2 sáng nay", &all), Some(all[1].id));
    }

    #[test]
    fn shared_ids_are_told_apart() {
        let (a, b) = (url("https://example.vn/a"), url("https://example.vn/b"));
        let told = |items: &[Named<'_>]| tell_apart(items, &address::Rules::default());
        let item = |native_id, url, title| Named { native_id, url, title };
        let ids = told(&[item("x", Some(&a), "One"), item("x", Some(&b), "Two"), item("y", Some(&b), "Two")]);
        assert!(ids[0] != ids[1] && ids[0].starts_with("x#") && ids[2] == "y", "{ids:?}");
        assert_eq!(ids[0], told(&[item("x", Some(&b), "Two"), item("x", Some(&a), "Changed")])[1]);
        let twice = told(&[item("x", Some(&a), "One"), item("x", Some(&a), "ONE!")]);
        assert_eq!(twice, ["x", "x"]);
        let versions =
            told(&[item("urn:uuid:12345678", Some(&a), "One"), item("urn:uuid:12345678", Some(&a), "One, corrected")]);
        assert_eq!(versions[0], versions[1]);
        let bare = told(&[item("https://example.vn/", None, "One"), item("https://example.vn/", None, "Two")]);
        assert_ne!(bare[0], bare[1]);
    }
}
