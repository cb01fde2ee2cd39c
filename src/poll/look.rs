//! Asking a source: fetch and parse, and finding out what it is when feeds.toml leaves that open.

use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::VisitError;
use super::visit::Limits;
use crate::encoding::{self, Syntax};
use crate::extract::{self, DocumentKind};
use crate::fetch::{self, Fetch, Fetched, Fetcher, Purpose};
use crate::model::{
    Article, Category, Channel, Format, Item, Kind, Location, Reading, Repair, Source, SourceState, Text, Validators,
};
use crate::parse::{self, Looks};

/// How many feeds that a page offers are tried.
const OFFERS: usize = 3;
/// How many members of a sitemap index are read: the newest.
const SITEMAPS: usize = 5;

/// What asking a source brought.
#[derive(Debug)]
pub(super) enum Look {
    /// Nothing new since the last visit.
    Unchanged {
        /// To ask with next time; None keeps the old ones.
        validators: Option<Validators>,
        /// The server's word on when to ask again.
        fresh_for: Option<Duration>,
    },
    /// A document.
    Read(Box<Found>),
}

/// A document that was read.
#[derive(Debug)]
pub(super) struct Found {
    /// What it says.
    pub(super) reading: Reading,
    /// What it is.
    pub(super) kind: Kind,
    /// Articles that came with the document itself (folders), by the index of their item.
    pub(super) articles: Vec<Option<Article>>,
    /// Where it was found; None for folders.
    pub(super) url: Option<Url>,
    /// Where it moved for good.
    pub(super) moved_to: Option<Url>,
    pub(super) validators: Validators,
    pub(super) fresh_for: Option<Duration>,
    pub(super) body_hash: String,
}

/// Asks a source with what is remembered of it.
pub(super) async fn look(
    fetcher: &Fetcher,
    source: &Source,
    state: &SourceState,
    limits: &Limits,
) -> Result<Look, VisitError> {
    let configured = match &source.location {
        Location::Folder(path) => return folder(path, source, state, limits).await,
        Location::Web(url) => url,
    };
    let known = state.found_at.as_ref().filter(|_| source.kind == Kind::Auto);
    match ask(fetcher, known.unwrap_or(configured), source, state, limits).await {
        // The feed that was once found on the page may have moved: look at the page again.
        Err(error) if known.is_some() && !error.is_transient() => {
            ask(fetcher, configured, source, &SourceState::default(), limits).await
        }
        outcome => outcome,
    }
}

async fn ask(
    fetcher: &Fetcher,
    url: &Url,
    source: &Source,
    state: &SourceState,
    limits: &Limits,
) -> Result<Look, VisitError> {
    let fetched = match fetcher.get(url, &state.validators, Purpose::Source).await? {
        Fetch::NotModified { validators, fresh_for } => {
            return Ok(Look::Unchanged { validators: (!validators.is_empty()).then_some(validators), fresh_for });
        }
        Fetch::Gone => return Err(VisitError::Gone),
        Fetch::RetryAfter(after) => return Err(VisitError::Busy { after }),
        Fetch::Modified(fetched) => fetched,
    };
    if state.body_hash.as_deref() == Some(body_hash(&fetched.bytes).as_str()) {
        return Ok(Look::Unchanged { validators: Some(fetched.validators), fresh_for: fetched.fresh_for });
    }
    let found = match (source.kind, parse::looks(&fetched.bytes)) {
        (Kind::Page, _) => page(fetched, source, limits)?,
        (Kind::Auto, Looks::Html) => auto_page(fetcher, fetched, source, limits).await?,
        (Kind::Sitemap, Looks::Feed) => {
            return Err(VisitError::WrongKind { expected: "sitemap", found: "a feed" });
        }
        _ => feed(fetched, source, limits)?,
    };
    let found = if found.reading.format == Format::SitemapIndex {
        sitemaps(fetcher, found, source, limits).await
    } else {
        found
    };
    if found.kind == Kind::Page && found.reading.items.is_empty() {
        return Err(VisitError::NoLinks(source.id.clone()));
    }
    Ok(Look::Read(Box::new(found)))
}

/// Reads what was fetched as a feed or sitemap.
fn feed(fetched: Fetched, source: &Source, limits: &Limits) -> Result<Found, VisitError> {
    let reading = parse::read(&fetched.bytes, &options(&fetched, source, limits))?;
    let kind = match reading.format {
        Format::Sitemap | Format::SitemapIndex => Kind::Sitemap,
        _ => Kind::Feed,
    };
    Ok(found(reading, kind, fetched))
}

/// Reads what was fetched as a page that links to articles.
fn page(fetched: Fetched, source: &Source, limits: &Limits) -> Result<Found, VisitError> {
    let reading = parse::page(&fetched.bytes, &source.page, &options(&fetched, source, limits))?;
    Ok(found(reading, Kind::Page, fetched))
}

/// A web page of a source whose kind is open: a feed that it offers, else the page itself.
async fn auto_page(fetcher: &Fetcher, fetched: Fetched, source: &Source, limits: &Limits) -> Result<Found, VisitError> {
    if source.page.links.is_none() {
        let offers = parse::discover(&fetched.bytes, &options(&fetched, source, limits));
        for offer in offers.iter().take(OFFERS) {
            let Some(url) = crate::address::resolve(&offer.url, Some(&fetched.url)) else { continue };
            let Ok(Fetch::Modified(offered)) = fetcher.get(&url, &Validators::default(), Purpose::Source).await else {
                continue;
            };
            if let Ok(found) = feed(offered, source, limits)
                && !found.reading.items.is_empty()
            {
                return Ok(found);
            }
        }
    }
    page(fetched, source, limits)
}

