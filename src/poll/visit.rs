//! One visit to one source: fetch, parse, extract, clean, deduplicate, store. Whatever happens
//! becomes one [`PollRecord`], and there is one exit that writes it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::{info, warn};

use super::look::{Found, Look, look};
use super::pictures::Looker;
use super::recheck;
use super::schedule::{self, Hints};
use super::{Mirror, VisitError, articles};
use crate::clock::Clock;
use crate::dedup;
use crate::fetch::Fetcher;
use crate::model::{
    Arrival, Change, Facts, Images, Judge, Known, Outcome, PictureFacts, PollRecord, Reading, Source, SourceId,
    SourceState,
};
use crate::store::{Store, StoreError};

/// What one visit may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Items of one document.
    pub items: usize,
    /// The newest articles of a list without texts (sitemaps).
    pub listed: usize,
    /// Article pages fetched in one visit; the rest follows at the next one.
    pub pages: usize,
    /// Bytes of one document of a folder.
    pub body: u64,
    /// Time for all of it.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 10_000, listed: 200, pages: 60, body: 10 * 1024 * 1024, time: Duration::from_secs(10 * 60) }
    }
}

/// Visits sources.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Asks them.
    pub fetcher: Fetcher,
    /// Remembers.
    pub store: Arc<dyn Store>,
    /// Keeps copies of pictures.
    pub mirror: Mirror,
    /// Decides what is one story.
    pub judge: Judge,
    /// Tells the time.
    pub clock: Clock,
    /// What a visit may take.
    pub limits: Limits,
}

/// How a visit went.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The source.
    pub source: SourceId,
    /// When it began.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub outcome: Outcome,
    /// Sources whose published stories changed.
    pub touched: Vec<SourceId>,
    /// When the next visit is due.
    pub next: DateTime<Utc>,
}

/// What a source would yield, without storing anything.
#[derive(Debug)]
pub struct Preview {
    /// What was read.
    pub reading: Reading,
    /// What the source is.
    pub kind: crate::model::Kind,
    /// Where it was found; None for folders.
    pub url: Option<url::Url>,
}

/// What a visit brought, before it is written.
#[derive(Default)]
struct Brought {
    arrivals: Vec<Arrival>,
    seen: Vec<crate::model::EntryId>,
    pictures: Vec<(url::Url, PictureFacts)>,
    new: usize,
    revised: usize,
}

impl Visitor {
    /// Visits a source and stores everything that came of it, then asks for articles that its owner may have
    /// taken back. An error means that the store failed; every failure of the source is an [`Outcome`].
    pub async fn visit(&self, source: &Source) -> Result<Visit, StoreError> {
        let visit = self.call(source).await?;
        self.recheck(source, &visit).await?;
        Ok(visit)
    }

    /// Asks for articles that the owner of a source may have taken back, after a visit that went well.
    #[tracing::instrument(skip_all, fields(source = %source.id))]
    pub(super) async fn recheck(&self, source: &Source, visit: &Visit) -> Result<(), StoreError> {
        if matches!(visit.outcome, Outcome::Failed { .. }) {
            return Ok(());
        }
        recheck::recheck(&self.fetcher, &*self.store, source, visit.at).await
    }

    /// Visits a source and stores everything that came of it.
    #[tracing::instrument(skip_all, fields(source = %source.id))]
    pub(super) async fn call(&self, source: &Source) -> Result<Visit, StoreError> {
        let mut state = self.store.state(&source.id).await?;
        let now = self.clock.now();
        let asked = tokio::time::timeout(self.limits.time, self.ask(source, &mut state, now)).await;
        let (brought, outcome) = match asked.unwrap_or(Err(VisitError::TooLong(self.limits.time))) {
            Ok(done) => done,
            Err(VisitError::Store(error)) => return Err(error),
            Err(error) => (Brought::default(), failed(source, &mut state, &error, now)),
        };
        state.location = source.location.to_string();
        state.last_visit = Some(now);
        log(&outcome);
        let next = state.next_visit.unwrap_or(now);
        let record = PollRecord {
            source: source.id.clone(),
            at: now,
            state,
            seen: brought.seen,
            arrivals: brought.arrivals,
            pictures: brought.pictures,
        };
        let committed = self.store.commit(record, &self.judge).await?;
        Ok(Visit { source: source.id.clone(), at: now, outcome, touched: committed.touched, next })
    }

