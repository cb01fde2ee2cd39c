//! A page or document to the [`Article`] in it. Pure: text in, article out.
//!
//! A page is parsed once. `facts` gathers what it says of itself, `content` finds the text, judges it
//! block by block and writes it as clean HTML; `page` puts both together.

mod byline;
mod content;
mod document;
mod facts;
mod page;
mod pager;
mod phrases;
mod second;
mod stated;
mod wall;

use chrono_tz::Tz;
use url::Url;

use crate::model::{Article, ArticleRules, Wall};

pub use pager::join;
pub use second::{Version, fuller, version};

/// How a page is to be read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it came from.
    pub url: Option<Url>,
    /// Zone of dates without one.
    pub timezone: Tz,
    /// The admin's selectors.
    pub rules: ArticleRules,
}

impl Default for Options {
    fn default() -> Self {
        Self { url: None, timezone: Tz::UTC, rules: ArticleRules::default() }
    }
}

/// Why there is no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// Nothing in the page reads like an article.
    #[error("no article was found in the page")]
    NoArticle,
    /// Something stands before the article.
    #[error("{}", .0.in_words())]
    Wall(Wall),
    /// The admin's selector matches nothing.
    #[error("the selector {0:?} matches nothing in the page")]
    NoMatch(String),
    /// A selector that is no CSS.
    #[error("the selector {0:?} is not valid CSS")]
    Selector(String),
}

/// What a document in a folder is, by its name's ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// `.html`, `.htm`.
    Html,
    /// `.md`, `.markdown`, with or without front matter.
    Markdown,
    /// `.txt`.
    Text,
}

impl DocumentKind {
    /// By the name's ending; None for files that are no documents.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The article of a web page.
pub fn page(html: &str, options: &Options) -> Result<Article, ExtractError> {
    page::read(html, options)
}

/// An article that may be published: pages that stand before one are none.
pub fn publishable(article: Article) -> Result<Article, ExtractError> {
    match article.wall {
        Some(wall) => Err(ExtractError::Wall(wall)),
        None => Ok(article),
    }
}

/// The article of a document.
pub fn document(text: &str, kind: DocumentKind, options: &Options) -> Result<Article, ExtractError> {
    match kind {
        DocumentKind::Html => page::read(text, options),
        DocumentKind::Markdown => document::markdown::read(text, options),
        DocumentKind::Text => document::text::read(text, options),
    }
}
