//! `newsriver inspect --as article`: what was taken, what was left out and why, and the TOML to paste.

use super::{Reply, Service, Site, png, prose};

fn site() -> Site {
    let site = Site::start();
    site.put(
        "/bai.html",
        Reply::html(format!(
            "<html lang=\"vi\"><head><title>Cầu mới - Báo Miền Vườn</title></head><body><nav><a href=\"/\">Trang chủ</a></nav>\
             <div id=\"text\"><h1>Cầu mới</h1>{}<figure><img src=\"/cau.jpg\"><figcaption>Cây cầu. Ảnh: Thu Huyền</figcaption></figure>\
             <img src=\"/hong.jpg\" width=\"600\" height=\"400\"><p class=\"promo\">Tải ứng dụng của chúng tôi ngay hôm nay để đọc tin nhanh hơn.</p></div>\
             <div class=\"related\"><h3>Tin liên quan</h3><ul><li><a href=\"/a\">Một chuyện khác</a></li><li><a href=\"/b\">Chuyện nữa</a></li></ul></div>\
             <div class=\"pager\"><a href=\"/bai.html?page=2\">2</a></div></body></html>",
            prose("mot", 4)
        )),
    );
    site.put(
        "/bai.html?page=2",
        Reply::html(format!(
            "<html><head><title>Cầu mới</title></head><body><div id=\"text\"><h1>Cầu mới</h1>{}</div></body></html>",
            prose("hai", 4)
        )),
    );
    site.put("/cau.jpg", Reply::new("image/jpeg", png(640, 480, [1, 2, 3])));
    site
}

fn inspect(service: &Service, arguments: &[&str]) -> String {
    let output = service.command(&[&["inspect", "--as", "article"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn everything_is_told() {
    let site = site();
    let service = Service::prepare("[sources.mien-vuon]\nurl = \"http://127.0.0.1:9/\"\n");
    let text = inspect(&service, &[&site.url("/bai.html")]);
    for part in [
        "Cầu mới",
        "mot0",
        "hai0",
        "goes on at",
        "/cau.jpg",
        "image/png, 640 × 480",
        "Thu Huyền",
        "/hong.jpg",
        "404",
        "left out",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("for feeds.toml"));
}

#[test]
fn selectors_are_tried_with_those_of_the_source_and_can_be_pasted() {
    let site = site();
    let service = Service::prepare(&format!(
        "[sources.mien-vuon]\nurl = \"{}\"\n[sources.mien-vuon.article]\nremove = [\"figure\"]\n",
        site.url("/feed")
    ));
    let text = inspect(
        &service,
        &[&site.url("/bai.html"), "--content", "div[id=\"text\"]", "--remove", ".promo", "--remove", "h3"],
    );
    let wanted = "    [sources.mien-vuon.article]\n    content = 'div[id=\"text\"]'\n    remove = [\"figure\", \".promo\", \"h3\"]";
    assert!(text.contains(wanted), "{text}");
    assert!(!text.contains("/cau.jpg") && !text.lines().any(|line| line.starts_with("  Tải ứng dụng")), "{text}");
    let wrong = service.command(&["inspect", "--as", "article", &site.url("/bai.html"), "--content", ".nothing"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains(".nothing"));
    // What is printed is what feeds.toml takes.
    let toml = wanted.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    std::fs::write(
        service.path("feeds.toml"),
        format!("[sources.mien-vuon]\nurl = \"{}\"\n{toml}\n", site.url("/feed")),
    )
    .unwrap();
    let checked = service.command(&["check"]);
    assert!(checked.status.success(), "{checked:?}");
}
