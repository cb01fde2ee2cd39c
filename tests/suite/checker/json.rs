//! JSON Feed 1.1.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Report;
use super::text;
use super::uri::web_address_fault;

const FEED: &[&str] = &[
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "author",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
];
const ITEM: &[&str] = &[
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "author",
    "authors",
    "tags",
    "language",
    "attachments",
];
const ATTACHMENT: &[&str] = &["url", "mime_type", "title", "size_in_bytes", "duration_in_seconds"];
const PERSON: &[&str] = &["name", "url", "avatar"];

pub(super) fn check(report: &mut Report, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return report.add("UnicodeError", "no UTF-8") };
    report.unless(!text::has_bad_characters(text), "BadCharacters", "somewhere");
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(fault) => return report.add("InvalidJson", fault.to_string()),
    };
    let Value::Object(feed) = &value else { return report.add("InvalidJson", "no object") };
    report.unless(feed.keys().next().is_some_and(|key| key == "version"), "MissingElement", "version first");
    report.unless(feed["version"] == "https://jsonfeed.org/version/1.1", "InvalidVersion", "version");
    members(report, feed, FEED, true);
    for name in ["title", "home_page_url", "feed_url"] {
        report.unless(
            feed.get(name).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty()),
            "MissingElement",
            name,
        );
    }
    report.unless(
        feed.get("feed_url").and_then(Value::as_str) == Some(&report.location),
        "SelfDoesntMatchLocation",
        "feed_url",
    );
    report.unless(
        feed.get("next_url") != feed.get("feed_url") || !feed.contains_key("next_url"),
        "LinkPastEnd",
        "next_url",
    );
    let Some(Value::Array(items)) = feed.get("items") else { return report.add("MissingElement", "items") };
    let mut ids = HashSet::new();
    for item in items {
        match item {
            Value::Object(item) => one_item(report, item, &mut ids),
            _ => report.add("InvalidJson", "an item is no object"),
        }
    }
    strings(report, &value);
}

/// Known members, or own ones whose name begins with an underscore and a letter.
fn members(report: &mut Report, object: &Map<String, Value>, known: &[&str], top: bool) {
    for (name, value) in object {
        let own = name
            .strip_prefix('_')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.contains('.'));
        report.unless(known.contains(&name.as_str()) || own, "UndefinedElement", name.clone());
        report.unless(!value.is_null(), "NotBlank", name.clone());
        if own && top {
            report.unless(value.get("about").is_some_and(Value::is_string), "MissingElement", "about");
        }
        if name.ends_with("url") || ["image", "icon", "favicon"].contains(&name.as_str()) {
            let url = value.as_str().unwrap_or_default();
            report.fault(web_address_fault(url), url);
        }
        if name == "language" {
            report.unless(value.as_str().is_some_and(text::is_language), "InvalidLanguage", value.to_string());
        }
        if name == "authors" {
            for person in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                members(report, person, PERSON, false);
                report.unless(!person.is_empty(), "NotBlank", "authors");
            }
        }
    }
}

fn one_item(report: &mut Report, item: &Map<String, Value>, ids: &mut HashSet<String>) {
    members(report, item, ITEM, false);
    let text_of = |name: &str| item.get(name).and_then(Value::as_str);
    let id = text_of("id").unwrap_or_default();
    report.unless(!id.is_empty(), "MissingElement", "id");
    report.unless(ids.insert(id.to_owned()), "DuplicateValue", id);
    let has_content =
        [text_of("content_html"), text_of("content_text")].into_iter().flatten().any(|text| !text.trim().is_empty());
    report.unless(has_content, "MissingTextualContent", id);
    if let Some(html) = text_of("content_html") {
        report.html(html);
    }
    for name in ["date_published", "date_modified"] {
        if let Some(date) = text_of(name) {
            report.fault(text::rfc3339_fault(date, report.now), date);
        }
    }
    let authors = item.get("authors").and_then(Value::as_array).map_or(0, Vec::len);
    report.unless(item.contains_key("author") == (authors == 1), "MissingElement", "author for readers of 1.0");
    for tag in item.get("tags").and_then(Value::as_array).into_iter().flatten() {
        report.unless(tag.as_str().is_some_and(|tag| !tag.trim().is_empty()), "NotBlank", "tags");
    }
    for attachment in
        item.get("attachments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
    {
        members(report, attachment, ATTACHMENT, false);
        report.unless(attachment.contains_key("url"), "MissingAttribute", "url");
        report.unless(
            attachment.get("mime_type").and_then(Value::as_str).is_some_and(text::is_media_type),
            "InvalidMIMEAttribute",
            "mime_type",
        );
        for name in ["size_in_bytes", "duration_in_seconds"] {
            if let Some(number) = attachment.get(name) {
                report.unless(number.as_f64().is_some_and(|number| number > 0.0), "InvalidPositiveInteger", name);
            }
        }
    }
}

/// No string anywhere may hold a control character.
fn strings(report: &mut Report, value: &Value) {
    match value {
        Value::String(text) => {
            let bad = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
            report.unless(
                !bad && !text::has_bad_characters(text),
                "BadCharacters",
                text.chars().take(40).collect::<String>(),
            );
        }
        Value::Array(values) => values.iter().for_each(|value| strings(report, value)),
        Value::Object(members) => members.values().for_each(|value| strings(report, value)),
        _ => {}
    }
}
