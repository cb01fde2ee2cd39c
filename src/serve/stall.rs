//! A connection whose other end must ask and take within bounds: a client that does not send the head of
//! its next request in time, or takes nothing for too long, loses it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// Since when a connection waits for the head of a request.
#[derive(Debug)]
pub(super) struct Wait {
    start: Instant,
    /// Milliseconds after the start; [`NOBODY`] and [`NOBODY_YET`] while a request is answered.
    since: AtomicU64,
}

/// Nothing is waited for.
const NOBODY: u64 = u64::MAX;
/// Nothing either, until the answer goes out.
const NOBODY_YET: u64 = u64::MAX - 1;

impl Wait {
    /// A connection that has waited since then.
    pub(super) fn new(start: Instant) -> Arc<Self> {
        Arc::new(Self { start, since: AtomicU64::new(0) })
    }

    /// A request came.
    pub(super) fn end(&self) {
        self.since.store(NOBODY, Ordering::Relaxed);
    }

    /// A request was answered: when that goes out the next one is waited for.
    pub(super) fn answered(&self) {
        self.since.store(NOBODY_YET, Ordering::Relaxed);
    }

    /// From here on a request is waited for.
    fn begin(&self) {
        self.since.store(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// What is still being taken counts for who is waited for.
    fn renew(&self) {
        if self.since.load(Ordering::Relaxed) != NOBODY {
            self.begin();
        }
    }

    fn since(&self) -> Option<Instant> {
        let since = self.since.load(Ordering::Relaxed);
        (since < NOBODY_YET).then(|| self.start + Duration::from_millis(since))
    }
}

/// A connection that fails when its other end is too slow.
#[derive(Debug)]
pub(super) struct Stall<T> {
    inner: T,
    /// What was read before.
    begun: Bytes,
    limit: Duration,
    wait: Arc<Wait>,
    /// Looks at the wait when it could be over: one timer for all requests of the connection.
    next_look: Pin<Box<Sleep>>,
    /// Made at the first stall: most connections have none.
    timer: Option<Pin<Box<Sleep>>>,
    stalled: bool,
}

impl<T: AsyncWrite + Unpin> Stall<T> {
    /// A connection from which the bytes that are `begun` were read before.
    pub(super) fn new(inner: T, begun: Bytes, limit: Duration, wait: Arc<Wait>) -> Self {
        let next_look = Box::pin(tokio::time::sleep_until(wait.start + limit));
        Self { inner, begun, limit, wait, next_look, timer: None, stalled: false }
    }

    /// Whether the head of a request was waited for too long.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        while self.next_look.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let end = self.wait.since().unwrap_or(now) + self.limit;
            if end <= now {
                return true;
            }
            self.next_look.as_mut().reset(end);
        }
        false
    }

    fn watch<R>(&mut self, outcome: Poll<io::Result<R>>, cx: &mut Context<'_>) -> Poll<io::Result<R>> {
        if outcome.is_ready() {
            self.stalled = false;
            return outcome;
        }
        let deadline = Instant::now() + self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if !self.stalled {
            self.stalled = true;
            timer.as_mut().reset(deadline);
        }
        match timer.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing"))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stall<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.begun.is_empty() {
            let length = self.begun.len().min(buf.remaining());
            buf.put_slice(&self.begun.split_to(length));
            return Poll::Ready(Ok(()));
        }
        match Pin::new(&mut self.inner).poll_read(cx, buf) {
            Poll::Pending if self.is_over(cx) => {
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client asks for nothing")))
            }
            outcome => outcome,
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Stall<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(cx, buf);
        if outcome.is_ready() {
            self.wait.renew();
        }
        self.watch(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        if outcome.is_ready() {
            self.wait.renew();
        }
        self.watch(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(cx);
        self.watch(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watch(outcome, cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn who_takes_nothing_loses_the_connection() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut near = Stall::new(near, Bytes::new(), Duration::from_millis(50), Wait::new(Instant::now()));
        near.write_all(&[0; 16]).await.unwrap();
        let mut taken = [0; 16];
        far.read_exact(&mut taken).await.unwrap();
        near.write_all(&[0; 16]).await.unwrap();
        assert_eq!(near.write_all(&[0; 1]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
    #[tokio::test]
    async fn who_does_not_ask_in_time_loses_the_connection() {
        let limit = Duration::from_millis(50);
        let (near, mut far) = tokio::io::duplex(16);
        let wait = Wait::new(Instant::now());
        let mut near = Stall::new(near, Bytes::from_static(b"begun"), limit, Arc::clone(&wait));
        let mut begun = [0; 5];
        near.read_exact(&mut begun).await.unwrap();
        assert_eq!(&begun, b"begun");
        // While it is answered, a client need not say anything.
        wait.end();
        assert!(tokio::time::timeout(limit * 4, near.read_u8()).await.is_err());
        wait.begin();
        // A byte now and then is not enough.
        let drip = tokio::spawn(async move {
            while far.write_all(&[1]).await.is_ok() {
                tokio::time::sleep(limit / 5).await;
            }
        });
        let refused = loop {
            if let Err(problem) = near.read_u8().await {
                break problem;
            }
        };
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        drop(near);
        drip.await.unwrap();
    }
}
