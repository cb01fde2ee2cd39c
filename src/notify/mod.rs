//! WebSub (<https://www.w3.org/TR/websub/>): the hub of our own feeds. It verifies who wants to be told
//! (`intent`), sends what changed (`tell`), and tells outside hubs.
//!
//! A subscription remembers the version of its topic that it was last told of. Whoever was not told of
//! the present one is due: nothing is queued, so nothing can be lost between storing and telling, and one
//! that was away for a week gets one delivery.

mod hosts;
mod intent;
mod pace;
mod signature;
mod tell;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use crate::clock::Clock;
use crate::fetch::Fetcher;
use crate::model::Intent;
use crate::store::Store;

pub use signature::Method;

use hosts::Hosts;
use pace::Pace;

/// Requests that wait for their verification.
const WAITING: usize = 256;

/// How the hub works.
#[derive(Debug, Clone)]
pub struct Options {
    /// The hub's own address, as its deliveries name it.
    pub url: String,
    /// How long a subscription lasts at most, and when the subscriber does not say.
    pub lease: Duration,
    /// How content is signed.
    pub signature: Method,
    /// Subscriptions to one topic.
    pub per_topic: u64,
    /// Subscriptions of one callback host.
    pub per_host: u64,
    /// Subscriptions in all.
    pub all: u64,
    /// Bytes a second that all subscribers together are sent.
    pub bandwidth: u64,
}

/// What a subscriber is sent.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its public address.
    pub url: String,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: Bytes,
    /// Tells what it says from what it said before.
    pub version: String,
}

/// Where topics are found; their names are paths, such as `/feeds/all.rss`.
pub trait Topics: Send + Sync + std::fmt::Debug {
    /// The present version of each topic.
    fn versions(&self) -> HashMap<String, String>;

    /// One topic.
    fn topic(&self, path: &str) -> Option<Topic>;

    /// Whether a topic may be told to someone who showed the token with this digest, or none.
    fn admits(&self, path: &str, token: Option<&str>) -> bool;
}

/// Why a request is not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Busy {
    /// The callback's last request was not verified yet.
    #[error("the last request for this callback is still being verified")]
    Callback,
    /// Too many requests wait.
    #[error("too many requests wait for their verification")]
    Hub,
}

/// What a reload may change.
#[derive(Debug)]
struct Setup {
    options: Options,
    /// Makes the calls, within its own rules on private networks.
    fetcher: Fetcher,
}

/// The hub.
#[derive(Debug)]
pub struct Hub {
    store: Arc<dyn Store>,
    topics: Arc<dyn Topics>,
    clock: Clock,
    setup: ArcSwap<Setup>,
    hosts: Hosts,
    pace: Pace,
    /// Callbacks with a verification under way.
    outstanding: Mutex<HashSet<String>>,
    intents: mpsc::Sender<Intent>,
    changed: Notify,
}

/// The requests that a [`Hub`] took and did not verify yet.
#[derive(Debug)]
pub struct Inbox(mpsc::Receiver<Intent>);

impl Hub {
    /// A hub over these topics; it works while [`Hub::run`] runs.
    pub fn new(
        store: Arc<dyn Store>,
        topics: Arc<dyn Topics>,
        clock: Clock,
        options: Options,
        fetcher: Fetcher,
    ) -> (Self, Inbox) {
        let (intents, inbox) = mpsc::channel(WAITING);
        let hub = Self {
            store,
            topics,
            clock,
            setup: ArcSwap::from_pointee(Setup { options, fetcher }),
            hosts: Hosts::default(),
            pace: Pace::default(),
            outstanding: Mutex::default(),
            intents,
            changed: Notify::new(),
        };
        (hub, Inbox(inbox))
    }

    /// Puts new rules into force.
    pub fn set(&self, options: Options, fetcher: Fetcher) {
        self.setup.store(Arc::new(Setup { options, fetcher }));
        self.changed();
    }

    /// Topics may have changed.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// Takes a request; its verification follows.
    pub fn take(&self, intent: Intent) -> Result<(), Busy> {
        let callback = intent.callback.clone();
        if !self.outstanding().insert(callback.clone()) {
            return Err(Busy::Callback);
        }
        self.intents.try_send(intent).map_err(|_| {
            self.outstanding().remove(&callback);
            Busy::Hub
        })
    }

    /// Verifies and tells, without end.
    pub async fn run(self: Arc<Self>, inbox: Inbox) {
        tokio::join!(intent::verify_all(&self, inbox), tell::tell_all(&self));
    }

    fn outstanding(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.outstanding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
