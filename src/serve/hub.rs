//! `/hub` takes subscriptions (WebSub s.5.1). What is well formed and about a feed of ours is answered
//! at once; whether it was meant by the owner of the callback is verified afterwards, elsewhere.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use url::Url;

use super::body::Memory;
use super::flood::Flood;
use super::router::Ready;
use super::{Outlets, Shelf, auth};
use crate::model::{Intent, Secret, Token, Wish};

/// A request's form takes less than this.
const FORM: usize = 16 * 1024;
/// Time for a client to send the form.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longer addresses are no addresses.
const ADDRESS: usize = 2048;
/// Secrets have fewer bytes (s.5.1).
const SECRET: usize = 200;
/// Requests of one client: this many at once, and one more every so often.
const AT_ONCE: u32 = 60;
/// Requests of one client a second.
const PER_SECOND: f64 = 1.0;

/// Takes well-formed requests further; false when it cannot now.
pub trait Intake: Send + Sync + std::fmt::Debug {
    /// Takes one. An error says why it cannot be taken now.
    fn take(&self, intent: Intent) -> Result<(), String>;
}

/// Where subscriptions are asked for.
#[derive(Debug)]
pub struct HubDesk {
    intake: Arc<dyn Intake>,
    shelf: Arc<Shelf>,
    outlets: Arc<ArcSwap<Outlets>>,
    flood: Flood,
}

/// Why a request is refused: status and reason.
type Refusal = (StatusCode, String);

impl HubDesk {
    /// A desk for the topics on the shelf.
    pub fn new(intake: Arc<dyn Intake>, shelf: Arc<Shelf>, outlets: Arc<ArcSwap<Outlets>>) -> Self {
        Self { intake, shelf, outlets, flood: Flood::new(PER_SECOND, AT_ONCE) }
    }

    /// The answer to a POST.
    pub(super) async fn answer<B>(&self, head: &Parts, body: B, client: Option<IpAddr>) -> Ready
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let outlets = self.outlets.load();
        let own = outlets.site.base_url.join("hub").ok();
        if let Some(successor) = outlets.site.hub.as_ref().filter(|hub| Some(*hub) != own.as_ref()) {
            let mut answer = text(StatusCode::PERMANENT_REDIRECT, "This hub has moved.");
            if let Ok(value) = HeaderValue::from_str(successor.as_str()) {
                answer.headers_mut().insert(header::LOCATION, value);
            }
            return answer;
        }
        if outlets.site.hub.is_none() {
            return text(StatusCode::NOT_FOUND, "There is no hub here.");
        }
        if let Some(wait) = client.and_then(|client| self.flood.refuses(client)) {
            return later(StatusCode::TOO_MANY_REQUESTS, "Too many requests.", wait);
        }
        let intent = match read(head, body).await {
            Ok(form) => self.understand(&form, head, &outlets.site.base_url),
            Err(refusal) => Err(refusal),
        };
        match intent {
            Err((status, reason)) => text(status, &reason),
            Ok(intent) => match self.intake.take(intent) {
                Ok(()) => text(StatusCode::ACCEPTED, "The callback will be asked whether it wants this."),
                Err(why) => later(StatusCode::TOO_MANY_REQUESTS, &why, Duration::from_secs(10)),
            },
        }
    }

    fn understand(&self, form: &Form, head: &Parts, base: &Url) -> Result<Intent, Refusal> {
        let callback = form.callback()?;
        let named = form.needed("hub.topic")?;
        let (path, shown) = topic(named, base).ok_or_else(|| foreign(named))?;
        let document = self.shelf.get(&path).filter(|document| document.topic.is_some());
        let wish = match form.needed("hub.mode")? {
            "unsubscribe" => Wish::Unsubscribe,
            "subscribe" => {
                let document = document.ok_or_else(|| foreign(named))?;
                let mut offered = auth::offered(&head.headers, head.uri.query());
                offered.extend(shown);
                let token = document.access.opened_by(&offered);
                if token.is_none() && !document.access.is_public() {
                    let reason =
                        "This topic needs a token: name it as ?token=… of hub.topic, or send it as Authorization.";
                    return Err((StatusCode::FORBIDDEN, reason.to_owned()));
                }
                let token = token.filter(|_| !document.access.is_public());
                Wish::Subscribe { lease: form.lease()?, secret: form.secret()?, token: token.map(Token::digest) }
            }
            "publish" => return Err(bad("This hub learns of changes by itself; nothing needs to be published.")),
            _ => return Err(bad("hub.mode must be subscribe or unsubscribe.")),
        };
        Ok(Intent { wish, topic: path, named: named.to_owned(), callback: callback.to_owned() })
    }
}

