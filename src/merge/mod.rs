//! Stories and a [`Selection`] to the [`Feed`] that is published. Pure.

mod choose;
mod papers;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::html::{self, SafeHtml};
use crate::model::{
    Agreement, Amount, Bounds, Feed, FeedEntry, FeedId, Filling, Part, Selection, Source, SourceId, SourceSet, Story,
    Template, Wording,
};

pub use choose::{Choice, admits, choose, released, shows};
use choose::{size, sort};
pub use papers::Papers;

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

/// How sources are named in what is published, and what may be published of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceName {
    /// What people call it.
    pub title: String,
    /// Its address (its feed or page); None for folders.
    pub url: Option<Url>,
    /// What was agreed with it; None sets no bounds.
    pub agreement: Option<Agreement>,
}

/// What all feeds of a service have in common.
#[derive(Debug, Clone, Copy)]
pub struct Press<'a> {
    /// Who publishes.
    pub site: &'a Site,
    /// How the sources are named.
    pub names: &'a BTreeMap<SourceId, SourceName>,
    /// How long readers may keep a feed, in minutes.
    pub ttl_minutes: u32,
    /// The present.
    pub now: DateTime<Utc>,
}

/// A summary made of an article's beginning has about this many characters.
const SUMMARY: usize = 400;

/// Builds a feed of stories, as far as its rules let them in.
pub fn feed(selection: &Selection, mut stories: Vec<Story>, press: Press<'_>) -> Feed {
    let next = choose(&selection.bounds, &[selection], &mut stories, press.now).next_change;
    build(format!("feeds/{}", selection.id), selection, stories, next, press)
}

/// Builds a source's own feed, of what `rules` let in: the public feeds that draw on it.
pub fn source_feed(selection: &Selection, rules: &[&Selection], mut stories: Vec<Story>, press: Press<'_>) -> Feed {
    let next = choose(&selection.bounds, rules, &mut stories, press.now).next_change;
    build(format!("sources/{}", selection.id), selection, stories, next, press)
}

/// Builds a part of a feed, of stories that were chosen for it.
pub fn part(slug: String, selection: &Selection, mut stories: Vec<Story>, part: Part, press: Press<'_>) -> Feed {
    sort(&mut stories, selection.bounds.order);
    let mut feed = build(slug, selection, stories, None, press);
    if matches!(part, Part::Archive { .. }) {
        shorten(&mut feed);
    }
    Feed { part, ..feed }
}

/// Brings an archive below the size that readers take. All entries stay; the longest are told by their
/// summaries.
fn shorten(feed: &mut Feed) {
    let mut sizes: Vec<_> = feed.entries.iter().map(|entry| size(&entry.story)).enumerate().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut left = sizes.iter().map(|(_, size)| size).sum::<usize>();
    for (place, whole) in sizes {
        if left <= Bounds::BYTES {
            return;
        }
        if let Some(entry) = feed.entries.get_mut(place) {
            tell(&mut entry.story, Amount::Summary, true);
            left = left.saturating_sub(whole) + size(&entry.story);
        }
    }
}

/// What a source's own feed selects: its articles, whoever else has them, told as the most telling of
/// the public feeds does that draw on it.
pub fn own_selection(
    source: &Source,
    name: Option<&SourceName>,
    rules: &[&Selection],
    limit: usize,
) -> Option<Selection> {
    // Both kinds of ids obey the same rules.
    let id = FeedId::parse(source.id.as_str()).ok()?;
    let title = name.map_or_else(|| source.id.to_string(), |name| name.title.clone());
    let mut own = Selection::new(id, title, SourceSet([source.id.clone()].into()));
    own.language.clone_from(&source.language);
    own.bounds = Bounds { limit, ..Bounds::default() };
    own.wording = Wording {
        amount: rules.iter().map(|rule| rule.wording.amount).max().unwrap_or_default(),
        attribution: rules.iter().find_map(|rule| rule.wording.attribution.clone()),
        link_query: None,
    };
    Some(own)
}

