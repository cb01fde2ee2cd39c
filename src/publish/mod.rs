//! A [`Feed`] to bytes. Pure; the same feed gives the same bytes. Only this room knows the
//! libraries that write RSS and Atom.

mod atom;
mod compress;
mod finish;
mod history;
mod hygiene;
mod json_feed;
mod language;
mod media;
mod opml;
pub mod pages;
mod ready;
mod rss;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::model::Feed;

pub use compress::{Compressed, compress};
pub use history::suffix;
pub use opml::{Outline, opml};

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
    /// A page for people.
    Html,
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
        let etag = Sha256::digest(&body).iter().take(12).fold(String::new(), |tag, byte| tag + &format!("{byte:02x}"));
        Self { content_type, body, etag, last_modified }
    }
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

/// Renders a feed.
pub fn render(feed: &Feed, format: OutputFormat) -> Result<Rendered, RenderError> {
    let fault = |what: String| RenderError::Writer { format, what };
    Ok(match format {
        OutputFormat::Rss => {
            Rendered::new("application/rss+xml; charset=utf-8", rss::write(feed).map_err(fault)?, feed.updated)
        }
        OutputFormat::Atom => {
            Rendered::new("application/atom+xml; charset=utf-8", atom::write(feed).map_err(fault)?, feed.updated)
        }
        OutputFormat::Json => {
            Rendered::new("application/feed+json", json_feed::write(feed).map_err(fault)?, feed.updated)
        }
        OutputFormat::Html => pages::feed(feed),
    })
}
