//! Pages for people. They are also written to a folder (`target/tmp/pages`), to be looked at.

use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;
use dom_query::Document;
use newsriver::merge::Papers;
use newsriver::model::{FeedId, Health, Location, Profile, SourceId, SourceState};
use newsriver::publish::pages::{self, FeedState, Standing};
use newsriver::publish::{OutputFormat, Rendered, render};

use super::sample::{hostile, now, rich, site, url};

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The page as text, after writing it with its style beside it.
fn looked_at(name: &str, page: &Rendered) -> String {
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    let style = String::from_utf8(pages::stylesheet().body.to_vec()).unwrap();
    let link = text.find("<link rel=\"stylesheet\"").map(|at| &text[at..at + text[at..].find('>').unwrap() + 1]);
    let alone = link.map_or(text.clone(), |link| text.replace(link, &format!("<style>{style}</style>")));
    fs::write(folder().join(format!("{name}.html")), alone).unwrap();
    text
}

/// What every page must have.
#[track_caller]
fn assert_sound(page: &str) {
    let document = Document::from(page);
    assert!(document.errors.borrow().is_empty(), "{:?}", document.errors.borrow());
    for once in ["html[lang]", "main#main", "title", "h1", "meta[name=viewport]", "meta[charset]"] {
        assert!(document.select(once).length() == 1, "{once}: {}", document.select(once).length());
    }
    assert_eq!(document.select("script, [onclick], [onerror], iframe, form").length(), 0);
    // Pictures within an article's text are as the sanitiser left them.
    for image in document.select("main .picture img, main .entry > figure img").nodes() {
        assert!(image.attr("alt").is_some(), "a picture without alt");
    }
    for node in document.select("[href], [src]").nodes() {
        let address = node.attr("href").or_else(|| node.attr("src")).unwrap();
        assert!(!address.starts_with("javascript:") && !address.contains("secret"), "{address}");
    }
    assert!(!page.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "control characters");
}

fn standing<'a>(health: &'a [Health], problems: Option<&'a str>) -> Standing<'a> {
    Standing { health, feeds: &[], problems, now: now() }
}

fn health() -> Vec<Health> {
    let source = |id: &str, title: &str, failures: u32, error: Option<&str>| Health {
        id: SourceId::parse(id).unwrap(),
        title: title.to_owned(),
        location: Location::Web(url(&format!("https://user:secret@{id}.example/rss"))),
        state: SourceState {
            last_visit: Some(now() - TimeDelta::minutes(4)),
            last_success: (failures < 9).then(|| now() - TimeDelta::minutes(4 + i64::from(failures) * 60)),
            last_news: (failures < 9).then(|| now() - TimeDelta::hours(3)),
            next_visit: Some(now() + TimeDelta::minutes(11)),
            failures,
            last_error: error.map(str::to_owned),
            items: 30,
            ..SourceState::default()
        },
        entries: 412,
    };
    let mut all = vec![
        source("cua-song", "Báo Cửa Sông", 0, Some("an old error that is over")),
        source(
            "mien-vuon",
            "Báo Miền Vườn",
            3,
            Some("the server answered 503 Service Unavailable; it is asked again later"),
        ),
        source("xa", "Đài Xa", 9, Some("the name xa.example cannot be found: check the address\u{b}")),
    ];
    all.push(Health { state: SourceState::default(), entries: 0, ..source("moi", "Báo Mới", 0, None) });
    all[0].state.notice = Some("the feed is Latin-1 although it says UTF-8".to_owned());
    all
}

