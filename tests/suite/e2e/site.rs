//! A scripted web site on loopback, one thread a connection, full control of what goes over the wire.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a path answers.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Arc<Vec<u8>>,
    /// Before the first byte.
    pub(crate) delay: Duration,
    /// The body is sent this many times (for bodies that never end).
    pub(crate) repeat: usize,
    /// Close after this many bytes of the body.
    pub(crate) cut: Option<usize>,
    /// What is answered to requests whose `Referer` does not begin so.
    pub(crate) insists: Option<(String, Box<Reply>)>,
}

impl Reply {
    pub(crate) fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type".into(), content_type.into())],
            body: Arc::new(body.into()),
            delay: Duration::ZERO,
            repeat: 1,
            cut: None,
            insists: None,
        }
    }

    pub(crate) fn rss(body: impl Into<Vec<u8>>) -> Self {
        Self::new("application/rss+xml; charset=utf-8", body)
    }

    pub(crate) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new("text/html; charset=utf-8", body)
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::new("text/plain", "no") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Only for readers of pages whose address begins so; others get something else.
    pub(crate) fn only_from(mut self, pages: &str, others: Reply) -> Self {
        self.insists = Some((pages.to_owned(), Box::new(others)));
        self
    }

    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) at: Instant,
}

/// The site; its threads end with the test process.
pub(crate) struct Site {
    address: SocketAddr,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    pub(crate) fn start() -> Self {
        Self::at(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub(crate) fn at(listener: TcpListener) -> Self {
        let address = listener.local_addr().unwrap();
        let replies = Arc::new(Mutex::new(HashMap::new()));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let site = Self { address, replies: Arc::clone(&replies), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, asked) = (Arc::clone(&replies), Arc::clone(&asked));
                std::thread::spawn(move || serve(&stream, &replies, &asked));
            }
        });
        site
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn put(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// Requests for a path so far.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }
}

fn serve(stream: &TcpStream, replies: &Mutex<HashMap<String, Reply>>, asked: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        asked.lock().unwrap().push(Asked { path: path.clone(), headers: headers.clone(), at: Instant::now() });
        let reply = replies.lock().unwrap().get(&path).cloned().unwrap_or_else(|| Reply::status(404));
        if answer(stream, &reply, &headers).is_none() {
            return;
        }
    }
}

/// Sends a reply; None when the connection is to be closed.
fn answer(mut stream: &TcpStream, reply: &Reply, asked: &HashMap<String, String>) -> Option<()> {
    let reply = match &reply.insists {
        Some((pages, others)) if !asked.get("referer").is_some_and(|page| page.starts_with(pages)) => others,
        _ => reply,
    };
    std::thread::sleep(reply.delay);
    let tag = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("etag")).map(|(_, value)| value.as_str());
    if tag.is_some() && asked.get("if-none-match").map(String::as_str) == tag {
        return stream.write_all(format!("HTTP/1.1 304 Not Modified\r\nETag: {}\r\n\r\n", tag?).as_bytes()).ok();
    }
    let (status, body) = ranged(reply, asked);
    let mut head = format!("HTTP/1.1 {status} X\r\n");
    if reply.repeat == 1 {
        head += &format!("Content-Length: {}\r\n", body.len());
    } else {
        head += "Connection: close\r\n";
    }
    let has_range = reply.headers.iter().any(|(name, _)| name == "Content-Range");
    if status == 206 && !has_range {
        head += &format!("Content-Range: bytes 0-{}/{}\r\n", body.len().max(1) - 1, reply.body.len());
    }
    for (name, value) in reply.headers.iter().filter(|(name, _)| status == 206 || name != "Content-Range") {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    if let Some(cut) = reply.cut {
        stream.write_all(&body[..cut]).ok()?;
        return None;
    }
    for _ in 0..reply.repeat {
        stream.write_all(body).ok()?;
    }
    (reply.repeat == 1).then_some(())
}

/// The body, or its first bytes when a range from 0 is asked for.
fn ranged<'a>(reply: &'a Reply, asked: &HashMap<String, String>) -> (u16, &'a [u8]) {
    let end = asked.get("range").and_then(|range| range.strip_prefix("bytes=0-")?.parse::<usize>().ok());
    match end {
        Some(end) if reply.status == 200 => (206, &reply.body[..reply.body.len().min(end + 1)]),
        _ => (reply.status, &reply.body),
    }
}

/// A PNG of this size in one colour.
pub(crate) fn png(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        out.extend((data.len() as u32).to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        out.extend(kind);
        out.extend(data);
        out.extend(crc.sum().to_be_bytes());
    };
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    chunk(b"IHDR", &header);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..height {
        zlib.write_all(&[0]).unwrap();
        zlib.write_all(&colour.repeat(width as usize)).unwrap();
    }
    chunk(b"IDAT", &zlib.finish().unwrap());
    chunk(b"IEND", &[]);
    out
}
