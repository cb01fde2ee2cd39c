//! Hosts, and addresses that only wrap another one.

use url::{Host, Url};

/// Labels that name another dress of the same site.
const DRESSES: &[&str] = &["www", "www1", "www2", "www3", "m", "mobile", "amp", "wap"];

/// Second labels under which anyone registers names, so that `m.com.vn` is not a dress of `com.vn`.
const PUBLIC_SECOND_LABELS: &[&str] = &["com", "co", "net", "org", "gov", "edu", "ac", "ne", "or"];

/// How many wrappers around wrappers are opened.
const MAX_WRAPPERS: usize = 3;

/// Well-known redirectors that carry their target in a parameter: end of host, beginning of path,
/// parameter.
const REDIRECTORS: &[(&str, &str, &str)] = &[
    ("google.com", "/url", "url"),
    ("google.com", "/url", "q"),
    ("facebook.com", "/l.php", "u"),
    ("instagram.com", "/", "u"),
    ("youtube.com", "/redirect", "q"),
    ("bing.com", "/news/apiclick.aspx", "url"),
    ("duckduckgo.com", "/l/", "uddg"),
    ("vk.com", "/away.php", "to"),
    ("umblr.com", "/redirect", "z"),
    ("reddit.com", "/", "url"),
    ("zalo.me", "/", "url"),
];

/// Last segments of paths that forward to the address in a parameter.
const FORWARDERS: &[&str] = &[
    "redirect",
    "redirect.php",
    "redir",
    "redir.php",
    "click",
    "click.php",
    "go",
    "go.php",
    "out",
    "out.php",
    "away",
    "away.php",
    "rss-redirect",
];

/// Parameters of [`FORWARDERS`].
const TARGETS: &[&str] = &["url", "u", "to", "target", "link"];

/// The site that an address is on: its host without `www.` and the like, with the port when one is named.
pub fn site(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    undressed(url) + &port
}

/// The host without the labels that name another dress of the same site (`www.`, `m.`, `amp.`), in
/// lower case, without the root's dot.
pub(super) fn undressed(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let mut host = domain.trim_end_matches('.');
            while let Some((first, rest)) = host.split_once('.') {
                if !DRESSES.contains(&first) || !is_registrable(rest) {
                    break;
                }
                host = rest;
            }
            host.to_ascii_lowercase()
        }
        Some(address) => address.to_string(),
        None => String::new(),
    }
}

/// Whether a domain may be a site's own: it has two labels at least and is no public suffix of the
/// plain kind.
fn is_registrable(domain: &str) -> bool {
    match domain.split_once('.') {
        None => false,
        Some((second, top)) => top.contains('.') || !(top.len() == 2 && PUBLIC_SECOND_LABELS.contains(&second)),
    }
}

/// The address inside: of an AMP cache, of a well-known redirector, of a site's own forwarder.
pub(super) fn unwrapped(url: &Url) -> Url {
    let mut url = url.clone();
    for _ in 0..MAX_WRAPPERS {
        match inner(&url) {
            Some(next) => url = next,
            None => break,
        }
    }
    url
}

fn inner(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    amp_cached(host, url.path()).or_else(|| redirected(url, host))
}

/// `https://example-org.cdn.ampproject.org/c/s/example.org/a`, `https://www.google.com/amp/s/example.org/a`.
fn amp_cached(host: &str, path: &str) -> Option<Url> {
    let rest = if is_under(host, "cdn.ampproject.org") {
        path.strip_prefix("/c/").or_else(|| path.strip_prefix("/v/"))?
    } else if is_under(host, "google.com") {
        path.strip_prefix("/amp/")?
    } else {
        return None;
    };
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    let looks_like_host = rest.split('/').next().is_some_and(|host| host.contains('.'));
    if looks_like_host { Url::parse(&format!("https://{rest}")).ok() } else { None }
}

fn redirected(url: &Url, host: &str) -> Option<Url> {
    for (end, path, parameter) in REDIRECTORS {
        if is_under(host, end)
            && (url.path() == *path || (path.len() > 1 && url.path().starts_with(path)))
            && let Some(target) = target(url, parameter)
        {
            return Some(target);
        }
    }
    let last = url.path().trim_end_matches('/').rsplit('/').next()?;
    if !FORWARDERS.contains(&last) {
        return None;
    }
    // Only to the same site: elsewhere the parameter may mean anything (a page to share, to rate).
    let own = undressed(url);
    TARGETS.iter().filter_map(|name| target(url, name)).find(|target| {
        let other = undressed(target);
        is_under(&own, &other) || is_under(&other, &own)
    })
}

fn target(url: &Url, parameter: &str) -> Option<Url> {
    let (_, value) = url.query_pairs().find(|(name, _)| name == parameter)?;
    if !(value.starts_with("http://") || value.starts_with("https://")) {
        return None;
    }
    Url::parse(&value).ok().filter(Url::has_host)
}

fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
