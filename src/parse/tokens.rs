//! Cuts XML, well formed or not, into tokens without copying. Where a document breaks the rules,
//! a token is what its writer most likely meant, and `problem` says what was wrong. Every byte is
//! looked at a bounded number of times: what was searched in vain is not searched again.

use memchr::memmem::Finder;
use memchr::{memchr, memchr2};

use super::tag_name::{Look, Name};

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Characters between tags, with their references.
    Text(&'t str),
    /// Characters that stand for themselves.
    Verbatim(&'t str),
    /// A start tag, or an empty element's only one.
    Start(Tag<'t>),
    /// An end tag, by its name.
    End(&'t str),
}

/// A start tag as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    pub(super) name: Name<'t>,
    /// What stands between the name and the end of the tag.
    pub(super) attributes: &'t str,
    /// Whether it ends in `/>`.
    pub(super) is_empty: bool,
}

/// The tokens of a document.
pub(super) struct Tokens<'t> {
    /// What was not read yet.
    rest: &'t str,
    /// What was wrong with the token read last; taken by the reader.
    pub(super) problem: Option<&'static str>,
    /// Quotation marks that do not occur any more: `"` and `'`.
    no_quote: [bool; 2],
    /// Whether `?>` does not occur any more.
    no_instruction_end: bool,
    /// Whether the document type was read: there is only one that may hold declarations.
    has_doctype: bool,
    /// CDATA sections that others stand in.
    nested: usize,
    data_end: Finder<'static>,
    comment_end: Finder<'static>,
    instruction_end: Finder<'static>,
}

/// CDATA sections in each other that are told apart: each costs a look at all that follows.
const NESTED: usize = 8;
const CUT_OFF: &str = "the document is cut off";
const NO_MARKUP: &str = "something that is no markup was read as text";

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text,
            problem: None,
            no_quote: [false; 2],
            no_instruction_end: false,
            has_doctype: false,
            nested: 0,
            data_end: Finder::new("]]>"),
            comment_end: Finder::new("-->"),
            instruction_end: Finder::new("?>"),
        }
    }

    /// Takes what lies before `at`.
    fn take(&mut self, at: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Where the next `>` is.
    fn end_of_any(&self) -> Option<usize> {
        memchr(b'>', self.rest.as_bytes())
    }

    /// The document ends inside something.
    fn cut_off(&mut self) -> Option<Token<'t>> {
        self.problem = Some(CUT_OFF);
        self.rest = "";
        None
    }

    /// A `<` that begins nothing.
    fn lone(&mut self) -> Token<'t> {
        self.problem = Some(NO_MARKUP);
        Token::Verbatim(self.take(1))
    }

    /// Passes over something that ends with `end` bytes at the place that was found.
    fn pass(&mut self, found: Option<usize>, end: usize) -> Option<()> {
        match found {
            Some(at) => drop(self.take(at + end)),
            None => {
                self.cut_off();
                return None;
            }
        }
        Some(())
    }

    /// What begins with `<!`: CDATA is a token; comments and declarations are passed over.
    fn bang(&mut self) -> Option<Option<Token<'t>>> {
        let after = self.rest.get(2..).unwrap_or_default();
        if after.starts_with("--") {
            // `<!-->` is a whole comment to HTML, and to everyone who writes it.
            let end = self.comment_end.find(after.as_bytes()).map(|at| at + 2);
            return self.pass(end, 3).map(|()| None);
        }
        if after.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("[CDATA[")) {
            return Some(Some(self.data()));
        }
        if after.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("DOCTYPE")) {
            let end = if self.has_doctype { self.end_of_any() } else { end_of_doctype(self.rest) };
            self.has_doctype = true;
            return self.pass(end, 1).map(|()| None);
        }
        if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[') {
            let end = self.end_of_any();
            return self.pass(end, 1).map(|()| None);
        }
        Some(Some(self.lone()))
    }

    fn data(&mut self) -> Token<'t> {
        self.take(9);
        match self.data_end.find(self.rest.as_bytes()) {
            Some(end) => {
                let inner = self.nested(end);
                if inner.is_some() {
                    self.problem = Some("CDATA stood in CDATA");
                    self.nested += 1;
                }
                let data = self.take(inner.unwrap_or(end));
                self.take(if inner.is_some() { 0 } else { 3 });
                Token::Verbatim(data)
            }
            None => {
                self.problem = Some(CUT_OFF);
                Token::Verbatim(self.take(self.rest.len()))
            }
        }
    }

    /// Where another CDATA section begins in one that ends at `end`, when the text behind it ends one too.
    fn nested(&self, end: usize) -> Option<usize> {
        let behind = self.rest.as_bytes().get(end + 3..)?;
        // Nearly always a tag follows.
        if self.nested >= NESTED || behind.first() == Some(&b'<') {
            return None;
        }
        let behind = behind.get(..memchr(b'<', behind).unwrap_or(behind.len()))?;
        self.data_end.find(behind)?;
        self.rest.get(..end)?.find("<![CDATA[")
    }

    fn instruction(&mut self) -> Option<()> {
        // The declaration is often closed like a tag.
        let is_searched = !self.no_instruction_end && !self.rest.starts_with("<?xml ");
        let whole = if is_searched { self.instruction_end.find(self.rest.as_bytes()) } else { None };
        self.no_instruction_end |= is_searched && whole.is_none();
        match whole {
            Some(at) => self.pass(Some(at), 2),
            None => {
                let end = self.end_of_any();
                self.pass(end, 1)
            }
        }
    }

    fn end_tag(&mut self) -> Option<Token<'t>> {
        let after = self.rest.get(2..).unwrap_or_default();
        if !after.as_bytes().first().is_some_and(|byte| begins_name(*byte)) {
            return Some(self.lone());
        }
        let look = Look::at(after.as_bytes());
        if look.stop == Some(b'>') {
            self.take(2 + look.end + 1);
            return Some(Token::End(after.get(..look.end).unwrap_or_default()));
        }
        let Some(end) = memchr2(b'>', b'<', after.as_bytes()) else { return self.cut_off() };
        let inside = after.get(..end).unwrap_or_default();
        let is_closed = after.as_bytes().get(end) == Some(&b'>');
        if !is_closed {
            self.problem = Some("a tag was not closed");
        }
        self.take(2 + end + usize::from(is_closed));
        Some(Token::End(inside.get(..end_of_name(inside)).unwrap_or_default()))
    }

    fn start_tag(&mut self) -> Option<Token<'t>> {
        let look = Look::at(self.rest.as_bytes().get(1..).unwrap_or_default());
        // Where nothing odd was met so far, nothing need be looked at twice.
        let seen = match look.stop {
            Some(b'>') => {
                let name = look.name(self.rest.get(1..).unwrap_or_default());
                self.take(1 + look.end + 1);
                return Some(Token::Start(Tag { name, attributes: "", is_empty: false }));
            }
            Some(b'=' | b'<' | b'"' | b'\'') | None => 0,
            Some(_) => look.end,
        };
        let end = match self.end_of_tag(1 + seen) {
            End::Closed(end) => end,
            End::Interrupted(at) => return Some(self.interrupted(at)),
            // A value that never ends: then the tag ends where any tag may.
            End::InQuotes => match self.end_of_any() {
                Some(end) => {
                    self.problem = Some("a quotation mark was never closed");
                    end
                }
                None => return self.cut_off(),
            },
            End::Missing => return self.cut_off(),
        };
        let inside = self.take(end).get(1..).unwrap_or_default();
        self.take(1);
        Some(Token::Start(tag(inside)))
    }

    /// A tag in which the next one begins is a tag when it looks like one, else text.
    fn interrupted(&mut self, at: usize) -> Token<'t> {
        let whole = self.take(at);
        let inside = tag(whole.get(1..).unwrap_or_default());
        if inside.attributes.trim().is_empty() || inside.attributes.contains('=') {
            self.problem = Some("a tag was not closed");
            return Token::Start(inside);
        }
        self.problem = Some(NO_MARKUP);
        Token::Verbatim(whole)
    }

    /// Where the tag at the front ends, of which the bytes before `at` are part of the name. Quotation marks
    /// count only where a value begins, as in HTML.
    fn end_of_tag(&mut self, mut at: usize) -> End {
        let bytes = self.rest.as_bytes();
        let mut after_equals = false;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => return End::Closed(at),
                b'<' => return End::Interrupted(at),
                b'"' | b'\'' if after_equals => {
                    let [double, single] = &mut self.no_quote;
                    let is_missing = if *byte == b'"' { double } else { single };
                    let close = if *is_missing { None } else { memchr(*byte, bytes.get(at + 1..).unwrap_or_default()) };
                    let Some(close) = close else {
                        *is_missing = true;
                        return End::InQuotes;
                    };
                    at += close + 1;
                    after_equals = false;
                }
                b'=' => after_equals = true,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => after_equals = false,
            }
            at += 1;
        }
        End::Missing
    }
}

