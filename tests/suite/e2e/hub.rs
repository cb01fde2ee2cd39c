//! The WebSub hub, seen by subscribers and outside hubs on loopback. The cases that a hub is commonly
//! tested with (a typical subscriber, a secret, unknown parameters, a renewal, leaving, other media
//! types), and what a hub must withstand.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Reply, Service, Site, item, prose, rss};

/// How a subscriber answers the question whether it wants to subscribe.
#[derive(Clone, Copy, PartialEq)]
enum Confirms {
    Echo,
    SomethingElse,
    Redirect,
    NotFound,
    Late,
}

/// A request that a subscriber got.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: String,
    query: HashMap<String, String>,
    raw_query: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    at: Instant,
}

impl Call {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn links(&self) -> Vec<&str> {
        let links = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
        links.map(|(_, value)| value.as_str()).collect()
    }
}

/// A subscriber, or an outside hub: it listens on loopback and remembers what it was told.
pub(super) struct Subscriber {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
    confirms: Arc<Mutex<Confirms>>,
    status: Arc<Mutex<u16>>,
}

impl Subscriber {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let subscriber = Self {
            address: listener.local_addr().unwrap(),
            calls: Arc::default(),
            confirms: Arc::new(Mutex::new(Confirms::Echo)),
            status: Arc::new(Mutex::new(204)),
        };
        let (calls, confirms, status) =
            (Arc::clone(&subscriber.calls), Arc::clone(&subscriber.confirms), Arc::clone(&subscriber.status));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (calls, confirms, status) = (Arc::clone(&calls), Arc::clone(&confirms), Arc::clone(&status));
                std::thread::spawn(move || while serve(&stream, &calls, &confirms, &status).is_some() {});
            }
        });
        subscriber
    }

    fn callback(&self) -> String {
        format!("http://{}/callback?key=%20v", self.address)
    }

    fn confirms(&self, how: Confirms) {
        *self.confirms.lock().unwrap() = how;
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// The questions so far: verifications and denials.
    fn asked(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| call.method == "GET").cloned().collect()
    }

    /// The deliveries so far.
    pub(super) fn told(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| call.method == "POST").cloned().collect()
    }

    fn subscribe_with(&self, service: &Service, topic: &str, more: &str) -> u16 {
        ask_for(service, &form("subscribe", &service.url(topic), &self.callback(), more))
    }

    /// Subscribes and waits until the service has written it down.
    pub(super) fn subscribe(&self, service: &Service, topic: &str, more: &str) {
        let before = service.log().matches(" subscribed").count();
        assert_eq!(self.subscribe_with(service, topic, more), 202);
        service
            .wait("the subscription", |service| (service.log().matches(" subscribed").count() > before).then_some(()));
    }

    /// Waits until it was told of something.
    pub(super) fn wait_for_news(&self, service: &Service, what: &str) {
        service.wait(&format!("a delivery of {what}"), |_| {
            self.told().iter().any(|c| c.text().contains(what)).then_some(())
        });
    }

    pub(super) fn wait_for_deliveries(&self, service: &Service, count: usize) -> Vec<Call> {
        service.wait(&format!("{count} deliveries"), |_| Some(self.told()).filter(|told| told.len() >= count))
    }
}

fn serve(
    mut stream: &TcpStream,
    calls: &Mutex<Vec<Call>>,
    confirms: &Mutex<Confirms>,
    status: &Mutex<u16>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    let raw_query = target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let query: HashMap<String, String> = url::form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect();
    let challenge = query.get("hub.challenge").cloned().unwrap_or_default();
    calls.lock().unwrap().push(Call { method: method.clone(), query, raw_query, headers, body, at: Instant::now() });
    let how = *confirms.lock().unwrap();
    let answer = match (method.as_str(), how) {
        ("GET", Confirms::Echo) => plain(200, "", &challenge),
        ("GET", Confirms::SomethingElse) => plain(200, "", &format!("{challenge}\n")),
        ("GET", Confirms::Redirect) => plain(302, "Location: /elsewhere\r\n", &challenge),
        ("GET", Confirms::NotFound) => plain(404, "", &challenge),
        ("GET", Confirms::Late) => {
            std::thread::sleep(Duration::from_secs(2));
            plain(200, "", &challenge)
        }
        _ => plain(*status.lock().unwrap(), "", ""),
    };
    stream.write_all(answer.as_bytes()).ok()
}

/// Asks, again while the last request for the callback is still being dealt with.
fn ask_for(service: &Service, wish: &str) -> u16 {
    service.wait("the last request to be dealt with", |service| {
        let status = service.post("/hub", wish).status;
        (status != 429).then_some(status)
    })
}

