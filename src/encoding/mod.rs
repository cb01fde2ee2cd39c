//! Bytes to text. Declarations are tried in the order of how often they are right: byte order
//! mark, escape sequences, valid UTF-8, the HTTP header, the document's own word, statistics.

mod seven_bit;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use seven_bit::SevenBit;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A declaration stands within these first bytes.
const HEAD: usize = 2048;
/// HTML pages put theirs later than they should.
const HTML_HEAD: usize = 16 * 1024;

/// What a document's bytes are expected to be, which decides where a declaration may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `<?xml encoding="…"?>`.
    Xml,
    /// `<meta charset=…>`.
    Html,
    /// No declaration inside (JSON, plain text, Markdown).
    Text,
}

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, NFC where the encoding made combining sequences, without a BOM.
    pub text: Cow<'a, str>,
    /// The encoding's WHATWG name in lower case.
    pub encoding: String,
    /// What was wrong, in words: a declaration that the bytes belie, bytes that are no text.
    pub problems: Vec<String>,
}

/// Decodes a document.
pub fn decode<'a>(bytes: &'a [u8], http_charset: Option<&str>, syntax: Syntax) -> Decoded<'a> {
    if let Some(decoded) = utf_32(bytes) {
        return decoded;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or_default(), Vec::new());
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return with(encoding, bytes, Vec::new());
    }
    let said_inside = declared(bytes, syntax);
    let mut said = [http_charset, said_inside.as_deref()].into_iter().flatten();
    if said.any(|name| label(name) == Some(ISO_2022_JP)) && memchr::memchr(0x1b, bytes).is_some() {
        return with(ISO_2022_JP, bytes, Vec::new());
    }
    let candidates = in_order(http_charset, said_inside.as_deref());
    let seven_bit = candidates.into_iter().flatten().find_map(SevenBit::named);
    if let Some((encoding, text)) = seven_bit.and_then(|encoding| Some((encoding, encoding.decode(bytes)?))) {
        return Decoded { text: Cow::Owned(text), encoding: encoding.name().to_owned(), problems: Vec::new() };
    }
    let mut problems = unknown_names(&candidates);
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return as_utf8(text, &candidates, problems);
    }
    for name in candidates.into_iter().flatten() {
        let Some(encoding) = label(name) else { continue };
        if encoding == UTF_8 {
            problems.push("it is declared as UTF-8, but its bytes are not".to_owned());
        } else if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return finish(text, encoding, problems);
        } else {
            problems.push(format!("its bytes are not the declared {name}"));
        }
    }
    if is_nearly_utf8(bytes) {
        problems.push("some of its bytes are no UTF-8 and were read as windows-1252 or left out".to_owned());
        return Decoded { text: Cow::Owned(mixed(bytes)), encoding: "utf-8".to_owned(), problems };
    }
    detect(bytes, problems)
}

/// Declarations, the more credible first: the header, unless it says what servers say of everything
/// and the document says something else.
fn in_order<'n>(http: Option<&'n str>, inside: Option<&'n str>) -> [Option<&'n str>; 2] {
    let is_default = http.is_some_and(|name| label(name) == Some(WINDOWS_1252));
    if is_default && inside.is_some_and(|name| label(name).is_some()) { [inside, http] } else { [http, inside] }
}

/// UTF-8 into which something else was pasted: a lone byte is a character of windows-1252, and what
/// is left of a cut character goes.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if let [byte] = chunk.invalid() {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[*byte]).0);
        }
    }
    text
}

