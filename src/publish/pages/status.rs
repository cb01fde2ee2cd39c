//! The sources' health, as a page and as JSON.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::frame::{Page, time};
use crate::merge::Site;
use crate::model::Health;
use crate::publish::Rendered;

/// The page. `problems` are the mistakes in feeds.toml since it was last good.
pub fn status(site: &Site, health: &[Health], problems: Option<&str>, now: DateTime<Utc>) -> Rendered {
    let failing = health.iter().filter(|one| one.state.failures > 0).count();
    let main = html! {
        h1 { "Status" }
        @if let Some(problems) = problems {
            section.problem {
                h2 { "feeds.toml has mistakes; the last good one is in force" }
                pre { (problems) }
            }
        }
        p {
            (health.len()) @if health.len() == 1 { " source, " } @else { " sources, " }
            @if failing == 0 { span.state.good { "all well" } } @else { span.state.bad { (failing) " failing" } }
            "."
        }
        ul.plain { @for one in health { (source(one, now)) } }
    };
    let page = Page {
        title: "Status",
        site: &site.title,
        language: "en",
        description: None,
        offers: Vec::new(),
        canonical: None,
        main,
    };
    page.render(now)
}

fn source(health: &Health, now: DateTime<Utc>) -> Markup {
    let state = &health.state;
    html! {
        li {
            strong { (health.title) } " "
            @if state.failures > 0 { span.state.bad { "failing" } }
            @else if state.last_success.is_some() { span.state.good { "well" } }
            @else { span.state { "not read yet" } }
            dl.facts {
                dt { "Last success" } dd { @match state.last_success { Some(at) => { (ago(now - at)) " (" (time(at)) ")" } None => "never" } }
                dt { "Next visit" } dd { @match state.next_visit { Some(at) if at > now => { "in " (words(at - now)) } _ => "now" } }
                dt { "Articles" } dd { (health.entries) " kept, " (state.items) " listed" }
                @if state.failures > 0 { dt { "Failures" } dd { (state.failures) " in a row" } }
                @if let Some(error) = state.last_error.as_ref().filter(|_| state.failures > 0) { dt { "Last error" } dd { (error) } }
                @if let Some(notice) = &state.notice { dt { "Notice" } dd { (notice) } }
            }
        }
    }
}

fn ago(time: TimeDelta) -> String {
    format!("{} ago", words(time))
}

/// A length of time in its largest unit.
fn words(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The same as JSON. The address is that of feeds.toml; secrets never stand there.
pub fn status_json(health: &[Health], problems: Option<&str>, now: DateTime<Utc>) -> Rendered {
    let at = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    let sources: Vec<Value> = health
        .iter()
        .map(|one| {
            let state = &one.state;
            json!({
                "id": one.id,
                "title": one.title,
                "url": one.location.to_string(),
                "kind": state.found_kind,
                "last_visit": at(state.last_visit),
                "last_success": at(state.last_success),
                "last_news": at(state.last_news),
                "next_visit": at(state.next_visit),
                "failures": state.failures,
                "last_error": state.last_error.as_ref().filter(|_| state.failures > 0),
                "notice": state.notice,
                "listed": state.items,
                "entries": one.entries,
            })
        })
        .collect();
    let value = json!({ "now": at(Some(now)), "config_problems": problems, "sources": sources });
    Rendered::new("application/json", value.to_string(), now)
}
