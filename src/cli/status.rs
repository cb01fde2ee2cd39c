//! `newsriver status`: how each source is doing.

use std::io::Write as _;

use chrono::{DateTime, Utc};

use super::{Failure, agreements};
use crate::app::{Rooms, outlets};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::Health;
use crate::publish::pages::{self, Standing};
use crate::serve;

/// What to print.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print one JSON document, the same as /status.json
    #[arg(long)]
    json: bool,
}

/// Prints each source's health; false when a source is failing.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let clock = Clock::system();
    let rooms = Rooms::open(config, clock.clone()).await.map_err(Failure::new)?;
    let outlets = outlets(config);
    let health = serve::health(&*rooms.store, &outlets).await.map_err(Failure::new)?;
    let uses = rooms.store.token_uses().await.map_err(Failure::new)?;
    let (feeds, now) = (serve::feeds(&outlets, Some(&uses)), clock.now());
    let mut out = std::io::stdout().lock();
    if args.json {
        out.write_all(&pages::status_json(&Standing { health: &health, feeds: &feeds, problems: None, now }).body)
            .map_err(Failure::new)?;
        writeln!(out).map_err(Failure::new)?;
    } else {
        for one in &health {
            write!(out, "{}", lines(one, now)).map_err(Failure::new)?;
        }
        for feed in &feeds {
            writeln!(out, "feed {}", feed.papers).map_err(Failure::new)?;
            for (token, used) in feed.tokens.iter().flatten() {
                let used = used.map_or("never used".to_owned(), |time| {
                    format!("last used {} ago", pages::length_of_time(now - time))
                });
                writeln!(out, "  token {token}: {used}").map_err(Failure::new)?;
            }
        }
        for line in agreements::ending(config, now) {
            writeln!(out, "{line}").map_err(Failure::new)?;
        }
    }
    Ok(health.iter().all(|one| one.state.failures == 0))
}

/// A source in one line, with what is wrong below it.
fn lines(health: &Health, now: DateTime<Utc>) -> String {
    let state = &health.state;
    let success = state
        .last_success
        .map_or("never read".to_owned(), |time| format!("read {} ago", pages::length_of_time(now - time)));
    let next = match state.next_visit {
        Some(time) if time > now => format!("next visit in {}", pages::length_of_time(time - now)),
        _ => "next visit now".to_owned(),
    };
    let mut text = format!("{} ({}): {success}, {} entries, {next}\n", health.id, health.title, health.entries);
    if let Some(error) = state.last_error.as_ref().filter(|_| state.failures > 0) {
        let times = if state.failures == 1 { "once".to_owned() } else { format!("{} times in a row", state.failures) };
        text.push_str(&format!("  failed {times}: {error}\n"));
    }
    if let Some(notice) = &state.notice {
        text.push_str(&format!("  {notice}\n"));
    }
    text
}
