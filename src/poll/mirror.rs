//! Copies of pictures: kept when they are looked at, fetched again when they were let go.

use std::error::Error as _;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tracing::{error, info, warn};
use url::Url;

use super::jpeg::{self, ApartError, TurnError};
use super::pictures::look_of;
use crate::clock::Clock;
use crate::fetch::{Fetcher, PictureAnswer, PictureRequest, SeenPicture};
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

/// What came of turning a picture.
enum Turned {
    Jpeg(Bytes),
    /// It needs no JPEG, or none could be made at the time.
    NotNow,
    /// None can be made of these bytes.
    Never,
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
                    match self.keep(url, &seen, facts.mirrored()).await {
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
    async fn keep(&self, url: &Url, seen: &SeenPicture, before: Option<&Mirrored>) -> Result<Mirroring, MediaError> {
        let Some(bytes) = &seen.bytes else { return Ok(Mirroring::Refused("it is too large to be copied".into())) };
        let name = MediaName::of(bytes, seen.kind);
        self.media.put(name, bytes.clone()).await?;
        let mut mirrored = Mirrored { name, length: bytes.len() as u64, jpeg: None, unturnable: false };
        if before.is_some_and(|before| before.name == name && before.unturnable) {
            mirrored.unturnable = true;
            return Ok(Mirroring::Kept(mirrored));
        }
        match self.turn(url, seen.kind, bytes.clone()).await {
            Turned::Jpeg(jpeg) => {
                let name = MediaName::of(&jpeg, PictureType::Jpeg);
                mirrored.jpeg = Some((name, jpeg.len() as u64));
                self.media.put(name, jpeg).await?;
            }
            Turned::Never => mirrored.unturnable = true,
            Turned::NotNow => {}
        }
        Ok(Mirroring::Kept(mirrored))
    }

    /// A picture as JPEG, where its own type is one that not every reader knows.
    async fn turn(&self, url: &Url, kind: PictureType, bytes: Bytes) -> Turned {
        if !jpeg::is_turned(kind) {
            return Turned::NotNow;
        }
        let Ok(_turn) = self.turning.acquire().await else { return Turned::NotNow };
        let problem = match jpeg::of(kind, bytes).await {
            Ok(jpeg) => return Turned::Jpeg(jpeg.into()),
            Err(problem) => problem,
        };
        let cause = problem.source();
        match problem {
            TurnError::Here(_) | TurnError::Apart(ApartError::Refused(_)) => {
                info!(error = %problem, cause, %url, "a picture is offered in its own type only");
            }
            _ => warn!(error = %problem, cause, %url, "a picture could not be turned into JPEG"),
        }
        if matches!(problem, TurnError::Apart(ApartError::Start(_) | ApartError::Pipe(_))) {
            Turned::NotNow
        } else {
            Turned::Never
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