/// Follows an index to its newest sitemaps. One that fails is named and left out.
async fn sitemaps(fetcher: &Fetcher, index: Found, source: &Source, limits: &Limits) -> Found {
    let mut members = index.reading.items.clone();
    members.sort_by_key(|item| std::cmp::Reverse(item.updated.or(item.published)));
    let mut whole = Found { reading: Reading { items: Vec::new(), ..index.reading.clone() }, ..index };
    for member in members.iter().take(SITEMAPS) {
        let Some(url) = member.url.as_deref().and_then(|url| crate::address::resolve(url, whole.url.as_ref())) else {
            continue;
        };
        match fetcher.get(&url, &Validators::default(), Purpose::Source).await {
            Ok(Fetch::Modified(fetched)) => match feed(fetched, source, limits) {
                Ok(found) if found.reading.format == Format::Sitemap => whole.reading.items.extend(found.reading.items),
                Ok(_) => whole.reading.repairs.push(Repair::new(format!("{url} is not a sitemap"))),
                Err(error) => whole.reading.repairs.push(Repair::new(format!("{url}: {}", error.in_words()))),
            },
            Ok(_) => whole.reading.repairs.push(Repair::new(format!("{url} did not answer with a sitemap"))),
            Err(error) => whole.reading.repairs.push(Repair::new(format!("{url}: {error}"))),
        }
    }
    whole.reading.format = Format::Sitemap;
    // The members change without the index: its own validators would hide that.
    whole.validators = Validators::default();
    whole.body_hash = String::new();
    whole.articles = vec![None; whole.reading.items.len()];
    whole
}

fn found(reading: Reading, kind: Kind, fetched: Fetched) -> Found {
    Found {
        articles: vec![None; reading.items.len()],
        reading,
        kind,
        body_hash: body_hash(&fetched.bytes),
        url: Some(fetched.url),
        moved_to: fetched.moved_to,
        validators: fetched.validators,
        fresh_for: fetched.fresh_for,
    }
}

fn options(fetched: &Fetched, source: &Source, limits: &Limits) -> parse::Options {
    parse::Options {
        url: Some(fetched.url.clone()),
        charset: fetched.charset.clone(),
        timezone: source.timezone,
        max_items: limits.items,
    }
}

/// Reads a folder: each document is an item that brings its article along.
async fn folder(
    path: &std::path::Path,
    source: &Source,
    state: &SourceState,
    limits: &Limits,
) -> Result<Look, VisitError> {
    let (documents, left_out) = fetch::folder(path, limits.body).await?;
    let mut hash = Sha256::new();
    for document in &documents {
        hash.update(document.name.as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(&document.bytes));
    }
    let body_hash = hex(&hash.finalize());
    if state.body_hash.as_deref() == Some(body_hash.as_str()) {
        return Ok(Look::Unchanged { validators: None, fresh_for: None });
    }
    let zone = source.timezone;
    let rules = source.article.clone();
    let read = move || documents.into_iter().map(|document| read_document(&document, zone, &rules)).collect::<Vec<_>>();
    let outcomes = tokio::task::spawn_blocking(read).await.map_err(|_| VisitError::Internal)?;
    let mut repairs: Vec<_> = left_out.into_iter().map(Repair::new).collect();
    let (mut items, mut articles) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok((item, article)) => {
                items.push(item);
                articles.push(Some(article));
            }
            Err(repair) => repairs.push(repair),
        }
    }
    let reading =
        Reading { format: Format::Article, encoding: "utf-8".into(), channel: Channel::default(), items, repairs };
    Ok(Look::Read(Box::new(Found {
        reading,
        kind: Kind::Folder,
        articles,
        url: None,
        moved_to: None,
        validators: Validators::default(),
        fresh_for: None,
        body_hash,
    })))
}

fn read_document(
    document: &fetch::Document,
    zone: chrono_tz::Tz,
    rules: &crate::model::ArticleRules,
) -> Result<(Item, Article), Repair> {
    let kind = DocumentKind::of(&document.name)
        .ok_or_else(|| Repair::new(format!("{}: not an .html, .md or .txt document", document.name)))?;
    let syntax = if kind == DocumentKind::Html { Syntax::Html } else { Syntax::Text };
    let decoded = encoding::decode(&document.bytes, None, syntax);
    let options = extract::Options { url: None, timezone: zone, rules: rules.clone() };
    let article = extract::document(&decoded.text, kind, &options)
        .map_err(|error| Repair::new(format!("{}: {error}", document.name)))?;
    Ok((document_item(document, &article), article))
}

/// What a feed would have said of a document. Its file's time stands in for a missing date: it is
/// the same at every visit.
fn document_item(document: &fetch::Document, article: &Article) -> Item {
    Item {
        id: Some(document.name.clone()),
        id_is_permalink: Some(false),
        url: article.canonical_url.clone(),
        title: article.title.clone().map(Text::plain),
        published: article.published.or(Some(document.modified.fixed_offset())),
        updated: article.modified,
        authors: article.authors.clone(),
        categories: article.tags.iter().map(Category::new).collect(),
        language: article.language.clone(),
        content: Some(Text::html(article.content_html.clone())),
        attachments: article.pictures.clone(),
        image: article.lead_image.clone(),
        ..Item::default()
    }
}

fn body_hash(bytes: &Bytes) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
