//! What the page's head and its marked-up elements say, gathered in one walk.

use serde_json::Value;
use url::Url;

use super::jsonld::{self, Linked};
use super::sloppy;
use crate::address;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// All that a page declares about itself.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `meta` values in document order.
    metas: Vec<Meta>,
    /// What JSON-LD says.
    pub(crate) linked: Linked,
    /// The `title` element.
    pub(crate) title: Option<String>,
    /// The `lang` of the page.
    pub(crate) lang: Option<String>,
    /// `rel=canonical`.
    pub(crate) canonical: Option<String>,
    /// `rel=image_src`.
    pub(crate) image: Option<String>,
    /// What relative addresses are relative to.
    pub(crate) base: Option<Url>,
    /// Elements with `itemprop`: its value, and the node.
    pub(crate) props: Vec<(String, usize)>,
    /// Elements with `rel=author`.
    pub(crate) rel_authors: Vec<usize>,
    /// `rel=tag` links.
    pub(crate) rel_tags: Vec<usize>,
    /// `time` elements.
    pub(crate) times: Vec<usize>,
    /// First headings.
    pub(crate) h1: Vec<usize>,
}

/// One `meta` element.
#[derive(Debug)]
struct Meta {
    /// In lower case, with `:` for `.`.
    name: String,
    /// Which attribute named it: `property` (0) before `name`.
    trust: usize,
    value: String,
}

impl Head {
    /// Reads a page that came from `url`.
    pub(crate) fn of(dom: &Dom, url: Option<&Url>) -> Self {
        let mut head = Self { base: url.cloned(), ..Self::default() };
        let mut blocks: Vec<Value> = Vec::new();
        let mut base_seen = false;
        for at in 1..dom.count() {
            match dom.tag(at) {
                Tag::Text => continue,
                Tag::Html => head.lang = dom.attr(at, "lang").or_else(|| dom.attr(at, "xml:lang")),
                Tag::Body if head.lang.is_none() => head.lang = dom.attr(at, "lang"),
                Tag::Meta => head.meta(dom, at),
                Tag::Title if head.title.is_none() && !in_svg(dom, at) => {
                    head.title = Some(dom.text(at).to_owned()).filter(|title| !title.is_empty());
                }
                Tag::Script if is_linked_data(dom, at) => blocks.extend(sloppy::read(&dom.source(at))),
                Tag::Base if !base_seen => {
                    base_seen = true;
                    if let Some(base) = dom.attr(at, "href").and_then(|href| address::resolve(&href, url)) {
                        head.base = Some(base);
                    }
                }
                Tag::Time => head.times.push(at),
                Tag::H1 => head.h1.push(at),
                _ => {}
            }
            head.marked(dom, at);
        }
        head.linked = jsonld::article(&blocks).unwrap_or_default();
        head
    }

    fn meta(&mut self, dom: &Dom, at: usize) {
        let Some(content) = dom.attr(at, "content").or_else(|| dom.attr(at, "value")) else { return };
        for (trust, attr) in ["property", "name", "itemprop", "http-equiv"].into_iter().enumerate() {
            // One attribute may carry several names.
            for name in dom.attr(at, attr).unwrap_or_default().split_ascii_whitespace().take(6) {
                self.metas.push(Meta {
                    name: name.to_ascii_lowercase().replace('.', ":"),
                    trust,
                    value: unescape(&content),
                });
            }
        }
    }

    fn marked(&mut self, dom: &Dom, at: usize) {
        let (mut prop, mut rel) = (None, None);
        dom.each_attr(at, |name, value| match name {
            "itemprop" => prop = Some(value.to_owned()),
            "rel" => rel = Some(value.to_ascii_lowercase()),
            _ => {}
        });
        if let Some(prop) = prop
            && dom.tag(at) != Tag::Meta
        {
            self.props.extend(prop.split_ascii_whitespace().take(4).map(|prop| (prop.to_owned(), at)));
        }
        let Some(rel) = rel else { return };
        for rel in rel.split_ascii_whitespace() {
            match (rel, dom.tag(at)) {
                ("canonical", Tag::Link) if self.canonical.is_none() => self.canonical = dom.attr(at, "href"),
                ("image_src", Tag::Link) => self.image = dom.attr(at, "href"),
                ("author", Tag::A) => self.rel_authors.push(at),
                ("tag", Tag::A) => self.rel_tags.push(at),
                _ => {}
            }
        }
    }

    /// The first value of a `meta`, whichever attribute names it.
    pub(crate) fn meta_value(&self, name: &str) -> Option<String> {
        self.meta_values(name).into_iter().next()
    }

    /// The first value of the first of several names that has one.
    pub(crate) fn any_meta(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.meta_value(name))
    }

    /// All values of a `meta`, as the most trusted attribute gives them.
    pub(crate) fn meta_values(&self, name: &str) -> Vec<String> {
        let named = || self.metas.iter().filter(|meta| meta.name == name);
        let Some(trust) = named().map(|meta| meta.trust).min() else { return Vec::new() };
        named().filter(|meta| meta.trust == trust).map(|meta| meta.value.clone()).collect()
    }

    /// The nodes marked with an `itemprop`.
    pub(crate) fn marked_as(&self, prop: &str) -> impl Iterator<Item = usize> {
        self.props.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(prop)).map(|(_, at)| *at)
    }
}

fn is_linked_data(dom: &Dom, at: usize) -> bool {
    dom.attr(at, "type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/ld+json"))
}

fn in_svg(dom: &Dom, at: usize) -> bool {
    dom.ancestors(at).any(|outer| dom.tag(outer) == Tag::Svg)
}

/// A text whose character references were escaped twice, or stand where there is no HTML.
pub(crate) fn unescape(text: &str) -> String {
    // The wide space of Chinese and Japanese headlines stays.
    let folded = |text: &str| {
        let words = text.split(|char: char| char.is_whitespace() && char != '\u{3000}');
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().to_owned()
    };
    if !text.contains('&') || !text.contains(';') || text.contains('<') {
        return folded(text);
    }
    let dom = Dom::parse(text);
    folded(dom.text(0))
}
