//! Entries as an admin names them: by what stands in a complaint, a feed or a page.

use url::Url;

use super::Failure;
use crate::config::Config;
use crate::dedup;
use crate::model::EntryId;
use crate::store::Store;

/// How one may be named, for the help of commands.
pub(super) const WAYS: &str = "the address of the article or of its page here, its id in a feed, or the 32 digits that the page's address ends with";

/// The entries of this name, the likeliest first.
pub(super) async fn entries(store: &dyn Store, config: &Config, text: &str) -> Result<Vec<EntryId>, Failure> {
    let digits = text.trim_end_matches('/').rsplit('/').next().unwrap_or(text);
    if let Ok(id) = digits.parse::<EntryId>()
        && store.entry(id).await.map_err(Failure::new)?.is_some()
    {
        return Ok(vec![id]);
    }
    let mut found: Vec<EntryId> = store.entry_of(text).await.map_err(Failure::new)?.into_iter().collect();
    let url = Url::parse(text).ok();
    for source in &config.sources {
        let lookup = dedup::lookup(text, url.as_ref(), &source.address);
        let known = store.known(&source.id, &[lookup]).await.map_err(Failure::new)?;
        found.extend(known.into_iter().map(|known| known.id));
    }
    if found.is_empty() {
        return Err(Failure::message(format!("there is no entry {text} in the store"))
            .hint(format!("an entry is named by {WAYS}")));
    }
    Ok(found)
}
