//! The checker must find what it is there for: each fault put into a document that is fine otherwise.

use super::{Message, atom, json, opml, rss};

const LOCATION: &str = "https://feeds.example.org/feeds/all";

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>All</title><link>https://feeds.example.org/</link><description>News</description><language>vi</language><ttl>5</ttl>
<atom:link href="https://feeds.example.org/feeds/all.rss" rel="self" type="application/rss+xml"/>
<item><title>One &#x26; two</title><link>https://a.example/1</link><description>Short</description><category>News</category>
<enclosure url="https://a.example/1.jpg" length="0" type="image/jpeg"/>
<guid isPermaLink="false">tag:a.example,2026:1</guid><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>
<source url="https://a.example/feed">A</source><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
<media:content url="https://a.example/1.jpg" type="image/jpeg" medium="image" width="10"><media:credit role="photographer">X</media:credit></media:content>
</item></channel></rss>"#;

const ATOM: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi"><title>All</title><id>tag:a.example,2026:f</id><updated>2026-03-02T08:00:00Z</updated>
<author><name>A</name></author><link rel="self" type="application/atom+xml" href="https://feeds.example.org/feeds/all.atom"/>
<entry><title>One</title><id>tag:a.example,2026:1</id><updated>2026-03-02T08:00:00Z</updated><link rel="alternate" href="https://a.example/1"/>
<source><title>S</title><id>https://a.example/feed</id><updated>2026-03-02T08:00:00Z</updated></source><content type="html">&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>"#;

const JSON: &str = r#"{"version":"https://jsonfeed.org/version/1.1","title":"All","home_page_url":"https://feeds.example.org/feeds/all",
"feed_url":"https://feeds.example.org/feeds/all.json","items":[{"id":"tag:a.example,2026:1","url":"https://a.example/1","content_html":"<p>Long</p>",
"date_published":"2026-03-02T08:00:00Z","attachments":[{"url":"https://a.example/1.jpg","mime_type":"image/jpeg"}]}]}"#;

const OPML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>All</title></head><body><outline text="A" title="A" type="rss" xmlUrl="https://a.example/feed"/></body></opml>"#;

fn check(form: &str, document: &str) -> Vec<Message> {
    let location = format!("{LOCATION}.{form}");
    match form {
        "rss" => rss(document.as_bytes(), &location, now()),
        "atom" => atom(document.as_bytes(), &location, now()),
        "json" => json(document.as_bytes(), &location, now()),
        _ => opml(document.as_bytes(), now()),
    }
}

#[test]
fn documents_that_are_fine_give_no_message() {
    for (form, document) in [("rss", RSS), ("atom", ATOM), ("json", JSON), ("opml", OPML)] {
        assert_eq!(check(form, document), [], "{form}");
    }
}

