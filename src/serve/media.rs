//! `/media/`: copies of pictures. A file never changes under its name, so readers keep it for good; one that was
//! let go is fetched again for whoever asks, once for all who ask at the same time.

use std::collections::HashMap;
use std::io::SeekFrom;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use tokio::io::AsyncSeekExt as _;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::{error, warn};

use super::body::{AnswerBody, FilePart};
use super::range::{Part, part};
use super::router::{Answer, Desk, set};
use crate::model::{MediaName, MediaOrigin};
use crate::store::{Media, Store};

/// How long someone waits for a file that is fetched again; then the original must do.
const PATIENCE: Duration = Duration::from_secs(10);
/// Files fetched again at once; for more, the originals must do.
const AT_ONCE: usize = 16;
/// What could not be had is not asked for again for so long.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// Failures that are remembered.
const REMEMBERED: usize = 10_000;
/// Nothing in a picture may act, whatever it turns out to be.
const POLICY: &str = "default-src 'none'; sandbox";

/// Fetches files that were let go.
#[async_trait]
pub trait Supplier: Send + Sync + std::fmt::Debug {
    /// Fetches a file again.
    async fn supply(&self, name: MediaName, origin: &MediaOrigin) -> Supply;
}

/// What became of a file that was to be fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supply {
    /// It is there.
    Here,
    /// What it showed is now this file.
    Changed(MediaName),
    /// It cannot be had now.
    Failed,
}

/// Serves copies.
#[derive(Debug)]
pub struct MediaDesk {
    media: Media,
    store: Arc<dyn Store>,
    supplier: Arc<dyn Supplier>,
    flights: Arc<Mutex<Flights>>,
    /// Where files are fetched: not on the threads that answer.
    fetching: Handle,
}

/// Files that are being fetched, and those that could not be had a while ago.
#[derive(Debug, Default)]
struct Flights {
    under_way: HashMap<MediaName, watch::Receiver<Option<Supply>>>,
    failed: HashMap<MediaName, Instant>,
}

impl MediaDesk {
    /// A desk for the copies in `media`, made where a runtime is.
    pub fn new(media: Media, store: Arc<dyn Store>, supplier: Arc<dyn Supplier>) -> Self {
        Self { media, store, supplier, flights: Arc::default(), fetching: Handle::current() }
    }

    /// The answer for a name below `/media/`.
    pub(super) async fn answer(&self, name: &str, request: &Parts) -> Answer {
        let Ok(name) = name.parse::<MediaName>() else { return unknown() };
        match self.file(name, request).await {
            Some(answer) => answer,
            None => self.again(name, request).await,
        }
    }

    /// The file, when it is here.
    async fn file(&self, name: MediaName, request: &Parts) -> Option<Answer> {
        match self.media.open(name).await {
            Ok(Some((file, length))) => Some(whole_or_part(name, file, length, request).await),
            Ok(None) => None,
            Err(problem) => {
                error!(error = %problem, cause = ?problem, "a copy of a picture cannot be read");
                Some(
                    Desk::error(StatusCode::SERVICE_UNAVAILABLE, "The service cannot read this picture just now.")
                        .map(From::from),
                )
            }
        }
    }

    /// A file that is not here: fetched again when it once was, else unknown.
    async fn again(&self, name: MediaName, request: &Parts) -> Answer {
        let origin = match self.store.media_origin(name).await {
            Ok(Some(origin)) => origin,
            Ok(None) => return unknown(),
            Err(problem) => {
                error!(error = %problem, "the store does not tell where a picture is from");
                return Desk::error(StatusCode::SERVICE_UNAVAILABLE, "The service cannot answer this just now.")
                    .map(From::from);
            }
        };
        match self.supplied(name, &origin).await {
            Supply::Here => match self.file(name, request).await {
                Some(answer) => answer,
                None => elsewhere(origin.url.as_str()),
            },
            // Relative, so that it holds behind any proxy.
            Supply::Changed(other) => elsewhere(&other.to_string()),
            Supply::Failed => elsewhere(origin.url.as_str()),
        }
    }

    /// Waits for a file that is fetched for whoever asks for it now.
    async fn supplied(&self, name: MediaName, origin: &MediaOrigin) -> Supply {
        let Some(mut flight) = self.flight(name, origin) else { return Supply::Failed };
        let landed = tokio::time::timeout(PATIENCE, flight.wait_for(Option::is_some)).await;
        match landed {
            Ok(Ok(supply)) => supply.unwrap_or(Supply::Failed),
            // Too slow for this reader; the next one finds it there.
            Err(_) | Ok(Err(_)) => Supply::Failed,
        }
    }

