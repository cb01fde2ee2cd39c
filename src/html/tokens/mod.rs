//! Cuts a page into tokens for html5ever's tree builder, as HTML's section 13.2.5 has it.
//!
//! html5ever's own tokenizer goes from character to character, which takes longer than all else that is done with
//! a page. Here texts, tags and scripts are cut out whole and share the page's memory. What has to be rewritten
//! (pieces with character references or NULs) and doctypes are left to html5ever's tokenizer, piece by piece.

mod ends;
mod relay;

use std::borrow::Cow;
use std::ops::Range;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, State};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, Tokenizer, TokenizerOpts};
use html5ever::{Attribute, LocalName, QualName, ns};
use memchr::{memchr, memchr2, memmem};

use ends::{comment_end, element_end, is_space, markup, script_end};
use relay::Relay;

/// More bytes than this of a page are not read.
const MAX_BYTES: usize = u32::MAX as usize;
/// More attributes of an element are not read: looking for a name that comes twice takes quadratic time.
const MAX_ATTRIBUTES: usize = 1000;

/// Gives the tokens of a page to a tree builder while that wants more; false when it did not get all.
pub(super) fn feed<Sink: TokenSink>(html: &str, sink: &Sink, goes_on: impl Fn() -> bool) -> bool {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let page = html.get(..html.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    let page = if memchr(b'\r', page.as_bytes()).is_some() {
        Cow::Owned(page.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(page)
    };
    let mut cutter =
        Cutter { page: &page, shared: StrTendril::from(&*page), at: 0, has_all: true, relay: Relay::to(sink) };
    while cutter.at < page.len() && goes_on() {
        cutter.step();
    }
    let is_whole = cutter.has_all && cutter.at >= page.len() && html.len() <= MAX_BYTES;
    let _ = sink.process_token(Token::EOFToken, LINE);
    sink.end();
    is_whole
}

/// Nobody asks for the number of a line.
const LINE: u64 = 1;

struct Cutter<'a, Sink> {
    page: &'a str,
    shared: StrTendril,
    at: usize,
    /// Whether no attribute was left out.
    has_all: bool,
    relay: Relay<'a, Sink>,
}

/// A tag as it stands in the page.
struct Cut {
    tag: Tag,
    end: usize,
    /// Something in it has to be rewritten.
    is_coded: bool,
    has_all: bool,
}

impl<'a, Sink: TokenSink> Cutter<'a, Sink> {
    /// Cuts what comes next.
    fn step(&mut self) {
        if let Some((state, name)) = self.relay.raw.take() {
            self.raw(state, &name);
            return;
        }
        let rest = self.rest(self.at);
        let text = markup(rest);
        if text > 0 {
            return self.text(text, State::Data);
        }
        match rest.get(1) {
            Some(b'/') => match rest.get(2) {
                Some(b'>') => self.at += 3,
                Some(letter) if letter.is_ascii_alphabetic() => self.tag(TagKind::EndTag),
                _ => self.bogus_comment(),
            },
            Some(b'!') => self.declaration(),
            Some(b'?') => self.bogus_comment(),
            _ => self.tag(TagKind::StartTag),
        }
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.page.as_bytes().get(from..).unwrap_or_default()
    }

    /// The place of the first byte of a kind.
    fn find(&self, from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
        self.rest(from).iter().position(|&byte| is(byte)).map(|at| from + at)
    }

    fn cut(&self, place: Range<usize>) -> StrTendril {
        self.shared.try_subtendril(place.start as u32, place.len() as u32).unwrap_or_default()
    }

    fn slice(&self, place: Range<usize>) -> &'a str {
        self.page.get(place).unwrap_or_default()
    }

    fn emit(&self, token: Token) {
        let _ = (&self.relay).process_token(token, LINE);
    }

    fn text(&mut self, length: usize, state: State) {
        let place = self.at..self.at + length;
        self.at = place.end;
        let text = self.slice(place.clone());
        let has_references = matches!(state, State::Data | State::RawData(RawKind::Rcdata));
        if memchr2(0, if has_references { b'&' } else { 0 }, text.as_bytes()).is_some() {
            self.by_library(text, state);
        } else if length > 0 {
            self.emit(Token::CharacterTokens(self.cut(place)));
        }
    }

    /// Has html5ever read a piece that ends where it can.
    fn by_library(&self, piece: &str, state: State) {
        let options = TokenizerOpts { initial_state: Some(state), discard_bom: false, ..TokenizerOpts::default() };
        let tokenizer = Tokenizer::new(&self.relay, options);
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(piece));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
    }

    fn tag(&mut self, kind: TagKind) {
        let Some(Cut { tag, end, is_coded, has_all }) = self.cut_tag(kind) else {
            // A tag that does not end is none.
            self.at = self.page.len();
            return;
        };
        self.has_all &= has_all;
        if is_coded && has_all {
            self.by_library(self.slice(self.at..end), State::Data);
        } else {
            self.emit(Token::TagToken(tag));
        }
        self.at = end;
    }

    fn cut_tag(&self, kind: TagKind) -> Option<Cut> {
        let from = self.at + if kind == TagKind::StartTag { 1 } else { 2 };
        let name_end = self.find(from, |byte| is_space(byte) || matches!(byte, b'/' | b'>'))?;
        let name = self.slice(from..name_end);
        let (mut is_coded, mut has_all) = (name.contains('\0'), true);
        let mut tag =
            Tag { kind, name: local(name), self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false };
        let mut at = name_end;
        loop {
            at = self.find(at, |byte| !is_space(byte))?;
            match self.rest(at) {
                [b'>', ..] => break,
                [b'/', b'>', ..] => {
                    tag.self_closing = true;
                    at += 1;
                    break;
                }
                [b'/', ..] => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            // A name may begin with `=`.
            let name_end = self.find(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
            let name = self.slice(at..name_end);
            let (value, next) = self.cut_value(name_end)?;
            at = next;
            is_coded |= name.contains('\0') || memchr2(b'&', 0, self.slice(value.clone()).as_bytes()).is_some();
            let name = local(name);
            if tag.attrs.iter().any(|attr| attr.name.local == name) {
                tag.had_duplicate_attributes = true;
            } else if tag.attrs.len() < MAX_ATTRIBUTES {
                tag.attrs.push(Attribute { name: QualName::new(None, ns!(), name), value: self.cut(value) });
            } else {
                has_all = false;
            }
        }
        Some(Cut { tag, end: at + 1, is_coded, has_all })
    }

    /// The place of the value after an attribute's name, and where the tag goes on.
    fn cut_value(&self, name_end: usize) -> Option<(Range<usize>, usize)> {
        let next = self.find(name_end, |byte| !is_space(byte))?;
        if self.rest(next).first() != Some(&b'=') {
            return Some((name_end..name_end, next));
        }
        let from = self.find(next + 1, |byte| !is_space(byte))?;
        match self.rest(from) {
            [quote @ (b'"' | b'\''), value @ ..] => {
                let end = from + 1 + memchr(*quote, value)?;
                Some((from + 1..end, end + 1))
            }
            _ => {
                let end = self.find(from, |byte| is_space(byte) || byte == b'>')?;
                Some((from..end, end))
            }
        }
    }

    fn bogus_comment(&mut self) {
        self.comment(memchr(b'>', self.rest(self.at)).map(|end| end + 1));
    }

    /// What comments say is of no use; but they part texts.
    fn comment(&mut self, length: Option<usize>) {
        self.emit(Token::CommentToken(StrTendril::new()));
        self.at = length.map_or(self.page.len(), |length| self.at + length);
    }

    fn declaration(&mut self) {
        let rest = self.rest(self.at);
        if rest.starts_with(b"<!--") {
            self.comment(comment_end(rest));
        } else if rest.get(2..9).is_some_and(|name| name.eq_ignore_ascii_case(b"doctype")) {
            let end = self.find(self.at, |byte| byte == b'>').map_or(self.page.len(), |end| end + 1);
            self.by_library(self.slice(self.at..end), State::Data);
            self.at = end;
        } else if rest.starts_with(b"<![CDATA[")
            && self.relay.to.adjusted_current_node_present_but_not_in_html_namespace()
        {
            let end = memmem::find(rest, b"]]>");
            self.at += "<![CDATA[".len();
            self.text(end.unwrap_or(rest.len()) - "<![CDATA[".len(), State::CdataSection);
            self.at += if end.is_some() { 3 } else { 0 };
        } else {
            self.bogus_comment();
        }
    }

    /// What stands in an element that holds no tags.
    fn raw(&mut self, state: State, name: &str) {
        let rest = self.rest(self.at);
        let length = match state {
            State::RawData(RawKind::ScriptData) => script_end(rest),
            State::RawData(_) => element_end(rest, name),
            _ => rest.len(),
        };
        self.text(length, state);
    }
}

fn local(name: &str) -> LocalName {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        LocalName::from(name.to_ascii_lowercase())
    } else {
        LocalName::from(name)
    }
}

