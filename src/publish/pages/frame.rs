//! What all pages have in common.

use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{HTML, style_address};
use crate::publish::Rendered;

/// A feed that a page offers to readers, in its three forms.
pub(super) struct Offer<'a> {
    pub(super) title: &'a str,
    /// Its address without the ending.
    pub(super) address: String,
}

/// The three forms: ending, media type, name.
const FORMS: [(&str, &str, &str); 3] = [
    ("rss", "application/rss+xml", "RSS"),
    ("atom", "application/atom+xml", "Atom"),
    ("json", "application/feed+json", "JSON Feed"),
];

/// A whole page.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) site: &'a str,
    pub(super) language: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) offers: Vec<Offer<'a>>,
    pub(super) canonical: Option<String>,
    pub(super) main: Markup,
}

impl Page<'_> {
    pub(super) fn render(self, last_modified: DateTime<Utc>) -> Rendered {
        let title =
            if self.title == self.site { self.title.to_owned() } else { format!("{} – {}", self.title, self.site) };
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    @if let Some(description) = self.description { meta name="description" content=(description); }
                    @if let Some(canonical) = &self.canonical { link rel="canonical" href=(canonical); }
                    @for offer in &self.offers {
                        @for (ending, kind, name) in FORMS {
                            link rel="alternate" type=(kind) title={ (offer.title) " (" (name) ")" } href={ (offer.address) "." (ending) };
                        }
                    }
                    link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 5q3.5-4 7 0t7 0M1 10q3.5-4 7 0t7 0' fill='none' stroke='%230b5a8f' stroke-width='2'/%3E%3C/svg%3E";
                    link rel="stylesheet" href=(style_address());
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.site {
                        a.name href="/" { (self.site) }
                        nav aria-label="Site" { a href="/" { "Feeds" } a href="/status" { "Status" } }
                    }
                    main id="main" { (self.main) }
                    footer { "Published by " (self.site) " with newsriver." }
                }
            }
        };
        Rendered::new(HTML, page.into_string(), last_modified)
    }
}

/// Links by which a feed is subscribed to.
pub(super) fn subscribe(address: &str, title: &str) -> Markup {
    html! {
        ul.subscribe aria-label={ "Subscribe to " (title) } {
            @for (ending, kind, name) in FORMS {
                li { a href={ (address) "." (ending) } type=(kind) { (name) } }
            }
        }
    }
}

/// A time, for people and programs.
pub(super) fn time(time: DateTime<Utc>) -> Markup {
    html! { time datetime=(time.format("%Y-%m-%dT%H:%M:%SZ")) { (time.format("%-d %B %Y, %H:%M UTC")) } }
}

/// A page about what went wrong. Nothing of the request stands in it.
pub fn error(status: u16, title: &str, message: &str) -> Rendered {
    let main = html! {
        h1 { (status) " " (title) }
        p { (message) }
        p { a href="/" { "To the feeds" } }
    };
    let page =
        Page { title, site: "newsriver", language: "en", description: None, offers: Vec::new(), canonical: None, main };
    page.render(DateTime::UNIX_EPOCH)
}

/// Sanitised HTML, as it is.
pub(super) fn safe(html: &crate::html::SafeHtml) -> PreEscaped<String> {
    PreEscaped(html.as_str().to_owned())
}
