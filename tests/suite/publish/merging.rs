//! Stories to feeds: which, in what order, how many, under which names.

use chrono::TimeDelta;
use newsriver::html::SafeHtml;
use newsriver::merge::{self, Press};
use newsriver::model::{Category, Feed, Filter, Person, Story};
use regex::Regex;

use super::sample::{also_at, feed_of, names, now, selection, site, story, time};

fn feed(stories: Vec<Story>, limit: usize) -> Feed {
    let mut selection = selection();
    selection.bounds.limit = limit;
    feed_of(&selection, stories)
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.entries.iter().map(|entry| entry.story.lead.facts.title.as_str()).collect()
}

#[test]
fn the_newest_stands_first_whatever_the_order() {
    let mut stories: Vec<_> = (1..=4).map(|number| story(number, "cua-song", &number.to_string(), "")).collect();
    stories[2].published = stories[1].published;
    let straight = feed(stories.clone(), 10);
    stories.reverse();
    assert_eq!(straight, feed(stories, 10));
    assert_eq!(titles(&straight)[0], "1");
    assert_eq!(titles(&straight)[3], "4");
}

#[test]
fn what_changed_last_dates_the_feed() {
    let mut stories: Vec<_> = (1..=3).map(|number| story(number, "cua-song", "x", "")).collect();
    stories[2].updated = time("2026-03-02T11:59:00Z");
    assert_eq!(feed(stories, 10).updated, time("2026-03-02T11:59:00Z"));
    assert_eq!(feed(Vec::new(), 10).updated, chrono::DateTime::UNIX_EPOCH);
}

#[test]
fn a_feed_holds_the_newest_up_to_its_limit() {
    let all: Vec<_> = (1..=4).map(|number| story(number, "cua-song", &number.to_string(), "")).collect();
    assert_eq!(titles(&feed(all, 2)), ["1", "2"]);
}

#[test]
fn the_future_waits() {
    let mut stories: Vec<_> = (1..=2).map(|number| story(number, "cua-song", &number.to_string(), "")).collect();
    stories[0].published = now() + TimeDelta::hours(1);
    stories[1].published = now() + TimeDelta::minutes(5);
    assert_eq!(titles(&feed(stories, 10)), ["2"], "clocks may differ by minutes");
}

#[test]
fn an_id_stands_once_in_a_feed() {
    let mut stories: Vec<_> = (1..=3).map(|number| story(number, "cua-song", &number.to_string(), "")).collect();
    stories[2].uri = stories[0].uri.clone();
    assert_eq!(titles(&feed(stories, 10)), ["1", "2"]);
}

#[test]
fn a_feed_stays_below_five_million_bytes() {
    let stories = (1..=60).map(|number| {
        let mut story = story(number, "cua-song", "x", "");
        story.lead.facts.content = SafeHtml::from_store("<p class=\"a\">\"&amp;\"</p>".repeat(8_000));
        story
    });
    let feed = feed(stories.collect(), 60);
    assert!(!feed.entries.is_empty() && feed.entries.len() < 60);
    for format in [
        newsriver::publish::OutputFormat::Rss,
        newsriver::publish::OutputFormat::Atom,
        newsriver::publish::OutputFormat::Json,
    ] {
        let size = newsriver::publish::render(&feed, format).unwrap().body.len();
        assert!(size < 5_000_000, "{format:?}: {size}");
    }
}

#[test]
fn filters_look_at_the_field_they_name() {
    let mut one = story(1, "cua-song", "Bến Tre xanh", "<p>Dừa <b>sáp</b></p>");
    one.lead.facts.authors = vec![Person::named("Hoàng Lam")];
    one.lead.facts.categories = vec![Category { label: Some("Kinh tế".into()), ..Category::new("kt") }];
    let regex = |text: &str| Regex::new(text).unwrap();
    let matching = [
        Filter::Title(regex("Tre xanh$")),
        Filter::Content(regex("Dừa sáp")),
        Filter::Author(regex("^Hoàng")),
        Filter::Category(regex("^Kinh tế$")),
        Filter::Category(regex("^kt$")),
        Filter::Url(regex(r"/bai/1\.html$")),
    ];
    for filter in matching {
        let mut selection = selection();
        selection.include = vec![filter.clone()];
        assert!(merge::admits(&selection, &one, now()), "{filter:?}");
        selection.include.push(Filter::Title(regex("no")));
        assert!(!merge::admits(&selection, &one, now()), "each must match");
        selection.include.clear();
        selection.exclude = vec![Filter::Title(regex("no")), filter.clone()];
        assert!(!merge::admits(&selection, &one, now()), "{filter:?}");
    }
    let mut selection = selection();
    selection.include = vec![Filter::Content(regex("<b>"))];
    assert!(!merge::admits(&selection, &one, now()), "text, not markup");
}

#[test]
fn places_are_named_once() {
    let mut one = story(1, "cua-song", "x", "");
    also_at(&mut one, "mien-vuon", "https://mienvuon.example/1");
    also_at(&mut one, "mien-vuon", "https://mienvuon.example/1");
    let address = one.lead.facts.url.clone().unwrap();
    also_at(&mut one, "cua-song", address.as_str());
    let feed = feed(vec![one], 10);
    let places: Vec<_> =
        feed.entries[0].also_at.iter().map(|(name, url)| (name.as_str(), url.as_ref().unwrap().as_str())).collect();
    assert_eq!(places, [("Báo Miền Vườn", "https://mienvuon.example/1")]);
    assert_eq!(feed.entries[0].source_title, "Báo Cửa Sông");
}

#[test]
fn a_source_has_its_own_feed() {
    let own = merge::source_feed(
        &selection(),
        &[&selection()],
        vec![story(1, "giay", "x", "")],
        Press { site: &site(), names: &names(), ttl_minutes: 5, now: now() },
    );
    assert_eq!(own.slug, "sources/all");
    assert_eq!(own.base_url.as_str(), "https://feeds.example.org/sources/all");
    assert_eq!(own.uri, "tag:feeds.example.org,2026:newsriver/sources/all");
    assert_eq!(own.entries[0].source_url.as_ref().unwrap().as_str(), "https://feeds.example.org/sources/giay");
}
