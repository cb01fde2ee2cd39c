//! A lenient walk over XML. quick-xml cuts the bytes into tokens; what is open and what a broken
//! document must have meant is decided here. One pass, no tree, everything bounded.

use std::sync::Arc;

use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::characters::{push_escaped, resolve, unescape};
use super::names::{Ns, namespace, prefix_namespace};
use crate::model::Repair;

/// Elements open at once; deeper ones are passed over.
const DEPTH: usize = 200;
/// Attributes of one element that are looked at.
const ATTRIBUTES: usize = 100;
/// Characters of an attribute's value.
const VALUE: usize = 64 * 1024;
/// What is no markup is found out only at the end of the document: it is looked for so often.
const PATIENCE: usize = 16;
/// Bytes that a small document may be searched for ends that never come.
const LITTLE: usize = 4 * 1024 * 1024;
/// Namespaces declared at once.
const NAMESPACES: usize = 500;
/// Kinds of repairs that are named; the rest would only repeat them.
const REPAIRS: usize = 20;

/// An element that is open.
#[derive(Debug)]
pub(super) struct Element {
    /// Local name in lower case.
    pub(super) name: String,
    pub(super) ns: Ns,
    /// The namespace of names without prefix here.
    pub(super) default_ns: Ns,
    attributes: Vec<(String, Ns, String)>,
    /// What was read inside so far: text, or markup when `markup` is set.
    pub(super) text: String,
    /// Whether elements inside are kept as markup.
    pub(super) markup: bool,
    /// `xml:base` with inheritance.
    pub(super) base: Option<Arc<str>>,
    /// `xml:lang` with inheritance.
    pub(super) lang: Option<Arc<str>>,
    /// The name as written, for end tags.
    raw_name: Vec<u8>,
    /// How many namespace declarations were in force before it.
    declared: usize,
    /// Elements of the same name that are open inside the markup.
    same: usize,
    /// Whether markup was found in it.
    pub(super) has_markup: bool,
}

impl Element {
    /// The value of an attribute without prefix, by its name in lower case.
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(have, ns, _)| have == name && *ns == Ns::None);
        found.map(|(_, _, value)| value.trim())
    }

    /// The value of an attribute of a namespace.
    pub(super) fn attr_of(&self, ns: Ns, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(have, of, _)| have == name && *of == ns).map(|(_, _, value)| value.trim())
    }

    /// Whether it has any attribute.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }
}

/// Receives what the walk finds.
pub(super) trait Visit {
    /// An element opens; `around` are the open ones, the innermost last. True when what is inside
    /// is text, so that elements in it are markup of that text.
    fn open(&mut self, element: &Element, around: &[Element]) -> bool;
    /// An element closes, with its text.
    fn close(&mut self, element: Element, around: &mut [Element]);
    /// Whether enough was seen.
    fn is_done(&self) -> bool;
    /// Whether an element of this name ends a text that was never closed.
    fn ends_text(&self, ns: Ns, name: &str) -> bool;
}

/// Walks over a document; returns what had to be repaired.
pub(super) fn walk(text: &str, visit: &mut impl Visit) -> Vec<Repair> {
    let patience = text.len().saturating_mul(PATIENCE).saturating_add(LITTLE);
    let mut walk = Walk { open: Vec::new(), declared: Vec::new(), repairs: Vec::new(), roots: 0, patience, visit };
    let mut rest = text;
    while let Some(at) = walk.run(rest) {
        rest = rest.get(at..).unwrap_or_default();
    }
    walk.finish();
    walk.repairs
}

struct Walk<'v, V> {
    open: Vec<Element>,
    /// Prefixes (empty for the default one) with their namespaces, the newest last.
    declared: Vec<(Vec<u8>, Ns)>,
    repairs: Vec<Repair>,
    roots: usize,
    /// Bytes that may still be searched in vain.
    patience: usize,
    visit: &'v mut V,
}

