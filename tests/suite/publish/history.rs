//! Pages and archives (RFC 5005).

use newsriver::model::{Feed, Part};
use newsriver::publish::{OutputFormat, news, render, suffix};

use super::sample::{now, rich};
use crate::checker;

fn part(part: Part) -> Feed {
    Feed { part, ..rich() }
}

fn text(feed: &Feed, format: OutputFormat) -> String {
    String::from_utf8(render(feed, format).unwrap().body.to_vec()).unwrap()
}

#[test]
fn every_part_is_valid_and_linked() {
    for (feed, links) in [
        (part(Part::Newest { archive: None, more: false }), vec![]),
        (
            part(Part::Newest { archive: Some(7), more: true }),
            vec![("prev-archive", "/archive/7"), ("next", "/page/2")],
        ),
        (part(Part::Page { number: 2, more: true }), vec![("first", ""), ("previous", ""), ("next", "/page/3")]),
        (part(Part::Page { number: 3, more: false }), vec![("first", ""), ("previous", "/page/2")]),
        (
            part(Part::Archive { number: 3, older: true, newer: true }),
            vec![("current", ""), ("prev-archive", "/archive/2"), ("next-archive", "/archive/4")],
        ),
        (
            part(Part::Archive { number: 1, older: false, newer: true }),
            vec![("current", ""), ("next-archive", "/archive/2")],
        ),
    ] {
        let own = format!("https://feeds.example.org/feeds/all{}", suffix(feed.part));
        let atom = text(&feed, OutputFormat::Atom);
        assert_eq!(checker::atom(atom.as_bytes(), &format!("{own}.atom"), now()), [], "{:?}", feed.part);
        let rss = text(&feed, OutputFormat::Rss);
        assert_eq!(checker::rss(rss.as_bytes(), &format!("{own}.rss"), now()), [], "{:?}", feed.part);
        let json = text(&feed, OutputFormat::Json);
        assert_eq!(checker::json(json.as_bytes(), "https://feeds.example.org/feeds/all.json", now()), []);
        for (relation, path) in &links {
            let href = format!("href=\"https://feeds.example.org/feeds/all{path}.");
            assert!(atom.contains(&format!("{href}atom\" rel=\"{relation}\"")), "{relation}: {atom}");
            assert!(rss.contains(&format!("{href}rss\" rel=\"{relation}\"")), "{relation}: {rss}");
        }
        let is_archive = matches!(feed.part, Part::Archive { .. });
        assert_eq!((atom.contains("<fh:archive"), rss.contains("<fh:archive")), (is_archive, is_archive));
        for relation in ["first", "previous", "next", "prev-archive", "next-archive", "current"] {
            let is_linked = links.iter().any(|(name, _)| *name == relation);
            assert_eq!(atom.contains(&format!("rel=\"{relation}\"")), is_linked, "{:?}: {relation}", feed.part);
        }
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let next = links.iter().find(|(name, _)| *name == "next");
        let next = next.map(|(_, path)| format!("https://feeds.example.org/feeds/all{path}.json"));
        assert_eq!(json["next_url"].as_str(), next.as_deref());
    }
}

#[test]
fn a_newer_archive_is_no_news_and_a_new_article_is() {
    let newest = |archive| part(Part::Newest { archive, more: true });
    let other = Feed { entries: rich().entries.into_iter().skip(1).collect(), ..newest(Some(8)) };
    for format in [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json] {
        let told = |feed: &Feed| news(feed, &render(feed, format).unwrap());
        assert_eq!(told(&newest(Some(7))), told(&newest(Some(8))), "{format:?}");
        assert_eq!(told(&newest(None)), told(&newest(Some(1))), "{format:?}");
        assert_ne!(told(&newest(Some(8))), told(&other), "{format:?}");
    }
}

#[test]
fn pages_for_people_can_be_turned() {
    let page = text(&part(Part::Page { number: 2, more: true }), OutputFormat::Html);
    assert!(page.contains("rel=\"prev\" href=\"/feeds/all\""), "{page}");
    assert!(page.contains("rel=\"next\" href=\"/feeds/all/page/3\""));
    assert!(page.contains("rel=\"canonical\" href=\"https://feeds.example.org/feeds/all/page/2\""));
    let first = text(&part(Part::Newest { archive: None, more: true }), OutputFormat::Html);
    assert!(first.contains("rel=\"next\" href=\"/feeds/all/page/2\"") && !first.contains("rel=\"prev\""));
}

#[test]
fn a_huge_archive_keeps_all_its_articles() {
    use newsriver::html::SafeHtml;
    let stories: Vec<_> = (1..=60)
        .map(|number| {
            let mut story = super::sample::story(number, "cua-song", "x", "");
            story.lead.facts.content = SafeHtml::from_store(format!("<p>{}</p>", "mở đầu ".repeat(20_000)));
            story
        })
        .collect();
    let (names, site) = (super::sample::names(), super::sample::site());
    let press = newsriver::merge::Press { site: &site, names: &names, ttl_minutes: 5, now: now() };
    let archive = Part::Archive { number: 2, older: true, newer: false };
    let feed = newsriver::merge::part("feeds/all".to_owned(), &super::sample::selection(), stories, archive, press);
    assert_eq!(feed.entries.len(), 60);
    assert!(text(&feed, OutputFormat::Atom).len() < 5_000_000);
    assert!(feed.entries.iter().any(|entry| !entry.story.lead.facts.content.is_empty()), "some are told in full");
}
