//! JSON Feed 1.1.

use serde::Serialize;

use super::GENERATOR;
use super::files::File;
use super::hygiene::{Address, Body, Line, rfc3339};
use super::ready::{Author, Item, Place, Ready};

const VERSION: &str = "https://jsonfeed.org/version/1.1";
/// Where the members under `_newsriver` are described.
const ABOUT: &str = "https://www.jsonfeed.org/version/1.1/#extensions";

/// Writes a feed.
pub(super) fn write(ready: &Ready<'_>) -> Result<Vec<u8>, String> {
    let link = |relation: &str| {
        let mut links = ready.links.iter();
        links.find(|(name, _)| *name == relation).map(|(_, address)| address.with(".json"))
    };
    let document = Document {
        version: VERSION,
        title: &ready.title,
        home_page_url: &ready.page,
        feed_url: ready.newest.with(".json"),
        next_url: link("next"),
        description: &ready.description,
        icon: ready.logo.as_ref().unwrap_or(&ready.icon),
        favicon: &ready.favicon,
        language: ready.language,
        hubs: ready.hubs.iter().map(|url| Hub { kind: "WebSub", url }).collect(),
        facts: FeedFacts {
            about: ABOUT,
            id: &ready.id,
            publisher: &ready.publisher,
            generator: GENERATOR,
            ttl_minutes: ready.ttl_minutes,
            prev_archive: link("prev-archive"),
            next_archive: link("next-archive"),
        },
        items: ready.items.iter().map(Entry::new).collect(),
    };
    serde_json::to_vec(&document).map_err(|problem| problem.to_string())
}

/// The members in the order in which they are written: version first. There are no authors of the whole:
/// items without any would inherit them, and we have written none.
#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a Line,
    home_page_url: &'a Address,
    feed_url: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<Address>,
    description: &'a Line,
    icon: &'a Address,
    favicon: &'a Address,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    #[serde(rename = "_newsriver")]
    facts: FeedFacts<'a>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a Address,
}

#[derive(Serialize)]
struct FeedFacts<'a> {
    about: &'static str,
    id: &'a str,
    publisher: &'a Line,
    generator: &'static str,
    ttl_minutes: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_archive: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_archive: Option<Address>,
}

#[derive(Clone, Copy, Serialize)]
struct Writer<'a> {
    name: &'a Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a Address>,
}

impl<'a> Writer<'a> {
    fn new(author: &'a Author) -> Self {
        Self { name: &author.name, url: author.page.as_ref() }
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a Address,
    title: &'a Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a Body<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a Address>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Writer<'a>>,
    /// For readers of version 1.0, when there is exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Writer<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_newsriver")]
    facts: EntryFacts<'a>,
}

impl<'a> Entry<'a> {
    fn new(item: &'a Item<'a>) -> Self {
        let authors: Vec<_> = item.authors.iter().map(Writer::new).collect();
        Self {
            id: &item.id,
            url: &item.target,
            title: &item.title,
            content_html: item.content.as_ref(),
            content_text: item.content.is_none().then(|| item.brief()),
            summary: item.summary.as_ref(),
            image: item.lead_picture().map(File::plain_url),
            date_published: rfc3339(item.published),
            date_modified: item.is_revised().then(|| rfc3339(item.updated)),
            author: if let [only] = authors.as_slice() { Some(*only) } else { None },
            authors,
            tags: item.topics.iter().map(|topic| &topic.name).collect(),
            language: item.language,
            attachments: item.files.iter().map(Attachment::new).collect(),
            facts: EntryFacts {
                page: &item.page,
                source: Spot::new(&item.source),
                via: item.via.as_ref().map(Spot::new),
                also_at: item.others.iter().map(Spot::new).collect(),
                rights: item.rights.as_ref(),
                comments: item.comments.as_ref(),
            },
        }
    }
}

/// Where an entry is from, and where else it was found.
#[derive(Serialize)]
struct EntryFacts<'a> {
    page: &'a Address,
    source: Spot<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<Spot<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_at: Vec<Spot<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a Address>,
}

#[derive(Serialize)]
struct Spot<'a> {
    title: &'a Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a Address>,
}

impl<'a> Spot<'a> {
    fn new(place: &'a Place) -> Self {
        Self { title: &place.name, url: place.url.as_ref() }
    }
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a Address,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<f64>,
    #[serde(rename = "_newsriver")]
    facts: FileFacts<'a>,
}

#[derive(Serialize)]
struct FileFacts<'a> {
    medium: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a Line>,
    /// The same in a form that more readers know.
    #[serde(skip_serializing_if = "Option::is_none")]
    plainer: Option<PlainerFacts<'a>>,
}

#[derive(Serialize)]
struct PlainerFacts<'a> {
    url: &'a Address,
    mime_type: &'a str,
    size_in_bytes: u64,
}

impl<'a> Attachment<'a> {
    fn new(file: &'a File) -> Self {
        Self {
            url: &file.url,
            mime_type: &file.mime_type,
            title: file.title.as_ref(),
            size_in_bytes: file.length,
            duration_in_seconds: file.duration,
            facts: FileFacts {
                medium: file.medium,
                width: file.width,
                height: file.height,
                caption: file.caption.as_ref(),
                credit: file.credit.as_ref(),
                plainer: file.plainer.as_ref().map(|form| PlainerFacts {
                    url: &form.url,
                    mime_type: &form.mime_type,
                    size_in_bytes: form.length,
                }),
            },
        }
    }
}
