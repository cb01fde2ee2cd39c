//! feeds.toml: every mistake is found, marked and explained.

use std::path::Path;

use newsriver::config;

#[test]
fn mistakes_are_marked_and_explained() {
    insta::glob!("../fixtures/config/mistakes", "*.toml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let report = config::parse(&text, Path::new("feeds.toml")).unwrap_err().to_string();
        insta::assert_snapshot!(report);
    });
}

#[test]
fn the_shipped_file_is_good_and_the_schema_knows_its_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("feeds.toml");
    let config = config::load(&path).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((config.sources.len(), config.feeds.len()), (1, 2));
    let schema = config::schema();
    for key in ["site", "server", "storage", "fetch", "defaults", "sources", "feeds"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}

#[test]
fn the_example_of_the_readme_is_good() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let toml = readme.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    config::parse(toml, Path::new("feeds.toml")).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn selections_take_ids_tags_and_exclusions() {
    let text = |sources: &str| {
        format!(
            "[sources.a]\nurl = \"https://a.example/\"\ntags = [\"x\"]\n[sources.b]\nurl = \"https://b.example/\"\ntags = [\"x\", \"y\"]\n\
             [sources.c]\nurl = \"https://c.example/\"\n[feeds.f]\nsources = {sources}\n"
        )
    };
    for (sources, wanted) in [
        ("[\"*\"]", "abc"),
        ("[\"tag:x\"]", "ab"),
        ("[\"*\", \"!b\"]", "ac"),
        ("[\"tag:x\", \"!tag:y\"]", "a"),
        ("[\"!a\"]", "bc"),
        ("[\"c\", \"a\"]", "ac"),
    ] {
        let config = config::parse(&text(sources), Path::new("feeds.toml")).unwrap();
        let chosen: String = config.feeds[0].sources.0.iter().map(ToString::to_string).collect();
        assert_eq!(chosen, wanted, "{sources}");
    }
}

#[test]
fn defaults_hold_unless_a_source_says_otherwise() {
    let text = "[defaults]\ninterval = \"15m\"\nfull_text = \"never\"\n[sources.a]\nurl = \"https://a.example/\"\n\
                [sources.b]\nurl = \"https://b.example/\"\nfull_text = \"always\"\n";
    let config = config::parse(text, Path::new("feeds.toml")).unwrap();
    let every = newsriver::model::Cadence::Every(std::time::Duration::from_secs(900));
    assert!(config.sources.iter().all(|source| source.cadence == every));
    assert_eq!(config.sources[0].full_text, newsriver::model::FullText::Never);
    assert_eq!(config.sources[1].full_text, newsriver::model::FullText::Always);
}

#[test]
fn selections_are_read() {
    use newsriver::model::{Amount, Filter, Order};
    let text = "[site]\ntimezone = \"Asia/Ho_Chi_Minh\"\n[sources.a]\nurl = \"https://a.example/\"\n\
                [sources.a.agreement]\nreference = \"12/2026\"\nuntil = \"2027-12-31\"\ncovers = [\"summary\"]\n\
                [feeds.f]\nlimit = 30\nper_source = 10\nmax_age = \"7d\"\nmax_bytes = \"1MB\"\nsort = \"first-seen\"\n\
                delay = \"15m\"\nhold_back = \"1h\"\ncontent = \"summary\"\nattribution = \"Theo {source}\"\n\
                link_query = \"utm_source={site}\"\n\
                include = { language = [\"vi\"], image = true, min_length = 500 }\n\
                exclude = { older_than = \"2d\", max_length = 10 }\n";
    let config = config::parse(text, Path::new("feeds.toml")).unwrap();
    let feed = &config.feeds[0];
    let bounds = &feed.bounds;
    assert_eq!((bounds.limit, bounds.per_source, bounds.max_bytes), (30, Some(10), 1_000_000));
    assert_eq!(bounds.max_age, Some(chrono::TimeDelta::days(7)));
    assert_eq!((bounds.delay, bounds.hold_back), (chrono::TimeDelta::minutes(15), chrono::TimeDelta::hours(1)));
    assert_eq!((bounds.order, feed.wording.amount), (Order::FirstSeen, Amount::Summary));
    assert!(feed.wording.attribution.is_some() && feed.wording.link_query.is_some());
    assert!(matches!(feed.include[..], [Filter::Language(_), Filter::Picture(true), Filter::AtLeast(500)]));
    assert!(matches!(feed.exclude[..], [Filter::OlderThan(_), Filter::AtMost(10)]));
    let agreement = config.sources[0].agreement.as_ref().unwrap();
    assert_eq!((agreement.amount, agreement.pictures), (Amount::Summary, false));
    assert_eq!(agreement.until.unwrap().to_rfc3339(), "2027-12-31T17:00:00+00:00", "the end of the day there");
}
