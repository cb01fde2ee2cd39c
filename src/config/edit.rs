//! Adding sources to feeds.toml without disturbing its comments and order.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, value};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::{Config, ConfigProblems};
use crate::model::{Location, SourceId};

/// A source to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Its id; it must be free.
    pub id: SourceId,
    /// Its title.
    pub title: Option<String>,
    /// Its address.
    pub url: Url,
    /// Its kind, when it is not to be found out.
    pub kind: Option<&'static str>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// Why the file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// A source has this address already.
    #[error("the source {id} has this address already")]
    Present {
        /// That source.
        id: SourceId,
    },
    /// A source has this id already.
    #[error("there is a source {id} already; choose another id with --id")]
    Taken {
        /// The id.
        id: SourceId,
    },
    /// The file would not be valid any more.
    #[error("feeds.toml would not be valid any more, and was left as it is")]
    Invalid(#[source] ConfigProblems),
    /// The file is no TOML.
    #[error("feeds.toml cannot be read")]
    Syntax(#[source] toml_edit::TomlError),
    /// The file cannot be read or written.
    #[error("cannot change {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        cause: std::io::Error,
    },
}

/// Adds a source and returns the new configuration. The file is replaced in one step, and only by
/// one that is valid.
pub fn add_source(config: &Config, addition: &Addition) -> Result<Config, EditError> {
    if let Some(present) = config.sources.iter().find(|source| source.location == Location::Web(addition.url.clone())) {
        return Err(EditError::Present { id: present.id.clone() });
    }
    if config.sources.iter().any(|source| source.id == addition.id) {
        return Err(EditError::Taken { id: addition.id.clone() });
    }
    let path = config.path.canonicalize().unwrap_or_else(|_| config.path.clone());
    let fault = |cause| EditError::File { path: path.clone(), cause };
    let text = match std::fs::read_to_string(&path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => super::BEGINNING.to_owned(),
        read => read.map_err(fault)?,
    };
    let mut document: DocumentMut = text.parse().map_err(EditError::Syntax)?;
    insert(&mut document, addition);
    let changed = document.to_string();
    let config = super::parse(&changed, &config.path).map_err(EditError::Invalid)?;
    replace(&path, &changed).map_err(fault)?;
    Ok(config)
}

fn insert(document: &mut DocumentMut, addition: &Addition) {
    let mut table = Table::new();
    if let Some(title) = &addition.title {
        table.insert("title", value(title));
    }
    table.insert("url", value(addition.url.as_str()));
    if let Some(kind) = addition.kind {
        table.insert("kind", value(kind));
    }
    if !addition.tags.is_empty() {
        table.insert("tags", value(addition.tags.iter().collect::<Array>()));
    }
    table.decor_mut().set_prefix("\n");
    let sources = document.entry("sources").or_insert_with(|| {
        let mut sources = Table::new();
        sources.set_implicit(true);
        Item::Table(sources)
    });
    // After the last source, not at the end of the file: tables keep the order of their positions.
    if let Some(sources) = sources.as_table_mut() {
        let last = last_position(sources);
        table.set_position(last);
        sources.insert(addition.id.as_str(), Item::Table(table));
    }
}

/// The highest position of any table in this one.
fn last_position(table: &Table) -> Option<isize> {
    let inner = table.iter().filter_map(|(_, item)| item.as_table()).filter_map(last_position).max();
    table.position().max(inner)
}

/// Writes beside the file, with its rights where it is there, and renames.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let part = PathBuf::from(name);
    let mut file = std::fs::File::create(&part)?;
    match std::fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions())?,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
        Err(cause) => return Err(cause),
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

/// An id made of a title or host, that no source has: `Báo Đồng Khởi` becomes `bao-dong-khoi`.
pub fn free_id(config: &Config, name: &str) -> SourceId {
    let mut slug = String::new();
    for c in name.replace(['đ', 'Đ'], "d").nfd() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => slug.push(c),
            _ if unicode_normalization::char::is_combining_mark(c) => {}
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
        if slug.len() >= 48 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    let slug = if slug.is_empty() { "source" } else { slug };
    let candidates = std::iter::once(slug.to_owned()).chain((2u32..).map(|number| format!("{slug}-{number}")));
    let is_free = |id: &SourceId| !config.sources.iter().any(|source| source.id == *id);
    #[allow(clippy::expect_used, reason = "the numbers never end, and a slug with one is a valid id")]
    candidates.filter_map(|text| SourceId::parse(&text).ok()).find(is_free).expect("an endless list has a free id")
}
