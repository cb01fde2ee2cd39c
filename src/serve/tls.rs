//! TLS with a certificate that may be replaced while the service runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// A file holds something else.
    #[error("{path} holds no {what} in PEM form")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Certificate and key are of no use together.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(rustls::Error),
}

/// A certificate chain and its key, read from files.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    /// What the files held when they were last good.
    bytes: Mutex<(Vec<u8>, Vec<u8>)>,
    config: ArcSwap<ServerConfig>,
}

impl Certificate {
    /// Reads a chain (the server's own certificate first) and its key, both in PEM form.
    pub fn load(chain: &Path, key: &Path) -> Result<Self, TlsError> {
        let bytes = (read(chain)?, read(key)?);
        let config = ArcSwap::from_pointee(configure((chain, &bytes.0), (key, &bytes.1))?);
        Ok(Self { chain: chain.to_path_buf(), key: key.to_path_buf(), bytes: Mutex::new(bytes), config })
    }

    /// Reads the files again; true when they changed. While they do not fit each other, the old
    /// certificate stays.
    pub fn renew(&self) -> Result<bool, TlsError> {
        let fresh = (read(&self.chain)?, read(&self.key)?);
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if *bytes == fresh {
            return Ok(false);
        }
        self.config.store(Arc::new(configure((&self.chain, &fresh.0), (&self.key, &fresh.1))?));
        *bytes = fresh;
        Ok(true)
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|cause| TlsError::Read { path: path.to_path_buf(), cause })
}

fn configure(chain: (&Path, &[u8]), key: (&Path, &[u8])) -> Result<ServerConfig, TlsError> {
    let pem = |path: &Path, what| TlsError::Pem { path: path.to_path_buf(), what };
    let certificates = CertificateDer::pem_slice_iter(chain.1).collect::<Result<Vec<_>, _>>();
    let certificates =
        certificates.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| pem(chain.0, "certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(key.1).map_err(|_| pem(key.0, "private key"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, key))
        .map_err(TlsError::Unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_replaced_only_by_a_good_one() {
        let folder = tempfile::tempdir().unwrap();
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        assert!(matches!(Certificate::load(&chain, &key), Err(TlsError::Read { .. })));
        let new = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (old, fresh) = (new(), new());
        std::fs::write(&chain, old.cert.pem()).unwrap();
        std::fs::write(&key, "no key").unwrap();
        assert!(matches!(Certificate::load(&chain, &key), Err(TlsError::Pem { what: "private key", .. })));
        std::fs::write(&key, old.signing_key.serialize_pem()).unwrap();
        let certificate = Certificate::load(&chain, &key).unwrap();
        assert!(!certificate.renew().unwrap());
        // Half replaced: the key does not fit yet.
        std::fs::write(&chain, fresh.cert.pem()).unwrap();
        assert!(matches!(certificate.renew(), Err(TlsError::Unusable(_))));
        std::fs::write(&key, fresh.signing_key.serialize_pem()).unwrap();
        assert!(certificate.renew().unwrap());
    }
}
