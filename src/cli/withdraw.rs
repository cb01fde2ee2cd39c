//! `newsriver withdraw`: takes an article out of every output at once, whoever has it.

use std::collections::BTreeSet;
use std::io::Write as _;

use super::{Failure, named};
use crate::app::Rooms;
use crate::clock::Clock;
use crate::config::Config;

/// Which entry.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(help = format!("The entry: {}", named::WAYS))]
    entry: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Withdraws the article; a running service drops it within a second.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let clock = Clock::system();
    let rooms = Rooms::open(config, clock.clone()).await.map_err(Failure::new)?;
    let named = named::entries(&*rooms.store, config, &args.entry).await?;
    let (mut entries, now) = (BTreeSet::new(), clock.now());
    for id in &named {
        entries.extend(rooms.store.withdraw_story(*id, now).await.map_err(Failure::new)?);
    }
    let Some(id) = named.first() else { return Ok(false) };
    let withdrawn: Vec<_> = entries.iter().copied().collect();
    for copy in rooms.store.forget_pictures(&withdrawn).await.map_err(Failure::new)? {
        rooms.media.remove(copy).await.map_err(Failure::new)?;
    }
    let mut out = std::io::stdout().lock();
    let line = if args.json {
        serde_json::json!({ "entry": id, "withdrawn": true, "entries": entries }).to_string()
    } else {
        let copies = match entries.len().saturating_sub(1) {
            0 => String::new(),
            1 => " with one copy of it".to_owned(),
            copies => format!(" with {copies} copies of it"),
        };
        format!("{id} is withdrawn{copies}: no feed or page shows it, and neither it nor a copy comes back")
    };
    writeln!(out, "{line}").map_err(Failure::new)?;
    Ok(true)
}
