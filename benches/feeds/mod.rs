//! The feeds that are read in the benchmarks: a hundred of each kind, fifty articles of some 4 KB of
//! HTML each, as newspapers publish them, half of them Vietnamese. Always the same.

use std::fmt::Write as _;

const FEEDS: usize = 100;
const ARTICLES: usize = 50;
const BYTES: usize = 4096;

const VIETNAMESE: &str = "những năm qua người dân các ấp ven sông đã góp công làm con đường mới dài hơn hai cây số rộng bốn mét nối chợ với \
                          trường học ai cũng mong nó xong trước mùa mưa để trẻ em không phải lội nước đi học";
const ENGLISH: &str = "the council met on Tuesday to hear what the people of the lower town had to say about the bridge which has been closed \
                       since spring and will not open before the end of the year because the money ran out";

/// Small numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn sentence(dice: &mut Dice, words: &[&str], length: usize) -> String {
    let words: Vec<&str> = (0..length).filter_map(|_| words.get(dice.roll(words.len())).copied()).collect();
    words.join(" ")
}

/// An article's HTML.
fn html(dice: &mut Dice, words: &[&str]) -> String {
    let mut html = String::with_capacity(BYTES + 1024);
    while html.len() < BYTES {
        let (first, second) = (sentence(dice, words, 14), sentence(dice, words, 22));
        let n = dice.roll(10_000);
        let _ = match dice.roll(9) {
            0 => writeln!(html, "<h2>{first}</h2>"),
            1 => writeln!(
                html,
                "<figure><img src=\"https://paper.example/media/{n}.jpg\" alt=\"{first}\" width=\"1200\" height=\"800\"><figcaption>{second}</figcaption></figure>"
            ),
            2 => writeln!(html, "<blockquote><p>“{first}” – {second}</p></blockquote>"),
            3 => writeln!(html, "<ul><li>{first}</li><li>{second}</li></ul>"),
            _ => writeln!(
                html,
                "<p>{first}, <a href=\"https://paper.example/articles/{n}?from=a&amp;to=b\">{second}</a> &amp; <strong>{n}</strong>.</p>"
            ),
        };
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// One feed of a kind: `rss`, `atom` or `json`.
fn feed(kind: &str, number: usize) -> String {
    let mut dice = Dice(number as u64 + 1);
    let words: Vec<&str> = if number.is_multiple_of(2) { VIETNAMESE } else { ENGLISH }.split(' ').collect();
    let mut items = String::new();
    for n in 0..ARTICLES {
        let (title, summary) = (sentence(&mut dice, &words, 9), sentence(&mut dice, &words, 25));
        let (html, minute) = (html(&mut dice, &words), n);
        let url = format!("https://paper{number}.example/articles/{n}-{}", dice.roll(1_000_000));
        let _ = match kind {
            "rss" => write!(
                items,
                "<item>\n<title>{title}</title>\n<link>{url}</link>\n<guid isPermaLink=\"false\">paper{number}-{n}</guid>\n<pubDate>Mon, 02 Mar 2026 08:{minute:02}:00 +0700</pubDate>\n<dc:creator>Hoàng Lam</dc:creator>\n<category>Thời sự</category>\n<category>Nông thôn</category>\n<description>{summary}</description>\n<content:encoded><![CDATA[{html}]]></content:encoded>\n<enclosure url=\"https://paper.example/media/{n}.jpg\" type=\"image/jpeg\" length=\"84213\"/>\n</item>\n"
            ),
            "atom" => write!(
                items,
                "<entry>\n<title>{title}</title>\n<id>tag:paper.example,2026:{number}/{n}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n<published>2026-03-02T08:{minute:02}:00+07:00</published>\n<updated>2026-03-02T09:{minute:02}:00+07:00</updated>\n<author><name>Hoàng Lam</name></author>\n<category term=\"Thời sự\"/>\n<summary>{summary}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
                escaped(&html)
            ),
            _ => write!(
                items,
                "{}{}",
                if n == 0 { "" } else { ",\n" },
                serde_json::json!({ "id": format!("paper{number}-{n}"), "url": url, "title": title, "summary": summary, "content_html": html, "date_published": format!("2026-03-02T08:{minute:02}:00+07:00"), "authors": [{ "name": "Hoàng Lam" }], "tags": ["Thời sự", "Nông thôn"] })
            ),
        };
    }
    match kind {
        "rss" => format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Báo số {number}</title><link>https://paper{number}.example/</link><description>Tin</description><language>vi</language>\n{items}</channel></rss>\n"
        ),
        "atom" => format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"vi\"><title>Báo số {number}</title><id>tag:paper.example,2026:{number}</id><link rel=\"self\" href=\"https://paper{number}.example/feed.atom\"/><updated>2026-03-02T08:00:00Z</updated>\n{items}</feed>\n"
        ),
        _ => format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Báo số {number}\",\"home_page_url\":\"https://paper{number}.example/\",\"items\":[{items}]}}"
        ),
    }
}

/// All feeds of a kind.
pub(crate) fn feeds(kind: &str) -> Vec<String> {
    (0..FEEDS).map(|number| feed(kind, number)).collect()
}
