//! Everything that is published as static files, for a CDN or a static host: byte for byte what
//! the server would send.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::media::{self, Copies};
use super::{AppError, Rooms, outlets};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::Feed;
use crate::publish;
use crate::serve::{Live, Metrics, RefreshError, Refresher, Shelf, Shelved, Touched, Uses};
use crate::store::MediaError;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The service's rooms could not be opened.
    #[error(transparent)]
    App(#[from] AppError),
    /// Older articles could not be made ready.
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    /// A copy of a picture could not be read.
    #[error("a copy of a picture cannot be read")]
    Media(#[from] MediaError),
    /// A file could not be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        cause: io::Error,
    },
}

/// What an export did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Files written because they were new or changed.
    pub written: usize,
    /// Files that were there already, byte for byte.
    pub unchanged: usize,
    /// Paths left out because they need a token.
    pub protected: Vec<String>,
    /// Paths of copies of pictures that are not here and could not be fetched again.
    pub missing: Vec<String>,
}

/// Writes every published document below `out`, each atomically and only where it changed, with
/// its compressed forms beside it. Protected feeds are left out: a static host cannot ask for tokens.
pub async fn export(config: &Config, out: &Path, clock: Clock) -> Result<Exported, ExportError> {
    let rooms = Rooms::open(config, clock.clone()).await?;
    let copies = Copies { mirror: rooms.visitor.mirror, media: rooms.media, store: Arc::clone(&rooms.store) };
    let shelf = Arc::new(Shelf::default());
    let outlets = Arc::new(ArcSwap::from_pointee(outlets(config)));
    let live = Live {
        store: Arc::clone(&rooms.store),
        media: copies.media.clone(),
        outlets: Arc::clone(&outlets),
        clock: clock.clone(),
        problems: Arc::default(),
        uses: Uses::default(),
    };
    let refresher = Refresher::new(rooms.store, Arc::clone(&shelf), outlets, clock, Arc::new(Metrics::default()));
    refresher.refresh(&Touched::All).await.map_err(AppError::Refresh)?;
    while refresher.archive().await.map_err(AppError::Refresh)? {}
    refresher.code().await.map_err(AppError::Refresh)?;
    let mut documents = shelf.documents();
    let entries = refresher.entry_pages().await.map_err(AppError::Refresh)?;
    documents.extend(entries.into_iter().map(|(path, document)| (path, Arc::new(document))));
    let mut exported = Exported::default();
    let mut named = BTreeSet::new();
    for (path, document) in documents {
        if document.access.is_public() {
            named.extend(media::named(&config.site.base_url, &document.rendered.body));
            write_forms(&out.join(file_name(&path)), &document, &mut exported)?;
        } else {
            exported.protected.push(path);
        }
    }
    live.whole_history(|path, document| {
        named.extend(media::named(&config.site.base_url, &document.rendered.body));
        write_forms(&out.join(file_name(&path)), &document, &mut exported)
    })
    .await?;
    for name in named {
        match copies.bytes(name).await? {
            Some(bytes) => write_one(out.join("media").join(name.to_string()), &bytes, &mut exported)?,
            None => exported.missing.push(format!("/media/{name}")),
        }
    }
    Ok(exported)
}

/// The feeds that are written for partners, as they would be published now.
pub async fn partner_feeds(config: &Config, clock: Clock) -> Result<Vec<Feed>, AppError> {
    let rooms = Rooms::open(config, clock.clone()).await?;
    let outlets = Arc::new(ArcSwap::from_pointee(outlets(config)));
    let refresher = Refresher::new(rooms.store, Arc::default(), outlets, clock, Arc::new(Metrics::default()));
    refresher.partner_feeds().await.map_err(AppError::Refresh)
}

/// The file of a published path: pages get an ending, so that static hosts know their type.
fn file_name(path: &str) -> PathBuf {
    let path = path.trim_matches('/');
    match path.rsplit('/').next() {
        Some("") | None => PathBuf::from("index.html"),
        Some("opml") => PathBuf::from(format!("{path}.opml")),
        Some(name) if name.contains('.') => PathBuf::from(path),
        Some(_) => PathBuf::from(format!("{path}.html")),
    }
}

fn write_forms(path: &Path, document: &Shelved, exported: &mut Exported) -> Result<(), ExportError> {
    let coded = document.compressed.get_or_init(|| publish::compress(&document.rendered));
    let forms = [("", &document.rendered.body), (".gz", &coded.gzip), (".br", &coded.br), (".zst", &coded.zstd)];
    // What is small already has no coded forms.
    let there = forms.into_iter().filter(|(ending, body)| ending.is_empty() || !body.is_empty());
    for (ending, body) in there {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        write_one(PathBuf::from(name), body, exported)?;
    }
    Ok(())
}

fn write_one(path: PathBuf, body: &[u8], exported: &mut Exported) -> Result<(), ExportError> {
    match write_if_changed(&path, body) {
        Ok(true) => exported.written += 1,
        Ok(false) => exported.unchanged += 1,
        Err(cause) => return Err(ExportError::Write { path, cause }),
    }
    Ok(())
}

/// Writes beside the file and renames, so that nobody ever reads half a file.
fn write_if_changed(path: &Path, body: &[u8]) -> io::Result<bool> {
    if std::fs::read(path).is_ok_and(|old| old == body) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    std::fs::write(&part, body)?;
    std::fs::rename(&part, path)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_files() {
        for (path, file) in [
            ("/", "index.html"),
            ("/feeds/all", "feeds/all.html"),
            ("/feeds/all.rss", "feeds/all.rss"),
            ("/opml", "opml.opml"),
        ] {
            assert_eq!(file_name(path), Path::new(file));
        }
    }
}
