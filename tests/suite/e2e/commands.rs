//! The commands, as an admin uses them.

use super::{Reply, Service, Site, item, prose, rss};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn site_with_feed() -> Site {
    let site = Site::start();
    site.put("/", Reply::html("<html><head><link rel=\"alternate\" type=\"application/rss+xml\" title=\"All\" href=\"/rss\"></head><body></body></html>"));
    site.put("/rss", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    site
}

#[test]
fn poll_prints_a_line_per_source_and_fails_with_one() {
    let site = site_with_feed();
    let service = Service::prepare(&format!(
        "[sources.good]\nurl = \"{}\"\n[sources.gone]\nurl = \"{}\"\n",
        site.url("/rss"),
        site.url("/nothing")
    ));
    let output = service.command(&["poll"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    assert!(printed.contains("good: 1 articles, 1 new, 0 changed"), "{printed}");
    assert!(printed.contains("gone: failed: ") && printed.contains("404"), "{printed}");
    let again = service.command(&["poll", "good", "--json"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let value: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(value["outcome"], "unchanged");
    let wrong = service.command(&["poll", "god"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("good"), "{}", text(&wrong.stderr));
    let status = service.command(&["status"]);
    assert_eq!(status.status.code(), Some(1));
    assert!(text(&status.stdout).contains("failed once"), "{}", text(&status.stdout));
}

#[test]
fn check_says_what_is_wrong_and_what_sources_yield() {
    let site = site_with_feed();
    let service = Service::prepare(&format!("[sources.a]\nurl = \"{}\"\n", site.url("/")));
    let good = service.command(&["check"]);
    assert_eq!(good.status.code(), Some(0));
    let feeds = "[sources.a]\nurl = \"https://www.a.example/1\"\n[sources.b]\nurl = \"https://a.example/2\"\n\
                 [sources.c]\nurl = \"https://c.example/\"\n[sources.d]\nurl = \"https://d.example/\"\n\
                 [feeds.all]\nsources = [\"*\"]\n[feeds.one]\nsources = [\"a\", \"b\"]\n";
    service.configure(feeds);
    let papers = service.command(&["check"]);
    assert_eq!(papers.status.code(), Some(0), "{}", text(&papers.stderr));
    let said = text(&papers.stdout);
    assert!(said.contains("all draws on 3 papers\n") && said.contains("one draws on 1 paper, fewer than 3"), "{said}");
    let value: serde_json::Value = serde_json::from_slice(&service.command(&["check", "--json"]).stdout).unwrap();
    assert_eq!(value["papers"], serde_json::json!({ "all": 3, "one": 1 }));
    let status = text(&service.command(&["status"]).stdout);
    assert!(status.contains("feed one draws on 1 paper, fewer than 3"), "{status}");
    let ended = "[sources.a.agreement]\nreference = \"Contract 12\"\nuntil = \"2020-12-31\"\n";
    service.configure(&format!("{feeds}{ended}[sources.b.agreement]\nuntil = \"2999-12-31\"\n"));
    for command in ["check", "status"] {
        let said = text(&service.command(&[command]).stdout);
        assert!(said.contains("the agreement with a (Contract 12) has ended: only headline"), "{said}");
        assert!(!said.contains("agreement with b"), "{said}");
    }
    service.configure(&format!("[sources.a]\nurl = \"{}\"\n", site.url("/")));
    let online = service.command(&["check", "--online"]);
    assert_eq!(online.status.code(), Some(0), "{}", text(&online.stdout));
    assert!(text(&online.stdout).contains("rss-2.0, 1 articles"), "{}", text(&online.stdout));
    service.configure(&format!("[sources.a]\nulr = \"{}\"\n", site.url("/")));
    let bad = service.command(&["check"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stderr).contains("did you mean \"url\""), "{}", text(&bad.stderr));
    let missing = service.command(&["--config", "none.toml", "check"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn add_and_import_keep_what_was_written() {
    let site = site_with_feed();
    let service = Service::prepare(
        "# my comment\n[sources.first]\nurl = \"https://first.example/\" # another\n\n[feeds.all]\ntitle = \"All\"\n",
    );
    let added = service.command(&["add", &site.url("/")]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let file = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    assert!(file.contains("# my comment") && file.contains("# another"), "{file}");
    assert!(file.contains("[sources.paper]") && file.contains(&site.url("/rss")), "{file}");
    assert!(file.find("[sources.paper]").unwrap() < file.find("[feeds.all]").unwrap(), "{file}");
    let again = service.command(&["add", &site.url("/")]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("already"), "{}", text(&again.stderr));

    std::fs::write(
        service.path("list.opml"),
        "<opml version=\"2.0\"><body><outline text=\"Tin tức\"><outline text=\"Báo Đồng Khởi\" type=\"rss\" xmlUrl=\"https://dk.example/rss\"/></outline>\
         <outline text=\"First\" xmlUrl=\"https://first.example/\"/></body></opml>",
    )
    .unwrap();
    let imported = service.command(&["import", "list.opml"]);
    assert_eq!(imported.status.code(), Some(0), "{}", text(&imported.stderr));
    assert!(text(&imported.stdout).starts_with("1 sources added"), "{}", text(&imported.stdout));
    let file = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    assert!(file.contains("[sources.bao-dong-khoi]") && file.contains("\"Tin tức\""), "{file}");
    let list = text(&service.command(&["opml"]).stdout);
    assert!(list.contains("xmlUrl=\"https://dk.example/rss\""), "{list}");
}

#[test]
fn inspect_shows_feeds_and_articles_and_goes_on_after_an_error() {
    let service = Service::prepare("[sources.a]\nurl = \"https://a.example/\"\n");
    std::fs::write(
        service.path("feed.xml"),
        rss(&item("1", "One &amp; only", "Mon, 02 Mar 2026 08:00:00 +0700", "<p>x<script>1</script></p>")),
    )
    .unwrap();
    std::fs::write(
        service.path("story.txt"),
        "Mùa sen nở sớm trên cánh đồng Tháp\n\n30/01/2023 - 05:30\n\nBDK - Năm nay sen nở sớm hơn mọi năm gần một tháng, người dân các ấp ven kênh đã chuẩn bị ghe xuồng đón khách từ giữa tháng giêng.\n\nBài, ảnh: Hoàng Lam\n",
    )
    .unwrap();
    let output = service.command(&["inspect", "--json", "feed.xml", "none.xml", "story.txt"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["_newsriver"]["format"], "rss-2.0");
    assert_eq!(lines[0]["items"][0]["title"], "One & only");
    assert_eq!(lines[0]["items"][0]["date_published"], "2026-03-02T08:00:00+07:00");
    assert_eq!(lines[0]["items"][0]["content_html"], "<p>x</p>");
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[2]["items"][0]["date_published"], "2023-01-30T05:30:00+07:00");
    assert_eq!(lines[2]["items"][0]["authors"][0]["name"], "Hoàng Lam");
    let shown = text(&service.command(&["inspect", "story.txt"]).stdout);
    assert!(shown.contains("published  2023-01-30"), "{shown}");
}

#[test]
fn export_writes_what_the_server_sends() {
    let site = site_with_feed();
    let mut service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/rss")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    let icons = ["/favicon.ico", "/icon.png", "/favicon.png"];
    let documents = ["/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all"];
    let served: Vec<_> = documents.into_iter().chain(icons).map(|path| service.get(path).body).collect();
    service.stop();
    let output = service.command(&["export", "--out", "public"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let names = ["feeds/all.rss", "feeds/all.atom", "feeds/all.json", "feeds/all.html"];
    let icons = icons.map(|path| path.trim_start_matches('/'));
    for (name, body) in names.iter().chain(&icons).zip(&served) {
        assert!(std::fs::read(service.path("public").join(name)).unwrap() == *body, "{name}");
    }
    assert!(service.path("public/feeds/all.rss.gz").exists() && service.path("public/index.html").exists());
    assert!(!service.path("public/icon.png.gz").exists(), "pictures are small already");
    let again = text(&service.command(&["export", "--out", "public"]).stdout);
    assert!(again.starts_with("0 files written"), "{again}");
}

#[test]
fn an_export_has_all_pages_and_lets_go_what_is_withdrawn() {
    let site = Site::start();
    let items: String = (1..=9)
        .map(|n| {
            let date = format!("Mon, 02 Mar 2026 0{n}:00:00 GMT");
            item(&n.to_string(), &format!("Article {n}"), &date, &prose(&format!("{n}x"), 3))
        })
        .collect();
    site.put("/rss", Reply::rss(rss(&items)));
    let feeds = |more: &str| {
        format!(
            "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\nlimit = 2\n{more}",
            site.url("/rss")
        )
    };
    let service = Service::prepare(&feeds("[feeds.other]\nsources = [\"*\"]\n"));
    assert_eq!(service.command(&["poll"]).status.code(), Some(0));
    let export = || {
        let output = service.command(&["export", "--out", "public", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let files = |folder: &str| -> Vec<String> {
        let names = std::fs::read_dir(service.path("public").join(folder)).unwrap();
        names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(export()["removed"], 0);
    // Also of what only archives and later pages show.
    assert_eq!(files("entries").iter().filter(|name| name.ends_with(".html")).count(), 9);
    std::fs::write(service.path("public/CNAME"), "feeds.example.org").unwrap();
    assert_eq!((&export()["written"], &export()["removed"]), (&0.into(), &0.into()));
    let withdrawn = files("entries").into_iter().find(|name| name.ends_with(".html")).unwrap();
    let digits = withdrawn.trim_end_matches(".html");
    assert_eq!(service.command(&["withdraw", digits]).status.code(), Some(0));
    service.configure(&feeds(""));
    assert!(export()["removed"].as_u64().unwrap() > 4);
    assert!(!files("entries").iter().any(|name| name.contains(digits)));
    assert!(!files("feeds").iter().any(|name| name.contains("other")));
    assert!(service.path("public/CNAME").exists(), "what is not ours stays");
}

#[test]
fn why_and_withdraw_take_an_article_by_any_name() {
    let site = Site::start();
    let story = prose("flood", 5);
    for (path, title) in [("/a", "The flood comes early"), ("/b", "Flood comes early this year")] {
        let item = item(path, title, "Mon, 02 Mar 2026 08:00:00 GMT", &story);
        let link = format!("</guid><link>http://paper.example{path}.html</link>");
        site.put(path, Reply::rss(rss(&item.replace("</guid>", &link))));
    }
    let service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\n[sources.b]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/a"),
        site.url("/b")
    ));
    service.wait("both papers", |service| {
        ["a", "b"].iter().all(|id| service.status(id)["last_success"].is_string()).then_some(())
    });
    service.wait_for_entries("/feeds/all.rss", 1);
    let shown = service.json("/feeds/all.json")["items"][0].clone();
    let page = shown["_newsriver"]["page"].as_str().unwrap();
    let digits = page.rsplit('/').next().unwrap();
    for name in [page, digits, shown["id"].as_str().unwrap(), "/b", "http://paper.example/a.html?utm_source=x"] {
        let why = service.command(&["why", name]);
        assert_eq!(why.status.code(), Some(0), "{name}: {}", text(&why.stderr));
        assert!(text(&why.stdout).starts_with("one story"), "{name}: {}", text(&why.stdout));
    }
    for name in ["nonsense", "http://paper.example/", "http://paper.example/c.html"] {
        let unknown = service.command(&["withdraw", name]);
        assert_eq!(unknown.status.code(), Some(1));
        assert!(text(&unknown.stderr).contains(name) && text(&unknown.stderr).contains("an entry is named by"));
    }
    let done = service.command(&["withdraw", "http://paper.example/b.html"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("with one copy of it"), "{}", text(&done.stdout));
    service.wait_for_entries("/feeds/all.rss", 0);
}

#[test]
fn the_schema_is_json_and_help_is_short() {
    let service = Service::prepare("");
    let schema: serde_json::Value = serde_json::from_slice(&service.command(&["schema"]).stdout).unwrap();
    assert!(schema["properties"]["sources"].is_object());
    let help = service.command(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).lines().count() < 45);
    assert_eq!(service.command(&["nonsense"]).status.code(), Some(2));
}
