//! The fast path: a plain request for what lies on the shelf is answered with one read and one write, in
//! buffers that all connections of a thread share. All else is hyper's, from the first byte of the first
//! request that is not plain to the end of its connection.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request};
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::clients::Peer;
use super::outgoing::Outgoing;
use super::router::Ready;
use super::{Desk, Options};

/// The largest head of a plain request, in bytes, and its header fields.
const HEAD: usize = 8 * 1024;
const FIELDS: usize = 48;

/// What was read of a request that is not plain.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) bytes: Bytes,
    /// Since when it was waited for.
    pub(super) since: Instant,
    /// Whether it was counted among its client's already.
    pub(super) is_counted: bool,
}

impl Begun {
    /// Nothing was read yet.
    pub(super) fn nothing() -> Self {
        Self { bytes: Bytes::new(), since: Instant::now(), is_counted: false }
    }
}

/// Answers plain requests until another one comes, the client leaves or lets itself be waited for too long, or the
/// service stops. None when the connection is to end.
pub(super) async fn answer(
    stream: &mut TcpStream,
    peer: Peer,
    desk: &Desk,
    options: &Options,
    stop: CancellationToken,
) -> Option<Begun> {
    let mut wait = Wait::new(options, stop);
    loop {
        let mut conversation = Conversation { stream, peer, desk, options };
        let next = std::future::poll_fn(|cx| match conversation.poll_turn(cx, &wait) {
            Poll::Pending => wait.poll_over(cx).map(|()| Next::End),
            Poll::Ready(next) => Poll::Ready(next),
        });
        match next.await {
            Next::Sent => wait.begin(),
            Next::Left(mut outgoing) => {
                outgoing.send_all(stream, options.timeout).await.ok()?;
                wait.begin();
            }
            Next::Other(begun) => return Some(begun),
            Next::End => return None,
        }
    }
}

/// What became of a request.
enum Next {
    /// It was answered.
    Sent,
    /// It was answered, but the connection takes not all of that now.
    Left(Outgoing),
    /// It is not plain.
    Other(Begun),
    /// There is none: the connection is to end.
    End,
}

/// How long a request is waited for.
struct Wait<'c> {
    options: &'c Options,
    since: Instant,
    /// Looks whether it was too long, when that could be: one timer for all requests of the connection.
    next_look: Pin<Box<Sleep>>,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<'c> Wait<'c> {
    fn new(options: &'c Options, stop: CancellationToken) -> Self {
        let since = Instant::now();
        let next_look = Box::pin(tokio::time::sleep_until(since + options.timeout));
        Self { options, since, next_look, stop: Box::pin(stop.cancelled_owned()) }
    }

    /// From here on the next request is waited for.
    fn begin(&mut self) {
        self.since = Instant::now();
    }

    /// Whether nobody waits any longer.
    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.next_look.as_mut().poll(cx).is_ready() {
            let end = self.since + self.options.timeout;
            if end <= Instant::now() {
                return Poll::Ready(());
            }
            self.next_look.as_mut().reset(end);
        }
        self.stop.as_mut().poll(cx)
    }
}

/// A connection and what its requests are answered with.
struct Conversation<'c> {
    stream: &'c mut TcpStream,
    peer: Peer,
    desk: &'c Desk,
    options: &'c Options,
}

/// Shared by all connections of a thread: what waits for its turn needs none.
struct Buffers {
    read: Box<[u8]>,
    head: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers { read: vec![0; HEAD].into(), head: Vec::new() });
}

