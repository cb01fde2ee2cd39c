//! `images = "mirror"`: pictures are served from here, for good, and come back when they were let go.

use std::path::PathBuf;
use std::time::Duration;

use super::service::Answer;
use super::{Reply, Service, Site, item, png, prose, rss};

/// A WebP picture in one colour.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let raster = [200, 40, 40].repeat((width * height) as usize);
    image_webp::WebPEncoder::new(&mut out).encode(&raster, width, height, image_webp::ColorType::Rgb8).unwrap();
    out
}

pub(super) fn publish(site: &Site, pictures: &[&str]) {
    let images: String =
        pictures.iter().map(|path| format!("<figure><img src=\"{}\"></figure>", site.url(path))).collect();
    let item = item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &format!("{images}{}", prose("mirror", 6)));
    let item = item.replace("</guid>", &format!("</guid><link>{}</link>", site.url("/bai-1.html")));
    site.put("/feed", Reply::rss(rss(&item)));
}

pub(super) fn configuration(site: &Site, more: &str) -> String {
    format!(
        "{more}[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\nimages = \"mirror\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    )
}

pub(super) fn start(site: &Site, more: &str) -> Service {
    let service = Service::start(&configuration(site, more));
    service.wait_for_entries("/feeds/all.rss", 1);
    service
}

pub(super) fn attachments(service: &Service) -> Vec<serde_json::Value> {
    service.json("/feeds/all.json")["items"][0]["attachments"].as_array().cloned().unwrap_or_default()
}

/// The path of an address of ours.
pub(super) fn path(service: &Service, address: &serde_json::Value) -> String {
    let address = address.as_str().unwrap();
    let path = address.strip_prefix(&service.url("")).unwrap_or_else(|| panic!("{address} is not ours"));
    assert!(path.starts_with("/media/"), "{path}");
    path.to_owned()
}

fn file(service: &Service, path: &str) -> PathBuf {
    let name = path.strip_prefix("/media/").unwrap();
    service.path(&format!("data/newsriver.media/{}/{name}", &name[..2]))
}

#[test]
fn pictures_are_copied_once_and_served_for_good() {
    let site = Site::start();
    let picture = png(300, 200, [1, 2, 3]);
    site.put("/p.png", Reply::new("text/plain", picture.clone()).only_from(&site.url("/"), Reply::status(403)));
    publish(&site, &["/p.png"]);
    let service = start(&site, "");
    let files = attachments(&service);
    let place = path(&service, &files[0]["url"]);
    let address = service.url(&place);
    let digest = place.trim_start_matches("/media/").trim_end_matches(".png");
    assert_eq!(digest, sha256(&picture));
    for path in ["/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all"] {
        let text = service.get(path).text();
        assert!(text.contains(&address), "{path} lacks the copy");
        assert!(!text.contains(&site.url("/p.png")), "{path} names the original");
    }
    let rss = service.get("/feeds/all.rss").text();
    assert!(
        rss.contains(&format!("<enclosure url=\"{address}\" length=\"{}\" type=\"image/png\"/>", picture.len())),
        "{rss}"
    );
    let entry = service.json("/feeds/all.json")["items"][0]["_newsriver"]["page"].as_str().unwrap().to_owned();
    assert!(service.get(entry.strip_prefix(&service.url("")).unwrap()).text().contains(&address));

    let whole = service.get(&place);
    assert_eq!((whole.status, &whole.body), (200, &picture));
    assert_eq!(whole.header("Content-Type"), Some("image/png"));
    assert_eq!(whole.header("Cache-Control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(whole.header("X-Content-Type-Options"), Some("nosniff"));
    assert!(whole.header("Content-Security-Policy").unwrap().contains("sandbox"));
    assert_eq!(whole.header("Content-Length").unwrap(), picture.len().to_string());
    assert_eq!(site.asked("/p.png").len(), 2, "once without and once with the page's address");
    conditions(&service, &place, &whole);
}

fn conditions(service: &Service, path: &str, whole: &Answer) {
    let tag = whole.header("ETag").unwrap();
    let known = service.get_with(path, &[("If-None-Match", tag)]);
    assert_eq!((known.status, known.body.len(), known.header("ETag")), (304, 0, Some(tag)));
    let head = service.request("HEAD", path, &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), whole.header("Content-Length"));
    let length = whole.body.len();
    for (range, from, to) in [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, length),
        ("bytes=-5", length - 5, length),
        ("bytes=5-99999999", 5, length),
    ] {
        for headers in [vec![("Range", range)], vec![("Range", range), ("If-Range", tag)]] {
            let part = service.get_with(path, &headers);
            assert_eq!(part.status, 206, "{range}");
            assert_eq!(part.body, whole.body[from..to], "{range}");
            assert_eq!(part.header("Content-Range").unwrap(), format!("bytes {from}-{}/{length}", to - 1));
        }
    }
    let beyond = service.get_with(path, &[("Range", "bytes=99999999-")]);
    assert_eq!((beyond.status, beyond.header("Content-Range")), (416, Some(format!("bytes */{length}").as_str())));
    for headers in
        [[("Range", "bytes=0-9"), ("If-Range", "\"other\"")], [("Range", "bytes=0-1,4-5"), ("Accept", "*/*")]]
    {
        assert_eq!(service.get_with(path, &headers).body.len(), length, "{headers:?}");
    }
    assert_eq!(service.request("POST", path, &[]).status, 405);
}

/// A picture that is offered in its own type and as JPEG, everywhere: gives the JPEG.
pub(super) fn plainer(service: &Service, file: &serde_json::Value, mime_type: &str) -> Vec<u8> {
    assert_eq!(file["mime_type"], mime_type);
    let plainer = &file["_newsriver"]["plainer"];
    let jpeg = service.get(&path(service, &plainer["url"]));
    assert_eq!(jpeg.header("Content-Type"), Some("image/jpeg"));
    assert_eq!(plainer["size_in_bytes"].as_u64().unwrap() as usize, jpeg.body.len());
    jpeg.body
}

#[test]
fn webp_and_avif_are_offered_as_jpeg_too() {
    let avif = include_bytes!("../../fixtures/pictures/quarters.avif").to_vec();
    for (kind, bytes, size) in [("webp", webp(240, 160), (240, 160)), ("avif", avif, (48, 32))] {
        let (path_there, mime_type) = (format!("/p.{kind}"), format!("image/{kind}"));
        let site = Site::start();
        site.put(&path_there, Reply::new(&mime_type, bytes));
        publish(&site, &[&path_there]);
        let service = start(&site, "");
        let files = attachments(&service);
        assert_eq!(files.len(), 1, "{kind}");
        let seen = imagesize::blob_size(&plainer(&service, &files[0], &mime_type)).unwrap();
        assert_eq!((seen.width, seen.height), size, "{kind}");
        let feed = service.feed("/feeds/all.rss");
        let media = &feed.entries[0].media[0].content;
        let kinds: Vec<_> = media.iter().map(|one| one.content_type.as_ref().unwrap().to_string()).collect();
        assert_eq!(kinds, [mime_type.as_str(), "image/jpeg"]);
        assert!(
            service.get("/feeds/all.rss").text().contains("type=\"image/jpeg\"/>"),
            "the enclosure is for every reader"
        );
        assert_eq!(service.get("/feeds/all.atom").text().matches("rel=\"enclosure\"").count(), 2, "{kind}");
    }
}

#[test]
fn nothing_but_pictures_is_served() {
    let site = Site::start();
    site.put(
        "/x.svg",
        Reply::new("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
    );
    site.put("/y.jpg", Reply::new("image/jpeg", "<html><script>alert(1)</script></html>"));
    let half = png(300, 200, [7, 8, 9]);
    site.put("/half.png", Reply::new("image/png", half[..half.len() / 2].to_vec()));
    site.put("/short.png", Reply { cut: Some(60), ..Reply::new("image/png", half.clone()) });
    publish(&site, &["/x.svg", "/y.jpg", "/half.png", "/short.png"]);
    let service = start(&site, "");
    assert!(attachments(&service).is_empty());
    assert!(!service.get("/feeds/all.json").text().contains("/media/"));
    let digest = sha256(&half);
    for bad in [
        "/media/".to_owned(),
        format!("/media/{digest}"),
        format!("/media/{digest}.png"),
        format!("/media/{digest}.svg"),
        "/media/../newsriver.db".to_owned(),
        "/media/%2e%2e/newsriver.db".to_owned(),
        "/media/http://127.0.0.1/x.png".to_owned(),
    ] {
        let answer = service.get(&bad);
        assert_eq!(answer.status, 404, "{bad}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    }
}

#[test]
fn what_was_let_go_is_fetched_again_once_for_all() {
    let site = Site::start();
    let picture = png(300, 200, [1, 2, 3]);
    site.put("/p.png", Reply::new("image/png", picture.clone()));
    publish(&site, &["/p.png"]);
    let service = start(&site, "");
    let place = path(&service, &attachments(&service)[0]["url"]);
    std::fs::remove_file(file(&service, &place)).unwrap();
    let before = site.asked("/p.png").len();
    site.put("/p.png", Reply::new("image/png", picture.clone()).after(Duration::from_millis(500)));
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8).map(|_| scope.spawn(|| service.get(&place))).collect();
        for reader in readers {
            let answer = reader.join().unwrap();
            assert_eq!((answer.status, &answer.body), (200, &picture));
        }
    });
    assert_eq!(site.asked("/p.png").len(), before + 1);

    // The picture behind the address is another one now: readers of the old address get the new one.
    std::fs::remove_file(file(&service, &place)).unwrap();
    let other = png(310, 200, [4, 5, 6]);
    site.put("/p.png", Reply::new("image/png", other.clone()));
    let moved = service.get(&place);
    assert_eq!(moved.status, 302);
    assert_eq!(service.get(&format!("/media/{}", moved.header("Location").unwrap())).body, other);
    service.wait("the new copy in the feed", |service| {
        (path(service, &attachments(service)[0]["url"]) != place).then_some(())
    });

    // It is gone for good: readers are sent to where it was, and its server is left alone for a while.
    let place = path(&service, &attachments(&service)[0]["url"]);
    std::fs::remove_file(file(&service, &place)).unwrap();
    site.put("/p.png", Reply::status(404));
    let asked = site.asked("/p.png").len();
    for _ in 0..3 {
        let gone = service.get(&place);
        assert_eq!((gone.status, gone.header("Location")), (302, Some(site.url("/p.png").as_str())));
        assert_eq!(gone.header("Cache-Control"), Some("no-store"));
    }
    assert_eq!(site.asked("/p.png").len(), asked + 1);
}

#[test]
fn the_disk_is_bounded_and_the_service_lives_on() {
    let site = Site::start();
    let paths: Vec<String> = (0..6).map(|number| format!("/p{number}.png")).collect();
    for (number, path) in paths.iter().enumerate() {
        let noise: Vec<u8> = (0..30_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> (number + 8)) as u8).collect();
        let mut picture = png(300, 200, [number as u8, 0, 0]);
        picture.extend(noise);
        site.put(path, Reply::new("image/png", picture));
    }
    publish(&site, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    let service = start(&site, "[storage]\nmedia = \"100KiB\"\n");
    let files = attachments(&service);
    assert_eq!(files.len(), 6);
    let on_disk = || walk(&service.path("data/newsriver.media"));
    let told = service.get("/metrics").text();
    let told = told.lines().find_map(|line| line.strip_prefix("newsriver_media_bytes ")?.parse::<u64>().ok());
    // A file may be counted twice for a while, when others come at the same time.
    assert!(told.is_some_and(|told| (on_disk()..=100 * 1024).contains(&told)), "{told:?}");
    assert!(on_disk() <= 100 * 1024, "{}", on_disk());
    for one in &files {
        let answer = service.get(&path(&service, &one["url"]));
        assert_eq!(answer.body.len() as u64, one["size_in_bytes"].as_u64().unwrap());
        assert!(on_disk() <= 100 * 1024, "{}", on_disk());
    }
}

fn walk(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| match entry.metadata() {
            Ok(facts) if facts.is_dir() => walk(&entry.path()),
            Ok(facts) => facts.len(),
            Err(_) => 0,
        })
        .sum()
}

