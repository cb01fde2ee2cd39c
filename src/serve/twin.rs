//! Large answers without a copy: a document lies in an anonymous file too, from which the kernel sends it
//! as it sends any file.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use hyper::body::Bytes;
use tokio::io::Interest;
use tokio::net::TcpStream;

use super::conditional::Coding;

/// Smaller bodies are copied, which costs less than one more call of the system.
const LARGE: usize = 16 * 1024;
/// Twins at once: each is an open file, and has its bytes in memory a second time.
const MOST: usize = 64;

/// Bytes that lie in an anonymous file as well.
#[derive(Debug, Clone)]
pub(super) struct Twin(Arc<Anonymous>);

#[derive(Debug)]
struct Anonymous {
    file: OwnedFd,
    length: usize,
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
        Some(Self(Arc::new(Anonymous { file, length: bytes.len(), _one: one })))
    }

    /// Has the system send what comes after so many bytes, as far as the connection takes it now.
    pub(super) fn send(&self, stream: &TcpStream, after: usize) -> io::Result<usize> {
        let left = self.0.length.saturating_sub(after);
        stream.try_io(Interest::WRITABLE, || system::send_file(stream, &self.0.file, after as u64, left))
    }

    /// Sends what comes before the bytes, so that it leaves together with their beginning.
    pub(super) fn send_head(stream: &TcpStream, head: &[u8]) -> io::Result<usize> {
        stream.try_io(Interest::WRITABLE, || system::send_head(stream, head))
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

#[cfg(target_os = "linux")]
mod system {
    use super::{OwnedFd, TcpStream, io};
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
    pub(super) fn send_head(stream: &TcpStream, head: &[u8]) -> io::Result<usize> {
        Ok(send(stream, head, SendFlags::MORE | SendFlags::NOSIGNAL)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{OwnedFd, TcpStream, io};

    pub(super) fn file(_: &[u8]) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn send_file(_: &TcpStream, _: &OwnedFd, _: u64, _: usize) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn send_head(_: &TcpStream, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_large_has_one() {
        let bytes = Bytes::from(vec![b'a'; LARGE]);
        assert_eq!(Twin::new(&bytes).is_some(), cfg!(target_os = "linux"));
        assert!(Twin::new(&bytes.slice(1..)).is_none());
    }

    #[test]
    fn there_are_so_many_and_no_more() {
        let some: Vec<_> = (0..3).filter_map(|_| One::of(MOST)).collect();
        let have = TWINS.load(Ordering::Relaxed);
        assert!(have >= some.len() && One::of(some.len()).is_none());
    }
}
