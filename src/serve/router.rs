//! Request heads to answers.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use tracing::error;

use super::body::{AnswerBody, Length, Memory};
use super::conditional::{Coding, asks_for_news, coding, http_date, is_page_of_browser, names_version, not_modified};
use super::flood::Flood;
use super::heads::{has_page_form, unchanged};
use super::history::Asked;
use super::live::Live;
use super::moved;
use super::{Access, HubDesk, MediaDesk, Metrics, Shelf, Shelved, auth};
use crate::publish::{Rendered, pages};

/// How long pages that are made on request may be kept, in seconds.
const LIVE_MAX_AGE: u32 = 60;
/// Requests that may come at once, as a multiple of those a second.
const BURST: f64 = 10.0;
/// Wrong tokens that a client may show at once, and a second.
const GUESSES: u32 = 20;
const GUESSES_PER_SECOND: f64 = 0.2;
/// Pages for admins.
const ADMIN: [&str; 3] = ["/status", "/status.json", "/metrics"];
/// What our pages may do: show pictures and our own style, nothing else.
const POLICY: &str = "default-src 'none'; img-src *; media-src *; style-src 'self' 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers requests.
#[derive(Debug)]
pub struct Desk {
    /// What is published.
    pub shelf: Arc<Shelf>,
    /// Pages made on request.
    pub live: Live,
    /// Copies of pictures.
    pub media: MediaDesk,
    /// Where subscriptions are asked for.
    pub hub: HubDesk,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Requests of clients.
    flood: Flood,
    /// Wrong tokens of clients.
    guesses: Flood,
}

/// A request without its body, and where it comes from when that is known.
#[derive(Debug, Clone, Copy)]
struct Asking<'r> {
    head: &'r Parts,
    client: Option<IpAddr>,
    /// Whether large bodies can be sent from files.
    takes_twins: bool,
}

/// An answer that is there at once.
pub(super) type Ready = Response<Memory>;
/// Any answer.
pub(super) type Answer = Response<AnswerBody>;

impl Desk {
    /// A desk that answers each client so many requests a second, on average.
    pub fn new(
        shelf: Arc<Shelf>,
        live: Live,
        media: MediaDesk,
        hub: HubDesk,
        metrics: Arc<Metrics>,
        per_second: f64,
    ) -> Self {
        let flood = Flood::new(per_second, (per_second * BURST) as u32);
        Self { shelf, live, media, hub, metrics, flood, guesses: Flood::new(GUESSES_PER_SECOND, GUESSES) }
    }

    /// The refusal of a client that asks too much; counts the request.
    pub(super) fn refuses(&self, head: &Parts, client: Option<IpAddr>) -> Option<Ready> {
        let wait = self.flood.refuses(client?)?;
        Some(self.finished(head, Self::too_many(wait)))
    }

    /// The answer to a request of a client, whose address may be unknown, where nothing has to be waited for:
    /// what lies on the shelf, and what no path has. None for all else, which is [`Desk::answer`]'s.
    pub(super) fn at_once(&self, head: &Parts, client: Option<IpAddr>, takes_twins: bool) -> Option<Ready> {
        let answer = match head.method {
            Method::GET | Method::HEAD if head.uri.path() != "/hub" => {
                self.lying(Asking { head, client, takes_twins })?
            }
            Method::POST if head.uri.path() == "/hub" => return None,
            _ => Self::no_method(head.uri.path()),
        };
        Some(self.finished(head, answer))
    }

