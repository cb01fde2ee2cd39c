//! The only room that opens outgoing connections, and the one that reads folders.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use ipnet::IpNet;
use url::Url;

use crate::model::{PictureFacts, Validators};

/// Limits and manners.
#[derive(Debug, Clone)]
pub struct Options {
    /// `newsriver/0.1 (+https://…; editor@example.org)`.
    pub user_agent: String,
    /// Requests under way at once.
    pub concurrency: usize,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// Limit on a whole request.
    pub timeout: Duration,
    /// Limit on a decoded body, in bytes.
    pub max_body: u64,
    /// Ranges that may be visited although they are not public.
    pub allow_private: Vec<IpNet>,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user_agent: format!("newsriver/{}", env!("CARGO_PKG_VERSION")),
            concurrency: 64,
            per_host: 2,
            timeout: Duration::from_secs(30),
            max_body: 10 * 1024 * 1024,
            allow_private: Vec::new(),
            ca_file: None,
        }
    }
}

/// The outcome of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetch {
    /// A body.
    Modified(Fetched),
    /// Not changed since the validators were given.
    NotModified {
        /// Validators the answer carried, to replace the old ones.
        validators: Validators,
        /// How long the server says not to ask again.
        fresh_for: Option<Duration>,
    },
    /// 410: it will not come back.
    Gone,
    /// 429 or 503: not before this long; None when the server does not say.
    RetryAfter(Option<Duration>),
}

/// A body, with what the server said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The decoded body.
    pub bytes: Bytes,
    /// Where it came from in the end.
    pub url: Url,
    /// The target of an unbroken chain of permanent redirects.
    pub moved_to: Option<Url>,
    /// Media type in lower case, without parameters.
    pub media_type: Option<String>,
    /// The `charset` parameter.
    pub charset: Option<String>,
    /// For asking again.
    pub validators: Validators,
    /// How long the server says not to ask again.
    pub fresh_for: Option<Duration>,
}

/// What is asked for; decides the Accept header and the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A source.
    Source,
    /// The page of an article.
    Article,
}

/// Why nothing came. Each says what happened and, where there is something, what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Stub.
    #[error("not fetched")]
    NotFetched,
}

impl FetchError {
    /// Whether trying again later may help.
    pub fn is_transient(&self) -> bool {
        true
    }
}

/// A document of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path below the folder, with `/`; the document's id.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// When the file last changed.
    pub modified: DateTime<Utc>,
}

/// Asks other machines, within the limits.
#[derive(Debug, Clone)]
pub struct Fetcher {}

impl Fetcher {
    /// A fetcher with these limits.
    pub fn new(_options: Options) -> Result<Self, FetchError> {
        Ok(Self {})
    }

    /// Asks for a document.
    pub async fn get(&self, _url: &Url, _validators: &Validators, _purpose: Purpose) -> Result<Fetch, FetchError> {
        Err(FetchError::NotFetched)
    }

    /// Looks at a picture: type, size and dimensions from the bytes, with as little download as
    /// possible. `referer` is the article's page.
    pub async fn picture(&self, _url: &Url, _referer: Option<&Url>, now: DateTime<Utc>) -> PictureFacts {
        PictureFacts::Unusable { why: String::new(), learnt: now }
    }
}

/// The documents below a folder, in the order of their names; hidden files, links that lead out of
/// the folder and files over `max_body` are left out and named in the second list.
pub async fn folder(_path: &Path, _max_body: u64) -> Result<(Vec<Document>, Vec<String>), FetchError> {
    Err(FetchError::NotFetched)
}
