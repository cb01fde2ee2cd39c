//! A text as the sequence of its words.

use unicode_normalization::char::is_combining_mark;

use super::normal::normal;

/// Words beyond this are not looked at: no article is that long, and all work stays bounded.
const MAX_WORDS: usize = 20_000;

/// Characters beyond this are not looked at.
const MAX_CHARS: usize = 400_000;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of a script that puts spaces between words.
    Word,
    /// A character of a script that does not.
    Glyph,
    /// A number, without separators of thousands and leading zeros.
    Number,
}

/// One word, by its digest. Equal digests are equal words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) hash: u64,
    pub(super) kind: Kind,
}

impl Word {
    pub(super) fn is_number(self) -> bool {
        self.kind == Kind::Number
    }
}

/// The words of a text in order, spelled in the one way of [`normal`], without punctuation.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    all: Vec<Word>,
    /// The numbers as texts, with their places, for showing.
    numbers: Vec<(usize, String)>,
}

impl Words {
    /// Splits a text. Letters and digits that stand together are words of their own (`12h30` is
    /// `12`, `h`, `30`), so that numbers can be compared.
    pub(super) fn of(text: &str) -> Self {
        let chars: Vec<char> = normal(text).take(MAX_CHARS).collect();
        let mut words = Self::default();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            if words.all.len() == MAX_WORDS {
                break;
            }
            at = if c.is_ascii_digit() {
                words.number(&chars, at)
            } else if c.is_alphanumeric() {
                words.word(&chars, at)
            } else {
                at + 1
            };
        }
        words
    }

    /// Takes the word that starts at `at`; returns where it ends.
    fn word(&mut self, chars: &[char], at: usize) -> usize {
        let glyph = chars.get(at).is_some_and(|c| is_glyph(*c));
        let rest = chars.iter().skip(at + 1);
        let more = rest
            .take_while(|c| {
                is_combining_mark(**c) || (!glyph && c.is_alphanumeric() && !c.is_ascii_digit() && !is_glyph(**c))
            })
            .count();
        let end = at + 1 + more;
        let hash = chars.get(at..end).unwrap_or_default().iter().fold(FNV_START, |hash, c| fnv(hash, *c));
        self.all.push(Word { hash: mixed(hash), kind: if glyph { Kind::Glyph } else { Kind::Word } });
        end
    }

    /// Takes the number that starts at `at`; returns where it ends. `1.480`, `1,480` and `1480` are
    /// one number; `2,5` are two.
    fn number(&mut self, chars: &[char], at: usize) -> usize {
        let digits_from = |start: usize| chars.iter().skip(start).take_while(|c| c.is_ascii_digit()).count();
        let mut end = at + digits_from(at);
        let mut digits: String = chars.get(at..end).unwrap_or_default().iter().collect();
        if digits.len() <= 3 {
            while matches!(chars.get(end), Some('.' | ',' | '\'' | '\u{2019}'))
                && digits_from(end + 1) == 3
                && digits.len() < 30
            {
                digits.extend(chars.get(end + 1..end + 4).unwrap_or_default());
                end += 4;
            }
        }
        let plain = digits.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        self.numbers.push((self.all.len(), plain.chars().take(20).collect()));
        let hash = plain.chars().fold(FNV_START, fnv);
        self.all.push(Word { hash: mixed(hash), kind: Kind::Number });
        end
    }

    pub(super) fn all(&self) -> &[Word] {
        &self.all
    }

    /// How much text it is, in words; a glyph counts as three fifths of one, which is about what a
    /// word of Chinese or Japanese takes.
    pub(super) fn size(&self) -> usize {
        size(&self.all)
    }

    /// A number as text, by its place among all words.
    pub(super) fn number_at(&self, place: usize) -> &str {
        let found =
            self.numbers.binary_search_by_key(&place, |(at, _)| *at).ok().and_then(|index| self.numbers.get(index));
        found.map_or("", |(_, text)| text)
    }

    /// A digest of the whole sequence.
    pub(super) fn digest(&self) -> u64 {
        let bytes: Vec<u8> = self.all.iter().flat_map(|word| word.hash.to_be_bytes()).collect();
        super::digest([bytes.as_slice()])
    }

    /// Digests of the runs of `words` words (`glyphs` glyphs), one for each place where such a run
    /// starts; of the whole when it is shorter than that.
    pub(super) fn shingles(&self, words: usize, glyphs: usize) -> Vec<u64> {
        shingles(&self.all, words, glyphs)
    }
}

/// As [`Words::size`], of a part.
pub(super) fn size(words: &[Word]) -> usize {
    words.iter().map(|word| if word.kind == Kind::Glyph { 3 } else { 5 }).sum::<usize>() / 5
}

/// As [`Words::shingles`], of a part.
pub(super) fn shingles(all: &[Word], words: usize, glyphs: usize) -> Vec<u64> {
    let starts = (0..all.len()).filter_map(|start| {
        let width = if all.get(start)?.kind == Kind::Glyph { glyphs } else { words };
        all.get(start..start + width).map(shingle)
    });
    let mut found: Vec<u64> = starts.collect();
    if found.is_empty() && !all.is_empty() {
        found.push(shingle(all));
    }
    found
}

/// The digest of a run of words, order included.
pub(super) fn shingle(run: &[Word]) -> u64 {
    mixed(run.iter().fold(FNV_START, |hash, word| (hash.rotate_left(5) ^ word.hash).wrapping_mul(FNV_PRIME)))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

fn fnv(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(FNV_PRIME)
}

/// Spreads a digest over all bits (the finisher of `SplitMix64`).
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Scripts that put no spaces between words: Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer.
fn is_glyph(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        Words::of(one).all() == Words::of(other).all()
    }

    #[test]
    fn spelling_does_not_count() {
        assert!(same("“Tin vắn” – Hòa Bình", "\"tin vắn\" - hoà bình!"));
        assert!(same("1.480 người, 05:30", "1,480 người 5:30"));
        assert!(same("12h30", "12 h 30"));
        assert!(same("東京で会議。", "東京 で会議"));
        assert!(!same("1.480", "1.481"));
        assert!(!same("2-1", "1-2"));
    }

    #[test]
    fn sizes_are_in_words() {
        assert_eq!(Words::of("Một hai ba, 4 năm.").size(), 5);
        assert_eq!(Words::of("東京都知事選挙結果").size(), 5);
        assert_eq!(Words::of("ภาษาไทย").all().len(), 7);
    }

    #[test]
    fn numbers_can_be_shown() {
        let words = Words::of("giá 1.250.000 đồng, 007");
        assert_eq!(words.number_at(1), "1250000");
        assert_eq!(words.number_at(3), "7");
        assert_eq!(words.number_at(0), "");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(Words::of(&"a ".repeat(MAX_WORDS + 5)).all().len(), MAX_WORDS);
        assert_eq!(Words::of(&"1,111".repeat(200_000)).all().len().min(MAX_WORDS), MAX_WORDS);
    }
}
