//! feeds.toml changes while the service runs.

use super::{Reply, Service, Site, item, prose, rss};

#[test]
fn a_mistake_leaves_the_service_as_it_was_and_is_shown() {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    let good =
        format!("[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n", site.url("/feed"));
    let service = Service::start(&good);
    service.wait_for_entries("/feeds/all.rss", 1);

    service.configure(&good.replace("title = \"All\"", "titel = \"All\""));
    let problem = service.wait("the mistake", |service| {
        let status = service.json("/status.json");
        status["config_problems"].as_str().map(str::to_owned)
    });
    assert!(problem.contains("titel") && problem.contains("title"), "{problem}");
    assert!(problem.contains('^'), "the spot is marked: {problem}");
    assert!(service.get("/status").text().contains("titel"));
    assert_eq!(service.feed("/feeds/all.rss").entries.len(), 1, "the old feeds are served on");

    service.configure(&good.replace("[feeds.all]\ntitle = \"All\"", "[feeds.all]\ntitle = \"Everything new\""));
    service
        .wait("the new title", |service| service.get("/feeds/all.rss").text().contains("Everything new").then_some(()));
    // The feeds are there before the reload has ended.
    service.wait("the mistake to be forgotten", |service| {
        service.json("/status.json")["config_problems"].is_null().then_some(())
    });
}

#[test]
fn sources_and_feeds_come_and_go() {
    let site = Site::start();
    for (path, title) in [("/a", "First"), ("/b", "Second")] {
        site.put(path, Reply::rss(rss(&item(path, title, "Mon, 02 Mar 2026 08:00:00 GMT", &prose(title, 3)))));
    }
    let one = format!("[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n", site.url("/a"));
    let service = Service::start(&one);
    service.wait_for_entries("/feeds/all.rss", 1);
    service.configure(&format!(
        "[sources.a]\nurl = \"{}\"\n[sources.b]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n[feeds.second]\ntitle = \"B\"\nsources = [\"b\"]\n",
        site.url("/a"),
        site.url("/b")
    ));
    service.wait_for_entries("/feeds/all.rss", 2);
    assert_eq!(service.feed("/feeds/second.rss").entries.len(), 1);
    service.configure(&one);
    service.wait("the feed to go", |service| (service.get("/feeds/second.rss").status == 404).then_some(()));
    service.wait_for_entries("/feeds/all.rss", 1);
}

#[test]
fn a_feed_that_closes_or_takes_another_form_leaves_none_of_its_old_forms_open() {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    let feeds = |more: &str| {
        format!(
            "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\n[feeds.partner]\ntitle = \"Partner\"\n{more}",
            site.url("/feed")
        )
    };
    let service = Service::start(&feeds(""));
    std::fs::write(service.path("token"), "geheim-0123456789abcdef").unwrap();
    service.wait_for_entries("/feeds/partner.rss", 1);
    let statuses =
        || ["", ".rss", ".atom", ".json"].map(|ending| service.get(&format!("/feeds/partner{ending}")).status);
    assert_eq!(statuses(), [200; 4]);
    assert!(service.get("/status").text().contains("Partner") && service.status("a").is_object());
    service.configure(&feeds("profile = \"ninjs\"\ntokens = [\"file:token\"]\n"));
    service.wait("the new form", |service| (service.get("/feeds/partner.json").status == 401).then_some(()));
    assert_eq!(statuses(), [401, 404, 404, 401]);
    assert!(!service.get("/status").text().contains("Partner"));
    assert!(!service.get("/status.json").text().contains("partner"));
    service.configure(&feeds("profile = \"tombstones\"\n"));
    service.wait("the next form", |service| (service.get("/feeds/partner.atom").status == 200).then_some(()));
    assert_eq!(statuses(), [200, 404, 200, 404]);
}
