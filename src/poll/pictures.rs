//! The true type, length and size of pictures: learnt once, remembered in the store, looked at again ever
//! more rarely. Sources with `images = "mirror"` have their pictures copied.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use url::Url;

use super::mirror::Mirror;
use crate::fetch::{PictureAnswer, PictureRequest, SeenPicture};
use crate::html;
use crate::model::{Dedupe, Facts, Images, Look, Mirroring, PictureFacts, Source, SourceSet, SourceState, Validators};
use crate::store::{StoreError, StoryQuery};

/// Pictures looked at in one visit; the others wait for the next one.
const PICTURES: usize = 400;
/// Of them, pictures that are only to be looked at again.
const AGAIN: usize = 60;
/// Pictures of one entry that are looked at.
const PER_ENTRY: usize = 40;
/// Pictures looked at the same time; the fetcher's limit per host is below it.
const AT_ONCE: usize = 8;
/// Time for all pictures of a visit: the articles must not wait for a slow server of pictures.
const TIME: Duration = Duration::from_secs(120);
/// What was no usable picture is looked at again after this, when an article names it again.
const RETRY_UNUSABLE: TimeDelta = TimeDelta::hours(12);
/// Articles whose pictures are copied when a source is first mirrored.
const MIRRORED_ENTRIES: usize = 200;
/// So many addresses of one server with the very same picture are doubted.
const PLACEHOLDERS: usize = 3;

/// Looks at the pictures of one source.
pub(super) struct Looker<'a> {
    mirror: &'a Mirror,
    source: &'a Source,
    now: DateTime<Utc>,
    /// Whether the source's servers give pictures only to readers of its pages.
    insists: AtomicBool,
    /// Servers without https.
    open_only: Mutex<HashSet<String>>,
}

/// A picture to be looked at, with what is known of it.
type Task = (Url, PictureFacts);

impl<'a> Looker<'a> {
    pub(super) fn new(mirror: &'a Mirror, source: &'a Source, state: &SourceState, now: DateTime<Utc>) -> Self {
        let insists = AtomicBool::new(state.pictures_insist);
        Self { mirror, source, now, insists, open_only: Mutex::default() }
    }

    /// Looks at the pictures of these articles that are not known yet, and at others of the source that are
    /// due. Returns what was learnt, and remembers of the source what all of its pictures need.
    pub(super) async fn look(
        &self,
        facts: &[&Facts],
        state: &mut SourceState,
    ) -> Result<Vec<(Url, PictureFacts)>, StoreError> {
        let tasks = self.tasks(facts, state).await?;
        let mut learnt: HashMap<Url, PictureFacts> =
            futures_util::stream::iter(tasks.clone().into_iter().take(PICTURES))
                .map(|(url, known)| async move {
                    let facts = self.one(&url, &known).await;
                    (url, facts)
                })
                .buffer_unordered(AT_ONCE)
                .take_until(tokio::time::sleep(TIME))
                .collect()
                .await;
        self.doubt(&mut learnt).await;
        state.pictures_insist = self.insists.load(Ordering::Relaxed);
        state.mirrored = self.mirrors();
        // What there was no time for is remembered, so that the next visit gets to it.
        for (url, known) in tasks {
            learnt.entry(url).or_insert(PictureFacts { due: Some(self.now), ..known });
        }
        Ok(learnt.into_iter().collect())
    }

    fn mirrors(&self) -> bool {
        self.source.images == Images::Mirror
    }

    async fn tasks(&self, facts: &[&Facts], state: &SourceState) -> Result<Vec<Task>, StoreError> {
        let mut wanted = BTreeMap::new();
        for one in facts {
            self.want(one, &mut wanted);
        }
        if self.mirrors() && !state.mirrored {
            let sources = SourceSet([self.source.id.clone()].into());
            let query = StoryQuery { sources: sources.0, dedupe: Dedupe::Off, before: None, limit: MIRRORED_ENTRIES };
            for story in self.mirror.store.stories(&query).await? {
                self.want(&story.lead.facts, &mut wanted);
            }
        }
        let urls: Vec<Url> = wanted.keys().cloned().collect();
        let mut known = self.mirror.store.pictures(&urls).await?;
        let mut tasks: Vec<Task> = Vec::new();
        for (url, page) in wanted {
            match known.remove(&url) {
                Some(facts) if self.is_settled(&facts) => {}
                Some(facts) => tasks.push((url, PictureFacts { page: facts.page.or(page), ..facts })),
                None => tasks.push((url, PictureFacts::waiting(page, self.now))),
            }
        }
        let due = self.mirror.store.pictures_due(&self.source.id, self.now, AGAIN).await?;
        let already: BTreeSet<Url> = tasks.iter().map(|(url, _)| url.clone()).collect();
        tasks.extend(due.into_iter().filter(|(url, _)| !already.contains(url)));
        Ok(tasks)
    }

    /// The pictures of an article that are to be known, each with the page it stands on.
    fn want(&self, facts: &Facts, wanted: &mut BTreeMap<Url, Option<Url>>) {
        let files = facts.enclosures.iter().filter(|file| file.is_image()).map(|file| file.url.clone());
        // Links in the text stay as they are; what is copied must be known, too.
        let shown = if self.mirrors() { html::picture_addresses(&facts.content) } else { Vec::new() };
        let mut seen = BTreeSet::new();
        for url in files.chain(shown).filter(|url| seen.insert(url.clone())).take(PER_ENTRY) {
            wanted.entry(url).or_insert_with(|| facts.url.clone());
        }
    }

