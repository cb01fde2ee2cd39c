//! Every document of the newsroom is served, as what it is.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Newsroom;

fn now() -> DateTime<Utc> {
    "2024-05-14T05:00:00Z".parse().unwrap()
}

struct Running {
    newsroom: Newsroom,
    folder: tempfile::TempDir,
    _stop: DropGuard,
}

async fn start() -> Running {
    let folder = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let newsroom = Newsroom::start(stop.clone(), folder.path(), now()).await.unwrap();
    Running { newsroom, folder, _stop: stop.drop_guard() }
}

/// Head and body of an answer, asked for without any help of newsriver.
fn ask(url: &str, method: &str, more: &str) -> (String, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer[end + 4..].to_vec())
}

fn text(url: &str) -> (String, String) {
    let (head, body) = ask(url, "GET", "");
    (head, String::from_utf8(body).unwrap())
}

/// The addresses of this kind that stand in a document.
fn links(document: &str, kind: &str) -> Vec<String> {
    let mut links: Vec<String> = document
        .split(['"', '<', '>', '&', '\\', '?'])
        .filter(|part| part.starts_with("http://127.0.0.1:") && part.ends_with(kind))
        .map(str::to_owned)
        .collect();
    links.sort();
    links.dedup();
    links
}

impl Running {
    fn url(&self, title: &str) -> String {
        self.newsroom.sites.iter().find(|site| site.title == title).unwrap().url.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_has_its_type_and_its_articles() {
    let running = start().await;
    for (title, kind, sign, articles) in [
        ("Báo Sông Tiền", "text/html", "<h3 class=\"title\">", 4),
        ("Đồng Bằng Online", "application/rss+xml", "<content:encoded>", 4),
        ("The Estuary Gazette", "text/html", "application/atom+xml", 4),
        ("Coastal Notes", "application/feed+json", "content_html", 3),
        ("Thời báo Cù Lao", "application/xml", "<news:publication_date>", 3),
        ("Old Mill Bulletin", "application/rdf+xml", "<rdf:Seq>", 3),
        ("Bản tin Duyên Hải", "application/rss+xml", "utm_source", 3),
        ("The Torn Page", "application/rss+xml", "nobody will ever read", 2),
    ] {
        let (head, body) = text(&running.url(title));
        assert!(head.starts_with("http/1.1 200") && head.contains(&format!("content-type: {kind}")), "{title}: {head}");
        assert!(body.contains(sign), "{title}: {body}");
        assert_eq!(links(&body, ".html").len(), articles, "{title}: {body}");
    }
    let (head, atom) = text(&(running.url("The Estuary Gazette") + "atom.xml"));
    assert!(
        head.contains("application/atom+xml") && atom.matches("<summary>").count() == 4 && !atom.contains("<content")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_and_picture_is_there() {
    let running = start().await;
    let mut pictures = 0;
    for title in
        ["Báo Sông Tiền", "Đồng Bằng Online", "Coastal Notes", "Thời báo Cù Lao", "Old Mill Bulletin", "The Torn Page"]
    {
        let (_, list) = text(&running.url(title));
        for page in links(&list, ".html") {
            let (head, body) = text(&page);
            assert!(head.starts_with("http/1.1 200") && head.contains("text/html") && body.contains("<h1"), "{page}");
            let shown = links(&body, ".png");
            assert!(!shown.is_empty(), "{page}");
            pictures += shown.len();
            if let Some(picture) = shown.first().filter(|_| title != "The Torn Page") {
                let (head, bytes) = ask(picture, "HEAD", "");
                assert!(
                    head.starts_with("http/1.1 200") && head.contains("image/png") && bytes.is_empty(),
                    "{picture}"
                );
            }
        }
    }
    assert!(pictures >= 20, "{pictures}");
    let (_, list) = text(&running.url("Coastal Notes"));
    let (head, bytes) = ask(&links(&list, ".png")[0], "GET", "");
    assert!(head.contains("image/png"));
    assert_eq!(imagesize::blob_size(&bytes).unwrap().width, 1200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newsroom_has_its_troubles() {
    let running = start().await;
    let (head, _) = ask(&running.url("The Late Paper"), "GET", "");
    assert!(head.starts_with("http/1.1 404"));
    let (_, torn) = text(&running.url("The Torn Page"));
    assert!(!torn.contains("</channel>") && torn.matches("</item>").count() == 2);
    let (_, rss) = text(&running.url("Đồng Bằng Online"));
    assert_eq!((rss.matches("<item>").count(), rss.matches("<pubDate>").count()), (4, 3));
    assert_eq!(rss.matches("<title>Tin vắn</title>").count(), 1);
    let (_, other) = text(&running.url("Bản tin Duyên Hải"));
    assert_eq!(other.matches("<title>Tin vắn</title>").count(), 1);
    assert!(other.contains("/tin/khanh-thanh-cau-vam-xang.html?utm_source="));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_not_sent_again() {
    let running = start().await;
    let url = running.url("Đồng Bằng Online");
    let (head, _) = ask(&url, "GET", "");
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let (head, body) = ask(&url, "GET", &format!("If-None-Match: {etag}\r\n"));
    assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{head}");
    let (head, _) = ask(&url, "POST", "");
    assert!(head.starts_with("http/1.1 405"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_names_every_site() {
    let running = start().await;
    let toml = running.newsroom.feeds_toml("127.0.0.1:8080".parse().unwrap(), running.folder.path());
    let document: toml_edit::DocumentMut = toml.parse().unwrap();
    assert_eq!(document["sources"].as_table().unwrap().len(), running.newsroom.sites.len());
    assert_eq!(document["feeds"].as_table().unwrap().len(), 3);
    let path = document["sources"]["tu-lieu"]["url"].as_str().unwrap().strip_prefix("folder:").unwrap();
    assert_eq!(std::fs::read_dir(path).unwrap().count(), 4);
    assert!(
        std::fs::read_to_string(running.folder.path().join("documents/trong-dua-sap-huu-co.txt"))
            .unwrap()
            .contains("BÌNH LUẬN")
    );
}
