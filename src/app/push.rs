//! The hub brought together with what is published: `notify` tells, `serve` takes subscriptions and has
//! the documents, and neither knows the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use super::AppError;
use crate::config::Config;
use crate::fetch::{self, Fetcher};
use crate::model::Intent;
use crate::notify::{self, Topic, Topics};
use crate::serve::{Intake, Outlets, Shelf, outside_hubs};

/// Limit on one call to a callback.
const PATIENCE: Duration = Duration::from_secs(10);
/// Calls to one host at once.
const PER_HOST: usize = 8;

/// The topics on the shelf.
#[derive(Debug)]
pub(super) struct OnShelf(pub(super) Arc<Shelf>);

impl Topics for OnShelf {
    fn versions(&self) -> HashMap<String, String> {
        let documents = self.0.documents().into_iter();
        documents.filter_map(|(path, document)| Some((path, document.topic.as_ref()?.version.clone()))).collect()
    }

    fn topic(&self, path: &str) -> Option<Topic> {
        let document = self.0.get(path)?;
        let announced = document.topic.clone()?;
        Some(Topic {
            url: announced.url,
            version: announced.version,
            content_type: document.rendered.content_type,
            body: document.rendered.body.clone(),
        })
    }

    fn admits(&self, path: &str, token: Option<&str>) -> bool {
        self.0.get(path).is_some_and(|document| document.access.admits(token))
    }
}

/// What `serve` hands requests to.
#[derive(Debug)]
pub(super) struct ToHub(pub(super) Arc<notify::Hub>);

impl Intake for ToHub {
    fn take(&self, intent: Intent) -> Result<(), String> {
        self.0.take(intent).map_err(|busy| busy.to_string())
    }
}

/// The hub's options, as the configuration says.
pub(super) fn options(config: &Config) -> notify::Options {
    notify::Options {
        url: config.site.hub.as_ref().map(ToString::to_string).unwrap_or_default(),
        lease: config.hub.lease,
        signature: config.hub.signature,
        per_topic: config.hub.per_topic,
        per_host: config.hub.per_host,
        all: config.hub.subscriptions,
        bandwidth: config.hub.bandwidth,
    }
}

/// Makes the hub's calls. What sources are allowed does not hold here: strangers name these addresses.
pub(super) fn caller(config: &Config) -> Result<Fetcher, AppError> {
    let options = fetch::Options {
        allow_private: config.hub.allow_private.clone(),
        timeout: PATIENCE,
        per_host: PER_HOST,
        ..config.fetch.clone()
    };
    Ok(Fetcher::new(options)?)
}

/// Puts the outside hubs of a configuration into the store.
pub(super) async fn sync_hubs(
    store: &dyn crate::store::Store,
    outlets: &ArcSwap<Outlets>,
) -> Result<(), crate::store::StoreError> {
    store.sync_hubs(&outside_hubs(&outlets.load())).await
}
