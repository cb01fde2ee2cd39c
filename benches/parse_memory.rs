//! Reading feeds, as allocations: ours and feed-rs, over a hundred feeds of a kind.
//! `cargo bench --bench parse_memory`; its times are not comparable, since counting costs time.

mod feeds;

use std::hint::black_box;

use divan::Bencher;
use feeds::feeds;
use newsriver::parse::{self, Options};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(args = ["rss", "atom", "json"], sample_count = 3)]
fn newsriver(bencher: Bencher<'_, '_>, kind: &str) {
    let feeds = feeds(kind);
    bencher.bench(|| {
        feeds.iter().filter(|feed| parse::read(black_box(feed.as_bytes()), &Options::default()).is_ok()).count()
    });
}

#[divan::bench(args = ["rss", "atom", "json"], sample_count = 3)]
fn feed_rs(bencher: Bencher<'_, '_>, kind: &str) {
    let feeds = feeds(kind);
    bencher.bench(|| feeds.iter().filter(|feed| feed_rs::parser::parse(black_box(feed.as_bytes())).is_ok()).count());
}
