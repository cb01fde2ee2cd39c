//! The true address of a picture: lazy loading, candidates of several sizes, placeholders.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::address;
use crate::html::dom::Dom;
use crate::html::srcset;
use crate::html::tag::Tag;

/// A picture as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Absolute address of the best candidate.
    pub(crate) url: Url,
    /// `alt` text.
    pub(crate) alt: Option<String>,
    /// Width in pixels, as stated.
    pub(crate) width: Option<u32>,
    /// Height in pixels, as stated.
    pub(crate) height: Option<u32>,
}

/// Pictures smaller than this on a side are icons.
const MIN_SIDE: u32 = 50;
/// Those smaller than this on both sides are icons or portraits, unless they lead to a larger one.
const MIN_BOTH: u32 = 100;
/// A screen no wider than this in pixels is shown smaller pictures than others.
const SMALL_SCREEN: u32 = 1024;

const LAZY_SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-original-set", "data-lazyload-srcset", "srcset"];
const LAZY: &[&str] = &[
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-lazyload",
    "data-original-src",
    "data-url",
    "data-image",
    "data-image-src",
    "data-img",
    "data-img-url",
    "data-hi-res-src",
    "data-full-src",
    "data-large-src",
    "data-large_image",
    "data-orig-file",
    "data-raw-src",
    "data-echo",
    "data-cfsrc",
    "data-actualsrc",
    "data-ll-src",
    "data-pin-media",
    "data-photo",
    "data-thumb",
    "src",
    "file",
    "rel:bf_image_src",
];

static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[/_.-])(?:blank|spacer|transparent|placeholder|pixel|1x1|lazy(?:load)?|loading|loader|ajax-loader|grey|gray|empty|dummy|no-?image|noimg|default-image|tracking|clear|trans)(?:[_.-]|\d*\.(?:gif|png|svg|jpe?g|webp)|$)").ok()
});
static DECORATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[/_.-])(?:logos?|icons?|icn|ico|avatars?|gravatar|emoji|smil(?:ey|ies)|sprite|btn|button|bullet|arrow|rss|facebook|twitter|share|badge|favicon|captcha|qrcode)(?:[/_.-]|\d*\.(?:gif|png|svg|jpe?g|webp|ico)|$)").ok()
});
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:doubleclick|googlesyndication|google-analytics|scorecardresearch|quantserve|adservice|/pixel|beacon|feedburner\.com/~|stats\.wp\.com|facebook\.com/tr|counter)").ok()
});

/// The picture that an `img` (or `amp-img`) shows; None for icons, spacers and trackers.
pub(crate) fn of(dom: &Dom, at: usize, base: Option<&Url>) -> Option<Picture> {
    if !matches!(dom.tag(at), Tag::Img | Tag::AmpImg) {
        return None;
    }
    let width = pixels(dom, at, "width");
    let height = pixels(dom, at, "height");
    let small = |side: Option<u32>| side.is_some_and(|side| side < MIN_SIDE);
    if small(width) || small(height) {
        return None;
    }
    let tiny = |side: Option<u32>| side.is_some_and(|side| side < MIN_BOTH);
    let url = address_of(dom, at, base)?;
    let decoration = matches(&DECORATION, url.path()) && width.is_none_or(|width| width < 200);
    // A large one may be called after what can be done with it: `class="photo img-share"`.
    let named = dom.attr(at, "class").is_some_and(|class| matches(&DECORATION, &class.replace(' ', "/")))
        && width.is_none_or(|width| width < 200);
    if matches(&COUNTED, url.as_str()) || decoration || named {
        return None;
    }
    let alt = dom.attr(at, "alt").filter(|alt| !is_file_name(alt));
    match original(dom, at, &url, base) {
        Some(url) => Some(Picture { url, alt, width: None, height: None }),
        None if tiny(width) && tiny(height) => None,
        None => Some(Picture { url, alt, width, height }),
    }
}

