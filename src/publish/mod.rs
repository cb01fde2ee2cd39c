//! A [`Feed`] to bytes. Pure; the same feed gives the same bytes. Only this room knows the
//! libraries that write RSS and Atom.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::model::Feed;

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
pub fn render(_feed: &Feed, format: OutputFormat) -> Result<Rendered, RenderError> {
    Err(RenderError::Writer { format, what: String::new() })
}
