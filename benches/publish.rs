//! Publishing: a feed of a hundred articles in each form, against writing the same text through
//! the bare JSON writer, and its compression. `cargo bench --bench publish`.

#![allow(clippy::expect_used, reason = "a benchmark that cannot set up must stop")]

use std::collections::BTreeMap;

use divan::Bencher;
use divan::counter::BytesCount;
use newsriver::config;
use newsriver::html::sanitise;
use newsriver::merge::{self, Press};
use newsriver::model::{Entry, EntryId, Facts, Feed, Person, Sketch, SourceId, Story, StoryId, StoryMember};
use newsriver::publish::{self, OutputFormat};

fn main() {
    divan::main();
}

fn feed() -> Feed {
    let text = "[sources.a]\nurl = \"https://a.example/\"\n[feeds.all]\ntitle = \"All\"\nlimit = 100\n";
    let config = config::parse(text, std::path::Path::new("feeds.toml")).expect("a good configuration");
    let selection = config.feeds.first().expect("one feed");
    let stories = (0..100).map(story).collect();
    let now = chrono::DateTime::from_timestamp(1_773_000_000, 0).expect("a time");
    merge::feed(selection, stories, Press { site: &config.site, names: &BTreeMap::new(), ttl_minutes: 5, now })
}

fn story(number: usize) -> Story {
    let source = SourceId::parse("a").expect("an id");
    let html: String = (0..14)
        .map(|n| format!("<p>Đoạn {n} của bài {number}: người dân các ấp ven sông đã góp công làm con đường mới &amp; cây cầu.</p>"))
        .collect();
    let at = chrono::DateTime::from_timestamp(1_772_000_000 + number as i64 * 60, 0).expect("a time");
    let id = EntryId::derive(&["a", &number.to_string()]);
    let facts = Facts {
        url: format!("https://a.example/{number}").parse().ok(),
        summary: Some("Tóm tắt".into()),
        content: sanitise(&html, None),
        is_full_text: true,
        authors: vec![Person::named("Hoàng Lam")],
        language: Some("vi".into()),
        published: Some(at),
        ..Facts::bare(source.clone(), number.to_string(), format!("Bài số {number}"))
    };
    let (uri, story) = (format!("urn:newsriver:{number}"), StoryId::derive(&[&number.to_string()]));
    let member = StoryMember { entry: id, source, url: facts.url.clone(), title: facts.title.clone() };
    let lead = Entry {
        id,
        uri: uri.clone(),
        story,
        facts,
        published: at,
        updated: at,
        first_seen: at,
        content_hash: String::new(),
        sketch: Sketch::default(),
    };
    Story { id: story, uri, published: at, updated: at, first_seen: at, lead, members: vec![member] }
}

#[divan::bench(args = ["rss", "atom", "json", "html"])]
fn render(bencher: Bencher<'_, '_>, form: &str) {
    let feed = feed();
    let format = match form {
        "rss" => OutputFormat::Rss,
        "atom" => OutputFormat::Atom,
        "json" => OutputFormat::Json,
        _ => OutputFormat::Html,
    };
    let bytes = publish::render(&feed, format).expect("a document").body.len();
    bencher.counter(BytesCount::new(bytes)).bench(|| publish::render(divan::black_box(&feed), format));
}

#[divan::bench]
fn compress_three_ways(bencher: Bencher<'_, '_>) {
    let rendered = publish::render(&feed(), OutputFormat::Rss).expect("a document");
    bencher.counter(BytesCount::new(rendered.body.len())).bench(|| publish::compress(divan::black_box(&rendered)));
}

/// What writing the same texts costs at least.
#[divan::bench]
fn texts_as_bare_json(bencher: Bencher<'_, '_>) {
    let feed = feed();
    let texts: Vec<&str> = feed.entries.iter().map(|entry| entry.story.lead.facts.content.as_str()).collect();
    let bytes = serde_json::to_vec(&texts).expect("json").len();
    bencher.counter(BytesCount::new(bytes)).bench(|| serde_json::to_vec(divan::black_box(&texts)));
}
