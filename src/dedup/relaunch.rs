//! A source that was rebuilt delivers its old articles again, under new ids, at new addresses, with today's
//! date. Readers have seen them.

use std::collections::BTreeMap;

use crate::model::{EntryId, Facts, Key, Known, Lookup};

use super::keys::text_key;
use super::text_of;
use super::titles;
use super::words::Words;

/// A visit that brings fewer old articles is no relaunch; whether they are one story is asked one by one.
const LEAST: usize = 5;

/// How new articles are looked up by what they say. The headline counts too where a text says little.
pub fn lookup_by_text(facts: &Facts) -> Option<Lookup> {
    let text = text_key(&Words::of(&text_of(facts)), &Words::of(&facts.title))?;
    Some(Lookup { native_id: String::new(), url: None, text: Some(text) })
}

/// Which known entries the new articles of a visit are, in their order, when the visit is that of a relaunch:
/// most of the new articles (three of five) say word for word what one entry each of the same source said.
///
/// Columns that run under one headline every day are no relaunch: their texts differ.
pub fn relaunched(new: &[&Facts], known: &[Known]) -> Vec<Option<Known>> {
    let none = || vec![None; new.len()];
    let mut entries: BTreeMap<Key, Vec<&Known>> = BTreeMap::new();
    for one in known {
        if let Some(text) = one.text {
            entries.entry(text).or_default().push(one);
        }
    }
    let keys: Vec<Option<Key>> = new.iter().map(|facts| lookup_by_text(facts).and_then(|lookup| lookup.text)).collect();
    let mut taken: BTreeMap<EntryId, usize> = BTreeMap::new();
    let found: Vec<Option<Known>> = new
        .iter()
        .zip(&keys)
        .map(|(facts, key)| {
            let title = Words::of(&facts.title);
            let alone = keys.iter().filter(|other| *other == key).count() == 1;
            match entries.get(key.as_ref()?).map(Vec::as_slice) {
                Some([one]) if alone && titles::likeness(&title, &Words::of(&one.title)) >= 0.6 => {
                    *taken.entry(one.id).or_default() += 1;
                    Some((*one).clone())
                }
                _ => None,
            }
        })
        .collect();
    let count = found.iter().flatten().count();
    let told_apart = taken.values().all(|times| *times == 1);
    if count >= LEAST && count * 5 >= new.len() * 3 && told_apart { found } else { none() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::sanitise;
    use crate::model::SourceId;

    fn facts(number: usize, text: &str) -> Facts {
        Facts {
            content: sanitise(&format!("<p>{text} {number} of this and of that, as was said before.</p>"), None),
            is_full_text: true,
            ..Facts::bare(
                SourceId::parse("paper").unwrap(),
                format!("new-{number}"),
                format!(
                    "Ferry crossing number {} is repaired at last",
                    ["one", "two", "three", "four", "five", "six"][number]
                ),
            )
        }
    }

    fn known(facts: &Facts) -> Known {
        let kept =
            crate::dedup::arrival(facts.clone(), None, chrono::DateTime::UNIX_EPOCH, &crate::address::Rules::default());
        Known {
            id: EntryId::derive(&[&facts.title]),
            native_id: format!("old {}", facts.title),
            url: None,
            text: lookup_by_text(facts).unwrap().text,
            title: facts.title.clone(),
            item_hash: String::new(),
            content_hash: kept.content_hash,
            published: kept.published,
            updated: kept.updated,
            first_seen: kept.first_seen,
            is_full_text: true,
        }
    }

    #[test]
    fn a_relaunch_is_many_old_texts_at_once() {
        let old: Vec<Facts> = (0..6).map(|n| facts(n, "A short report")).collect();
        let kept: Vec<Known> = old.iter().map(known).collect();
        let new: Vec<&Facts> = old.iter().collect();
        assert_eq!(relaunched(&new, &kept).iter().flatten().count(), 6);
        assert_eq!(relaunched(&new[..4], &kept).iter().flatten().count(), 0, "too few to tell");
        let next: Vec<Facts> = (0..6).map(|n| facts(n, "Another report")).collect();
        assert_eq!(relaunched(&next.iter().collect::<Vec<_>>(), &kept).iter().flatten().count(), 0, "daily columns");
        let mut twice = kept.clone();
        twice.push(Known { id: EntryId::derive(&["x"]), ..kept[0].clone() });
        assert_eq!(relaunched(&new, &twice).iter().flatten().count(), 5, "one of them is not told apart");
    }
}
