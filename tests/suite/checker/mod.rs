//! A checker for what newsriver publishes: the message classes of the W3C feed validator that can touch
//! it, by their names there, and what that validator does not see (script links, relative addresses in
//! Atom, media without an address). A feed without a message is one that readers and partners take.

mod atom;
mod http;
mod json;
mod markup;
mod opml;
mod rss;
mod shape;
mod text;
mod uri;
mod xml;

use chrono::{DateTime, Utc};
use xml::Node;

pub(crate) use http::http;

pub(crate) const ATOM: &str = "http://www.w3.org/2005/Atom";
pub(crate) const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
pub(crate) const DC: &str = "http://purl.org/dc/elements/1.1/";
pub(crate) const DCTERMS: &str = "http://purl.org/dc/terms/";
pub(crate) const HISTORY: &str = "http://purl.org/syndication/history/1.0";
pub(crate) const MEDIA: &str = "http://search.yahoo.com/mrss/";
pub(crate) const SY: &str = "http://purl.org/rss/1.0/modules/syndication/";

/// What the checker found: the class, and where or what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) class: &'static str,
    pub(crate) what: String,
}

/// Collects messages.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) messages: Vec<Message>,
    /// Where the document is served.
    pub(crate) location: String,
    pub(crate) now: DateTime<Utc>,
}

impl Report {
    pub(crate) fn new(location: &str, now: DateTime<Utc>) -> Self {
        Self { messages: Vec::new(), location: location.to_owned(), now }
    }

    pub(crate) fn add(&mut self, class: &'static str, what: impl Into<String>) {
        self.messages.push(Message { class, what: what.into() });
    }

    pub(crate) fn unless(&mut self, fine: bool, class: &'static str, what: impl Into<String>) {
        if !fine {
            self.add(class, what);
        }
    }

    pub(crate) fn fault(&mut self, fault: Option<&'static str>, what: &str) {
        if let Some(class) = fault {
            self.add(class, what);
        }
    }

    pub(crate) fn html(&mut self, html: &str) {
        for (class, what) in markup::html_faults(html) {
            self.add(class, what);
        }
    }

    /// Rules that hold for any element: characters, namespaces.
    fn everywhere(&mut self, root: &Node) {
        const KNOWN: [(&str, &str); 7] = [
            ("atom", ATOM),
            ("content", CONTENT),
            ("dc", DC),
            ("dcterms", DCTERMS),
            ("fh", HISTORY),
            ("media", MEDIA),
            ("sy", SY),
        ];
        let tree = root.tree();
        for node in &tree {
            self.unless(!text::has_bad_characters(&node.text), "BadCharacters", node.name.clone());
            for attribute in &node.attributes {
                self.unless(!text::has_bad_characters(&attribute.value), "BadCharacters", attribute.name.clone());
                self.unless(
                    !attribute.value.trim().is_empty(),
                    "AttrNotBlank",
                    format!("{}/{}", node.name, attribute.name),
                );
            }
            if !std::ptr::eq(*node, root) {
                self.unless(node.declared.is_empty(), "NamespaceNotOnRoot", node.name.clone());
            }
        }
        for (prefix, namespace) in &root.declared {
            let used = tree.iter().any(|node| {
                node.prefix == *prefix && node.namespace == *namespace
                    || node.attributes.iter().any(|attribute| attribute.namespace == *namespace)
            });
            self.unless(used, "UnusedNamespace", prefix.clone());
            match KNOWN.iter().find(|(_, known)| known == namespace) {
                Some((customary, _)) if !prefix.is_empty() => {
                    self.unless(prefix == customary, "NonstdPrefix", prefix.clone());
                    let twice = root.namespace == ATOM && namespace == ATOM;
                    self.unless(!twice, "AvoidNamespacePrefix", prefix.clone());
                }
                Some(_) => {}
                None if format!("{namespace}/") == MEDIA => self.add("MediaRssNamespace", namespace.clone()),
                None if KNOWN.iter().any(|(customary, _)| customary == prefix) => {
                    self.add("ReservedPrefix", prefix.clone())
                }
                None => self.add("UnknownNamespace", namespace.clone()),
            }
        }
    }

    /// Paging and archives (RFC 5005), in RSS and Atom alike; `feed` is what holds the links.
    fn history(&mut self, feed: &Node) {
        let links: Vec<(&str, &str)> = feed
            .all(ATOM, "link")
            .map(|link| (link.attribute("rel").unwrap_or("alternate"), link.attribute("href").unwrap_or_default()))
            .collect();
        let to = |relation: &str| links.iter().find(|(rel, _)| *rel == relation).map(|(_, href)| *href);
        let own = Some(self.location.clone());
        let own = own.as_deref();
        for (end, past) in [("first", "previous"), ("last", "next")] {
            self.unless(to(end) != own || to(past).is_none(), "LinkPastEnd", past);
        }
        for relation in ["previous", "next", "prev-archive", "next-archive"] {
            self.unless(to(relation).is_none() || to(relation) != own, "LinkPastEnd", relation);
        }
        if feed.one(HISTORY, "archive").is_some() {
            self.unless(to("current").is_some(), "MissingCurrentInArchive", "current");
            let linked = to("prev-archive").or(to("next-archive")).is_some();
            self.unless(linked, "ArchiveIncomplete", "no neighbour");
        } else {
            self.unless(to("next-archive").is_none(), "ArchiveIncomplete", "next-archive outside of an archive");
        }
        if feed.one(HISTORY, "complete").is_some() {
            for relation in ["first", "previous", "next", "last", "prev-archive", "next-archive"] {
                self.unless(to(relation).is_none(), "FeedRelInCompleteFeed", relation);
            }
        }
    }