fn as_utf8<'a>(text: &'a str, candidates: &[Option<&str>; 2], mut problems: Vec<String>) -> Decoded<'a> {
    let mut known = candidates.iter().flatten().filter_map(|name| Some((*name, label(name)?)));
    let other = known.clone().find(|(_, encoding)| *encoding != UTF_8);
    let mut encoding = UTF_8;
    match other {
        // Plain ASCII is what any declaration says it is.
        Some(_) if text.is_ascii() => {
            let first = known.next().filter(|(_, encoding)| encoding.is_ascii_compatible());
            encoding = first.map_or(UTF_8, |(_, encoding)| encoding);
        }
        Some((name, _)) => problems.push(format!("it is declared as {name}, but its bytes are UTF-8")),
        None => {}
    }
    Decoded { text: Cow::Borrowed(text), encoding: encoding.name().to_ascii_lowercase(), problems }
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8], mut problems: Vec<String>) -> Decoded<'a> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        problems.push(format!("some of its bytes are not {}", encoding.name()));
        let text = text.replace('\u{fffd}', "");
        return finish(Cow::Owned(text), encoding, problems);
    }
    finish(text, encoding, problems)
}

fn finish<'a>(text: Cow<'a, str>, encoding: &'static Encoding, problems: Vec<String>) -> Decoded<'a> {
    // windows-1258 writes Vietnamese tone marks as characters of their own.
    let text = if encoding == WINDOWS_1258 && !is_nfc(&text) { Cow::Owned(text.nfc().collect()) } else { text };
    Decoded { text, encoding: encoding.name().to_ascii_lowercase(), problems }
}

fn detect(bytes: &[u8], mut problems: Vec<String>) -> Decoded<'_> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    problems.push(format!("its encoding was guessed to be {}", guessed.name()));
    let encoding = if guessed.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
        guessed
    } else {
        WINDOWS_1252
    };
    with(encoding, bytes, problems)
}

/// Whether text is UTF-8 but for a few bytes: for each broken place there are more than four characters
/// of several bytes, which other encodings hardly form by chance.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad.saturating_mul(4)
}

/// The encoding that a label stands for, with the labels that WHATWG does not know but feeds use.
fn label(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().trim_matches(['"', '\'']);
    Encoding::for_label(name.as_bytes()).or_else(|| {
        let lower = name.to_ascii_lowercase().replace(['_', ' '], "-");
        let name = match lower.as_str() {
            "utf8" | "utf-8-sig" | "utf" | "utf-8mb4" => "utf-8",
            "iso8859-1" | "iso-88591" | "latin-1" | "iso-latin-1" | "cp-1252" | "windows1252" => "windows-1252",
            "cp1258" | "windows1258" => "windows-1258",
            "gb-2312" | "x-gb2312" => "gb18030",
            "shiftjis" | "x-sjis-jp" => "shift_jis",
            other => other,
        };
        Encoding::for_label(name.as_bytes())
    })
}

fn unknown_names(candidates: &[Option<&str>; 2]) -> Vec<String> {
    let unknown = candidates.iter().flatten().filter(|name| label(name).is_none() && !name.trim().is_empty());
    unknown.map(|name| format!("the encoding {:?} does not exist", name.chars().take(40).collect::<String>())).collect()
}

/// What the document says of itself.
fn declared(bytes: &[u8], syntax: Syntax) -> Option<String> {
    let limit = if syntax == Syntax::Html { HTML_HEAD } else { HEAD };
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(limit))?).into_owned();
    let quoted = |text: &str| {
        let text = text.trim_start().strip_prefix('=')?.trim_start();
        let end = |c: char| matches!(c, '"' | '\'' | ' ' | '>' | ';' | '/' | '?');
        let value = text.trim_start_matches(['"', '\'']).split(end).next()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    match syntax {
        Syntax::Text => None,
        Syntax::Xml => {
            let (_, after) = head.split_once("<?xml")?;
            let (declaration, _) = after.split_once("?>").unwrap_or((after, ""));
            quoted(declaration.split_once("encoding")?.1)
        }
        Syntax::Html => {
            let lower = head.to_ascii_lowercase();
            let from_xml = || declared(bytes, Syntax::Xml);
            lower.match_indices("charset").find_map(|(at, word)| quoted(head.get(at + word.len()..)?)).or_else(from_xml)
        }
    }
}

/// UTF-16 betrays itself by the zeros of its first characters.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, b'<' | b'{', 0, _] => Some(UTF_16BE),
        [b'<' | b'{', 0, _, 0] => Some(UTF_16LE),
        _ => None,
    }
}

