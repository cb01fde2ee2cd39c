//! The feeds that are made: the configured ones and each public source's own, and which stories they hold.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Outlets, pictures};
use crate::merge::{self, Press, SourceName};
use crate::model::{
    Amount, Feed, Gone, Location, Order, Part, Profile, Selection, Source, SourceId, SourceState, Story, StoryId,
};
use crate::store::{ArrivalQuery, Span, Store, StoreError, StoryQuery};

/// Stories looked at for each one that a feed may hold: a strict filter ends there.
const LOOKED_AT_PER_PLACE: usize = 20;
/// Stories asked for at once.
const BATCH: usize = 200;
/// Articles in a source's own feed.
const SOURCE_LIMIT: usize = 60;
/// Pages of a feed, the newest entries included. What is older is in its archives.
pub(super) const PAGES: usize = 10;

/// Partners are told of a withdrawal for so long.
const TOLD_FOR: TimeDelta = TimeDelta::days(7);
/// Withdrawals that they are told of at most.
const WITHDRAWN: usize = 100;

/// A feed to be made, with who may read it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) selection: Selection,
    /// Its name in URLs.
    pub(super) slug: String,
    /// Of these, one must let a story in. For a source's own feed they are the public feeds that draw on
    /// the source: what none of them shows stays unseen here too.
    pub(super) rules: Vec<Selection>,
}

/// Stories for a feed's newest entries.
pub(super) struct Chosen {
    pub(super) stories: Vec<Story>,
    /// When others are to be chosen although nothing came in.
    pub(super) next_change: Option<DateTime<Utc>>,
    /// Whether older ones found no room.
    pub(super) more: bool,
}

impl Job {
    fn rules(&self) -> Vec<&Selection> {
        self.rules.iter().collect()
    }

    /// Whether it has pages and archives. Partners' dialects have none: they take what is new.
    pub(super) fn has_history(&self) -> bool {
        self.selection.profile == Profile::Standard
    }

    /// Whether a story is let in, now or later.
    pub(super) fn admits(&self, story: &Story, now: DateTime<Utc>) -> bool {
        self.rules.iter().any(|rule| merge::admits(rule, story, now))
    }

    /// Whether a story is let in now.
    pub(super) fn shows(&self, story: &Story, now: DateTime<Utc>) -> bool {
        self.rules.iter().any(|rule| merge::shows(rule, story, now))
    }

    /// Whether every story is let in as soon as it comes.
    pub(super) fn is_open(&self) -> bool {
        self.rules.iter().any(|rule| {
            let bounds = &rule.bounds;
            rule.include.is_empty() && rule.exclude.is_empty() && bounds.delay.is_zero() && bounds.hold_back.is_zero()
        })
    }

    /// A part of the feed, of stories that were chosen for it.
    pub(super) async fn part(
        &self,
        store: &dyn Store,
        outlets: &Outlets,
        mut stories: Vec<Story>,
        part: Part,
        press: Press<'_>,
    ) -> Result<Feed, StoreError> {
        pictures::place(store, outlets, &mut stories).await?;
        Ok(merge::part(self.slug.clone(), &self.selection, stories, part, press))
    }

    /// The newest stories that are let in, as many as the bounds have room for.
    pub(super) async fn choose(&self, store: &dyn Store, now: DateTime<Utc>) -> Result<Chosen, StoreError> {
        let bounds = &self.selection.bounds;
        let rules = self.rules();
        // Most feeds take every story, so that a few to spare are enough.
        let mut batch = BATCH.min(bounds.limit + bounds.limit / 8).max(20);
        let mut chosen = Chosen { stories: Vec::new(), next_change: None, more: false };
        let mut left = bounds.limit.saturating_mul(LOOKED_AT_PER_PLACE);
        let mut before = Before::default();
        while left > 0 {
            let stories = self.batch(store, &mut before, batch).await?;
            let is_last = stories.len() < batch;
            left = left.saturating_sub(stories.len());
            let oldest = stories.last().map(|story| story.published);
            chosen.stories.extend(stories);
            let choice = merge::choose(bounds, &rules, &mut chosen.stories, now);
            chosen.next_change = [chosen.next_change, choice.next_change].into_iter().flatten().min();
            chosen.more = choice.is_full;
            let too_old = bounds.order == Order::Published
                && bounds.max_age.zip(oldest).is_some_and(|(age, oldest)| now - oldest > age);
            if is_last || too_old || choice.is_full {
                break;
            }
            batch = BATCH;
        }
        Ok(chosen)
    }

    /// The stories of a later page, and whether there are more. They are what the page of the newest
    /// entries has no room for, in the same order.
    pub(super) async fn page(
        &self,
        store: &dyn Store,
        number: usize,
        now: DateTime<Utc>,
    ) -> Result<(Vec<Story>, bool), StoreError> {
        let newest = self.choose(store, now).await?;
        let mut known: HashSet<StoryId> = newest.stories.iter().map(|story| story.id).collect();
        let limit = self.selection.bounds.limit;
        let (mut skip, mut found) = (limit * number.saturating_sub(2), Vec::new());
        let mut left = limit.saturating_mul(number).saturating_mul(LOOKED_AT_PER_PLACE);
        let mut before = Before::default();
        while found.len() <= limit && left > 0 {
            let stories = self.batch(store, &mut before, BATCH).await?;
            let is_last = stories.len() < BATCH;
            left = left.saturating_sub(stories.len());
            for story in stories {
                let is_new = known.insert(story.id) && self.shows(&story, now);
                if is_new && skip > 0 {
                    skip -= 1;
                } else if is_new {
                    found.push(story);
                }
            }
            if is_last {
                break;
            }
        }
        let more = found.len() > limit && number < PAGES;
        found.truncate(limit);
        Ok((found, more))
    }

