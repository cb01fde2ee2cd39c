//! What a source says and what its page yields, made into [`Facts`]: valid addresses, safe HTML,
//! plain titles, times in UTC. Pure.

mod content;
mod enclosures;
mod identity;
mod language;
mod people;
mod text;
mod times;

use chrono::{DateTime, Utc};
use url::Url;

use crate::address;
use crate::model::{Article, Category, Facts, Item, Origin, Source};

pub use content::is_summary_only;
pub use identity::{item_hash, native_id};
pub use language::tidy as language;
pub use text::{html, html_for_show, plain};

/// Topics of one entry; more are no topics any more.
const CATEGORIES: usize = 40;
/// A headline made of the text has this many characters at most.
const MADE_TITLE: usize = 90;
/// A headline is cut here; longer ones are whole articles in the wrong place.
const TITLE: usize = 500;

/// What cleaning needs to know besides the item.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The source.
    pub source: &'a Source,
    /// What relative addresses are relative to when the document does not say.
    pub base: Option<&'a Url>,
    /// The language of the channel.
    pub language: Option<&'a str>,
    /// The present moment; dates beyond it are not believed.
    pub now: DateTime<Utc>,
}

/// Why an item cannot become an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// It has neither title nor text.
    #[error("an item has neither a title nor a text")]
    Nothing,
}

/// What an item came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// Its facts. The enclosures are as stated; `poll` has them looked at.
    pub facts: Facts,
    /// Whether the page was read, but the item's own text is the fuller one and was taken.
    pub feed_is_fuller: bool,
}

/// Makes an item, and its article when the page was fetched, into facts.
pub fn entry(item: &Item, article: Option<&Article>, context: Context<'_>) -> Result<Cleaned, CleanError> {
    let rules = &context.source.address;
    let url = item.url.as_deref().and_then(|url| address::resolve(url, context.base)).map(|url| rules.untracked(&url));
    let base = url.as_ref().or(context.base);
    let body = content::choose(item, article, base);
    let text = crate::html::plain(body.content.as_str());
    let title =
        title(item, article, body.summary.as_deref().unwrap_or(&text), url.as_ref()).ok_or(CleanError::Nothing)?;
    let stated = article.and_then(|article| article.language.as_deref());
    let language = language::choose(
        [item.language.as_deref(), stated, context.source.language.as_deref(), context.language],
        &text,
    );
    let native_id = native_id(item, context.base, rules);
    let feed_is_fuller = body.feed_is_fuller;
    let facts = Facts {
        source: context.source.id.clone(),
        id_is_uri: identity::is_uri(item, &native_id),
        canonical_url: canonical(article, url.as_ref(), rules),
        enclosures: enclosures::collect(item, article, &body.content, base),
        authors: people::choose(item, article),
        categories: categories(item, article),
        published: times::published(item, article, context.now),
        updated: times::updated(item, article, context.now),
        rights: item.rights.as_ref().map(plain).filter(|text| !text.is_empty()),
        comments: item.comments.as_deref().and_then(|url| address::resolve(url, context.base)),
        origin: origin(item, context.base),
        item_hash: item_hash(item),
        native_id,
        url,
        title,
        summary: body.summary,
        content: body.content,
        is_full_text: body.is_full_text,
        language,
    };
    Ok(Cleaned { facts, feed_is_fuller })
}

/// The headline: the item's, the page's, the first words of the text, the last part of the address.
fn title(item: &Item, article: Option<&Article>, text: &str, url: Option<&Url>) -> Option<String> {
    let stated = item.title.as_ref().map(plain);
    let of_page = || article.and_then(|article| article.title.as_deref()).map(crate::html::fold);
    let of_text = || Some(text::cut(text, MADE_TITLE));
    let of_address =
        || url.map(|url| url.path().rsplit('/').find(|part| !part.is_empty()).unwrap_or(url.as_str()).to_owned());
    let has_words = |title: &String| title.chars().any(char::is_alphanumeric);
    stated
        .filter(has_words)
        .or_else(|| of_page().filter(has_words))
        .or_else(|| of_text().filter(has_words))
        .or_else(|| of_address().filter(has_words))
        .map(|title| text::cut(&title, TITLE))
}

/// The address that the page names as its own, unless that is the home page of the site.
fn canonical(article: Option<&Article>, url: Option<&Url>, rules: &address::Rules) -> Option<Url> {
    let canonical = address::resolve(article?.canonical_url.as_deref()?, url)?;
    let is_home = canonical.path().trim_matches('/').is_empty() && canonical.query().is_none();
    (!is_home).then(|| rules.untracked(&canonical))
}

fn categories(item: &Item, article: Option<&Article>) -> Vec<Category> {
    let of_page = article.filter(|_| item.categories.is_empty());
    let of_page =
        of_page.into_iter().flat_map(|article| article.section.iter().chain(&article.tags)).map(Category::new);
    let mut categories: Vec<Category> = Vec::new();
    for category in item.categories.iter().cloned().chain(of_page) {
        let term = crate::html::plain(&category.term);
        let label = category.label.as_deref().map(crate::html::plain).filter(|label| !label.is_empty());
        let known = categories.iter().any(|have| have.term.to_lowercase() == term.to_lowercase());
        if !term.is_empty() && !known && categories.len() < CATEGORIES {
            categories.push(Category { term, label, scheme: category.scheme });
        }
    }
    categories
}

fn origin(item: &Item, base: Option<&Url>) -> Option<Origin> {
    let source = item.source.as_ref()?;
    let title = source.title.as_deref().map(crate::html::fold).filter(|title| !title.is_empty());
    let url = source.url.as_deref().and_then(|url| address::resolve(url, base));
    (title.is_some() || url.is_some()).then_some(Origin { title, url })
}
