//! Entries per second through deduplication and store, in stores of 50 thousand, 500 thousand and,
//! when asked for, 5 million entries, with the memory it takes.
//!
//! ```text
//! cargo bench --bench dedup                              # 50,000 and 500,000
//! cargo bench --bench dedup -- 50000 500000 5000000      # the last takes 15 GB of disk for a while
//! cargo bench --bench dedup -- 0 postgres://…            # an empty file against a database as it is
//! cargo bench --bench dedup -- 0 sqlite:…                # or against another file as it is
//! ```
//!
//! Beside the time by the clock stands that of the processor, which a busy machine falsifies less.
//!
//! The store is filled in bulk, with rows as real ones and keys spread as real ones; what is measured
//! goes the way of every visit: look-up, decision, keys, commit with the judge. Of the measured entries
//! seven in ten are new, two are copies of recent ones in another source, one is a new version.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    reason = "a benchmark prints figures"
)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use newsriver::dedup;
use newsriver::html::sanitise;
use newsriver::model::{Facts, PollRecord, SourceId, SourceState};
use newsriver::store::{self, Store};
use url::Url;

const SOURCES: u64 = 1000;
/// Entries of one visit, and visits that are measured.
const VISIT: u64 = 20;
const VISITS: u64 = 150;
/// Visits before the clock starts, so that caches are as they are in a service that runs.
const WARM: u64 = 50;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--bench")).collect();
    if let [fill, path, from, to] = args.as_slice()
        && fill == "fill"
    {
        return fill_store(Path::new(path), from.parse().unwrap(), to.parse().unwrap());
    }
    let mut sizes: Vec<u64> = args.iter().filter_map(|arg| arg.replace(['_', ','], "").parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![50_000, 500_000];
    }
    let databases = args.iter().filter(|arg| arg.starts_with("postgres") || arg.starts_with("sqlite:"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let url = format!("sqlite:{}", path.display());
    drop(runtime.block_on(store::open(&url)).unwrap());
    let (mut filled, mut first) = (0, None);
    println!(
        "{:>10} {:>10} {:>12} {:>7} {:>12} {:>7} {:>11} {:>9}",
        "stored", "entries/s", "ms an entry", "ratio", "processor ms", "ratio", "memory, MB", "file, MB"
    );
    for size in sizes {
        let started = Instant::now();
        let this = std::env::current_exe().unwrap();
        let args = [path.display().to_string(), filled.to_string(), size.to_string()];
        assert!(Command::new(this).arg("fill").args(args).status().unwrap().success());
        eprintln!("filled to {size} in {:.0} s", started.elapsed().as_secs_f64());
        filled = size;
        let bytes = || std::fs::metadata(&path).unwrap().len() / 1_000_000;
        row(size, runtime.block_on(measure(&url, size)), &mut first, bytes);
    }
    for url in databases {
        let stored = runtime.block_on(async { store::open(url).await.unwrap().last_arrival().await.unwrap() });
        let stored = u64::try_from(stored).unwrap();
        // An address may hold a password.
        println!("the given store; of PostgreSQL's own time and memory nothing is counted:");
        row(stored, runtime.block_on(measure(url, stored)), &mut first, || 0);
    }
}

/// Prints what the clock and the processor say, and how much that is of the first row.
fn row(stored: u64, (clock, processor): (Duration, Duration), first: &mut Option<(f64, f64)>, file: impl Fn() -> u64) {
    let count = (VISIT * VISITS) as f64;
    let (each, busy) = (clock.as_secs_f64() * 1000.0 / count, processor.as_secs_f64() * 1000.0 / count);
    let (usual, usually_busy) = *first.get_or_insert((each, busy));
    println!(
        "{stored:>10} {:>10.0} {each:>12.3} {:>7.2} {busy:>12.3} {:>7.2} {:>11} {:>9}",
        1000.0 / each,
        each / usual,
        busy / usually_busy,
        memory_mb(),
        file()
    );
}

/// What the processor did for this process so far.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// The most memory this process ever took.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`, small values rather than large ones.
    fn word(&mut self, end: u64) -> u64 {
        let (a, b) = (self.next() % end, self.next() % end);
        a.min(b)
    }
}

