//! RSS 2.0, by the rss crate. Afterwards titles get the character references that the RSS Advisory
//! Board asks for, which the crate cannot write.

use std::collections::{BTreeMap, HashSet};

use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Item, Source};

use super::GENERATOR;
use super::hygiene::{address, escape, line, rfc822, rfc3339, summary, text};
use crate::model::{Feed, FeedEntry, Media};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const DCTERMS: &str = "http://purl.org/dc/terms/";
/// With the slash at its end: without it, it is another namespace.
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// Writes a feed.
pub(super) fn write(feed: &Feed) -> Result<Vec<u8>, String> {
    let mut channel = channel(feed);
    let mut used = HashSet::from(["atom"]);
    let mut items = Vec::with_capacity(feed.entries.len());
    for entry in &feed.entries {
        let item = item(feed, entry);
        used.extend(
            item.extensions
                .keys()
                .filter_map(|prefix| ["dc", "dcterms", "media"].into_iter().find(|known| known == prefix)),
        );
        items.push(item);
    }
    let all = [("atom", ATOM), ("dc", DC), ("dcterms", DCTERMS), ("media", MEDIA)];
    let namespaces = all.into_iter().filter(|(prefix, _)| used.contains(prefix));
    channel.namespaces = namespaces.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect();
    channel.items = items;
    let mut bytes = channel.write_to(Vec::new()).map_err(|problem| problem.to_string())?;
    if !bytes.starts_with(b"<?xml") {
        bytes.splice(0..0, b"<?xml version=\"1.0\" encoding=\"utf-8\"?>".iter().copied());
    }
    let document = String::from_utf8(bytes).map_err(|problem| problem.to_string())?;
    Ok(with_title_references(&document).into_bytes())
}

