//! RSS, Atom, JSON Feed and OPML.

use std::io::Read as _;

use feed_rs::model::Entry as Parsed;
use newsriver::html;
use newsriver::model::{Feed, Media};
use newsriver::publish::{Outline, OutputFormat, Rendered, compress, opml, render};

use super::sample::{feed_of, hostile, now, rich, selection, story, url};
use crate::checker;

const FORMATS: [(OutputFormat, &str); 3] =
    [(OutputFormat::Rss, "rss"), (OutputFormat::Atom, "atom"), (OutputFormat::Json, "json")];

fn rendered(feed: &Feed, format: OutputFormat) -> Rendered {
    render(feed, format).unwrap()
}

fn text(feed: &Feed, format: OutputFormat) -> String {
    String::from_utf8(rendered(feed, format).body.to_vec()).unwrap()
}

fn parsed(feed: &Feed, format: OutputFormat) -> Vec<Parsed> {
    feed_rs::parser::parse(&rendered(feed, format).body[..]).unwrap().entries
}

#[track_caller]
fn assert_clean(feed: &Feed) {
    for (format, ending) in FORMATS {
        let body = rendered(feed, format).body;
        let location = format!("{}.{ending}", feed.base_url);
        let messages = match ending {
            "rss" => checker::rss(&body, &location, now()),
            "atom" => checker::atom(&body, &location, now()),
            _ => checker::json(&body, &location, now()),
        };
        assert_eq!(messages, [], "{ending}");
    }
}

/// The program's version is no part of a snapshot.
fn without_version(text: &str) -> String {
    text.replace(&format!("newsriver {}", env!("CARGO_PKG_VERSION")), "newsriver 0")
        .replace(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), "version=\"0\"")
}

#[test]
fn a_rich_feed_in_each_form() {
    let feed = rich();
    assert_clean(&feed);
    insta::assert_snapshot!("rich_rss", without_version(&text(&feed, OutputFormat::Rss)));
    insta::assert_snapshot!("rich_atom", without_version(&text(&feed, OutputFormat::Atom)));
    let json: serde_json::Value = serde_json::from_slice(&rendered(&feed, OutputFormat::Json).body).unwrap();
    insta::assert_snapshot!("rich_json", without_version(&serde_json::to_string_pretty(&json).unwrap()));
}

#[test]
fn a_logo_stands_for_the_feed_in_each_form() {
    for (address, is_of_rss) in [("https://báo.example/a b.PNG", true), ("https://paper.example/logo.svg", false)] {
        let feed = Feed { logo: Some(address.parse().unwrap()), ..rich() };
        assert_clean(&feed);
        assert_eq!(text(&feed, OutputFormat::Rss).contains("<image>"), is_of_rss, "{address}");
        assert!(text(&feed, OutputFormat::Atom).contains("<logo>https://"), "{address}");
        assert!(text(&feed, OutputFormat::Json).contains("\"icon\":\"https://"), "{address}");
    }
}

#[test]
fn hostile_sources_spoil_no_form() {
    let mut feed = hostile();
    feed.logo = Some("https://user:secret@báo.example/<logo>.gif".parse().unwrap());
    assert!(feed.entries.len() >= 10, "{}", feed.entries.len());
    assert_clean(&feed);
    for (format, ending) in FORMATS {
        let text = text(&feed, format);
        for secret in ["secret", "javascript:", "data:image"] {
            assert!(!text.contains(secret), "{ending} holds {secret}");
        }
        assert_eq!(parsed(&feed, format).len(), feed.entries.len(), "{ending}");
        assert!(text.contains("Báo điện tử"), "{ending}: what was decoded twice is read once");
    }
}

#[test]
fn a_picture_in_two_forms_is_a_group() {
    let mut first = story(1, "cua-song", "Tin ảnh", "<p>x</p>");
    let mut shown = super::sample::picture("https://cuasong.example/1.webp", 640, 480);
    shown.plainer = Some(newsriver::model::Plainer {
        url: url("https://cuasong.example/1.jpg"),
        mime_type: "image/jpeg".to_owned(),
        length: 12_000,
    });
    first.lead.facts.enclosures = vec![shown];
    let feed = feed_of(&selection(), vec![first]);
    assert_clean(&feed);
    assert!(text(&feed, OutputFormat::Rss).contains("<media:group>"));
}

