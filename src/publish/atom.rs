//! Atom 1.0 (RFC 4287), by the `atom_syndication` crate. What it cannot express is said in
//! docs/decisions/0001-writing-feeds.md.

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{
    Category, Content, Entry, Feed as AtomFeed, FixedDateTime, Generator, Link, Person, Source, Text, TextType,
    WriteConfig,
};
use chrono::{DateTime, Utc};

use super::files::File;
use super::hygiene::{Address, Line, escape};
use super::ready::{Author, Item, Ready, Topic, id};
use super::{finish, history, media, moments};

/// When a feed without entries last changed: Atom wants a date, and validators one after 1990.
const NEVER: DateTime<Utc> = match DateTime::from_timestamp(1_767_225_600, 0) {
    Some(time) => time,
    None => DateTime::UNIX_EPOCH,
};

/// Writes a feed, with one more namespace and elements of it before the entries where a dialect has them.
pub(super) fn write(ready: &Ready<'_>, namespace: Option<(&str, &str)>, elements: &str) -> Result<Vec<u8>, String> {
    let with_media = ready.items.iter().any(|item| !item.files.is_empty());
    let mut namespaces = BTreeMap::new();
    namespaces.extend(with_media.then(|| ("media".to_owned(), media::NAMESPACE.to_owned())));
    namespaces.extend(namespace.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())));
    namespaces.extend(ready.is_archive.then(|| ("fh".to_owned(), history::NAMESPACE.to_owned())));
    let mut links = vec![
        link("self", &ready.own.with(".atom"), Some("application/atom+xml")),
        link("alternate", &ready.page, Some("text/html")),
    ];
    for (relation, address) in &ready.links {
        links.push(link(relation, &address.with(".atom"), Some("application/atom+xml")));
    }
    links.extend(ready.hubs.iter().map(|hub| link("hub", hub, None)));
    let atom = AtomFeed {
        title: text(&ready.title),
        subtitle: Some(text(&ready.description)),
        id: ready.id.clone(),
        updated: time(ready.updated.unwrap_or(NEVER)),
        authors: vec![Person {
            name: ready.publisher.to_name().to_string(),
            email: ready.contact.as_ref().map(Line::to_string),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "newsriver".to_owned(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        links,
        icon: Some(ready.icon.to_string()),
        logo: ready.logo.as_ref().map(Address::to_string),
        lang: Some(ready.language.to_owned()),
        entries: ready
            .items
            .iter()
            .zip(moments::changes(&ready.items))
            .map(|(item, changed)| entry(item, changed))
            .collect(),
        namespaces,
        ..AtomFeed::default()
    };
    let config = WriteConfig { write_document_declaration: false, indent_size: Some(0) };
    let bytes = atom.write_with_config(Vec::new(), config).map_err(|problem| problem.to_string())?;
    let document = String::from_utf8(bytes).map_err(|problem| problem.to_string())?;
    let languages: Vec<_> = ready.items.iter().map(|item| item.other_language(ready.language)).collect();
    let mark = if ready.is_archive { "<fh:archive/>\n" } else { "" };
    let document = finish::before_entries(&document, &format!("{mark}{elements}"));
    let document =
        finish::with_empty_elements(&finish::with_plain_names(&finish::with_entry_languages(&document, &languages)));
    let document = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{document}\n");
    Ok(finish::with_stylesheet(&document, &escape(ready.stylesheet.as_str())).into_bytes())
}

fn entry(item: &Item<'_>, changed: DateTime<Utc>) -> Entry {
    let content = item.content.as_ref().map(|body| Content {
        value: Some(body.as_str().to_owned()),
        content_type: Some("html".to_owned()),
        ..Content::default()
    });
    // Without content there must be a summary.
    let summary = item.summary.clone().or_else(|| content.is_none().then(|| item.brief()));
    let mut entry = Entry {
        title: text(&item.title),
        id: item.id.clone(),
        updated: time(changed),
        published: Some(time(item.published)),
        authors: item.authors.iter().map(person).collect(),
        categories: item.topics.iter().map(category).collect(),
        links: links(item),
        rights: item.rights.as_ref().map(text),
        source: Some(source(item)),
        summary: summary.as_ref().map(text),
        content,
        ..Entry::default()
    };
    for from in media::elements(item) {
        let group = entry.extensions.entry("media".to_owned()).or_default();
        group.entry(from.name.to_owned()).or_default().push(extension(from));
    }
    entry
}

fn person(author: &Author) -> Person {
    Person {
        name: author.name.to_name().to_string(),
        email: author.mail.as_ref().map(Line::to_string),
        uri: author.page.as_ref().map(Address::to_string),
        ..Person::default()
    }
}

fn category(topic: &Topic) -> Category {
    Category {
        term: topic.term.to_string(),
        scheme: topic.scheme.as_ref().map(Address::to_string),
        label: topic.name.to_attribute(),
    }
}

fn links(item: &Item<'_>) -> Vec<Link> {
    let mut links = vec![link("alternate", &item.target, Some("text/html"))];
    links.extend(item.files.iter().flat_map(enclosures));
    links.extend(
        item.via.as_ref().and_then(|place| {
            Some(Link { title: place.name.to_attribute(), ..link("via", place.url.as_ref()?, None) })
        }),
    );
    links.extend(item.also_at().map(|(url, title)| Link { title, ..link("related", url, Some("text/html")) }));
    links.extend(item.comments.as_ref().map(|url| link("replies", url, Some("text/html"))));
    links
}

/// A file in its forms.
fn enclosures(file: &File) -> impl Iterator<Item = Link> {
    let enclosure = |url: &Address, mime_type: &str, length: Option<u64>| Link {
        length: length.map(|bytes| bytes.to_string()),
        title: file.caption.as_ref().or(file.title.as_ref()).and_then(Line::to_attribute),
        ..link("enclosure", url, Some(mime_type))
    };
    let plainer = file.plainer.as_ref().map(|form| enclosure(&form.url, &form.mime_type, Some(form.length)));
    std::iter::once(enclosure(&file.url, &file.mime_type, file.length)).chain(plainer)
}

/// The source that the entry came from, as it was with this entry. Its author is inherited by entries
/// that name none, so that they are not taken for ours.
fn source(item: &Item<'_>) -> Source {
    let name = &item.source.name;
    Source {
        title: text(name),
        id: item.source.url.as_ref().and_then(Address::canonical).unwrap_or_else(|| id(item.source_id.as_str())),
        updated: time(item.updated),
        authors: vec![Person { name: name.to_name().to_string(), ..Person::default() }],
        links: item.source.url.as_ref().map(|url| link("alternate", url, None)).into_iter().collect(),
        ..Source::default()
    }
}

fn link(rel: &str, href: &Address, mime_type: Option<&str>) -> Link {
    Link { href: href.to_string(), rel: rel.to_owned(), mime_type: mime_type.map(str::to_owned), ..Link::default() }
}

/// A text that says whether it is plain; one that could be taken for markup is written as HTML.
fn text(line: &Line) -> Text {
    if line.looks_like_markup() {
        Text { value: line.to_html(), r#type: TextType::Html, ..Text::default() }
    } else {
        Text::plain(line.to_string())
    }
}

/// An element of another namespace. The crate writes the values of its attributes as they are, so they
/// are escaped here.
fn extension(from: media::Element) -> Extension {
    let mut children: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for child in from.children {
        children.entry(child.name.to_owned()).or_default().push(extension(child));
    }
    Extension {
        name: from.name.to_owned(),
        value: from.text,
        attrs: from.attributes.into_iter().map(|(name, value)| (name.to_owned(), escape(&value))).collect(),
        children,
    }
}

fn time(time: DateTime<Utc>) -> FixedDateTime {
    time.fixed_offset()
}
