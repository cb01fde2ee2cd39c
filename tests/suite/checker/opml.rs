//! OPML 2.0.

use super::Report;
use super::text;
use super::uri::web_address_fault;
use super::xml::Node;

pub(super) fn check(report: &mut Report, root: &Node) {
    report.unless(root.name == "opml" && root.attribute("version") == Some("2.0"), "InvalidOPMLVersion", "version");
    match root.one("", "head") {
        Some(head) => {
            for child in &head.children {
                match child.name.as_str() {
                    "title" => {
                        report.unless(!child.text.trim().is_empty(), "NotBlank", "title");
                        report.html(&child.text);
                    }
                    "dateCreated" => report.fault(text::rfc822_fault(&child.text, report.now), &child.text),
                    other => report.add("UndefinedElement", other),
                }
            }
        }
        None => report.add("MissingElement", "head"),
    }
    match root.one("", "body") {
        Some(body) => {
            report.unless(!body.children.is_empty(), "MissingElement", "outline");
            body.children.iter().for_each(|outline| one(report, outline));
        }
        None => report.add("MissingElement", "body"),
    }
}

fn one(report: &mut Report, outline: &Node) {
    report.unless(outline.name == "outline", "UndefinedElement", outline.name.clone());
    report.unless(outline.attribute("text").is_some(), "MissingAttribute", "text");
    // Both are taken for HTML there.
    for text in ["text", "title"].into_iter().filter_map(|name| outline.attribute(name)) {
        report.html(text);
    }
    match outline.attribute("type") {
        Some("rss") => {
            report.unless(outline.attribute("title").is_some(), "MissingTitleAttr", "title");
            report.unless(outline.attribute("xmlUrl").is_some(), "MissingXmlURL", "xmlUrl");
        }
        Some(other) => report.add("InvalidOutlineType", other),
        None => {
            let typed = ["description", "htmlUrl", "language", "title", "version", "xmlUrl"];
            let is_typed = typed.into_iter().any(|name| outline.attribute(name).is_some());
            report.unless(!is_typed, "MissingOutlineType", outline.attribute("text").unwrap_or_default());
        }
    }
    for url in ["xmlUrl", "htmlUrl"].into_iter().filter_map(|name| outline.attribute(name)) {
        report.fault(web_address_fault(url), url);
    }
    outline.children.iter().for_each(|inner| one(report, inner));
}
