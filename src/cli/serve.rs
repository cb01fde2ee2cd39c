//! `newsriver serve`: polls and serves until stopped.

use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::app::{self, AppError};
use crate::clock::Clock;
use crate::config::Config;

/// Runs the service until a signal stops it.
pub(super) async fn run(config: Config) -> Result<(), AppError> {
    let (sources, feeds) = (config.sources.len(), config.feeds.len());
    app::serve(config, Clock::system(), CancellationToken::new(), |address| {
        info!(sources, feeds, "serving on {address}");
    })
    .await
}
