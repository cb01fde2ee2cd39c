//! Feeds, sitemaps, OPML and decoding: `cargo +nightly fuzz run read`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsriver::parse;

fuzz_target!(|bytes: &[u8]| {
    let options = parse::Options { url: "https://x.example/a".parse().ok(), ..parse::Options::default() };
    let _ = parse::looks(bytes);
    let _ = parse::read(bytes, &options);
    let _ = parse::opml(bytes);
});