#[test]
fn switching_needs_no_new_articles_and_a_dead_source_breaks_nothing() {
    let site = Site::start();
    site.put("/p.png", Reply::new("image/png", png(300, 200, [1, 2, 3])));
    publish(&site, &["/p.png"]);
    let mirrored = configuration(&site, "");
    let linked = mirrored.replace("\"mirror\"", "\"link\"");
    let service = Service::start(&linked);
    service.wait_for_entries("/feeds/all.rss", 1);
    let original = attachments(&service)[0]["url"].clone();
    assert_eq!(original, site.url("/p.png"));
    let guid = service.json("/feeds/all.json")["items"][0]["id"].clone();

    service.configure(&mirrored);
    service.wait("the reload", |service| service.log().contains("is in force").then_some(()));
    let polled = service.command(&["poll", "a"]);
    assert!(polled.status.success(), "{polled:?}");
    let place = service.wait("the copy", |service| {
        let url = attachments(service)[0]["url"].clone();
        (url != original).then(|| path(service, &url))
    });
    assert_eq!(service.json("/feeds/all.json")["items"][0]["id"], guid);

    // The source loses its picture and its feed; the copy stays.
    site.put("/p.png", Reply::status(404));
    let store = rusqlite::Connection::open(service.path("data/newsriver.db")).unwrap();
    store.execute("UPDATE picture SET due = 0", []).unwrap();
    drop(store);
    service.command(&["poll", "a"]);
    site.put("/feed", Reply::status(500));
    assert_eq!(path(&service, &attachments(&service)[0]["url"]), place);
    assert_eq!(service.get(&place).status, 200);

    // Back and forth: the same copy has the same address.
    service.configure(&linked);
    service.wait("the link", |service| (attachments(service)[0]["url"] == original).then_some(()));
    service.configure(&mirrored);
    service.wait("the copy again", |service| (attachments(service)[0]["url"] == service.url(&place)).then_some(()));
}