/// How a tag ends.
enum End {
    /// With `>`, here.
    Closed(usize),
    /// By another tag, here.
    Interrupted(usize),
    /// In a value that is never closed.
    InQuotes,
    /// Not at all.
    Missing,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let bytes = self.rest.as_bytes();
            if *bytes.first()? != b'<' {
                // Between elements there is often nothing but the end of a line.
                let is_single = bytes.get(1) == Some(&b'<');
                let end = if is_single { 1 } else { memchr(b'<', bytes).unwrap_or(bytes.len()) };
                let ends_data =
                    if self.nested > 0 { self.rest.get(..end).and_then(|text| text.find("]]>")) } else { None };
                let text = self.take(ends_data.unwrap_or(end));
                if ends_data.is_some() {
                    self.nested -= 1;
                    self.take(3);
                }
                return Some(Token::Text(text));
            }
            match bytes.get(1) {
                Some(b'/') => return self.end_tag(),
                Some(b'!') => match self.bang()? {
                    None => {}
                    token => return token,
                },
                Some(b'?') => self.instruction()?,
                Some(byte) if begins_name(*byte) => return self.start_tag(),
                _ => return Some(self.lone()),
            }
        }
    }
}

/// Whether a name can begin so; of letters beyond ASCII the first byte is asked.
fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

