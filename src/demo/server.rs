//! A plain HTTP server for one site of the newsroom.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::picture;

/// What a site serves, by path.
pub(super) type Shelf = BTreeMap<String, Document>;

/// One thing to serve.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) kind: &'static str,
    pub(super) body: Body,
    /// How long the site takes to answer.
    pub(super) delay: Duration,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Text(String),
    /// The picture that is drawn for this caption.
    Picture(String),
}

impl Document {
    pub(super) fn new(kind: &'static str, body: Body) -> Self {
        Self { kind, body, delay: Duration::ZERO }
    }

    async fn bytes(&self) -> std::io::Result<Bytes> {
        match &self.body {
            Body::Text(text) => Ok(Bytes::from(text.clone())),
            Body::Picture(caption) => {
                let caption = caption.clone();
                let drawn = tokio::task::spawn_blocking(move || picture::png(&caption)).await;
                drawn.map_err(std::io::Error::other)?.map(Bytes::from)
            }
        }
    }

    /// The same for the same contents.
    fn etag(&self) -> String {
        let text = match &self.body {
            Body::Text(text) | Body::Picture(text) => text,
        };
        let sum = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("\"{sum:016x}\"")
    }
}

/// Serves a site until stopped.
pub(super) fn serve(listener: TcpListener, shelf: Shelf, stop: CancellationToken) {
    let shelf = Arc::new(shelf);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(stop.clone().run_until_cancelled_owned(converse(stream, Arc::clone(&shelf))));
                }
                // Out of descriptors; a moment later there may be some again.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    });
}

async fn converse(stream: TcpStream, shelf: Arc<Shelf>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let shelf = Arc::clone(&shelf);
        async move { Ok::<_, Infallible>(answer(&shelf, request.method(), request.uri().path(), request.headers()).await) }
    });
    // A visitor who leaves early is no fault of the site.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(shelf: &Shelf, method: &Method, path: &str, headers: &HeaderMap) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    }
    let Some(document) = shelf.get(path) else {
        return plain(StatusCode::NOT_FOUND, "there is nothing here\n");
    };
    tokio::time::sleep(document.delay).await;
    let etag = document.etag();
    let seen = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes());
    let bytes = match document.bytes().await {
        _ if seen => Bytes::new(),
        Ok(bytes) => bytes,
        Err(_) => return plain(StatusCode::INTERNAL_SERVER_ERROR, "the picture could not be drawn\n"),
    };
    let mut response = Response::new(Full::new(bytes));
    if seen {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(document.kind));
    headers.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
