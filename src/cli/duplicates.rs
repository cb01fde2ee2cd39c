//! `newsriver duplicates`: what other rules would make of the entries that the store has. It changes nothing.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::json;

use super::Failure;
use crate::app::{Rooms, dedup_rules};
use crate::clock::Clock;
use crate::config::Config;
use crate::dedup::Rules;
use crate::model::{Entry, StoryId, Verdict};
use crate::store::Neighbours;

/// Entries asked for at once.
const BATCH: usize = 100;

/// What to try.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only show what would change; as nothing else is done, this may be left out
    #[arg(long)]
    dry_run: bool,
    /// How much of the shorter of two texts must stand in the other, in per cent (80) or as a part (0.8)
    #[arg(long, value_name = "X", value_parser = threshold)]
    threshold: Option<u8>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

fn threshold(text: &str) -> Result<u8, String> {
    let number: f64 = text.trim_end_matches('%').trim().parse().map_err(|_| format!("{text:?} is no number"))?;
    let percent = if number <= 1.0 { number * 100.0 } else { number };
    if (40.0..=95.0).contains(&percent) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 40 and 95")]
        return Ok(percent.round() as u8);
    }
    Err("a threshold is between 40 and 95 per cent (0.4 and 0.95)".to_owned())
}

/// Two entries of which the other rules would say something else than what is stored.
struct Change<'a> {
    join: bool,
    one: &'a Entry,
    other: &'a Entry,
    verdict: Verdict,
}

/// Walks through the store in the order of arrival and asks of each entry what it would be joined with.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let rooms = Rooms::open(config, Clock::system()).await.map_err(Failure::new)?;
    let now = dedup_rules(config);
    let then = args.threshold.map_or_else(|| now.clone(), |threshold| now.with_threshold(threshold));
    let mut out = std::io::stdout().lock();
    let (mut entries, mut joined, mut parted, mut after) = (0_u64, 0_u64, 0_u64, 0);
    let mut told = BTreeSet::new();
    loop {
        let batch = rooms.store.neighbours(after, BATCH).await.map_err(Failure::new)?;
        let Some(last) = batch.last() else { break };
        after = last.number;
        for one in &batch {
            entries += 1;
            for change in changes(one, &now, &then, &mut told) {
                joined += u64::from(change.join);
                parted += u64::from(!change.join);
                writeln!(out, "{}", line(&change, args.json)).map_err(Failure::new)?;
            }
        }
    }
    let summary = if args.json {
        json!({ "entries": entries, "would_join": joined, "would_part": parted }).to_string()
    } else {
        format!("{entries} entries looked at: {joined} stories would be joined, {parted} entries would stand alone")
    };
    writeln!(out, "{summary}").map_err(Failure::new)?;
    Ok(true)
}

/// Where an entry would be joined with another story, and where nothing would join it with its own.
fn changes<'a>(
    one: &'a Neighbours,
    now: &Rules,
    then: &Rules,
    told: &mut BTreeSet<(StoryId, StoryId)>,
) -> Vec<Change<'a>> {
    let entry = &one.entry;
    let mut changes = Vec::new();
    let (mut held, mut lost) = (false, None);
    for other in &one.earlier {
        let verdict = then.compare(entry, other);
        if other.story != entry.story {
            let pair = (entry.story.min(other.story), entry.story.max(other.story));
            if verdict.same && told.insert(pair) {
                changes.push(Change { join: true, one: entry, other, verdict });
            }
        } else if verdict.same {
            held = true;
        } else if lost.is_none() && now.compare(entry, other).same {
            lost = Some(Change { join: false, one: entry, other, verdict });
        }
    }
    changes.extend(lost.filter(|_| !held));
    changes
}

fn line(change: &Change<'_>, as_json: bool) -> String {
    let Change { join, one, other, verdict } = change;
    if as_json {
        let what = if *join { "join" } else { "part" };
        return json!({ "change": what, "entry": one.id, "other": other.id, "likeness": verdict.likeness,
                       "reason": verdict.reason })
        .to_string();
    }
    let what = if *join { "would be one story" } else { "would be two stories" };
    format!(
        "{what}: {:?} ({}) and {:?} ({})\n  {}\n  {} {}",
        one.facts.title, one.facts.source, other.facts.title, other.facts.source, verdict.reason, one.id, other.id
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_per_cent_or_parts() {
        assert_eq!((threshold("80"), threshold("0.8"), threshold("80 %")), (Ok(80), Ok(80), Ok(80)));
        assert!(threshold("0.2").is_err() && threshold("100").is_err() && threshold("x").is_err());
    }
}
