//! Feeds in XML of every dialect: one visitor for all of them, since the dialects differ in few
//! names and real feeds mix them.

use std::sync::Arc;

use chrono_tz::Tz;
use url::Url;

use super::names::Ns;
use super::people::{person, person_element};
use super::xml::{Element, Visit};
use crate::date;
use crate::model::{Attachment, Category, Channel, Format, Hub, Item, ItemSource, Person, Text, TextKind};

/// The list that topics of podcasts are from.
const ITUNES: &str = "http://www.itunes.com/";

/// What an element is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Channel,
    Item,
    /// The feed that an item was taken from.
    Source,
    /// The channel's picture.
    Image,
    /// An author, contributor or the like.
    Person,
    /// Something whose inside says nothing of feed or item.
    Aside,
}

/// Collects channel and items.
#[derive(Debug)]
pub(super) struct Feed<'o> {
    pub(super) format: Option<Format>,
    /// The first element that was no feed.
    pub(super) stranger: Option<String>,
    pub(super) channel: Channel,
    pub(super) items: Vec<Item>,
    /// Items beyond the limit.
    pub(super) left_out: usize,
    item: Option<Item>,
    person: Option<Person>,
    url: Option<&'o Url>,
    zone: Tz,
    max_items: usize,
}

impl<'o> Feed<'o> {
    pub(super) fn new(url: Option<&'o Url>, zone: Tz, max_items: usize) -> Self {
        Self {
            format: None,
            stranger: None,
            channel: Channel::default(),
            items: Vec::new(),
            left_out: 0,
            item: None,
            person: None,
            url,
            zone,
            max_items,
        }
    }

    fn root(&mut self, element: &Element) {
        let version = element.attr("version").unwrap_or_default();
        let format = match (element.ns, element.name.as_str()) {
            (_, "rss") => match version {
                "0.90" => Some(Format::Rss090),
                "0.91" => Some(Format::Rss091),
                "0.92" | "0.93" | "0.94" => Some(Format::Rss092),
                _ => Some(Format::Rss20),
            },
            (_, "rdf") if element.default_ns == Ns::Rss090 => Some(Format::Rss090),
            (_, "rdf") => Some(Format::Rss10),
            (Ns::Atom03, "feed" | "entry") => Some(Format::Atom03),
            (_, "feed") if version.starts_with("0.") => Some(Format::Atom03),
            (_, "feed") | (Ns::Atom10, "entry") => Some(Format::Atom10),
            (_, "channel") if element.has_attributes() || element.ns == Ns::Cdf || element.is_upper_case() => {
                Some(Format::Cdf)
            }
            (_, "channel" | "item") => Some(Format::Rss20),
            (_, "urlset") => Some(Format::Sitemap),
            (_, "sitemapindex") => Some(Format::SitemapIndex),
            _ => None,
        };
        match format {
            Some(format) => self.format = self.format.or(Some(format)),
            None => self.stranger = self.stranger.take().or_else(|| Some(element.name.clone())),
        }
    }

    /// What the elements inside the innermost open one are part of.
    fn place(&self, around: &[Element]) -> Place {
        for (depth, element) in around.iter().enumerate().rev() {
            let place = match element.name.as_str() {
                "item" | "entry" | "url" | "sitemap"
                    if self.item.is_some() && depth > 0 || self.item.is_some() && around.len() == 1 =>
                {
                    Place::Item
                }
                "source" if self.item.is_some() && !matches!(element.ns, Ns::Dc | Ns::Media) => Place::Source,
                "image" if element.ns.is_rss() => Place::Image,
                "textinput" | "cloud" | "skipdays" | "inreplyto" => Place::Aside,
                "author" | "contributor" | "owner" | "managingeditor" if self.person.is_some() => Place::Person,
                "group" | "content" if element.ns == Ns::Media => continue,
                "channel" | "feed" => Place::Channel,
                "rss" | "rdf" | "urlset" | "sitemapindex" => Place::Outside,
                // Atom's elements lie directly in feed or entry.
                "entry" | "author" | "contributor" => continue,
                _ if element.ns.is_atom() => Place::Aside,
                _ => continue,
            };
            return place;
        }
        Place::Outside
    }

