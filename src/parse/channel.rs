//! What a feed in XML says of the whole.

use super::feed::{Feed, ITUNES};
use super::names::Ns;
use super::people::{person, person_element};
use super::texts::{category, set, text_of};
use super::xml::Element;
use crate::date;
use crate::model::{Category, Hub};

impl Feed<'_> {
    pub(super) fn close_in_channel(&mut self, element: Element) {
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
                set(&mut self.channel.description, text_of(element));
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
            (Ns::Itunes, "author") if self.channel.authors.is_empty() => {
                self.channel.authors.extend(person(text));
            }
            (_, "author") => self.channel.authors.extend(person_element(self.person.take(), text)),
            (_, "contributor" | "owner") => self.person = None,
            // Those were taken when they opened, since they lie in each other.
            (Ns::Itunes, "category") => {}
            (Ns::Itunes, "keywords") => self.keywords(text),
            (_, "category" | "subject") => self.channel.categories.extend(category(&element)),
            (_, "icon") => {
                self.channel.icon = self.channel.icon.take().or_else(|| self.address(text, element.base.as_ref()));
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