fn build(
    slug: String,
    selection: &Selection,
    stories: Vec<Story>,
    mut next_change: Option<DateTime<Utc>>,
    press: Press<'_>,
) -> Feed {
    let Press { site, names, ttl_minutes, now } = press;
    for story in &stories {
        let agreement = names.get(&story.lead.facts.source).and_then(|name| name.agreement.as_ref());
        let end = agreement.and_then(|agreement| agreement.until).filter(|end| *end > now);
        next_change = next_change.into_iter().chain(end).min();
    }
    let entries: Vec<FeedEntry> = stories
        .into_iter()
        .map(|story| {
            let mut entry = entry(story, selection.wording.amount, press);
            entry.link =
                selection.wording.link_query.as_ref().and_then(|query| link(&entry.story, query, selection, site));
            entry
        })
        .collect();
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
        part: Part::default(),
        entries,
        attribution: selection.wording.attribution.clone(),
        profile: selection.profile,
        logo: selection.logo.clone(),
        noindex: selection.noindex,
        gone: Vec::new(),
        next_change,
        slug,
    }
}

/// The article's address with what a partner wants to see in its query.
fn link(story: &Story, query: &Template, selection: &Selection, site: &Site) -> Option<Url> {
    let mut url = story.lead.facts.url.clone()?;
    let values = query.fill(|name| match name {
        "feed" => Some(selection.id.to_string()),
        "source" => Some(story.lead.facts.source.to_string()),
        "site" => Some(site.title.clone()),
        _ => None,
    });
    let added: String = values
        .into_iter()
        .map(|piece| match piece {
            Filling::Words(words) => words.to_owned(),
            Filling::Value(_, value) => url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        })
        .collect();
    let whole =
        url.query().filter(|have| !have.is_empty()).map_or_else(|| added.clone(), |have| format!("{have}&{added}"));
    url.set_query(Some(&whole));
    Some(url)
}

/// One story with what a reader needs to know around it, told as far as `amount` and the agreement with
/// its source go.
pub fn entry(mut story: Story, amount: Amount, press: Press<'_>) -> FeedEntry {
    let Press { site, names, now, .. } = press;
    let title_of = |id: &SourceId| names.get(id).map_or_else(|| id.to_string(), |name| name.title.clone());
    let lead = story.lead.facts.source.clone();
    let name = names.get(&lead);
    let agreement = name.and_then(|name| name.agreement.as_ref());
    let (covered, pictures) = agreement.map_or((Amount::Full, true), |agreement| agreement.covers(now));
    tell(&mut story, amount.min(covered), pictures);
    let mut also_at: Vec<(String, Option<Url>)> = Vec::new();
    for member in story.members.iter().filter(|member| member.entry != story.lead.id) {
        let place = (title_of(&member.source), member.url.clone());
        let is_lead = member.source == lead && (place.1.is_none() || place.1 == story.lead.facts.url);
        if !is_lead && !also_at.contains(&place) {
            also_at.push(place);
        }
    }
    FeedEntry {
        page_url: join(&site.base_url, &format!("entries/{}", story.lead.id)),
        link: None,
        source_title: title_of(&lead),
        // A folder has no address of its own; the page of its articles here stands for it.
        source_url: name
            .and_then(|name| name.url.clone())
            .or_else(|| Some(join(&site.base_url, &format!("sources/{lead}")))),
        also_at,
        enclosures: story.lead.facts.enclosures.clone(),
        story,
    }
}

/// Leaves so much of a story.
fn tell(story: &mut Story, amount: Amount, pictures: bool) {
    let facts = &mut story.lead.facts;
    if amount < Amount::Full {
        let beginning = || Some(html::beginning(facts.content.as_str(), SUMMARY)).filter(|text| !text.is_empty());
        facts.summary = facts.summary.take().or_else(beginning).filter(|_| amount == Amount::Summary);
        facts.content = SafeHtml::default();
    }
    if !pictures {
        facts.enclosures.clear();
        if !facts.content.is_empty() {
            facts.content = html::without_pictures(&facts.content);
        }
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
    // An IPv6 address stands in brackets, with colons; a tag may hold neither, and no underscore.
    let authority: String =
        host.chars().map(|c| if ":_".contains(c) { '-' } else { c }).filter(|c| !"[]".contains(*c)).collect();
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
        let inner = Url::parse("http://news_river:8080/").unwrap();
        assert_eq!(tag_uri(&inner, "feeds/all"), "tag:news-river,2026:newsriver/feeds/all");
        assert_eq!(join(&base, "feeds/all").as_str(), "https://feeds.example.org/news/feeds/all");
    }
}
