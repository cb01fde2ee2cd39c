//! The listener: connections in bounds, a clean end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::Desk;
use super::router::Answer;

/// Limits of the server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections open at once; more wait to be accepted.
    pub connections: usize,
    /// Time for a client to send the head of a request.
    pub head_timeout: Duration,
    /// Time for connections to end after the stop.
    pub drain: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 4096, head_timeout: Duration::from_secs(10), drain: Duration::from_secs(10) }
    }
}

/// Serves until stopped, then lets answers under way end.
pub async fn run(listener: TcpListener, desk: Arc<Desk>, options: Options, stop: CancellationToken) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(options.head_timeout).pipeline_flush(true);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64).keep_alive_interval(Duration::from_secs(30));
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(options.connections));
    let tracker = tokio_util::task::TaskTracker::new();
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(problem) => {
                // Out of descriptors or a client that left: neither ends the service.
                warn!(error = %problem, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let desk = Arc::clone(&desk);
        let service = service_fn(move |request: Request<Incoming>| {
            let desk = Arc::clone(&desk);
            async move { Ok::<Answer, Infallible>(desk.answer(request, Some(peer.ip())).await) }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tracker.spawn(async move {
            if let Err(problem) = connection.await {
                debug!(error = %problem, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(options.drain, graceful.shutdown()).await.is_err() {
        warn!("some connections did not end in time and were cut");
    }
}
