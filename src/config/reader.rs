//! Reading tables without giving up at the first mistake.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml_edit::{Item, TableLike, Value};

use super::Problem;
use super::keys::{Key, Shape, TABLES, Table};
use super::values::{self, nearest};

/// Mistakes found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(super) fn into_inner(self) -> Vec<Problem> {
        self.0.into_inner()
    }

    pub(super) fn add(&self, span: Option<Range<usize>>, message: impl Into<String>, help: Option<String>) {
        self.0.borrow_mut().push(Problem { span, message: message.into(), help, is_secret: false });
    }
}

/// One table of the file, or the place where it would be.
pub(super) struct Reader<'a> {
    table: Option<&'a dyn TableLike>,
    /// Where values are looked for that the table does not have.
    fallback: Option<&'a dyn TableLike>,
    span: Option<Range<usize>>,
    problems: &'a Problems,
    known: RefCell<HashSet<&'static str>>,
    checked: Cell<bool>,
}

/// A value with its place.
pub(super) struct Spot<T> {
    pub(super) value: T,
    pub(super) span: Option<Range<usize>>,
}

impl<'a> Reader<'a> {
    /// The file itself.
    pub(super) fn root(table: &'a dyn TableLike, problems: &'a Problems) -> Self {
        Self::over(Some(table), None, problems)
    }

    fn over(table: Option<&'a dyn TableLike>, span: Option<Range<usize>>, problems: &'a Problems) -> Self {
        Self { table, fallback: None, span, problems, known: RefCell::default(), checked: Cell::new(false) }
    }

    /// The same table, whose missing values are looked for in another.
    pub(super) fn or_else(mut self, other: &Reader<'a>) -> Self {
        self.fallback = other.table;
        self
    }

    /// A mistake at a place where a secret stands.
    pub(super) fn secret_problem(&self, span: Option<Range<usize>>, message: String) {
        self.problems.0.borrow_mut().push(Problem { span, message, help: None, is_secret: true });
    }

    pub(super) fn problem(&self, span: Option<Range<usize>>, message: impl Into<String>, help: Option<String>) {
        self.problems.add(span.or(self.span.clone()), message, help);
    }