impl<V: Visit> Walk<'_, V> {
    /// Reads until the end, or until something that is no markup; then the place to go on from.
    fn run(&mut self, text: &str) -> Option<usize> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            if self.visit.is_done() {
                return None;
            }
            let before = reader.buffer_position() as usize;
            match reader.read_event() {
                Ok(Event::Eof) => return None,
                Ok(Event::Text(bytes)) => self.text(&String::from_utf8_lossy(&bytes)),
                Ok(Event::CData(bytes)) => self.characters(&String::from_utf8_lossy(&bytes)),
                Ok(Event::GeneralRef(name)) => self.reference(&String::from_utf8_lossy(&name)),
                Ok(Event::Start(start)) => self.start(&start, false),
                Ok(Event::Empty(start)) => self.start(&start, true),
                Ok(Event::End(end)) => self.end(end.name().as_ref()),
                Ok(Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_)) => {}
                Err(error) => {
                    let searched = if is_without_end(&error) { text.len().saturating_sub(before) } else { 0 };
                    let Some(patience) = self.patience.checked_sub(searched) else {
                        self.repair("there is too much in it that is no markup, and the rest was left out");
                        return None;
                    };
                    self.patience = patience;
                    return self.skip(text, before);
                }
            }
        }
    }

    /// What is no markup is text up to the next `<`; a tag that never ends ends the document.
    fn skip(&mut self, text: &str, at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let start = rest.find('<')?;
        let after = rest.get(start + 1..)?;
        let Some(next) = after
            .find('<')
            .filter(|_| !rest.get(start..).is_some_and(|tag| tag.starts_with("<![CDATA[") || tag.starts_with("<!--")))
        else {
            self.repair("the document is cut off");
            if let Some(data) = rest.get(start..).and_then(|tag| tag.strip_prefix("<![CDATA[")) {
                self.characters(data);
            }
            return None;
        };
        self.repair("something that is no markup was read as text");
        let lost = rest.get(..start + 1 + next).unwrap_or_default().to_owned();
        self.characters(&lost);
        Some(at + start + 1 + next)
    }

    fn finish(&mut self) {
        if !self.open.is_empty() && !self.visit.is_done() {
            self.repair("the document ends before its elements are closed");
        }
        // What is open was never said to be complete: it is dropped, but for the outermost.
        while let Some(element) = self.open.pop() {
            let is_outer = self.open.len() < 2;
            if is_outer {
                self.visit.close(element, &mut self.open);
            }
        }
    }

    fn repair(&mut self, what: &str) {
        if self.repairs.len() < REPAIRS && !self.repairs.iter().any(|repair| repair.what == what) {
            self.repairs.push(Repair::new(what));
        }
    }

    /// Text between tags, where a lone `&` may stand.
    fn text(&mut self, text: &str) {
        if let Some(rest) = text.strip_prefix('&') {
            self.repair("an & stood alone");
            self.characters("&");
            return self.characters(rest);
        }
        self.characters(text);
    }

    /// Characters that stand for themselves.
    fn characters(&mut self, text: &str) {
        let Some(element) = self.open.last_mut() else { return };
        if element.markup && element.has_markup {
            push_escaped(&mut element.text, text);
        } else {
            element.text.push_str(text);
        }
    }

    fn reference(&mut self, name: &str) {
        if let Some(text) = resolve(name) {
            self.characters(&text);
        } else {
            self.repair("a character reference that does not exist was kept as text");
            self.characters(&format!("&{name};"));
        }
        if !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") && !name.starts_with('#') {
            self.repair("a character reference of HTML was used without being declared");
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) {
        let raw_name = start.name().as_ref().to_vec();
        if self.open.last().is_some_and(|parent| parent.markup) {
            let (prefix, local) = split(&raw_name);
            let ns = self.lookup(prefix);
            if !self.visit.ends_text(ns, &lower(local)) {
                let Some(parent) = self.open.last_mut() else { return };
                if local.eq_ignore_ascii_case(split(&parent.raw_name).1) && !empty {
                    parent.same += 1;
                }
                return keep_tag(parent, start, local, empty);
            }
            self.repair("an element was not closed before the next one began");
            while self.open.last().is_some_and(|open| open.markup) {
                self.close_innermost();
            }
        }
        if self.open.len() >= DEPTH {
            self.repair("elements are nested too deeply");
            return;
        }
        if self.open.is_empty() {
            self.roots += 1;
            if self.roots == 2 {
                self.repair("there are several root elements");
            }
        }
        let mut element = self.element(start, raw_name);
        element.markup = self.visit.open(&element, &self.open);
        self.open.push(element);
        if empty {
            self.close_innermost();
        }
    }

    fn element(&mut self, start: &BytesStart<'_>, raw_name: Vec<u8>) -> Element {
        let declared = self.declared.len();
        let mut raw = Vec::new();
        for attribute in start.html_attributes().with_checks(false).take(ATTRIBUTES).flatten() {
            let value = String::from_utf8_lossy(&attribute.value);
            let value = unescape(value.get(..value.floor_char_boundary(VALUE)).unwrap_or_default()).into_owned();
            let key = attribute.key.as_ref();
            match key.strip_prefix(b"xmlns") {
                Some(_) if self.declared.len() >= NAMESPACES => {}
                Some(b"") => self.declared.push((Vec::new(), namespace(&value))),
                Some([b':', prefix @ ..]) => {
                    let ns = namespace(&value);
                    // A prefix everyone knows, bound to an address nobody knows, still means what it always means.
                    let ns = if ns == Ns::Other { prefix_namespace(&lower(prefix)).unwrap_or(ns) } else { ns };
                    self.declared.push((prefix.to_vec(), ns));
                }
                _ => raw.push((key.to_vec(), value)),
            }
        }
        let around = self.open.last();
        let (mut base, mut lang) =
            (around.and_then(|parent| parent.base.clone()), around.and_then(|parent| parent.lang.clone()));
        let mut attributes = Vec::with_capacity(raw.len());
        for (key, value) in raw {
            match key.as_slice() {
                b"xml:base" => base = Some(joined(base.as_deref(), &value)),
                b"xml:lang" => lang = Some(Arc::from(value.trim())),
                _ => {
                    let (prefix, local) = split(&key);
                    let ns = if prefix.is_empty() { Ns::None } else { self.lookup(prefix) };
                    attributes.push((lower(local), ns, value));
                }
            }
        }
        let (prefix, local) = split(&raw_name);
        Element {
            name: lower(local),
            ns: self.lookup(prefix),
            default_ns: self.lookup(b""),
            attributes,
            text: String::new(),
            markup: false,
            base,
            lang,
            raw_name,
            declared,
            same: 0,
            has_markup: false,
        }
    }

    /// The namespace of a prefix: as declared, else as everyone uses it.
    fn lookup(&mut self, prefix: &[u8]) -> Ns {
        match self.declared.iter().rev().find(|(have, _)| have == prefix) {
            Some((_, ns)) => *ns,
            None if prefix.is_empty() || prefix == b"xml" => Ns::None,
            None => {
                self.repair("a prefix was used without being declared");
                prefix_namespace(&lower(prefix)).unwrap_or(Ns::Other)
            }
        }
    }

    fn end(&mut self, raw_name: &[u8]) {
        let (_, local) = split(raw_name);
        if let Some(open) = self.open.last_mut().filter(|open| open.markup) {
            let is_own = split(&open.raw_name).1.eq_ignore_ascii_case(local);
            if !is_own || open.same > 0 {
                // A tag of the text, unless it closes something further out.
                open.same -= usize::from(is_own);
                let closes_outer = !is_own
                    && self.open.iter().rev().skip(1).any(|outer| outer.raw_name == raw_name)
                    && self.visit.ends_text(Ns::None, &lower(local));
                if !closes_outer {
                    return keep_end(self.open.last_mut(), local);
                }
            }
        }
        let same = |open: &Element| open.raw_name.eq_ignore_ascii_case(raw_name);
        match self.open.iter().rev().position(same) {
            Some(0) => self.close_innermost(),
            Some(inner) => {
                self.repair("elements were not closed in order");
                for _ in 0..=inner {
                    self.close_innermost();
                }
            }
            None => self.repair("something was closed that was not open"),
        }
    }

    fn close_innermost(&mut self) {
        if let Some(element) = self.open.pop() {
            self.declared.truncate(element.declared);
            self.visit.close(element, &mut self.open);
        }
    }
}

