//! Lines that pages put around articles, in the languages of the first users and a few more.

mod asks;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub(crate) use asks::{advertises, is_call};

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
        r"무단|hakları|derechos|direitos|droits|rechte|diritti|права|prawa|転載|转载|הזכויות|الحقوق|\byou\b|tell us|let us know|have your say|share your|want |facebook|微信|公众号|微博|카카오톡|फेसबुक|twitter|whatsapp|instagram|telegram|youtube|google news|zalo|tiktok|गूगल|व्हाट्सएप|فيسبوك|تويتر|تلگرام|click here|contributed to this|requires javascript|all rights reserved|moder|modér|модер|kiểm duyệt|có dấu|:[^:]*:",
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
        || asks::to_write(line)
}

/// Beginnings of lines, by their first byte.
type Starts = HashMap<u8, Vec<&'static str>>;

fn starts_like(line: &str, starts: &Starts) -> bool {
    let with_its_letter = line.bytes().next().and_then(|first| starts.get(&first));
    with_its_letter.is_some_and(|starts| starts.iter().any(|start| line.starts_with(start)))
}

/// The beginnings in a [`list`].
fn starts(text: &'static str) -> Starts {
    let mut by_letter = Starts::new();
    for start in list::<Vec<&str>>(text) {
        by_letter.entry(start.bytes().next().unwrap_or_default()).or_default().push(start);
    }
    by_letter
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
        |(?:okunma|görüntülenme|visitas|visualizações|aufrufe|vues|просмотров|просмотры|odsłony|조회수?|views?|lượt\ xem|số\ lượt\ xem)\ ?:\ ?[0-9][0-9.,]*
        |loaded:\ ?[0-9.]+%.{0,60}
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

/// The phrases of a text: `|` between them, lines that begin with `#` left out.
fn list<C: FromIterator<&'static str>>(text: &'static str) -> C {
    let phrases = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('|'));
    phrases.map(str::trim).filter(|phrase| !phrase.is_empty()).collect()
}

static END: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    list(
        "
# Vietnamese
chia sẻ bài viết | bình luận | ý kiến bạn đọc | ý kiến của bạn | gửi bình luận | viết bình luận
bình luận của bạn
ý kiến | gửi ý kiến | gửi phản hồi | phản hồi | lượt bình luận | thảo luận | bạn đọc bình luận
# English
отзывы | добавить отзыв | comments | leave a comment | leave a reply | post a comment | add a comment | join the conversation
view comments
show comments | read comments | join the discussion | sort comments by | what do you think
comments are closed
sponsored content | around the web | from around the web | you may also like | you might also like
about the author | media contact | media contacts | press contact | press contacts | media enquiries
# Others
pressekontakt | contact presse | liên hệ báo chí | contacto de prensa
commentaires | laisser un commentaire | kommentare | kommentar schreiben | comentarios
deja un comentario | comentários
deixe um comentário | deixe uma resposta | commenti | lascia un commento | комментарии
добавить комментарий | コメント
评论 | 發表評論 | 发表评论 | 留言 | 댓글 | التعليقات | ความคิดเห็น | komentar | tinggalkan balasan | yorumlar
reacties
",
    )
});

