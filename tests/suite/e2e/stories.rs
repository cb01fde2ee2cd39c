//! The same article, once: relaunches, daily columns, boilerplate, and what a feed takes to be one.

use super::{Reply, Service, Site, item, prose, rss};

const TITLES: [&str; 8] = [
    "Ferry is mended",
    "School roof leaks",
    "Market moves north",
    "Bridge toll falls",
    "Library opens late",
    "Orchard prize given",
    "Harbour wall grows",
    "Bus line returns",
];

fn linked(site: &Site, path: &str, item: &str) -> String {
    item.replace("<title>", &format!("<link>{}</link><title>", site.url(path)))
}

fn short(subject: &str) -> String {
    format!("<p>On the {subject} the council said on Tuesday that work is done and that nobody was hurt.</p>")
}

fn start(site: &Site, feeds: &str) -> Service {
    Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\nfull_text = \"never\"\n{feeds}",
        site.url("/feed")
    ))
}

const ALL: &str = "[feeds.all]\nsources = [\"*\"]\n";

fn dated(service: &Service) -> Vec<(String, String, String)> {
    let json = service.json("/feeds/all.json");
    let text = |item: &serde_json::Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let items = json["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| (text(item, "id"), text(item, "title"), text(item, "date_published"))).collect()
}

#[test]
fn a_relaunch_does_not_flood_the_feeds() {
    let site = Site::start();
    let old = TITLES.iter().enumerate().map(|(n, title)| {
        let date = format!("Mon, 0{} Feb 2026 08:00:00 GMT", n + 1);
        linked(&site, &format!("/old/{n}"), &item(&format!("old-{n}"), title, &date, &short(title)))
    });
    site.put("/feed", Reply::rss(rss(&old.collect::<String>())));
    let service = start(&site, ALL);
    let before = service.wait("the articles", |service| Some(dated(service)).filter(|all| all.len() == 8));
    let again = TITLES.iter().enumerate().map(|(n, title)| {
        let date = format!("Mon, 02 Mar 2026 08:0{n}:00 GMT");
        linked(&site, &format!("/new/article-{n}"), &item(&format!("new-{n}"), title, &date, &short(title)))
    });
    let fresh = item("new-9", "A new start", "Mon, 02 Mar 2026 09:00:00 GMT", &short("new start"));
    site.put("/feed", Reply::rss(rss(&format!("{fresh}{}", again.collect::<String>()))));
    let after = service.wait("the new article", |service| Some(dated(service)).filter(|all| all.len() > 8));
    assert_eq!(after[0].1, "A new start");
    assert_eq!(after[1..], before, "what was there before stays as and where it was");
    let json = service.json("/feeds/all.json");
    assert!(json["items"][1]["url"].as_str().unwrap().contains("/new/"), "the link leads to the page that lives");
}

#[test]
fn columns_under_a_standing_headline_are_no_relaunch() {
    let site = Site::start();
    let day = |day: &'static str| {
        let columns = TITLES.iter().enumerate().map(move |(n, title)| {
            let date = format!("Mon, 02 {day} 2026 08:0{n}:00 GMT");
            item(&format!("{day}-{n}"), title, &date, &short(&format!("{day} {title} {n}")))
        });
        rss(&columns.collect::<String>())
    };
    site.put("/feed", Reply::rss(day("Feb")));
    let service = start(&site, ALL);
    service.wait("the first day", |service| Some(dated(service)).filter(|all| all.len() == 8));
    site.put("/feed", Reply::rss(day("Mar")));
    service.wait("the second day", |service| Some(dated(service)).filter(|all| all.len() == 16));
}

#[test]
fn what_stands_below_every_article_is_not_published() {
    let site = Site::start();
    let invitation = "<p>Follow the Courier by mail, or ring the desk before noon.</p>";
    let items = TITLES.iter().enumerate().map(|(n, title)| {
        let date = format!("Mon, 0{} Feb 2026 08:00:00 GMT", n + 1);
        item(&format!("{n}"), title, &date, &format!("{}{invitation}", prose(title, 3)))
    });
    site.put("/feed", Reply::rss(rss(&items.collect::<String>())));
    let service = start(&site, ALL);
    let feed = service.wait_for_entries("/feeds/all.atom", 8);
    for entry in &feed.entries {
        let content = entry.content.as_ref().unwrap().body.as_ref().unwrap();
        assert!(!content.contains("Courier") && content.len() > 100, "{content}");
    }
}

