//! Servers of pictures that lie, refuse, stall and change their minds: articles come through, and what is
//! published of pictures is true.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::transport::tls_site;
use super::{Reply, Service, Site, item, png, prose, rss};

fn feed(site: &Site, pictures: &[&str]) {
    let images: String =
        pictures.iter().map(|path| format!("<figure><img src=\"{}\"></figure>", site.url(path))).collect();
    let html = format!("{images}{}", prose("pictures", 6));
    let item = item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &html);
    let item = item.replace("</guid>", &format!("</guid><link>{}</link>", site.url("/bai-1.html")));
    site.put("/feed", Reply::rss(rss(&item)));
}

fn start(site: &Site, more: &str) -> Service {
    start_as(Service::start, site, more)
}

fn start_as(start: fn(&str) -> Service, site: &Site, more: &str) -> Service {
    let service = start(&format!(
        "[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\n{more}[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    service
}

fn attachments(service: &Service) -> Vec<serde_json::Value> {
    service.json("/feeds/all.json")["items"][0]["attachments"].as_array().cloned().unwrap_or_default()
}

#[test]
fn lies_are_seen_through() {
    let site = Site::start();
    let picture = png(300, 200, [1, 2, 3]);
    site.put("/wrong-type.jpg", Reply::new("text/html", picture.clone()));
    site.put("/html.jpg", Reply::new("image/jpeg", "<!doctype html><html><body>Not found</body></html>"));
    site.put("/empty.jpg", Reply::new("image/jpeg", ""));
    site.put("/pixel.gif", Reply::new("image/png", png(1, 1, [0, 0, 0])));
    site.put("/gone.jpg", Reply::status(404));
    site.put(
        "/drawing.svg",
        Reply::new("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"200\"/>"),
    );
    let mut bomb = png(300, 200, [1, 2, 3]);
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    site.put("/bomb.png", Reply::new("image/png", bomb));
    let all = ["/html.jpg", "/wrong-type.jpg", "/empty.jpg", "/pixel.gif", "/gone.jpg", "/drawing.svg", "/bomb.png"];
    feed(&site, &all);
    let service = start(&site, "");
    let files = attachments(&service);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0]["url"], site.url("/wrong-type.jpg"));
    assert_eq!(files[0]["mime_type"], "image/png");
    assert_eq!(files[0]["size_in_bytes"].as_u64().unwrap() as usize, picture.len());
    assert_eq!(files[0]["_newsriver"]["width"], 300);
}

#[test]
fn a_server_that_insists_on_its_pages_gets_their_address() {
    let site = Site::start();
    let picture = Reply::new("image/png", png(300, 200, [1, 2, 3]));
    // One refuses, the other sends a page; both know their own readers.
    site.put("/a.png", picture.clone().only_from(&site.url("/"), Reply::status(403)));
    site.put("/b.png", picture.only_from(&site.url("/"), Reply::html("<html><body>Log in</body></html>")));
    feed(&site, &["/a.png", "/b.png"]);
    let service = start(&site, "");
    assert_eq!(attachments(&service).len(), 2);
    let asked = site.asked("/a.png");
    assert_eq!(asked.last().unwrap().headers["referer"], site.url("/bai-1.html"));
    assert!(asked.len() <= 2, "{asked:?}");
}

#[test]
fn a_placeholder_for_foreign_readers_is_seen_through() {
    let site = Site::start();
    let placeholder = Reply::new("image/png", png(120, 120, [9, 9, 9]));
    let paths = ["/1.png", "/2.png", "/3.png", "/4.png"];
    for (number, path) in paths.iter().enumerate() {
        let picture = Reply::new("image/png", png(300 + number as u32, 200, [1, 2, 3]));
        site.put(path, picture.only_from(&site.url("/"), placeholder.clone()));
    }
    feed(&site, &paths);
    let service = start(&site, "");
    let widths: Vec<_> = attachments(&service).iter().map(|file| file["_newsriver"]["width"].clone()).collect();
    assert_eq!(widths, [300, 301, 302, 303]);
}

#[test]
fn a_slow_server_of_pictures_delays_no_article_for_long() {
    let site = Site::start();
    let for_ever = Duration::from_secs(24 * 60 * 60);
    site.put("/slow.png", Reply::new("image/png", png(300, 200, [1, 2, 3])).after(for_ever));
    site.put("/good.png", Reply::new("image/png", png(400, 200, [1, 2, 3])));
    feed(&site, &["/slow.png", "/good.png"]);
    let service = start_as(Service::impatient, &site, "");
    let files = attachments(&service);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0]["url"], site.url("/good.png"));
}

