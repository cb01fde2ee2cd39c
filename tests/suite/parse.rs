//! Damage that feeds show and that must be survived, one test for each kind.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use newsriver::clean;
use newsriver::model::{Item, Reading};
use newsriver::parse::{self, Options, ParseError};
use url::Url;

fn read(bytes: impl AsRef<[u8]>) -> Reading {
    parse::read(bytes.as_ref(), &Options::default()).unwrap()
}

/// A feed whose only item has this inside.
fn rss(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Paper</title><item>{inside}</item></channel></rss>"
    )
}

fn item(inside: &str) -> Item {
    let mut reading = read(rss(inside));
    assert_eq!(reading.items.len(), 1, "{inside}");
    reading.items.remove(0)
}

fn title(reading: &Reading) -> String {
    clean::plain(reading.items[0].title.as_ref().unwrap())
}

fn is_repaired(reading: &Reading) -> bool {
    !reading.repairs.is_empty()
}

#[test]
fn what_stands_around_a_document_is_passed_over() {
    let feed = rss("<title>News</title>");
    for damaged in [
        format!("\u{feff}{feed}"),
        format!("\n\n  {feed}"),
        format!("<!-- made by hand -->{feed}"),
        format!("{feed}<!-- 0.2 s --> trailing words"),
        format!("{feed}\0\0\0"),
    ] {
        assert_eq!(title(&read(&damaged)), "News", "{damaged:?}");
    }
    assert!(!is_repaired(&read(&feed)));
    assert!(is_repaired(&read(format!("{feed} words"))));
}

#[test]
fn control_characters_are_stripped() {
    let reading = read(rss("<title>Ne\u{1}w\u{b}s\0</title>"));
    assert_eq!(title(&reading), "News");
    assert!(is_repaired(&reading));
}

#[test]
fn entities_of_html_are_decoded_without_being_declared() {
    let reading = read(rss("<title>caf&eacute; &hellip; &alpha;&nope;</title>"));
    assert_eq!(title(&reading), "café … α&nope;");
    assert!(is_repaired(&reading));
}

#[test]
fn a_bare_ampersand_in_a_title_is_kept() {
    for (written, wanted) in
        [("Fish & chips", "Fish & chips"), ("AT&T", "AT&T"), ("Q&A; more", "Q&A; more"), ("A &", "A &")]
    {
        assert_eq!(clean::plain(&item(&format!("<title>{written}</title>")).title.unwrap()), wanted);
    }
}

#[test]
fn a_bare_ampersand_in_a_link_is_kept() {
    let link = "https://paper.example/a?id=1&copy=2&x=3";
    assert_eq!(item(&format!("<link>{link}</link>")).url.as_deref(), Some(link));
    let media = item(&format!("<enclosure url=\"{link}\" type=\"image/jpeg\"/>"));
    assert_eq!(media.attachments[0].url, link);
}

#[test]
fn an_undeclared_prefix_means_what_it_always_means() {
    let reading = read(rss("<dc:creator>Mai Anh</dc:creator><content:encoded>&lt;p>All&lt;/p></content:encoded>"));
    assert_eq!(reading.items[0].authors[0].name.as_deref(), Some("Mai Anh"));
    assert_eq!(reading.items[0].content.as_ref().unwrap().value, "<p>All</p>");
    assert!(is_repaired(&reading));
}

#[test]
fn of_a_file_that_is_cut_off_the_whole_items_are_kept() {
    let feed = "<rss><channel><item><title>One</title></item><item><title>Two</title></item><item><title>Thr";
    for end in ["", "<", "</tit", "<![CDATA[ee", "<!-- "] {
        let reading = read(format!("{feed}{end}"));
        let titles: Vec<_> = reading.items.iter().map(|item| clean::plain(item.title.as_ref().unwrap())).collect();
        assert_eq!(titles, ["One", "Two"], "{end}");
        assert!(is_repaired(&reading), "{end}");
    }
}

#[test]
fn html_that_was_not_escaped_is_the_text() {
    let description = item("<description><p>One <b>two</b><br>three & four</p></description><title>After</title>");
    let html = clean::html(&description.summary.unwrap(), None);
    assert_eq!(html.as_str(), "<p>One <b>two</b><br>three &amp; four</p>");
    assert_eq!(clean::plain(&description.title.unwrap()), "After");
}

#[test]
fn latin_1_that_is_declared_as_utf_8_is_recovered() {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><channel><item><title>".to_vec();
    bytes.extend(b"caf\xe9 cr\xe8me br\xfbl\xe9e</title></item></channel></rss>");
    let reading = read(bytes);
    assert_eq!(title(&reading), "café crème brûlée");
    assert!(is_repaired(&reading));
}

