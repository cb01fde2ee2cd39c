//! A lenient walk over XML: what is open, and what a broken document must have meant, is decided
//! here. One pass, no tree, everything bounded; texts and names are borrowed from the document
//! until something in them has to change.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::memchr;

use super::attributes;
use super::characters::{push_escaped, resolve_into, trim, unescape};
use super::names::{Ns, Role, namespace, prefix_namespace};
use super::tag_name::Name;
use super::tokens::{Tag, Token, Tokens};
use crate::model::Repair;

/// Elements open at once; deeper ones are passed over.
const DEPTH: usize = 200;
/// Attributes of one element that are looked at.
const ATTRIBUTES: usize = 100;
/// Bytes of an attribute's value.
const VALUE: usize = 64 * 1024;
/// Namespaces declared at once.
const NAMESPACES: usize = 500;
/// Kinds of repairs that are named; the rest would only repeat them.
const REPAIRS: usize = 20;

/// An attribute of an element.
#[derive(Debug)]
struct Attribute<'t> {
    prefix: &'t str,
    /// Local name in lower case.
    name: Cow<'t, str>,
    ns: Ns,
    value: Cow<'t, str>,
}

/// An element that is open.
#[derive(Debug)]
pub(super) struct Element<'t> {
    /// Local name in lower case.
    pub(super) name: Cow<'t, str>,
    pub(super) ns: Ns,
    /// What its name says of what is inside.
    pub(super) role: Role,
    /// The namespace of names without prefix here.
    pub(super) default_ns: Ns,
    attributes: Vec<Attribute<'t>>,
    /// What was read inside so far: text, or markup when `markup` is set.
    pub(super) text: Cow<'t, str>,
    /// Whether elements inside are kept as markup.
    pub(super) markup: bool,
    /// `xml:base` with inheritance.
    pub(super) base: Option<Arc<str>>,
    /// `xml:lang` with inheritance.
    pub(super) lang: Option<Arc<str>>,
    /// The name as written, for end tags.
    raw_name: &'t str,
    /// How many namespace declarations were in force before it.
    declared: usize,
    /// Elements of the same name that are open inside the markup.
    same: usize,
    /// Whether markup was found in it.
    pub(super) has_markup: bool,
}

impl<'t> Element<'t> {
    /// The value of an attribute without prefix, by its name in lower case.
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attr_of(Ns::None, name)
    }

    /// The value of an attribute of a namespace.
    pub(super) fn attr_of(&self, ns: Ns, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|attribute| attribute.ns == ns && attribute.name == name);
        found.map(|attribute| trim(&attribute.value))
    }

    /// Whether it has any attribute.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// Appends characters to its text; the first ones are only borrowed.
    fn push(&mut self, text: &'t str) {
        if self.markup && self.has_markup {
            push_escaped(self.text.to_mut(), text);
        } else if self.text.is_empty() {
            self.text = Cow::Borrowed(text);
        } else {
            self.text.to_mut().push_str(text);
        }
    }
}

/// Receives what the walk finds.
pub(super) trait Visit {
    /// An element opens; `around` are the open ones, the innermost last. True when what is inside
    /// is text, so that elements in it are markup of that text.
    fn open(&mut self, element: &Element<'_>, around: &[Element<'_>]) -> bool;
    /// An element closes, with its text.
    fn close(&mut self, element: &mut Element<'_>, around: &[Element<'_>]);
    /// Whether enough was seen.
    fn is_done(&self) -> bool;
    /// Whether an element of this name ends a text that was never closed.
    fn ends_text(&self, ns: Ns, name: &str) -> bool;
    /// Whether an element is one of many alike that never stand in each other.
    fn is_one_of_many(&self, ns: Ns, role: Role) -> bool;
    /// Whether many stand in an element of this name.
    fn holds_many(&self, name: &str) -> bool;
}

/// Walks over a document; returns what had to be repaired.
pub(super) fn walk(text: &str, visit: &mut impl Visit) -> Vec<Repair> {
    let (open, declared, repairs, spare) = Default::default();
    let mut walk = Walk { open, declared, repairs, roots: 0, spare, visit };
    walk.run(text);
    walk.finish();
    walk.repairs.into_iter().map(Repair::new).collect()
}

struct Walk<'t, 'v, V> {
    open: Vec<Element<'t>>,
    /// Prefixes (empty for the default one) with their namespaces, the newest last.
    declared: Vec<(&'t str, Ns)>,
    repairs: Vec<&'static str>,
    roots: usize,
    /// The emptied list of an element that was closed, for the next one that has attributes.
    spare: Vec<Attribute<'t>>,
    visit: &'v mut V,
}

impl<'t, V: Visit> Walk<'t, '_, V> {
    fn run(&mut self, text: &'t str) {
        let mut tokens = Tokens::new(text);
        while !self.visit.is_done() {
            let token = tokens.next();
            if let Some(problem) = tokens.problem.take() {
                self.repair(problem);
            }
            match token {
                None => break,
                Some(Token::Text(text)) => self.text(text),
                Some(Token::Verbatim(text)) => {
                    if let Some(element) = self.open.last_mut() {
                        element.push(text);
                    }
                }
                Some(Token::Start(tag)) => self.start(tag),
                Some(Token::End(name)) => self.end(name),
            }
        }
    }