/// The path of a topic of ours, and the token in its address.
fn topic(named: &str, base: &Url) -> Option<(String, Option<String>)> {
    let url = Url::parse(named).ok().filter(|_| named.len() <= ADDRESS)?;
    if url.origin() != base.origin() || url.fragment().is_some() {
        return None;
    }
    let path = url.path().strip_prefix(base.path())?;
    let mut query: Vec<_> = url.query_pairs().collect();
    let token = query.pop();
    match token {
        None => Some((format!("/{path}"), None)),
        Some((name, value)) if name == "token" && query.is_empty() => {
            Some((format!("/{path}"), Some(value.into_owned())))
        }
        Some(_) => None,
    }
}

/// The parameters of a request.
struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(have, _)| have == name).map(|(_, value)| value.as_str());
        let first = values.next();
        match values.next() {
            Some(_) => Err(bad(&format!("{name} is given more than once."))),
            None => Ok(first),
        }
    }

    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)?.filter(|value| !value.is_empty()).ok_or_else(|| bad(&format!("{name} is missing.")))
    }

    fn callback(&self) -> Result<&str, Refusal> {
        let callback = self.needed("hub.callback")?;
        let fits = callback.len() <= ADDRESS
            && Url::parse(callback).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.has_host()
                    && url.username().is_empty()
                    && url.password().is_none()
                    && url.fragment().is_none()
            });
        if fits { Ok(callback) } else { Err(bad("hub.callback must be an absolute http or https address.")) }
    }

    fn lease(&self) -> Result<Option<Duration>, Refusal> {
        let Some(value) = self.get("hub.lease_seconds")?.filter(|value| !value.is_empty()) else { return Ok(None) };
        match value.parse() {
            Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
            _ => Err(bad("hub.lease_seconds must be a whole number above 0.")),
        }
    }

    fn secret(&self) -> Result<Option<Secret>, Refusal> {
        let Some(secret) = self.get("hub.secret")?.filter(|value| !value.is_empty()) else { return Ok(None) };
        if secret.len() < SECRET {
            Ok(Some(Secret::new(secret.to_owned())))
        } else {
            Err(bad("hub.secret must have fewer than 200 bytes."))
        }
    }
}

async fn read<B>(head: &Parts, body: B) -> Result<Form, Refusal>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let is_form = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let in_utf8 = parts
        .all(|part| !part.to_ascii_lowercase().starts_with("charset") || part.to_ascii_lowercase().contains("utf-8"));
    if !is_form || !in_utf8 {
        let reason = "The request must be a form: application/x-www-form-urlencoded in UTF-8.";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, reason.to_owned()));
    }
    let body = std::pin::pin!(body);
    let body = match tokio::time::timeout(PATIENCE, Limited::new(body, FORM).collect()).await {
        Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, "The form did not come in time.".to_owned())),
        Ok(Err(_)) => return Err((StatusCode::PAYLOAD_TOO_LARGE, "The form is too large or broke off.".to_owned())),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let form: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
    if form.iter().any(|(name, value)| name.contains('\u{fffd}') || value.contains('\u{fffd}')) {
        return Err(bad("The form is not in UTF-8."));
    }
    Ok(Form(form))
}

fn bad(reason: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, reason.to_owned())
}

/// Only our own topics: this hub is no relay. What was named is not repeated, it may hold anything.
fn foreign(_named: &str) -> Refusal {
    (StatusCode::NOT_FOUND, "hub.topic is no feed of this site.".to_owned())
}

fn text(status: StatusCode, words: &str) -> Ready {
    let mut answer = Response::new(Memory::from(format!("{words}\n")));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn later(status: StatusCode, words: &str, wait: Duration) -> Ready {
    let mut answer = text(status, words);
    answer.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_are_topics() {
        let base = Url::parse("https://a.example/news/").unwrap();
        let path = |named| topic(named, &base).map(|(path, token)| (path, token.unwrap_or_default()));
        assert_eq!(path("https://a.example/news/feeds/all.rss"), Some(("/feeds/all.rss".into(), String::new())));
        assert_eq!(
            path("https://A.example:443/news/feeds/p.rss?token=x%20y"),
            Some(("/feeds/p.rss".into(), "x y".into()))
        );
        for foreign in [
            "http://a.example/news/feeds/all.rss",
            "https://b.example/news/feeds/all.rss",
            "https://a.example/feeds/all.rss",
            "https://a.example/news/feeds/all.rss?x=1",
            "https://a.example/news/feeds/all.rss?token=1&token=2",
            "https://a.example/news/feeds/all.rss#x",
            "feeds/all.rss",
        ] {
            assert_eq!(path(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn callbacks_are_absolute_and_without_a_user() {
        let callback = |text: &str| Form(vec![("hub.callback".into(), text.into())]).callback().is_ok();
        assert!(callback("https://a.example/x?y=z") && callback("http://a.example:8080/"));
        for bad in
            ["", "/x", "ftp://a.example/", "https://u@a.example/", "https://u:p@a.example/", "https://a.example/#x"]
        {
            assert!(!callback(bad), "{bad}");
        }
    }
}
