//! What each element may hold: attributes, text, elements.

use super::xml::Node;
use super::{ATOM, CONTENT, DC, DCTERMS, HISTORY, MEDIA, Report, SY};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What is inside of an element.
enum Inside {
    Text,
    Elements,
    Nothing,
}

use Inside::{Elements, Nothing, Text};

/// Attributes that an element may have, and what may be inside of it; None for those of no known vocabulary.
fn expected(node: &Node, parent: &str) -> Option<(&'static [&'static str], Inside)> {
    Some(match (node.namespace.as_str(), node.name.as_str()) {
        ("", "rss" | "opml") => (&["version"], Elements),
        ("", "channel" | "item" | "image" | "head" | "body") => (&[], Elements),
        ("", "outline") => (
            &[
                "category",
                "created",
                "description",
                "htmlUrl",
                "isBreakpoint",
                "isComment",
                "language",
                "text",
                "title",
                "type",
                "url",
                "version",
                "xmlUrl",
            ],
            Elements,
        ),
        ("", "category") => (&["domain"], Text),
        ("", "guid") => (&["isPermaLink"], Text),
        ("", "source") => (&["url"], Text),
        ("", "enclosure") => (&["url", "length", "type"], Nothing),
        ("" | DC | DCTERMS | CONTENT | SY, _) => (&[], Text),
        (HISTORY, _) => (&[], Nothing),
        (ATOM, "link") => (&["type", "title", "rel", "href", "length", "hreflang"], Nothing),
        (ATOM, "category") => (&["term", "scheme", "label"], Nothing),
        (ATOM, "generator") => (&["uri", "version"], Text),
        (ATOM, "title" | "subtitle" | "summary" | "rights" | "content") => (&["type", "src"], Text),
        (ATOM, "feed" | "entry" | "author" | "contributor" | "source") => (&[], Elements),
        (ATOM, _) => (&[], Text),
        (MEDIA, "content") => (
            &[
                "bitrate",
                "channels",
                "duration",
                "expression",
                "fileSize",
                "framerate",
                "height",
                "isDefault",
                "lang",
                "medium",
                "samplingrate",
                "type",
                "url",
                "width",
            ],
            Elements,
        ),
        (MEDIA, "group") => (&[], Elements),
        (MEDIA, "thumbnail") if parent != "thumbnail" => (&["height", "time", "url", "width"], Nothing),
        (MEDIA, "title" | "description") => (&["type"], Text),
        (MEDIA, "credit") => (&["role", "scheme"], Text),
        _ => return None,
    })
}

/// Looks at an element and all below it.
pub(super) fn check(report: &mut Report, node: &Node, parent: &str) {
    if let Some((attributes, inside)) = expected(node, parent) {
        for attribute in &node.attributes {
            let is_known = attribute.namespace == XML
                || attribute.namespace.is_empty() && attributes.contains(&attribute.name.as_str());
            let what = format!("{}/{}", node.name, attribute.name);
            report.unless(
                is_known,
                if attribute.namespace.is_empty() { "UnexpectedAttribute" } else { "UseOfExtensionAttr" },
                what,
            );
        }
        let has_text = !node.text.trim().is_empty();
        report.unless(
            !has_text || matches!(inside, Text),
            if node.name == "link" { "AtomLinkNotEmpty" } else { "UnexpectedText" },
            node.name.clone(),
        );
        report.unless(
            node.children.is_empty() || matches!(inside, Elements),
            "UndefinedElement",
            format!("in {}", node.name),
        );
    }
    node.children.iter().for_each(|child| check(report, child, &node.name));
}
