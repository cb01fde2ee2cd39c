//! The server's outside: TLS, sockets, HTTP/2, slow and greedy clients, tokens, a clean end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Answer, Reply, Service, Site, item, prose, rss};

const FEED: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

/// A service whose `[server]` has more keys, and which has published one article.
fn service(server: &str, feeds: &str) -> (Site, Service) {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 300)))));
    let service = Service::prepare("");
    prepare(&service, &site, server, feeds);
    (site, service)
}

fn prepare(service: &Service, site: &Site, server: &str, feeds: &str) {
    service.configure(&format!("[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\n{FEED}{feeds}", site.url("/feed")));
    let text = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    std::fs::write(service.path("feeds.toml"), text.replace("[server]\n", &format!("[server]\n{server}\n"))).unwrap();
}

/// One answer over any stream that closes after it.
fn ask(mut stream: impl Read + Write, path: &str) -> Answer {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A peer may end TLS without saying so.
    let _ = stream.read_to_end(&mut bytes);
    Answer::parse(&bytes).unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&bytes)))
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", service.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn tls(service: &Service, certified: &rcgen::CertifiedKey<rcgen::KeyPair>) -> Option<Answer> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certified.cert.der().clone()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = rustls::ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, connect(service));
    stream.write_all(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Answer::parse(&bytes)
}

