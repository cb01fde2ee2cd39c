//! A feed as a page, and an article as a page.

use chrono_tz::Tz;
use maud::{Markup, PreEscaped, html};

use super::frame::{Offer, Page, subscribe, time};
use super::words::Words;
use crate::merge::Site;
use crate::model::{Feed, FeedEntry, Part};
use crate::publish::Rendered;
use crate::publish::files::File;
use crate::publish::hygiene::{Body, Line};
use crate::publish::ready::{Item, Place, Ready};
use crate::publish::suffix;

/// Pictures that are seen without scrolling are loaded at once.
const AT_ONCE: usize = 2;

/// What the parts of a page need to know of it.
struct View<'a> {
    words: &'static Words,
    zone: Tz,
    root: &'a str,
    /// The language of what is published on it.
    language: Option<&'a str>,
}

/// The page of a feed.
pub(in crate::publish) fn feed(feed: &Feed, ready: &Ready<'_>) -> Rendered {
    let path = feed.base_url.path();
    let root = path.strip_suffix(feed.slug.as_str()).unwrap_or("/");
    let view = View { words: Words::of(&feed.language), zone: feed.timezone, root, language: Some(ready.language) };
    let main = html! {
        div.intro {
            h1 dir="auto" { (ready.title) }
            // The one that a feed has when nobody gave it one says its title again.
            @if feed.description != format!("{} – {}", feed.title, feed.publisher) {
                p.soft dir="auto" { (ready.description) }
            }
            (subscribe(view.words, &ready.newest, ready.title.as_str(), feed.profile))
        }
        @if ready.items.is_empty() { p.empty { (view.words.no_article) } }
        div.stories {
            @for (place, item) in ready.items.iter().enumerate() { (story(&view, item, place)) }
        }
        (turning(view.words, feed, path))
    };
    let page = Page {
        title: ready.title.as_str(),
        site: ready.publisher.as_str(),
        root,
        words: view.words,
        description: Some(ready.description.as_str()),
        offers: vec![Offer { title: ready.title.as_str(), address: path.to_owned(), profile: feed.profile }],
        canonical: Some(ready.own.as_str()),
        zone: Some(view.zone),
        main,
    };
    page.render(feed.updated)
}

/// Links to the pages before and after.
fn turning(words: &Words, feed: &Feed, path: &str) -> Markup {
    let page = |number: usize| match number {
        0 | 1 => path.to_owned(),
        number => format!("{path}{}", suffix(Part::Page { number, more: false })),
    };
    let (newer, older) = match feed.part {
        Part::Newest { more, .. } => (None, more.then(|| page(2))),
        Part::Page { number, more } => (Some(page(number - 1)), more.then(|| page(number + 1))),
        Part::Archive { .. } => (None, None),
    };
    html! {
        @if newer.is_some() || older.is_some() {
            nav.turning aria-label=(words.pages) {
                @if let Some(newer) = newer { a rel="prev" href=(newer) { "← " (words.newer) } }
                @if let Some(older) = older { a.older rel="next" href=(older) { (words.older) " →" } }
            }
        }
    }
}

/// One article in the list.
fn story(view: &View<'_>, item: &Item<'_>, place: usize) -> Markup {
    let picture = item.lead_picture();
    let lazy = (place >= AT_ONCE).then_some("lazy");
    html! {
        article.story.pictured[picture.is_some()] lang=[item.other_language(view.words.tag)] {
            div.text {
                h2 dir="auto" { a href={ (view.root) "entries/" (item.entry) } { (item.title) } }
                (byline(view, item))
                p.brief dir="auto" { (item.brief()) }
            }
            @if let Some(picture) = picture {
                div.picture { (image(picture, "", lazy)) }
            }
        }
    }
}

fn image(picture: &File, alt: &str, loading: Option<&str>) -> Markup {
    html! {
        img src=(picture.url) alt=(alt) width=[picture.width] height=[picture.height] loading=[loading]
            decoding="async" referrerpolicy="no-referrer";
    }
}