    /// The answer to a request that cannot be answered at once. Only the hub reads a body.
    pub(super) async fn answer<B>(&self, head: &Parts, body: B, client: Option<IpAddr>) -> Answer
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if head.method == Method::POST {
            return self.finished(head, self.hub.answer(head, body, client).await).map(From::from);
        }
        if let Some(name) = head.uri.path().strip_prefix("/media/") {
            return self.finished(head, self.media.answer(name, head).await);
        }
        let asking = Asking { head, client, takes_twins: false };
        self.finished(head, self.get(asking).await).map(From::from)
    }

    /// An answer as its request's method wants it, counted.
    fn finished<B: Length>(&self, head: &Parts, mut answer: Response<B>) -> Response<B> {
        let mut length = answer.body().length();
        if head.method == Method::HEAD {
            if !answer.headers().contains_key(header::CONTENT_LENGTH) && answer.status() != StatusCode::NOT_MODIFIED {
                answer.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            }
            *answer.body_mut() = B::default();
            length = 0;
        }
        self.metrics.answered(answer.status().as_u16(), length as usize);
        answer
    }

    /// What lies on the shelf; None where something else is asked for, or more.
    fn lying(&self, asking: Asking<'_>) -> Option<Ready> {
        let path = asking.head.uri.path();
        // A query may ask for an older part of what lies on the shelf.
        let asks_for_more = asking.head.uri.query().is_some_and(|query| Asked::of(path, Some(query)).is_some())
            || asks_for_news(&asking.head.headers);
        if asks_for_more { None } else { self.shelf.look(path, |document| self.shelved(document, asking)) }
    }

    async fn get(&self, asking: Asking<'_>) -> Ready {
        let path = asking.head.uri.path();
        let asked = |query| Asked::of(path, query);
        if let Some(asked) = asking.head.uri.query().and_then(|query| asked(Some(query))) {
            return self.history(&asked, asking).await;
        }
        if asks_for_news(&asking.head.headers)
            && let Some(document) = self.shelf.get(path)
            && let Some(answer) = self.news(path, &document, asking).await
        {
            return answer;
        }
        if let Some(answer) = self.shelf.look(path, |document| self.shelved(document, asking)) {
            return answer;
        }
        if let Some(asked) = asked(None) {
            return self.history(&asked, asking).await;
        }
        if let Some(answer) = moved::answer(&asking.head.uri, &self.shelf, &self.live.outlets.load()) {
            return answer;
        }
        if ADMIN.contains(&path)
            && let Some(refusal) = self.refusal(&self.live.outlets.load().admin, asking)
        {
            return refusal;
        }
        match self.live.get(path, &self.metrics).await {
            Ok(Some(rendered)) if ADMIN.contains(&path) => private(rendered),
            Ok(Some(rendered)) => live(rendered, &asking.head.headers),
            Ok(None) => Self::error(StatusCode::NOT_FOUND, "There is nothing at this address."),
            Err(problem) => {
                error!(error = %problem, path, "a page could not be made");
                Self::error(StatusCode::SERVICE_UNAVAILABLE, "The service cannot answer this just now.")
            }
        }
    }

    /// A page of older entries, or an archive.
    async fn history(&self, asked: &Asked, asking: Asking<'_>) -> Ready {
        let nothing = || Self::error(StatusCode::NOT_FOUND, "There is nothing at this address.");
        // Who may not have the newest entries may not have the older ones.
        let Some(newest) = self.shelf.get(&format!("/{}", asked.slug)) else {
            let outlets = self.live.outlets.load();
            return moved::answer(&asking.head.uri, &self.shelf, &outlets).unwrap_or_else(nothing);
        };
        if let Some(refusal) = self.refusal(&newest.access, asking) {
            return refusal;
        }
        let key = asked.path();
        let edition = match self.shelf.made(&key) {
            Ok(document) => return self.shelved(&document, asking),
            Err(edition) => edition,
        };
        match self.live.history(asked).await {
            Ok(Some(document)) => {
                let document = Arc::new(document);
                self.shelf.keep_made(key, edition, &document);
                self.shelved(&document, asking)
            }
            Ok(None) => nothing(),
            Err(problem) => {
                error!(error = %problem, path = key, "older articles cannot be shown");
                Self::error(StatusCode::SERVICE_UNAVAILABLE, "The service cannot answer this just now.")
            }
        }
    }

    /// For who asks for it (RFC 3229, `A-IM: feed`): what is new since the version that the requester has, when
    /// that is remembered.
    async fn news(&self, path: &str, present: &Shelved, asking: Asking<'_>) -> Option<Ready> {
        let headers = &asking.head.headers;
        if not_modified(headers, &present.rendered.etag, present.rendered.last_modified)
            || self.refusal(&present.access, asking).is_some()
        {
            return None;
        }
        let (tag, earlier) = self.shelf.earlier(path, |tag| names_version(headers, tag))?;
        let key = format!("{path} since {tag}");
        let news = match self.shelf.made(&key) {
            Ok(news) => news,
            Err(edition) => {
                let news = self.live.news(path, present, &earlier).await.ok().flatten()?;
                let news = Arc::new(news);
                self.shelf.keep_made(key, edition, &news);
                news
            }
        };
        let mut answer = self.shelved(&news, asking);
        *answer.status_mut() = StatusCode::IM_USED;
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("im"), HeaderValue::from_static("feed"));
        // Caches that know nothing of this must not take it for the whole document.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, im"));
        headers.append(header::VARY, HeaderValue::from_static("A-IM, If-None-Match"));
        Some(answer)
    }

    /// The answer to who may not have something.
    fn refusal(&self, access: &Access, asking: Asking<'_>) -> Option<Ready> {
        if access.is_public() {
            return None;
        }
        let offered = auth::offered(&asking.head.headers, asking.head.uri.query());
        if let Some(token) = access.opened_by(&offered) {
            self.live.uses.note(token, self.live.clock.now());
            return None;
        }
        // Who guesses must not guess fast.
        let client = asking.client.filter(|_| !offered.is_empty());
        if let Some(wait) = client.and_then(|client| self.guesses.refuses(client)) {
            return Some(Self::too_many(wait));
        }
        let mut answer = Self::error(StatusCode::UNAUTHORIZED, "This needs a token.");
        let challenge = HeaderValue::from_static("Basic realm=\"newsriver\", charset=\"UTF-8\", Bearer");
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        Some(answer)
    }

    fn too_many(wait: Duration) -> Ready {
        let mut answer = Self::error(StatusCode::TOO_MANY_REQUESTS, "Too many requests came from your address.");
        answer.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
        answer
    }

    fn shelved(&self, document: &Shelved, asking: Asking<'_>) -> Ready {
        if let Some(refusal) = self.refusal(&document.access, asking) {
            return refusal;
        }
        let wanted = coding(&asking.head.headers);
        let coded = document.compressed.get().and_then(|bodies| match wanted {
            Coding::Identity => None,
            Coding::Gzip => Some(&bodies.gzip),
            Coding::Brotli => Some(&bodies.br),
            Coding::Zstd => Some(&bodies.zstd),
        });
        // A coder that failed left nothing; the document itself is always there.
        let coded = coded.filter(|body| !body.is_empty()).map(|body| (wanted, body));
        let (coding, body) = coded.unwrap_or((Coding::Identity, &document.rendered.body));
        let known = not_modified(&asking.head.headers, &document.rendered.etag, document.rendered.last_modified);
        let mut answer = if known {
            not_changed(document.heads.of(document, coding).unchanged.clone())
        } else {
            Self::whole(document, coding, body, asking)
        };
        if let Some(own) = document.heads.own(document).filter(|own| !own.is_asked_for(asking.head)) {
            answer.headers_mut().insert(header::CONTENT_LOCATION, own.address.clone());
        }
        answer
    }

    fn whole(document: &Shelved, coding: Coding, body: &Bytes, asking: Asking<'_>) -> Ready {
        let twin = if asking.takes_twins { document.twins.of(coding, body) } else { None };
        let mut answer = Response::new(Memory { bytes: body.clone(), twin });
        *answer.headers_mut() = document.heads.of(document, coding).whole.clone();
        if is_page_of_browser(&asking.head.headers) && has_page_form(document) {
            let xml = HeaderValue::from_static("application/xml; charset=utf-8");
            answer.headers_mut().insert(header::CONTENT_TYPE, xml);
        }
        answer
    }

    fn no_method(path: &str) -> Ready {
        let (message, allowed) = if path == "/hub" {
            ("This is a WebSub hub: POST to subscribe.", "POST")
        } else {
            ("Only GET and HEAD are answered here.", "GET, HEAD")
        };
        let mut answer = Self::error(StatusCode::METHOD_NOT_ALLOWED, message);
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
        answer
    }

    pub(super) fn error(status: StatusCode, message: &str) -> Ready {
        let page = pages::error(status.as_u16(), status.canonical_reason().unwrap_or("Error"), message);
        let mut answer = Response::new(Memory::from(page.body));
        *answer.status_mut() = status;
        guard(answer.headers_mut(), page.content_type);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

/// A page for admins, which no cache keeps.
fn private(rendered: Rendered) -> Ready {
    let mut answer = Response::new(Memory::from(rendered.body));
    guard(answer.headers_mut(), rendered.content_type);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// A page made on request.
fn live(rendered: Rendered, headers: &HeaderMap) -> Ready {
    let mut head = HeaderMap::new();
    guard(&mut head, rendered.content_type);
    set(&mut head, header::ETAG, &Coding::Identity.etag(&rendered.etag));
    set(&mut head, header::LAST_MODIFIED, &http_date(rendered.last_modified));
    set(&mut head, header::CACHE_CONTROL, &format!("public, max-age={LIVE_MAX_AGE}"));
    if not_modified(headers, &rendered.etag, rendered.last_modified) {
        return not_changed(unchanged(&head));
    }
    let mut answer = Response::new(Memory::from(rendered.body));
    *answer.headers_mut() = head;
    answer
}

/// The answer to who has it already.
fn not_changed(head: HeaderMap) -> Ready {
    let mut answer = Ready::default();
    *answer.status_mut() = StatusCode::NOT_MODIFIED;
    *answer.headers_mut() = head;
    answer
}

/// The headers that every answer has.
pub(super) fn guard(headers: &mut HeaderMap, content_type: &'static str) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if content_type.starts_with("text/html") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
}

/// Sets a header made of our own words; they hold nothing that a header must not hold.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
