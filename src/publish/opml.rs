//! OPML 2.0: the sources as a list that readers import.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use url::Url;

use super::Rendered;
use super::hygiene::{Address, Line, escape, rfc822};

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its title.
    pub title: String,
    /// The feed.
    pub url: Url,
    /// Its page.
    pub home_page: Option<Url>,
    /// The folder it is in.
    pub folder: Option<String>,
}

/// Writes a list of subscriptions: those without a folder first, then folder by folder. What is no
/// address of the web cannot be subscribed to and is left out.
pub fn opml(title: &str, outlines: &[Outline], created: DateTime<Utc>) -> Rendered {
    let mut folders: BTreeMap<Option<Line>, Vec<String>> = BTreeMap::new();
    for outline in outlines {
        if let Some(line) = subscription(outline) {
            folders.entry(outline.folder.as_deref().and_then(Line::some)).or_default().push(line);
        }
    }
    let mut body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n<head>\n<title>{}</title>\n\
         <dateCreated>{}</dateCreated>\n</head>\n<body>\n",
        Line::first_of(&[title]).to_html(),
        rfc822(created)
    );
    if folders.is_empty() {
        // A body must hold something.
        body.push_str("<outline text=\"No source yet\"/>\n");
    }
    for (folder, lines) in folders {
        match folder {
            Some(name) => {
                let name = escape(name.as_str());
                body.push_str(&format!("<outline text=\"{name}\" title=\"{name}\">\n{}</outline>\n", lines.concat()));
            }
            None => body.push_str(&lines.concat()),
        }
    }
    body.push_str("</body>\n</opml>\n");
    Rendered::new("text/x-opml; charset=utf-8", body, created)
}

fn subscription(outline: &Outline) -> Option<String> {
    let url = Address::new(&outline.url)?;
    let title = escape(Line::first_of(&[&outline.title, url.as_str()]).as_str());
    let page = outline.home_page.as_ref().and_then(Address::new);
    let page = page.map_or_else(String::new, |page| format!(" htmlUrl=\"{}\"", escape(page.as_str())));
    let url = escape(url.as_str());
    Some(format!("<outline text=\"{title}\" title=\"{title}\" type=\"rss\" xmlUrl=\"{url}\"{page}/>\n"))
}
