//! What readers and partners get over HTTP.

use std::io::Read as _;

use super::{Reply, Service, Site, item, prose, rss};

fn service(feeds: &str) -> (Site, Service) {
    let site = Site::start();
    let hostile = item(
        "2",
        "Ampersands &amp;amp; &lt;b&gt;tags&lt;/b&gt;",
        "Mon, 02 Mar 2026 07:00:00 GMT",
        "<p>]]&gt; \u{b} <script>alert(1)</script><a href=\"javascript:x\">x</a> odd</p>",
    );
    site.put(
        "/feed",
        Reply::rss(rss(&format!("{}{hostile}", item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 6))))),
    );
    let service =
        Service::start(&format!("[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\n{feeds}", site.url("/feed")));
    (site, service)
}

#[test]
fn documents_are_conditional_compressed_and_typed() {
    let (_site, service) = service("[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n");
    service.wait_for_entries("/feeds/all.rss", 2);
    for (path, kind) in [
        ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/all.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/all.json", "application/feed+json"),
        ("/feeds/all", "text/html; charset=utf-8"),
        ("/opml", "text/x-opml; charset=utf-8"),
    ] {
        // A document is coded a moment after it came out.
        service.wait("its codings", |service| {
            service.get_with(path, &[("Accept-Encoding", "zstd")]).header("Content-Encoding").map(|_| ())
        });
        let whole = service.get(path);
        assert_eq!(whole.header("Content-Type"), Some(kind), "{path}");
        assert!(whole.header("Cache-Control").unwrap().contains("max-age"), "{path}");
        assert!(whole.header("Vary").unwrap().contains("Accept-Encoding"));
        let opened = service.get_with(path, &[("Sec-Fetch-Dest", "document")]);
        let is_xml = kind.contains("+xml");
        assert_eq!(opened.header("Content-Type"), Some(if is_xml { "application/xml; charset=utf-8" } else { kind }));
        assert_eq!(whole.header("Vary").unwrap().contains("Sec-Fetch-Dest"), is_xml, "{path}");
        let (tag, date) = (whole.header("ETag").unwrap(), whole.header("Last-Modified").unwrap());
        let mut tags = vec![tag.to_owned()];
        for coding in ["gzip", "br", "zstd"] {
            let coded = service.get_with(path, &[("Accept-Encoding", coding)]);
            assert_eq!(coded.header("Content-Encoding"), Some(coding), "{path}");
            assert_eq!(decode(coding, &coded.body), whole.body, "{path} {coding}");
            tags.push(coded.header("ETag").unwrap().to_owned());
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4, "a strong tag for each coding");
        for condition in [("If-None-Match", tag), ("If-None-Match", "*"), ("If-Modified-Since", date)] {
            let known = service.get_with(path, &[condition]);
            assert_eq!((known.status, known.body.len()), (304, 0), "{path} {condition:?}");
            assert_eq!(known.header("ETag"), Some(tag));
        }
        assert_eq!(service.get_with(path, &[("If-None-Match", "\"other\""), ("If-Modified-Since", date)]).status, 200);
        let head = service.request("HEAD", path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("Content-Length").unwrap().parse::<usize>().unwrap(), whole.body.len());
    }
    assert_eq!(service.request("POST", "/feeds/all.rss", &[]).status, 405);
    assert_eq!(service.get("/feeds/none.rss").status, 404);
    assert_eq!(service.get("/entries/00000000000000000000000000000000").status, 404);
}

fn decode(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut out).unwrap(),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut out).unwrap(),
        _ => zstd::stream::read::Decoder::new(body).unwrap().read_to_end(&mut out).unwrap(),
    };
    out
}

#[test]
fn what_a_source_sends_breaks_no_reader() {
    let (_site, service) = service("[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n");
    service.wait_for_entries("/feeds/all.rss", 2);
    for path in ["/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all"] {
        let text = service.get(path).text();
        assert!(!text.contains("alert(1)") && !text.contains("javascript:"), "{path}");
        assert!(!text.contains('\u{b}'), "{path}");
    }
    let feed = service.feed("/feeds/all.rss");
    assert!(feed.entries[1].content.as_ref().unwrap().body.as_ref().unwrap().contains("odd"));
}

#[test]
fn tokens_come_three_ways_and_the_feed_is_not_listed() {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    let mut service = Service::prepare(&format!(
        "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n[feeds.partner]\ntitle = \"Secret partner\"\nsources = [\"*\"]\ntokens = [\"file:token\", \"file:digest\"]\n",
        site.url("/feed")
    ));
    std::fs::write(service.path("token"), "geheim-0123456789abcdef\n").unwrap();
    // Of the second only the digest is known here.
    std::fs::write(service.path("digest"), "sha256:d26cb349842dabb56524ecdb8382b10f6c63010e39b3bb384fd314bf77082994\n")
        .unwrap();
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    let refused = service.get("/feeds/partner.rss");
    assert_eq!(refused.status, 401);
    assert!(refused.header("WWW-Authenticate").is_some());
    assert_eq!(service.get("/feeds/partner.rss?token=wrong").status, 401);
    for (path, headers) in [
        ("/feeds/partner.rss?token=geheim-0123456789abcdef", vec![]),
        ("/feeds/partner.rss", vec![("Authorization", "Bearer geheim-0123456789abcdef")]),
        ("/feeds/partner.rss", vec![("Authorization", "Bearer zweites-0123456789abcdef")]),
        ("/feeds/partner.rss", vec![("Authorization", "Basic cGFydG5lcjpnZWhlaW0tMDEyMzQ1Njc4OWFiY2RlZg==")]),
    ] {
        let answer = service.get_with(path, &headers);
        assert_eq!(answer.status, 200, "{path} {headers:?}");
        assert!(answer.header("Cache-Control").unwrap().contains("private"));
        assert!(!answer.text().contains("geheim"));
        let own = path.contains('?').then(|| service.url("/feeds/partner.rss"));
        assert_eq!(answer.header("Content-Location"), own.as_deref(), "its address is the one without the token");
    }
    for path in ["/", "/opml", "/status", "/status.json"] {
        assert!(!service.get(path).text().contains("Secret partner"), "{path}");
    }
    assert!(!service.log().contains("geheim"));
}

