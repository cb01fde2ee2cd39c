//! Pages for people: they work without JavaScript, on a phone, with a keyboard, in the dark.

mod article;
mod frame;
mod overview;
mod status;
mod words;

use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::Rendered;

pub use article::entry;
pub use frame::error;
pub use overview::{FeedLine, SourceLine, index};
pub use status::{FeedState, Standing, length_of_time, status, status_json};

pub(super) use article::feed;
pub(super) use words::Words;

const STYLE: &str = include_str!("style.css");
const FEED_STYLE: &str = include_str!("../feed.css");
const HTML: &str = "text/html; charset=utf-8";

/// The stylesheet of all pages.
pub fn stylesheet() -> Rendered {
    Rendered::new("text/css; charset=utf-8", STYLE, DateTime::UNIX_EPOCH)
}

/// The stylesheet of feeds that are opened in a browser.
pub fn feed_stylesheet() -> Rendered {
    Rendered::new("text/css; charset=utf-8", FEED_STYLE, DateTime::UNIX_EPOCH)
}

/// The stylesheet's address; it changes with the stylesheet, so that nobody keeps an old one.
fn style_address(root: &str) -> String {
    let digest = Sha256::digest(STYLE.as_bytes());
    digest.iter().take(4).fold(format!("{root}style.css?"), |address, byte| address + &format!("{byte:02x}"))
}
