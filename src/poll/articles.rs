//! Items to facts: which of them are worth work, and the full text of those that need it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use url::Url;

use super::look::Found;
use super::visit::Limits;
use crate::address;
use crate::clean::{self, Cleaned};
use crate::dedup;
use crate::encoding::{self, Syntax};
use crate::extract::{self, ExtractError};
use crate::fetch::{Fetch, Fetcher, Purpose};
use crate::model::{Article, EntryId, Facts, Finding, FullText, Item, Kind, Known, Lookup, Source, Validators};
use crate::store::{Store, StoreError};

/// Pages of one source that are fetched at the same time; the fetcher's limit per host is below it.
const PAGES_AT_ONCE: usize = 8;
/// Pages of one article that are joined.
const PARTS: usize = 10;
/// A page that yielded no text is tried again at later visits for this long.
const RETRY_PAGES_FOR: TimeDelta = TimeDelta::hours(24);

/// An item with what the store knows of it.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) item: Item,
    pub(super) article: Option<Article>,
    pub(super) known: Option<Known>,
    item_hash: String,
    native_id: String,
}

/// What a document's items come to.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Items that are new, changed, or still without their text.
    pub(super) tasks: Vec<Task>,
    /// Known entries of unchanged items.
    pub(super) seen: Vec<EntryId>,
    /// Whether items were left for the next visit.
    pub(super) unfinished: bool,
}

