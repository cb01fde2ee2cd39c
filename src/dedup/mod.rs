//! Is it new, is it changed, is it the same article as another? Pure decisions over facts and what
//! is known.
//!
//! An item is recognised in layers, the cheapest first: by its id within its source, by its address,
//! and by its text. Two entries are joined only after a look at both texts ([`Rules::compare`]); shared
//! keys merely say where to look. A headline or a date is evidence, and never enough.

mod boilerplate;
mod decide;
mod identity;
mod keys;
mod normal;
mod passages;
mod relaunch;
mod sketch;
mod story;
mod titles;
mod weigh;
mod words;

pub use boilerplate::{learn, strip};
pub use decide::{arrival, decide};
pub use identity::{Named, identify, lookup, tell_apart};
pub use relaunch::{lookup_by_text, relaunched};
pub use story::{Rules, THRESHOLD};

use crate::html;
use crate::model::Facts;

/// The text by which an article is compared, one line per block: its content, or its summary when
/// that says more.
fn text_of(facts: &Facts) -> String {
    let content = html::lines(facts.content.as_str());
    match &facts.summary {
        Some(summary) if summary.len() > content.len() => summary.clone(),
        _ => content,
    }
}

/// The first eight bytes of a digest of what `parts` say: the same for ever, as it is stored.
fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}
