//! On how many papers each feed draws: rules for those who republish ask for a number of them (docs/partners.md).

use std::collections::BTreeSet;

use crate::address;
use crate::model::{FeedId, Location, Selection, Source};

/// Fewer are worth a note.
const ENOUGH: usize = 3;

/// A feed, and how many papers its sources are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    /// The feed.
    pub feed: FeedId,
    /// How many papers.
    pub count: usize,
}

impl Papers {
    /// Those of a feed. Several sources on one host are sections of one paper.
    pub fn of(feed: &Selection, sources: &[Source]) -> Self {
        let places =
            sources.iter().filter(|source| feed.sources.0.contains(&source.id)).map(|source| match &source.location {
                Location::Web(url) => address::site(url),
                Location::Folder(_) => source.location.to_string(),
            });
        Self { feed: feed.id.clone(), count: places.collect::<BTreeSet<_>>().len() }
    }

    /// The number in words, and what is to be said of it.
    pub fn in_words(&self) -> (String, Option<String>) {
        let note = format!("fewer than {ENOUGH}");
        let words = format!("{} paper{}", self.count, if self.count == 1 { "" } else { "s" });
        (words, (self.count < ENOUGH).then_some(note))
    }
}

impl std::fmt::Display for Papers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (words, note) = self.in_words();
        write!(f, "{} draws on {words}", self.feed)?;
        note.map_or(Ok(()), |note| write!(f, ", {note} (docs/partners.md says where that matters)"))
    }
}
