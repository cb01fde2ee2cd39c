//! The right to visit a source, which no other process has meanwhile. It is short, and renewed for as long as
//! the visit lasts, so that only a process that died or stands still loses one, and soon.

use std::convert::Infallible;
use std::time::Duration;

use tracing::warn;

use super::Visitor;
use crate::model::SourceId;
use crate::store::StoreError;

/// For how long a source is a process's own.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// Between renewals: two of them may fail.
const RENEW: Duration = Duration::from_secs(10);

impl Visitor {
    /// Takes the right to visit a source; false when another process has it.
    pub async fn claim(&self, source: &SourceId) -> Result<bool, StoreError> {
        self.store.claim(source, self.clock.now(), LEASE).await
    }
}

/// Does `work` with a source that was claimed, and keeps it claimed until that ends.
pub async fn kept<T>(visitor: &Visitor, source: &SourceId, work: impl Future<Output = T>) -> T {
    tokio::select! {
        done = work => done,
        never = renew(visitor, source) => match never {},
    }
}

async fn renew(visitor: &Visitor, source: &SourceId) -> Infallible {
    loop {
        tokio::time::sleep(RENEW).await;
        let renewed = visitor.store.renew(source, visitor.clock.now(), LEASE).await;
        if let Err(problem) = renewed {
            warn!(%source, error = %problem, "the store does not know that the visit goes on");
        }
    }
}
