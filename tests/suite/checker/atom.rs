//! Atom 1.0: RFC 4287, and RFC 5005 where it applies.

use std::collections::HashSet;

use super::text;
use super::uri::{self, address_fault};
use super::xml::Node;
use super::{ATOM, Report};

const RELATIONS: &[&str] = &[
    "alternate",
    "current",
    "describedby",
    "edit",
    "edit-media",
    "enclosure",
    "first",
    "hub",
    "last",
    "license",
    "next",
    "next-archive",
    "payment",
    "prev-archive",
    "previous",
    "related",
    "replies",
    "search",
    "self",
    "service",
    "up",
    "via",
];
const PAGING: &[&str] = &["current", "first", "last", "next", "next-archive", "prev-archive", "previous"];
const FEED: &[&str] = &[
    "author",
    "category",
    "contributor",
    "generator",
    "icon",
    "id",
    "link",
    "logo",
    "rights",
    "subtitle",
    "title",
    "updated",
    "entry",
];
const ENTRY: &[&str] = &[
    "author",
    "category",
    "content",
    "contributor",
    "id",
    "link",
    "published",
    "rights",
    "source",
    "summary",
    "title",
    "updated",
];
const REPEATED: &[&str] = &["author", "category", "contributor", "link", "entry"];

pub(super) fn check(report: &mut Report, root: &Node) {
    report.unless(
        root.name == "feed" && root.namespace == ATOM && root.prefix.is_empty(),
        "AvoidNamespacePrefix",
        root.name.clone(),
    );
    names(report, root, FEED);
    let entries: Vec<&Node> = root.all(ATOM, "entry").collect();
    let first = root.children.iter().position(|child| child.name == "entry").unwrap_or(root.children.len());
    report.unless(root.children.len() == first + entries.len(), "MisplacedMetadata", "something follows an entry");
    common(report, root);
    report.history(root);
    report.unless(!root.language.is_empty(), "MissingDCLanguage", "feed");
    let selves: Vec<&Node> = root.all(ATOM, "link").filter(|link| link.attribute("rel") == Some("self")).collect();
    report.unless(selves.len() == 1, "MissingSelf", format!("{} self links", selves.len()));
    for link in selves {
        report.unless(
            link.attribute("href") == Some(&report.location),
            "SelfDoesntMatchLocation",
            report.location.clone(),
        );
        report.unless(link.attribute("type") == Some("application/atom+xml"), "SelfNotAtom", "type");
    }
    let (mut ids, mut changes) = (HashSet::new(), HashSet::new());
    for entry in entries {
        let changed = entry.one(ATOM, "updated").map(|updated| updated.text.clone()).unwrap_or_default();
        report.unless(changes.insert(changed.clone()), "DuplicateUpdated", changed);
        names(report, entry, ENTRY);
        common(report, entry);
        one_entry(report, root, entry, &mut ids);
        report.media(entry);
    }
    for node in root.tree() {
        report.unless(
            node.attributes.iter().all(|attribute| attribute.name != "base"),
            "SameDocumentReference",
            "xml:base",
        );
        report.unless(
            node.language.is_empty() || text::is_language(&node.language),
            "InvalidLanguage",
            node.language.clone(),
        );
    }
}

fn names(report: &mut Report, parent: &Node, known: &[&str]) {
    let mut seen = HashSet::new();
    for child in parent.children.iter().filter(|child| child.namespace == ATOM) {
        let name = child.name.as_str();
        report.unless(known.contains(&name), "UndefinedElement", name);
        report.unless(seen.insert(name) || REPEATED.contains(&name), "DuplicateElement", name);
    }
}

