//! Properties of everything that reads hostile input: it ends, in a result or a clear error, and what
//! comes out is safe and the same the second time. The fuzz targets in fuzz/ call the same functions.

use newsriver::encoding::{self, Syntax};
use newsriver::extract::{self, DocumentKind};
use newsriver::html;
use newsriver::model::PageRules;
use newsriver::parse;
use proptest::prelude::*;

/// Pieces that documents are made of, so that random ones get deep into the readers.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<?xml version='1.0' encoding='utf-8'?>",
        "<rss version='2.0'>",
        "<channel>",
        "</channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<description>",
        "</description>",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&nbsp;",
        "&",
        "<",
        ">",
        "&#0;",
        "&#x110000;",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "</entry>",
        "<content type='xhtml'>",
        "<media:content url='/x'>",
        "<media:group>",
        "<link href='/y' rel='enclosure'/>",
        "<pubDate>30/01/2023 - 05:30</pubDate>",
        "{\"items\":[{\"id\":1}",
        "]}",
        "<html>",
        "<body>",
        "<p>",
        "</p>",
        "<div class='share'>",
        "<script>",
        "<iframe src=x>",
        "<img src=p.jpg srcset='a 1x, b 2x'>",
        "<table><tr><td>",
        "<svg>",
        "<math>",
        "<style>",
        "<!--",
        "-->",
        "\u{0}",
        "\u{b}",
        "\u{feff}",
        "\u{202e}",
        "Bến Tre",
        "<p onclick=x>",
        "javascript:alert(1)",
        "<urlset>",
        "<url><loc>http://x.example/a</loc>",
        "<opml><body><outline xmlUrl='http://x.example/'/>",
        "\n\n",
        "Bài, ảnh: Hoàng Lam",
        "---\ntitle: x\n---\n",
        "# x\n",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn read_all(bytes: &[u8]) {
    let options = parse::Options { url: "https://x.example/a/".parse().ok(), ..parse::Options::default() };
    let _ = parse::looks(bytes);
    if let Ok(reading) = parse::read(bytes, &options) {
        assert!(reading.items.len() <= bytes.len());
    }
    let _ = parse::opml(bytes);
    let _ = parse::page(bytes, &PageRules::default(), &options);
    let _ = parse::discover(bytes, &options);
    let text = encoding::decode(bytes, None, Syntax::Html).text.into_owned();
    for kind in [DocumentKind::Html, DocumentKind::Markdown, DocumentKind::Text] {
        let _ = extract::document(&text, kind, &extract::Options::default());
    }
    let base = options.url.as_ref();
    let safe = html::sanitise(&text, base);
    let lower = safe.as_str().to_lowercase();
    for bad in ["<script", "<iframe", "<svg", "<math", "<style", "<object", "<p onclick", "href=\"javascript:"] {
        assert!(!lower.contains(bad), "{bad} in {lower}");
    }
    assert_eq!(html::sanitise(safe.as_str(), base), safe, "a second pass changes something");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_result(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn any_mixture_of_markup_ends_in_a_result(text in pieces()) {
        read_all(text.as_bytes());
    }

    #[test]
    fn any_configuration_ends_in_a_result(text in "(\\[(site|fetch|sources\\.[a-z]|feeds\\.[a-z])\\]\n|(title|url|kind|sources|limit|tokens) = (\"[a-z:/.*!]{0,12}\"|[0-9]{1,4}|\\[\"[a-z:*!]{0,8}\"\\])\n){0,12}") {
        if let Err(problems) = newsriver::config::parse(&text, std::path::Path::new("feeds.toml")) {
            assert!(!problems.problems().is_empty() && !problems.to_string().is_empty());
        }
    }
}

#[test]
fn deep_and_long_documents_end_soon() {
    for (open, close) in
        [("<div>", ""), ("<b><i>", ""), ("<table><tr><td>", ""), ("<item><title>", ""), ("<a", ""), ("&#", "")]
    {
        let document = format!("<html><body>{}text{close}", open.repeat(100_000));
        let start = std::time::Instant::now();
        read_all(document.as_bytes());
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "{open} took {:?}", start.elapsed());
    }
}
