//! Parsing of HTML within bounds. The parsing algorithm of HTML takes quadratic time on deep nesting
//! and can make many elements of few bytes, so reading stops where a page leaves what pages need.

use std::borrow::Cow;
use std::cell::{Cell, Ref};

use dom_query::{Document, NodeId};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName};

use super::tokens;

/// Browsers stop nesting at 512.
const MAX_DEPTH: usize = 512;
/// Large real pages have some 50,000.
const MAX_NODES: usize = 1_000_000;
/// Depth is looked at for one in so many elements.
const SAMPLE: u32 = 32;

/// Parses a page; false when reading stopped early.
pub(crate) fn parse(html: &str) -> (Document, bool) {
    // Without scripts, so that the pictures inside noscript are elements.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Sink::default(), options);
    let sink = &builder.sink;
    let whole = tokens::feed(html, &builder, || !sink.too_deep.get() && sink.document.tree.len() <= MAX_NODES);
    (builder.sink.finish(), whole)
}

/// A document that watches its own depth.
#[derive(Default)]
struct Sink {
    document: Document,
    appended: Cell<u32>,
    too_deep: Cell<bool>,
}

impl Sink {
    fn watch(&self, parent: NodeId) {
        let count = self.appended.get().wrapping_add(1);
        self.appended.set(count);
        if count.is_multiple_of(SAMPLE) && self.document.tree.ancestor_ids_of_it(&parent, None).nth(MAX_DEPTH).is_some()
        {
            self.too_deep.set(true);
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Document;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Document {
        self.document
    }

    // Errors are not kept: a hostile page has one per byte.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.document.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.document.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.document.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.document.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.document.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.watch(*parent);
        self.document.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.document.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.document.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.document.get_template_contents(target)
    }

    fn same_node(&self, a: &NodeId, b: &NodeId) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, node: NodeOrText<NodeId>) {
        self.document.append_before_sibling(sibling, node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.document.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.document.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.document.reparent_children(node, new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        self.document.is_mathml_annotation_xml_integration_point(handle)
    }
}
