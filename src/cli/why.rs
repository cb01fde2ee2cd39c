//! `newsriver why`: why entries are, or aren't, one story.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::json;

use super::{Failure, named};
use crate::app::Rooms;
use crate::clock::Clock;
use crate::config::Config;
use crate::dedup::Rules;
use crate::model::{Entry, EntryId};
use crate::store::Store;

/// Which entries.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(help = format!("The entry: {}", named::WAYS))]
    entry: String,
    /// Another one to compare it with; without it, all of the entry's story
    other: Option<String>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// Compares the entry with the other, or with the rest of its story.
pub(super) async fn run(config: &Config, args: &Args) -> Result<bool, Failure> {
    let rooms = Rooms::open(config, Clock::system()).await.map_err(Failure::new)?;
    let store = &*rooms.store;
    let rules = crate::app::dedup_rules(config);
    let one = load(store, config, &args.entry).await?;
    let others = match &args.other {
        Some(other) => vec![load(store, config, other).await?],
        None => rest_of_story(store, &one).await?,
    };
    let mut out = std::io::stdout().lock();
    if others.is_empty() && !args.json {
        writeln!(out, "{}: found at {} only", one.facts.title, one.facts.source).map_err(Failure::new)?;
    }
    for other in &others {
        let verdict = rules.compare(&one, other);
        let joined = one.story == other.story;
        // Joined by another entry, or by an earlier version: the verdict on the two alone does not tell.
        let between = if joined && !verdict.same { rest_of_story(store, &one).await? } else { Vec::new() };
        let way: Vec<&Entry> = way(&one, other, &between, &rules).unwrap_or_default();
        let line = if args.json {
            json!({ "entry": one.id, "other": other.id, "one_story": joined, "alike": verdict.same,
                    "likeness": verdict.likeness, "reason": verdict.reason,
                    "exact": verdict.exact, "through": way.iter().map(|entry| entry.id).collect::<Vec<_>>() })
            .to_string()
        } else {
            let state = if joined { "one story" } else { "two stories" };
            format!(
                "{state}: {:?} ({}) and {:?} ({})\n  {}{}",
                one.facts.title,
                one.facts.source,
                other.facts.title,
                other.facts.source,
                verdict.reason,
                remark(joined, verdict.same, &way)
            )
        };
        writeln!(out, "{line}").map_err(Failure::new)?;
    }
    Ok(true)
}

/// What the verdict on two entries does not explain.
fn remark(joined: bool, same: bool, way: &[&Entry]) -> String {
    let names: Vec<String> =
        way.iter().map(|entry| format!("{:?} ({})", entry.facts.title, entry.facts.source)).collect();
    match (joined, same) {
        (true, false) if way.is_empty() => {
            "\n  an earlier version of them was the same; a story is never split".to_owned()
        }
        (true, false) => format!("\n  each is one with the next: by way of {}", names.join(", ")),
        (false, true) => "\n  they will be joined when a new version of one of them comes in".to_owned(),
        _ => String::new(),
    }
}

/// The entries of a story by which two that are not alike hang together: the shortest way.
fn way<'a>(one: &Entry, other: &Entry, story: &'a [Entry], rules: &Rules) -> Option<Vec<&'a Entry>> {
    let mut ways: Vec<Vec<&Entry>> = story
        .iter()
        .filter(|entry| entry.id != other.id && rules.compare(one, entry).same)
        .map(|entry| vec![entry])
        .collect();
    let mut seen: BTreeSet<EntryId> = ways.iter().flatten().map(|entry| entry.id).collect();
    while !ways.is_empty() {
        if let Some(found) = ways.iter().find(|way| way.last().is_some_and(|last| rules.compare(last, other).same)) {
            return Some(found.clone());
        }
        let mut longer = Vec::new();
        for way in &ways {
            let Some(last) = way.last() else { continue };
            for next in story.iter().filter(|next| next.id != other.id && rules.compare(last, next).same) {
                if seen.insert(next.id) {
                    longer.push(way.iter().copied().chain([next]).collect());
                }
            }
        }
        ways = longer;
    }
    None
}

async fn load(store: &dyn Store, config: &Config, text: &str) -> Result<Entry, Failure> {
    for id in named::entries(store, config, text).await? {
        if let Some(entry) = store.entry(id).await.map_err(Failure::new)? {
            return Ok(entry);
        }
    }
    Err(Failure::message(format!("there is no entry {text} in the store")))
}

async fn rest_of_story(store: &dyn Store, one: &Entry) -> Result<Vec<Entry>, Failure> {
    let Some(story) = store.story_of(one.id, None).await.map_err(Failure::new)? else { return Ok(Vec::new()) };
    let mut rest = Vec::new();
    for member in story.members.iter().filter(|member| member.entry != one.id) {
        rest.extend(store.entry(member.entry).await.map_err(Failure::new)?);
    }
    Ok(rest)
}