fn end_of_name(text: &str) -> usize {
    text.bytes().position(|byte| byte.is_ascii_whitespace() || byte == b'/').unwrap_or(text.len())
}

fn tag(inside: &str) -> Tag<'_> {
    let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
    let (raw, attributes) = inside.split_at_checked(end_of_name(inside)).unwrap_or((inside, ""));
    Tag { name: Name::of(raw), attributes, is_empty }
}

/// Where a document type ends, its own declarations included.
fn end_of_doctype(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = memchr2(b'[', b'>', bytes)?;
    if bytes.get(first) == Some(&b'>') {
        return Some(first);
    }
    let mut at = first;
    while let Some(found) = memchr(b']', bytes.get(at..)?) {
        at += found + 1;
        let blank = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if bytes.get(at + blank) == Some(&b'>') {
            return Some(at + blank);
        }
        at += blank;
    }
    Some(first + memchr(b'>', bytes.get(first..)?)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> (Vec<String>, bool) {
        let mut tokens = Tokens::new(text);
        let (mut all, mut is_broken) = (Vec::new(), false);
        while let Some(token) = tokens.next() {
            is_broken |= tokens.problem.take().is_some();
            all.push(match token {
                Token::Text(text) => format!("T {text}"),
                Token::Verbatim(text) => format!("V {text}"),
                Token::Start(tag) if tag.is_empty => format!("E {}|{}", tag.name.raw, tag.attributes.trim()),
                Token::Start(tag) => format!("S {}|{}", tag.name.raw, tag.attributes.trim()),
                Token::End(name) => format!("/ {name}"),
            });
        }
        (all, is_broken || tokens.problem.is_some())
    }

    #[test]
    fn what_is_well_formed_is_cut_without_complaint() {
        let text = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c]d'>] ><a:b c=\"d>e\" f='<'>g &amp; h<i/><!-- <j> --></a:b >\
                    <![CDATA[<k>&]]]]>";
        let wanted = ["S a:b|c=\"d>e\" f='<'", "T g &amp; h", "E i|", "/ a:b", "V <k>&]]"];
        assert_eq!(cut(text), (wanted.map(str::to_owned).to_vec(), false));
    }

    #[test]
    fn what_is_broken_is_cut_as_it_was_meant() {
        for (text, wanted) in [
            ("a < b", &["T a ", "V <", "T  b"][..]),
            ("<item <title>x</title </item>", &["S item|", "S title|", "T x", "/ title", "/ item"]),
            ("x <y and z</t>", &["T x ", "V <y and z", "/ t"]),
            ("<a b='c>d</a>", &["S a|b='c", "T d", "/ a"]),
            ("<img alt=\"a \"b\" c\" d='>'>", &["S img|alt=\"a \"b\" c\" d='>'"]),
            ("<?xml version='1.0'><a>", &["S a|"]),
            ("<a>b<!-- c", &["S a|", "T b"]),
            ("<a><![CDATA[b", &["S a|", "V b"]),
            ("<a>b</", &["S a|", "T b", "V <", "T /"]),
            ("<![CDATA[a <![CDATA[b]]> c]]>d", &["V a ", "V b", "T  c", "T d"]),
            ("<a b", &[]),
            ("<!--><a>", &["S a|"]),
            ("<! ><a>", &["V <", "T ! >", "S a|"]),
        ] {
            let (tokens, is_broken) = cut(text);
            assert_eq!(tokens, wanted.iter().map(|token| (*token).to_owned()).collect::<Vec<_>>(), "{text}");
            assert!(is_broken || ["<?", "<!--", "<img"].iter().any(|start| text.starts_with(start)), "{text}");
        }
    }

    #[test]
    fn what_never_ends_is_searched_once() {
        // Each would take hours if every search went to the end of the document.
        for part in [
            "<a b=\"",
            "<a b='<a b=\">",
            "<!x",
            "<?",
            "</a ",
            "<a\">\"",
            "<a =",
            "<![CDATA[<!--",
            "<?a>",
            "<!DOCTYPE[]a>",
        ] {
            let text = part.repeat(4_000_000 / part.len());
            assert!(Tokens::new(&text).count() <= text.len());
        }
    }

    proptest! {
        #[test]
        fn tokens_are_pieces_in_order(text in "[<>/!?a=\"' \\[\\]CDAT-]{0,60}|\\PC{0,40}") {
            let (mut tokens, mut left) = (Tokens::new(&text), usize::MAX);
            while let Some(token) = tokens.next() {
                prop_assert!(tokens.rest.len() < left);
                left = tokens.rest.len();
                if let Token::Start(tag) = token {
                    let all = crate::parse::attributes::attributes(tag.attributes);
                    prop_assert!(all.count() <= tag.attributes.len());
                }
            }
        }
    }
}
