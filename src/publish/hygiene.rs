//! What text and addresses must be like, whatever a source sent. Each type here has its own door, so a
//! value that exists can be written into any form; only the form's own escaping is left to do.
//! (XML 1.0 s.2.2, RFC 3986 s.2, Unicode NFC.)

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use memchr::memmem;
use serde::Serialize;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use url::{Host, Position, Url};

/// Longer lines are cut: no headline or name is longer, and no reader shows more.
const LINE: usize = 1000;

/// Plain text on one line. It holds markup only as text, and may be blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(super) struct Line(String);

impl Line {
    /// Makes any text a line.
    pub(super) fn new(raw: &str) -> Self {
        let line = crate::html::fold(&clean(raw));
        match line.char_indices().nth(LINE) {
            Some((end, _)) => Self(format!("{}…", line.get(..end).unwrap_or_default().trim_end())),
            None => Self(line),
        }
    }

    /// A line with something in it; None for a blank one.
    pub(super) fn some(raw: &str) -> Option<Self> {
        Some(Self::new(raw)).filter(|line| !line.is_blank())
    }

    /// The first of these that is not blank.
    pub(super) fn first_of(candidates: &[&str]) -> Self {
        candidates.iter().find_map(|raw| Self::some(raw)).unwrap_or_else(|| Self("newsriver".to_owned()))
    }

