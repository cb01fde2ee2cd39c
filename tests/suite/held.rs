//! Pages of newspapers, agencies, offices, magazines and blogs in some twenty languages that were written
//! after the work on extraction. What the first reading gave stands in docs/extraction.md; its errors were mended for their causes, so that these
//! pages are held back no longer.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use newsriver::extract::{self, Options};
use newsriver::html;
use newsriver::model::ArticleRules;
use serde::Deserialize;

/// What an editor would take from a page.
#[derive(Deserialize)]
struct Expected {
    url: String,
    title: String,
    authors: Vec<String>,
    published: String,
    /// Of dates without one.
    #[serde(default = "vietnam")]
    zone: String,
    language: String,
    /// The running text, a line each.
    text: Vec<String>,
    /// Addresses of the pictures.
    pictures: Vec<String>,
}

fn vietnam() -> String {
    "Asia/Ho_Chi_Minh".into()
}

fn pages(set: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(set);
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages.sort();
    pages
}

fn folded(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many lines the two have in common.
fn common(wanted: &[String], got: &[String]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in wanted {
        *left.entry(line).or_default() += 1;
    }
    let is_left = |line: &&String| {
        left.get_mut(line.as_str()).is_some_and(|left| left.checked_sub(1).map(|less| *left = less).is_some())
    };
    got.iter().filter(is_left).count()
}

/// Reads a set of pages; `least` of the facts and lines must be right.
fn read(set: &str, least: (usize, f64, f64)) {
    let (mut facts, mut right, mut wanted_lines, mut got_lines, mut shared) = (0, 0, 0, 0, 0);
    let mut wrong = String::new();
    for path in pages(set) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected: Expected = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let options = Options {
            url: expected.url.parse().ok(),
            timezone: expected.zone.parse().unwrap(),
            rules: ArticleRules::default(),
        };
        let article = extract::page(&std::fs::read_to_string(&path).unwrap(), &options).unwrap();
        let authors: Vec<String> = article.authors.iter().filter_map(|person| person.name.clone()).collect();
        let pictures: Vec<String> = article.pictures.iter().map(|picture| picture.url.clone()).collect();
        let published = article.published.map(|date| date.timestamp());
        let checks = [
            ("title", article.title.as_deref() == Some(expected.title.as_str()), format!("{:?}", article.title)),
            ("authors", authors == expected.authors, format!("{authors:?}")),
            (
                "date",
                published == DateTime::parse_from_rfc3339(&expected.published).ok().map(|date| date.timestamp()),
                format!("{:?}", article.published),
            ),
            (
                "language",
                article.language.as_deref() == Some(expected.language.as_str()),
                format!("{:?}", article.language),
            ),
            ("pictures", pictures == expected.pictures, format!("{pictures:?}")),
        ];
        for (fact, holds, got) in checks {
            facts += 1;
            right += usize::from(holds);
            if !holds {
                let _ = writeln!(wrong, "{name}: {fact}: {got}");
            }
        }
        let wanted: Vec<String> = expected.text.iter().map(|line| folded(line)).collect();
        let got: Vec<String> = html::running(&article.content_html).lines().map(folded).collect();
        for line in got.iter().filter(|line| !wanted.contains(line)) {
            let _ = writeln!(wrong, "{name}: foreign: {line}");
        }
        for line in wanted.iter().filter(|line| !got.contains(line)) {
            let _ = writeln!(wrong, "{name}: missing: {line}");
        }
        wanted_lines += wanted.len();
        got_lines += got.len();
        shared += common(&wanted, &got);
    }
    let (precision, recall) = (shared as f64 / got_lines as f64, shared as f64 / wanted_lines as f64);
    println!("{set}: facts {right} of {facts}; lines: precision {precision:.3}, recall {recall:.3}\n{wrong}");
    let holds = right >= least.0 && precision >= least.1 && recall >= least.2;
    assert!(holds, "{right} of {facts} facts, lines {precision:.3} and {recall:.3}\n{wrong}");
}

#[test]
fn the_first_pages_are_read_as_an_editor_would() {
    read("held", (70, 1.0, 1.0));
}

#[test]
fn the_second_pages_are_read_as_an_editor_would() {
    read("held-2", (60, 1.0, 1.0));
}

#[test]
fn the_third_pages_are_read_as_an_editor_would() {
    read("held-3", (70, 0.97, 1.0));
}

#[test]
fn the_fourth_pages_are_read_as_an_editor_would() {
    read("held-4", (70, 1.0, 1.0));
}

#[test]
fn the_fifth_pages_are_read_as_an_editor_would() {
    read("held-5", (35, 1.0, 1.0));
}

#[test]
fn the_sixth_pages_are_read_as_an_editor_would() {
    read("held-6", (80, 1.0, 1.0));
}

#[test]
fn the_seventh_pages_are_read_as_an_editor_would() {
    read("held-7", (80, 1.0, 1.0));
}

#[test]
fn the_eighth_pages_are_read_as_an_editor_would() {
    read("held-8", (30, 1.0, 1.0));
}

#[test]
fn the_ninth_pages_are_read_as_an_editor_would() {
    read("held-9", (40, 1.0, 1.0));
}

#[test]
fn the_tenth_pages_are_read_as_an_editor_would() {
    read("held-10", (30, 0.975, 0.975));
}
