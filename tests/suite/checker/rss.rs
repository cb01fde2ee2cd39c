//! RSS 2.0 and the RSS Advisory Board's profile.

use std::collections::HashSet;

use super::text;
use super::uri::{self, web_address_fault};
use super::xml::Node;
use super::{ATOM, CONTENT, DC, DCTERMS, Report, SY};

const CHANNEL: &[&str] = &[
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "ttl",
    "image",
    "item",
];
const ITEM: &[&str] =
    &["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"];
const REPEATED: &[&str] = &["category", "item"];

pub(super) fn check(report: &mut Report, root: &Node) {
    report.unless(root.name == "rss" && root.namespace.is_empty(), "InvalidRSSVersion", root.name.clone());
    report.unless(root.attribute("version") == Some("2.0"), "InvalidRSSVersion", "version");
    report.unless(root.children.len() == 1, "DuplicateElement", "channel");
    let Some(channel) = root.one("", "channel") else { return report.add("MissingElement", "channel") };
    names(report, channel, CHANNEL);
    head(report, channel);
    report.history(channel);
    let items: Vec<&Node> = channel.all("", "item").collect();
    let first = channel.children.iter().position(|child| child.name == "item").unwrap_or(channel.children.len());
    report.unless(channel.children.len() == first + items.len(), "MisplacedItem", "something follows an item");
    let mut guids = HashSet::new();
    for item in items {
        names(report, item, ITEM);
        one_item(report, item, &mut guids);
        report.media(item);
    }
}

/// Elements without a namespace: known, and not repeated.
fn names(report: &mut Report, parent: &Node, known: &[&str]) {
    let mut seen = HashSet::new();
    for child in parent.children.iter().filter(|child| child.namespace.is_empty()) {
        let name = child.name.as_str();
        report.unless(known.contains(&name), "UndefinedElement", name);
        if !seen.insert(name) && !REPEATED.contains(&name) {
            report.add(if name == "enclosure" { "DuplicateEnclosure" } else { "DuplicateElement" }, name);
        }
    }
}

fn head(report: &mut Report, channel: &Node) {
    if let Some(image) = channel.one("", "image") {
        let of = |node: &Node, name: &str| node.one("", name).map(|child| child.text.clone());
        let url = of(image, "url").unwrap_or_default();
        report.fault(web_address_fault(&url), &url);
        let ending = url.rsplit('.').next().unwrap_or_default().to_lowercase();
        let is_ending = ending.chars().all(|c| c.is_alphanumeric() || c == '_');
        report.unless(!is_ending || ["jpg", "jpeg", "gif", "png"].contains(&ending.as_str()), "ImageUrlFormat", url);
        for name in ["title", "link", "url"] {
            report.unless(
                of(image, name).is_some_and(|text| !text.trim().is_empty()),
                "NotBlank",
                format!("image/{name}"),
            );
        }
        report.unless(of(image, "title") == of(channel, "title"), "ImageTitleDoesntMatch", "image");
        report.unless(of(image, "link") == of(channel, "link"), "ImageLinkDoesntMatch", "image");
    }
    for (name, class) in [("title", "MissingTitle"), ("link", "MissingLink"), ("description", "MissingDescription")] {
        match channel.one("", name) {
            Some(node) => report.unless(!node.text.trim().is_empty(), "NotBlank", name),
            None => report.add(class, name),
        }
    }
    let has_language = channel.one("", "language").or(channel.one(DC, "language")).is_some();
    report.unless(has_language, "MissingDCLanguage", "channel");
    for (core, namespace, name) in [
        ("language", DC, "language"),
        ("copyright", DC, "rights"),
        ("managingEditor", DC, "creator"),
        ("webMaster", DC, "publisher"),
        ("lastBuildDate", DCTERMS, "modified"),
    ] {
        let both = channel.one("", core).is_some() && channel.one(namespace, name).is_some();
        report.unless(!both, "DuplicateSemantics", core);
    }
    for node in &channel.children {
        let value = node.text.as_str();
        match (node.namespace.as_str(), node.name.as_str()) {
            ("", "title" | "description" | "generator") => plain(report, node),
            ("", "link" | "docs") => report.fault(web_address_fault(value), value),
            ("", "language") => report.unless(text::is_language(value), "InvalidLanguage", value),
            ("", "lastBuildDate" | "pubDate") => report.fault(text::rfc822_fault(value, report.now), value),
            ("", "ttl") => {
                report.unless(value.parse::<u32>().is_ok_and(|ttl| ttl > 0), "InvalidPositiveInteger", "ttl")
            }
            ("", "managingEditor" | "webMaster") => report.fault(text::contact_fault(value), value),
            (SY, "updatePeriod") => {
                let known = ["hourly", "daily", "weekly", "monthly", "yearly"];
                report.unless(known.contains(&value), "InvalidUpdatePeriod", value);
            }
            (SY, "updateFrequency") => {
                report.unless(value.parse::<u32>().is_ok_and(|n| n > 0), "InvalidPositiveInteger", value)
            }
            _ => {}
        }
    }
    let selves: Vec<&Node> = channel.all(ATOM, "link").filter(|link| link.attribute("rel") == Some("self")).collect();
    report.unless(selves.len() == 1, "MissingAtomSelfLink", format!("{} self links", selves.len()));
    for link in channel.all(ATOM, "link") {
        let href = link.attribute("href").unwrap_or_default();
        report.fault(web_address_fault(href), href);
        super::atom::link(report, link);
    }
    for link in selves {
        report.unless(
            link.attribute("href") == Some(&report.location),
            "SelfDoesntMatchLocation",
            report.location.clone(),
        );
        report.unless(link.attribute("type") == Some("application/rss+xml"), "SelfNotAtom", "type");
    }
}