fn plain(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

fn form(mode: &str, topic: &str, callback: &str, more: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", mode).append_pair("hub.topic", topic).append_pair("hub.callback", callback);
    format!("{}{more}", form.finish())
}

const HUB: &str = "[hub]\nallow_private = [\"127.0.0.0/8\"]\n";
const FEED: &str = "[feeds.all]\ntitle = \"All\"\nsources = [\"*\"]\n";

/// A paper with so many articles.
fn publish(site: &Site, articles: usize) {
    let items: String = (1..=articles)
        .map(|number| {
            let (id, topic) = (number.to_string(), format!("topic{number}"));
            item(
                &id,
                &format!("Article {number}"),
                &format!("Mon, 02 Mar 2026 08:{number:02}:00 GMT"),
                &prose(&topic, 3),
            )
        })
        .collect();
    site.put("/feed", Reply::rss(rss(&items)));
}

/// A service that follows a paper with one article.
fn newsroom(more: &str) -> (Site, Service) {
    let site = Site::start();
    publish(&site, 1);
    let mut service = Service::prepare("");
    service.configure(&configuration(&site, more));
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    (site, service)
}

fn configuration(site: &Site, more: &str) -> String {
    format!("{more}\n[sources.a]\nurl = \"{}\"\nfull_text = \"never\"\ninterval = \"1s\"\n{FEED}", site.url("/feed"))
}

#[test]
fn a_typical_subscriber_gets_the_topic_as_it_is_served() {
    let (site, service) = newsroom(HUB);
    for (number, (topic, kind)) in
        [("/feeds/all.rss", "application/rss+xml; charset=utf-8"), ("/feeds/all.json", "application/feed+json")]
            .into_iter()
            .enumerate()
    {
        let subscriber = Subscriber::start();
        subscriber.subscribe(&service, topic, "&foo=bar&hub.foo=hub.bar");
        let asked = subscriber.asked().remove(0);
        assert_eq!(asked.query["hub.mode"], "subscribe");
        assert_eq!(asked.query["hub.topic"], service.url(topic));
        assert_eq!(asked.query["hub.lease_seconds"], "864000");
        assert!(asked.query["hub.challenge"].len() >= 32);
        assert!(asked.raw_query.starts_with("key=%20v&"), "{}", asked.raw_query);

        publish(&site, number + 2);
        let told = subscriber.wait_for_deliveries(&service, 1).remove(0);
        let served = service.get(topic);
        assert_eq!(told.body, served.body);
        assert_eq!(told.header("Content-Type"), Some(kind));
        assert_eq!(served.header("Content-Type"), Some(kind));
        assert_eq!(told.raw_query, "key=%20v");
        let own =
            [format!("<{}>; rel=\"hub\"", service.url("/hub")), format!("<{}>; rel=\"self\"", service.url(topic))];
        assert!(own.iter().all(|link| told.links().contains(&link.as_str())), "{:?}", told.links());
        assert_eq!(told.header("X-Hub-Signature"), None);
        // What is announced where the topic is fetched is what the hub goes by.
        let links: Vec<_> = served.header("Link").unwrap_or_default().split(", ").collect();
        assert!(own.iter().all(|link| links.contains(&link.as_str())), "{links:?}");
    }
    let documents = ["/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json"].map(|path| service.get(path).text());
    assert!(documents.iter().all(|document| document.contains(&service.url("/hub"))));
}

#[test]
fn a_new_article_is_there_within_a_second() {
    let (site, service) = newsroom(HUB);
    let subscriber = Subscriber::start();
    subscriber.subscribe(&service, "/feeds/all.atom", "");
    // The machine may be busy with other tests; a service that waits for anything is late each time.
    let mut times = Vec::new();
    for articles in 2..12 {
        publish(&site, articles);
        let published = Instant::now();
        let told = subscriber.wait_for_deliveries(&service, articles - 1).pop().unwrap();
        let fetched = site.asked("/feed").into_iter().map(|asked| asked.at).filter(|at| *at > published).min().unwrap();
        times.push(told.at.saturating_duration_since(fetched));
        if times.last().unwrap() < &Duration::from_secs(1) {
            return;
        }
    }
    panic!("from the visit to the delivery it took {times:?}");
}

#[test]
fn content_is_signed_with_the_latest_secret() {
    let (site, service) = newsroom(HUB);
    let subscriber = Subscriber::start();
    subscriber.subscribe(&service, "/feeds/all.rss", "&hub.secret=first");
    subscriber.subscribe(&service, "/feeds/all.rss", "&hub.secret=b%C3%AD%20m%E1%BA%ADt");
    publish(&site, 2);
    let told = subscriber.wait_for_deliveries(&service, 1).remove(0);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, "bí mật".as_bytes());
    let tag: String = ring::hmac::sign(&key, &told.body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(told.header("X-Hub-Signature"), Some(format!("sha256={tag}").as_str()));
    // A renewal is no second subscription.
    publish(&site, 3);
    assert_eq!(subscriber.wait_for_deliveries(&service, 2).len(), 2);
    assert!(!service.log().contains("first") && !service.log().contains("bí mật"));
}

#[test]
fn who_leaves_is_told_no_longer() {
    let (site, service) = newsroom(HUB);
    let (leaves, stays) = (Subscriber::start(), Subscriber::start());
    leaves.subscribe(&service, "/feeds/all.rss", "");
    stays.subscribe(&service, "/feeds/all.rss", "");
    let wish = form("unsubscribe", &service.url("/feeds/all.rss"), &leaves.callback(), "");
    // Without the callback's consent nothing changes.
    leaves.confirms(Confirms::NotFound);
    assert_eq!(ask_for(&service, &wish), 202);
    service.wait("the refusal", |service| service.log().contains("did not confirm").then_some(()));
    publish(&site, 2);
    leaves.wait_for_news(&service, "Article 2");
    stays.wait_for_news(&service, "Article 2");

    leaves.confirms(Confirms::Echo);
    assert_eq!(ask_for(&service, &wish), 202);
    service.wait("the end", |service| service.log().contains(" unsubscribed").then_some(()));
    assert_eq!(leaves.asked().pop().unwrap().query.get("hub.lease_seconds"), None);
    publish(&site, 3);
    stays.wait_for_news(&service, "Article 3");
    assert!(!leaves.told().iter().any(|call| call.text().contains("Article 3")));
}

#[test]
fn only_an_echo_confirms() {
    let (site, service) = newsroom(HUB);
    let (subscriber, witness) = (Subscriber::start(), Subscriber::start());
    for (count, how) in [Confirms::SomethingElse, Confirms::Redirect, Confirms::NotFound].into_iter().enumerate() {
        subscriber.confirms(how);
        assert_eq!(subscriber.subscribe_with(&service, "/feeds/all.rss", ""), 202);
        service.wait("the refusal", |service| (service.log().matches("did not confirm").count() > count).then_some(()));
    }
    let mut challenges: Vec<_> = subscriber.asked().iter().map(|asked| asked.query["hub.challenge"].clone()).collect();
    challenges.sort();
    challenges.dedup();
    assert_eq!(challenges.len(), 3, "each question has its own challenge, and no redirect was followed");
    witness.subscribe(&service, "/feeds/all.rss", "");
    publish(&site, 2);
    witness.wait_for_deliveries(&service, 1);
    assert!(subscriber.told().is_empty());
}

#[test]
fn faulty_requests_are_refused_at_once() {
    let (_site, service) = newsroom(&format!("{HUB}lease = \"1h\"\n"));
    let subscriber = Subscriber::start();
    let (topic, callback) = (service.url("/feeds/all.rss"), subscriber.callback());
    let long = "x".repeat(200);
    for (wish, status) in [
        (form("subscribe", &topic, "", ""), 400),
        (form("subscribe", "", &callback, ""), 400),
        (form("", &topic, &callback, ""), 400),
        (form("maybe", &topic, &callback, ""), 400),
        (form("publish", &topic, &callback, ""), 400),
        (form("subscribe", &topic, "ftp://127.0.0.1/", ""), 400),
        (form("subscribe", &topic, "http://user:word@127.0.0.1/", ""), 400),
        (form("subscribe", &topic, &callback, "&hub.lease_seconds=0"), 400),
        (form("subscribe", &topic, &callback, "&hub.lease_seconds=soon"), 400),
        (form("subscribe", &topic, &callback, &format!("&hub.secret={long}")), 400),
        (form("subscribe", &topic, &callback, "&hub.mode=unsubscribe"), 400),
        (form("subscribe", &topic, &callback, "&x=%ff"), 400),
        (form("subscribe", "https://elsewhere.example/feed", &callback, ""), 404),
        (form("subscribe", &service.url("/feeds/none.rss"), &callback, ""), 404),
        (form("subscribe", &service.url("/status"), &callback, ""), 404),
        (form("subscribe", &topic, &callback, &format!("&x={}", "y".repeat(20_000))), 413),
    ] {
        let answer = service.post("/hub", &wish);
        assert_eq!(answer.status, status, "{wish}: {}", answer.text());
        assert!(answer.header("Content-Type").unwrap().starts_with("text/plain"));
        assert!(answer.text().trim().len() > 10);
    }
    assert_eq!(service.request("POST", "/hub", &[("Content-Type", "application/json")]).status, 415);
    assert_eq!(service.get("/hub").status, 405);
    assert!(subscriber.asked().is_empty());
    // A longer wish is cut, a shorter one honoured.
    for (wish, lease) in [("&hub.lease_seconds=99999999", "3600"), ("&hub.lease_seconds=60", "60")] {
        subscriber.subscribe(&service, "/feeds/all.rss", wish);
        assert_eq!(subscriber.asked().pop().unwrap().query["hub.lease_seconds"], lease);
    }
}

#[test]
fn callbacks_in_private_networks_are_never_called() {
    // Sources may lie on loopback here, callbacks may not.
    let (_site, service) = newsroom("");
    let subscriber = Subscriber::start();
    assert_eq!(subscriber.subscribe_with(&service, "/feeds/all.rss", ""), 202);
    service
        .wait("the refusal", |service| service.log().contains("the callback lies in a private network").then_some(()));
    assert!(subscriber.asked().is_empty());
}

#[test]
fn what_could_not_be_told_is_told_after_a_kill() {
    let (site, mut service) = newsroom(HUB);
    let (failing, gone, away) = (Subscriber::start(), Subscriber::start(), Subscriber::start());
    for subscriber in [&failing, &gone, &away] {
        subscriber.subscribe(&service, "/feeds/all.rss", "");
    }
    failing.answers(500);
    gone.answers(410);
    publish(&site, 2);
    for subscriber in [&failing, &gone, &away] {
        subscriber.wait_for_deliveries(&service, 1);
    }
    service.wait("the end of one", |service| service.log().contains("is off the list").then_some(()));
    service.kill();
    // Stored while nobody could be told of it.
    publish(&site, 3);
    assert!(service.command(&["poll", "a"]).status.success());
    failing.answers(200);
    service.run();
    assert_eq!(away.wait_for_deliveries(&service, 2).len(), 2);
    let told = failing.wait_for_deliveries(&service, 2).pop().unwrap();
    assert_eq!(told.body, service.get("/feeds/all.rss").body, "the present version, not each that was missed");
    assert_eq!(gone.told().len(), 1);
}

#[test]
fn a_lease_ends() {
    let (site, service) = newsroom(HUB);
    let (brief, lasting) = (Subscriber::start(), Subscriber::start());
    brief.subscribe(&service, "/feeds/all.rss", "&hub.lease_seconds=1");
    let end = Instant::now() + Duration::from_secs(1);
    lasting.subscribe(&service, "/feeds/all.rss", "");
    service.wait("the end of the lease", |_| (Instant::now() > end).then_some(()));
    publish(&site, 2);
    lasting.wait_for_deliveries(&service, 1);
    assert!(brief.told().is_empty());
}

#[test]
fn a_protected_topic_needs_a_token_as_long_as_it_lasts() {
    let site = Site::start();
    publish(&site, 1);
    let partner = "[feeds.partner]\ntitle = \"Partner\"\nsources = [\"*\"]\ntokens = [\"file:token\"]\n";
    let mut service = Service::prepare("");
    let token = |text: &str| std::fs::write(service.path("token"), text).unwrap();
    token("geheim-0123456789abcdef");
    service.configure(&format!("{}{partner}", configuration(&site, HUB)));
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    let subscriber = Subscriber::start();
    assert_eq!(subscriber.subscribe_with(&service, "/feeds/partner.rss", ""), 403);
    assert_eq!(subscriber.subscribe_with(&service, "/feeds/partner.rss?token=wrong", ""), 403);
    subscriber.subscribe(&service, "/feeds/partner.rss?token=geheim-0123456789abcdef", "");
    assert_eq!(
        subscriber.asked()[0].query["hub.topic"],
        service.url("/feeds/partner.rss?token=geheim-0123456789abcdef")
    );
    publish(&site, 2);
    let told = subscriber.wait_for_deliveries(&service, 1).remove(0);
    assert!(!told.links().iter().any(|link| link.contains("geheim")));

    std::fs::write(service.path("token"), "another-0123456789abcdef").unwrap();
    service.configure(&format!("{}{partner}# changed\n", configuration(&site, HUB)));
    service.wait("the new token", |service| {
        (service.get("/feeds/partner.rss?token=another-0123456789abcdef").status == 200).then_some(())
    });
    publish(&site, 3);
    let denied = service
        .wait("the denial", |_| subscriber.asked().into_iter().find(|asked| asked.query["hub.mode"] == "denied"));
    assert_eq!(denied.query["hub.topic"], service.url("/feeds/partner.rss"));
    assert_eq!(subscriber.told().len(), 1);
    assert!(!service.log().contains("geheim"));
}

#[test]
fn outside_hubs_are_told_of_changes_and_of_nothing_else() {
    let (hub, partner_hub) = (Subscriber::start(), Subscriber::start());
    let site = Site::start();
    publish(&site, 1);
    let mut service = Service::prepare("");
    std::fs::write(service.path("token"), "geheim-0123456789abcdef").unwrap();
    let feeds = format!(
        "{}hubs = [\"http://{}/\"]\n[feeds.partner]\nsources = [\"*\"]\ntokens = [\"file:token\"]\nhubs = [\"http://{}/\"]\n",
        configuration(&site, HUB),
        hub.address,
        partner_hub.address
    );
    service.configure(&feeds);
    service.run();
    service.wait_for_entries("/feeds/all.rss", 1);
    let topics = |from: usize| -> Vec<String> {
        let mut topics: Vec<_> = hub
            .told()
            .into_iter()
            .skip(from)
            .map(|told| {
                let form: HashMap<String, String> = url::form_urlencoded::parse(&told.body).into_owned().collect();
                assert_eq!(form["hub.mode"], "publish");
                form["hub.url"].clone()
            })
            .collect();
        topics.sort();
        topics.dedup();
        topics
    };
    let all = ["/feeds/all.atom", "/feeds/all.json", "/feeds/all.rss"].map(|path| service.url(path));
    service.wait("the first notices", |_| (topics(0) == all).then_some(()));
    // Visits without news are no news.
    let visits = site.asked("/feed").len();
    service.wait("two more visits", |_| (site.asked("/feed").len() >= visits + 2).then_some(()));
    let before = hub.told().len();
    publish(&site, 2);
    service.wait("further notices", |_| (topics(before) == all).then_some(()));
    assert!(hub.told().len() <= before + 6, "{} and {before}", hub.told().len());
    assert!(partner_hub.told().is_empty(), "nobody outside learns of a protected feed");
    let document = service.get("/feeds/all.atom").text();
    assert!(document.contains(&format!("http://{}/", hub.address)));
}

#[test]
fn a_hub_has_limits() {
    let (_site, service) = newsroom(&format!("{HUB}per_topic = 1\n"));
    let (first, second) = (Subscriber::start(), Subscriber::start());
    first.subscribe(&service, "/feeds/all.rss", "");
    assert_eq!(second.subscribe_with(&service, "/feeds/all.rss", ""), 202);
    let denied = service.wait("the denial", |_| second.asked().pop());
    assert_eq!(denied.query["hub.mode"], "denied");
    assert_eq!(denied.query["hub.topic"], service.url("/feeds/all.rss"));
    assert!(denied.query["hub.reason"].contains("subscribers"));
    // Whoever has one may renew it.
    first.subscribe(&service, "/feeds/all.rss", "");

    // One question at a time for a callback.
    let late = Subscriber::start();
    late.confirms(Confirms::Late);
    assert_eq!(late.subscribe_with(&service, "/feeds/all.json", ""), 202);
    let refused = service.post("/hub", &form("subscribe", &service.url("/feeds/all.json"), &late.callback(), ""));
    assert_eq!(refused.status, 429);
    assert!(refused.header("Retry-After").is_some());
}

#[test]
fn a_hub_that_moved_says_where_to() {
    let (_site, service) = newsroom("[hub]\nmoved_to = \"https://hub.example.org/x\"\n");
    let topic = service.url("/feeds/all.rss");
    let answer = service.post("/hub", &form("subscribe", &topic, "http://127.0.0.1/", ""));
    assert_eq!((answer.status, answer.header("Location")), (308, Some("https://hub.example.org/x")));
    assert!(service.get("/feeds/all.rss").text().contains("https://hub.example.org/x"));
    let (_site, service) = newsroom("[hub]\nserve = false\n");
    assert_eq!(service.post("/hub", &form("subscribe", &topic, "http://127.0.0.1/", "")).status, 404);
    assert!(!service.get("/feeds/all.rss").text().contains("rel=\"hub\""));
}
