//! Changed stories to fresh documents on the shelf: only the feeds they belong to are rendered, in
//! time that depends on a feed's limit and not on the store.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tracing::error;

use super::{Access, Metrics, Shelf, Shelved, pictures};
use crate::clock::Clock;
use crate::merge::{self, Press, Site, SourceName};
use crate::model::{Amount, Feed, Location, Order, Selection, Source, SourceId, SourceState, Story, StoryId};
use crate::publish::{self, Outline, OutputFormat, RenderError, Rendered, pages};
use crate::store::{ArrivalQuery, Span, Store, StoreError, StoryQuery};

/// Stories looked at for each one that a feed may hold: a strict filter ends there.
const LOOKED_AT_PER_PLACE: usize = 20;
/// Stories asked for at once.
const BATCH: usize = 200;
/// Articles in a source's own feed.
const SOURCE_LIMIT: usize = 60;

/// Why fresh documents could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A worker ended with a fault.
    #[error("rendering ended with a fault")]
    Worker,
}

/// What the way out needs of the configuration.
#[derive(Debug, Clone)]
pub struct Outlets {
    /// Who publishes.
    pub site: Site,
    /// The feeds.
    pub feeds: Vec<Selection>,
    /// The sources, for their own feeds and their names.
    pub sources: Vec<Source>,
    /// How long readers may keep a feed, in minutes.
    pub ttl_minutes: u32,
}

/// Which documents are to be made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// All.
    All,
    /// Those that hold stories of these sources, and those whose time has come.
    Sources(BTreeSet<SourceId>),
}

/// When feeds are to be made anew although nothing came in, by their names in URLs.
#[derive(Debug, Default)]
pub struct Timetable(Mutex<HashMap<String, DateTime<Utc>>>);

impl Timetable {
    fn set(&self, slug: &str, time: Option<DateTime<Utc>>) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match time {
            Some(time) => times.insert(slug.to_owned(), time),
            None => times.remove(slug),
        };
    }

    fn is_due(&self, slug: &str, now: DateTime<Utc>) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(slug).is_some_and(|time| *time <= now)
    }

    fn any_due(&self, now: DateTime<Utc>) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().any(|time| *time <= now)
    }
}

/// Makes fresh documents.
#[derive(Debug)]
pub struct Refresher {
    /// Where the stories are.
    pub store: Arc<dyn Store>,
    /// Where the documents go.
    pub shelf: Arc<Shelf>,
    /// What is to be published.
    pub outlets: Arc<ArcSwap<Outlets>>,
    /// Tells the time.
    pub clock: Clock,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// One refresh at a time: an older look at the store must not replace a newer one on the shelf.
    pub turn: tokio::sync::Mutex<()>,
    /// What is to be made anew later.
    pub timetable: Timetable,
}

/// A feed to be made, with who may read it.
struct Job<'a> {
    selection: Selection,
    /// For a source's own feed: the public feeds that draw on the source. What none of them shows stays
    /// unseen here too.
    rules: Option<Vec<&'a Selection>>,
}

impl Job<'_> {
    fn slug(&self) -> String {
        format!("{}/{}", if self.rules.is_some() { "sources" } else { "feeds" }, self.selection.id)
    }

    fn rules(&self) -> Vec<&Selection> {
        self.rules.clone().unwrap_or_else(|| vec![&self.selection])
    }

    fn feed(&self, stories: Vec<Story>, press: Press<'_>) -> Feed {
        match &self.rules {
            None => merge::feed(&self.selection, stories, press),
            Some(rules) => merge::source_feed(&self.selection, rules, stories, press),
        }
    }
}

impl Refresher {
    /// Renders what was touched and puts it on the shelf in one step; says how many documents. A
    /// feed that cannot be rendered keeps its old documents, and that is logged.
    pub async fn refresh(&self, touched: &Touched) -> Result<usize, RefreshError> {
        let _turn = self.turn.lock().await;
        let outlets = self.outlets.load_full();
        let health = self.store.health().await?;
        let names = names(&outlets.sources, &health);
        let mut fresh = Vec::new();
        for job in jobs(&outlets, &names) {
            let now = self.clock.now();
            let slug = job.slug();
            let is_touched = match touched {
                Touched::All => true,
                Touched::Sources(sources) => !sources.is_disjoint(&job.selection.sources.0),
            };
            if !is_touched && !self.timetable.is_due(&slug, now) {
                continue;
            }
            let (mut stories, next) = self.stories(&job, now).await?;
            pictures::place(&*self.store, &outlets, &mut stories).await?;
            let ttl_minutes = outlets.ttl_minutes;
            let feed = job.feed(stories, Press { site: &outlets.site, names: &names, ttl_minutes, now });
            self.timetable.set(&slug, [feed.next_change, next].into_iter().flatten().min());
            let access = Access::tokens(&job.selection.tokens);
            let work = move || documents(&feed, &access);
            let documents = tokio::task::spawn_blocking(work).await.map_err(|_| RefreshError::Worker)?;
            match documents {
                Ok(documents) => fresh.extend(documents),
                Err(problem) => error!(error = %problem, "a feed could not be rendered; its old form stays"),
            }
        }
        fresh.extend(overview(&outlets, &names, &health, self.clock.now()));
        let count = fresh.len();
        let keep = kept_paths(&outlets);
        self.shelf.replace(fresh, |path| keep.contains(path));
        self.metrics.rendered(count);
        Ok(count)
    }

