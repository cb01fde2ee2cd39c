//! Copies of pictures: kept when they are looked at, fetched again when they were let go.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tracing::error;
use url::Url;

use super::jpeg;
use super::pictures::look_of;
use crate::clock::Clock;
use crate::fetch::{Fetcher, PictureAnswer, PictureRequest};
use crate::model::{Look, MediaName, MediaOrigin, Mirrored, Mirroring, PictureFacts, PictureType, Validators};
use crate::store::{Media, MediaError, Store, StoreError};

/// A copy that could not be written is tried again after this.
const RETRY_WRITING: TimeDelta = TimeDelta::hours(1);
/// Pictures turned into JPEG at once: each takes a core, and its pixels in memory.
const TURNED_AT_ONCE: usize = 1;

/// Keeps copies of pictures.
#[derive(Debug, Clone)]
pub struct Mirror {
    /// Asks their servers.
    pub(super) fetcher: Fetcher,
    /// Remembers them.
    pub(super) store: Arc<dyn Store>,
    media: Media,
    clock: Clock,
    turning: Arc<Semaphore>,
}

/// What became of a file that was let go and is wanted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchedAgain {
    /// It is there again.
    Here,
    /// Its picture has changed: this is the file of what it is now.
    Changed(MediaName),
    /// It cannot be had now.
    Failed,
}

impl Mirror {
    /// Keeps copies in `media`.
    pub fn new(fetcher: Fetcher, store: Arc<dyn Store>, media: Media, clock: Clock) -> Self {
        Self { fetcher, store, media, clock, turning: Arc::new(Semaphore::new(TURNED_AT_ONCE)) }
    }

    /// What is known of a picture after asking for it. A picture that cannot be had for a while, and one of
    /// which a copy is kept, stays what it was.
    pub(super) async fn learn(
        &self,
        url: &Url,
        mut facts: PictureFacts,
        answer: PictureAnswer,
        keep: bool,
        now: DateTime<Utc>,
    ) -> PictureFacts {
        facts.learnt = now;
        let was_picture = matches!(facts.look, Look::Picture { .. });
        let failed = matches!(answer, PictureAnswer::Unusable { transient: true, .. });
        let mut written = true;
        match answer {
            // It is shown as its source describes it, or as it was seen before.
            PictureAnswer::NotModified | PictureAnswer::Forbidden(_) => {}
            PictureAnswer::Unusable { transient, .. }
                if was_picture && (transient || keep && facts.mirrored().is_some()) => {}
            PictureAnswer::Unusable { why, .. } => facts.look = Look::Unusable { why },
            PictureAnswer::Picture(seen) => {
                let look = look_of(&seen);
                if keep {
                    match self.keep(seen.kind, seen.bytes.clone()).await {
                        Ok(mirroring) => facts.mirroring = mirroring,
                        Err(problem) => {
                            error!(error = %problem, cause = ?problem, %url, "a copy of a picture could not be kept");
                            written = false;
                        }
                    }
                } else if look != facts.look && was_picture {
                    facts.mirroring = Mirroring::Unasked;
                }
                (facts.look, facts.validators, facts.stated_type) = (look, seen.validators, seen.stated_type);
            }
        }
        facts.schedule(failed, now);
        if !written {
            facts.due = Some(now + RETRY_WRITING);
        }
        facts
    }

    /// Keeps a picture's bytes, and their form as JPEG where that helps readers.
    async fn keep(&self, kind: PictureType, bytes: Option<Bytes>) -> Result<Mirroring, MediaError> {
        let Some(bytes) = bytes else { return Ok(Mirroring::Refused("it is too large to be copied".into())) };
        let name = MediaName::of(&bytes, kind);
        let length = bytes.len() as u64;
        self.media.put(name, bytes.clone()).await?;
        let jpeg = match self.turn(kind, bytes).await {
            Some(jpeg) => {
                let (name, length) = (MediaName::of(&jpeg, PictureType::Jpeg), jpeg.len() as u64);
                self.media.put(name, jpeg).await?;
                Some((name, length))
            }
            None => None,
        };
        Ok(Mirroring::Kept(Mirrored { name, length, jpeg }))
    }

    /// A picture as JPEG, where its own type is one that not every reader knows and it can be turned.
    async fn turn(&self, kind: PictureType, bytes: Bytes) -> Option<Bytes> {
        if kind != PictureType::Webp {
            return None;
        }
        let _turn = self.turning.acquire().await.ok()?;
        let turned = tokio::task::spawn_blocking(move || jpeg::of_webp(&bytes)).await;
        match turned {
            Ok(Ok(jpeg)) => Some(jpeg.into()),
            Ok(Err(problem)) => {
                tracing::info!(error = %problem, "a picture is offered as WebP only");
                None
            }
            Err(_) => None,
        }
    }

    /// Fetches the picture of a file that was let go.
    pub async fn fetch_again(&self, name: MediaName, origin: &MediaOrigin) -> Result<FetchedAgain, StoreError> {
        let now = self.clock.now();
        let known = self.store.pictures(std::slice::from_ref(&origin.url)).await?.remove(&origin.url);
        let known = known.unwrap_or_else(|| PictureFacts::waiting(origin.page.clone(), now));
        let url = super::pictures::secure_form(&origin.url).filter(|_| known.is_secure);
        let url = url.as_ref().unwrap_or(&origin.url);
        let validators = Validators::default();
        let request =
            PictureRequest { url, page: origin.page.as_ref(), insists: false, validators: &validators, whole: true };
        let answer = self.fetcher.picture(request).await;
        if !matches!(answer, PictureAnswer::Picture(_)) {
            return Ok(FetchedAgain::Failed);
        }
        let facts = self.learn(&origin.url, known, answer, true, now).await;
        self.store.put_picture(&origin.url, &facts).await?;
        let Some(mirrored) = facts.mirrored() else { return Ok(FetchedAgain::Failed) };
        let jpeg = mirrored.jpeg.map(|(name, _)| name);
        Ok(match jpeg {
            _ if mirrored.name == name || jpeg == Some(name) => FetchedAgain::Here,
            Some(jpeg) if name.kind() == PictureType::Jpeg => FetchedAgain::Changed(jpeg),
            _ => FetchedAgain::Changed(mirrored.name),
        })
    }
}
