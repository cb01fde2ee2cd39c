//! Pages that are made on request from the store: entries, status, health.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tracing::warn;

use super::{Metrics, Outlets, Uses};
use crate::clock::Clock;
use crate::merge::{self, Press};
use crate::model::{EntryId, Health, Selection, Token};
use crate::publish::{Rendered, pages};
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
    pub uses: Uses,
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
        Ok(if path == "/status.json" {
            // Only admins who must show that they are learn which feeds are protected.
            let tokens = (!outlets.admin.is_public()).then(|| self.tokens(&outlets));
            pages::status_json(&health, problems, tokens.as_deref(), now)
        } else {
            pages::status(&outlets.site, &health, problems, now)
        })
    }

    /// Each feed's tokens by name, and when each was last used.
    fn tokens(&self, outlets: &Outlets) -> Vec<(String, String, Option<DateTime<Utc>>)> {
        let of_feed = |feed: &Selection| {
            let line = |token: &Token| (feed.id.to_string(), token.name().to_owned(), self.uses.last(token));
            feed.tokens.iter().map(line).collect::<Vec<_>>()
        };
        outlets.feeds.iter().flat_map(of_feed).collect()
    }

    /// The page of a story that some public feed may show.
    async fn entry(&self, id: EntryId) -> Result<Option<Rendered>, StoreError> {
        let outlets = self.outlets.load();
        let public = super::jobs::public_sources(&outlets);
        let Some(mut story) = self.store.story_of(id, Some(&public)).await? else { return Ok(None) };
        let now = self.clock.now();
        let Some(amount) = super::jobs::public_amount(&outlets, &story, now) else { return Ok(None) };
        super::pictures::place(&*self.store, &outlets, std::slice::from_mut(&mut story)).await?;
        let names = super::jobs::names(&outlets.sources, &self.store.health().await?);
        let press = Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now };
        Ok(Some(pages::entry(&outlets.site, &merge::entry(story, amount, press))))
    }
}

/// The health of every configured source, in the order of feeds.toml.
pub async fn health(store: &dyn Store, outlets: &Outlets) -> Result<Vec<Health>, StoreError> {
    let mut states: std::collections::HashMap<_, _> =
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
