//! A [`Feed`] to bytes. Pure; the same feed gives the same bytes. Only this room knows the
//! libraries that write RSS and Atom.

mod atom;
mod compress;
mod files;
mod finish;
mod history;
mod hygiene;
mod icons;
mod json_feed;
mod language;
mod media;
mod moments;
mod opml;
pub mod pages;
mod profiles;
mod ready;
mod rss;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use self::ready::Ready;
use crate::model::{Feed, Profile};

pub use compress::{Compressed, compress};
pub use history::{news, suffix};
pub use icons::icons;
pub use opml::{Outline, opml};
pub use profiles::{Fault, Review, Reviewed, forms, review};

/// The program, as feeds name it.
pub(crate) const GENERATOR: &str = concat!("newsriver ", env!("CARGO_PKG_VERSION"));

/// The forms of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputFormat {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// Another form of XML, for partners who want one.
    Xml,
    /// A page for people.
    Html,
}

impl OutputFormat {
    /// What the path of such a document ends with.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Rss => ".rss",
            Self::Atom => ".atom",
            Self::Json => ".json",
            Self::Xml => ".xml",
            Self::Html => "",
        }
    }
}

/// A document ready to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
    /// A strong validator of the body, without quotes.
    pub etag: String,
    /// When what it says last changed.
    pub last_modified: DateTime<Utc>,
}

impl Rendered {
    /// A document with the validator of its bytes.
    pub fn new(content_type: &'static str, body: impl Into<Bytes>, last_modified: DateTime<Utc>) -> Self {
        let body = body.into();
        let etag = tag(&[&body]);
        Self { content_type, body, etag, last_modified }
    }
}

/// A tag of some bytes, which come in parts.
fn tag(parts: &[&[u8]]) -> String {
    let digest = parts.iter().fold(Sha256::new(), Digest::chain_update).finalize();
    digest.iter().take(12).fold(String::new(), |tag, byte| tag + &format!("{byte:02x}"))
}

/// Why a feed could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The writer failed.
    #[error("the {format:?} form cannot be written: {what}")]
    Writer {
        /// The form.
        format: OutputFormat,
        /// What the writer said.
        what: String,
    },
}

/// Renders a feed in one form.
pub fn render(feed: &Feed, format: OutputFormat) -> Result<Rendered, RenderError> {
    match format {
        OutputFormat::Html => Ok(pages::feed(feed, &Ready::new(feed))),
        _ if feed.profile != Profile::Standard => profiles::render(feed, format),
        _ => standard(feed, &Ready::new(feed), format),
    }
}

/// Renders a feed in all its forms, its page last. What they say alike is made ready once.
pub fn render_all(feed: &Feed) -> Result<Vec<(OutputFormat, Rendered)>, RenderError> {
    let ready = Ready::new(feed);
    let mut all = Vec::new();
    for format in forms(feed.profile).iter().copied() {
        let rendered = match feed.profile {
            Profile::Standard => standard(feed, &ready, format)?,
            _ => profiles::render(feed, format)?,
        };
        all.push((format, rendered));
    }
    all.push((OutputFormat::Html, pages::feed(feed, &ready)));
    Ok(all)
}

fn standard(feed: &Feed, ready: &Ready<'_>, format: OutputFormat) -> Result<Rendered, RenderError> {
    let (content_type, written) = match format {
        OutputFormat::Rss => ("application/rss+xml; charset=utf-8", rss::write(ready)),
        OutputFormat::Atom => ("application/atom+xml; charset=utf-8", atom::write(ready, None, "")),
        OutputFormat::Json => ("application/feed+json", json_feed::write(ready)),
        OutputFormat::Xml | OutputFormat::Html => ("", Err("the standard forms have no such".to_owned())),
    };
    let body = written.map_err(|what| RenderError::Writer { format, what })?;
    Ok(Rendered::new(content_type, body, feed.updated))
}
