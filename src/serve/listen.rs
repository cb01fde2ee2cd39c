//! Where it is listened: an address and port, or a Unix socket.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, UnixListener, UnixStream};

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// An address and port.
    Tcp(SocketAddr),
    /// A socket in the file system, for a proxy on the same machine.
    Unix(PathBuf),
}

impl std::fmt::Display for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// An open door.
#[derive(Debug)]
pub struct Listener(Door);

#[derive(Debug)]
enum Door {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

/// A connection as it was accepted, and its address on the network. It belongs to no thread yet.
pub(super) enum Accepted {
    Tcp(std::net::TcpStream, IpAddr),
    Unix(std::os::unix::net::UnixStream),
}

impl Listener {
    /// Opens the door. A socket that a dead process left behind is taken over.
    pub async fn open(at: &Listen) -> io::Result<Self> {
        Ok(Self(match at {
            Listen::Tcp(address) => Door::Tcp(TcpListener::bind(address).await?),
            Listen::Unix(path) => Door::Unix(unix(path).await?, path.clone()),
        }))
    }

    /// Where it is, with the port that the system chose.
    pub fn at(&self) -> io::Result<Listen> {
        Ok(match &self.0 {
            Door::Tcp(listener) => Listen::Tcp(listener.local_addr()?),
            Door::Unix(_, path) => Listen::Unix(path.clone()),
        })
    }

    pub(super) async fn accept(&self) -> io::Result<Accepted> {
        match &self.0 {
            Door::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are written whole: waiting for more to send would only delay them.
                let _ = stream.set_nodelay(true);
                Ok(Accepted::Tcp(stream.into_std()?, peer.ip()))
            }
            Door::Unix(listener, _) => Ok(Accepted::Unix(listener.accept().await?.0.into_std()?)),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Door::Unix(_, path) = &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn unix(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(problem) if problem.kind() == io::ErrorKind::AddrInUse => {
            use std::os::unix::fs::FileTypeExt as _;
            let is_socket = std::fs::symlink_metadata(path)?.file_type().is_socket();
            if !is_socket || UnixStream::connect(path).await.is_ok() {
                return Err(problem);
            }
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        outcome => outcome,
    }
}
