//! Large answers without a copy: a document lies in an anonymous file too, from which the kernel sends it
//! as it sends any file.

use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::conditional::Coding;

/// Smaller bodies are copied, which costs less than one more call of the system.
const LARGE: usize = 32 * 1024;
/// Twins at once: each is an open file, and has its bytes in memory a second time.
const MOST: usize = 64;

/// Bytes that lie in an anonymous file as well.
#[derive(Debug, Clone)]
pub(super) struct Twin(Arc<Pair>);

#[derive(Debug)]
struct Pair {
    bytes: Bytes,
    file: OwnedFd,
    _one: One,
}

impl Twin {
    fn new(bytes: &Bytes) -> Option<Self> {
        if bytes.len() < LARGE {
            return None;
        }
        let one = One::of(MOST)?;
        // Where the system gives no such file, bytes are copied as ever.
        let file = system::file(bytes).ok()?;
        Some(Self(Arc::new(Pair { bytes: bytes.clone(), file, _one: one })))
    }

    /// Where a slice of the bytes lies in the file; None for any other slice.
    fn place(&self, slice: &[u8]) -> Option<u64> {
        let (bytes, slice) = (self.0.bytes.as_ptr_range(), slice.as_ptr_range());
        let lies_within = bytes.start <= slice.start && slice.end <= bytes.end;
        lies_within.then(|| (slice.start as usize - bytes.start as usize) as u64)
    }
}

/// Counts the twins that there are.
#[derive(Debug)]
struct One;

static TWINS: AtomicUsize = AtomicUsize::new(0);

impl One {
    /// One more, when there are fewer than that.
    fn of(most: usize) -> Option<Self> {
        let one_more = |twins| (twins < most).then_some(twins + 1);
        TWINS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok().map(|_| Self)
    }
}

impl Drop for One {
    fn drop(&mut self) {
        TWINS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The twins of a document's codings, each made when a request could first use it.
#[derive(Debug, Clone, Default)]
pub struct Twins([OnceLock<Option<Twin>>; 4]);

impl Twins {
    /// The twin of a body; None when it is to be copied.
    pub(super) fn of(&self, coding: Coding, bytes: &Bytes) -> Option<Twin> {
        coding.of(&self.0).get_or_init(|| Twin::new(bytes)).clone()
    }
}

/// What is handed to a connection to be sent: the twin of the answer's body.
#[derive(Debug, Clone, Default)]
pub(super) struct Tray(Arc<Mutex<Option<Twin>>>);

impl Tray {
    pub(super) fn put(&self, twin: Option<Twin>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = twin;
    }
}

/// A connection that sends bytes from their twin's file, where they have one.
#[derive(Debug)]
pub(super) struct Sender {
    stream: TcpStream,
    tray: Tray,
}

impl Sender {
    pub(super) fn new(stream: TcpStream, tray: Tray) -> Self {
        Self { stream, tray }
    }
}

/// Sends as soon as the connection takes bytes.
fn poll_send(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    send: impl Fn() -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(cx))?;
        match stream.try_io(Interest::WRITABLE, &send) {
            Err(problem) if problem.kind() == io::ErrorKind::WouldBlock => {}
            outcome => return Poll::Ready(outcome),
        }
    }
}

