//! The first page: which feeds there are, and of what.

use chrono::DateTime;
use maud::{Markup, html};
use url::Url;

use super::frame::{Offer, Page, subscribe};
use super::words::Words;
use crate::merge::Site;
use crate::model::{Profile, SourceId};
use crate::publish::Rendered;
use crate::publish::hygiene::{Address, Line};

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
    /// The dialect it is written in.
    pub profile: Profile,
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
    let words = Words::of(&site.language);
    let root = site.base_url.path();
    let main = html! {
        div.intro {
            h1 dir="auto" { (site.title) }
            p.soft { (if feeds.is_empty() { words.no_feed } else { words.how_to_subscribe }) }
        }
        ul.cards { @for feed in feeds { (card(words, site, feed)) } }
        @if !sources.is_empty() {
            section {
                h2 { (words.sources) }
                ul.columns { @for source in sources { (line(words, root, source)) } }
                p { a href={ (root) "opml" } { (words.as_opml) } }
            }
        }
    };
    let offers = feeds
        .iter()
        .map(|feed| Offer { title: &feed.title, address: format!("{root}{}", feed.slug), profile: feed.profile })
        .collect();
    let page = Page {
        title: &site.title,
        site: &site.title,
        root,
        words,
        description: Some(words.page_summary),
        offers,
        canonical: Some(site.base_url.as_str()),
        zone: None,
        main,
    };
    page.render(DateTime::UNIX_EPOCH)
}

fn card(words: &Words, site: &Site, feed: &FeedLine) -> Markup {
    let address = format!("{}{}", site.base_url.path(), feed.slug);
    let absolute = Address::own(&site.base_url).with(&feed.slug);
    html! {
        li {
            h2 dir="auto" { a href=(address) { (feed.title) } }
            @if let Some(description) = &feed.description { p dir="auto" { (description) } }
            p.soft { (words.sources(feed.sources as u64)) }
            (subscribe(words, &absolute, &feed.title, feed.profile))
        }
    }
}

fn line(words: &Words, root: &str, source: &SourceLine) -> Markup {
    let home = source.url.as_ref().and_then(|url| Some((url.host_str()?, Address::new(url)?)));
    html! {
        li {
            a href={ (root) "sources/" (source.id) } dir="auto" { (Line::first_of(&[&source.title, source.id.as_str()])) }
            span.soft {
                (words.articles(source.entries))
                @if let Some((host, url)) = home { " · " a href=(url) rel="noopener noreferrer" { (host) } }
            }
        }
    }
}