/// UTF-32, which the WHATWG does not know but a few feeds use.
fn utf_32(bytes: &[u8]) -> Option<Decoded<'_>> {
    let (skip, big) = match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] => (4, true),
        [0xff, 0xfe, 0, 0] => (4, false),
        [0, 0, 0, b'<'] => (0, true),
        [b'<', 0, 0, 0] => (0, false),
        _ => return None,
    };
    let (mut text, mut problems) = (String::with_capacity(bytes.len() / 4), Vec::new());
    let (quads, rest) = bytes.get(skip..)?.as_chunks::<4>();
    for quad in quads {
        let number = if big { u32::from_be_bytes(*quad) } else { u32::from_le_bytes(*quad) };
        match char::from_u32(number) {
            Some(c) => text.push(c),
            None => problems = vec!["some of its bytes are not UTF-32".to_owned()],
        }
    }
    if !rest.is_empty() {
        problems = vec!["some of its bytes are not UTF-32".to_owned()];
    }
    let encoding = if big { "utf-32be" } else { "utf-32le" }.to_owned();
    Some(Decoded { text: Cow::Owned(text), encoding, problems })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn xml<'a>(bytes: &'a [u8], http: Option<&str>) -> Decoded<'a> {
        decode(bytes, http, Syntax::Xml)
    }

    #[test]
    fn declarations_that_the_bytes_belie_are_not_believed() {
        let utf8 = "<?xml version='1.0' encoding='iso-8859-1'?><a>Bến Tre</a>".as_bytes();
        let decoded = xml(utf8, None);
        assert_eq!((decoded.encoding.as_str(), decoded.problems.len()), ("utf-8", 1));
        let latin = b"<?xml version='1.0' encoding='utf-8'?><a>caf\xe9 cr\xe8me br\xfbl\xe9e</a>";
        let decoded = xml(latin, None);
        assert!(decoded.text.contains("café crème"), "{decoded:?}");
    }

    #[test]
    fn declarations_are_followed() {
        let koi8 = b"<?xml version='1.0' encoding='koi8-r'?><a>\xf2\xd5\xd3</a>";
        assert!(xml(koi8, None).text.contains("Рус"));
        assert!(xml(koi8, Some("iso-8859-1")).text.contains("Рус"), "a server's default is no word on a document");
        let http = b"<a>\xf2\xd5\xd3</a>";
        assert_eq!(xml(http, Some("koi8-r")).encoding, "koi8-r");
        assert!(decode(b"<meta charset=\"windows-1251\"><p>\xcf\xf0\xe8", None, Syntax::Html).text.contains("При"));
    }

    #[test]
    fn vietnamese_of_windows_is_composed() {
        let bytes = b"<?xml version='1.0' encoding='windows-1258'?><a>Vi\xea\xf2t</a>";
        assert!(xml(bytes, None).text.contains("Việt"), "{:?}", xml(bytes, None));
    }

    #[test]
    fn wide_encodings_are_seen() {
        let text = "<a>đ</a>";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(xml(&utf16, None).text, text);
        let mut marked = vec![0xff, 0xfe];
        marked.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(xml(&marked, None).text, text);
        let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(xml(&utf32, None).text, text);
        let declared_wrongly = "<?xml version='1.0' encoding='utf-16'?><a>đ</a>";
        assert_eq!(xml(declared_wrongly.as_bytes(), None).text, declared_wrongly);
    }

    #[test]
    fn a_few_broken_bytes_cost_only_themselves() {
        let mut bytes = "Những năm qua, người dân hiến đất làm đường, góp công xây cầu".repeat(2).into_bytes();
        bytes.extend(b" caf\xe9 \x93x\x94 Vi\xe1\xbb");
        let decoded = xml(&bytes, None);
        assert!(decoded.text.ends_with("xây cầu café “x” Vi"), "{decoded:?}");
    }

    proptest! {
        #[test]
        fn any_bytes_become_text(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "[a-z0-9-]{0,12}") {
            for syntax in [Syntax::Xml, Syntax::Html, Syntax::Text] {
                let _ = decode(&bytes, Some(&name), syntax);
            }
        }
    }
}
