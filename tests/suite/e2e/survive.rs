//! Kill -9 in the middle of polls: nothing that was stored is lost, nothing appears twice.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Reply, Service, Site, item, prose, rss};
use crate::database::Server;

fn ids(service: &Service) -> BTreeMap<String, String> {
    let json = service.json("/feeds/all.json");
    json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["id"].as_str().unwrap().to_owned(), item["title"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn killed_in_the_middle_of_polls() {
    killed("");
}

#[test]
fn killed_in_the_middle_of_polls_with_a_database() {
    if let Some(server) = Server::shared() {
        killed(&format!("[storage]\nurl = \"{}\"\n", server.database()));
    }
}

fn killed(storage: &str) {
    let site = Site::start();
    let mut sources = format!("{storage}[defaults]\ninterval = \"1s\"\n\n");
    for paper in 0..6 {
        // Each visit is stretched by pages that answer slowly, so that kills hit every stage.
        let items: String = (0..8)
            .map(|n| {
                let path = format!("/{paper}/{n}");
                let text = prose(&format!("p{paper}n{n}x"), 4);
                let page = format!("<html><head><title>Story {paper} {n}</title></head><body><article><h1>Story {paper} {n}</h1>{text}</article></body></html>");
                site.put(&path, Reply::html(page).after(Duration::from_millis(60)));
                format!(
                    "<item><guid isPermaLink=\"false\">{paper}-{n}</guid><title>Story {paper} {n}</title><link>{}</link>\
                     <pubDate>Mon, 02 Mar 2026 08:0{n}:00 GMT</pubDate><description>Short {paper} {n}</description></item>",
                    site.url(&path)
                )
            })
            .collect();
        site.put(&format!("/feed{paper}"), Reply::rss(rss(&items)).after(Duration::from_millis(20 * paper)));
        sources += &format!("[sources.s{paper}]\nurl = \"{}\"\n", site.url(&format!("/feed{paper}")));
    }
    let mut service =
        Service::prepare(&format!("{sources}\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\nlimit = 500\n"));
    let mut stored = BTreeMap::new();
    for wait in [150, 400, 250, 700, 90, 500] {
        service.run();
        let now = ids(&service);
        for (id, title) in &stored {
            assert_eq!(now.get(id), Some(title), "lost after a kill");
        }
        std::thread::sleep(Duration::from_millis(wait));
        stored = ids(&service);
        service.kill();
    }
    service.run();
    let all = service.wait("all stories", |service| {
        let all = ids(service);
        (all.len() >= 48).then_some(all)
    });
    assert_eq!(all.len(), 48);
    let mut titles: Vec<_> = all.values().collect();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 48, "an article appears twice");
    for (id, title) in &stored {
        assert_eq!(all.get(id), Some(title), "an id changed");
    }
}

#[test]
fn a_clean_stop_is_a_success_and_loses_nothing() {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    let mut service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    let before = service.get("/feeds/all.rss");
    assert_eq!(service.stop(), Some(0), "{}", service.log());
    let visits = site.asked("/feed").len();
    service.run();
    let after = service.get("/feeds/all.rss");
    assert_eq!(after.body, before.body, "the same state gives the same bytes");
    assert_eq!(after.header("ETag"), before.header("ETag"));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(site.asked("/feed").len(), visits, "a restart is no reason to ask again");
}