/// The larger one that a picture links to, when its address says that it is the same.
fn original(dom: &Dom, at: usize, shown: &Url, base: Option<&Url>) -> Option<Url> {
    let link = dom.ancestors(at).take(3).find(|&outer| dom.tag(outer) == Tag::A)?;
    let linked = address::resolve(&dom.attr(link, "href")?, base)?;
    let ending = linked.path().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
    let is_picture = matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "gif");
    (is_picture && linked != *shown && key(&linked) == key(shown)).then_some(linked)
}

fn address_of(dom: &Dom, at: usize, base: Option<&Url>) -> Option<Url> {
    let real = |text: &str| address::resolve(text, base).filter(|url| !matches(&PLACEHOLDER, last_segment(url)));
    let (first, last) = sets(dom, at);
    let best = |sets: &[String]| sets.iter().filter_map(|set| srcset::best(set)).find_map(|text| real(&text));
    let single = || {
        LAZY.iter()
            .filter_map(|name| dom.attr(at, name))
            .filter(|text| looks_like_address(text))
            .find_map(|text| real(&text))
    };
    best(&first).or_else(single).or_else(|| best(&last))
}

/// The `srcset`s of a picture: its own, and those of a `picture` around it; those that say nothing better than
/// its `src` come second: the ones for small screens, and the same in a format that fewer readers know.
fn sets(dom: &Dom, at: usize) -> (Vec<String>, Vec<String>) {
    let own = LAZY_SETS.iter().filter_map(|name| dom.attr(at, name));
    let (mut first, mut last): (Vec<String>, Vec<String>) = (own.collect(), Vec::new());
    let around = dom.ancestors(at).take(2).find(|&outer| dom.tag(outer) == Tag::Picture);
    for source in around.into_iter().flat_map(|outer| dom.inside(outer)).filter(|&inner| dom.tag(inner) == Tag::Source)
    {
        if dom.attr(source, "type").is_some_and(|kind| kind.contains("avif")) {
            continue;
        }
        let found = LAZY_SETS.iter().filter_map(|name| dom.attr(source, name));
        let for_small = dom.attr(source, "media").is_some_and(|media| is_for_small(&media));
        let is_webp = dom.attr(source, "type").is_some_and(|kind| kind.contains("webp"));
        for set in found {
            if for_small || is_webp && !srcset::has_sizes(&set) { last.push(set) } else { first.push(set) }
        }
    }
    (first, last)
}

/// Whether a media query asks for screens no wider than a phone's or tablet's.
fn is_for_small(media: &str) -> bool {
    let most = media.split_once("max-width").and_then(|(_, rest)| {
        let digits: String =
            rest.chars().skip_while(|char| matches!(char, ':' | ' ')).take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    most.is_some_and(|most| most <= SMALL_SCREEN)
}

/// What two addresses of one picture in different sizes have in common.
pub(crate) fn key(url: &Url) -> String {
    static SIZES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:[-_.@](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled|thumb|large|medium|small|[23]x))+(\.[a-z]{3,4})$|/(?:(?:thumb|thumbs|resize|zoom|crop|fit|w|h|c|q|s|width|height|size)[_=/]?)?(?:x?\d{2,4}(?:[x_]\d{0,4}-?)?|\d{2,4}x-)(?:/|$)").ok()
    });
    let path = url.path();
    let path = SIZES.as_ref().map_or_else(|| path.to_owned(), |sizes| sizes.replace_all(path, "$1/").into_owned());
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    let has_name = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let query = if has_name { "" } else { url.query().unwrap_or_default() };
    format!("{}{path}?{query}", url.host_str().unwrap_or_default())
}

fn last_segment(url: &Url) -> &str {
    url.path().rsplit('/').next().unwrap_or_default()
}

fn pixels(dom: &Dom, at: usize, name: &str) -> Option<u32> {
    let value = dom.attr(at, name)?;
    value
        .trim_end_matches("px")
        .trim()
        .parse::<f32>()
        .ok()
        .filter(|side| *side > 0.0 && *side < 20_000.0)
        .map(|side| side as u32)
}

