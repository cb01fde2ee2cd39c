//! How the parts of a page are told from the article: the mechanisms of extraction, each on a page of
//! its own.

use std::time::{Duration, Instant};

use chrono_tz::Tz;
use newsriver::extract::{self, ExtractError, Options};
use newsriver::html::{self, dom::Dom};
use newsriver::model::{Article, ArticleRules, Wall};

const PROSE: &str = "The council met on Monday, talked about the harbour wall until late, and agreed to mend it before the \
                     spring tide comes, whatever the cost may be. ";

fn read(html: &str) -> Article {
    let options = Options {
        url: "https://post.example/news/wall-1.html".parse().ok(),
        timezone: Tz::Asia__Ho_Chi_Minh,
        rules: ArticleRules::default(),
    };
    extract::page(html, &options).unwrap()
}

fn prose(paragraphs: usize) -> String {
    (0..paragraphs).map(|n| format!("<p>{n}: {PROSE}</p>")).collect()
}

fn texts(article: &Article, selector: &str) -> Vec<String> {
    let dom = Dom::parse(&article.content_html);
    dom.select(selector).unwrap().into_iter().map(|at| dom.text(at).to_owned()).collect()
}

fn names(article: &Article) -> Vec<&str> {
    article.authors.iter().filter_map(|person| person.name.as_deref()).collect()
}

fn why_out<'a>(article: &'a Article, start: &str) -> Option<&'a str> {
    article.left_out.iter().find(|part| part.start.starts_with(start)).map(|part| part.why)
}

