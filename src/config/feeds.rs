//! `[feeds.<id>]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::TimeDelta;
use regex::{Regex, RegexBuilder};

use super::keys::{FEED, FILTERS};
use super::reader::{Reader, Spot};
use super::service;
use super::values::{self, nearest};
use crate::model::{
    Amount, Bounds, Bygone, Dedupe, FeedId, Filter, Order, Profile, Selection, Source, SourceId, SourceSet, Template,
    Token, Wording,
};

/// Memory that one compiled expression may take.
const REGEX_SIZE: usize = 1 << 20;

/// The feeds, and those that were.
pub(super) fn read(root: &Reader<'_>, folder: &Path, sources: &[Source]) -> (Vec<Selection>, BTreeMap<FeedId, Bygone>) {
    let (mut feeds, mut bygone) = (Vec::new(), BTreeMap::new());
    let tables: Vec<_> = root.tables("feeds").into_iter().collect();
    let present: BTreeSet<String> = tables.iter().map(|(name, _)| name.value.clone()).collect();
    for (name, table) in tables {
        table.describe(&FEED);
        let id = table.understand(&name, |text| FeedId::parse(text).map_err(|problem| problem.to_string()));
        let include = filters(&table.table("include", &FILTERS));
        let exclude = filters(&table.table("exclude", &FILTERS));
        let chosen = chosen(&table, sources);
        let tokens = tokens(&table, "tokens", folder);
        let Some(id) = id else { continue };
        if table.flag("retired") == Some(true) {
            bygone.insert(id, Bygone::Retired);
            continue;
        }
        for former in table.texts("formerly").unwrap_or_default() {
            let former = table.understand(&former, |text| match FeedId::parse(text) {
                Ok(_) if present.contains(text) => {
                    Err(format!("there is a feed {text:?}, to which these addresses belong"))
                }
                Ok(former) if bygone.contains_key(&former) => Err(format!("{text:?} leads to another feed already")),
                parsed => parsed.map_err(|problem| problem.to_string()),
            });
            bygone.extend(former.map(|former| (former, Bygone::Renamed(id.clone()))));
        }
        // A feed must never be open because its token could not be read; the mistake is reported.
        let Some(tokens) = tokens else { continue };
        let profile = table
            .text("profile")
            .and_then(|spot| Profile::NAMES.iter().find(|(name, _)| *name == spot.value).map(|(_, profile)| *profile));
        let profile = profile.unwrap_or_default();
        let title = table.text("title").map_or_else(|| name.value.clone(), |spot| spot.value);
        feeds.push(Selection {
            description: table.text("description").map(|spot| spot.value),
            language: table.read("language", values::language),
            include,
            exclude,
            bounds: bounds(&table, profile),
            profile,
            logo: table.read("logo", values::address),
            wording: wording(&table),
            dedupe: match table.text("dedupe").map(|spot| spot.value).as_deref() {
                Some("off") => Dedupe::Off,
                Some("exact") => Dedupe::Exact,
                _ => Dedupe::Near,
            },
            tokens,
            hubs: service::addresses(&table, "hubs"),
            noindex: table.flag("noindex").unwrap_or(false),
            ..Selection::new(id, title, SourceSet(chosen))
        });
    }
    (feeds, bygone)
}

fn bounds(table: &Reader<'_>, profile: Profile) -> Bounds {
    let count = |name: &str| table.number(name).and_then(|number| usize::try_from(number).ok());
    let otherwise = profile.bounds();
    Bounds {
        limit: count("limit").unwrap_or(otherwise.limit),
        per_source: count("per_source"),
        max_bytes: table
            .size("max_bytes", &values::MEMORY)
            .and_then(|size| usize::try_from(size).ok())
            .map_or(otherwise.max_bytes, |size| size.min(otherwise.max_bytes)),
        max_age: span(table, "max_age").into_iter().chain(otherwise.max_age).min(),
        order: match table.text("sort") {
            Some(spot) if spot.value == "first-seen" => Order::FirstSeen,
            _ => Order::Published,
        },
        delay: span(table, "delay").unwrap_or_default(),
        hold_back: span(table, "hold_back").unwrap_or_default(),
    }
}

fn wording(table: &Reader<'_>) -> Wording {
    let template = |name: &str, names: &[&str]| table.read(name, |text| Template::parse(text, names));
    Wording {
        amount: match table.text("content") {
            Some(spot) if spot.value == "summary" => Amount::Summary,
            _ => Amount::Full,
        },
        attribution: template("attribution", &["source", "author", "published", "title", "link", "site"]),
        link_query: template("link_query", &["site", "feed", "source"]),
    }
}

