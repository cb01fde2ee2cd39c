//! How two texts hang together: which passages the shorter has in common with the longer, and what
//! is different between them. This is the exact look that follows when two entries share a key.

use std::collections::BTreeMap;

use super::words::{Kind, Word, Words, shingle, size};

/// A passage in common has at least so many words (glyphs); less is chance.
const MIN_WORDS: usize = 5;
const MIN_GLYPHS: usize = 7;

/// A place where few words of the one stand for few of the other.
const SLOT: usize = 10;

/// What comparing two texts shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Passages {
    /// Words of the shorter text.
    pub(super) shorter: usize,
    /// Words of the longer text.
    pub(super) longer: usize,
    /// Whether they are the same, word by word.
    pub(super) exact: bool,
    /// Common runs of words among all runs of both (Jaccard), 0 to 1.
    pub(super) jaccard: f64,
    /// Part of the shorter text that stands in the longer one, in passages, 0 to 1.
    pub(super) cover: f64,
    /// Words of the longest common passage.
    pub(super) longest: usize,
    /// Part of the different words of the shorter text that the longer one uses at all, 0 to 1.
    pub(super) vocabulary: f64,
    /// Places between common passages where a few words were replaced by a few others.
    pub(super) slots: usize,
    /// Numbers that were replaced by others between common passages.
    pub(super) replaced: usize,
    /// One of them, before and after.
    pub(super) example: Option<(String, String)>,
}

/// A passage in common: its places in the shorter and in the longer text, and its length.
#[derive(Debug, Clone, Copy)]
struct Run {
    here: usize,
    there: usize,
    length: usize,
}

/// Compares two texts; symmetric. Time grows as `n log n` with their length, which is bounded.
pub(super) fn compare(one: &Words, other: &Words) -> Passages {
    // One order for both directions makes the greedy search symmetric.
    let rank = |words: &Words| (words.all().len(), words.all().iter().map(|word| word.hash).collect::<Vec<_>>());
    let (short, long) = if rank(one) <= rank(other) { (one, other) } else { (other, one) };
    let runs = runs(short.all(), long.all());
    let covered: usize = runs.iter().map(|run| run.length).sum();
    let mut passages = Passages {
        shorter: short.size().min(long.size()),
        longer: long.size().max(short.size()),
        exact: short.all() == long.all(),
        jaccard: jaccard(short, long),
        cover: covered as f64 / short.all().len().max(1) as f64,
        longest: runs.iter().map(|run| size(slice(short, run.here, run.here + run.length))).max().unwrap_or(0),
        vocabulary: vocabulary(short.all(), long.all()),
        slots: 0,
        replaced: 0,
        example: None,
    };
    passages.look_between(&runs, short, long);
    passages
}

impl Passages {
    /// How many times longer the longer text is.
    pub(super) fn ratio(&self) -> f64 {
        self.longer as f64 / self.shorter.max(1) as f64
    }

    /// Counts what was replaced before, between and behind the common passages.
    fn look_between(&mut self, runs: &[Run], short: &Words, long: &Words) {
        let (mut here, mut there) = (0, 0);
        let end = Run { here: short.all().len(), there: long.all().len(), length: 0 };
        if runs.is_empty() {
            return;
        }
        for run in runs.iter().chain([&end]) {
            // A passage that was moved says nothing about what stands between.
            if run.there >= there {
                self.look_at((here, run.here), (there, run.there), short, long);
            }
            (here, there) = (run.here + run.length, run.there + run.length);
        }
    }

    fn look_at(&mut self, here: (usize, usize), there: (usize, usize), short: &Words, long: &Words) {
        let (mine, theirs) = (slice(short, here.0, here.1), slice(long, there.0, there.1));
        if mine.is_empty() || theirs.is_empty() {
            return;
        }
        let slot = mine.len() <= SLOT && theirs.len() <= SLOT;
        self.slots += usize::from(slot);
        if !slot && likeness_without_numbers(mine, theirs) < 0.5 {
            return;
        }
        let (own, other) = (numbers_only_in(mine, theirs), numbers_only_in(theirs, mine));
        self.replaced += own.len().min(other.len());
        if let (None, Some(own), Some(other)) = (&self.example, own.first(), other.first()) {
            let pair = (short.number_at(here.0 + own).to_owned(), long.number_at(there.0 + other).to_owned());
            self.example = Some(pair);
        }
    }
}

fn slice(words: &Words, from: usize, to: usize) -> &[Word] {
    words.all().get(from..to).unwrap_or_default()
}

fn min_run(word: Word) -> usize {
    if word.kind == Kind::Glyph { MIN_GLYPHS } else { MIN_WORDS }
}

/// The passages of the shorter text that stand in the longer one, found from the front, each as long
/// as it goes, and rather behind the last one than anywhere else.
fn runs(short: &[Word], long: &[Word]) -> Vec<Run> {
    let start = |words: &[Word], at: usize| {
        let width = min_run(*words.get(at)?);
        words.get(at..at + width).map(shingle)
    };
    let mut places: Vec<(u64, usize)> = (0..long.len()).filter_map(|at| Some((start(long, at)?, at))).collect();
    places.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    let (mut here, mut behind) = (0, 0);
    while here < short.len() {
        let there = start(short, here).and_then(|digest| {
            let next = places.partition_point(|place| *place < (digest, behind));
            let first = places.partition_point(|place| *place < (digest, 0));
            [next, first]
                .iter()
                .find_map(|index| places.get(*index).filter(|place| place.0 == digest))
                .map(|place| place.1)
        });
        let Some(there) = there else {
            here += 1;
            continue;
        };
        let length = short.iter().skip(here).zip(long.iter().skip(there)).take_while(|(a, b)| a == b).count();
        // Equal digests of unequal runs cannot be made up by chance; still, go on.
        if length > 0 {
            runs.push(Run { here, there, length });
        }
        here += length.max(1);
        behind = there + length;
    }
    runs
}

