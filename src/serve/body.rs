//! Bodies of answers: bytes in memory, or a part of a file, read as the client takes it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use super::twin::Twin;

/// Read at once.
const PIECE: usize = 64 * 1024;

/// Bytes in memory.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) bytes: Bytes,
    /// The file that they lie in as well, where the system is to send them from there.
    pub(super) twin: Option<Twin>,
}

impl<B: Into<Bytes>> From<B> for Memory {
    fn from(bytes: B) -> Self {
        Self { bytes: bytes.into(), twin: None }
    }
}

/// The next `left` bytes of a file.
#[derive(Debug)]
pub(super) struct FilePart {
    file: File,
    left: u64,
}

impl FilePart {
    pub(super) fn new(file: File, length: u64) -> Self {
        Self { file, left: length }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut piece = vec![0; usize::try_from(self.left).unwrap_or(PIECE).min(PIECE)];
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut self.file).poll_read(cx, &mut buffer))?;
        let read = buffer.filled().len();
        if read == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.left -= read as u64;
        piece.truncate(read);
        Poll::Ready(Ok(piece.into()))
    }
}

/// The body of any answer.
#[derive(Debug)]
pub(super) enum AnswerBody {
    Bytes(Bytes),
    File(FilePart),
}

impl Default for AnswerBody {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl From<Memory> for AnswerBody {
    fn from(body: Memory) -> Self {
        Self::Bytes(body.bytes)
    }
}

/// A body that knows its length; the default has none.
pub(super) trait Length: Default {
    /// Bytes that are left to be sent.
    fn length(&self) -> u64;
}

impl Length for Memory {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl Length for AnswerBody {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(part) => part.left,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.length() == 0 {
            return Poll::Ready(None);
        }
        let piece = match &mut *self {
            Self::Bytes(bytes) => Ok(std::mem::take(bytes)),
            Self::File(part) => ready!(part.poll_piece(cx)),
        };
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.length() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length())
    }
}
