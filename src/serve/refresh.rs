//! Changed stories to fresh documents on the shelf: only the feeds they belong to are rendered, in
//! time that depends on a feed's limit and not on the store.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use tracing::error;

use super::archives::{Archivist, Shown};
use super::jobs::{Job, jobs, names, public_sources};
use super::{Access, Announced, Metrics, Shelf, Shelved};
use crate::clock::Clock;
use crate::merge::{Press, Site, SourceName};
use crate::model::{
    Bygone, Feed, FeedEntry, FeedId, Location, Part, Profile, Selection, Source, SourceId, SourceState, StoryId,
};
use crate::publish::{self, Outline, OutputFormat, RenderError, Rendered, pages};
use crate::store::{Span, Store, StoreError};

/// Feeds that are made at once: about as many as small machines have cores.
const AT_ONCE: usize = 4;
/// How long icons may be kept, in seconds: a week.
const ICONS_MAX_AGE: u32 = 604_800;

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
    /// The feeds that were, by the ids that they had.
    pub bygone: BTreeMap<FeedId, Bygone>,
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
    /// How many entries each source has.
    counts: tokio::sync::Mutex<BTreeMap<SourceId, u64>>,
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
        let (turn, timetable, archivist, counts) = Default::default();
        Self { store, shelf, outlets, clock, metrics, turn, timetable, archivist, counts }
    }

    /// Renders what was touched and puts it on the shelf in one step; says how many documents. A
    /// feed that cannot be rendered keeps its old documents, and that is logged.
    pub async fn refresh(&self, touched: &Touched) -> Result<usize, RefreshError> {
        let _turn = self.turn.lock().await;
        let outlets = self.outlets.load_full();
        let health = self.health(touched).await?;
        let names = names(&outlets.sources, &health);
        let now = self.clock.now();
        let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
        let touched = |job: &Job| {
            let is_touched = match touched {
                Touched::All => true,
                Touched::Sources(sources) => !sources.is_disjoint(&job.selection.sources.0),
                Touched::Feed(slug) => *slug == job.slug,
            };
            is_touched || self.timetable.is_due(&job.slug, now)
        };
        let all = jobs(&outlets, &names);
        let jobs: Vec<_> = all.iter().filter(|job| touched(job)).collect();
        let outlets = &outlets;
        let work: Vec<_> = jobs.into_iter().map(|job| self.render(job, outlets, press)).collect();
        let mut work = futures_util::stream::iter(work).buffered(AT_ONCE);
        let mut fresh = Vec::new();
        while let Some(documents) = work.next().await {
            fresh.extend(documents?);
        }
        fresh.extend(overview(outlets, &names, &health, self.clock.now()));
        let count = fresh.len();
        self.shelf.replace(fresh, &forms(&all));
        self.metrics.rendered(count);
        Ok(count)
    }

    /// The documents of one feed; none when they could not be made.
    async fn render(
        &self,
        job: &Job,
        outlets: &Outlets,
        press: Press<'_>,
    ) -> Result<Vec<(String, Shelved)>, RefreshError> {
        let feed = self.newest(job, outlets, press).await?;
        let access = Access::tokens(&job.selection.tokens);
        let work = move || documents(&feed, &access);
        match tokio::task::spawn_blocking(work).await.map_err(|_| RefreshError::Worker)? {
            Ok(documents) => Ok(documents),
            Err(problem) => {
                error!(error = %problem, "a feed could not be rendered; its old form stays");
                Ok(Vec::new())
            }
        }
    }

    /// The sources with the numbers of their entries. Only those that were touched are counted again: to
    /// count all takes the longer the more there are.
    async fn health(&self, touched: &Touched) -> Result<Vec<(SourceId, SourceState, u64)>, StoreError> {
        let mut counts = self.counts.lock().await;
        if *touched == Touched::All {
            let health = self.store.health().await?;
            *counts = health.iter().map(|(id, _, count)| (id.clone(), *count)).collect();
            return Ok(health);
        }
        if let Touched::Sources(sources) = touched {
            for source in sources {
                counts.insert(source.clone(), self.store.count(source).await?);
            }
        }
        let states = self.store.states().await?.into_iter();
        Ok(states.map(|(id, state)| (id.clone(), state, counts.get(&id).copied().unwrap_or_default())).collect())
    }

    /// Codes what was rendered. Until then it is served uncoded: nobody must wait for it, least of all a
    /// refresh, which goes first.
    pub async fn code(&self) -> Result<(), RefreshError> {
        loop {
            drop(self.turn.lock().await);
            let Some(document) = self.shelf.uncoded() else { return Ok(()) };
            let work = move || {
                document.compressed.get_or_init(|| publish::compress(&document.rendered));
            };
            tokio::task::spawn_blocking(work).await.map_err(|_| RefreshError::Worker)?;
        }
    }

    /// A feed's newest entries, with those that changed after they had left.
    async fn newest(&self, job: &Job, outlets: &Outlets, press: Press<'_>) -> Result<Feed, StoreError> {
        // Before the stories are read, so that none of these can be missing among them by chance.
        let until = self.store.last_arrival().await?;
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
        let part = match job.selection.profile {
            Profile::Standard => {
                let archive = self.store.archive(&job.slug, None).await?.map(|archive| archive.number);
                self.archivist.showed(&job.slug, Shown { stories: shown, until });
                Part::Newest { archive, more: chosen.more }
            }
            // Partners take what is new, by their own rules.
            _ => Part::default(),
        };
        let mut feed = job.part(&*self.store, outlets, chosen.stories, part, press).await?;
        feed.gone = job.gone(&*self.store, press.now).await?;
        let next = [feed.next_change, chosen.next_change].into_iter().flatten().min();
        self.timetable.set(&job.slug, next);
        Ok(feed)
    }

    /// The feeds that are written for partners, as they are now.
    pub async fn partner_feeds(&self) -> Result<Vec<Feed>, RefreshError> {
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let now = self.clock.now();
        let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
        let mut feeds = Vec::new();
        for job in jobs(&outlets, &names) {
            if job.selection.profile != Profile::Standard {
                feeds.push(self.newest(&job, &outlets, press).await?);
            }
        }
        Ok(feeds)
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

    /// Whether every feed could be rendered.
    pub fn is_whole(&self) -> bool {
        let outlets = self.outlets.load();
        forms(&jobs(&outlets, &BTreeMap::new())).keys().all(|path| self.shelf.look(path, |_| ()).is_some())
    }
}

