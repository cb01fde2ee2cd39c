//! A checker of published feeds for what validators and readers take offence at: well-formedness
//! by a strict parser, and the rules that RSS, Atom and JSON readers rely on. Each finding is a line.

use std::collections::{BTreeMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element of a strictly parsed document.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn one<'a>(&'a self, name: &'a str) -> Option<&'a Node> {
        self.all(name).next()
    }

    fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// Parses strictly: every departure from XML 1.0 is an error.
fn parse(document: &[u8]) -> Result<Node, String> {
    let text = std::str::from_utf8(document).map_err(|error| format!("not UTF-8: {error}"))?;
    if !text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"") {
        return Err(format!("no XML declaration: {:?}", text.chars().take(60).collect::<String>()));
    }
    if let Some(bad) =
        text.chars().find(|c| !matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffc}' | '\u{10000}'..))
    {
        return Err(format!("a forbidden character {bad:?}"));
    }
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => open.push(node(&start)?),
            Event::Empty(start) => {
                let node = node(&start)?;
                open.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().ok_or("too many end tags")?.children.push(done);
            }
            Event::Text(bytes) => open.last_mut().unwrap().text.push_str(&String::from_utf8_lossy(&bytes)),
            Event::CData(bytes) => open.last_mut().unwrap().text.push_str(&String::from_utf8_lossy(&bytes)),
            Event::GeneralRef(name) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                let escaped = format!("&{name};");
                let resolved = quick_xml::escape::unescape(&escaped).map_err(|error| error.to_string())?;
                open.last_mut().unwrap().text.push_str(&resolved);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().and_then(|mut root| root.children.pop()).ok_or_else(|| "no root".to_owned())
}

fn node(start: &quick_xml::events::BytesStart<'_>) -> Result<Node, String> {
    let mut node = Node { name: String::from_utf8_lossy(start.name().as_ref()).into_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&value).map_err(|error| error.to_string())?.into_owned();
        node.attributes.insert(String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value);
    }
    Ok(node)
}

/// Findings collected while looking.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn expect(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.0.push(what.into());
        }
    }

    fn address(&mut self, url: &str, place: &str) {
        let is_ascii = url.is_ascii() && !url.contains([' ', '|', '[', ']', '<', '>', '"', '\\', '^', '`', '{', '}']);
        self.expect(
            is_ascii && (url.starts_with("http://") || url.starts_with("https://")),
            format!("{place}: address {url:?}"),
        );
    }

    fn id(&mut self, id: &str, seen: &mut HashSet<String>) {
        self.expect(id.contains(':') && id.trim() == id && !id.is_empty(), format!("id {id:?}"));
        self.expect(seen.insert(id.to_owned()), format!("id {id:?} is there twice"));
    }

    fn html(&mut self, html: &str, place: &str) {
        let lower = html.to_lowercase();
        for bad in [
            "<script",
            "<iframe",
            "<object",
            "<embed",
            "<form",
            "<style",
            "<svg",
            "<math",
            "<link",
            "<meta",
            "javascript:",
            " style=",
            " onerror",
            " onclick",
            " srcset=",
        ] {
            self.expect(!lower.contains(bad), format!("{place}: {bad} in {html:.200}"));
        }
        for attribute in ["src=\"", "href=\""] {
            for rest in html.split(attribute).skip(1) {
                let url = rest.split('"').next().unwrap_or_default();
                let absolute = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme));
                self.expect(absolute, format!("{place}: relative address {url:?}"));
            }
        }
    }

    fn positive(&mut self, node: &Node, names: &[&str]) {
        for name in names {
            let value = node.attribute(name);
            self.expect(value.is_empty() || value.parse::<u64>().is_ok_and(|n| n > 0), format!("{name}={value:?}"));
        }
    }
}

