//! The way from a wanted copy back to its original: what serves does not fetch, what fetches does not serve.

use std::io::Read as _;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use bytes::Bytes;
use tracing::error;

use crate::model::{MediaName, MediaOrigin};
use crate::poll::{FetchedAgain, Mirror};
use crate::serve::{Supplier, Supply};
use crate::store::{Media, MediaError, Store};

/// The mirror that feeds.toml describes now.
#[derive(Debug)]
pub(super) struct Mirrors(ArcSwap<Mirror>);

impl Mirrors {
    pub(super) fn new(mirror: Mirror) -> Self {
        Self(ArcSwap::from_pointee(mirror))
    }

    /// Puts another one in its place.
    pub(super) fn renew(&self, mirror: Mirror) {
        self.0.store(mirror.into());
    }
}

#[async_trait]
impl Supplier for Mirrors {
    async fn supply(&self, name: MediaName, origin: &MediaOrigin) -> Supply {
        match self.0.load_full().fetch_again(name, origin).await {
            Ok(FetchedAgain::Here) => Supply::Here,
            Ok(FetchedAgain::Changed(other)) => Supply::Changed(other),
            Ok(FetchedAgain::Failed) => Supply::Failed,
            Err(problem) => {
                error!(error = %problem, "a picture could not be fetched again");
                Supply::Failed
            }
        }
    }
}

/// The copies themselves, for whoever takes them away.
pub(super) struct Copies {
    pub(super) mirror: Mirror,
    pub(super) media: Media,
    pub(super) store: Arc<dyn Store>,
}

impl Copies {
    /// The bytes of a copy, fetched again when it was let go; None when it cannot be had.
    pub(super) async fn bytes(&self, name: MediaName) -> Result<Option<Bytes>, MediaError> {
        if let Some(bytes) = self.here(name).await? {
            return Ok(Some(bytes));
        }
        let origin = match self.store.media_origin(name).await {
            Ok(origin) => origin,
            Err(problem) => {
                error!(error = %problem, "the store does not tell where a picture is from");
                None
            }
        };
        let Some(origin) = origin else { return Ok(None) };
        match self.mirror.fetch_again(name, &origin).await {
            Ok(FetchedAgain::Here) => self.here(name).await,
            Ok(FetchedAgain::Changed(_) | FetchedAgain::Failed) => Ok(None),
            Err(problem) => {
                error!(error = %problem, "a picture could not be fetched again");
                Ok(None)
            }
        }
    }

    async fn here(&self, name: MediaName) -> Result<Option<Bytes>, MediaError> {
        let Some((mut file, length)) = self.media.open(name).await? else { return Ok(None) };
        let read = move || {
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            file.read_to_end(&mut bytes).map(|_| Bytes::from(bytes))
        };
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(bytes)) => Ok(Some(bytes)),
            Ok(Err(cause)) => {
                error!(error = %cause, %name, "a copy of a picture cannot be read");
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }
}
