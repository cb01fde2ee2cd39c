//! A feed made ready to be written: every text and address in a form that any of the formats can hold.
//! The writers take only this, so nothing that a source sent reaches a format unlooked at.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Timelike, Utc};
use url::Url;
use uuid::Uuid;

use super::files::{File, files};
use super::hygiene::{Address, Body, Line, escape};
use super::pages::Words;
use super::{history, icons, language};
use crate::model::{Category, EntryId, Feed, FeedEntry, Filling, Part, Person, SourceId, Template};

/// Larger articles are published by their summary: partners take 1 MB for an article, and most
/// readers less.
const ARTICLE: usize = 1_000_000;
/// A summary made of an article's beginning has about this many characters.
const SUMMARY: usize = 400;
/// Headlines made of an article's beginning have at most this many words.
const WORDS: usize = 12;
/// A longer id is no id but an attack.
const ID: usize = 2048;

/// A feed, ready.
pub(super) struct Ready<'a> {
    pub(super) id: String,
    pub(super) title: Line,
    pub(super) description: Line,
    pub(super) publisher: Line,
    pub(super) contact: Option<Line>,
    pub(super) language: &'a str,
    pub(super) page: Address,
    /// This document, without the ending of a format.
    pub(super) own: Address,
    /// The feed's newest entries, without the ending of a format.
    pub(super) newest: Address,
    /// Other parts of the feed by their relation, without the ending of a format.
    pub(super) links: Vec<(&'static str, Address)>,
    pub(super) is_archive: bool,
    /// What makes it readable in a browser.
    pub(super) stylesheet: Address,
    /// The sign of the service, large and small.
    pub(super) icon: Address,
    pub(super) favicon: Address,
    pub(super) logo: Option<Address>,
    /// Who tells of its changes.
    pub(super) hubs: Vec<Address>,
    /// None for a feed without items.
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) ttl_minutes: u32,
    pub(super) items: Vec<Item<'a>>,
}

impl<'a> Ready<'a> {
    /// Makes a feed ready. Of two items with one id the first stays.
    pub(super) fn new(feed: &'a Feed) -> Self {
        let mut ids = HashSet::new();
        let items = feed.entries.iter().map(|entry| Item::new(entry, feed.page_url.host_str()));
        let mut items: Vec<_> = items.filter(|item| ids.insert(item.id.clone())).collect();
        if let Some(template) = &feed.attribution {
            for item in &mut items {
                item.attribute(template, feed);
            }
        }
        let title = Line::first_of(&[&feed.title, &feed.slug]);
        Self {
            id: id(&feed.uri),
            description: Line::first_of(&[&feed.description, title.as_str()]),
            publisher: Line::first_of(&[&feed.publisher, title.as_str()]),
            title,
            contact: feed.contact.as_deref().filter(|text| is_mail_address(text)).map(Line::new),
            language: language::known(&feed.language).unwrap_or(language::UNKNOWN),
            page: Address::own(&feed.page_url),
            own: Address::own(&feed.base_url).with(&history::suffix(feed.part)),
            newest: Address::own(&feed.base_url),
            links: history::links(feed),
            stylesheet: of_site(feed, "feed.css"),
            icon: of_site(feed, icons::ICON),
            favicon: of_site(feed, icons::FAVICON),
            is_archive: matches!(feed.part, Part::Archive { .. }),
            logo: feed.logo.as_ref().and_then(Address::new),
            hubs: history::hubs(feed),
            updated: (!items.is_empty()).then(|| whole_seconds(feed.updated)),
            ttl_minutes: feed.ttl_minutes.max(1),
            items,
        }
    }
}

/// An entry, ready.
pub(super) struct Item<'a> {
    /// Its name in the addresses of our pages.
    pub(super) entry: EntryId,
    /// The same in all formats.
    pub(super) id: String,
    /// The article where it was published; our page when that has no address.
    pub(super) link: Address,
    /// Where readers are sent to read it.
    pub(super) target: Address,
    /// Our page.
    pub(super) page: Address,
    pub(super) title: Line,
    /// The source's own summary.
    pub(super) summary: Option<Line>,
    pub(super) content: Option<Body<'a>>,
    pub(super) authors: Vec<Author>,
    pub(super) topics: Vec<Topic>,
    pub(super) language: Option<&'a str>,
    pub(super) published: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) first_seen: DateTime<Utc>,
    /// The lead picture first.
    pub(super) files: Vec<File>,
    pub(super) rights: Option<Line>,
    pub(super) comments: Option<Address>,
    pub(super) source: Place,
    pub(super) source_id: &'a SourceId,
    /// Where the source itself has it from.
    pub(super) via: Option<Place>,
    /// Where else it was found.
    pub(super) others: Vec<Place>,
    html: &'a str,
}

