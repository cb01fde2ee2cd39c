//! Due sources to visits: at most so many at once, none held up by another, a clean stop.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::error;

use super::{Visit, Visitor, lease};
use crate::model::{Source, SourceId};

/// The longest sleep: changes made by other processes are seen at least this often.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// After a failure of the store.
const STORE_PAUSE: Duration = Duration::from_secs(5);
/// What is to be visited, and with what; replaced as a whole when feeds.toml changes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The sources.
    pub sources: HashMap<SourceId, Arc<Source>>,
    /// Makes the visits.
    pub visitor: Visitor,
    /// Visits under way at once.
    pub concurrency: usize,
}

/// Visits sources when they are due.
#[derive(Debug)]
pub struct Runner {
    plan: Arc<ArcSwap<Plan>>,
    visits: TaskTracker,
    stop: CancellationToken,
    /// Raised when the plan was replaced.
    replanned: Arc<Notify>,
    /// Raised when a visit changed what is published.
    changed: Arc<Notify>,
    /// Raised when a visit ended, since only then it is known when the next is due.
    ended: Arc<Notify>,
    under_way: Arc<UnderWay>,
}

/// What is going on.
#[derive(Debug, Default)]
struct UnderWay {
    /// The sources that are being visited; those that were claimed once more meanwhile, with the time of that.
    visits: Mutex<BTreeMap<SourceId, Option<DateTime<Utc>>>>,
    /// The sources whose articles are being asked for again.
    rechecks: Mutex<BTreeSet<SourceId>>,
}

impl UnderWay {
    fn visits(&self) -> MutexGuard<'_, BTreeMap<SourceId, Option<DateTime<Utc>>>> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rechecks(&self) -> MutexGuard<'_, BTreeSet<SourceId>> {
        self.rechecks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a visit is to begin that was claimed now. Another one may not have ended: a store that was away or
    /// busy let its lease end, or it has just been written.
    fn begins(&self, id: &SourceId, now: DateTime<Utc>) -> bool {
        match self.visits().entry(id.clone()) {
            Entry::Vacant(free) => {
                free.insert(None);
                true
            }
            Entry::Occupied(mut busy) => {
                busy.insert(Some(now));
                false
            }
        }
    }
}

impl Runner {
    /// A runner of `plan` that ends with `stop`; `changed` is raised after each visit that changed
    /// something, `replanned` tells it to look at the plan at once.
    pub fn new(
        plan: Arc<ArcSwap<Plan>>,
        stop: CancellationToken,
        replanned: Arc<Notify>,
        changed: Arc<Notify>,
    ) -> Self {
        let (visits, ended, under_way) = (TaskTracker::new(), Arc::default(), Arc::default());
        Self { plan, visits, stop, replanned, changed, ended, under_way }
    }

    /// Runs until stopped. Visits under way then have `grace` to end; what they would have stored
    /// is fetched anew after the next start.
    pub async fn run(self, grace: Duration) {
        let slots = Arc::new(Semaphore::new(self.plan.load().concurrency.max(1)));
        while !self.stop.is_cancelled() {
            let pause = self.start_due(&slots).await;
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = self.replanned.notified() => {}
                () = self.ended.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.visits.close();
        // A visit that is cut here has written nothing: its one commit is its last step.
        let _ = tokio::time::timeout(grace, self.visits.wait()).await;
    }

    /// Starts the due visits for which there is a slot; returns how long to wait.
    async fn start_due(&self, slots: &Arc<Semaphore>) -> Duration {
        let plan = self.plan.load_full();
        let now = plan.visitor.clock.now();
        let free = slots.available_permits();
        if free == 0 {
            return Duration::from_millis(200);
        }
        let due = match plan.visitor.store.claim_due(now, lease::LEASE, free).await {
            Ok(due) => due,
            Err(problem) => {
                error!(error = %problem, "the store does not answer; visits wait");
                return STORE_PAUSE;
            }
        };
        for id in due {
            let (Some(source), Ok(slot)) = (plan.sources.get(&id).cloned(), Arc::clone(slots).try_acquire_owned())
            else {
                continue;
            };
            if !self.under_way.begins(&id, now) {
                continue;
            }
            let (visitor, changed, ended) = (plan.visitor.clone(), Arc::clone(&self.changed), Arc::clone(&self.ended));
            let under_way = Arc::clone(&self.under_way);
            self.visits.spawn(async move {
                let visit = visit(&visitor, &source, &changed).await;
                let again = under_way.visits().remove(&id).flatten();
                if let Some(at) = again
                    && let Err(problem) = visitor.store.release(&id, at, lease::LEASE).await
                {
                    error!(source = %id, error = %problem, "the source waits until its lease ends");
                }
                drop(slot);
                ended.notify_one();
                // Pages that answer late hold up no visit.
                if let Some(visit) = visit
                    && under_way.rechecks().insert(id.clone())
                {
                    let recheck = AssertUnwindSafe(visitor.recheck(&source, &visit)).catch_unwind().await;
                    under_way.rechecks().remove(&id);
                    if let Ok(Err(problem)) = recheck {
                        error!(source = %id, error = %problem, "what its source took back could not be stored");
                    }
                }
            });
        }
        match plan.visitor.store.next_due().await {
            Ok(Some(next)) => (next - now)
                .to_std()
                .unwrap_or(Duration::from_millis(200))
                .clamp(Duration::from_millis(100), LONGEST_SLEEP),
            _ => LONGEST_SLEEP,
        }
    }
}

/// One visit, and the word of what it changed; None when it could not be stored.
async fn visit(visitor: &Visitor, source: &Source, changed: &Notify) -> Option<Visit> {
    let visit = async {
        match AssertUnwindSafe(visitor.call(source)).catch_unwind().await {
            Ok(outcome) => outcome.map(Some),
            // The fault itself was printed where it happened.
            Err(_) => visitor.give_up(source).await.map(|()| None),
        }
    };
    let outcome = lease::kept(visitor, &source.id, visit).await;
    match outcome {
        Ok(visit) => {
            if visit.as_ref().is_some_and(|visit| !visit.touched.is_empty()) {
                changed.notify_one();
            }
            visit
        }
        Err(problem) => {
            error!(source = %source.id, error = %problem, "the visit could not be stored");
            None
        }
    }
}