    /// Stores that a visit ended with a fault of ours, so that its source waits its turn like any that fails.
    pub(super) async fn give_up(&self, source: &Source) -> Result<(), StoreError> {
        let mut state = self.store.state(&source.id).await?;
        let now = self.clock.now();
        failed(source, &mut state, &VisitError::Internal, now);
        state.location = source.location.to_string();
        state.last_visit = Some(now);
        let (source, at) = (source.id.clone(), now);
        let record = PollRecord { source, at, state, seen: Vec::new(), arrivals: Vec::new(), pictures: Vec::new() };
        self.store.commit(record, &self.judge).await.map(drop)
    }

    /// What a source would yield now, for `check --online`: nothing is compared or stored.
    pub async fn preview(fetcher: &Fetcher, source: &Source) -> Result<Preview, VisitError> {
        match look(fetcher, source, &SourceState::default(), &Limits::default()).await? {
            Look::Read(found) => Ok(Preview { reading: found.reading, kind: found.kind, url: found.url }),
            Look::Unchanged { .. } => Err(VisitError::Internal),
        }
    }

    async fn ask(
        &self,
        source: &Source,
        state: &mut SourceState,
        now: DateTime<Utc>,
    ) -> Result<(Brought, Outcome), VisitError> {
        match look(&self.fetcher, source, state, &self.limits).await? {
            Look::Unchanged { validators, fresh_for } => {
                if let Some(validators) = validators {
                    state.validators = validators;
                }
                let hints = Hints { fresh_for, published: state.last_news.into_iter().collect(), ..Hints::default() };
                let pictures = Looker::new(&self.mirror, source, state, now).look(&[], state).await?;
                succeeded(source, state, &hints, now);
                Ok((Brought { pictures, ..Brought::default() }, Outcome::Unchanged))
            }
            Look::Read(found) => self.take(source, state, *found, now).await,
        }
    }

    /// Takes in a document that was read.
    async fn take(
        &self,
        source: &Source,
        state: &mut SourceState,
        mut found: Found,
        now: DateTime<Utc>,
    ) -> Result<(Brought, Outcome), VisitError> {
        let items = found.reading.items.len();
        let published =
            found.reading.items.iter().filter_map(|item| item.published.or(item.updated)).collect::<Vec<_>>();
        let sorted = articles::sort(&self.store, source, &mut found, &self.limits, now).await?;
        let articles = articles::finish(&self.fetcher, source, &found, sorted.tasks, now).await;
        let mut changed: Vec<_> = articles.facts;
        dedup::learn(
            &mut state.boilerplate,
            changed.iter().filter(|(_, known)| known.is_none()).map(|(facts, _)| facts),
        );
        for (facts, known) in &mut changed {
            dedup::strip(facts, known.as_mut(), &state.boilerplate);
        }
        articles::recognise_relaunch(&self.store, source, items, &mut changed).await?;
        let facts: Vec<&Facts> = changed.iter().map(|(facts, _)| facts).collect();
        let pictures = Looker::new(&self.mirror, source, state, now).look(&facts, state).await?;
        let mut brought = Brought { pictures, seen: sorted.seen, ..Brought::default() };
        brought.seen.extend(articles.seen);
        for (facts, known) in changed {
            brought.add(facts, known.as_ref(), now, source);
        }
        // Documents have the newest first; what goes by arrival (archives, `sort = "first-seen"`) has it last.
        brought.arrivals.sort_by_key(|arrival| arrival.published);
        let repairs: Vec<String> = found.reading.repairs.iter().map(|repair| repair.what.clone()).collect();
        let outcome = Outcome::Read { items, new: brought.new, revised: brought.revised, repairs: repairs.clone() };
        remember(state, &found, sorted.unfinished, source);
        state.items = items.try_into().unwrap_or(u32::MAX);
        state.notice = notice(&found, &repairs, &articles.problems, source, state);
        if brought.new > 0 {
            state.last_news = Some(now);
        }
        let hints = Hints {
            fresh_for: found.fresh_for,
            ttl: found.reading.channel.ttl_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
            skip_hours: found.reading.channel.skip_hours.clone(),
            published: published.iter().map(DateTime::to_utc).collect(),
            unfinished: sorted.unfinished,
        };
        succeeded(source, state, &hints, now);
        Ok((brought, outcome))
    }
}

