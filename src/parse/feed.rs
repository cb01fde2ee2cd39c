//! Feeds in XML of every dialect: one visitor for all of them, since the dialects differ in few
//! names and real feeds mix them.

use std::sync::Arc;

use chrono_tz::Tz;
use url::Url;

use super::base::absolute;
use super::characters::{mended, trim};
use super::item::Late;
use super::names::{Ns, Role};
use super::words::{add_categories, is_text};
use super::xml::{Element, Visit};
use crate::date;
use crate::model::{Attachment, Channel, Format, Item, Person};

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

/// Room for as many items is made at once; few feeds have more.
const USUAL: usize = 50;

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
    /// The open item; boxed, since it is taken out and put back for each of its elements.
    pub(super) item: Option<Box<Item>>,
    /// The box of the item before, for the next one.
    spare: Option<Box<Item>>,
    pub(super) person: Option<Person>,
    pub(super) late: Late,
    /// How long `sy:updatePeriod` is, in minutes, and how often the feed changes in it.
    pub(super) rhythm: (Option<u32>, Option<u32>),
    url: Option<&'o Url>,
    pub(super) zone: Tz,
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
            spare: None,
            person: None,
            late: Late::default(),
            rhythm: (None, None),
            url,
            zone,
            max_items,
        }
    }

    /// What was said of the whole, and the items.
    pub(super) fn into_parts(mut self) -> (Channel, Vec<Item>) {
        let between = self.rhythm.0.map(|period| period / self.rhythm.1.unwrap_or(1));
        self.channel.ttl_minutes = self.channel.ttl_minutes.or(between.map(|minutes| minutes.max(1)));
        (self.channel, self.items)
    }

    fn root(&mut self, element: &Element<'_>) {
        let version = element.attr("version").unwrap_or_default();
        let format = match (element.ns, &*element.name) {
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
            (_, "channel") if element.has_attributes() || element.ns == Ns::Cdf => Some(Format::Cdf),
            (_, "channel" | "item") => Some(Format::Rss20),
            (_, "urlset") => Some(Format::Sitemap),
            (_, "sitemapindex") => Some(Format::SitemapIndex),
            _ => None,
        };
        match format {
            Some(format) => self.format = self.format.or(Some(format)),
            None => self.stranger = self.stranger.take().or_else(|| Some(element.name.to_string())),
        }
    }

    /// What the elements inside the innermost open one are part of.
    fn place(&self, around: &[Element<'_>]) -> Place {
        for element in around.iter().rev() {
            let place = match element.role {
                Role::Item | Role::Listed if self.item.is_some() => Place::Item,
                Role::Source if self.item.is_some() && !matches!(element.ns, Ns::Dc | Ns::Media) => Place::Source,
                Role::Image if element.ns.is_rss() || element.ns.is_atom() => Place::Image,
                Role::Aside => Place::Aside,
                Role::Person | Role::Editor if self.person.is_some() => Place::Person,
                Role::Channel => Place::Channel,
                Role::Root => Place::Outside,
                _ => continue,
            };
            return place;
        }
        Place::Outside
    }

    /// An address made absolute: against `xml:base`, else the document's own.
    pub(super) fn address(&self, text: &str, base: Option<&Arc<str>>) -> Option<String> {
        let text = trim(text);
        if text.is_empty() {
            return None;
        }
        Some(absolute(text, || self.base(base)))
    }

    fn base(&self, base: Option<&Arc<str>>) -> Option<Url> {
        match base {
            Some(base) => Url::parse(base).ok().or_else(|| self.url?.join(base).ok()),
            None => self.url.cloned(),
        }
    }

    /// Where a link leads. An empty reference leads to its base (RFC 3986 s.4.4), when one is stated.
    pub(super) fn reference(&self, element: &Element<'_>) -> Option<String> {
        let href = element.attr("href").or_else(|| element.attr_of(Ns::Rdf, "resource"));
        if href.is_some_and(str::is_empty) && element.base.is_some() {
            return self.base(element.base.as_ref()).map(String::from);
        }
        let href = href.filter(|href| !href.is_empty()).unwrap_or(&element.text);
        self.address(href, element.base.as_ref())
    }

    fn begin_item(&mut self, element: &Element<'_>, around: &[Element<'_>]) {
        let mut item = Item { language: element.lang.as_deref().map(str::to_owned), ..Item::default() };
        let address = |text: &str| self.address(text, element.base.as_ref());
        if let Some(about) = element.attr_of(Ns::Rdf, "about").or(element.attr("about")) {
            item.id = Some(about.to_owned());
            item.url = address(about);
        }
        // Only CDF has facts of an item in attributes.
        let is_cdf = around.first().is_some_and(|root| root.name == "channel")
            && (element.attr("href").is_some() || element.attr("lastmod").is_some());
        if is_cdf {
            item.url = element.attr("href").and_then(address);
            item.updated = element.attr("lastmod").and_then(|date| date::parse(date, self.zone));
            self.format = Some(Format::Cdf);
        }
        self.late = Late::default();
        self.item = Some(match self.spare.take() {
            Some(mut place) => {
                *place = item;
                place
            }
            None => Box::new(item),
        });
    }

    /// An item ends; `text` is what stands in it outside of all elements.
    fn end_item(&mut self, text: &str) {
        let Some(mut item) = self.item.take() else { return };
        if item.url.is_none() && is_address(text.trim()) {
            // `<link/>https://…`: somewhere on its way the feed was taken for HTML.
            item.url = Some(text.trim().to_owned());
        }
        std::mem::take(&mut self.late).complete(&mut item);
        if item.url.is_none() && item.id_is_permalink != Some(false) {
            item.url = item.id.clone().filter(|id| is_address(id));
        }
        if self.items.len() < self.max_items {
            if self.items.is_empty() {
                self.items.reserve(self.max_items.min(USUAL));
            }
            self.items.push(std::mem::take(&mut *item));
        } else {
            self.left_out += 1;
        }
        self.spare = Some(item);
    }

    fn close_in_image(&mut self, element: &Element<'_>) {
        let picture = self.item.as_mut().map_or(&mut self.channel.icon, |item| &mut item.image);
        let known = picture.take();
        let address = self.address(&element.text, element.base.as_ref());
        let picture = self.item.as_mut().map_or(&mut self.channel.icon, |item| &mut item.image);
        *picture = match &*element.name {
            "url" => address.or(known),
            "href" => known.or(address),
            _ => known,
        };
    }

    fn close_in_person(&mut self, element: &Element<'_>) {
        let text = element.text.trim();
        let url = self.address(text, element.base.as_ref());
        let Some(person) = self.person.as_mut().filter(|_| !text.is_empty()) else { return };
        match &*element.name {
            "name" => person.name = Some(text.to_owned()),
            "email" => person.email = Some(text.to_owned()),
            "uri" | "url" | "homepage" => person.url = url,
            _ => {}
        }
    }
}

