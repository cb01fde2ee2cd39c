//! RSS 2.0, by the `rss` crate. What it cannot express is said in docs/decisions/0001-writing-feeds.md.

use std::collections::BTreeMap;

use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image, Source};

use super::hygiene::{Address, Line, escape, rfc822, rfc3339};
use super::ready::{Item, Ready};
use super::{GENERATOR, finish, history, media};

/// Namespaces beside RSS's own by their customary prefixes. Each is declared only where it is used.
const NAMESPACES: [(&str, &str); 9] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("fh", history::NAMESPACE),
    ("media", media::NAMESPACE),
    ("mi", "http://schemas.ingestion.microsoft.com/common/"),
    ("snf", "http://www.smartnews.be/snf"),
    ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
    ("webfeeds", "http://webfeeds.org/rss/1.0"),
];

/// Writes a feed.
pub(super) fn write(ready: &Ready<'_>) -> Result<Vec<u8>, String> {
    let document = finished(Channel { image: image(ready), ..channel(ready) })?;
    let document = String::from_utf8(document).map_err(|problem| problem.to_string())?;
    Ok(finish::with_stylesheet(&document, &escape(ready.stylesheet.as_str())).into_bytes())
}

/// A channel with its items, for dialects that add to it.
pub(super) fn channel(feed: &Ready<'_>) -> Channel {
    Channel { items: feed.items.iter().map(|one| item(feed, one)).collect(), ..head(feed) }
}

/// The picture that stands for the feed. RSS knows three types of them, and wants title and link repeated.
fn image(feed: &Ready<'_>) -> Option<Image> {
    let logo = feed.logo.as_ref()?;
    let address = logo.as_str().to_ascii_lowercase();
    let is_known = [".png", ".jpg", ".jpeg", ".gif"].iter().any(|ending| address.ends_with(ending));
    is_known.then(|| Image {
        url: logo.to_string(),
        title: plain(&feed.title),
        link: feed.page.to_string(),
        ..Image::default()
    })
}