/// Whether the rest of the document was searched for the end of something.
fn is_without_end(error: &Error) -> bool {
    matches!(error, Error::Syntax(problem) if *problem != SyntaxError::InvalidBangMarkup)
}

/// Keeps a start tag as markup of the text around it. Text that came before it, unescaped, becomes
/// markup too.
fn keep_tag(parent: &mut Element, start: &BytesStart<'_>, local: &[u8], empty: bool) {
    if !parent.has_markup {
        parent.has_markup = true;
        let mut escaped = String::with_capacity(parent.text.len() + 64);
        push_escaped(&mut escaped, &parent.text);
        parent.text = escaped;
    }
    let local = String::from_utf8_lossy(local);
    let attributes = String::from_utf8_lossy(start.attributes_raw());
    parent.text.push('<');
    parent.text.push_str(&local);
    parent.text.push_str(attributes.trim_end_matches('/'));
    parent.text.push_str(if empty && !is_void(&local) { "></" } else { ">" });
    if empty && !is_void(&local) {
        parent.text.push_str(&local);
        parent.text.push('>');
    }
}

fn keep_end(parent: Option<&mut Element>, local: &[u8]) {
    let Some(parent) = parent else { return };
    parent.text.push_str("</");
    parent.text.push_str(&String::from_utf8_lossy(local));
    parent.text.push('>');
}

/// Elements of HTML that have no end tag.
fn is_void(name: &str) -> bool {
    let void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    void.contains(&name.to_ascii_lowercase().as_str())
}

/// A base joined to the one around it.
fn joined(around: Option<&str>, own: &str) -> Arc<str> {
    let own = own.trim();
    let whole = around.and_then(|around| url::Url::parse(around).ok()?.join(own).ok());
    whole.map_or_else(|| Arc::from(own), |url| Arc::from(url.as_str()))
}

fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memrchr(b':', name) {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + 1..).unwrap_or_default()),
        None => (&[], name),
    }
}

fn lower(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_ascii_lowercase()
}
