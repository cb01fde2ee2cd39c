//! A feed as a page, and an article as a page.

use maud::{Markup, html};

use super::frame::{Offer, Page, safe, subscribe, time};
use crate::merge::Site;
use crate::model::{Feed, FeedEntry, Media};
use crate::publish::Rendered;
use crate::publish::hygiene::{line, summary};

/// The page of a feed.
pub(in crate::publish) fn feed(feed: &Feed) -> Rendered {
    let address = format!("/{}", feed.slug);
    let main = html! {
        h1 { (feed.title) }
        p.soft { (feed.description) }
        (subscribe(&address, &feed.title))
        @if feed.entries.is_empty() { p { "There is no article yet." } }
        @for entry in &feed.entries { (story(feed, entry)) }
    };
    let page = Page {
        title: &feed.title,
        site: &feed.publisher,
        language: &feed.language,
        description: Some(&feed.description),
        offers: vec![Offer { title: &feed.title, address }],
        canonical: Some(feed.page_url.to_string()),
        main,
    };
    page.render(feed.updated)
}

/// One article in the list. The newest is loaded at once, the others when they come into view.
fn story(feed: &Feed, entry: &FeedEntry) -> Markup {
    let facts = &entry.story.lead.facts;
    let picture = entry.enclosures.iter().find(|enclosure| enclosure.is_image());
    let language = facts.language.as_deref().filter(|language| *language != feed.language);
    html! {
        section.story.with-picture[picture.is_some()] lang=[language] {
            h2 { a href={ "/entries/" (entry.story.lead.id) } { (line(&facts.title)) } }
            p.soft { (place(entry)) }
            p { (summary(facts)) }
            @if let Some(picture) = picture {
                div.picture { img src=(picture.url) alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" width=[side(picture, true)] height=[side(picture, false)]; }
            }
        }
    }
}

fn side(enclosure: &crate::model::Enclosure, wide: bool) -> Option<u32> {
    match &enclosure.media {
        Media::Image { width, height, .. } => {
            if wide {
                *width
            } else {
                *height
            }
        }
        _ => None,
    }
}

/// Source, authors, time.
fn place(entry: &FeedEntry) -> Markup {
    let names: Vec<_> = entry.story.lead.facts.authors.iter().filter_map(|person| person.name.clone()).collect();
    html! {
        (entry.source_title)
        @if !names.is_empty() { " · " (names.join(", ")) }
        " · " (time(entry.story.published))
        @if !entry.also_at.is_empty() { " · also at " (others(entry)) }
    }
}

fn others(entry: &FeedEntry) -> String {
    let mut names: Vec<&str> = entry.also_at.iter().map(|(title, _)| title.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// The page of an article.
pub fn entry(site: &Site, entry: &FeedEntry) -> Rendered {
    let facts = &entry.story.lead.facts;
    let title = line(&facts.title);
    let lead = entry.enclosures.iter().find(|enclosure| enclosure.is_image());
    let shows_lead = lead.is_some_and(|lead| !facts.content.as_str().contains("<img") && lead.is_image());
    let main = html! {
        article.entry lang=[facts.language.as_deref()] {
            h1 dir="auto" { (title) }
            p.soft { (place(entry)) }
            @if let Some(lead) = lead.filter(|_| shows_lead) { (figure(lead)) }
            @if facts.content.is_empty() { p { (summary(facts)) } }
            div dir="auto" { (safe(&facts.content)) }
            (files(entry))
        }
        (sources(entry))
    };
    let brief = summary(facts);
    let page = Page {
        title: &title,
        site: &site.title,
        language: &site.language,
        description: Some(&brief),
        offers: Vec::new(),
        canonical: facts.url.as_ref().map(ToString::to_string),
        main,
    };
    page.render(entry.story.updated)
}

fn figure(picture: &crate::model::Enclosure) -> Markup {
    let caption = match &picture.media {
        Media::Image { caption, .. } => caption.as_deref(),
        _ => None,
    };
    html! {
        figure {
            img src=(picture.url) alt=(caption.unwrap_or_default()) width=[side(picture, true)] height=[side(picture, false)] referrerpolicy="no-referrer";
            @if let Some(caption) = caption { figcaption { (caption) } }
        }
    }
}

/// Files that are no pictures.
fn files(entry: &FeedEntry) -> Markup {
    let files: Vec<_> = entry.enclosures.iter().filter(|file| !file.is_image()).collect();
    html! {
        @if !files.is_empty() {
            h2 { "Files" }
            ul { @for file in files { li { a href=(file.url) type=(file.mime_type) { (file.title.as_deref().unwrap_or(&file.mime_type)) } } } }
        }
    }
}

/// Where the article is from, and where else it was found.
fn sources(entry: &FeedEntry) -> Markup {
    let facts = &entry.story.lead.facts;
    html! {
        section.sources aria-label="Sources" {
            p {
                "From " (entry.source_title)
                @if let Some(url) = &facts.url { ": " a href=(url) rel="noopener noreferrer" { "read it there" } }
                ", published " (time(entry.story.published))
                @if entry.story.updated > entry.story.published { ", changed " (time(entry.story.updated)) }
                "."
            }
            @if !entry.also_at.is_empty() {
                p { "Found also at:" }
                ul {
                    @for (title, url) in &entry.also_at {
                        li { @if let Some(url) = url { a href=(url) rel="noopener noreferrer" { (title) } } @else { (title) } }
                    }
                }
            }
            @if let Some(rights) = &facts.rights { p.soft { (rights) } }
        }
    }
}
