//! Feeds in the dialects of partners.

use super::{Reply, Service, Site, item, png, prose, rss};

fn service(site: &Site) -> Service {
    site.put("/big.png", Reply::new("image/png", png(1200, 800, [30, 90, 160])));
    let picture = format!("<p><img src=\"{}\" alt=\"\"></p>", site.url("/big.png"));
    let date = "Mon, 02 Mar 2026 08:00:00 GMT";
    let items = [
        item("1", "Cầu mới nối hai bờ sông Tiền thông xe", date, &format!("{picture}{}", prose("bridge", 3))),
        item("2", "Tin ngắn", date, &prose("short", 3)),
    ];
    site.put("/feed", Reply::rss(rss(&items.concat())));
    let feeds: String = ["msn", "smartnews", "ninjs", "tombstones", "news-sitemap", "feedly"]
        .into_iter()
        .map(|profile| format!("[feeds.{profile}]\nprofile = \"{profile}\"\n"))
        .collect();
    let service = Service::start(&format!(
        "[sources.a]\ntitle = \"Paper A\"\nurl = \"{}\"\nlanguage = \"vi\"\ninterval = \"1s\"\nfull_text = \"never\"\n[feeds.all]\n{feeds}",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.atom", 2);
    service
}

#[test]
fn a_dialect_has_one_form_and_a_page() {
    let site = Site::start();
    let service = service(&site);
    for (path, kind) in [
        ("/feeds/msn.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/smartnews.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/feedly.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/tombstones.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/ninjs.json", "application/json"),
        ("/feeds/news-sitemap.xml", "application/xml; charset=utf-8"),
        ("/feeds/msn", "text/html; charset=utf-8"),
    ] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
    }
    for path in ["/feeds/msn.atom", "/feeds/ninjs.rss", "/feeds/all.xml", "/feeds/msn/page/2.rss"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    let msn = service.get("/feeds/msn.rss").text();
    assert!(msn.contains("Cầu mới nối hai bờ") && !msn.contains("Tin ngắn"), "{msn}");
    assert!(service.get("/feeds/msn").text().contains("href=\"/feeds/msn.rss\""));
    assert!(!service.get("/feeds/msn").text().contains("/feeds/msn.atom"));
    // The articles are of another year.
    assert!(!service.get("/feeds/news-sitemap.xml").text().contains("<url>"));
}

#[test]
fn the_admin_sees_what_a_partner_would_refuse() {
    let site = Site::start();
    let service = service(&site);
    let output = service.command(&["check", "--partner"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "something is refused\n{text}");
    assert!(text.contains("feeds/msn (msn): 1 of 2 articles are taken"), "{text}");
    assert!(text.contains("refused: \"Tin ngắn\"") && text.contains("the headline has 8 characters"), "{text}");
    assert!(text.contains("the feed's address is not https"), "{text}");
    let output = service.command(&["check", "--partner", "--json"]);
    let lines: Vec<serde_json::Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    let msn = lines.iter().find(|line| line["profile"] == "msn").unwrap();
    let refused: Vec<_> = msn["items"].as_array().unwrap().iter().filter(|item| item["refused"] == true).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["title"], "Tin ngắn");
}

#[test]
fn partners_are_told_what_was_withdrawn() {
    let site = Site::start();
    let service = service(&site);
    let json = service.json("/feeds/all.json");
    let first = &json["items"].as_array().unwrap().iter().find(|item| item["title"] == "Tin ngắn").unwrap();
    let (id, page) = (first["id"].as_str().unwrap(), first["_newsriver"]["page"].as_str().unwrap());
    assert!(service.command(&["withdraw", page]).status.success());
    service.wait("the tombstone", |service| {
        service.get("/feeds/tombstones.atom").text().contains(&format!("<at:deleted-entry ref=\"{id}\"")).then_some(())
    });
    let smartnews = service.wait("the deletion", |service| {
        let text = service.get("/feeds/smartnews.rss").text();
        text.contains("state=\"deleted\"").then_some(text)
    });
    assert!(smartnews.split("<item>").any(|one| one.contains(id) && one.contains("state=\"deleted\"")));
    let ninjs = service.json("/feeds/ninjs.json");
    let all = ninjs["associations"].as_object().unwrap();
    assert!(all.values().any(|one| one["uri"] == id && one["pubstatus"] == "canceled"), "{ninjs}");
    // The standard feed says nothing of it.
    let standard = service.get("/feeds/all.atom").text();
    assert!(!standard.contains(id) && !standard.contains("deleted-entry"));
}
