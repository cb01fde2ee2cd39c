//! A partner that was away misses nothing: archives, pages, and what is new since a version.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{Reply, Service, Site, item, prose, rss};
use crate::checker;

/// A paper that lists its newest five articles.
struct Paper {
    site: Site,
    items: Vec<String>,
}

impl Paper {
    fn start() -> Self {
        let paper = Self { site: Site::start(), items: Vec::new() };
        paper.list();
        paper
    }

    fn publish(&mut self, count: usize) {
        let now = newsriver::clock::Clock::system().now();
        for _ in 0..count {
            let number = self.items.len();
            let date = (now - TimeDelta::days(1) + TimeDelta::minutes(number as i64)).to_rfc2822();
            self.items.push(item(
                &format!("id-{number}"),
                &format!("Bài {number}"),
                &date,
                &prose(&format!("t{number}x"), 2),
            ));
        }
        self.list();
    }

    fn list(&self) {
        let newest: String = self.items.iter().rev().take(5).cloned().collect();
        self.site.put("/feed", Reply::rss(rss(&newest)));
    }

    /// Publishes and waits until the service has it.
    fn publish_and_wait(&mut self, service: &Service, count: usize) {
        self.publish(count);
        let last = format!("Bài {}", self.items.len() - 1);
        service
            .wait(&last, |service| service.get("/feeds/all.atom").text().contains(&format!(">{last}<")).then_some(()));
    }
}

fn titles(text: &str) -> Vec<String> {
    let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
    feed.entries.into_iter().filter_map(|entry| entry.title).map(|title| title.content).collect()
}

fn link(service: &Service, text: &str, relation: &str) -> Option<String> {
    let at = text.split("<entry").next()?.split("<item>").next()?.to_owned();
    let tag = at.split('<').find(|tag| tag.contains(&format!("rel=\"{relation}\"")))?.to_owned();
    let href = tag.split("href=\"").nth(1)?.split('"').next()?.to_owned();
    Some(href.strip_prefix(&service.url("")).unwrap().to_owned())
}

/// The documents from the newest entries back to the first archive, newest first.
fn walk(service: &Service, path: &str) -> Vec<(String, String)> {
    let mut documents = vec![(path.to_owned(), service.get(path).text())];
    while let Some(next) = link(service, &documents.last().unwrap().1, "prev-archive") {
        let answer = service.get(&next);
        assert_eq!(answer.status, 200, "{next}");
        documents.push((next, answer.text()));
    }
    documents
}

#[test]
fn a_partner_that_was_down_for_a_week_misses_nothing() {
    let mut paper = Paper::start();
    let mut service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n[feeds.all]\nlimit = 4\n",
        paper.site.url("/feed")
    ));
    paper.publish_and_wait(&service, 4);
    // The partner reads, then it is down.
    let last_seen = titles(&service.get("/feeds/all.atom").text());
    assert_eq!(last_seen.len(), 4);
    for _ in 0..7 {
        paper.publish_and_wait(&service, 5);
    }
    let all: BTreeSet<String> = (0..39).map(|number| format!("Bài {number}")).collect();
    for (path, check) in [("/feeds/all.atom", true), ("/feeds/all.rss", false), ("/sources/a.atom", true)] {
        let documents = service.wait("the archives", |service| {
            let documents = walk(service, path);
            let reached: BTreeSet<String> = documents.iter().flat_map(|(_, text)| titles(text)).collect();
            (reached == all).then_some(documents)
        });
        for (path, text) in &documents {
            let (now, location) = (newsriver::clock::Clock::system().now(), service.url(path));
            let messages = if check {
                checker::atom(text.as_bytes(), &location, now)
            } else {
                checker::rss(text.as_bytes(), &location, now)
            };
            // Loopback has no host name with a dot.
            let messages: Vec<_> = messages.into_iter().filter(|one| !one.what.contains("127.0.0.1")).collect();
            assert_eq!(messages, [], "{path}");
        }
    }
    // Archives hold the same articles for ever, whatever is published, and after a restart.
    let before = walk(&service, "/feeds/all.atom");
    service.stop();
    service.run();
    paper.publish_and_wait(&service, 5);
    for (path, text) in before.iter().skip(1) {
        let now = service.get(path);
        assert_eq!(titles(&now.text()), titles(text), "{path}");
        assert_eq!(now.header("cache-control"), Some("public, max-age=86400, stale-while-revalidate=3600"));
    }
    assert_eq!(service.get("/feeds/all/archive/999.atom").status, 404);

    // A correction of an old article comes once more, under its old id; in its archive it is corrected.
    let id = |text: &str, title: &str| {
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap();
        feed.entries.into_iter().find(|entry| entry.title.as_ref().unwrap().content == title).map(|entry| entry.id)
    };
    let old_id = walk(&service, "/feeds/all.atom").iter().find_map(|(_, text)| id(text, "Bài 2")).unwrap();
    let first = paper.items[2].replace("Bài 2", "Bài 2, đã sửa").replace("</p>", " và một điều bạn đọc nên biết.</p>");
    let newest: String = paper.items.iter().rev().take(4).cloned().collect();
    paper.site.put("/feed", Reply::rss(rss(&format!("{newest}{first}"))));
    service.wait("the correction", |service| {
        (id(&service.get("/feeds/all.atom").text(), "Bài 2, đã sửa") == Some(old_id.clone())).then_some(())
    });
    let archives = walk(&service, "/feeds/all.atom");
    assert!(archives.iter().skip(1).any(|(_, text)| id(text, "Bài 2, đã sửa").is_some()));

    // What is withdrawn leaves the archives at once.
    let page = service.wait("the withdrawn article's id", |service| {
        let json = service.json("/feeds/all/archive/1.json");
        json["items"][0]["_newsriver"]["page"].as_str().map(str::to_owned)
    });
    let gone = service.json("/feeds/all/archive/1.json")["items"][0]["title"].as_str().unwrap().to_owned();
    assert!(service.command(&["withdraw", &page]).status.success());
    service.wait("its end", |service| {
        walk(service, "/feeds/all.atom").iter().all(|(_, text)| !titles(text).contains(&gone)).then_some(())
    });

    // A static copy holds the same bytes.
    let mut served: Vec<_> = ["/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json"]
        .into_iter()
        .flat_map(|newest| walk(&service, newest))
        .map(|(address, _)| address[address.find("/feeds/").unwrap()..].to_owned())
        .collect();
    served.extend([".rss", ".atom", ".json"].map(|form| format!("/feeds/all/page/2{form}")));
    assert!(served.len() > 20, "{served:?}");
    let served: Vec<_> = served.into_iter().map(|path| (service.get(&path).body, path)).collect();
    service.stop();
    assert!(service.command(&["export", "--out", "public"]).status.success());
    for (body, path) in served {
        assert!(std::fs::read(service.path("public").join(&path[1..])).unwrap() == body, "{path}");
    }
}