#[cfg(test)]
mod tests {
    use dom_query::{Document, NodeData, NodeRef};
    use html5ever::tendril::TendrilSink;
    use html5ever::tokenizer::TokenizerOpts;
    use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
    use html5ever::{ParseOpts, parse_document};
    use proptest::prelude::*;

    /// What is in a tree, but not what its comments say.
    fn shape(document: &Document) -> String {
        fn add(node: NodeRef<'_>, depth: usize, shape: &mut String) {
            let said = node.query(|data| match &data.data {
                NodeData::Element(element) => {
                    let attrs = element.attrs.iter().map(|attr| format!(" {:?}={:?}", attr.name, &*attr.value));
                    format!("<{:?}{}>", element.name, attrs.collect::<String>())
                }
                NodeData::Text { contents } => format!("{:?}", &**contents),
                NodeData::Comment { .. } => "comment".to_owned(),
                other => format!("{other:?}"),
            });
            shape.push_str(&format!("{depth} {}\n", said.unwrap_or_default()));
            for child in node.children_it(false) {
                add(child, depth + 1, shape);
            }
        }
        let mut shape = String::new();
        add(document.root(), 0, &mut shape);
        shape
    }

    fn options() -> TreeBuilderOpts {
        TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() }
    }

    fn ours(html: &str) -> String {
        let builder = TreeBuilder::new(Document::default(), options());
        assert!(super::feed(html, &builder, || true));
        shape(&builder.sink)
    }

    fn theirs(html: &str) -> String {
        // It would leave out such marks behind scripts, too.
        let tokenizer = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
        let options = ParseOpts { tree_builder: options(), tokenizer };
        shape(&parse_document(Document::default(), options).one(html.strip_prefix('\u{feff}').unwrap_or(html)))
    }

    #[test]
    fn trees_are_those_of_html5ever() {
        for html in [
            "",
            "a < b <> </> </ <",
            "\u{feff}<!DOCTYPE html PUBLIC 'x>y'><p>a\r\nb\rc",
            "<P CLASS=a class=b ID='x&amp;y' /hidden =z checked/><br/><a href=/b/>c</a/ x>",
            "<a b='1'c=2 d = \"3\" e=>f<a href=\"open>",
            "<!-- a --><!--><!---><!----!>b--><!-- --!> c <!x> <?php ?> </1>d",
            "<title>A &amp; B</titlex></TITLE >c",
            "<textarea>\na<b></textarea><style><p></style><xmp></xmp x><iframe><b></iframe><noscript><img></noscript>",
            "<script>a<b</scripts><!--<script></script>--></script>b",
            "<script><!--></script>a<script><!--<script></script>b</script>c<script><!--<script>--></script>d",
            "<script src='a?b&amp;c'>'&amp;'\0</script>a&amp;b &copy c AT&T &#12; &#x41 &\0",
            "<svg><title>a<b></title><![CDATA[a&amp;<b>]]]>c</svg><![CDATA[d]]>e<svg><![CDATA[f",
            "a&am<b>&not it;</b>&",
            "<plaintext>a</plaintext>&amp;",
        ] {
            assert_eq!(ours(html), theirs(html), "{html:?}");
        }
    }

    #[test]
    fn many_attributes_end_soon() {
        let attrs: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
        let builder = TreeBuilder::new(Document::default(), options());
        assert!(!super::feed(&format!("<p b='&amp;'{attrs}>x"), &builder, || true), "some are left out");
        let shape = shape(&builder.sink);
        assert!(shape.contains("a900") && !shape.contains("a1100") && shape.contains("\"x\""), "{shape}");
    }

    proptest! {
        #[test]
        fn trees_of_anything_are_those_of_html5ever(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<", ">", "/", "=", "!", "?", "-", "--", "-->", "--!>", "<!--", "</", "\"", "'", " ", "\n", "\r", "\t", "\x0C",
                    "\0", "&", ";", "#", "&amp", "&lt;", "&#65;", "&not", "a", "B", "é", "日", "\u{feff}", "<p", "<p>", "</p>",
                    "<b>", "</b>", "<a href=", " class='a b'", " id=x", "<div ", "<br/>", "<script>", "<script", "</script>",
                    "</script", "<title>", "</title>", "</title", "<textarea>", "</textarea>", "<style>", "</style>",
                    "<svg>", "</svg>", "<math>", "<![CDATA[", "]]>", "<!doctype html", "<!DOCTYPE", "<table>", "<td>", "</table>",
                    "<select>", "<option>", "<template>", "</template>", "<noscript>", "<iframe>", "</iframe>", "<plaintext>",
                    "<body ", "<head>", "</head>", "<html ", "<li>", "<form>", "<input type=hidden>", "<h1>", "<frameset>",
                ]),
                0..40,
            )
        ) {
            let html = pieces.concat();
            prop_assert_eq!(ours(&html), theirs(&html), "{:?}", html);
        }
    }
}
