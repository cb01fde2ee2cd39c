//! Content distribution (s.7): whoever was not told of the present version of a topic is told, with
//! growing waits after failures. Everything that matters is in the store, so a kill costs nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;
use tracing::{debug, error, info, warn};
use url::Url;

use super::pace::Turn;
use super::{Hub, Topic};
use crate::fetch::{Call, Called, FetchError};
use crate::model::{Form, Secret, Settlement, Subscription, Telling, Upshot};
use crate::store::StoreError;

/// Tellings that this process has under way or in wait at once.
const AT_ONCE: usize = 256;
/// A telling that takes longer is put off. Longer than a call may take, since calls to one host wait for
/// each other.
const LONGEST: Duration = Duration::from_secs(45);
/// For how long a telling is this process's own: longer than it may take.
const LEASE: Duration = Duration::from_secs(60);
/// When nothing is known to be due; other processes may have changed the store.
const LOOK: Duration = Duration::from_secs(30);
/// How often another service than the one that tells looks whether that one still lives.
const LEAD: Duration = Duration::from_secs(2);
/// Who begins to tell in another one's place first lets its own documents become as new as that one's were.
const CATCH_UP: Duration = Duration::from_secs(3);
/// Waits after a failure, in seconds; the last one stays until the subscription ends.
const WAITS: [i64; 7] = [10, 60, 5 * 60, 15 * 60, 60 * 60, 3 * 60 * 60, 6 * 60 * 60];