fn span(table: &Reader<'_>, name: &str) -> Option<TimeDelta> {
    table.read(name, |text| {
        let span = values::duration(text)?;
        TimeDelta::from_std(span).map_err(|_| format!("{text:?} is out of range"))
    })
}

fn filters(table: &Reader<'_>) -> Vec<Filter> {
    let regex = |name: &str| {
        table.read(name, |text| {
            RegexBuilder::new(text).size_limit(REGEX_SIZE).build().map_err(|problem| match problem {
                regex::Error::CompiledTooBig(_) => format!("the regular expression {text:?} is too big"),
                other => format!(
                    "{text:?} is no regular expression: {}",
                    other.to_string().lines().last().unwrap_or_default()
                ),
            })
        })
    };
    let fields: [(&str, fn(Regex) -> Filter); 5] = [
        ("title", Filter::Title),
        ("content", Filter::Content),
        ("author", Filter::Author),
        ("category", Filter::Category),
        ("url", Filter::Url),
    ];
    let mut filters: Vec<_> = fields.into_iter().filter_map(|(name, make)| regex(name).map(make)).collect();
    if let Some(words) = table.texts("language") {
        let languages = words.iter().filter_map(|word| table.understand(word, values::language));
        filters.push(Filter::Language(languages.collect()));
    }
    let count = |name: &str| table.number(name).and_then(|number| usize::try_from(number).ok());
    filters.extend(span(table, "older_than").map(Filter::OlderThan));
    filters.extend(table.flag("image").map(Filter::Picture));
    filters.extend(count("min_length").map(Filter::AtLeast));
    filters.extend(count("max_length").map(Filter::AtMost));
    filters
}

/// The sources that a list of ids, tags, `*` and exclusions stands for.
fn chosen(table: &Reader<'_>, sources: &[Source]) -> BTreeSet<SourceId> {
    let words = table.texts("sources").unwrap_or_else(|| vec![Spot { value: "*".to_owned(), span: None }]);
    let only_exclusions = !words.is_empty() && words.iter().all(|word| word.value.starts_with('!'));
    let mut chosen: BTreeSet<SourceId> =
        if only_exclusions { sources.iter().map(|source| source.id.clone()).collect() } else { BTreeSet::new() };
    for word in &words {
        let (text, out) = match word.value.strip_prefix('!') {
            Some(text) => (text, true),
            None => (word.value.as_str(), false),
        };
        let meant = meant(table, word, text, sources);
        if out {
            chosen.retain(|id| !meant.contains(id));
        } else {
            chosen.extend(meant);
        }
    }
    chosen
}

fn meant(table: &Reader<'_>, word: &Spot<String>, text: &str, sources: &[Source]) -> Vec<SourceId> {
    let tag = text.strip_prefix("tag:");
    let fits = |source: &&Source| match tag {
        _ if text == "*" => true,
        Some(tag) => source.tags.iter().any(|have| have == tag),
        None => source.id.as_str() == text,
    };
    let found: Vec<_> = sources.iter().filter(fits).map(|source| source.id.clone()).collect();
    // With no source at all, that is the one mistake to report.
    if found.is_empty() && !sources.is_empty() {
        let (message, near) = match tag {
            Some(tag) => {
                let tags = sources.iter().flat_map(|source| source.tags.iter().map(String::as_str));
                (format!("no source has the tag {tag:?}"), nearest(tag, tags).map(|near| format!("tag:{near}")))
            }
            None => {
                let ids = sources.iter().map(|source| source.id.as_str());
                (format!("there is no source {text:?}"), nearest(text, ids).map(str::to_owned))
            }
        };
        table.problem(word.span.clone(), message, near.map(|near| format!("did you mean {near:?}?")));
    }
    found
}

/// The secrets that a list names; None when one of them cannot be read, which is reported.
pub(super) fn tokens(table: &Reader<'_>, name: &str, folder: &Path) -> Option<Vec<Token>> {
    let named = table.texts(name).unwrap_or_default();
    let read = |spot: &Spot<String>| match token(&spot.value, folder) {
        Ok(secret) => Some(secret),
        Err(message) => {
            table.secret_problem(spot.span.clone(), message);
            None
        }
    };
    let tokens: Vec<_> = named.iter().filter_map(read).collect();
    (tokens.len() == named.len()).then_some(tokens)
}

/// A secret by reference; it never stands in the file itself, nor in what is reported.
fn token(text: &str, folder: &Path) -> Result<Token, String> {
    if !text.starts_with("env:") && !text.starts_with("file:") {
        return Err("a token is named by env:NAME or file:PATH, so that it does not stand in this file".to_owned());
    }
    Token::parse(&values::named(text, folder)?, text.to_owned()).map_err(|problem| problem.to_string())
}
