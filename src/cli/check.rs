//! `newsriver check`: is feeds.toml good, and are the sources?

use std::io::Write as _;
use std::path::Path;

use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::{Failure, agreements};
use crate::app;
use crate::clock::Clock;
use crate::config::{self, Config, ConfigProblems};
use crate::merge::Papers;
use crate::model::{Feed, Kind, Source};
use crate::poll::{Preview, VisitError, Visitor};
use crate::publish::{self, Fault, Review, Reviewed};
use crate::store;

/// How far to look.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Visit each source too, and say what it would yield; nothing is stored
    #[arg(long)]
    online: bool,
    /// Say item by item what the partners would refuse in the feeds that are written for them, and why
    #[arg(long, conflicts_with = "online")]
    partner: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Checks; false when a source cannot be read.
pub(super) async fn run(path: &Path, args: &Args) -> Result<bool, Failure> {
    let config = match config::load(path) {
        Ok(config) => config,
        Err(problems) if args.json => {
            print(&report(&problems))?;
            return Err(Failure::config(problems));
        }
        Err(problems) => return Err(Failure::config(problems)),
    };
    store::check(config.storage.url.expose()).map_err(|problem| Failure::usage(problem.to_string()))?;
    if args.partner {
        return partner(&config, args.json).await;
    }
    if !args.online {
        let agreements = agreements::ending(&config, Clock::system().now());
        if args.json {
            let papers: serde_json::Map<String, Value> =
                papers(&config).map(|one| (one.feed.to_string(), one.count.into())).collect();
            print(&json!({
                "problems": [], "sources": config.sources.len(), "feeds": config.feeds.len(), "papers": papers,
                "agreements": agreements,
            }))?;
        } else {
            let (sources, feeds) = (config.sources.len(), config.feeds.len());
            let mut out = std::io::stdout();
            writeln!(out, "{} is good: {sources} sources, {feeds} feeds", path.display()).map_err(Failure::new)?;
            let notes = papers(&config).map(|one| one.to_string()).chain(agreements);
            for note in notes {
                writeln!(out, "  {note}").map_err(Failure::new)?;
            }
        }
        return Ok(true);
    }
    online(&config, args.json).await
}

fn papers(config: &Config) -> impl Iterator<Item = Papers> {
    config.feeds.iter().map(|feed| Papers::of(feed, &config.sources))
}

async fn online(config: &Config, as_json: bool) -> Result<bool, Failure> {
    let fetcher = super::fetcher(config)?;
    let fetcher = &fetcher;
    let mut looks = futures_util::stream::iter(&config.sources)
        .map(|source| async move { (source, Visitor::preview(fetcher, source).await) })
        .buffered(config.fetch.concurrency.max(1));
    let mut all_good = true;
    while let Some((source, outcome)) = looks.next().await {
        all_good &= outcome.is_ok();
        if as_json {
            print(&value(source, &outcome))?;
        } else {
            writeln!(std::io::stdout(), "{}: {}", source.id, words(&outcome)).map_err(Failure::new)?;
        }
    }
    Ok(all_good)
}

/// What the partners would say of the feeds that are written for them.
async fn partner(config: &Config, as_json: bool) -> Result<bool, Failure> {
    let feeds = app::partner_feeds(config, Clock::system()).await.map_err(Failure::new)?;
    if feeds.is_empty() && !as_json {
        writeln!(std::io::stdout(), "no feed has a profile: set one, such as profile = \"msn\"")
            .map_err(Failure::new)?;
    }
    let mut all_good = true;
    for feed in &feeds {
        let review = publish::review(feed);
        all_good &= !review.items.iter().any(Reviewed::is_refused);
        if as_json {
            print(&review_value(feed, &review))?;
        } else {
            write!(std::io::stdout(), "{}", review_words(feed, &review)).map_err(Failure::new)?;
        }
    }
    Ok(all_good)
}

fn review_words(feed: &Feed, review: &Review) -> String {
    let refused = review.items.iter().filter(|item| item.is_refused()).count();
    let mut out = format!(
        "{} ({}): {} of {} articles are taken\n",
        feed.slug,
        feed.profile.name(),
        review.items.len() - refused,
        review.items.len()
    );
    for fault in &review.feed {
        out.push_str(&format!("  {}\n", fault.what));
    }
    for item in review.items.iter().filter(|item| !item.faults.is_empty()) {
        let answer = if item.is_refused() { "refused:" } else { "taken:" };
        out.push_str(&format!("  {answer} {:?} {}\n", item.title, item.url));
        for fault in &item.faults {
            out.push_str(&format!("    {}{}\n", if fault.is_refused { "" } else { "wish: " }, fault.what));
        }
    }
    out
}

fn review_value(feed: &Feed, review: &Review) -> Value {
    let faults = |faults: &[Fault]| -> Vec<Value> {
        faults.iter().map(|fault| json!({ "refused": fault.is_refused, "what": fault.what })).collect()
    };
    let items = review.items.iter().map(|item| {
        json!({ "id": item.id, "title": item.title, "url": item.url, "refused": item.is_refused(), "faults": faults(&item.faults) })
    });
    json!({
        "feed": feed.slug.rsplit('/').next(),
        "profile": feed.profile.name(),
        "faults": faults(&review.feed),
        "items": items.collect::<Vec<_>>(),
    })
}

fn words(outcome: &Result<Preview, VisitError>) -> String {
    match outcome {
        Err(error) => format!("failed: {}", error.in_words()),
        Ok(preview) => {
            let reading = &preview.reading;
            let place = preview.url.as_ref().map(|url| format!(" at {url}")).unwrap_or_default();
            let mut text = format!("{}, {} articles{place}", reading.format.name(), reading.items.len());
            if let Some(title) = reading.items.first().and_then(|item| item.title.as_ref()) {
                text.push_str(&format!("; the first: {:?}", crate::clean::plain(title)));
            }
            for repair in &reading.repairs {
                text.push_str(&format!("\n  repaired: {}", repair.what));
            }
            text
        }
    }
}

fn value(source: &Source, outcome: &Result<Preview, VisitError>) -> Value {
    match outcome {
        Err(error) => json!({ "source": source.id, "error": error.in_words() }),
        Ok(preview) => json!({
            "source": source.id,
            "kind": match preview.kind { Kind::Auto => "auto", Kind::Feed => "feed", Kind::Page => "page", Kind::Sitemap => "sitemap", Kind::Folder => "folder" },
            "format": preview.reading.format.name(),
            "url": preview.url,
            "articles": preview.reading.items.len(),
            "repairs": preview.reading.repairs.iter().map(|repair| repair.what.as_str()).collect::<Vec<_>>(),
        }),
    }
}

fn report(problems: &ConfigProblems) -> Value {
    let list: Vec<Value> = problems
        .problems()
        .iter()
        .map(|problem| {
            let place = problems.place(problem);
            json!({ "line": place.map(|place| place.0), "column": place.map(|place| place.1), "message": problem.message, "help": problem.help })
        })
        .collect();
    json!({ "problems": list })
}

fn print(value: &Value) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{value}").map_err(Failure::new)
}
