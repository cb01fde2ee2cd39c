//! OPML: lists of subscriptions.

use url::Url;

use super::names::{Ns, Role};
use super::xml::{self, Element, Visit};
use super::{ParseError, Subscription};
use crate::encoding::{self, Syntax};

/// Subscriptions of one file.
const MOST: usize = 20_000;

/// Reads an OPML file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Subscription>, ParseError> {
    let decoded = encoding::decode(bytes, None, Syntax::Xml);
    if decoded.text.trim().is_empty() {
        return Err(ParseError::Empty);
    }
    let mut list = List::default();
    xml::walk(&decoded.text, &mut list);
    match list.root.as_deref() {
        Some("opml") => Ok(list.found),
        Some(other) => Err(ParseError::NotAFeed(format!("no OPML, its root is <{other}>"))),
        None => Err(ParseError::NotAFeed("no OPML and no XML at all".into())),
    }
}

#[derive(Default)]
struct List {
    root: Option<String>,
    found: Vec<Subscription>,
}

impl Visit for List {
    fn open(&mut self, element: &Element<'_>, around: &[Element<'_>]) -> bool {
        self.root.get_or_insert_with(|| element.name.to_string());
        let address = element.attr("xmlurl").and_then(|url| crate::address::resolve(url, None));
        if let Some(url) = address.filter(|_| element.name == "outline") {
            let folders = around.iter().filter(|outer| outer.name == "outline").filter_map(name);
            self.found.push(Subscription {
                title: name(element),
                url,
                home_page: element.attr("htmlurl").and_then(|url| Url::parse(url).ok()),
                folders: folders.collect(),
            });
        }
        false
    }

    fn close(&mut self, _element: &mut Element<'_>, _around: &[Element<'_>]) {}

    fn is_done(&self) -> bool {
        self.found.len() >= MOST
    }

    fn ends_text(&self, _ns: Ns, _name: &str) -> bool {
        false
    }

    fn is_one_of_many(&self, _ns: Ns, _role: Role) -> bool {
        false
    }

    fn holds_many(&self, _name: &str) -> bool {
        false
    }
}

fn name(element: &Element<'_>) -> Option<String> {
    let text = element.attr("title").filter(|text| !text.is_empty()).or(element.attr("text"))?;
    Some(crate::html::plain(text)).filter(|text| !text.is_empty())
}