/// What feeds, entries and sources share.
fn common(report: &mut Report, node: &Node) {
    for name in ["id", "title", "updated"] {
        match node.one(ATOM, name) {
            Some(child) => report.unless(!child.text.trim().is_empty(), "NotBlank", name),
            None if node.name == "source" => report.add("MissingSourceElement", name),
            None => report.add("MissingElement", format!("{}/{name}", node.name)),
        }
    }
    let mut alternates = HashSet::new();
    for child in node.children.iter().filter(|child| child.namespace == ATOM) {
        let value = child.text.as_str();
        match child.name.as_str() {
            "id" => {
                report.fault(uri::id_fault(value), value);
                report.unless(uri::is_canonical(value), "NonCanonicalURI", value);
            }
            "updated" | "published" => report.fault(text::rfc3339_fault(value, report.now), value),
            "title" | "subtitle" | "summary" | "rights" => construct(report, child),
            "author" | "contributor" => {
                let name = child.one(ATOM, "name").map(|name| name.text.trim().to_owned()).unwrap_or_default();
                report.unless(!name.is_empty(), "NotBlank", "name");
                if let Some(name) = child.one(ATOM, "name") {
                    report.unless(!text::has_end_tag(&name.text), "ContainsHTML", name.text.clone());
                    let is_plain = name.has_hexadecimal || !text::has_reference_or_tag(&name.text);
                    report.unless(is_plain, "ContainsHTML", name.text.clone());
                    report.unless(!text::contains_mail(&name.text), "ContainsEmail", name.text.clone());
                }
                if let Some(uri) = child.one(ATOM, "uri") {
                    report.fault(address_fault(&uri.text), &uri.text);
                }
                if let Some(mail) = child.one(ATOM, "email") {
                    report.unless(text::is_mail_address(&mail.text), "InvalidAddrSpec", mail.text.clone());
                }
            }
            "category" => {
                report.unless(child.attribute("term").is_some(), "MissingAttribute", "term");
                if let Some(scheme) = child.attribute("scheme") {
                    report.fault(address_fault(scheme), scheme);
                }
                if let Some(label) = child.attribute("label") {
                    let is_plain = !text::has_end_tag(label) && !text::has_reference_or_tag(label);
                    report.unless(is_plain, "ContainsHTML", label);
                }
            }
            "icon" | "logo" => {
                report.unless(!value.trim().is_empty(), "NotBlank", child.name.clone());
                report.unless(value.trim() == value, "UnexpectedWhitespace", child.name.clone());
                report.fault(uri::web_address_fault(value), value);
            }
            "generator" => report.unless(!value.trim().is_empty(), "NotBlank", "generator"),
            "link" => {
                link(report, child);
                let key = (child.attribute("type"), child.attribute("hreflang"));
                if child.attribute("rel").unwrap_or("alternate") == "alternate" {
                    report.unless(alternates.insert(key), "DuplicateAtomLink", "alternate");
                }
            }
            _ => {}
        }
    }
}

pub(super) fn link(report: &mut Report, link: &Node) {
    match link.attribute("href") {
        Some(href) => report.fault(uri::web_address_fault(href), href),
        None => report.add("MissingHref", "link"),
    }
    relation(report, link);
    if let Some(kind) = link.attribute("type") {
        report.unless(text::is_media_type(kind), "InvalidMIMEType", kind);
    }
    if let Some(length) = link.attribute("length") {
        report.unless(length.parse::<u64>().is_ok(), "InvalidNonNegativeInteger", length);
    }
    if let Some(language) = link.attribute("hreflang") {
        report.unless(text::is_language(language), "InvalidLanguage", language);
    }
    if let Some(title) = link.attribute("title") {
        report.unless(!text::has_end_tag(title) && !text::has_reference_or_tag(title), "ContainsHTML", title);
    }
}

fn relation(report: &mut Report, link: &Node) {
    let relation = link.attribute("rel").unwrap_or("alternate");
    report.unless(
        RELATIONS.contains(&relation) || address_fault(relation).is_none(),
        "UnregisteredAtomLinkRel",
        relation,
    );
}

/// A text construct: plain unless it says that it is HTML.
fn construct(report: &mut Report, node: &Node) {
    match node.attribute("type").unwrap_or("text") {
        "text" => {
            let fine = !text::has_end_tag(&node.text) && !text::has_reference_or_tag(&node.text);
            report.unless(fine, "ContainsUndeclaredHTML", node.text.clone());
        }
        "html" => report.html(&node.text),
        other => report.add("InvalidTextType", other),
    }
}

fn one_entry(report: &mut Report, feed: &Node, entry: &Node, ids: &mut HashSet<String>) {
    let id = entry.one(ATOM, "id").map(|id| id.text.clone()).unwrap_or_default();
    report.unless(ids.insert(id.clone()), "DuplicateEntries", id);
    let source = entry.one(ATOM, "source");
    let has_author =
        [Some(entry), source, Some(feed)].into_iter().flatten().any(|node| node.one(ATOM, "author").is_some());
    report.unless(has_author, "MissingElement", "author");
    match source {
        Some(source) => common(report, source),
        // The validator takes entries without one; readers then do not know where it is from.
        None => report.add("MissingElement", "source"),
    }
    let content = entry.one(ATOM, "content").filter(|content| !content.text.trim().is_empty());
    let summary = entry.one(ATOM, "summary").filter(|summary| !summary.text.trim().is_empty());
    report.unless(content.is_some() || summary.is_some(), "MissingTextualContent", "content");
    if let Some(content) = entry.one(ATOM, "content") {
        report.unless(content.attribute("type") == Some("html"), "HtmlFragment", "type");
        report.unless(!content.text.trim().is_empty(), "NotBlank", "content");
        report.html(&content.text);
    }
    let links: Vec<&Node> = entry.all(ATOM, "link").collect();
    let has_alternate = links.iter().any(|link| link.attribute("rel").unwrap_or("alternate") == "alternate");
    report.unless(has_alternate, "MissingContentOrAlternate", "alternate");
    let mut seen = HashSet::new();
    for link in links {
        let relation = link.attribute("rel").unwrap_or("alternate");
        report.unless(!PAGING.contains(&relation), "FeedHistoryRelInEntry", relation);
        report.unless(seen.insert((relation, link.attribute("href"))), "DuplicateAtomLink", relation);
        if relation == "enclosure" {
            report.unless(link.attribute("type").is_some(), "MissingAttribute", "enclosure/type");
        }
    }
}