    /// Whether there is nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        !self.0.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
    }

    /// The characters.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as HTML.
    pub(super) fn to_html(&self) -> String {
        escape(&self.0)
    }

    /// The same as a name: without angle brackets, which stand around addresses and tags.
    pub(super) fn to_name(&self) -> Self {
        if self.0.contains(['<', '>']) { Self::first_of(&[&self.0.replace(['<', '>'], " ")]) } else { self.clone() }
    }

    /// Whether some program would take a part of it for a tag or a character reference.
    pub(super) fn looks_like_markup(&self) -> bool {
        let has =
            |mark: char, starts: fn(char) -> bool| self.0.split(mark).skip(1).any(|rest| rest.starts_with(starts));
        has('<', |c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            || has('&', |c| c.is_alphanumeric() || matches!(c, '#' | '_'))
    }

    /// For an attribute, which cannot say whether it is HTML; None when it could be taken for markup.
    pub(super) fn to_attribute(&self) -> Option<String> {
        (!self.looks_like_markup()).then(|| self.to_string())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Sanitised HTML without characters that no form can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Body<'a>(Cow<'a, str>);

impl<'a> Body<'a> {
    /// The HTML of an article; None when there is none.
    pub(super) fn new(html: &'a crate::html::SafeHtml) -> Option<Self> {
        let html = clean_html(html.as_str());
        (!html.trim().is_empty()).then_some(Self(html))
    }

    /// HTML that we wrote ourselves, of parts that went through a door here.
    pub(super) fn written(html: String) -> Self {
        Self(Cow::Owned(html))
    }

    /// The same with no other elements than these.
    pub(super) fn only(self, elements: &[&'static str]) -> Body<'static> {
        Body(Cow::Owned(crate::html::only(&self.0, elements).as_str().to_owned()))
    }

    /// A line as the whole of a body.
    pub(super) fn of(line: &Line) -> Self {
        Self(Cow::Owned(format!("<p>{}</p>", line.to_html())))
    }

    /// The same with one more paragraph, whose HTML is ours.
    pub(super) fn followed_by(self, html: &str) -> Self {
        Self(Cow::Owned(format!("{}<p>{}</p>", self.0, clean(html))))
    }

    /// The HTML.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// An absolute address in ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub(super) struct Address(String);

impl Address {
    /// An address of the web; None for any other (`javascript:`, `data:`, `mailto:`), and for hosts in
    /// brackets, which RSS's readers and validators do not know.
    pub(super) fn new(url: &Url) -> Option<Self> {
        let is_named = matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_)));
        (matches!(url.scheme(), "http" | "https") && is_named).then(|| Self::own(url))
    }

    /// An address that somebody wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::new(&crate::address::resolve(text, None)?)
    }

    /// One of our own addresses.
    pub(super) fn own(url: &Url) -> Self {
        // Who reads a feed need not know with which name and password the source is asked.
        let mut bare = url.clone();
        if !bare.username().is_empty() || bare.password().is_some() {
            // Fails only for addresses that cannot have any.
            let _ = (bare.set_username(""), bare.set_password(None));
        }
        let mut ascii = bare[..Position::BeforePath].to_owned();
        encode_into(&mut ascii, &bare[Position::BeforePath..]);
        Self(ascii)
    }

    /// The one of its equal forms that a URI as an id is to have (RFC 3986 s.6.2.2): hexadecimal digits in
    /// upper case. None when that is not enough to be equal for all programs.
    pub(super) fn canonical(&self) -> Option<String> {
        let mut digits = 0;
        let upper = self.0.chars().map(|c| match c {
            '%' => {
                digits = 2;
                c
            }
            c if digits > 0 => {
                digits -= 1;
                c.to_ascii_uppercase()
            }
            c => c,
        });
        Some(upper.collect()).filter(|uri: &String| crate::address::is_canonical_uri(uri))
    }

    /// One of our own addresses with an ending.
    pub(super) fn with(&self, ending: &str) -> Self {
        Self(format!("{}{ending}", self.0))
    }

    /// The address.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Escaped by maud, as all text of pages is.
impl maud::Render for Line {
    fn render_to(&self, buffer: &mut String) {
        self.0.as_str().render_to(buffer);
    }
}

impl maud::Render for Address {
    fn render_to(&self, buffer: &mut String) {
        self.0.as_str().render_to(buffer);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes path, query and fragment with nothing in them that RFC 3986 does not allow there. What is
/// percent-encoded already stays.
fn encode_into(out: &mut String, rest: &str) {
    let mut in_fragment = false;
    for (at, c) in rest.char_indices() {
        let allowed = match c {
            '%' => rest.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())),
            '#' => !std::mem::replace(&mut in_fragment, true),
            c => c.is_ascii_alphanumeric() || ";/?:@&=+$.-_!~*'(),".contains(c),
        };
        if allowed {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}

/// Text without the characters that XML or readers cannot take, read once where it was decoded twice,
/// in NFC.
fn clean(raw: &str) -> Cow<'_, str> {
    let once = match decoded_twice(raw) {
        Some(text) => Cow::Owned(text),
        None => Cow::Borrowed(raw),
    };
    let allowed = if once.chars().all(is_allowed) { once } else { Cow::Owned(mended(&once)) };
    match is_nfc_quick(allowed.chars()) {
        IsNormalized::Yes => allowed,
        _ => Cow::Owned(allowed.nfc().collect()),
    }
}

/// Like [`clean`], for HTML: a combining stroke must not melt with the end of a tag (`>` and U+0338
/// are `≯` in NFC), and each text between two tags can have been decoded twice for itself.
fn clean_html(raw: &str) -> Cow<'_, str> {
    let apart = if raw.contains(">\u{338}") { Cow::Owned(raw.replace(">\u{338}", ">")) } else { Cow::Borrowed(raw) };
    let once =
        if has_pair(&apart) { Cow::Owned(apart.split_inclusive(['<', '>']).map(read_once).collect()) } else { apart };
    match once {
        Cow::Borrowed(html) => clean(html),
        Cow::Owned(html) => Cow::Owned(clean(&html).into_owned()),
    }
}

/// Whether two characters follow each other that are one when they were decoded twice: a letter that two
/// bytes of UTF-8 begin with in Latin-1, and one of the signs that they end with.
fn has_pair(text: &str) -> bool {
    ["Â", "Ã"].iter().any(|letter| {
        let mut places = memmem::find_iter(text.as_bytes(), letter.as_bytes());
        // The signs are those whose two bytes begin with C2.
        places.any(|at| text.as_bytes().get(at + letter.len()) == Some(&0xc2))
    })
}

/// What was meant. A capital before a no-break space is more likely one ("XÃ" is a word), so only the space
/// becomes a plain one: validators take the two for a character that was decoded twice.
fn read_once(piece: &str) -> Cow<'_, str> {
    match decoded_twice(piece) {
        _ if !has_pair(piece) => piece.into(),
        Some(text) => text.into(),
        None if piece.chars().all(|c| c <= 'ÿ') => piece.replace("Ã\u{a0}", "Ã ").into(),
        None => piece.into(),
    }
}

/// Whether a character may be published as it is.
fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffd}' => false,
        c => (u32::from(c) & 0xfffe) != 0xfffe,
    }
}

/// Whether a character shows nothing although it is no white space.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What Windows means by the bytes 80 to 9F, which mislabelled pages leave behind as C1 controls.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Line ends as LF, C1 controls as the characters meant, and nothing else that is not allowed.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            '\u{80}'..='\u{9f}' => {
                out.extend(WINDOWS_1252.get(u32::from(c) as usize - 0x80).filter(|meant| is_allowed(**meant)));
            }
            c if is_allowed(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// What was meant, when a text is UTF-8 that somebody took for windows-1252 or Latin-1 and encoded
/// again. Only a text that is such as a whole counts, which no text of a natural language is by chance.
fn decoded_twice(text: &str) -> Option<String> {
    if !text.chars().any(|c| matches!(c, '\u{c2}'..='\u{f4}')) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte_of).collect();
    let meant = String::from_utf8(bytes?).ok()?;
    // See `read_once`.
    let is_doubtful = meant.chars().all(|c| c.is_ascii() || c == 'à') && text.contains("Ã\u{a0}");
    (!is_doubtful).then_some(meant)
}