#[test]
fn each_feed_has_its_own_notion_of_the_same() {
    let site = Site::start();
    let text = prose("harvest", 8);
    let (first, second) = ("Mon, 02 Mar 2026 08:00:00 GMT", "Mon, 02 Mar 2026 09:00:00 GMT");
    site.put("/feed", Reply::rss(rss(&item("1", "The harvest is in", first, &text))));
    site.put("/copy", Reply::rss(rss(&item("2", "The harvest is in", second, &text))));
    let retold = format!("<p>From our reporter in the valley, last night.</p>{text}");
    site.put("/retold", Reply::rss(rss(&item("3", "Barns are full in the valley", second, &retold))));
    let table = |id: &str, path: &str| format!("[sources.{id}]\nurl = \"{}\"\ninterval = \"1s\"\n", site.url(path));
    let feed = |mode: &str| format!("[feeds.{mode}]\nsources = [\"*\"]\ndedupe = \"{mode}\"\n");
    let feeds = [table("b", "/copy"), table("c", "/retold"), feed("near"), feed("exact"), feed("off")].concat();
    let service = start(&site, &feeds);
    let count = |mode: &str| service.feed(&format!("/feeds/{mode}.atom")).entries.len();
    service.wait("all three", |_| (count("off") == 3).then_some(()));
    service.wait("two of them", |_| (count("exact") == 2).then_some(()));
    service.wait("one of them", |_| (count("near") == 1).then_some(()));
    let ids = |mode: &str| {
        let feed = service.feed(&format!("/feeds/{mode}.atom"));
        feed.entries.iter().map(|entry| entry.id.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(ids("exact").is_subset(&ids("off")) && ids("near").is_subset(&ids("exact")), "one id in all feeds");
}

#[test]
fn another_threshold_can_be_tried_and_every_pair_is_explained() {
    let site = Site::start();
    let date = "Mon, 02 Mar 2026 08:00:00 GMT";
    // Without numbers: other numbers would make other articles.
    let letters = |html: String| -> String {
        html.chars().map(|c| if c.is_ascii_digit() { (c as u8 + 49).into() } else { c }).collect()
    };
    let text = |topics: [&str; 4]| letters(topics.iter().map(|topic| prose(topic, 1)).collect());
    let (whole, half) = (text(["harvest", "barn", "field", "mill"]), text(["harvest", "barn", "field", "vineyard"]));
    let other = text(["rain", "cloud", "wind", "storm"]);
    site.put("/feed", Reply::rss(rss(&item("1", "The harvest is in at last", date, &whole))));
    site.put("/half", Reply::rss(rss(&item("2", "Barns are full in the valley", date, &half))));
    site.put("/other", Reply::rss(rss(&item("3", "Rain comes in the night", date, &other))));
    let table =
        |id: &str| format!("[sources.{id}]\nurl = \"{}\"\nfull_text = \"never\"\n", site.url(&format!("/{id}")));
    let service = Service::prepare(&[table("feed"), table("half"), table("other")].concat());
    assert!(service.command(&["poll"]).status.success());
    let run = |args: &[&str]| {
        let output = service.command(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let lines =
        |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>();
    let same = lines(&run(&["duplicates", "--dry-run", "--json"]));
    assert_eq!(same, [serde_json::json!({ "entries": 3, "would_join": 0, "would_part": 0 })]);
    let strict = lines(&run(&["duplicates", "--dry-run", "--threshold", "0.9", "--json"]));
    assert_eq!(
        (strict.len(), &strict[0]["change"], &strict[1]["would_part"]),
        (2, &"part".into(), &1.into()),
        "{strict:?}"
    );
    let words = run(&["duplicates", "--threshold", "90"]);
    assert!(words.contains("would be two stories") && words.contains("% of the shorter in the other"), "{words}");
    let (one, two) = (strict[0]["entry"].as_str().unwrap(), strict[0]["other"].as_str().unwrap());
    let why = run(&["why", one, two]);
    assert!(why.starts_with("one story: ") && why.contains("the texts are nearly the same"), "{why}");
    assert_eq!(service.command(&["duplicates", "--threshold", "3"]).status.code(), Some(2));
}
