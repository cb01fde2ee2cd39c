//! Bad input of every kind gives a clear line in the status, and everything else goes on.

use std::time::Duration;

use super::{Reply, Service, Site, item, prose, rss};

/// After all tests.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// A good source beside a bad one; returns the bad one's status once it was visited.
fn beside(site: &Site, bad: &str) -> (Service, serde_json::Value) {
    beside_at(site, bad, Service::start)
}

fn beside_at(site: &Site, bad: &str, start: fn(&str) -> Service) -> (Service, serde_json::Value) {
    site.put("/good", Reply::rss(rss(&item("g", "Good", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("good", 3)))));
    let service = start(&format!(
        "[sources.good]\nurl = \"{}\"\n[sources.bad]\nurl = \"{bad}\"\nkind = \"feed\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/good")
    ));
    let status = service.wait("the bad source's status", |service| {
        let status = service.status("bad");
        status["last_visit"].is_string().then_some(status)
    });
    service.wait_for_entries("/feeds/all.rss", 1);
    (service, status)
}

/// The error of a source that answers like this.
fn error_of(reply: Reply) -> String {
    let site = Site::start();
    site.put("/bad", reply);
    let (_service, status) = beside(&site, &site.url("/bad"));
    assert_eq!(status["failures"], 1, "{status}");
    status["last_error"].as_str().unwrap_or_else(|| panic!("no error in {status}")).to_owned()
}

fn says(error: &str, words: &[&str]) {
    let lower = error.to_lowercase();
    assert!(words.iter().any(|word| lower.contains(word)), "{error:?} says none of {words:?}");
}

#[test]
fn something_that_is_not_xml() {
    says(&error_of(Reply::rss("just some words, no feed at all")), &["not a feed"]);
}

#[test]
fn a_web_page_instead_of_a_feed() {
    says(
        &error_of(Reply::rss("<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>Be right back")),
        &["web page"],
    );
}

#[test]
fn an_empty_body() {
    says(&error_of(Reply::rss("")), &["empty"]);
}

#[test]
fn a_server_error() {
    says(&error_of(Reply::status(500)), &["500"]);
}

#[test]
fn an_endless_redirect() {
    says(&error_of(Reply { status: 302, ..Reply::status(302) }.header("Location", "/bad")), &["redirect"]);
}

#[test]
fn a_body_of_200_megabytes() {
    let reply = Reply { repeat: 200, ..Reply::rss(vec![b'x'; 1024 * 1024]) };
    says(&error_of(reply), &["large", "limit", "more than"]);
}

#[test]
fn a_server_that_never_answers() {
    let site = Site::start();
    site.put("/bad", Reply::rss("").after(NEVER));
    let (_service, status) = beside_at(&site, &site.url("/bad"), Service::impatient);
    says(status["last_error"].as_str().unwrap(), &["time", "second"]);
}

#[test]
fn a_host_that_does_not_exist() {
    let site = Site::start();
    let (_service, status) = beside(&site, "http://no-such-host.invalid/feed");
    says(status["last_error"].as_str().unwrap(), &["no-such-host.invalid"]);
}

#[test]
fn tls_spoken_to_a_server_that_does_not() {
    let site = Site::start();
    let (_service, status) = beside(&site, &site.url("/bad").replace("http:", "https:"));
    says(status["last_error"].as_str().unwrap(), &["tls", "certificate", "secure"]);
}

#[test]
fn an_address_in_a_private_network() {
    let site = Site::start();
    let (_service, status) = beside(&site, "http://10.1.2.3/feed");
    says(status["last_error"].as_str().unwrap(), &["private", "allow_private"]);
}

#[test]
fn a_truncated_document_keeps_its_whole_items() {
    let site = Site::start();
    let whole = item("1", "Whole", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("whole", 3));
    let document = rss(&format!("{whole}<item><title>Half an it"));
    site.put("/bad", Reply::rss(&document.as_bytes()[..document.len() - 20]));
    let (service, status) = beside_readable(&site);
    assert_eq!(status["failures"], 0, "{status}");
    assert!(status["notice"].as_str().unwrap().contains("repaired"), "{status}");
    service.wait("the whole item", |service| {
        service
            .feed("/feeds/all.rss")
            .entries
            .iter()
            .any(|e| e.title.as_ref().unwrap().content == "Whole")
            .then_some(())
    });
}

/// Like [`beside`], for a source that can be read.
fn beside_readable(site: &Site) -> (Service, serde_json::Value) {
    let service = Service::start(&format!(
        "[sources.bad]\nurl = \"{}\"\nkind = \"feed\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\nlimit = 50\n",
        site.url("/bad")
    ));
    let status = service.wait("its status", |service| {
        let status = service.status("bad");
        status["last_visit"].is_string().then_some(status)
    });
    (service, status)
}

#[test]
fn an_empty_feed_is_no_failure() {
    let site = Site::start();
    site.put("/bad", Reply::rss(rss("")));
    let (service, status) = beside_readable(&site);
    assert_eq!(status["failures"], 0, "{status}");
    assert_eq!(service.feed("/feeds/all.atom").entries.len(), 0);
}

#[test]
fn a_feed_with_fifty_thousand_items() {
    let site = Site::start();
    let items: String = (0..50_000)
        .map(|n| format!("<item><guid isPermaLink=\"false\">n{n}</guid><title>Item {n}</title><description>Words number{n} of item {n}</description></item>"))
        .collect();
    site.put("/bad", Reply::rss(rss(&items)));
    let (service, status) = beside_readable(&site);
    assert_eq!(status["failures"], 0, "{status}");
    let said = status["notice"].as_str().unwrap_or_default();
    assert!(said.contains("50000") || said.contains("50,000") || said.contains("10000"), "{status}");
    assert_eq!(service.wait_for_entries("/feeds/all.rss", 50).entries.len(), 50);
}

#[test]
fn a_slow_source_delays_no_other() {
    let site = Site::start();
    for n in 0..20 {
        site.put(&format!("/slow{n}"), Reply::rss(rss("")).after(NEVER));
    }
    let other = Site::start();
    other.put("/good", Reply::rss(rss(&item("g", "Good", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("good", 3)))));
    let slow: String = (0..20)
        .map(|n| format!("[sources.a{n}]\nurl = \"{}\"\nkind = \"feed\"\n", site.url(&format!("/slow{n}"))))
        .collect();
    let service = Service::start(&format!(
        "{slow}[sources.good]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"good\"]\n",
        other.url("/good")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    // A visit to them ends by giving up, half a minute after it began.
    let waited = (0..20).filter(|n| service.status(&format!("a{n}"))["last_visit"].is_string()).count();
    assert_eq!(waited, 0, "the slow ones were waited for");
}
