//! How documents travel: content codings, TLS, HTTP/2, validators, redirects.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use super::{Reply, Service, Site, item, prose, rss};

const FEED: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

#[test]
fn every_content_coding_is_decoded() {
    let site = Site::start();
    let mut sources = String::new();
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let body = rss(&item(coding, &format!("Sent as {coding}"), "Mon, 02 Mar 2026 08:00:00 GMT", &prose(coding, 3)));
        site.put(&format!("/{coding}"), Reply::rss(coded(coding, body.as_bytes())).header("Content-Encoding", coding));
        sources += &format!("[sources.{coding}]\nurl = \"{}\"\n", site.url(&format!("/{coding}")));
    }
    let service = Service::start(&format!("{sources}{FEED}"));
    service.wait_for_entries("/feeds/all.rss", 4);
    let asked = &site.asked("/gzip")[0].headers["accept-encoding"];
    assert!(["gzip", "br", "zstd", "deflate"].iter().all(|coding| asked.contains(coding)), "{asked}");
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        "deflate" => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        "br" => {
            let mut out = Vec::new();
            brotli::CompressorWriter::new(&mut out, 4096, 5, 20).write_all(body).unwrap();
            out
        }
        _ => zstd::bulk::compress(body, 3).unwrap(),
    }
}

#[test]
fn a_small_body_that_unpacks_to_a_huge_one_is_refused() {
    let site = Site::start();
    let bomb = coded("gzip", &vec![b' '; 200 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024);
    site.put("/bomb", Reply::rss(bomb).header("Content-Encoding", "gzip"));
    let service = Service::start(&format!("[sources.bomb]\nurl = \"{}\"\n{FEED}", site.url("/bomb")));
    let error = service.wait("its status", |service| service.status("bomb")["last_error"].as_str().map(str::to_owned));
    assert!(error.contains("larger than the limit"), "{error}");
}

#[test]
fn a_permanent_move_is_followed_and_told() {
    let site = Site::start();
    site.put("/old", Reply { status: 301, ..Reply::rss("") }.header("Location", "/new"));
    site.put("/new", Reply::rss(rss(&item("1", "Moved", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("moved", 3)))));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\n{FEED}", site.url("/old")));
    service.wait_for_entries("/feeds/all.rss", 1);
    let notice = service.status("a")["notice"].as_str().unwrap().to_owned();
    assert!(notice.contains("has moved to") && notice.contains("/new"), "{notice}");
}

#[test]
fn a_redirect_into_a_private_network_is_refused() {
    let site = Site::start();
    site.put(
        "/feed",
        Reply { status: 302, ..Reply::rss("") }.header("Location", "http://169.254.169.254/latest/meta-data/"),
    );
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\n{FEED}", site.url("/feed")));
    let error = service.wait("its status", |service| service.status("a")["last_error"].as_str().map(str::to_owned));
    assert!(error.contains("private network"), "{error}");
}

#[test]
fn a_source_that_asks_to_wait_is_left_alone() {
    let site = Site::start();
    site.put("/feed", Reply::status(429).header("Retry-After", "7200"));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{FEED}", site.url("/feed")));
    let status = service.wait("its status", |service| {
        let status = service.status("a");
        status["last_error"].is_string().then_some(status)
    });
    let time = |name: &str| status[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert!((time("next_visit") - time("last_visit")).num_minutes() >= 120, "{status}");
}

#[test]
fn tls_and_http_2_with_a_certificate_of_our_own() {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let versions = Arc::new(Mutex::new(Vec::new()));
    let body = rss(&item("1", "Over TLS", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("tls", 3)));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    tls_site(listener, &certified, body.into(), Arc::clone(&versions));

    // Without the certificate the connection is refused, in words.
    let sources = format!("[sources.a]\nurl = \"https://localhost:{port}/feed\"\ninterval = \"1s\"\n{FEED}");
    let service = Service::start(&sources);
    let error = service.wait("its status", |service| service.status("a")["last_error"].as_str().map(str::to_owned));
    assert!(error.contains("TLS") && error.contains("certificate"), "{error}");
    drop(service);

    let mut service = Service::prepare("");
    std::fs::write(service.path("ca.pem"), certified.cert.pem()).unwrap();
    service.configure(&sources);
    let text = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    std::fs::write(service.path("feeds.toml"), text.replace("[fetch]\n", "[fetch]\nca_file = \"ca.pem\"\n")).unwrap();
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    assert!(versions.lock().unwrap().contains(&hyper::Version::HTTP_2), "{versions:?}");
}

/// A site that speaks TLS and HTTP/2 and answers every request with one document.
pub(super) fn tls_site(
    listener: std::net::TcpListener,
    certified: &rcgen::CertifiedKey<rcgen::KeyPair>,
    body: Vec<u8>,
    versions: Arc<Mutex<Vec<hyper::Version>>>,
) {
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let (acceptor, body, versions) = (acceptor.clone(), body.clone(), Arc::clone(&versions));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                        versions.lock().unwrap().push(request.version());
                        let body = http_body_util::Full::new(hyper::body::Bytes::from(body.clone()));
                        async move { Ok::<_, std::convert::Infallible>(hyper::Response::new(body)) }
                    });
                    let builder = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
                    let _ = builder.serve_connection(hyper_util::rt::TokioIo::new(stream), service).await;
                });
            }
        });
    });
}