    /// Whether something is to be made anew although nothing came in.
    pub fn is_due(&self) -> bool {
        self.timetable.any_due(self.clock.now())
    }

    /// The page of every entry that leads a story in a public feed.
    pub async fn entry_pages(&self) -> Result<Vec<(String, Shelved)>, RefreshError> {
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let mut seen = HashSet::new();
        let mut made = Vec::new();
        let now = self.clock.now();
        let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
        for selection in outlets.feeds.iter().filter(|feed| !feed.is_protected()) {
            let job = Job { selection: selection.clone(), rules: None };
            let (mut stories, _) = self.stories(&job, now).await?;
            pictures::place(&*self.store, &outlets, &mut stories).await?;
            for story in stories {
                if seen.insert(story.id) {
                    let amount = public_amount(&outlets, &story, now).unwrap_or_default();
                    let entry = merge::entry(story, amount, press);
                    let path = format!("/entries/{}", entry.story.lead.id);
                    made.push((path, shelve(pages::entry(&outlets.site, &entry), &Access::everyone(), 60, Vec::new())));
                }
            }
        }
        Ok(made)
    }

    /// The newest stories that a feed lets in, as many as its bounds have room for, and when the first
    /// that waits will be let in.
    async fn stories(
        &self,
        job: &Job<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Vec<Story>, Option<DateTime<Utc>>), StoreError> {
        let bounds = &job.selection.bounds;
        let rules = job.rules();
        let batch = BATCH.min(bounds.limit * 2).max(20);
        let (mut chosen, mut next) = (Vec::new(), None);
        let mut left = bounds.limit.saturating_mul(LOOKED_AT_PER_PLACE);
        let mut before = Before::default();
        while left > 0 {
            let stories = self.batch(&job.selection, &mut before, batch).await?;
            let is_last = stories.len() < batch;
            left = left.saturating_sub(stories.len());
            let oldest = stories.last().map(|story| story.published);
            chosen.extend(stories);
            let choice = merge::choose(bounds, &rules, &mut chosen, now);
            next = [next, choice.next_change].into_iter().flatten().min();
            let too_old = bounds.order == Order::Published
                && bounds.max_age.zip(oldest).is_some_and(|(age, oldest)| now - oldest > age);
            if is_last || too_old || choice.is_full {
                break;
            }
        }
        Ok((chosen, next))
    }

