//! One request within the limits: turns, redirects, times. What is done with the answer is up to
//! [`super::document`] and [`super::picture`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ipnet::IpNet;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::guard::{Guard, Refused};
use super::{FetchError, Options};

/// Redirects that are followed; more are a circle or a trap.
const REDIRECTS: usize = 10;
/// Limit on making a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Limit on silence in the middle of an answer.
const IDLE: Duration = Duration::from_secs(15);

/// Ports that pages of the web are served on.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// On whose word an address is visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The admin's, who named it.
    Admin,
    /// A document's: where feeds.toml does not name the host as well, only public addresses and usual ports.
    Document,
}

/// The client behind every [`super::Fetcher`].
#[derive(Debug)]
pub(super) struct Client {
    /// To what the admin names.
    named: Line,
    /// To addresses found in documents: nothing private.
    found: Line,
    pub(super) options: Options,
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// Connections to the addresses that a guard admits.
#[derive(Debug)]
struct Line {
    http: reqwest::Client,
    guard: Guard,
}

/// The right to have a request under way; given back when dropped.
#[derive(Debug)]
struct Turn {
    _host: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

/// An answer whose body was not read yet.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    /// Where it came from in the end.
    pub(super) url: Url,
    /// The target of an unbroken chain of permanent redirects.
    pub(super) moved_to: Option<Url>,
    deadline: Instant,
    limit: Duration,
    _turn: Turn,
}

impl Client {
    pub(super) fn new(options: Options) -> Result<Self, FetchError> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // An error means that another provider was chosen before, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let named = Line::new(&options, &options.allow_private)?;
        let found = Line::new(&options, &[])?;
        let all = Arc::new(Semaphore::new(options.concurrency.max(1)));
        Ok(Self { named, found, options, all, hosts: Mutex::new(HashMap::new()) })
    }

    /// Asks, following redirects. The wait for a turn does not count into the time limit.
    pub(super) async fn ask(&self, start: &Url, headers: &HeaderMap, word: Word) -> Result<Answer, FetchError> {
        let mut url = start.clone();
        let (mut permanent, mut moved_to) = (true, None);
        let mut visited = Vec::new();
        for _ in 0..=REDIRECTS {
            // Where a server leads, the admin's word does not reach.
            let word = if url.host_str() == start.host_str() { word } else { Word::Document };
            let answer = self.ask_once(&url, headers, word, moved_to.clone()).await?;
            let status = answer.response.status();
            if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            let target = target(&answer.response, &url)?;
            permanent &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            moved_to = permanent.then(|| target.clone());
            visited.push(std::mem::replace(&mut url, target));
            if visited.contains(&url) {
                break;
            }
        }
        Err(FetchError::Redirects { url: start.clone(), most: REDIRECTS })
    }

    async fn ask_once(
        &self,
        url: &Url,
        headers: &HeaderMap,
        word: Word,
        moved_to: Option<Url>,
    ) -> Result<Answer, FetchError> {
        self.send(url, headers, None, word, moved_to).await
    }

    /// One request without redirects: a POST when there is a body to send, else a GET.
    pub(super) async fn send(
        &self,
        url: &Url,
        headers: &HeaderMap,
        body: Option<Bytes>,
        word: Word,
        moved_to: Option<Url>,
    ) -> Result<Answer, FetchError> {
        let line = self.line(url, word)?;
        let turn = self.turn(url).await?;
        let limit = self.options.timeout;
        let deadline = Instant::now() + limit;
        let request = match body {
            None => line.http.get(url.clone()),
            Some(body) => line.http.post(url.clone()).body(body),
        };
        let request = request.headers(headers.clone());
        let response = match tokio::time::timeout_at(deadline, request.send()).await {
            Err(_) => return Err(FetchError::Timeout { url: url.clone(), limit }),
            Ok(outcome) => outcome.map_err(|cause| FetchError::of(cause, url, limit))?,
        };
        Ok(Answer { response, url: url.clone(), moved_to, deadline, limit, _turn: turn })
    }

    /// The connections by which an address may be visited on someone's word.
    fn line(&self, url: &Url, word: Word) -> Result<&Line, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.clone()));
        }
        let host = url.host_str().unwrap_or_default();
        let is_named = word == Word::Admin || self.options.named_hosts.contains(host);
        if !is_named && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
            return Err(FetchError::Port { url: url.clone() });
        }
        let line = if is_named { &self.named } else { &self.found };
        match line.guard.check(url) {
            Ok(()) => Ok(line),
            Err(Refused::Private) => Err(FetchError::Private { host: host.to_owned() }),
            Err(Refused::Unknown) => Err(FetchError::Dns { host: host.to_owned() }),
        }
    }

    /// Waits for a turn at the host first, so that a slow host takes no turn from the others.
    async fn turn(&self, url: &Url) -> Result<Turn, FetchError> {
        let closed = |_| FetchError::Setup("the fetcher is closed".into());
        let host = Arc::clone(&self.host(url)).acquire_owned().await.map_err(closed)?;
        let all = Arc::clone(&self.all).acquire_owned().await.map_err(closed)?;
        Ok(Turn { _host: host, _all: all })
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let name =
            format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > 10_000 {
            // Only hosts with a request under way are shared with anyone.
            hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        Arc::clone(hosts.entry(name).or_insert_with(|| Arc::new(Semaphore::new(self.options.per_host.max(1)))))
    }
}

