//! Atom 1.0 (RFC 4287), by the `atom_syndication` crate.

use atom_syndication::{
    Category, Content, Entry, Feed as AtomFeed, FixedDateTime, Generator, Link, Person, Source, Text, WriteConfig,
};
use chrono::{DateTime, Timelike, Utc};

use super::hygiene::{address, line, summary, text};
use crate::model::{Enclosure, Feed, FeedEntry};

/// Writes a feed.
pub(super) fn write(feed: &Feed) -> Result<Vec<u8>, String> {
    let own = address(&feed.base_url);
    let atom = AtomFeed {
        title: Text::plain(line(&feed.title)),
        subtitle: Some(Text::plain(line(&feed.description))),
        id: feed.uri.clone(),
        updated: time(feed.updated),
        authors: vec![Person {
            name: name(&feed.publisher),
            email: feed.contact.as_deref().map(text),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "newsriver".to_owned(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        links: vec![
            link("self", format!("{own}.atom"), Some("application/atom+xml")),
            link("alternate", address(&feed.page_url), Some("text/html")),
        ],
        lang: Some(feed.language.clone()),
        entries: feed.entries.iter().map(|one| entry(feed, one)).collect(),
        ..AtomFeed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: None };
    let bytes = atom.write_with_config(Vec::new(), config).map_err(|problem| problem.to_string())?;
    // The crate does not name the encoding.
    let body = bytes.strip_prefix(b"<?xml version=\"1.0\"?>".as_slice()).unwrap_or(&bytes);
    Ok([b"<?xml version=\"1.0\" encoding=\"utf-8\"?>".as_slice(), body].concat())
}

fn entry(feed: &Feed, entry: &FeedEntry) -> Entry {
    let facts = &entry.story.lead.facts;
    let own_language = facts.language.clone().filter(|language| *language != feed.language);
    let content = text(facts.content.as_str());
    let brief = summary(facts);
    Entry {
        title: Text { lang: own_language.clone(), ..Text::plain(line(&facts.title)) },
        id: text(&entry.story.uri),
        updated: time(entry.story.updated),
        published: Some(time(entry.story.published)),
        authors: authors(entry),
        categories: categories(entry),
        links: links(entry),
        rights: facts.rights.as_deref().map(|rights| Text::plain(line(rights))),
        source: Some(source(feed, entry)),
        summary: Some(Text { lang: own_language.clone(), ..Text::plain(brief) }).filter(|text| !text.value.is_empty()),
        content: (!content.is_empty()).then(|| Content {
            lang: own_language,
            value: Some(content),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// The entry's authors; where it has none the source is, so that our own name is not inherited.
fn authors(entry: &FeedEntry) -> Vec<Person> {
    let facts = &entry.story.lead.facts;
    let named = facts.authors.iter().filter_map(|person| {
        let name = line(person.name.as_deref()?);
        (!name.is_empty()).then(|| Person { name, uri: person.url.as_deref().map(text), ..Person::default() })
    });
    let authors: Vec<_> = named.collect();
    if authors.is_empty() { vec![Person { name: name(&entry.source_title), ..Person::default() }] } else { authors }
}

fn categories(entry: &FeedEntry) -> Vec<Category> {
    let all = entry.story.lead.facts.categories.iter();
    all.map(|category| Category {
        term: line(&category.term),
        scheme: None,
        label: category.label.as_deref().map(line).filter(|label| !label.is_empty()),
    })
    .filter(|category| !category.term.is_empty())
    .collect()
}

fn links(entry: &FeedEntry) -> Vec<Link> {
    let facts = &entry.story.lead.facts;
    let mut links = vec![link("alternate", address(facts.url.as_ref().unwrap_or(&entry.page_url)), Some("text/html"))];
    links.extend(entry.enclosures.iter().map(enclosure));
    // Where else the same article was found.
    for (title, url) in &entry.also_at {
        if let Some(url) = url.as_ref().filter(|url| Some(*url) != facts.url.as_ref()) {
            let mut related = link("related", address(url), Some("text/html"));
            related.title = Some(line(title));
            if !links.iter().any(|have| have.href == related.href) {
                links.push(related);
            }
        }
    }
    links
}

fn enclosure(file: &Enclosure) -> Link {
    let mut enclosure = link("enclosure", address(&file.url), Some(&text(&file.mime_type)));
    enclosure.length = file.length.map(|length| length.to_string());
    enclosure.title = match &file.media {
        crate::model::Media::Image { caption, .. } => caption.clone(),
        _ => file.title.clone(),
    }
    .map(|title| line(&title))
    .filter(|title| !title.is_empty());
    enclosure
}

/// The feed that the entry came from. Its id is its address; it changed when its entry did.
fn source(feed: &Feed, entry: &FeedEntry) -> Source {
    let url = entry.source_url.as_ref().map(address);
    Source {
        title: Text::plain(name(&entry.source_title)),
        id: url.clone().unwrap_or_else(|| format!("{}/{}", feed.uri, entry.story.lead.facts.source)),
        updated: time(entry.story.updated),
        links: url.map(|url| link("alternate", url, None)).into_iter().collect(),
        ..Source::default()
    }
}

fn link(rel: &str, href: String, mime_type: Option<&str>) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: mime_type.map(str::to_owned), ..Link::default() }
}

/// A name that is never blank.
fn name(raw: &str) -> String {
    let name = line(raw);
    if name.is_empty() { "newsriver".to_owned() } else { name }
}

/// A time without fractions of a second, in UTC.
fn time(time: DateTime<Utc>) -> FixedDateTime {
    time.with_nanosecond(0).unwrap_or(time).fixed_offset()
}
