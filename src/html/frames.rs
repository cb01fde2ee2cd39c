//! Frames and players: their tags become links to what they show. This is done on the text, before
//! it is parsed, because an HTML reader takes what follows an unclosed frame for its inside.

use std::borrow::Cow;

/// Elements whose tags go; what is between them stays.
const FRAMES: [&str; 11] =
    ["iframe", "object", "embed", "applet", "frameset", "frame", "noframes", "meta", "link", "base", "param"];
/// Whose frames are films.
const FILMS: [&str; 8] = [
    "youtube.com/",
    "youtube-nocookie.com/",
    "youtu.be/",
    "player.vimeo.com/",
    "dailymotion.com/",
    "facebook.com/plugins/video",
    "tiktok.com/",
    "vtv.vn/",
];
/// Longer tags are no tags.
const TAG: usize = 16 * 1024;

/// The text without the tags of frames and players.
pub(super) fn without(html: &str) -> Cow<'_, str> {
    replace(html, false)
}

/// The text without the tags of frames and players, with links in their place.
pub(super) fn unframe(html: &str) -> Cow<'_, str> {
    replace(html, true)
}

fn replace(html: &str, with_links: bool) -> Cow<'_, str> {
    if !html.match_indices('<').any(|(at, _)| frame_at(html, at).is_some()) {
        return Cow::Borrowed(html);
    }
    let (mut out, mut others) = (String::with_capacity(html.len()), String::new());
    let mut from = 0;
    for (at, _) in html.match_indices('<') {
        let Some(end) = frame_at(html, at).filter(|_| at >= from) else { continue };
        out.push_str(html.get(from..at).unwrap_or_default());
        let tag = html.get(at..end).unwrap_or_default();
        let address = ["src", "data", "data-src"].iter().find_map(|name| attribute(tag, name));
        let is_player =
            !tag.to_ascii_lowercase().starts_with("<link") && !tag.to_ascii_lowercase().starts_with("<base");
        let film = address.as_ref().is_some_and(|address| FILMS.iter().any(|host| address.contains(host)));
        let shown = address.filter(|_| is_player && with_links);
        if let Some(link) = shown.and_then(|address| link(&address, attribute(tag, "title").as_deref())) {
            // A film has its place in the text; of anything else nobody knows what it showed.
            if film {
                out.push_str(&link);
            } else {
                others.push_str(&link);
            }
        }
        from = end;
    }
    out.push_str(html.get(from..).unwrap_or_default());
    Cow::Owned(out + &others)
}

/// A paragraph with a link, when the address leads somewhere.
pub(super) fn link(address: &str, name: Option<&str>) -> Option<String> {
    let address = address.trim();
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let leads = !address.is_empty() && scheme.is_none_or(|scheme| matches!(scheme.as_str(), "http" | "https"));
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(address);
    leads.then(|| format!("<p><a href=\"{}\">{}</a></p>", ammonia::clean_text(address), ammonia::clean_text(name)))
}

/// The end of the frame's tag that starts here; None when none does.
fn frame_at(html: &str, at: usize) -> Option<usize> {
    let rest = html.get(at + 1..)?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name: String = rest.chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
    if !FRAMES.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    let mut quote = None;
    for (offset, byte) in html.get(at..)?.bytes().enumerate().take(TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at + offset + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that never ends: the tag ends where it would without quotes.
    Some(html.get(at..)?.find('>').map_or(html.len(), |end| at + end + 1))
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = lower.get(..*at).and_then(|before| before.chars().last());
        let after = lower.get(at + name.len()..).map(str::trim_start);
        before.is_some_and(char::is_whitespace) && after.is_some_and(|after| after.starts_with('='))
    })?;
    let value = tag.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split(|c: char| c.is_whitespace() || c == '>').next()?,
    };
    Some(crate::html::plain(value)).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_after_an_unclosed_frame_is_kept() {
        let link = "<p><a href=\"http://x.example/\">http://x.example/</a></p>"
            .replace("http://x.example/", "http:&#47;&#47;x.example&#47;");
        assert_eq!(unframe("a<iframe src=\"http://x.example/\"> b"), format!("a b{link}"));
        assert_eq!(unframe("a<object classid='x> b"), "a b");
        assert_eq!(unframe("a<META http-equiv=\"Refresh\" content=\"0; url=x>y\"> b"), "a b");
        assert_eq!(unframe("<p>a < b</p>"), "<p>a < b</p>");
        assert_eq!(unframe("<embed src=\"javascript:alert(1)\">b"), "b");
    }
}
