//! What is known of pictures by their addresses, and where kept files are from.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};
use url::Url;

use super::StoreError;
use super::rows::micros;
use super::schedule::source_id;
use crate::model::{Enclosure, Look, Media, MediaName, MediaOrigin, PictureFacts, SourceId};

/// What is known of these pictures.
pub(super) fn of(tx: &Transaction<'_>, urls: Vec<Url>) -> Result<HashMap<Url, PictureFacts>, StoreError> {
    let mut known = HashMap::new();
    for url in urls {
        if let Some(facts) = one(tx, &url)? {
            known.insert(url, facts);
        }
    }
    Ok(known)
}

fn one(tx: &Transaction<'_>, url: &Url) -> Result<Option<PictureFacts>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT facts FROM picture WHERE url = $1")?;
    let text: Option<String> = statement.query_row([url.as_str()], |row| row.get(0)).optional()?;
    text.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

/// Pictures of a source that are to be looked at again.
pub(super) fn due(
    tx: &Transaction<'_>,
    source: &SourceId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<(Url, PictureFacts)>, StoreError> {
    let mut statement =
        tx.prepare_cached("SELECT url, facts FROM picture WHERE source = $1 AND due <= $2 ORDER BY due LIMIT $3")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![source.as_str(), micros(now), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let url = row.get::<_, String>(0)?;
        let url = Url::parse(&url).map_err(|_| StoreError::Damaged(format!("{url:?} is no address of a picture")))?;
        found.push((url, serde_json::from_str(&row.get::<_, String>(1)?)?));
    }
    Ok(found)
}

/// Writes what was learnt of a picture, and where its copy is from. Returns the source whose articles look
/// different now. Without `source` the picture stays with the one it was found in.
pub(super) fn put(
    tx: &Transaction<'_>,
    source: Option<&SourceId>,
    url: &Url,
    facts: &PictureFacts,
) -> Result<Option<SourceId>, StoreError> {
    let before = one(tx, url)?;
    tx.prepare_cached(
        "INSERT INTO picture (url, facts, source, due) VALUES ($1, $2, $3, $4) ON CONFLICT (url) DO UPDATE
         SET facts = excluded.facts, source = coalesce(excluded.source, source), due = excluded.due",
    )?
    .execute(params![
        url.as_str(),
        serde_json::to_string(facts)?,
        source.map(SourceId::as_str),
        facts.due.map(micros)
    ])?;
    if let Some(mirrored) = facts.mirrored() {
        let mut origin = tx.prepare_cached(
            "INSERT INTO media (name, url, page) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET url = excluded.url, page = excluded.page",
        )?;
        for name in std::iter::once(mirrored.name).chain(mirrored.jpeg.map(|(name, _)| name)) {
            origin.execute(params![name.to_string(), url.as_str(), facts.page.as_ref().map(Url::as_str)])?;
        }
    }
    if before.is_some_and(|before| before.shows_as(facts)) {
        return Ok(None);
    }
    let mut owner = tx.prepare_cached("SELECT source FROM picture WHERE url = $1")?;
    let owner: Option<String> = owner.query_row([url.as_str()], |row| row.get(0))?;
    owner.map(|id| source_id(&id)).transpose()
}

/// Where a kept file is from.
pub(super) fn origin(tx: &Transaction<'_>, name: MediaName) -> Result<Option<MediaOrigin>, StoreError> {
    let row: Option<(String, Option<String>)> = tx
        .prepare_cached("SELECT url, page FROM media WHERE name = $1")?
        .query_row([name.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((url, page)) = row else { return Ok(None) };
    let url = Url::parse(&url).map_err(|_| StoreError::Damaged(format!("{url:?} is no address of a picture")))?;
    Ok(Some(MediaOrigin { url, page: page.and_then(|page| Url::parse(&page).ok()) }))
}

/// Makes the pictures among an entry's files what they were found to be, and leaves out those that are
/// none. One that nobody looked at stays as its source describes it.
pub(super) fn make_true(tx: &Transaction<'_>, files: &mut Vec<Enclosure>) -> Result<(), StoreError> {
    let mut all = Vec::with_capacity(files.len());
    for mut file in files.drain(..) {
        let facts = if file.is_image() { one(tx, &file.url)? } else { None };
        match facts.map(|facts| facts.look) {
            None | Some(Look::Waiting {}) => {}
            Some(Look::Unusable { .. }) => continue,
            Some(Look::Picture { mime_type, length, width, height }) => {
                file.mime_type = mime_type;
                file.length = length;
                if let Media::Image { width: wide, height: high, .. } = &mut file.media {
                    (*wide, *high) = (Some(width), Some(height));
                }
            }
        }
        all.push(file);
    }
    *files = all;
    Ok(())
}
