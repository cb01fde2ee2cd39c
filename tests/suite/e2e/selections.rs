//! What feeds.toml says a feed holds, seen from outside.

use super::{Reply, Service, Site, item, prose, rss};

fn titles(service: &Service, path: &str) -> Vec<String> {
    let json = service.json(path);
    json["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_source_has_its_own_feeds_where_it_is_public() {
    let site = Site::start();
    for name in ["a", "b"] {
        let text =
            item(&format!("{name}1"), &format!("Bài của {name}"), "Mon, 02 Mar 2026 08:00:00 GMT", &prose(name, 2));
        let advert = item(&format!("{name}2"), "Quảng cáo", "Mon, 02 Mar 2026 07:00:00 GMT", &prose("advert", 2));
        site.put(&format!("/{name}"), Reply::rss(rss(&format!("{text}{advert}"))));
    }
    let mut service = Service::prepare(&format!(
        "[sources.a]\ntitle = \"Paper A\"\nurl = \"{}\"\n[sources.b]\nurl = \"{}\"\n\
         [feeds.open]\nsources = [\"a\"]\nexclude = {{ title = \"Quảng cáo\" }}\n\
         [feeds.closed]\nsources = [\"a\", \"b\"]\ntokens = [\"file:token\"]\n",
        site.url("/a"),
        site.url("/b"),
    ));
    std::fs::write(service.path("token"), "0123456789abcdef").unwrap();
    service.run();
    service.wait_for_entries("/feeds/open.rss", 1);
    for path in ["/sources/a.rss", "/sources/a.atom", "/sources/a.json", "/sources/a"] {
        let answer = service.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains("Bài của a"), "{path}");
        assert!(!answer.text().contains("Quảng cáo"), "{path}: what no public feed shows is not public here");
        assert_eq!(service.get(&path.replace("/a", "/b")).status, 404, "{path}: b is in a protected feed only");
    }
    assert_eq!(service.json("/sources/a.json")["title"], "Paper A");
    assert!(service.get("/").text().contains("/sources/a") && !service.get("/").text().contains("/sources/b"));
    // An article's page is as public as its source's feed.
    let page = service.json("/sources/a.json")["items"][0]["_newsriver"]["page"].as_str().unwrap().to_owned();
    assert_eq!(service.get(&page[page.find("/entries/").unwrap()..]).status, 200);
}

#[test]
fn waiting_articles_come_by_themselves_and_old_ones_leave() {
    let site = Site::start();
    let now = newsriver::clock::Clock::system().now();
    let dated = |id: &str, title: &str, age: i64| {
        let date = (now - chrono::TimeDelta::seconds(age)).to_rfc2822();
        item(id, title, &date, &prose(id, 2))
    };
    let items = format!("{}{}", dated("mot", "Một", 5), dated("hai", "Hai", 86_400));
    site.put("/feed", Reply::rss(rss(&items)));
    let service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\ninterval = \"1h\"\n\
         [feeds.all]\n[feeds.delayed]\ndelay = \"4s\"\n[feeds.held]\nhold_back = \"9s\"\n[feeds.short]\nmax_age = \"12s\"\n\
         [feeds.arrived]\nsort = \"first-seen\"\nlimit = 1\n[feeds.one]\nper_source = 1\n",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.atom", 2);
    assert_eq!(titles(&service, "/feeds/one.json"), ["Một"]);
    assert_eq!(service.feed("/feeds/arrived.atom").entries.len(), 1);
    // Nothing is published anew meanwhile: the source is not visited within the hour.
    service.wait("the delayed", |service| (titles(service, "/feeds/delayed.json").len() == 2).then_some(()));
    service.wait("the held back", |service| (titles(service, "/feeds/held.json") == ["Một", "Hai"]).then_some(()));
    service
        .wait("the end of an article's time", |service| titles(service, "/feeds/short.json").is_empty().then_some(()));
    assert_eq!(site.asked("/feed").len(), 1);
}
