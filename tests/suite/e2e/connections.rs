//! Connections of HTTP/1.1: plain requests and others, in any order, are answered alike.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::{Answer, Reply, Service, Site, item, prose, rss};

const FEED: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

/// A service with one feed, small or of many articles, and one that needs a token.
fn service(articles: usize) -> (Site, Service) {
    let site = Site::start();
    let items: String = (0..articles)
        .map(|id| item(&id.to_string(), "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose(&format!("t{id}"), 100)))
        .collect();
    site.put("/feed", Reply::rss(rss(&items)));
    let mut service = Service::prepare(&format!(
        "[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\n{FEED}[feeds.closed]\ntitle = \"Closed\"\nsources = [\"*\"]\n\
         tokens = [\"file:token\"]\n",
        site.url("/feed")
    ));
    std::fs::write(service.path("token"), "a-secret-of-twenty-letters").unwrap();
    service.run();
    service.wait_for_entries("/feeds/all.rss", articles);
    (site, service)
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", service.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn ask(stream: &mut TcpStream, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).unwrap();
    let method = request.split(' ').next().unwrap();
    Answer::read(stream, method).unwrap_or_else(|| panic!("no answer to {request}"))
}

#[test]
fn any_request_is_answered_as_a_plain_one_is() {
    let (_site, service) = service(3);
    // Coded bodies are made after the document is published, one document after the other.
    let token = ("Authorization", "Bearer a-secret-of-twenty-letters");
    for path in ["/feeds/all.rss", "/feeds/all.json", "/feeds/closed.atom", "/feeds/closed.rss", "/", "/feeds/all"] {
        service.wait(&format!("coded bodies of {path}"), |service| {
            let answer = service.get_with(path, &[("Accept-Encoding", "br"), token]);
            answer.header("Content-Encoding").map(drop)
        });
    }
    let tag = service.get("/feeds/all.rss").header("ETag").unwrap().to_owned();
    let fields = [
        String::new(),
        "Accept-Encoding: gzip\r\n".to_owned(),
        "Accept-Encoding: br, zstd\r\n".to_owned(),
        format!("If-None-Match: {tag}\r\n"),
        "If-Modified-Since: Mon, 02 Mar 2099 08:00:00 GMT\r\n".to_owned(),
        "Sec-Fetch-Dest: document\r\n".to_owned(),
        "Authorization: Bearer a-secret-of-twenty-letters\r\nX-Forwarded-For: 192.0.2.1\r\n".to_owned(),
        "A-IM: feed\r\nIf-None-Match: \"other\"\r\n".to_owned(),
        "Range: bytes=0-9\r\n".to_owned(),
    ];
    let paths = [
        "/feeds/all.rss",
        "/feeds/all.json",
        "/feeds/all.rss?page=1",
        "/feeds/all.rss?utm=x",
        "/feeds/closed.atom",
        "/feeds/closed.rss?token=a-secret-of-twenty-letters",
        "/",
        "/feeds/all",
        "/feeds/none.rss",
        "/feeds/all/feed.xml",
        "/hub",
        "/media/none",
        "/%00",
    ];
    for path in paths {
        for fields in &fields {
            for method in ["GET", "HEAD"] {
                let request = |more: &str| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{fields}{more}\r\n");
                let said = |more: &str| {
                    let answer = ask(&mut connect(&service), &request(more));
                    let mut headers = answer.headers;
                    headers.retain(|(name, _)| name != "date");
                    headers.sort();
                    (answer.status, headers, answer.body)
                };
                assert_eq!(said(""), said("Content-Length: 0\r\n"), "{}", request(""));
            }
        }
    }
}

#[test]
fn one_connection_asks_in_any_way() {
    let (_site, service) = service(3);
    let whole = service.get("/feeds/all.rss").body;
    let plain = "GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n";
    let is_whole = |answer: Answer| assert!(answer.status == 200 && answer.body == whole);

    let mut stream = connect(&service);
    for _ in 0..3 {
        is_whole(ask(&mut stream, plain));
    }
    let head = ask(&mut stream, &plain.replace("GET", "HEAD"));
    assert_eq!(head.header("Content-Length").unwrap(), whole.len().to_string());
    // Several at once, the last one in pieces.
    stream.write_all(plain.repeat(3).as_bytes()).unwrap();
    stream.write_all(b"GET /feeds/all.r").unwrap();
    (0..3).for_each(|_| is_whole(Answer::read(&mut stream, "GET").unwrap()));
    std::thread::sleep(Duration::from_millis(50));
    is_whole(ask(&mut stream, "ss HTTP/1.1\r\nHost: x\r\n\r\n"));
    // Not on the shelf, then again on it.
    assert_eq!(ask(&mut stream, "GET /feeds/none.rss HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
    is_whole(ask(&mut stream, plain));
    let last = ask(&mut stream, "GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(last.header("Connection"), Some("close"));
    is_whole(last);
    assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);

    // The first request in pieces.
    let mut stream = connect(&service);
    for piece in plain.as_bytes().chunks(7) {
        stream.write_all(piece).unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    is_whole(Answer::read(&mut stream, "GET").unwrap());
    is_whole(ask(&mut stream, plain));

    // Who says no more still gets the answer.
    let mut stream = connect(&service);
    stream.write_all(plain.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    is_whole(Answer::read(&mut stream, "GET").unwrap());
    assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn what_is_no_request_is_refused_after_plain_ones_too() {
    let (_site, service) = service(3);
    for nonsense in [
        "GET /feeds/all.rss HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /feeds/all.rss HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET /feeds/all.rss HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
    ] {
        let mut stream = connect(&service);
        assert_eq!(ask(&mut stream, "GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
        assert_eq!(ask(&mut stream, nonsense).status, 400, "{nonsense:?}");
        assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
    }
    // A body that looks like a request is a body.
    let mut stream = connect(&service);
    let smuggled = "GET /feeds/none.rss HTTP/1.1\r\nHost: x\r\n\r\n";
    let request = format!("GET /feeds/all.rss HTTP/1.1\r\nContent-Length: {}\r\n\r\n{smuggled}", smuggled.len());
    assert_eq!(ask(&mut stream, &request).status, 200);
    assert_eq!(ask(&mut stream, "GET /feeds/all.json HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

#[test]
fn an_answer_larger_than_the_connection_takes_arrives_whole() {
    let (_site, service) = service(60);
    let whole = service.get("/feeds/all.rss").body;
    assert!(whole.len() > 2_000_000, "{}", whole.len());
    let mut stream = connect(&service);
    stream.write_all(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(Answer::read(&mut stream, "GET").unwrap().body == whole);
    assert_eq!(ask(&mut stream, "GET /feeds/all.json HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}
