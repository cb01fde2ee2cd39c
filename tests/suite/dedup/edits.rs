//! What happens to an article on its way through the world.

use unicode_normalization::UnicodeNormalization;

/// Addresses that lead to the same page as `https://tin.example/path`.
pub(super) fn twin(path: &str, which: usize) -> String {
    let twins = [
        format!("http://tin.example/{path}"),
        format!("https://www.tin.example/{path}/"),
        format!("https://m.tin.example/{path}"),
        format!("https://amp.tin.example/{path}"),
        format!("https://tin.example/{path}/amp/"),
        format!("https://tin.example/{path}?outputType=amp"),
        format!("https://tin.example/{path}?print=1"),
        format!("https://TIN.example:443/{path}"),
        format!("https://tin.example/{path}?utm_source=rss&utm_medium=feed&utm_campaign=x"),
        format!("https://tin.example/{path}?fbclid=IwAR0abc&gclid=1"),
        format!("https://tin.example/{path}?ref=rss#comments"),
        format!("https://tin.example/{path};jsessionid=3F2504E04F8911D39A0C"),
        format!("https://tin.example/{path}?PHPSESSID=0b6c8f0e1111222233334444"),
        format!("https://tin-example.cdn.ampproject.org/c/s/tin.example/{path}"),
        format!("https://www.google.com/url?sa=t&url=https%3A%2F%2Ftin.example%2F{path}"),
        format!("https://rss.tin.example/click?url=https://tin.example/{path}"),
        format!("https://tin.example//a/../{path}/index.html"),
    ];
    twins[which % twins.len()].clone()
}

/// The text as another program writes it: decomposed letters, other quotes and dashes, tone marks
/// placed the other way, invisible characters.
pub(super) fn respelled(text: &str) -> String {
    let other_marks =
        text.replace("òa", "oà").replace("óa", "oá").replace("ủy", "uỷ").replace("ụy", "uỵ").replace("ỏe", "oẻ");
    let quoted =
        other_marks.replace(", ", ",\u{a0}").replace('-', "\u{2013}").replace(':', " :").replace('\'', "\u{2019}");
    quoted.nfd().collect::<String>().replace(". ", ".\u{200b} ")
}

/// Words as they are told apart by white space; characters where there is none.
fn pieces(text: &str) -> Vec<String> {
    let words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
    if words.len() > 8 { words } else { text.chars().map(String::from).collect() }
}

/// The first `count` words (or twice as many characters), with dots.
pub(super) fn beginning(text: &str, count: usize) -> String {
    let pieces = pieces(text);
    let count = if text.split(' ').count() > 8 { count } else { count * 2 };
    let cut: String = pieces.iter().take(count).map(String::as_str).collect();
    format!("{}…", cut.trim_end())
}

/// The text with a word left out here and there, one in `every`; never a number.
pub(super) fn corrected(text: &str, every: usize) -> String {
    let keep = |(place, piece): (usize, &String)| {
        let number = piece.chars().any(|c| c.is_ascii_digit());
        (number || place % every != every / 2).then(|| piece.clone())
    };
    pieces(text).iter().enumerate().filter_map(keep).collect()
}

/// The text with every number, or only the first, made another one.
pub(super) fn renumbered(text: &str, all: bool) -> String {
    let mut done = false;
    let mut changed = String::new();
    for c in text.chars() {
        match c.to_digit(10) {
            Some(digit) if all || !done => {
                done = true;
                changed.push(char::from_digit(digit % 9 + 1, 10).unwrap());
            }
            _ => changed.push(c),
        }
    }
    changed
}

/// Sentences without their first one.
pub(super) fn without_first_sentence(text: &str) -> String {
    let end = text
        .char_indices()
        .zip(text.chars().skip(1).chain([' ']))
        .find(|((_, c), next)| matches!(c, '。' | '؟') || (matches!(c, '.' | '!') && next.is_whitespace()));
    end.map_or(String::new(), |((at, c), _)| text.split_at(at + c.len_utf8()).1.trim().to_owned())
}
