//! The checker must find what it is there for: each fault put into a document that is fine otherwise.

use super::uri::{address_fault, is_canonical, is_enclosure_address};
use super::{Message, atom, http, json, opml, rss};

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
        ("rss", RSS, "yahoo.com/mrss/", "yahoo.com/mrss", "MediaRssNamespace"),
        ("rss", RSS, "http://search.yahoo.com/mrss/", "http://media.example/ns", "ReservedPrefix"),
        ("rss", RSS, "xmlns:media=", "xmlns:x=\"http://x.example/ns\" xmlns:media=", "UnknownNamespace"),
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
        ("rss", RSS, "<language>vi</language>", "", "MissingDCLanguage"),
        ("rss", RSS, "<ttl>5</ttl>", "<managingEditor>a@a.example</managingEditor>", "MissingRealName"),
        ("rss", RSS, "<ttl>5</ttl>", "<managingEditor>a@a.example A</managingEditor>", "EmailFormat"),
        ("rss", RSS, "<ttl>5</ttl>", "<managingEditor>a@a.example (A, B)</managingEditor>", "InvalidContact"),
        ("rss", RSS, "<ttl>5</ttl>", "<ttl unit=\"m\">5</ttl>", "UnexpectedAttribute"),
        ("rss", RSS, "<channel>", "<channel>text", "UnexpectedText"),
        ("rss", RSS, "<ttl>5</ttl>", "<ttl><b/>5</ttl>", "UndefinedElement"),
        (
            "rss",
            RSS,
            "rel=\"self\" type=\"application/rss+xml\"/>",
            "rel=\"self\" type=\"application/rss+xml\">x</atom:link>",
            "AtomLinkNotEmpty",
        ),
        ("rss", RSS, "<p>Long</p>", "<audio src=\"https://a.example/1.mp3\" controls></audio>", "SecurityRiskAttr"),
        ("rss", RSS, "<p>Long</p>", "<p role=\"note\">Long</p>", "SecurityRiskAttr"),
        ("rss", RSS, "<p>Long</p>", "<p aria-label=\"x\">Long</p>", "SecurityRiskAttr"),
        ("rss", RSS, "<p>Long</p>", "<bdo dir=\"rtl\">Long</bdo>", "SecurityRisk"),
        ("rss", RSS, "<p>Long</p>", "<iframe src=\"https://a.example/\"></iframe>", "SecurityRisk"),
        ("rss", RSS, "<p>Long</p>", "<svg><circle r=\"1\"></circle></svg>", "NotHtml"),
        ("rss", RSS, "<p>Long</p>", "<math><mi>x</mi></math>", "NotHtml"),
        ("rss", RSS, "<p>Long</p>", "<p>R&D</p>", "NotHtml"),
        ("rss", RSS, "<p>Long</p>", "<img alt=\"src=y z\">", "ContainsRelRef"),
        ("rss", RSS, "<p>Long</p>", "<p>2Â\u{a0}km</p>", "BadCharacters"),
        ("rss", RSS, "https://a.example/1<", "http://[::1]/1<", "InvalidUriChar"),
        ("rss", RSS, "https://a.example/1<", "https:///1<", "InvalidFullLink"),
        (
            "rss",
            RSS,
            "<enclosure url=\"https://a.example/",
            "<enclosure url=\"https://my_cdn.example/",
            "InvalidURLAttribute",
        ),
        (
            "rss",
            RSS,
            "<enclosure url=\"https://a.example/",
            "<enclosure url=\"https://a.example./",
            "InvalidURLAttribute",
        ),
        ("rss", RSS, "<media:content", "<media:group><media:content", "SAXError"),
        (
            "rss",
            RSS,
            "</item>",
            "<media:group><media:content url=\"https://a.example/1.jpg\" type=\"image/jpeg\" medium=\"image\"/></media:group></item>",
            "MediaGroupWithoutAlternatives",
        ),
        ("rss", RSS, "width=\"10\"", "width=\"10\" isDefault=\"yes\"", "InvalidTrueFalse"),
        ("rss", RSS, "<category>", "<category domain=\"x y\">", "InvalidFullLink"),
        (
            "rss",
            RSS,
            "<item>",
            "<image><url>https://a.example/l.svg</url><title>All</title><link>https://feeds.example.org/</link></image><item>",
            "ImageUrlFormat",
        ),
        (
            "rss",
            RSS,
            "<item>",
            "<image><url>https://a.example/l.png</url><title>Al</title><link>https://feeds.example.org/</link></image><item>",
            "ImageTitleDoesntMatch",
        ),
        (
            "rss",
            RSS,
            "<item>",
            "<image><url>https://a.example/l.png</url><title>All</title><link>https://a.example/</link></image><item>",
            "ImageLinkDoesntMatch",
        ),
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
        ("atom", ATOM, "<name>A</name>", "<name>A &lt;/b> B</name>", "ContainsHTML"),
        ("atom", ATOM, "<name>A</name>", "<name>A &amp;lt; B</name>", "ContainsHTML"),
        ("atom", ATOM, "<name>A</name>", "<name>A &lt;a@a.example></name>", "ContainsEmail"),
        ("atom", ATOM, "<name>A</name>", "<name>A</name><email>a@a.-b</email>", "InvalidAddrSpec"),
        ("atom", ATOM, "<content", "<category term=\"a\" label=\"a &amp;amp; b\"/><content", "ContainsHTML"),
        ("atom", ATOM, "<content", "<category term=\"a\" scheme=\"a b\"/><content", "InvalidUriChar"),
        ("atom", ATOM, "<content", "<category term=\"a\" domain=\"b\"/><content", "UnexpectedAttribute"),
        ("atom", ATOM, "<id>https://a.example/feed</id>", "", "MissingSourceElement"),
        ("atom", ATOM, "<id>https://a.example/feed</id>", "<id>https://a.example</id>", "NonCanonicalURI"),
        ("atom", ATOM, "<id>https://a.example/feed</id>", "<id>https://a.example/%c3%a0</id>", "NonCanonicalURI"),
        ("atom", ATOM, "<id>https://a.example/feed</id>", "<id>https://a.example/%FF</id>", "NonCanonicalURI"),
        ("atom", ATOM, "<id>tag:a.example,2026:1</id>", "<id>urn:uuid:1</id>", "InvalidUUID"),
        ("atom", ATOM, "<id>tag:a.example,2026:1</id>", "<id>urn:x:1</id>", "InvalidURN"),
        ("atom", ATOM, "<id>tag:a.example,2026:1</id>", "<id>post:12</id>", "SchemeNotIANARegistered"),
        ("atom", ATOM, "<author>", "<logo> https://a.example/l.png</logo><author>", "UnexpectedWhitespace"),
        (
            "atom",
            ATOM,
            "2005/Atom\" xml:lang",
            "2005/Atom\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xml:lang",
            "AvoidNamespacePrefix",
        ),
        (
            "atom",
            ATOM,
            "href=\"https://a.example/1\"",
            "href=\"https://a.example/1\" hreflang=\"vietnamese\"",
            "InvalidLanguage",
        ),
        ("opml", OPML, "<body>", "<body><outline text=\"Folder\" title=\"Folder\"/>", "MissingOutlineType"),
        ("opml", OPML, "text=\"A\"", "text=\"R&amp;D\"", "NotHtml"),
        ("opml", OPML, "text=\"A\"", "text=\"A &lt;b>\"", "NotHtml"),
        ("opml", OPML, "text=\"A\"", "text=\"A\" folder=\"b\"", "UnexpectedAttribute"),
        ("opml", OPML, "<title>All</title>", "<title>1 &lt; 2</title>", "NotHtml"),
        ("opml", OPML, "version=\"2.0\"", "version=\"3.0\"", "InvalidOPMLVersion"),
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
    assert!(check("atom", &twice).iter().any(|message| message.class == "DuplicateEntries"));
    let other = entry.replacen("tag:a.example,2026:1", "tag:a.example,2026:2", 1);
    let at_once = ATOM.replace("</entry>", &format!("</entry><entry>{other}</entry>"));
    assert_eq!(check("atom", &at_once).iter().map(|message| message.class).collect::<Vec<_>>(), ["DuplicateUpdated"]);
    let later = at_once.replacen("08:00:00Z</updated><link rel=\"alt", "08:00:00.25Z</updated><link rel=\"alt", 1);
    assert_eq!(check("atom", &later), []);
}

