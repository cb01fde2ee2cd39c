//! What is known of pictures by their addresses, and where kept files are from.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::sql::{Sql, values};
use super::{StoreError, read};
use crate::html;
use crate::model::{Enclosure, EntryId, Facts, Look, Media, MediaName, MediaOrigin, PictureFacts, SourceId};

/// The kind under which `entry_key` has the pictures that an entry names, beside those by which articles are
/// compared.
const NAMED: i64 = 16;

/// Writes which pictures an entry names.
pub(super) fn name(tx: &dyn Sql, number: i64, facts: &Facts) -> Result<(), StoreError> {
    tx.execute("DELETE FROM entry_key WHERE entry = $1 AND kind = $2", &values![number, NAMED])?;
    let keys: Vec<_> = named(facts).iter().map(|url| values![NAMED, digest(url), number]).collect();
    tx.execute_each(
        "INSERT INTO entry_key (kind, hash, entry) VALUES ($1, $2, $3) ON CONFLICT (kind, hash, entry) DO NOTHING",
        &keys,
    )
}

/// The pictures that an entry names: those of its files and those of its text.
pub(super) fn named(facts: &Facts) -> BTreeSet<Url> {
    let files = facts.enclosures.iter().filter(|file| file.is_image()).map(|file| file.url.clone());
    files.chain(html::picture_addresses(&facts.content)).collect()
}

/// Forgets those of these pictures that no entry names any more.
pub(super) fn forget(tx: &dyn Sql, pictures: &BTreeSet<Url>) -> Result<(), StoreError> {
    let all: Vec<_> = pictures.iter().map(|url| values![url, NAMED, digest(url)]).collect();
    tx.execute_each(
        "DELETE FROM picture WHERE url = $1 AND NOT EXISTS (SELECT 1 FROM entry_key WHERE kind = $2 AND hash = $3)",
        &all,
    )?;
    let all: Vec<_> = pictures.iter().map(|url| values![url]).collect();
    tx.execute_each(
        "DELETE FROM media WHERE url = $1 AND NOT EXISTS (SELECT 1 FROM picture WHERE picture.url = media.url)",
        &all,
    )
}

/// Forgets the pictures that these entries name and no entry does that is still published; returns the names of
/// their copies.
pub(super) fn let_go(tx: &dyn Sql, entries: &[EntryId]) -> Result<Vec<MediaName>, StoreError> {
    let mut gone = BTreeSet::new();
    for id in entries {
        let found = read::entry(tx, *id)?;
        gone.extend(found.iter().flat_map(|entry| named(&entry.facts)));
    }
    let mut copies = Vec::new();
    for url in gone {
        let is_shown: bool = tx.one(
            "SELECT EXISTS (SELECT 1 FROM entry_key JOIN entry ON entry.arrival = entry_key.entry
                            WHERE kind = $1 AND hash = $2 AND withdrawn IS NULL)",
            &values![NAMED, digest(&url)],
            |row| row.get(0),
        )?;
        if is_shown {
            continue;
        }
        tx.execute("DELETE FROM picture WHERE url = $1", &values![&url])?;
        let names: Vec<String> =
            tx.all("SELECT name FROM media WHERE url = $1 ORDER BY name", &values![&url], |row| row.get(0))?;
        for name in names {
            // The same bytes may be another picture's, too.
            let other: Option<String> = tx.first(
                "SELECT url FROM picture WHERE facts LIKE $1 ORDER BY url LIMIT 1",
                &values![format!("%{name}%")],
                |row| row.get(0),
            )?;
            if let Some(other) = other {
                tx.execute("UPDATE media SET url = $1, page = NULL WHERE name = $2", &values![other, name])?;
            } else {
                tx.execute("DELETE FROM media WHERE name = $1", &values![&name])?;
                copies.extend(name.parse::<MediaName>().ok());
            }
        }
    }
    Ok(copies)
}