#[test]
fn pages_lead_back_from_the_newest_article_to_older_ones() {
    let mut paper = Paper::start();
    let service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n[feeds.all]\nlimit = 4\n",
        paper.site.url("/feed")
    ));
    paper.publish_and_wait(&service, 5);
    paper.publish_and_wait(&service, 5);
    let (mut path, mut reached) = ("/feeds/all.rss".to_owned(), Vec::new());
    loop {
        let text = service.get(&path).text();
        reached.extend(titles(&text));
        match link(&service, &text, "next") {
            Some(next) => path = next,
            None => break,
        }
    }
    let all: Vec<String> = (0..10).rev().map(|number| format!("Bài {number}")).collect();
    assert_eq!(reached, all, "each once, newest first");
    assert_eq!(path, "/feeds/all/page/3.rss");
    assert_eq!(service.get("/feeds/all.rss?page=2").body, service.get("/feeds/all/page/2.rss").body);
    let next = service.json("/feeds/all.json")["next_url"].as_str().unwrap().to_owned();
    assert_eq!(next, service.url("/feeds/all/page/2.json"));
    assert!(service.get("/feeds/all?page=2").text().contains("Bài 5"));
    for path in ["/feeds/all/page/99.rss", "/feeds/none/page/2.rss"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    // Conditional and coded like all others.
    let answer = service.get_with("/feeds/all/page/2.rss", &[("Accept-Encoding", "gzip")]);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let etag = answer.header("etag").unwrap().to_owned();
    assert_eq!(service.get_with("/feeds/all/page/2.rss", &[("If-None-Match", &etag)]).status, 304);
}

#[test]
fn the_history_of_a_protected_feed_is_protected() {
    let mut paper = Paper::start();
    let mut service = Service::prepare(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n[feeds.all]\nlimit = 4\n[feeds.partner]\nlimit = 4\ntokens = [\"file:token\"]\n",
        paper.site.url("/feed")
    ));
    std::fs::write(service.path("token"), "geheim-0123456789abcdef").unwrap();
    service.run();
    paper.publish_and_wait(&service, 5);
    paper.publish_and_wait(&service, 5);
    let token = [("Authorization", "Bearer geheim-0123456789abcdef")];
    for path in ["/feeds/partner/page/2.rss", "/feeds/partner/archive/1.atom", "/feeds/partner.json?page=2"] {
        let answer = service.wait(path, |service| {
            let answer = service.get_with(path, &token);
            (answer.status == 200).then_some(answer)
        });
        assert!(answer.header("cache-control").unwrap().starts_with("private"), "{path}");
        assert_eq!(service.get(path).status, 401, "{path}");
    }
}

#[test]
fn a_reader_can_ask_for_what_is_new() {
    let mut paper = Paper::start();
    let service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n[feeds.all]\nlimit = 40\n",
        paper.site.url("/feed")
    ));
    paper.publish_and_wait(&service, 5);
    let old = service.get_with("/feeds/all.atom", &[("Accept-Encoding", "gzip")]).header("etag").unwrap().to_owned();
    let ask = |service: &Service, etag: &str| {
        service.get_with("/feeds/all.atom", &[("A-IM", "feed, gzip;q=0.5"), ("If-None-Match", etag)])
    };
    assert_eq!(ask(&service, &old).status, 304, "nothing is new");
    paper.publish_and_wait(&service, 2);
    let answer = ask(&service, &old);
    assert_eq!(answer.status, 226);
    assert_eq!(answer.header("im"), Some("feed"));
    assert_eq!(titles(&answer.text()), ["Bài 6", "Bài 5"]);
    assert!(answer.header("cache-control").unwrap().contains("no-store"));
    let now = newsriver::clock::Clock::system().now();
    let messages = checker::atom(&answer.body, &service.url("/feeds/all.atom"), now);
    assert!(messages.iter().all(|one| one.what.contains("127.0.0.1")), "{messages:?}");
    // Its tag is that of the whole, present feed.
    let present = answer.header("etag").unwrap().to_owned();
    assert_eq!(Some(present.as_str()), service.get("/feeds/all.atom").header("etag"));
    assert_eq!(ask(&service, &present).status, 304);
    // Whoever names an unknown version, or does not ask, gets all.
    assert_eq!(ask(&service, "\"unknown\"").status, 200);
    assert_eq!(service.get_with("/feeds/all.atom", &[("If-None-Match", &old)]).status, 200);
}
