//! What is not published as it is, turned into what it means: frames and plugins into links with pictures, lazy
//! pictures into real ones; counters go.

use dom_query::{Document, Selection};
use url::Url;

use super::sanitise::{bound, has_scheme};
use super::{is_counter, players, srcset};
use crate::address;

/// Where lazy loaders keep the real address of a picture.
const LAZY: [&str; 8] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-orig-file",
    "data-actualsrc",
    "data-url",
    "data-img-src",
    "data-lazyload",
];
/// A picture of this many pixels on a side is a counter or a spacer.
const PIXEL: u32 = 2;

/// Turns what is not published into what it means.
pub(super) fn prepare(html: &str) -> String {
    let needs = ["<img", "<iframe", "<embed", "<object", "<applet", "<video", "<audio", "<noscript", "<picture"];
    let lower = html.to_ascii_lowercase();
    if !needs.iter().any(|tag| lower.contains(tag)) {
        return html.to_owned();
    }
    let document = Document::fragment(html);
    for player in &document.select("embed, video, audio") {
        match link(&player) {
            Some(link) => player.replace_with_html(link),
            None => player.remove(),
        }
    }
    open_frames(&document, true);
    for picture in &document.select("img") {
        resolve_picture(&picture);
    }
    // A lazy picture's plain form inside noscript, when the lazy one leads nowhere.
    let mut is_shown = !document.select("img[src]").is_empty();
    for hidden in &document.select("noscript") {
        let inner = hidden.inner_html().to_string();
        if !is_shown && inner.to_ascii_lowercase().contains("<img") {
            hidden.replace_with_html(inner);
            is_shown = true;
        }
    }
    body(&document)
}

/// The HTML with frames and plugins replaced by what they hold for readers that show neither.
pub(super) fn without_frames(html: &str) -> String {
    let document = Document::fragment(bound(html.to_owned()));
    open_frames(&document, false);
    body(&document)
}

fn body(document: &Document) -> String {
    let body = document.select("body");
    if body.is_empty() { document.html().to_string() } else { body.inner_html().to_string() }
}

/// Puts what frames and plugins hold in their place, and a link to what they would have shown.
fn open_frames(document: &Document, with_links: bool) {
    for frame in &document.select("iframe") {
        let link = link(&frame).filter(|_| with_links).unwrap_or_default();
        // HTML takes what is inside for plain characters.
        let inside = frame.text().to_string();
        frame.replace_with_html(format!("{inside}{link}"));
    }
    for plugin in &document.select("object, applet") {
        let has_own = !plugin.select("a[href], img, embed, video, audio, object").is_empty();
        if let Some(link) = link(&plugin).filter(|_| with_links && !has_own) {
            plugin.append_html(link);
        }
        plugin.rename("span");
    }
}

/// A link to what a player shows, when it leads anywhere.
fn link(player: &Selection<'_>) -> Option<String> {
    let address = ["src", "data", "data-src"].iter().find_map(|name| player.attr(name)).map(|value| value.to_string());
    let address = address.or_else(|| player.select("source[src]").attr("src").map(|value| value.to_string()));
    let address = address.filter(|address| leads_to_a_film(address.trim()))?;
    let film = address::resolve(&address, None).and_then(|url| players::film(&url));
    let page = film.as_ref().map_or(&address, |film| &film.page);
    let name = player.attr("title").map(|title| title.to_string()).filter(|title| !title.trim().is_empty());
    let (page, name) = (ammonia::clean_text(page), ammonia::clean_text(&name.unwrap_or_else(|| page.clone())));
    let link = format!("<a href=\"{page}\">{name}</a>");
    Some(match film.and_then(|film| film.picture) {
        Some(picture) => {
            let picture = ammonia::clean_text(&picture);
            format!(
                "<figure><a href=\"{page}\"><img src=\"{picture}\" alt=\"\"></a><figcaption>{link}</figcaption></figure>"
            )
        }
        None => format!("<p>{link}</p>"),
    })
}

/// Whether an address can be that of something to watch: no home page, and no Flash, which nothing
/// shows any more.
fn leads_to_a_film(address: &str) -> bool {
    if address.is_empty() || (address.contains(':') && !has_scheme(address, &["http", "https"])) {
        return false;
    }
    let Ok(url) = Url::parse(address) else { return true };
    let is_home = url.path().len() < 2 && url.query().is_none();
    !is_home && !url.path().to_ascii_lowercase().ends_with(".swf")
}

/// Gives a picture its real address, and takes counters away.
fn resolve_picture(picture: &Selection<'_>) {
    let side =
        |name: &str| picture.attr(name).and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
    if [side("width"), side("height")].into_iter().flatten().any(|pixels| pixels <= PIXEL) {
        picture.remove();
        return;
    }
    let lazy = LAZY.iter().find_map(|name| picture.attr(name)).map(|value| value.to_string());
    let set = ["data-srcset", "srcset"].iter().find_map(|name| picture.attr(name)).and_then(|set| srcset::best(&set));
    let src = picture.attr("src").map(|value| value.to_string()).filter(|src| !is_placeholder(src));
    let wrapped = picture.parent().filter("picture").select("source").attr("srcset").and_then(|set| srcset::best(&set));
    // The largest of several sizes; a lazy picture's real address before what stands there until then.
    match set.or(lazy.filter(|address| !is_placeholder(address))).or(src).or(wrapped) {
        Some(address) if !address::resolve(&address, None).is_some_and(|url| is_counter(&url)) => {
            picture.set_attr("src", address.trim());
        }
        _ => picture.remove(),
    }
}

/// What stands in a lazy picture's `src` until its real address is put there.
fn is_placeholder(src: &str) -> bool {
    let src = src.trim().to_ascii_lowercase();
    src.is_empty()
        || src.starts_with("data:")
        || src.starts_with("about:")
        || src.ends_with("/blank.gif")
        || src.ends_with("/spacer.gif")
}