    fn finish(&mut self) {
        if !self.open.is_empty() && !self.visit.is_done() {
            self.repair("the document ends before its elements are closed");
        }
        // What is open was never said to be complete: it is dropped, but for the outermost.
        self.open.truncate(2);
        while !self.open.is_empty() {
            self.close_innermost();
        }
    }

    fn repair(&mut self, what: &'static str) {
        if self.repairs.len() < REPAIRS && !self.repairs.contains(&what) {
            self.repairs.push(what);
        }
    }

    /// Text between tags, with its references.
    fn text(&mut self, text: &'t str) {
        let Some(element) = self.open.last_mut() else { return };
        // White space between elements says nothing.
        if element.text.is_empty() && text.trim_ascii_start().is_empty() {
            return;
        }
        if memchr(b'&', text.as_bytes()).is_none() {
            return element.push(text);
        }
        let odd = if element.markup && element.has_markup {
            let mut resolved = String::with_capacity(text.len());
            let odd = resolve_into(&mut resolved, text);
            push_escaped(element.text.to_mut(), &resolved);
            odd
        } else {
            let own = element.text.to_mut();
            own.reserve(text.len());
            resolve_into(own, text)
        };
        for (is_found, what) in [
            (odd.alone, "an & stood alone"),
            (odd.unknown, "a character reference that does not exist was kept as text"),
            (odd.undeclared, "a character reference of HTML was used without being declared"),
        ] {
            if is_found {
                self.repair(what);
            }
        }
    }