#[test]
fn a_withdrawn_article_takes_its_copies_along() {
    let site = Site::start();
    let twin = png(120, 90, [7, 7, 7]);
    site.put("/own.png", Reply::new("image/png", png(300, 200, [1, 2, 3])));
    site.put("/shared.png", Reply::new("image/png", png(400, 200, [1, 2, 3])));
    site.put("/twin-1.png", Reply::new("image/png", twin.clone()));
    site.put("/twin-2.png", Reply::new("image/png", twin));
    let article = |id: &str, pictures: &[&str]| {
        let images: String =
            pictures.iter().map(|path| format!("<figure><img src=\"{}\"></figure>", site.url(path))).collect();
        item(id, id, "Mon, 02 Mar 2026 08:00:00 GMT", &format!("{images}{}", prose(id, 6)))
    };
    let goes = article("goes", &["/own.png", "/shared.png", "/twin-1.png"]);
    site.put("/feed", Reply::rss(rss(&(goes + &article("stays", &["/twin-2.png", "/shared.png"])))));
    let service = Service::start(&configuration(&site, ""));
    service.wait_for_entries("/feeds/all.rss", 2);
    let pictures = |title: &str| -> Vec<String> {
        let feed = service.json("/feeds/all.json");
        let item = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == title).unwrap();
        item["attachments"].as_array().unwrap().iter().map(|one| path(&service, &one["url"])).collect()
    };
    let (gone, kept) = (pictures("goes"), pictures("stays"));
    assert_eq!((gone.len(), kept.len()), (3, 2));
    assert!(service.command(&["withdraw", "goes"]).status.success());
    service.wait_for_entries("/feeds/all.rss", 1);
    for picture in &gone {
        let status = if kept.contains(picture) { 200 } else { 404 };
        assert_eq!(service.get(picture).status, status, "{picture}");
    }
    // What was let go for lack of room still comes back.
    std::fs::remove_file(file(&service, &kept[0])).unwrap();
    assert_eq!(service.get(&kept[0]).status, 200);
}

