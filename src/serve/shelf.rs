//! What is published, ready to be copied: an immutable map behind an atomic pointer.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::model::Secret;
use crate::publish::{Compressed, Rendered};

/// Who may have a document.
#[derive(Debug, Clone, Default)]
pub struct Access(Arc<[Secret]>);

impl Access {
    /// Everyone.
    pub fn everyone() -> Self {
        Self::default()
    }

    /// Whoever presents one of these; everyone when there are none.
    pub fn tokens(tokens: &[Secret]) -> Self {
        Self(tokens.into())
    }

    /// Whether everyone may have it.
    pub fn is_public(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the offered tokens opens it.
    pub fn opens(&self, offered: &[String]) -> bool {
        self.is_public() || self.opened_by(offered).is_some()
    }

    /// The token that opens it. All are compared, so that the time tells nothing.
    pub fn opened_by(&self, offered: &[String]) -> Option<&Secret> {
        let matches = |secret: &Secret| offered.iter().fold(false, |found, token| found | secret.matches(token));
        self.0.iter().fold(None, |found, secret| if matches(secret) { Some(secret) } else { found })
    }

    /// Whether someone who once showed the token with this digest, or none, may have it still.
    pub fn admits(&self, digest: Option<&str>) -> bool {
        self.is_public() || self.0.iter().any(|secret| Some(secret.digest().as_str()) == digest)
    }
}

/// A document in all its codings.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// The document.
    pub rendered: Rendered,
    /// Its coded bodies.
    pub compressed: Compressed,
    /// Who may have it.
    pub access: Access,
    /// How long it may be kept by readers, in seconds.
    pub max_age: u32,
    /// `Link` header values.
    pub links: Vec<String>,
    /// Its public address, when it can be subscribed to.
    pub topic: Option<String>,
}

/// The published documents by path.
#[derive(Debug, Default)]
pub struct Shelf(ArcSwap<HashMap<String, Arc<Shelved>>>);

impl Shelf {
    /// The document at a path.
    pub fn get(&self, path: &str) -> Option<Arc<Shelved>> {
        self.0.load().get(path).cloned()
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.0.load().len()
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every document with its path.
    pub fn documents(&self) -> Vec<(String, Arc<Shelved>)> {
        let mut all: Vec<_> =
            self.0.load().iter().map(|(path, document)| (path.clone(), Arc::clone(document))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// Puts documents in place of the old ones and drops those whose path `keep` does not name, in
    /// one step for all readers.
    pub fn replace(&self, fresh: Vec<(String, Shelved)>, keep: impl Fn(&str) -> bool) {
        let mut map = HashMap::clone(&self.0.load());
        map.retain(|path, _| keep(path));
        for (path, document) in fresh {
            match map.get(&path) {
                // The same bytes keep their date: readers need not fetch them again.
                Some(old) if old.rendered.etag == document.rendered.etag => {
                    let rendered = old.rendered.clone();
                    map.insert(path, Arc::new(Shelved { rendered, ..document }));
                }
                _ => {
                    map.insert(path, Arc::new(document));
                }
            }
        }
        self.0.store(Arc::new(map));
    }
}