/// Someone named as author.
pub(super) struct Author {
    pub(super) name: Line,
    pub(super) page: Option<Address>,
    pub(super) mail: Option<Line>,
}

/// A topic.
pub(super) struct Topic {
    pub(super) term: Line,
    /// As it is shown.
    pub(super) name: Line,
    pub(super) scheme: Option<Address>,
}

/// A place by name.
pub(super) struct Place {
    pub(super) name: Line,
    pub(super) url: Option<Address>,
}

impl<'a> Item<'a> {
    /// The addresses where else it was found, each once, with the names of those places.
    pub(super) fn also_at(&self) -> impl Iterator<Item = (&Address, Option<String>)> {
        let is_first =
            |at: usize, url: &Address| !self.others.iter().take(at).any(|have| have.url.as_ref() == Some(url));
        let places = self.others.iter().enumerate();
        places
            .filter_map(|(at, place)| Some((at, place, place.url.as_ref()?)))
            .filter(move |(at, _, url)| is_first(*at, url))
            .map(|(_, place, url)| (url, place.name.to_attribute()))
    }

    /// Makes an entry ready; `host` is the one that we publish on.
    pub(super) fn new(entry: &'a FeedEntry, host: Option<&str>) -> Self {
        let story = &entry.story;
        let facts = &story.lead.facts;
        let page = Address::own(&entry.page_url);
        let link = [&facts.url, &facts.canonical_url].into_iter().flatten().find_map(Address::new);
        let link = link.unwrap_or_else(|| page.clone());
        let target = entry.link.as_ref().and_then(Address::new).unwrap_or_else(|| link.clone());
        let source = Place {
            name: Line::first_of(&[&entry.source_title, facts.source.as_str()]),
            url: entry.source_url.as_ref().and_then(Address::new),
        };
        let others = entry.also_at.iter().map(|(name, url)| Place {
            name: Line::first_of(&[name, url.as_ref().and_then(Url::host_str).unwrap_or_default()]),
            url: url.as_ref().and_then(Address::new).filter(|url| *url != link),
        });
        let via = facts.origin.as_ref().and_then(|origin| {
            let url = origin.url.as_ref().and_then(Address::new).filter(|url| *url != link)?;
            let name = Line::first_of(&[origin.title.as_deref().unwrap_or_default(), url.as_str()]);
            Some(Place { name, url: Some(url) })
        });
        let content = (facts.content.as_str().len() <= ARTICLE).then(|| Body::new(&facts.content)).flatten();
        let html = facts.content.as_str();
        Self {
            entry: story.lead.id,
            id: id(&story.uri),
            title: Line::some(&facts.title).unwrap_or_else(|| headline(html, &source.name)),
            summary: facts.summary.as_deref().and_then(Line::some),
            content,
            authors: authors(&facts.authors),
            topics: topics(&facts.categories),
            language: facts.language.as_deref().and_then(language::known),
            published: plausible(story.published, story.first_seen),
            updated: plausible(story.updated, story.first_seen),
            first_seen: story.first_seen,
            files: files(&entry.enclosures, host),
            rights: facts.rights.as_deref().and_then(Line::some),
            comments: facts.comments.as_ref().and_then(Address::new),
            others: others.collect(),
            link,
            target,
            page,
            source,
            source_id: &facts.source,
            via,
            html,
        }
    }

    /// Puts a line under the article that says where it is from.
    fn attribute(&mut self, template: &Template, feed: &Feed) {
        let names: Vec<_> = self.authors.iter().map(|author| author.name.as_str()).collect();
        let filled = template.fill(|name| match name {
            "source" => Some(self.source.name.to_string()),
            "author" => Some(names.join(", ")).filter(|names| !names.is_empty()),
            "published" => Some(Words::of(&feed.language).time(self.published, feed.timezone)),
            "title" => Some(self.title.to_string()),
            "link" => Some(self.target.to_string()),
            "site" => Some(feed.publisher.clone()),
            _ => None,
        });
        let linked =
            |text: &str| format!("<a href=\"{}\">{}</a>", escape(self.target.as_str()), Line::new(text).to_html());
        let line: String = filled
            .iter()
            .map(|piece| match piece {
                Filling::Value("source" | "link", value) => linked(value),
                Filling::Value(_, value) => Line::new(value).to_html(),
                Filling::Words(words) => escape(words),
            })
            .collect();
        let body = self.content.take().unwrap_or_else(|| Body::of(&self.brief()));
        self.content = Some(body.followed_by(&line));
    }

    /// A summary for forms that want one: the source's, else the beginning of the text, else the title.
    pub(super) fn brief(&self) -> Line {
        let stated = self.summary.clone().or_else(|| Some(beginning(self.html)).filter(|line| !line.is_blank()));
        stated.unwrap_or_else(|| self.title.clone())
    }

    /// The picture it is shown with.
    pub(super) fn lead_picture(&self) -> Option<&File> {
        self.files.iter().find(|file| file.is_image())
    }

