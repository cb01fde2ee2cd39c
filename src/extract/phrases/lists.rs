//! The phrases, by language.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Beginnings of lines, by their first byte.
pub(super) type Starts = HashMap<u8, Vec<&'static str>>;

/// The beginnings in a [`list`].
fn starts(text: &'static str) -> Starts {
    let mut by_letter = Starts::new();
    for start in list::<Vec<&str>>(text) {
        by_letter.entry(start.bytes().next().unwrap_or_default()).or_default().push(start);
    }
    by_letter
}

/// The phrases of a text: `|` between them, lines that begin with `#` left out.
fn list<C: FromIterator<&'static str>>(text: &'static str) -> C {
    let phrases = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('|'));
    phrases.map(str::trim).filter(|phrase| !phrase.is_empty()).collect()
}

/// A line and all after it is no part of the article.
pub(super) static END: LazyLock<HashSet<&str>> = LazyLock::new(|| {
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

/// Headlines of lists of other articles.
pub(super) static LINKS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
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
meistgelesen | weitere artikel | ähnliche artikel | lo más leído
más noticias | mais lidas | mais notícias | più letti | potrebbe interessarti | berita lainnya | terpopuler
çok okunanlar | benzer haberler | ilginizi çekebilir | bunları da okuyun | ilgili haber | son dakika haberleri | son haberler
संबंधित खबरें | यह भी पढ़ें | ये भी पढ़ें | और पढ़ें | इसे भी पढ़ें | ट्रेंडिंग | أخبار متعلقة | مطالب مرتبط | اخبار مرتبط | بیشتر بخوانید
czytaj także | czytaj też | zobacz także | zobacz też | przeczytaj także | polecamy | najczęściej czytane | powiązane artykuły
διαβάστε επίσης | διαβάστε ακόμα | δείτε επίσης | σχετικά άρθρα | קראו גם | כתבות נוספות | עוד בנושא | אולי יעניין אותך
함께 읽으면 좋은 기사 | 주요뉴스 | 인기 기사 | 추천 기사 | noticia relacionada | notícia relacionada | lee también | lo más visto
lees meer | läs också | läs även | les også | læs også | lue myös | olvassa el | čtěte také | citește și
читайте також | читайте ще | за темою | схожі новини | інші новини | останні новини | kapcsolódó cikkek | kapcsolódó cikk
kapcsolódó | ezek is érdekelhetik | ajánlott cikkek | legolvasottabb | přečtěte si také | mohlo by vás zajímat
související články | nejčtenější | prečítajte si aj | súvisiace články | mohlo by vás zaujímať | citiți și | citește mai mult
articole similare | pročitajte i | pročitajte još | povezane vijesti | povezane vesti | najčitanije | preberite tudi | прочетете още
вижте още | още по темата | свързани статии | прочитајте и | relaterat | mest läst | relaterte saker | mest lest
mest læste | luetuimmat | aiheesta lisää | loe ka | skaityk taip pat | taip pat skaitykite | lasi arī | ข่าวแนะนำ | อ่านข่าวที่เกี่ยวข้อง
ข่าวเกี่ยวข้อง | เนื้อหาที่เกี่ยวข้อง | berita populer | berita pilihan | artikel lainnya | jangan lewatkan | baca lainnya | baca selanjutnya
simak juga | lihat juga | baca artikel lainnya | pilihan video | video pilihan | video terkait | اقرأ ايضا | إقرأ أيضا | اقرأ المزيد | طالع أيضا | شاهد أيضا | حول هذه القصة | موضوعات ذات صلة
مواضيع متعلقة | 이 기사와 함께 보면 좋은 기사 | 함께 볼만한 기사 | 관련뉴스 | 관련 뉴스 | 이 시각 주요뉴스 | 最新ニュース | 関連トピックス | 関連する記事
この記事を読んだ人におすすめ | 注目の記事 | 編集部のおすすめ | 相关报道 | 相關報導 | 更多精彩 | 最新消息 | 最新新聞 | 看更多 | 更多報導 | también te puede interesar
te recomendamos | más información | veja mais | saiba mais | mais sobre o assunto | matérias relacionadas | conteúdo relacionado | vedi anche
approfondisci | ti potrebbe interessare | notizie correlate | sullo stesso argomento | sur le même thème | lire également | passend zum thema
lesen sie mehr | das könnte sie interessieren | संबंधित समाचार | আরও পড়ুন | மேலும் படிக்க | مزید پڑھیں | یہ بھی پڑھیں | okumadan geçme | sıradaki haber
")
});

/// Lines that are no part of the article.
pub(super) static LINES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
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
фото автора | фото: автора | foto: autor | إعلان | مشاركة | แชร์ | โฆษณา | διαφήμιση | reklama | reklame | annons | annonse | advertentie | mainos | hirdetés | publicitate | বিজ্ঞাপন | விளம்பரம் | विज्ञापन | iklan | bagikan | reklam | paylaş
")
});

/// How lines begin that are no part of the article.
pub(super) static LINE_STARTS: LazyLock<Starts> = LazyLock::new(|| {
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
đánh giá bài viết | oceń przepis | oceń artykuł | bewerten sie | đánh giá: | 기사제보 | etiketler: | ετικέτες: | tagi: | schlagwörter: | étiquettes : | mots-clés : | etiquetas: | теги: | метки: | label:
",
    )
});

/// Labels above lists of contents.
pub(super) static CONTENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
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

/// How lines begin that lead to other articles.
pub(super) static LEADS: LazyLock<Starts> = LazyLock::new(|| {
    starts("
xem thêm | đọc thêm | tham khảo | mời xem
read more | read also | also read | see also | see more | related | read next | more on | more from | watch | listen | download | subscribe | follow | get the | check out | in pictures
читайте також | читайте ще | kapcsolódó | olvassa el | přečtěte si | čtěte také | prečítajte si | citește și | pročitajte | preberite | läs också | läs mer
les også | læs også | lue myös | czytaj | zobacz | ilgili | ayrıca | اقرأ | إقرأ | طالع | ये भी पढ़ें | यह भी पढ़ें | อ่าน | 関連 | あわせて読みたい | 合わせて読みたい | 相关 | 相關
延伸阅读 | 延伸閱讀 | 관련 | simak juga | lihat juga | διαβάστε | קראו | مزید پڑھیں | temas | themen | thèmes | ämnen | emner | emneord | tematy | темы | теми | témata | témák | argomenti | onderwerpen | etiquetas | chủ đề | từ khóa | từ khoá
leggi anche | lire aussi | à lire | lea también | lea | leia também | leia | lesen sie | mehr | читайте | baca juga | lees ook
")
});
