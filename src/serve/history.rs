//! Documents of a feed's history, made on request: pages of older entries, archives, and what is new since
//! an earlier version (RFC 5005, RFC 3229 with the `feed` method).

use std::collections::HashSet;

use super::jobs::{Job, PAGES, jobs, names};
use super::live::Live;
use super::refresh::{RefreshError, ending, entry_key, shelve};
use super::{Access, Outlets, Shelved};
use crate::merge::Press;
use crate::model::{Archive, Feed, Part, Story};
use crate::publish::{self, OutputFormat};
use crate::store::Span;

/// How long archives may be kept, in seconds: they hold the same entries for ever, but what is withdrawn
/// must leave them.
const ARCHIVE_MAX_AGE: u32 = 24 * 60 * 60;
/// Entries and changes that an archive can hold at most.
const MOST: usize = 10_000;

/// A document of a feed's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The feed's name in URLs.
    pub(super) slug: String,
    pub(super) piece: Piece,
    pub(super) format: OutputFormat,
}

/// Which piece of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A page, 2 or more.
    Page(usize),
    /// An archive.
    Archive(i64),
}

impl Asked {
    /// What a path and query ask for, when that is a piece of a feed's history.
    pub(super) fn of(path: &str, query: Option<&str>) -> Option<Self> {
        let (name, format) = split_format(path.strip_prefix('/')?);
        let parts: Vec<_> = name.split('/').collect();
        let (slug, piece) = match parts.as_slice() {
            [kind @ ("feeds" | "sources"), id, "page", number] => (format!("{kind}/{id}"), Piece::page(number)?),
            [kind @ ("feeds" | "sources"), id, "archive", number] if format != OutputFormat::Html => {
                (format!("{kind}/{id}"), Piece::Archive(number.parse().ok().filter(|number| *number > 0)?))
            }
            [kind @ ("feeds" | "sources"), id] => {
                let mut pairs = url::form_urlencoded::parse(query?.as_bytes());
                let (_, number) = pairs.find(|(name, _)| name == "page")?;
                (format!("{kind}/{id}"), Piece::page(&number)?)
            }
            _ => return None,
        };
        Some(Self { slug, piece, format })
    }

    /// The path of the document.
    pub(super) fn path(&self) -> String {
        let part = match self.piece {
            Piece::Page(number) => Part::Page { number, more: false },
            Piece::Archive(number) => Part::Archive { number, older: false, newer: false },
        };
        format!("/{}{}{}", self.slug, publish::suffix(part), ending(self.format))
    }
}

impl Piece {
    /// The first page is the feed itself.
    fn page(number: &str) -> Option<Self> {
        Some(Self::Page(number.parse().ok().filter(|number| *number > 1)?))
    }
}

fn split_format(name: &str) -> (&str, OutputFormat) {
    let formats = [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json];
    let found = formats.into_iter().find_map(|format| Some((name.strip_suffix(ending(format))?, format)));
    found.unwrap_or((name, OutputFormat::Html))
}

