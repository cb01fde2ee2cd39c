//! How fast content goes out in all: a change of a large feed with many subscribers must leave room for readers.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What may go out at once after silence, as time at the full rate.
const BURST: Duration = Duration::from_secs(1);
/// Whoever would wait longer comes again, since a telling has an end.
const PATIENCE: Duration = Duration::from_secs(15);

/// Gives each sending its turn.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<Option<Instant>>);

/// When something may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// After this wait; its place is kept.
    After(Duration),
    /// It is to ask again after this time.
    AskAgain(Duration),
}

impl Pace {
    /// The turn of so many bytes at so many a second.
    pub(super) fn turn(&self, bytes: usize, rate: u64, now: Instant) -> Turn {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(BURST).unwrap_or(now);
        let start = free.map_or(earliest, |free| free.max(earliest));
        let wait = start.saturating_duration_since(now);
        if wait > PATIENCE {
            return Turn::AskAgain(wait);
        }
        *free = Some(start + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64));
        Turn::After(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_goes_out_than_the_rate_after_a_second_s_worth() {
        let (pace, now) = (Pace::default(), Instant::now() + Duration::from_secs(60));
        let second = Duration::from_secs(1);
        // A second's worth at once, the rest one after the other.
        assert_eq!(pace.turn(1000, 1000, now), Turn::After(Duration::ZERO));
        assert_eq!(pace.turn(2000, 1000, now), Turn::After(Duration::ZERO));
        assert_eq!(pace.turn(1000, 1000, now), Turn::After(second * 2));
        assert_eq!(pace.turn(14_000, 1000, now + second), Turn::After(second * 2));
        assert_eq!(pace.turn(1, 1000, now + second), Turn::AskAgain(second * 16));
        // Silence does not add up.
        assert_eq!(pace.turn(1000, 1000, now + second * 1000), Turn::After(Duration::ZERO));
        assert_eq!(pace.turn(1000, 1000, now + second * 1000), Turn::After(Duration::ZERO));
        assert_eq!(pace.turn(1000, 1000, now + second * 1000), Turn::After(second));
    }
}