fn digest(url: &Url) -> i64 {
    let digest = Sha256::digest(url.as_str());
    digest.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

/// What is known of these pictures.
pub(super) fn of(tx: &dyn Sql, urls: &[Url]) -> Result<HashMap<Url, PictureFacts>, StoreError> {
    let sets: Vec<_> = urls.iter().map(|url| values![url]).collect();
    let known = tx.all_of("SELECT facts FROM picture WHERE url = $1", &sets, |set, row| {
        Ok((urls.get(set).cloned(), serde_json::from_str(&row.get::<String>(0)?)?))
    })?;
    Ok(known.into_iter().filter_map(|(url, facts)| Some((url?, facts))).collect())
}

/// Pictures of a source that are to be looked at again.
pub(super) fn due(
    tx: &dyn Sql,
    source: &SourceId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<(Url, PictureFacts)>, StoreError> {
    tx.all(
        "SELECT url, facts FROM picture WHERE source = $1 AND due <= $2 ORDER BY due LIMIT $3",
        &values![source, now, limit],
        |row| Ok((row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?)),
    )
}

/// Writes what was learnt of a picture, and where its copy is from. Returns the source whose articles look
/// different now. Without `source` the picture stays with the one it was found in.
pub(super) fn put(
    tx: &dyn Sql,
    source: Option<&SourceId>,
    url: &Url,
    facts: &PictureFacts,
) -> Result<Option<SourceId>, StoreError> {
    let before: Option<(String, Option<SourceId>)> =
        tx.first("SELECT facts, source FROM picture WHERE url = $1", &values![url], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let text = serde_json::to_string(facts)?;
    let owner = source.or(before.as_ref().and_then(|(_, owner)| owner.as_ref()));
    let write = match before {
        Some(_) => "UPDATE picture SET facts = $1, source = $2, due = $3 WHERE url = $4",
        None => "INSERT INTO picture (facts, source, due, url) VALUES ($1, $2, $3, $4)",
    };
    tx.execute(write, &values![text, owner, facts.due, url])?;
    if let Some(mirrored) = facts.mirrored() {
        let names = std::iter::once(mirrored.name).chain(mirrored.jpeg.map(|(name, _)| name));
        let origins: Vec<_> = names.map(|name| values![name.to_string(), url, facts.page.as_ref()]).collect();
        tx.execute_each(
            "INSERT INTO media (name, url, page) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET url = excluded.url, page = excluded.page",
            &origins,
        )?;
    }
    let before: Option<PictureFacts> = before.as_ref().map(|(facts, _)| serde_json::from_str(facts)).transpose()?;
    let shows_the_same = before.is_some_and(|before| before.shows_as(facts));
    Ok(owner.filter(|_| !shows_the_same).cloned())
}

/// Where a kept file is from.
pub(super) fn origin(tx: &dyn Sql, name: MediaName) -> Result<Option<MediaOrigin>, StoreError> {
    tx.first("SELECT url, page FROM media WHERE name = $1", &values![name.to_string()], |row| {
        let page: Option<String> = row.get(1)?;
        Ok(MediaOrigin { url: row.get(0)?, page: page.and_then(|page| Url::parse(&page).ok()) })
    })
}

/// Makes the pictures among an entry's files what they were found to be, and leaves out those that are
/// none. One that nobody looked at stays as its source describes it.
pub(super) fn make_true(tx: &dyn Sql, files: &mut Vec<Enclosure>) -> Result<(), StoreError> {
    let urls: Vec<Url> = files.iter().filter(|file| file.is_image()).map(|file| file.url.clone()).collect();
    if urls.is_empty() {
        return Ok(());
    }
    let known = of(tx, &urls)?;
    files.retain_mut(|file| {
        let facts = if file.is_image() { known.get(&file.url) } else { None };
        match facts.map(|facts| &facts.look) {
            None | Some(Look::Waiting {}) => true,
            Some(Look::Unusable { .. }) => false,
            Some(Look::Picture { mime_type, length, width, height }) => {
                file.mime_type.clone_from(mime_type);
                file.length = *length;
                if let Media::Image { width: wide, height: high, .. } = &mut file.media {
                    (*wide, *high) = (Some(*width), Some(*height));
                }
                true
            }
        }
    });
    Ok(())
}