/// Tells, without end.
pub(super) async fn tell_all(hub: &Arc<Hub>) {
    let mut under_way = JoinSet::new();
    let mut settled = Vec::new();
    let mut leads = None;
    loop {
        let leading = hub.store.leads().await;
        match (leads, &leading) {
            // Said once, and not at each look.
            (Some(true) | None, Err(problem)) => {
                warn!(error = %problem, "the store does not say who tells subscribers");
            }
            (Some(false), Ok(true)) => {
                info!("this service tells subscribers from now on");
                tokio::time::sleep(CATCH_UP).await;
            }
            _ => {}
        }
        // Whoever does not know that it leads does not.
        leads = Some(leading.unwrap_or(false));
        if leads == Some(false) && under_way.is_empty() && settled.is_empty() {
            tokio::time::sleep(LEAD).await;
            continue;
        }
        let wait = match round(hub, leads == Some(true), &mut under_way, &mut settled).await {
            Ok(wait) => wait,
            Err(problem) => {
                error!(error = %problem, "the store does not say who is to be told");
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            () = hub.changed.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(done) = under_way.join_next() => {
                note(&mut settled, done);
                while let Some(done) = under_way.try_join_next() {
                    note(&mut settled, done);
                }
            }
        }
    }
}

fn note(settled: &mut Vec<Settlement>, done: Result<Settlement, tokio::task::JoinError>) {
    match done {
        Ok(settlement) => settled.push(settlement),
        // The subscription is due again when this process's right to it ends.
        Err(fault) => error!(error = %fault, "telling a subscriber ended with a fault"),
    }
}

/// Writes what was settled, then takes and starts what is due; says how long to wait for the next.
async fn round(
    hub: &Arc<Hub>,
    leads: bool,
    under_way: &mut JoinSet<Settlement>,
    settled: &mut Vec<Settlement>,
) -> Result<Duration, StoreError> {
    if !settled.is_empty() {
        hub.store.settle(settled).await?;
        for settlement in settled.drain(..).filter(|settlement| matches!(settlement.upshot, Upshot::Ended)) {
            info!(topic = settlement.subscription.topic, "a subscription is off the list");
        }
    }
    if !leads {
        return Ok(LEAD);
    }
    let now = hub.clock.now();
    let versions = hub.topics.versions();
    let (mut due, mut next) = (BTreeSet::new(), None);
    for behind in hub.store.behind(now).await? {
        let Some(version) = versions.get(&behind.topic).filter(|version| **version != behind.told) else { continue };
        if behind.due <= now {
            due.insert((behind.topic, version));
        } else {
            next = Some(next.map_or(behind.due, |next: DateTime<Utc>| next.min(behind.due)));
        }
    }
    for (topic, version) in due {
        let room = AT_ONCE.saturating_sub(under_way.len());
        if room == 0 {
            break;
        }
        for telling in hub.store.claim_tellings(&topic, version, now, LEASE, room).await? {
            under_way.spawn(tell(Arc::clone(hub), telling));
        }
    }
    let wait = next.and_then(|next| (next - now).to_std().ok()).unwrap_or(LOOK);
    Ok(wait.clamp(Duration::from_millis(10), LOOK))
}

/// Tells one.
async fn tell(hub: Arc<Hub>, telling: Telling) -> Settlement {
    let postponed = |by: Duration| Upshot::Postponed(hub.clock.now() + by);
    let upshot = match tokio::time::timeout(LONGEST, attempt(&hub, &telling)).await {
        Ok(upshot) => upshot,
        Err(_) => postponed(Duration::from_secs(1)),
    };
    Settlement { subscription: telling.subscription, upshot }
}

async fn attempt(hub: &Hub, telling: &Telling) -> Upshot {
    let subscription = &telling.subscription;
    let host = subscription.host();
    let now = hub.clock.now();
    if let Some(until) = hub.hosts.paused(&host, now) {
        return Upshot::Postponed(until);
    }
    let Some(topic) = hub.topics.topic(&subscription.topic) else { return Upshot::Postponed(now + LOOK) };
    if subscription.form == Form::Content && !hub.topics.admits(&subscription.topic, subscription.token.as_deref()) {
        info!(topic = subscription.topic, host, "a subscription ended: its token is valid no longer");
        hub.deny(&subscription.callback, &topic.url, "the token is not valid any longer").await;
        return Upshot::Ended;
    }
    if subscription.form == Form::Content {
        match hub.pace.turn(topic.body.len(), hub.setup.load().options.bandwidth, Instant::now()) {
            Turn::After(wait) => tokio::time::sleep(wait).await,
            Turn::AskAgain(wait) => return Upshot::Postponed(now + wait),
        }
    }
    let called = call(hub, subscription, &topic).await;
    let now = hub.clock.now();
    match &called {
        Ok(called) if called.status < 500 && called.status != 429 => hub.hosts.answered(&host),
        _ => hub.hosts.failed(&host, now),
    }
    match called {
        Ok(called) if called.is_success() => {
            debug!(topic = subscription.topic, host, "told");
            Upshot::Told(topic.version)
        }
        Ok(Called { status: 410, .. }) if subscription.form == Form::Content => {
            info!(topic = subscription.topic, host, "a subscriber is gone (410)");
            Upshot::Ended
        }
        Ok(called) => {
            let wait = wait(telling.attempts).max(longer_wish(&called));
            warn!(
                topic = subscription.topic,
                host,
                status = called.status,
                "a subscriber or hub refused; it is told again later"
            );
            Upshot::Failed(now + wait)
        }
        Err(problem) => {
            warn!(topic = subscription.topic, host, error = %in_words(&problem), "a subscriber or hub could not be told; it is told again later");
            Upshot::Failed(now + wait(telling.attempts))
        }
    }
}

async fn call(hub: &Hub, subscription: &Subscription, topic: &Topic) -> Result<Called, FetchError> {
    let url = Url::parse(&subscription.callback)
        .map_err(|_| FetchError::Setup(format!("{:?} is no address", subscription.callback)))?;
    let setup = hub.setup.load_full();
    let call = match subscription.form {
        Form::Content => Call::Send {
            content_type: topic.content_type.to_owned(),
            links: vec![format!("<{}>; rel=\"hub\"", setup.options.url), format!("<{}>; rel=\"self\"", topic.url)],
            signature: subscription
                .secret
                .as_ref()
                .map(|secret| setup.options.signature.sign(Secret::expose(secret), &topic.body)),
            body: topic.body.clone(),
        },
        Form::Notice => Call::Send {
            content_type: "application/x-www-form-urlencoded".to_owned(),
            links: Vec::new(),
            signature: None,
            body: notice(&topic.url),
        },
    };
    setup.fetcher.call(&url, call).await
}

/// What public hubs expect of a publisher.
fn notice(topic: &str) -> Bytes {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", "publish").append_pair("hub.url", topic).append_pair("hub.topic", topic);
    form.finish().into()
}

/// The wait after this many failures and one more.
fn wait(failures: u32) -> TimeDelta {
    let last = WAITS.len() - 1;
    let place = usize::try_from(failures).unwrap_or(last).min(last);
    TimeDelta::seconds(WAITS.get(place).copied().unwrap_or_default())
}

/// What the other side asked for, as far as it is sensible.
fn longer_wish(called: &Called) -> TimeDelta {
    let most = wait(u32::MAX);
    called.retry_after.and_then(|wish| TimeDelta::from_std(wish).ok()).map_or(TimeDelta::zero(), |wish| wish.min(most))
}

/// What went wrong, without advice that is meant for sources.
pub(super) fn in_words(problem: &FetchError) -> String {
    match problem {
        FetchError::Private { .. } => "the callback lies in a private network ([hub] allow_private)".to_owned(),
        // An address may hold what only its owner should know.
        FetchError::Timeout { limit, .. } => format!("no answer within {} seconds", limit.as_secs_f32()),
        FetchError::Body { .. } | FetchError::Request { .. } => "the connection broke off".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_have_an_end() {
        assert!((0..10).all(|failures| wait(failures) <= wait(failures + 1)));
        assert_eq!((wait(0), wait(u32::MAX)), (TimeDelta::seconds(10), TimeDelta::hours(6)));
    }

    #[test]
    fn a_notice_is_a_form() {
        let form = notice("https://a.example/feeds/all.rss");
        assert_eq!(
            form,
            "hub.mode=publish&hub.url=https%3A%2F%2Fa.example%2Ffeeds%2Fall.rss&hub.topic=https%3A%2F%2Fa.example%2Ffeeds%2Fall.rss"
        );
    }
}
