//! JSON Feed 1.0 and 1.1, read liberally: wrong types cost the field and not the feed, and a document
//! that breaks off keeps its whole items.

mod repair;
mod value;

use std::fmt;

use chrono_tz::Tz;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::Url;

use super::{Options, ParseError};
use crate::date;
use crate::model::{Attachment, Category, Channel, Format, Hub, Item, Person, Reading, Repair, Text};
use value::{Name, Object, Value};

/// Reads a JSON Feed.
pub(super) fn read(
    text: &str,
    encoding: String,
    mut repairs: Vec<Repair>,
    options: &Options,
) -> Result<Reading, ParseError> {
    let found = match parse(text, options) {
        (found, None) => found,
        (found, Some(problem)) => {
            let repaired = if problem.is_eof() { None } else { repair::repaired(text) };
            match repaired.map(|text| parse(&text, options)) {
                Some((mended, None)) => {
                    repairs.push(Repair::new("line breaks in texts or superfluous commas were mended"));
                    mended
                }
                _ if found.items.is_empty() => return Err(ParseError::Json(problem.to_string())),
                _ => {
                    repairs.push(Repair::new("the document is broken or cut off"));
                    found
                }
            }
        }
    };
    let Some(version) = found.version else { return Err(ParseError::NotAFeed("JSON without items".into())) };
    let format = if version.trim_end_matches('/').ends_with("/1") { Format::Json10 } else { Format::Json11 };
    if !version.contains("jsonfeed.org/version") {
        repairs.push(Repair::new("it does not name the version of JSON Feed"));
    }
    let (items, beyond) = (found.items, found.beyond);
    if found.strangers > 0 {
        repairs.push(Repair::new(format!("{} items are no objects and were left out", found.strangers)));
    }
    if beyond > 0 {
        let all = items.len() + beyond;
        repairs.push(Repair::new(format!("only the first {} of {all} items were read", items.len())));
    }
    Ok(Reading { format, encoding, channel: found.channel, items, repairs })
}

/// What was found in a document.
#[derive(Default)]
struct Found {
    /// What it says its version is; None when it has no list of items.
    version: Option<String>,
    channel: Channel,
    items: Vec<Item>,
    /// Items that are no objects.
    strangers: usize,
    /// Items beyond the limit.
    beyond: usize,
}

/// Reads as far as possible.
fn parse(text: &str, options: &Options) -> (Found, Option<serde_json::Error>) {
    let reader = Reader { base: options.url.as_ref(), zone: options.timezone };
    let mut document = Document { reader, most: options.max_items, rest: Object::default(), found: None };
    let mut json = serde_json::Deserializer::from_str(text);
    let problem = json.deserialize_map(&mut document).and_then(|()| json.end()).err();
    let mut found = document.found.unwrap_or_default();
    found.version = found.version.map(|_| document.rest.word("version").unwrap_or_default());
    found.channel = document.reader.channel(document.rest);
    (found, problem)
}

/// A document while it is read: the items are read one by one, the rest is kept for the end.
struct Document<'t, 'o> {
    reader: Reader<'o>,
    most: usize,
    rest: Object<'t>,
    found: Option<Found>,
}

impl<'t> Visitor<'t> for &mut Document<'t, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON Feed")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Name<'t>>()? {
            if name.0 == "items" && self.found.is_none() {
                map.next_value_seed(Items(self))?;
            } else {
                self.rest.push(name, map.next_value()?);
            }
        }
        Ok(())
    }
}

/// The list of items.
struct Items<'d, 't, 'o>(&'d mut Document<'t, 'o>);

impl<'t> DeserializeSeed<'t> for Items<'_, 't, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'t> Visitor<'t> for Items<'_, 't, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<(), A::Error> {
        let Document { reader, most, found, .. } = self.0;
        let found = found.insert(Found { version: Some(String::new()), ..Found::default() });
        while found.items.len() < *most {
            match list.next_element::<Value<'t>>()? {
                Some(Value::Object(item)) => found.items.push(reader.item(item)),
                Some(_) => found.strangers += 1,
                None => return Ok(()),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            found.beyond += 1;
        }
        Ok(())
    }
}

struct Reader<'o> {
    base: Option<&'o Url>,
    zone: Tz,
}

impl Reader<'_> {
    fn channel(&self, mut of: Object<'_>) -> Channel {
        let hubs = of.list("hubs").into_iter().filter_map(|hub| match hub {
            Value::Object(mut hub) => Some(Hub { kind: hub.word("type")?, url: self.url(&mut hub, "url")? }),
            _ => None,
        });
        Channel {
            hubs: hubs.collect(),
            title: of.word("title").map(Text::plain),
            description: of.word("description").map(Text::plain),
            home_page_url: self.url(&mut of, "home_page_url"),
            feed_url: self.url(&mut of, "feed_url"),
            next_url: self.url(&mut of, "next_url"),
            icon: self.url(&mut of, "icon").or_else(|| self.url(&mut of, "favicon")),
            language: of.word("language"),
            authors: self.authors(&mut of),
            ..Channel::default()
        }
    }

    fn item(&self, mut of: Object<'_>) -> Item {
        let attachments = of.list("attachments");
        let tags = of.list("tags").into_iter().filter_map(|tag| match tag {
            Value::Text(tag) => Some(Category::new(tag)),
            _ => None,
        });
        let categories = tags.collect();
        let external_url = self.url(&mut of, "external_url");
        let html = of.word("content_html").map(Text::html);
        Item {
            id: of.word("id"),
            url: self.url(&mut of, "url").or_else(|| external_url.clone()),
            external_url,
            title: of.word("title").map(Text::plain),
            content: html.or_else(|| of.word("content_text").map(Text::plain)),
            summary: of.word("summary").map(Text::plain),
            image: self.url(&mut of, "image").or_else(|| self.url(&mut of, "banner_image")),
            published: self.date(&mut of, "date_published"),
            updated: self.date(&mut of, "date_modified"),
            authors: self.authors(&mut of),
            categories,
            language: of.word("language"),
            attachments: attachments.into_iter().filter_map(|one| self.attachment(one)).collect(),
            ..Item::default()
        }
    }

    /// Version 1.0 has one author, 1.1 a list.
    fn authors(&self, of: &mut Object<'_>) -> Vec<Person> {
        let all = match of.take("authors") {
            Some(Value::List(list)) => list,
            _ => of.take("author").into_iter().collect(),
        };
        let people = all.into_iter().filter_map(|author| match author {
            Value::Text(name) => Some(Person::named(name)),
            Value::Object(mut author) => {
                Some(Person { name: author.word("name"), email: None, url: self.url(&mut author, "url") })
            }
            _ => None,
        });
        people.filter(|person| *person != Person::default()).collect()
    }

    fn attachment(&self, value: Value<'_>) -> Option<Attachment> {
        let Value::Object(mut of) = value else { return None };
        Some(Attachment {
            url: self.url(&mut of, "url")?,
            mime_type: of.word("mime_type"),
            title: of.word("title"),
            size: of.number("size_in_bytes").and_then(serde_json::Number::as_u64),
            duration: of.number("duration_in_seconds").and_then(serde_json::Number::as_f64),
            ..Attachment::default()
        })
    }

    fn date(&self, of: &mut Object<'_>, name: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        date::parse(&of.word(name)?, self.zone)
    }

    fn url(&self, of: &mut Object<'_>, name: &str) -> Option<String> {
        Some(super::base::absolute(&of.word(name)?, || self.base.cloned()))
    }
}
