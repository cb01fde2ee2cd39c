//! A page as a flat tree: nodes in document order, each with the span of its subtree, its text and
//! measures of it, made in one walk without recursion.

use std::ops::Range;

use dom_query::{Document, Matcher, NodeData, NodeId, NodeRef};

use super::bounded;
use super::tag::Tag;

/// A parsed page. Nodes are named by their number in document order; 0 is the document itself.
pub struct Dom {
    document: Document,
    nodes: Vec<Node>,
    text: String,
    nowhere: Node,
    /// False when the page was too deep or too large to be read to its end.
    pub whole: bool,
}

/// A node and the measures of its subtree.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub tag: Tag,
    /// The number after the last node of its subtree.
    pub end: usize,
    /// How much text there is: letters, those of scripts that write a word in few of them counting more.
    pub len: u32,
    /// How much of it is inside links.
    pub linked: u32,
    /// How much of it lies in no block further in.
    pub own: u32,
    /// How much of that is inside links.
    pub own_linked: u32,
    /// Commas, full stops and the like in its own text.
    pub marks: u32,
    parent: usize,
    text: Range<usize>,
    id: Option<NodeId>,
}

impl Dom {
    /// Parses a page or fragment.
    pub fn parse(html: &str) -> Self {
        let (document, whole) = bounded::parse(html);
        let nowhere = Node::new(Tag::Other, 0, 0, None);
        let mut walk =
            Walk { nodes: Vec::with_capacity(4096), text: String::with_capacity(html.len() / 4), mute: 0, pre: 0 };
        walk.run(&document);
        Self { nodes: walk.nodes, text: walk.text, document, nowhere, whole }
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// A node; one without name, text or children when there is none of that number.
    pub fn node(&self, at: usize) -> &Node {
        self.nodes.get(at).unwrap_or(&self.nowhere)
    }

    /// What a node is.
    pub fn tag(&self, at: usize) -> Tag {
        self.node(at).tag
    }

    /// The numbers of a node's subtree, without itself.
    pub fn inside(&self, at: usize) -> Range<usize> {
        at + 1..self.node(at).end.max(at + 1)
    }

    /// The node around a node.
    pub fn parent(&self, at: usize) -> Option<usize> {
        (at > 0 && at < self.nodes.len()).then(|| self.node(at).parent)
    }

    /// The nodes around a node, innermost first.
    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(at), |&at| self.parent(at))
    }

    /// The nodes directly inside a node.
    pub fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let end = self.node(at).end;
        let first = (at + 1 < end).then_some(at + 1);
        std::iter::successors(first, move |&child| {
            Some(self.node(child).end).filter(|&next| next < end && next > child)
        })
    }

    /// The text of a node, white space folded, blocks and `br` on lines of their own.
    pub fn text(&self, at: usize) -> &str {
        self.raw_text(at).trim()
    }

    /// Like [`Dom::text`], with the white space at both ends.
    pub fn raw_text(&self, at: usize) -> &str {
        self.text.get(self.node(at).text.clone()).unwrap_or_default()
    }

    /// Where the text of a node stands in that of the whole page.
    pub fn span(&self, at: usize) -> Range<usize> {
        self.node(at).text.clone()
    }

    /// The text of all but some nodes.
    pub fn text_without(&self, is_left_out: impl Fn(usize) -> bool) -> String {
        let mut kept = String::with_capacity(self.text.len());
        let mut from = 0;
        for (at, node) in self.nodes.iter().enumerate() {
            if node.text.start < from || !is_left_out(at) {
                continue;
            }
            kept.push_str(self.text.get(from..node.text.start).unwrap_or_default());
            from = node.text.end;
        }
        kept.push_str(self.text.get(from..).unwrap_or_default());
        kept
    }

    /// An attribute's value; an empty one counts as none.
    pub fn attr(&self, at: usize, name: &str) -> Option<String> {
        let value = NodeRef::new(self.node(at).id?, &self.document.tree).attr(name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Whether an attribute is there, even if empty.
    pub fn has_attr(&self, at: usize, name: &str) -> bool {
        self.element(at).is_some_and(|node| node.has_attr(name))
    }

    /// Goes through the attributes of an element.
    pub fn each_attr(&self, at: usize, mut look: impl FnMut(&str, &str)) {
        let Some(node) = self.element(at) else { return };
        if let Some(element) = node.element_ref() {
            for attr in &element.attrs {
                look(&attr.name.local, &attr.value);
            }
        }
    }

    /// The text of a script or style element.
    pub fn source(&self, at: usize) -> String {
        self.element(at).map(|node| node.text().to_string()).unwrap_or_default()
    }

    /// The elements that a selector matches, in document order; None when it is no CSS.
    pub fn select(&self, selector: &str) -> Option<Vec<usize>> {
        let matcher = Matcher::new(selector).ok()?;
        let matched = self.document.select_matcher(&matcher);
        let ids: std::collections::HashSet<NodeId> = matched.nodes().iter().map(|node| node.id).collect();
        Some((0..self.nodes.len()).filter(|&at| self.node(at).id.is_some_and(|id| ids.contains(&id))).collect())
    }

    fn element(&self, at: usize) -> Option<NodeRef<'_>> {
        Some(NodeRef::new(self.node(at).id?, &self.document.tree))
    }
}

