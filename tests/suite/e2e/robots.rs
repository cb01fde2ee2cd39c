//! robots.txt: what owners forbid is left alone, and articles come through all the same.

use super::{Reply, Service, Site, png, prose, rss};

fn start(site: &Site, fetch: &str) -> Service {
    let article = |path: &str, picture: &str| {
        site.put(path, Reply::html(format!(
            "<html><head><title>Bài</title></head><body><article><h1>Bài</h1>{}<img src=\"{}\"></article></body></html>",
            prose(path.trim_matches('/').split('/').next().unwrap_or_default(), 4),
            site.url(picture)
        )));
        site.put(picture, Reply::new("image/png", png(300, 200, [1, 2, 3])));
        format!(
            "<item><title>{path}</title><link>{}</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><description>Ngắn.</description></item>",
            site.url(path)
        )
    };
    let items = article("/open/1", "/pictures/1.png") + &article("/closed/2", "/pictures/2.png");
    site.put("/feed", Reply::rss(rss(&items)));
    let service = Service::prepare(&format!(
        "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    ));
    let path = service.path("feeds.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("[fetch]\n", &format!("[fetch]\n{fetch}"))).unwrap();
    let mut service = service;
    service.run();
    service.wait_for_entries("/feeds/all.rss", 2);
    service
}

#[test]
fn what_is_forbidden_is_left_alone() {
    let site = Site::start();
    let rules = "User-agent: *\nDisallow: /\n\nUser-agent: NewsRiver\nDisallow: /closed/\nDisallow: /pictures/1.png\n";
    site.put("/robots.txt", Reply::new("text/plain", rules));
    let service = start(&site, "");
    assert_eq!(site.asked("/open/1").len(), 1);
    assert!(site.asked("/closed/2").is_empty());
    assert!(site.asked("/pictures/1.png").is_empty());
    assert_eq!(site.asked("/robots.txt").len(), 1, "the rules are remembered");
    let notice = service.status("a")["notice"].as_str().unwrap_or_default().to_owned();
    assert!(notice.contains("robots.txt"), "{notice}");
    // A picture that may not be looked at is linked as its source describes it.
    assert!(service.get("/feeds/all.json").text().contains(&site.url("/pictures/1.png")));
}

#[test]
fn rules_that_cannot_be_had_forbid() {
    let site = Site::start();
    site.put("/robots.txt", Reply::status(503));
    let service = start(&site, "");
    assert!(site.asked("/open/1").is_empty());
    assert!(service.status("a")["notice"].as_str().unwrap_or_default().contains("robots.txt"));
}

#[test]
fn an_admin_may_know_better() {
    let site = Site::start();
    site.put("/robots.txt", Reply::new("text/plain", "User-agent: *\nDisallow: /\n"));
    start(&site, "robots = \"ignore\"\n");
    assert_eq!(site.asked("/open/1").len(), 1);
    assert!(site.asked("/robots.txt").is_empty());
}
