//! One visit to a source, and when to make the next. The only room that knows all the steps of the
//! way in: fetch, parse, extract, clean, dedup, store.

mod articles;
mod error;
mod jpeg;
mod lease;
mod look;
mod mirror;
mod pictures;
mod recheck;
mod runner;
mod schedule;
mod visit;

pub use articles::{with_another_version, with_its_pages};
pub use error::VisitError;
pub use jpeg::{ConfinedError, JpegError, avif_to_jpeg};
pub use lease::kept;
pub use mirror::{FetchedAgain, Mirror};
pub use runner::{Plan, Runner};
pub use schedule::{Hints, next_visit};
pub use visit::{Limits, Preview, Visit, Visitor};
