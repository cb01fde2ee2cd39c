//! On how many papers each feed draws: rules for those who republish ask for a number of them (docs/partners.md).

use std::collections::BTreeSet;

use crate::address;
use crate::config::Config;
use crate::model::{FeedId, Location, Selection};

/// Fewer are worth a note.
const ENOUGH: usize = 3;

/// A feed, and how many papers its sources are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Papers<'a> {
    pub(super) feed: &'a FeedId,
    pub(super) count: usize,
}

/// Each feed's.
pub(super) fn of_feeds(config: &Config) -> impl Iterator<Item = Papers<'_>> {
    config.feeds.iter().map(|feed| Papers { feed: &feed.id, count: count(config, feed) })
}

/// Several sources on one host are sections of one paper.
fn count(config: &Config, feed: &Selection) -> usize {
    let sources = config.sources.iter().filter(|source| feed.sources.0.contains(&source.id));
    let places = sources.map(|source| match &source.location {
        Location::Web(url) => address::site(url),
        Location::Folder(_) => source.location.to_string(),
    });
    places.collect::<BTreeSet<_>>().len()
}

impl std::fmt::Display for Papers<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { feed, count } = self;
        write!(f, "{feed} draws on {count} paper{}", if *count == 1 { "" } else { "s" })?;
        if *count < ENOUGH {
            write!(f, ", fewer than {ENOUGH} (docs/partners.md says where that matters)")
        } else {
            Ok(())
        }
    }
}
