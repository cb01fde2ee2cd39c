//! Writes a part of a page as clean HTML: paragraphs, headings, lists, quotations, tables, code,
//! figures; every address absolute; nothing empty; no element that only served the page's looks.

use url::Url;

use super::figures::Figures;
use super::scores::Out;
use super::tables;
use crate::address;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// What is needed to write.
pub(super) struct Writer<'a> {
    pub(super) dom: &'a Dom,
    out: &'a Out,
    pub(super) figures: &'a Figures,
    headings: &'a std::collections::HashSet<usize>,
    pub(super) base: Option<&'a Url>,
    pub(super) html: String,
    pub(super) blocks: Vec<Block>,
    inline: Vec<Inline>,
    /// A paragraph that no element asked for is open.
    implied: bool,
    /// A line break waits for text after it.
    breaks: u8,
    /// A space waits for text after it.
    space: bool,
}

pub(super) struct Block {
    pub(super) tag: &'static str,
    attrs: String,
    end: usize,
    pub(super) written: bool,
    holds_text: bool,
    pre: bool,
}

struct Inline {
    tag: &'static str,
    attrs: String,
    end: usize,
    written: bool,
}

/// Writes the inside of an element up to `end`.
pub(crate) fn write(
    dom: &Dom,
    out: &Out,
    figures: &Figures,
    headings: &std::collections::HashSet<usize>,
    span: std::ops::Range<usize>,
    base: Option<&Url>,
) -> String {
    let mut writer = Writer {
        dom,
        out,
        figures,
        headings,
        base,
        html: String::new(),
        blocks: Vec::new(),
        inline: Vec::new(),
        implied: false,
        breaks: 0,
        space: false,
    };
    let mut at = span.start;
    while at < span.end {
        writer.leave(at);
        at = writer.node(at);
    }
    writer.leave(usize::MAX);
    writer.end_paragraph();
    writer.html
}