static LINKS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    list("
# Vietnamese
tin liên quan | bài liên quan | các tin liên quan | bài viết liên quan | các bài viết liên quan
tin bài liên quan
tin cùng chuyên mục | cùng chuyên mục | tin khác | các tin khác | tin tức khác | bài viết khác
các bài khác | bài khác
tin cùng loại | tin mới | tin mới hơn | tin cũ hơn | các tin mới | các tin cũ hơn | các tin đã đưa
tin đã đưa | tin mới nhất | đọc thêm | xem thêm | đọc nhiều
tin đọc nhiều | tin nổi bật | có thể bạn quan tâm | có thể bạn thích | bạn có thể quan tâm
tin tức liên quan | video liên quan | tin bài cùng chuyên mục | bài cùng chuyên mục | bài viết cùng chuyên mục
cùng chủ đề | tin cùng chủ đề | bài viết cùng chủ đề | các bài viết khác | các tin bài khác | tin xem nhiều | xem nhiều
xem nhiều nhất | bài mới nhất | bài đọc nhiều | tin nóng | tin hot | có thể bạn chưa biết | gợi ý cho bạn
tin tiếp theo | từ khóa | từ khoá | tags | tag | đừng bỏ lỡ | theo dòng sự kiện
# English
related | related articles | related stories | related news | related posts | related content
related topics | related links | related coverage
read more | more stories | more from | more news | more on this story | more on this | read next
up next | see also | also read | also see | read also | must read
recommended | recommended stories | recommended for you | most read | most popular | trending
trending now | popular posts | latest news | latest stories | top stories
topics | filed under | editor's picks | editors' picks | editors' recommendations
editors’ recommendations | editor’s picks | more like this | keep reading | continue reading
in this story | share this post
# Others
à lire aussi | lire aussi | sur le même sujet | mehr zum thema | lesen sie auch | auch interessant
das könnte sie auch interessieren | artículos relacionados
noticias relacionadas | te puede interesar | lea también | leia também | leia mais
notícias relacionadas | veja também | relacionadas | leggi anche | articoli correlati | читайте также
по теме | похожие статьи | 関連記事 | おすすめ記事 | 相关新闻 | 相关阅读 | 延伸阅读 | 相關新聞 | 延伸閱讀 | 관련기사 | 관련 기사 | اقرأ أيضا
اقرأ أيضاً | مواضيع ذات صلة
ข่าวที่เกี่ยวข้อง | baca juga | artikel terkait | berita terkait | ilgili haberler | lees ook
gerelateerde artikelen | เรื่องที่เกี่ยวข้อง | บทความที่เกี่ยวข้อง | อ่านเพิ่มเติม | ข่าวล่าสุด | ข่าวยอดนิยม
مقالات ذات صلة | أخبار ذات صلة | الأكثر قراءة | قد يعجبك أيضا | قد يعجبك أيضاً
материалы по теме | другие новости | самое читаемое | читать также | смотрите также
関連ニュース | 関連リンク | あわせて読みたい | 合わせて読みたい | 人気記事 | ランキング | おすすめ
相关推荐 | 相关文章 | 推荐阅读 | 热门文章 | 猜你喜欢 | 更多新闻 | 热门新闻 | 相關文章 | 推薦閱讀 | 熱門文章
많이 본 뉴스 | 인기기사 | 추천기사 | le plus lu | les plus lus | à voir aussi | articles similaires
mehr zum thema | meistgelesen | weitere artikel | ähnliche artikel | lo más leído | noticias relacionadas
más noticias | mais lidas | mais notícias | più letti | potrebbe interessarti | berita lainnya | terpopuler
çok okunanlar | benzer haberler | ilginizi çekebilir | bunları da okuyun | ilgili haber | son dakika haberleri | son haberler
संबंधित खबरें | यह भी पढ़ें | ये भी पढ़ें | और पढ़ें | इसे भी पढ़ें | ट्रेंडिंग | أخبار متعلقة | مطالب مرتبط | اخبار مرتبط | بیشتر بخوانید
czytaj także | czytaj też | zobacz także | zobacz też | przeczytaj także | polecamy | najczęściej czytane | powiązane artykuły
διαβάστε επίσης | διαβάστε ακόμα | δείτε επίσης | σχετικά άρθρα | קראו גם | כתבות נוספות | עוד בנושא | אולי יעניין אותך
함께 읽으면 좋은 기사 | 주요뉴스 | 인기 기사 | 추천 기사 | noticia relacionada | notícia relacionada | lee también | lo más visto
lees meer | läs också | läs även | les også | læs også | lue myös | olvassa el | čtěte také | citește și
читайте також | читайте ще | за темою | схожі новини | інші новини | останні новини | kapcsolódó cikkek | kapcsolódó cikk
kapcsolódó | ezek is érdekelhetik | ajánlott cikkek | legolvasottabb | čtěte také | přečtěte si také | mohlo by vás zajímat
související články | nejčtenější | prečítajte si aj | súvisiace články | mohlo by vás zaujímať | citiți și | citește mai mult
articole similare | pročitajte i | pročitajte još | povezane vijesti | povezane vesti | najčitanije | preberite tudi | прочетете още
вижте още | още по темата | свързани статии | прочитајте и | relaterat | mest läst | relaterte saker | mest lest
mest læste | luetuimmat | aiheesta lisää | loe ka | skaityk taip pat | taip pat skaitykite | lasi arī | ข่าวแนะนำ | อ่านข่าวที่เกี่ยวข้อง
ข่าวเกี่ยวข้อง | เนื้อหาที่เกี่ยวข้อง | berita populer | berita pilihan | artikel lainnya | jangan lewatkan | baca lainnya | baca selanjutnya
simak juga | lihat juga | baca artikel lainnya | اقرأ ايضا | إقرأ أيضا | اقرأ المزيد | طالع أيضا | شاهد أيضا | حول هذه القصة | موضوعات ذات صلة
مواضيع متعلقة | 이 기사와 함께 보면 좋은 기사 | 함께 볼만한 기사 | 관련뉴스 | 관련 뉴스 | 이 시각 주요뉴스 | 最新ニュース | 関連トピックス | 関連する記事
この記事を読んだ人におすすめ | 注目の記事 | 編集部のおすすめ | 相关报道 | 相關報導 | 更多精彩 | 最新消息 | 最新新聞 | 看更多 | 更多報導 | también te puede interesar
te recomendamos | más información | veja mais | saiba mais | mais sobre o assunto | matérias relacionadas | conteúdo relacionado | vedi anche
approfondisci | ti potrebbe interessare | notizie correlate | sullo stesso argomento | sur le même thème | lire également | passend zum thema
lesen sie mehr | das könnte sie interessieren | संबंधित समाचार | আরও পড়ুন | மேலும் படிக்க | مزید پڑھیں | یہ بھی پڑھیں | okumadan geçme | sıradaki haber
")
});

