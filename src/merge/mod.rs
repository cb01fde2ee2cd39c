//! Stories and a [`Selection`] to the [`Feed`] that is published. Pure.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::html;
use crate::model::{Feed, FeedEntry, FeedId, Selection, Source, SourceId, SourceSet, Story, TextFilter};

/// Who publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The site's name.
    pub title: String,
    /// The address all published addresses are built on; ends with `/`.
    pub base_url: Url,
    /// The WebSub hub that takes subscriptions to our feeds.
    pub hub: Option<Url>,
    /// Outside hubs that are told of changes.
    pub hubs: Vec<Url>,
    /// Mail address for readers.
    pub contact: Option<String>,
    /// Language (BCP 47) of feeds that do not state theirs.
    pub language: String,
    /// The zone that pages tell times in.
    pub timezone: Tz,
}

/// How sources are named in what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceName {
    /// What people call it.
    pub title: String,
    /// Its address (its feed or page); None for folders.
    pub url: Option<Url>,
}

/// A story dated further ahead waits for its time; validators allow clocks to differ by as much.
const AHEAD: TimeDelta = TimeDelta::minutes(10);
/// A feed holds at most about so many bytes in its largest form. Validators read no more than 5 MB.
const SIZE: usize = 4_500_000;
/// What an entry takes beside its text.
const AROUND: usize = 3_000;

impl Site {
    /// The hubs that tell of a feed's changes, our own first. Outside hubs could not fetch a protected
    /// feed, and need not know of it.
    pub fn hubs_of(&self, selection: &Selection) -> Vec<Url> {
        let mut hubs: Vec<Url> = self.hub.iter().cloned().collect();
        for hub in self.outside_hubs_of(selection) {
            if !hubs.contains(&hub) {
                hubs.push(hub);
            }
        }
        hubs
    }

    /// The outside hubs that are told of a feed's changes.
    pub fn outside_hubs_of(&self, selection: &Selection) -> Vec<Url> {
        if selection.is_protected() {
            return Vec::new();
        }
        self.hubs.iter().chain(&selection.hubs).cloned().collect()
    }
}

/// Whether a story belongs into a feed by its filters; its sources were asked for by the query.
pub fn admits(selection: &Selection, story: &Story) -> bool {
    let facts = &story.lead.facts;
    let matches = |filter: &TextFilter| match filter {
        TextFilter::Title(regex) => regex.is_match(&facts.title),
        TextFilter::Content(regex) => regex.is_match(&html::lines(facts.content.as_str())),
        TextFilter::Author(regex) => {
            facts.authors.iter().filter_map(|person| person.name.as_deref()).any(|name| regex.is_match(name))
        }
        TextFilter::Category(regex) => facts.categories.iter().any(|category| {
            regex.is_match(&category.term) || category.label.as_deref().is_some_and(|label| regex.is_match(label))
        }),
        TextFilter::Url(regex) => facts.url.as_ref().is_some_and(|url| regex.is_match(url.as_str())),
    };
    selection.include.iter().all(matches) && !selection.exclude.iter().any(matches)
}

/// Builds a feed of stories that were admitted.
pub fn feed(
    selection: &Selection,
    stories: Vec<Story>,
    names: &BTreeMap<SourceId, SourceName>,
    site: &Site,
    ttl_minutes: u32,
    now: DateTime<Utc>,
) -> Feed {
    build(format!("feeds/{}", selection.id), selection, stories, names, site, ttl_minutes, now)
}

/// Builds a source's own feed.
pub fn source_feed(
    selection: &Selection,
    stories: Vec<Story>,
    names: &BTreeMap<SourceId, SourceName>,
    site: &Site,
    ttl_minutes: u32,
    now: DateTime<Utc>,
) -> Feed {
    build(format!("sources/{}", selection.id), selection, stories, names, site, ttl_minutes, now)
}

/// What a source's own feed selects: its articles, whoever else has them.
pub fn own_selection(source: &Source, name: Option<&SourceName>, limit: usize) -> Option<Selection> {
    Some(Selection {
        // Both kinds of ids obey the same rules.
        id: FeedId::parse(source.id.as_str()).ok()?,
        title: name.map_or_else(|| source.id.to_string(), |name| name.title.clone()),
        description: None,
        language: source.language.clone(),
        sources: SourceSet([source.id.clone()].into()),
        limit,
        include: Vec::new(),
        exclude: Vec::new(),
        tokens: Vec::new(),
        hubs: Vec::new(),
    })
}

