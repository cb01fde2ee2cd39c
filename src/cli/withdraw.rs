//! `newsriver withdraw`: takes an article out of every output at once, whoever has it.

use std::io::Write as _;

use super::{Failure, why::entry_id};
use crate::app::Rooms;
use crate::clock::Clock;
use crate::config::Config;

/// Which entry.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The entry: its id, or the address of its page
    entry: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Withdraws the article; a running service drops it within a second.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let id = entry_id(&args.entry)?;
    let clock = Clock::system();
    let rooms = Rooms::open(config, clock.clone()).await.map_err(Failure::new)?;
    let entries = rooms.store.withdraw_story(id, clock.now()).await.map_err(Failure::new)?;
    if entries.is_empty() {
        return Err(Failure::message(format!("there is no entry {id} in the store")));
    }
    let mut out = std::io::stdout().lock();
    let line = if args.json {
        serde_json::json!({ "entry": id, "withdrawn": true, "entries": entries }).to_string()
    } else {
        let copies = match entries.len() - 1 {
            0 => String::new(),
            1 => " with one copy of it".to_owned(),
            copies => format!(" with {copies} copies of it"),
        };
        format!("{id} is withdrawn{copies}: no feed or page shows it, and neither it nor a copy comes back")
    };
    writeln!(out, "{line}").map_err(Failure::new)?;
    Ok(true)
}