    /// The next stories of a feed's sources in its order.
    async fn batch(&self, selection: &Selection, before: &mut Before, limit: usize) -> Result<Vec<Story>, StoreError> {
        let sources = selection.sources.0.clone();
        match selection.bounds.order {
            Order::Published => {
                let query = StoryQuery { sources, before: before.published, limit, dedupe: selection.dedupe };
                let stories = self.store.stories(&query).await?;
                before.published = stories.last().map(|story| (story.published, story.id)).or(before.published);
                Ok(stories)
            }
            Order::FirstSeen => {
                let span = Span { newest_first: true, ..Span::before(before.arrived) };
                let arrived =
                    self.store.arrivals(&ArrivalQuery { sources, span, limit, dedupe: selection.dedupe }).await?;
                before.arrived = arrived.last().map_or(before.arrived, |arrived| arrived.number);
                Ok(arrived.into_iter().map(|arrived| arrived.story).collect())
            }
        }
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
fn jobs<'a>(outlets: &'a Outlets, names: &BTreeMap<SourceId, SourceName>) -> Vec<Job<'a>> {
    let feeds = outlets.feeds.iter().map(|selection| Job { selection: selection.clone(), rules: None });
    let own = outlets.sources.iter().filter_map(|source| {
        let draws_on = |feed: &&Selection| !feed.is_protected() && feed.sources.0.contains(&source.id);
        let rules: Vec<_> = outlets.feeds.iter().filter(draws_on).collect();
        if rules.is_empty() {
            return None;
        }
        let selection = merge::own_selection(source, names.get(&source.id), &rules, SOURCE_LIMIT)?;
        Some(Job { selection, rules: Some(rules) })
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

/// All forms of one feed.
fn documents(feed: &Feed, access: &Access) -> Result<Vec<(String, Shelved)>, RenderError> {
    [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json, OutputFormat::Html]
        .into_iter()
        .map(|format| {
            let rendered = publish::render(feed, format)?;
            let path = format!("/{}{}", feed.slug, ending(format));
            let links = vec![format!("<{}>; rel=\"self\"", address(feed, format))];
            Ok((path, shelve(rendered, access, feed.ttl_minutes * 60, links)))
        })
        .collect()
}

fn ending(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Rss => ".rss",
        OutputFormat::Atom => ".atom",
        OutputFormat::Json => ".json",
        OutputFormat::Html => "",
    }
}

fn address(feed: &Feed, format: OutputFormat) -> String {
    match format {
        OutputFormat::Html => feed.page_url.to_string(),
        _ => format!("{}{}", feed.base_url, ending(format)),
    }
}

/// The pages and lists that name all public feeds and sources.
fn overview(
    outlets: &Outlets,
    names: &BTreeMap<SourceId, SourceName>,
    health: &[(SourceId, SourceState, u64)],
    now: DateTime<Utc>,
) -> Vec<(String, Shelved)> {
    let public = public_sources(outlets);
    let site = &outlets.site;
    let feeds: Vec<pages::FeedLine> = outlets
        .feeds
        .iter()
        .filter(|feed| !feed.is_protected())
        .map(|feed| pages::FeedLine {
            slug: format!("feeds/{}", feed.id),
            title: feed.title.clone(),
            description: feed.description.clone(),
            sources: feed.sources.0.len(),
        })
        .collect();
    let sources: Vec<pages::SourceLine> = health
        .iter()
        .filter(|(id, ..)| public.contains(id))
        .filter_map(|(id, _, entries)| {
            let name = names.get(id)?;
            Some(pages::SourceLine {
                id: id.clone(),
                title: name.title.clone(),
                url: name.url.clone(),
                entries: *entries,
            })
        })
        .collect();
    let outlines: Vec<Outline> = outlets
        .sources
        .iter()
        .filter(|source| public.contains(&source.id))
        .filter_map(|source| outline(source, names, health))
        .collect();
    let page =
        |path: &str, rendered: Rendered| (path.to_owned(), shelve(rendered, &Access::everyone(), 300, Vec::new()));
    vec![
        page("/", pages::index(site, &feeds, &sources)),
        page("/opml", publish::opml(&site.title, &outlines, now)),
        page("/style.css", pages::stylesheet()),
    ]
}

/// A source as a line of the OPML list; None for what no reader could subscribe to.
fn outline(
    source: &Source,
    names: &BTreeMap<SourceId, SourceName>,
    health: &[(SourceId, SourceState, u64)],
) -> Option<Outline> {
    let state = health.iter().find(|(id, ..)| *id == source.id).map(|(_, state, _)| state);
    let Location::Web(url) = &source.location else { return None };
    Some(Outline {
        title: names.get(&source.id)?.title.clone(),
        url: state.and_then(|state| state.found_at.clone()).unwrap_or_else(|| url.clone()),
        home_page: state.and_then(|state| state.home_page.clone()),
        folder: source.tags.first().cloned(),
    })
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
            (
                source.id.clone(),
                SourceName {
                    title: title.unwrap_or_else(|| source.id.to_string()),
                    url,
                    agreement: source.agreement.clone(),
                },
            )
        })
        .collect()
}

/// Every path that the configuration names; others leave the shelf.
fn kept_paths(outlets: &Outlets) -> HashSet<String> {
    let feeds = outlets.feeds.iter().map(|feed| format!("/feeds/{}", feed.id));
    let sources = public_sources(outlets).into_iter().map(|id| format!("/sources/{id}"));
    feeds
        .chain(sources)
        .flat_map(|base| ["", ".rss", ".atom", ".json"].map(|ending| format!("{base}{ending}")))
        .collect()
}

fn shelve(rendered: Rendered, access: &Access, max_age: u32, links: Vec<String>) -> Shelved {
    let compressed = publish::compress(&rendered);
    Shelved { rendered, compressed, access: access.clone(), max_age, links }
}
