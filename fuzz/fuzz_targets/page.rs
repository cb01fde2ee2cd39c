//! Pages: their articles, their links, the feeds they offer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsriver::extract::{self, DocumentKind};
use newsriver::model::PageRules;
use newsriver::parse;

fuzz_target!(|bytes: &[u8]| {
    let options = parse::Options { url: "https://x.example/a".parse().ok(), ..parse::Options::default() };
    let _ = parse::page(bytes, &PageRules::default(), &options);
    let _ = parse::discover(bytes, &options);
    let text = String::from_utf8_lossy(bytes);
    for kind in [DocumentKind::Html, DocumentKind::Markdown, DocumentKind::Text] {
        let _ = extract::document(&text, kind, &extract::Options::default());
    }
});