#[test]
fn a_page_with_the_text_in_content() {
    let article = read(include_str!("../fixtures/pages/vi-content.html"));
    assert_eq!(article.title.as_deref(), Some("Chợ nổi vào mùa trái cây"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2023-05-12T06:45:00+07:00");
    assert_eq!((names(&article), article.language.as_deref()), (vec!["MAI CHI"], Some("vi")));
    assert_eq!(article.section.as_deref(), Some("Kinh tế"));
    assert_eq!(article.pictures[0].url, "https://anh.anthinhtre.example/2023/05/cho-noi-600x400.jpg");
    assert_eq!(article.pictures[0].credit.as_deref(), Some("MAI CHI"));
    let headings = texts(&article, "h2");
    assert!(headings[0].starts_with("TTO - Từ đầu"), "the text keeps its dateline");
    assert_eq!(headings[1..], ["Giá nhích lên từng ngày", "Giữ chợ cho mai sau"]);
    assert!(article.summary.as_deref().unwrap().starts_with("Từ đầu tháng năm"), "the summary has none");
    assert_eq!(texts(&article, "p").len(), 4);
    for foreign in
        ["Trang chủ", "Vườn cây mở cửa", "Từ khóa", "Zalo", "Tin cùng", "Giá lúa", "Hồi nhỏ", "Bản quyền", "12/05/2023"]
    {
        assert!(!article.content_html.contains(foreign), "{foreign} in {}", article.content_html);
    }
    assert!(why_out(&article, "MAI CHI").unwrap().contains("name below the text"));
    assert!(why_out(&article, "Tin cùng chuyên mục").is_some());
}

#[test]
fn a_page_with_the_text_in_article_body() {
    let article = read(include_str!("../fixtures/pages/vi-article-body.html"));
    assert_eq!(article.title.as_deref(), Some("Xây cầu nông thôn bằng sức dân"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2023-03-06T08:10:00+07:00");
    assert_eq!(names(&article), ["Hoàng Lam", "Thu Cúc"]);
    let paragraphs = texts(&article, "p");
    assert_eq!(paragraphs.len(), 3, "{paragraphs:?}");
    assert!(paragraphs[0].starts_with("BDK - Ba năm qua"));
    assert!(article.summary.as_deref().unwrap().starts_with("Ba năm qua"));
    assert_eq!(texts(&article, "figcaption"), ["Cầu mới ở ấp Phước Hòa vừa thông xe. Ảnh: Hoàng Lam"]);
    let running = html::running(&article.content_html);
    assert!(!running.contains("Cầu mới ở ấp"), "a caption is no running text");
    assert_eq!(running.lines().count(), 3);
}

#[test]
fn a_chinese_page() {
    let article = read(include_str!("../fixtures/pages/zh.html"));
    assert_eq!(article.title.as_deref(), Some("海边小镇的旧书店迎来百年"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-04-08T09:20:00+07:00");
    assert_eq!((names(&article), article.language.as_deref()), (vec!["林小雨"], Some("zh-CN")));
    assert_eq!(texts(&article, "p").len(), 3, "{}", article.content_html);
    assert!(!article.content_html.contains("相关阅读") && !article.content_html.contains("春茶"));
}

#[test]
fn a_text_in_several_parts_is_taken_whole() {
    let html = format!(
        "<body><div class=page><div class='story-body part-1'>{}</div><div class=ad>Advertisement</div>\
         <div class='story-body part-2'>{}<p>The end of it, and nobody was there to see it, said the keeper.</p></div></div></body>",
        prose(2),
        prose(9)
    );
    let article = read(&html);
    assert_eq!(texts(&article, "p").len(), 12);
}

#[test]
fn numbers_in_names_mean_nothing() {
    let html = format!("<article>{}<p id=a1fb class=x9ad>{PROSE}</p><p class=ad-1>Buy wood!</p></article>", prose(3));
    let article = read(&html);
    assert_eq!(texts(&article, "p").len(), 4);
    assert!(why_out(&article, "Buy wood").is_some());
}

#[test]
fn headlines_go_with_what_stood_below_them() {
    let html = format!(
        "<article>{}<h2>In other news</h2><ul><li><a href=/1>The ferry is late again today</a><li><a href=/2>The bakery burns down to the ground</a></ul>\
         <h2>What comes next</h2>{}<h2>Highlights</h2>words of a line of its own<br>and another<h3>Further on</h3></article>",
        prose(3),
        prose(2)
    );
    let article = read(&html);
    assert_eq!(texts(&article, "h2"), ["What comes next", "Highlights"]);
    assert!(texts(&article, "h3").is_empty());
    assert_eq!(why_out(&article, "In other news"), Some("it is a headline with nothing below it"));
}

#[test]
fn labels_beside_every_picture_go() {
    let gallery: String = (0..4)
        .map(|n| format!("<div class=item><img src=/p{n}.jpg width=600><div>Storm on the coast</div></div>"))
        .collect();
    let article = read(&format!("<article>{}{gallery}{}</article>", prose(3), prose(1)));
    assert!(!article.content_html.contains("Storm on the coast"));
    assert_eq!(article.pictures.len(), 4);
}

#[test]
fn lists_of_references_stay_and_menus_go() {
    let html = format!(
        "<article>{}<ul><li>For the players:<ul><li><a href=/b1>Bug 1 – the window moves by itself</a><li><a href=/b2>Bug 2 – the sound stops</a></ul></ul>\
         <p>Sources:</p><ul><li><a href=https://a.example/x>https://a.example/x</a><li><a href=https://b.example/y>https://b.example/y</a></ul>\
         <ul><li><a href=/1>The ferry is late again</a><li><a href=/2>The bakery burns down</a><li><a href=/3>A whale is seen</a></ul></article>",
        prose(3)
    );
    let article = read(&html);
    let text = html::running(&article.content_html);
    assert!(text.contains("Bug 2") && text.contains("https://b.example/y"), "{text}");
    assert!(!text.contains("ferry"));
}

#[test]
fn formulas_stay_as_text() {
    let html = format!(
        "<article>{}<p>When <mjx-container class='MathJax CtxtMenu'><math><mi>a</mi> <mo>≠</mo> <mn>0</mn></math></mjx-container>, there are two.</p></article>",
        prose(3)
    );
    let article = read(&html);
    assert!(article.content_html.contains("<p>When a ≠ 0, there are two.</p>"), "{}", article.content_html);
}

#[test]
fn names_of_elements_take_no_words_out_of_sentences() {
    let html =
        format!("<article>{}<p>At <span class=ticker>Home Depot</span>, we saw that. {PROSE}</p></article>", prose(2));
    assert!(read(&html).content_html.contains("At Home Depot, we saw"));
}

#[test]
fn a_page_of_a_few_words_is_an_article_only_without_links() {
    let article = read("<title>Note</title><body><p>abc</p><p>def</p></body>");
    assert_eq!(texts(&article, "p"), ["abc", "def"]);
    let menu = "<title>Note</title><body><p>abc</p><p><a href=/x>def</a></p></body>";
    assert_eq!(extract::page(menu, &Options::default()), Err(ExtractError::NoArticle));
}

#[test]
fn a_byline_below_the_summary_is_no_paragraph() {
    let html = format!(
        "<article><h1>The wall</h1><p>The council agreed to mend the wall before the tide, and to pay for it this year.</p>\
         <p>By Ann Lee and Bo Chan</p><p>12 March 2024, 06:30</p>{}</article>",
        prose(4)
    );
    let article = read(&html);
    assert_eq!(names(&article), ["Ann Lee", "Bo Chan"]);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-03-12T06:30:00+07:00");
    assert_eq!(texts(&article, "p").len(), 5);
}

#[test]
fn quoted_posts_keep_their_signature() {
    let html = format!(
        "<article>{}<blockquote class=twitter-tweet><p>The wall stands.</p>— Harbour Office (@harbour) <a href=https://x.example/1>October 9, 2018</a></blockquote></article>",
        prose(4)
    );
    assert!(read(&html).content_html.contains("— Harbour Office (@harbour)"));
}

#[test]
fn pages_that_stand_before_an_article_are_known() {
    let beginning = format!(
        "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"The wall\",\"isAccessibleForFree\":false}}</script>\
         <article><h1>The wall</h1><p>{PROSE}</p></article><div class=offer>Already a subscriber? Log in</div>"
    );
    let article = read(&beginning);
    assert!(article.paywalled);
    assert_eq!(article.wall, Some(Wall::Payment));
    assert_eq!(extract::publishable(article), Err(ExtractError::Wall(Wall::Payment)));
    let whole = read(&beginning.replace("</article>", &format!("{}</article>", prose(15))));
    assert_eq!((whole.paywalled, whole.wall), (true, None), "declared, but all of it is there");
    assert!(extract::publishable(whole).is_ok());
    let asking = "<title>The Post</title><body><h1>Before you continue</h1><p>We use cookies and similar means to measure, and to show \
                  what fits you, together with our partners.</p><p>Choose accept all, or manage preferences.</p></body>";
    assert_eq!(read(asking).wall, Some(Wall::Question));
}

/// Where the text begins above its body: a Vietnamese sapo, a paragraph with a dateline.
#[test]
fn a_lead_above_the_body_is_text_and_a_deck_is_none() {
    let page = |above: &str| {
        format!(
            "<main><h1>The wall</h1><div class=post-meta>12 March 2024</div>{above}<div class=article-body>{}</div></main>",
            prose(5)
        )
    };
    let sapo = "Từ đầu tháng năm, hàng trăm ghe trái cây lại về neo kín khúc sông, và chợ họp từ nửa đêm cho tới sáng.";
    let article = read(&page(&format!("<h2 class='detail-sapo'>{sapo}</h2>")));
    assert_eq!(texts(&article, "p")[0], sapo);
    assert_eq!((texts(&article, "p").len(), article.subtitle), (6, None));
    let dated = "HAVEN (AP) — The council agreed to mend the harbour wall, and to pay for it this year.";
    assert_eq!(texts(&read(&page(&format!("<div class=summary><p>{dated}</p></div>"))), "p")[0], dated);
    let deck = "After a long night, members agree on how it is to be paid for";
    let article = read(&page(&format!("<p class=standfirst>{deck}</p>")));
    assert_eq!((texts(&article, "p").len(), article.subtitle.as_deref()), (5, Some(deck)));
    // What the body says itself is no lead of it.
    let first = format!("0: {PROSE}");
    let article = read(&page(&format!("<p class=sapo>{first}</p>")));
    assert_eq!(texts(&article, "p").len(), 5);
}

#[test]
fn links_in_tables_and_dates_in_references_stay() {
    let html = format!(
        "<article>{}<table><tr><th>Game</th><th>Size</th></tr><tr><td><div><a href=/g1>The farm heroes of the sea</a></div></td><td>71 MB</td></tr>\
         <tr><td><div><a href=/g2>Maps</a></div></td><td>32 MB</td></tr></table>{}<ol><li>“A review”. The Screen. 2019-02-13.</li></ol></article>",
        prose(3),
        prose(2)
    );
    let article = read(&html);
    assert_eq!(texts(&article, "td").len(), 4);
    assert!(texts(&article, "td")[0].contains("farm heroes"), "{}", article.content_html);
    assert_eq!(texts(&article, "li").len(), 1);
}

#[test]
fn lines_about_the_page_are_no_text() {
    let html = format!(
        "<meta property=og:site_name content=Harbourcom><article>{}<p>12/03/2024 - Posted by: Ann Lee - Category: Town - Tags: wall</p>\
         <p>Note: comments are moderated, and appear after a while.</p><p class='go gp dg ad gq fb'>{PROSE}</p>\
         <p><b>About Harbourcom</b></p><p>Harbourcom makes walls, in eighteen countries, for people who want them.</p></article>",
        prose(6)
    );
    let article = read(&html);
    assert_eq!(texts(&article, "p").len(), 7, "{}", article.content_html);
    assert!(!article.content_html.contains("eighteen countries") && !article.content_html.contains("moderated"));
}

fn stating(body: &str, more: &str, shown: &str) -> String {
    let body = serde_json::to_string(body).unwrap();
    format!(
        "<title>The wall</title><script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"The wall\",{more}\"articleBody\":{body}}}</script>\
         <body>{shown}</body>"
    )
}

fn why(article: &Article) -> String {
    article.findings.iter().filter(|found| found.field == "content").map(|found| found.why.as_str()).collect()
}

#[test]
fn a_text_that_only_json_ld_has_is_taken_in_paragraphs() {
    let lines: Vec<String> = (0..5).map(|n| format!("{n}: {PROSE}")).collect();
    let shell = "<div id=app></div><p>Please enable JavaScript to read the Post.</p>";
    let article = read(&stating(&lines.join("\n\n"), "", shell));
    assert_eq!(texts(&article, "p").len(), 5, "{}", article.content_html);
    assert!(why(&article).contains("JSON-LD was taken"), "{}", why(&article));
    // As one line, as HTML, and as HTML that was escaped.
    let article = read(&stating(&lines.join(" "), "", shell));
    assert!((2..5).contains(&texts(&article, "p").len()), "{}", article.content_html);
    let html: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
    assert_eq!(texts(&read(&stating(&html, "", shell)), "p").len(), 5);
    let escaped = html.replace('<', "&lt;").replace('>', "&gt;");
    assert_eq!(texts(&read(&stating(&escaped, "", shell)), "p").len(), 5);
}

#[test]
fn json_ld_tells_which_part_of_a_page_is_the_article() {
    let text = "A short note on the tide tables of this spring, which the harbour office prints again. They cost nothing, \
                it said, and lie on the counter from Monday. Who lives far away may write for one, and gets it by post, \
                with a stamp of the harbour on it that children like to collect.";
    let page = |stated: &str| {
        let shown = format!("<div class=a><p>{text}</p></div><div class=b><h2>From the archive</h2>{}</div>", prose(8));
        if stated.is_empty() {
            format!("<title>The wall</title><body>{shown}</body>")
        } else {
            stating(stated, "", &shown)
        }
    };
    assert!(texts(&read(&page("")), "p").len() > 7, "nothing else tells");
    let article = read(&page(text));
    assert_eq!(texts(&article, "p").len(), 1, "{}", article.content_html);
    assert!(why(&article).contains("states in JSON-LD"), "{}", why(&article));
}

#[test]
fn a_stated_text_does_not_lead_around_a_wall() {
    let body = PROSE.repeat(12);
    let beginning = format!("<article><h1>The wall</h1><p>{PROSE}</p></article>");
    let declared = read(&stating(&body, "\"isAccessibleForFree\":false,", &beginning));
    assert_eq!(texts(&declared, "p").len(), 1);
    let asking = read(&stating(&body, "", &format!("{beginning}<div class=offer>Subscribe to continue reading</div>")));
    assert_eq!((texts(&asking, "p").len(), asking.wall), (1, Some(Wall::Payment)));
    // A summary is no text.
    assert_eq!(texts(&read(&stating("In short, it stands.", "", &beginning)), "p").len(), 1);
}

/// A page of 5 MB, and one of 100,000 nested elements, end in bounded time.
#[test]
fn large_pages_end_soon() {
    let large = format!("<title>Large</title><article>{}</article>", prose(40_000));
    assert!(large.len() > 5_000_000);
    let mixed: String = (0..20_000)
        .map(|n| {
            format!(
                "<div class='c{n} card'><a href=/{n}>A headline of an article</a><p>A few words of it, {n}.</p></div>"
            )
        })
        .collect();
    let nested = format!("<article>{}{}", prose(20), "<div class=share><span>".repeat(50_000));
    let headlines = format!("<article>{}{}", prose(20), "<h2>Head</h2><div class=share>a</div>".repeat(30_000));
    let pieces = format!("<article>{}<p>{}", prose(5), "word <span class=ad>x</span> word ".repeat(60_000));
    for html in [large, mixed, nested, headlines, pieces] {
        let start = Instant::now();
        let _ = extract::page(&html, &Options::default());
        // Many times what it takes in a debug build on a busy machine.
        assert!(start.elapsed() < Duration::from_secs(60), "{} bytes took {:?}", html.len(), start.elapsed());
    }
}
