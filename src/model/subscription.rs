//! Who is told when a feed changes (WebSub).

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::Secret;

/// How someone is told of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A subscriber gets the topic's content.
    Content,
    /// An outside hub gets a notice, and fetches the content itself.
    Notice,
}

/// One who is told when a topic changes. Topic, form and callback together are its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The path of the topic, such as `/feeds/all.rss`.
    pub topic: String,
    /// The address that is told, exactly as given.
    pub callback: String,
    /// What it is told.
    pub form: Form,
    /// What content is signed with.
    pub secret: Option<Secret>,
    /// The digest of the token that was shown for a protected topic.
    pub token: Option<String>,
    /// When it ends; None for outside hubs, which the configuration names.
    pub expires: Option<DateTime<Utc>>,
}

impl Subscription {
    /// The host of the callback: limits and pauses hold for all of its callbacks.
    pub fn host(&self) -> String {
        host(&self.callback)
    }
}

/// The host of an address, for limits that hold for a host.
pub fn host(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// A wish to subscribe or to leave, well formed but not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// What is wished for.
    pub wish: Wish,
    /// The path of the topic.
    pub topic: String,
    /// The topic as it was named: its verification names it the same way.
    pub named: String,
    /// Where verification and content go.
    pub callback: String,
}

/// What someone wishes of the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To be told of changes.
    Subscribe {
        /// For how long; None leaves it to the hub.
        lease: Option<Duration>,
        /// What content is to be signed with.
        secret: Option<Secret>,
        /// The digest of the token that was shown for a protected topic.
        token: Option<String>,
    },
    /// To be told no longer.
    Unsubscribe,
}

impl Wish {
    /// The word for it in `hub.mode`.
    pub fn mode(&self) -> &'static str {
        match self {
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// A subscription that is to be told of a version, taken by this process for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Who is told.
    pub subscription: Subscription,
    /// Attempts that failed since one succeeded.
    pub attempts: u32,
}

/// What became of a telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Who was told.
    pub subscription: Subscription,
    /// How it went.
    pub upshot: Upshot,
}

/// How a telling went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upshot {
    /// It has this version.
    Told(String),
    /// It failed; the next attempt is not before this.
    Failed(DateTime<Utc>),
    /// It was not tried; the next attempt is not before this.
    Postponed(DateTime<Utc>),
    /// The subscription has ended.
    Ended,
}

/// How many subscriptions there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Crowd {
    /// To the topic.
    pub topic: u64,
    /// At the callback's host.
    pub host: u64,
    /// In all.
    pub all: u64,
    /// Whether the subscription that is asked about exists.
    pub known: bool,
}

/// Subscriptions that were last told of one version of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The topic's path.
    pub topic: String,
    /// The version.
    pub told: String,
    /// When the first of them may be told.
    pub due: DateTime<Utc>,
}