    /// Its language, when it is not the feed's.
    pub(super) fn other_language(&self, feed: &str) -> Option<&'a str> {
        self.language.filter(|own| !feed.eq_ignore_ascii_case(own))
    }

    /// Whether it changed after it was published.
    pub(super) fn is_revised(&self) -> bool {
        self.updated > self.published
    }
}

/// The address of a file of the site that the feed is on.
fn of_site(feed: &Feed, name: &str) -> Address {
    let mut url = feed.base_url.clone();
    let root = url.path().strip_suffix(feed.slug.as_str()).unwrap_or("/").to_owned();
    url.set_path(&format!("{root}{name}"));
    Address::own(&url)
}

/// The id as it was given, when it is a URI; else one derived from it.
pub(super) fn id(uri: &str) -> String {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default();
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !["javascript", "vbscript", "data"].contains(&scheme.as_str());
    let is_clean = uri.len() <= ID
        && Line::new(uri).as_str() == uri
        && !uri.contains(|c: char| c.is_whitespace() || "<>\"".contains(c));
    if is_scheme && is_clean {
        uri.to_owned()
    } else {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, uri.as_bytes()).urn().to_string()
    }
}

/// A time without fractions of a second, which not every format can hold.
fn whole_seconds(time: DateTime<Utc>) -> DateTime<Utc> {
    time.with_nanosecond(0).unwrap_or(time)
}

/// A time that readers believe: none before there were web pages, none beyond four digits.
fn plausible(time: DateTime<Utc>, otherwise: DateTime<Utc>) -> DateTime<Utc> {
    whole_seconds(if (1990..=9999).contains(&time.year()) { time } else { otherwise })
}

/// A name at a host with a dot, as validators accept it.
fn is_mail_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let fits = |part: &str, also: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
    };
    fits(name, "._+-'")
        && fits(host, ".-")
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        // The last label is what validators look at.
        && host.rsplit('.').next().is_some_and(|label| !label.starts_with('-'))
}

fn authors(people: &[Person]) -> Vec<Author> {
    let mut seen = HashSet::new();
    let named = people.iter().filter_map(|person| {
        Some(Author {
            name: Line::some(person.name.as_deref()?)?,
            page: person.url.as_deref().and_then(Address::parse),
            mail: person.email.as_deref().filter(|text| is_mail_address(text)).map(Line::new),
        })
    });
    named.filter(|author| seen.insert(author.name.clone())).collect()
}

fn topics(categories: &[Category]) -> Vec<Topic> {
    let mut seen = HashSet::new();
    let named = categories.iter().filter_map(|category| {
        let term = Line::some(&category.term)?;
        let name = category.label.as_deref().and_then(Line::some).unwrap_or_else(|| term.clone());
        Some(Topic { term, name, scheme: category.scheme.as_deref().and_then(Address::parse) })
    });
    named.filter(|topic| seen.insert(topic.name.clone())).collect()
}

/// The first words of an article that has no headline; the source's name when there are none.
fn headline(html: &str, source: &Line) -> Line {
    let text = beginning(html);
    let words: Vec<_> = text.as_str().split(' ').take(WORDS + 1).collect();
    match words.get(..WORDS) {
        Some(head) if words.len() > WORDS => Line::new(&format!("{}…", head.join(" "))),
        _ if text.is_blank() => source.clone(),
        _ => text,
    }
}

/// The beginning of a text, ending with a whole word.
fn beginning(html: &str) -> Line {
    Line::new(&crate::html::beginning(html, SUMMARY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_when_they_can() {
        for uri in ["tag:example.org,2026:a", "urn:uuid:0", "http://Example.org:80/x?a=1&b=2", "https://báo.example/ế"]
        {
            assert_eq!(id(uri), uri);
        }
        for bad in ["", "42", "javascript:alert(1)", "http://example.org/a b", "tag:a\u{b}b", "no scheme: x", "tag:<x>"]
        {
            let made = id(bad);
            assert!(made.starts_with("urn:uuid:") && made == id(bad), "{bad}: {made}");
        }
        assert_ne!(id("1"), id("2"));
    }

    #[test]
    fn mail_addresses_are_recognised() {
        assert!(is_mail_address("editor@example.org"));
        for bad in ["editor", "@example.org", "a@b", "a b@example.org", "a@example..org", "a@x.-org", "a@x.org\n"] {
            assert!(!is_mail_address(bad), "{bad}");
        }
    }

    #[test]
    fn headlines_are_made_of_the_first_words() {
        assert_eq!(
            headline(&"chữ ".repeat(50), &Line::new("Báo")).as_str(),
            "chữ ".repeat(12).trim_end().to_owned() + "…"
        );
        assert_eq!(headline("<p> </p>", &Line::new("Báo")).as_str(), "Báo");
    }
}
