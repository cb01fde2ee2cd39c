//! `[site]`, `[server]`, `[storage]`, `[fetch]`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use ipnet::IpNet;
use url::Url;

use super::keys::{FETCH, HUB, SERVER, SITE, STORAGE};
use super::reader::Reader;
use super::values;
use super::{Hub, Storage};
use crate::fetch::Options;
use crate::merge::Site;
use crate::notify::Method;

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// As `[storage] media` says without one.
const MEDIA: u64 = 5 * 1024 * 1024 * 1024;

pub(super) fn listen(root: &Reader<'_>) -> SocketAddr {
    let server = root.table("server", &SERVER);
    let read = |text: &str| {
        text.parse().map_err(|_| format!("{text:?} is no address with a port; write one such as \"127.0.0.1:8080\""))
    };
    server.read("listen", read).unwrap_or(LISTEN)
}

pub(super) fn site(root: &Reader<'_>, listen: SocketAddr, hub: &Hub) -> (Site, Tz) {
    let site = root.table("site", &SITE);
    let base_url = site.read("base_url", base_url).or_else(|| Url::parse(&format!("http://{listen}/")).ok());
    let contact = site.read("contact", |text| {
        let fits = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 2)
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits { Ok(text.to_owned()) } else { Err(format!("{text:?} is no mail address")) }
    });
    let timezone = site.read("timezone", values::zone).unwrap_or(Tz::UTC);
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
    let read = |text: &str| match text.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(format!("sqlite:{}", folder.join(path).display())),
        Some(("postgres" | "postgresql", _)) => Err("PostgreSQL is not built yet; write sqlite: and a file".to_owned()),
        _ => Err(format!("{text:?} is no store; write sqlite: and a file, such as \"sqlite:data/newsriver.db\"")),
    };
    let default = || format!("sqlite:{}", folder.join("data/newsriver.db").display());
    Storage {
        url: storage.read("url", read).unwrap_or_else(default),
        keep: storage.duration_or("keep", "forever").flatten(),
        media: storage.size("media", &values::DISK).unwrap_or(MEDIA),
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
    }
}

/// Names the program and whom to write to.
fn user_agent(site: &Site) -> String {
    let contact = site.contact.as_ref().map(|contact| format!("; {contact}")).unwrap_or_default();
    format!("newsriver/{} (+{}{contact})", env!("CARGO_PKG_VERSION"), site.base_url)
}
