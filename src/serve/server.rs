//! The server: connections in bounds, a clean end.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Either, ready};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::Desk;
use super::clients::{Connections, Peer, Place};
use super::fast_path::{self, Begun};
use super::listen::{Accepted, Listener};
use super::router::Answer;
use super::stall::{Stall, Wait};
use super::tls::Certificate;
use super::workers::Workers;

/// Time for connections to end after the stop.
const DRAIN: Duration = Duration::from_secs(10);
/// Requests under way at once on one connection of HTTP/2.
const STREAMS: u32 = 64;
/// Bytes of answers that wait on one stream of HTTP/2 for its client to take them.
const WAITING: usize = 64 * 1024;
/// The largest head of a request, in bytes.
const HEAD: usize = 32 * 1024;
/// How often a silent connection of HTTP/2 is asked whether it lives, and how long it has to say so.
const PING: Duration = Duration::from_secs(30);

/// Limits of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Connections open at once; more wait to be accepted.
    pub connections: usize,
    /// Connections of one client open at once; more are closed.
    pub per_address: usize,
    /// Requests of one client a second, on average; ten times as many may come at once.
    pub per_second: f64,
    /// Time for a client to send the head of a request, counted from the end of the last answer, and to
    /// take any part of an answer.
    pub timeout: Duration,
    /// Proxies that may name the client of a request, and to whom limits for clients do not apply.
    pub trusted: Vec<IpNet>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 4096,
            per_address: 256,
            per_second: 50.0,
            timeout: Duration::from_secs(30),
            trusted: Vec::new(),
        }
    }
}

/// What all connections share.
struct Server {
    builder: Builder<TokioExecutor>,
    desk: Arc<Desk>,
    options: Options,
}

/// Serves until stopped, then lets answers under way end.
pub async fn run(
    listener: Listener,
    certificate: Option<Arc<Certificate>>,
    desk: Arc<Desk>,
    options: Options,
    stop: CancellationToken,
) {
    let slots = Arc::new(Semaphore::new(options.connections));
    let connections = Connections::default();
    let server = Arc::new(Server { builder: builder(), desk, options });
    let mut workers = Workers::start();
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let accepted = match accepted {
            Ok(accepted) => accepted,
            Err(problem) => {
                // Out of descriptors or a client that left: neither ends the service.
                warn!(error = %problem, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let address = match &accepted {
            Accepted::Tcp(_, address) => Some(*address),
            Accepted::Unix(_) => None,
        };
        let peer = Peer::new(address, &server.options.trusted);
        let Some(place) = connections.place(peer, server.options.per_address) else {
            debug!(?address, "a client has too many connections");
            continue;
        };
        let (server, certificate) = (Arc::clone(&server), certificate.clone());
        workers.spawn(|stop| async move {
            if let Err(problem) = server.connection(accepted, peer, certificate, stop).await {
                warn!(error = %problem, "a connection could not be served");
            }
            drop::<(_, Place)>((slot, place));
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, workers.drain()).await.is_err() {
        warn!("some connections did not end in time and were cut");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // How long a client may take is watched by `Stall`, with one timer a connection and not one a request.
    builder.http1().header_read_timeout(None).max_buf_size(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_send_buf_size(WAITING)
        .max_header_list_size(HEAD as u32)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    builder
}

/// What the requests of one connection share.
struct Talk {
    server: Arc<Server>,
    peer: Peer,
    wait: Arc<Wait>,
    /// Whether the next request was counted already.
    is_counted: AtomicBool,
}

impl Talk {
    /// The answer to a request where nothing has to be waited for.
    fn at_once(&self, head: &Parts, client: Option<IpAddr>) -> Option<Answer> {
        let desk = &self.server.desk;
        let refusal = if self.is_counted.swap(false, Ordering::Relaxed) { None } else { desk.refuses(head, client) };
        refusal.or_else(|| desk.at_once(head, client, false)).map(|answer| answer.map(From::from))
    }

    /// An answer that goes out now.
    fn given(&self, version: Version, answer: Answer) -> Answer {
        // Several requests are under way on a connection of HTTP/2, which hyper asks whether it lives.
        if version < Version::HTTP_2 {
            self.wait.answered();
        }
        answer
    }
}

impl Server {
    async fn connection(
        self: Arc<Self>,
        accepted: Accepted,
        peer: Peer,
        certificate: Option<Arc<Certificate>>,
        stop: CancellationToken,
    ) -> io::Result<()> {
        // Plain requests need little room; what takes more is made when it is needed.
        match (accepted, certificate) {
            (Accepted::Unix(stream), _) => {
                self.talk(UnixStream::from_std(stream)?, Begun::nothing(), peer, stop).boxed().await;
            }
            (Accepted::Tcp(stream, _), Some(certificate)) => {
                self.talk_in_secret(TcpStream::from_std(stream)?, certificate, peer, stop).boxed().await;
            }
            (Accepted::Tcp(stream, _), None) => {
                let mut stream = TcpStream::from_std(stream)?;
                let begun = fast_path::answer(&mut stream, peer, &self.desk, &self.options, stop.clone()).await;
                if let Some(begun) = begun {
                    self.talk(stream, begun, peer, stop).boxed().await;
                }
            }
        }
        Ok(())
    }

    async fn talk_in_secret(
        self: Arc<Self>,
        stream: TcpStream,
        certificate: Arc<Certificate>,
        peer: Peer,
        stop: CancellationToken,
    ) {
        match tokio::time::timeout(self.options.timeout, certificate.acceptor().accept(stream)).await {
            Ok(Ok(stream)) => self.talk(stream, Begun::nothing(), peer, stop).await,
            Ok(Err(problem)) => debug!(error = %problem, "no secure connection came about"),
            Err(_) => debug!("a client took too long to make a secure connection"),
        }
    }

    async fn talk<S>(self: Arc<Self>, stream: S, begun: Begun, peer: Peer, stop: CancellationToken)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let wait = Wait::new(begun.since);
        let stream = Stall::new(stream, begun.bytes, self.options.timeout, Arc::clone(&wait));
        let builder = self.builder.clone();
        // One count, which no other connection touches, and not one a thing and request.
        let talk = Arc::new(Talk { server: self, peer, wait, is_counted: begun.is_counted.into() });
        let service = service_fn(move |request: Request<Incoming>| {
            talk.wait.end();
            let (head, body) = request.into_parts();
            let client = talk.peer.client(&head.headers, &talk.server.options.trusted);
            // A connection has room for one that waits only where there is something to wait for.
            if let Some(answer) = talk.at_once(&head, client) {
                return Either::Left(ready(Ok::<_, Infallible>(talk.given(head.version, answer))));
            }
            let talk = Arc::clone(&talk);
            let answer = async move {
                let answer = talk.server.desk.answer(&head, body, client).await;
                Ok(talk.given(head.version, answer))
            };
            Either::Right(answer.boxed())
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(problem) = outcome {
            debug!(error = %problem, "a connection ended early");
        }
    }
}
