//! OPML 2.0.

use super::Report;
use super::text::{self, web_address_fault};
use super::xml::Node;

pub(super) fn check(report: &mut Report, root: &Node) {
    report.unless(root.name == "opml" && root.attribute("version") == Some("2.0"), "InvalidOutlineVersion", "version");
    match root.one("", "head") {
        Some(head) => {
            for child in &head.children {
                match child.name.as_str() {
                    "title" => report.unless(!child.text.trim().is_empty(), "NotBlank", "title"),
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
    if let Some(url) = outline.attribute("xmlUrl") {
        report.fault(web_address_fault(url), url);
        report.unless(outline.attribute("type") == Some("rss"), "MissingOutlineType", url);
        report.unless(outline.attribute("title").is_some(), "MissingTitleAttr", url);
    } else if outline.attribute("type") == Some("rss") {
        report.add("MissingXmlURL", "xmlUrl");
    }
    if let Some(url) = outline.attribute("htmlUrl") {
        report.fault(web_address_fault(url), url);
    }
    outline.children.iter().for_each(|inner| one(report, inner));
}
