//! Which entries are one story, and which of them leads it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use crate::address;
use crate::model::{Arrival, Entry, Judge, Source, SourceId, Verdict};

use super::text_of;
use super::weigh::{Side, weigh};
use super::words::Words;

/// How much of the shorter of two long texts must stand in the other, in per cent, where nothing else is said.
pub const THRESHOLD: u8 = 70;

/// How entries are compared: what an admin says of the sources, and how alike texts must be.
#[derive(Debug, Clone)]
pub struct Rules {
    threshold: u8,
    sources: HashMap<SourceId, OfSource>,
}

#[derive(Debug, Clone)]
struct OfSource {
    priority: i32,
    addresses: address::Rules,
}

impl Default for Rules {
    fn default() -> Self {
        Self::new(&[], THRESHOLD)
    }
}

impl Rules {
    /// The rules of these sources. `threshold` is how much of the shorter of two long texts must stand in the
    /// other, in per cent; where more is asked (short texts, texts of one site) it moves along.
    pub fn new(sources: &[Source], threshold: u8) -> Self {
        let of = |source: &Source| OfSource { priority: source.priority, addresses: source.address.clone() };
        Self { threshold, sources: sources.iter().map(|source| (source.id.clone(), of(source))).collect() }
    }

    /// The same with another threshold.
    #[must_use]
    pub fn with_threshold(&self, threshold: u8) -> Self {
        Self { threshold, ..self.clone() }
    }

    /// Whether two entries are one story, with the reason in words and figures. Symmetric: it does not
    /// matter which of the two came first.
    ///
    /// - An address or a worldwide id in common makes them one, unless headlines and texts contradict.
    /// - Otherwise the texts must be nearly the same, the one contained in the other, or its first half;
    ///   the shorter they are, the nearer, and nearer still within one site.
    /// - Numbers that were replaced by others, in text or headline, make them two; so do few words in
    ///   many places of one mould. A headline or a date in common is never enough.
    pub fn compare(&self, one: &Entry, other: &Entry) -> Verdict {
        weigh(&self.side(one), &self.side(other), self.threshold)
    }

    /// As [`Rules::compare`], of an entry that is not kept yet.
    pub fn same_story(&self, arrival: &Arrival, kept: &Entry) -> Verdict {
        let facts = &arrival.facts;
        let rules = self.addresses(&facts.source);
        let arrival = Side { facts, published: arrival.published, sketch: &arrival.sketch, rules };
        weigh(&arrival, &self.side(kept), self.threshold)
    }

    /// The judge that the store asks.
    pub fn judge(self) -> Judge {
        let rules = Arc::new(self);
        let same = Arc::clone(&rules);
        Judge {
            same: Arc::new(move |arrival, kept| same.same_story(arrival, kept)),
            lead: Arc::new(move |entries| rules.lead(entries)),
        }
    }

    fn side<'a>(&'a self, entry: &'a Entry) -> Side<'a> {
        let rules = self.addresses(&entry.facts.source);
        Side { facts: &entry.facts, published: entry.published, sketch: &entry.sketch, rules }
    }

    fn addresses(&self, source: &SourceId) -> &address::Rules {
        static NONE: LazyLock<address::Rules> = LazyLock::new(address::Rules::default);
        self.sources.get(source).map_or(&NONE, |of| &of.addresses)
    }

    /// The entry that represents a story: of the sources with the highest priority, with the full text
    /// rather than without, with a text not much shorter (a fifth) than the longest of these, that of the
    /// source that had the article first. Of several entries of one source the newest speaks for it: the
    /// addresses of the others may be dead.
    fn lead(&self, entries: &[Entry]) -> usize {
        let sized: Vec<Sized<'_>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| Sized { index, entry, size: Words::of(&text_of(&entry.facts)).size() })
            .collect();
        let mut by_source: BTreeMap<&SourceId, Vec<&Sized<'_>>> = BTreeMap::new();
        for one in &sized {
            by_source.entry(&one.entry.facts.source).or_default().push(one);
        }
        let speakers = by_source.values().filter_map(|own| {
            let since = own.iter().map(|one| one.entry.first_seen).min()?;
            let newest = full(own).max_by_key(|one| (one.entry.first_seen, one.index))?;
            Some((*newest, since))
        });
        let speakers: Vec<(&Sized<'_>, _)> = speakers.collect();
        let priority = |one: &Sized<'_>| self.sources.get(&one.entry.facts.source).map_or(0, |of| of.priority);
        let Some(highest) = speakers.iter().map(|(one, _)| priority(one)).max() else { return 0 };
        let preferred: Vec<&Sized<'_>> =
            speakers.iter().map(|(one, _)| *one).filter(|one| priority(one) == highest).collect();
        let since =
            |one: &Sized<'_>| speakers.iter().find(|(other, _)| other.index == one.index).map(|(_, since)| *since);
        full(&preferred).min_by_key(|one| (since(one), Reverse(one.size), one.entry.id)).map_or(0, |one| one.index)
    }
}

/// An entry with the length of its text.
struct Sized<'a> {
    index: usize,
    entry: &'a Entry,
    size: usize,
}

/// Those with the full text, if any has it, and of these the ones that are not much shorter than the longest.
fn full<'a, 'b>(all: &'b [&'a Sized<'a>]) -> impl Iterator<Item = &'b &'a Sized<'a>> {
    let is_full = all.iter().any(|one| one.entry.facts.is_full_text);
    let longest =
        all.iter().filter(|one| one.entry.facts.is_full_text == is_full).map(|one| one.size).max().unwrap_or(0);
    all.iter().filter(move |one| one.entry.facts.is_full_text == is_full && one.size * 5 >= longest * 4)
}
