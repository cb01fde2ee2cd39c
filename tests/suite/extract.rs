//! Pages and documents to articles; front pages to links.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use chrono_tz::Tz;
use newsriver::extract::{self, DocumentKind, ExtractError, Options};
use newsriver::html::dom::Dom;
use newsriver::model::{Article, ArticleRules, Format, PageRules, Reading};
use newsriver::parse;

fn options(url: &str) -> Options {
    Options { url: url.parse().ok(), timezone: Tz::Asia__Ho_Chi_Minh, rules: ArticleRules::default() }
}

fn page(html: &str) -> Article {
    extract::page(html, &options("https://baoanthinh.example/kinh-te/bai-viet-112233.html")).unwrap()
}

fn names(article: &Article) -> Vec<&str> {
    article.authors.iter().filter_map(|person| person.name.as_deref()).collect()
}

/// The text of some element in order, one entry per element.
fn texts(article: &Article, selector: &str) -> Vec<String> {
    let dom = Dom::parse(&article.content_html);
    dom.select(selector).unwrap().into_iter().map(|at| dom.text(at).to_owned()).collect()
}

fn count(article: &Article, needle: &str) -> usize {
    article.content_html.matches(needle).count()
}

fn has_none(article: &Article, foreign: &[&str]) {
    for text in foreign {
        assert_eq!(count(article, text), 0, "{text:?} in {}", article.content_html);
    }
}