#[test]
fn the_page_of_a_feed() {
    let feed = rich();
    let page = render(&feed, OutputFormat::Html).unwrap();
    assert_eq!((page.content_type, page.last_modified), ("text/html; charset=utf-8", feed.updated));
    let text = looked_at("feed", &page);
    assert_sound(&text);
    let document = Document::from(text.as_str());
    for (kind, ending) in
        [("application/rss+xml", "rss"), ("application/atom+xml", "atom"), ("application/feed+json", "json")]
    {
        let link = document.select(&format!("head link[rel=alternate][type='{kind}']"));
        assert_eq!(link.attr("href").unwrap().to_string(), format!("/feeds/all.{ending}"));
    }
    let titles: std::collections::HashSet<_> = document
        .select("head link[rel=alternate]")
        .iter()
        .map(|link| link.attr("title").unwrap().to_string())
        .collect();
    assert_eq!(titles.len(), 3, "distinct titles");
    assert_eq!(document.select("html").attr("lang").unwrap().to_string(), "vi");
    assert_eq!(document.select("article.story[lang=en]").length(), 1);
    assert_eq!(document.select("time[datetime='2026-03-02T11:23:00Z']").text().to_string(), "18:23, 2/3/2026");
    assert!(document.select("article.story a[href='https://mienvuon.example/cau-rach-mieu-2']").length() == 1);
    let picture = document.select("article.story img").first();
    assert_eq!(picture.attr("width").unwrap().to_string(), "1280");
}

#[test]
fn the_page_of_an_article() {
    let feed = rich();
    let page = pages::entry(&site(), &feed.entries[0]);
    let text = looked_at("entry", &page);
    assert_sound(&text);
    let document = Document::from(text.as_str());
    assert_eq!(
        document.select("link[rel=canonical]").attr("href").unwrap().to_string(),
        "https://cua-song.example/bai/1.html"
    );
    assert_eq!(document.select("article.entry figure img").length(), 1, "the lead picture does not come twice");
    assert!(
        document.select("aside a[href='https://mienvuon.example/cau-rach-mieu-2']").text().contains("Báo Miền Vườn")
    );
    let second = looked_at("entry-english", &pages::entry(&site(), &feed.entries[1]));
    assert_sound(&second);
    let document = Document::from(second.as_str());
    assert_eq!(document.select("article.entry figure img").attr("width").unwrap().to_string(), "800");
    assert_eq!(document.select("h1").attr("lang").unwrap().to_string(), "en");
}

#[test]
fn the_first_page() {
    let feeds = [
        pages::FeedLine {
            slug: "feeds/all".into(),
            title: "Tin tổng hợp".into(),
            description: Some("Tin từ các báo tỉnh, mỗi bài một lần, đủ chữ và ảnh.".into()),
            sources: 12,
            profile: Profile::Standard,
        },
        pages::FeedLine {
            slug: "feeds/cho".into(),
            title: "Giá nông sản & chợ".into(),
            description: None,
            sources: 1,
            profile: Profile::Msn,
        },
    ];
    let sources: Vec<_> = [("cua-song", "Báo Cửa Sông", 1204), ("mien-vuon", "Báo Miền Vườn", 1), ("giay", "", 0)]
        .into_iter()
        .map(|(id, title, entries)| pages::SourceLine {
            id: SourceId::parse(id).unwrap(),
            title: title.to_owned(),
            url: Some(url(&format!("https://{id}.example/rss"))),
            entries,
        })
        .collect();
    let text = looked_at("index", &pages::index(&site(), &feeds, &sources));
    assert_sound(&text);
    let document = Document::from(text.as_str());
    assert_eq!(document.select("head link[rel=alternate]").length(), 4);
    assert_eq!(document.select("a[href='/feeds/all.atom'][type='application/atom+xml']").length(), 1);
    assert_eq!(document.select("a[href='/feeds/cho.rss']").length(), 1);
    assert_eq!(document.select("a[href='/feeds/cho.atom']").length(), 0, "a dialect has one form");
    assert_sound(&looked_at("index-empty", &pages::index(&site(), &[], &[])));
}

