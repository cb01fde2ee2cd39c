//! Changed stories to fresh documents on the shelf: only the feeds they belong to are rendered, in
//! time that depends on a feed's limit and not on the store.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tracing::error;

use super::{Access, Metrics, Shelf, Shelved};
use crate::clock::Clock;
use crate::merge::{self, Site, SourceName};
use crate::model::{Feed, Location, Selection, Source, SourceId, SourceState, Story};
use crate::publish::{self, Outline, OutputFormat, RenderError, Rendered, pages};
use crate::store::{Store, StoreError, StoryQuery};

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
    /// Those that hold stories of these sources.
    Sources(BTreeSet<SourceId>),
}

impl Touched {
    fn any_of(&self, sources: &BTreeSet<SourceId>) -> bool {
        match self {
            Self::All => true,
            Self::Sources(touched) => !touched.is_disjoint(sources),
        }
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
}

/// A feed to be made, with who may read it.
struct Job {
    selection: Selection,
    /// A source's own feed.
    own: Option<SourceId>,
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
            if !touched.any_of(&job.selection.sources.0) {
                continue;
            }
            let stories = self.stories(&job.selection).await?;
            let (outlets, names, now) = (Arc::clone(&outlets), names.clone(), self.clock.now());
            let work = move || documents(&job, stories, &names, &outlets, now);
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

    /// The page of every entry that leads a story in a public feed.
    pub async fn entry_pages(&self) -> Result<Vec<(String, Shelved)>, RefreshError> {
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let mut seen = HashSet::new();
        let mut made = Vec::new();
        for selection in outlets.feeds.iter().filter(|feed| !feed.is_protected()) {
            for story in self.stories(selection).await? {
                if seen.insert(story.id) {
                    let entry = merge::entry(story, &names, &outlets.site);
                    let path = format!("/entries/{}", entry.story.lead.id);
                    made.push((path, shelve(pages::entry(&outlets.site, &entry), &Access::everyone(), 60, Vec::new())));
                }
            }
        }
        Ok(made)
    }

    /// The newest stories that a feed admits, up to its limit.
    async fn stories(&self, selection: &Selection) -> Result<Vec<Story>, StoreError> {
        let mut admitted = Vec::new();
        let mut query = StoryQuery {
            sources: selection.sources.0.clone(),
            before: None,
            limit: BATCH.min(selection.limit * 2).max(20),
        };
        let mut left = selection.limit.saturating_mul(LOOKED_AT_PER_PLACE);
        while admitted.len() < selection.limit && left > 0 {
            let batch = self.store.stories(&query).await?;
            let full = batch.len() == query.limit;
            left = left.saturating_sub(batch.len());
            query.before = batch.last().map(|story| (story.published, story.id));
            admitted.extend(batch.into_iter().filter(|story| merge::admits(selection, story)));
            if !full {
                break;
            }
        }
        Ok(admitted)
    }
}

/// The configured feeds and each source's own.
fn jobs(outlets: &Outlets, names: &BTreeMap<SourceId, SourceName>) -> Vec<Job> {
    let feeds = outlets.feeds.iter().map(|selection| Job { selection: selection.clone(), own: None });
    let public = public_sources(outlets);
    let own = outlets.sources.iter().filter(move |source| public.contains(&source.id)).filter_map(|source| {
        let selection = merge::own_selection(source, names.get(&source.id), SOURCE_LIMIT)?;
        Some(Job { selection, own: Some(source.id.clone()) })
    });
    feeds.chain(own).collect()
}

/// Sources that some feed shows to everyone. What only protected feeds show has no page of its own.
pub(super) fn public_sources(outlets: &Outlets) -> BTreeSet<SourceId> {
    outlets.feeds.iter().filter(|feed| !feed.is_protected()).flat_map(|feed| feed.sources.0.iter().cloned()).collect()
}

/// All forms of one feed.
fn documents(
    job: &Job,
    stories: Vec<Story>,
    names: &BTreeMap<SourceId, SourceName>,
    outlets: &Outlets,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Shelved)>, RenderError> {
    let feed = match &job.own {
        None => merge::feed(&job.selection, stories, names, &outlets.site, outlets.ttl_minutes, now),
        Some(_) => merge::source_feed(&job.selection, stories, names, &outlets.site, outlets.ttl_minutes, now),
    };
    let access = Access::tokens(&job.selection.tokens);
    [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json, OutputFormat::Html]
        .into_iter()
        .map(|format| {
            let rendered = publish::render(&feed, format)?;
            let path = format!("/{}{}", feed.slug, ending(format));
            let own = address(&feed, format);
            let mut links = vec![format!("<{own}>; rel=\"self\"")];
            let is_feed = format != OutputFormat::Html;
            if is_feed {
                links.extend(feed.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\"")));
            }
            let shelved = shelve(rendered, &access, outlets.ttl_minutes * 60, links);
            Ok((path, Shelved { topic: is_feed.then_some(own), ..shelved }))
        })
        .collect()
}

/// The paths of a feed's forms that can be subscribed to.
pub fn topics(slug: &str) -> impl Iterator<Item = String> {
    [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json]
        .map(|format| format!("/{slug}{}", ending(format)))
        .into_iter()
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
            (source.id.clone(), SourceName { title: title.unwrap_or_else(|| source.id.to_string()), url })
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
    Shelved { rendered, compressed, access: access.clone(), max_age, links, topic: None }
}
