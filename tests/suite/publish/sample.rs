//! Feeds to publish: a rich one as papers have it, and a hostile one.

use chrono::{DateTime, TimeDelta, Utc};
use newsriver::html;
use newsriver::merge::{self, Press, Site, SourceName};
use newsriver::model::{
    Category, Enclosure, Entry, EntryId, Facts, Feed, FeedId, Media, Origin, Person, Selection, Sketch, SourceId,
    SourceSet, Story, StoryId, StoryMember,
};
use url::Url;

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn now() -> DateTime<Utc> {
    time("2026-03-02T12:00:00Z")
}

pub(crate) fn site() -> Site {
    Site {
        title: "Tin Đồng Bằng".to_owned(),
        base_url: url("https://feeds.example.org/"),
        hub: Some(url("https://feeds.example.org/hub")),
        hubs: vec![url("https://hub.example.net/")],
        contact: Some("toasoan@example.org".to_owned()),
        language: "vi".to_owned(),
        timezone: chrono_tz::Asia::Ho_Chi_Minh,
    }
}

pub(crate) fn names() -> std::collections::BTreeMap<SourceId, SourceName> {
    let name = |id: &str, title: &str, url: Option<&str>| {
        let url = url.map(|text| Url::parse(text).unwrap());
        (SourceId::parse(id).unwrap(), SourceName { title: title.to_owned(), url, agreement: None })
    };
    [
        name("cua-song", "Báo Cửa Sông", Some("https://cuasong.example/rss")),
        name("mien-vuon", "Báo Miền Vườn", Some("https://mienvuon.example/")),
        name("giay", "Documents", None),
    ]
    .into()
}

pub(crate) fn selection() -> Selection {
    let sources = SourceSet(names().into_keys().collect());
    let mut all = Selection::new(FeedId::parse("all").unwrap(), "Tin tổng hợp".to_owned(), sources);
    all.description = Some("Tin từ các báo tỉnh".to_owned());
    all.bounds.limit = 100;
    all
}

/// A feed of these stories, as this service publishes it.
pub(crate) fn feed_of(selection: &Selection, stories: Vec<Story>) -> Feed {
    merge::feed(selection, stories, Press { site: &site(), names: &names(), ttl_minutes: 5, now: now() })
}

/// A story of one entry; tests change what they are about.
pub(crate) fn story(number: u32, source: &str, title: &str, html: &str) -> Story {
    let source = SourceId::parse(source).unwrap();
    let id = EntryId::derive(&[source.as_str(), &number.to_string()]);
    let address = url(&format!("https://{source}.example/bai/{number}.html"));
    let uri = format!("tag:feeds.example.org,2026:{number}");
    let published = now() - TimeDelta::minutes(i64::from(number) * 7 + 30);
    let facts = Facts {
        url: Some(address.clone()),
        content: html::sanitise(html, Some(&address)),
        is_full_text: true,
        language: Some("vi".to_owned()),
        published: Some(published),
        ..Facts::bare(source.clone(), number.to_string(), title.to_owned())
    };
    let lead = Entry {
        id,
        uri: uri.clone(),
        story: StoryId::derive(&[&number.to_string()]),
        facts,
        published,
        updated: published,
        first_seen: published,
        content_hash: String::new(),
        sketch: Sketch::default(),
    };
    let member = StoryMember { entry: id, source, url: Some(address), title: title.to_owned() };
    Story { id: lead.story, uri, published, updated: published, first_seen: published, members: vec![member], lead }
}

pub(crate) fn also_at(story: &mut Story, source: &str, address: &str) {
    let entry = EntryId::derive(&[source, address]);
    let title = story.lead.facts.title.clone();
    story.members.push(StoryMember {
        entry,
        source: SourceId::parse(source).unwrap(),
        url: Url::parse(address).ok(),
        title,
    });
}

pub(crate) fn picture(address: &str, width: u32, height: u32) -> Enclosure {
    Enclosure {
        url: url(address),
        mime_type: "image/jpeg".to_owned(),
        length: Some(184_320),
        title: None,
        plainer: None,
        media: Media::Image { width: Some(width), height: Some(height), caption: None, credit: None },
    }
}

