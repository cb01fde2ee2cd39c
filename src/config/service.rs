//! `[site]`, `[server]`, `[storage]`, `[fetch]`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use ipnet::IpNet;
use url::Url;

use super::keys::{FETCH, HUB, SERVER, SITE, STORAGE};
use super::reader::Reader;
use super::values;
use super::{Hub, Server, Storage};
use crate::fetch::Options;
use crate::merge::Site;
use crate::model::Secret;
use crate::notify::Method;
use crate::serve::{self, Listen};

/// As `[storage] media` says without one.
const MEDIA: u64 = 5 * 1024 * 1024 * 1024;
const LISTEN: Listen = Listen::Tcp(SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080));
/// Processes of this machine may name the client that they ask for.
const TRUSTED: [IpAddr; 1] = [IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)];

pub(super) fn server(root: &Reader<'_>, folder: &Path) -> Server {
    let server = root.table("server", &SERVER);
    let default = serve::Options::default();
    let number =
        |name: &str, default: usize| server.number(name).and_then(|n| usize::try_from(n).ok()).unwrap_or(default);
    let trusted = match server.texts("trusted_proxies") {
        Some(_) => ranges(&server, "trusted_proxies"),
        None => {
            IpNet::new(std::net::Ipv4Addr::LOCALHOST.into(), 8).into_iter().chain(TRUSTED.map(IpNet::from)).collect()
        }
    };
    Server {
        listen: server.read("listen", |text| listen(text, folder)).unwrap_or(LISTEN),
        tls: tls(&server, folder),
        admin_tokens: super::feeds::tokens(&server, "admin_tokens", folder).unwrap_or_default(),
        options: serve::Options {
            connections: number("connections", default.connections),
            per_address: number("per_address", default.per_address),
            per_second: number("per_second", default.per_second as usize) as f64,
            timeout: server.read("timeout", values::duration).unwrap_or(default.timeout),
            trusted,
        },
    }
}

fn listen(text: &str, folder: &Path) -> Result<Listen, String> {
    if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
        return Ok(Listen::Unix(folder.join(path)));
    }
    text.parse().map(Listen::Tcp).map_err(|_| {
        format!("{text:?} is no address with a port; write one such as \"127.0.0.1:8080\", or unix: and a path")
    })
}

/// The files of certificate and key; one without the other is a mistake.
fn tls(server: &Reader<'_>, folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let file = |name: &str| {
        server.read(name, |text| {
            let path = folder.join(text);
            if path.is_file() { Ok(path) } else { Err(format!("there is no file {}", path.display())) }
        })
    };
    let pair = (file("tls_cert"), file("tls_key"));
    for (have, lacks) in [("tls_cert", "tls_key"), ("tls_key", "tls_cert")] {
        if server.text(have).is_some() && server.text(lacks).is_none() {
            server.problem(server.key_span(have), format!("{have} is of no use without {lacks}"), None);
        }
    }
    pair.0.zip(pair.1)
}

pub(super) fn site(root: &Reader<'_>, server: &Server, hub: &Hub) -> (Site, Tz) {
    let site = root.table("site", &SITE);
    let base_url = site.read("base_url", base_url).or_else(|| own_url(server));
    let contact = site.read("contact", |text| {
        let fits = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 2)
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits { Ok(text.to_owned()) } else { Err(format!("{text:?} is no mail address")) }
    });
    let timezone = site.read("timezone", values::zone).unwrap_or(Tz::UTC);
    if base_url.is_none() && site.text("base_url").is_none() {
        site.problem(None, "with a socket as [server] listen, [site] base_url must name the public address", None);
    }
    let base_url = base_url.unwrap_or_else(fallback_url);
    let own = hub.serve.then(|| base_url.join("hub").ok()).flatten();
    let read = Site {
        title: site.text("title").map_or_else(|| "newsriver".to_owned(), |spot| spot.value),
        hub: hub.moved_to.clone().or(own),
        hubs: addresses(&site, "hubs"),
        base_url,
        contact,
        language: site.read("language", values::language).unwrap_or_else(|| "en".to_owned()),
        timezone,
    };
    (read, timezone)
}

/// The address of a service that names none.
fn own_url(server: &Server) -> Option<Url> {
    let scheme = if server.tls.is_some() { "https" } else { "http" };
    match &server.listen {
        Listen::Tcp(address) => Url::parse(&format!("{scheme}://{address}/")).ok(),
        Listen::Unix(_) => None,
    }
}

/// Reached only beside a reported mistake, or for an address that always parses.
fn fallback_url() -> Url {
    #[allow(clippy::expect_used, reason = "the text is a constant and a valid address")]
    Url::parse("http://localhost/").expect("a valid address")
}

