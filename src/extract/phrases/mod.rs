//! Lines that pages put around articles, in the languages of the first users and a few more.

mod asks;
mod lists;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub(crate) use asks::{advertises, is_call};
use lists::{CONTENTS, END, LEADS, LINE_STARTS, LINES, LINKS, Starts};

/// What a line of a page is, by its words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// It and everything after it is no part of the article, when it stands alone as a line.
    End,
    /// It is the headline of a list of other articles.
    Links,
    /// It is no part of the article.
    Line,
}

/// A line in the form in which lines are compared: NFC, lower case, white space folded, no
/// punctuation at its ends.
pub(crate) fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    if line.is_ascii() {
        for word in line.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        folded.make_ascii_lowercase();
    } else {
        for word in composed(line).split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            // The small letter of the Turkish İ has a dot of its own.
            folded.extend(word.chars().flat_map(char::to_lowercase).filter(|&char| char != '\u{307}'));
        }
    }
    let is_mark = |char: char| !char.is_alphanumeric();
    folded.truncate(folded.trim_end_matches(is_mark).len());
    folded.drain(..folded.len() - folded.trim_start_matches(is_mark).len());
    folded
}

/// A text with its letters composed (NFC); most texts are so already.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// Longer lines are text.
const MAX_LINE: usize = 400;

/// What a line is; None for ordinary text.
pub(crate) fn of(line: &str) -> Option<Phrase> {
    if line.len() > MAX_LINE { None } else { of_folded(line, &folded(line)) }
}

/// Like [`of`], with the line's folded form.
pub(crate) fn of_folded(raw: &str, line: &str) -> Option<Phrase> {
    if raw.len() > MAX_LINE {
        return None;
    }
    let bare = bare(line);
    if END.contains(bare) {
        return Some(Phrase::End);
    }
    if LINKS.contains(bare) {
        return Some(Phrase::Links);
    }
    if line.len() <= 80 && line.starts_with("more ") && MORE.iter().any(|kind| line.ends_with(kind)) {
        return Some(Phrase::Links);
    }
    (LINES.contains(bare) || asks::to_share(line) || is_notice(raw.trim(), line)).then_some(Phrase::Line)
}

/// `More great stories`.
const MORE: &[&str] = &[" stories", " news", " articles", " coverage", " headlines"];

/// Whether a line with a changing part is no part of an article.
fn is_notice(raw: &str, line: &str) -> bool {
    raw.starts_with(['©', 'ⓒ'])
        || raw.starts_with(">>")
        || raw.starts_with('[') && raw.ends_with(']') && raw.contains("[/")
        || line.starts_with("follow @")
        || line.chars().count() <= 160 && starts_like(line, &LINE_STARTS)
        || PATTERNS.as_ref().is_some_and(|patterns| patterns.is_match(line))
        || TOLD.as_ref().is_some_and(|told| told.is_match(line)) && tells(line)
}

/// What lines of [`tells`] have in them: most lines have nothing of it.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"무단|hakları|derechos|direitos|droits|rechte|diritti|права|prawa|転載|转载|הזכויות|الحقوق|\byou\b|tell us|let us know|have your say|share your|want |facebook|微信|公众号|微博|카카오톡|फेसबुक|twitter|whatsapp|instagram|telegram|youtube|google news|zalo|tiktok|गूगल|व्हाट्सएप|فيسبوك|تويتر|واتساب|تيليجرام|تليغرام|جوجل|تلگرام|click here|contributed to this|requires javascript|all rights reserved|moder|modér|модер|kiểm duyệt|có dấu|:[^:]*:",
    )
    .ok()
});

fn tells(line: &str) -> bool {
    let ends_soon =
        |phrase: &str, most: usize| line.find(phrase).is_some_and(|at| line.len() - at - phrase.len() <= most);
    ends_soon("click here", 40) && line.len() <= 200
        || ends_soon("contributed to this report", 40)
        || ends_soon("contributed to this story", 40)
        || ends_soon("requires javascript", 0)
        || ends_soon("all rights reserved", 0) && line.len() <= 120
        || is_labelled(line)
        || asks::for_manners(line)
        || is_rights(line)
        || asks::to_follow(line)
        || asks::to_follow_channel(line)
        || asks::to_write(line)
}

