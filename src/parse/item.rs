//! What a feed in XML says of an article.

use super::feed::Feed;
use super::media::{add, seconds};
use super::names::Ns;
use super::people::{person, person_element};
use super::texts::{category, set, text_of};
use super::xml::Element;
use crate::date;
use crate::model::{Attachment, Category, Format, Item, ItemSource, TextKind};

impl Feed<'_> {
    pub(super) fn close_in_item(&mut self, element: Element) {
        let Some(mut item) = self.item.take() else { return };
        self.item_element(&mut item, element);
        self.item = Some(item);
    }

    fn item_element(&mut self, item: &mut Item, element: Element) {
        if element.ns == Ns::Other {
            return;
        }
        let name = element.name.clone();
        let text = element.text.trim();
        let date = || date::parse(text, self.zone);
        match (element.ns, name.as_str()) {
            (Ns::Media, _) => self.media(item, &element),
            (Ns::News | Ns::SitemapImage | Ns::Sitemap, _) => self.sitemap_element(item, element),
            (_, "loc" | "lastmod")
                if self.format.is_some_and(|format| matches!(format, Format::Sitemap | Format::SitemapIndex)) =>
            {
                self.sitemap_element(item, element);
            }
            (Ns::Itunes, "title") => item.title = item.title.take().or_else(|| text_of(element)),
            (_, "title") => set(&mut item.title, text_of(element)),
            (Ns::Content, _) | (_, "encoded" | "body" | "fullitem") => set(&mut item.content, text_of(element)),
            (ns, "content") if ns != Ns::Media => self.atom_content(item, element),
            (Ns::Itunes, "summary" | "subtitle") => item.summary = item.summary.take().or_else(|| text_of(element)),
            (_, "description" | "summary" | "abstract" | "tagline") => Self::summary(item, element),
            (_, "guid") => {
                item.id_is_permalink =
                    Some(!element.attr("ispermalink").is_some_and(|value| value.eq_ignore_ascii_case("false")));
                item.id = Some(text.to_owned()).filter(|text| !text.is_empty());
            }
            (_, "id") => item.id = Some(text.to_owned()).filter(|text| !text.is_empty()).or(item.id.take()),
            (Ns::Dc, "identifier") => item.id = item.id.take().or_else(|| Some(text.to_owned())),
            (Ns::FeedBurner, "origlink") => item.url = self.address(text, element.base.as_ref()).or(item.url.take()),
            (_, "link" | "a") => self.item_link(item, &element),
            (_, "pubdate" | "published" | "issued" | "created") => item.published = date().or(item.published),
            (_, "updated" | "modified" | "lastbuilddate") => item.updated = date().or(item.updated),
            (Ns::Dc | Ns::DcTerms, "date") => item.published = item.published.or_else(date),
            (Ns::Dc | _, "creator") => item.authors.extend(person(text)),
            (Ns::Itunes, "author") if item.authors.is_empty() => {
                item.authors.extend(person(text));
            }
            (_, "author") => item.authors.extend(person_element(self.person.take(), text)),
            (_, "contributor" | "owner") => self.person = None,
            (_, "category" | "subject") => item.categories.extend(category(&element)),
            (_, "tags") => {
                item.categories
                    .extend(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Category::new));
            }
            (_, "comments") if element.ns != Ns::Slash => item.comments = self.address(text, element.base.as_ref()),
            (_, "rights" | "copyright") => set(&mut item.rights, text_of(element)),
            (_, "language") => item.language = Some(text.to_owned()),
            (_, "enclosure") => self.enclosure(item, &element),
            (Ns::Itunes, "image") => {
                item.image = element.attr("href").and_then(|href| self.address(href, element.base.as_ref()));
            }
            (Ns::Itunes, "duration") => {
                if let Some(first) = item.attachments.first_mut() {
                    first.duration = first.duration.or(seconds(text));
                }
            }
            (_, "source") => self.source(item, &element),
            _ => {}
        }
    }

    fn summary(item: &mut Item, element: Element) {
        let is_empty = element.text.trim().is_empty();
        if !is_empty && item.summary.is_some() && item.content.is_none() && element.ns.is_rss() {
            // Two descriptions under different names: the second is the longer form.
            item.content = text_of(element);
            return;
        }
        if !is_empty && (item.summary.is_none() || element.ns.is_rss() || element.ns.is_atom()) {
            item.summary = text_of(element);
        }
    }

    /// Atom's content: text of a declared type, or a file somewhere else.
    fn atom_content(&mut self, item: &mut Item, element: Element) {
        match element.attr("src").and_then(|src| self.address(src, element.base.as_ref())) {
            Some(src) => {
                let mime_type = element.attr("type").map(str::to_owned);
                if mime_type.as_deref().is_none_or(|kind| !kind.contains("html")) {
                    add(item, Attachment { url: src, mime_type, ..Attachment::default() });
                }
            }
            None => {
                let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
                let is_text =
                    kind.is_empty() || kind.starts_with("text") || kind.contains("html") || kind.contains("xml");
                if is_text || kind == "application/octet-stream" || element.attr("mode") == Some("base64") {
                    item.content = text_of(element).or(item.content.take());
                }
            }
        }
    }

    fn item_link(&mut self, item: &mut Item, element: &Element) {
        let text = element.text.trim();
        let href = element.attr("href").or_else(|| element.attr_of(Ns::Rdf, "resource"));
        let Some(href) = href.or((!text.is_empty()).then_some(text)) else { return };
        let Some(url) = self.address(href, element.base.as_ref()) else { return };
        match element.attr("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "alternate" | "http://www.iana.org/assignments/relation/alternate" => {
                // RSS's own link is the one; of Atom's the first that is a page.
                let is_own = element.ns.is_rss() && element.attr("href").is_none();
                let is_page = element.attr("type").is_none_or(|kind| kind.contains("html"));
                if is_own || item.url.is_none() || (is_page && item.url.is_none()) {
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

    fn enclosure(&self, item: &mut Item, element: &Element) {
        let Some(url) =
            element.attr("url").or(element.attr("href")).and_then(|url| self.address(url, element.base.as_ref()))
        else {
            return;
        };
        let attachment = Attachment {
            url,
            mime_type: element.attr("type").map(str::to_owned),
            size: element.attr("length").and_then(|length| length.parse().ok()),
            ..Attachment::default()
        };
        add(item, attachment);
    }

    fn source(&self, item: &mut Item, element: &Element) {
        let text = element.text.trim();
        let source = item.source.get_or_insert_default();
        if !text.is_empty() {
            source.title = Some(text.to_owned());
        }
        if let Some(url) = element.attr("url").and_then(|url| self.address(url, element.base.as_ref())) {
            source.url = Some(url);
        }
    }

    pub(super) fn close_in_source(&mut self, element: Element) {
        let url = match element.name.as_str() {
            "link" if element.attr("rel").unwrap_or("alternate") == "alternate" => element
                .attr("href")
                .or(Some(element.text.trim()))
                .and_then(|href| self.address(href, element.base.as_ref())),
            _ => None,
        };
        let Some(item) = self.item.as_mut() else { return };
        let source: &mut ItemSource = item.source.get_or_insert_default();
        match element.name.as_str() {
            "title" => {
                source.title = text_of(element).map(|text| {
                    if text.kind == TextKind::Plain { text.value } else { crate::html::plain(&text.value) }
                });
            }
            "link" => source.url = source.url.take().or(url),
            "author" => self.person = None,
            _ => {}
        }
    }

    fn sitemap_element(&self, item: &mut Item, element: Element) {
        let text = element.text.trim();
        match (element.ns, element.name.as_str()) {
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