#[test]
fn a_picture_that_was_missing_comes_in_when_it_is_there() {
    let site = Site::start();
    site.put("/late.png", Reply::status(404));
    feed(&site, &["/late.png"]);
    let mut service = start(&site, "interval = \"1s\"\n");
    assert!(attachments(&service).is_empty());
    site.put("/late.png", Reply::new("image/png", png(400, 200, [1, 2, 3])));
    service.kill();
    // As if the time had come to look at it again.
    let store = rusqlite::Connection::open(service.path("data/newsriver.db")).unwrap();
    assert_eq!(store.execute("UPDATE picture SET due = 0", []).unwrap(), 1);
    drop(store);
    service.run();
    service.command(&["poll", "a"]);
    service.wait("the picture", |service| (attachments(service).len() == 1).then_some(()));
}

#[test]
fn a_picture_that_changes_is_told_anew() {
    let site = Site::start();
    site.put("/p.png", Reply::new("image/png", png(300, 200, [1, 2, 3])).header("ETag", "\"1\""));
    feed(&site, &["/p.png"]);
    let service = start(&site, "");
    let due = || {
        let store = rusqlite::Connection::open(service.path("data/newsriver.db")).unwrap();
        store.execute("UPDATE picture SET due = 0", []).unwrap();
        drop(store);
        assert!(service.command(&["poll", "a"]).status.success());
    };
    // Nothing new costs a question and no bytes.
    due();
    assert_eq!(site.asked("/p.png").last().unwrap().headers["if-none-match"], "\"1\"");
    site.put("/p.png", Reply::new("image/png", png(640, 480, [4, 5, 6])).header("ETag", "\"2\""));
    due();
    service.wait("the new size", |service| (attachments(service)[0]["_newsriver"]["width"] == 640).then_some(()));
    // A server that is down for a while takes nothing away; a picture that is gone goes.
    site.put("/p.png", Reply::status(503));
    due();
    assert_eq!(attachments(&service).len(), 1);
    site.put("/p.png", Reply::status(404));
    due();
    service.wait("the picture to go", |service| attachments(service).is_empty().then_some(()));
}

#[test]
fn lengths_that_lie_are_not_believed() {
    let site = Site::start();
    let picture = png(300, 200, [1, 2, 3]);
    // A part that is said to be one of five million bytes, and is all there is.
    let range = format!("bytes 0-{}/5000000", picture.len() - 1);
    site.put("/range.png", Reply::new("image/png", picture.clone()).header("Content-Range", &range));
    // More is announced than comes.
    let cut = Some(picture.len() - 20);
    site.put("/cut.png", Reply { cut, ..Reply::new("image/png", picture.clone()) });
    feed(&site, &["/range.png", "/cut.png"]);
    let service = start(&site, "");
    let files = attachments(&service);
    let length = |path: &str| {
        let url = site.url(path);
        files.iter().find(|file| file["url"] == url).map(|file| file["size_in_bytes"].clone())
    };
    assert_eq!(length("/range.png").unwrap(), picture.len());
    assert!(length("/cut.png").is_none_or(|length| length.is_null()), "{files:?}");
}

/// Two servers at an address of this process, one with TLS at port 443 and one without at port 80; None
/// where such ports are not for everybody.
fn servers() -> Option<(TcpListener, TcpListener, String)> {
    let process = std::process::id();
    let address = format!("127.{}.{}.{}", 1 + process / 60_000 % 200, process / 250 % 240, 2 + process % 250);
    let open = TcpListener::bind((address.as_str(), 80)).ok()?;
    Some((TcpListener::bind((address.as_str(), 443)).ok()?, open, address))
}

#[test]
fn a_picture_without_tls_is_shown_with_it_where_that_works() {
    let Some((secure, open, address)) = servers() else { return };
    let (picture, other) = (png(300, 200, [1, 2, 3]), png(300, 200, [9, 9, 9]));
    let certified = rcgen::generate_simple_self_signed(vec![address.clone()]).unwrap();
    let versions = Arc::new(Mutex::new(Vec::new()));
    tls_site(secure, &certified, picture, Arc::clone(&versions));
    let without = Site::at(open);
    without.put("/a.png", Reply::new("image/png", other));
    let site = Site::start();
    feed(&site, &[]);
    let html = format!("<figure><img src=\"http://{address}/a.png\"></figure>{}", prose("secure", 6));
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &html))));
    let sources = format!(
        "[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\n[sources.b]\nurl = \"http://{address}/none\"\n\
         [feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    );
    let shown = |trusts: bool| {
        let mut service = Service::prepare(&sources);
        std::fs::write(service.path("ca.pem"), certified.cert.pem()).unwrap();
        let text = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
        let fetch = if trusts { "[fetch]\nca_file = \"ca.pem\"\n" } else { "[fetch]\n" };
        std::fs::write(service.path("feeds.toml"), text.replace("[fetch]\n", fetch)).unwrap();
        service.run();
        service.wait_for_entries("/feeds/all.rss", 1);
        attachments(&service)[0]["url"].clone()
    };
    assert_eq!(shown(true), format!("https://{address}/a.png"));
    assert!(without.asked("/a.png").is_empty());
    // Who cannot be trusted is no better than who has none.
    assert_eq!(shown(false), format!("http://{address}/a.png"));
    assert!(!without.asked("/a.png").is_empty());
}
