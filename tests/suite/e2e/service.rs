//! The built program, driven as an admin and a reader would.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(240);
/// How long the service waits for an answer, in seconds. Sites on loopback answer at once, but the machine may be
/// busy: only tests of what does not answer want less.
const TIMEOUT: u32 = 30;

/// A folder with a feeds.toml, and the service running in it.
pub(crate) struct Service {
    folder: tempfile::TempDir,
    child: Option<Child>,
    port: u16,
    /// The port that `base_url` names.
    public_port: u16,
}

/// An answer of the service.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// An answer as it came over the wire, without any coding of the transfer.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers =
            lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        Some(Self { status, headers, body: bytes[end + 4..].to_vec() })
    }

    /// The next answer of a connection that stays open.
    pub(crate) fn read(stream: &mut impl Read, method: &str) -> Option<Self> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            bytes.extend_from_slice(&byte);
        }
        let mut answer = Self::parse(&bytes)?;
        if method != "HEAD" && answer.status != 304 {
            let length = answer.header("Content-Length").expect("an answer says its length").parse().unwrap();
            answer.body = vec![0; length];
            stream.read_exact(&mut answer.body).ok()?;
        }
        Some(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Service {
    /// A folder with a configuration: `sources_and_feeds` follows the tables that every test needs.
    pub(crate) fn prepare(sources_and_feeds: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let service = Self { folder, child: None, port, public_port: port };
        service.configure(sources_and_feeds);
        service
    }

    /// Another machine that publishes under the address of this one.
    pub(crate) fn another(&self, sources_and_feeds: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Self { folder, child: None, port: free_port(), public_port: self.public_port };
        service.configure(sources_and_feeds);
        service
    }

    /// A prepared service, running.
    pub(crate) fn start(sources_and_feeds: &str) -> Self {
        let mut service = Self::prepare(sources_and_feeds);
        service.run();
        service
    }

    /// A service that waits for no answer longer than a few seconds, running.
    pub(crate) fn impatient(sources_and_feeds: &str) -> Self {
        let mut service = Self::prepare(sources_and_feeds);
        let text = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
        let (patient, impatient) = (format!("timeout = \"{TIMEOUT}s\""), "timeout = \"3s\"");
        assert!(text.contains(&patient));
        std::fs::write(service.path("feeds.toml"), text.replace(&patient, impatient)).unwrap();
        service.run();
        service
    }

    pub(crate) fn configure(&self, sources_and_feeds: &str) {
        let (port, public) = (self.port, self.public_port);
        let text = format!(
            "[site]\ntitle = \"Test News\"\nbase_url = \"http://127.0.0.1:{public}\"\ncontact = \"editor@example.org\"\n\
             language = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n\n[server]\nlisten = \"127.0.0.1:{port}\"\n\n\
             [fetch]\nallow_private = [\"127.0.0.0/8\"]\nper_host = 8\ntimeout = \"{TIMEOUT}s\"\n\n{sources_and_feeds}\n"
        );
        std::fs::write(self.path("feeds.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts the service.
    pub(crate) fn run_without_waiting(&mut self) {
        self.spawn(&["serve"]);
    }

    fn spawn(&mut self, arguments: &[&str]) {
        let log = std::fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        let child = command(self.folder.path()).args(arguments).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.child = Some(child);
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The service's process.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Sends a signal to the service.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Starts the service and waits until it answers.
    pub(crate) fn run(&mut self) {
        self.run_without_waiting();
        self.wait_until_it_answers();
    }

    /// Starts the demo here and waits until it answers.
    pub(crate) fn run_demo(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        self.spawn(&["demo", "--listen", &listen, "--data", "demo"]);
        self.wait_until_it_answers();
    }

    fn wait_until_it_answers(&mut self) {
        let start = Instant::now();
        while self.try_get("/healthz", &[]).is_none() {
            assert!(start.elapsed() < PATIENCE, "the service does not answer:\n{}", self.log());
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                panic!("the service ended with {status}:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the service logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// SIGTERM, and the exit status.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        Command::new("kill").arg(child.id().to_string()).status().unwrap();
        child.wait().unwrap().code()
    }

    /// Another command in the same folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        command(self.folder.path()).args(arguments).output().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.try_get(path, headers).unwrap_or_else(|| panic!("no answer for {path}:\n{}", self.log()))
    }

    fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        request(self.port, "GET", path, headers)
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        request(self.port, method, path, headers).unwrap()
    }

    /// A POST with a form in its body.
    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", &form.len().to_string())];
        request_with_body(self.port, "POST", path, &headers, form.as_bytes()).unwrap()
    }

    /// A feed as an independent reader understands it.
    pub(crate) fn feed(&self, path: &str) -> feed_rs::model::Feed {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}");
        feed_rs::parser::parse(answer.body.as_slice())
            .unwrap_or_else(|error| panic!("{path}: {error}\n{}", answer.text()))
    }

    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.get(path).body).unwrap()
    }

    /// The status of one source.
    pub(crate) fn status(&self, source: &str) -> serde_json::Value {
        let status = self.json("/status.json");
        let sources = status["sources"].as_array().unwrap();
        sources.iter().find(|one| one["id"] == source).cloned().unwrap_or_else(|| panic!("no {source} in {status}"))
    }

    /// Waits until something holds.
    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "waited in vain for {what}\nstatus: {}\nlog:\n{}",
                self.get("/status.json").text(),
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until a feed has this many entries.
    pub(crate) fn wait_for_entries(&self, path: &str, count: usize) -> feed_rs::model::Feed {
        self.wait(&format!("{count} entries in {path}"), |service| {
            let feed = service.feed(path);
            (feed.entries.len() == count).then_some(feed)
        })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, in a folder, without anything of the machine's own environment that it could read.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsriver"));
    command.current_dir(folder).env_remove("RUST_LOG").env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// A port that was free a moment ago, and that no test gets twice. It lies below those that systems give to
/// outgoing connections, one of which could take it before the service does, or while it is being restarted.
pub(crate) fn free_port() -> u16 {
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Other processes run tests too; each begins elsewhere.
    let own = (std::process::id().wrapping_mul(701) % u32::from(COUNT)) as u16;
    loop {
        let port = FIRST + own.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn request(port: u16, method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    request_with_body(port, method, path, headers, &[])
}

pub(crate) fn request_with_body(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    Answer::read(&mut stream, method)
}