    /// Whether nothing is to be learnt of a picture because an article names it.
    fn is_settled(&self, facts: &PictureFacts) -> bool {
        match facts.look {
            Look::Picture { .. } => !self.mirrors() || facts.mirroring != Mirroring::Unasked,
            Look::Unusable { .. } => self.now - facts.learnt < RETRY_UNUSABLE,
            Look::Waiting {} => false,
        }
    }

    async fn one(&self, url: &Url, known: &PictureFacts) -> PictureFacts {
        let insists = self.insists.load(Ordering::Relaxed);
        let (answer, is_secure) = self.ask(url, known, insists).await;
        if matches!(&answer, PictureAnswer::Picture(seen) if seen.insisted) {
            self.insists.store(true, Ordering::Relaxed);
        }
        let facts = PictureFacts { is_secure, ..known.clone() };
        self.mirror.learn(url, facts, answer, self.mirrors(), self.now).await
    }

    /// Asks for a picture, securely where that works; says whether it did.
    async fn ask(&self, url: &Url, known: &PictureFacts, insists: bool) -> (PictureAnswer, bool) {
        let host = url.host_str().unwrap_or_default();
        let is_open_only = || self.open_only.lock().unwrap_or_else(PoisonError::into_inner).contains(host);
        if let Some(secure) = secure_form(url).filter(|_| known.is_secure || !is_open_only()) {
            match self.ask_at(&secure, known, insists).await {
                // A server without https cannot say there what it allows.
                PictureAnswer::Unusable { .. } | PictureAnswer::Forbidden(_) if !known.is_secure => {
                    self.open_only.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned());
                }
                answer => return (answer, true),
            }
        }
        (self.ask_at(url, known, insists).await, false)
    }

    async fn ask_at(&self, url: &Url, known: &PictureFacts, insists: bool) -> PictureAnswer {
        let whole = self.mirrors();
        // A picture that was looked at but not copied must come whole.
        let none = Validators::default();
        let has_what_it_needs =
            matches!(known.look, Look::Picture { .. }) && (!whole || known.mirroring != Mirroring::Unasked);
        let validators = if has_what_it_needs { &known.validators } else { &none };
        let request = PictureRequest { url, page: known.page.as_ref(), insists, validators, whole };
        self.mirror.fetcher.picture(request).await
    }

    /// Some servers answer readers of other pages with one picture that says so, whatever was asked for.
    /// Where several addresses gave the same, one is asked for as a reader of its page would; when that
    /// gives another picture, all are.
    async fn doubt(&self, learnt: &mut HashMap<Url, PictureFacts>) {
        if self.insists.load(Ordering::Relaxed) {
            return;
        }
        let mut alike: BTreeMap<(String, String), Vec<Url>> = BTreeMap::new();
        for (url, facts) in learnt.iter().filter(|(_, facts)| facts.page.is_some()) {
            if let Look::Picture { length: Some(_), .. } = &facts.look {
                let host = url.host_str().unwrap_or_default().to_owned();
                alike.entry((host, format!("{:?}", facts.look))).or_default().push(url.clone());
            }
        }
        for urls in alike.into_values().filter(|urls| urls.len() >= PLACEHOLDERS) {
            let Some((url, facts)) = urls.first().and_then(|url| learnt.get_key_value(url)) else { continue };
            let PictureAnswer::Picture(seen) = self.ask_at(url, &fresh(facts), true).await else { continue };
            if look_of(&seen) == facts.look {
                continue;
            }
            self.insists.store(true, Ordering::Relaxed);
            for url in urls {
                if let Some(facts) = learnt.get(&url) {
                    let again = self.one(&url, &fresh(facts)).await;
                    learnt.insert(url, again);
                }
            }
        }
    }
}

/// The same picture as if it had not been looked at.
fn fresh(facts: &PictureFacts) -> PictureFacts {
    PictureFacts { look: Look::Waiting {}, mirroring: Mirroring::Unasked, ..facts.clone() }
}

/// What a picture that was seen is.
pub(super) fn look_of(seen: &SeenPicture) -> Look {
    Look::Picture {
        mime_type: seen.kind.mime_type().to_owned(),
        length: seen.length,
        width: seen.width,
        height: seen.height,
    }
}

/// The same address with https; None where that is no guess worth a request.
pub(crate) fn secure_form(url: &Url) -> Option<Url> {
    if url.scheme() != "http" || url.port().is_some() {
        return None;
    }
    let mut secure = url.clone();
    secure.set_scheme("https").ok()?;
    Some(secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_addresses_are_tried_securely() {
        let secure = |text: &str| secure_form(&Url::parse(text).unwrap()).map(String::from);
        assert_eq!(secure("http://paper.example/a.jpg?x=1").as_deref(), Some("https://paper.example/a.jpg?x=1"));
        assert_eq!(secure("http://paper.example:80/a.jpg").as_deref(), Some("https://paper.example/a.jpg"));
        assert_eq!(secure("http://paper.example:8080/a.jpg"), None);
        assert_eq!(secure("https://paper.example/a.jpg"), None);
    }
}