    /// An address made absolute: against `xml:base`, else the document's own.
    fn address(&self, text: &str, base: Option<&Arc<str>>) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let base = match base {
            Some(base) => match (Url::parse(base), self.url) {
                (Ok(base), _) => Some(base),
                (Err(_), Some(url)) => url.join(base).ok(),
                (Err(_), None) => None,
            },
            None => self.url.cloned(),
        };
        match Url::parse(text) {
            Ok(_) => Some(text.to_owned()),
            Err(_) => Some(base.and_then(|base| base.join(text).ok()).map_or_else(|| text.to_owned(), String::from)),
        }
    }

    fn begin_item(&mut self, element: &Element) {
        let mut item = Item { language: element.lang.as_deref().map(str::to_owned), ..Item::default() };
        if let Some(about) = element.attr_of(Ns::Rdf, "about").or(element.attr("about")) {
            item.id = Some(about.to_owned());
            item.url = self.address(about, element.base.as_ref());
        }
        if self.format == Some(Format::Cdf) {
            item.url = element.attr("href").and_then(|href| self.address(href, element.base.as_ref()));
            item.published = element.attr("lastmod").and_then(|date| date::parse(date, self.zone));
        }
        self.item = Some(item);
    }

    fn end_item(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        if item.url.is_none() && item.id_is_permalink != Some(false) {
            item.url = item.id.clone().filter(|id| id.starts_with("http://") || id.starts_with("https://"));
        }
        if self.items.len() < self.max_items {
            self.items.push(item);
        } else {
            self.left_out += 1;
        }
    }

    fn close_in_channel(&mut self, element: Element) {
        if element.ns == Ns::Other {
            return;
        }
        let name = element.name.clone();
        let text = element.text.trim();
        let date = || date::parse(text, self.zone);
        let word = || (!text.is_empty()).then(|| text.to_owned());
        let zone = self.zone;
        match (element.ns, name.as_str()) {
            (Ns::Media, _) => {}
            (_, "title") => set(&mut self.channel.title, text_of(element)),
            (Ns::Itunes, "summary" | "subtitle") => {
                self.channel.description = self.channel.description.take().or_else(|| text_of(element));
            }
            (_, "description" | "subtitle" | "tagline" | "abstract") => {
                set(&mut self.channel.description, text_of(element))
            }
            (_, "rights" | "copyright") => set(&mut self.channel.rights, text_of(element)),
            (_, "id" | "guid") => self.channel.id = self.channel.id.take().or_else(word),
            (_, "link") => self.channel_link(&element),
            (_, "language") => self.channel.language = word().or(self.channel.language.take()),
            (_, "generator") => self.channel.generator = word(),
            (_, "ttl") => self.channel.ttl_minutes = text.parse().ok(),
            (Ns::Sy, "updateperiod") => self.channel.ttl_minutes = self.channel.ttl_minutes.or(period(text)),
            (_, "pubdate" | "published" | "issued") => self.channel.published = date().or(self.channel.published),
            (_, "lastbuilddate" | "updated" | "modified") => self.channel.updated = date().or(self.channel.updated),
            (Ns::Dc, "date") => self.channel.updated = self.channel.updated.or_else(date),
            (_, "managingeditor" | "creator") => self.channel.authors.extend(person(text)),
            (Ns::Itunes, "author") => {
                if self.channel.authors.is_empty() {
                    self.channel.authors.extend(person(text));
                }
            }
            (_, "author") => self.channel.authors.extend(person_element(self.person.take(), text)),
            (_, "contributor" | "owner") => self.person = None,
            // Those were taken when they opened, since they lie in each other.
            (Ns::Itunes, "category") => {}
            (Ns::Itunes, "keywords") => self.keywords(text),
            (_, "category" | "subject") => self.channel.categories.extend(category(&element)),
            (_, "icon") => {
                self.channel.icon = self.channel.icon.take().or_else(|| self.address(text, element.base.as_ref()))
            }
            (_, "logo") => self.channel.icon = self.address(text, element.base.as_ref()).or(self.channel.icon.take()),
            (Ns::Itunes, "image") => {
                let href = element.attr("href").or(element.attr("url"));
                let href = href.and_then(|href| self.address(href, element.base.as_ref()));
                self.channel.icon = self.channel.icon.take().or(href);
            }
            (_, "hour") => self.channel.skip_hours.extend(text.parse::<u8>().ok().map(|hour| hour % 24)),
            (_, "lastmod") => self.channel.updated = date::parse(text, zone),
            _ => {}
        }
    }

    /// Words that a podcast gives for its topics, when they are not among them already.
    fn keywords(&mut self, text: &str) {
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            if !self.channel.categories.iter().any(|have| have.term == word) {
                self.channel.categories.push(Category { scheme: Some(ITUNES.to_owned()), ..Category::new(word) });
            }
        }
    }

    fn channel_link(&mut self, element: &Element) {
        let text = element.text.trim();
        let Some(href) = element.attr("href").or((!text.is_empty()).then_some(text)) else { return };
        let Some(url) = self.address(href, element.base.as_ref()) else { return };
        match element.attr("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "self" => self.channel.feed_url = Some(url),
            "next" => self.channel.next_url = Some(url),
            "image" => self.channel.icon = self.channel.icon.take().or(Some(url)),
            "hub" => self.channel.hubs.push(Hub { kind: "WebSub".into(), url }),
            "alternate" => {
                let is_page = element.attr("type").is_none_or(|kind| kind.contains("html"));
                if self.channel.home_page_url.is_none() || (is_page && !element.ns.is_atom()) {
                    self.channel.home_page_url = Some(url);
                }
            }
            _ => {}
        }
    }

    fn close_in_item(&mut self, element: Element) {
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
            (_, "description" | "summary" | "abstract" | "tagline") => self.summary(item, element),
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
            (Ns::Dc, "creator") | (_, "creator") => item.authors.extend(person(text)),
            (Ns::Itunes, "author") => {
                if item.authors.is_empty() {
                    item.authors.extend(person(text));
                }
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
                item.image = element.attr("href").and_then(|href| self.address(href, element.base.as_ref()))
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

    fn summary(&mut self, item: &mut Item, element: Element) {
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

    /// Media RSS: files, and what is said of them. What is said outside a file holds for all.
    fn media(&self, item: &mut Item, element: &Element) {
        let text = element.text.trim();
        let plain = || (!text.is_empty()).then(|| crate::html::plain(text));
        let address = |name: &str| element.attr(name).and_then(|url| self.address(url, element.base.as_ref()));
        let number = |name: &str| element.attr(name).and_then(|value| value.parse().ok());
        match element.name.as_str() {
            "content" => {
                let Some(url) = address("url") else { return };
                let attachment = Attachment {
                    url,
                    mime_type: element.attr("type").map(str::to_owned),
                    medium: element.attr("medium").map(str::to_ascii_lowercase),
                    size: element.attr("filesize").and_then(|size| size.parse().ok()),
                    duration: element.attr("duration").and_then(seconds),
                    width: number("width"),
                    height: number("height"),
                    ..Attachment::default()
                };
                // What was said inside it came before its end.
                let said = item.attachments.pop_if(|last| last.url.is_empty());
                let attachment = match said {
                    Some(said) => {
                        Attachment { title: said.title, caption: said.caption, credit: said.credit, ..attachment }
                    }
                    None => attachment,
                };
                add(item, attachment);
            }
            "thumbnail" => {
                if let Some(url) = address("url").or_else(|| self.address(text, element.base.as_ref())) {
                    let thumbnail = Attachment {
                        url,
                        thumbnail: true,
                        medium: Some("image".into()),
                        width: number("width"),
                        height: number("height"),
                        ..Attachment::default()
                    };
                    if !item.attachments.iter().any(|have| have.url == thumbnail.url) {
                        item.attachments.insert(
                            item.attachments.len()
                                - usize::from(item.attachments.last().is_some_and(|last| last.url.is_empty())),
                            thumbnail,
                        );
                    }
                }
            }
            "title" => said(item, |it| it.title = it.title.take().or_else(plain)),
            "description" | "text" => said(item, |it| it.caption = it.caption.take().or_else(plain)),
            "credit" => said(item, |it| it.credit = it.credit.take().or_else(plain)),
            "category" => item.categories.extend(category(element).into_iter().map(|category| Category {
                scheme: category.scheme.or_else(|| Some("http://search.yahoo.com/mrss/category_schema".to_owned())),
                ..category
            })),
            _ => {}
        }
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

    fn close_in_source(&mut self, element: Element) {
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
                source.title = text_of(element)
                    .map(|text| if text.kind == TextKind::Plain { text.value } else { crate::html::plain(&text.value) })
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

impl Visit for Feed<'_> {
    fn open(&mut self, element: &Element, around: &[Element]) -> bool {
        if around.is_empty() {
            self.root(element);
            if let Some(lang) = element.lang.as_deref() {
                self.channel.language.get_or_insert_with(|| lang.to_owned());
            }
        }
        if self.format == Some(Format::Rss10) && element.ns == Ns::Rss090 {
            self.format = Some(Format::Rss090);
        }
        let is_item = matches!(element.name.as_str(), "item" | "entry")
            || (matches!(element.name.as_str(), "url" | "sitemap")
                && matches!(self.format, Some(Format::Sitemap | Format::SitemapIndex)));
        if is_item && self.item.is_none() && !matches!(element.ns, Ns::Other | Ns::Media) {
            self.begin_item(element);
            return false;
        }
        if matches!(element.name.as_str(), "author" | "contributor" | "owner") {
            self.person = Some(Person::default());
        }
        if element.ns == Ns::Media && element.name == "content" {
            // What is said inside it waits here for its address, which comes at its end.
            if let Some(item) = self.item.as_mut() {
                item.attachments.push(Attachment::default());
            }
        }
        if element.ns == Ns::Itunes && element.name == "category" && self.item.is_none() {
            let topics = category(element).into_iter();
            self.channel.categories.extend(topics.map(|topic| Category { scheme: Some(ITUNES.to_owned()), ..topic }));
        }
        if self.format == Some(Format::Cdf) && element.name == "channel" {
            let address = |name: &str| element.attr(name).and_then(|href| self.address(href, element.base.as_ref()));
            self.channel.home_page_url = address("href").or(self.channel.home_page_url.take());
            self.channel.published = element.attr("lastmod").and_then(|date| date::parse(date, self.zone));
        }
        is_text(element)
    }

    fn close(&mut self, element: Element, around: &mut [Element]) {
        let is_item = matches!(element.name.as_str(), "item" | "entry" | "url" | "sitemap");
        let inside_item = around
            .iter()
            .any(|outer| matches!(outer.name.as_str(), "item" | "entry" | "url" | "sitemap") && outer.ns != Ns::Other);
        if is_item && !inside_item && self.item.is_some() {
            return self.end_item();
        }
        match self.place(around) {
            Place::Channel => self.close_in_channel(element),
            Place::Item => self.close_in_item(element),
            Place::Source => self.close_in_source(element),
            Place::Image => {
                if element.name == "url" || (element.name == "href" && self.channel.icon.is_none()) {
                    self.channel.icon = self.address(&element.text, element.base.as_ref());
                }
            }
            Place::Person => {
                let text = element.text.trim();
                let url = self.address(text, element.base.as_ref());
                let Some(person) = self.person.as_mut().filter(|_| !text.is_empty()) else { return };
                match element.name.as_str() {
                    "name" => person.name = Some(text.to_owned()),
                    "email" => person.email = Some(text.to_owned()),
                    "uri" | "url" | "homepage" => person.url = url,
                    _ => {}
                }
            }
            // RSS 1.0 puts items and the picture beside the channel.
            Place::Outside if self.item.is_some() => self.close_in_item(element),
            Place::Outside | Place::Aside => {}
        }
    }

    fn is_done(&self) -> bool {
        self.left_out > 1_000_000 || (self.format.is_none() && self.stranger.as_deref() == Some("html"))
    }

    fn ends_text(&self, ns: Ns, name: &str) -> bool {
        matches!(name, "item" | "entry" | "channel" | "feed" | "rss") && ns != Ns::Xhtml
            || matches!(name, "pubdate" | "guid" | "encoded")
    }
}

/// Whether an element holds text, in which other elements are markup.
fn is_text(element: &Element) -> bool {
    match (element.ns, element.name.as_str()) {
        (Ns::Media, name) => matches!(name, "title" | "description" | "text" | "credit"),
        (_, "content") => element.ns != Ns::Other || element.attr("type").is_some(),
        (Ns::Xhtml, name) => name == "body" || name == "div",
        (_, name) => matches!(
            name,
            "body"
                | "title"
                | "description"
                | "summary"
                | "encoded"
                | "subtitle"
                | "tagline"
                | "rights"
                | "copyright"
                | "info"
                | "abstract"
                | "fullitem"
        ),
    }
}

/// The text of an element with the kind it declares; None when there is none.
fn text_of(element: Element) -> Option<Text> {
    let declared = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    let mode = element.attr("mode").unwrap_or_default().to_ascii_lowercase();
    let is_atom = element.ns.is_atom();
    let (mut value, has_markup, base) = (element.text, element.has_markup, element.base);
    if mode == "base64"
        || (is_atom
            && declared.contains('/')
            && !declared.starts_with("text/")
            && !declared.contains("xml")
            && !declared.contains("html"))
    {
        use base64::Engine as _;
        let packed: String = value.split_whitespace().collect();
        if let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(packed) {
            value = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    if value.trim().is_empty() {
        return None;
    }
    let value = decoded_once(value);
    let kind = match declared.as_str() {
        _ if has_markup => TextKind::Html,
        "html" | "xhtml" | "text/html" | "application/xhtml+xml" => TextKind::Html,
        "text" | "text/plain" | "plain" => TextKind::Plain,
        "" if is_atom && element.name != "info" && mode.is_empty() => TextKind::Plain,
        _ => TextKind::Unknown,
    };
    Some(Text { value, kind, base })
}

/// UTF-8 that was taken for windows-1252 and encoded again is decoded once more: a text whose every
/// character beyond ASCII takes part in such a sequence is never meant as it stands.
fn decoded_once(text: String) -> String {
    if text.is_ascii() || !text.chars().any(|c| matches!(c, 'Â'..='ô')) {
        return text;
    }
    let (bytes, _, had_errors) = encoding_rs::WINDOWS_1252.encode(&text);
    match std::str::from_utf8(&bytes) {
        Ok(decoded) if !had_errors => decoded.to_owned(),
        _ => text,
    }
}

/// A later value wins over an earlier one, but nothing is lost to an empty element.
fn set(field: &mut Option<Text>, value: Option<Text>) {
    if value.is_some() {
        *field = value;
    }
}

fn category(element: &Element) -> Vec<Category> {
    let text = element.text.trim();
    let term = element.attr("term").or(element.attr("text")).or((!text.is_empty()).then_some(text));
    let scheme = element.attr("scheme").or(element.attr("domain")).map(str::to_owned);
    let label = element.attr("label").map(str::to_owned);
    term.map(|term| Category { term: term.to_owned(), scheme, label }).into_iter().collect()
}

/// Adds a file; of one that is there already, what is new about it.
fn add(item: &mut Item, attachment: Attachment) {
    let Some(have) = item.attachments.iter_mut().find(|have| have.url == attachment.url && !have.thumbnail) else {
        return item.attachments.push(attachment);
    };
    have.mime_type = have.mime_type.take().or(attachment.mime_type);
    have.medium = have.medium.take().or(attachment.medium);
    have.size = have.size.or(attachment.size);
    have.duration = have.duration.or(attachment.duration);
    have.width = have.width.or(attachment.width);
    have.height = have.height.or(attachment.height);
    have.caption = have.caption.take().or(attachment.caption);
    have.credit = have.credit.take().or(attachment.credit);
    have.title = have.title.take().or(attachment.title);
}

/// Says something of the file that is open, else of all files of the item.
fn said(item: &mut Item, say: impl Fn(&mut Attachment)) {
    match item.attachments.last_mut().filter(|last| last.url.is_empty()) {
        Some(open) => say(open),
        None => item.attachments.iter_mut().filter(|file| !file.thumbnail).for_each(say),
    }
}

/// A length in seconds: `90`, `1:30`, `1:01:30`.
fn seconds(text: &str) -> Option<f64> {
    text.split(':')
        .try_fold(0.0, |sum, part| Some(sum * 60.0 + part.trim().parse::<f64>().ok()?))
        .filter(|seconds| *seconds > 0.0)
}

/// Minutes between two updates, by `sy:updatePeriod`.
fn period(text: &str) -> Option<u32> {
    Some(match text.to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}
