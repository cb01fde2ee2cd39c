//! Changed stories to fresh documents on the shelf: only the feeds they belong to are rendered, in
//! time that depends on a feed's limit and not on the store.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tracing::error;

use super::archives::Archivist;
use super::heads::Heads;
use super::jobs::{Job, jobs, names, public_amount, public_sources};
use super::{Access, Metrics, Shelf, Shelved, pictures};
use crate::clock::Clock;
use crate::merge::{self, Press, Site, SourceName};
use crate::model::{Feed, FeedEntry, Location, Part, Selection, Source, SourceId, SourceState, StoryId};
use crate::publish::{self, Outline, OutputFormat, RenderError, Rendered, pages};
use crate::store::{Span, Store, StoreError};

/// Why fresh documents could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A document could not be written.
    #[error(transparent)]
    Render(#[from] RenderError),
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
    /// Who may see the pages for admins.
    pub admin: Access,
}

/// Which documents are to be made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// All.
    All,
    /// Those that hold stories of these sources, and those whose time has come.
    Sources(BTreeSet<SourceId>),
    /// The feed of this name in URLs.
    Feed(String),
}

/// When feeds are to be made anew although nothing came in, by their names in URLs.
#[derive(Debug, Default)]
struct Timetable(Mutex<HashMap<String, DateTime<Utc>>>);

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
    turn: tokio::sync::Mutex<()>,
    /// What is to be made anew later.
    timetable: Timetable,
    /// What is to be archived.
    archivist: Archivist,
}

impl Refresher {
    /// A refresher that has made nothing yet.
    pub fn new(
        store: Arc<dyn Store>,
        shelf: Arc<Shelf>,
        outlets: Arc<ArcSwap<Outlets>>,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (turn, timetable, archivist) = Default::default();
        Self { store, shelf, outlets, clock, metrics, turn, timetable, archivist }
    }

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
            let is_touched = match touched {
                Touched::All => true,
                Touched::Sources(sources) => !sources.is_disjoint(&job.selection.sources.0),
                Touched::Feed(slug) => *slug == job.slug,
            };
            if !is_touched && !self.timetable.is_due(&job.slug, now) {
                continue;
            }
            let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
            let feed = self.newest(&job, &outlets, press).await?;
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

    /// A feed's newest entries, with those that changed after they had left.
    async fn newest(&self, job: &Job, outlets: &Outlets, press: Press<'_>) -> Result<Feed, StoreError> {
        let mut chosen = job.choose(&*self.store, press.now).await?;
        let mut shown: HashSet<StoryId> = chosen.stories.iter().map(|story| story.id).collect();
        for number in self.archivist.again(&job.slug) {
            let span = Span { after: number - 1, ..Span::before(number + 1) };
            for found in self.store.arrivals(&job.arrivals(span, 1)).await? {
                let max_age = job.selection.bounds.max_age;
                let in_time = max_age.is_none_or(|age| press.now - found.story.published < age);
                if in_time && job.shows(&found.story, press.now) && shown.insert(found.story.id) {
                    chosen.stories.push(found.story);
                }
            }
        }
        let archive = self.store.archive(&job.slug, None).await?.map(|archive| archive.number);
        let part = Part::Newest { archive, more: chosen.more };
        let feed = job.part(&*self.store, outlets, chosen.stories, part, press).await?;
        let next = [feed.next_change, chosen.next_change].into_iter().flatten().min();
        self.timetable.set(&job.slug, next);
        self.archivist.showed(&job.slug, shown);
        Ok(feed)
    }

    /// Whether something is to be made anew although nothing came in.
    pub fn is_due(&self) -> bool {
        self.timetable.any_due(self.clock.now())
    }

    /// Archives what the feeds no longer show, one feed; false when there was none to look at. Works
    /// beside refreshes, which do not wait for it.
    pub async fn archive(&self) -> Result<bool, RefreshError> {
        let Some((slug, shown)) = self.archivist.next() else { return Ok(false) };
        let outlets = self.outlets.load_full();
        let jobs = jobs(&outlets, &BTreeMap::new());
        if let Some(job) = jobs.iter().find(|job| job.slug == slug) {
            match self.archivist.look(&*self.store, job, &shown, self.clock.now()).await {
                Ok(false) => {}
                Ok(true) => drop(self.refresh(&Touched::Feed(slug)).await?),
                Err(problem) => {
                    self.archivist.missed(&slug, shown);
                    return Err(problem.into());
                }
            }
        }
        Ok(true)
    }

    /// The rules of the feeds are other ones.
    pub fn forget(&self) {
        self.archivist.forget();
    }

    /// The page of every entry that leads a story in a public feed.
    pub async fn entry_pages(&self) -> Result<Vec<(String, Shelved)>, RefreshError> {
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let mut seen = HashSet::new();
        let mut made = Vec::new();
        let now = self.clock.now();
        let jobs = jobs(&outlets, &names);
        let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
        for selection in outlets.feeds.iter().filter(|feed| !feed.is_protected()) {
            let Some(job) = jobs.iter().find(|job| job.slug == format!("feeds/{}", selection.id)) else { continue };
            let mut stories = job.choose(&*self.store, now).await?.stories;
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
}

/// All forms of one feed.
fn documents(feed: &Feed, access: &Access) -> Result<Vec<(String, Shelved)>, RenderError> {
    [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json, OutputFormat::Html]
        .into_iter()
        .map(|format| {
            let rendered = publish::render(feed, format)?;
            let path = format!("/{}{}", feed.slug, ending(format));
            let own = address(feed, format);
            let mut links = vec![format!("<{own}>; rel=\"self\"")];
            let is_feed = format != OutputFormat::Html;
            if is_feed {
                links.extend(feed.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\"")));
            }
            let entries = feed.entries.iter().map(entry_key).collect();
            let shelved = shelve(rendered, access, feed.ttl_minutes * 60, links);
            Ok((path, Shelved { entries, topic: is_feed.then_some(own), ..shelved }))
        })
        .collect()
}

/// Tells an entry in one form from all others, and from itself before it changed.
pub(super) fn entry_key(entry: &FeedEntry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (entry.story.id.as_bytes(), entry.story.updated).hash(&mut hasher);
    hasher.finish()
}

pub(super) fn ending(format: OutputFormat) -> &'static str {
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

/// Every path that the configuration names; others leave the shelf.
fn kept_paths(outlets: &Outlets) -> HashSet<String> {
    let feeds = outlets.feeds.iter().map(|feed| format!("/feeds/{}", feed.id));
    let sources = public_sources(outlets).into_iter().map(|id| format!("/sources/{id}"));
    feeds
        .chain(sources)
        .flat_map(|base| ["", ".rss", ".atom", ".json"].map(|ending| format!("{base}{ending}")))
        .collect()
}

pub(super) fn shelve(rendered: Rendered, access: &Access, max_age: u32, links: Vec<String>) -> Shelved {
    let compressed = publish::compress(&rendered);
    Shelved {
        rendered,
        compressed,
        access: access.clone(),
        max_age,
        links,
        heads: Heads::default(),
        topic: None,
        entries: Arc::default(),
    }
}
