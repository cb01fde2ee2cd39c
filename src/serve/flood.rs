//! How much one client may ask for: a bucket of requests that fills again with time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Clients remembered; those whose bucket is full again are forgotten first.
const MOST: usize = 100_000;

/// A bucket for each client.
#[derive(Debug)]
pub(super) struct Flood {
    per_second: f64,
    burst: f64,
    clients: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Flood {
    /// So many requests at once, and so many more a second.
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        Self { per_second, burst: f64::from(burst), clients: Mutex::default() }
    }

    /// Counts a request; how long the client is to wait when it asks too much.
    pub(super) fn refuses(&self, client: IpAddr) -> Option<Duration> {
        self.refuses_at(client, Instant::now())
    }

    fn refuses_at(&self, client: IpAddr, now: Instant) -> Option<Duration> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= MOST {
            clients.retain(|_, bucket| self.level(*bucket, now) < self.burst);
            if clients.len() >= MOST {
                clients.clear();
            }
        }
        let bucket = clients.entry(network(client)).or_insert(Bucket { left: self.burst, at: now });
        let left = self.level(*bucket, now);
        *bucket = Bucket { left: if left >= 1.0 { left - 1.0 } else { left }, at: now };
        (left < 1.0).then(|| Duration::from_secs_f64((1.0 - left) / self.per_second))
    }

    fn level(&self, bucket: Bucket, now: Instant) -> f64 {
        (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second).min(self.burst)
    }
}

/// What counts as one client: an IPv4 address, or a network of IPv6 as one household has it.
pub(super) fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_waits_until_its_bucket_fills_again() {
        let flood = Flood::new(2.0, 3);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let start = Instant::now();
        assert!((0..3).all(|_| flood.refuses_at(one, start).is_none()));
        assert_eq!(flood.refuses_at(one, start), Some(Duration::from_millis(500)));
        assert_eq!(flood.refuses_at(other, start), None);
        let later = start + Duration::from_millis(600);
        assert_eq!(flood.refuses_at(one, later), None);
        assert!(flood.refuses_at(one, later).is_some());
    }

    #[test]
    fn a_household_is_one_client() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
