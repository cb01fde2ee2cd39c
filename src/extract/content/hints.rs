//! What an element's class, id and role say about it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// What an element is, as far as its names tell.
///
/// Where several names of one element disagree, the later here wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Hint {
    /// Nothing.
    #[default]
    Silent,
    /// It surrounds the article, or is part of it.
    Article,
    /// It holds the byline or the date.
    Byline,
    /// It is a caption.
    Caption,
    /// It is not shown.
    Hidden,
    /// It is no part of an article: shares, related links, advertisement.
    Foreign,
    /// It holds the article's text.
    Body,
    /// It holds what readers wrote, or asks for consent; both can be longer than the article.
    Comments,
}

/// The hints of a page's elements.
pub(crate) struct Hints {
    by_node: Vec<Hint>,
}

// Names are compared without `-` and `_`, in lower case; `\b` stands at their ends only.
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (article|story|post|entry|news|blog|detail|single|page|main|cms|rich|caas|zn|wysiwyg)(page)?(body|content|contents|text|copy|wrap(per)?text)\b
        |\b(body|content|main|text)(article|detail|content|text|body|copy|post)\b
        |detailcontent|contentdetail|articledetail|newsdetail|fckdetail|noidung|chitiettin|chitietbai|mwparseroutput|richtext
        |\barticlebody|\bstorybody|\bpostbody|\bentrycontent|\bpostcontent|\barticlecontent",
    )
    .ok()
});
static ARTICLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(article|story|post|entry|content|main|hentry|text|news|detail)\b").ok());
static CAPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"caption|\bcutline|chuthich|pictitle|imgdesc|imagedesc|photodesc|\b(img|image|photo|pic|picture|media|thumb|video)caps?\b|picdesc|mediadesc|photolegend|imagelegend|\bcredits?\b|imagecredit|photocredit|piedefoto|piefoto|bildunterschrift|bildtext|bildetekst|billedtekst|didascalia|kuvateksti|onderschrift|leyenda|\bpodpis\b")
        .ok()
});
static BYLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        byline|\bdateline|\breporters?\b|\bfirma\b|\bjournalists?\b|\bautor(en|es)?\b|\bauteurs?\b|\bauthors?\b|\bszerzo\b|\byazar\b|\bmuhabir\b|\bpenulis\b|\bavtor\b|\bforfatter\b|\bskribent\b|\bredaktor\b|contributorname|authorname|postauthor|articleauthor|tacgia|ngaydang|postdate|publishdate|publisheddate|pubdate|pubtime|datetime
        |\bdate\b|timestamp|postmeta|entrymeta|articlemeta|storymeta|metadata|postinfo|entryinfo|articleinfo|newsinfo|entrydate|articledate|\bposted(on|by)?\b",
    )
    .ok()
});
static COMMENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"comment(?:s|ed|er|ers|ing|\b|[^aes])|\brespond\b|disqus|binhluan|ykienbandoc|livefyre|spotim|coralproject|cookie|gdpr|consent",
    )
    .ok()
});
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        related|recommend|recirc|sidebar|newsletter|infolettre|abonn|suscri|locationstamp|breadcrumb|subscri|sponsor|social|sharing|share|addthis
        |outbrain|taboola|popup|promo|advert|signup|signin|login|mostread|mostpopular|mostviewed|trending|teaser|pagination
        |pagenav|postnav|taglist|posttags|entrytags|articletags|storytags|tagcloud|toolbar|skyscraper|readmore|readnext|readalso|alsoread|seealso|alsolike|morestor|morefrom
        |calltoaction|^(site|page|global|main|top|header)?masthead|featuredvideo|videoplaylist|relatedvideo|videopromo|affiliatedisclosure|nextprev|prevnext|tooltip|popover|rollover|hovercard|flyout|dropdown|ticker\b|captionlink|morenews|moreon|nextarticle|prevarticle|nextpost|prevpost|authorbio|authorbox|authorinfo|aboutauthor|aboutheauthor|authorprofile|authorcard|lienquan|chiase|tinkhac|baikhac|tinmoi|tincu|xemthem
        |\bapp(box|banner|promo|download|install|dn)\b|downloadapp|getapp|(pay|reg|meter)wall(offer|box|prompt|banner|message|cta|info|form)|thamdo|binhchon
        |docthem|cungchuyenmuc|quangcao|docnhieu|xemnhieu|tinnoibat|dangky|skiplink|skipto|donat|banner|navbar|navigation|megamenu|printonly|feedback|rating\b|reactions?\b|onsite|followus|copyright|disclaimer
        |\b(ad|ads|adv|adbox|adslot|adunit|adwrapper|adcontainer|dfp|gpt|fb|nav|menu|menus|footer|foot|modal|overlay|tags|tag|keywords|topics|tools|tool|share|shares|vote|poll|polls|anket|anketa|ankieta|sondage|sondaggio|encuesta|enquete|umfrage|opros|cta|optin|rail|pager|widget|widgets|credits\d|relate|controls|topbar|bottombar|aside|promo|bio|rss|noprint|popular|toolbox|linkbox|linklist|furtherreading)\b",
    )
    .ok()
});
const HIDDEN: &[&str] = &[
    "sronly",
    "visuallyhidden",
    "screenreadertext",
    "screenreader",
    "visuallyhide",
    "offscreen",
    "ariahidden",
    "dnone",
    "invisible",
    "a11y",
];
/// A hidden element by its style attribute.
static STYLED_AWAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden").ok());