/// A word of a made-up language of 6,000 words.
fn word(number: u64) -> String {
    const STARTS: [&str; 20] =
        ["b", "c", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "q", "s", "t", "th", "tr", "v", "x"];
    const MIDDLES: [&str; 20] =
        ["a", "à", "á", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "ươ", "iê", "uô", "oa", "ua", "ia", "y"];
    const ENDS: [&str; 15] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "o", "u", "y", "nt", "r"];
    let (a, rest) = (number % 20, number / 20);
    format!("{}{}{}", STARTS[a as usize], MIDDLES[(rest % 20) as usize], ENDS[(rest / 20 % 15) as usize])
}

fn sentence(dice: &mut Dice, words: u64) -> String {
    (0..words).map(|_| word(dice.word(6000))).collect::<Vec<_>>().join(" ")
}

fn at(number: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_600_000_000, 0).unwrap() + TimeDelta::seconds(i64::try_from(number).unwrap() * 20)
}

/// Article `number` as `source` gives it; `version` changes a word.
fn facts(number: u64, source: u64, version: u64) -> Facts {
    let mut dice = Dice(number);
    let title = sentence(&mut dice, 9);
    let mut paragraphs: Vec<String> = (0..6).map(|_| sentence(&mut dice, 55)).collect();
    if version > 0 {
        paragraphs[3] = format!("{} {}", paragraphs[3], sentence(&mut dice, 3));
    }
    let html: String = paragraphs.iter().map(|text| format!("<p>{text}.</p>\n")).collect();
    let address = format!("https://paper{source}.example/news/{number}-{}.html", title.replace(' ', "-"));
    Facts {
        id_is_uri: true,
        url: Url::parse(&address).ok(),
        content: sanitise(&html, None),
        is_full_text: true,
        language: Some("vi".to_owned()),
        published: Some(at(number)),
        item_hash: format!("{number}/{version}"),
        ..Facts::bare(SourceId::parse(&format!("paper-{source}")).unwrap(), address.clone(), title)
    }
}

/// Visits as the service makes them; the time of those that count, by the clock and of the processor.
async fn measure(url: &str, from: u64) -> (Duration, Duration) {
    let store = store::open(url).await.unwrap();
    let judge = dedup::Rules::default().judge();
    let (mut clock, mut busy) = (Duration::ZERO, Duration::ZERO);
    let mut dice = Dice(from);
    // Numbers that no other size measures.
    let base = 1_000_000_000 + from * 10;
    let source_of = |visit: u64| visit % 50;
    for visit in 0..WARM + VISITS {
        let all: Vec<Facts> = (0..VISIT)
            .map(|place| match place {
                // Copies of what other sources had lately.
                0..=3 if visit > 0 => {
                    let back = 1 + dice.next() % visit.min(20);
                    facts(base + (visit - back) * VISIT + 4 + dice.next() % 16, source_of(visit), 0)
                }
                // New versions of what this source had.
                4..=5 if visit >= 50 => facts(base + (visit - 50) * VISIT + 6 + place, source_of(visit), visit),
                _ => facts(base + visit * VISIT + place, source_of(visit), 0),
            })
            .collect();
        let (started, before) = (Instant::now(), processor());
        visit_once(&*store, &judge, all, at(base + visit)).await;
        if visit >= WARM {
            clock += started.elapsed();
            busy += processor().saturating_sub(before);
        }
    }
    (clock, busy)
}