impl Node {
    fn new(tag: Tag, parent: usize, from: usize, id: Option<NodeId>) -> Self {
        Self { tag, parent, end: 0, len: 0, linked: 0, own: 0, own_linked: 0, marks: 0, text: from..from, id }
    }
}

struct Walk {
    nodes: Vec<Node>,
    text: String,
    mute: usize,
    pre: usize,
}

/// A node of the parsed document, seen while walking.
enum Seen {
    Element(Tag),
    Text,
    Nothing,
}

impl Walk {
    fn run(&mut self, document: &Document) {
        let root = document.root();
        self.nodes.push(Node::new(Tag::Other, 0, 0, Some(root.id)));
        // Nodes entered and not yet left: number in `nodes`, whether they count, and the block and link around.
        let mut open: Vec<Open> = vec![Open { at: 0, block: 0, link: None }];
        let mut next = root.first_child();
        let mut up = root;
        loop {
            if let Some(node) = next {
                let around = open.last().copied().unwrap_or(Open { at: 0, block: 0, link: None });
                match self.enter(&node, around) {
                    Some(entered) if node.first_child().is_some() => {
                        open.push(entered);
                        next = node.first_child();
                        up = node;
                        continue;
                    }
                    Some(entered) => self.leave(entered.at),
                    None => {}
                }
                next = node.next_sibling();
                continue;
            }
            let Some(left) = open.pop() else { break };
            self.leave(left.at);
            if open.is_empty() {
                break;
            }
            next = up.next_sibling();
            let Some(parent) = up.parent() else { break };
            up = parent;
        }
    }

    /// Adds a node; what is to be left later when it was an element.
    fn enter(&mut self, node: &NodeRef<'_>, around: Open) -> Option<Open> {
        let seen = node
            .query(|data| match &data.data {
                NodeData::Element(element) => Seen::Element(Tag::of(&element.name.local)),
                NodeData::Text { contents } => {
                    if self.mute == 0 {
                        self.add_text(contents, around);
                    }
                    Seen::Text
                }
                _ => Seen::Nothing,
            })
            .unwrap_or(Seen::Nothing);
        let Seen::Element(tag) = seen else { return None };
        if tag.is_block() || tag == Tag::Br && self.mute == 0 {
            self.line();
        }
        // How a word is read stands in brackets where nothing can stand above it; what a page has for that
        // (`rp`) is mute, since few have it.
        if tag == Tag::Rt && self.mute == 0 {
            self.text.push('（');
        }
        let at = self.nodes.len();
        self.nodes.push(Node::new(tag, around.at, self.text.len(), Some(node.id)));
        self.mute += usize::from(tag.is_mute());
        self.pre += usize::from(tag == Tag::Pre);
        let block = if tag.is_block() { at } else { around.block };
        let link = around.link.or((tag == Tag::A && is_link(node)).then_some(at));
        Some(Open { at, block, link })
    }

    fn leave(&mut self, at: usize) {
        let end = self.nodes.len();
        let to = self.text.len();
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.end = end;
        node.text.end = to;
        let (tag, parent, len, linked) = (node.tag, node.parent, node.len, node.linked);
        self.mute -= usize::from(tag.is_mute());
        self.pre -= usize::from(tag == Tag::Pre);
        if tag.is_block() {
            self.line();
        }
        if tag == Tag::Rt && self.mute == 0 {
            self.text.push('）');
        }
        if at > 0
            && let Some(parent) = self.nodes.get_mut(parent)
        {
            parent.len += len;
            parent.linked += linked;
        }
    }

    fn add_text(&mut self, contents: &str, around: Open) {
        let from = self.text.len();
        let measure = if self.pre > 0 { self.push_raw(contents) } else { self.push_folded(contents) };
        let linked = if around.link.is_some() { measure.len } else { 0 };
        let at = self.nodes.len();
        let mut node = Node::new(Tag::Text, around.at, from, None);
        node.end = at + 1;
        node.text.end = self.text.len();
        (node.len, node.linked, node.marks) = (measure.len, linked, measure.marks);
        self.nodes.push(node);
        if let Some(parent) = self.nodes.get_mut(around.at) {
            parent.len += measure.len;
            parent.linked += linked;
        }
        if let Some(block) = self.nodes.get_mut(around.block) {
            block.own += measure.len;
            block.own_linked += linked;
            block.marks += measure.marks;
        }
    }

