//! Reading feeds: ours, feed-rs, and merely cutting the same bytes into tokens with quick-xml.
//! `cargo bench --bench parse`; compare the throughputs of one run.

use divan::Bencher;
use divan::counter::BytesCount;
use newsriver::parse::{self, Options};
use quick_xml::Reader;
use quick_xml::events::Event;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

const KINDS: [&str; 3] = ["rss", "atom", "json"];

/// Fifty articles of some 4 KB of HTML each, as newspapers publish them.
fn document(kind: &str) -> String {
    let html: String = (0..14)
        .map(|n| format!("<p>Đoạn {n}: người dân các ấp ven sông đã góp công làm <a href=\"https://paper.example/{n}\">con đường mới</a>, dài hơn hai cây số &amp; rộng bốn mét, nối chợ với trường học; ai cũng mong nó xong trước mùa mưa.</p>\n"))
        .collect();
    let escaped = html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let items: String = (0..50)
        .map(|n| match kind {
            "rss" => format!("<item><title>Bài số {n}</title><link>https://paper.example/{n}</link><guid isPermaLink=\"false\">paper-{n}</guid><pubDate>Mon, 02 Mar 2026 08:{n:02}:00 +0700</pubDate><dc:creator>Hoàng Lam</dc:creator><category>Thời sự</category><description>Tóm tắt {n}</description><content:encoded><![CDATA[{html}]]></content:encoded></item>"),
            "atom" => format!("<entry><title>Bài số {n}</title><id>tag:paper.example,2026:{n}</id><link href=\"https://paper.example/{n}\"/><published>2026-03-02T08:{n:02}:00+07:00</published><updated>2026-03-02T08:{n:02}:00+07:00</updated><author><name>Hoàng Lam</name></author><category term=\"Thời sự\"/><summary>Tóm tắt {n}</summary><content type=\"html\">{escaped}</content></entry>"),
            _ => format!("{}{}", if n == 0 { "" } else { "," }, serde_json::json!({ "id": format!("paper-{n}"), "url": format!("https://paper.example/{n}"), "title": format!("Bài số {n}"), "content_html": html, "date_published": "2026-03-02T08:00:00+07:00", "authors": [{ "name": "Hoàng Lam" }], "tags": ["Thời sự"] })),
        })
        .collect();
    match kind {
        "rss" => format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Báo</title><link>https://paper.example/</link><description>Tin</description>{items}</channel></rss>"
        ),
        "atom" => format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Báo</title><id>tag:paper.example,2026:feed</id><updated>2026-03-02T08:00:00Z</updated>{items}</feed>"
        ),
        _ => format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Báo\",\"items\":[{items}]}}"),
    }
}

#[divan::bench(args = KINDS)]
fn newsriver(bencher: Bencher<'_, '_>, kind: &str) {
    let document = document(kind);
    bencher.counter(BytesCount::new(document.len())).bench(|| {
        parse::read(divan::black_box(document.as_bytes()), &Options::default()).map(|reading| reading.items.len())
    });
}

#[divan::bench(args = KINDS)]
fn feed_rs(bencher: Bencher<'_, '_>, kind: &str) {
    let document = document(kind);
    bencher
        .counter(BytesCount::new(document.len()))
        .bench(|| feed_rs::parser::parse(divan::black_box(document.as_bytes())).map(|feed| feed.entries.len()));
}

#[divan::bench(args = ["rss", "atom"])]
fn tokens_only(bencher: Bencher<'_, '_>, kind: &str) {
    let document = document(kind);
    bencher.counter(BytesCount::new(document.len())).bench(|| {
        let mut reader = Reader::from_str(divan::black_box(&document));
        let mut tokens = 0usize;
        while !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)) {
            tokens += 1;
        }
        tokens
    });
}
