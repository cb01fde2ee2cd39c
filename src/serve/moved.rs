//! Addresses that lead elsewhere: of feeds that were renamed or given up, and those that people guess.

use hyper::header::{self, HeaderValue};
use hyper::{StatusCode, Uri};

use super::router::{Desk, Ready, set};
use super::{Outlets, Shelf};
use crate::model::{Bygone, FeedId};

/// What people try below the page of a feed, and the ending of what they mean.
const GUESSES: [(&str, &str); 8] = [
    ("feed", ".rss"),
    ("rss", ".rss"),
    ("rss.xml", ".rss"),
    ("feed.xml", ".rss"),
    ("index.xml", ".rss"),
    ("atom", ".atom"),
    ("atom.xml", ".atom"),
    ("feed.json", ".json"),
];

/// The answer for an address at which nothing lies, when it is known what became of that.
pub(super) fn answer(uri: &Uri, shelf: &Shelf, outlets: &Outlets) -> Option<Ready> {
    let path = uri.path();
    let is_there = |path: &str| shelf.get(path).is_some();
    if let Some(trimmed) = path.strip_suffix('/').filter(|trimmed| is_there(trimmed)) {
        return Some(to(trimmed, uri));
    }
    let guessed = path.trim_end_matches('/').rsplit_once('/').and_then(|(page, name)| {
        let (_, ending) = GUESSES.iter().find(|(guess, _)| *guess == name)?;
        Some(format!("{page}{ending}")).filter(|meant| is_there(meant))
    });
    if let Some(meant) = guessed {
        return Some(to(&meant, uri));
    }
    let name = path.strip_prefix("/feeds/")?;
    let (id, rest) = name.split_at_checked(name.find(['.', '/']).unwrap_or(name.len()))?;
    match outlets.bygone.get(&FeedId::parse(id).ok()?)? {
        Bygone::Renamed(present) => Some(to(&format!("/feeds/{present}{rest}"), uri)),
        Bygone::Retired => Some(Desk::error(StatusCode::GONE, "This feed was given up.")),
    }
}

/// For good, with the query that was asked.
fn to(path: &str, asked: &Uri) -> Ready {
    let mut answer = Ready::default();
    *answer.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
    set(answer.headers_mut(), header::LOCATION, &format!("{path}{query}"));
    // A query may hold a token, and feeds come back.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    answer
}