/// A feed that has everything that can be said.
pub(crate) fn rich() -> Feed {
    let mut first = story(
        1,
        "cua-song",
        "Cầu Rạch Miễu 2 thông xe: “Đi chợ & về” chỉ còn 10 phút",
        "<p>Sáng 2-3, cầu <b>Rạch Miễu 2</b> nối hai bờ sông Tiền đã thông xe kỹ thuật, sớm hơn kế hoạch ba tháng.</p>\
         <figure><img src=\"/anh/cau.jpg\" alt=\"Cầu mới\" width=\"1280\" height=\"720\"><figcaption>Cầu nhìn từ bờ nam.</figcaption></figure>\
         <h2>Người dân nói gì</h2><p>“Từ nay khỏi đợi phà”, bà Tư nói. <a href=\"https://example.org/duong?a=1&amp;b=2\">Bản đồ đường</a>.</p>\
         <ul><li>Dài 1,9 km</li><li>Bốn làn xe</li></ul>",
    );
    let facts = &mut first.lead.facts;
    facts.summary = Some("Cầu mới nối hai bờ sông Tiền thông xe sớm ba tháng; xe máy và ô tô đều được qua.".to_owned());
    facts.authors = vec![
        Person {
            name: Some("Hoàng Lam".to_owned()),
            email: Some("lam@cuasong.example".to_owned()),
            url: Some("https://cuasong.example/tac-gia/hoang-lam".to_owned()),
        },
        Person::named("Thúy Vy"),
    ];
    facts.categories = vec![
        Category {
            term: "giao-thong".to_owned(),
            scheme: Some("https://cuasong.example/chuyen-muc".to_owned()),
            label: Some("Giao thông".to_owned()),
        },
        Category::new("Kinh tế & đời sống"),
    ];
    facts.rights = Some("© Báo Cửa Sông".to_owned());
    facts.comments = Some(url("https://cuasong.example/bai/1.html#binh-luan"));
    facts.origin =
        Some(Origin { title: Some("Thông tấn".to_owned()), url: Some(url("https://thongtan.example/feed")) });
    let mut lead_picture = picture("https://cuasong.example/anh/cầu mới.jpg?w=1280|x", 1280, 720);
    lead_picture.media = Media::Image {
        width: Some(1280),
        height: Some(720),
        caption: Some("Cầu Rạch Miễu 2 nhìn từ bờ nam.".to_owned()),
        credit: Some("Trần Minh".to_owned()),
    };
    let voice = Enclosure {
        url: url("https://cuasong.example/tieng/1.mp3"),
        mime_type: "audio/mpeg".to_owned(),
        length: Some(2_400_000),
        title: Some("Nghe bài này".to_owned()),
        plainer: None,
        media: Media::Audio { duration: Some(151.4) },
    };
    let mut unknown = picture("https://cuasong.example/anh/2.webp", 640, 480);
    (unknown.mime_type, unknown.length) = ("image/webp".to_owned(), None);
    facts.enclosures = vec![lead_picture, unknown, voice];
    also_at(&mut first, "mien-vuon", "https://mienvuon.example/cau-rach-mieu-2");
    first.updated = first.published + TimeDelta::minutes(12);

    let mut second =
        story(2, "giay", "Mekong salinity: what farmers expect", "<p>Salt water reached <i>40 km</i> inland.</p>");
    second.lead.facts.language = Some("en".to_owned());
    second.lead.facts.url = None;
    second.members[0].url = None;
    second.lead.facts.enclosures = vec![picture("https://feeds.example.org/media/abc.jpg", 800, 600)];

    let mut third = story(3, "mien-vuon", "Giá dừa khô tăng", "");
    third.lead.facts.summary = Some("Giá dừa khô tại vườn tăng 5.000 đồng một chục.".to_owned());
    third.uri = "https://mien-vuon.example/bai/3.html".to_owned();
    feed_of(&selection(), vec![third, first, second])
}

