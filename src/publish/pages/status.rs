//! The sources' health, as a page and as JSON.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::frame::{Page, time};
use super::words::Words;
use crate::merge::{Papers, Site};
use crate::model::{Health, Location};
use crate::publish::Rendered;
use crate::publish::hygiene::{Address, Line};

/// A feed, as far as whoever asks may know of it.
#[derive(Debug, Clone)]
pub struct FeedState {
    /// Its title.
    pub title: String,
    /// The papers that it draws on.
    pub papers: Papers,
    /// Its tokens by name, and when each was last used; None does not speak of them.
    pub tokens: Option<Vec<(String, Option<DateTime<Utc>>)>>,
}

/// How all is going.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The sources.
    pub health: &'a [Health],
    /// The feeds.
    pub feeds: &'a [FeedState],
    /// The mistakes in feeds.toml since it was last good.
    pub problems: Option<&'a str>,
    /// The present.
    pub now: DateTime<Utc>,
}

/// The page.
pub fn status(site: &Site, standing: &Standing<'_>) -> Rendered {
    let Standing { health, feeds, problems, now } = *standing;
    let (failing, well): (Vec<_>, Vec<_>) = health.iter().partition(|one| one.state.failures > 0);
    let view = View { words: Words::of("en"), zone: site.timezone, now };
    let main = html! {
        div.intro {
            h1 { "Status" }
            p {
                (view.words.sources(health.len() as u64)) ": "
                @if failing.is_empty() { span.state.good { "all well" } }
                @else { span.state.bad { (failing.len()) " failing" } ", " (well.len()) " well" }
                ". " span.soft { "As of " (time(view.words, now, view.zone)) "." }
            }
        }
        @if let Some(problems) = problems {
            section.problem {
                h2 { "feeds.toml has mistakes; the last good one is in force" }
                pre tabindex="0" { (problems) }
            }
        }
        // What needs somebody comes first.
        ul.health { @for one in failing.into_iter().chain(well) { (view.source(one)) } }
        @if !feeds.is_empty() {
            section {
                h2 { "Feeds" }
                ul.columns.drawn { @for feed in feeds { (view.feed(feed)) } }
            }
        }
        p { a href={ (site.base_url.path()) "status.json" } { "The same as JSON" } }
    };
    let page = Page {
        title: "Status",
        site: &site.title,
        root: site.base_url.path(),
        words: view.words,
        description: None,
        offers: Vec::new(),
        canonical: None,
        zone: Some(view.zone),
        main,
    };
    page.render(now)
}

struct View {
    words: &'static Words,
    zone: Tz,
    now: DateTime<Utc>,
}

impl View {
    fn source(&self, health: &Health) -> Markup {
        let state = &health.state;
        let failing = state.failures > 0;
        html! {
            li.bad[failing].good[!failing && state.last_success.is_some()] {
                h2 dir="auto" { (Line::first_of(&[&health.title, health.id.as_str()])) }
                p.state {
                    @if failing { "Failing" } @else if state.last_success.is_some() { "Well" } @else { "Not read yet" }
                }
                p.where.soft { (place(&health.location)) }
                dl {
                    dt { "Last success" } dd { (self.past(state.last_success)) }
                    dt { "Last news" } dd { (self.past(state.last_news)) }
                    dt { "Next visit" } dd { (self.future(state.next_visit)) }
                    dt { "Articles" } dd { (health.entries) " kept, " (state.items) " listed" }
                    @if failing { dt { "Failures" } dd { (state.failures) " in a row" } }
                }
                @if let Some(error) = state.last_error.as_ref().filter(|_| failing) {
                    p.trouble { strong { "Last error: " } (Line::new(&discreet(error))) }
                }
                @if let Some(notice) = &state.notice { p.trouble { strong { "Notice: " } (Line::new(&discreet(notice))) } }
            }
        }
    }

