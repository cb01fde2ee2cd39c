//! A page that shows no article, or hardly any, is read by its plainer version: asked for once, and
//! under the same rules.

use super::several_pages::{content, start};
use super::{Reply, Site, prose};

fn shell(head: &str, body: &str) -> Reply {
    Reply::html(format!(
        "<!doctype html><html lang=\"vi\"><head><title>Dòng sông</title>{head}</head><body><div id=\"app\"></div>{body}</body></html>"
    ))
}

fn plain(title: &str, text: &str) -> Reply {
    Reply::html(format!(
        "<!doctype html><html amp lang=\"vi\"><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    ))
}

const AMP: &str = "<link rel=\"amphtml\" href=\"/song.amp.html\">";

#[test]
fn the_amp_version_is_read_where_the_page_shows_nothing() {
    let site = Site::start();
    site.put("/song.html", shell(AMP, ""));
    site.put("/song.amp.html", plain("Dòng sông", &prose("mot", 4)));
    let service = start(&site);
    assert!(content(&service).contains("mot0"), "{}", content(&service));
    assert_eq!(site.asked("/song.amp.html").len(), 1);
    let shown = service.command(&["inspect", "--as", "article", &site.url("/song.html")]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("the page shows no article, and its AMP version"), "{shown}");
}

#[test]
fn the_print_version_is_read_where_the_page_shows_little() {
    let site = Site::start();
    let body = "<article><h1>Dòng sông</h1><p>Con sông chảy qua làng, và mỗi năm một lần, nước lên tới tận bậc thềm nhà.</p></article>\
                <a href=\"/in?bai=song\">Bản in</a>";
    site.put("/song.html", shell("", body));
    site.put("/in?bai=song", plain("Dòng sông", &prose("mot", 4)));
    let service = start(&site);
    assert!(content(&service).contains("mot0"), "{}", content(&service));
}

#[test]
fn a_whole_text_costs_no_request_and_robots_are_obeyed() {
    let site = Site::start();
    site.put("/song.html", shell(AMP, &format!("<article><h1>Dòng sông</h1>{}</article>", prose("mot", 4))));
    site.put("/song.amp.html", plain("Dòng sông", &prose("hai", 9)));
    let service = start(&site);
    assert!(content(&service).contains("mot0"));
    assert!(site.asked("/song.amp.html").is_empty());

    let site = Site::start();
    site.put("/robots.txt", Reply::new("text/plain", "User-agent: *\nDisallow: /song.amp.html\n"));
    site.put("/song.html", shell(AMP, ""));
    site.put("/song.amp.html", plain("Dòng sông", &prose("hai", 9)));
    let service = start(&site);
    assert!(!content(&service).contains("hai0"));
    assert!(site.asked("/song.amp.html").is_empty());
}

#[test]
fn another_article_or_a_shorter_text_is_not_taken() {
    let short = "<article><h1>Dòng sông</h1><p>Con sông chảy qua làng, và mỗi năm một lần, nước lên tới tận bậc thềm nhà.</p></article>";
    for (title, text) in [
        ("Chuyện khác hẳn", prose("hai", 9)),
        ("Dòng sông", "<p>Con sông chảy qua làng, năm nào cũng vậy, và không ai hỏi vì sao nó chảy.</p>".into()),
    ] {
        let site = Site::start();
        site.put("/song.html", shell(AMP, short));
        site.put("/song.amp.html", plain(title, &text));
        let service = start(&site);
        assert!(content(&service).contains("bậc thềm nhà"), "{title}: {}", content(&service));
        assert_eq!(site.asked("/song.amp.html").len(), 1, "{title}");
    }
}