impl Answer {
    /// The next piece of the body.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        match tokio::time::timeout_at(self.deadline, self.response.chunk()).await {
            Err(_) => Err(FetchError::Timeout { url: self.url.clone(), limit: self.limit }),
            Ok(outcome) => outcome.map_err(|cause| FetchError::of(cause, &self.url, self.limit)),
        }
    }

    /// The whole decoded body, up to `most` bytes.
    pub(super) async fn body(&mut self, most: u64) -> Result<Bytes, FetchError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if body.len() as u64 + chunk.len() as u64 > most {
                return Err(FetchError::TooLarge { url: self.url.clone(), limit: most });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// A header as text; one that is no text is as good as none.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }
}

/// Where a redirect leads.
fn target(response: &Response, url: &Url) -> Result<Url, FetchError> {
    let bytes = response.headers().get(LOCATION).map(reqwest::header::HeaderValue::as_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let refuse = |why| FetchError::BadRedirect { url: url.clone(), target: text.clone(), why };
    if text.is_empty() {
        return Err(refuse("the Location header is missing"));
    }
    let target = url.join(text.trim()).map_err(|_| refuse("it is no address"))?;
    if !matches!(target.scheme(), "http" | "https") {
        return Err(refuse("only http and https are followed"));
    }
    if url.scheme() == "https" && target.scheme() == "http" {
        return Err(refuse("it leads from a secure to an open connection"));
    }
    Ok(target)
}

impl Line {
    fn new(options: &Options, allowed: &[IpNet]) -> Result<Self, FetchError> {
        let guard = Guard::new(allowed);
        let http = reqwest::Client::builder()
            .user_agent(&options.user_agent)
            .tls_backend_preconfigured(tls(options)?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(guard.clone()))
            .connect_timeout(CONNECT.min(options.timeout))
            .read_timeout(IDLE.min(options.timeout))
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(options.per_host)
            .build()
            .map_err(|cause| FetchError::Setup(cause.to_string()))?;
        Ok(Self { http, guard })
    }
}

/// TLS with the roots that browsers trust, compiled in, so that it works on a machine without any;
/// and those of the admin.
fn tls(options: &Options) -> Result<rustls::ClientConfig, FetchError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = &options.ca_file {
        let fault = |cause: rustls::pki_types::pem::Error| {
            FetchError::Setup(format!("[fetch] ca_file {}: {cause}", path.display()))
        };
        for certificate in CertificateDer::pem_file_iter(path).map_err(fault)? {
            let certificate = certificate.map_err(fault)?;
            roots
                .add(certificate)
                .map_err(|cause| FetchError::Setup(format!("[fetch] ca_file {}: {cause}", path.display())))?;
        }
    }
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_lead_to_public_addresses_and_usual_ports_only() {
        let named = ["10.1.2.3".to_owned(), "intranet".to_owned()];
        let options = Options {
            allow_private: vec!["10.0.0.0/8".parse().unwrap()],
            named_hosts: named.into(),
            ..Options::default()
        };
        let client = Client::new(options).unwrap();
        let may = |url: &str, word| client.line(&Url::parse(url).unwrap(), word).is_ok();
        for (url, admin, document) in [
            ("https://paper.example/a.jpg", true, true),
            ("http://paper.example:8080/a.jpg", true, true),
            ("http://paper.example:22/a.jpg", true, false),
            ("http://93.184.216.34:6379/", true, false),
            ("http://10.1.2.3/a.jpg", true, true),
            ("http://10.1.2.3:5000/a.jpg", true, true),
            ("http://intranet:5000/a.jpg", true, true),
            ("http://10.9.9.9/a.jpg", true, false),
            ("http://0x0a090909/a.jpg", true, false),
            ("http://127.0.0.1/a.jpg", false, false),
            ("http://[::ffff:10.9.9.9]/a.jpg", true, false),
            ("ftp://paper.example/a.jpg", false, false),
        ] {
            assert_eq!((may(url, Word::Admin), may(url, Word::Document)), (admin, document), "{url}");
        }
    }
}
