//! `newsriver poll`: every source, or the named ones, once.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::Failure;
use crate::app::Rooms;
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Outcome, Source, SourceId};
use crate::poll::{self, Visit};

/// What a poll prints.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The sources to poll; all when none is named
    sources: Vec<String>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// Polls and prints a line per source; false when a source failed.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let chosen = chosen(config, &args.sources)?;
    let rooms = Rooms::open(config, Clock::system()).await.map_err(Failure::new)?;
    let bar = progress(chosen.len());
    let rooms = &rooms;
    let mut visits = futures_util::stream::iter(chosen)
        .map(|source| async move { (source, visit(rooms, source).await) })
        .buffer_unordered(config.fetch.concurrency.max(1));
    let mut all_good = true;
    while let Some((source, visit)) = visits.next().await {
        let visit = visit?;
        bar.inc(1);
        all_good &= !matches!(&visit, Some(Visit { outcome: Outcome::Failed { .. }, .. }));
        let line = if args.json { json_line(source, visit.as_ref()) } else { line(source, visit.as_ref()) };
        bar.suspend(|| writeln!(std::io::stdout(), "{line}")).map_err(Failure::new)?;
    }
    bar.finish_and_clear();
    Ok(all_good)
}

fn chosen<'a>(config: &'a Config, names: &[String]) -> Result<Vec<&'a Source>, Failure> {
    if names.is_empty() {
        return Ok(config.sources.iter().collect());
    }
    names
        .iter()
        .map(|name| {
            let id = SourceId::parse(name).ok();
            config.sources.iter().find(|source| Some(&source.id) == id.as_ref()).ok_or_else(|| {
                let known: Vec<_> = config.sources.iter().map(|source| source.id.as_str()).collect();
                Failure::usage(format!("there is no source {name:?} in {}", config.path.display()))
                    .hint(format!("its sources are: {}", known.join(", ")))
            })
        })
        .collect()
}

/// None when another process is visiting the source.
async fn visit(rooms: &Rooms, source: &Source) -> Result<Option<Visit>, Failure> {
    // A visit that another process makes is not waited for.
    if !rooms.visitor.claim(&source.id).await.map_err(Failure::new)? {
        return Ok(None);
    }
    let visit = poll::kept(&rooms.visitor, &source.id, rooms.visitor.visit(source));
    visit.await.map(Some).map_err(Failure::new)
}

fn progress(sources: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() || sources < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(sources as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} sources, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn line(source: &Source, visit: Option<&Visit>) -> String {
    let words = match visit.map(|visit| &visit.outcome) {
        None => "skipped: another newsriver is visiting it".to_owned(),
        Some(Outcome::Unchanged) => "not changed".to_owned(),
        Some(Outcome::Failed { error, .. }) => format!("failed: {error}"),
        Some(Outcome::Read { items, new, revised, repairs }) => {
            let mended = match repairs.as_slice() {
                [] => String::new(),
                [only] => format!(" (repaired: {only})"),
                [first, rest @ ..] => format!(" (repaired: {first}, and {} more)", rest.len()),
            };
            format!("{items} articles, {new} new, {revised} changed{mended}")
        }
    };
    format!("{}: {words}", source.id)
}

fn json_line(source: &Source, visit: Option<&Visit>) -> String {
    let value = match visit.map(|visit| &visit.outcome) {
        None => json!({ "source": source.id, "outcome": "skipped" }),
        Some(Outcome::Unchanged) => json!({ "source": source.id, "outcome": "unchanged" }),
        Some(Outcome::Failed { error, transient }) => {
            json!({ "source": source.id, "outcome": "failed", "error": error, "transient": transient })
        }
        Some(Outcome::Read { items, new, revised, repairs }) => json!({
            "source": source.id, "outcome": "read", "articles": items, "new": new, "changed": revised, "repairs": repairs,
        }),
    };
    value.to_string()
}
