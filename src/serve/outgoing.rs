//! An answer of HTTP/1.1 on its way out (RFC 9112): its head as bytes, then its body.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use hyper::header;
use tokio::net::TcpStream;

use super::body::Memory;
use super::conditional::http_date;
use super::router::Ready;
use super::twin::Twin;

/// What is left to be sent of an answer.
#[derive(Debug)]
pub(super) struct Outgoing {
    head: Vec<u8>,
    body: Memory,
    sent: usize,
}

impl Outgoing {
    /// An answer of this moment, whose head is written into `space`.
    pub(super) fn new(answer: Ready, now: DateTime<Utc>, mut space: Vec<u8>) -> Self {
        write_head(&answer, now, &mut space);
        Self { head: space, body: answer.into_body(), sent: 0 }
    }

    /// The space of the head, for the next answer's.
    pub(super) fn into_space(self) -> Vec<u8> {
        let mut space = self.head;
        space.clear();
        space
    }

    /// Sends what the connection takes now; whether that was all.
    pub(super) fn send(&mut self, stream: &TcpStream) -> io::Result<bool> {
        while self.sent < self.head.len() + self.body.bytes.len() {
            match self.send_some(stream) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(sent) => self.sent += sent,
                Err(problem) if problem.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(true)
    }

    /// Sends all of it; fails where the connection takes nothing for so long.
    pub(super) async fn send_all(&mut self, stream: &TcpStream, limit: Duration) -> io::Result<()> {
        while !self.send(stream)? {
            tokio::time::timeout(limit, stream.writable()).await??;
        }
        Ok(())
    }

    fn send_some(&self, stream: &TcpStream) -> io::Result<usize> {
        let head = self.head.get(self.sent..).unwrap_or_default();
        let after = self.sent.saturating_sub(self.head.len());
        let body = self.body.bytes.get(after..).unwrap_or_default();
        match &self.body.twin {
            Some(_) if !head.is_empty() => Twin::send_head(stream, head),
            Some(twin) => twin.send(stream, after),
            None if head.is_empty() => stream.try_write(body),
            None if body.is_empty() => stream.try_write(head),
            None => stream.try_write_vectored(&[IoSlice::new(head), IoSlice::new(body)]),
        }
    }
}

fn write_head(answer: &Ready, now: DateTime<Utc>, out: &mut Vec<u8>) {
    let status = answer.status();
    let mut line = |parts: &[&[u8]]| parts.iter().for_each(|part| out.extend_from_slice(part));
    line(&[b"HTTP/1.1 ", status.as_str().as_bytes(), b" ", status.canonical_reason().unwrap_or("").as_bytes()]);
    for (name, value) in answer.headers() {
        line(&[b"\r\n", name.as_str().as_bytes(), b": ", value.as_bytes()]);
    }
    // A 304 has no body, and must not say that the document had none (RFC 9110 s.8.6).
    if status != StatusCode::NOT_MODIFIED && !answer.headers().contains_key(header::CONTENT_LENGTH) {
        line(&[b"\r\ncontent-length: ", answer.body().bytes.len().to_string().as_bytes()]);
    }
    with_date(now, |date| line(&[b"\r\ndate: ", date.as_bytes(), b"\r\n\r\n"]));
}

/// A moment as HTTP writes it: made once a second.
fn with_date<T>(now: DateTime<Utc>, say: impl FnOnce(&str) -> T) -> T {
    thread_local!(static DATE: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) });
    DATE.with_borrow_mut(|(second, text)| {
        if *second != now.timestamp() {
            (*second, *text) = (now.timestamp(), http_date(now));
        }
        say(text)
    })
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::serve::conditional::Coding;
    use crate::serve::twin::Twins;

    async fn connection() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let far = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (listener.accept().await.unwrap().0, far)
    }

    fn body(seed: usize, length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * at + at / 251 + seed) as u8).collect()
    }

    #[tokio::test]
    async fn what_arrives_is_what_was_sent_with_and_without_a_twin() {
        let (near, mut far) = connection().await;
        // More than a connection takes at once, as much with a twin, a little with one, and a small one.
        let bodies =
            [(body(1, 9_000_000), false), (body(2, 9_000_000), true), (body(3, 40_000), true), (body(4, 9), false)];
        let expected: Vec<u8> = bodies.iter().flat_map(|(body, _)| body.clone()).collect();
        let sending = tokio::spawn(async move {
            let mut space = Vec::new();
            for (body, has_twin) in bodies {
                let mut memory = Memory::from(body);
                memory.twin = has_twin.then(|| Twins::default().of(Coding::Identity, &memory.bytes)).flatten();
                let mut outgoing = Outgoing::new(Ready::new(memory), DateTime::UNIX_EPOCH, space);
                outgoing.send_all(&near, Duration::from_secs(10)).await.unwrap();
                space = outgoing.into_space();
            }
        });
        let mut got = Vec::new();
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.unwrap();
        sending.await.unwrap();
        let mut rest = all.as_slice();
        while let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&rest[..end]).unwrap();
            let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
            let (body, after) = rest[end + 4..].split_at(length.parse().unwrap());
            got.extend_from_slice(body);
            rest = after;
        }
        assert!(got == expected);
    }

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let (near, mut far) = connection().await;
        let mut outgoing = Outgoing::new(Ready::new(body(1, 20_000_000).into()), DateTime::UNIX_EPOCH, Vec::new());
        let outcome = outgoing.send_all(&near, Duration::from_millis(50)).await;
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
        far.write_all(b"still here").await.unwrap();
    }

    #[test]
    fn a_head_says_how_long_the_body_is_where_there_may_be_one() {
        let head = |answer: &Ready| {
            let mut out = Vec::new();
            write_head(answer, DateTime::UNIX_EPOCH, &mut out);
            String::from_utf8(out).unwrap()
        };
        let mut answer = Ready::new(Memory::from("12345"));
        answer.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"a\""));
        let whole = head(&answer);
        assert!(
            whole.starts_with(
                "HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: 5\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n"
            ),
            "{whole}"
        );
        // As for HEAD, where the length is of what GET would give.
        *answer.body_mut() = Memory::default();
        answer.headers_mut().insert(header::CONTENT_LENGTH, 5.into());
        assert_eq!(head(&answer).matches("content-length: 5").count(), 1);
        answer.headers_mut().remove(header::CONTENT_LENGTH);
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        assert!(head(&answer).starts_with("HTTP/1.1 304 Not Modified\r\n"));
        assert!(!head(&answer).contains("content-length"));
    }
}
