//! `newsriver schema`: the JSON Schema of feeds.toml.

use std::io::Write as _;

use super::Failure;
use crate::config;

/// Prints the schema.
pub(super) fn run() -> Result<bool, Failure> {
    let text = serde_json::to_string_pretty(&config::schema()).map_err(Failure::new)?;
    writeln!(std::io::stdout(), "{text}").map_err(Failure::new)?;
    Ok(true)
}