#[test]
fn health_and_metrics_answer() {
    let (_site, service) = service("[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n");
    service.wait_for_entries("/feeds/all.rss", 2);
    assert_eq!(service.get("/readyz").status, 200);
    let metrics = service.get("/metrics").text();
    assert!(metrics.contains("newsriver_source_entries{source=\"a\"} 2"), "{metrics}");
}

#[test]
fn addresses_of_former_feeds_and_guesses_lead_on() {
    let feeds = "[feeds.present]\nformerly = [\"past\"]\nnoindex = true\n[feeds.over]\nretired = true\n";
    let (_site, service) = service(feeds);
    service.wait_for_entries("/feeds/present.rss", 2);
    for (path, wanted) in [
        ("/feeds/past.rss", "/feeds/present.rss"),
        ("/feeds/past.json?token=a", "/feeds/present.json?token=a"),
        ("/feeds/past", "/feeds/present"),
        ("/feeds/past/page/2", "/feeds/present/page/2"),
        ("/feeds/present/", "/feeds/present"),
        ("/feeds/present/atom.xml", "/feeds/present.atom"),
        ("/feeds/present/feed/", "/feeds/present.rss"),
        ("/feeds/present/feed.json", "/feeds/present.json"),
    ] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.header("Location")), (308, Some(wanted)), "{path}");
    }
    for path in ["/feeds/over.rss", "/feeds/over.json", "/feeds/over"] {
        assert_eq!(service.get(path).status, 410, "{path}");
    }
    for path in ["/feeds/pas.rss", "/feeds/present/feeds", "/feeds/over-there.rss"] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    assert_eq!(service.get("/feeds/present.rss").header("X-Robots-Tag"), Some("noindex"));
    assert_eq!(service.get("/").header("X-Robots-Tag"), None);
}

#[test]
fn the_sign_is_served_and_named_where_readers_look() {
    let (_site, service) = service("[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n");
    service.wait_for_entries("/feeds/all.rss", 2);
    for (path, kind, beginning) in [
        ("/favicon.ico", "image/vnd.microsoft.icon", &b"\0\0\x01\0"[..]),
        ("/favicon.png", "image/png", b"\x89PNG"),
        ("/icon.png", "image/png", b"\x89PNG"),
    ] {
        let icon = service.get_with(path, &[("Accept-Encoding", "gzip, br")]);
        assert_eq!(
            (icon.status, icon.header("content-type"), icon.header("content-encoding")),
            (200, Some(kind), None)
        );
        assert!(icon.body.starts_with(beginning), "{path}");
        assert!(icon.header("cache-control").unwrap().contains("max-age=604800"), "{path}");
        let tag = icon.header("etag").unwrap();
        assert_eq!(service.get_with(path, &[("If-None-Match", tag)]).status, 304, "{path}");
    }
    let icon = service.url("/icon.png");
    assert!(service.get("/feeds/all.atom").text().contains(&format!("<icon>{icon}</icon>")));
    let json = service.json("/feeds/all.json");
    assert_eq!((json["icon"].as_str(), json["favicon"].as_str()), (Some(&*icon), Some(&*service.url("/favicon.png"))));
    for page in ["/", "/feeds/all", "/status"] {
        let html = service.get(page).text();
        assert!(html.contains("<link rel=\"icon\" href=\"/favicon.ico\"") && !html.contains("data:image"), "{page}");
    }
}

#[test]
fn who_asks_for_a_part_is_told_its_own_address() {
    let (_site, service) = service("[feeds.all]\ntitle = \"All\"\nlimit = 1\nsources = [\"*\"]\n");
    service.wait_for_entries("/feeds/all.rss", 1);
    assert_eq!(service.get("/feeds/all.rss").header("content-location"), None);
    let page = service.wait("a second page", |service| {
        Some(service.get("/feeds/all.atom?page=2")).filter(|answer| answer.status == 200)
    });
    let own = service.url("/feeds/all/page/2.atom");
    assert_eq!(page.header("content-location"), Some(&*own));
    assert!(page.text().contains(&format!("href=\"{own}\" rel=\"self\"")));
    let tag = page.header("etag").unwrap();
    let same = service.get_with("/feeds/all.atom?page=2", &[("If-None-Match", tag)]);
    assert_eq!((same.status, same.header("content-location")), (304, Some(&*own)));
}
