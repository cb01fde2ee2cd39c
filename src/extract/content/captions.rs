//! Captions that no element is named after: told by where they stand and by who made the picture.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::figures::{MAX_GUESSED, Search, one_line};
use crate::html::dom::{Dom, length};
use crate::html::tag::Tag;

/// Elements beside a picture's that are looked at.
const MAX_SISTERS: usize = 80;
/// Who made a picture is named in no more letters.
const MAX_CREDIT: u32 = 60;
/// A paragraph of so many letters is prose.
const PROSE: u32 = 80;

impl Search<'_> {
    /// Whether an element holds a picture and below it a line that can only be its caption: the line
    /// says who made the picture, or stands in a box of its own among paragraphs that stand in none.
    pub(super) fn is_figure_in_all_but_name(&self, at: usize, picture: usize) -> bool {
        let node = self.dom.node(at);
        let is_box = matches!(node.tag, Tag::Div | Tag::Center | Tag::P | Tag::Span);
        if !is_box || !(1..=MAX_GUESSED).contains(&node.len) || node.linked * 2 > node.len {
            return false;
        }
        let mut lines = self.dom.text(at).lines().filter(|line| !line.trim().is_empty());
        let (Some(line), further, None) = (lines.next(), lines.next(), lines.next()) else { return false };
        // Below the caption may stand who made the picture.
        if further.is_some_and(|further| length(further) > MAX_CREDIT) || !self.is_plain_below(at, picture) {
            return false;
        }
        credit(&one_line(further.unwrap_or(line))).is_some()
            || matches!(node.tag, Tag::Div | Tag::Center) && stands_among_paragraphs(self.dom, at)
    }

    /// Whether an element holds one picture, and below it nothing but plain lines.
    fn is_plain_below(&self, at: usize, picture: usize) -> bool {
        let inside = || self.dom.inside(at);
        let is_more = |inner: usize| {
            let tag = self.dom.tag(inner);
            let is_part = matches!(
                tag,
                Tag::Li
                    | Tag::Table
                    | Tag::Blockquote
                    | Tag::Button
                    | Tag::Input
                    | Tag::Iframe
                    | Tag::Pre
                    | Tag::Figure
            );
            is_part || tag.heading().is_some()
        };
        let first = inside().find(|&inner| self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0);
        first.is_some_and(|text| text > picture) && !inside().any(is_more) && self.holds_no_other(at, picture)
    }

    /// What a gallery says below all of its pictures is the caption of the last of them.
    pub(super) fn captions_of_galleries(&mut self, span: Range<usize>) {
        if self.found.at.is_empty() {
            return;
        }
        let dom = self.dom;
        for at in span.filter(|&at| dom.tag(at) == Tag::Figcaption && dom.node(at).len > 0) {
            let is_taken = |outer: usize| self.found.at.contains_key(&outer) || self.found.used.contains(&outer);
            let mut around = dom.ancestors(at).take_while(|&outer| outer > self.root);
            let gallery = dom.parent(at).filter(|&gallery| dom.tag(gallery) == Tag::Figure);
            let Some(gallery) = gallery.filter(|_| !is_taken(at) && !around.any(is_taken)) else { continue };
            let last = dom.inside(gallery).rfind(|inner| self.found.at.contains_key(inner));
            let Some(figure) = last.and_then(|last| self.found.at.get_mut(&last)) else { continue };
            let caption = one_line(dom.text(at));
            figure.caption = Some(match figure.caption.take() {
                Some(own) => format!("{own} {caption}"),
                None => caption,
            });
            self.found.used.insert(at);
        }
    }
}

/// Whether a box is one of few among paragraphs of prose; where every paragraph has a box and a picture, its
/// line is text.
fn stands_among_paragraphs(dom: &Dom, at: usize) -> bool {
    let Some(parent) = dom.parent(at) else { return false };
    let (mut prose, mut boxes) = (0, 0);
    for sister in dom.children(parent).take(MAX_SISTERS) {
        let node = dom.node(sister);
        prose += usize::from(node.tag == Tag::P && node.own >= PROSE);
        let is_small = node.tag == dom.tag(at) && (1..=MAX_GUESSED).contains(&node.len);
        boxes += usize::from(is_small && dom.inside(sister).take(MAX_SISTERS).any(|inner| dom.tag(inner) == Tag::Img));
    }
    prose > 1 && prose > boxes
}

