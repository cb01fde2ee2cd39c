//! Hosts of callbacks that fail are left alone as a whole for a while, so that a thousand subscriptions
//! at a dead host cost a few attempts and not a thousand.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Failures in a row that are taken for chance.
const CHANCE: u32 = 3;
/// The first pause, in seconds; each further failure doubles it.
const FIRST: i64 = 2;
/// The longest pause: one dead subscription must not keep those of its neighbours waiting for long.
const LONGEST: i64 = 300;
/// Hosts remembered.
const MOST: usize = 10_000;

/// Which hosts fail.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Failing>>);

#[derive(Debug)]
struct Failing {
    failures: u32,
    until: DateTime<Utc>,
}

impl Hosts {
    /// When a host may be called again; None when it may now.
    pub(super) fn paused(&self, host: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(host).map(|failing| failing.until).filter(|until| *until > now)
    }

    /// A host answered sensibly.
    pub(super) fn answered(&self, host: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(host);
    }

    /// A host did not answer, or said that it is in trouble.
    pub(super) fn failed(&self, host: &str, now: DateTime<Utc>) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST {
            hosts.retain(|_, failing| failing.until > now);
        }
        let failing = hosts.entry(host.to_owned()).or_insert(Failing { failures: 0, until: now });
        failing.failures += 1;
        if failing.failures >= CHANCE {
            let seconds = FIRST << (failing.failures - CHANCE).min(16);
            failing.until = now + TimeDelta::seconds(seconds.min(LONGEST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_host_is_paused_until_it_answers() {
        let (hosts, now) = (Hosts::default(), DateTime::UNIX_EPOCH);
        hosts.failed("a", now);
        hosts.failed("a", now);
        assert_eq!(hosts.paused("a", now), None);
        hosts.failed("a", now);
        assert_eq!(hosts.paused("a", now), Some(now + TimeDelta::seconds(2)));
        assert_eq!(hosts.paused("b", now), None);
        (0..40).for_each(|_| hosts.failed("a", now));
        assert_eq!(hosts.paused("a", now), Some(now + TimeDelta::seconds(LONGEST)));
        hosts.answered("a");
        assert_eq!(hosts.paused("a", now), None);
    }
}