async fn visit_once(store: &dyn Store, judge: &newsriver::model::Judge, all: Vec<Facts>, now: DateTime<Utc>) {
    let rules = newsriver::address::Rules::default();
    let source = all[0].source.clone();
    let lookups: Vec<_> = all.iter().map(|facts| dedup::lookup(&facts.native_id, facts.url.as_ref(), &rules)).collect();
    let known = store.known(&source, &lookups).await.unwrap();
    let arrivals = all.into_iter().zip(&lookups).map(|(facts, lookup)| {
        let known = dedup::identify(lookup, &facts.title, &known).cloned();
        dedup::arrival(facts, known.as_ref(), now, &rules)
    });
    let arrivals = arrivals.collect();
    let state = SourceState { location: format!("https://{source}.example/"), ..SourceState::default() };
    let record = PollRecord { source, at: now, state, seen: Vec::new(), arrivals, pictures: Vec::new() };
    store.commit(record, judge).await.unwrap();
}

/// Fills the store in bulk: everything in the order in which the tables lie, so that it takes minutes.
fn fill_store(path: &Path, from: u64, to: u64) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1500000; PRAGMA temp_store = FILE;
             PRAGMA foreign_keys = OFF; BEGIN;
             CREATE TEMP TABLE key (kind INTEGER, hash INTEGER, entry INTEGER);",
        )
        .unwrap();
    {
        let mut story = connection
            .prepare(
                "INSERT INTO story (id, uri, published, updated, first_seen, lead) VALUES ($1, $2, $3, $3, $3, $1)",
            )
            .unwrap();
        let mut place =
            connection.prepare("INSERT INTO story_source (source, published, story) VALUES ($1, $2, $3)").unwrap();
        let mut key = connection.prepare("INSERT INTO key VALUES ($1, $2, $3)").unwrap();
        let mut entry = connection
            .prepare(
                "INSERT INTO entry (id, source, native_id, uri, story, url_key, title, item_hash, content_hash, is_full_text,
                                    sketch, facts, content, published, updated, first_seen, last_seen)
                 VALUES ($1, $2, $3, $3, $1, $4, $5, $6, $6, 1, $7, $8, $9, $10, $10, $10, $10)",
            )
            .unwrap();
        for number in from..to {
            let mut dice = Dice(number.wrapping_mul(77));
            let id = [dice.next().to_be_bytes(), dice.next().to_be_bytes()].concat();
            let source = format!("paper-{}", dice.next() % SOURCES);
            let title = sentence(&mut dice, 6);
            let address = format!("https://{source}.example/news/{number}-{}.html", title.replace(' ', "-"));
            let mut hash = || dice.next().cast_signed();
            let sketch: Vec<u8> = std::iter::once(1).chain((0..32).flat_map(|_| hash().to_be_bytes())).collect();
            let facts = format!(
                r#"{{"id_is_uri":true,"url":"{address}","canonical_url":null,"summary":null,"authors":[{{"name":"Hoàng Lam","email":null,"url":null}}],"categories":[],"language":"vi","published":null,"updated":null,"enclosures":[],"rights":null,"comments":null,"origin":null}}"#
            );
            let (digest, url_key) = (format!("{:016x}{:016x}", hash(), hash()), hash());
            let content = format!("<p>{}</p>", sentence(&mut Dice(number), 12));
            let when = at(number).timestamp_micros();
            story.execute(rusqlite::params![id, address, when]).unwrap();
            place.execute(rusqlite::params![source, when, id]).unwrap();
            entry
                .execute(rusqlite::params![id, source, address, url_key, title, digest, sketch, facts, content, when])
                .unwrap();
            let row = connection.last_insert_rowid();
            let mut dice = Dice(number.wrapping_mul(99));
            for kind in [1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5] {
                // One entry in a hundred has a headline that many have, one in two hundred a common passage.
                let hash = match (kind, number) {
                    (2, _) => url_key,
                    (5, number) if number % 100 == 0 => (number / 100 % 20).cast_signed(),
                    (4, number) if number % 200 == 0 => (number / 200 % 10).cast_signed(),
                    _ => dice.next().cast_signed(),
                };
                key.execute(rusqlite::params![kind, hash, row]).unwrap();
            }
        }
    }
    connection
        .execute_batch(
            "INSERT OR IGNORE INTO entry_key SELECT kind, hash, entry FROM key ORDER BY kind, hash, entry; COMMIT;",
        )
        .unwrap();
}