fn build(
    slug: String,
    selection: &Selection,
    mut stories: Vec<Story>,
    names: &BTreeMap<SourceId, SourceName>,
    site: &Site,
    ttl_minutes: u32,
    now: DateTime<Utc>,
) -> Feed {
    // Newest first; the id as a tie-break keeps the order the same each time.
    stories.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| b.id.cmp(&a.id)));
    let mut uris = HashSet::new();
    stories.retain(|story| story.published - now <= AHEAD && uris.insert(story.uri.clone()));
    stories.truncate(selection.limit);
    stories.truncate(fitting(&stories));
    let entries: Vec<FeedEntry> = stories.into_iter().map(|story| entry(story, names, site)).collect();
    let address = join(&site.base_url, &slug);
    Feed {
        uri: tag_uri(&site.base_url, &slug),
        title: selection.title.clone(),
        description: selection.description.clone().unwrap_or_else(|| format!("{} – {}", selection.title, site.title)),
        language: selection.language.clone().unwrap_or_else(|| site.language.clone()),
        timezone: site.timezone,
        page_url: address.clone(),
        base_url: address,
        hubs: site.hubs_of(selection),
        contact: site.contact.clone(),
        publisher: site.title.clone(),
        updated: entries.iter().map(|entry| entry.story.updated).max().unwrap_or(DateTime::UNIX_EPOCH),
        ttl_minutes,
        entries,
        slug,
    }
}

/// How many of the stories fit into a feed by their size; one always does.
fn fitting(stories: &[Story]) -> usize {
    let mut left = SIZE;
    let fit = stories.iter().take_while(|story| {
        let facts = &story.lead.facts;
        let summary = facts.summary.as_deref().unwrap_or_default();
        let size = AROUND + escaped_length(facts.content.as_str()) + 2 * escaped_length(summary);
        let rest = left.checked_sub(size);
        left = rest.unwrap_or(0);
        rest.is_some()
    });
    fit.count().max(1)
}

/// The length of a text with its marks written as references, as Atom does.
fn escaped_length(text: &str) -> usize {
    let marks = text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count();
    text.len() + 5 * marks
}

/// One story with what a reader needs to know around it.
pub fn entry(story: Story, names: &BTreeMap<SourceId, SourceName>, site: &Site) -> FeedEntry {
    let title_of = |id: &SourceId| names.get(id).map_or_else(|| id.to_string(), |name| name.title.clone());
    let lead = &story.lead.facts.source;
    let mut also_at: Vec<(String, Option<Url>)> = Vec::new();
    for member in story.members.iter().filter(|member| member.entry != story.lead.id) {
        let place = (title_of(&member.source), member.url.clone());
        let is_lead = member.source == *lead && (place.1.is_none() || place.1 == story.lead.facts.url);
        if !is_lead && !also_at.contains(&place) {
            also_at.push(place);
        }
    }
    FeedEntry {
        page_url: join(&site.base_url, &format!("entries/{}", story.lead.id)),
        source_title: title_of(lead),
        // A folder has no address of its own; the page of its articles here stands for it.
        source_url: names
            .get(lead)
            .and_then(|name| name.url.clone())
            .or_else(|| Some(join(&site.base_url, &format!("sources/{lead}")))),
        also_at,
        enclosures: story.lead.facts.enclosures.clone(),
        story,
    }
}

/// An address below the base, which ends with a slash; ids need no escaping.
fn join(base: &Url, path: &str) -> Url {
    base.join(path).unwrap_or_else(|_| base.clone())
}

/// A `tag:` URI (RFC 4151) of something published here. The date is part of the name and never moves.
/// The path keeps several services on one host apart.
fn tag_uri(base: &Url, slug: &str) -> String {
    let host = base.host_str().unwrap_or("localhost");
    // An IPv6 address stands in brackets, with colons; a tag may hold neither.
    let authority: String =
        host.chars().map(|c| if c == ':' { '-' } else { c }).filter(|c| !"[]".contains(*c)).collect();
    format!("tag:{authority},2026:newsriver{}{slug}", base.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_host_and_feed() {
        let base = Url::parse("https://feeds.example.org/news/").unwrap();
        assert_eq!(tag_uri(&base, "feeds/all"), "tag:feeds.example.org,2026:newsriver/news/feeds/all");
        let local = Url::parse("http://[::1]:8080/").unwrap();
        assert_eq!(tag_uri(&local, "feeds/all"), "tag:--1,2026:newsriver/feeds/all");
        assert_eq!(join(&base, "feeds/all").as_str(), "https://feeds.example.org/news/feeds/all");
    }
}