/// Compares the items with what the store knows of them.
pub(super) async fn sort(
    store: &Arc<dyn Store>,
    source: &Source,
    found: &mut Found,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<Sorted, StoreError> {
    let base = found.url.clone();
    let mut items: Vec<_> = std::mem::take(&mut found.reading.items)
        .into_iter()
        .zip(std::mem::take(&mut found.articles).into_iter().chain(std::iter::repeat(None)))
        .collect();
    if found.kind == Kind::Sitemap {
        // A sitemap lists years of articles; news are at its newest end.
        items.sort_by_key(|(item, _)| std::cmp::Reverse(item.published.or(item.updated)));
        items.truncate(limits.listed);
    }
    let lookups = lookups(&items, base.as_ref(), &source.address);
    let known = Index::new(store.known(&source.id, &lookups).await?);
    let mut sorted = Sorted::default();
    let mut pages = 0;
    let mut given = HashSet::new();
    for ((item, article), lookup) in items.into_iter().zip(lookups) {
        // The same article given twice; documents have the newest version first.
        if !given.insert(lookup.native_id.clone()) {
            continue;
        }
        let item_hash = clean::item_hash(&item);
        let title = item.title.as_ref().map(clean::plain).unwrap_or_default();
        let candidates = known.candidates(&lookup);
        let known = dedup::identify(&lookup, &title, &candidates).cloned();
        let task = Task { item, article, known, item_hash, native_id: lookup.native_id };
        if task.is_settled(source, found.kind, now) {
            sorted.seen.extend(task.known.map(|known| known.id));
        } else if task.article.is_none() && needs_page(&task.item, source, found.kind) && {
            pages += 1;
            pages > limits.pages
        } {
            sorted.unfinished = true;
            sorted.seen.extend(task.known.map(|known| known.id));
        } else {
            sorted.tasks.push(task);
        }
    }
    Ok(sorted)
}

/// How each item is looked up. An id that several different articles of the document share names none
/// of them; they are told apart by address and headline.
fn lookups(items: &[(Item, Option<Article>)], base: Option<&Url>, rules: &address::Rules) -> Vec<Lookup> {
    let facts: Vec<(String, Option<Url>, String)> = items
        .iter()
        .map(|(item, _)| {
            let url = item.url.as_deref().and_then(|url| crate::address::resolve(url, base));
            let title = item.title.as_ref().map(clean::plain).unwrap_or_default();
            (clean::native_id(item, base, rules), url, title)
        })
        .collect();
    let named: Vec<dedup::Named<'_>> =
        facts.iter().map(|(native_id, url, title)| dedup::Named { native_id, url: url.as_ref(), title }).collect();
    let ids = dedup::tell_apart(&named, rules);
    ids.iter().zip(&facts).map(|(id, (_, url, _))| dedup::lookup(id, url.as_ref(), rules)).collect()
}

/// The known entries of a visit by what they are looked up with.
struct Index {
    by_id: HashMap<String, Vec<Known>>,
    by_url: HashMap<crate::model::Key, Vec<Known>>,
}

impl Index {
    fn new(known: Vec<Known>) -> Self {
        let mut index = Self { by_id: HashMap::new(), by_url: HashMap::new() };
        for one in known {
            if let Some(url) = one.url {
                index.by_url.entry(url).or_default().push(one.clone());
            }
            index.by_id.entry(one.native_id.clone()).or_default().push(one);
        }
        index
    }

    fn candidates(&self, lookup: &Lookup) -> Vec<Known> {
        let mut all: Vec<Known> = self.by_id.get(&lookup.native_id).cloned().unwrap_or_default();
        for known in lookup.url.and_then(|url| self.by_url.get(&url)).into_iter().flatten() {
            if !all.iter().any(|have| have.id == known.id) {
                all.push(known.clone());
            }
        }
        all
    }
}

impl Task {
    /// Whether nothing is to be done: known, unchanged, and its text is there or not to be had.
    fn is_settled(&self, source: &Source, kind: Kind, now: DateTime<Utc>) -> bool {
        let Some(known) = self.known.as_ref().filter(|known| known.item_hash == self.item_hash) else {
            return false;
        };
        known.is_full_text || !needs_page(&self.item, source, kind) || now - known.first_seen > RETRY_PAGES_FOR
    }
}

/// Whether an item's page has to be fetched.
fn needs_page(item: &Item, source: &Source, kind: Kind) -> bool {
    if item.url.is_none() || kind == Kind::Folder {
        return false;
    }
    match source.full_text {
        FullText::Always => true,
        FullText::Never => false,
        FullText::Auto => matches!(kind, Kind::Page | Kind::Sitemap) || clean::is_summary_only(item),
    }
}

/// What the tasks come to, with the pages that gave nothing, in words.
pub(super) struct Articles {
    pub(super) facts: Vec<(Facts, Option<Known>)>,
    pub(super) problems: Vec<String>,
    /// Known entries whose item changed, but whose kept text is the better one.
    pub(super) seen: Vec<EntryId>,
}

/// Fetches the pages that are needed and cleans everything.
pub(super) async fn finish(
    fetcher: &Fetcher,
    source: &Source,
    found: &Found,
    tasks: Vec<Task>,
    now: DateTime<Utc>,
) -> Articles {
    let kind = found.kind;
    let base = found.url.as_ref();
    let language = found.reading.channel.language.as_deref();
    let mut work = futures_util::stream::iter(tasks)
        .map(|task| async move {
            let url = (task.article.is_none() && needs_page(&task.item, source, kind))
                .then(|| task.item.url.as_deref().and_then(|url| crate::address::resolve(url, base)))
                .flatten();
            let page = match url {
                Some(url) => Some((article_at(fetcher, source, &url).await, url)),
                None => None,
            };
            (task, page)
        })
        .buffered(PAGES_AT_ONCE);
    let mut articles = Articles { facts: Vec::new(), problems: Vec::new(), seen: Vec::new() };
    while let Some((mut task, page)) = work.next().await {
        let listed_only = matches!(kind, Kind::Page | Kind::Sitemap);
        match page {
            Some((Ok(article), _)) => task.article = Some(article),
            Some((Err(problem), url)) => {
                articles.problems.push(format!("no full text for {url}: {problem}"));
                // A bare link is no article; it is tried again as long as the list has it.
                if listed_only {
                    continue;
                }
            }
            None => {}
        }
        let context = clean::Context { source, base, language, now };
        let cleaned = clean::entry(&task.item, task.article.as_ref(), context);
        if let Ok(Cleaned { facts, feed_is_fuller: true }) = &cleaned
            && facts.is_full_text
        {
            let place = facts.url.as_ref().map_or(facts.title.as_str(), Url::as_str);
            articles.problems.push(format!("the feed says more than the page {place}, so its text was taken"));
        }
        match cleaned.map(|cleaned| cleaned.facts) {
            // A text that is there is not given up for a summary because its page could not be read this time.
            Ok(facts) if !facts.is_full_text && task.known.as_ref().is_some_and(|known| known.is_full_text) => {
                articles.seen.extend(task.known.map(|known| known.id));
            }
            Ok(mut facts) => {
                facts.id_is_uri &= facts.native_id == task.native_id;
                facts.native_id = task.native_id;
                articles.facts.push((facts, task.known));
            }
            Err(error) => articles.problems.push(error.to_string()),
        }
    }
    articles
}

/// When a source that was rebuilt delivers its old articles again, they are the known ones.
pub(super) async fn recognise_relaunch(
    store: &Arc<dyn Store>,
    source: &Source,
    items: usize,
    changed: &mut [(Facts, Option<Known>)],
) -> Result<(), StoreError> {
    let new: Vec<&Facts> = changed.iter().filter(|(_, known)| known.is_none()).map(|(facts, _)| facts).collect();
    if new.len() * 2 < items {
        return Ok(());
    }
    let lookups: Vec<Lookup> = new.iter().filter_map(|facts| dedup::lookup_by_text(facts)).collect();
    let known = store.known(&source.id, &lookups).await?;
    let found = dedup::relaunched(&new, &known);
    let unknown = changed.iter_mut().filter(|(_, known)| known.is_none());
    unknown.zip(found).for_each(|((_, known), found)| *known = found);
    Ok(())
}

/// The whole article at an address; the reason in words when there is none.
async fn article_at(fetcher: &Fetcher, source: &Source, url: &Url) -> Result<Article, String> {
    let options = extract::Options { url: None, timezone: source.timezone, rules: source.article.clone() };
    let Page { read, version, url } = page_at(fetcher, url, &options).await.map_err(|problem| problem.why)?;
    let read = with_another_version(fetcher, read, version, &options).await;
    let article = read.and_then(extract::publishable).map_err(|error| error.to_string())?;
    with_its_pages(fetcher, article, &url, &options).await
}

/// A page's article, where need be with the text of another version of the page.
pub async fn with_another_version(
    fetcher: &Fetcher,
    read: Result<Article, ExtractError>,
    version: Option<extract::Version>,
    options: &extract::Options,
) -> Result<Article, ExtractError> {
    let Some(version) = version else { return read };
    let second = one_page(fetcher, &version.url, options).await;
    extract::fuller(read, &version, second.map(|(article, _)| article).map_err(|problem| problem.why))
}

/// Why a page gave nothing.
struct NoPage {
    why: String,
    /// Whether trying again later may help.
    transient: bool,
}

/// An article with the text of its further pages, whose first was at `url`. An error means that one of them
/// could not be had for now; one that is gone takes nothing away.
pub async fn with_its_pages(
    fetcher: &Fetcher,
    mut whole: Article,
    url: &Url,
    options: &extract::Options,
) -> Result<Article, String> {
    let mut seen = HashSet::from([url.clone()]);
    let mut next = whole.next_page.take();
    while let Some(url) = next.and_then(|next| Url::parse(&next).ok()) {
        if seen.len() == PARTS || !seen.insert(url.clone()) {
            break;
        }
        match one_page(fetcher, &url, options).await {
            Ok((mut part, _)) => {
                next = part.next_page.take();
                if !extract::join(&mut whole, part) {
                    break;
                }
                let why = format!("the text goes on at {url}");
                whole.findings.push(Finding { field: "content", why });
            }
            Err(NoPage { why, transient: true }) => return Err(format!("its page {url}: {why}")),
            Err(NoPage { why, .. }) => {
                whole.findings.push(Finding { field: "content", why: format!("the text may go on at {url}: {why}") });
                break;
            }
        }
    }
    Ok(whole)
}

/// What a page gave.
struct Page {
    read: Result<Article, ExtractError>,
    /// Another version of it, where it shows no article or hardly any.
    version: Option<extract::Version>,
    /// Where it was in the end.
    url: Url,
}

/// The article of one page, and where it was in the end.
async fn one_page(fetcher: &Fetcher, url: &Url, options: &extract::Options) -> Result<(Article, Url), NoPage> {
    let Page { read, url, .. } = page_at(fetcher, url, options).await?;
    match read.and_then(extract::publishable) {
        Ok(article) => Ok((article, url)),
        Err(error) => Err(NoPage { why: error.to_string(), transient: false }),
    }
}

async fn page_at(fetcher: &Fetcher, url: &Url, options: &extract::Options) -> Result<Page, NoPage> {
    let lasting = |why: String| NoPage { why, transient: false };
    let fetched = match fetcher.get(url, &Validators::default(), Purpose::Article).await {
        Ok(Fetch::Modified(fetched)) => fetched,
        Ok(Fetch::Gone) => return Err(lasting("the page is gone (410)".into())),
        Ok(Fetch::RetryAfter(_)) => return Err(NoPage { why: "the server asks to wait".into(), transient: true }),
        Ok(Fetch::NotModified { .. }) => {
            return Err(lasting("the server says \"not modified\" although nothing was compared".into()));
        }
        Err(error) => {
            let transient = error.is_transient();
            return Err(NoPage { why: super::VisitError::Fetch(error).in_words(), transient });
        }
    };
    let place = fetched.url.clone();
    let options = extract::Options { url: Some(place.clone()), ..options.clone() };
    // Reading a big page takes a while, and must not hold up other sources.
    let read = move || {
        let decoded = encoding::decode(&fetched.bytes, fetched.charset.as_deref(), Syntax::Html);
        let read = extract::page(&decoded.text, &options);
        let version = extract::version(&decoded.text, &read, &options);
        (read, version)
    };
    match tokio::task::spawn_blocking(read).await {
        Ok((read, version)) => Ok(Page { read, version, url: place }),
        Err(_) => Err(lasting("newsriver itself failed on this page; please report it".into())),
    }
}
