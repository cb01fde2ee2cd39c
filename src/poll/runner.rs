//! Due sources to visits: at most so many at once, none held up by another, a clean stop.

use std::collections::{BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use super::Visitor;
use crate::model::{Source, SourceId};

/// The longest sleep: changes made by other processes are seen at least this often.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);
/// After a failure of the store.
const STORE_PAUSE: Duration = Duration::from_secs(5);
/// For how long a source is this process's own. It is renewed while the visit lasts, so that only a process
/// that died or stands still loses one, and soon.
const LEASE: Duration = Duration::from_secs(30);
/// Between renewals: two of them may fail.
const RENEW: Duration = Duration::from_secs(10);

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
    /// The sources that are being visited.
    under_way: Arc<Mutex<BTreeSet<SourceId>>>,
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
        tokio::select! {
            () = self.visit_due(grace) => {}
            () = self.renew_leases() => {}
        }
    }

    /// Renews the leases of the sources that are being visited, without end.
    async fn renew_leases(&self) {
        loop {
            tokio::time::sleep(RENEW).await;
            let sources: Vec<_> = self.under_way().iter().cloned().collect();
            if sources.is_empty() {
                continue;
            }
            let visitor = self.plan.load().visitor.clone();
            if let Err(problem) = visitor.store.renew(&sources, visitor.clock.now(), LEASE).await {
                warn!(error = %problem, "the store does not know that visits are under way");
            }
        }
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeSet<SourceId>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn visit_due(&self, grace: Duration) {
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
        let due = match plan.visitor.store.claim_due(now, LEASE, free).await {
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
            let (visitor, changed, ended) = (plan.visitor.clone(), Arc::clone(&self.changed), Arc::clone(&self.ended));
            // A store that was away or busy for long let the lease of a visit end that goes on.
            if !self.under_way().insert(id.clone()) {
                continue;
            }
            let under_way = Arc::clone(&self.under_way);
            self.visits.spawn(async move {
                let visit = AssertUnwindSafe(visitor.visit(&source)).catch_unwind().await;
                let outcome = match visit {
                    Ok(outcome) => outcome.map(Some),
                    // The fault itself was printed where it happened.
                    Err(_) => visitor.give_up(&source).await.map(|()| None),
                };
                match outcome {
                    Ok(Some(visit)) if !visit.touched.is_empty() => changed.notify_one(),
                    Ok(_) => {}
                    Err(problem) => error!(source = %source.id, error = %problem, "the visit could not be stored"),
                }
                under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                drop(slot);
                ended.notify_one();
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