#[test]
fn a_text_document_of_a_newspaper() {
    let text = include_str!("../fixtures/documents/tram-bom.txt");
    let article = extract::document(text, DocumentKind::Text, &options("https://baoanthinh.example/")).unwrap();
    assert_eq!(article.title.as_deref(), Some("Xã An Phú đưa vào vận hành ba trạm bơm ngăn mặn"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-02-14T06:15:00+07:00");
    assert_eq!(names(&article), ["Minh Thư"]);
    assert_eq!(article.language.as_deref(), Some("vi"));
    assert_eq!(texts(&article, "h2"), ["Chủ động nguồn nước cho vụ đông xuân", "Người dân cùng quản lý công trình"]);
    assert_eq!(count(&article, "Cán bộ thủy lợi kiểm tra máy bơm"), 1);
    assert_eq!(texts(&article, "figcaption").len(), 1);
    assert_eq!(texts(&article, "p").len(), 5);
    assert!(texts(&article, "p")[0].starts_with("BAT - Sau gần tám tháng"));
    assert!(article.summary.unwrap().starts_with("Sau gần tám tháng"));
    let article =
        Article { summary: None, ..extract::document(text, DocumentKind::Text, &Options::default()).unwrap() };
    has_none(&article, &["Chia sẻ bài viết", "BÌNH LUẬN", "Bài, ảnh", "Tin vui", "14/02/2024"]);
}

#[test]
fn markdown_with_front_matter() {
    let options = options("https://baoanthinh.example/tai-lieu/phien-cho.md");
    let text = include_str!("../fixtures/documents/phien-cho.md");
    let article = extract::document(text, DocumentKind::Markdown, &options).unwrap();
    assert_eq!(article.title.as_deref(), Some("Phiên chợ nông sản sạch: mỗi tháng một lần"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-03-05T07:00:00+07:00");
    assert_eq!(names(&article), ["Lê Hạnh", "Quốc Toàn"]);
    assert_eq!(article.tags, ["nông sản", "chợ phiên"]);
    assert_eq!(article.lead_image.as_deref(), Some("https://baoanthinh.example/anh/phien-cho.jpg"));
    assert_eq!(article.pictures[0].url, "https://baoanthinh.example/tai-lieu/anh/buoi.jpg");
    assert_eq!(texts(&article, "li"), ["Rau củ", "Trái cây", "Mật ong"]);
    assert_eq!((texts(&article, "h2").len(), texts(&article, "em").len(), texts(&article, "a").len()), (1, 1, 1));

    let text = include_str!("../fixtures/documents/bridge.md");
    let article = extract::document(text, DocumentKind::Markdown, &options).unwrap();
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-04-02T09:30:00+07:00");
    assert_eq!((names(&article), article.language.as_deref()), (vec!["Ann Lee"], Some("en")));
    has_none(&article, &["The ferry makes way"]);
}

#[test]
fn a_newspaper_page_with_figures() {
    let article = page(include_str!("../fixtures/pages/vi-figure.html"));
    assert_eq!(article.title.as_deref(), Some("Làng hoa Tân Quy vào vụ Tết"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2023-01-30T05:30:00+07:00");
    assert_eq!((names(&article), article.language.as_deref()), (vec!["Thu Huyền"], Some("vi")));
    assert_eq!(
        article.canonical_url.as_deref(),
        Some("https://baoanthinh.example/kinh-te/lang-hoa-tan-quy-vao-vu-tet-112233.html")
    );
    assert_eq!(article.site_name.as_deref(), Some("Báo An Thịnh Online"));
    assert_eq!(article.tags, ["làng hoa", "Tân Quy", "Tết"]);
    assert_eq!(texts(&article, "h2"), ["Giá tăng nhẹ so với năm trước", "Hướng đến du lịch làng nghề"]);
    assert_eq!(texts(&article, "p").len(), 5);
    let [picture] = article.pictures.as_slice() else { panic!("{:?}", article.pictures) };
    assert_eq!(picture.url, "https://baoanthinh.example/media/2023/01/lang-hoa.jpg");
    assert_eq!((picture.credit.as_deref(), picture.width), (Some("Thu Huyền"), Some(800)));
    assert_eq!(article.lead_image.as_deref(), Some(picture.url.as_str()));
    assert!(article.content_html.contains("<p><strong>BAT - Hơn 300 hộ"), "the lead keeps its dateline");
    assert!(article.summary.as_deref().unwrap().starts_with("Hơn 300 hộ"), "the summary has none");
    has_none(
        &article,
        &[
            "Chia sẻ",
            "BÌNH LUẬN",
            "trúng mùa",
            "Tin liên quan",
            "Chợ hoa xuân",
            "Đọc nhiều",
            "Bài và ảnh",
            "30/01/2023",
            "Giấy phép",
            "Từ khóa",
        ],
    );
}

#[test]
fn a_newspaper_page_laid_out_with_tables() {
    let article = page(include_str!("../fixtures/pages/vi-table.html"));
    assert_eq!(article.title.as_deref(), Some("Trao 50 suất học bổng cho học sinh vượt khó"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2023-01-30T05:30:00+07:00");
    assert_eq!(names(&article), ["Cẩm Trúc", "Thạch Thảo"]);
    assert_eq!(article.language.as_deref(), Some("vi"), "the template's lang=en is not believed");
    assert_eq!(
        texts(&article, "figcaption"),
        ["Đại diện nhà hảo tâm trao học bổng cho các em học sinh.", "Các em nhận quà trước giờ vào lớp."]
    );
    assert_eq!(count(&article, "Đại diện nhà hảo tâm trao học bổng cho các em học sinh.</"), 1);
    let urls: Vec<&str> = article.pictures.iter().map(|picture| picture.url.as_str()).collect();
    assert_eq!(
        urls,
        ["https://anh.baoanthinh.example/2023/hoc-bong.jpg?w=500", "https://baoanthinh.example/anh/2023/tang-qua.png"]
    );
    assert!(article.content_html.contains("<p>(TTXVN) - Sáng 29/1"));
    has_none(
        &article,
        &[
            "Tin, ảnh",
            "Các tin khác",
            "Hỗ trợ nhà ở",
            "Thích",
            "30/01/2023",
            "<table",
            "banner",
            "hoc-bong.jpg\" alt=\"hoc-bong.jpg",
        ],
    );
}

#[test]
fn a_page_that_describes_itself() {
    let html = include_str!("../fixtures/pages/en-linked-data.html");
    let article = extract::page(html, &options("https://post.example/2024/03/12/river-wall-holds")).unwrap();
    assert_eq!(article.title.as_deref(), Some("River wall holds as the spring tide peaks"));
    assert_eq!(article.subtitle.as_deref(), Some("Engineers watched through the night"));
    assert_eq!(names(&article), ["Ann Lee", "Bo Chan"]);
    assert_eq!(article.authors[0].url.as_deref(), Some("https://post.example/ann"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-03-12T06:30:00+00:00");
    assert_eq!(article.modified.unwrap().to_rfc3339(), "2024-03-12T09:00:00+00:00");
    assert_eq!((article.language.as_deref(), article.section.as_deref()), (Some("en-GB"), Some("Local")));
    assert!(article.paywalled);
    assert_eq!(
        (texts(&article, "blockquote").len(), texts(&article, "h2"), texts(&article, "td").len()),
        (1, vec!["What comes next".to_owned()], 4)
    );
    assert_eq!(texts(&article, "pre"), ["gauge --station 7\n  5.74"]);
    assert!(
        article.pictures.iter().any(|picture| picture.url == "https://post.example/media/gauge.jpg"),
        "the picture in noscript"
    );
    has_none(
        &article,
        &[
            "cookies",
            "Related articles",
            "live coverage",
            "morning letter",
            "lives on a boat",
            "Wonderful work",
            "pixel.gif",
            "<h1",
            "Bo Chan",
        ],
    );
    let why = |field| article.findings.iter().find(|finding| finding.field == field).map(|finding| finding.why.clone());
    assert_eq!(why("title").as_deref(), Some("JSON-LD headline"));
    let left_out =
        |start: &str| article.left_out.iter().find(|part| part.start.starts_with(start)).map(|part| part.why);
    assert_eq!(left_out("Related articles"), Some("its name says that it is no part of the article"));
    assert_eq!(left_out("Comments Wonderful work"), Some("it holds comments"));
    assert_eq!(left_out("By Ann Lee and Bo Chan"), Some("it stands outside of the element that holds the article"));
    assert_eq!(left_out("The wall"), None, "what is in the text was not left out");
}

#[test]
fn pages_in_other_scripts() {
    let pages = [
        ("ar", include_str!("../fixtures/pages/ar.html"), 3, "مشاركة"),
        ("ja", include_str!("../fixtures/pages/ja.html"), 3, "見出し"),
        ("th", include_str!("../fixtures/pages/th.html"), 3, "หน้าแรก"),
        ("ru", include_str!("../fixtures/pages/ru.html"), 3, "Очень рады"),
    ];
    for (language, html, paragraphs, foreign) in pages {
        let article = page(html);
        assert_eq!(article.language.as_deref(), Some(language));
        assert_eq!(texts(&article, "p").len(), paragraphs, "{}", article.content_html);
        has_none(&article, &[foreign]);
    }
    assert_eq!(page(pages[1].1).title.as_deref(), Some("港町の小さな図書館が開館百年"));
}

#[test]
fn pictures_by_their_best_candidate() {
    let html = r#"<article><p>Some words that make this a paragraph of an article, long enough to count as one, surely.</p>
        <img src="data:image/gif;base64,R0lGOD" data-srcset="/a-400.jpg 400w, /a-1200.jpg 1200w" alt="A">
        <noscript><img src="/a-1200.jpg"></noscript>
        <p>More words that make this another paragraph of an article, long enough to count as one, surely.</p>
        <p><img src="/b-300x200.jpg"></p><p><img src="/b.jpg"></p><img class="avatar" src="/me.jpg"><img src="/icons/rss.png"></article>"#;
    let urls: Vec<String> = page(html).pictures.into_iter().map(|picture| picture.url).collect();
    assert_eq!(urls, ["https://baoanthinh.example/a-1200.jpg", "https://baoanthinh.example/b-300x200.jpg"]);
}

#[test]
fn the_admins_selectors_come_first() {
    let html = include_str!("../fixtures/pages/en-linked-data.html");
    let with = |rules: ArticleRules| extract::page(html, &Options { rules, ..options("https://post.example/a") });
    let article = with(ArticleRules {
        content: Some("#comments".into()),
        title: Some("#comments h2".into()),
        remove: vec!["table".into()],
        ..ArticleRules::default()
    })
    .unwrap();
    assert_eq!(article.title.as_deref(), Some("Comments"));
    assert!(article.content_html.contains("Wonderful work"));
    let article =
        with(ArticleRules { remove: vec!["blockquote".into(), "table".into()], ..ArticleRules::default() }).unwrap();
    has_none(&article, &["Mara Quill", "5.81"]);
    let author = with(ArticleRules { author: Some(".author-bio p".into()), ..ArticleRules::default() });
    assert!(author.is_ok());
    assert_eq!(
        with(ArticleRules { content: Some(".nothing".into()), ..ArticleRules::default() }),
        Err(ExtractError::NoMatch(".nothing".into()))
    );
    assert_eq!(
        with(ArticleRules { content: Some("p[".into()), ..ArticleRules::default() }),
        Err(ExtractError::Selector("p[".into()))
    );
}

#[test]
fn canonical_addresses_of_other_pages_are_not_believed() {
    for (href, expected) in [
        ("/", None),
        ("https://other.example/a", None),
        ("https://www.baoanthinh.example/a", Some("https://www.baoanthinh.example/a")),
    ] {
        let html = format!(
            "<link rel=canonical href='{href}'><p>Words enough, in one paragraph, for this to be taken as an article of its own.</p>"
        );
        assert_eq!(page(&html).canonical_url.as_deref(), expected, "{href}");
    }
}

#[test]
fn pages_without_an_article_say_so() {
    for html in ["", "<html></html>", "<nav><a href='/a'>One</a><a href='/b'>Two</a></nav>", "\0\0\0"] {
        assert_eq!(extract::page(html, &Options::default()), Err(ExtractError::NoArticle), "{html:?}");
    }
    assert_eq!(extract::document(" \n\n ", DocumentKind::Text, &Options::default()), Err(ExtractError::NoArticle));
}

#[test]
fn hostile_pages_end_soon() {
    let words = "words, more words and still more words, until it is a paragraph. ";
    let hostile = [
        "<div class=a>".repeat(100_000),
        "<p><b><i>".repeat(60_000),
        "<table><tr><td>".repeat(30_000),
        format!("<p>{}", "<img src=/a.jpg>".repeat(60_000)),
        format!("<div><figure>{}", "<img src=/a.jpg><figcaption>x".repeat(20_000)),
        format!("<div class=comment>{}", "<div class=share><h1>x</h1>".repeat(20_000)),
        format!("<ul>{}", "<li><a href=/a>x</a>".repeat(60_000)),
        "<a href=/a>".repeat(50_000),
        format!("<p>{}</p>", words.repeat(20_000)),
        format!("<script type=application/ld+json>{}", "[{\"@graph\":".repeat(50_000)),
        "<!--".repeat(100_000),
    ];
    for html in hostile {
        let start = Instant::now();
        let _ = extract::page(&html, &options("https://e.example/a"));
        let _ = parse::page(html.as_bytes(), &PageRules::default(), &parse::Options::default());
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{} took {:?}",
            html.chars().take(30).collect::<String>(),
            start.elapsed()
        );
    }
}

fn front(rules: PageRules) -> Reading {
    let options = parse::Options {
        url: "https://baoanthinh.example/".parse().ok(),
        timezone: Tz::Asia__Ho_Chi_Minh,
        ..parse::Options::default()
    };
    parse::page(include_bytes!("../fixtures/pages/front-vi.html"), &rules, &options).unwrap()
}

#[test]
fn links_to_articles_are_found_on_a_front_page() {
    let reading = front(PageRules::default());
    assert_eq!(reading.format, Format::Page);
    assert_eq!(reading.channel.title.unwrap().value, "Báo An Thịnh Online");
    let titles: Vec<&str> = reading.items.iter().map(|item| item.title.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Họp mặt đầu xuân doanh nghiệp toàn tỉnh",
            "Giá dừa tăng trở lại sau Tết",
            "Lễ hội đình làng thu hút đông đảo du khách",
            "Khai mạc giải bóng chuyền thanh niên nông thôn"
        ]
    );
    let first = &reading.items[0];
    assert_eq!(
        first.url.as_deref(),
        Some("https://baoanthinh.example/thoi-su/hop-mat-dau-xuan-doanh-nghiep-120001.html")
    );
    assert_eq!(first.image.as_deref(), Some("https://baoanthinh.example/anh/hop-mat.jpg"));
    assert_eq!(first.published.unwrap().to_rfc3339(), "2024-02-12T08:00:00+07:00");
    assert!(first.summary.as_ref().unwrap().value.starts_with("Hơn hai trăm"));
    assert_eq!(reading.items[1].image.as_deref(), Some("https://baoanthinh.example/anh/dua.jpg"));
    assert_eq!(reading.items[1].published.unwrap().to_rfc3339(), "2024-02-12T07:30:00+07:00");
    assert_eq!(
        reading.items[3].url.as_deref(),
        Some("https://baoanthinh.example/the-thao/giai-bong-chuyen-120004.html")
    );
}

#[test]
fn links_to_articles_by_selector() {
    let reading = front(PageRules { links: Some(".lien-ket, .item h3".into()) });
    let urls: Vec<&str> = reading.items.iter().filter_map(|item| item.url.as_deref()).collect();
    assert_eq!(urls.len(), 4);
    assert!(
        urls.contains(&"https://khac.example/tin-tuc/mot-bai-viet-rat-dai-o-trang-khac-99.html"),
        "the selector may lead elsewhere"
    );
    let wrong = parse::page(b"<p>x</p>", &PageRules { links: Some("a[".into()) }, &parse::Options::default());
    assert_eq!(wrong.unwrap_err(), parse::ParseError::Selector("a[".into()));
}

const PARAGRAPH: &str = "<p>The old ferry landing has stood empty since the winter of 1998, and the town has argued \
                         ever since about what should be built there, if anything should be built at all.</p>";

/// A page whose body holds `inner` between paragraphs.
fn around(inner: &str) -> Article {
    let body = format!("{PARAGRAPH}{inner}{}", PARAGRAPH.replace("The old", "The other"));
    page(&format!("<html><body><h1>What to do with the landing</h1><div>{body}</div></body></html>"))
}

#[test]
fn boxes_without_a_name_are_told_by_what_they_hold() {
    let teaser = "<div class='x1'><a href='/b'><img src='b.jpg'></a><h4><a href='/b'>Vote on the landing put off</a></h4>\
                  <p>The council could not agree on a day.</p></div>";
    let newsletter =
        "<div class='y'><p>The town by mail</p><p>Every morning at six.</p><button>Send it to me</button></div>";
    let field = "<div class='z'><p>News in your mail.</p><form><input type='email'></form></div>";
    let controls = "<div><a href='#'>Print it</a> <a href='#notes'>To the notes</a></div>";
    has_none(
        &around(&format!("{teaser}{newsletter}{field}{controls}")),
        &["Vote on", "could not agree", "by mail", "Every morning", "in your mail", "Print it", "To the notes"],
    );
    // Posts that each have a button, and a button above what it opens.
    let post = |text: &str| format!("<div class='post'><p>{text}</p><button>Share</button></div>");
    let posts = post("The ferry has left.") + &post("The ferry is back.");
    let opened = "<div><button>Who pays for it?</button><p>The county does.</p></div>";
    let article = around(&(posts + opened));
    for kept in ["The ferry has left.", "The ferry is back.", "The county does."] {
        assert_eq!(count(&article, kept), 1, "{}", article.content_html);
    }
}

#[test]
fn a_label_before_a_headline_leads_elsewhere_in_any_language() {
    let line = |label: &str, link: &str| format!("<p>{label} <a href='/b'>{link}</a></p>");
    let article = around(
        &(line("Διαβάστε επίσης:", "Νέα δρομολόγια για τα μικρά νησιά")
            + &line("Pro tip:", "Bring the whole family along!")
            + &line("The plan is on show at the", "town hall of Harlan Forks.")),
    );
    has_none(&article, &["Διαβάστε"]);
    assert_eq!(count(&article, "Pro tip"), 1);
    assert_eq!(count(&article, "The plan is on show"), 1);
}

#[test]
fn a_button_for_comments_does_not_end_the_text() {
    let article = around("<p><a href='/comments'>Leave a comment</a></p>");
    assert_eq!(count(&article, "The other ferry landing"), 1);
    has_none(&article, &["Leave a comment"]);
}

#[test]
fn a_picture_goes_with_its_advertising_caption() {
    let figure = |src: &str, caption: &str| {
        format!("<figure><img src='{src}' width='600'><figcaption>{caption}</figcaption></figure>")
    };
    let article = around(
        &(figure("/landing.jpg", "The landing in May")
            + &figure("/ad.jpg", "Want more science? Get a subscription of our sister publication!")
            + &figure("/you.jpg", "Tell us what YOU think in the comments")),
    );
    let pictures: Vec<&str> = article.pictures.iter().map(|picture| picture.url.as_str()).collect();
    assert_eq!(pictures, ["https://baoanthinh.example/landing.jpg"]);
    has_none(&article, &["Want more", "Tell us"]);
}

#[test]
fn a_caption_belongs_to_its_own_figure() {
    let post = "<div class='post'><span><img src='/face.jpg' width='80'></span><p>The baker gave rolls away.</p>\
                <figure><img src='/rolls.jpg' width='600'><figcaption>Rolls</figcaption></figure></div>";
    let article = around(post);
    assert_eq!(texts(&article, "figcaption"), ["Rolls"]);
    assert_eq!(count(&article, "The baker gave rolls away."), 1);
}

#[test]
fn bylines_wherever_they_stand() {
    let with = |above: &str, below: &str| {
        let body = format!("<div class='text'>{PARAGRAPH}{PARAGRAPH}</div>");
        page(&format!(
            "<html><body><article><h1>What to do with the landing</h1>{above}{body}{below}</article></body></html>"
        ))
    };
    let organisation = with("<div class='author'>By Ann Lee<br>Associated Press</div>", "");
    assert_eq!(names(&organisation), ["Ann Lee", "Associated Press"]);
    let position = with("<div class='author'>By Ann Lee<br>Staff Writer</div>", "");
    assert_eq!(names(&position), ["Ann Lee"]);
    let several = with(
        "<p class='byline'>By <a class='author' href='/a'>Ann Lee</a> and <a class='author' href='/b'>Bo Chan</a></p>",
        "",
    );
    assert_eq!(names(&several), ["Ann Lee", "Bo Chan"]);
    let portrait = with("<div><img alt='Ann Lee' src='/ann.jpg'><span>Ann Lee</span><span>4 min</span></div>", "");
    assert_eq!(names(&portrait), ["Ann Lee"]);
    let below = with("", "<div class='entry-end'>Posted by Ann Lee | Comments (3)</div>");
    assert_eq!(names(&below), ["Ann Lee"]);
}

#[test]
fn headline_and_byline_in_the_texts_own_block() {
    let text = PARAGRAPH.replace("<p>", "").replace("</p>", "<br><br>");
    let article = page(&format!(
        "<html><head><title>What to do with the landing</title></head><body><table><tr><td><b>What to do with the \
         landing</b><br>By Ann Lee<br>Staff Writer<br>March 5, 2004<br><br>{text}{text}</td></tr></table></body></html>"
    ));
    assert_eq!(names(&article), ["Ann Lee"]);
    assert!(article.published.is_some());
    has_none(&article, &["What to do", "Ann Lee", "Staff Writer", "March 5"]);
    assert_eq!(count(&article, "The old ferry landing"), 2);
}
