//! Extraction against `dom_smoothie` and `trafilatura`, on the same pages in one run: each parses,
//! finds the article and writes it; newsriver and trafilatura read the facts, too.
//!
//! Run it with `cargo bench --manifest-path benches/extractors/Cargo.toml`.

use chrono_tz::Tz;
use divan::counter::{BytesCount, ItemsCount};
use newsriver::extract::{self, Options};
use newsriver::model::ArticleRules;
use newsriver_extractors::pages;

const ADDRESS: &str = "https://post.example/news/1";

fn main() {
    divan::main();
}

fn bench(bencher: divan::Bencher, read: impl Fn(&str)) {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(pages.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        for page in &pages {
            read(page);
        }
    });
}

#[divan::bench]
fn newsriver(bencher: divan::Bencher) {
    let options = Options { url: ADDRESS.parse().ok(), timezone: Tz::UTC, rules: ArticleRules::default() };
    bench(bencher, |page| {
        divan::black_box(extract::page(page, &options).expect("each page has an article"));
    });
}

#[divan::bench]
fn dom_smoothie(bencher: divan::Bencher) {
    bench(bencher, |page| {
        let mut reader = dom_smoothie::Readability::new(page, Some(ADDRESS), None).expect("a page");
        let _ = divan::black_box(reader.parse());
    });
}

#[divan::bench]
fn trafilatura_precise(bencher: divan::Bencher) {
    let options = trafilatura::Options::default().with_focus(trafilatura::ExtractionFocus::FavorPrecision);
    bench(bencher, |page| {
        let _ = divan::black_box(trafilatura::extract(page, &options));
    });
}

#[divan::bench]
fn trafilatura_default(bencher: divan::Bencher) {
    let options = trafilatura::Options::default();
    bench(bencher, |page| {
        let _ = divan::black_box(trafilatura::extract(page, &options));
    });
}
