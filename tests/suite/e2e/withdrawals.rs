//! Articles that their source takes back.

use std::time::Duration;

use chrono::TimeDelta;
use newsriver::app::Rooms;
use newsriver::clock::Clock;
use newsriver::config;
use newsriver::store::StoryQuery;

use super::{Reply, Service, Site, item, prose, rss};

/// The headlines that are left after visits so many hours after the first.
async fn left_after(site: &Site, folder: &std::path::Path, hours: &[i64], more: &str) -> Vec<Vec<String>> {
    let url = site.url("/feed");
    let text = format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[sources.a]\nurl = \"{url}\"\nfull_text = \"never\"\n{more}\n[feeds.all]\n"
    );
    let config = config::parse(&text, &folder.join("feeds.toml")).unwrap();
    let start = Clock::system().now();
    let clock = Clock::fixed(start);
    let rooms = Rooms::open(&config, clock.clone()).await.unwrap();
    let mut left = Vec::new();
    for hours in hours {
        clock.set(start + TimeDelta::hours(*hours));
        rooms.visitor.visit(&config.sources[0]).await.unwrap();
        let sources = config.feeds[0].sources.0.clone();
        let query = StoryQuery { sources, before: None, limit: 10, dedupe: newsriver::model::Dedupe::Near };
        let stories = rooms.store.stories(&query).await.unwrap();
        let mut titles: Vec<_> = stories.into_iter().map(|story| story.lead.facts.title).collect();
        titles.sort();
        left.push(titles);
    }
    left
}

fn paper(replies: [(&str, u16); 3]) -> Site {
    let site = Site::start();
    let items: String = replies
        .iter()
        .map(|(name, status)| {
            site.put(
                &format!("/{name}"),
                if *status == 200 { Reply::html("<p>x</p>") } else { Reply::status(*status) },
            );
            let link = format!("<link>{}</link><title>", site.url(&format!("/{name}")));
            item(name, name, "Mon, 02 Mar 2026 08:00:00 GMT", &prose(name, 2)).replace("<title>", &link)
        })
        .collect();
    site.put("/feed", Reply::rss(rss(&items)));
    site
}

#[tokio::test]
async fn what_is_gone_or_missing_for_long_is_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let site = paper([("bleibt", 200), ("fehlt", 404), ("weg", 410)]);
    let left = left_after(&site, folder.path(), &[0, 1, 2, 5, 7, 8], "").await;
    let all = ["bleibt", "fehlt", "weg"];
    assert_eq!(left[0], all);
    assert_eq!(left[1], all[..2], "410 at once");
    assert_eq!((&left[2], &left[3]), (&left[1], &left[1]), "404 may pass");
    assert_eq!(left[4], ["bleibt"], "404 for six hours does not");
    assert_eq!(left[5], left[4], "and the source's list does not bring it back");
    assert_eq!(site.asked("/bleibt").len(), 2, "after one hour and after six, with one byte each");
}

#[tokio::test]
async fn a_site_in_disorder_withdraws_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let site = paper([("a", 404), ("b", 404), ("c", 404)]);
    let left = left_after(&site, folder.path(), &[0, 1, 8, 15, 22], "").await;
    assert!(left.iter().all(|titles| titles.len() == 3), "{left:?}");
}

#[tokio::test]
async fn the_admin_can_keep_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let site = paper([("a", 410), ("b", 200), ("c", 404)]);
    let left = left_after(&site, folder.path(), &[0, 1, 8], "when_gone = \"keep\"").await;
    assert!(left.iter().all(|titles| titles.len() == 3), "{left:?}");
    assert!(site.asked("/a").is_empty());
}

#[test]
fn pages_that_answer_late_hold_up_no_visit() {
    let site = paper([("a", 200), ("b", 200), ("c", 200)]);
    let other = Site::start();
    other.put("/feed", Reply::rss(rss("")));
    let mut service = Service::impatient(&format!(
        "[defaults]\ninterval = \"1s\"\nfull_text = \"never\"\n[sources.a]\nurl = \"{}\"\n[sources.b]\nurl = \"{}\"\n[feeds.all]\n",
        site.url("/feed"),
        other.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 3);
    service.kill();
    // As if the time had come to ask for the articles again.
    let store = rusqlite::Connection::open(service.path("data/newsriver.db")).unwrap();
    assert_eq!(store.execute("UPDATE entry SET recheck = 0", []).unwrap(), 3);
    drop(store);
    let pages = ["/a", "/b", "/c"];
    for path in pages {
        site.put(path, Reply::html("").after(Duration::from_secs(24 * 60 * 60)));
    }
    service.run();
    service.wait("a page to be asked for", |_| pages.iter().any(|path| !site.asked(path).is_empty()).then_some(()));
    let (visits, others) = (site.asked("/feed").len(), other.asked("/feed").len());
    service.wait("three more visits", |_| (site.asked("/feed").len() >= visits + 3).then_some(()));
    // Both are visited as often.
    let meanwhile = other.asked("/feed").len() - others;
    assert!(meanwhile < 10, "three visits took as long as {meanwhile} to another source");
}