/// What no source should send, and some do.
pub(crate) fn hostile() -> Feed {
    let awful =
        "A\u{b}B\u{0}C\u{fffe}\u{92}\u{fffd} ]]> & <b>bold</b> &amp; &lt;i&gt; \u{202e}abc 😀 \u{1d518} \r\n\t x";
    let body = "<p>]]> \u{b}\u{85} <![CDATA[x]]> &#0; &#xFFFE; <script>alert(1)</script><a href=\"javascript:x\">x</a>\
        <a href=\"/rel\">rel</a><img src=\"//cdn.example/x.jpg\" srcset=\"/a.jpg 1x, b.jpg 2x\" onerror=\"x\" style=\"x:y\">\
        <iframe src=\"https://e.example/\"></iframe><form><input></form><svg><script>1</script></svg></p></div></p><p>>\u{338}end</p>";
    let mut stories = Vec::new();
    for number in 1..=12 {
        let mut story = story(number, "cua-song", &format!("{awful} {number}"), body);
        let facts = &mut story.lead.facts;
        facts.summary = Some(awful.to_owned());
        facts.authors = vec![
            Person {
                name: Some(awful.to_owned()),
                email: Some("x@y\u{b}".to_owned()),
                url: Some("javascript:alert(1)".to_owned()),
            },
            Person { name: Some(" \u{b} ".to_owned()), ..Person::default() },
        ];
        facts.categories = vec![
            Category::new(awful),
            Category::new("\u{0}"),
            Category { term: "a".into(), scheme: Some("no url".into()), label: Some(" ".into()) },
        ];
        facts.rights = Some(awful.to_owned());
        facts.comments = Some(url("javascript:alert(1)"));
        facts.language = Some("tiếng việt\u{b}".to_owned());
        facts.origin = Some(Origin { title: Some(awful.to_owned()), url: Some(url("https://báo.example/ế |{}[]")) });
        let image = |address: &str, mime: &str, length, width, height| Enclosure {
            url: url(address),
            mime_type: mime.to_owned(),
            length,
            title: Some(awful.to_owned()),
            plainer: None,
            media: Media::Image { width, height, caption: Some(awful.to_owned()), credit: Some(awful.to_owned()) },
        };
        facts.enclosures = vec![
            image("data:image/png;base64,AAAA", "image/png", Some(3), Some(1), Some(1)),
            image("http://intranet/x.jpg", "image/jpeg", Some(3), Some(1), Some(1)),
            image(
                "https://user:secret@báo.example/ảnh [1]|^`.jpg?x={y}%zz#a#b",
                "Image/JPEG; q=1",
                Some(0),
                Some(0),
                Some(0),
            ),
            image("https://cdn.example/2", "", None, None, None),
            image("https://cdn.example/2", "image/jpeg\u{b}", None, None, None),
            Enclosure {
                url: url("https://cdn.example/3"),
                mime_type: "a/b/c".into(),
                length: None,
                title: None,
                plainer: None,
                media: Media::Video { duration: Some(f64::NAN) },
            },
            Enclosure {
                url: url("https://cdn.example/4"),
                mime_type: "video/mp4".into(),
                length: Some(1),
                title: None,
                plainer: None,
                media: Media::Video { duration: Some(0.2) },
            },
        ];
        also_at(&mut story, "mien-vuon", "https://mienvuon.example/a b|c");
        also_at(&mut story, "mien-vuon", "javascript:alert(1)");
        stories.push(story);
    }
    stories[0].uri = "42".to_owned();
    stories[1].uri = "javascript:alert(1)".to_owned();
    stories[2].uri = "http://example.org/a b\u{b}".to_owned();
    stories[3].uri = stories[4].uri.clone();
    stories[5].lead.facts.title = "\u{b}\u{200b}".to_owned();
    stories[6].lead.facts.title = "dài ".repeat(5000);
    stories[7].lead.facts.title = "مرحبا بالعالم \u{200f}(1) עברית".to_owned();
    stories[8].published = time("1970-01-01T00:00:00Z");
    stories[9].lead.facts.content = html::sanitise("", None);
    stories[9].lead.facts.summary = None;
    stories[9].lead.facts.title = "Ä\u{80}BÃ¡o Ä‘iá»‡n tá»­".to_owned();
    stories[10].lead.facts.url = Some(url("ftp://files.example/x"));
    stories[11].published = now() + TimeDelta::days(2);
    let mut selection = selection();
    selection.title = awful.to_owned();
    selection.description = Some(" \u{b} ".to_owned());
    let mut names = names();
    for name in names.values_mut() {
        name.title = awful.to_owned();
        name.url = name.url.as_ref().map(|_| url("https://user:secret@báo.example/rss ế"));
    }
    let site = Site { title: awful.to_owned(), contact: Some("no address".to_owned()), ..site() };
    merge::feed(&selection, stories, Press { site: &site, names: &names, ttl_minutes: 0, now: now() })
}
