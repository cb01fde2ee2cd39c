//! What an element's class, id and role say about it.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::html::dom::Dom;
use crate::html::tag::Tag;

/// What an element is, as far as its names tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hint {
    /// Nothing.
    #[default]
    Silent,
    /// It holds the article's text.
    Body,
    /// It surrounds the article, or is part of it.
    Article,
    /// It is a caption.
    Caption,
    /// It holds the byline or the date.
    Byline,
    /// It is no part of an article: comments, shares, related links, advertisement.
    Foreign,
    /// It is not shown.
    Hidden,
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
    Regex::new(r"caption|\bcutline|chuthich|pictitle|imgdesc|imagedesc|photodesc|\bcredits?\b|imagecredit|photocredit")
        .ok()
});
static BYLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        byline|\bdateline|\bauthors?\b|authorname|postauthor|articleauthor|tacgia|ngaydang|postdate|publishdate|publisheddate|pubdate|pubtime|datetime
        |\bdate\b|timestamp|postmeta|entrymeta|articlemeta|storymeta|metadata|postinfo|entryinfo|articleinfo|newsinfo|entrydate|articledate|\bposted(on|by)?\b",
    )
    .ok()
});
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        comment|respond\b|disqus|related|recommend|recirc|sidebar|newsletter|breadcrumb|subscri|sponsor|social|sharing|share|addthis
        |outbrain|taboola|popup|promo|advert|cookie|gdpr|consent|signup|signin|login|mostread|mostpopular|mostviewed|trending|teaser|pagination
        |pagenav|postnav|taglist|posttags|entrytags|articletags|storytags|tagcloud|toolbar|skyscraper|readmore|readnext|readalso|alsoread|seealso|alsolike|morestor|morefrom
        |morenews|moreon|nextarticle|prevarticle|nextpost|prevpost|authorbio|authorbox|authorinfo|aboutauthor|aboutheauthor|authorprofile|authorcard|lienquan|binhluan|chiase|tinkhac|baikhac|tinmoi|tincu|xemthem
        |docthem|cungchuyenmuc|quangcao|docnhieu|xemnhieu|tinnoibat|dangky|skiplink|skipto|donat|banner|navbar|navigation|megamenu|printonly|feedback|rating\b|reactions?\b|onsite|followus|copyright|disclaimer
        |\b(ad|ads|adv|adbox|adslot|adunit|adwrapper|adcontainer|dfp|gpt|fb|nav|menu|menus|footer|foot|modal|overlay|tags|tag|keywords|topics|tools|tool|share|shares|vote|poll|cta|optin|rail|pager|widget|widgets|credits\d|masthead|topbar|bottombar|aside|promo|bio|rss|noprint|popular|toolbox|linkbox|linklist|furtherreading)\b",
    )
    .ok()
});
static HIDDEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(sronly|visuallyhidden|screenreadertext|screenreader|visuallyhide|hidden|hide|offscreen|ariahidden|dnone|displaynone|invisible|accessibility|a11y)\b").ok()
});
/// A hidden element by its style attribute.
static STYLED_AWAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden").ok());

impl Hints {
    /// Reads the names of all elements.
    pub(crate) fn of(dom: &Dom) -> Self {
        let mut cache: HashMap<String, Hint> = HashMap::new();
        let mut by_node = vec![Hint::Silent; dom.count()];
        for (at, hint) in by_node.iter_mut().enumerate() {
            let tag = dom.tag(at);
            if matches!(tag, Tag::Text | Tag::Html | Tag::Body | Tag::Head) {
                continue;
            }
            let mut names = String::new();
            let mut forced = by_tag(tag);
            dom.each_attr(at, |name, value| match name {
                "class" | "id" => squeeze(value, &mut names),
                "data-testid" | "data-component" | "data-type" | "data-module" if value.len() < 60 => {
                    squeeze(value, &mut names)
                }
                "itemprop" => forced = forced.or(by_itemprop(value)),
                "role" => forced = forced.or(by_role(value)),
                "hidden" => forced = Some(Hint::Hidden),
                "aria-hidden" if value == "true" && tag != Tag::Img => forced = Some(Hint::Hidden),
                "style" if matches(&STYLED_AWAY, value) => forced = Some(Hint::Hidden),
                _ => {}
            });
            *hint = forced.unwrap_or_else(|| *cache.entry(names).or_insert_with_key(|names| by_names(names)));
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

fn by_names(names: &str) -> Hint {
    if names.is_empty() {
        return Hint::Silent;
    }
    if matches(&HIDDEN, names) {
        return Hint::Hidden;
    }
    if matches(&FOREIGN, names) {
        return Hint::Foreign;
    }
    if matches(&BODY, names) {
        return Hint::Body;
    }
    if matches(&CAPTION, names) {
        return Hint::Caption;
    }
    if matches(&BYLINE, names) {
        return Hint::Byline;
    }
    if matches(&ARTICLE, names) { Hint::Article } else { Hint::Silent }
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Adds each name twice: in one piece (`article-body` as `articlebody`), and its words
/// (`article`, `body`), so that both long and short patterns can be told exactly.
fn squeeze(value: &str, names: &mut String) {
    for name in value.split_ascii_whitespace().take(12) {
        if name.len() > 80 {
            continue;
        }
        names.extend(name.chars().filter(|char| char.is_ascii_alphanumeric()).map(|char| char.to_ascii_lowercase()));
        names.push(' ');
        if !name.chars().all(|char| char.is_ascii_lowercase()) {
            words(name, names);
        }
    }
}

fn words(name: &str, names: &mut String) {
    let mut before_lower = false;
    for char in name.chars() {
        if !char.is_ascii_alphabetic() {
            names.push(' ');
            before_lower = false;
            continue;
        }
        if char.is_ascii_uppercase() && before_lower {
            names.push(' ');
        }
        before_lower = char.is_ascii_lowercase();
        names.push(char.to_ascii_lowercase());
    }
    names.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(names: &str) -> Hint {
        let mut squeezed = String::new();
        squeeze(names, &mut squeezed);
        by_names(&squeezed)
    }

    #[test]
    fn names_tell_what_an_element_is() {
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
            "fb-comments",
            "sidebar",
            "ad",
            "main-nav",
            "tags",
            "jp-relatedposts",
        ] {
            assert_eq!(hint(foreign), Hint::Foreign, "{foreign}");
        }
        for silent in ["loading", "header-adventure", "storage", "image-wrap"] {
            assert_eq!(hint(silent), Hint::Silent, "{silent}");
        }
        assert_eq!(hint("wp-caption-text"), Hint::Caption);
        assert_eq!(hint("post-meta"), Hint::Byline);
    }
}