static LINES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    list("
# Vietnamese
chia sẻ | advert | adverts | chia sẻ facebook | in bài viết | in bài | gửi email | gửi mail | lưu bài viết | quảng cáo
nghe đọc bài | nghe bài viết | theo dõi chúng tôi | cỡ chữ | đọc tiếp | trở lại đầu trang
về trang chủ | quay lại | lên đầu trang | bản in | chia sẻ bài viết này | thích | google news
# English
share | share this | share this article | share this story | share on facebook | share on twitter
tweet | pin it | email | print | print this article | advertisement | advertisements | ad | sponsored
sponsored by | story continues below advertisement | article continues below | continue reading below
continue reading the main story | scroll to continue | story continues | loading | skip advertisement
back to top | copy link | link copied | save | subscribe | sign up
follow | follow us | listen to this article | supported by | close | click to expand | like this
photo | image | replay | watch | watch now | play video | view gallery | view photos | show more
show less | view all | see more | hide caption | toggle caption | enlarge this image | image copyright
image caption | media caption | getty images | afp | reuters
article continues after advertisement | this content is not available due to your privacy preferences
powered by | report an error | report a typo | permalink
# Others
publicité | partager | anzeige | werbung | teilen | publicidad | compartir | publicidade | compartilhar
compartilhe | pubblicità | condividi | реклама | поделиться | 広告 | シェア | 分享 | 广告 | 廣告 | 공유 | 공유하기 | 광고
фото автора | фото: автора | foto: autor | إعلان | مشاركة | แชร์ | โฆษณา | iklan | bagikan | reklam | paylaş
")
});