#[test]
fn addresses_are_looked_at_as_the_validator_does() {
    for good in ["https://a.example/a?b=(c)*d'", "tag:x@a.example,2026-01-02:a#b", "urn:isbn:1", "mailto:a@a.example"] {
        assert_eq!(address_fault(good), None, "{good}");
    }
    for uri in ["http://a.example/", "http://a.example/a%20b/?c=%2F&d", "tag:a.example,2026:a/b", "urn:uuid:A"] {
        assert!(is_canonical(uri), "{uri}");
    }
    for uri in [
        "http://a.example",
        "http://A.example/",
        "http://a.example:80/",
        "http://a.example./",
        "http://a.example/../b",
        "http://a.example/%7Eb",
        "http://a.example/%2541",
        "http://a.example/a%CC%80",
        "http://a.example/%",
        "HTTP://a.example/",
    ] {
        assert!(!is_canonical(uri), "{uri}");
    }
    assert!(is_enclosure_address("http://127.0.0.1:80/a.jpg") && !is_enclosure_address("http://a@b.example/c"));
}

#[test]
fn answers_are_looked_at_before_their_bodies() {
    let answer = |kind: &str, coding: &str| {
        let headers = [("Content-Type", kind), ("Content-Encoding", coding)];
        headers.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let classes = |ending: &str, status: u16, kind: &str, coding: &str, length: usize| {
        http(ending, status, &answer(kind, coding), length).into_iter().map(|message| message.class).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(classes("rss", 200, "application/rss+xml; charset=utf-8", "gzip", 5), none);
    assert_eq!(classes("opml", 200, "text/x-opml; charset=utf-8", "gzip", 5), none);
    assert_eq!(classes("rss", 200, "application/atom+xml", "gzip", 5), ["UnexpectedContentType"]);
    assert_eq!(classes("opml", 200, "text/x-opml", "gzip", 5), ["TextXml"]);
    assert_eq!(classes("atom", 200, "application/atom+xml; charset=latin-1", "gzip", 5), ["EncodingMismatch"]);
    assert_eq!(classes("atom", 200, "application/atom+xml", "br", 5_000_001), ["Uncompressed", "ValidatorLimit"]);
    assert_eq!(classes("atom", 302, "application/atom+xml", "gzip", 5), ["TempRedirect"]);
    assert_eq!(classes("atom", 404, "application/atom+xml", "gzip", 5), ["HttpError"]);
    let spaced = [("Content Type".to_owned(), "x".to_owned())];
    assert!(http("rss", 200, &spaced, 5).iter().any(|message| message.class == "HttpProtocolError"));
}
