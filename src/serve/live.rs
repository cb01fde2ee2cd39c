//! Pages that are made on request from the store: entries, status, health.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tracing::warn;

use super::{Metrics, Outlets, Uses};
use crate::clock::Clock;
use crate::merge::{self, Papers, Press, SourceName};
use crate::model::{Amount, EntryId, Health, Selection, SourceId, Story};
use crate::publish::Rendered;
use crate::publish::pages::{self, FeedState, Standing};
use crate::store::{Media, Store, StoreError};

/// Makes pages on request.
#[derive(Debug)]
pub struct Live {
    /// Where the facts are.
    pub store: Arc<dyn Store>,
    /// Copies of pictures.
    pub media: Media,
    /// What is published, and by whom.
    pub outlets: Arc<ArcSwap<Outlets>>,
    /// Tells the time.
    pub clock: Clock,
    /// The mistakes in feeds.toml since it was last good.
    pub problems: Arc<ArcSwapOption<String>>,
    /// When tokens were used.
    pub uses: Arc<Uses>,
}

impl Live {
    /// The page at a path; None when there is none.
    pub(super) async fn get(&self, path: &str, metrics: &Metrics) -> Result<Option<Rendered>, StoreError> {
        let now = self.clock.now();
        Ok(match path {
            "/healthz" => Some(text("ok\n".into(), now)),
            "/readyz" => {
                self.store.next_due().await?;
                Some(text("ready\n".into(), now))
            }
            "/metrics" => {
                let used = self.media.used().await;
                if let Err(problem) = &used {
                    warn!(error = %problem, "copies of pictures cannot be counted");
                }
                Some(text(metrics.text(&self.store.health().await?, used.ok(), now), now))
            }
            "/status" | "/status.json" => Some(self.status(path, now).await?),
            _ => match path.strip_prefix("/entries/").and_then(|id| id.parse().ok()) {
                Some(id) => self.entry(id).await?,
                None => None,
            },
        })
    }

    async fn status(&self, path: &str, now: DateTime<Utc>) -> Result<Rendered, StoreError> {
        let outlets = self.outlets.load();
        let health = health(&*self.store, &outlets).await?;
        let problems = self.problems.load();
        let problems = problems.as_ref().map(|text| text.as_str());
        // Only admins who must show that they are learn which feeds are protected.
        let is_admin = !outlets.admin.is_public();
        let uses = if is_admin { Some(self.uses.with_kept(&*self.store).await?) } else { None };
        let feeds = feeds(&outlets, uses.as_ref());
        let standing = Standing { health: &health, feeds: &feeds, problems, now };
        Ok(if path == "/status.json" { pages::status_json(&standing) } else { pages::status(&outlets.site, &standing) })
    }

    /// The page of a story that some public feed may show.
    async fn entry(&self, id: EntryId) -> Result<Option<Rendered>, StoreError> {
        let outlets = self.outlets.load();
        let Some((story, amount)) = self.shown(id, &outlets).await? else { return Ok(None) };
        let names = super::jobs::names(&outlets.sources, &self.store.health().await?);
        Ok(Some(self.page_of(story, amount, &outlets, &names)))
    }

    /// Hands over the pages of these entries, as far as there are any, with their paths.
    pub async fn entries<E: From<StoreError>>(
        &self,
        ids: impl IntoIterator<Item = EntryId>,
        mut take: impl FnMut(String, Rendered) -> Result<(), E>,
    ) -> Result<(), E> {
        let outlets = self.outlets.load_full();
        let names = super::jobs::names(&outlets.sources, &self.store.health().await?);
        for id in ids {
            if let Some((story, amount)) = self.shown(id, &outlets).await? {
                take(format!("/entries/{id}"), self.page_of(story, amount, &outlets, &names))?;
            }
        }
        Ok(())
    }

    /// The story of an entry, and how much of it the public feeds tell; None when none of them shows it.
    async fn shown(&self, id: EntryId, outlets: &Outlets) -> Result<Option<(Story, Amount)>, StoreError> {
        let public = super::jobs::public_sources(outlets);
        let Some(mut story) = self.store.story_of(id, Some(&public)).await? else { return Ok(None) };
        let Some(amount) = super::jobs::public_amount(outlets, &story, self.clock.now()) else { return Ok(None) };
        super::pictures::place(&*self.store, outlets, std::slice::from_mut(&mut story)).await?;
        Ok(Some((story, amount)))
    }

    fn page_of(
        &self,
        story: Story,
        amount: Amount,
        outlets: &Outlets,
        names: &BTreeMap<SourceId, SourceName>,
    ) -> Rendered {
        let press = Press { site: &outlets.site, names, ttl_minutes: outlets.ttl_minutes, now: self.clock.now() };
        pages::entry(&outlets.site, &merge::entry(story, amount, press))
    }
}

/// The configured feeds. Who may know when tokens were used, by their digests, learns of the protected ones.
pub fn feeds(outlets: &Outlets, uses: Option<&BTreeMap<String, DateTime<Utc>>>) -> Vec<FeedState> {
    let tokens = |feed: &Selection, uses: &BTreeMap<_, _>| {
        feed.tokens.iter().map(|token| (token.name().to_owned(), uses.get(&token.digest()).copied())).collect()
    };
    let state = |feed: &Selection| FeedState {
        title: feed.title.clone(),
        papers: Papers::of(feed, &outlets.sources),
        tokens: uses.map(|uses| tokens(feed, uses)),
    };
    outlets.feeds.iter().filter(|feed| uses.is_some() || !feed.is_protected()).map(state).collect()
}

/// The health of every configured source, in the order of feeds.toml.
pub async fn health(store: &dyn Store, outlets: &Outlets) -> Result<Vec<Health>, StoreError> {
    let mut states: HashMap<_, _> =
        store.health().await?.into_iter().map(|(id, state, entries)| (id, (state, entries))).collect();
    Ok(outlets
        .sources
        .iter()
        .map(|source| {
            let (state, entries) = states.remove(&source.id).unwrap_or_default();
            let title = source.title.clone().or_else(|| state.title.clone()).unwrap_or_else(|| source.id.to_string());
            Health { id: source.id.clone(), title, location: source.location.clone(), state, entries }
        })
        .collect())
}

fn text(body: String, now: DateTime<Utc>) -> Rendered {
    let etag = format!("{:x}", now.timestamp_micros());
    Rendered { content_type: "text/plain; charset=utf-8", body: Bytes::from(body), etag, last_modified: now }
}