    /// The fetch of a file that is under way, or a new one; None when there were too many or it failed lately.
    fn flight(&self, name: MediaName, origin: &MediaOrigin) -> Option<watch::Receiver<Option<Supply>>> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.under_way.get(&name) {
            return Some(flight.clone());
        }
        let is_refused = flights.failed.get(&name).is_some_and(|since| since.elapsed() < PAUSE);
        if is_refused || flights.under_way.len() >= AT_ONCE {
            return None;
        }
        let (landed, flight) = watch::channel(None);
        flights.under_way.insert(name, flight.clone());
        let (supplier, origin, all) = (Arc::clone(&self.supplier), origin.clone(), Arc::clone(&self.flights));
        // On its own: it goes on when the reader leaves.
        let fetch = self.fetching.spawn(async move { supplier.supply(name, &origin).await });
        self.fetching.spawn(async move {
            let supply = fetch.await.unwrap_or_else(|_| {
                warn!(%name, "fetching a picture again ended with a fault");
                Supply::Failed
            });
            let mut flights = all.lock().unwrap_or_else(PoisonError::into_inner);
            flights.under_way.remove(&name);
            if supply == Supply::Failed {
                if flights.failed.len() >= REMEMBERED {
                    flights.failed.clear();
                }
                flights.failed.insert(name, Instant::now());
            } else {
                flights.failed.remove(&name);
            }
            landed.send_replace(Some(supply));
        });
        Some(flight)
    }
}

fn unknown() -> Answer {
    Desk::error(StatusCode::NOT_FOUND, "There is no picture of this name.").map(From::from)
}

/// Sends a reader elsewhere for this time only.
fn elsewhere(address: &str) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = StatusCode::FOUND;
    let headers = answer.headers_mut();
    set(headers, header::LOCATION, address);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// A file, or what of it was asked for.
async fn whole_or_part(name: MediaName, file: std::fs::File, length: u64, request: &Parts) -> Answer {
    let tag = format!("\"{}\"", name.to_string().split('.').next().unwrap_or_default());
    let asked = &request.headers;
    let mut answer = Answer::default();
    describe(answer.headers_mut(), name, &tag);
    if has(asked, header::IF_NONE_MATCH, &tag) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return answer;
    }
    // Ranges are defined for GET only, and hold only for the version that the reader has begun with.
    let is_current = !asked.contains_key(header::IF_RANGE) || has_strongly(asked, &tag);
    let range = asked.get(header::RANGE).filter(|_| request.method == Method::GET && is_current);
    let (start, count) = match part(range.and_then(|value| value.to_str().ok()), length) {
        Part::Whole => (0, length),
        Part::Of { start, end } => {
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(answer.headers_mut(), header::CONTENT_RANGE, &format!("bytes {start}-{end}/{length}"));
            (start, end - start + 1)
        }
        Part::None => {
            *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            let headers = answer.headers_mut();
            set(headers, header::CONTENT_RANGE, &format!("bytes */{length}"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            return answer;
        }
    };
    answer.headers_mut().insert(header::CONTENT_LENGTH, count.into());
    let mut file = tokio::fs::File::from_std(file);
    if start > 0
        && let Err(problem) = file.seek(SeekFrom::Start(start)).await
    {
        error!(error = %problem, "a copy of a picture cannot be read");
        return Desk::error(StatusCode::SERVICE_UNAVAILABLE, "The service cannot read this picture just now.")
            .map(From::from);
    }
    *answer.body_mut() = AnswerBody::File(FilePart::new(file, count));
    answer
}

/// The headers of every answer about a file.
fn describe(headers: &mut HeaderMap, name: MediaName, tag: &str) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(name.kind().mime_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    set(headers, header::ETAG, tag);
}

/// Whether a list of tags names this one, by the weak comparison (RFC 9110 s.8.8.3.2).
fn has(asked: &HeaderMap, list: header::HeaderName, tag: &str) -> bool {
    asked
        .get_all(list)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// `If-Range` compares strongly (s.13.1.5); a date there is never ours.
fn has_strongly(asked: &HeaderMap, tag: &str) -> bool {
    asked.get(header::IF_RANGE).and_then(|value| value.to_str().ok()).is_some_and(|value| value.trim() == tag)
}