impl AsyncWrite for Sender {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, tray } = self.get_mut();
        let mut twin = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = |slice: &[u8]| twin.as_ref().and_then(|twin| twin.place(slice));
        match bufs {
            [body, ..]
                if let Some(Twin(pair)) = &*twin
                    && let Some(at) = place(body) =>
            {
                let sent = ready!(poll_send(stream, cx, || system::send_file(stream, &pair.file, at, body.len())));
                // A connection that says nothing more keeps no old document.
                if sent.as_ref().is_ok_and(|sent| *sent == body.len()) {
                    *twin = None;
                }
                Poll::Ready(sent)
            }
            [head, body, ..] if place(body).is_some() => poll_send(stream, cx, || system::send_head(stream, head)),
            _ => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncRead for Sender {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use super::{IoSlice, OwnedFd, TcpStream, io};
    use rustix::fs::{MemfdFlags, memfd_create, sendfile};
    use rustix::net::{SendFlags, send};

    pub(super) fn file(bytes: &[u8]) -> io::Result<OwnedFd> {
        use std::io::Write as _;
        let mut file = std::fs::File::from(memfd_create("newsriver", MemfdFlags::CLOEXEC)?);
        file.write_all(bytes)?;
        Ok(file.into())
    }

    pub(super) fn send_file(stream: &TcpStream, file: &OwnedFd, mut at: u64, length: usize) -> io::Result<usize> {
        Ok(sendfile(stream, file, Some(&mut at), length)?)
    }

    /// Sends what comes before a file, which leaves together with its beginning.
    pub(super) fn send_head(stream: &TcpStream, head: &IoSlice<'_>) -> io::Result<usize> {
        Ok(send(stream, head, SendFlags::MORE | SendFlags::NOSIGNAL)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{IoSlice, OwnedFd, TcpStream, io};

    pub(super) fn file(_: &[u8]) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn send_file(_: &TcpStream, _: &OwnedFd, _: u64, _: usize) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn send_head(_: &TcpStream, _: &IoSlice<'_>) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn body(seed: usize, length: usize) -> Bytes {
        (0..length).map(|at| (at * at + at / 251 + seed) as u8).collect::<Vec<_>>().into()
    }

    /// Sends a head and a body as hyper does: all that is left, until all is taken.
    async fn send(sender: &mut Sender, head: &[u8], body: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        while sent < head.len() + body.len() {
            let (head, body) = (&head[sent.min(head.len())..], &body[sent.saturating_sub(head.len())..]);
            let left: Vec<_> = [head, body].into_iter().filter(|part| !part.is_empty()).map(IoSlice::new).collect();
            sent += sender.write_vectored(&left).await?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn what_arrives_is_what_was_sent_with_and_without_a_twin() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let tray = Tray::default();
        let mut sender = Sender::new(listener.accept().await.unwrap().0, tray.clone());
        // More than a connection takes at once, less, a body whose twin is another's, and a small one.
        let bodies = [body(1, 9_000_000), body(2, 40_000), body(3, 40_000), body(4, 100)];
        let twins = [Twin::new(&bodies[0]), Twin::new(&bodies[1]), Twin::new(&bodies[1]), Twin::new(&bodies[3])];
        assert!(twins[3].is_none());
        let expected: Vec<u8> = bodies.iter().flat_map(|body| [b"head:", &body[..]].concat()).collect();
        let sending = tokio::spawn(async move {
            for (body, twin) in bodies.into_iter().zip(twins) {
                tray.put(twin);
                send(&mut sender, b"head:", &body).await.unwrap();
            }
            tray
        });
        let mut got = Vec::new();
        let mut piece = vec![0; 300_000];
        while got.len() < expected.len() {
            let read = client.read(&mut piece).await.unwrap();
            assert_ne!(read, 0);
            got.extend_from_slice(&piece[..read]);
            tokio::task::yield_now().await;
        }
        assert!(got == expected);
        assert!(sending.await.unwrap().0.lock().unwrap().is_none());
    }

    #[test]
    fn only_slices_of_the_same_bytes_have_a_place() {
        let bytes = body(1, LARGE);
        // Not on Linux, where there is always one.
        let Some(twin) = Twin::new(&bytes) else { return };
        assert_eq!(twin.place(&bytes), Some(0));
        assert_eq!(twin.place(&bytes[100..200]), Some(100));
        assert_eq!(twin.place(&body(1, LARGE)), None);
        assert!(Twin::new(&body(1, LARGE - 1)).is_none());
    }

    #[test]
    fn there_are_so_many_and_no_more() {
        let some: Vec<_> = (0..3).filter_map(|_| One::of(MOST)).collect();
        let have = TWINS.load(Ordering::Relaxed);
        assert!(have >= some.len() && One::of(some.len()).is_none());
    }
}
