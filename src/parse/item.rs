//! What stands in an item.

use super::characters::trim;
use super::feed::Feed;
use super::media::{add, seconds};
use super::names::Ns;
use super::people::{person, person_element};
use super::words::{add_categories, add_each, plain, set, text_of, unpacked};
use super::xml::Element;
use crate::date;
use crate::html;
use crate::model::{Attachment, Category, Format, Item, Person, Text};

/// Of a description and a summary, one that is this much shorter is the summary.
const MUCH_SHORTER: usize = 2;

/// Elements that sum an item up.
const SUMMARIES: [&str; 4] = ["description", "summary", "abstract", "tagline"];

/// What is known of the open item but can be placed only when it is whole.
#[derive(Debug, Default)]
pub(super) struct Late {
    /// Which element gave its summary.
    summary_name: Option<&'static str>,
    /// The author that a podcast names, for want of a better one.
    author: Option<Person>,
    /// How long its file is, in seconds.
    duration: Option<f64>,
}

impl Late {
    /// Places it.
    pub(super) fn complete(self, item: &mut Item) {
        if item.authors.is_empty() {
            item.authors.extend(self.author);
        }
        let is_picture = |file: &Attachment| {
            file.thumbnail
                || file.medium.as_deref() == Some("image")
                || file.mime_type.as_deref().is_some_and(|kind| kind.starts_with("image/"))
        };
        if let Some(file) = item.attachments.iter_mut().find(|file| !is_picture(file)) {
            file.duration = file.duration.or(self.duration);
        }
    }
}

