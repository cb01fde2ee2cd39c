//! What is published, ready to be copied: an immutable map behind an atomic pointer.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::Notify;

use super::heads::Heads;
use super::twin::Twins;
use crate::model::Token;
use crate::publish::{Compressed, Rendered};

/// Who may have a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access(Arc<[Token]>);

impl Access {
    /// Everyone.
    pub fn everyone() -> Self {
        Self::default()
    }

    /// Whoever presents one of these; everyone when there are none.
    pub fn tokens(tokens: &[Token]) -> Self {
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
    pub fn opened_by(&self, offered: &[String]) -> Option<&Token> {
        let matches = |own: &Token| offered.iter().fold(false, |found, token| found | own.matches(token));
        self.0.iter().fold(None, |found, own| if matches(own) { Some(own) } else { found })
    }

    /// Whether someone who once showed the token with this digest, or none, may have it still.
    pub fn admits(&self, digest: Option<&str>) -> bool {
        self.is_public() || self.0.iter().any(|secret| Some(secret.digest().as_str()) == digest)
    }
}

/// What subscribers know of a document.
#[derive(Debug, Clone)]
pub struct Announced {
    /// Its public address.
    pub url: String,
    /// Tells what it says from what it said before; where only its archives changed, it is the same.
    pub version: String,
}

/// A document in all its codings.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// The document.
    pub rendered: Rendered,
    /// Its coded bodies, once they are made.
    pub compressed: OnceLock<Compressed>,
    /// Who may have it.
    pub access: Access,
    /// How long it may be kept by readers, in seconds.
    pub max_age: u32,
    /// `Link` header values.
    pub links: Vec<String>,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
    /// Its headers.
    pub heads: Heads,
    /// Its bodies in files, for the kernel to send.
    pub twins: Twins,
    /// What subscribers know of it, when it can be subscribed to.
    pub topic: Option<Announced>,
    /// What tells the entries of a feed's document apart, in this form of each; nothing for others.
    pub entries: Arc<[u64]>,
}

impl Shelved {
    fn size(&self) -> usize {
        let coded = |coded: &Compressed| coded.gzip.len() + coded.br.len() + coded.zstd.len();
        self.rendered.body.len() + self.compressed.get().map_or(0, coded)
    }
}

/// Bytes of documents made on request that are kept.
const MADE: usize = 64 << 20;
/// Earlier versions of a document that are remembered by their tags.
const VERSIONS: usize = 32;

/// The published documents by path.
#[derive(Debug, Default)]
pub struct Shelf {
    documents: ArcSwap<HashMap<String, Arc<Shelved>>>,
    made: Mutex<Made>,
    past: Mutex<HashMap<String, VecDeque<Version>>>,
    renewed: Notify,
}

/// Documents that were made on request; they hold until anything changes.
#[derive(Debug, Default)]
struct Made {
    documents: HashMap<String, Arc<Shelved>>,
    bytes: usize,
    /// Counts the changes.
    edition: u64,
}

/// An earlier version of a document.
#[derive(Debug)]
struct Version {
    tag: String,
    entries: Arc<[u64]>,
}

impl Shelf {
    /// The document at a path.
    pub fn get(&self, path: &str) -> Option<Arc<Shelved>> {
        self.documents.load().get(path).cloned()
    }

    /// What is to be said of the document at a path.
    pub fn look<T>(&self, path: &str, say: impl FnOnce(&Shelved) -> T) -> Option<T> {
        self.documents.load().get(path).map(|document| say(document))
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.load().len()
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until documents were replaced; one waits at a time.
    pub async fn renewed(&self) {
        self.renewed.notified().await;
    }

    /// A document that has no coded bodies yet.
    pub fn uncoded(&self) -> Option<Arc<Shelved>> {
        self.documents.load().values().find(|document| document.compressed.get().is_none()).cloned()
    }

    /// Every document with its path.
    pub fn documents(&self) -> Vec<(String, Arc<Shelved>)> {
        let mut all: Vec<_> =
            self.documents.load().iter().map(|(path, document)| (path.clone(), Arc::clone(document))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// Puts documents in place of the old ones and drops those that `kept` does not name, or names with
    /// others who may have them, in one step for all readers.
    pub fn replace(&self, fresh: Vec<(String, Shelved)>, kept: &HashMap<String, Access>) {
        let mut map = HashMap::clone(&self.documents.load());
        let renewed: HashSet<&str> = fresh.iter().map(|(path, _)| path.as_str()).collect();
        map.retain(|path, old| renewed.contains(path.as_str()) || kept.get(path) == Some(&old.access));
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.retain(|path, _| map.contains_key(path));
        for (path, document) in fresh {
            match map.get(&path) {
                // The same bytes keep their date: readers need not fetch them again.
                Some(old) if old.rendered.etag == document.rendered.etag => {
                    let (rendered, compressed) = (old.rendered.clone(), old.compressed.clone());
                    let heads = Heads::default();
                    map.insert(path, Arc::new(Shelved { rendered, compressed, heads, ..document }));
                }
                old => {
                    if let Some(old) = old.filter(|old| !old.entries.is_empty()) {
                        let versions = past.entry(path.clone()).or_default();
                        versions.truncate(VERSIONS - 1);
                        versions
                            .push_front(Version { tag: old.rendered.etag.clone(), entries: Arc::clone(&old.entries) });
                    }
                    map.insert(path, Arc::new(document));
                }
            }
        }
        drop(past);
        self.documents.store(Arc::new(map));
        self.renewed.notify_one();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        *made = Made { edition: made.edition + 1, ..Made::default() };
    }

    /// What an earlier version of a document held, when one of these tags names it.
    pub fn earlier(&self, path: &str, names_it: impl Fn(&str) -> bool) -> Option<(String, Arc<[u64]>)> {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let version = past.get(path)?.iter().find(|version| names_it(&version.tag))?;
        Some((version.tag.clone(), Arc::clone(&version.entries)))
    }

    /// A document that was made on request since anything changed; else the edition that one is to be
    /// made for.
    pub fn made(&self, key: &str) -> Result<Arc<Shelved>, u64> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.documents.get(key).cloned().ok_or(made.edition)
    }

    /// Keeps a document that was made on request, unless something changed meanwhile.
    pub fn keep_made(&self, key: String, edition: u64, document: &Arc<Shelved>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = made.bytes + document.size();
        if made.edition == edition && bytes <= MADE {
            made.bytes = bytes;
            made.documents.insert(key, Arc::clone(document));
        }
    }
}
