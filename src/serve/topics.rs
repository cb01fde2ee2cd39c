//! What can be subscribed to.

use super::Outlets;
use super::jobs::public_sources;
use super::refresh::ending;
use crate::publish::OutputFormat;

/// The outside hubs that are told of changes: path of a topic and address of the hub, each pair once.
pub fn outside_hubs(outlets: &Outlets) -> Vec<(String, String)> {
    let site = &outlets.site;
    let feeds = outlets.feeds.iter().map(|feed| (format!("feeds/{}", feed.id), site.outside_hubs_of(feed)));
    let sources = public_sources(outlets).into_iter().map(|source| (format!("sources/{source}"), site.hubs.clone()));
    let mut pairs: Vec<_> = feeds
        .chain(sources)
        .flat_map(|(slug, hubs)| {
            let topics = [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json];
            let pair = move |hub: &url::Url| topics.map(|form| (format!("/{slug}{}", ending(form)), hub.to_string()));
            hubs.iter().flat_map(pair).collect::<Vec<_>>()
        })
        .collect();
    pairs.sort();
    pairs.dedup();
    pairs
}