impl Feed<'_> {
    /// An element somewhere in an item; what is wrapped in an element that nobody knows counts only
    /// where the item itself says nothing.
    pub(super) fn close_in_item(&mut self, element: &mut Element<'_>, is_direct: bool) {
        let Some(mut item) = self.item.take() else { return };
        if is_direct || element.ns == Ns::Media {
            self.item_element(&mut item, element);
        } else {
            let mut wrapped = Item::default();
            self.item_element(&mut wrapped, element);
            complete(&mut item, wrapped);
        }
        self.item = Some(item);
    }

    fn item_element(&mut self, item: &mut Item, element: &mut Element<'_>) {
        let name = element.name.clone();
        let text = trim(&element.text);
        match (element.ns, &*name) {
            (Ns::Media, _) => self.media(item, element),
            (Ns::News | Ns::SitemapImage | Ns::Sitemap, _) => self.sitemap_element(item, element),
            (_, "loc" | "lastmod") if matches!(self.format, Some(Format::Sitemap | Format::SitemapIndex)) => {
                self.sitemap_element(item, element);
            }
            (Ns::Itunes | Ns::Dc | Ns::DcTerms, "title") => item.title = item.title.take().or_else(|| text_of(element)),
            (_, "title") => set(&mut item.title, text_of(element)),
            (Ns::Content, _) | (_, "encoded" | "body" | "fullitem") => set(&mut item.content, text_of(element)),
            (_, "content") => self.atom_content(item, element),
            (Ns::Itunes, "summary" | "subtitle") => item.summary = item.summary.take().or_else(|| text_of(element)),
            (_, "description" | "summary" | "abstract" | "tagline") => self.summary(item, element),
            (_, "guid" | "id") | (Ns::Dc, "identifier") => identity(item, element),
            (Ns::FeedBurner, "origlink") => item.url = self.address(text, element.base.as_ref()).or(item.url.take()),
            (_, "link" | "a") => self.item_link(item, element),
            (_, "category" | "subject" | "tags" | "keywords") => add_categories(&mut item.categories, element),
            (_, "comments") if element.ns != Ns::Slash => item.comments = self.address(text, element.base.as_ref()),
            (_, "rights" | "copyright") => set(&mut item.rights, text_of(element)),
            (_, "language") if !text.is_empty() => item.language = Some(text.to_owned()),
            (_, "enclosure") => self.enclosure(item, element),
            (Ns::Itunes, "image") => {
                let address = element.attr("href").or(element.attr("url")).unwrap_or(text);
                item.image = self.address(address, element.base.as_ref()).or(item.image.take());
            }
            (Ns::Itunes, "duration") => self.late.duration = seconds(text).or(self.late.duration),
            (_, "source") => self.source(item, element),
            _ => self.date_or_person(item, element),
        }
    }

    fn date_or_person(&mut self, item: &mut Item, element: &Element<'_>) {
        let text = trim(&element.text);
        let date = || date::parse(text, self.zone);
        match (element.ns, &*element.name) {
            (_, "pubdate" | "published" | "issued" | "created") => item.published = date().or(item.published),
            (_, "updated" | "modified" | "lastbuilddate") => item.updated = date().or(item.updated),
            (Ns::Dc | Ns::DcTerms, "date") => item.published = item.published.or_else(date),
            (Ns::Itunes, "author") | (Ns::Podcast, "person") => {
                self.late.author = person(text).or(self.late.author.take());
            }
            (_, "creator") => item.authors.extend(person(text)),
            (_, "author") => item.authors.extend(person_element(self.person.take(), text)),
            (_, "contributor" | "owner") => self.person = None,
            _ => {}
        }
    }

    /// RSS has one description, but some write a summary beside it, or the other way round: then the
    /// second is the text that the first sums up, unless it is much the shorter of the two.
    fn summary(&mut self, item: &mut Item, element: &mut Element<'_>) {
        let is_own = element.ns.is_rss() || element.ns.is_atom();
        let name = element.name.clone();
        let is_rss = element.ns.is_rss();
        let Some(text) = text_of(element) else { return };
        let size = |text: &Text| text.value.trim().chars().count();
        match item.summary.take() {
            Some(first) if is_rss && item.content.is_none() && self.is_other_summary(&name) => {
                let is_shorter = size(&text) * MUCH_SHORTER < size(&first);
                let (summary, content) = if is_shorter { (text, first) } else { (first, text) };
                (item.summary, item.content) = (Some(summary), Some(content));
            }
            Some(first) if !is_own => item.summary = Some(first),
            _ => {
                item.summary = Some(text);
                self.late.summary_name = SUMMARIES.into_iter().find(|known| is_rss && *known == name);
            }
        }
    }

    fn is_other_summary(&self, name: &str) -> bool {
        self.late.summary_name.is_some_and(|first| first != name)
    }

    /// Atom's content: text of a declared type, or a file somewhere else.
    fn atom_content(&mut self, item: &mut Item, element: &mut Element<'_>) {
        if let Some(url) = element.attr("src").and_then(|src| self.address(src, element.base.as_ref())) {
            let mime_type = element.attr("type").map(str::to_owned);
            if mime_type.as_deref().is_none_or(|kind| !kind.contains("html")) {
                add(item, Attachment { url, mime_type, ..Attachment::default() });
            }
            return;
        }
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_text = kind.is_empty() || kind.starts_with("text") || kind.contains("html") || kind.contains("xml");
        // A file of no stated type may be a text all the same.
        let is_packed_text = || {
            let text = if kind == "application/octet-stream" { unpacked(&element.text) } else { None };
            text.is_some_and(|text| html::looks_like_html(&text))
        };
        if is_text || element.attr("mode") == Some("base64") || is_packed_text() {
            item.content = text_of(element).or(item.content.take());
        }
    }

    fn item_link(&mut self, item: &mut Item, element: &Element<'_>) {
        let Some(url) = self.reference(element) else { return };
        match element.attr("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "alternate" | "http://www.iana.org/assignments/relation/alternate" => {
                // RSS's own link is the one; of Atom's the first that is a page.
                let is_own = element.ns.is_rss() && element.attr("href").is_none();
                if is_own || item.url.is_none() {
                    item.url = Some(url);
                }
            }
            "enclosure" => {
                let attachment = Attachment {
                    url,
                    mime_type: element.attr("type").map(str::to_owned),
                    size: element.attr("length").and_then(|length| length.parse().ok()),
                    title: element.attr("title").map(str::to_owned),
                    ..Attachment::default()
                };
                add(item, attachment);
            }
            "image" => item.image = item.image.take().or(Some(url)),
            "replies" => item.comments = item.comments.take().or(Some(url)),
            "related" => item.external_url = item.external_url.take().or(Some(url)),
            "via" => {
                let source = item.source.get_or_insert_default();
                source.url = source.url.take().or(Some(url));
            }
            _ => {}
        }
    }

    fn source(&self, item: &mut Item, element: &mut Element<'_>) {
        let url = element.attr("url").and_then(|url| self.address(url, element.base.as_ref()));
        let source = item.source.get_or_insert_default();
        source.url = url.or(source.url.take());
        source.title = text_of(element).as_ref().map(plain).or(source.title.take());
    }

    pub(super) fn close_in_source(&mut self, element: &mut Element<'_>) {
        let is_page = element.name == "link" && element.attr("rel").unwrap_or("alternate") == "alternate";
        let url = if is_page { self.reference(element) } else { None };
        let Some(item) = self.item.as_mut() else { return };
        let source = item.source.get_or_insert_default();
        match &*element.name {
            "title" => source.title = text_of(element).as_ref().map(plain).or(source.title.take()),
            "link" => source.url = source.url.take().or(url),
            "author" => self.person = None,
            _ => {}
        }
    }

    fn sitemap_element(&self, item: &mut Item, element: &mut Element<'_>) {
        let text = element.text.trim();
        match (element.ns, &*element.name) {
            (Ns::SitemapImage, "loc") => {
                if let Some(url) = self.address(text, None) {
                    add(item, Attachment { url, medium: Some("image".into()), ..Attachment::default() });
                }
            }
            (Ns::SitemapImage, "caption" | "title") => {
                if let Some(last) = item.attachments.last_mut() {
                    last.caption = last.caption.take().or_else(|| Some(text.to_owned()));
                }
            }
            (_, "loc") => {
                item.url = self.address(text, None);
                item.id.clone_from(&item.url);
            }
            (_, "lastmod") => item.updated = date::parse(text, self.zone),
            (Ns::News, "title") => item.title = text_of(element),
            (Ns::News, "publication_date") => item.published = date::parse(text, self.zone),
            (Ns::News, "language") => item.language = Some(text.to_owned()),
            (Ns::News, "keywords") => {
                item.categories
                    .extend(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Category::new));
            }
            _ => {}
        }
    }
}

