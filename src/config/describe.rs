//! The table of keys as a JSON Schema and as documentation.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::keys::{
    AGREEMENT, ARTICLE, FEED, FETCH, FILTERS, HUB, Key, PAGE, SERVER, SITE, SOURCE, STORAGE, Shape, TABLES, Table,
};

/// The JSON Schema (draft 2020-12) of feeds.toml, for editors that complete and check TOML.
pub fn schema() -> Value {
    let mut source = object(&SOURCE);
    insert(&mut source, "page", object(&PAGE));
    insert(&mut source, "article", object(&ARTICLE));
    insert(&mut source, "agreement", object(&AGREEMENT));
    let mut defaults = source.clone();
    for own in ["url", "title", "page", "article", "agreement"] {
        if let Some(properties) = defaults.get_mut("properties").and_then(Value::as_object_mut) {
            properties.remove(own);
        }
    }
    if let Some(schema) = source.as_object_mut() {
        schema.insert("required".into(), json!(["url"]));
    }
    let ids = json!({ "pattern": "^[a-z0-9-]{1,64}$" });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "feeds.toml of newsriver",
        "type": "object",
        "additionalProperties": false,
        "required": ["sources"],
        "properties": {
            "site": object(&SITE),
            "server": object(&SERVER),
            "hub": object(&HUB),
            "storage": object(&STORAGE),
            "fetch": object(&FETCH),
            "defaults": defaults,
            "sources": { "type": "object", "propertyNames": ids, "minProperties": 1, "additionalProperties": source },
            "feeds": { "type": "object", "propertyNames": ids, "additionalProperties": object(&FEED) },
        },
    })
}

fn insert(schema: &mut Value, name: &str, value: Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(name.to_owned(), value);
    }
}

fn object(table: &Table) -> Value {
    let properties: Map<String, Value> = table.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({ "type": "object", "description": table.doc, "additionalProperties": false, "properties": properties })
}

fn property(key: &Key) -> Value {
    let mut schema = match key.shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Number { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Size => json!({ "type": ["string", "integer"] }),
        Shape::Duration => json!({ "type": "string", "pattern": "^[0-9]+(s|m|min|h|d|w)$" }),
        Shape::DurationOr(word) => json!({ "type": "string", "pattern": format!("^({word}|[0-9]+(s|m|min|h|d|w))$") }),
        Shape::OneOf(words) => json!({ "enum": words }),
        Shape::Filters => object(&FILTERS),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), json!(key.doc));
        if let Ok(default) = serde_json::from_str::<Value>(key.default) {
            schema.insert("default".into(), default);
        }
    }
    schema
}

/// docs/configuration.md.
pub fn docs() -> String {
    let mut out = String::from(
        "# feeds.toml\n\nOne file, edited by hand. `newsriver check` says what is wrong with it and where. A mistake never stops a\n\
         running service: the last good configuration stays in force. Ids are lower-case letters, digits and `-`, at most\n64 \
         characters; they are part of published addresses. Durations are whole numbers with `s`, `m`, `h`, `d` or `w`.\n\n\
         `newsriver schema > feeds.schema.json` writes a JSON Schema; with `#:schema feeds.schema.json` in the file's first line,\n\
         editors complete and check it.\n",
    );
    for table in TABLES {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "\n## `[{}]`\n\n{}\n\n| key | default | example | meaning |\n| --- | --- | --- | --- |\n",
            table.name, table.doc
        );
        for key in table.keys {
            let cell =
                |text: &str| if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) };
            let choices = match key.shape {
                Shape::OneOf(words) if words.len() > 1 => format!(" One of: {}.", words.join(", ")),
                _ => String::new(),
            };
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {}{choices} |",
                key.name,
                cell(key.default),
                cell(key.example),
                key.doc
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_and_example_is_toml() {
        for table in TABLES {
            for key in table.keys {
                for value in [key.default, key.example].into_iter().filter(|value| !value.is_empty()) {
                    assert!(value.parse::<toml_edit::Value>().is_ok(), "{} of [{}]: {value}", key.name, table.name);
                }
            }
        }
    }

    #[test]
    fn the_documentation_is_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, docs()).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap() == docs(),
            "stale: run UPDATE_DOCS=1 cargo test the_documentation"
        );
    }
}
