//! `postgres://…` to what is needed to connect.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::StoreError;

/// How long a server may take to be reached, unless the address says otherwise.
const CONNECT: Duration = Duration::from_secs(5);
/// A connection on which nothing comes through for so long is given up.
const BROKEN: Duration = Duration::from_secs(30);

/// Where a database is, and how it is spoken to.
#[derive(Clone)]
pub(in crate::store) struct Address {
    pub(super) config: tokio_postgres::Config,
    pub(super) tls: MakeRustlsConnect,
    /// Its name and place, for people; without user and password.
    pub(super) place: Arc<str>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place)
    }
}

/// What is asked of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checks {
    /// No more than that nobody listens.
    Nothing,
    /// That the server is who the address says.
    All,
}

impl Address {
    /// Reads an address. What it says of an unfit one repeats nothing of it: it may hold a password.
    pub(in crate::store) fn parse(url: &str) -> Result<Self, StoreError> {
        let unfit = |what: &str| StoreError::Address(what.to_owned());
        // A password may hold a question mark; what comes after it may not be mistaken for options.
        let options = url.find('@').unwrap_or(0);
        let options = url.get(options..).and_then(|rest| rest.find('?')).map_or(url.len(), |at| options + at);
        let (base, query) = (url.get(..options).unwrap_or(url), url.get(options + 1..).unwrap_or_default());
        let (mut mode, mut roots, mut rest) = ("prefer", None, Vec::new());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", value)) => mode = value,
                Some(("sslrootcert", value)) => roots = Some(value),
                _ => rest.push(part),
            }
        }
        let (ssl, checks) = match mode {
            "disable" => (SslMode::Disable, Checks::Nothing),
            "allow" | "prefer" => (SslMode::Prefer, Checks::Nothing),
            "require" if roots.is_none() => (SslMode::Require, Checks::Nothing),
            "require" | "verify-full" => (SslMode::Require, Checks::All),
            "verify-ca" => return Err(unfit("sslmode=verify-ca is not supported; write verify-full")),
            _ => return Err(unfit("sslmode is disable, prefer, require or verify-full")),
        };
        let text = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: tokio_postgres::Config = text.parse().map_err(|_| {
            unfit(
                "write postgres://user:password@host:5432/database; in user and password write %40 for @, %3A for :, \
                 %2F for /, %3F for ? and %25 for %",
            )
        })?;
        if config.get_ssl_mode() != SslMode::Prefer {
            return Err(unfit("sslmode stands in the wrong place; write it after ? behind the database"));
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(unfit("it names no host; a socket's folder is written ?host=/var/run/postgresql"));
        }
        config.ssl_mode(ssl).keepalives_idle(BROKEN).tcp_user_timeout(BROKEN);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_application_name().is_none() {
            config.application_name("newsriver");
        }
        let tls = MakeRustlsConnect::new(client(checks, roots)?);
        Ok(Self { place: place(&config).into(), config, tls })
    }
}

/// The name of a database and where it is.
fn place(config: &tokio_postgres::Config) -> String {
    let ports = config.get_ports();
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(host) => format!("{host}:{port}"),
            Host::Unix(folder) => folder.display().to_string(),
        }
    });
    let mut places: Vec<_> = hosts.collect();
    if places.is_empty() {
        places = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    }
    let name = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("{name} at {}", places.join(", "))
}

fn client(checks: Checks, roots: Option<&str>) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let fault = |cause: rustls::Error| StoreError::Address(format!("TLS cannot be used: {cause}"));
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(fault)?;
    Ok(match checks {
        Checks::Nothing => builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider))),
        Checks::All => builder.with_root_certificates(trusted(roots)?),
    }
    .with_no_client_auth())
}

/// Whom to trust: the certificates of a file, or those that the web trusts.
fn trusted(roots: Option<&str>) -> Result<RootCertStore, StoreError> {
    let Some(path) = roots.filter(|path| *path != "system") else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let unfit = |what: &str| StoreError::Address(format!("sslrootcert={path} {what}"));
    if !Path::new(&path).is_absolute() {
        return Err(unfit("is no whole path: it begins with /"));
    }
    let mut store = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(&path).map_err(|_| unfit("cannot be read"))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|_| unfit("is no file of certificates (PEM)"))?;
        store.add(certificate).map_err(|_| unfit("holds a certificate that cannot be used"))?;
    }
    if store.is_empty() {
        return Err(unfit("holds no certificate"));
    }
    Ok(store)
}

/// Takes every certificate, as `sslmode=require` and `prefer` do everywhere: the line is encrypted, but who is
/// at its other end is not asked. `verify-full` asks.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_no_user_and_no_password() {
        for (url, expected) in [
            ("postgres://ada:s3cret@db.example/news", "news at db.example:5432"),
            ("postgresql://ada:s3cret@a.example:1,b.example:2/news", "news at a.example:1, b.example:2"),
            ("postgres:///news?host=/var/run/postgresql&user=ada&password=s3cret", "news at /var/run/postgresql"),
            ("postgres://ada:s3cret?x@db.example/news?sslmode=require", "news at db.example:5432"),
            ("postgres://ada:s3cret@[::1]:5433/news?sslmode=disable", "news at ::1:5433"),
        ] {
            let address = Address::parse(url).unwrap();
            assert_eq!(&*address.place, expected);
            assert!(!format!("{address:?}").contains("s3cret"));
        }
    }

    #[test]
    fn what_is_no_address_is_said_without_repeating_it() {
        for url in [
            "postgres://ada:s3cret@db.example/news?x=1",
            "postgres://ada:s3cret@db.example:notaport/news",
            "postgres:///s3cret",
            "postgres://db.example/s3cret?sslmode=verify-ca",
            "postgres://ada:s3cret@db.example/news?sslmode=sometimes",
            "postgres://ada:s3cret@db.example/news?sslmode=verify-full&sslrootcert=ca.pem",
            "postgres://ada:s3cret@db.example/news?sslmode=verify-full&sslrootcert=/no/such/file",
        ] {
            let said = format!("{:?}", Address::parse(url).unwrap_err());
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}
