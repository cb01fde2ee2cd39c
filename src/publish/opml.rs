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
        label(&[title]),
        rfc822(created)
    );
    if folders.is_empty() {
        // A body must hold something.
        body.push_str("<outline text=\"No source yet\"/>\n");
    }
    for (folder, lines) in folders {
        match folder {
            Some(name) => {
                // With a title it would have to say what type it is, and there is none for folders.
                body.push_str(&format!(
                    "<outline text=\"{}\">\n{}</outline>\n",
                    label(&[name.as_str()]),
                    lines.concat()
                ));
            }
            None => body.push_str(&lines.concat()),
        }
    }
    body.push_str("</body>\n</opml>\n");
    Rendered::new("text/x-opml; charset=utf-8", body, created)
}

/// The first text that is not blank, escaped. Some readers take it for HTML, some for plain text (OPML 2.0
/// says "encoded HTML markup"), so it holds nothing that the two read differently.
fn label(candidates: &[&str]) -> String {
    let line = Line::first_of(candidates);
    let mut text = String::with_capacity(line.as_str().len());
    let mut rest = line.as_str().chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '<' => text.push('‹'),
            '>' => text.push('›'),
            '&' if rest.peek().is_some_and(|next| !next.is_whitespace()) => {
                let is_apart = text.is_empty() || text.ends_with(' ');
                text.push_str(if is_apart { "& " } else { " & " });
            }
            c => text.push(c),
        }
    }
    escape(&text)
}

fn subscription(outline: &Outline) -> Option<String> {
    let url = Address::new(&outline.url)?;
    let title = label(&[&outline.title, url.as_str()]);
    let page = outline.home_page.as_ref().and_then(Address::new);
    let page = page.map_or_else(String::new, |page| format!(" htmlUrl=\"{}\"", escape(page.as_str())));
    let url = escape(url.as_str());
    Some(format!("<outline text=\"{title}\" title=\"{title}\" type=\"rss\" xmlUrl=\"{url}\"{page}/>\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_the_same_as_text_and_as_html() {
        assert_eq!(
            label(&["R&D, AT&T; x &amp; <b>y</b> & 1 < 2"]),
            "R &amp; D, AT &amp; T; x &amp; amp; ‹b›y‹/b› &amp; 1 ‹ 2"
        );
        assert_eq!(label(&["", "&&"]), "&amp; &amp;");
    }
}
