//! One spelling for what readers take as one: letters however composed, capitals, tone marks placed
//! the old or the new way, invisible characters, digits of all scripts.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in the one spelling. Punctuation stays; whoever splits the text drops it.
pub(super) fn normal(text: &str) -> impl Iterator<Item = char> + '_ {
    let folded = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).map(folded);
    ToneMarks { letters: folded, ready: Vec::new(), tone: None }.nfc()
}

/// Characters that are not seen, or that writers leave out as they like: joiners, direction marks,
/// soft hyphens, variation selectors, Arabic and Hebrew vowel points, the Arabic stretcher.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{e0100}'..='\u{e01ef}')
}

/// Digits of other scripts become ASCII digits.
fn folded(c: char) -> char {
    const ZEROS: [char; 12] = [
        '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}', '\u{ce6}', '\u{e50}',
        '\u{ed0}', '\u{17e0}',
    ];
    if c.is_ascii() {
        return c;
    }
    ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10))
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(c)
}

/// Moves a tone mark to the end of its run of vowels: `hòa` and `hoà` become one. Circumflex, breve
/// and horn belong to their letters and stay.
struct ToneMarks<I> {
    letters: I,
    /// To be given out, the next one last.
    ready: Vec<char>,
    /// The mark that waits for the end of the run.
    tone: Option<char>,
}

impl<I: Iterator<Item = char>> Iterator for ToneMarks<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(c) = self.ready.pop() {
            return Some(c);
        }
        // A mark is taken up only behind a vowel; `tone` is set only within a run.
        loop {
            let Some(c) = self.letters.next() else { return self.tone.take() };
            if is_tone(c) && self.tone.is_none() {
                self.tone = Some(c);
                continue;
            }
            if self.tone.is_none() || is_vowel(c) || (is_combining_mark(c) && !is_tone(c)) {
                return Some(c);
            }
            self.ready.push(c);
            return self.tone.take();
        }
    }
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        normal(text).collect()
    }

    #[test]
    fn one_spelling() {
        for (one, other) in [
            ("hòa", "hoà"),
            ("thủy", "thuỷ"),
            ("khỏe", "khoẻ"),
            ("HÒA BÌNH", "hoà bình"),
            ("Bến Tre", "Be\u{302}\u{301}n Tre"),
            ("Đồng Khởi", "đồng\u{a0}khởi"),
            ("ﬁn", "fin"),
            ("１２３", "123"),
            ("٣٤", "34"),
            ("ｶﾞ", "ガ"),
            ("کتـاب", "کتاب"),
            ("مُحَمَّد", "محمد"),
            ("zero\u{200b}width", "zerowidth"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("quốc", "quô\u{301}c"),
        ] {
            assert_eq!(of(one), of(other), "{one} {other}");
        }
        for (one, other) in
            [("hòa", "hóa"), ("ma", "má"), ("mạ", "mã"), ("tôi", "tơi"), ("an", "ăn"), ("1", "2"), ("ガ", "カ")]
        {
            assert_ne!(of(one), of(other), "{one} {other}");
        }
    }

    #[test]
    fn nothing_is_lost_at_the_end() {
        assert_eq!(of("đó"), "đó");
        assert_eq!(of("e\u{301}\u{301}x"), of("e\u{301}\u{301}x"));
        assert_eq!(of("\u{301}"), "\u{301}");
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(text in "([a-eo-uyà-ỹ]|[\u{300}-\u{309}\u{323}]|\\PC){0,12}") {
            let once = of(&text);
            proptest::prop_assert_eq!(of(&once), once);
        }
    }
}
