//! What stands in a channel outside its items.

use super::feed::Feed;
use super::names::Ns;
use super::people::{person, person_element};
use super::words::{add_categories, add_each, set, text_of};
use super::xml::Element;
use crate::date;
use crate::model::{Channel, Hub};

impl Feed<'_> {
    /// An element somewhere in the channel; what is wrapped in an element that nobody knows
    /// counts only where the channel itself says nothing.
    pub(super) fn close_in_channel(&mut self, element: &mut Element<'_>, is_direct: bool) {
        if is_direct {
            return self.channel_element(element);
        }
        let kept = std::mem::take(&mut self.channel);
        self.channel_element(element);
        let wrapped = std::mem::replace(&mut self.channel, kept);
        let Channel { id, title, description, home_page_url, icon, .. } = wrapped;
        let channel = &mut self.channel;
        channel.id = channel.id.take().or(id);
        channel.title = channel.title.take().or(title);
        channel.description = channel.description.take().or(description);
        channel.home_page_url = channel.home_page_url.take().or(home_page_url);
        channel.icon = channel.icon.take().or(icon);
        add_each(&mut channel.categories, wrapped.categories);
        channel.skip_hours.extend(wrapped.skip_hours);
    }

    fn channel_element(&mut self, element: &mut Element<'_>) {
        let name = element.name.clone();
        let text = element.text.trim();
        let word = || (!text.is_empty()).then(|| text.to_owned());
        match (element.ns, &*name) {
            (Ns::Media, "thumbnail") => self.channel_picture(element),
            (Ns::Media, "category" | "keywords") | (_, "category" | "subject" | "keywords" | "tags") => {
                add_categories(&mut self.channel.categories, element);
            }
            (Ns::Media, _) => {}
            (Ns::Itunes | Ns::Dc | Ns::DcTerms, "title") => {
                self.channel.title = self.channel.title.take().or_else(|| text_of(element));
            }
            (_, "title") => set(&mut self.channel.title, text_of(element)),
            (Ns::Itunes, "summary" | "subtitle") => {
                self.channel.description = self.channel.description.take().or_else(|| text_of(element));
            }
            (_, "description" | "subtitle" | "tagline" | "abstract") => {
                set(&mut self.channel.description, text_of(element));
            }
            (_, "rights" | "copyright") => set(&mut self.channel.rights, text_of(element)),
            (_, "id" | "guid") => self.channel.id = self.channel.id.take().or_else(word),
            (_, "link") => self.channel_link(element),
            (_, "language") => self.channel.language = word().or(self.channel.language.take()),
            (_, "generator") => self.channel.generator = word(),
            (_, "ttl") => self.channel.ttl_minutes = text.parse().ok(),
            (Ns::Sy, "updateperiod") => self.rhythm.0 = period(text),
            (Ns::Sy, "updatefrequency") => self.rhythm.1 = text.parse().ok().filter(|times| *times > 0),
            (_, "managingeditor" | "creator") => self.channel.authors.extend(person(text)),
            (Ns::Itunes, "author") | (Ns::Podcast, "person") => {
                if self.channel.authors.is_empty() {
                    self.channel.authors.extend(person(text));
                }
            }
            (_, "author") => self.channel.authors.extend(person_element(self.person.take(), text)),
            (_, "contributor" | "owner") => self.person = None,
            (_, "icon") | (Ns::Itunes, "image") => self.channel_picture(element),
            (_, "logo") => {
                self.channel.icon = self.address(text, element.base.as_ref()).or(self.channel.icon.take());
            }
            (_, "hour") => self.channel.skip_hours.extend(text.parse::<u8>().ok().map(|hour| hour % 24)),
            _ => self.channel_date(element),
        }
    }

    fn channel_date(&mut self, element: &Element<'_>) {
        let date = || date::parse(element.text.trim(), self.zone);
        let channel = &mut self.channel;
        match (element.ns, &*element.name) {
            (Ns::Media, _) => {}
            (_, "pubdate" | "published" | "issued") => channel.published = date().or(channel.published),
            (_, "lastbuilddate" | "updated" | "modified" | "lastmod") => channel.updated = date().or(channel.updated),
            (Ns::Dc | Ns::DcTerms, "date") => channel.updated = channel.updated.or_else(date),
            _ => {}
        }
    }

    /// A picture, wherever the element has its address; the first one stays.
    fn channel_picture(&mut self, element: &Element<'_>) {
        let text = Some(element.text.trim());
        let address = element.attr("href").or(element.attr("url")).or(text);
        let address = address.and_then(|address| self.address(address, element.base.as_ref()));
        self.channel.icon = self.channel.icon.take().or(address);
    }

    fn channel_link(&mut self, element: &Element<'_>) {
        let Some(url) = self.reference(element) else { return };
        match element.attr("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "self" => self.channel.feed_url = Some(url),
            "next" => self.channel.next_url = Some(url),
            "hub" => self.channel.hubs.push(Hub { kind: "WebSub".into(), url }),
            "image" => self.channel.icon = self.channel.icon.take().or(Some(url)),
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
