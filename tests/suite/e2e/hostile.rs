//! Whatever sources send, what is published passes the checker, in every form.

use super::{Reply, Service, Site, item, png, prose, rss};
use crate::checker;

fn check(service: &Service, slug: &str) {
    let own = |ending: &str| service.url(&format!("/{slug}.{ending}"));
    let get = |ending: &str| service.get(&format!("/{slug}.{ending}")).body;
    let now = newsriver::clock::Clock::system().now();
    let mut findings = checker::rss(&get("rss"), &own("rss"), now);
    findings.extend(checker::atom(&get("atom"), &own("atom"), now));
    findings.extend(checker::json(&get("json"), &own("json"), now));
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