fn starts_like(line: &str, starts: &Starts) -> bool {
    let with_its_letter = line.bytes().next().and_then(|first| starts.get(&first));
    with_its_letter.is_some_and(|starts| starts.iter().any(|start| line.starts_with(start)))
}

/// Whether a line is made of facts with their labels: `12/03/2024 - Posted by: Ann - Category: News`.
fn is_labelled(line: &str) -> bool {
    const LABELS: &[&str] = &[
        "posted by",
        "published by",
        "author",
        "date",
        "category",
        "categories",
        "tags",
        "tag",
        "filed under",
        "views",
        "publicado por",
        "publicado em",
        "publicado en",
        "categoria",
        "categoría",
        "autor",
        "fecha",
        "data",
        "kategorie",
        "datum",
        "catégorie",
        "auteur",
        "категория",
        "автор",
        "chuyên mục",
        "đăng bởi",
        "ngày đăng",
        "tác giả",
        "lượt xem",
        "từ khóa",
        "penulis",
        "kategori",
    ];
    let has_label = |part: &str| LABELS.iter().any(|label| part.trim_end().ends_with(label));
    line.len() <= 200
        && line.matches(':').count() > 1
        && line.rsplit(':').skip(1).filter(|part| has_label(part)).count() > 1
}

/// Whether a line says that all rights are reserved.
fn is_rights(line: &str) -> bool {
    const RIGHTS: &[&str] = &[
        "무단전재",
        "무단 전재",
        "tüm hakları",
        "todos los derechos reservados",
        "todos os direitos reservados",
        "tous droits réservés",
        "alle rechte vorbehalten",
        "tutti i diritti riservati",
        "все права защищены",
        "wszelkie prawa zastrzeżone",
        "無断転載",
        "禁止转载",
        "כל הזכויות שמורות",
        "جميع الحقوق محفوظة",
    ];
    line.chars().count() <= 200 && RIGHTS.iter().any(|rights| line.contains(rights))
}

/// Whether a line ends an article or heads a list of others.
pub(crate) fn is_after(line: &str) -> bool {
    let bare = bare(line);
    END.contains(bare) || LINKS.contains(bare)
}

/// A count in brackets belongs to a headline: "Bình luận (3)".
fn bare(line: &str) -> &str {
    line.trim_end_matches(|char: char| char.is_ascii_digit() || matches!(char, ' ' | '(' | ')' | ':'))
}

/// Short lines that have a changing part. Each begins with a word of its own, so that most lines are
/// told at their first letter.
static PATTERNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
        (?:image|photo|slide|picture|foto|bild|ảnh|hình)?\ ?[0-9]{1,3}\ ?(?:of|/|von|de)\ ?[0-9]{1,3}
        |(?:e-?mail|follow|contact)\ .{2,60}(?:@|\ on\ (?:twitter|facebook|instagram|youtube|tiktok)).{0,80}
        |follow\ .{0,80}(?:coverage|newsletter).{0,80}
        |more\ .{0,30}https?://.{0,120}
        |(?:[0-9][0-9.,]*[km]?\ )?(?:comments?|shares?|views?|replies|likes?|bình\ luận|lượt\ xem|lượt\ thích)(?:\ [0-9]+)?
        |[0-9]+\ (?:min|minute|minutes|phút)\ (?:read|đọc)
        |(?:lesezeit|lesedauer|temps\ de\ lecture|tiempo\ de\ lectura|tempo\ di\ lettura|tempo\ de\ leitura|czas\ czytania|lästid|læsetid|lesetid|leestijd|okuma\ süresi|время\ чтения|час\ читання|reading\ time|thời\ gian\ đọc|זמן\ קריאה|وقت\ القراءة)\ ?:?\ ?.{1,12}
        |(?:okunma|görüntülenme|visitas|visualizações|aufrufe|vues|просмотров|просмотры|odsłony|조회수?|views?|lượt\ xem|số\ lượt\ xem)\ ?:\ ?[0-9][0-9.,]*
        |loaded:\ ?[0-9.]+%.{0,60}
        |(?:share|condividi|partager|teilen|compartir|compartilhar|compartilhe|chia\ sẻ|поделиться)[:\ ]*(?:facebook|whatsapp|twitter|telegram|linkedin)[:\ ]*(?:[0-9]|facebook|whatsapp|twitter|telegram|linkedin).{0,80}
        |copyright[\ :].{0,120}
        |(?:mit|unter\ verwendung\ von)\ (?:material|informationen|agenturmaterial)\ (?:von|der|des)\ .{2,40}
        |(?:com\ informações|con\ información|con\ informazioni)\ (?:da|do|de|del|della|dell’)\ .{2,40}
        |avec\ (?:l['’])?(?:afp|reuters|ap|belga|agences?)
        |with\ (?:files|additional\ reporting|reporting)\ (?:from|by)\ .{2,60}
        |additional\ reporting\ by\ [^.]{2,80}
        |原(?:标题|標題|题)[:：].{1,120}
        |https?://[^\ ]+\.(?:php|html?|aspx)
        )$",
    )
    .ok()
});

