//! Pages that stand before an article: the beginning of one for those who do not subscribe, and
//! questions about cookies, robots or passwords.

use crate::extract::phrases::folded;
use crate::html::dom::{Dom, length};
use crate::model::{Article, Wall};

/// A text with so many letters is an article, whatever stands around it.
const WHOLE: u32 = 1500;
/// Less than this of an article is its beginning, where the page asks for a subscription.
const BEGINNING: u32 = 700;
/// Less than this is a beginning where the page only declares that it is for subscribers: papers that
/// count what is read declare so of all their articles, and show them whole.
const BARELY: u32 = 300;
/// An asking page says so at least so often.
const ASKS: usize = 2;

/// What stands before the article, if anything does; `declared` is whether the page says that it is
/// for subscribers.
pub(super) fn of(dom: &Dom, article: &Article, declared: bool) -> Option<Wall> {
    let mut letters = 0;
    let is_whole = parts(&article.content_html).any(|part| {
        letters += length(part);
        letters >= WHOLE
    });
    if is_whole {
        return None;
    }
    let text = parts(&article.content_html).collect::<Vec<_>>().join(" ");
    let title = folded(article.title.as_deref().unwrap_or_default());
    let own = folded(&text);
    let asks = ASKING.iter().filter(|phrase| own.contains(**phrase)).count();
    if TITLES.contains(&title.as_str()) || asks >= ASKS {
        return Some(Wall::Question);
    }
    let whole = folded(dom.text(0));
    let sells = SELLING.iter().any(|phrase| whole.contains(phrase));
    let is_beginning = declared && (letters < BARELY || ends_open(&text));
    (is_beginning || sells && (declared || ends_open(&text) || letters < BEGINNING)).then_some(Wall::Payment)
}

/// The texts of HTML that was written here: no comments, no `>` in attributes.
fn parts(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, after)| after))
}

fn ends_open(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with("...") || text.ends_with('…')
}

/// Headlines of pages that ask something, or that say that there is nothing.
const TITLES: &[&str] = &[
    "just a moment",
    "attention required! | cloudflare",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "are you a robot",
    "are you human",
    "security check",
    "verify you are human",
    "human verification",
    "before you continue",
    "we value your privacy",
    "your privacy choices",
    "cookie settings",
    "cookie consent",
    "403 forbidden",
    "404 not found",
    "page not found",
    "log in",
    "sign in",
    "subscribe to read",
    "không tìm thấy trang",
    "trang không tồn tại",
    "đăng nhập",
    "xác minh bạn là con người",
];

/// What asking pages say instead of an article.
const ASKING: &[&str] = &[
    "we value your privacy",
    "use cookies",
    "accept all",
    "reject all",
    "manage cookies",
    "manage preferences",
    "cookie policy",
    "our partners",
    "store and/or access information on a device",
    "legitimate interest",
    "before you continue",
    "enable javascript",
    "enable cookies",
    "javascript is disabled",
    "not a robot",
    "verify you are human",
    "verifying you are human",
    "checking your browser",
    "checking if the site connection is secure",
    "unusual traffic",
    "security service to protect",
    "complete the captcha",
    "you have been blocked",
    "ray id",
    "sử dụng cookie",
    "đồng ý với việc sử dụng",
    "bật javascript",
    "không phải là người máy",
    "không phải robot",
    "nous utilisons des cookies",
    "tout accepter",
    "alle akzeptieren",
    "einwilligung",
    "aceptar todo",
    "usamos cookies",
    "принять все",
    "включите javascript",
];

/// How papers ask for a subscription where the text breaks off.
const SELLING: &[&str] = &[
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "subscribe now to read",
    "to continue reading this",
    "to read the full",
    "to read the rest",
    "already a subscriber",
    "already have a subscription",
    "this article is for subscribers",
    "for subscribers only",
    "exclusive to subscribers",
    "available to subscribers",
    "unlock this article",
    "you have reached your limit of free",
    "you've reached your limit of free",
    "articles remaining this month",
    "start your free trial to read",
    "dành cho thuê bao",
    "dành cho độc giả trả phí",
    "để đọc tiếp bài viết",
    "mua gói để đọc",
    "đăng ký để đọc tiếp",
    "réservé aux abonnés",
    "il vous reste",
    "la suite est réservée",
    "abonnieren und weiterlesen",
    "weiterlesen mit",
    "jetzt weiterlesen",
    "exclusivo para suscriptores",
    "exclusivo para assinantes",
    "contenido exclusivo para",
    "riservato agli abbonati",
    "доступно только подписчикам",
    "この記事は会員限定",
    "会員限定記事",
    "有料会員限定",
    "订阅后继续阅读",
    "付费内容",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(title: &str, body: &str, declared: bool) -> Option<Wall> {
        let html = format!("<body>{body}</body>");
        let article = Article { title: Some(title.into()), content_html: body.into(), ..Article::default() };
        of(&Dom::parse(&html), &article, declared)
    }

    #[test]
    fn beginnings_for_those_who_do_not_subscribe() {
        let start = "<p>The council met on Monday and talked about the harbour wall until late…</p>";
        assert_eq!(wall("The harbour", start, true), Some(Wall::Payment));
        assert_eq!(wall("The harbour", start, false), None);
        let selling = format!("{start}<div>Already a subscriber? Log in</div>");
        assert_eq!(wall("The harbour", &selling, false), Some(Wall::Payment));
        let whole = "<p>The council met on Monday, and talked about the harbour wall until late.</p>".repeat(40);
        assert_eq!(wall("The harbour", &whole, true), None, "the whole text is there");
    }

    #[test]
    fn questions_are_no_articles() {
        let asking = "<p>We use cookies and similar means.</p><p>Accept all or manage preferences.</p>";
        assert_eq!(wall("The Post", asking, false), Some(Wall::Question));
        assert_eq!(wall("Just a moment...", "<p>Please wait.</p>", false), Some(Wall::Question));
        let news =
            "<p>The bakery may use cookies of its own dough, the court said on Tuesday, ending a long dispute.</p>";
        assert_eq!(wall("Court ends dispute", news, false), None);
    }
}
