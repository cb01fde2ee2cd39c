//! What `inspect --json` prints: JSON Feed 1.1 with newsriver's own facts under `_newsriver`.

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value, json};
use url::Url;

use crate::clean;
use crate::html;
use crate::model::{Article, Attachment, Category, Format, Item, Person, Reading, Text};

/// An object of which absent values are left out.
#[derive(Default)]
struct Form(Map<String, Value>);

impl Form {
    fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
    }

    fn text(&mut self, name: &str, value: Option<String>) {
        self.put(name, value.filter(|text| !text.is_empty()));
    }

    fn list(&mut self, name: &str, values: Vec<Value>) {
        self.put(name, (!values.is_empty()).then_some(values));
    }

    fn own(&mut self, inner: Form) {
        if !inner.0.is_empty() {
            self.0.insert("_newsriver".to_owned(), Value::Object(inner.0));
        }
    }
}

/// A feed, sitemap or page.
pub(super) fn feed(input: &str, reading: &Reading, base: Option<&Url>) -> Value {
    let channel = &reading.channel;
    let mut own = Form::default();
    own.put("input", Some(input));
    own.put("format", Some(reading.format.name()));
    own.put("encoding", Some(reading.encoding.as_str()));
    own.put("recovered", Some(!reading.repairs.is_empty()));
    own.list("repairs", reading.repairs.iter().map(|repair| json!(repair.what)).collect());
    own.text("id", channel.id.clone());
    own.text("published", date(channel.published));
    own.text("updated", date(channel.updated));
    own.text("rights", channel.rights.as_ref().map(clean::plain));
    own.text("generator", channel.generator.clone());
    own.put("ttl_minutes", channel.ttl_minutes);
    own.list("categories", channel.categories.iter().map(category).collect());
    let mut form = Form::default();
    form.put("version", Some("https://jsonfeed.org/version/1.1"));
    form.text("title", channel.title.as_ref().map(clean::plain));
    form.text("home_page_url", address(channel.home_page_url.as_deref()));
    form.text("feed_url", address(channel.feed_url.as_deref()));
    form.text("description", channel.description.as_ref().map(clean::plain));
    form.text("icon", address(channel.icon.as_deref()));
    form.text("language", channel.language.clone());
    form.list("authors", channel.authors.iter().filter_map(person).collect());
    form.list(
        "hubs",
        channel
            .hubs
            .iter()
            .filter_map(|hub| address(Some(&hub.url)).map(|url| json!({ "type": hub.kind, "url": url })))
            .collect(),
    );
    form.own(own);
    form.put("items", Some(reading.items.iter().map(|one| item(one, base)).collect::<Vec<_>>()));
    Value::Object(form.0)
}

/// One article.
pub(super) fn article(input: &str, article: &Article, encoding: &str, base: Option<&Url>) -> Value {
    let mut own = Form::default();
    own.put("input", Some(input));
    own.put("format", Some(Format::Article.name()));
    own.put("encoding", Some(encoding));
    own.put("recovered", Some(false));
    let content = html::sanitise_for_show(&article.content_html, base);
    let mut item = Form::default();
    let url = article.canonical_url.clone().or_else(|| base.map(ToString::to_string));
    item.text("id", url.clone());
    item.text("url", url);
    item.text("title", article.title.clone());
    item.text("content_text", Some(html::running(content.as_str())));
    item.text("content_html", Some(content.as_str().to_owned()));
    item.text("summary", article.summary.clone());
    item.text("image", article.lead_image.clone());
    item.text("date_published", date(article.published));
    item.text("date_modified", date(article.modified));
    item.list("authors", article.authors.iter().filter_map(person).collect());
    item.list("tags", article.section.iter().chain(&article.tags).map(|tag| json!(tag)).collect());
    item.text("language", article.language.clone());
    item.list("attachments", article.pictures.iter().filter_map(attachment).collect());
    let mut facts = Form::default();
    facts.text("subtitle", article.subtitle.clone());
    facts.put("paywalled", article.paywalled.then_some(true));
    facts.put("wall", article.wall.map(crate::model::Wall::in_words));
    facts.list(
        "findings",
        article.findings.iter().map(|finding| json!({ "field": finding.field, "why": finding.why })).collect(),
    );
    let left_out = article.left_out.iter().map(|part| json!({ "start": part.start, "why": part.why }));
    facts.list("left_out", left_out.collect());
    item.own(facts);
    let mut form = Form::default();
    form.put("version", Some("https://jsonfeed.org/version/1.1"));
    form.text("title", article.site_name.clone().or_else(|| article.title.clone()));
    form.text("language", article.language.clone());
    form.own(own);
    form.put("items", Some(vec![Value::Object(item.0)]));
    Value::Object(form.0)
}

