//! Dates as sources write them.

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;

/// Reads a date of any of the known forms. One without a zone is in `zone`; a bare day is its
/// midnight there. None when it is no date, or no plausible one.
pub fn parse(_text: &str, _zone: Tz) -> Option<DateTime<FixedOffset>> {
    None
}

/// Finds the first date inside running text, such as `30/01/2023 - 05:30` in a byline.
pub fn find(_text: &str, _zone: Tz) -> Option<DateTime<FixedOffset>> {
    None
}
