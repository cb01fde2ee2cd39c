//! The facts of an article: who wrote what when, as the page says in its many ways. Each fact is taken
//! from the first place in order of trust that has it, and the place is noted.

pub(crate) mod above;
pub(crate) mod authors;
pub(crate) mod dates;
pub(crate) mod head;
pub(crate) mod houses;
pub(crate) mod jsonld;
pub(crate) mod language;
pub(crate) mod rest;
pub(crate) mod sloppy;
pub(crate) mod title;

use crate::model::Finding;

/// Keeps the first value that is there, and notes where it came from.
pub(crate) fn first<T>(
    field: &'static str,
    findings: &mut Vec<Finding>,
    places: impl IntoIterator<Item = (&'static str, Option<T>)>,
) -> Option<T> {
    let (place, value) = places.into_iter().find_map(|(place, value)| value.map(|value| (place, value)))?;
    findings.push(Finding { field, why: place.to_owned() });
    Some(value)
}