impl Writer<'_> {
    /// Writes what a node begins; the node to go on with.
    fn node(&mut self, at: usize) -> usize {
        let node = self.dom.node(at);
        let after = node.end.max(at + 1);
        if self.out.get(at).is_some_and(Option::is_some) || self.figures.used.contains(&at) {
            return after;
        }
        if let Some(figure) = self.figures.at.get(&at) {
            self.figure(figure);
            return after;
        }
        match node.tag {
            Tag::Text => self.text(at),
            Tag::Br => self.breaks = self.breaks.saturating_add(1),
            Tag::Hr => self.end_paragraph(),
            Tag::Img | Tag::AmpImg => {}
            Tag::Iframe | Tag::Embed | Tag::Video | Tag::Audio => {
                self.player(at);
                return after;
            }
            Tag::Noscript => {
                // Only its pictures were looked for, and those are figures.
                if !self.dom.inside(at).any(|inner| self.figures.at.contains_key(&inner)) {
                    return after;
                }
            }
            tag if tag.is_mute() => return after,
            Tag::A if self.leads_back(at) => return after,
            tag => self.element(at, tag, after),
        }
        at + 1
    }

    fn element(&mut self, at: usize, tag: Tag, end: usize) {
        if self.headings.contains(&at) {
            self.block("h2", end, true, false);
            return;
        }
        match tag {
            Tag::P | Tag::Dt | Tag::Dd | Tag::Summary => {
                self.block(if tag == Tag::Summary { "p" } else { tag.name() }, end, true, false);
            }
            Tag::H1 | Tag::H2 => self.block("h2", end, true, false),
            Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => self.block(tag.name(), end, true, false),
            Tag::Pre => self.block("pre", end, true, true),
            Tag::Blockquote | Tag::Dl | Tag::Ul | Tag::Ol => self.block(tag.name(), end, false, false),
            Tag::Menu => self.block("ul", end, false, false),
            Tag::Li => self.block(if self.in_list() { "li" } else { "p" }, end, true, false),
            Tag::Table if tables::is_data(self.dom, at) => self.block("table", end, false, false),
            Tag::Tr | Tag::Thead | Tag::Tbody | Tag::Tfoot if self.in_table() => {
                self.block(tag.name(), end, false, false);
            }
            Tag::Td | Tag::Th | Tag::Caption if self.in_table() => self.cell(at, tag, end),
            tag if tag.is_block() => self.end_paragraph(),
            _ => self.inline(at, tag, end),
        }
    }

    /// Whether a link is the arrow that leads from a footnote back to its place.
    fn leads_back(&self, at: usize) -> bool {
        let text = self.dom.text(at);
        let is_arrow = |char: char| matches!(char, '↩' | '↑' | '⤴' | '⏎' | '^' | '\u{fe0e}' | '\u{fe0f}' | ' ');
        (1..=3).contains(&text.chars().count())
            && text.chars().all(is_arrow)
            && self.dom.attr(at, "href").is_some_and(|href| href.contains('#'))
    }

    fn inline(&mut self, at: usize, tag: Tag, end: usize) {
        let (tag, attrs) = match tag {
            Tag::A => match self.dom.attr(at, "href").and_then(|href| address::resolve(&href, self.base)) {
                Some(url) => ("a", format!(" href=\"{}\"", escape(url.as_str()))),
                None => return,
            },
            Tag::Strong | Tag::B => ("strong", String::new()),
            Tag::Em | Tag::I | Tag::Cite | Tag::Dfn | Tag::Var => ("em", String::new()),
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => ("code", String::new()),
            Tag::S | Tag::Strike | Tag::Del => ("s", String::new()),
            Tag::Sub | Tag::Sup | Tag::Mark | Tag::Q | Tag::Abbr | Tag::Ruby | Tag::Rt | Tag::U => {
                (tag.name(), String::new())
            }
            _ => return,
        };
        self.inline.push(Inline { tag, attrs, end, written: false });
    }

    fn block(&mut self, tag: &'static str, end: usize, holds_text: bool, pre: bool) {
        self.end_paragraph();
        // A paragraph inside a heading, a cell inside a paragraph: the outer one ends where the inner begins.
        if holds_text && self.blocks.last().is_some_and(|outer| is_line(outer.tag)) {
            return;
        }
        self.blocks.push(Block { tag, attrs: String::new(), end, written: false, holds_text, pre });
    }

    fn cell(&mut self, at: usize, tag: Tag, end: usize) {
        self.block(tag.name(), end, true, false);
        let Some(block) = self.blocks.last_mut() else { return };
        for name in ["colspan", "rowspan"] {
            if let Some(span) =
                self.dom.attr(at, name).and_then(|value| value.parse::<u16>().ok()).filter(|span| *span > 1)
            {
                block.attrs.push_str(&format!(" {name}=\"{span}\""));
            }
        }
        // An empty cell keeps the others in their columns.
        self.open_blocks();
    }

    fn in_table(&self) -> bool {
        self.blocks.iter().any(|block| block.tag == "table")
    }

    fn in_list(&self) -> bool {
        self.blocks
            .iter()
            .rev()
            .find(|block| matches!(block.tag, "ul" | "ol" | "td" | "blockquote"))
            .is_some_and(|block| matches!(block.tag, "ul" | "ol"))
    }

    /// Ends everything that ended before a node.
    fn leave(&mut self, at: usize) {
        while let Some(inline) = self.inline.last() {
            if inline.end > at {
                break;
            }
            if inline.written {
                close(&mut self.html, inline.tag);
            }
            self.inline.pop();
        }
        while self.blocks.last().is_some_and(|block| block.end <= at) {
            self.end_paragraph();
            if let Some(block) = self.blocks.pop()
                && block.written
            {
                close(&mut self.html, block.tag);
            }
        }
    }

    /// Ends a paragraph that no element asked for; what is inside a line starts anew in the next.
    pub(super) fn end_paragraph(&mut self) {
        for inline in self.inline.iter_mut().rev().filter(|inline| inline.written) {
            close(&mut self.html, inline.tag);
            inline.written = false;
        }
        if self.implied {
            self.html.push_str("</p>");
            self.implied = false;
        }
        self.breaks = 0;
        self.space = false;
    }

    pub(super) fn open_blocks(&mut self) {
        for block in self.blocks.iter_mut().filter(|block| !block.written) {
            open(&mut self.html, block.tag, &block.attrs);
            block.written = true;
        }
    }

    /// Gets ready for text or a picture within a line.
    fn open_line(&mut self) {
        let in_line = self.implied || self.blocks.last().is_some_and(|block| block.holds_text);
        if self.breaks > 1 && in_line && self.has_line_text() {
            self.new_paragraph();
        }
        self.open_blocks();
        if !self.implied && !self.blocks.last().is_some_and(|block| block.holds_text) {
            self.html.push_str("<p>");
            self.implied = true;
            self.space = false;
            self.breaks = 0;
        }
        if self.breaks > 0 && self.has_line_text() {
            self.html.push_str("<br>");
            self.space = false;
        }
        self.breaks = 0;
        if self.space && self.has_line_text() {
            self.html.push(' ');
        }
        self.space = false;
        for inline in self.inline.iter_mut().filter(|inline| !inline.written) {
            open(&mut self.html, inline.tag, &inline.attrs);
            inline.written = true;
        }
    }

    /// Two breaks are how some pages end a paragraph.
    fn new_paragraph(&mut self) {
        let explicit = !self.implied;
        self.end_paragraph();
        if explicit && let Some(block) = self.blocks.last_mut() {
            if block.tag == "p" {
                self.html.push_str("</p>");
                block.written = false;
            } else {
                self.breaks = 1;
            }
        }
    }

    /// Whether the line that is open has something in it yet.
    fn has_line_text(&self) -> bool {
        !self.html.is_empty() && !self.html.ends_with("<br>") && !ends_with_open_block(&self.html)
    }

    fn text(&mut self, at: usize) {
        let text = self.dom.raw_text(at);
        if self.blocks.last().is_some_and(|block| block.pre) {
            self.open_line();
            self.html.push_str(&escape(text));
            return;
        }
        let starts_apart = text.starts_with([' ', '\n']);
        let ends_apart = text.ends_with([' ', '\n']);
        let text = text.trim_matches([' ', '\n']);
        self.space |= starts_apart;
        if text.is_empty() {
            return;
        }
        self.open_line();
        self.html.push_str(&escape(text));
        self.space = ends_apart;
    }
}

fn open(html: &mut String, tag: &str, attrs: &str) {
    html.extend(["<", tag, attrs, ">"]);
}

fn close(html: &mut String, tag: &str) {
    html.extend(["</", tag, ">"]);
}

/// Whether an element of this name holds a line of text and no further blocks.
pub(super) fn is_line(tag: &str) -> bool {
    matches!(tag, "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "dt")
}

fn ends_with_open_block(html: &str) -> bool {
    if !html.ends_with('>') {
        return false;
    }
    let Some(start) = html.rfind('<') else { return false };
    let tag = html.get(start + 1..).unwrap_or_default();
    let name = tag.split([' ', '>']).next().unwrap_or_default();
    !name.starts_with('/') && Tag::of(name).is_block() || matches!(name, "/figure" | "/p" | "/iframe" | "/video")
}

/// Text that stands for itself in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        out.push_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&quot;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}
