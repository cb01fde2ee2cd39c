//! How a source is doing.

use super::{Location, SourceId, SourceState};

/// A source's health, for `status`.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The source.
    pub id: SourceId,
    /// What people call it.
    pub title: String,
    /// Where it is.
    pub location: Location,
    /// What is remembered of its visits.
    pub state: SourceState,
    /// Entries of it in the store.
    pub entries: u64,
}

/// How one visit went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Read {
        /// Articles it listed.
        items: usize,
        /// Of them new.
        new: usize,
        /// Of them changed.
        revised: usize,
        /// What had to be mended, in words.
        repairs: Vec<String>,
    },
    /// It has not changed since the last visit.
    Unchanged,
    /// It failed; in words.
    Failed {
        /// What went wrong, and what to do.
        error: String,
        /// Whether trying again may help.
        transient: bool,
    },
}
