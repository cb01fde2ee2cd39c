//! Every kind of source, found out by looking.

use super::{Reply, Service, Site, item, png, prose, rss};

/// A page of a newspaper, as its content management system makes it.
fn paper_page(site: &Site, title: &str, topic: &str, picture: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{title} - Báo Thử Nghiệm</title></head><body>\
         <div class=\"menu\"><ul><li><a href=\"/\">Trang chủ</a></li><li><a href=\"/thoi-su\">Thời sự</a></li></ul></div>\
         <div class=\"detail\"><h1 class=\"title\">{title}</h1><div class=\"date\">30/01/2023 - 05:30</div>\
         <div class=\"detail-content\"><p><strong>BDK - </strong>Mở đầu bài viết về {topic}.</p>{}\
         <table><tr><td><img src=\"{}\" width=\"600\"></td></tr><tr><td><em>Chú thích ảnh {topic}.</em></td></tr></table>{}\
         <p style=\"text-align:right\"><strong>Bài, ảnh: Hoàng Lam</strong></p></div>\
         <div class=\"share\">Chia sẻ bài viết</div><div class=\"comments\"><h3>BÌNH LUẬN</h3><textarea></textarea></div>\
         <div class=\"related\"><h3>Tin liên quan</h3><ul><li><a href=\"/khac\">Bài khác không liên quan</a></li></ul></div></div></body></html>",
        prose(topic, 3),
        site.url(picture),
        prose(topic, 2)
    )
}

const FEED: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