impl Conversation<'_> {
    /// Reads a request and answers it.
    fn poll_turn(&mut self, cx: &mut Context<'_>, wait: &Wait<'_>) -> Poll<Next> {
        BUFFERS.with_borrow_mut(|Buffers { read, head }| {
            let mut read = ReadBuf::new(read);
            let outcome = ready!(Pin::new(&mut *self.stream).poll_read(cx, &mut read));
            let read = read.filled();
            if outcome.is_err() || read.is_empty() {
                return Poll::Ready(Next::End);
            }
            let begun =
                |is_counted| Next::Other(Begun { bytes: Bytes::copy_from_slice(read), since: wait.since, is_counted });
            let Some(request) = plain(read) else { return Poll::Ready(begun(false)) };
            let Some(answer) = self.answer(&request) else { return Poll::Ready(begun(true)) };
            let mut outgoing = Outgoing::new(answer, self.desk.live.clock.now(), std::mem::take(head));
            Poll::Ready(match outgoing.send(self.stream) {
                Ok(true) => {
                    *head = outgoing.into_space();
                    Next::Sent
                }
                Ok(false) => Next::Left(outgoing),
                Err(_) => Next::End,
            })
        })
    }

    /// The answer to a request, which is counted; None where something has to be waited for.
    fn answer(&self, request: &Parts) -> Option<Ready> {
        let client = self.peer.client(&request.headers, &self.options.trusted);
        self.desk.refuses(request, client).or_else(|| self.desk.at_once(request, client, true))
    }
}

/// A request that is whole, alone and without a body, and asks nothing of its connection (RFC 9112).
fn plain(bytes: &[u8]) -> Option<Parts> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    let is_whole = request.parse(bytes).is_ok_and(|read| read == httparse::Status::Complete(bytes.len()));
    if !is_whole || request.version != Some(1) {
        return None;
    }
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = match request.method? {
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        _ => return None,
    };
    parts.uri = request.path.filter(|path| path.starts_with('/'))?.parse().ok()?;
    parts.headers = HeaderMap::with_capacity(request.headers.len());
    for field in &*request.headers {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        let value = HeaderValue::from_bytes(field.value).ok()?;
        if !is_plain(&name, &value) {
            return None;
        }
        parts.headers.append(name, value);
    }
    Some(parts)
}

fn is_plain(name: &HeaderName, value: &HeaderValue) -> bool {
    match *name {
        header::CONNECTION => value.as_bytes().eq_ignore_ascii_case(b"keep-alive"),
        header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::EXPECT | header::UPGRADE => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_request_is_read() {
        let request = plain(b"GET /feeds/all.rss?token=a HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip\r\nconnection: Keep-Alive\r\nAccept-Encoding: br\r\n\r\n").unwrap();
        assert_eq!(
            (request.method, request.uri.path(), request.uri.query()),
            (Method::GET, "/feeds/all.rss", Some("token=a"))
        );
        assert_eq!(request.headers.get_all(header::ACCEPT_ENCODING).iter().count(), 2);
        assert!(plain(b"HEAD / HTTP/1.1\r\n\r\n").is_some_and(|request| request.method == Method::HEAD));
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for other in [
            "",
            "GET / HTTP/1.1\r\nHost: a.exam",
            "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n",
            "GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "POST /hub HTTP/1.1\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\n\r\n",
            "GET /\u{0} HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\n folded: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u{16}\u{3}\u{1}",
        ] {
            assert!(plain(other.as_bytes()).is_none(), "{other:?}");
        }
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(FIELDS + 1));
        assert!(plain(many.as_bytes()).is_none());
    }

    proptest! {
        /// Whatever comes: nothing breaks, and what is taken for a request is one and no more.
        #[test]
        fn a_plain_request_is_one_request(pieces in prop::collection::vec(prop_oneof![
            Just("GET / HTTP/1.1\r\n"), Just("HEAD"), Just(" /a?b "), Just("HTTP/1.1"), Just("\r\n"), Just("\n"), Just("\r\n\r\n"),
            Just("Host: x\r\n"), Just("Content-Length: 3\r\n"), Just("content-length:0\n"), Just("Transfer-Encoding: chunked\r\n"),
            Just(": "), Just(" "), Just("\u{0}"), Just("é"), Just("Connection: keep-alive\r\n"), Just("Connection: close\r\n"),
        ], 0..12), noise in prop::collection::vec(any::<u8>(), 0..4), at in any::<prop::sample::Index>()) {
            let mut bytes: Vec<u8> = pieces.concat().into_bytes();
            let place = at.index(bytes.len() + 1);
            bytes.splice(place..place, noise);
            if let Some(request) = plain(&bytes) {
                prop_assert!(!request.headers.contains_key(header::CONTENT_LENGTH));
                prop_assert!(!request.headers.contains_key(header::TRANSFER_ENCODING));
                prop_assert!((0..bytes.len()).all(|length| plain(&bytes[..length]).is_none()));
            }
        }
    }
}
