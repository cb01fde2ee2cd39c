//! The only room that opens outgoing connections, and the one that reads folders.

mod cache;
mod callback;
mod client;
mod document;
mod error;
mod folder;
mod guard;
mod picture;
mod robots;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use ipnet::IpNet;
use url::Url;

use crate::model::Validators;

pub use callback::{Call, Called};
pub use error::FetchError;
pub use folder::folder;
pub(crate) use picture::orientation;
pub use picture::{PictureAnswer, PictureRequest, SeenPicture};

use client::Client;
use robots::{Permission, Robots};

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
    /// Hosts that the admin names: for addresses found in documents, the ranges above hold on these only.
    pub named_hosts: BTreeSet<String>,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether robots.txt is obeyed for article pages and pictures.
    pub obey_robots: bool,
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
            named_hosts: BTreeSet::new(),
            ca_file: None,
            obey_robots: true,
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

/// Asks other machines, within the limits. Clones share them.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Client>, Arc<Robots>);

impl Fetcher {
    /// A fetcher with these limits.
    pub fn new(options: Options) -> Result<Self, FetchError> {
        Ok(Self(Arc::new(Client::new(options)?), Arc::default()))
    }

    /// Asks for a document.
    pub async fn get(&self, url: &Url, validators: &Validators, purpose: Purpose) -> Result<Fetch, FetchError> {
        if purpose == Purpose::Article {
            self.ask_owner(url).await?;
        }
        document::get(&self.0, url, validators, purpose).await
    }

    /// Looks at a picture: type, size and dimensions from the bytes, with as little download as
    /// possible, or all of it.
    pub async fn picture(&self, request: PictureRequest<'_>) -> PictureAnswer {
        match self.ask_owner(request.url).await {
            Ok(()) => picture::look(&self.0, request).await,
            Err(refusal) => PictureAnswer::Forbidden(refusal.to_string()),
        }
    }

    /// Whether robots.txt lets us fetch something.
    async fn ask_owner(&self, url: &Url) -> Result<(), FetchError> {
        if !self.0.options.obey_robots {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        match self.1.permission(&self.0, url).await {
            Permission::Granted => Ok(()),
            Permission::Denied => Err(FetchError::Forbidden { url: url.clone(), host }),
            Permission::Unknown => Err(FetchError::Unpermitted { host }),
        }
    }
    /// Makes one request to an address that a stranger named. Redirects are not followed.
    pub async fn call(&self, url: &Url, call: Call) -> Result<Called, FetchError> {
        callback::call(&self.0, url, call).await
    }
}