#[test]
fn a_news_page_without_a_feed() {
    let site = Site::start();
    site.put("/hinh.jpg", Reply::new("image/jpeg", png(600, 400, [10, 120, 200])));
    let mut list = String::new();
    for n in 0..5 {
        let path = format!("/thoi-su/bai-viet-so-{n}-30012023-a10{n}.html");
        let title = format!("Bến Tre khánh thành công trình thủy lợi số {n}");
        site.put(&path, Reply::html(paper_page(&site, &title, &format!("congtrinh{n}x"), "/hinh.jpg")));
        list += &format!(
            "<div class=\"story\"><h3 class=\"title\"><a href=\"{path}\">{title}</a></h3><p>Tóm tắt {n}</p></div>"
        );
    }
    site.put(
        "/",
        Reply::html(format!(
            "<!DOCTYPE html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Báo Thử Nghiệm</title></head><body><nav><a href=\"/\">Trang chủ</a><a href=\"/lien-he\">Liên hệ</a></nav><main>{list}</main></body></html>"
        )),
    );
    let service = Service::start(&format!("[sources.bao]\nurl = \"{}\"\n{FEED}", site.url("/")));
    service.wait_for_entries("/feeds/all.atom", 5);
    let json = service.json("/feeds/all.json");
    let article = &json["items"][0];
    assert!(article["title"].as_str().unwrap().starts_with("Bến Tre khánh thành"), "{article}");
    assert_eq!(
        article["date_published"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap().to_rfc3339(),
        "2023-01-29T22:30:00+00:00"
    );
    assert_eq!(article["authors"][0]["name"], "Hoàng Lam");
    let html = article["content_html"].as_str().unwrap();
    for unwanted in ["Chia sẻ", "BÌNH LUẬN", "Tin liên quan", "Bài khác", "Bài, ảnh", "Trang chủ"] {
        assert!(!html.contains(unwanted), "{unwanted} in {html}");
    }
    assert_eq!(html.matches(">Chú thích ảnh").count(), 1, "{html}");
    // Its type is what its bytes are, whatever the name and the server say.
    let picture = &article["attachments"][0];
    assert_eq!(picture["mime_type"], "image/png", "{picture}");
    assert_eq!(picture["size_in_bytes"].as_u64().unwrap() as usize, png(600, 400, [10, 120, 200]).len());
    assert_eq!(site.asked("/hinh.jpg").len(), 1, "a picture is looked at once");
}

#[test]
fn the_feed_of_a_home_page_is_found() {
    let site = Site::start();
    site.put("/", Reply::html("<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss/all\"></head><body><h1>Paper</h1></body></html>"));
    site.put(
        "/rss/all",
        Reply::rss(rss(&item("1", "Found", "Mon, 02 Mar 2026 08:00:00 GMT", &prose("found", 3))))
            .header("ETag", "\"v1\""),
    );
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{FEED}", site.url("/")));
    service.wait_for_entries("/feeds/all.rss", 1);
    service.wait("a conditional visit to the feed itself", |_| {
        site.asked("/rss/all")
            .iter()
            .any(|asked| asked.headers.get("if-none-match").is_some_and(|tag| tag == "\"v1\""))
            .then_some(())
    });
    let agent = site.asked("/rss/all")[0].headers["user-agent"].clone();
    assert!(agent.starts_with("newsriver/") && agent.contains("editor@example.org"), "{agent}");
}

#[test]
fn a_news_sitemap() {
    let site = Site::start();
    let mut urls = String::new();
    for n in 0..3 {
        let path = format!("/news/{n}");
        let title = format!("Sitemap story {n}");
        site.put(&path, Reply::html(format!("<html lang=\"en\"><head><title>{title}</title></head><body><article><h1>{title}</h1>{}</article></body></html>", prose(&format!("map{n}x"), 4))));
        urls += &format!(
            "<url><loc>{}</loc><news:news><news:publication><news:name>P</news:name><news:language>en</news:language></news:publication>\
             <news:publication_date>2026-03-02T08:0{n}:00Z</news:publication_date><news:title>{title}</news:title></news:news></url>",
            site.url(&path)
        );
    }
    site.put("/sitemap.xml", Reply::new("application/xml", format!("<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{urls}</urlset>")));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\n{FEED}", site.url("/sitemap.xml")));
    let feed = service.wait_for_entries("/feeds/all.atom", 3);
    assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Sitemap story 2");
    assert!(feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap().contains("map2x"));
}

#[test]
fn a_folder_of_documents() {
    let mut service = Service::prepare(&format!("[sources.docs]\nurl = \"folder:documents\"\n{FEED}"));
    std::fs::create_dir_all(service.path("documents/more")).unwrap();
    std::fs::write(
        service.path("documents/one.md"),
        "---\ntitle: A document in Markdown\ndate: 2026-03-01 08:00\nauthor: Mai Anh\ntags: [river, boats]\n---\n\nThe **first** paragraph of the document has enough words to be one.\n\n## A part\n\nThe second paragraph follows it with more words.\n",
    )
    .unwrap();
    std::fs::write(
        service.path("documents/more/two.txt"),
        "Chợ nổi Cái Răng vào mùa nước nổi\n\n30/01/2023 - 05:30\n\nBDK - Sáng sớm, những chiếc ghe chở đầy trái cây từ các huyện về chợ nổi, người bán người mua gọi nhau rộn ràng cả một khúc sông dài.\n\nGhe trái cây trên chợ nổi.\n\nGhe trái cây trên chợ nổi.\n\nGiữ nghề trên sông\n\nNhiều gia đình đã sống trên ghe qua ba thế hệ, và họ mong con cháu vẫn giữ được nếp sống gắn với dòng sông quê mình.\n\nBài, ảnh: Lê Minh\n\nChia sẻ bài viết\n\nBÌNH LUẬN\n",
    )
    .unwrap();
    service.run();
    let feed = service.wait_for_entries("/feeds/all.atom", 2);
    let one =
        feed.entries.iter().find(|entry| entry.title.as_ref().unwrap().content == "A document in Markdown").unwrap();
    assert_eq!(one.authors[0].name.as_deref(), Some("Mai Anh"));
    let two = service.json("/feeds/all.json")["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["title"] == "Chợ nổi Cái Răng vào mùa nước nổi")
        .unwrap()
        .clone();
    assert_eq!(two["authors"][0]["name"], "Lê Minh");
    let html = two["content_html"].as_str().unwrap();
    assert!(html.contains("<h2>Giữ nghề trên sông</h2>"), "{html}");
    assert!(!html.contains("Chia sẻ") && !html.contains("Lê Minh"), "{html}");
    assert_eq!(html.matches("Ghe trái cây trên chợ nổi").count(), 1, "{html}");
}

#[test]
fn a_summary_is_completed_from_its_page_once() {
    let site = Site::start();
    site.put(
        "/story",
        Reply::html(format!(
            "<html><head><title>Full</title></head><body><article><h1>Full</h1>{}</article></body></html>",
            prose("completed", 5)
        )),
    );
    let feed = rss(&format!(
        "<item><guid isPermaLink=\"false\">1</guid><title>Full</title><link>{}</link><description>Only a teaser…</description></item>",
        site.url("/story")
    ));
    site.put("/feed", Reply::rss(feed));
    let service = Service::start(&format!("[sources.a]\nurl = \"{}\"\ninterval = \"1s\"\n{FEED}", site.url("/feed")));
    let feed = service.wait_for_entries("/feeds/all.atom", 1);
    assert!(feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap().contains("completed0"));
    let asked = site.asked("/feed").len();
    service.wait("more visits", |_| (site.asked("/feed").len() > asked + 2).then_some(()));
    assert_eq!(site.asked("/story").len(), 1);
}
