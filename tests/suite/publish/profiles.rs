//! The dialects of partners: what they refuse, and how the rest is written.

use chrono::TimeDelta;
use newsriver::model::{Feed, Gone, Media, Profile, Story, Template};
use newsriver::publish::{OutputFormat, forms, render, review};

use super::sample::{feed_of, hostile, now, picture, rich, selection, story, url};

fn text(feed: &Feed) -> String {
    let [format] = forms(feed.profile) else { panic!("a dialect has one form") };
    let text = String::from_utf8(render(feed, *format).unwrap().body.to_vec()).unwrap();
    text.replace(&format!("newsriver {}", env!("CARGO_PKG_VERSION")), "newsriver 0")
        .replace(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), "version=\"0\"")
}

/// A rich feed, with one withdrawn article.
fn dialect(profile: Profile) -> Feed {
    let gone = Gone {
        uri: "tag:feeds.example.org,2026:99".to_owned(),
        title: "Bài đã rút & xoá".to_owned(),
        url: Some(url("https://cuasong.example/bai/99.html")),
        published: now() - TimeDelta::hours(20),
        at: now() - TimeDelta::minutes(3),
    };
    let logo = Some(url("https://feeds.example.org/logo.png"));
    Feed { profile, logo, gone: vec![gone], ..rich() }
}

/// An article that every partner takes.
fn good(number: u32) -> Story {
    let mut story = story(number, "cua-song", "Một tiêu đề đủ dài cho các đối tác", "<p>Toàn văn bài viết.</p>");
    story.lead.facts.authors = vec![newsriver::model::Person::named("Hoàng Lam")];
    story.lead.facts.enclosures = vec![picture("https://cuasong.example/anh/1.jpg", 1200, 800)];
    story
}

fn faults(profile: Profile, change: impl FnOnce(&mut Story)) -> (bool, Vec<String>) {
    let mut story = good(1);
    change(&mut story);
    let feed = Feed { profile, ..feed_of(&selection(), vec![story]) };
    let reviewed = review(&feed).items.remove(0);
    let refused = reviewed.is_refused();
    let [format] = forms(profile) else { panic!() };
    let text = String::from_utf8(render(&feed, *format).unwrap().body.to_vec()).unwrap();
    let is_there = text.contains("tag:feeds.example.org,2026:1<") || text.contains("/entries/");
    assert_eq!(is_there, !refused, "what is refused is left out: {text}");
    (refused, reviewed.faults.into_iter().map(|fault| fault.what).collect())
}

#[test]
fn each_dialect_of_a_rich_feed() {
    for profile in [Profile::Feedly, Profile::Smartnews, Profile::Tombstones, Profile::NewsSitemap] {
        insta::assert_snapshot!(format!("profile_{}", profile.name()), text(&dialect(profile)));
    }
    let json: serde_json::Value = serde_json::from_str(&text(&dialect(Profile::Ninjs))).unwrap();
    insta::assert_snapshot!("profile_ninjs", serde_json::to_string_pretty(&json).unwrap());
    let feed = Feed { profile: Profile::Msn, ..feed_of(&selection(), vec![good(1)]) };
    insta::assert_snapshot!("profile_msn", text(&feed));
}

#[test]
fn hostile_sources_spoil_no_dialect() {
    for (_, profile) in Profile::NAMES.into_iter().filter(|(_, profile)| *profile != Profile::Standard) {
        let feed = Feed { profile, ..hostile() };
        let text = text(&feed);
        for secret in ["secret", "javascript:", "data:image"] {
            assert!(!text.contains(secret), "{} holds {secret}", profile.name());
        }
        match forms(profile) {
            [OutputFormat::Json] => drop(serde_json::from_str::<serde_json::Value>(&text).unwrap()),
            [OutputFormat::Xml] => assert!(crate::checker::is_xml(text.as_bytes())),
            _ => {
                assert!(crate::checker::is_xml(text.as_bytes()), "{}", profile.name());
                feed_rs::parser::parse(text.as_bytes()).unwrap();
            }
        }
    }
}