/// Plain text in an element where many readers expect HTML.
fn plain(report: &mut Report, node: &Node) {
    report.unless(!text::has_end_tag(&node.text), "ContainsHTML", node.text.clone());
    report.unless(node.has_hexadecimal || !text::has_reference_or_tag(&node.text), "CharacterData", node.text.clone());
}

fn one_item(report: &mut Report, item: &Node, guids: &mut HashSet<String>) {
    let has = |namespace: &str, name: &str| item.one(namespace, name).is_some();
    report.unless(has("", "title"), "ItemMustContainTitleOrDescription", "title");
    report.unless(has("", "guid"), "MissingGuid", "guid");
    report.unless(has("", "source"), "MissingElement", "source");
    report.unless(has("", "pubDate"), "MissingElement", "pubDate");
    for (core, namespace, name) in [
        ("pubDate", DC, "date"),
        ("source", DC, "source"),
        ("category", DC, "subject"),
        ("author", DC, "creator"),
        ("guid", ATOM, "id"),
    ] {
        report.unless(!(has("", core) && has(namespace, name)), "DuplicateItemSemantics", core);
    }
    let place = |namespace: &str, name: &str| {
        item.children.iter().position(|child| child.namespace == namespace && child.name == name)
    };
    report.unless(
        has("", "description") && place("", "description") < place(CONTENT, "encoded").or(Some(usize::MAX)),
        "NeedDescriptionBeforeContent",
        "description",
    );
    for (namespace, name) in [(CONTENT, "encoded"), (DC, "language"), (DC, "rights"), (DCTERMS, "modified")] {
        report.unless(item.all(namespace, name).count() <= 1, "DuplicateElement", name);
    }
    for node in &item.children {
        let value = node.text.as_str();
        match (node.namespace.as_str(), node.name.as_str()) {
            ("", "title") => {
                report.unless(!value.trim().is_empty(), "NotBlank", "title");
                plain(report, node);
            }
            ("", "category") => {
                report.unless(!value.trim().is_empty(), "NotBlank", "category");
                if let Some(domain) = node.attribute("domain") {
                    report.fault(web_address_fault(domain), domain);
                }
                plain(report, node);
            }
            ("", "link" | "comments") => report.fault(web_address_fault(value), value),
            ("", "description") | (CONTENT, "encoded") => report.html(value),
            ("", "pubDate") => report.fault(text::rfc822_fault(value, report.now), value),
            ("", "author") => report.unless(value.contains('@'), "InvalidContact", value),
            ("", "guid") => guid(report, node, guids),
            ("", "enclosure") => enclosure(report, node),
            ("", "source") => {
                report.unless(!value.trim().is_empty(), "NotBlank", "source");
                plain(report, node);
                report.fault(web_address_fault(node.attribute("url").unwrap_or_default()), "source/url");
            }
            (ATOM, "link") => {
                let href = node.attribute("href").unwrap_or_default();
                report.fault(web_address_fault(href), href);
                super::atom::link(report, node);
            }
            (DC, "rights") => plain(report, node),
            (DC, "language") => report.unless(text::is_language(value), "InvalidLanguage", value),
            (DC, _) => report.unless(!value.trim().is_empty(), "NotBlank", node.name.clone()),
            (DCTERMS, "modified") => report.fault(text::rfc3339_fault(value, report.now), value),
            _ => {}
        }
    }
}

fn guid(report: &mut Report, node: &Node, guids: &mut HashSet<String>) {
    let value = node.text.as_str();
    report.unless(guids.insert(value.to_owned()), "DuplicateValue", value);
    report.unless(!value.trim().is_empty(), "NotBlank", "guid");
    report.unless(value.len() >= 9 || !value.chars().all(|c| c.is_ascii_digit()), "NotSufficientlyUnique", value);
    match node.attribute("isPermaLink") {
        Some("false") => {}
        // Without the attribute, it is one.
        None | Some("true") => report.unless(web_address_fault(value).is_none(), "InvalidPermalink", value),
        Some(other) => report.add("InvalidBooleanAttribute", other),
    }
}

fn enclosure(report: &mut Report, node: &Node) {
    for name in ["url", "length", "type"] {
        report.unless(node.attribute(name).is_some(), "MissingAttribute", name);
    }
    report.unless(
        node.attribute("length").is_some_and(|length| length.parse::<u64>().is_ok()),
        "InvalidNonNegativeInteger",
        "length",
    );
    report.unless(node.attribute("type").is_some_and(text::is_media_type), "InvalidMIMEAttribute", "type");
    let url = node.attribute("url").unwrap_or_default();
    report.unless(uri::is_enclosure_address(url), "InvalidURLAttribute", url);
}