#[test]
fn utf_8_that_is_declared_as_latin_1_is_recovered() {
    let feed = rss("<title>Tin tức Bến Tre</title>").replace("?>", " encoding=\"iso-8859-1\"?>");
    let reading = read(feed);
    assert_eq!((title(&reading).as_str(), reading.encoding.as_str()), ("Tin tức Bến Tre", "utf-8"));
}

#[test]
fn utf_8_that_was_taken_for_latin_1_before_is_recovered() {
    assert_eq!(title(&read(rss("<title>cafÃ© â€¦</title>"))), "café …");
    assert_eq!(title(&read(rss("<title>LIBERTÉ…</title>"))), "LIBERTÉ…");
}

#[test]
fn utf_16_with_a_mark_is_read() {
    let feed = rss("<title>Tin tức</title>").replace("?>", " encoding=\"utf-16\"?>");
    for (mark, bytes) in [
        ([0xff, 0xfe], feed.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        ([0xfe, 0xff], feed.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        let reading = read([mark.to_vec(), bytes].concat());
        assert_eq!(title(&reading), "Tin tức");
        assert!(!is_repaired(&reading), "{:?}", reading.repairs);
    }
}

#[test]
fn utf_8_that_is_declared_as_utf_16_is_recovered() {
    let reading = read(rss("<title>Tin tức</title>").replace("?>", " encoding=\"utf-16\"?>"));
    assert_eq!(title(&reading), "Tin tức");
    assert!(is_repaired(&reading));
}

#[test]
fn vietnamese_of_windows_1258_is_composed() {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"windows-1258\"?><rss><channel><item><title>".to_vec();
    bytes.extend(b"Vi\xea\xf2t</title></item></channel></rss>");
    assert_eq!(title(&read(bytes)), "Việt");
}

#[test]
fn a_reference_to_a_control_character_is_stripped() {
    assert_eq!(title(&read(rss("<title>Ne&#1;w&#x0;s&#133;</title>"))), "News…");
}

#[test]
fn an_item_without_a_guid_has_an_id_that_stays() {
    let first = item("<title>News</title><link>https://paper.example/a</link>");
    let again = item("<link>https://paper.example/a</link><title>News, changed</title>");
    let other = item("<title>News</title><link>https://paper.example/b</link>");
    assert_eq!(
        clean::native_id(&first, None, &newsriver::address::Rules::default()),
        clean::native_id(&again, None, &newsriver::address::Rules::default())
    );
    assert_ne!(
        clean::native_id(&first, None, &newsriver::address::Rules::default()),
        clean::native_id(&other, None, &newsriver::address::Rules::default())
    );
}

#[test]
fn a_relative_link_is_made_absolute() {
    let url = Some(Url::parse("https://paper.example/feeds/all.xml").unwrap());
    let feed = rss("<link>../a.html</link><enclosure url=\"/p.jpg\"/>");
    let reading = parse::read(feed.as_bytes(), &Options { url, ..Options::default() }).unwrap();
    assert_eq!(reading.items[0].url.as_deref(), Some("https://paper.example/a.html"));
    assert_eq!(reading.items[0].attachments[0].url, "https://paper.example/p.jpg");
}

#[test]
fn html_that_was_escaped_once_too_often_is_unescaped() {
    for written in ["&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;", "<![CDATA[&lt;p&gt;One&lt;/p&gt;]]>"] {
        let item = item(&format!("<description>{written}</description>"));
        assert_eq!(clean::html(&item.summary.unwrap(), None).as_str(), "<p>One</p>", "{written}");
    }
}

#[test]
fn a_script_in_a_title_is_no_part_of_it() {
    let reading = read(rss("<title>News&lt;script>alert(1)&lt;/script> &lt;b>today&lt;/b></title>"));
    assert_eq!(title(&reading), "News today");
}

#[test]
fn a_link_that_is_a_script_is_rejected() {
    let item = item(
        "<title>News</title><link>javascript:alert(1)</link><description>&lt;a href='javascript:1'>x&lt;/a></description>",
    );
    assert_eq!(newsriver::address::resolve(item.url.as_deref().unwrap_or_default(), None), None);
    assert_eq!(clean::html(&item.summary.unwrap(), None).as_str(), "<a>x</a>");
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><rss><channel><item><title>x&b;</title></item></channel></rss>";
    assert_eq!(title(&read(bomb)), "x&b;");
}

#[test]
fn external_entities_are_not_fetched() {
    let feed = "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><rss><channel><item><title>x&f;</title></item></channel></rss>";
    assert_eq!(title(&read(feed)), "x&f;");
}

#[test]
fn a_web_page_in_place_of_a_feed_is_an_error() {
    let page = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>item</body></html>";
    let error = parse::read(page, &Options::default()).unwrap_err();
    assert_eq!(error, ParseError::WebPage { title: Some("Just a moment".into()) });
    assert_eq!(parse::read(b" \n", &Options::default()).unwrap_err(), ParseError::Empty);
}

#[test]
fn deep_nesting_is_cut() {
    let feed = format!("<rss><channel>{}<item><title>x</title></item>", "<a>".repeat(100_000));
    assert!(is_repaired(&read(feed)));
}

#[test]
fn what_an_unknown_element_wraps_does_not_override_the_item() {
    for wrapped in ["<image><title>No</title><id>no</id></image>", "<box><title>No</title><id>no</id></box>"] {
        for inside in
            [format!("{wrapped}<title>Yes</title><id>yes</id>"), format!("<title>Yes</title><id>yes</id>{wrapped}")]
        {
            let item = item(&inside);
            assert_eq!(
                (clean::plain(&item.title.unwrap()).as_str(), item.id.as_deref()),
                ("Yes", Some("yes")),
                "{inside}"
            );
        }
    }
    assert_eq!(clean::plain(&item("<br><title>Still</title>").title.unwrap()), "Still");
}

#[test]
fn a_summary_beside_a_description_is_a_summary() {
    let text = "A text that goes on for quite some time, as texts do.";
    let both = |inside: &str| {
        let item = item(inside);
        (item.summary.unwrap().value, item.content.unwrap().value)
    };
    let wanted = ("Short.".to_owned(), text.to_owned());
    assert_eq!(both(&format!("<summary>Short.</summary><description>{text}</description>")), wanted);
    assert_eq!(both(&format!("<description>{text}</description><summary>Short.</summary>")), wanted);
}

#[test]
fn topics_are_read_wherever_they_stand() {
    let terms = |inside: &str| item(inside).categories.into_iter().map(|topic| topic.term).collect::<Vec<_>>();
    assert_eq!(terms("<tags>rice, fish</tags><category>farming</category>"), ["rice", "fish", "farming"]);
    assert_eq!(
        terms(
            "<itunes:category text='A'><itunes:category text='B'/></itunes:category><itunes:keywords>A, C</itunes:keywords>"
        ),
        ["A", "B", "C"]
    );
    assert_eq!(terms("<media:category>sea</media:category><media:keywords>a,b</media:keywords>"), ["sea", "a", "b"]);
}

#[test]
fn pictures_are_read_wherever_they_stand() {
    for inside in [
        "<itunes:image href='https://paper.example/p.png'/>",
        "<itunes:image url='https://paper.example/p.png'/>",
        "<itunes:link rel='image' href='https://paper.example/p.png'/>",
        "<image><url>https://paper.example/p.png</url></image>",
    ] {
        assert_eq!(item(inside).image.as_deref(), Some("https://paper.example/p.png"), "{inside}");
    }
}

#[test]
fn an_empty_reference_leads_to_its_base() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://paper.example/feed'><link rel='self' href=''/></feed>";
    assert_eq!(read(feed).channel.feed_url.as_deref(), Some("https://paper.example/feed"));
}

#[test]
fn a_text_in_base64_is_read_when_it_is_one() {
    let entry = |kind: &str, data: &str| {
        let feed = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='{kind}'>{data}</content></entry></feed>"
        );
        read(feed).items.remove(0).content.map(|text| text.value)
    };
    assert_eq!(entry("application/octet-stream", "PHA+VGlu\n PC9wPg==").as_deref(), Some("<p>Tin</p>"));
    assert_eq!(entry("image/png", "iVBORw0KGgo="), None);
}

#[test]
fn what_comes_before_its_time_is_placed() {
    let item = item(
        "<itunes:author>Show</itunes:author><itunes:duration>1:30</itunes:duration><dc:title>No</dc:title>\
         <title>Yes</title><dc:title>No</dc:title><dc:creator>Mai Anh</dc:creator><enclosure url='https://a.example/1.mp3'/>",
    );
    assert_eq!(clean::plain(&item.title.unwrap()), "Yes");
    assert_eq!(item.attachments[0].duration, Some(90.0));
    assert_eq!(item.authors.iter().filter_map(|person| person.name.as_deref()).collect::<Vec<_>>(), ["Mai Anh"]);
}