/// Everything wrong with an RSS 2.0 document served at `own`.
pub fn rss(document: &[u8], own: &str) -> Vec<String> {
    let root = match parse(document) {
        Ok(root) => root,
        Err(error) => return vec![error],
    };
    let mut findings = Findings::default();
    findings.expect(root.name == "rss" && root.attribute("version") == "2.0", "the root is no rss 2.0");
    let namespaces = [
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ];
    let raw = String::from_utf8_lossy(document);
    for (name, uri) in root.attributes.iter().filter(|(name, _)| name.starts_with("xmlns")) {
        findings.expect(namespaces.contains(&(name.as_str(), uri.as_str())), format!("namespace {name}={uri}"));
        let prefix = name.trim_start_matches("xmlns:");
        findings.expect(raw.contains(&format!("<{prefix}:")), format!("namespace {prefix} is declared but not used"));
    }
    let Some(channel) = root.one("channel") else { return vec!["no channel".into()] };
    for name in ["title", "link", "description", "language"] {
        let count = channel.all(name).count();
        findings.expect(
            count == 1 && !channel.one(name).unwrap().text.trim().is_empty(),
            format!("channel has {count} {name}"),
        );
    }
    let first_item = channel.children.iter().position(|child| child.name == "item").unwrap_or(channel.children.len());
    findings.expect(
        channel.children.iter().skip(first_item).all(|child| child.name == "item"),
        "metadata after the first item",
    );
    let own_links: Vec<_> = channel.all("atom:link").filter(|link| link.attribute("rel") == "self").collect();
    findings.expect(own_links.len() == 1 && own_links[0].attribute("href") == own, "the self link");
    findings.expect(channel.one("ttl").is_some_and(|ttl| ttl.text.parse::<u32>().is_ok_and(|ttl| ttl > 0)), "ttl");
    let mut ids = HashSet::new();
    for item in channel.all("item") {
        rss_item(&mut findings, item, &mut ids);
    }
    findings.0
}

