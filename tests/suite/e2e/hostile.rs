//! Whatever sources send, what is published passes the checker, in every form.

use super::{Reply, Service, Site, item, png, prose, rss};
use crate::checker;

/// Checks a feed in each form, as it is served, and the list of sources.
pub(super) fn check(service: &Service, slug: &str) {
    let own = |ending: &str| service.url(&format!("/{slug}.{ending}"));
    let get = |ending: &str| service.get(&format!("/{slug}.{ending}")).body;
    let now = newsriver::clock::Clock::system().now();
    let mut findings = checker::rss(&get("rss"), &own("rss"), now);
    findings.extend(checker::atom(&get("atom"), &own("atom"), now));
    // Pages of a JSON Feed name the feed itself.
    let newest = slug.split("/page/").next().unwrap_or_default();
    findings.extend(checker::json(&get("json"), &service.url(&format!("/{newest}.json")), now));
    for path in [format!("/{slug}.rss"), format!("/{slug}.atom"), "/opml".to_owned()] {
        // Coded forms are made in the background.
        let answer = service.wait("a coded form", |service| {
            let answer = service.get_with(&path, &[("Accept-Encoding", "gzip, deflate")]);
            answer.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-encoding")).then_some(answer)
        });
        let ending = path.rsplit(['.', '/']).next().unwrap_or_default();
        findings.extend(checker::http(ending, answer.status, &answer.headers, answer.body.len()));
    }
    findings.extend(checker::opml(&service.get("/opml").body, now));
    assert!(findings.is_empty(), "{slug}:\n{findings:#?}");
}

#[test]
fn hostile_sources_make_valid_feeds() {
    let site = Site::start();
    site.put("/p.png", Reply::new("image/jpeg", png(300, 200, [1, 2, 3])));
    let date = "Mon, 02 Mar 2026 08:00:00 GMT";
    let nasty = [
        item("1", "AT&amp;T &amp;lt;b&amp;gt; &amp;amp; co &#11;&#1;", date, "<p>]]&gt; a<b>b<i>c</b>d</i></p>"),
        item("2", "", date, "<script>alert(1)</script><p onclick=\"x()\" style=\"color:red\">Words without a title, which are enough to make one of them.</p>"),
        item("2", "The same id, another article", date, &prose("other", 3)),
        item("3", "Relative addresses", date, "<p><a href=\"/x\">x</a><img src=\"p.png\" width=\"0\"><a href=\"javascript:alert(1)\">y</a> <a href=\"báo|tin [1]\">z</a></p>"),
        item("http://localhost/4", "&#x202e;Right &#xfffe; to left &#128512; &#x1F1FB;&#x1F1F3;", date, &prose("emoji", 2)),
        item("tag:x", "No proper tag", "31 Feb 2099", "<svg><script>1</script></svg><math><mi>x</mi></math><iframe src=\"https://video.example/1\"></iframe><p>text</p>"),
        format!("<item><title>Bare</title><link>javascript:alert(1)</link><enclosure url=\"{}\" length=\"-5\" type=\"\"/><media:content url=\"p.png\" width=\"0\" height=\"x\"/></item>", site.url("/p.png")),
        "<item><title>Unknown &nbsp;&eacute;&undefined; entity & bare < less</title><description>plain & simple</description></item>".to_owned(),
        format!("<item><guid>{}</guid><title>{}</title><description>long</description></item>", "x".repeat(3000), "Rất dài ".repeat(200)),
        "<item></item>".to_owned(),
    ];
    site.put("/nasty", Reply::rss(rss(&nasty.concat())));
    let service = Service::start(&format!(
        "[sources.nasty]\nurl = \"{}\"\nfull_text = \"never\"\n[feeds.all]\ntitle = \"All & <everything>\"\nsources = [\"*\"]\n[feeds.none]\ntitle = \"None\"\nsources = [\"nasty\"]\ninclude = {{ title = \"matches nothing\" }}\n",
        site.url("/nasty")
    ));
    let count = service.wait("the articles", |service| {
        let count = service.json("/feeds/all.json")["items"].as_array().unwrap().len();
        (count >= 8).then_some(count)
    });
    assert!(count >= 8);
    for slug in ["feeds/all", "feeds/none", "sources/nasty"] {
        check(&service, slug);
    }
    // An independent reader finds the same ids and titles in all forms.
    let (rss, atom) = (service.feed("/feeds/all.rss"), service.feed("/feeds/all.atom"));
    let json = service.json("/feeds/all.json");
    let ids = |feed: &feed_rs::model::Feed| feed.entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>();
    let json_ids: Vec<_> =
        json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids(&rss), json_ids);
    assert_eq!(ids(&atom), json_ids);
    let titles: Vec<_> = atom.entries.iter().map(|entry| entry.title.as_ref().unwrap().content.clone()).collect();
    let json_titles: Vec<_> =
        json["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
    for (title, json_title) in titles.iter().zip(&json_titles) {
        // Atom may write a title as HTML; its text is the same.
        assert!(title == json_title || newsriver::html::plain(title) == *json_title, "{title:?} and {json_title:?}");
    }
}

/// An item of RSS with whatever is in it.
fn raw(number: u32, inner: &str) -> String {
    format!("<item><title>Bài {number}</title><link>https://paper.example/bai/{number}</link>{inner}</item>")
}

