//! Why a visit failed.

use std::time::Duration;

use crate::fetch::FetchError;
use crate::model::SourceId;
use crate::parse::ParseError;
use crate::store::StoreError;

/// Why a visit brought nothing. All but [`VisitError::Store`] end in the source's status.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// The source could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What came cannot be read.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The source answered 410.
    #[error("the source is gone for good (410); take it out of feeds.toml, or give its new address")]
    Gone,
    /// The source asked to be left alone for a while.
    #[error("the source asks to wait{}", after.map(|d| format!(" {} minutes", d.as_secs().div_ceil(60))).unwrap_or_default())]
    Busy {
        /// How long, when it said.
        after: Option<Duration>,
    },
    /// The document is not of the configured kind.
    #[error(
        "feeds.toml says that this is a {expected}, but it looks like {found}; kind = \"auto\" finds out by itself"
    )]
    WrongKind {
        /// What feeds.toml says.
        expected: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// A page in which no article links were found.
    #[error(
        "no links to articles were found in the page; name them with [sources.{0}.page] links = \"<CSS selector>\""
    )]
    NoLinks(SourceId),
    /// The visit took longer than any visit may.
    #[error("the visit took longer than {} minutes and was given up", .0.as_secs() / 60)]
    TooLong(Duration),
    /// A fault in newsriver itself.
    #[error("newsriver itself failed on this source; please report it")]
    Internal,
    /// Our own store failed; the source is not to blame.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl VisitError {
    /// Whether trying again later may help without an admin doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_transient(),
            Self::Busy { .. } | Self::TooLong(_) | Self::Store(_) => true,
            Self::Parse(_) | Self::Gone | Self::WrongKind { .. } | Self::NoLinks(_) | Self::Internal => false,
        }
    }

    /// The error with its causes on one line.
    pub fn in_words(&self) -> String {
        let mut words = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(next) = cause {
            let text = next.to_string();
            if !words.contains(&text) {
                words.push_str(": ");
                words.push_str(&text);
            }
            cause = next.source();
        }
        words
    }
}