/// Replaces a piece of a fine document, and expects the class of the fault.
#[test]
fn each_fault_is_found() {
    let faults: &[(&str, &str, &str, &str, &str)] = &[
        ("rss", RSS, "Short", "Sh\u{b}ort", "SAXError"),
        ("rss", RSS, "Short", "Sh&#11;ort", "SAXError"),
        ("rss", RSS, "Short", "Sh&eacute;rt", "SAXError"),
        ("rss", RSS, "</item>", "", "SAXError"),
        ("rss", RSS, "<item>", "<item a='1' a='2'>", "SAXError"),
        ("rss", RSS, "News", "N\u{92}ews", "BadCharacters"),
        ("rss", RSS, "News", "Bá\u{fffd}o", "BadCharacters"),
        ("rss", RSS, "<language>vi", "<language>xx", "InvalidLanguage"),
        ("rss", RSS, "<ttl>5", "<ttl>0", "InvalidPositiveInteger"),
        ("rss", RSS, "One &#x26; two", "One &amp;amp; two", "CharacterData"),
        ("rss", RSS, "One &#x26; two", "One &#x3C;b&gt;two&#x3C;/b&gt;", "ContainsHTML"),
        ("rss", RSS, "One &#x26; two", " ", "NotBlank"),
        ("rss", RSS, "https://a.example/1<", "https://a.example/ế<", "UriNotIri"),
        ("rss", RSS, "https://a.example/1<", "https://a.example/a|b<", "InvalidUriChar"),
        ("rss", RSS, "https://a.example/1<", "/1<", "InvalidFullLink"),
        ("rss", RSS, "https://a.example/1<", "javascript:alert(1)<", "InvalidFullLink"),
        ("rss", RSS, "isPermaLink=\"false\"", "isPermaLink=\"False\"", "InvalidBooleanAttribute"),
        ("rss", RSS, "isPermaLink=\"false\"", "isPermaLink=\"true\"", "InvalidPermalink"),
        ("rss", RSS, "tag:a.example,2026:1", "42", "NotSufficientlyUnique"),
        ("rss", RSS, "Mon, 02 Mar", "Tue, 02 Mar", "IncorrectDOW"),
        ("rss", RSS, "08:00:00 GMT", "08:00:00 UTC", "InvalidRFC2822Date"),
        ("rss", RSS, "02 Mar 2026", "2 Mar 2026", "InvalidRFC2822Date"),
        ("rss", RSS, "Mon, 02 Mar 2026", "Tue, 03 Mar 2026", "ImplausibleDate"),
        ("rss", RSS, "length=\"0\"", "length=\"-1\"", "InvalidNonNegativeInteger"),
        ("rss", RSS, "length=\"0\" ", "", "MissingAttribute"),
        ("rss", RSS, "type=\"image/jpeg\"/>", "type=\"image/jpeg?x=1\"/>", "InvalidMIMEAttribute"),
        (
            "rss",
            RSS,
            "<enclosure url=\"https://a.example/",
            "<enclosure url=\"https://localhost/",
            "InvalidURLAttribute",
        ),
        (
            "rss",
            RSS,
            "<guid",
            "<enclosure url=\"https://a.example/2.jpg\" length=\"0\" type=\"image/jpeg\"/><guid",
            "DuplicateEnclosure",
        ),
        ("rss", RSS, "width=\"10\"", "width=\"0\"", "InvalidPositiveInteger"),
        ("rss", RSS, "medium=\"image\"", "medium=\"picture\"", "InvalidMediaMedium"),
        ("rss", RSS, "role=\"photographer\"", "role=\"friend\"", "InvalidCreditRole"),
        ("rss", RSS, "yahoo.com/mrss/", "yahoo.com/mrss", "UnknownNamespace"),
        ("rss", RSS, "<channel>", "<channel xmlns:dc=\"http://purl.org/dc/elements/1.1/\">", "NamespaceNotOnRoot"),
        ("rss", RSS, "<description>Short</description>", "", "NeedDescriptionBeforeContent"),
        ("rss", RSS, "<p>Long</p>", "<p><a href=\"/x\">x</a></p>", "ContainsRelRef"),
        ("rss", RSS, "<p>Long</p>", "<p><img srcset=\"/x.jpg 2x\"></p>", "ContainsRelRef"),
        ("rss", RSS, "<p>Long</p>", "<a href=\"javascript:x\">x</a>", "SecurityRisk"),
        ("rss", RSS, "<p>Long</p>", "<img src=\"data:image/png;base64,AA\">", "SecurityRisk"),
        ("rss", RSS, "<p>Long</p>", "<script>x</script>", "SecurityRisk"),
        ("rss", RSS, "<p>Long</p>", "<p onclick=\"x\">Long</p>", "SecurityRiskAttr"),
        ("rss", RSS, "<p>Long</p>", "<p style=\"color:red\">Long</p>", "DangerousStyleAttr"),
        ("rss", RSS, "<p>Long</p>", "<p>Long</b></p>", "NotHtml"),
        ("rss", RSS, "feeds/all.rss", "feeds/other.rss", "SelfDoesntMatchLocation"),
        ("rss", RSS, "rel=\"self\"", "rel=\"canonical\"", "MissingAtomSelfLink"),
        ("rss", RSS, "</item></channel>", "</item><docs>https://a.example/</docs></channel>", "MisplacedItem"),
        ("rss", RSS, "<category>News</category>", "<author>Lam</author>", "InvalidContact"),
        (
            "atom",
            ATOM,
            "<updated>2026-03-02T08:00:00Z</updated><link rel=\"alternate\"",
            "<updated>2026-03-02 08:00:00Z</updated><link rel=\"alternate\"",
            "InvalidRFC3339Date",
        ),
        ("atom", ATOM, "<title>One</title>", "<title>&lt;b>One&lt;/b></title>", "ContainsUndeclaredHTML"),
        ("atom", ATOM, "<id>tag:a.example,2026:1</id>", "<id>tag:A,x:1</id>", "InvalidTAG"),
        ("atom", ATOM, "<id>tag:a.example,2026:1</id>", "<id> tag:a.example,2026:1</id>", "UnexpectedWhitespace"),
        ("atom", ATOM, "<id>https://a.example/feed</id>", "<id>https://A.example/feed</id>", "NonCanonicalURI"),
        ("atom", ATOM, "<author><name>A</name></author>", "", "MissingElement"),
        ("atom", ATOM, "<name>A</name>", "<name> </name>", "NotBlank"),
        ("atom", ATOM, " xml:lang=\"vi\"", "", "MissingDCLanguage"),
        ("atom", ATOM, "rel=\"alternate\"", "rel=\"icon\"", "UnregisteredAtomLinkRel"),
        ("atom", ATOM, "rel=\"alternate\"", "rel=\"next\"", "FeedHistoryRelInEntry"),
        ("atom", ATOM, "type=\"html\"", "type=\"text/html\"", "HtmlFragment"),
        ("atom", ATOM, "<source>", "<source xml:base=\"https://a.example/\">", "SameDocumentReference"),
        ("atom", ATOM, "</entry>", "</entry><subtitle>x</subtitle>", "MisplacedMetadata"),
        ("json", JSON, "\"id\":\"tag:a.example,2026:1\"", "\"id\":1", "MissingElement"),
        ("json", JSON, "2026-03-02T08:00:00Z", "2026-03-02", "InvalidRFC3339Date"),
        ("json", JSON, "\"content_html\"", "\"content\"", "MissingTextualContent"),
        ("json", JSON, "https://a.example/1.jpg", "1.jpg", "InvalidFullLink"),
        ("json", JSON, "\"title\":\"All\"", "\"title\":\"A\\u000bll\"", "BadCharacters"),
        ("json", JSON, "\"items\"", "\"_own\":{},\"items\"", "MissingElement"),
        ("json", JSON, "all.json", "other.json", "SelfDoesntMatchLocation"),
        ("opml", OPML, " type=\"rss\"", "", "MissingOutlineType"),
        ("opml", OPML, " title=\"A\"", "", "MissingTitleAttr"),
    ];
    for (form, document, piece, fault, class) in faults {
        assert!(document.contains(piece), "{piece} is not in the {form} document");
        let messages = check(form, &document.replacen(piece, fault, 1));
        assert!(
            messages.iter().any(|message| message.class == *class),
            "{class} expected for {fault:?} in {form}, not {messages:?}"
        );
    }
}

#[test]
fn repeated_ids_are_found() {
    let item = RSS.split("<item>").nth(1).unwrap().split("</item>").next().unwrap();
    let twice = RSS.replace("</item>", &format!("</item><item>{item}</item>"));
    assert!(check("rss", &twice).iter().any(|message| message.class == "DuplicateValue"));
    let entry = ATOM.split("<entry>").nth(1).unwrap().split("</entry>").next().unwrap();
    let twice = ATOM.replace("</entry>", &format!("</entry><entry>{entry}</entry>"));
    assert!(check("atom", &twice).iter().any(|message| message.class == "DuplicateIds"));
}