/// Source, authors, time, and where else it is.
fn byline(view: &View<'_>, item: &Item<'_>) -> Markup {
    html! {
        p.byline lang=(view.words.tag) {
            a.source href=(item.link) rel="noopener noreferrer" dir="auto" { (item.source.name) }
            @for author in &item.authors { span.part dir="auto" { (author.name) } }
            span.part { (time(view.words, item.published, view.zone)) }
            @if !item.others.is_empty() {
                span.part {
                    (view.words.also_at) " "
                    @for (place, other) in item.others.iter().enumerate() {
                        @if place > 0 { ", " }
                        (link(other))
                    }
                }
            }
        }
    }
}

fn link(place: &Place) -> Markup {
    html! {
        @if let Some(url) = &place.url { a href=(url) rel="noopener noreferrer" dir="auto" { (place.name) } }
        @else { bdi { (place.name) } }
    }
}

/// The page of an article.
pub fn entry(site: &Site, entry: &FeedEntry) -> Rendered {
    let item = Item::new(entry, site.base_url.host_str());
    let view = View {
        words: Words::of(&site.language),
        zone: site.timezone,
        root: site.base_url.path(),
        language: item.language,
    };
    // The whole text, however long it is.
    let body = Body::new(&entry.story.lead.facts.content);
    let has_picture = body.as_ref().is_some_and(|body| body.as_str().contains("<img"));
    let lead = item.lead_picture().filter(|_| !has_picture);
    let main = html! {
        article.entry {
            header {
                h1 lang=[view.language] dir="auto" { (item.title) }
                (byline(&view, &item))
            }
            @if let Some(lead) = lead { (figure(&view, lead)) }
            div.body lang=[view.language] dir="auto" {
                @match &body {
                    Some(body) => { (PreEscaped(body.as_str())) }
                    None => { p { (item.brief()) } }
                }
            }
            (files(&view, &item))
        }
        (sources(&view, &item))
    };
    let brief = item.brief();
    let page = Page {
        title: item.title.as_str(),
        site: &site.title,
        root: view.root,
        words: view.words,
        description: Some(brief.as_str()),
        offers: Vec::new(),
        canonical: Some(item.link.as_str()),
        zone: Some(view.zone),
        main,
    };
    page.render(entry.story.updated)
}

fn figure(view: &View<'_>, picture: &File) -> Markup {
    let caption = picture.caption.as_ref();
    html! {
        figure {
            (image(picture, caption.map(Line::as_str).unwrap_or_default(), None))
            @if caption.is_some() || picture.credit.is_some() {
                figcaption dir="auto" {
                    @if let Some(caption) = caption { span lang=[view.language] { (caption) } " " }
                    @if let Some(credit) = &picture.credit { (view.words.picture_by) " " bdi { (credit) } }
                }
            }
        }
    }
}

/// Files that are no pictures.
fn files(view: &View<'_>, item: &Item<'_>) -> Markup {
    let files: Vec<_> = item.files.iter().filter(|file| !file.is_image()).collect();
    html! {
        @if !files.is_empty() {
            section.files {
                h2 { (view.words.files) }
                ul {
                    @for file in files {
                        li {
                            a href=(file.url) type=(file.mime_type) dir="auto" {
                                @match &file.title { Some(title) => { (title) } None => { (file.mime_type) } }
                            }
                            @if let Some(bytes) = file.length { span.soft { " " (size(bytes)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A number of bytes in the unit that fits it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Where the article is from, and where else it was found.
fn sources(view: &View<'_>, item: &Item<'_>) -> Markup {
    let words = view.words;
    html! {
        aside.sources aria-label=(words.sources) {
            p {
                strong dir="auto" { (item.source.name) }
                @if item.link != item.page {
                    a.original href=(item.link) rel="noopener noreferrer" { (words.read_original) }
                }
            }
            dl {
                dt { (words.published) } dd { (time(words, item.published, view.zone)) }
                @if item.is_revised() { dt { (words.changed) } dd { (time(words, item.updated, view.zone)) } }
                @if !item.others.is_empty() {
                    dt { (words.found_also) }
                    dd { ul { @for other in &item.others { li { (link(other)) } } } }
                }
                @if let Some(url) = &item.comments {
                    dt { (words.discussion) } dd { a href=(url) rel="noopener noreferrer nofollow" dir="auto" { (item.source.name) } }
                }
            }
            @if let Some(rights) = &item.rights { p.soft dir="auto" { (rights) } }
        }
    }
}
