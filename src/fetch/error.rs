//! Why nothing came: what happened, to which address, and what to do where there is something.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::guard::Refused;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address of the web.
    #[error("{0} is not an http or https address")]
    Scheme(Url),
    /// The name leads to no address.
    #[error("the name {host} cannot be found: is it spelled right, and does this machine reach a DNS server?")]
    Dns {
        /// The name.
        host: String,
    },
    /// The address lies in a private network.
    #[error("{host} is in a private network; if that is meant, name the range in [fetch] allow_private")]
    Private {
        /// The name or address.
        host: String,
    },
    /// An address found in a document that asks for a port of other services.
    #[error("{url} was found in a document and asks for a port that pages are not served on")]
    Port {
        /// The address.
        url: Url,
    },
    /// robots.txt forbids it.
    #[error(
        "{url} is not for programs, says {host}/robots.txt; ask its owner to let newsriver in, or write robots = \"ignore\" into [fetch]"
    )]
    Forbidden {
        /// The address.
        url: Url,
        /// The name of its site.
        host: String,
    },
    /// robots.txt could not be read, so that nothing is known to be allowed.
    #[error("{host}/robots.txt, which says what programs may fetch there, could not be had")]
    Unpermitted {
        /// The name of the site.
        host: String,
    },
    /// No connection.
    #[error("no connection to {host}: {why}")]
    Connect {
        /// Name and port.
        host: String,
        /// The system's words.
        why: String,
    },
    /// No secure connection.
    #[error("no secure (TLS) connection to {host}: {why}")]
    Tls {
        /// Name and port.
        host: String,
        /// What is wrong with the certificate or the handshake.
        why: String,
    },
    /// It took too long.
    #[error("{url} took longer than {} seconds", limit.as_secs_f32())]
    Timeout {
        /// The address.
        url: Url,
        /// The limit.
        limit: Duration,
    },
    /// The server answered with an error.
    #[error("{url} answered {status}{}", advice(*status))]
    Status {
        /// The address.
        url: Url,
        /// The HTTP status.
        status: u16,
    },
    /// The body is larger than allowed.
    #[error("{url} is larger than the limit of {} MiB ([fetch] max_body)", limit / 1024 / 1024)]
    TooLarge {
        /// The address.
        url: Url,
        /// The limit in bytes.
        limit: u64,
    },
    /// The redirects lead nowhere.
    #[error("{url} redirects in a circle, or more than {most} times")]
    Redirects {
        /// The address.
        url: Url,
        /// The limit.
        most: usize,
    },
    /// A redirect that cannot be followed.
    #[error("{url} redirects to {target:?}, which cannot be followed: {why}")]
    BadRedirect {
        /// The address.
        url: Url,
        /// The `Location` header.
        target: String,
        /// The reason.
        why: &'static str,
    },
    /// The answer broke off or cannot be decoded.
    #[error("the answer of {url} broke off or cannot be decoded")]
    Body {
        /// The address.
        url: Url,
        /// What was wrong with it.
        #[source]
        cause: reqwest::Error,
    },
    /// Anything else about a request.
    #[error("{url} cannot be asked")]
    Request {
        /// The address.
        url: Url,
        /// What was wrong.
        #[source]
        cause: reqwest::Error,
    },
    /// A folder or file of this machine.
    #[error("cannot read {path}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// The client itself cannot be made.
    #[error("requests cannot be made: {0}")]
    Setup(String),
}

fn advice(status: u16) -> &'static str {
    match status {
        401 | 403 => " (refused): the site may block programs; ask its owner to let this User-Agent in",
        404 => " (not found): has the source moved?",
        500.. => " (a fault of the server)",
        _ => "",
    }
}

impl FetchError {
    /// Whether trying again later may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status >= 500 || matches!(status, 408 | 425 | 429),
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Body { .. }
            | Self::Unpermitted { .. }
            | Self::Request { .. } => true,
            Self::Tls { .. } | Self::Folder { .. } => true,
            Self::Scheme(_)
            | Self::Private { .. }
            | Self::Forbidden { .. }
            | Self::Port { .. }
            | Self::TooLarge { .. }
            | Self::Redirects { .. }
            | Self::BadRedirect { .. }
            | Self::Setup(_) => false,
        }
    }

    /// What a failed request means.
    pub(super) fn of(cause: reqwest::Error, url: &Url, limit: Duration) -> Self {
        let cause = cause.without_url();
        if cause.is_timeout() {
            return Self::Timeout { url: url.clone(), limit };
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let place = match url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        };
        let mut deeper: Option<&(dyn std::error::Error + 'static)> = Some(&cause);
        let mut last = String::new();
        while let Some(error) = deeper {
            if let Some(refused) = error.downcast_ref::<Refused>() {
                return match refused {
                    Refused::Private => Self::Private { host },
                    Refused::Unknown => Self::Dns { host },
                };
            }
            if let Some(tls) = tls_error(error) {
                return Self::Tls { host: place, why: tls };
            }
            last = error.to_string();
            deeper = error.source();
        }
        if cause.is_connect() {
            return Self::Connect { host: place, why: last };
        }
        if cause.is_body() || cause.is_decode() {
            return Self::Body { url: url.clone(), cause };
        }
        Self::Request { url: url.clone(), cause }
    }
}

/// TLS errors hide inside I/O errors, sometimes several deep, which do not show them as their source.
fn tls_error(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut error = error;
    for _ in 0..4 {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(in_plain_words(tls));
        }
        error = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    }
    None
}

fn in_plain_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
            "its certificate is from an unknown issuer; if it is one of your own, name it in [fetch] ca_file".to_owned()
        }
        other => other.to_string(),
    }
}

/// An error with its causes on one line.
pub(super) fn in_words(error: &FetchError) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        words.push_str(": ");
        words.push_str(&next.to_string());
        cause = next.source();
    }
    words
}