fn looks_like_address(text: &str) -> bool {
    !text.starts_with("data:")
        && !text.contains(char::is_whitespace)
        && (text.contains('/') || text.contains('.'))
        && !text.contains('{')
}

fn is_file_name(alt: &str) -> bool {
    let lower = alt.to_ascii_lowercase();
    !alt.contains(' ') && [".jpg", ".jpeg", ".png", ".gif", ".webp"].iter().any(|ending| lower.ends_with(ending))
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_make_no_other_picture() {
        let key = |text: &str| key(&Url::parse(text).unwrap());
        assert_eq!(key("https://e.org/a/photo-300x200.jpg"), key("https://e.org/a/photo.jpg?w=1200"));
        assert_eq!(key("https://e.org/resize/700x-/a/photo.jpg"), key("https://e.org/a/photo.jpg"));
        assert_eq!(key("https://e.org/img/a/s400/photo.jpg"), key("https://e.org/img/a/s1600/photo.jpg"));
        assert_ne!(key("https://e.org/a/photo1.jpg"), key("https://e.org/a/photo2.jpg"));
        assert_ne!(key("https://e.org/img.php?id=1").len(), 0);
    }

    fn address(html: &str) -> Option<String> {
        let dom = Dom::parse(html);
        let at = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Img).unwrap();
        of(&dom, at, None).map(|picture| picture.url.into())
    }

    #[test]
    fn a_picture_that_links_to_a_larger_one_is_that() {
        let shown = "<img src='https://e.org/a/photo-300x200.jpg' width=300>";
        let linked = |href: &str| address(&format!("<a href='{href}'>{shown}</a>")).unwrap();
        assert_eq!(linked("https://e.org/a/photo.jpg"), "https://e.org/a/photo.jpg");
        assert_eq!(linked("https://e.org/a/other.jpg"), "https://e.org/a/photo-300x200.jpg");
        assert_eq!(linked("https://e.org/a/photo.html"), "https://e.org/a/photo-300x200.jpg");
    }

    #[test]
    fn a_picture_for_small_screens_comes_after_the_others() {
        let picture = |sources: &str, img: &str| address(&format!("<picture>{sources}<img {img}></picture>"));
        let small = "<source media='(max-width: 600px)' srcset='https://e.org/s.jpg'>";
        let webp = "<source type='image/webp' srcset='https://e.org/a.webp'>";
        let large = "<source type='image/webp' srcset='https://e.org/b.webp 640w, https://e.org/c.webp 1600w'>";
        let jpg = "src='https://e.org/a.jpg'";
        for (sources, img, wanted) in [
            (small, jpg, "https://e.org/a.jpg"),
            (small, "src='/blank.gif'", "https://e.org/s.jpg"),
            (webp, jpg, "https://e.org/a.jpg"),
            (webp, "", "https://e.org/a.webp"),
            (large, jpg, "https://e.org/c.webp"),
            ("<source media='(max-width:1600px)' srcset='https://e.org/m.jpg'>", jpg, "https://e.org/m.jpg"),
        ] {
            assert_eq!(picture(sources, img).as_deref(), Some(wanted), "{sources} {img}");
        }
    }

    #[test]
    fn a_small_picture_is_a_portrait() {
        let picture = |size: &str| address(&format!("<img src='https://e.org/a.jpg' {size}>"));
        assert_eq!(picture("width=80 height=80"), None);
        assert!(picture("width=80").is_some() && picture("width=80 height=120").is_some());
    }

    #[test]
    fn a_large_picture_is_no_button_whatever_its_class() {
        assert!(address("<img class='border img-share' width=634 src='https://e.org/a.jpg'>").is_some());
        assert_eq!(address("<img class='border img-share' src='https://e.org/a.jpg'>"), None);
    }
}
