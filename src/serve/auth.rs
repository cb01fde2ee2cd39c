//! Tokens that a request presents: `Authorization: Bearer …`, Basic password, `?token=…`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use chrono::{DateTime, Utc};
use hyper::header::{AUTHORIZATION, HeaderMap};

use crate::model::Token;
use crate::store::{Store, StoreError};

/// More than a header or query can sensibly hold.
const MOST: usize = 4;

/// When tokens were last used, by their digests, as far as the store was not told yet.
#[derive(Debug, Default)]
pub struct Uses(Mutex<BTreeMap<String, DateTime<Utc>>>);

impl Uses {
    /// A token was used.
    pub(super) fn note(&self, token: &Token, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(token.digest(), now);
    }

    /// With those that the store knows.
    pub(super) async fn with_kept(&self, store: &dyn Store) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
        let mut uses = store.token_uses().await?;
        for (token, used) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // Another machine may have seen it later.
            uses.entry(token.clone()).and_modify(|kept| *kept = (*kept).max(*used)).or_insert(*used);
        }
        Ok(uses)
    }

    /// Tells the store. What it cannot keep is told again next time.
    pub async fn keep(&self, store: &dyn Store) -> Result<(), StoreError> {
        let fresh = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if fresh.is_empty() {
            return Ok(());
        }
        let outcome = store.note_token_uses(&fresh).await;
        if outcome.is_err() {
            let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What was used again meanwhile was used later.
            for (token, used) in fresh {
                uses.entry(token).or_insert(used);
            }
        }
        outcome
    }
}

/// The tokens in a request, at most a few.
pub(super) fn offered(headers: &HeaderMap, query: Option<&str>) -> Vec<String> {
    let from_headers = headers.get_all(AUTHORIZATION).iter().filter_map(|value| from_header(value.to_str().ok()?));
    let from_query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(key, _)| key == "token")
        .map(|(_, value)| value.into_owned());
    from_headers.chain(from_query).take(MOST).collect()
}

fn from_header(value: &str) -> Option<String> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest.trim()).ok()?;
    let (_user, password) =
        String::from_utf8(decoded).ok()?.split_once(':').map(|(u, p)| (u.to_owned(), p.to_owned()))?;
    Some(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn tokens_come_three_ways() {
        assert_eq!(offered(&headers("Bearer abc"), None), ["abc"]);
        assert_eq!(offered(&headers("basic dXNlcjphOmI="), None), ["a:b"]);
        assert_eq!(offered(&HeaderMap::new(), Some("x=1&token=a%20b")), ["a b"]);
        assert!(offered(&headers("Digest x"), Some("")).is_empty());
        assert!(offered(&headers("Basic %%%"), None).is_empty());
    }
}
