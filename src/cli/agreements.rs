//! Agreements with sources that ended or are about to: from their end on, texts and pictures are missing.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Config;
use crate::publish::pages::length_of_time;

/// Before the end there is time to write to the source.
const SOON: TimeDelta = TimeDelta::days(30);

/// A line for each that needs somebody.
pub(super) fn ending(config: &Config, now: DateTime<Utc>) -> Vec<String> {
    let line = |source: &crate::model::Source| {
        let agreement = source.agreement.as_ref()?;
        let until = agreement.until.filter(|until| *until <= now + SOON)?;
        let reference = agreement.reference.as_ref().map_or(String::new(), |reference| format!(" ({reference})"));
        Some(if until <= now {
            format!(
                "the agreement with {}{reference} has ended: only headline, summary and link are published",
                source.id
            )
        } else {
            format!("the agreement with {}{reference} ends in {}", source.id, length_of_time(until - now))
        })
    };
    config.sources.iter().filter_map(line).collect()
}