    fn feed(&self, feed: &FeedState) -> Markup {
        let (papers, note) = feed.papers.in_words();
        html! {
            li {
                bdi { (Line::first_of(&[&feed.title, feed.papers.feed.as_str()])) }
                span.soft { "draws on " (papers) @if let Some(note) = note { ", " (note) } }
                @for (token, used) in feed.tokens.iter().flatten() {
                    span.soft {
                        "token " (token) ": "
                        @if used.is_some() { "last used " (self.past(*used)) } @else { "never used" }
                    }
                }
            }
        }
    }

    fn past(&self, at: Option<DateTime<Utc>>) -> Markup {
        html! {
            @match at {
                Some(at) => { (length_of_time(self.now - at)) " ago " span.soft { (time(self.words, at, self.zone)) } }
                None => "never"
            }
        }
    }

    fn future(&self, at: Option<DateTime<Utc>>) -> Markup {
        html! {
            @match at.filter(|at| *at > self.now) {
                Some(at) => { "in " (length_of_time(at - self.now)) " " span.soft { (time(self.words, at, self.zone)) } }
                None => "now"
            }
        }
    }
}

/// Words without what follows the `?` of an address: keys of sources stand there, and everyone can
/// read the status.
fn discreet(text: &str) -> String {
    let word = |word: &str| match word.split_once('?') {
        Some((address, rest)) if address.contains("://") => {
            let end: String = rest.chars().rev().take_while(|c| matches!(c, ':' | ',' | ';' | ')')).collect();
            format!("{address}?…{end}")
        }
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Where a source is, without name, password and query, in which keys may stand.
fn place(location: &Location) -> String {
    match location {
        Location::Web(url) => discreet(&Address::own(url).to_string()),
        Location::Folder(_) => location.to_string(),
    }
}

/// A length of time in words, in its largest unit.
pub fn length_of_time(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The same as JSON. Addresses come without names and passwords.
pub fn status_json(standing: &Standing<'_>) -> Rendered {
    let Standing { health, feeds, problems, now } = *standing;
    let at = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    let sources: Vec<Value> = health
        .iter()
        .map(|one| {
            let state = &one.state;
            json!({
                "id": one.id,
                "title": one.title,
                "url": place(&one.location),
                "kind": state.found_kind,
                "last_visit": at(state.last_visit),
                "last_success": at(state.last_success),
                "last_news": at(state.last_news),
                "next_visit": at(state.next_visit),
                "failures": state.failures,
                "last_error": state.last_error.as_deref().filter(|_| state.failures > 0).map(discreet),
                "notice": state.notice.as_deref().map(discreet),
                "listed": state.items,
                "entries": one.entries,
            })
        })
        .collect();
    let drawn: Vec<Value> = feeds
        .iter()
        .map(|feed| json!({ "id": feed.papers.feed, "title": feed.title, "papers": feed.papers.count }))
        .collect();
    let mut value = json!({ "now": at(Some(now)), "config_problems": problems, "sources": sources, "feeds": drawn });
    if feeds.iter().any(|feed| feed.tokens.is_some()) {
        let of_feed = |feed: &FeedState| {
            let id = &feed.papers.feed;
            let one = |(token, used): &(String, _)| json!({ "feed": id, "token": token, "last_used": at(*used) });
            feed.tokens.iter().flatten().map(one).collect::<Vec<_>>()
        };
        if let Some(value) = value.as_object_mut() {
            value.insert("tokens".to_owned(), feeds.iter().flat_map(of_feed).collect());
        }
    }
    Rendered::new("application/json", value.to_string(), now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_in_words() {
        assert_eq!(length_of_time(TimeDelta::seconds(1)), "1 second");
        assert_eq!(length_of_time(TimeDelta::minutes(119)), "1 hour");
        assert_eq!(length_of_time(TimeDelta::seconds(-5)), "0 seconds");
    }

    #[test]
    fn passwords_are_not_shown() {
        let location = Location::Web("https://user:secret@example.org/feed".parse().unwrap());
        assert_eq!(place(&location), "https://example.org/feed");
        let keyed = Location::Web("https://example.org/feed?key=abc".parse().unwrap());
        assert_eq!(place(&keyed), "https://example.org/feed?…");
        assert_eq!(
            discreet("https://a.example/f?key=1: gone? https://b.example/"),
            "https://a.example/f?…: gone? https://b.example/"
        );
    }
}
