//! JSON Feed 1.0 and 1.1, read liberally: wrong types cost the field and not the feed.

use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::{Options, ParseError};
use crate::date;
use crate::model::{Attachment, Category, Channel, Format, Hub, Item, Person, Reading, Repair, Text};

/// Reads a JSON Feed.
pub(super) fn read(
    text: &str,
    encoding: String,
    mut repairs: Vec<Repair>,
    options: &Options,
) -> Result<Reading, ParseError> {
    let value: Value = serde_json::from_str(text).map_err(|problem| ParseError::Json(problem.to_string()))?;
    let version = value.get("version").and_then(Value::as_str).unwrap_or_default();
    let Some(list) = value.get("items").and_then(Value::as_array) else {
        return Err(ParseError::NotAFeed("JSON without items".into()));
    };
    let format = if version.trim_end_matches('/').ends_with("/1") { Format::Json10 } else { Format::Json11 };
    if !version.contains("jsonfeed.org/version") {
        repairs.push(Repair::new("it does not name the version of JSON Feed"));
    }
    let reader = Reader { base: options.url.as_ref(), zone: options.timezone };
    let mut items = Vec::new();
    let mut strangers = 0;
    for one in list.iter().take(options.max_items) {
        match one.as_object() {
            Some(_) => items.push(reader.item(one)),
            None => strangers += 1,
        }
    }
    if strangers > 0 {
        repairs.push(Repair::new(format!("{strangers} items are no objects and were left out")));
    }
    if list.len() > options.max_items {
        repairs.push(Repair::new(format!("only the first {} of {} items were read", options.max_items, list.len())));
    }
    Ok(Reading { format, encoding, channel: reader.channel(&value), items, repairs })
}

struct Reader<'o> {
    base: Option<&'o Url>,
    zone: Tz,
}

impl Reader<'_> {
    fn channel(&self, value: &Value) -> Channel {
        let hubs = value.get("hubs").and_then(Value::as_array).into_iter().flatten();
        Channel {
            title: word(value, "title").map(Text::plain),
            description: word(value, "description").map(Text::plain),
            home_page_url: self.url(value, "home_page_url"),
            feed_url: self.url(value, "feed_url"),
            next_url: self.url(value, "next_url"),
            icon: self.url(value, "icon").or_else(|| self.url(value, "favicon")),
            language: word(value, "language"),
            authors: self.authors(value),
            hubs: hubs.filter_map(|hub| Some(Hub { kind: word(hub, "type")?, url: self.url(hub, "url")? })).collect(),
            ..Channel::default()
        }
    }

    fn item(&self, value: &Value) -> Item {
        let tags = value.get("tags").and_then(Value::as_array).into_iter().flatten();
        let attachments = value.get("attachments").and_then(Value::as_array).into_iter().flatten();
        Item {
            id: word(value, "id"),
            url: self.url(value, "url").or_else(|| self.url(value, "external_url")),
            external_url: self.url(value, "external_url"),
            title: word(value, "title").map(Text::plain),
            content: word(value, "content_html")
                .map(Text::html)
                .or_else(|| word(value, "content_text").map(Text::plain)),
            summary: word(value, "summary").map(Text::plain),
            image: self.url(value, "image").or_else(|| self.url(value, "banner_image")),
            published: self.date(value, "date_published"),
            updated: self.date(value, "date_modified"),
            authors: self.authors(value),
            categories: tags.filter_map(Value::as_str).map(Category::new).collect(),
            language: word(value, "language"),
            attachments: attachments.filter_map(|one| self.attachment(one)).collect(),
            ..Item::default()
        }
    }

    fn authors(&self, value: &Value) -> Vec<Person> {
        let list = value.get("authors").and_then(Value::as_array).into_iter().flatten();
        let single = value.get("author").filter(|_| value.get("authors").is_none());
        list.chain(single)
            .map(|author| match author.as_str() {
                Some(name) => Person::named(name),
                None => Person { name: word(author, "name"), email: None, url: self.url(author, "url") },
            })
            .filter(|person| *person != Person::default())
            .collect()
    }

    fn attachment(&self, value: &Value) -> Option<Attachment> {
        Some(Attachment {
            url: self.url(value, "url")?,
            mime_type: word(value, "mime_type"),
            title: word(value, "title"),
            size: value.get("size_in_bytes").and_then(Value::as_u64),
            duration: value.get("duration_in_seconds").and_then(Value::as_f64),
            ..Attachment::default()
        })
    }

    fn date(&self, value: &Value, name: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        date::parse(&word(value, name)?, self.zone)
    }

    fn url(&self, value: &Value, name: &str) -> Option<String> {
        let text = word(value, name)?;
        Some(match (Url::parse(&text), self.base) {
            (Err(_), Some(base)) => base.join(&text).map_or(text, String::from),
            _ => text,
        })
    }
}

/// A text, or a number where a text should be.
fn word(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
