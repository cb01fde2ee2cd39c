//! Extraction against `dom_smoothie`, on the same pages: both parse, find the article and write it.

#![allow(
    clippy::expect_used,
    clippy::format_collect,
    reason = "a bench fails by panicking, and its pages are made once"
)]

use chrono_tz::Tz;
use divan::counter::{BytesCount, ItemsCount};
use newsriver::extract::{self, Options};
use newsriver::model::ArticleRules;

fn main() {
    divan::main();
}

/// Own pages, and one that is as long as a large newspaper's: articles come with far more around them.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = [
        include_str!("../tests/fixtures/pages/vi-figure.html"),
        include_str!("../tests/fixtures/pages/vi-table.html"),
        include_str!("../tests/fixtures/pages/en-linked-data.html"),
        include_str!("../tests/fixtures/pages/ja.html"),
    ]
    .map(str::to_owned)
    .into();
    pages.push(long_page());
    pages
}

fn long_page() -> String {
    let menu: String = (0..300)
        .map(|n| {
            format!("<li class='menu-item menu-item-{n}'><a class='link' href='/section/{n}'>Section {n}</a></li>")
        })
        .collect();
    let text = "The council met on Monday, and after four hours it agreed on a plan for the harbour, the roads and the schools.";
    let paragraphs: String = (0..60)
        .map(|n| format!("<p class='par par-{n}'>{text} {text} <a href='/a/{n}'>Ann Lee</a> was there.</p>"))
        .collect();
    let teasers: String = (0..150)
        .map(|n| format!("<div class='teaser card'><a href='/news/{n}'><img src='/i/{n}.jpg' width='200'><h3>A headline of another article, number {n}</h3></a><p class='lead'>What the other article is about, in a few words.</p></div>"))
        .collect();
    format!(
        "<html lang=en><head><title>The plan - Post</title><script>{}</script></head><body><nav><ul>{menu}</ul></nav><div class=wrap><main><article><h1>The plan</h1><div class=article-body>{paragraphs}</div></article></main><div class=related>{teasers}</div></div><footer><ul>{menu}</ul></footer></body></html>",
        "var data = {\"a\": [1, 2, 3]};".repeat(2000)
    )
}

fn options() -> Options {
    Options { url: "https://post.example/news/1".parse().ok(), timezone: Tz::UTC, rules: ArticleRules::default() }
}

#[divan::bench]
fn newsriver(bencher: divan::Bencher) {
    let (pages, options) = (pages(), options());
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(pages.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        for page in &pages {
            divan::black_box(extract::page(page, &options).expect("each page has an article"));
        }
    });
}

#[divan::bench]
fn dom_smoothie(bencher: divan::Bencher) {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(pages.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        for page in &pages {
            let mut reader = dom_smoothie::Readability::new(page.as_str(), Some("https://post.example/news/1"), None)
                .expect("a page");
            let _ = divan::black_box(reader.parse());
        }
    });
}
