//! Who publishes what, and in which form.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::article::{self, Article};
use super::server::{Body, Document, Shelf};
use super::{feeds, pages};

/// A site of the newsroom.
#[derive(Debug)]
pub(super) struct Paper {
    /// Its id in feeds.toml.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) language: &'static str,
    /// What is special about it.
    pub(super) what: &'static str,
    /// Where newsriver is sent.
    pub(super) path: &'static str,
    /// The kind of source in feeds.toml.
    pub(super) kind: &'static str,
    form: Form,
    articles: &'static str,
}

/// The form in which a site tells of its articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Rss,
    Atom,
    Json,
    Sitemap,
    Rdf,
    /// An RSS feed that carries an article of another site, too.
    Borrowing,
    /// An RSS feed that breaks off.
    Torn,
    /// An RSS feed that takes its time.
    Slow,
    Dead,
}

/// How long the slow site thinks.
pub(super) const SLOWNESS: Duration = Duration::from_secs(8);

/// Whose article the borrowing site takes.
const LENDER: &str = "dong-bang";

const fn paper(
    id: &'static str,
    title: &'static str,
    language: &'static str,
    (path, kind, form): (&'static str, &'static str, Form),
    articles: &'static str,
    what: &'static str,
) -> Paper {
    Paper { id, title, language, what, path, kind, form, articles }
}

/// All sites.
pub(super) const PAPERS: [Paper; 10] = [
    paper(
        "song-tien",
        "Báo Sông Tiền",
        "vi",
        ("/", "page", Form::Page),
        include_str!("articles/song-tien.txt"),
        "a news page without any feed",
    ),
    paper(
        LENDER,
        "Đồng Bằng Online",
        "vi",
        ("/rss.xml", "auto", Form::Rss),
        include_str!("articles/dong-bang.txt"),
        "RSS 2.0 with full texts; one article has no date, one has two pictures",
    ),
    paper(
        "estuary",
        "The Estuary Gazette",
        "en",
        ("/", "auto", Form::Atom),
        include_str!("articles/estuary.txt"),
        "a home page that names its feed: Atom with summaries only",
    ),
    paper(
        "notes",
        "Coastal Notes",
        "en",
        ("/feed.json", "auto", Form::Json),
        include_str!("articles/notes.txt"),
        "JSON Feed; one article has two pictures",
    ),
    paper(
        "cu-lao",
        "Thời báo Cù Lao",
        "vi",
        ("/sitemap-news.xml", "sitemap", Form::Sitemap),
        include_str!("articles/cu-lao.txt"),
        "a news sitemap",
    ),
    paper(
        "mill",
        "Old Mill Bulletin",
        "en",
        ("/index.rdf", "feed", Form::Rdf),
        include_str!("articles/mill.txt"),
        "RSS 1.0, as it was written in 2001",
    ),
    paper(
        "duyen-hai",
        "Bản tin Duyên Hải",
        "vi",
        ("/feed", "auto", Form::Borrowing),
        include_str!("articles/duyen-hai.txt"),
        "carries an article of Đồng Bằng Online, and one that only has the same headline",
    ),
    paper(
        "torn",
        "The Torn Page",
        "en",
        ("/feed.xml", "feed", Form::Torn),
        include_str!("articles/torn.txt"),
        "a feed that breaks off in the middle",
    ),
    paper(
        "slow",
        "The Slow Post",
        "en",
        ("/feed.xml", "feed", Form::Slow),
        include_str!("articles/slow.txt"),
        "a feed that takes eight seconds to answer",
    ),
    paper(
        "dead",
        "The Late Paper",
        "en",
        ("/feed.xml", "feed", Form::Dead),
        "",
        "a feed that is no longer there (404)",
    ),
];

/// Everything a site serves. `addresses` are those of all sites, by id.
pub(super) fn shelf(paper: &Paper, addresses: &[(&'static str, String)], now: DateTime<Utc>) -> Shelf {
    let address =
        |id: &str| addresses.iter().find(|(other, _)| *other == id).map(|(_, url)| url.as_str()).unwrap_or_default();
    let base = address(paper.id);
    if paper.form == Form::Dead {
        return Shelf::default();
    }
    let articles = article::read(paper.articles, base, now);
    let site = pages::Site { title: paper.title, base, language: paper.language, feed: feed_link(paper) };
    let mut shelf: Shelf = BTreeMap::new();
    let old_template = paper.form == Form::Page;
    shelf.insert("/".to_owned(), page(site.home(&articles)));
    for article in &articles {
        let others: Vec<&Article> = articles.iter().filter(|other| other.slug != article.slug).collect();
        let text = if old_template { site.newspaper(article, &others) } else { site.article(article, &others) };
        shelf.insert(path(&article.url, base), page(text));
        for (url, caption) in &article.pictures {
            shelf.insert(path(url, base), Document::new("image/png", Body::Picture(caption.clone())));
        }
    }
    if let Some(document) = list(paper, &site, &articles, address(LENDER), now) {
        shelf.insert(paper.path.to_owned().replace("//", "/"), document);
    }
    if paper.form == Form::Atom {
        let atom = feeds::atom(&site, &articles, now);
        shelf.insert("/atom.xml".to_owned(), Document::new("application/atom+xml; charset=utf-8", Body::Text(atom)));
    }
    shelf
}

/// The document that lists the articles, where it is not the home page itself.
fn list(
    paper: &Paper,
    site: &pages::Site<'_>,
    articles: &[Article],
    lender: &str,
    now: DateTime<Utc>,
) -> Option<Document> {
    const RSS: &str = "application/rss+xml; charset=utf-8";
    let (kind, text) = match paper.form {
        Form::Page | Form::Atom | Form::Dead => return None,
        Form::Rss | Form::Slow => (RSS, feeds::rss(site, articles, "")),
        Form::Torn => {
            let whole =
                feeds::rss(site, articles, "<item><title>An item that nobody will ever read to the end</title><link>");
            (RSS, whole.split("</channel>").next().unwrap_or_default().to_owned())
        }
        Form::Borrowing => {
            let other = PAPERS.iter().find(|other| other.id == LENDER)?;
            let lent = article::read(other.articles, lender, now).into_iter().next()?;
            (RSS, feeds::rss(site, articles, &feeds::borrowed(&lent, "dh-1001")))
        }
        Form::Json => ("application/feed+json", feeds::json(site, articles)),
        Form::Sitemap => ("application/xml", feeds::sitemap(site, articles)),
        Form::Rdf => ("application/rdf+xml; charset=utf-8", feeds::rdf(site, articles)),
    };
    let mut document = Document::new(kind, Body::Text(text));
    if paper.form == Form::Slow {
        document.delay = SLOWNESS;
    }
    Some(document)
}

/// What the home page says of its feed: media type and path.
fn feed_link(paper: &Paper) -> Option<(&'static str, &'static str)> {
    match paper.form {
        Form::Page | Form::Sitemap | Form::Dead => None,
        Form::Atom => Some(("application/atom+xml", "/atom.xml")),
        Form::Json => Some(("application/feed+json", paper.path)),
        _ => Some(("application/rss+xml", paper.path)),
    }
}

fn page(text: String) -> Document {
    Document::new("text/html; charset=utf-8", Body::Text(text))
}

fn path(url: &str, base: &str) -> String {
    url.strip_prefix(base).unwrap_or(url).to_owned()
}