fn rss_item(findings: &mut Findings, item: &Node, ids: &mut HashSet<String>) {
    let mut seen = HashSet::new();
    for child in &item.children {
        let may_repeat = matches!(child.name.as_str(), "category" | "dc:creator" | "media:content");
        findings.expect(may_repeat || seen.insert(child.name.clone()), format!("two {} in an item", child.name));
    }
    let text = |name: &str| item.one(name).map(|node| node.text.clone()).unwrap_or_default();
    findings.expect(!text("title").trim().is_empty(), "an item without a title");
    findings.address(&text("link"), "link");
    let guid = item.one("guid");
    findings.id(&text("guid"), ids);
    let is_permalink = guid.is_some_and(|guid| guid.attribute("isPermaLink") != "false");
    findings.expect(!is_permalink || text("guid").starts_with("http"), format!("guid {} is no address", text("guid")));
    let date = text("pubDate");
    let canonical =
        chrono::DateTime::parse_from_rfc2822(&date).map(|time| time.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    findings.expect(canonical.is_ok_and(|form| form == date), format!("pubDate {date:?}"));
    let place = |name: &str| item.children.iter().position(|child| child.name == name);
    findings.expect(place("description").is_some(), "no description");
    findings.expect(
        place("content:encoded").is_none_or(|content| Some(content) > place("description")),
        "content before description",
    );
    findings.expect(!text("description").to_lowercase().contains("<script"), "script in description");
    findings.html(&text("content:encoded"), "content:encoded");
    findings.expect(item.one("author").is_none(), "author beside dc:creator");
    match item.one("source") {
        Some(source) => findings.address(source.attribute("url"), "source"),
        None => findings.expect(false, "no source"),
    }
    for enclosure in item.all("enclosure") {
        findings.address(enclosure.attribute("url"), "enclosure");
        findings.expect(enclosure.attribute("length").parse::<u64>().is_ok(), "enclosure length");
        findings.expect(enclosure.attribute("type").contains('/'), "enclosure type");
    }
    for media in item.all("media:content").chain(item.all("media:thumbnail")) {
        findings.address(media.attribute("url"), "media");
        findings.positive(media, &["width", "height", "fileSize"]);
        let medium = media.attribute("medium");
        findings.expect(
            media.name == "media:thumbnail" || ["image", "audio", "video", "document"].contains(&medium),
            format!("medium {medium:?}"),
        );
    }
}

/// Everything wrong with an Atom 1.0 document served at `own`.
pub fn atom(document: &[u8], own: &str) -> Vec<String> {
    let root = match parse(document) {
        Ok(root) => root,
        Err(error) => return vec![error],
    };
    let mut findings = Findings::default();
    findings.expect(
        root.name == "feed" && root.attribute("xmlns") == "http://www.w3.org/2005/Atom",
        "the root is no Atom feed",
    );
    findings.expect(!root.attribute("xml:lang").is_empty(), "no language");
    let mut ids = HashSet::new();
    atom_facts(&mut findings, &root, "feed");
    findings.id(&root.one("id").map(|id| id.text.clone()).unwrap_or_default(), &mut ids);
    let own_links: Vec<_> = root.all("link").filter(|link| link.attribute("rel") == "self").collect();
    findings.expect(own_links.len() == 1 && own_links[0].attribute("href") == own, "the self link");
    let first = root.children.iter().position(|child| child.name == "entry").unwrap_or(root.children.len());
    findings
        .expect(root.children.iter().skip(first).all(|child| child.name == "entry"), "metadata after the first entry");
    for entry in root.all("entry") {
        atom_facts(&mut findings, entry, "entry");
        findings.id(&entry.one("id").map(|id| id.text.clone()).unwrap_or_default(), &mut ids);
        findings.expect(entry.all("author").count() > 0, "an entry without an author");
        findings
            .expect(entry.one("content").is_some() || entry.one("summary").is_some(), "neither content nor summary");
        match entry.one("source") {
            Some(source) => atom_facts(&mut findings, source, "source"),
            None => findings.expect(false, "an entry without a source"),
        }
        let alternates = entry.all("link").filter(|link| matches!(link.attribute("rel"), "alternate" | ""));
        findings.expect(alternates.count() == 1, "not one alternate link");
        for link in entry.all("link") {
            findings.address(link.attribute("href"), "link");
            findings.expect(
                link.attribute("rel") != "enclosure" || link.attribute("type").contains('/'),
                "an enclosure without a type",
            );
            findings.positive(link, &["length"]);
        }
        if let Some(content) = entry.one("content") {
            findings.expect(content.attribute("type") == "html", "content type");
            findings.html(&content.text, "content");
        }
        for category in entry.all("category") {
            findings.expect(!category.attribute("term").is_empty(), "a category without a term");
        }
    }
    findings.0
}

fn atom_facts(findings: &mut Findings, node: &Node, place: &str) {
    for name in ["id", "title", "updated"] {
        let count = node.all(name).count();
        findings.expect(
            count == 1 && !node.one(name).unwrap().text.trim().is_empty(),
            format!("{place} has {count} {name}"),
        );
    }
    for name in ["updated", "published"] {
        if let Some(date) = node.one(name) {
            findings.expect(
                chrono::DateTime::parse_from_rfc3339(&date.text).is_ok(),
                format!("{place}: {name} {:?}", date.text),
            );
        }
    }
    for author in node.all("author") {
        findings
            .expect(author.one("name").is_some_and(|name| !name.text.trim().is_empty()), "an author without a name");
    }
}

/// Everything wrong with a JSON Feed 1.1 document served at `own`.
pub fn json(document: &[u8], own: &str) -> Vec<String> {
    let Ok(feed) = serde_json::from_slice::<serde_json::Value>(document) else { return vec!["no JSON".into()] };
    let mut findings = Findings::default();
    findings.expect(
        document.starts_with(b"{\"version\":\"https://jsonfeed.org/version/1.1\""),
        "version does not stand first",
    );
    findings.expect(feed["feed_url"] == own, "feed_url");
    findings.expect(feed["title"].as_str().is_some_and(|title| !title.is_empty()), "title");
    let mut ids = HashSet::new();
    for item in feed["items"].as_array().into_iter().flatten() {
        findings.id(item["id"].as_str().unwrap_or_default(), &mut ids);
        findings.address(item["url"].as_str().unwrap_or_default(), "url");
        let html = item["content_html"].as_str();
        findings.expect(html.is_some() || item["content_text"].is_string(), "an item without content");
        findings.html(html.unwrap_or_default(), "content_html");
        for date in ["date_published", "date_modified"] {
            let holds = item[date].as_str().is_none_or(|date| chrono::DateTime::parse_from_rfc3339(date).is_ok());
            findings.expect(holds, format!("{date} {}", item[date]));
        }
        for file in item["attachments"].as_array().into_iter().flatten() {
            findings.address(file["url"].as_str().unwrap_or_default(), "attachment");
            findings.expect(file["mime_type"].as_str().is_some_and(|kind| kind.contains('/')), "attachment type");
        }
    }
    findings.0
}
