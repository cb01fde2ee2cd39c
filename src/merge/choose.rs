//! Which stories a feed holds: rules that look at a story, and bounds that look at all of them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::html;
use crate::model::{Bounds, Filter, Media, Order, Selection, Story};

/// A story dated further ahead waits for its time; validators allow clocks to differ by as much.
const AHEAD: TimeDelta = TimeDelta::minutes(10);
/// What an entry takes beside its text and its files.
const AROUND: usize = 2_500;
/// What a file takes beside its address and its words, which stand in two places.
const FILE: usize = 220;

/// Whether a story belongs into a feed by its filters; its sources were asked for by the query.
pub fn admits(selection: &Selection, story: &Story, now: DateTime<Utc>) -> bool {
    let matches = |filter: &Filter| matches(filter, story, now);
    selection.include.iter().all(matches) && !selection.exclude.iter().any(matches)
}

/// When a story may be shown in a feed at the earliest.
pub fn released(selection: &Selection, story: &Story) -> DateTime<Utc> {
    let after = |time: DateTime<Utc>, wait| time.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let bounds = &selection.bounds;
    let hold_back = if bounds.hold_back.is_zero() { -AHEAD } else { bounds.hold_back };
    after(story.first_seen, bounds.delay).max(after(story.published, hold_back))
}

/// Whether a feed may show a story now.
pub fn shows(selection: &Selection, story: &Story, now: DateTime<Utc>) -> bool {
    released(selection, story) <= now && admits(selection, story, now)
}

/// What is known after choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// When it will be another one although nothing came in.
    pub next_change: Option<DateTime<Utc>>,
    /// Whether no older story can find room.
    pub is_full: bool,
}

/// Keeps the stories that one of the rules lets in and that the bounds have room for, newest first.
pub fn choose(bounds: &Bounds, rules: &[&Selection], stories: &mut Vec<Story>, now: DateTime<Utc>) -> Choice {
    let mut next: Option<DateTime<Utc>> = None;
    let mut later = |time: DateTime<Utc>| {
        if time > now && next.is_none_or(|soonest| time < soonest) {
            next = Some(time);
        }
    };
    sort(stories, bounds.order);
    let mut uris = HashSet::new();
    let mut of_source = HashMap::new();
    let mut left = bounds.max_bytes;
    let mut count = 0;
    for story in stories.iter() {
        // Age alone lets a story in, or puts it out, at its time.
        for age in rules.iter().flat_map(|rule| ages(rule)) {
            if let Some(time) = story.published.checked_add_signed(age) {
                later(time);
            }
        }
    }
    stories.retain(|story| {
        let admitting = rules.iter().filter(|rule| admits(rule, story, now));
        let Some(time) = admitting.map(|rule| released(rule, story)).min() else { return false };
        later(time);
        let end = bounds.max_age.and_then(|age| story.published.checked_add_signed(age));
        if time > now || end.is_some_and(|end| end <= now) || count >= bounds.limit || !uris.insert(story.uri.clone()) {
            return false;
        }
        let room = of_source.entry(story.lead.facts.source.clone()).or_insert(bounds.per_source.unwrap_or(usize::MAX));
        if *room == 0 {
            return false;
        }
        // What does not fit ends the feed: a smaller one after it must not jump the queue.
        let size = size(story);
        if left < size && count > 0 {
            count = bounds.limit;
            return false;
        }
        left = left.saturating_sub(size);
        *room -= 1;
        count += 1;
        if let Some(end) = end {
            later(end);
        }
        true
    });
    let is_full = count >= bounds.limit;
    Choice { next_change: next, is_full }
}

/// The ages that a feed's rules ask about.
fn ages(rule: &Selection) -> impl Iterator<Item = TimeDelta> {
    rule.include.iter().chain(&rule.exclude).filter_map(|filter| match filter {
        Filter::OlderThan(age) => Some(*age),
        _ => None,
    })
}

/// Newest first; the id as a tie-break keeps the order the same each time. What came in with one visit was
/// seen at one time.
pub(super) fn sort(stories: &mut [Story], order: Order) {
    match order {
        Order::Published => stories.sort_by_key(|story| Reverse((story.published, story.id))),
        Order::FirstSeen => stories.sort_by_key(|story| Reverse((story.first_seen, story.published, story.id))),
    }
}

fn matches(filter: &Filter, story: &Story, now: DateTime<Utc>) -> bool {
    let facts = &story.lead.facts;
    match filter {
        Filter::Title(regex) => regex.is_match(&facts.title),
        Filter::Content(regex) => regex.is_match(&html::lines(facts.content.as_str())),
        Filter::Author(regex) => {
            facts.authors.iter().filter_map(|person| person.name.as_deref()).any(|name| regex.is_match(name))
        }
        Filter::Category(regex) => facts.categories.iter().any(|category| {
            regex.is_match(&category.term) || category.label.as_deref().is_some_and(|label| regex.is_match(label))
        }),
        Filter::Url(regex) => facts.url.as_ref().is_some_and(|url| regex.is_match(url.as_str())),
        Filter::Language(wanted) => {
            facts.language.as_deref().is_some_and(|language| wanted.iter().any(|wanted| is_a(language, wanted)))
        }
        Filter::OlderThan(age) => story.published.checked_add_signed(*age).is_some_and(|time| time <= now),
        Filter::Picture(wanted) => {
            facts.enclosures.iter().any(|file| matches!(file.media, Media::Image { .. })) == *wanted
        }
        Filter::AtLeast(characters) => length(story) >= *characters,
        Filter::AtMost(characters) => length(story) <= *characters,
    }
}

/// Whether a language is another one or a form of it: `vi-VN` is a `vi`.
fn is_a(language: &str, wanted: &str) -> bool {
    let head = language.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(wanted));
    head && language.get(wanted.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The characters of a story's text.
fn length(story: &Story) -> usize {
    html::lines(story.lead.facts.content.as_str()).chars().count()
}

/// What a story takes in the largest form of a feed.
pub(super) fn size(story: &Story) -> usize {
    let facts = &story.lead.facts;
    let summary = facts.summary.as_deref().unwrap_or_default();
    let words = |text: &Option<String>| text.as_deref().map_or(0, escaped_length);
    let files = facts.enclosures.iter().map(|file| {
        let caption = if let Media::Image { caption, .. } = &file.media { words(caption) } else { 0 };
        let plainer = file.plainer.as_ref().map_or(0, |form| FILE + form.url.as_str().len());
        FILE + 2 * (escaped_length(file.url.as_str()) + words(&file.title) + caption) + plainer
    });
    AROUND + escaped_length(facts.content.as_str()) + 2 * escaped_length(summary) + files.sum::<usize>()
}

/// The length of a text with its marks written as references, as Atom does.
fn escaped_length(text: &str) -> usize {
    let marks = text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count();
    text.len() + 5 * marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_forms_of_a_language() {
        for (language, wanted) in [("vi", "vi"), ("vi-VN", "VI"), ("zh-Hant-TW", "zh-Hant")] {
            assert!(is_a(language, wanted), "{language} {wanted}");
        }
        for (language, wanted) in [("vie", "vi"), ("v", "vi"), ("en", "vi"), ("", "vi"), ("ế", "vi")] {
            assert!(!is_a(language, wanted), "{language} {wanted}");
        }
    }
}
