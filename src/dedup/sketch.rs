//! Sketches: little bags of digests by which texts are compared without the texts.
//!
//! Scheme 1 is bottom-k `MinHash`: of all runs of eight words (ten glyphs) the 64 smallest digests.
//! As every text picks by the same order, the common part of two sketches estimates the common part
//! of the texts, and a text that is contained in another finds its own digests there.

use crate::model::Sketch;

use super::words::{Words, shingles};

/// The first byte of a sketch of this kind.
const SCHEME: u8 = 1;

/// Digests in a sketch.
const MEMBERS: usize = 64;

/// Long enough that two texts share a run by copying, not by chance: Vietnamese names of offices
/// have seven syllables and more.
const RUN_WORDS: usize = 8;
const RUN_GLYPHS: usize = 10;

/// Smallest digests of the whole text by which it is looked up. A text that is the half of another
/// shares none of them once in 256 cases.
const ANCHORS: usize = 8;

/// The same for the beginning, which is where a summary is taken from.
const LEAD_ANCHORS: usize = 4;
const LEAD_WORDS: usize = 48;

/// The sketch of a text.
pub(super) fn sketch(words: &Words) -> Sketch {
    let all = sorted(words.shingles(RUN_WORDS, RUN_GLYPHS));
    let mut bytes = Vec::with_capacity(1 + MEMBERS * 4);
    bytes.push(SCHEME);
    for digest in all.iter().take(MEMBERS) {
        bytes.extend(((digest >> 32) as u32).to_be_bytes());
    }
    Sketch(bytes)
}

/// Digests by which a text with common passages may be found.
pub(super) fn anchors(words: &Words) -> Vec<u64> {
    let lead = words.all().get(..LEAD_WORDS).unwrap_or(words.all());
    let mut anchors: Vec<u64> = sorted(words.shingles(RUN_WORDS, RUN_GLYPHS)).into_iter().take(ANCHORS).collect();
    anchors.extend(sorted(shingles(lead, RUN_WORDS, RUN_GLYPHS)).into_iter().take(LEAD_ANCHORS));
    sorted(anchors)
}

/// Whether two sketches rule out that the texts have a longer passage in common. False as well when
/// they are too small, or of different schemes.
pub(super) fn are_foreign(one: &Sketch, other: &Sketch) -> bool {
    let (Some(one), Some(other)) = (members(one), members(other)) else { return false };
    let (Some(last_one), Some(last_other)) = (one.last(), other.last()) else { return false };
    // Only up to the smaller end both would hold a common member.
    let end = if one.len() < MEMBERS && other.len() < MEMBERS {
        u32::MAX
    } else if one.len() < MEMBERS {
        *last_other
    } else if other.len() < MEMBERS {
        *last_one
    } else {
        *last_one.min(last_other)
    };
    let comparable =
        one.iter().filter(|digest| **digest <= end).count().min(other.iter().filter(|digest| **digest <= end).count());
    comparable >= 16 && !one.iter().any(|digest| other.binary_search(digest).is_ok())
}

fn members(sketch: &Sketch) -> Option<Vec<u32>> {
    let (scheme, bytes) = sketch.0.split_first()?;
    let (digests, rest) = bytes.as_chunks::<4>();
    (*scheme == SCHEME && rest.is_empty()).then(|| digests.iter().map(|digest| u32::from_be_bytes(*digest)).collect())
}

fn sorted(mut digests: Vec<u64>) -> Vec<u64> {
    digests.sort_unstable();
    digests.dedup();
    digests
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: usize, to: usize) -> Words {
        let words: Vec<String> = (from..to).map(|n| format!("w{}x", n * 7919 % 10_007)).collect();
        Words::of(&words.join(" "))
    }

    #[test]
    fn the_half_of_a_text_is_found_in_it() {
        let whole = text(0, 400);
        let found: Vec<u64> = anchors(&text(0, 200)).into_iter().filter(|a| anchors(&whole).contains(a)).collect();
        assert!(!found.is_empty());
        assert!(!are_foreign(&sketch(&whole), &sketch(&text(0, 200))));
    }

    #[test]
    fn other_texts_are_foreign() {
        assert!(are_foreign(&sketch(&text(0, 300)), &sketch(&text(2000, 2300))));
        assert!(!are_foreign(&sketch(&text(0, 10)), &sketch(&text(2000, 2300))), "too small to tell");
        assert!(!are_foreign(&Sketch::default(), &sketch(&text(0, 300))));
        assert!(!are_foreign(&Sketch(vec![9, 1, 2, 3]), &sketch(&text(0, 300))));
    }

    #[test]
    fn a_sketch_is_small() {
        assert_eq!(sketch(&text(0, 5000)).0.len(), 1 + 4 * MEMBERS);
        assert!(anchors(&text(0, 5000)).len() <= ANCHORS + LEAD_ANCHORS);
        assert_eq!(sketch(&Words::default()).0, [SCHEME]);
        assert!(anchors(&Words::default()).is_empty());
    }
}
