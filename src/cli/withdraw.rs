//! `newsriver withdraw`: takes an article out of every output at once.

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

/// Withdraws the entry; a running service drops it within a second.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let id = entry_id(&args.entry)?;
    let clock = Clock::system();
    let rooms = Rooms::open(config, clock.clone()).await.map_err(Failure::new)?;
    if !rooms.store.withdraw(id, clock.now()).await.map_err(Failure::new)? {
        return Err(Failure::message(format!("there is no entry {id} in the store")));
    }
    let mut out = std::io::stdout().lock();
    let line = if args.json {
        serde_json::json!({ "entry": id, "withdrawn": true }).to_string()
    } else {
        format!("{id} is withdrawn: no feed or page shows it, and it does not come back")
    };
    writeln!(out, "{line}").map_err(Failure::new)?;
    Ok(true)
}