/// Who made the picture, as the caption says: `… Ảnh: Thu Huyền`, `… Photo: AP`, `… (Foto: dpa)`, `…＝西岡冬美撮影`.
pub(crate) fn credit(caption: &str) -> Option<String> {
    static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)(?:^|[\s(\[（［/／.。–—-])
            (?:(?:ảnh|nguồn\ ảnh|nguồn|hình|photo(?:graph)?s?(?:\ by|\ credit)?|image(?:\ credit)?|credit|picture|pictures\ by|fotos?|fotó
              |fotoğraf|crédit|fotografía|fotografia|imagem|kuva|video|clip|vidéo|видео|βίντεο|фото|写真|图片?|사진|φωτο(?:γραφία)?|ภาพ|फोटो)
            \s*[:：/=＝]|fot\.)\s*([^\n()\[\]（）［］]{2,60}?)[)\]）］.\s]*$",
        )
        .ok()
    });
    // Chinese and Japanese say afterwards what somebody did.
    static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"[＝=／/（(、，,。\s]([^＝=／/（）()、，,。\s]{2,12})\s*(?:撮影|提供|摄影?|攝影?|供图|供圖)[)）。\s]*$",
        )
        .ok()
    });
    let found = [&BEFORE, &AFTER].into_iter().find_map(|form| form.as_ref()?.captures(caption))?;
    let name = found.get(1)?.as_str().trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_stand_at_the_end_of_captions() {
        assert_eq!(credit("Cầu Rạch Miễu nhìn từ trên cao. Ảnh: Thu Huyền").as_deref(), Some("Thu Huyền"));
        assert_eq!(credit("The bridge at dawn (Photo: Ann Lee)").as_deref(), Some("Ann Lee"));
        for (caption, name) in [
            ("最後の便で手を振る乗客ら＝汐入市で2024年6月12日、西岡冬美撮影", "西岡冬美"),
            ("墙上挂着等人来取的伞。桥头晚报记者 周砚秋 摄", "周砚秋"),
            ("눈 덮인 간판. [사진=한서윤]", "한서윤"),
            ("Stadion o zmierzchu (fot. Jan Kos)", "Jan Kos"),
            ("Maçtan bir an. Fotoğraf: Deniz Akçalı", "Deniz Akçalı"),
        ] {
            assert_eq!(credit(caption).as_deref(), Some(name), "{caption}");
        }
        assert_eq!(
            credit("Bức ảnh: một kỷ niệm về những ngày mùa nước nổi ở vùng đồng bằng sông Cửu Long thuở ấy."),
            None
        );
    }

    const PROSE: &str = "<p>The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.</p>";

    fn pictures(html: &str) -> Vec<(Option<String>, Option<String>)> {
        let url = "https://paper.example/a".parse().ok();
        let html = format!("<title>A ferry stops</title><article>{PROSE}{html}{PROSE}{PROSE}{PROSE}</article>");
        let article = crate::extract::page(&html, &crate::extract::Options { url, ..Default::default() }).unwrap();
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 4, "{html}");
        article.pictures.into_iter().map(|picture| (picture.caption, picture.credit)).collect()
    }

    #[test]
    fn lines_beside_pictures_are_captions() {
        for html in [
            "<div class='css-i7'><img src='/b.jpg'><p class='css-i8'>The ferry at dusk. Photo: Ann Lee</p></div>",
            "<div><img src='/b.jpg'><p>The ferry at dusk.</p><p>Photo: Ann Lee</p></div>",
            "<p><img src='/b.jpg'><br>The ferry at dusk. Photo: Ann Lee</p>",
            "<div><img src='/b.jpg'><div><div>The ferry at dusk.</div><div>Photo: Ann Lee</div></div></div>",
            "<p><img src='/b.jpg'></p><p>The ferry at dusk. Photo: Ann Lee</p>",
            "<figure><img src='/b.jpg'></figure><p class='pie-foto'>The ferry at dusk. Photo: Ann Lee</p>",
            "<div><figure><img src='/b.jpg'></figure><p>The ferry at dusk. Photo: Ann Lee</p></div>",
        ] {
            let found = pictures(html);
            assert_eq!(found.len(), 1, "{html}");
            assert_eq!(found[0], (Some("The ferry at dusk. Photo: Ann Lee".into()), Some("Ann Lee".into())), "{html}");
        }
        let plain = pictures("<div class='css-i7'><img src='/b.jpg'><p>The ferry at dusk</p></div>");
        assert_eq!(plain, [(Some("The ferry at dusk".into()), None)]);
    }

    #[test]
    fn what_stands_below_a_gallery_is_a_caption() {
        let figure = |name: &str, caption: &str| format!("<figure><img src='/{name}.jpg'>{caption}</figure>");
        let first = figure("a", "<figcaption>The ferry</figcaption>");
        let found = pictures(&format!("<figure>{first}{}<figcaption>At dusk</figcaption></figure>", figure("b", "")));
        assert_eq!(found, [(Some("The ferry".into()), None), (Some("At dusk".into()), None)]);
    }

    #[test]
    fn what_stands_below_a_player_is_its_title() {
        let video = "<iframe src='https://www.youtube.com/embed/Xb1dQe7Rr0A'></iframe>";
        for line in ["<p>The ferry moves. Video: Ann Lee</p>", "<p class='video-caption'>The ferry moves</p>"] {
            let html = format!(
                "<title>A ferry</title><article>{PROSE}{PROSE}<div>{video}{line}</div>{PROSE}{PROSE}</article>"
            );
            let article = crate::extract::page(&html, &crate::extract::Options::default()).unwrap();
            assert_eq!(crate::html::running(&article.content_html).lines().count(), 4, "{line}");
            assert!(article.content_html.contains("title=\"The ferry moves"), "{}", article.content_html);
        }
    }

    #[test]
    fn the_buttons_of_a_player_hide_no_title() {
        let html = format!(
            "<title>A ferry</title><article>{PROSE}{PROSE}<div><div><video src='/a.mp4'></video><div class='controls'>\
             <span>Play</span><span>00:00</span></div></div><div class='caption'>The ferry moves</div></div>{PROSE}{PROSE}</article>"
        );
        let url = "https://paper.example/a".parse().ok();
        let article = crate::extract::page(&html, &crate::extract::Options { url, ..Default::default() }).unwrap();
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 4, "{}", article.content_html);
        assert!(article.content_html.contains("title=\"The ferry moves"), "{}", article.content_html);
    }

    #[test]
    fn all_of_a_gallery_above_the_text_is_kept() {
        let item = |n: u8| {
            format!(
                "<li><figure><a href='/p'><img src='/{n}.jpg'></a><figcaption>The ferry {n}</figcaption></figure></li>"
            )
        };
        let gallery: String = (1..4).map(item).collect();
        let html = format!(
            "<title>A ferry</title><h1>A ferry</h1><div><ul>{gallery}</ul><p><a href='/p'>Photos (3)</a></p></div>\
             <div class='article-body'>{PROSE}{PROSE}{PROSE}</div><div><img src='/4.jpg' width='600'></div>"
        );
        let url = "https://paper.example/a".parse().ok();
        let article = crate::extract::page(&html, &crate::extract::Options { url, ..Default::default() }).unwrap();
        assert_eq!(article.pictures.len(), 3);
    }

    #[test]
    fn a_code_to_scan_is_no_picture() {
        assert!(pictures("<div><img src='/ewm.jpg'><p>扫一扫，关注临河网官方微信</p></div>").is_empty());
    }

    #[test]
    fn steps_with_pictures_are_text() {
        let step = |n: u8| format!("<div><img src='/{n}.jpg'><p>Cut the wood along line {n} and sand it.</p></div>");
        let html = format!(
            "<title>A box</title><h1>A box</h1><article>{PROSE}{}</article>",
            (1..6).map(step).collect::<String>()
        );
        let article = crate::extract::page(&html, &crate::extract::Options::default()).unwrap();
        assert_eq!(crate::html::running(&article.content_html).lines().count(), 6);
    }
}