thread_local! {
    /// Names come back on every page of a site, and comparing them with all patterns takes most of the time.
    static KNOWN: RefCell<HashMap<String, Hint>> = RefCell::new(HashMap::new());
}
/// Names that are remembered; a page has some hundreds.
const MAX_KNOWN: usize = 20_000;
/// Longer names are looked at each time.
const MAX_REMEMBERED: usize = 80;

/// What can be done with a picture.
const ACTS: [&str; 4] = ["share", "modal", "popup", "overlay"];

/// Names that a program shortened are no longer than this, and come in such numbers.
const MAX_MINIFIED: usize = 3;
const MIN_MINIFIED: usize = 4;

impl Hints {
    /// Reads the names of all elements.
    pub(crate) fn of(dom: &Dom) -> Self {
        KNOWN.with_borrow_mut(|known| {
            if known.len() > MAX_KNOWN {
                known.clear();
            }
            Self::with(dom, known)
        })
    }

    fn with(dom: &Dom, cache: &mut HashMap<String, Hint>) -> Self {
        let mut by_node = vec![Hint::Silent; dom.count()];
        for (at, hint) in by_node.iter_mut().enumerate() {
            let tag = dom.tag(at);
            if matches!(tag, Tag::Text | Tag::Html | Tag::Body | Tag::Head) {
                continue;
            }
            let mut named = Hint::Silent;
            let mut forced = by_tag(tag);
            dom.each_attr(at, |name, value| match name {
                // That of a heading is made of its words: `id="tools"`.
                "id" if tag.heading().is_some() => {}
                "class" | "id" => named = named.max(by_names(value, cache)),
                "data-testid" | "data-component" | "data-type" | "data-module" if value.len() < 60 => {
                    named = named.max(by_names(value, cache));
                }
                "itemprop" => forced = by_itemprop(value).or(forced),
                "role" => forced = forced.or(by_role(value)),
                "hidden" => forced = Some(Hint::Hidden),
                "aria-hidden" if value == "true" && tag != Tag::Img => forced = Some(Hint::Hidden),
                "style" if matches(&STYLED_AWAY, value) => forced = Some(Hint::Hidden),
                _ => {}
            });
            // A picture may be called after what can be done with it: `img-share`, `modal-image`.
            if named == Hint::Foreign
                && tag == Tag::Img
                && dom.attr(at, "class").is_some_and(|class| ACTS.iter().any(|act| class.contains(act)))
            {
                named = Hint::Silent;
            }
            // What an article sets apart from its text, but tells itself.
            if tag == Tag::Aside
                && matches!(named, Hint::Silent | Hint::Body | Hint::Article)
                && is_box_of_facts(dom, at)
            {
                forced = None;
            }
            *hint = forced.unwrap_or(named);
        }
        Self { by_node }
    }