#[test]
fn pages_lie_below_the_path_of_the_site() {
    let below = newsriver::merge::Site { base_url: url("https://example.org/tin/"), ..site() };
    let feed = newsriver::merge::feed(
        &super::sample::selection(),
        vec![super::sample::story(1, "giay", "x", "")],
        newsriver::merge::Press { site: &below, names: &super::sample::names(), ttl_minutes: 5, now: now() },
    );
    let pages = [
        render(&feed, OutputFormat::Html).unwrap(),
        pages::entry(&below, &feed.entries[0]),
        pages::index(&below, &[], &[]),
        pages::status(&below, &standing(&health(), None)),
    ];
    for page in pages {
        let text = String::from_utf8(page.body.to_vec()).unwrap();
        for node in Document::from(text.as_str()).select("[href^='/']").nodes() {
            assert!(node.attr("href").unwrap().starts_with("/tin/"), "{}", node.attr("href").unwrap());
        }
    }
}

#[test]
fn the_status_page_puts_what_fails_first() {
    let problems =
        "error: unknown key `limitt`\n --> feeds.toml:12:1\n   |\n12 | limitt = 5\n   | ^^^^^^ did you mean `limit`?";
    let text = looked_at("status", &pages::status(&site(), &standing(&health(), Some(problems))));
    assert_sound(&text);
    let document = Document::from(text.as_str());
    let states: Vec<_> = document.select(".health .state").iter().map(|state| state.text().to_string()).collect();
    assert_eq!(states, ["Failing", "Failing", "Well", "Not read yet"]);
    assert!(text.contains("cannot be found: check the address") && !text.contains("an old error"));
    assert!(text.contains("9 in a row") && text.contains("did you mean"));
    let json: serde_json::Value = serde_json::from_slice(&pages::status_json(&standing(&health(), None)).body).unwrap();
    assert_eq!(json["sources"][1]["failures"], 3);
    assert!(json.get("tokens").is_none());
    assert_eq!(json["sources"][0]["url"], "https://cua-song.example/rss");
}

#[test]
fn the_status_page_names_papers_and_tokens() {
    let feed = |id: &str, count, tokens| FeedState {
        title: format!("<{id}>"),
        papers: Papers { feed: FeedId::parse(id).unwrap(), count },
        tokens,
    };
    let used = Some(vec![("env:OLD".to_owned(), None), ("env:NEW".to_owned(), Some(now() - TimeDelta::hours(2)))]);
    let feeds = [feed("all", 4, Some(Vec::new())), feed("partner", 1, used)];
    let health = health();
    let standing = Standing { feeds: &feeds, ..standing(&health, None) };
    let text = looked_at("status-admin", &pages::status(&site(), &standing));
    assert_sound(&text);
    let document = Document::from(text.as_str());
    let lines: Vec<_> = document.select(".drawn li").iter().map(|line| line.text().to_string()).collect();
    assert!(lines[0].contains("<all>") && lines[0].ends_with("draws on 4 papers"), "{lines:?}");
    assert!(lines[1].contains("draws on 1 paper, fewer than 3"), "{lines:?}");
    assert!(lines[1].contains("token env:OLD: never used") && lines[1].contains("env:NEW: last used 2 hours ago"));
    let json: serde_json::Value = serde_json::from_slice(&pages::status_json(&standing).body).unwrap();
    assert_eq!(json["feeds"][1], serde_json::json!({ "id": "partner", "title": "<partner>", "papers": 1 }));
    assert_eq!(json["tokens"][0], serde_json::json!({ "feed": "partner", "token": "env:OLD", "last_used": null }));
}

#[test]
fn hostile_sources_spoil_no_page() {
    let feed = hostile();
    assert_sound(&looked_at("hostile", &render(&feed, OutputFormat::Html).unwrap()));
    for entry in &feed.entries {
        assert_sound(&looked_at("hostile-entry", &pages::entry(&site(), entry)));
    }
}

#[test]
fn what_goes_wrong_has_a_page_of_its_own() {
    let text = looked_at("error", &pages::error(404, "Not Found", "There is nothing at this address <b>."));
    assert_sound(&text);
    assert!(text.contains("&lt;b&gt;"));
}
