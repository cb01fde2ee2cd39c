//! feeds.toml to [`Config`], or every mistake in it. Nothing below this room knows that the file
//! exists: each room has its own option types, and they are filled here.

mod describe;
mod edit;
mod feeds;
mod keys;
mod problem;
mod reader;
mod service;
mod sources;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;
use url::Url;

use crate::fetch;
use crate::merge::Site;
use crate::model::{Bygone, FeedId, Secret, Selection, Source, Token};
use crate::notify::Method;
use crate::serve::{self, Listen};

pub use describe::{docs, schema};
pub use edit::{Addition, EditError, add_source, free_id};
pub use problem::{ConfigProblems, Problem};

/// A valid configuration. Immutable: a reload makes a new one.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it came from.
    pub path: PathBuf,
    /// `[site]`.
    pub site: Site,
    /// `[site] timezone`.
    pub timezone: Tz,
    /// `[server]`.
    pub server: Server,
    /// `[hub]`.
    pub hub: Hub,
    /// `[storage]`.
    pub storage: Storage,
    /// `[fetch]`.
    pub fetch: fetch::Options,
    /// `[dedupe] threshold`, in per cent; None leaves it to the room that compares.
    pub threshold: Option<u8>,
    /// `[sources.*]`, in the order of the file.
    pub sources: Vec<Source>,
    /// `[feeds.*]`, in the order of the file.
    pub feeds: Vec<Selection>,
    /// The feeds that were, by the ids that they had.
    pub bygone: BTreeMap<FeedId, Bygone>,
}

/// `[storage]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// Which store: `sqlite:` and a file that is absolute or relative to the file's folder already, or the
    /// address of a PostgreSQL database, which may hold a password.
    pub url: Secret,
    /// How long entries are kept; None keeps them for ever.
    pub keep: Option<Duration>,
    /// Bytes that copies of pictures may take on the disk.
    pub media: u64,
}

/// `[server]`.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where to listen.
    pub listen: Listen,
    /// The files of a certificate chain and its key; None serves without TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// What opens the pages for admins; everyone may see them when there are none.
    pub admin_tokens: Vec<Token>,
    /// Limits.
    pub options: serve::Options,
}

/// `[hub]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Whether it takes subscriptions.
    pub serve: bool,
    /// The hub that took over.
    pub moved_to: Option<Url>,
    /// How long a subscription lasts at most.
    pub lease: Duration,
    /// How content is signed.
    pub signature: Method,
    /// Ranges that callbacks and outside hubs may lie in although they are not public.
    pub allow_private: Vec<IpNet>,
    /// Subscriptions in all.
    pub subscriptions: u64,
    /// Subscriptions to one topic.
    pub per_topic: u64,
    /// Subscriptions of one callback host.
    pub per_host: u64,
    /// Bytes a second that all subscribers together are sent.
    pub bandwidth: u64,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            serve: true,
            moved_to: None,
            lease: Duration::from_secs(10 * 24 * 60 * 60),
            signature: Method::default(),
            allow_private: Vec::new(),
            subscriptions: 20_000,
            per_topic: 5_000,
            per_host: 1_000,
            bandwidth: 25_000_000,
        }
    }
}

/// Reads a file.
pub fn load(path: &Path) -> Result<Config, ConfigProblems> {
    let bytes = std::fs::read(path).map_err(|cause| ConfigProblems::unreadable(path, &cause))?;
    let text = String::from_utf8(bytes).map_err(|_| ConfigProblems::not_utf8(path))?;
    parse(&text, path)
}

/// What a file holds that `add` or `import` begin.
const BEGINNING: &str = "# docs/configuration.md says what can stand here, `newsriver check` what is wrong with it.\n\n\
                         [feeds.all]\ntitle = \"Everything\"\n";

/// Reads a file that sources are to be added to. It may have none yet, and need not be there: the first
/// [`add_source`] writes it.
pub fn load_to_edit(path: &Path) -> Result<Config, ConfigProblems> {
    match std::fs::read_to_string(path) {
        Ok(text) => read(&text, path, false),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => read(BEGINNING, path, false),
        Err(_) => load(path),
    }
}

/// Reads the text of a file that lies at `path`.
pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigProblems> {
    read(text, path, true)
}

/// Reads the text of a file, which must name a source or not.
fn read(text: &str, path: &Path, needs_source: bool) -> Result<Config, ConfigProblems> {
    let document = match toml_edit::Document::parse(text) {
        Ok(document) => document,
        Err(mistake) => return Err(ConfigProblems::syntax(path, text, &mistake)),
    };
    let problems = reader::Problems::default();
    let root = reader::Reader::root(document.as_table(), &problems);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let server = service::server(&root, folder);
    let hub = service::hub(&root);
    let (site, timezone) = service::site(&root, &server, &hub);
    let storage = service::storage(&root, folder);
    let mut fetch = service::fetch(&root, folder, &site);
    let threshold =
        root.table("dedupe", &keys::DEDUPE).number("threshold").and_then(|number| u8::try_from(number).ok());
    let sources = sources::read(&root, folder, timezone, needs_source);
    fetch.named_hosts = sources.iter().filter_map(|source| source.location.host()).map(str::to_owned).collect();
    let (feeds, bygone) = feeds::read(&root, folder, &sources);
    root.refuse_unknown();
    let problems = problems.into_inner();
    if problems.is_empty() {
        let path = path.to_path_buf();
        Ok(Config { path, site, timezone, server, hub, storage, fetch, threshold, sources, feeds, bygone })
    } else {
        Err(ConfigProblems::new(path, text, problems))
    }
}