    /// What an element's names say.
    pub(crate) fn at(&self, at: usize) -> Hint {
        self.by_node.get(at).copied().unwrap_or_default()
    }
}

fn by_tag(tag: Tag) -> Option<Hint> {
    match tag {
        Tag::Nav | Tag::Footer | Tag::Aside | Tag::Dialog | Tag::Button | Tag::Menu => Some(Hint::Foreign),
        Tag::Figcaption => Some(Hint::Caption),
        Tag::Template => Some(Hint::Hidden),
        _ => None,
    }
}

fn by_itemprop(value: &str) -> Option<Hint> {
    match value.trim() {
        "articleBody" | "reviewBody" => Some(Hint::Body),
        "author" | "datePublished" | "dateModified" => Some(Hint::Byline),
        "comment" | "keywords" => Some(Hint::Foreign),
        _ => None,
    }
}

fn by_role(value: &str) -> Option<Hint> {
    match value.trim() {
        "navigation" | "complementary" | "banner" | "contentinfo" | "search" | "dialog" | "menu" | "menubar"
        | "toolbar" => Some(Hint::Foreign),
        _ => None,
    }
}

/// Whether an element is named as one that holds facts beside a text: `infobox`, `Faktenkasten`.
fn is_box_of_facts(dom: &Dom, at: usize) -> bool {
    const NAMES: [&str; 10] = [
        "infobox",
        "infokasten",
        "factbox",
        "faktenbox",
        "faktenkasten",
        "faktabox",
        "faktaboks",
        "faktaruta",
        "encadre",
        "hopthongtin",
    ];
    let class = dom.attr(at, "class").unwrap_or_default().to_ascii_lowercase().replace(['-', '_'], "");
    NAMES.iter().any(|name| class.contains(name))
}

/// The strongest hint of several names.
fn by_names(value: &str, cache: &mut HashMap<String, Hint>) -> Hint {
    let mut strongest = Hint::Silent;
    if is_minified(value) {
        return strongest;
    }
    for name in value.split_ascii_whitespace().take(16) {
        let hint = match cache.get(name) {
            Some(hint) => *hint,
            None if name.len() > MAX_REMEMBERED => by_name(name),
            None => *cache.entry(name.to_owned()).or_insert_with(|| by_name(name)),
        };
        strongest = strongest.max(hint);
    }
    // A post of a social network that the article quotes.
    let quotes = || ["embed", "twitter-tweet", "instagram-media"].iter().any(|quote| value.contains(quote));
    if strongest == Hint::Foreign && quotes() { Hint::Silent } else { strongest }
}

/// Whether names were shortened by a program (`go gp dg ay ad`): they mean nothing.
fn is_minified(value: &str) -> bool {
    let names = value.split_ascii_whitespace();
    names.clone().all(|name| name.len() <= MAX_MINIFIED) && names.count() >= MIN_MINIFIED
}

