//! `newsriver export`: everything that is published as static files.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::Failure;
use crate::app::{self, Exported};
use crate::clock::Clock;
use crate::config::Config;

/// Where to.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to write to; it is made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Exports and says what was written.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let done = app::export(config, &args.out, Clock::system()).await.map_err(Failure::new)?;
    let mut out = std::io::stdout().lock();
    let printed = if args.json {
        let value = json!({
            "written": done.written, "unchanged": done.unchanged, "removed": done.removed,
            "protected": done.protected, "missing": done.missing,
        });
        writeln!(out, "{value}")
    } else {
        let Exported { written, unchanged, removed, .. } = &done;
        writeln!(out, "{written} files written to {}, {unchanged} unchanged, {removed} removed", args.out.display())
    };
    printed.map_err(Failure::new)?;
    if !done.protected.is_empty() && !args.json {
        writeln!(out, "left out, since a static host cannot ask for tokens: {}", done.protected.join(", "))
            .map_err(Failure::new)?;
    }
    if !done.missing.is_empty() && !args.json {
        writeln!(out, "pictures that are gone and could not be fetched again: {}", done.missing.join(", "))
            .map_err(Failure::new)?;
    }
    Ok(true)
}
