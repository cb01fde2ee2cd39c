//! Articles over several pages come whole, in order, and nothing else comes with them.

use super::{Reply, Service, Site, prose, rss};

fn page(site: &Site, title: &str, text: &str, links: &[(&str, &str)]) -> Reply {
    let pager: String =
        links.iter().map(|(path, name)| format!("<a href=\"{}\">{name}</a> ", site.url(path))).collect();
    Reply::html(format!(
        "<!doctype html><html lang=\"vi\"><head><title>{title} - Báo Miền Vườn</title></head><body><header><nav><a href=\"/\">Trang chủ</a></nav></header>\
         <article><h1>{title}</h1><p class=\"sapo\">Tóm tắt của bài viết dài kỳ này, được lặp lại trên mỗi trang của bài viết.</p>{text}\
         <div class=\"pagination\">{pager}</div></article><footer>© Báo Miền Vườn</footer></body></html>"
    ))
}

/// A service whose one source names `/song.html`.
pub(super) fn start(site: &Site) -> Service {
    let item = format!(
        "<item><title>Dòng sông</title><link>{}</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><description>Ngắn.</description></item>",
        site.url("/song.html")
    );
    site.put("/feed", Reply::rss(rss(&item)));
    let service = Service::start(&format!(
        "[sources.a]\nurl = \"{}\"\n[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n",
        site.url("/feed")
    ));
    service.wait_for_entries("/feeds/all.rss", 1);
    service
}

/// The text of the one article.
pub(super) fn content(service: &Service) -> String {
    service.json("/feeds/all.json")["items"][0]["content_html"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn all_pages_are_joined_once() {
    let site = Site::start();
    let pager = [("/song.html", "1"), ("/song.html?page=2", "2"), ("/song.html?page=3", "3")];
    site.put("/song.html", page(&site, "Dòng sông", &prose("mot", 4), &pager));
    site.put("/song.html?page=2", page(&site, "Dòng sông", &prose("hai", 4), &pager));
    // The last one leads back to the beginning.
    let last = [("/song.html", "1"), ("/song.html?page=2", "2"), ("/song.html", "Tiếp")];
    site.put("/song.html?page=3", page(&site, "Dòng sông (trang 3)", &prose("ba", 4), &last));
    let service = start(&site);
    let html = content(&service);
    let places: Vec<_> = ["mot0", "hai0", "ba0"].iter().map(|word| html.find(word)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {html}");
    assert_eq!(html.matches("Tóm tắt của bài viết").count(), 1, "{html}");
    for path in ["/song.html", "/song.html?page=2", "/song.html?page=3"] {
        assert_eq!(site.asked(path).len(), 1, "{path}");
    }
}

#[test]
fn another_article_is_not_joined_and_a_missing_page_takes_nothing_away() {
    let site = Site::start();
    site.put("/song.html", page(&site, "Dòng sông", &prose("mot", 4), &[("/song.html?page=2", "2")]));
    site.put("/song.html?page=2", page(&site, "Chuyện khác hẳn", &prose("khac", 4), &[]));
    let service = start(&site);
    assert!(content(&service).contains("mot0") && !content(&service).contains("khac0"));

    let site = Site::start();
    site.put("/song.html", page(&site, "Dòng sông", &prose("mot", 4), &[("/song.html?page=2", "2")]));
    let service = start(&site);
    assert!(content(&service).contains("mot0"));
}

#[test]
fn an_endless_article_ends() {
    let site = Site::start();
    for number in 1..40 {
        let path = if number == 1 { "/song.html".to_owned() } else { format!("/song.html?page={number}") };
        let next = format!("/song.html?page={}", number + 1);
        site.put(&path, page(&site, "Dòng sông", &prose(&format!("phan{number}x"), 2), &[(&next, "Trang sau")]));
    }
    let service = start(&site);
    assert!(content(&service).contains("phan10x0"));
    assert!(site.asked("/song.html?page=11").is_empty());
}
