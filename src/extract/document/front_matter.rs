//! The facts at the head of a Markdown document: `---` with `key: value` lines, `+++` with TOML.

use toml_edit::{DocumentMut, Item, Value};

/// Facts by key in lower case; lists have several values.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FrontMatter {
    facts: Vec<(String, Vec<String>)>,
}

impl FrontMatter {
    /// The values of the first of several keys that is there.
    pub(crate) fn all(&self, keys: &[&str]) -> Vec<String> {
        let of = |key: &&str| self.facts.iter().find(|(known, _)| known == key).map(|(_, values)| values.clone());
        keys.iter().filter_map(of).find(|values| !values.is_empty()).unwrap_or_default()
    }

    /// The first value of the first of several keys that is there.
    pub(crate) fn one(&self, keys: &[&str]) -> Option<String> {
        self.all(keys).into_iter().next()
    }
}

/// Splits a document into its facts and its body.
pub(crate) fn split(text: &str) -> (FrontMatter, &str) {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    for (fence, read) in [("---", lines as fn(&str) -> FrontMatter), ("+++", toml)] {
        let Some(rest) =
            text.strip_prefix(fence).and_then(|rest| rest.trim_start_matches([' ', '\r']).strip_prefix('\n'))
        else {
            continue;
        };
        let mut from = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_end() == fence || line.trim_end() == "..." && fence == "---" {
                let (facts, body) =
                    (rest.get(..from).unwrap_or_default(), rest.get(from + line.len()..).unwrap_or_default());
                return (read(facts), body);
            }
            from += line.len();
        }
    }
    (FrontMatter::default(), text)
}

/// The part of YAML that front matter uses: `key: value`, `[a, b]`, and `- item` lines.
fn lines(text: &str) -> FrontMatter {
    let mut facts: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let item = line.trim_start().strip_prefix("- ");
        if let Some(item) = item {
            if let Some((_, values)) = facts.last_mut() {
                // `- name: Ann` is how some list people.
                let value = item.strip_prefix("name:").unwrap_or(item);
                values.extend(scalar(value));
            }
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let (Some((_, values)), Some(name)) = (facts.last_mut(), line.trim().strip_prefix("name:")) {
                values.extend(scalar(name));
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let values = match list {
            Some(list) => list.split(',').filter_map(scalar).collect(),
            None => scalar(value).into_iter().collect(),
        };
        facts.push((key.trim().to_ascii_lowercase(), values));
    }
    FrontMatter { facts }
}

fn scalar(text: &str) -> Option<String> {
    let text = text.trim();
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let text = match quoted('"') {
        Some(inner) => inner.replace("\\\"", "\""),
        None => match quoted('\'') {
            Some(inner) => inner.replace("''", "'"),
            None => text.split(" #").next().unwrap_or_default().trim().to_owned(),
        },
    };
    (!text.is_empty() && text != "null" && text != "~" && text != "|" && text != ">").then_some(text)
}

fn toml(text: &str) -> FrontMatter {
    let Ok(document) = text.parse::<DocumentMut>() else { return FrontMatter::default() };
    let mut facts = Vec::new();
    for (key, item) in document.iter() {
        let values = match item {
            Item::Value(Value::Array(values)) => values.iter().filter_map(plain).collect(),
            Item::Value(value) => plain(value).into_iter().collect(),
            _ => Vec::new(),
        };
        facts.push((key.to_ascii_lowercase(), values));
    }
    FrontMatter { facts }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Datetime(date) => Some(date.value().to_string()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::InlineTable(table) => table.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds() {
        let (yaml, body) = split("---\ntitle: \"A: b\"\ntags: [x, 'y']\nauthors:\n  - Ann\n  - name: Bo\n---\nText");
        assert_eq!((yaml.one(&["title"]).as_deref(), body), (Some("A: b"), "Text"));
        assert_eq!(
            (yaml.all(&["tags"]), yaml.all(&["authors"])),
            (vec!["x".to_owned(), "y".into()], vec!["Ann".to_owned(), "Bo".into()])
        );
        let (toml, body) = split("+++\ntitle = 'A'\ndate = 2024-01-02T03:04:05+07:00\n+++\n\nText");
        assert_eq!((toml.one(&["date"]).as_deref(), body.trim()), (Some("2024-01-02T03:04:05+07:00"), "Text"));
        assert_eq!(split("--- no matter").1, "--- no matter");
    }
}
