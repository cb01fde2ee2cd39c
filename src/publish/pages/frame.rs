//! What all pages have in common.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use url::Url;

use super::words::Words;
use super::{HTML, STYLE, style_address};
use crate::model::Profile;
use crate::publish::hygiene::{Address, rfc3339};
use crate::publish::icons::{FOR_BROWSERS, ICON};
use crate::publish::{OutputFormat, Rendered};

/// A feed that a page offers to readers, in its forms.
pub(super) struct Offer<'a> {
    pub(super) title: &'a str,
    /// Its address without the ending.
    pub(super) address: String,
    pub(super) profile: Profile,
}

/// The forms of a feed: ending, media type, name.
fn forms(profile: Profile) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    crate::publish::forms(profile).iter().map(move |format| match (format, profile) {
        (OutputFormat::Rss, _) => (".rss", "application/rss+xml", "RSS"),
        (OutputFormat::Atom, _) => (".atom", "application/atom+xml", "Atom"),
        (OutputFormat::Json, Profile::Ninjs) => (".json", "application/json", "ninjs"),
        (OutputFormat::Json, _) => (".json", "application/feed+json", "JSON Feed"),
        (OutputFormat::Xml, _) => (".xml", "application/xml", "Sitemap"),
        (OutputFormat::Html, _) => ("", "text/html", "HTML"),
    })
}

/// The sign of the service: two waves.
const WAVES: &str = "M1 5.5q3.5-4 7 0t7 0M1 10.5q3.5-4 7 0t7 0";

/// A whole page.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) site: &'a str,
    /// The path that all of the site lies below; ends with a slash.
    pub(super) root: &'a str,
    pub(super) words: &'static Words,
    pub(super) description: Option<&'a str>,
    pub(super) offers: Vec<Offer<'a>>,
    pub(super) canonical: Option<&'a str>,
    /// The zone of the times on it, when there are any.
    pub(super) zone: Option<Tz>,
    pub(super) main: Markup,
}

impl Page<'_> {
    pub(super) fn render(self, last_modified: DateTime<Utc>) -> Rendered {
        let words = self.words;
        let page = html! {
            (DOCTYPE)
            html lang=(words.tag) {
                (self.head())
                body {
                    a.skip href="#main" { (words.skip) }
                    header.site {
                        a.name href=(self.root) {
                            svg viewBox="0 0 16 16" width="28" height="28" aria-hidden="true" { path d=(WAVES) {} }
                            span dir="auto" { (self.site) }
                        }
                        nav aria-label=(words.site) {
                            a href=(self.root) { (words.feeds) }
                            a href={ (self.root) "status" } { (words.status) }
                        }
                    }
                    main id="main" { (self.main) }
                    footer {
                        p { (words.published_by) " " bdi { (self.site) } " · newsriver" }
                        @if let Some(zone) = self.zone { p { (words.times_of) " " (zone.name().replace('_', " ")) "." } }
                    }
                }
            }
        };
        Rendered::new(HTML, page.into_string(), last_modified)
    }

    fn head(&self) -> Markup {
        let title =
            if self.title == self.site { self.site.to_owned() } else { format!("{} – {}", self.title, self.site) };
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @if let Some(description) = self.description { meta name="description" content=(description); }
                @if let Some(canonical) = self.canonical { link rel="canonical" href=(canonical); }
                @for offer in &self.offers {
                    @for (ending, kind, name) in forms(offer.profile) {
                        link rel="alternate" type=(kind) title={ (offer.title) " (" (name) ")" } href={ (offer.address) (ending) };
                    }
                }
                link rel="icon" href={ (self.root) (FOR_BROWSERS) } sizes="16x16 32x32 48x48";
                link rel="icon" href={ (self.root) (ICON) } type="image/png" sizes="512x512";
                link rel="apple-touch-icon" href={ (self.root) (ICON) };
                link rel="stylesheet" href=(style_address(self.root));
            }
        }
    }
}

/// Links by which a feed is subscribed to.
pub(super) fn subscribe(words: &Words, address: &Address, title: &str, profile: Profile) -> Markup {
    let path = Url::parse(address.as_str()).map_or_else(|_| String::new(), |url| url.path().to_owned());
    html! {
        ul.subscribe aria-label={ (words.subscribe_to) " " (title) } {
            @for (ending, kind, name) in forms(profile) {
                li { a href={ (path) (ending) } type=(kind) { (name) } }
            }
            // Opens the feed reader of who has one.
            @if let Some((ending, ..)) = forms(profile).next().filter(|_| profile == Profile::Standard) {
                li { a href={ "feed:" (address) (ending) } { (words.in_reader) } }
            }
        }
    }
}

/// A time, for people and programs.
pub(super) fn time(words: &Words, time: DateTime<Utc>, zone: Tz) -> Markup {
    html! { time datetime=(rfc3339(time)) { (words.time(time, zone)) } }
}

/// A page about what went wrong. Nothing of the request stands in it, and it needs no other address:
/// it brings its style along.
pub fn error(status: u16, title: &str, message: &str) -> Rendered {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (status) " " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main.error id="main" {
                    p.number { (status) }
                    h1 { (title) }
                    p { (message) }
                    p { a href="/" { "To the feeds" } }
                }
            }
        }
    };
    Rendered::new(HTML, page.into_string(), DateTime::UNIX_EPOCH)
}