/// All forms of one feed.
fn documents(feed: &Feed, access: &Access) -> Result<Vec<(String, Shelved)>, RenderError> {
    let forms = publish::render_all(feed)?.into_iter();
    let documents = forms.map(|(format, rendered)| {
        let path = format!("/{}{}", feed.slug, ending(format));
        let own = address(feed, format);
        let mut links = vec![format!("<{own}>; rel=\"self\"")];
        let is_feed = format != OutputFormat::Html;
        if is_feed {
            links.extend(feed.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\"")));
        }
        let entries = feed.entries.iter().map(entry_key).collect();
        let shelved = uncoded(rendered, access, feed.ttl_minutes * 60, links);
        let topic = is_feed.then(|| Announced { url: own, version: publish::news(feed, &shelved.rendered) });
        (path, Shelved { entries, noindex: feed.noindex, topic, ..shelved })
    });
    Ok(documents.collect())
}

/// Tells an entry in one form from all others, and from itself before it changed.
pub(super) fn entry_key(entry: &FeedEntry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (entry.story.id.as_bytes(), entry.story.updated).hash(&mut hasher);
    hasher.finish()
}

pub(super) fn ending(format: OutputFormat) -> &'static str {
    format.ending()
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
            profile: feed.profile,
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
        |path: &str, rendered: Rendered| (path.to_owned(), uncoded(rendered, &Access::everyone(), 300, Vec::new()));
    // The same list has the same bytes, whenever it is written.
    let of_news = |(id, state, _): &(SourceId, SourceState, u64)| state.last_news.filter(|_| public.contains(id));
    let listed = health.iter().filter_map(of_news).max().unwrap_or(now);
    let mut pages = vec![
        page("/", pages::index(site, &feeds, &sources)),
        page("/opml", publish::opml(&site.title, &outlines, listed)),
        page("/style.css", pages::stylesheet()),
        page("/feed.css", pages::feed_stylesheet()),
    ];
    let icon = |(name, file)| (format!("/{name}"), shelve(file, &Access::everyone(), ICONS_MAX_AGE, Vec::new()));
    pages.extend(publish::icons().map(icon));
    pages
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

/// Every form of these feeds, with who may have it. Others leave the shelf.
fn forms(jobs: &[Job]) -> HashMap<String, Access> {
    let of_job = |job: &Job| {
        let (slug, access) = (job.slug.clone(), Access::tokens(&job.selection.tokens));
        let formats = publish::forms(job.selection.profile).iter().chain(&[OutputFormat::Html]);
        formats.map(move |format| (format!("/{slug}{}", ending(*format)), access.clone())).collect::<Vec<_>>()
    };
    jobs.iter().flat_map(of_job).collect()
}

/// A document in all codings.
pub(super) fn shelve(rendered: Rendered, access: &Access, max_age: u32, links: Vec<String>) -> Shelved {
    let compressed = publish::compress(&rendered).into();
    Shelved { compressed, ..uncoded(rendered, access, max_age, links) }
}

/// A document that is to be coded later.
fn uncoded(rendered: Rendered, access: &Access, max_age: u32, links: Vec<String>) -> Shelved {
    let access = access.clone();
    let (compressed, heads, twins, entries) = Default::default();
    Shelved { rendered, compressed, access, max_age, links, noindex: false, heads, twins, topic: None, entries }
}