/// Whether a folded line begins like one that leads to other articles; that it does is for its links
/// to say.
pub(crate) fn leads_elsewhere(line: &str) -> bool {
    let with_its_letter = || line.bytes().next().and_then(|first| LEADS.get(&first));
    let is_word = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    line.chars().count() <= 200
        && with_its_letter().is_some_and(|starts| {
            starts.iter().any(|start| {
                line.strip_prefix(start).is_some_and(is_word) || line.starts_with(start) && is_spaceless(start)
            })
        })
}

/// Whether a line stands above a list of the parts of an article.
pub(crate) fn heads_contents(line: &str) -> bool {
    CONTENTS.contains(folded(line).as_str())
}

/// Whether a text is of a script that writes no spaces between words.
pub(crate) fn is_spaceless(text: &str) -> bool {
    text.chars().any(|char| matches!(char, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{9fff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_articles_are_known() {
        assert_eq!(of("BÌNH LUẬN"), Some(Phrase::End));
        assert_eq!(of("Bình luận (12)"), Some(Phrase::End));
        assert_eq!(of(" Chia sẻ bài viết: "), Some(Phrase::End));
        // The same in decomposed Unicode.
        assert_eq!(of(&"BÌNH LUẬN".nfd().collect::<String>()), Some(Phrase::End));
        assert_eq!(of("Tin liên quan"), Some(Phrase::Links));
        assert_eq!(of("İLGİLİ HABER"), Some(Phrase::Links));
        assert_eq!(of("ADVERTISEMENT"), Some(Phrase::Line));
        assert_eq!(of("Bình luận viên bóng đá kể chuyện nghề"), None);
        for line in [
            "12.480 lượt xem",
            "Condividi Facebook 128WhatsApp 64X 3195 condivisioni",
            "Okunma: 1.245",
            "저작권자 © 강변신문 무단전재 및 재배포 금지",
            "Compartilhe esta notícia no WhatsApp",
            "Loaded: 0%Progress: 0%0:00",
            "Do YOU have a funny animal story? Email tips@paper.example",
            "(देश-दुनिया की ताजा खबरों के लिए हमें फेसबुक और ट्विटर पर फॉलो करें)",
            "Tell us what YOU think in the comments",
            "تابعوا آخر أخبار النهر عبر أخبار جوجل",
            "Ikuti berita terbaru dari kami. Pilih saluran andalanmu di WhatsApp Channel: klik di sini. Pastikan aplikasinya sudah terpasang di ponselmu, lalu nyalakan pemberitahuan supaya tidak ada kabar yang terlewat.",
        ] {
            assert_eq!(of(line), Some(Phrase::Line), "{line}");
        }
        for line in [
            "Do you have a passport? I asked.",
            "He followed the debate on Twitter.",
            "The town told of the flood on its WhatsApp channel.",
            "Tell us about it, she said.",
            "Want to know why the bridge is closed? So did we.",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn only_whole_words_lead_elsewhere() {
        assert!(leads_elsewhere("lea la nota"));
        assert!(!leads_elsewhere("learn more about the bridge"));
    }

    #[test]
    fn captions_that_advertise_are_known() {
        assert!(advertises("Want more science? Get a subscription of our sister publication, the Quarterly!"));
        assert!(advertises("Tell us what YOU think: leave your comments below"));
        assert!(advertises("Subscribe to the magazine today"));
        assert!(!advertises("Subscribers queue for the first copy of the new magazine"));
        assert!(!advertises("Copyright 2024 Ann Lee"));
        assert!(!advertises("The mayor said: tell us what you need"));
    }
}