impl Live {
    /// A document of a feed's history; None when there is none.
    pub(super) async fn history(&self, asked: &Asked) -> Result<Option<Shelved>, RefreshError> {
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let jobs = jobs(&outlets, &names);
        let Some(job) = jobs.into_iter().find(|job| job.slug == asked.slug && job.has_history()) else {
            return Ok(None);
        };
        let press =
            Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now: self.clock.now() };
        let feed = match asked.piece {
            Piece::Page(number) if number > PAGES => return Ok(None),
            Piece::Page(number) => self.page(&job, &outlets, number, press).await?,
            Piece::Archive(number) => match self.store.archive(&job.slug, Some(number)).await? {
                Some(archive) => self.archive(&job, &outlets, archive, press).await?,
                None => return Ok(None),
            },
        };
        made(feed, asked.format, &job).await.map(Some)
    }

    /// Hands over every page and archive of the public feeds, with its path.
    pub async fn whole_history<E: From<RefreshError>>(
        &self,
        mut take: impl FnMut(String, Shelved) -> Result<(), E>,
    ) -> Result<(), E> {
        let outlets = self.outlets.load_full();
        let fault = |problem| E::from(RefreshError::Store(problem));
        let names = names(&outlets.sources, &self.store.health().await.map_err(fault)?);
        let press =
            Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now: self.clock.now() };
        for job in jobs(&outlets, &names).into_iter().filter(|job| !job.selection.is_protected() && job.has_history()) {
            let mut more = job.choose(&*self.store, press.now).await.map_err(fault)?.more;
            let mut number = 2;
            while more {
                let feed = self.page(&job, &outlets, number, press).await?;
                more = matches!(feed.part, Part::Page { more: true, .. });
                number += 1;
                each_form(feed, &job, &mut take).await?;
            }
            let mut number = 1;
            while let Some(archive) = self.store.archive(&job.slug, Some(number)).await.map_err(fault)? {
                each_form(self.archive(&job, &outlets, archive, press).await?, &job, &mut take).await?;
                number += 1;
            }
        }
        Ok(())
    }

    async fn page(&self, job: &Job, outlets: &Outlets, number: usize, press: Press<'_>) -> Result<Feed, RefreshError> {
        let (stories, more) = job.page(&*self.store, number, press.now).await?;
        Ok(job.part(&*self.store, outlets, stories, Part::Page { number, more }, press).await?)
    }

    async fn archive(
        &self,
        job: &Job,
        outlets: &Outlets,
        archive: Archive,
        press: Press<'_>,
    ) -> Result<Feed, RefreshError> {
        let span = Span { after: archive.after, ..Span::before(archive.last + 1) };
        let mut known = HashSet::new();
        let stories: Vec<Story> = self
            .store
            .arrivals(&job.arrivals(span, MOST))
            .await?
            .into_iter()
            .map(|arrived| arrived.story)
            .filter(|story| known.insert(story.id) && job.shows(story, press.now))
            .collect();
        let before = job.arrivals(Span::before(archive.after + 1), 1);
        let part = Part::Archive {
            number: archive.number,
            older: archive.number > 1 && !self.store.arrival_numbers(&before).await?.is_empty(),
            newer: self.store.archive(&job.slug, Some(archive.number + 1)).await?.is_some(),
        };
        Ok(job.part(&*self.store, outlets, stories, part, press).await?)
    }

    /// Of a feed's present document, the entries that an earlier version did not hold in this form.
    pub(super) async fn news(
        &self,
        path: &str,
        present: &Shelved,
        earlier: &[u64],
    ) -> Result<Option<Shelved>, RefreshError> {
        let (slug, format) = split_format(path.strip_prefix('/').unwrap_or_default());
        if format == OutputFormat::Html {
            return Ok(None);
        }
        let outlets = self.outlets.load_full();
        let names = names(&outlets.sources, &self.store.health().await?);
        let Some(job) = jobs(&outlets, &names).into_iter().find(|job| job.slug == slug && job.has_history()) else {
            return Ok(None);
        };
        let press =
            Press { site: &outlets.site, names: &names, ttl_minutes: outlets.ttl_minutes, now: self.clock.now() };
        let chosen = job.choose(&*self.store, press.now).await?;
        let archive = self.store.archive(&job.slug, None).await?.map(|archive| archive.number);
        let part = Part::Newest { archive, more: chosen.more };
        let mut feed = job.part(&*self.store, &outlets, chosen.stories, part, press).await?;
        // The store may have moved on; the answer is about the document that is served now.
        let wanted: HashSet<u64> = present.entries.iter().filter(|key| !earlier.contains(key)).copied().collect();
        feed.entries.retain(|entry| wanted.contains(&entry_key(entry)));
        if feed.entries.len() != wanted.len() {
            return Ok(None);
        }
        feed.updated = present.rendered.last_modified;
        let mut news = made(feed, format, &job).await?;
        news.rendered.etag.clone_from(&present.rendered.etag);
        Ok(Some(news))
    }
}

async fn each_form<E: From<RefreshError>>(
    feed: Feed,
    job: &Job,
    take: &mut impl FnMut(String, Shelved) -> Result<(), E>,
) -> Result<(), E> {
    for format in [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json, OutputFormat::Html] {
        if format != OutputFormat::Html || matches!(feed.part, Part::Page { .. }) {
            let path = format!("/{}{}{}", feed.slug, publish::suffix(feed.part), ending(format));
            take(path, made(feed.clone(), format, job).await?)?;
        }
    }
    Ok(())
}

async fn made(feed: Feed, format: OutputFormat, job: &Job) -> Result<Shelved, RefreshError> {
    let access = Access::tokens(&job.selection.tokens);
    let max_age = match feed.part {
        Part::Archive { .. } => ARCHIVE_MAX_AGE,
        Part::Newest { .. } | Part::Page { .. } => feed.ttl_minutes * 60,
    };
    let work = move || {
        let rendered = publish::render(&feed, format)?;
        let own = format!("{}{}{}", feed.base_url, publish::suffix(feed.part), ending(format));
        let noindex = feed.noindex;
        Ok(Shelved { noindex, ..shelve(rendered, &access, max_age, vec![format!("<{own}>; rel=\"self\"")]) })
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| RefreshError::Worker)?.map_err(RefreshError::Render)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_history_have_addresses() {
        let asked = |path: &str, query: Option<&str>| {
            Asked::of(path, query).map(|asked| (asked.slug.clone(), asked.piece, asked.path()))
        };
        let page = Some(("feeds/all".to_owned(), Piece::Page(2), "/feeds/all/page/2.rss".to_owned()));
        assert_eq!(asked("/feeds/all/page/2.rss", None), page);
        assert_eq!(asked("/feeds/all.rss", Some("token=x&page=2")), page);
        let archive = Some(("sources/a".to_owned(), Piece::Archive(3), "/sources/a/archive/3.atom".to_owned()));
        assert_eq!(asked("/sources/a/archive/3.atom", None), archive);
        for (path, query) in [
            ("/feeds/all.rss", None),
            ("/feeds/all.rss", Some("page=1")),
            ("/feeds/all.rss", Some("page=x")),
            ("/feeds/all/page/1", None),
            ("/feeds/all/archive/0.rss", None),
            ("/feeds/all/archive/1", None),
            ("/feeds/all/archive/-1.rss", None),
            ("/other/all/page/2", None),
            ("/feeds/a/b/page/2", None),
            ("", None),
        ] {
            assert_eq!(asked(path, query), None, "{path} {query:?}");
        }
    }
}