#[test]
fn a_certificate_is_renewed_without_a_pause() {
    let new = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (old, fresh) = (new(), new());
    let (_site, mut service) = service("tls_cert = \"cert.pem\"\ntls_key = \"key.pem\"", "");
    let write = |service: &Service, certified: &rcgen::CertifiedKey<rcgen::KeyPair>| {
        std::fs::write(service.path("cert.pem"), certified.cert.pem()).unwrap();
        std::fs::write(service.path("key.pem"), certified.signing_key.serialize_pem()).unwrap();
    };
    let refused = service.command(&["check"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no file"), "{refused:?}");
    write(&service, &old);
    service.run_without_waiting();
    let start = Instant::now();
    let mut answer = None;
    while answer.is_none() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
        answer = TcpStream::connect(("127.0.0.1", service.port())).ok().and_then(|_| tls(&service, &old));
    }
    assert_eq!(answer.unwrap().status, 200);
    assert!(tls(&service, &fresh).is_none());
    write(&service, &fresh);
    service.signal("HUP");
    let start = Instant::now();
    while tls(&service, &fresh).is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", service.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(tls(&service, &old).is_none());
    assert!(service.log().contains("serving on https://"));
}

#[test]
fn a_unix_socket_serves_a_proxy_and_is_taken_over_from_the_dead() {
    let site = Site::start();
    site.put("/feed", Reply::rss(rss(&item("1", "One", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("one", 3)))));
    let mut service = Service::prepare("");
    prepare(&service, &site, "", "");
    let text = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    let text = text.replace(&format!("listen = \"127.0.0.1:{}\"", service.port()), "listen = \"unix:http.sock\"");
    std::fs::write(service.path("feeds.toml"), text).unwrap();
    let path = service.path("http.sock");
    let wait = || {
        let start = Instant::now();
        loop {
            match UnixStream::connect(&path) {
                Ok(stream) => return ask(stream, "/healthz"),
                Err(problem) => assert!(start.elapsed() < Duration::from_secs(60), "{problem}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    service.run_without_waiting();
    assert_eq!(wait().status, 200);
    service.kill();
    assert!(path.exists(), "a killed process leaves it behind");
    service.run_without_waiting();
    assert_eq!(wait().status, 200);
    assert_eq!(service.stop(), Some(0));
    assert!(!path.exists());
}

#[tokio::test]
async fn http_2_is_spoken_without_tls_too() {
    let (_site, mut service) = service("", "");
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    let client = reqwest::Client::builder().http2_prior_knowledge().no_proxy();
    let client = client.tls_backend_preconfigured(any_tls()).build().unwrap();
    let answers = (0..20).map(|_| client.get(service.url("/feeds/all.atom")).send());
    for answer in futures_util::future::join_all(answers).await {
        let answer = answer.unwrap();
        assert_eq!((answer.version(), answer.status().as_u16()), (reqwest::Version::HTTP_2, 200));
        assert_eq!(answer.bytes().await.unwrap(), service.get("/feeds/all.atom").body);
    }
}

fn any_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

#[test]
fn slow_clients_lose_their_connections_and_others_do_not_wait() {
    let (_site, mut service) = service("timeout = \"1s\"\nconnections = 16", "");
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    // More than there is room for: each sends a piece of a request and then next to nothing.
    let mut slow: Vec<_> = (0..15).map(|_| connect(&service)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nX: ").unwrap();
    }
    let drips: Vec<_> = slow
        .into_iter()
        .map(|mut stream| {
            std::thread::spawn(move || {
                let start = Instant::now();
                while start.elapsed() < Duration::from_secs(30) {
                    std::thread::sleep(Duration::from_millis(100));
                    if stream.write_all(b"x").is_err() {
                        return true;
                    }
                }
                false
            })
        })
        .collect();
    assert_eq!(service.get("/feeds/all.rss").status, 200);
    assert!(drips.into_iter().all(|drip| drip.join().unwrap()), "a dripping client was cut");

    // One that asks and never reads.
    let mut deaf = connect(&service);
    deaf.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    let start = Instant::now();
    while deaf.write_all(&request).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(60), "a deaf client keeps its connection");
    }
}

#[test]
fn a_flood_is_answered_429_and_only_proxies_name_clients() {
    let (_site, mut service) = service("per_second = 1\ntrusted_proxies = [\"127.0.0.1\"]", "");
    service.run();
    let status = |client: &str| service.get_with("/healthz", &[("X-Forwarded-For", client)]);
    // All in one piece: however busy the machine, a minute's requests do not take a minute.
    let mut flood = connect(&service);
    let request = |last: bool| {
        let end = if last { "close" } else { "keep-alive" };
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nConnection: {end}\r\n\r\n")
    };
    flood.write_all((request(false).repeat(60) + &request(true)).as_bytes()).unwrap();
    let mut answers = String::new();
    flood.read_to_string(&mut answers).unwrap();
    assert!(answers.starts_with("HTTP/1.1 200"), "{answers}");
    let refused = answers.split("HTTP/1.1 ").find(|answer| answer.starts_with("429")).expect("a limit");
    let wait = refused.lines().find_map(|line| line.to_lowercase().strip_prefix("retry-after: ")?.parse::<u64>().ok());
    assert!(wait.unwrap() >= 1);
    assert_eq!(status("192.0.2.8").status, 200);
    assert!((0..30).all(|_| service.get("/healthz").status == 200), "a proxy that names nobody is not limited");
    drop(service);

    // Without trust, the header changes nothing.
    let (_site, mut service) = self::service("per_second = 1\ntrusted_proxies = []", "");
    service.run();
    let requests: String = (0..60)
        .map(|number| format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.{number}\r\n\r\n"))
        .collect();
    let mut flood = connect(&service);
    flood.write_all((requests + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answers = String::new();
    flood.read_to_string(&mut answers).unwrap();
    assert!(answers.contains("HTTP/1.1 429"), "{answers}");
}

#[test]
fn one_client_has_only_so_many_connections() {
    let (_site, mut service) = service("per_address = 8\ntrusted_proxies = []", "");
    service.run();
    let mut open = Vec::new();
    loop {
        let mut stream = connect(&service);
        // An answer says that the connection was accepted; earlier ones may still be open.
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        match stream.read(&mut [0; 512]) {
            Ok(bytes) if bytes > 0 => open.push(stream),
            _ => break,
        }
        assert!(open.len() <= 8, "a ninth connection");
    }
    assert!(open.len() >= 4);
    drop(open);
    service.wait("a place", |service| {
        let mut stream = connect(service);
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.read(&mut [0; 512]).is_ok_and(|bytes| bytes > 0).then_some(())
    });
}

#[test]
fn an_answer_under_way_is_finished_at_the_stop() {
    let site = Site::start();
    let items: String = (0..40)
        .map(|id| item(&id.to_string(), "Long", "Mon, 02 Mar 2026 08:00:00 GMT", &prose(&format!("t{id}"), 150)))
        .collect();
    site.put("/feed", Reply::rss(rss(&items)));
    let mut service = Service::start(&format!("[sources.a]\nurl = \"{}\"\n{FEED}", site.url("/feed")));
    service.wait_for_entries("/feeds/all.rss", 40);
    let whole = service.get("/feeds/all.rss");
    assert!(whole.body.len() > 2_000_000);
    let mut slow = connect(&service);
    let mut idle = connect(&service);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert!(idle.read(&mut [0; 512]).unwrap() > 0);
    slow.write_all(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut beginning = [0; 1000];
    slow.read_exact(&mut beginning).unwrap();
    let ends = std::thread::spawn(move || service.stop());
    assert_eq!(idle.read(&mut [0; 512]).unwrap_or(0), 0, "an idle connection ends at once");
    let mut bytes = beginning.to_vec();
    slow.read_to_end(&mut bytes).unwrap();
    assert_eq!(Answer::parse(&bytes).unwrap().body, whole.body);
    assert_eq!(ends.join().unwrap(), Some(0));
}

#[test]
fn tokens_overlap_their_use_is_told_to_admins_and_guessing_is_slow() {
    let partner = "[feeds.partner]\nsources = [\"*\"]\ntokens = [\"file:old\", \"file:new\"]\n";
    let (_site, mut service) = service("admin_tokens = [\"file:admin\"]", partner);
    for (name, token) in
        [("old", "old-0123456789abcdef"), ("new", "new-0123456789abcdef"), ("admin", "adm-0123456789abcdef")]
    {
        std::fs::write(service.path(name), token).unwrap();
    }
    service.run();
    let admin = [("Authorization", "Bearer adm-0123456789abcdef")];
    for path in ["/status", "/status.json", "/metrics"] {
        assert_eq!(service.get(path).status, 401, "{path}");
        let answer = service.get_with(path, &admin);
        assert_eq!((answer.status, answer.header("Cache-Control")), (200, Some("no-store")), "{path}");
    }
    // A token opens one thing only.
    assert_eq!(service.get_with("/feeds/partner.rss", &admin).status, 401);
    assert_eq!(service.get("/status?token=old-0123456789abcdef").status, 401);
    assert_eq!(service.get("/feeds/partner.rss?token=old-0123456789abcdef").status, 200);
    assert_eq!(service.get("/feeds/partner.rss?token=new-0123456789abcdef").status, 200);
    let status: serde_json::Value = serde_json::from_slice(&service.get_with("/status.json", &admin).body).unwrap();
    let tokens = status["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 2);
    assert!(tokens.iter().all(|one| one["feed"] == "partner" && one["last_used"].is_string()), "{tokens:?}");
    assert_eq!(tokens[0]["token"], "file:old");
    assert!(!status.to_string().contains("0123456789abcdef"));
    // What is known of them outlives the service, and is told where it runs.
    assert_eq!(service.stop(), Some(0));
    let told = String::from_utf8(service.command(&["status"]).stdout).unwrap();
    assert_eq!(told.matches("  token file:").count(), 2, "{told}");
    assert!(told.contains("  token file:old: last used ") && !told.contains("never used"), "{told}");
    service.run();
    let again: serde_json::Value = serde_json::from_slice(&service.get_with("/status.json", &admin).body).unwrap();
    assert_eq!(again["tokens"], status["tokens"]);
    let guess = || {
        let client = [("X-Forwarded-For", "192.0.2.9"), ("Authorization", "Bearer guess")];
        service.get_with("/feeds/partner.rss", &client).status
    };
    let guesses: Vec<_> = (0..25).map(|_| guess()).collect();
    assert_eq!((guesses[0], guesses[24]), (401, 429));
}
