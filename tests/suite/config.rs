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