    /// Media RSS, in RSS and Atom alike.
    fn media(&mut self, item: &Node) {
        self.unless(item.all(MEDIA, "thumbnail").count() <= 1, "DuplicateElement", "media:thumbnail");
        for node in item.tree().into_iter().filter(|node| node.namespace == MEDIA) {
            if let Some(value) = node.attribute("isDefault") {
                self.unless(matches!(value, "true" | "false"), "InvalidTrueFalse", value);
            }
            for name in ["width", "height", "fileSize", "duration"] {
                if let Some(value) = node.attribute(name) {
                    self.unless(value.parse::<u64>().is_ok_and(|number| number > 0), "InvalidPositiveInteger", name);
                }
            }
            match node.name.as_str() {
                "content" => {
                    self.unless(node.attribute("url").is_some(), "MissingAttribute", "media:content/url");
                    let medium = node.attribute("medium").unwrap_or_default();
                    let known = ["image", "audio", "video", "document", "executable"].contains(&medium);
                    self.unless(known, "InvalidMediaMedium", medium);
                    let kind = node.attribute("type").unwrap_or_default();
                    self.unless(text::is_media_type(kind), "InvalidMIMEAttribute", kind);
                    for child in ["title", "description", "thumbnail"] {
                        self.unless(node.all(MEDIA, child).count() <= 1, "DuplicateElement", child);
                    }
                }
                "thumbnail" => self.unless(node.attribute("url").is_some(), "MissingAttribute", "media:thumbnail/url"),
                "group" => {
                    let forms = node.all(MEDIA, "content").count();
                    self.unless(forms > 1, "MediaGroupWithoutAlternatives", format!("{forms} forms"));
                }
                "title" | "description" => match node.attribute("type") {
                    Some("html") => self.html(&node.text),
                    Some("plain") | None => {
                        let fine = !text::has_end_tag(&node.text)
                            && (node.has_hexadecimal || !text::has_reference_or_tag(&node.text));
                        self.unless(fine, "ContainsUndeclaredHTML", node.text.clone());
                    }
                    Some(other) => self.add("InvalidMediaTextType", other),
                },
                "credit" => {
                    let role = node.attribute("role").unwrap_or("photographer");
                    self.unless(["photographer", "author", "illustrator"].contains(&role), "InvalidCreditRole", role);
                    self.unless(node.attribute("scheme").is_none(), "InvalidCreditRole", "scheme");
                    self.unless(!node.text.trim().is_empty(), "NotBlank", "media:credit");
                }
                other => self.add("UndefinedElement", format!("media:{other}")),
            }
            if let Some(url) = node.attribute("url") {
                self.fault(uri::web_address_fault(url), url);
            }
        }
    }
}

/// Checks RSS 2.0.
pub(crate) fn rss(bytes: &[u8], location: &str, now: DateTime<Utc>) -> Vec<Message> {
    xml_document(bytes, location, now, rss::check)
}

/// Checks Atom 1.0.
pub(crate) fn atom(bytes: &[u8], location: &str, now: DateTime<Utc>) -> Vec<Message> {
    xml_document(bytes, location, now, atom::check)
}

/// Checks OPML 2.0.
pub(crate) fn opml(bytes: &[u8], now: DateTime<Utc>) -> Vec<Message> {
    xml_document(bytes, "", now, opml::check)
}

/// Checks JSON Feed 1.1.
pub(crate) fn json(bytes: &[u8], location: &str, now: DateTime<Utc>) -> Vec<Message> {
    let mut report = Report::new(location, now);
    json::check(&mut report, bytes);
    report.messages
}

/// Whether bytes are well-formed XML.
pub(crate) fn is_xml(bytes: &[u8]) -> bool {
    xml::read(bytes).is_ok()
}

fn xml_document(bytes: &[u8], location: &str, now: DateTime<Utc>, check: fn(&mut Report, &Node)) -> Vec<Message> {
    let mut report = Report::new(location, now);
    match xml::read(bytes) {
        Ok(root) => {
            report.everywhere(&root);
            shape::check(&mut report, &root, "");
            check(&mut report, &root);
        }
        Err(fault) => report.add("SAXError", fault),
    }
    report.messages
}

mod tests;
