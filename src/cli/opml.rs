//! `newsriver opml`: the sources as a list of subscriptions.

use std::io::Write as _;

use super::Failure;
use crate::clock::Clock;
use crate::config::Config;
use crate::model::Location;
use crate::publish::{Outline, opml};

/// Prints the sources that a feed reader could subscribe to.
pub(super) fn run(config: &Config) -> Result<bool, Failure> {
    let outlines: Vec<Outline> = config
        .sources
        .iter()
        .filter_map(|source| match &source.location {
            Location::Folder(_) => None,
            Location::Web(url) => Some(Outline {
                title: source.title.clone().unwrap_or_else(|| source.id.to_string()),
                url: url.clone(),
                home_page: None,
                folder: source.tags.first().cloned(),
            }),
        })
        .collect();
    let document = opml(&config.site.title, &outlines, Clock::system().now());
    std::io::stdout().write_all(&document.body).map_err(Failure::new)?;
    Ok(true)
}