#[test]
fn entries_that_changed_in_one_second_are_told_apart() {
    let at_once = |count: u32| {
        let mut stories: Vec<_> = (1..=count).map(|n| story(n, "cua-song", &format!("Tin {n}"), "<p>x</p>")).collect();
        for (place, story) in stories.iter_mut().enumerate() {
            (story.published, story.updated) = (now(), now());
            story.first_seen = now() - chrono::TimeDelta::minutes(place as i64 + 1);
        }
        feed_of(&selection(), stories)
    };
    let changes = |feed: &Feed| {
        let entries = parsed(feed, OutputFormat::Atom);
        entries
            .into_iter()
            .map(|entry| (entry.id, entry.updated.unwrap()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let feed = at_once(60);
    assert_clean(&feed);
    let (few, all) = (changes(&at_once(1)), changes(&feed));
    assert_eq!(few["tag:feeds.example.org,2026:1"], now(), "a single one keeps its time");
    assert_eq!(all["tag:feeds.example.org,2026:60"], now(), "and so does the one that was there first");
    assert!(all.values().all(|change| (*change - now()).num_milliseconds() < 1000));
    for entry in parsed(&feed, OutputFormat::Atom) {
        assert_eq!(entry.published, Some(now()), "what the source said stays");
    }
}

#[test]
fn an_empty_feed_is_valid() {
    let mut feed = rich();
    feed.entries.clear();
    feed.updated = chrono::DateTime::UNIX_EPOCH;
    assert_clean(&feed);
    assert!(!text(&feed, OutputFormat::Rss).contains("media"), "a namespace is declared only where it is used");
}

#[test]
fn another_parser_reads_the_same_from_each_form() {
    let feed = rich();
    let all: Vec<Vec<Parsed>> = FORMATS.into_iter().map(|(format, _)| parsed(&feed, format)).collect();
    let [rss, atom, json] = all.as_slice() else { panic!() };
    for (place, entry) in feed.entries.iter().enumerate() {
        for (one, (_, ending)) in [&rss[place], &atom[place], &json[place]].into_iter().zip(FORMATS) {
            assert_eq!(one.id, entry.story.uri, "{ending}");
            let title = one.title.as_ref().unwrap();
            let title =
                if title.content_type.subty() == "html" { html::plain(&title.content) } else { title.content.clone() };
            assert_eq!(title, entry.story.lead.facts.title, "{ending}");
            assert_eq!(one.published, Some(entry.story.published), "{ending}");
            let authors: Vec<_> = one.authors.iter().map(|author| author.name.as_deref().unwrap_or_default()).collect();
            let named: Vec<_> =
                entry.story.lead.facts.authors.iter().filter_map(|author| author.name.as_deref()).collect();
            assert_eq!(authors, named, "{ending}");
            let link = entry.story.lead.facts.url.as_ref().unwrap_or(&entry.page_url);
            assert_eq!(one.links[0].href, link.as_str(), "{ending}");
        }
        let html = entry.story.lead.facts.content.as_str();
        if !html.is_empty() {
            for (one, (_, ending)) in [&rss[place], &atom[place], &json[place]].into_iter().zip(FORMATS) {
                assert_eq!(one.content.as_ref().unwrap().body.as_deref(), Some(html), "{ending}");
            }
        }
    }
    let lengths: Vec<_> =
        atom[0].links.iter().filter(|link| link.rel.as_deref() == Some("enclosure")).map(|link| link.length).collect();
    assert_eq!(lengths, [Some(184_320), None, Some(2_400_000)]);
    let media: Vec<_> = rss[0].media.iter().flat_map(|object| &object.content).collect();
    assert!(media.iter().any(|content| content.width == Some(1280) && content.size == Some(184_320)), "{media:?}");
}

#[test]
fn a_body_with_the_end_of_cdata_comes_back_unchanged() {
    let mut feed = rich();
    let html = "<p>a ]]&gt; b <b>]]&gt;</b> ]]&gt;&gt; &amp;amp; &amp;#x26;</p>";
    feed.entries[0].story.lead.facts.content = html::sanitise(html, None);
    let kept = feed.entries[0].story.lead.facts.content.as_str().to_owned();
    feed.entries[1].story.lead.facts.content = html::SafeHtml::from_store("x ]]> y ]]]]>> <![CDATA[ z".to_owned());
    for (format, ending) in FORMATS {
        let entries = parsed(&feed, format);
        assert_eq!(entries[0].content.as_ref().unwrap().body.as_deref(), Some(kept.as_str()), "{ending}");
        assert_eq!(
            entries[1].content.as_ref().unwrap().body.as_deref(),
            Some("x ]]> y ]]]]>> <![CDATA[ z"),
            "{ending}"
        );
    }
}

#[test]
fn a_title_that_names_a_reference_is_not_decoded_twice() {
    let mut feed = rich();
    for (title, written) in
        [("AT&amp;T", "AT&#x26;amp;T"), ("1 < 2 & 3", "1 &#x3C; 2 &#x26; 3"), ("&eacute;", "&#x26;eacute;")]
    {
        title.clone_into(&mut feed.entries[0].story.lead.facts.title);
        assert!(text(&feed, OutputFormat::Rss).contains(&format!("<title>{written}</title>")), "{title}");
        assert_clean(&feed);
    }
}

#[test]
fn lengths_and_sizes_are_true_or_absent() {
    let mut feed = rich();
    feed.entries.remove(0);
    feed.entries.truncate(1);
    let enclosures = &mut feed.entries[0].enclosures;
    enclosures[0].length = None;
    if let Media::Image { width, height, .. } = &mut enclosures[0].media {
        (*width, *height) = (Some(0), None);
    }
    let rss = text(&feed, OutputFormat::Rss);
    assert!(
        rss.contains("length=\"0\"") && !rss.contains("fileSize") && !rss.contains("width") && !rss.contains("height")
    );
    assert!(!text(&feed, OutputFormat::Atom).contains("length="));
    assert!(!text(&feed, OutputFormat::Json).contains("size_in_bytes"));
    assert_clean(&feed);
}

#[test]
fn entries_without_an_author_are_not_taken_for_ours() {
    let feed = rich();
    let atom = text(&feed, OutputFormat::Atom);
    let entry = atom.split("<entry").nth(3).unwrap();
    assert!(entry.contains("<source>") && entry.contains("<author>\n<name>Báo Miền Vườn</name>"), "{entry}");
}

#[test]
fn the_same_feed_gives_the_same_bytes() {
    for feed in [rich(), hostile()] {
        for (format, _) in FORMATS {
            let (one, two) = (rendered(&feed, format), rendered(&feed.clone(), format));
            assert_eq!(one, two);
            assert_eq!(one.last_modified, feed.updated);
        }
    }
    let mut changed = rich();
    changed.entries[0].story.lead.facts.title.push('!');
    for (format, _) in FORMATS {
        assert_ne!(rendered(&changed, format).etag, rendered(&rich(), format).etag);
    }
}

#[test]
fn a_giant_article_is_published_by_its_summary() {
    let mut giant = story(1, "cua-song", "Dài", "");
    giant.lead.facts.content = html::SafeHtml::from_store(format!("<p>Mở đầu. {}</p>", "chữ ".repeat(400_000)));
    let feed = super::sample::feed_of(&super::sample::selection(), vec![giant]);
    assert_eq!(feed.entries.len(), 1);
    assert_clean(&feed);
    for (format, ending) in FORMATS {
        let body = rendered(&feed, format).body;
        assert!(body.len() < 10_000 && String::from_utf8_lossy(&body).contains("Mở đầu."), "{ending}: {}", body.len());
    }
}

#[test]
fn coded_bodies_are_the_same_document() {
    let document = rendered(&rich(), OutputFormat::Rss);
    let coded = compress(&document);
    assert_eq!(coded, compress(&document), "the same bytes each time");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&coded.gzip[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text, document.body);
    text.clear();
    brotli::Decompressor::new(&coded.br[..], 4096).read_to_end(&mut text).unwrap();
    assert_eq!(text, document.body);
    assert_eq!(zstd::decode_all(&coded.zstd[..]).unwrap(), document.body);
    for body in [&coded.gzip, &coded.br, &coded.zstd] {
        assert!(body.len() < document.body.len() / 2);
    }
}

#[test]
fn sources_go_out_as_opml() {
    let outline = |title: &str, address: &str, folder: Option<&str>| Outline {
        title: title.to_owned(),
        url: url(address),
        home_page: Some(url("https://a.example/?a=1&b=<2>")),
        folder: folder.map(str::to_owned),
    };
    let outlines = [
        outline("Báo \"A\" & <B>\u{b}", "https://user:secret@a.example/feed?x=1&y=2", Some("Địa phương")),
        outline("", "https://b.example/feed", None),
        outline("C", "https://c.example/feed", Some("\u{b}")),
        outline("D", "javascript:alert(1)", None),
    ];
    let document = opml("Tin & <b>", &outlines, now());
    assert_eq!(document.content_type, "text/x-opml; charset=utf-8");
    assert_eq!(checker::opml(&document.body, now()), []);
    assert_eq!(checker::opml(&opml("", &[], now()).body, now()), []);
    insta::assert_snapshot!("opml", String::from_utf8(document.body.to_vec()).unwrap());
}
