//! Where the service is reached: listener, certificate, limits.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use super::AppError;
use crate::config::Server;
use crate::serve::{self, Certificate, Listen, Listener};

/// How often the files of the certificate are looked at.
const LOOK_AT_CERTIFICATE: Duration = Duration::from_secs(2);
/// Open files beside connections: the store, copies of pictures, visits.
const OTHER_FILES: u64 = 512;

/// An open door.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) listener: Listener,
    pub(super) certificate: Option<Arc<Certificate>>,
    pub(super) options: serve::Options,
    /// As people write it.
    pub(super) address: String,
}

/// Opens the door that the configuration describes.
pub(super) async fn open(server: &Server) -> Result<Door, AppError> {
    let certificate = match &server.tls {
        Some((chain, key)) => Some(Arc::new(Certificate::load(chain, key)?)),
        None => None,
    };
    let refused = |cause| AppError::Listen { address: server.listen.clone(), cause };
    let listener = Listener::open(&server.listen).await.map_err(refused)?;
    let address = match (listener.at().map_err(refused)?, &certificate) {
        (Listen::Tcp(address), None) => format!("http://{address}/"),
        (Listen::Tcp(address), Some(_)) => format!("https://{address}/"),
        (unix @ Listen::Unix(_), _) => unix.to_string(),
    };
    let mut options = server.options.clone();
    options.connections = options.connections.min(allowed_connections(options.connections));
    Ok(Door { listener, certificate, options, address })
}

/// As many connections as the system lets this process have, up to those wanted. The limit on open files
/// is raised as far as it may be.
fn allowed_connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let needed = wanted as u64 + OTHER_FILES;
    let have = getrlimit(Resource::Nofile);
    if have.current.is_none_or(|current| current >= needed) {
        return wanted;
    }
    let raised = have.maximum.map_or(needed, |most| most.min(needed));
    let current = match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: have.maximum }) {
        Ok(()) => raised,
        Err(_) => have.current.unwrap_or(raised),
    };
    if current < needed {
        let connections = current.saturating_sub(OTHER_FILES).max(16);
        warn!(connections, "the system allows only {current} open files, hence fewer connections than [server] wants");
        return connections as usize;
    }
    wanted
}

/// Whether a door would have to be opened anew.
pub(super) fn differs(new: &Server, old: &Server) -> bool {
    (&new.listen, &new.tls, &new.options) != (&old.listen, &old.tls, &old.options)
}

/// Reads the certificate again when its files change, and on SIGHUP.
pub(super) fn watch(certificate: Option<Arc<Certificate>>) -> Result<impl Future<Output = ()> + Send, AppError> {
    let mut hangup = signal(SignalKind::hangup()).map_err(AppError::Signal)?;
    Ok(async move {
        let Some(certificate) = certificate else { return };
        let mut told = String::new();
        loop {
            tokio::select! {
                _ = hangup.recv() => {}
                () = tokio::time::sleep(LOOK_AT_CERTIFICATE) => {}
            }
            match certificate.renew() {
                Ok(false) => {}
                Ok(true) => info!("a new certificate is in force"),
                // While the files are being replaced, they may not fit each other for a moment.
                Err(problem) if problem.to_string() == told => {}
                Err(problem) => {
                    told = problem.to_string();
                    warn!(error = %problem, "the certificate could not be renewed; the old one stays");
                }
            }
        }
    })
}
