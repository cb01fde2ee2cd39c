//! HTTP for readers, partners and admins. Published documents lie ready on a [`Shelf`]: a request
//! looks up and copies; it never renders, locks or waits for a source.

mod auth;
mod conditional;
mod live;
mod metrics;
mod refresh;
mod router;
mod server;
mod shelf;

pub use live::{Live, health};
pub use metrics::Metrics;
pub use refresh::{Outlets, RefreshError, Refresher, Timetable, Touched};
pub use router::Desk;
pub use server::{Options, run};
pub use shelf::{Access, Shelf, Shelved};