/// The byte that windows-1252, or else Latin-1, reads as this character.
fn byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let place = WINDOWS_1252.iter().position(|meant| *meant == c)?;
    u8::try_from(place + 0x80).ok()
}

/// A time as RFC 3339 writes it.
pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time as RSS writes it: RFC 822 with a four-digit year and two-digit day.
pub(super) fn rfc822(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Plain text as HTML or XML, for elements and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> String {
        Address::new(&Url::parse(text).unwrap()).unwrap().to_string()
    }

    #[test]
    fn forbidden_characters_go() {
        assert_eq!(Line::new("a\u{b}b\u{fffd}c\u{fffe}d\u{1fffe}e\u{fdd0}f\u{7f}\0").as_str(), "abcdef");
        assert_eq!(Line::new(" Ha\u{300}\r\n Nội\t").as_str(), "Hà Nội");
        assert_eq!(Line::new("😀 \u{1f468}\u{200d}\u{1f33e} 𝔘").as_str(), "😀 \u{1f468}\u{200d}\u{1f33e} 𝔘");
    }

    #[test]
    fn windows_characters_are_what_was_meant() {
        assert_eq!(Line::new("\u{93}It\u{92}s\u{94} 5\u{80}\u{81}").as_str(), "“It’s” 5€");
    }

    #[test]
    fn what_was_decoded_twice_is_read_once() {
        assert_eq!(Line::new("Báº¿n Tre").as_str(), "Bến Tre");
        assert_eq!(Line::new("caf\u{c3}\u{a9} \u{e2}\u{80}\u{93} th\u{c3}\u{a9}").as_str(), "café – thé");
        for right in ["Ãn học", "Éloïse à São Paulo", "ĐÃ CÓ", "£5", "Bến Tre", "«ĐÃ»"] {
            assert_eq!(Line::new(right).as_str(), right);
        }
    }

    #[test]
    fn lines_are_cut_between_characters() {
        let line = Line::new(&"ế".repeat(5000));
        assert_eq!(line.as_str().chars().count(), LINE + 1);
        assert!(Line::new("\u{200b}\u{feff} \u{b}").is_blank());
        assert_eq!(Line::first_of(&["\u{200b}", "x"]).as_str(), "x");
    }

    #[test]
    fn markup_is_recognised_as_others_do() {
        for text in ["a <b>", "x </p>", "&amp;", "R&D;", "&#38;", "<!--"] {
            assert!(Line::new(text).looks_like_markup(), "{text}");
        }
        for text in ["1 < 2", "Smith & Sons", "a > b", "<3"] {
            assert!(!Line::new(text).looks_like_markup(), "{text}");
        }
    }

    #[test]
    fn bodies_keep_their_tags() {
        assert_eq!(clean_html("<p>\u{338}a\u{b}</p>\r\n<b>ca\u{300}</b>"), "<p>a</p>\n<b>c\u{e0}</b>");
        assert_eq!(
            clean_html("<p>Bến Tre</p><p>2\u{c2}\u{a0}km \u{c2}\u{b0}</p><p>XÃ\u{a0}<b>ĐÃ\u{a0}</b></p>"),
            "<p>Bến Tre</p><p>2\u{a0}km \u{b0}</p><p>XÃ <b>ĐÃ\u{a0}</b></p>"
        );
        assert_eq!(Body::new(&crate::html::SafeHtml::default()), None);
    }

    #[test]
    fn addresses_are_ascii_and_strict() {
        assert_eq!(
            address("https://báo.example/Bến Tre|[x]?q='a'#b#c"),
            "https://xn--bo-mia.example/B%E1%BA%BFn%20Tre%7C%5Bx%5D?q=%27a%27#b%23c"
        );
        assert_eq!(address("http://paper.example:8080/a%2Fb%zz%4"), "http://paper.example:8080/a%2Fb%25zz%254");
        assert_eq!(address("https://user:secret@example.org/"), "https://example.org/");
        for other in
            ["javascript:alert(1)", "data:image/png;base64,AAAA", "mailto:a@example.org", "http://[2001:db8::1]/"]
        {
            assert_eq!(Address::new(&Url::parse(other).unwrap()), None, "{other}");
        }
        assert_eq!(Address::parse("/relative"), None);
    }

    #[test]
    fn times_have_two_digit_days() {
        let time = "2026-03-01T05:06:07Z".parse().unwrap();
        assert_eq!(rfc822(time), "Sun, 01 Mar 2026 05:06:07 GMT");
        assert_eq!(rfc3339(time), "2026-03-01T05:06:07Z");
    }
}
