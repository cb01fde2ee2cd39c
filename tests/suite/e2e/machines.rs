//! Several machines on one PostgreSQL database, and what they do when it is away.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use newsriver::app::Rooms;
use newsriver::clock::Clock;
use newsriver::serve::{self, Refresher, Touched};

use super::hub::{Call, Subscriber};
use super::{Reply, Service, Site, item, prose, rss};
use crate::database::{PASSWORD, Server, ask};

fn storage(url: &str) -> String {
    format!("[storage]\nurl = \"{url}\"\n\n")
}

fn article(id: &str) -> String {
    item(id, &format!("Story {id}"), "Mon, 02 Mar 2026 08:00:00 GMT", &prose(&format!("{id}x"), 3))
}

fn titles(service: &Service) -> BTreeSet<String> {
    let feed = service.feed("/feeds/all.atom");
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

const ALL: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\nlimit = 500\n";

#[test]
fn no_source_is_polled_by_two_machines_and_both_serve_the_same() {
    let Some(server) = Server::shared() else { return };
    let site = Site::start();
    let mut config = storage(&server.database()) + "[defaults]\ninterval = \"2s\"\n\n";
    for n in 0..12 {
        site.put(&format!("/{n}"), Reply::rss(rss(&article(&n.to_string()))).after(Duration::from_millis(200)));
        config += &format!("[sources.s{n}]\nurl = \"{}\"\nkind = \"feed\"\n", site.url(&format!("/{n}")));
    }
    config += ALL;
    let mut one = Service::prepare(&config);
    let mut other = one.another(&config);
    let start = Instant::now();
    one.run_without_waiting();
    other.run();
    one.wait("both to have polled for a while", |_| (site.asked("/0").len() >= 6).then_some(()));
    // However late a question arrives, two seconds lie between any two claims of a source.
    for n in 0..12 {
        for (count, asked) in (1u32..).zip(site.asked(&format!("/{n}"))) {
            let most = (asked.at - start).as_secs() / 2 + 1;
            assert!(u64::from(count) <= most, "source {n} was asked {count} times within {:?}", asked.at - start);
        }
    }
    for machine in [&one, &other] {
        machine.wait("all articles", |machine| (titles(machine).len() == 12).then_some(()));
    }
    for path in ["/feeds/all.rss", "/feeds/all.json", "/feeds/all"] {
        one.wait("the same bytes", |one| (one.get(path).body == other.get(path).body).then_some(()));
        assert_eq!(one.get(path).header("ETag"), other.get(path).header("ETag"));
    }
    // The death of one does not stop the other; sources that it was visiting come free with their leases.
    one.kill();
    for n in 0..12 {
        site.put(&format!("/{n}"), Reply::rss(rss(&(article(&n.to_string()) + &article(&format!("new{n}"))))));
    }
    other.wait("all news", |other| (titles(other).len() == 24).then_some(()));
    for n in 0..12 {
        site.put(&format!("/{n}"), Reply::rss(rss(&article(&format!("last{n}")))));
    }
    // One that starts after all are dead takes everything up at once.
    other.kill();
    one.run();
    one.wait("the last news", |one| (titles(one).len() == 36).then_some(()));
}

#[test]
fn subscribers_are_told_once_whatever_machine_polled() {
    let Some(server) = Server::shared() else { return };
    let (site, subscriber, database) = (Site::start(), Subscriber::start(), server.database());
    site.put("/feed", Reply::rss(rss(&article("0"))));
    let config = format!(
        "{}[hub]\nallow_private = [\"127.0.0.0/8\"]\n\n[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{ALL}",
        storage(&database),
        site.url("/feed")
    );
    let mut one = Service::start(&config);
    let mut other = one.another(&config);
    other.run();
    one.wait_for_entries("/feeds/all.rss", 1);
    other.wait_for_entries("/feeds/all.rss", 1);
    subscriber.subscribe(&one, "/feeds/all.rss", "");
    let publish = |last: usize| {
        let items: String = (0..=last).map(|n| article(&n.to_string())).collect();
        site.put("/feed", Reply::rss(rss(&items)));
    };
    // Not twice by two machines, and not of what is no news.
    let was_told_once_each = |one: &Service, news: usize| {
        let told: Vec<String> = subscriber.told().iter().map(Call::text).collect();
        assert_eq!(told.len(), news, "{}\n{}\n{}", told.join("\n\n"), one.log(), other.log());
    };
    for n in 1..=3 {
        publish(n);
        subscriber.wait_for_news(&one, &format!("Story {n}"));
        other.wait_for_entries("/feeds/all.rss", n + 1);
    }
    // Long enough for a second machine to have told it, too.
    std::thread::sleep(Duration::from_secs(3));
    was_told_once_each(&one, 3);
    // Who tells ends when all is written down: the other one goes on.
    one.wait("the last telling to be settled", |_| {
        let settled = ask(&database, "SELECT count(*) FROM subscription WHERE due = 0 AND attempts = 0").unwrap();
        (settled == ["1"]).then_some(())
    });
    assert_eq!(one.stop(), Some(0));
    publish(4);
    subscriber.wait_for_news(&other, "Story 4");
    std::thread::sleep(Duration::from_secs(1));
    was_told_once_each(&one, 4);
}

#[test]
fn a_database_that_restarts_is_waited_for() {
    let Some(mut server) = Server::start() else { return };
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&article("0"))));
    let service = Service::start(&format!(
        "{}[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{ALL}",
        storage(&server.database()),
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    let mut items = article("0");
    for (n, how) in [(1, "QUIT"), (2, "INT"), (3, "QUIT")] {
        server.stop(how);
        items += &article(&n.to_string());
        site.put("/feed", Reply::rss(rss(&items)));
        assert_eq!(service.get("/feeds/all.rss").status, 200, "what is published stays up");
        assert_eq!(service.get("/healthz").status, 200);
        service.wait("the word that it is away", |service| {
            let log = service.log();
            (log.matches("the store does not tell what changed").count() >= n).then_some(())
        });
        assert_eq!(service.feed("/feeds/all.rss").entries.len(), n);
        server.run();
        service.wait_for_entries("/feeds/all.rss", n + 1);
    }
    assert!(!service.log().contains(PASSWORD), "{}", service.log());
    assert!(service.log().contains("cannot be reached") || service.log().contains("closed the connection"));
}

#[test]
fn a_database_that_cannot_be_used_is_named_without_its_password() {
    let Some(server) = Server::shared() else { return };
    let says = |url: &str, command: &str| {
        let service = Service::prepare(&(storage(url) + "[sources.a]\nurl = \"https://a.example/\"\n" + ALL));
        let Output { status, stdout, stderr } = service.command(&[command]);
        let words = String::from_utf8_lossy(&stderr).into_owned() + &String::from_utf8_lossy(&stdout);
        assert!(!words.contains(PASSWORD) && !words.contains("wr0ng"), "{words}");
        (status.code(), words)
    };
    let good = server.database();
    assert_eq!(says(&good, "status").0, Some(0));
    for (url, what) in [
        (good.replace(PASSWORD, "wr0ng"), "pg_hba.conf"),
        (server.url("none"), "createdb"),
        ("postgres://ada:wr0ng@127.0.0.1:9/news".to_owned(), "is it running"),
    ] {
        for command in ["serve", "poll", "status"] {
            let (status, words) = says(&url, command);
            assert!(status == Some(1) && words.contains(what) && words.contains("127.0.0.1"), "{words}");
        }
    }
    // Whatever is wrong in its line.
    for url in [
        "postgres://ada:wr0ng@db:wr0ng/news",
        "postgres:ada:wr0ng@db",
        "postgres://ada:wr0ng@db\" x = \"1",
        "my://a:wr0ng@b",
    ] {
        let (status, words) = says(url, "check");
        assert_eq!(status, Some(2), "{words}");
    }
}

#[test]
fn an_address_may_stand_in_the_environment_or_a_file() {
    let Some(server) = Server::shared() else { return };
    let config = "[sources.a]\nurl = \"https://a.example/\"\n".to_owned() + ALL;
    let service = Service::prepare(&(storage("file:database") + &config));
    std::fs::write(service.path("database"), server.database() + "\n").unwrap();
    assert!(service.command(&["status"]).status.success());
    std::fs::remove_file(service.path("database")).unwrap();
    assert_eq!(service.command(&["status"]).status.code(), Some(2));
}

/// Every command that reads or changes the store, on both stores: they say the same.
#[test]
fn commands_say_the_same_on_both_stores() {
    let Some(server) = Server::shared() else { return };
    let site = Site::start();
    site.put("/a", Reply::rss(rss(&(article("0") + &article("1")))));
    site.put("/b", Reply::rss(rss(&item("b", "Story 0 again", "Mon, 02 Mar 2026 09:00:00 GMT", &prose("0x", 3)))));
    // A paper that prints all of it again, and more.
    let again = item("c", "Story 0 in c", "Mon, 02 Mar 2026 10:00:00 GMT", &prose("0x", 3))
        + &item("d", "Story 1 in c", "Mon, 02 Mar 2026 10:00:00 GMT", &prose("1x", 3))
        + &article("new");
    site.put("/c", Reply::rss(rss(&again)));
    let source =
        |name: &str| format!("[sources.{name}]\nurl = \"{}\"\nkind = \"feed\"\n", site.url(&format!("/{name}")));
    let config = source("a") + &source("b") + &source("c") + ALL;
    let file = Service::prepare(&config);
    let database = file.another(&(storage(&server.database()) + &config));
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for service in [&file, &database] {
        let run = |arguments: &[&str]| {
            let Output { status, stdout, stderr } = service.command(arguments);
            assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
            String::from_utf8_lossy(&stdout).into_owned()
        };
        // One after the other, so that the first seen is the same.
        run(&["poll", "a"]);
        run(&["poll", "b"]);
        run(&["export", "--out", "out"]);
        let json = || std::fs::read_to_string(service.path("out/feeds/all.json")).unwrap();
        let feed: serde_json::Value = serde_json::from_str(&json()).unwrap();
        let entries: Vec<String> =
            feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(entries.len(), 2, "{feed}");
        said.entry("ids").or_default().push(format!("{entries:?}"));
        let pages: Vec<_> = std::fs::read_dir(service.path("out/entries")).unwrap().collect();
        let mut names: Vec<String> = pages
            .into_iter()
            .map(|page| page.unwrap().file_name().to_string_lossy().into_owned())
            .filter_map(|name| name.strip_suffix(".html").map(str::to_owned))
            .collect();
        names.sort();
        said.entry("why").or_default().push(run(&["why", &names[0], &names[1]]));
        said.entry("duplicates").or_default().push(run(&["duplicates", "--dry-run"]));
        said.entry("withdraw").or_default().push(run(&["withdraw", &names[0]]));
        run(&["poll", "c"]);
        run(&["export", "--out", "out"]);
        let feed: serde_json::Value = serde_json::from_str(&json()).unwrap();
        assert_eq!(feed["items"].as_array().unwrap().len(), 2, "the other article, and what is new: {feed}");
        said.entry("left").or_default().push(feed["items"].to_string());
        assert!(run(&["status", "--json"]).contains("\"a\""));
    }
    for (what, answers) in said {
        assert_eq!(answers[0], answers[1], "{what}");
    }
}

/// Between the making of a document and the look at what it no longer shows, other machines store articles.
#[tokio::test]
async fn what_came_in_since_a_document_was_made_is_not_archived() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&article("0"))));
    let text = format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[sources.a]\nurl = \"{}\"\n[feeds.all]\nlimit = 2\n",
        site.url("/feed")
    );
    let config = newsriver::config::parse(&text, &folder.path().join("feeds.toml")).unwrap();
    let rooms = Rooms::open(&config, Clock::system()).await.unwrap();
    let outlets = Arc::new(ArcSwap::from_pointee(newsriver::app::outlets(&config)));
    let refresher = Refresher::new(
        Arc::clone(&rooms.store),
        Arc::default(),
        outlets,
        Clock::system(),
        Arc::new(serve::Metrics::default()),
    );
    let mut items = String::new();
    for n in 0..4 {
        items += &article(&n.to_string());
        site.put("/feed", Reply::rss(rss(&items)));
        refresher.refresh(&Touched::All).await.unwrap();
        rooms.visitor.visit(&config.sources[0]).await.unwrap();
        while refresher.archive().await.unwrap() {}
        // The document before had no more than it may show.
        let archive = rooms.store.archive("feeds/all", None).await.unwrap();
        assert_eq!(archive.is_some(), n > 2, "after article {n}: {archive:?}");
    }
    refresher.refresh(&Touched::All).await.unwrap();
    while refresher.archive().await.unwrap() {}
    assert!(rooms.store.archive("feeds/all", None).await.unwrap().is_some());
}