    fn push_raw(&mut self, contents: &str) -> Measure {
        let mut measure = Measure::default();
        measure.add(contents);
        self.text.push_str(contents);
        measure
    }

    fn push_folded(&mut self, contents: &str) -> Measure {
        let mut measure = Measure::default();
        let mut is_apart = self.text.is_empty() || self.text.ends_with([' ', '\n']);
        for (number, word) in contents.split(|char: char| char.is_ascii_whitespace()).enumerate() {
            if number > 0 && !is_apart {
                self.text.push(' ');
                is_apart = true;
            }
            if !word.is_empty() {
                self.text.push_str(word);
                measure.add(word);
                is_apart = false;
            }
        }
        measure
    }

    fn line(&mut self) {
        if self.text.ends_with(' ') {
            self.text.pop();
            self.text.push('\n');
        } else if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

#[derive(Clone, Copy)]
struct Open {
    at: usize,
    block: usize,
    link: Option<usize>,
}

fn is_link(node: &NodeRef<'_>) -> bool {
    node.attr("href").is_some_and(|href| !href.starts_with('#') && !href.trim_start().starts_with("javascript:"))
}

#[derive(Default)]
struct Measure {
    len: u32,
    marks: u32,
}

impl Measure {
    fn add(&mut self, text: &str) {
        if text.is_ascii() {
            self.len += text.len() as u32;
            self.marks += text.bytes().filter(|byte| matches!(byte, b',' | b'.' | b';' | b'!' | b'?')).count() as u32;
        } else {
            self.len += text.chars().map(weight).sum::<u32>();
            self.marks += text.chars().filter(|&char| is_mark(char)).count() as u32;
        }
    }
}

fn is_mark(char: char) -> bool {
    matches!(
        char,
        ',' | '.' | ';' | '!' | '?' | '…' | '、' | '。' | '，' | '！' | '？' | '；' | '،' | '؟' | '؛' | '۔' | '।'
    )
}

/// How much a character says, an alphabet's letter being 1: Chinese and Japanese write a word in two
/// characters where alphabets take five letters.
fn weight(char: char) -> u32 {
    match u32::from(char) {
        0x1100..=0x11FF | 0xAC00..=0xD7AF => 2,
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => 3,
        _ => 1,
    }
}

/// The length of a text as [`Node::len`] counts it.
pub fn length(text: &str) -> u32 {
    text.chars().filter(|char| !char.is_whitespace()).map(weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_and_measured() {
        let dom = Dom::parse("<div>a <b> b</b>c<p>d,<br>e<a href='/x'>f g</a><script>no</script></div>");
        let div = dom.select("div").unwrap()[0];
        assert_eq!(dom.text(div), "a bc\nd,\nef g");
        assert_eq!((dom.node(div).len, dom.node(div).linked, dom.node(div).own), (8, 2, 3));
        let p = dom.select("p").unwrap()[0];
        assert_eq!((dom.node(p).own, dom.node(p).own_linked, dom.node(p).marks), (5, 2, 1));
        assert_eq!(dom.children(div).map(|at| dom.tag(at)).collect::<Vec<_>>(), [Tag::Text, Tag::B, Tag::Text, Tag::P]);
        assert_eq!(dom.ancestors(p).map(|at| dom.tag(at).name()).collect::<Vec<_>>(), ["div", "body", "html", ""]);
    }

    #[test]
    fn readings_stand_in_brackets() {
        for ruby in ["<ruby>千鳥<rt>ちどり</rt></ruby>丸", "<ruby>千鳥<rp>(</rp><rt>ちどり</rt><rp>)</rp></ruby>丸"]
        {
            assert_eq!(Dom::parse(ruby).text(0), "千鳥（ちどり）丸");
        }
    }

    #[test]
    fn deep_and_many_elements_end_soon() {
        let deep = Dom::parse(&"<div>".repeat(100_000));
        assert!(!deep.whole && deep.count() < 10_000);
        let formats = (0..400).fold(String::new(), |html, n| html + &format!("<font size={n}>"));
        let many = Dom::parse(&format!("<p>{formats}{}", "</p><p>x".repeat(50_000)));
        assert!(!many.whole && many.count() < 3_000_000);
    }

    #[test]
    fn scripts_without_spaces_weigh_more() {
        assert_eq!(length("日本 ab"), 8);
    }
}
