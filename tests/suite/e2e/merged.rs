//! The faults that programs of this kind show on two tiny feeds.

use super::{Reply, Service, Site, item, png, prose, rss};

const FEEDS: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

/// Two papers; `a` gives the full text with two pictures, `b` a summary of the same under a tracked link.
fn two_papers() -> (Site, Service) {
    let site = Site::start();
    site.put("/one.png", Reply::new("image/png", png(640, 360, [200, 30, 30])));
    site.put("/two.png", Reply::new("image/png", png(320, 240, [30, 200, 30])));
    let story = site.url("/2026/03/bridge");
    let full = format!(
        "{}<p><img src=\"{}\" alt=\"Bridge\"></p>{}<p><img src=\"{}\"></p>",
        prose("bridge", 3),
        site.url("/one.png"),
        prose("river", 2),
        site.url("/two.png")
    );
    let a = [
        item("a-1", "The bridge opens", "Mon, 02 Mar 2026 08:00:00 GMT", &full)
            .replace("<title>", &format!("<link>{story}</link><title>")),
        item("a-2", "Tin vắn", "Mon, 02 Mar 2026 07:00:00 GMT", &prose("market", 2)),
        format!(
            "<item><guid isPermaLink=\"false\">a-3</guid><title>Undated</title><content:encoded><![CDATA[{}]]></content:encoded></item>",
            prose("calendar", 2)
        ),
    ];
    let b = [
        format!(
            "<item><guid isPermaLink=\"false\">b-1</guid><title>The bridge opens</title><link>{story}?utm_source=b&amp;fbclid=1</link>\
             <pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate><description>Short words on the bridge.</description></item>"
        ),
        item("b-2", "Tin vắn", "Mon, 02 Mar 2026 07:30:00 GMT", &prose("weather", 2)),
    ];
    site.put("/a.rss", Reply::rss(rss(&a.concat())));
    site.put("/b.rss", Reply::rss(rss(&b.concat())));
    site.put("/broken.rss", Reply::rss("<rss version=\"2.0\"><channel><item><title>Half"));
    let sources = format!(
        "[defaults]\ninterval = \"1s\"\nfull_text = \"never\"\n\n[sources.a]\ntitle = \"Paper A\"\nurl = \"{}\"\n[sources.b]\ntitle = \"Paper B\"\nurl = \"{}\"\n[sources.broken]\nurl = \"{}\"\n\n{FEEDS}",
        site.url("/a.rss"),
        site.url("/b.rss"),
        site.url("/broken.rss")
    );
    (site, Service::start(&sources))
}

#[test]
fn two_tiny_feeds_are_merged_rightly() {
    let (_site, service) = two_papers();
    let feed = service.wait("both papers", |service| {
        let read = ["a", "b"].iter().all(|id| service.status(id)["last_success"].is_string());
        let feed = service.feed("/feeds/all.atom");
        (read && feed.entries.len() >= 4).then_some(feed)
    });
    let titles: Vec<_> = feed.entries.iter().map(|entry| entry.title.as_ref().unwrap().content.clone()).collect();

    // The article that both have appears once, with the fuller text and both papers named.
    assert_eq!(titles.iter().filter(|title| *title == "The bridge opens").count(), 1, "{titles:?}");
    let json = service.json("/feeds/all.json");
    let bridge =
        json["items"].as_array().unwrap().iter().find(|item| item["title"] == "The bridge opens").unwrap().clone();
    assert!(bridge["content_html"].as_str().unwrap().contains("bridge0"), "{bridge}");
    let told = bridge.to_string();
    assert!(told.contains("Paper A") && told.contains("Paper B"), "{told}");

    // Two different articles under one headline both stay.
    assert_eq!(titles.iter().filter(|title| *title == "Tin vắn").count(), 2, "{titles:?}");

    // Both pictures are kept, in every form that can carry two.
    assert_eq!(bridge["attachments"].as_array().unwrap().len(), 2, "{bridge}");
    let atom = feed.entries.iter().find(|entry| entry.title.as_ref().unwrap().content == "The bridge opens").unwrap();
    let enclosures = atom.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure")).count();
    assert_eq!(enclosures, 2, "{:?}", atom.links);
    let rss = service.get("/feeds/all.rss").text();
    assert_eq!(rss.matches("<enclosure ").count(), 1, "one enclosure an item");
    assert_eq!(rss.matches("<media:content ").count(), 2);

    // A broken source spoils nothing, and is named.
    assert_eq!(titles.len(), 4, "{titles:?}");
}

#[test]
fn an_undated_item_is_dated_once_and_never_again() {
    let (_site, mut service) = two_papers();
    let date = |service: &Service| {
        let json = service.json("/feeds/all.json");
        let item = json["items"].as_array()?.iter().find(|item| item["title"] == "Undated")?.clone();
        Some((item["id"].clone(), item["date_published"].clone()))
    };
    let first = service.wait("the undated item", date);
    assert!(first.1.is_string());
    // Several more visits, and a restart.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(service.wait("it again", date), first);
    service.kill();
    service.run();
    assert_eq!(service.wait("it after a restart", date), first);
}

#[test]
fn a_changed_article_keeps_its_id_and_its_place() {
    let site = Site::start();
    let old = item("x", "Old story", "Sun, 01 Mar 2026 08:00:00 GMT", &prose("old", 3));
    let new = item("y", "New story", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("new", 3));
    site.put("/feed", Reply::rss(rss(&format!("{new}{old}"))));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{FEEDS}", site.url("/feed")));
    let before = service.wait_for_entries("/feeds/all.atom", 2);
    let revised = old
        .replace("Old story", "Old story, corrected")
        .replace("</p>", " and a correction that readers should know.</p>");
    site.put("/feed", Reply::rss(rss(&format!("{revised}{new}"))));
    let after = service.wait("the correction", |service| {
        let feed = service.feed("/feeds/all.atom");
        let found = feed.entries.iter().any(|entry| entry.title.as_ref().unwrap().content == "Old story, corrected");
        found.then_some(feed)
    });
    let ids = |feed: &feed_rs::model::Feed| feed.entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after), "same ids in the same order");
    assert_eq!(before.entries[1].published, after.entries[1].published);
    assert!(after.entries[1].updated > before.entries[1].updated, "the change is told");
    assert_eq!(before.entries[0].updated, after.entries[0].updated, "the other article did not change");
}

#[test]
fn an_article_under_a_new_address_and_id_appears_once() {
    let site = Site::start();
    let text = prose("harvest", 4);
    let first = item("1", "The harvest", "Mon, 02 Mar 2026 08:00:00 GMT", &text)
        .replace("<title>", &format!("<link>{}</link><title>", site.url("/old/harvest")));
    site.put("/feed", Reply::rss(rss(&first)));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{FEEDS}", site.url("/feed")));
    let before = service.wait_for_entries("/feeds/all.atom", 1);
    let second = item("2", "The harvest", "Mon, 02 Mar 2026 08:00:00 GMT", &text)
        .replace("<title>", &format!("<link>{}</link><title>", site.url("/new/harvest-2026")));
    site.put("/feed", Reply::rss(rss(&second)));
    let asked = site.asked("/feed").len();
    service.wait("two more visits", |_| (site.asked("/feed").len() > asked + 2).then_some(()));
    let after = service.feed("/feeds/all.atom");
    assert_eq!(after.entries.len(), 1, "{:?}", after.entries);
    assert_eq!(after.entries[0].id, before.entries[0].id);
}
