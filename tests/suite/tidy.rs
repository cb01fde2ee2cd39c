//! Rules about the code itself that a compiler does not know: who may import whom, how long files
//! may be, and that no test file is forgotten.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that know nothing of feeds.
const TOOLS: [&str; 5] = ["address", "clock", "date", "encoding", "html"];

/// What each room may import besides itself. Rooms on one line never import each other.
const LAYERS: &[(&str, &[&str])] = &[
    ("address", &[]),
    ("clock", &[]),
    ("date", &[]),
    ("encoding", &[]),
    ("html", &["address"]),
    ("model", &["TOOLS"]),
    ("fetch", &["TOOLS", "model"]),
    ("parse", &["TOOLS", "model"]),
    ("extract", &["TOOLS", "model"]),
    ("clean", &["TOOLS", "model"]),
    ("dedup", &["TOOLS", "model"]),
    ("store", &["TOOLS", "model"]),
    ("merge", &["TOOLS", "model"]),
    ("publish", &["TOOLS", "model", "merge"]),
    ("poll", &["TOOLS", "model", "fetch", "parse", "extract", "clean", "dedup", "store"]),
    ("serve", &["TOOLS", "model", "store", "merge", "publish"]),
    ("notify", &["TOOLS", "model", "fetch", "store", "merge", "publish"]),
    ("config", &["TOOLS", "model", "fetch", "parse", "extract", "merge", "poll", "serve", "notify"]),
    ("app", &["TOOLS", "model", "fetch", "dedup", "store", "merge", "publish", "poll", "serve", "notify", "config"]),
    ("demo", &["TOOLS", "model", "app", "config"]),
    (
        "cli",
        &[
            "TOOLS", "model", "fetch", "parse", "extract", "clean", "dedup", "store", "merge", "publish", "poll",
            "serve", "notify", "config", "app", "demo",
        ],
    ),
];

/// Files may have this many lines; longer ones need a reason in [`LONG_FILES`].
const LINES: usize = 450;
/// Longer files, with the reason.
const LONG_FILES: &[(&str, &str)] = &[("config/keys.rs", "one table: each key of feeds.toml described once")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The room of a file below src/.
fn room_of(relative: &Path) -> String {
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every forbidden import in a text, as `line: room`.
fn forbidden(room: &str, text: &str) -> Vec<String> {
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("room {room} is missing from the table of layers")];
    };
    let may = |other: &str| {
        other == room || allowed.contains(&other) || (allowed.contains(&"TOOLS") && TOOLS.contains(&other))
    };
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        if code.contains("use crate::{") || code.contains("super::super") {
            problems.push(format!("{}: write one path `crate::room::…` each", number + 1));
        }
        for rest in code.split("crate::").skip(1) {
            let other: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !other.is_empty() && !may(&other) {
                problems.push(format!("{}: {room} must not import {other}", number + 1));
            }
        }
    }
    problems
}

#[test]
fn rooms_import_only_what_lies_below_them() {
    let src = root().join("src");
    let mut problems = Vec::new();
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).unwrap();
        let room = room_of(relative);
        if room == "lib" || room == "main" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        problems
            .extend(forbidden(&room, &text).into_iter().map(|problem| format!("src/{}:{problem}", relative.display())));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_forbidden_import_is_found() {
    assert_eq!(forbidden("parse", "use crate::store::Store;\n"), ["1: parse must not import store"]);
    assert_eq!(forbidden("clean", "\nlet x = crate::dedup::judge();"), ["2: clean must not import dedup"]);
    assert!(forbidden("poll", "use crate::fetch::Fetcher; // crate::serve").is_empty());
    assert_eq!(forbidden("new", "").len(), 1);
}

#[test]
fn files_are_short() {
    let src = root().join("src");
    let long: Vec<_> = sources(&src)
        .into_iter()
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            let name = path.strip_prefix(&src).unwrap().display().to_string();
            (lines > LINES && !LONG_FILES.iter().any(|(file, _)| *file == name))
                .then(|| format!("{name}: {lines} lines"))
        })
        .collect();
    assert!(long.is_empty(), "split these, or name them with a reason:\n{}", long.join("\n"));
}

/// Lines that a merge left behind.
fn left_by_a_merge(text: &str) -> Vec<&str> {
    let marks = ["<".repeat(7), ">".repeat(7), "=".repeat(7)];
    text.lines().filter(|line| marks.iter().any(|mark| line.split(' ').next() == Some(mark))).collect()
}

#[test]
fn no_text_has_what_a_merge_left_behind() {
    let conflict = format!("a\n{} HEAD\nb\n{}\nc\n", "<".repeat(7), "=".repeat(7));
    assert_eq!(left_by_a_merge(&conflict).len(), 2);
    let mut folders = vec![root().join("docs")];
    let mut files = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "Cargo.toml", "feeds.toml"]
        .map(|name| root().join(name))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else if path.extension().is_some_and(|ending| ending == "md") {
                files.push(path)
            }
        }
    }
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(left_by_a_merge(&text).is_empty(), "{}: {:?}", file.display(), left_by_a_merge(&text));
    }
}

#[test]
fn only_the_sanitiser_and_the_store_make_safe_html() {
    let src = root().join("src");
    for path in sources(&src) {
        let name = path.strip_prefix(&src).unwrap().display().to_string();
        if name.starts_with("store/") || name.starts_with("html/") {
            continue;
        }
        assert!(!fs::read_to_string(&path).unwrap().contains("SafeHtml::from_store"), "{name} must not make SafeHtml");
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let suite = root().join("tests/suite");
    let main = fs::read_to_string(suite.join("main.rs")).unwrap();
    for entry in fs::read_dir(&suite).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        assert!(
            name == "main" || name == "snapshots" || main.contains(&format!("mod {name};")),
            "tests/suite/main.rs lacks mod {name};"
        );
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let banned = ["/work/", "../shared", "shared/design", "shared/conformance"];
    for folder in ["src", "tests", "docs", "scripts", "examples", "benches"] {
        let mut folders = vec![root().join(folder)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    // What was built there is no part of the project.
                    folders.extend(Some(path).filter(|path| !path.ends_with("target")));
                } else if !path.ends_with("tidy.rs")
                    && let Ok(text) = fs::read_to_string(&path)
                {
                    for word in banned {
                        assert!(!text.contains(word), "{} names {word}", path.display());
                    }
                }
            }
        }
    }
}
