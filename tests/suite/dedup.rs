//! The same article, once: a labelled set of pairs with floors for precision and recall, and the
//! properties that hold for all of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod edits;
mod held;
mod histories;
mod moulds;
mod pairs;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use newsriver::dedup::{Rules, THRESHOLD, arrival};
use newsriver::html::SafeHtml;
use newsriver::model::{Arrival, Entry, Facts, SourceId, StoryId};
use url::Url;

/// An article as one source gives it, with what the pairs vary.
#[derive(Debug, Clone)]
struct Piece {
    source: &'static str,
    native_id: String,
    url: String,
    canonical_url: Option<String>,
    title: String,
    paragraphs: Vec<String>,
    summary: Option<String>,
    published: DateTime<Utc>,
}

/// Two pieces of which it is known whether they are one story.
struct Pair {
    case: &'static str,
    same: bool,
    one: Piece,
    other: Piece,
}

fn noon() -> DateTime<Utc> {
    "2024-05-14T12:00:00Z".parse().unwrap()
}

fn arrived(piece: &Piece) -> Arrival {
    let content: String = piece.paragraphs.iter().fold(String::new(), |all, text| all + "<p>" + text + "</p>\n");
    let facts = Facts {
        id_is_uri: piece.native_id.contains(':'),
        url: Url::parse(&piece.url).ok(),
        canonical_url: piece.canonical_url.as_deref().and_then(|url| Url::parse(url).ok()),
        summary: piece.summary.clone(),
        content: SafeHtml::from_store(content),
        is_full_text: !piece.paragraphs.is_empty(),
        published: Some(piece.published),
        ..Facts::bare(SourceId::parse(piece.source).unwrap(), piece.native_id.clone(), piece.title.clone())
    };
    arrival(facts, None, noon() + TimeDelta::days(500), &newsriver::address::Rules::default())
}

fn kept(arrival: Arrival) -> Entry {
    Entry {
        id: arrival.id,
        uri: arrival.uri,
        story: StoryId::derive(&[&arrival.id.to_string()]),
        facts: arrival.facts,
        published: arrival.published,
        updated: arrival.updated,
        first_seen: arrival.first_seen,
        content_hash: arrival.content_hash,
        sketch: arrival.sketch,
    }
}

#[derive(Default)]
struct Score {
    right: usize,
    missed: usize,
    wrong: usize,
}

/// Precision and recall of joining: an article that another is no copy of, but joined, is lost to
/// readers, so precision weighs more.
#[test]
fn the_labelled_pairs_are_told_apart() {
    let pairs = pairs::all();
    let rules = Rules::default();
    let mut cases: BTreeMap<&str, Score> = BTreeMap::new();
    for pair in &pairs {
        let (one, other) = (arrived(&pair.one), arrived(&pair.other));
        let found = one.keys.iter().any(|key| other.keys.contains(key));
        let verdict = rules.same_story(&one, &kept(other.clone()));
        let back = rules.same_story(&other, &kept(one.clone()));
        assert_eq!(verdict, back, "asked the other way round: {} / {}", pair.one.title, pair.other.title);
        let score = cases.entry(pair.case).or_default();
        match (pair.same, found && verdict.same) {
            (expected, got) if expected == got => score.right += 1,
            (true, _) => score.missed += 1,
            (false, _) => score.wrong += 1,
        }
        if pair.same != (found && verdict.same) {
            let keys = if found { "" } else { " (no common key)" };
            println!("{}: {:?} / {:?}: {}{keys}", pair.case, pair.one.title, pair.other.title, verdict.reason);
        }
    }
    let mut total = Score::default();
    let mut joined = 0;
    for (case, score) in &cases {
        println!("{case:<44} {:>4} right {:>3} missed {:>3} wrong", score.right, score.missed, score.wrong);
        total.missed += score.missed;
        total.wrong += score.wrong;
    }
    let same = pairs.iter().filter(|pair| pair.same).count();
    joined += same - total.missed;
    let precision = joined as f64 / (joined + total.wrong) as f64;
    let recall = joined as f64 / same as f64;
    println!("{} pairs, {same} of them the same: precision {precision:.4}, recall {recall:.4}", pairs.len());
    assert!(pairs.len() >= 500, "the set has shrunk to {}", pairs.len());
    assert!(precision >= 0.995, "precision {precision:.4}");
    assert!(recall >= 0.97, "recall {recall:.4}");
}

#[test]
fn every_article_is_one_story_with_itself() {
    for story in pairs::stories() {
        let piece = arrived(&story.piece("paper"));
        let verdict = Rules::default().same_story(&piece, &kept(piece.clone()));
        assert!(verdict.same && verdict.likeness > 0.99, "{verdict:?}");
    }
}

#[test]
fn a_story_is_led_by_priority_then_fullness_then_arrival() {
    let story = pairs::stories().remove(0);
    let entry = |source: &'static str, paragraphs: usize, hour: i64| {
        let mut piece = story.piece(source);
        piece.paragraphs.truncate(paragraphs);
        piece.summary = Some("Cầu mới".to_owned());
        let mut entry = kept(arrived(&piece));
        entry.first_seen = noon() + TimeDelta::hours(hour);
        entry
    };
    let lead = |priority: &[(&str, i32)], entries: &[Entry]| {
        let table =
            |(id, rank): &(&str, i32)| format!("[sources.{id}]\nurl = \"https://x.example/\"\npriority = {rank}\n");
        let text: String = priority.iter().chain(&[("other", 0)]).map(table).collect();
        let config = newsriver::config::parse(&text, std::path::Path::new("feeds.toml")).unwrap();
        (Rules::new(&config.sources, THRESHOLD).judge().lead)(entries)
    };
    let (summary, half, full) = (entry("a", 0, 0), entry("b", 2, 1), entry("c", 9, 2));
    let late_full = entry("d", 9, 3);
    assert_eq!(lead(&[], &[summary.clone(), half.clone(), full.clone(), late_full.clone()]), 2);
    assert_eq!(lead(&[("d", 1)], &[summary.clone(), half.clone(), full.clone(), late_full.clone()]), 3);
    assert_eq!(lead(&[("a", 5), ("d", 1)], &[summary.clone(), half, full, late_full]), 0);
    assert_eq!(lead(&[], &[summary]), 0);
}