fn item(item: &Item, base: Option<&Url>) -> Value {
    let mut form = Form::default();
    form.text("id", item.id.clone());
    form.text("url", address(item.url.as_deref()));
    form.text("external_url", address(item.external_url.as_deref()));
    form.text("title", item.title.as_ref().map(clean::plain));
    let html = |text: &Text| clean::html_for_show(text, base);
    let content = item.content.as_ref().map(html);
    let summary = item.summary.as_ref().map(html);
    // A description that is the only text is the content, too.
    let shown = content.clone().or_else(|| summary.clone());
    form.text("content_text", shown.as_ref().map(|html| html::lines(html.as_str())));
    form.text("content_html", shown.map(|html| html.as_str().to_owned()));
    form.text("summary", item.summary.as_ref().map(clean::plain));
    form.text("image", address(item.image.as_deref()));
    form.text("date_published", date(item.published));
    form.text("date_modified", date(item.updated));
    form.list("authors", item.authors.iter().filter_map(person).collect());
    form.list("tags", item.categories.iter().map(|category| json!(html::plain(&category.term))).collect());
    form.text("language", item.language.clone());
    form.list("attachments", item.attachments.iter().filter_map(attachment).collect());
    let mut own = Form::default();
    own.put("guid_is_permalink", item.id_is_permalink);
    own.text("comments", address(item.comments.as_deref()));
    own.text("rights", item.rights.as_ref().map(clean::plain));
    if let Some(source) = &item.source {
        let mut from = Form::default();
        from.text("title", source.title.clone());
        from.text("url", address(source.url.as_deref()));
        own.put("source", (!from.0.is_empty()).then_some(Value::Object(from.0)));
    }
    own.list("categories", item.categories.iter().map(category).collect());
    form.own(own);
    Value::Object(form.0)
}

fn person(person: &Person) -> Option<Value> {
    let mut form = Form::default();
    form.text("name", person.name.as_deref().map(html::plain));
    form.text("url", address(person.url.as_deref()));
    let mut own = Form::default();
    own.text("email", person.email.clone());
    form.own(own);
    (!form.0.is_empty()).then_some(Value::Object(form.0))
}

fn category(category: &Category) -> Value {
    let mut form = Form::default();
    form.text("term", Some(html::plain(&category.term)));
    form.text("scheme", address(category.scheme.as_deref()));
    form.text("label", category.label.as_deref().map(html::plain));
    Value::Object(form.0)
}

fn attachment(attachment: &Attachment) -> Option<Value> {
    let mut form = Form::default();
    let url = address(Some(&attachment.url)).filter(|url| !url.is_empty())?;
    form.put("url", Some(url));
    form.text("mime_type", attachment.mime_type.clone());
    form.text("title", attachment.title.clone());
    form.put("size_in_bytes", attachment.size);
    form.put("duration_in_seconds", attachment.duration);
    let mut own = Form::default();
    own.put("width", attachment.width);
    own.put("height", attachment.height);
    own.text("medium", attachment.medium.clone());
    own.text("caption", attachment.caption.clone());
    own.text("credit", attachment.credit.clone());
    own.put("thumbnail", attachment.thumbnail.then_some(true));
    form.own(own);
    Some(Value::Object(form.0))
}

fn date(date: Option<DateTime<FixedOffset>>) -> Option<String> {
    date.map(|date| date.to_rfc3339())
}

/// An address for show: as the document has it, unless it is one that does something.
fn address(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let bare: String =
        text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_ascii_lowercase();
    let scheme = bare
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .filter(|scheme| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')));
    let is_active = matches!(
        scheme,
        Some(
            "javascript" | "vbscript" | "livescript" | "mocha" | "jscript" | "mhtml" | "file" | "view-source" | "data"
        )
    );
    (!is_active).then(|| text.to_owned())
}
