//! HTML: the sanitiser, the text of a fragment, pictures in it. Knows nothing of feeds.

mod blocks;
mod bounded;
mod counters;
pub mod dom;
mod pictures;
mod players;
mod prepare;
mod reduce;
mod sanitise;
pub mod srcset;
pub mod tag;
mod text;
mod tokens;

use serde::Serialize;
use url::Url;

pub use blocks::{Block, blocks, without};
pub use counters::is_counter;
pub use pictures::{Picture, picture_addresses, pictures, with_pictures_at};
pub use reduce::{beginning, depth, only, without_pictures};
pub use text::{fold, lines, looks_like_html, plain, running};

use sanitise::{Links, Relative};

/// HTML that carries no script, style, form, frame or dangerous address, with every address
/// absolute. Only [`sanitise`] makes it, and [`SafeHtml::from_store`] reads it back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// What the store kept, which went through the sanitiser before.
    pub fn from_store(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Cleans untrusted HTML by an allow list, and makes its addresses absolute against `base`;
/// without one, relative addresses go.
pub fn sanitise(raw: &str, base: Option<&Url>) -> SafeHtml {
    sanitise::clean(raw, base.map_or(Relative::Dropped, Relative::To), Links::Untracked)
}

/// Like [`sanitise`], but without a base relative addresses stay: for showing a document as it is,
/// never for publishing.
pub fn sanitise_for_show(raw: &str, base: Option<&Url>) -> SafeHtml {
    sanitise::clean(raw, base.map_or(Relative::Kept, Relative::To), Links::Kept)
}
