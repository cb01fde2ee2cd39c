//! `newsriver demo`: the whole service against a small newsroom on this machine.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::app;
use crate::clock::Clock;
use crate::config;
use crate::demo::Newsroom;

/// Where to serve, and where to keep.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to serve on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A folder for the demo's files; a temporary one that is removed at the end when not given
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Starts the newsroom and serves what is made of it, until stopped.
pub(super) async fn run(args: &Args) -> Result<bool, Failure> {
    let stop = CancellationToken::new();
    let folder = Folder::new(args.data.clone()).map_err(Failure::new)?;
    let clock = Clock::system();
    let newsroom = Newsroom::start(stop.clone(), &folder.path, clock.now()).await.map_err(Failure::new)?;
    let path = folder.path.join("feeds.toml");
    std::fs::write(&path, newsroom.feeds_toml(args.listen, &folder.path)).map_err(Failure::new)?;
    let config = config::load(&path).map_err(Failure::new)?;
    let feeds: Vec<_> = config.feeds.iter().map(|feed| (feed.id.clone(), feed.title.clone())).collect();
    let outcome = app::serve(config, clock, stop.clone(), |address| {
        // A closed terminal is no reason to stop.
        let _ = welcome(&newsroom, address, &feeds, &path);
    })
    .await;
    stop.cancel();
    outcome.map_err(Failure::new)?;
    Ok(true)
}

fn welcome(
    newsroom: &Newsroom,
    address: &str,
    feeds: &[(crate::model::FeedId, String)],
    path: &std::path::Path,
) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "A small newsroom runs on this machine:")?;
    for site in &newsroom.sites {
        writeln!(out, "  {:<38} {}", site.url, site.what)?;
    }
    writeln!(out, "\nnewsriver reads it and serves the result. Open in a browser:")?;
    writeln!(out, "  {address}            the feeds and their sources")?;
    writeln!(out, "  {address}status      how each source is doing")?;
    writeln!(out, "\nSubscribe in a feed reader:")?;
    for (id, title) in feeds {
        writeln!(out, "  {address}feeds/{id}.rss   {title} (also .atom and .json)")?;
    }
    writeln!(out, "\nIts feeds.toml is {}: change it and look at the pages again.", path.display())?;
    writeln!(out, "Ctrl-C ends it.")?;
    out.flush()
}

/// The demo's folder; a temporary one goes with it.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn new(given: Option<PathBuf>) -> std::io::Result<Self> {
        let temporary = given.is_none();
        let path = given.unwrap_or_else(|| std::env::temp_dir().join(format!("newsriver-demo-{}", std::process::id())));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, temporary })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // What is left behind in the system's temporary folder does no harm.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