#[test]
fn what_validators_object_to_is_mended() {
    let site = Site::start();
    let texts = [
        "<p>Sound</p><audio controls src=\"/a.mp3\"></audio><video controls><source src=\"/a.mp4\"></video>",
        "<bdo dir=\"rtl\">Right</bdo> to <bdi>left</bdi> <rb>base</rb> <nobr>no break</nobr> <blink>blink</blink>",
        "<table class=\"a\" border=\"1\" width=\"100%\" role=\"grid\"><tr bgcolor=\"red\"><td style=\"x:y\" nowrap colspan=\"0x\">a<td>b</table>",
        "<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"x\"><img src=\"https://a.example/1.png\" alt=\"<a href='/x'> src=y z\">",
        "<p id=\"a\" aria-label=\"b\" data-x=\"1\" onclick=\"c()\" contenteditable>text <a href=\"#a\" target=\"_blank\">note</a></p>",
        "<p>2Â\u{a0}km, caf\u{c3}\u{a9}</p><p>XÃ\u{a0}</p><p>R&D &amp; &copy; &unknown; &#x92; &lt;b&gt;</p>",
        "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math><svg viewBox=\"0 0 1 1\"><circle r=\"1\"/></svg><p>after</p>",
        "<iframe width=\"560\" src=\"https://www.youtube.com/embed/aqz-KE\" allowfullscreen></iframe><object data=\"/f.swf\"></object>",
        "<p>a<div>b</p>c</div><li>loose<dd>x</li></b></i><p><p></p></p><center><font color=red>f</font></center>",
        "<a href=\"http://[::1]/x\">six</a> <a href=\"tin tức [1]|.html\">spaces</a> <a href=\"HTTP://BÁO.example:80/../x\">y</a>",
        "<select><option>o</option></select><form><label>l</label><input></form><dialog open>d</dialog><template>t</template>",
        "<!--[if gte mso 9]><xml><o:p>x</o:p></xml><![endif]--><o:p>office</o:p><?php echo 1 ?><font face=\"a\">z</font>",
        "مرحبا <span dir=\"rtl\" lang=\"ar\">بالعالم</span> \u{202e}\u{200f}",
    ];
    let wrapped = |html: &str| format!("<description><![CDATA[{html}]]></description>");
    let mut items: Vec<String> = texts.iter().zip(1..).map(|(html, number)| raw(number, &wrapped(html))).collect();
    let odd = [
        "<guid>HTTP://Paper.example/A</guid>",
        "<guid>http://paper.example?p=1</guid>",
        "<guid>http://paper.example/%c3%a0/%7Ea</guid>",
        "<guid isPermaLink=\"false\">post:12</guid>",
        "<guid isPermaLink=\"false\">urn:uuid:12</guid>",
        "<guid isPermaLink=\"false\">tag:Paper_x,26:bài</guid>",
        "<guid isPermaLink=\"false\">12</guid><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        "<pubDate>Tue, 19 Jan 2038 03:14:07 GMT</pubDate>",
        "<author>Lam &amp;lt;b&amp;gt; &lt;lam@paper.example&gt;</author>",
        "<dc:creator>R&amp;amp;D &lt;/b&gt; &lt;i&gt;x&lt;/i&gt; AT&amp;T2</dc:creator>",
        "<category domain=\"no address\">a &amp;lt;b&amp;gt; &lt;/p&gt; &amp;amp; Q&amp;A_1</category><category></category>",
        "<enclosure url=\"http://my_cdn.example/a.jpg\" length=\"x\" type=\"image/jpg; x\"/>",
        "<enclosure url=\"http://cdn.example./a.mp3\" length=\"12\" type=\"audio/mpeg\"/><enclosure url=\"http://[::1]/b.mp3\" length=\"12\" type=\"audio/mpeg\"/>",
        "<media:group><media:content url=\"https://cdn.example/1.jpg\"/></media:group><media:credit role=\"Friend\">&lt;b&gt;</media:credit>",
        "<dc:language>xx</dc:language><dc:rights>&amp;copy; &lt;b&gt;Báo&lt;/b&gt;</dc:rights>",
        "<source url=\"http://[::1]/feed\">R&amp;amp;D &lt;/b&gt;</source><comments>https://paper.example/c d|</comments>",
    ];
    items.extend(
        odd.iter()
            .zip(50..)
            .map(|(inner, number)| raw(number, &format!("{inner}{}", wrapped(&prose(&format!("odd{number}"), 2))))),
    );
    let minute = "<pubDate>Mon, 02 Mar 2026 05:30:00 +0700</pubDate>";
    items.extend(
        (100..130).map(|number| raw(number, &format!("{minute}{}", wrapped(&prose(&format!("m{number}"), 2))))),
    );
    let feed = format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\
         <channel><title>R&amp;amp;D</title><link>http://[::1]/</link><language>klingon</language>{}</channel></rss>",
        items.concat()
    );
    site.put("/odd", Reply::rss(feed));
    let mut service = Service::prepare(&format!(
        "[sources.odd]\ntitle = \"R&D <x> &lt;y&gt;\"\nurl = \"{}\"\ntags = [\"A&B <c>\"]\nfull_text = \"never\"\n\
         [feeds.all]\nlimit = 200\ntitle = \"Tin </b> &amp; R&D\"\nlanguage = \"zzz\"\nsources = [\"*\"]\n\
         [feeds.pages]\nlimit = 20\nsources = [\"odd\"]\n",
        site.url("/odd")
    ));
    let config = std::fs::read_to_string(service.path("feeds.toml")).unwrap();
    std::fs::write(service.path("feeds.toml"), config.replace("\"Test News\"", "\"Báo A, B & <C>\"")).unwrap();
    service.run();
    service.wait("the articles", |service| {
        let count = service.json("/feeds/all.json")["items"].as_array().unwrap().len();
        (count == items.len()).then_some(())
    });
    for slug in ["feeds/all", "feeds/pages", "feeds/pages/page/2", "sources/odd"] {
        check(&service, slug);
    }
}