/// Adds an element of another namespace.
pub(super) fn add(map: &mut ExtensionMap, name: &str, attributes: &[(&'static str, &str)], value: Option<&str>) {
    let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    put(map, element(name, attributes, value.map(str::to_owned)));
}

/// Adds an element of another namespace that holds others of RSS's own.
pub(super) fn add_with(
    map: &mut ExtensionMap,
    name: &str,
    attributes: &[(&'static str, &str)],
    children: &[(&'static str, &str)],
) {
    let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let mut parent = element(name, attributes, None);
    for (name, value) in children {
        let child = element(name, Vec::new(), Some((*value).to_owned()));
        parent.children.entry((*name).to_owned()).or_default().push(child);
    }
    put(map, parent);
}

/// Writes a channel.
pub(super) fn finished(mut channel: Channel) -> Result<Vec<u8>, String> {
    channel.namespaces = namespaces(&channel);
    // A line for each element: validators count lines, and so do people who look for a mistake.
    let bytes = channel.pretty_write_to(Vec::new(), b' ', 0).map_err(|problem| problem.to_string())?;
    let document = String::from_utf8(bytes).map_err(|problem| problem.to_string())?;
    let document = finish::with_empty_elements(&finish::with_hexadecimal_references(&document));
    Ok((document + "\n").into_bytes())
}

fn namespaces(channel: &Channel) -> BTreeMap<String, String> {
    let uses = |prefix: &str| {
        channel.extensions.contains_key(prefix) || channel.items.iter().any(|item| item.extensions.contains_key(prefix))
    };
    let used = NAMESPACES.into_iter().filter(|(prefix, _)| uses(prefix));
    used.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}

fn head(feed: &Ready<'_>) -> Channel {
    let own = feed.own.with(".rss");
    let mut extensions = vec![element(
        "atom:link",
        vec![("href", own.to_string()), ("rel", "self".to_owned()), ("type", "application/rss+xml".to_owned())],
        None,
    )];
    let hub = |hub: &Address| vec![("href", hub.to_string()), ("rel", "hub".to_owned())];
    extensions.extend(feed.hubs.iter().map(|address| element("atom:link", hub(address), None)));
    for (relation, address) in &feed.links {
        let href = address.with(".rss").to_string();
        let attributes =
            vec![("href", href), ("rel", (*relation).to_owned()), ("type", "application/rss+xml".to_owned())];
        extensions.push(element("atom:link", attributes, None));
    }
    if feed.is_archive {
        extensions.push(element("fh:archive", Vec::new(), None));
    }
    if let Some((period, frequency)) = period(feed.ttl_minutes) {
        extensions.push(element("sy:updatePeriod", Vec::new(), Some(period.to_owned())));
        extensions.push(element("sy:updateFrequency", Vec::new(), Some(frequency.to_string())));
    }
    Channel {
        title: plain(&feed.title),
        link: feed.page.to_string(),
        description: plain(&feed.description),
        language: Some(feed.language.to_owned()),
        managing_editor: feed.contact.as_ref().map(|mail| mail_and_name(mail, &feed.publisher)),
        last_build_date: feed.updated.map(rfc822),
        generator: Some(GENERATOR.to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(feed.ttl_minutes.to_string()),
        extensions: by_prefix(extensions),
        ..Channel::default()
    }
}

/// The time to live as a period and how often within it; None when it is no even part of one.
fn period(ttl_minutes: u32) -> Option<(&'static str, u32)> {
    let periods = [("hourly", 60), ("daily", 24 * 60)];
    periods
        .into_iter()
        .find(|(_, minutes)| minutes % ttl_minutes == 0)
        .map(|(name, minutes)| (name, minutes / ttl_minutes))
}

/// A mail address with the name of its owner, as RSS wants both in one element.
fn mail_and_name(mail: &Line, name: &Line) -> String {
    let name: String = name.as_str().chars().filter(|c| !"()<>\\,;:\"".contains(*c)).collect();
    format!("{mail} ({})", Line::first_of(&[&name]))
}

fn item(feed: &Ready<'_>, item: &Item<'_>) -> rss::Item {
    let source = item.source.url.as_ref().unwrap_or(&feed.page);
    rss::Item {
        title: Some(plain(&item.title)),
        link: Some(item.target.to_string()),
        description: Some(item.brief().to_html()),
        content: item.content.as_ref().map(|body| body.as_str().to_owned()),
        categories: item
            .topics
            .iter()
            .map(|topic| Category { name: plain(&topic.name), domain: topic.scheme.as_ref().map(Address::to_string) })
            .collect(),
        comments: item.comments.as_ref().map(Address::to_string),
        enclosure: enclosure(item),
        guid: Some(Guid { permalink: item.id == item.link.as_str(), value: item.id.clone() }),
        pub_date: Some(rfc822(item.published)),
        source: Some(Source { url: source.to_string(), title: Some(plain(&item.source.name)) }),
        extensions: extensions(feed, item),
        ..rss::Item::default()
    }
}

/// The one enclosure that RSS's readers expect, in the form that most of them know. A length that is not
/// known is 0.
fn enclosure(item: &Item<'_>) -> Option<Enclosure> {
    let file = item.files.iter().find(|file| file.is_enclosable)?;
    let (mime_type, length) = match &file.plainer {
        Some(form) => (&form.mime_type, form.length),
        None => (&file.mime_type, file.length.unwrap_or(0)),
    };
    Some(Enclosure { url: file.plain_url().to_string(), mime_type: mime_type.clone(), length: length.to_string() })
}

fn extensions(feed: &Ready<'_>, item: &Item<'_>) -> ExtensionMap {
    let mut elements: Vec<Extension> = item.also_at().map(|(url, title)| related(url, title)).collect();
    let mut put = |name: &str, value: String| elements.push(element(name, Vec::new(), Some(value)));
    for author in &item.authors {
        put("dc:creator", plain(&author.name));
    }
    if let Some(language) = item.other_language(feed.language) {
        put("dc:language", language.to_owned());
    }
    if let Some(rights) = &item.rights {
        put("dc:rights", plain(rights));
    }
    if item.is_revised() {
        put("dcterms:modified", rfc3339(item.updated));
    }
    elements.extend(media::elements(item).into_iter().map(media_element));
    by_prefix(elements)
}

/// Where else an article was found. RSS's own `source` names one place only.
fn related(url: &Address, title: Option<String>) -> Extension {
    let mut attributes =
        vec![("href", url.to_string()), ("rel", "related".to_owned()), ("type", "text/html".to_owned())];
    attributes.extend(title.map(|title| ("title", title)));
    element("atom:link", attributes, None)
}

fn media_element(from: media::Element) -> Extension {
    let mut to = element(from.name, from.attributes, from.text);
    for child in from.children {
        to.children.entry(local_name(child.name).to_owned()).or_default().push(media_element(child));
    }
    to
}

/// Plain text as RSS's readers can take it: they are not agreed on whether titles and names are HTML.
/// A space in what could be an end tag keeps it visible for all of them.
fn plain(line: &Line) -> String {
    let mut pieces = line.as_str().split("</");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_at(piece.find(|c: char| !c.is_alphanumeric()).unwrap_or(piece.len()));
        let space = if !name.is_empty() && rest.starts_with('>') { " " } else { "" };
        out.push_str(&format!("</{name}{space}{rest}"));
    }
    out
}

fn element(name: &str, attributes: Vec<(&'static str, String)>, value: Option<String>) -> Extension {
    let attrs = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Extension { name: name.to_owned(), value, attrs, children: BTreeMap::new() }
}

fn by_prefix(elements: Vec<Extension>) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    for element in elements {
        put(&mut map, element);
    }
    map
}

fn put(map: &mut ExtensionMap, element: Extension) {
    let prefix = element.name.split(':').next().unwrap_or_default().to_owned();
    let local = local_name(&element.name).to_owned();
    map.entry(prefix).or_default().entry(local).or_default().push(element);
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_agree_with_the_time_to_live() {
        assert_eq!(period(5), Some(("hourly", 12)));
        assert_eq!(period(60), Some(("hourly", 1)));
        assert_eq!(period(480), Some(("daily", 3)));
        assert_eq!(period(7), None);
    }

    #[test]
    fn end_tags_in_names_stay_visible() {
        assert_eq!(plain(&Line::new("How </b> closes <b>, 1 </ 2")), "How </b > closes <b>, 1 </ 2");
    }
}
