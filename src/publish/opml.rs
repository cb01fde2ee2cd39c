//! OPML 2.0: the sources as a list that readers import.

use std::collections::BTreeMap;
use std::io::Write as _;

use chrono::{DateTime, Utc};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use url::Url;

use super::Rendered;
use super::hygiene::{address, line, rfc822};

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its title.
    pub title: String,
    /// The feed.
    pub url: Url,
    /// Its page.
    pub home_page: Option<Url>,
    /// The folder it is in.
    pub folder: Option<String>,
}

/// Writes a list of subscriptions.
pub fn opml(title: &str, outlines: &[Outline], created: DateTime<Utc>) -> Rendered {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory cannot fail.
    let _ = write(&mut writer, title, outlines, created);
    let mut body = writer.into_inner();
    let _ = body.write_all(b"\n");
    Rendered::new("text/x-opml; charset=utf-8", body, created)
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    title: &str,
    outlines: &[Outline],
    created: DateTime<Utc>,
) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    writer.create_element("title").write_text_content(BytesText::new(&line(title)))?;
    writer.create_element("dateCreated").write_text_content(BytesText::new(&rfc822(created)))?;
    writer.write_event(Event::End(BytesEnd::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    let mut folders: BTreeMap<Option<&str>, Vec<&Outline>> = BTreeMap::new();
    for outline in outlines {
        folders.entry(outline.folder.as_deref()).or_default().push(outline);
    }
    for (folder, outlines) in folders {
        if let Some(name) = folder {
            let name = line(name);
            let attributes = [("text", name.as_str()), ("title", name.as_str())];
            writer.write_event(Event::Start(BytesStart::new("outline").with_attributes(attributes)))?;
        }
        for outline in outlines {
            write_outline(writer, outline)?;
        }
        if folder.is_some() {
            writer.write_event(Event::End(BytesEnd::new("outline")))?;
        }
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))
}

fn write_outline(writer: &mut Writer<Vec<u8>>, outline: &Outline) -> std::io::Result<()> {
    let (title, url) = (line(&outline.title), address(&outline.url));
    let attributes = [("text", title.as_str()), ("title", title.as_str()), ("type", "rss"), ("xmlUrl", url.as_str())];
    let mut element = BytesStart::new("outline").with_attributes(attributes);
    let home_page = outline.home_page.as_ref().map(address);
    if let Some(home_page) = &home_page {
        element.push_attribute(("htmlUrl", home_page.as_str()));
    }
    writer.write_event(Event::Empty(element))
}
