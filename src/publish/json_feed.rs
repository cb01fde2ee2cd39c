//! JSON Feed 1.1.

use serde_json::{Map, Value, json};

use super::hygiene::{address, line, rfc3339, text};
use crate::model::{Enclosure, Feed, FeedEntry, Media, Person};

/// Writes a feed.
pub(super) fn write(feed: &Feed) -> Result<Vec<u8>, String> {
    let own = address(&feed.base_url);
    let mut out = Map::new();
    out.insert("version".into(), json!("https://jsonfeed.org/version/1.1"));
    out.insert("title".into(), json!(line(&feed.title)));
    out.insert("home_page_url".into(), json!(address(&feed.page_url)));
    out.insert("feed_url".into(), json!(format!("{own}.json")));
    out.insert("description".into(), json!(line(&feed.description)));
    out.insert("language".into(), json!(feed.language));
    out.insert("authors".into(), json!([{ "name": line(&feed.publisher) }]));
    let about = "https://jsonfeed.org/version/1.1#extensions";
    out.insert("_newsriver".into(), json!({ "about": about, "id": feed.uri, "generator": super::GENERATOR }));
    out.insert("items".into(), Value::Array(feed.entries.iter().map(item).collect()));
    serde_json::to_vec(&out).map_err(|problem| problem.to_string())
}

fn item(entry: &FeedEntry) -> Value {
    let facts = &entry.story.lead.facts;
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    put("id", Some(json!(text(&entry.story.uri))));
    put("url", Some(json!(address(facts.url.as_ref().unwrap_or(&entry.page_url)))));
    put("title", Some(json!(line(&facts.title))));
    let html = text(facts.content.as_str());
    if html.is_empty() {
        put("content_text", Some(json!(facts.summary.as_deref().map_or_else(|| line(&facts.title), line))));
    } else {
        put("content_html", Some(json!(html)));
        put("summary", facts.summary.as_deref().map(|summary| json!(line(summary))));
    }
    let lead = entry.enclosures.iter().find(|enclosure| enclosure.is_image());
    put("image", lead.map(|enclosure| json!(address(&enclosure.url))));
    put("date_published", Some(json!(rfc3339(entry.story.published))));
    put("date_modified", (entry.story.updated > entry.story.published).then(|| json!(rfc3339(entry.story.updated))));
    let authors: Vec<_> = facts.authors.iter().filter_map(author).collect();
    if let [only] = authors.as_slice() {
        // Readers of version 1.0 know only this.
        put("author", Some(only.clone()));
    }
    put("authors", (!authors.is_empty()).then(|| Value::Array(authors)));
    let tags: Vec<_> = facts.categories.iter().map(|category| line(&category.term)).collect();
    put("tags", (!tags.is_empty()).then(|| json!(tags)));
    put("language", facts.language.as_ref().map(|language| json!(language)));
    let files: Vec<_> = entry.enclosures.iter().map(attachment).collect();
    put("attachments", (!files.is_empty()).then(|| Value::Array(files)));
    put("_newsriver", Some(own_facts(entry)));
    Value::Object(out)
}

fn author(person: &Person) -> Option<Value> {
    let name = line(person.name.as_deref()?);
    if name.is_empty() {
        return None;
    }
    Some(match &person.url {
        Some(url) => json!({ "name": name, "url": text(url) }),
        None => json!({ "name": name }),
    })
}

fn attachment(enclosure: &Enclosure) -> Value {
    let mut out = Map::new();
    out.insert("url".into(), json!(address(&enclosure.url)));
    out.insert("mime_type".into(), json!(text(&enclosure.mime_type)));
    if let Some(title) = &enclosure.title {
        out.insert("title".into(), json!(line(title)));
    }
    if let Some(length) = enclosure.length {
        out.insert("size_in_bytes".into(), json!(length));
    }
    match &enclosure.media {
        Media::Image { width, height, caption, credit } => {
            let facts = [
                ("width", width.map(|width| json!(width))),
                ("height", height.map(|height| json!(height))),
                ("caption", caption.as_deref().map(|caption| json!(line(caption)))),
                ("credit", credit.as_deref().map(|credit| json!(line(credit)))),
            ];
            let known: Map<String, Value> =
                facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
            if !known.is_empty() {
                out.insert("_newsriver".into(), Value::Object(known));
            }
        }
        Media::Audio { duration } | Media::Video { duration } => {
            if let Some(duration) = duration {
                out.insert("duration_in_seconds".into(), json!(duration));
            }
        }
        Media::Other => {}
    }
    Value::Object(out)
}

/// Where it is from, and where else it was found.
fn own_facts(entry: &FeedEntry) -> Value {
    let place = |title: &str, url: Option<String>| match url {
        Some(url) => json!({ "title": line(title), "url": url }),
        None => json!({ "title": line(title) }),
    };
    let also: Vec<_> = entry.also_at.iter().map(|(title, url)| place(title, url.as_ref().map(address))).collect();
    let mut facts = Map::new();
    facts.insert("page".into(), json!(address(&entry.page_url)));
    facts.insert("source".into(), place(&entry.source_title, entry.source_url.as_ref().map(address)));
    if !also.is_empty() {
        facts.insert("also_at".into(), Value::Array(also));
    }
    if let Some(rights) = &entry.story.lead.facts.rights {
        facts.insert("rights".into(), json!(line(rights)));
    }
    Value::Object(facts)
}
