//! `newsriver import`: the subscriptions of an OPML file become sources.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::Failure;
use crate::config::{self, Addition, Config, EditError};
use crate::parse;

/// What to import.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The OPML file
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Adds every subscription that is not there yet; folders become tags.
pub(super) fn run(mut config: Config, args: &Args) -> Result<bool, Failure> {
    let bytes = std::fs::read(&args.file)
        .map_err(|cause| Failure::message(format!("cannot read {}: {cause}", args.file.display())))?;
    let subscriptions =
        parse::opml(&bytes).map_err(|cause| Failure::message(format!("{}: {cause}", args.file.display())))?;
    let (mut added, mut present) = (Vec::new(), 0usize);
    for subscription in subscriptions {
        let name =
            subscription.title.clone().or_else(|| subscription.url.host_str().map(str::to_owned)).unwrap_or_default();
        let addition = Addition {
            id: config::free_id(&config, &name),
            title: subscription.title,
            url: subscription.url,
            kind: None,
            tags: subscription.folders,
        };
        match config::add_source(&config, &addition) {
            Ok(changed) => {
                config = changed;
                added.push(addition.id);
            }
            Err(EditError::Present { .. }) => present += 1,
            Err(problem) => return Err(Failure::new(problem)),
        }
    }
    let line = if args.json {
        json!({ "added": added, "present": present }).to_string()
    } else {
        format!("{} sources added to {}, {present} were there already", added.len(), config.path.display())
    };
    writeln!(std::io::stdout(), "{line}").map_err(Failure::new)?;
    Ok(true)
}
