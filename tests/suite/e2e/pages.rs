//! The pages in a real browser: headless Chromium, no JavaScript of ours, phone and desktop.

use std::process::Command;

use super::{Reply, Service, Site, item, png, prose, rss};

/// Chromium, when this machine has it; the test says loudly when it was skipped.
fn chromium() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()));
    if found.is_none() {
        eprintln!("SKIPPED: no Chromium on this machine; scripts/test installs it");
        assert!(std::env::var_os("CI").is_none(), "CI must have Chromium");
    }
    found
}

fn browse(service: &Service, name: &str, arguments: &[&str], path: &str) -> Vec<u8> {
    let profile = service.path(&format!("profile-{name}"));
    let output = Command::new(chromium().unwrap())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(arguments)
        .arg(service.url(path))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn pages_work_in_a_browser() {
    if chromium().is_none() {
        return;
    }
    let site = Site::start();
    site.put("/p.png", Reply::new("image/png", png(640, 360, [30, 90, 160])));
    let html = format!("<p><img src=\"{}\" alt=\"A picture\"></p>{}", site.url("/p.png"), prose("page", 4));
    site.put(
        "/feed",
        Reply::rss(rss(&item(
            "1",
            "Sông Cửu Long &amp; những dòng sông có tên rất dài không thể nào xuống dòng được",
            "Mon, 02 Mar 2026 08:00:00 GMT",
            &html,
        ))),
    );
    let service = Service::start(&format!(
        "[sources.a]\ntitle = \"Paper A\"\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    let entry = service.json("/feeds/all.json")["items"][0]["_newsriver"]["page"].as_str().map(str::to_owned);
    let entry = entry
        .map_or_else(|| panic!("no page in the JSON feed"), |url| url[url.find("/entries/").unwrap()..].to_owned());

    for (name, path) in [("index", "/"), ("feed", "/feeds/all"), ("entry", entry.as_str()), ("status", "/status")] {
        let dom = String::from_utf8(browse(&service, name, &["--dump-dom"], path)).unwrap();
        assert!(dom.contains("<main"), "{path} has no main part");
        assert!(dom.contains("name=\"viewport\""), "{path} is not made for phones");
        assert!(!dom.contains("<script"), "{path} needs no JavaScript");
        for (size, window) in [("phone", "--window-size=500,900"), ("desktop", "--window-size=1280,900")] {
            let picture = service.path(&format!("{name}-{size}.png"));
            let shot = format!("--screenshot={}", picture.display());
            browse(&service, &format!("{name}-{size}"), &[&shot, window], path);
            let bytes = std::fs::read(&picture).unwrap();
            assert!(bytes.len() > 5_000, "{path} on a {size} is blank");
        }
    }
    for path in ["/feeds/all.rss", "/feeds/all.atom"] {
        // A browser that knows no type of feeds shows them as text, or saves them.
        let dom = String::from_utf8(browse(&service, "xml", &["--dump-dom"], path)).unwrap();
        let is_tree = ["<rss", "<feed"].iter().any(|root| dom.trim_start().starts_with(root));
        assert!(is_tree, "{path} is shown as it is written: {dom}");
    }
    let dom = String::from_utf8(browse(&service, "discovery", &["--dump-dom"], "/feeds/all")).unwrap();
    for kind in ["application/rss+xml", "application/atom+xml", "application/feed+json"] {
        assert!(dom.contains(kind), "no autodiscovery link for {kind}");
    }
    assert!(dom.contains("Sông Cửu Long"));
}
