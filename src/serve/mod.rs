//! HTTP for readers, partners and admins. Published documents lie ready on a [`Shelf`]: a request
//! looks up and copies; it never renders, locks or waits for a source.

mod archives;
mod auth;
mod body;
mod clients;
mod conditional;
mod fast_path;
mod flood;
mod heads;
mod history;
mod hub;
mod jobs;
mod listen;
mod live;
mod media;
mod metrics;
mod moved;
mod outgoing;
mod pictures;
mod range;
mod refresh;
mod router;
mod server;
mod shelf;
mod stall;
mod tls;
mod topics;
mod twin;
mod workers;

pub use auth::Uses;
pub use clients::Peer;
pub use hub::{HubDesk, Intake};
pub use listen::{Listen, Listener};
pub use live::{Live, feeds, health};
pub use media::{MediaDesk, Supplier, Supply};
pub use metrics::Metrics;
pub use refresh::{Outlets, RefreshError, Refresher, Touched};
pub use router::Desk;
pub use server::{Options, run};
pub use shelf::{Access, Announced, Shelf, Shelved};
pub use tls::{Certificate, TlsError};
pub use topics::outside_hubs;