static LINE_STARTS: LazyLock<Starts> = LazyLock::new(|| {
    starts(
        "
# Vietnamese
xem thêm: | đọc thêm: | >> | mời bạn đọc | mời độc giả | mời quý độc giả | theo dõi báo
tham khảo thêm: | quét mã qr
# English
read more: | see more: | read more on |  read more about | read also: | also read: | see also: | related: | read next: | more:
watch: | must read: | also see: | read the full | sign up for | sign up to | subscribe to
subscribe now | follow us on | follow @ | like us on | follow on | click here to | click here for
sign up: | get the latest | get our | don't miss | download the | download our | join our | you can follow
enter your email | by signing up | this site uses | we use cookies | this website uses cookies
your email address will not | copyright © | all rights reserved | © copyright | share this:
filed under: | tags: | posted in: | categories: | story continues below | article continues below
image source | image copyright | photo credit
thank you for reading | thanks for reading | support our journalism | support local journalism | support independent journalism | please enable javascript
we welcome your feedback | have a tip | got a tip | send tips
# Others
特别声明 | 免责声明 | 版权声明 | 郑重声明 | 更多精彩内容 | 欢迎关注 | 関連記事： | 関連記事: | 【関連記事】 | 【関連】 | [관련기사] | 관련기사:
читайте також: | читайте ще: | підписуйтесь | підписуйтеся | kapcsolódó: | olvassa el | iratkozzon fel | přečtěte si také: | čtěte také: | citește și:
pročitajte i: | pročitajte još: | läs också: | les også: | læs også: | lue myös: | czytaj też: | czytaj także: | zobacz też: | ilgili haber: | اقرأ أيضا: | اقرأ أيضًا:
اقرأ أيضاً: | إقرأ أيضا: | आगे पढ़ें: | ये भी पढ़ें: | यह भी पढ़ें: | อ่านข่าวเพิ่มเติม | อ่านเพิ่มเติม: | simak breaking news | baca artikel
à lire aussi : | lire aussi : | à lire aussi | lesen sie auch: | lea también: | leia também:
leia mais: | leggi anche: | читайте также: | baca juga: | lees ook: | inscrivez-vous | abonnez-vous
suscríbete | inscreva-se | siga o  | siga-nos | подписывайтесь
veja mais notícias | leia mais notícias | ver más noticias | yasal uyarı: | מצאתם טעות | הצטרפו לקבוצת | עקבו אחרינו
기사제보 | etiketler: | ετικέτες: | tagi: | schlagwörter: | étiquettes : | mots-clés : | etiquetas: | теги: | метки: | label:
",
    )
});

static CONTENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    list(
        "
contents | table of contents | in this article | on this page | mục lục | nội dung chính | nội dung bài viết | trong bài viết này
inhalt | inhaltsverzeichnis | inhaltsübersicht | sommaire | au sommaire | índice | contenido | contenidos | neste artigo | sumário
conteúdo | indice | inhoud | inhoudsopgave | spis treści | obsah | tartalom | tartalomjegyzék | cuprins | innehåll | indhold | innhold
sisällys | daftar isi | içindekiler | оглавление | содержание | зміст | περιεχόμενα | תוכן עניינים | المحتويات | فهرست
目次 | 目录 | 目錄 | 목차 | 차례 | สารบัญ | विषय सूची
",
    )
});

static LEADS: LazyLock<Starts> = LazyLock::new(|| {
    starts("
xem thêm | đọc thêm | tham khảo | mời xem
read more | read also | also read | see also | see more | related | read next | more on | more from | watch | listen | download | subscribe | follow | get the | check out | in pictures
читайте також | читайте ще | kapcsolódó | olvassa el | přečtěte si | čtěte také | prečítajte si | citește și | pročitajte | preberite | läs också | läs mer
les også | læs også | lue myös | czytaj | zobacz | ilgili | ayrıca | اقرأ | إقرأ | طالع | ये भी पढ़ें | यह भी पढ़ें | อ่าน | 関連 | あわせて読みたい | 合わせて読みたい | 相关 | 相關
延伸阅读 | 延伸閱讀 | 관련 | simak juga | lihat juga | διαβάστε | קראו | مزید پڑھیں | leggi anche | lire aussi | à lire | lea también | lea | leia também | leia | lesen sie | mehr | читайте | baca juga | lees ook
")
});

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
            "Okunma: 1.245",
            "저작권자 © 강변신문 무단전재 및 재배포 금지",
            "Compartilhe esta notícia no WhatsApp",
            "Loaded: 0%Progress: 0%0:00",
            "Do YOU have a funny animal story? Email tips@paper.example",
            "(देश-दुनिया की ताजा खबरों के लिए हमें फेसबुक और ट्विटर पर फॉलो करें)",
            "Tell us what YOU think in the comments",
        ] {
            assert_eq!(of(line), Some(Phrase::Line), "{line}");
        }
        for line in [
            "Do you have a passport? I asked.",
            "He followed the debate on Twitter.",
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