#[test]
fn an_export_carries_the_copies() {
    let site = Site::start();
    let picture = png(300, 200, [1, 2, 3]);
    site.put("/p.png", Reply::new("image/png", picture.clone()));
    publish(&site, &["/p.png"]);
    let mut service = start(&site, "");
    let place = path(&service, &attachments(&service)[0]["url"]);
    service.stop();
    // Even one that was let go.
    std::fs::remove_file(file(&service, &place)).unwrap();
    let done = service.command(&["export", "--out", "out", "--json"]);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(std::fs::read(service.path(&format!("out{place}"))).unwrap(), picture);
    site.put("/p.png", Reply::status(404));
    std::fs::remove_file(file(&service, &place)).unwrap();
    let done = service.command(&["export", "--out", "out2", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(said["missing"], serde_json::json!([place]));
}

#[test]
fn a_kill_in_the_middle_loses_nothing() {
    let site = Site::start();
    let paths: Vec<String> = (0..6).map(|number| format!("/p{number}.png")).collect();
    for (number, path) in paths.iter().enumerate() {
        let picture = Reply::new("image/png", png(300 + number as u32, 200, [1, 2, 3]));
        site.put(path, picture.after(Duration::from_millis(if number < 3 { 0 } else { 1500 })));
    }
    publish(&site, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    let mut service = Service::start(&configuration(&site, ""));
    let folder = service.path("data/newsriver.media");
    service.wait("the first copy", |_| (folder.is_dir() && walk(&folder) > 0).then_some(()));
    service.kill();
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    for one in service.wait("all copies", |service| Some(attachments(service)).filter(|files| files.len() == 6)) {
        let answer = service.get(&path(&service, &one["url"]));
        assert_eq!(answer.body.len() as u64, one["size_in_bytes"].as_u64().unwrap());
    }
}

#[test]
fn a_folder_that_cannot_be_written_costs_no_article() {
    let site = Site::start();
    site.put("/p.png", Reply::new("image/png", png(300, 200, [1, 2, 3])));
    publish(&site, &["/p.png"]);
    let mut service = Service::prepare(&configuration(&site, ""));
    std::fs::create_dir(service.path("data")).unwrap();
    std::fs::write(service.path("data/newsriver.media"), "no folder").unwrap();
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    assert_eq!(attachments(&service)[0]["url"], site.url("/p.png"), "the original does meanwhile");
    assert!(service.log().contains("a copy of a picture could not be kept"), "{}", service.log());
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