    /// The next stories of the feed's sources in its order.
    async fn batch(&self, store: &dyn Store, before: &mut Before, limit: usize) -> Result<Vec<Story>, StoreError> {
        match self.selection.bounds.order {
            Order::Published => {
                let sources = self.selection.sources.0.clone();
                let query = StoryQuery { sources, before: before.published, limit, dedupe: self.selection.dedupe };
                let stories = store.stories(&query).await?;
                before.published = stories.last().map(|story| (story.published, story.id)).or(before.published);
                Ok(stories)
            }
            Order::FirstSeen => {
                let span = Span { newest_first: true, ..Span::before(before.arrived) };
                let query = ArrivalQuery { with_changes: false, ..self.arrivals(span, limit) };
                let arrived = store.arrivals(&query).await?;
                before.arrived = arrived.last().map_or(before.arrived, |arrived| arrived.number);
                Ok(arrived.into_iter().map(|arrived| arrived.story).collect())
            }
        }
    }

    /// What was withdrawn lately of what the feed let in, for partners who are told.
    pub(super) async fn gone(&self, store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<Gone>, StoreError> {
        if !self.selection.profile.tells_withdrawals() {
            return Ok(Vec::new());
        }
        let withdrawn = store.withdrawn(&self.selection.sources.0, now - TOLD_FOR, WITHDRAWN).await?;
        let mut known = HashSet::new();
        let gone = withdrawn.into_iter().filter(|(story, at)| self.shows(story, *at) && known.insert(story.id));
        Ok(gone
            .map(|(story, at)| Gone {
                uri: story.uri,
                title: story.lead.facts.title,
                url: story.lead.facts.url,
                published: story.published,
                at,
            })
            .collect())
    }

    /// Asks for the feed's stories by arrival, changes included.
    pub(super) fn arrivals(&self, span: Span, limit: usize) -> ArrivalQuery {
        let sources = self.selection.sources.0.clone();
        ArrivalQuery { sources, span, limit, dedupe: self.selection.dedupe, with_changes: true }
    }
}

/// How far the stories of a feed were looked at.
struct Before {
    published: Option<(DateTime<Utc>, StoryId)>,
    arrived: i64,
}

impl Default for Before {
    fn default() -> Self {
        Self { published: None, arrived: i64::MAX }
    }
}

/// The configured feeds and each public source's own.
pub(super) fn jobs(outlets: &Outlets, names: &BTreeMap<SourceId, SourceName>) -> Vec<Job> {
    let feeds = outlets.feeds.iter().map(|selection| Job {
        slug: format!("feeds/{}", selection.id),
        rules: vec![selection.clone()],
        selection: selection.clone(),
    });
    let own = outlets.sources.iter().filter_map(|source| {
        let draws_on = |feed: &&Selection| !feed.is_protected() && feed.sources.0.contains(&source.id);
        let rules: Vec<_> = outlets.feeds.iter().filter(draws_on).collect();
        if rules.is_empty() {
            return None;
        }
        let selection = merge::own_selection(source, names.get(&source.id), &rules, SOURCE_LIMIT)?;
        let rules = rules.into_iter().cloned().collect();
        Some(Job { slug: format!("sources/{}", source.id), selection, rules })
    });
    feeds.chain(own).collect()
}

/// How much of a story the public feeds tell; None when none of them shows it.
pub(super) fn public_amount(outlets: &Outlets, story: &Story, now: DateTime<Utc>) -> Option<Amount> {
    let shows = |feed: &&Selection| {
        !feed.is_protected()
            && story.members.iter().any(|member| feed.sources.0.contains(&member.source))
            && merge::shows(feed, story, now)
    };
    outlets.feeds.iter().filter(shows).map(|feed| feed.wording.amount).max()
}

/// Sources that some feed shows to everyone. What only protected feeds show has no page of its own.
pub(super) fn public_sources(outlets: &Outlets) -> BTreeSet<SourceId> {
    outlets.feeds.iter().filter(|feed| !feed.is_protected()).flat_map(|feed| feed.sources.0.iter().cloned()).collect()
}

/// How each source is named: by feeds.toml, else by itself, else by its id.
pub(super) fn names(sources: &[Source], health: &[(SourceId, SourceState, u64)]) -> BTreeMap<SourceId, SourceName> {
    let states: BTreeMap<_, _> = health.iter().map(|(id, state, _)| (id, state)).collect();
    sources
        .iter()
        .map(|source| {
            let state = states.get(&source.id);
            let title = source.title.clone().or_else(|| state.and_then(|state| state.title.clone()));
            let url = match &source.location {
                Location::Web(url) => {
                    Some(state.and_then(|state| state.found_at.clone()).unwrap_or_else(|| url.clone()))
                }
                Location::Folder(_) => None,
            };
            let name = SourceName {
                title: title.unwrap_or_else(|| source.id.to_string()),
                url,
                agreement: source.agreement.clone(),
            };
            (source.id.clone(), name)
        })
        .collect()
}
