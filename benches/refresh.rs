//! From "an entry is stored" to "the new bytes are served": 200 feeds of 100 entries over a store of a
//! million, while what was rendered before is still being compressed. `scripts/bench-publish [ENTRIES]`.

#![allow(clippy::expect_used, reason = "a benchmark that cannot set up must stop")]
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use newsriver::app;
use newsriver::clock::Clock;
use newsriver::config::{self, Config};
use newsriver::html::sanitise;
use newsriver::model::{
    Arrival, EntryId, Facts, Judge, Key, KeyKind, PollRecord, Sketch, SourceId, SourceState, Verdict,
};
use newsriver::serve::{Metrics, Refresher, Shelf, Touched};
use newsriver::store::{self, Store};

/// Sources, and as many feeds.
const FEEDS: usize = 200;
/// Sources that a feed draws on, hence feeds that an entry belongs to; its source's own feed comes on top.
const SOURCES_OF_A_FEED: usize = 5;
const LIMIT: usize = 100;
/// Entries of one visit while the store is filled.
const BATCH: usize = 500;
/// Entries whose way is measured.
const EVENTS: usize = 300;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(150);

fn main() {
    // `cargo bench` adds arguments of its own.
    let entries = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(entries));
}

fn configuration() -> Config {
    let mut text = String::from("[site]\nbase_url = \"https://feeds.example.org\"\n");
    for number in 0..FEEDS {
        text += &format!("[sources.s{number}]\nurl = \"https://s{number}.example/\"\n");
    }
    for number in 0..FEEDS {
        let sources = (0..SOURCES_OF_A_FEED).map(|next| format!("\"s{}\"", (number + next) % FEEDS));
        let sources = sources.collect::<Vec<_>>().join(", ");
        text += &format!("[feeds.f{number}]\nsources = [{sources}]\nlimit = {LIMIT}\n");
    }
    config::parse(&text, Path::new("feeds.toml")).expect("a good configuration")
}

fn judge() -> Judge {
    let verdict = || Verdict { same: false, exact: false, likeness: 0.0, reason: String::new() };
    Judge { same: Arc::new(move |_, _| verdict()), lead: Arc::new(|_| 0) }
}

fn source(number: usize) -> SourceId {
    SourceId::parse(&format!("s{}", number % FEEDS)).expect("an id")
}

fn arrival(source: &SourceId, number: usize, at: DateTime<Utc>) -> Arrival {
    let html: String = (0..10)
        .map(|part| {
            format!("<p>Đoạn {part} của bài {number}: người dân các ấp ven sông đã góp công làm con đường mới.</p>")
        })
        .collect();
    let native_id = number.to_string();
    Arrival {
        id: EntryId::derive(&[source.as_str(), &native_id]),
        uri: format!("tag:{source}.example,2026:{number}"),
        facts: Facts {
            source: source.clone(),
            id_is_uri: false,
            url: format!("https://{source}.example/{number}").parse().ok(),
            canonical_url: None,
            title: format!("Bài số {number}"),
            summary: Some("Tóm tắt".into()),
            content: sanitise(&html, None),
            is_full_text: true,
            authors: Vec::new(),
            categories: Vec::new(),
            language: Some("vi".into()),
            published: Some(at),
            updated: None,
            enclosures: Vec::new(),
            rights: None,
            comments: None,
            origin: None,
            item_hash: native_id.clone(),
            native_id,
        },
        keys: vec![Key { kind: KeyKind::Url, hash: number as u64 }],
        content_hash: number.to_string(),
        sketch: Sketch::default(),
        published: at,
        updated: at,
        first_seen: at,
    }
}

async fn commit(store: &dyn Store, config: &Config, source: &SourceId, arrivals: Vec<Arrival>, at: DateTime<Utc>) {
    let place = config.sources.iter().find(|one| one.id == *source).expect("a source").location.to_string();
    let record = PollRecord {
        source: source.clone(),
        at,
        state: SourceState { location: place, ..SourceState::default() },
        seen: Vec::new(),
        arrivals,
        pictures: Vec::new(),
    };
    store.commit(record, &judge()).await.expect("a commit");
}

async fn fill(store: &dyn Store, config: &Config, entries: usize, start: DateTime<Utc>) {
    for batch in 0..entries / BATCH {
        let source = source(batch);
        let numbers = batch * BATCH..(batch + 1) * BATCH;
        let arrivals =
            numbers.map(|number| arrival(&source, number, start + TimeDelta::seconds(number as i64))).collect();
        commit(store, config, &source, arrivals, start).await;
    }
}

async fn run(entries: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let config = configuration();
    let store = store::open(&format!("sqlite:{}", folder.path().join("bench.db").display())).await.expect("a store");
    store.sync_sources(&config.sources).await.expect("sources");
    let clock = Clock::system();
    let now = clock.now();
    let began = Instant::now();
    fill(&*store, &config, entries, now - TimeDelta::seconds(entries as i64 + 3600)).await;
    println!("stored {entries} entries of {FEEDS} sources in {:.0?}", began.elapsed());

    let shelf = Arc::new(Shelf::default());
    let outlets = Arc::new(ArcSwap::from_pointee(app::outlets(&config)));
    let metrics = Arc::new(Metrics::default());
    let refresher = Arc::new(Refresher::new(Arc::clone(&store), Arc::clone(&shelf), outlets, clock.clone(), metrics));
    let (_, mut cursor) = store.changes_after(0).await.expect("a cursor");
    let began = Instant::now();
    let documents = refresher.refresh(&Touched::All).await.expect("documents");
    println!("rendered all {documents} documents in {:.1?}", began.elapsed());

    // As in the service: beside everything else, what was rendered is compressed.
    let began = Instant::now();
    refresher.code().await.expect("compressed documents");
    println!("compressed them in {:.1?}", began.elapsed());
    let coder = Arc::clone(&refresher);
    tokio::spawn(async move {
        loop {
            coder.shelf.renewed().await;
            coder.code().await.expect("compressed documents");
        }
    });
    let (mut stored, mut served) = (Vec::new(), Vec::new());
    for event in 0..EVENTS {
        let (number, source) = (entries + event, source(event * 7));
        let fresh = vec![arrival(&source, number, clock.now())];
        let began = Instant::now();
        commit(&*store, &config, &source, fresh, clock.now()).await;
        stored.push(began.elapsed());

        let began = Instant::now();
        let (touched, next) = store.changes_after(cursor).await.expect("changes");
        refresher.refresh(&Touched::Sources(touched)).await.expect("documents");
        served.push(began.elapsed());
        cursor = next;
        let path = format!("/feeds/f{}.rss", source.as_str().trim_start_matches('s'));
        let body = shelf.get(&path).expect("the feed").rendered.body.clone();
        let title = format!("Bài số {number}<");
        assert!(body.windows(title.len()).any(|window| window == title.as_bytes()), "{path} lacks {title}");
        tokio::time::sleep(PAUSE).await;
    }
    report("storing one entry", &mut stored);
    report("from stored to served", &mut served);
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
    println!("{what:>22}: median {:.1?}, p99 {:.1?}, longest {:.1?}", at(0.5), at(0.99), at(1.0));
}
