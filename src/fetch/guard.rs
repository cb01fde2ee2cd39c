//! Which addresses may be visited. The address that is checked is the address that is connected
//! to: names are resolved here, and only here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why a name or address is not connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// It lies in a private network.
    #[error("the address is private")]
    Private,
    /// The name leads to no address.
    #[error("the name leads to no address")]
    Unknown,
}

/// The rule: public addresses, and the private ranges that the admin allows.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    allowed: Arc<[IpNet]>,
}

impl Guard {
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Whether an address may be visited.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|net| net.contains(&address))
    }

    /// Checks an address written in a URL; names are checked when they are resolved.
    pub(super) fn check(&self, url: &Url) -> Result<(), Refused> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(Refused::Unknown),
        };
        if self.admits(address) { Ok(()) } else { Err(Refused::Private) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Refused::Unknown)?;
            let all: Vec<SocketAddr> = found.collect();
            if all.is_empty() {
                return Err(Refused::Unknown.into());
            }
            let admitted: Vec<_> = all.into_iter().filter(|address| guard.admits(address.ip())).collect();
            if admitted.is_empty() {
                return Err(Refused::Private.into());
            }
            let addresses: Addrs = Box::new(admitted.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public Internet (the special-purpose registries of IANA).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, ..] = address.segments();
    // Only 2000::/3 is given out; in it lie ranges that embed IPv4 addresses or are for documents.
    (0x2000..0x4000).contains(&a)
        && !(a == 0x2001 && b < 0x0200)
        && !(a == 0x2001 && b == 0x0db8)
        && !(a == 0x3fff && b < 0x1000)
        && (a != 0x2002 || embedded_is_public(b, c))
}

/// 6to4 addresses carry an IPv4 address, which must be public itself.
fn embedded_is_public(high: u16, low: u16) -> bool {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    is_public_v4(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(text: &str) -> bool {
        Guard::new(&[]).admits(text.parse().unwrap())
    }

    #[test]
    fn private_addresses_are_refused() {
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::1",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            assert!(!admits(address), "{address}");
        }
    }

    #[test]
    fn public_addresses_are_admitted() {
        for address in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"] {
            assert!(admits(address), "{address}");
        }
    }

    #[test]
    fn an_admin_may_allow_a_range() {
        let guard = Guard::new(&["127.0.0.0/8".parse().unwrap()]);
        assert!(guard.admits("127.0.0.1".parse().unwrap()));
        assert!(guard.admits("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!guard.admits("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn odd_spellings_of_addresses_are_seen_through() {
        for url in [
            "http://0x7f000001/",
            "http://2130706433/",
            "http://017700000001/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://[::ffff:7f00:1]/",
        ] {
            assert_eq!(Guard::new(&[]).check(&url.parse().unwrap()), Err(Refused::Private), "{url}");
        }
    }
}
