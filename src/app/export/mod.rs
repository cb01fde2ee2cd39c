//! Everything that is published as static files, for a CDN or a static host: byte for byte what
//! the server would send.

mod folder;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use url::Url;

use folder::{Fault, Folder};

use super::media::Copies;
use super::{AppError, Rooms, outlets};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{EntryId, Feed, MediaName};
use crate::publish::{self, Compressed, Rendered};
use crate::serve::{Live, Metrics, RefreshError, Refresher, Shelf, Touched};
use crate::store::{MediaError, StoreError};

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The service's rooms could not be opened.
    #[error(transparent)]
    App(#[from] AppError),
    /// Older articles could not be made ready.
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A copy of a picture could not be read.
    #[error("a copy of a picture cannot be read")]
    Media(#[from] MediaError),
    /// A file could not be written.
    #[error("cannot write {path}")]
    File {
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
    /// Files of an earlier export that were taken away, since they are published no longer.
    pub removed: usize,
    /// Paths left out because they need a token.
    pub protected: Vec<String>,
    /// Paths of copies of pictures that are not here and could not be fetched again.
    pub missing: Vec<String>,
}

impl From<Fault> for ExportError {
    fn from(Fault { path, cause }: Fault) -> Self {
        Self::File { path, cause }
    }
}

/// Writes every published document below `out`, each atomically and only where it changed, with
/// its compressed forms beside it, and takes away what an earlier export wrote and is published no
/// longer. Protected feeds are left out: a static host cannot ask for tokens.
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
        uses: Arc::default(),
    };
    let refresher = Refresher::new(rooms.store, Arc::clone(&shelf), outlets, clock, Arc::new(Metrics::default()));
    refresher.refresh(&Touched::All).await.map_err(AppError::Refresh)?;
    while refresher.archive().await.map_err(AppError::Refresh)? {}
    refresher.code().await.map_err(AppError::Refresh)?;
    let mut exported = Exported::default();
    let mut writer = Writer { folder: Folder::open(out)?, base: &config.site.base_url, named: Named::default() };
    for (path, document) in shelf.documents() {
        if document.access.is_public() {
            writer.write(&path, &document.rendered, document.compressed.get())?;
        } else {
            exported.protected.push(path);
        }
    }
    live.whole_history(|path, document| writer.write(&path, &document.rendered, document.compressed.get())).await?;
    let entries = std::mem::take(&mut writer.named.entries);
    live.entries(entries, |path, page| writer.write(&path, &page, None)).await?;
    for name in std::mem::take(&mut writer.named.copies) {
        match copies.bytes(name).await? {
            Some(bytes) => writer.folder.write(format!("media/{name}"), &bytes)?,
            None => exported.missing.push(format!("/media/{name}")),
        }
    }
    // Of a feed that could not be rendered, the old files stay.
    exported.removed = if refresher.is_whole() { writer.folder.tidy()? } else { 0 };
    (exported.written, exported.unchanged) = (writer.folder.written, writer.folder.unchanged);
    Ok(exported)
}

/// Pages and copies that documents name.
#[derive(Debug, Default)]
struct Named {
    entries: BTreeSet<EntryId>,
    copies: BTreeSet<MediaName>,
}

/// Writes documents, and notes what they name.
struct Writer<'a> {
    folder: Folder,
    base: &'a Url,
    named: Named,
}

impl Writer<'_> {
    fn write(&mut self, path: &str, document: &Rendered, coded: Option<&Compressed>) -> Result<(), ExportError> {
        self.named.entries.extend(named::<EntryId>(self.base, "entries/", &document.body));
        self.named.copies.extend(named::<MediaName>(self.base, "media/", &document.body));
        let name = file_name(path);
        let endings = [".gz", ".br", ".zst"];
        // To code again what is there already would take longer than all else.
        if coded.is_none() && self.folder.has(&name, &document.body, &endings) {
            self.folder.leave(name, &endings);
            return Ok(());
        }
        let coded = coded.cloned().unwrap_or_else(|| publish::compress(document));
        self.folder.write(name.clone(), &document.body)?;
        let forms = endings.into_iter().zip([&coded.gzip, &coded.br, &coded.zstd]);
        // What is small already has no coded forms.
        for (ending, body) in forms.filter(|(_, body)| !body.is_empty()) {
            self.folder.write(format!("{name}{ending}"), body)?;
        }
        Ok(())
    }
}

/// What a document names below a path of ours, by absolute addresses or from the root.
fn named<T: FromStr>(base: &Url, below: &str, document: &[u8]) -> Vec<T> {
    let mut names = Vec::new();
    for folder in [format!("{base}{below}"), format!("\"{}{below}", base.path())] {
        names.extend(memchr::memmem::find_iter(document, folder.as_bytes()).filter_map(|at| {
            let rest = document.get(at + folder.len()..)?;
            let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.').unwrap_or(rest.len());
            std::str::from_utf8(rest.get(..end)?).ok()?.parse().ok()
        }));
    }
    names
}

/// The feeds that are written for partners, as they would be published now.
pub async fn partner_feeds(config: &Config, clock: Clock) -> Result<Vec<Feed>, AppError> {
    let rooms = Rooms::open(config, clock.clone()).await?;
    let outlets = Arc::new(ArcSwap::from_pointee(outlets(config)));
    let refresher = Refresher::new(rooms.store, Arc::default(), outlets, clock, Arc::new(Metrics::default()));
    refresher.partner_feeds().await.map_err(AppError::Refresh)
}

/// The file of a published path: pages get an ending, so that static hosts know their type.
fn file_name(path: &str) -> String {
    let path = path.trim_matches('/');
    match path.rsplit('/').next() {
        Some("") | None => "index.html".to_owned(),
        Some("opml") => format!("{path}.opml"),
        Some(name) if name.contains('.') => path.to_owned(),
        Some(_) => format!("{path}.html"),
    }
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
            assert_eq!(file_name(path), file);
        }
    }
    #[test]
    fn pages_and_copies_are_found_in_documents() {
        let base = Url::parse("https://feeds.example/news/").unwrap();
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = format!(
            "<a href=\"https://feeds.example/news/media/{digest}.jpg\"> https://feeds.example/news/media/{digest}.svg \
             https://other.example/media/{digest}.png https://feeds.example/news/media/{digest}.webp \
             <a href=\"/news/entries/{}\"> <a href=\"/entries/{}\">",
            "0a".repeat(16),
            "0b".repeat(16)
        );
        let copies: Vec<MediaName> = named(&base, "media/", text.as_bytes());
        let copies: Vec<String> = copies.iter().map(ToString::to_string).collect();
        assert_eq!(copies, [format!("{digest}.jpg"), format!("{digest}.webp")]);
        let entries: Vec<EntryId> = named(&base, "entries/", text.as_bytes());
        assert_eq!(entries, ["0a".repeat(16).parse().unwrap()]);
    }
}