fn by_name(name: &str) -> Hint {
    // `article-content__author`: what stands last is the element, what stands before it the block.
    if let Some((_, element)) = name.rsplit_once("__")
        && let hint @ (Hint::Byline | Hint::Caption | Hint::Foreign | Hint::Comments) = by_name(element)
    {
        return hint;
    }
    let words = words(name);
    // Long ones are made of headlines (`id="sharing-changes-with-others"`), others tell a state.
    let parts: Vec<&str> = words.split_ascii_whitespace().collect();
    let is_state = parts.iter().any(|part| matches!(*part, "with" | "has" | "without"))
        || matches!(parts.first(), Some(&("no" | "is" | "not" | "js" | "hide" | "show")));
    if name.len() > 80 || parts.iter().filter(|part| part.len() > 2).count() > 5 || is_state {
        return Hint::Silent;
    }
    let whole: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    if HIDDEN.contains(&whole.as_str()) {
        return Hint::Hidden;
    }
    let names = format!("{whole} {words}");
    if matches(&COMMENTS, &names) {
        Hint::Comments
    } else if matches(&FOREIGN, &names) {
        Hint::Foreign
    } else if matches(&BODY, &names) {
        Hint::Body
    } else if matches(&CAPTION, &names) {
        Hint::Caption
    } else if matches(&BYLINE, &names) {
        Hint::Byline
    } else if matches(&ARTICLE, &names) {
        Hint::Article
    } else {
        Hint::Silent
    }
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// The words of a name, so that short patterns can be told exactly: `fb-postBody` has `fb`, `post`, `body`.
/// A part that mixes digits into its letters is a number of some kind, like `a1fb` or `fb78`, and no word.
fn words(name: &str) -> String {
    let parts = name.split(|char: char| !char.is_ascii_alphanumeric());
    let is_number = |part: &str| {
        let is_hash = part.len() >= 4 && part.chars().all(|char| char.is_ascii_hexdigit());
        is_hash && part.contains(|char: char| char.is_ascii_digit())
            || part
                .trim_start_matches(|char: char| char.is_ascii_alphabetic())
                .contains(|char: char| char.is_ascii_alphabetic())
    };
    parts.filter(|part| !is_number(part)).map(letters).collect::<Vec<_>>().join(" ")
}

fn letters(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut before_lower = false;
    for char in name.chars() {
        if !char.is_ascii_alphabetic() {
            words.push(' ');
            before_lower = false;
            continue;
        }
        if char.is_ascii_uppercase() && before_lower {
            words.push(' ');
        }
        before_lower = char.is_ascii_lowercase();
        words.push(char.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(names: &str) -> Hint {
        by_names(names, &mut HashMap::new())
    }

    #[test]
    fn the_address_of_a_heading_is_no_name() {
        let dom = Dom::parse("<h2 id='tools'>Tools</h2><div id='tools'>Print</div>");
        let at = |tag: Tag| (0..dom.count()).find(|&at| dom.tag(at) == tag).unwrap();
        let hints = Hints::of(&dom);
        assert_eq!((hints.at(at(Tag::H2)), hints.at(at(Tag::Div))), (Hint::Silent, Hint::Foreign));
    }

    #[test]
    fn facts_beside_a_text_are_its_own() {
        for (html, wanted) in [
            ("<aside class='info-box'>Opened in 1936</aside>", Hint::Silent),
            ("<aside class='infobox'>Opened in 1936</aside>", Hint::Silent),
            ("<aside class='infobox-related'>Another bridge</aside>", Hint::Foreign),
            ("<aside>Another bridge</aside>", Hint::Foreign),
        ] {
            let dom = Dom::parse(html);
            let at = (0..dom.count()).find(|&at| dom.tag(at) == Tag::Aside).unwrap();
            assert_eq!(Hints::of(&dom).at(at), wanted, "{html}");
        }
    }

    #[test]
    fn names_tell_what_an_element_is() {
        assert_eq!(hint("entry-content entry-content-read-more"), Hint::Body);
        assert_eq!(hint("no-comments with-sidebar"), Hint::Silent);
        assert_eq!(hint("comment-body"), Hint::Comments);
        for body in [
            "detail-content",
            "article-body",
            "entry-content",
            "articleBody",
            "article__body",
            "fck_detail",
            "post_content",
            "content-detail",
        ] {
            assert_eq!(hint(body), Hint::Body, "{body}");
        }
        for foreign in [
            "share-box",
            "RelatedPosts",
            "box-tin-lien-quan",
            "sidebar",
            "ad",
            "main-nav",
            "tags",
            "jp-relatedposts",
            "masthead",
            "site-masthead",
            "article-relate__body",
            "app-box",
            "paywall-offer",
        ] {
            assert_eq!(hint(foreign), Hint::Foreign, "{foreign}");
        }
        for silent in [
            "paywall",
            "fb78",
            "go gp dg ad gq fb",
            "loading",
            "header-adventure",
            "storage",
            "image-wrap",
            "asset-masthead",
        ] {
            assert_eq!(hint(silent), Hint::Silent, "{silent}");
        }
        assert_eq!(hint("wp-caption-text"), Hint::Caption);
        assert_eq!(hint("post-meta"), Hint::Byline);
        assert_eq!(hint("article-content__author"), Hint::Byline);
    }
}
