//! Who asks: the peer of the connection, or, behind a proxy that is trusted, whom that names.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::HeaderMap;
use ipnet::IpNet;

use super::flood::network;

/// Addresses in `X-Forwarded-For` that are looked at.
const HOPS: usize = 16;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// None on a Unix socket.
    address: Option<IpAddr>,
    is_trusted: bool,
}

impl Peer {
    /// A peer, which is trusted to name others when it lies in one of these ranges, or is a process of this
    /// machine that may open the socket.
    pub fn new(address: Option<IpAddr>, trusted: &[IpNet]) -> Self {
        let address = address.map(|address| address.to_canonical());
        Self { address, is_trusted: address.is_none_or(|address| is_in(trusted, address)) }
    }

    /// The address that a request comes from; None when a trusted peer does not say. Whom an unknown peer
    /// names is ignored.
    pub(super) fn client(self, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
        if self.is_trusted { named(headers, trusted) } else { self.address }
    }

    /// The address that connections are counted by; those of proxies are not.
    pub(super) fn counted(self) -> Option<IpAddr> {
        self.address.filter(|_| !self.is_trusted).map(network)
    }
}

fn is_in(ranges: &[IpNet], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(&address))
}

/// The last address in `X-Forwarded-For` that is no trusted proxy: what stands before it anyone can write.
fn named(headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let values = headers.get_all("x-forwarded-for").iter().rev().filter_map(|value| value.to_str().ok());
    let hops = values.flat_map(|value| value.rsplit(',')).take(HOPS);
    let mut nearest = None;
    for hop in hops {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { return nearest };
        let address = address.to_canonical();
        nearest = Some(address);
        if !is_in(trusted, address) {
            break;
        }
    }
    nearest
}

/// Connections by address.
#[derive(Debug, Clone, Default)]
pub(super) struct Connections(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// The right to a connection; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    address: Option<IpAddr>,
}

impl Connections {
    /// A place for one more; None when the address has as many as it may have.
    pub(super) fn place(&self, peer: Peer, most: usize) -> Option<Place> {
        let address = peer.counted();
        if let Some(address) = address {
            let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let open = open.entry(address).or_default();
            if *open >= most {
                return None;
            }
            *open += 1;
        }
        Some(Place { connections: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut open = self.connections.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = open.get_mut(&address) {
            *left -= 1;
            if *left == 0 {
                open.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> Option<String> {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let headers = forwarded.iter().map(|value| ("x-forwarded-for".parse().unwrap(), value.parse().unwrap()));
        let peer = Peer::new(peer.parse().ok(), &trusted);
        peer.client(&headers.collect::<HeaderMap>(), &trusted).map(|address| address.to_string())
    }

    #[test]
    fn only_trusted_proxies_name_others() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]).as_deref(), Some("192.0.2.1"));
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]).as_deref(), Some("198.51.100.7"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.2.2.2"]).as_deref(), Some("198.51.100.7"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.7"]).as_deref(), Some("198.51.100.7"));
        assert_eq!(client("10.0.0.1", &["evil, 10.2.2.2"]).as_deref(), Some("10.2.2.2"));
        assert_eq!(client("10.0.0.1", &[]), None);
        assert_eq!(client("10.0.0.1", &["what"]), None);
        assert_eq!(client("a unix socket", &["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(client("::ffff:192.0.2.1", &[]).as_deref(), Some("192.0.2.1"));
    }

    #[test]
    fn an_address_has_so_many_connections() {
        let connections = Connections::default();
        let peer = Peer::new("192.0.2.1".parse().ok(), &[]);
        let first = connections.place(peer, 2).unwrap();
        let _second = connections.place(peer, 2).unwrap();
        assert!(connections.place(peer, 2).is_none());
        assert!(connections.place(Peer::new("192.0.2.2".parse().ok(), &[]), 2).is_some());
        drop(first);
        assert!(connections.place(peer, 2).is_some());
        assert_eq!(connections.0.lock().unwrap().len(), 1);
    }
}