    /// A table in this one; its keys are checked against its description.
    pub(super) fn table(&self, name: &'static str, described: &Table) -> Reader<'a> {
        self.known.borrow_mut().insert(name);
        let Some(item) = self.table.and_then(|table| table.get(name)) else {
            return Self::over(None, None, self.problems);
        };
        let reader = Self::over(item.as_table_like(), self.key_span(name), self.problems);
        if item.as_table_like().is_none() {
            self.problem(item.span(), format!("{name} is a table; write [{}]", described.name), None);
        }
        reader.describe(described);
        reader
    }

    /// The tables in a table, with their names: `[sources.<id>]`.
    pub(super) fn tables(&self, name: &'static str) -> Vec<(Spot<String>, Reader<'a>)> {
        self.known.borrow_mut().insert(name);
        let Some(item) = self.table.and_then(|table| table.get(name)) else { return Vec::new() };
        let Some(table) = item.as_table_like() else {
            self.problem(item.span(), format!("{name} holds tables; write [{name}.<id>]"), None);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, item) in table.iter() {
            let span = table.key(key).and_then(toml_edit::Key::span);
            if item.as_table_like().is_none() {
                self.problem(span, format!("{name}.{key} is a table; write [{name}.{key}]"), None);
                continue;
            }
            let reader = Self::over(item.as_table_like(), span.clone(), self.problems);
            found.push((Spot { value: key.to_owned(), span }, reader));
        }
        found
    }

    /// Checks this table's keys and their shapes against a description; `also` names sub-tables.
    pub(super) fn describe(&self, described: &Table) {
        self.describe_with(described, &[]);
    }

    pub(super) fn describe_with(&self, described: &Table, also: &[&'static str]) {
        self.checked.set(true);
        let Some(table) = self.table else { return };
        for (name, item) in table.iter() {
            if also.contains(&name) {
                continue;
            }
            match described.keys.iter().find(|key| key.name == name) {
                Some(key) => self.check_shape(key, item, described),
                None => self.unknown(
                    name,
                    described.keys.iter().map(|key| key.name).chain(also.iter().copied()),
                    described.name,
                ),
            }
        }
    }

    fn unknown(&self, name: &str, known: impl Iterator<Item = &'static str> + Clone, place: &str) {
        let help = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => match TABLES.iter().find(|table| table.keys.iter().any(|key| key.name == name)) {
                Some(home) => format!("{name} belongs into [{}]", home.name),
                None => format!("its keys are: {}", known.collect::<Vec<_>>().join(", ")),
            },
        };
        let place = if place.is_empty() { "feeds.toml".to_owned() } else { format!("[{place}]") };
        self.problem(self.key_span(name), format!("{place} has no key {name:?}"), Some(help));
    }

    /// At the end: tables of the file that nobody asked for.
    pub(super) fn refuse_unknown(&self) {
        let known: Vec<&'static str> = self.known.borrow().iter().copied().collect();
        for (name, _) in self.table.into_iter().flat_map(TableLike::iter) {
            if !known.contains(&name) {
                self.unknown(name, known.iter().copied(), "");
            }
        }
    }

    fn check_shape(&self, key: &Key, item: &Item, described: &Table) {
        let fits = match key.shape {
            Shape::Text | Shape::Duration | Shape::DurationOr(_) | Shape::OneOf(_) => item.is_str(),
            Shape::Flag => item.is_bool(),
            Shape::Size => item.is_str() || item.is_integer(),
            Shape::Number { .. } => item.is_integer(),
            Shape::Texts => item.as_array().is_some_and(|array| array.iter().all(Value::is_str)),
            Shape::Filters => item.as_table_like().is_some(),
        };
        if !fits {
            let wanted = match key.shape {
                Shape::Number { .. } => "a whole number",
                Shape::Flag => "true or false",
                Shape::Texts => "a list of texts",
                Shape::Filters => "a table of questions",
                _ => "a text in quotes",
            };
            let message =
                format!("{} of [{}] is {wanted}, not {}", key.name, described.name, article(item.type_name()));
            self.problem(item.span(), message, Some(format!("for example: {} = {}", key.name, key.example)));
            return;
        }
        match (key.shape, item.as_str(), item.as_integer()) {
            (Shape::OneOf(words), Some(text), _) if !words.contains(&text) => {
                let help = match nearest(text, words.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("it is one of: {}", words.join(", ")),
                };
                self.problem(item.span(), format!("{} cannot be {text:?}", key.name), Some(help));
            }
            (Shape::Number { least, most }, _, Some(number)) if !(least..=most).contains(&number) => {
                self.problem(item.span(), format!("{} is between {least} and {most}", key.name), None);
            }
            _ => {}
        }
    }

    fn item(&self, name: &str) -> Option<&'a Item> {
        let own = self.table.and_then(|table| table.get(name));
        own.or_else(|| self.fallback.and_then(|table| table.get(name)))
    }

    /// The place of a key.
    pub(super) fn key_span(&self, name: &str) -> Option<Range<usize>> {
        self.table.and_then(|table| table.key(name)).and_then(toml_edit::Key::span)
    }

    /// A text; one of another type was reported by the check of shapes.
    pub(super) fn text(&self, name: &str) -> Option<Spot<String>> {
        let item = self.item(name)?;
        Some(Spot { value: item.as_str()?.to_owned(), span: item.span() })
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<Spot<String>>> {
        let array = self.item(name)?.as_array()?;
        let spots =
            array.iter().filter_map(|value| Some(Spot { value: value.as_str()?.to_owned(), span: value.span() }));
        Some(spots.collect())
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.item(name)?.as_integer()
    }

    /// True or false.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.item(name)?.as_bool()
    }

    /// A text that is read further; what the reader refuses is reported at its place.
    pub(super) fn read<T>(&self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let spot = self.text(name)?;
        self.understand(&spot, read)
    }

    /// Reads a text further; what is refused is reported at its place.
    pub(super) fn understand<T>(&self, spot: &Spot<String>, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match read(&spot.value) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problem(spot.span.clone(), message, None);
                None
            }
        }
    }

    /// A duration, or None for the word that stands for none.
    pub(super) fn duration_or(&self, name: &str, word: &str) -> Option<Option<Duration>> {
        self.read(name, |text| if text == word { Ok(None) } else { values::duration(text).map(Some) })
    }

    /// A size in bytes, written as a text or a number.
    pub(super) fn size(&self, name: &str, within: &RangeInclusive<u64>) -> Option<u64> {
        match self.number(name) {
            Some(number) => match values::size(&number.to_string(), within) {
                Ok(size) => Some(size),
                Err(message) => {
                    self.problem(self.item(name).and_then(Item::span), message, None);
                    None
                }
            },
            None => self.read(name, |text| values::size(text, within)),
        }
    }
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
