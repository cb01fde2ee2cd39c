//! The true type, length and size of pictures: learnt once, remembered in the store.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use url::Url;

use crate::fetch::Fetcher;
use crate::model::{Enclosure, Facts, Media, PictureFacts};
use crate::store::{Store, StoreError};

/// Pictures looked at in one visit; those beyond it keep what the source says of them.
const PICTURES: usize = 400;
/// Pictures of one entry that are looked at.
const PER_ENTRY: usize = 20;
/// Pictures looked at the same time; the fetcher's limit per host is below it.
const AT_ONCE: usize = 8;
/// What was no usable picture is looked at again after this.
const RETRY_UNUSABLE: TimeDelta = TimeDelta::hours(12);

/// Looks at the pictures of all facts that are not known yet, and makes the enclosures true.
/// Returns what was learnt.
pub(super) async fn look(
    fetcher: &Fetcher,
    store: &Arc<dyn Store>,
    facts: &mut [&mut Facts],
    now: DateTime<Utc>,
) -> Result<Vec<(Url, PictureFacts)>, StoreError> {
    let wanted = wanted(facts);
    let urls: Vec<Url> = wanted.keys().cloned().collect();
    let mut known = store.pictures(&urls).await?;
    known.retain(|_, facts| match facts {
        PictureFacts::Picture { .. } => true,
        PictureFacts::Unusable { learnt, .. } => now - *learnt < RETRY_UNUSABLE,
    });
    let missing: Vec<_> = wanted.into_iter().filter(|(url, _)| !known.contains_key(url)).take(PICTURES).collect();
    let learnt: Vec<(Url, PictureFacts)> = futures_util::stream::iter(missing)
        .map(|(url, page)| async move {
            let facts = fetcher.picture(&url, page.as_ref(), now).await;
            (url, facts)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    known.extend(learnt.iter().cloned());
    for one in facts {
        one.enclosures = std::mem::take(&mut one.enclosures)
            .into_iter()
            .filter_map(|enclosure| truthful(enclosure, &known))
            .collect();
    }
    Ok(learnt)
}

/// The pictures to be known, each with the page it stands on.
fn wanted(facts: &[&mut Facts]) -> std::collections::BTreeMap<Url, Option<Url>> {
    let mut wanted = std::collections::BTreeMap::new();
    for one in facts {
        let mut seen = BTreeSet::new();
        let pictures = one.enclosures.iter().filter(|enclosure| enclosure.is_image());
        for picture in pictures.filter(|picture| seen.insert(picture.url.clone())).take(PER_ENTRY) {
            wanted.entry(picture.url.clone()).or_insert_with(|| one.url.clone());
        }
    }
    wanted
}

/// The enclosure as it really is; None when it is no usable picture. One that was not looked at
/// stays as the source describes it.
fn truthful(mut enclosure: Enclosure, known: &HashMap<Url, PictureFacts>) -> Option<Enclosure> {
    let Media::Image { width, height, .. } = &mut enclosure.media else { return Some(enclosure) };
    match known.get(&enclosure.url) {
        None => Some(enclosure),
        Some(PictureFacts::Unusable { .. }) => None,
        Some(PictureFacts::Picture { mime_type, length, width: true_width, height: true_height, .. }) => {
            enclosure.mime_type.clone_from(mime_type);
            enclosure.length = *length;
            (*width, *height) = (Some(*true_width), Some(*true_height));
            Some(enclosure)
        }
    }
}
