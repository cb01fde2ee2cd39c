//! What a source says and what its page yields, made into [`Facts`]: valid addresses, safe HTML,
//! plain titles, times in UTC. Pure.

use chrono::{DateTime, Utc};
use url::Url;

use crate::html::SafeHtml;
use crate::model::{Article, Facts, Item, Source, Text};

/// What cleaning needs to know besides the item.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The source.
    pub source: &'a Source,
    /// What relative addresses are relative to when the document does not say.
    pub base: Option<&'a Url>,
    /// The language of the channel.
    pub language: Option<&'a str>,
    /// The present moment; dates beyond it are not believed.
    pub now: DateTime<Utc>,
}

/// Why an item cannot become an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// It has neither title nor text nor address.
    #[error("the item has neither a title nor a text nor an address")]
    Nothing,
}

/// Makes an item, and its article when the page was fetched, into facts. The enclosures are as
/// stated; `poll` has them looked at.
pub fn entry(_item: &Item, _article: Option<&Article>, _context: Context<'_>) -> Result<Facts, CleanError> {
    Err(CleanError::Nothing)
}

/// Digest of an item as the source gave it, by which an unchanged one is recognised.
pub fn item_hash(_item: &Item) -> String {
    String::new()
}

/// The id an item is known by within its source: its own, else one derived from address or text
/// that stays the same from visit to visit.
pub fn native_id(_item: &Item, _base: Option<&Url>) -> String {
    String::new()
}

/// Whether an item gives only a summary, so that its page has to be fetched for the full text.
pub fn is_summary_only(_item: &Item) -> bool {
    false
}

/// A text of any kind as plain text on one line, for titles and names.
pub fn plain(text: &Text) -> String {
    text.value.clone()
}

/// A text of any kind as safe HTML; plain text keeps its paragraphs.
pub fn html(text: &Text, base: Option<&Url>) -> SafeHtml {
    crate::html::sanitise(&text.value, base)
}
