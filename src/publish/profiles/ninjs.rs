//! ninjs (IPTC, version 2): the feed is a composite item, its articles are associated with it by name.

use serde_json::{Map, Value, json};

use super::time;
use crate::model::Gone;
use crate::publish::files::File;
use crate::publish::hygiene::{Address, Body, Line};
use crate::publish::ready::{self, Item, Ready};

pub(super) fn write(feed: &Ready<'_>, gone: &[Gone]) -> Result<Vec<u8>, String> {
    let articles = feed.items.iter().map(|item| article(feed, item));
    let canceled = gone.iter().map(|gone| {
        json!({
            "uri": ready::id(&gone.uri),
            "type": "text",
            "version": gone.at.timestamp().to_string(),
            "versioncreated": time(gone.at),
            "pubstatus": "canceled",
            "headline": Line::first_of(&[&gone.title]).as_str(),
        })
    });
    let named: Map<String, Value> =
        (1..).zip(articles.chain(canceled)).map(|(number, item)| (format!("item{number:04}"), item)).collect();
    let mut document = json!({
        "uri": feed.id,
        "type": "composite",
        "pubstatus": "usable",
        "language": feed.language,
        "headline": feed.title.as_str(),
        "description_text": feed.description.as_str(),
        "associations": named,
    });
    if let Some(updated) = feed.updated {
        set(&mut document, "versioncreated", json!(time(updated)));
    }
    without_nulls(&mut document);
    serde_json::to_vec(&document).map_err(|problem| problem.to_string())
}

fn article(feed: &Ready<'_>, item: &Item<'_>) -> Value {
    let authors: Vec<_> = item.authors.iter().map(|author| author.name.as_str()).collect();
    let brief = item.brief();
    let body = item.content.as_ref().map(Body::as_str);
    let files: Map<String, Value> =
        (1..).zip(&item.files).map(|(number, file)| (format!("file{number:02}"), self::file(item, file))).collect();
    let mut article = json!({
        "uri": item.id,
        "type": "text",
        // A later version is a greater number.
        "version": item.updated.timestamp().to_string(),
        "firstcreated": time(item.published),
        "versioncreated": time(item.updated),
        "pubstatus": "usable",
        "language": item.language.unwrap_or(feed.language),
        "headline": item.title.as_str(),
        "byline": (!authors.is_empty()).then(|| authors.join(", ")),
        "description_text": brief.as_str(),
        "body_xhtml": body,
        "body_text": body.map(crate::html::lines),
        "subject": item.topics.iter().map(|topic| json!({
            "name": topic.name.as_str(), "code": topic.term.as_str(), "scheme": topic.scheme.as_ref().map(Address::as_str),
        })).collect::<Vec<_>>(),
        "infosource": [{ "name": item.source.name.as_str(), "uri": item.source.url.as_ref().map(Address::as_str) }],
        "copyrightholder": item.source.name.as_str(),
        "copyrightnotice": item.rights.as_ref().map(Line::as_str),
        "altids": { "web": item.target.as_str() },
    });
    if !files.is_empty() {
        set(&mut article, "associations", Value::Object(files));
    }
    article
}

fn file(item: &Item<'_>, file: &File) -> Value {
    let kind = match file.medium {
        "image" => "picture",
        "audio" => "audio",
        "video" => "video",
        _ => "component",
    };
    let rendition = |url: &Address, mime_type: &str, length: Option<u64>| json!({ "href": url.as_str(), "mimetype": mime_type, "width": file.width, "height": file.height, "sizeinbytes": length });
    let mut renditions = Map::new();
    renditions.insert("main".to_owned(), rendition(&file.url, &file.mime_type, file.length));
    if let Some(form) = &file.plainer {
        renditions.insert("plain".to_owned(), rendition(&form.url, &form.mime_type, Some(form.length)));
    }
    json!({
        "uri": file.url.as_str(),
        "type": kind,
        "versioncreated": time(item.published),
        "headline": file.title.as_ref().map(Line::as_str),
        "description_text": file.caption.as_ref().map(Line::as_str),
        "byline": file.credit.as_ref().map(Line::as_str),
        "renditions": renditions,
    })
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// What is not known is not written. The values are ours, and nest a few levels only.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(without_nulls);
        }
        Value::Array(all) => all.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
