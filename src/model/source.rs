//! What is read: a configured source, and what is remembered of its last visits.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Amount, SourceId};
use crate::address;

/// One configured thing to read: `[sources.<id>]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name in feeds.toml.
    pub id: SourceId,
    /// What people call it; None leaves it to what the source says of itself.
    pub title: Option<String>,
    /// Where it is.
    pub location: Location,
    /// What it is.
    pub kind: Kind,
    /// Labels that feeds can select by.
    pub tags: Vec<String>,
    /// How often it is visited.
    pub cadence: Cadence,
    /// When an entry's page is fetched for its full text.
    pub full_text: FullText,
    /// What becomes of pictures.
    pub images: Images,
    /// Language (BCP 47) of entries that do not state theirs.
    pub language: Option<String>,
    /// Zone of dates that carry none.
    pub timezone: Tz,
    /// Which of several sources leads a story; higher wins.
    pub priority: i32,
    /// What becomes of articles whose page is gone there.
    pub when_gone: WhenGone,
    /// What may be published of it; None sets no bounds.
    pub agreement: Option<Agreement>,
    /// Help with the list of articles, for pages.
    pub page: PageRules,
    /// Help with the article itself.
    pub article: ArticleRules,
    /// What counts in its addresses.
    pub address: address::Rules,
}

/// Where a source is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// An http or https address.
    Web(Url),
    /// A folder of documents on this machine.
    Folder(PathBuf),
}

impl Location {
    /// The host it is on; None for folders.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Web(url) => url.host_str(),
            Self::Folder(_) => None,
        }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Web(url) => url.fmt(f),
            Self::Folder(path) => write!(f, "folder:{}", path.display()),
        }
    }
}

/// What a source is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Found out by looking.
    #[default]
    Auto,
    /// A feed of any dialect.
    Feed,
    /// A page that links to articles.
    Page,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    /// A folder of documents.
    Folder,
}

/// How often a source is visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cadence {
    /// By how often it publishes, within the limits of the scheduler.
    #[default]
    Adaptive,
    /// At this distance.
    Every(Duration),
}

/// When the page of an entry is fetched for its full text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FullText {
    /// When the source gives only a summary.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What becomes of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Images {
    /// They stay where they are.
    #[default]
    Link,
    /// They are copied and served from here.
    Mirror,
}

/// What becomes of articles whose page is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenGone {
    /// They are withdrawn here too.
    #[default]
    Withdraw,
    /// They stay.
    Keep,
}

/// `[sources.<id>.agreement]`: what may be published of a source, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Where it is written down.
    pub reference: Option<String>,
    /// When it ends; from then on only [`Amount::Summary`] is published. None when it does not end.
    pub until: Option<DateTime<Utc>>,
    /// How much of an article it covers.
    pub amount: Amount,
    /// Whether it covers pictures and other files.
    pub pictures: bool,
}

impl Agreement {
    /// How much of an article may be published at a time, and whether with its pictures.
    pub fn covers(&self, now: DateTime<Utc>) -> (Amount, bool) {
        if self.until.is_some_and(|until| until <= now) {
            (self.amount.min(Amount::Summary), false)
        } else {
            (self.amount, self.pictures)
        }
    }
}

/// `[sources.<id>.page]`: help with a news page. Selectors are valid CSS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRules {
    /// Selects the links to articles; None leaves it to newsriver.
    pub links: Option<String>,
}

/// `[sources.<id>.article]`: help with full text. Selectors are valid CSS; the first match counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticleRules {
    /// The element that holds the article's text.
    pub content: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The byline.
    pub author: Option<String>,
    /// The date of publication.
    pub date: Option<String>,
    /// Elements that never belong to the article.
    pub remove: Vec<String>,
}

/// What a server said, to be sent back unchanged when asking again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header, byte for byte.
    pub etag: Option<String>,
    /// The `Last-Modified` header, byte for byte.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is nothing to ask with.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What the store remembers of a source between visits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The location all the rest is about; when feeds.toml names another, the rest is void.
    pub location: String,
    /// What the source calls itself.
    pub title: Option<String>,
    /// Its home page.
    pub home_page: Option<Url>,
    /// Where the feed was found, when `location` is a site that has one.
    pub found_at: Option<Url>,
    /// What was found there, when the configured kind is `auto`.
    pub found_kind: Option<Kind>,
    /// For conditional requests.
    pub validators: Validators,
    /// Digest of the last body.
    pub body_hash: Option<String>,
    /// When it is to be visited next; None means now.
    pub next_visit: Option<DateTime<Utc>>,
    /// When it was last asked.
    pub last_visit: Option<DateTime<Utc>>,
    /// When it last answered well.
    pub last_success: Option<DateTime<Utc>>,
    /// When it last had something new.
    pub last_news: Option<DateTime<Utc>>,
    /// Failures since the last success.
    pub failures: u32,
    /// The last failure, in words for the admin.
    pub last_error: Option<String>,
    /// Something an admin should know although the visit went well, in words.
    pub notice: Option<String>,
    /// Articles at the last successful visit.
    pub items: u32,
    /// Whether its servers give pictures only to readers of its pages.
    pub pictures_insist: bool,
    /// Whether its pictures were copied at the last visit.
    pub mirrored: bool,
    /// What stands in most of its articles; the store keeps it apart from the rest.
    #[serde(skip)]
    pub boilerplate: Boilerplate,
}

/// What stands in most of a source's articles (an invitation to subscribe, a copyright line), learnt from the
/// newest of them. Bounded: a few lines each of a few articles.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Boilerplate {
    /// Digests of the first and last lines of the newest articles, the oldest article first.
    pub recent: VecDeque<Vec<u64>>,
    /// Digests of the lines that stand in most of them.
    pub lines: BTreeSet<u64>,
}
