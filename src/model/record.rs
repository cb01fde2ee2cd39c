//! What one visit writes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::{Arrival, Entry, EntryId, PictureFacts, SourceId, SourceState, Verdict};

/// Everything one visit wants to write, committed in one transaction: all of it or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct PollRecord {
    /// The source that was visited.
    pub source: SourceId,
    /// When.
    pub at: DateTime<Utc>,
    /// What to remember of it.
    pub state: SourceState,
    /// Known entries that the source still lists, unchanged.
    pub seen: Vec<EntryId>,
    /// New and revised entries.
    pub arrivals: Vec<Arrival>,
    /// Pictures that were looked at.
    pub pictures: Vec<(Url, PictureFacts)>,
}

/// Decides, inside the store's transaction, whether two entries that share a key are one story.
/// Pure, symmetric and quick: it is called for a bounded number of candidates.
#[derive(Clone)]
pub struct Judge {
    /// Whether the arrival and the kept entry are the same article.
    pub same: Arc<dyn Fn(&Arrival, &Entry) -> Verdict + Send + Sync>,
    /// Which of the story's entries leads: an index into the slice, which is never empty and is in
    /// the order of arrival.
    pub lead: Arc<dyn Fn(&[Entry]) -> usize + Send + Sync>,
}

impl std::fmt::Debug for Judge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Judge")
    }
}

/// What a commit changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Sources whose published stories changed (several for one story with several members).
    pub touched: Vec<SourceId>,
}