fn channel(feed: &Feed) -> Channel {
    let own = address(&feed.base_url) + ".rss";
    let self_link = extension("atom:link", None, &[("href", &own), ("rel", "self"), ("type", "application/rss+xml")]);
    let built = (!feed.entries.is_empty()).then(|| rfc822(feed.updated));
    Channel {
        title: line(&feed.title),
        link: address(&feed.page_url),
        description: line(&feed.description),
        language: Some(feed.language.clone()),
        managing_editor: feed.contact.as_ref().map(|mail| format!("{} ({})", text(mail), line(&feed.publisher))),
        last_build_date: built,
        generator: Some(GENERATOR.to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(feed.ttl_minutes.max(1).to_string()),
        extensions: ExtensionMap::from([group("atom", vec![self_link])]),
        ..Channel::default()
    }
}

fn item(feed: &Feed, entry: &FeedEntry) -> Item {
    let facts = &entry.story.lead.facts;
    let link = facts.url.as_ref().unwrap_or(&entry.page_url);
    let is_permalink = facts.url.as_ref().is_some_and(|url| url.as_str() == entry.story.uri);
    let source_url = entry.source_url.as_ref().unwrap_or(&feed.page_url);
    let content = text(facts.content.as_str());
    let mut item = Item {
        title: Some(line(&facts.title)),
        link: Some(address(link)),
        description: Some(escape(&summary(facts))),
        categories: categories(entry),
        guid: Some(Guid { value: text(&entry.story.uri), permalink: is_permalink }),
        pub_date: Some(rfc822(entry.story.published)),
        source: Some(Source { url: address(source_url), title: Some(line(&entry.source_title)) }),
        content: Some(content).filter(|content| !content.is_empty()),
        comments: facts.comments.as_ref().map(address),
        enclosure: enclosure(entry),
        ..Item::default()
    };
    item.extensions = extensions(entry);
    item
}

fn categories(entry: &FeedEntry) -> Vec<rss::Category> {
    let terms = entry.story.lead.facts.categories.iter();
    terms
        .map(|category| rss::Category { name: line(category.label.as_ref().unwrap_or(&category.term)), domain: None })
        .filter(|category| !category.name.is_empty())
        .collect()
}

/// The one enclosure: the first whose address a reader can fetch. A length that is not known is 0.
fn enclosure(entry: &FeedEntry) -> Option<Enclosure> {
    let first = entry.enclosures.first()?;
    Some(Enclosure {
        url: address(&first.url),
        mime_type: text(&first.mime_type),
        length: first.length.unwrap_or(0).to_string(),
    })
}

fn extensions(entry: &FeedEntry) -> ExtensionMap {
    let facts = &entry.story.lead.facts;
    let names =
        facts.authors.iter().filter_map(|person| person.name.as_deref()).map(line).filter(|name| !name.is_empty());
    let creators: Vec<_> = names.map(|name| extension("dc:creator", Some(name), &[])).collect();
    let mut media: Vec<_> = entry.enclosures.iter().map(media_content).collect();
    if let Some(thumbnail) = entry.enclosures.iter().find_map(thumbnail) {
        media.push(thumbnail);
    }
    let mut map = ExtensionMap::new();
    if !creators.is_empty() {
        map.extend([group("dc", creators)]);
    }
    if entry.story.updated > entry.story.published {
        map.extend([group("dcterms", vec![extension("dcterms:modified", Some(rfc3339(entry.story.updated)), &[])])]);
    }
    if !media.is_empty() {
        map.extend([group("media", media)]);
    }
    map
}

fn media_content(enclosure: &crate::model::Enclosure) -> Extension {
    let url = address(&enclosure.url);
    let mut attributes: Vec<(&str, String)> = vec![("url", url), ("type", text(&enclosure.mime_type))];
    attributes.extend(enclosure.length.filter(|length| *length > 0).map(|length| ("fileSize", length.to_string())));
    let mut children = BTreeMap::new();
    let mut child = |name: &str, value: &str, attributes: &[(&str, &str)]| {
        let qualified = format!("media:{name}");
        children.insert(name.to_owned(), vec![extension(&qualified, Some(line(value)), attributes)]);
    };
    let medium = match &enclosure.media {
        Media::Image { width, height, caption, credit } => {
            attributes.extend(width.filter(|width| *width > 0).map(|width| ("width", width.to_string())));
            attributes.extend(height.filter(|height| *height > 0).map(|height| ("height", height.to_string())));
            if let Some(caption) = caption.as_deref().filter(|caption| !caption.trim().is_empty()) {
                child("description", caption, &[("type", "plain")]);
            }
            if let Some(credit) = credit.as_deref().filter(|credit| !credit.trim().is_empty()) {
                child("credit", credit, &[("role", "photographer")]);
            }
            "image"
        }
        Media::Audio { .. } => "audio",
        Media::Video { .. } => "video",
        Media::Other => "document",
    };
    attributes.push(("medium", medium.to_owned()));
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut content = extension("media:content", None, &attributes);
    content.children = children;
    content
}

fn thumbnail(enclosure: &crate::model::Enclosure) -> Option<Extension> {
    let Media::Image { width: Some(width), height: Some(height), .. } = &enclosure.media else { return None };
    let (width, height) = (width.to_string(), height.to_string());
    Some(extension(
        "media:thumbnail",
        None,
        &[("url", &address(&enclosure.url)), ("width", &width), ("height", &height)],
    ))
}

fn extension(name: &str, value: Option<String>, attributes: &[(&str, &str)]) -> Extension {
    let attrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Extension { name: name.to_owned(), value, attrs, children: BTreeMap::new() }
}

fn group(prefix: &str, elements: Vec<Extension>) -> (String, BTreeMap<String, Vec<Extension>>) {
    let mut map: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for element in elements {
        let local = element.name.rsplit(':').next().unwrap_or_default().to_owned();
        map.entry(local).or_default().push(element);
    }
    (prefix.to_owned(), map)
}

/// Writes `&` and `<` in titles as hexadecimal references, which no reader takes for markup. The
/// text between the tags cannot hold a tag itself: everything published went through a writer.
fn with_title_references(document: &str) -> String {
    let mut out = String::with_capacity(document.len() + 256);
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("<title>") {
        let (title, tail) = after.split_once("</title>").unwrap_or((after, ""));
        out.push_str(before);
        out.push_str("<title>");
        out.push_str(&title.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;").replace("&gt;", "&#x3E;"));
        out.push_str("</title>");
        rest = tail;
    }
    out + rest
}
