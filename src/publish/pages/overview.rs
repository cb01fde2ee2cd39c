//! The first page: which feeds there are, and of what.

use chrono::DateTime;
use maud::html;
use url::Url;

use super::frame::{Offer, Page, subscribe};
use crate::merge::Site;
use crate::model::SourceId;
use crate::publish::Rendered;

/// A feed in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLine {
    /// Its path, without a slash before it.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// How many sources it draws on.
    pub sources: usize,
}

/// A source in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// Its name in URLs.
    pub id: SourceId,
    /// Its title.
    pub title: String,
    /// Its own address.
    pub url: Option<Url>,
    /// Articles kept of it.
    pub entries: u64,
}

/// The page that lists feeds and sources.
pub fn index(site: &Site, feeds: &[FeedLine], sources: &[SourceLine]) -> Rendered {
    let main = html! {
        h1 { (site.title) }
        @if feeds.is_empty() { p { "There is no public feed yet." } }
        @else { p { "Subscribe with any feed reader: copy one of the addresses below, or this page's." } }
        ul.plain {
            @for feed in feeds {
                li {
                    h2 { a href={ "/" (feed.slug) } { (feed.title) } }
                    @if let Some(description) = &feed.description { p { (description) } }
                    p.soft { (feed.sources) @if feed.sources == 1 { " source" } @else { " sources" } }
                    (subscribe(&format!("/{}", feed.slug), &feed.title))
                }
            }
        }
        @if !sources.is_empty() {
            h2 { "Sources" }
            ul {
                @for source in sources {
                    li {
                        a href={ "/sources/" (source.id) } { (source.title) }
                        span.soft { " – " (source.entries) @if source.entries == 1 { " article" } @else { " articles" } }
                        @if let Some(url) = &source.url { " " a.soft href=(url) rel="noopener noreferrer" { (url.host_str().unwrap_or_default()) } }
                    }
                }
            }
            p { a href="/opml" { "All sources as OPML" } }
        }
    };
    let offers = feeds.iter().map(|feed| Offer { title: &feed.title, address: format!("/{}", feed.slug) }).collect();
    let page = Page {
        title: &site.title,
        site: &site.title,
        language: &site.language,
        description: Some("Merged news feeds"),
        offers,
        canonical: Some(site.base_url.to_string()),
        main,
    };
    page.render(DateTime::UNIX_EPOCH)
}