    fn start(&mut self, tag: Tag<'t>) {
        let (raw, prefix, local) = (tag.name.raw, tag.name.prefix(), tag.name.local());
        if self.open.last().is_some_and(|parent| parent.markup) {
            let ns = self.lookup(prefix);
            if !self.visit.ends_text(ns, &tag.name.lower()) {
                let Some(parent) = self.open.last_mut() else { return };
                if local.eq_ignore_ascii_case(Name::of(parent.raw_name).local()) && !tag.is_empty {
                    parent.same += 1;
                }
                return keep_tag(parent, tag, local);
            }
            self.repair("an element was not closed before the next one began");
            while self.open.last().is_some_and(|open| open.markup) {
                self.close_innermost();
            }
        }
        let name = tag.name.lower();
        let role = Role::of(&name);
        // What has no role is none of many, and that is told soonest.
        if role != Role::None
            && let Some(open) = self.open.iter().rposition(|open| open.raw_name == raw)
            && let ns = self.lookup(prefix)
            && self.visit.is_one_of_many(ns, role)
        {
            self.repair("an element was not closed before the next one began");
            while self.open.len() > open {
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
        let element = self.element(tag, name, role);
        self.open.push(element);
        if let Some((element, around)) = self.open.split_last_mut() {
            element.markup = self.visit.open(element, around);
        }
        if tag.is_empty {
            self.close_innermost();
        }
    }

    fn element(&mut self, tag: Tag<'t>, name: Cow<'t, str>, role: Role) -> Element<'t> {
        let declared = self.declared.len();
        let (mut base, mut lang, default_ns) = self
            .open
            .last()
            .map_or((None, None, Ns::None), |parent| (parent.base.clone(), parent.lang.clone(), parent.default_ns));
        let mut attributes = std::mem::take(&mut self.spare);
        for (key, value) in attributes::attributes(tag.attributes).take(ATTRIBUTES) {
            let value = unescape(value.get(..value.floor_char_boundary(VALUE)).unwrap_or_default());
            match key {
                "xml:base" => base = Some(joined(base.as_deref(), &value)),
                "xml:lang" => lang = Some(Arc::from(value.trim())),
                "xmlns" => self.declare("", &value),
                _ => {
                    let key = Name::of(key);
                    match key.prefix() {
                        "xmlns" => self.declare(key.local(), &value),
                        prefix => attributes.push(Attribute { prefix, name: key.lower(), ns: Ns::None, value }),
                    }
                }
            }
        }
        // Of which namespace something is, is known when all are declared.
        for attribute in attributes.iter_mut().filter(|attribute| !attribute.prefix.is_empty()) {
            attribute.ns = self.lookup(attribute.prefix);
        }
        if attributes.is_empty() {
            self.spare = std::mem::take(&mut attributes);
        }
        let default_ns = if self.declared.len() == declared { default_ns } else { self.lookup("") };
        let prefix = tag.name.prefix();
        Element {
            role,
            name,
            ns: if prefix.is_empty() { default_ns } else { self.lookup(prefix) },
            default_ns,
            attributes,
            text: Cow::Borrowed(""),
            markup: false,
            base,
            lang,
            raw_name: tag.name.raw,
            declared,
            same: 0,
            has_markup: false,
        }
    }

    fn declare(&mut self, prefix: &'t str, address: &str) {
        if self.declared.len() >= NAMESPACES {
            return;
        }
        let ns = namespace(address);
        // A prefix everyone knows, bound to an address nobody knows, still means what it always means.
        let usual = if ns == Ns::Other { prefix_namespace(&prefix.to_ascii_lowercase()) } else { None };
        self.declared.push((prefix, usual.unwrap_or(ns)));
    }

    /// The namespace of a prefix: as declared, else as everyone uses it.
    fn lookup(&mut self, prefix: &str) -> Ns {
        match self.declared.iter().rev().find(|(have, _)| *have == prefix) {
            Some((_, ns)) => *ns,
            None if prefix.is_empty() || prefix == "xml" => Ns::None,
            None => {
                self.repair("a prefix was used without being declared");
                prefix_namespace(&prefix.to_ascii_lowercase()).unwrap_or(Ns::Other)
            }
        }
    }

    fn end(&mut self, raw_name: &str) {
        // Nearly all that is closed is the innermost element.
        if self.open.last().is_some_and(|open| open.raw_name == raw_name && open.same == 0) {
            return self.close_innermost();
        }
        let name = Name::of(raw_name);
        let local = name.local();
        if let Some(open) = self.open.last_mut().filter(|open| open.markup) {
            let is_own = Name::of(open.raw_name).local().eq_ignore_ascii_case(local);
            if !is_own || open.same > 0 {
                // A tag of the text, unless it closes something further out.
                open.same -= usize::from(is_own);
                let closes_outer = !is_own
                    && self.open.iter().rev().skip(1).any(|outer| outer.raw_name == raw_name)
                    && self.visit.ends_text(Ns::None, &name.lower());
                if !closes_outer {
                    return keep_end(self.open.last_mut(), local);
                }
            }
        }
        let same = |open: &Element<'_>| open.raw_name.eq_ignore_ascii_case(raw_name);
        match self.open.iter().rev().position(same) {
            Some(0) => self.close_innermost(),
            // What was left open before one of many began does not end it.
            Some(inner) if self.is_around_one_of_many(inner) && !self.visit.holds_many(&name.lower()) => {
                self.repair("something was closed that was not open");
            }
            Some(inner) => {
                self.repair("elements were not closed in order");
                for _ in 0..=inner {
                    self.close_innermost();
                }
            }
            None => self.repair("something was closed that was not open"),
        }
    }

    /// Whether one of many is open inside the element that has `inner` open ones in it.
    fn is_around_one_of_many(&self, inner: usize) -> bool {
        self.open.iter().rev().take(inner).any(|open| self.visit.is_one_of_many(open.ns, open.role))
    }

    fn close_innermost(&mut self) {
        if let Some((element, around)) = self.open.split_last_mut() {
            self.declared.truncate(element.declared);
            self.visit.close(element, around);
            if let Some(Element { mut attributes, .. }) = self.open.pop()
                && attributes.capacity() > self.spare.capacity()
            {
                attributes.clear();
                self.spare = attributes;
            }
        }
    }
}

/// Keeps a start tag as markup of the text around it. Text that came before it, unescaped, becomes
/// markup too.
fn keep_tag(parent: &mut Element<'_>, tag: Tag<'_>, local: &str) {
    if !parent.has_markup {
        parent.has_markup = true;
        let mut escaped = String::with_capacity(parent.text.len() + 64);
        push_escaped(&mut escaped, &parent.text);
        parent.text = Cow::Owned(escaped);
    }
    let end = if tag.is_empty && !is_void(local) { ["></", local, ">"] } else { [">", "", ""] };
    parent.text.to_mut().extend(["<", local, tag.attributes].into_iter().chain(end));
}

fn keep_end(parent: Option<&mut Element<'_>>, local: &str) {
    if let Some(parent) = parent {
        parent.text.to_mut().extend(["</", local, ">"]);
    }
}

/// Elements of HTML that have no end tag.
fn is_void(name: &str) -> bool {
    let void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    void.iter().any(|void| name.eq_ignore_ascii_case(void))
}

/// A base joined to the one around it.
fn joined(around: Option<&str>, own: &str) -> Arc<str> {
    let own = own.trim();
    let whole = around.and_then(|around| url::Url::parse(around).ok()?.join(own).ok());
    whole.map_or_else(|| Arc::from(own), |url| Arc::from(url.as_str()))
}