/// The id. RSS's own says whether it is an address; Dublin Core's counts only when there is no other.
fn identity(item: &mut Item, element: &Element<'_>) {
    let text = trim(&element.text);
    let id = Some(text.to_owned()).filter(|text| !text.is_empty());
    match (element.ns, &*element.name) {
        (Ns::Dc, _) => item.id = item.id.take().or(id),
        (_, "guid") => {
            let is_false = element.attr("ispermalink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
            item.id_is_permalink = Some(!is_false);
            item.id = id;
        }
        _ => item.id = id.or(item.id.take()),
    }
}

/// Fills in what an item does not say itself.
fn complete(item: &mut Item, wrapped: Item) {
    item.id = item.id.take().or(wrapped.id);
    item.id_is_permalink = item.id_is_permalink.or(wrapped.id_is_permalink);
    item.url = item.url.take().or(wrapped.url);
    item.external_url = item.external_url.take().or(wrapped.external_url);
    item.title = item.title.take().or(wrapped.title);
    item.content = item.content.take().or(wrapped.content);
    item.summary = item.summary.take().or(wrapped.summary);
    item.image = item.image.take().or(wrapped.image);
    item.published = item.published.or(wrapped.published);
    item.updated = item.updated.or(wrapped.updated);
    item.language = item.language.take().or(wrapped.language);
    item.comments = item.comments.take().or(wrapped.comments);
    item.rights = item.rights.take().or(wrapped.rights);
    item.source = item.source.take().or(wrapped.source);
    item.authors.extend(wrapped.authors);
    add_each(&mut item.categories, wrapped.categories);
    for attachment in wrapped.attachments {
        add(item, attachment);
    }
}