#[test]
fn a_good_article_is_taken_by_all() {
    for profile in [Profile::Msn, Profile::Smartnews, Profile::NewsSitemap] {
        assert_eq!(faults(profile, |_| {}), (false, vec![]), "{}", profile.name());
    }
}

#[test]
fn msn_says_what_it_refuses() {
    let refused = |what: &str, change: fn(&mut Story)| {
        let (refused, faults) = faults(Profile::Msn, change);
        assert!(refused && faults.iter().any(|fault| fault.contains(what)), "{what}: {faults:?}");
    };
    refused("the headline has 4 characters", |story| story.lead.facts.title = "Ngắn".to_owned());
    refused("there is no picture", |story| story.lead.facts.enclosures.clear());
    refused("there is no full text", |story| story.lead.facts.content = newsriver::html::sanitise("", None));
    refused("it is in en", |story| story.lead.facts.language = Some("en".to_owned()));
    refused("nests", |story| {
        let deep = format!("{}x{}", "<div>".repeat(12), "</div>".repeat(12));
        story.lead.facts.content = newsriver::html::sanitise(&deep, None);
    });
    let with = |width: u32, height: u32, mime: &'static str, length: u64| {
        move |story: &mut Story| {
            let file = &mut story.lead.facts.enclosures[0];
            file.media = Media::Image { width: Some(width), height: Some(height), caption: None, credit: None };
            (file.mime_type, file.length) = (mime.to_owned(), Some(length));
        }
    };
    for (what, picture) in [
        ("640 × 480", with(640, 480, "image/jpeg", 1)),
        ("a ratio of 2.00", with(1600, 800, "image/jpeg", 1)),
        ("is image/avif", with(1200, 800, "image/avif", 1)),
        ("has 16 MB", with(1200, 800, "image/png", 16_000_000)),
    ] {
        let (refused, faults) = faults(Profile::Msn, picture);
        assert!(refused && faults[0].contains(what), "{what}: {faults:?}");
    }
    // One good picture is enough; the others are left out.
    let (refused, faults) = faults(Profile::Msn, |story| {
        story.lead.facts.enclosures.push(picture("https://cuasong.example/anh/nho.jpg", 100, 100));
    });
    assert!(!refused && faults[0].contains("it is left out"), "{faults:?}");
}

#[test]
fn msn_gets_only_the_html_it_takes() {
    let mut one = good(1);
    one.lead.facts.title = "dài ".repeat(50);
    let html = "<section><h2>A</h2><p>b<br><br><br>c</p><pre>d</pre><h6>e</h6></section>";
    one.lead.facts.content = newsriver::html::sanitise(html, None);
    let text = text(&Feed { profile: Profile::Msn, ..feed_of(&selection(), vec![one]) });
    assert!(text.contains("<h2>A</h2><p>b<br>c</p>de"), "{text}");
    assert!(text.contains("<mi:shortTitle>") && text.contains("xmlns:mi="));
    assert!(!text.contains("<enclosure"));
}

#[test]
fn smartnews_wants_plain_addresses() {
    let mut selection = selection();
    selection.wording.link_query = Some(Template::parse("utm_source=x", &[]).unwrap());
    let feed = Feed { profile: Profile::Smartnews, ..feed_of(&selection, vec![good(1)]) };
    let reviewed = review(&feed).items.remove(0);
    assert!(reviewed.is_refused() && reviewed.faults[0].what.contains("link_query"), "{reviewed:?}");
}

#[test]
fn a_sitemap_lists_our_own_addresses() {
    let mut own = good(2);
    own.lead.facts.url = Some(url("https://feeds.example.org/bai/2.html"));
    let text = text(&Feed { profile: Profile::NewsSitemap, ..feed_of(&selection(), vec![good(1), own]) });
    assert!(text.contains("<loc>https://feeds.example.org/entries/"), "{text}");
    assert!(text.contains("<loc>https://feeds.example.org/bai/2.html</loc>"));
    assert!(!text.contains("<loc>https://cua-song.example"));
}