impl Visit for Feed<'_> {
    fn open(&mut self, element: &Element<'_>, around: &[Element<'_>]) -> bool {
        if around.is_empty() {
            self.root(element);
            if let Some(lang) = element.lang.as_deref() {
                self.channel.language.get_or_insert_with(|| lang.to_owned());
            }
        }
        if self.format == Some(Format::Rss10) && element.ns == Ns::Rss090 {
            self.format = Some(Format::Rss090);
        }
        let is_item = element.role == Role::Item
            || (element.role == Role::Listed && matches!(self.format, Some(Format::Sitemap | Format::SitemapIndex)));
        if is_item && self.item.is_none() && !matches!(element.ns, Ns::Other | Ns::Media) {
            self.begin_item(element, around);
            return false;
        }
        if element.role == Role::Person {
            self.person = Some(Person::default());
        }
        if element.ns == Ns::Itunes && element.name == "category" {
            // They are nested, and the outer one comes first.
            let categories = self.item.as_mut().map_or(&mut self.channel.categories, |item| &mut item.categories);
            add_categories(categories, element);
        }
        if let Some(item) = self.item.as_mut()
            && (element.ns == Ns::Media && element.name == "content")
            && item.attachments.last().is_none_or(|last| !last.url.is_empty())
        {
            // What is said inside it waits here for its address, which comes at its end.
            item.attachments.push(Attachment::default());
        }
        if self.format == Some(Format::Cdf) && element.name == "channel" {
            let address = |name: &str| element.attr(name).and_then(|href| self.address(href, element.base.as_ref()));
            self.channel.home_page_url = address("href").or(self.channel.home_page_url.take());
            self.channel.updated = element.attr("lastmod").and_then(|date| date::parse(date, self.zone));
        }
        is_text(element) || (element.name == "body" && self.item.is_some())
    }

    fn close(&mut self, element: &mut Element<'_>, around: &[Element<'_>]) {
        element.text = mended(std::mem::take(&mut element.text));
        let inside_item =
            || around.iter().any(|outer| matches!(outer.role, Role::Item | Role::Listed) && outer.ns != Ns::Other);
        if matches!(element.role, Role::Item | Role::Listed) && self.item.is_some() && !inside_item() {
            return self.end_item(&element.text);
        }
        match self.place(around) {
            Place::Channel => self.close_in_channel(element, is_direct(around)),
            Place::Item => self.close_in_item(element, is_direct(around)),
            Place::Source => self.close_in_source(element),
            Place::Image => self.close_in_image(element),
            Place::Person => self.close_in_person(element),
            // RSS 1.0 puts items and the picture beside the channel.
            Place::Outside if self.item.is_some() => self.close_in_item(element, true),
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

    fn is_one_of_many(&self, ns: Ns, role: Role) -> bool {
        role == Role::Item && !matches!(ns, Ns::Other | Ns::Media)
    }

    fn holds_many(&self, name: &str) -> bool {
        matches!(name, "rss" | "rdf" | "channel" | "feed")
    }
}

fn is_address(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// Whether the innermost open element is the item or channel, or one that only groups what is in it.
fn is_direct(around: &[Element<'_>]) -> bool {
    let groups = [Ns::Media, Ns::News, Ns::Sitemap, Ns::SitemapImage];
    around.last().is_some_and(|parent| {
        matches!(parent.role, Role::Item | Role::Listed | Role::Channel) || groups.contains(&parent.ns)
    })
}
