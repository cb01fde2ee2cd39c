//! Verification of intent (s.5.3): whoever owns the callback must confirm what was wished in its name.

use std::sync::Arc;

use ring::rand::SecureRandom as _;
use tokio::sync::Semaphore;
use tracing::{debug, error, info};
use url::Url;

use super::signature::hexadecimal;
use super::tell::in_words;
use super::{Hub, Inbox};
use crate::fetch::{Call, FetchError};
use crate::model::{Crowd, Form, Intent, Subscription, Wish, host};

/// Verifications under way at once.
const AT_ONCE: usize = 32;
/// Random bytes of a challenge.
const CHALLENGE: usize = 32;

/// Verifies requests as they come.
pub(super) async fn verify_all(hub: &Arc<Hub>, mut inbox: Inbox) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(intent) = inbox.0.recv().await {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let hub = Arc::clone(hub);
        tokio::spawn(async move {
            let _outstanding = Outstanding { hub: &hub, callback: &intent.callback };
            hub.verify(&intent).await;
            drop(slot);
        });
    }
}

/// A callback that is being verified, until this is dropped.
struct Outstanding<'a> {
    hub: &'a Hub,
    callback: &'a str,
}

impl Drop for Outstanding<'_> {
    fn drop(&mut self) {
        self.hub.outstanding().remove(self.callback);
    }
}

impl Hub {
    async fn verify(&self, intent: &Intent) {
        let (mode, place) = (intent.wish.mode(), host(&intent.callback));
        if let Some(reason) = self.refusal(intent).await {
            info!(topic = intent.topic, host = place, reason, "a subscription was refused");
            self.deny(&intent.callback, &intent.named, reason).await;
            return;
        }
        match self.confirmed(intent).await {
            Ok(true) => {}
            Ok(false) => {
                info!(
                    topic = intent.topic,
                    host = place,
                    mode,
                    "a callback did not confirm what was asked in its name"
                );
                return;
            }
            Err(problem) => {
                info!(topic = intent.topic, host = place, mode, error = %in_words(&problem), "a callback could not be asked");
                return;
            }
        }
        match self.write(intent).await {
            Ok(()) => info!(topic = intent.topic, host = place, "{mode}d"),
            Err(problem) => error!(topic = intent.topic, error = %problem, "a subscription could not be kept"),
        }
    }

    /// Why a subscription cannot be had; None when it can.
    async fn refusal(&self, intent: &Intent) -> Option<&'static str> {
        if intent.wish == Wish::Unsubscribe {
            return None;
        }
        let options = self.setup.load().options.clone();
        match self.store.crowd(&intent.topic, &intent.callback, self.clock.now()).await {
            Ok(Crowd { known: true, .. }) => None,
            Ok(crowd) if crowd.topic >= options.per_topic => Some("this topic has as many subscribers as it may have"),
            Ok(crowd) if crowd.host >= options.per_host => Some("this host has as many subscriptions as it may have"),
            Ok(crowd) if crowd.all >= options.all => Some("this hub has as many subscriptions as it may have"),
            Ok(_) => None,
            Err(problem) => {
                error!(error = %problem, "the store does not say how many subscriptions there are");
                Some("this hub cannot take subscriptions just now")
            }
        }
    }

    /// Whether the callback echoes a challenge that was made for this one question.
    async fn confirmed(&self, intent: &Intent) -> Result<bool, FetchError> {
        let mut random = [0; CHALLENGE];
        ring::rand::SystemRandom::new()
            .fill(&mut random)
            .map_err(|_| FetchError::Setup("the system gives no random numbers".to_owned()))?;
        let challenge = hexadecimal(&random);
        let lease = self.lease(&intent.wish).map(|seconds| seconds.to_string());
        let mut question =
            vec![("hub.mode", intent.wish.mode()), ("hub.topic", &intent.named), ("hub.challenge", &challenge)];
        question.extend(lease.as_deref().map(|seconds| ("hub.lease_seconds", seconds)));
        let Some(url) = with_query(&intent.callback, &question) else { return Ok(false) };
        let fetcher = self.setup.load().fetcher.clone();
        let called = fetcher.call(&url, Call::Ask { most: challenge.len() }).await?;
        Ok(called.is_success() && called.body == challenge)
    }

    /// How long a wished subscription lasts, in seconds.
    fn lease(&self, wish: &Wish) -> Option<u64> {
        let most = self.setup.load().options.lease;
        match wish {
            Wish::Subscribe { lease, .. } => Some(lease.map_or(most, |lease| lease.min(most)).as_secs().max(1)),
            Wish::Unsubscribe => None,
        }
    }

    async fn write(&self, intent: &Intent) -> Result<(), crate::store::StoreError> {
        let Wish::Subscribe { secret, token, .. } = &intent.wish else {
            self.store.unsubscribe(&intent.topic, &intent.callback).await?;
            return Ok(());
        };
        let lease = self.lease(&intent.wish).and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or_default();
        let subscription = Subscription {
            topic: intent.topic.clone(),
            callback: intent.callback.clone(),
            form: Form::Content,
            secret: secret.clone(),
            token: token.clone(),
            expires: self.clock.now().checked_add_signed(chrono::TimeDelta::seconds(lease)),
        };
        // Whoever subscribes has the topic as it is now.
        let told = self.topics.topic(&intent.topic).map(|topic| topic.version).unwrap_or_default();
        self.store.subscribe(&subscription, &told).await
    }

    /// Tells a callback that it will not, or no longer, be told of a topic (s.5.2).
    pub(super) async fn deny(&self, callback: &str, topic: &str, reason: &str) {
        let words = [("hub.mode", "denied"), ("hub.topic", topic), ("hub.reason", reason)];
        let Some(url) = with_query(callback, &words) else { return };
        let fetcher = self.setup.load().fetcher.clone();
        if let Err(problem) = fetcher.call(&url, Call::Ask { most: 1 }).await {
            debug!(host = host(callback), error = %in_words(&problem), "a callback could not be told of a refusal");
        }
    }
}

/// A callback with more parameters behind its own.
fn with_query(callback: &str, more: &[(&str, &str)]) -> Option<Url> {
    let mut url = Url::parse(callback).ok()?;
    url.query_pairs_mut().extend_pairs(more);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_keeps_its_own_query() {
        let url = |callback| with_query(callback, &[("hub.mode", "a b")]).unwrap().to_string();
        assert_eq!(url("https://a.example/x?k=%20v&k"), "https://a.example/x?k=%20v&k&hub.mode=a+b");
        assert_eq!(url("https://a.example/x"), "https://a.example/x?hub.mode=a+b");
        assert_eq!(with_query("no address", &[]), None);
    }
}
