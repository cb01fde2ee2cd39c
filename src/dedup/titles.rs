//! How two headlines differ.

use std::collections::HashMap;

use super::words::{Kind, Word, Words};

/// What comparing two headlines shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Titles {
    /// How alike they are, 0 to 1.
    pub(super) likeness: f64,
    /// The number in the one and the number in the other, when they say the same of another number.
    pub(super) numbers: Option<(String, String)>,
    /// Whether they differ in one place only (`Part one`, `Part two`; `Monday`, `Tuesday`).
    pub(super) one_place: bool,
    /// Words of the shorter one.
    pub(super) size: usize,
}

/// Headlines that begin alike are alike although one goes on; from this many words on.
const MIN_CONTAINED: usize = 4;

/// Compares two headlines; symmetric.
pub(super) fn compare(one: &Words, other: &Words) -> Titles {
    let likeness = likeness(one, other);
    Titles {
        likeness,
        numbers: if likeness >= 0.5 { differing_number(one, other) } else { None },
        one_place: differ_in_one_place(one.all(), other.all()),
        size: one.size().min(other.size()),
    }
}

/// How alike two headlines are: the common part of their words, of their pairs of glyphs.
pub(super) fn likeness(one: &Words, other: &Words) -> f64 {
    let (one, other) = (units(one.all()), units(other.all()));
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for unit in &one {
        *counts.entry(*unit).or_default() += 1;
    }
    let mut common = 0_usize;
    for unit in &other {
        if let Some(left) = counts.get_mut(unit).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    let (shorter, both) = (one.len().min(other.len()), one.len() + other.len());
    if both == 0 {
        return 0.0;
    }
    let shared = 2.0 * common as f64 / both as f64;
    if shorter < MIN_CONTAINED { shared } else { shared.max(0.95 * common as f64 / shorter as f64) }
}

fn units(words: &[Word]) -> Vec<u64> {
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [a, b] if a.kind == Kind::Glyph && b.kind == Kind::Glyph => Some(a.hash.rotate_left(7) ^ b.hash),
        _ => None,
    });
    words.iter().filter(|word| word.kind != Kind::Glyph).map(|word| word.hash).chain(pairs).collect()
}

/// Each has a number that the other does not have.
fn differing_number(one: &Words, other: &Words) -> Option<(String, String)> {
    let own = |a: &Words, b: &Words| {
        let place = a.all().iter().position(|word| word.is_number() && !b.all().contains(word))?;
        Some(a.number_at(place).to_owned())
    };
    let (mine, theirs) = (own(one, other)?, own(other, one)?);
    Some(if mine <= theirs { (mine, theirs) } else { (theirs, mine) })
}

fn differ_in_one_place(one: &[Word], other: &[Word]) -> bool {
    let before = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let left = one.len().min(other.len()) - before;
    let behind = one.iter().rev().zip(other.iter().rev()).take(left).take_while(|(a, b)| a == b).count();
    let (middle_one, middle_other) = (one.len() - before - behind, other.len() - before - behind);
    // A name takes up to four words, and the rest must be more than a chance.
    let few = 1..=4.min(before + behind);
    few.contains(&middle_one) && few.contains(&middle_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(one: &str, other: &str) -> Titles {
        let (one, other) = (Words::of(one), Words::of(other));
        let found = compare(&one, &other);
        assert_eq!(found.likeness.to_bits(), compare(&other, &one).likeness.to_bits());
        found
    }

    #[test]
    fn likeness_follows_the_words() {
        assert!(titles("Khánh thành cầu Rạch Miễu 2", "Khánh thành cầu Rạch Miễu 2").likeness > 0.99);
        assert!(titles("Khánh thành cầu Rạch Miễu 2", "Khánh thành cầu Rạch Miễu 2 | Báo Đồng Khởi").likeness > 0.9);
        assert!(titles("Khánh thành cầu Rạch Miễu 2", "Giá dừa khô tăng mạnh").likeness < 0.1);
        assert!(titles("東京で国際会議が開幕", "国際会議が東京で開幕").likeness > 0.6);
        assert!(titles("", "").likeness < 0.1);
    }

    #[test]
    fn another_number_is_noticed() {
        assert_eq!(titles("Giá vàng ngày 12/3", "Giá vàng ngày 13/3").numbers, Some(("12".into(), "13".into())));
        assert_eq!(titles("Bão số 3 gần bờ", "Bão số 3 vào bờ").numbers, None);
        assert_eq!(titles("12 người bị thương", "Xe khách lao xuống vực, 45 người trên xe").numbers, None);
    }

    #[test]
    fn one_place_is_noticed() {
        assert!(titles("The harbour, part one", "The harbour, part two").one_place);
        assert!(titles("選挙の裏側 前編", "選挙の裏側 後編").one_place);
        assert!(!titles("Council approves budget", "Council approves budget").one_place);
        assert!(!titles("Council approves budget", "Council approves budget after long debate").one_place);
    }
}