fn jaccard(one: &Words, other: &Words) -> f64 {
    let (one, other) = (sorted(one.shingles(MIN_WORDS, MIN_GLYPHS)), sorted(other.shingles(MIN_WORDS, MIN_GLYPHS)));
    let common = one.iter().filter(|digest| other.binary_search(digest).is_ok()).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

fn vocabulary(short: &[Word], long: &[Word]) -> f64 {
    let digests = |words: &[Word]| sorted(words.iter().map(|word| word.hash).collect());
    let (short, long) = (digests(short), digests(long));
    let common = short.iter().filter(|digest| long.binary_search(digest).is_ok()).count();
    common as f64 / short.len().max(1) as f64
}

fn sorted(mut digests: Vec<u64>) -> Vec<u64> {
    digests.sort_unstable();
    digests.dedup();
    digests
}

/// How alike two parts are when numbers do not count (Dice).
fn likeness_without_numbers(one: &[Word], other: &[Word]) -> f64 {
    let count = |words: &[Word]| words.iter().filter(|word| !word.is_number()).count();
    let all = count(one) + count(other);
    if all == 0 {
        return 1.0;
    }
    let common = count(one) - only_in(one, other, |word| !word.is_number()).len();
    2.0 * common as f64 / all as f64
}

/// Places in `one` of the numbers that `other` does not have (as often).
fn numbers_only_in(one: &[Word], other: &[Word]) -> Vec<usize> {
    only_in(one, other, Word::is_number)
}

fn only_in(one: &[Word], other: &[Word], which: impl Fn(Word) -> bool) -> Vec<usize> {
    let mut left: BTreeMap<u64, usize> = BTreeMap::new();
    for word in other.iter().filter(|word| which(**word)) {
        *left.entry(word.hash).or_default() += 1;
    }
    let mut only = Vec::new();
    for (place, word) in one.iter().enumerate().filter(|(_, word)| which(**word)) {
        match left.get_mut(&word.hash).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => only.push(place),
        }
    }
    only
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: &str = "The river council met on Tuesday to decide how the old ferry is to be kept. \
        It will cost 1,200 crowns a year, which 14 villages share. The ferry has carried people over the water since 1896, \
        and nobody could think of the valley without it, the mayor said.";

    fn passages(one: &str, other: &str) -> Passages {
        let (one, other) = (Words::of(one), Words::of(other));
        let found = compare(&one, &other);
        assert_eq!(found, compare(&other, &one));
        found
    }

    #[test]
    fn equal_texts_are_exact() {
        let found = passages(NEWS, &NEWS.to_uppercase());
        assert!(found.exact && found.slots == 0 && found.replaced == 0);
        assert!((found.jaccard - 1.0).abs() < 1e-9 && (found.cover - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_replaced_number_is_found() {
        let found = passages(NEWS, &NEWS.replace("14", "15"));
        assert_eq!((found.replaced, found.slots), (1, 1));
        let (one, other) = found.example.unwrap();
        assert!(matches!((one.as_str(), other.as_str()), ("14", "15") | ("15", "14")));
        assert_eq!(passages(NEWS, &NEWS.replace("14 villages", "the villages")).replaced, 0);
    }

    #[test]
    fn numbers_in_a_long_list_are_found() {
        let list = |n: u32| {
            format!(
                "{NEWS} Oak {n}, ash {}, elm {}, fir {}, yew {}, box {}. {NEWS}",
                n + 2,
                n * 3,
                n + 7,
                n * 5,
                n + 11
            )
        };
        assert!(passages(&list(70), &list(75)).replaced >= 4);
    }

    #[test]
    fn a_part_is_covered_by_the_whole() {
        let half = NEWS.split("The ferry has").next().unwrap();
        let found = passages(half, NEWS);
        assert!(found.cover > 0.99 && found.jaccard < 0.8 && found.replaced == 0, "{found:?}");
    }

    proptest::proptest! {
        #[test]
        fn comparing_is_symmetric_and_bounded(one in "([ab1] ){0,40}", other in "([abc12] ){0,40}") {
            let found = passages(&one, &other);
            proptest::prop_assert!((0.0..=1.0).contains(&found.cover) && (0.0..=1.0).contains(&found.jaccard));
        }
    }

    #[test]
    fn moved_passages_and_empty_texts_are_no_harm() {
        let (first, second) = NEWS.split_once("It will").unwrap();
        assert!(passages(&format!("{second} {first}"), NEWS).cover > 0.9);
        let nothing = passages("", "");
        assert!(nothing.cover == 0.0 && nothing.jaccard == 0.0);
        assert_eq!(passages("", NEWS).shorter, 0);
        assert!(passages(&"a ".repeat(30_000), &"a ".repeat(29_000)).cover > 0.99);
    }
}