/// An absolute address that others can be joined to: with a slash at its end.
fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|_| format!("{text:?} is no absolute address; write one such as \"https://feeds.example.org\""))?;
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{text:?} must be an http or https address without ? and #"));
    }
    if url.path().ends_with('/') {
        return Ok(url);
    }
    Url::parse(&format!("{url}/")).map_err(|_| format!("{text:?} is no absolute address"))
}

pub(super) fn storage(root: &Reader<'_>, folder: &Path) -> Storage {
    let storage = root.table("storage", &STORAGE);
    let default = || Secret::new(format!("sqlite:{}", folder.join("data/newsriver.db").display()));
    let url = storage.text("url").map(|spot| match store_url(&spot.value, folder) {
        Ok(url) => url,
        Err(message) => {
            if spot.value.contains('@') || spot.value.contains("password") {
                storage.secret_problem(spot.span, message);
            } else {
                storage.problem(spot.span, message, None);
            }
            default()
        }
    });
    Storage {
        url: url.unwrap_or_else(default),
        keep: storage.duration_or("keep", "forever").flatten(),
        media: storage.size("media", &values::DISK).unwrap_or(MEDIA),
    }
}

/// Which store: a file, or a database by its address or by where that stands.
fn store_url(text: &str, folder: &Path) -> Result<Secret, String> {
    let named =
        if text.starts_with("env:") || text.starts_with("file:") { Some(values::named(text, folder)?) } else { None };
    let url = named.as_deref().unwrap_or(text);
    match url.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => {
            Ok(Secret::new(format!("sqlite:{}", folder.join(path).display())))
        }
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Ok(Secret::new(url.to_owned())),
        _ => Err(
            "this is no store; write sqlite: and a file, such as \"sqlite:data/newsriver.db\", or the address of a \
                  PostgreSQL database, \"postgres://user:password@host/database\""
                .to_owned(),
        ),
    }
}

pub(super) fn fetch(root: &Reader<'_>, folder: &Path, site: &Site) -> Options {
    let fetch = root.table("fetch", &FETCH);
    let default = Options::default();
    let number =
        |name: &str, default: usize| fetch.number(name).and_then(|n| usize::try_from(n).ok()).unwrap_or(default);
    let ca_file: Option<PathBuf> = fetch.read("ca_file", |text| {
        let path = folder.join(text);
        if path.is_file() { Ok(path) } else { Err(format!("there is no file {}", path.display())) }
    });
    Options {
        user_agent: user_agent(site),
        concurrency: number("concurrency", default.concurrency),
        per_host: number("per_host", default.per_host),
        timeout: fetch.read("timeout", values::duration).unwrap_or(default.timeout),
        max_body: fetch.size("max_body", &values::MEMORY).unwrap_or(default.max_body),
        allow_private: ranges(&fetch, "allow_private"),
        named_hosts: default.named_hosts,
        ca_file,
        obey_robots: fetch.text("robots").is_none_or(|spot| spot.value != "ignore"),
    }
}

/// A list of ranges of addresses, or of single addresses.
pub(super) fn ranges(table: &Reader<'_>, name: &str) -> Vec<IpNet> {
    let read = |text: &str| {
        let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        net.map_err(|_| format!("{text:?} is no range of addresses; write one such as \"10.0.0.0/8\""))
    };
    table.texts(name).unwrap_or_default().iter().filter_map(|range| table.understand(range, read)).collect()
}

/// A list of web addresses.
pub(super) fn addresses(table: &Reader<'_>, name: &str) -> Vec<Url> {
    table.texts(name).unwrap_or_default().iter().filter_map(|spot| table.understand(spot, address)).collect()
}

/// An absolute address of the web.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    url.ok_or_else(|| format!("{text:?} is no absolute address; write one such as \"https://hub.example.org/\""))
}

pub(super) fn hub(root: &Reader<'_>) -> Hub {
    let hub = root.table("hub", &HUB);
    let default = Hub::default();
    let number = |name: &str, default: u64| hub.number(name).and_then(|n| u64::try_from(n).ok()).unwrap_or(default);
    Hub {
        serve: hub.flag("serve").unwrap_or(true),
        moved_to: hub.read("moved_to", address),
        lease: hub.read("lease", values::duration).unwrap_or(default.lease),
        signature: hub.text("signature").and_then(|spot| Method::parse(&spot.value)).unwrap_or_default(),
        allow_private: ranges(&hub, "allow_private"),
        subscriptions: number("subscriptions", default.subscriptions),
        per_topic: number("per_topic", default.per_topic),
        per_host: number("per_host", default.per_host),
        bandwidth: hub.size("bandwidth", &values::MEMORY).unwrap_or(default.bandwidth),
    }
}

/// Names the program and whom to write to.
fn user_agent(site: &Site) -> String {
    let contact = site.contact.as_ref().map(|contact| format!("; {contact}")).unwrap_or_default();
    format!("newsriver/{} (+{}{contact})", env!("CARGO_PKG_VERSION"), site.base_url)
}
