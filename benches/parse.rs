//! Reading feeds, as throughput: ours, feed-rs, the `rss` and `atom_syndication` crates, and merely
//! cutting the same bytes into tokens with quick-xml: in place, into a buffer (as those crates read), into a buffer
//! with namespaces resolved, and in place with the check that the bytes are UTF-8. `cargo bench --bench parse`; compare
//! figures of one run. `scripts/bench-parse` adds feedparser (Python) on the same feeds.

#![allow(clippy::panic, reason = "a benchmark that cannot set up has nothing to measure")]

mod feeds;

use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use feeds::feeds;
use newsriver::parse::{self, Options};
use quick_xml::events::Event;
use quick_xml::{NsReader, Reader};

fn main() {
    // For the script: the feeds as files.
    if let [_, flag, folder] = std::env::args().collect::<Vec<_>>().as_slice()
        && flag == "--write"
    {
        for kind in ["rss", "atom", "json"] {
            for (number, feed) in feeds(kind).iter().enumerate() {
                if let Err(problem) = std::fs::write(format!("{folder}/{number}.{kind}"), feed) {
                    panic!("{folder} cannot be written: {problem}");
                }
            }
        }
        return;
    }
    divan::main();
}

/// Reads every feed of a kind; `read` says how many articles it found in one.
fn measure(bencher: Bencher<'_, '_>, kind: &str, read: impl Fn(&[u8]) -> usize + Sync) {
    let feeds = feeds(kind);
    assert!(feeds.iter().all(|feed| read(feed.as_bytes()) >= 50), "every article is found");
    let bytes: usize = feeds.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| feeds.iter().map(|feed| read(black_box(feed.as_bytes()))).sum::<usize>());
}

#[divan::bench(args = ["rss", "atom", "json"], sample_count = 20)]
fn newsriver(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| parse::read(feed, &Options::default()).map_or(0, |reading| reading.items.len()));
}

#[divan::bench(args = ["rss", "atom", "json"], sample_count = 20)]
fn feed_rs(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| feed_rs::parser::parse(feed).map_or(0, |feed| feed.entries.len()));
}

#[divan::bench(args = ["rss", "atom"], sample_count = 20)]
fn crates(bencher: Bencher<'_, '_>, kind: &str) {
    if kind == "rss" {
        measure(bencher, kind, |feed| rss::Channel::read_from(feed).map_or(0, |channel| channel.items.len()));
    } else {
        measure(bencher, kind, |feed| atom_syndication::Feed::read_from(feed).map_or(0, |feed| feed.entries.len()));
    }
}

/// How many tokens there are until `has_more` says that there are no more.
fn count(mut has_more: impl FnMut() -> bool) -> usize {
    let mut tokens = 0;
    while has_more() {
        tokens += 1;
    }
    tokens
}

#[divan::bench(args = ["rss", "atom"], sample_count = 20)]
fn tokens_only(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| {
        let mut reader = Reader::from_reader(feed);
        count(|| !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)))
    });
}

#[divan::bench(args = ["rss", "atom"], sample_count = 20)]
fn tokens_buffered(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| {
        let (mut reader, mut buffer) = (Reader::from_reader(feed), Vec::new());
        count(|| {
            buffer.clear();
            !matches!(reader.read_event_into(&mut buffer), Ok(Event::Eof) | Err(_))
        })
    });
}

#[divan::bench(args = ["rss", "atom"], sample_count = 20)]
fn tokens_resolved(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| {
        let (mut reader, mut buffer) = (NsReader::from_reader(feed), Vec::new());
        count(|| {
            buffer.clear();
            !matches!(reader.read_resolved_event_into(&mut buffer), Ok((_, Event::Eof)) | Err(_))
        })
    });
}

#[divan::bench(args = ["rss", "atom"], sample_count = 20)]
fn tokens_checked(bencher: Bencher<'_, '_>, kind: &str) {
    measure(bencher, kind, |feed| {
        let Ok(text) = std::str::from_utf8(feed) else { return 0 };
        let mut reader = Reader::from_str(text);
        count(|| !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)))
    });
}