impl Brought {
    fn add(&mut self, facts: Facts, known: Option<&Known>, now: DateTime<Utc>, source: &Source) {
        match dedup::decide(&facts, known) {
            Change::New => self.new += 1,
            Change::Revised { .. } => self.revised += 1,
            // The source's form of it changed: that is remembered, or its page is fetched again and again.
            Change::Same => {}
        }
        self.arrivals.push(dedup::arrival(facts, known, now, &source.address));
    }
}

/// What to keep of a document for the next visit.
fn remember(state: &mut SourceState, found: &Found, unfinished: bool, source: &Source) {
    let channel = &found.reading.channel;
    state.title =
        channel.title.as_ref().map(crate::clean::plain).filter(|title| !title.is_empty()).or(state.title.take());
    state.home_page = channel.home_page_url.as_deref().and_then(|url| crate::address::resolve(url, found.url.as_ref()));
    state.found_kind = Some(found.kind);
    let elsewhere = match &source.location {
        crate::model::Location::Web(url) => found.url.as_ref().filter(|found| *found != url),
        crate::model::Location::Folder(_) => None,
    };
    // Only where autodiscovery led elsewhere: a redirect is followed anew each time.
    if source.kind == crate::model::Kind::Auto && found.kind == crate::model::Kind::Feed {
        state.found_at = elsewhere.cloned();
    }
    if unfinished {
        // Or the next visit would see "not modified" and never get to the rest.
        state.validators = crate::model::Validators::default();
        state.body_hash = None;
    } else {
        state.validators = found.validators.clone();
        state.body_hash = Some(found.body_hash.clone()).filter(|hash| !hash.is_empty());
    }
}

/// What an admin should know although the visit went well.
fn notice(
    found: &Found,
    repairs: &[String],
    problems: &[String],
    source: &Source,
    state: &SourceState,
) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(moved) = &found.moved_to {
        parts.push(format!("the source has moved to {moved}; write that into feeds.toml"));
    }
    match repairs {
        [] => {}
        [only] => parts.push(format!("repaired: {only}")),
        [first, rest @ ..] => parts.push(format!("repaired: {first}, and {} more", rest.len())),
    }
    match problems {
        [] => {}
        [only] => parts.push(only.clone()),
        [first, rest @ ..] => parts.push(format!("{first}, and {} more", rest.len())),
    }
    if state.pictures_insist && source.images == Images::Link {
        parts.push(
            "its servers give pictures only to readers of its own pages; images = \"mirror\" shows them to yours"
                .to_owned(),
        );
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn succeeded(source: &Source, state: &mut SourceState, hints: &Hints, now: DateTime<Utc>) {
    state.failures = 0;
    state.last_error = None;
    state.last_success = Some(now);
    state.next_visit = Some(schedule::next_visit(source, hints, now));
}

fn failed(source: &Source, state: &mut SourceState, error: &VisitError, now: DateTime<Utc>) -> Outcome {
    let asked = if let VisitError::Busy { after } = error { *after } else { None };
    state.failures = state.failures.saturating_add(1);
    state.last_error = Some(error.in_words());
    state.next_visit = Some(schedule::retry(source, state.failures, asked, now));
    Outcome::Failed { error: error.in_words(), transient: error.is_transient() }
}

fn log(outcome: &Outcome) {
    match outcome {
        Outcome::Read { items, new, revised, .. } => info!(items, new, revised, "visited"),
        Outcome::Unchanged => info!("visited, not changed"),
        Outcome::Failed { error, .. } => warn!(error, "visit failed"),
    }
}
