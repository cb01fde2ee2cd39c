//! What a feed holds at a time: bounds, waits, questions; and how its articles are told.

use chrono::TimeDelta;
use newsriver::merge::{self, Press};
use newsriver::model::{Agreement, Amount, Filter, Order, Person, Selection, Story, Template};
use newsriver::publish::{OutputFormat, render};

use super::sample::{feed_of, names, now, picture, selection, site, story, time};

fn titles(selection: &Selection, stories: Vec<Story>) -> Vec<String> {
    feed_of(selection, stories).entries.into_iter().map(|entry| entry.story.lead.facts.title).collect()
}

/// Stories called 1, 2, 3…, the first the newest, of one source each word.
fn stories(sources: &[&str]) -> Vec<Story> {
    (1..).zip(sources).map(|(number, source)| story(number, source, &number.to_string(), "<p>x</p>")).collect()
}

#[test]
fn a_busy_source_leaves_room() {
    let mut selection = selection();
    selection.bounds.per_source = Some(2);
    let all = stories(&["giay", "giay", "giay", "giay", "cua-song", "mien-vuon"]);
    assert_eq!(titles(&selection, all.clone()), ["1", "2", "5", "6"]);
    selection.bounds.limit = 3;
    assert_eq!(titles(&selection, all), ["1", "2", "5"]);
}

#[test]
fn old_articles_leave_when_their_time_is_over() {
    let mut selection = selection();
    selection.bounds.max_age = Some(TimeDelta::minutes(45));
    let all = stories(&["giay"; 4]);
    let feed = feed_of(&selection, all.clone());
    assert_eq!(titles(&selection, all), ["1", "2"], "published 37 and 44 minutes ago");
    assert_eq!(feed.next_change, Some(now() + TimeDelta::minutes(1)));
}

#[test]
fn articles_wait_as_long_as_they_should() {
    let mut all = stories(&["giay"; 3]);
    all[0].first_seen = now() - TimeDelta::minutes(3);
    let mut selection = selection();
    selection.bounds.delay = TimeDelta::minutes(10);
    let feed = feed_of(&selection, all.clone());
    assert_eq!(titles(&selection, all.clone()), ["2", "3"]);
    assert_eq!(feed.next_change, Some(now() + TimeDelta::minutes(7)));
    selection.bounds.hold_back = TimeDelta::minutes(50);
    assert_eq!(titles(&selection, all), ["3"], "51 minutes after publication");
}

#[test]
fn a_feed_can_go_by_when_articles_came_in() {
    let mut all = stories(&["giay"; 3]);
    all[2].first_seen = now() - TimeDelta::minutes(1);
    let mut selection = selection();
    selection.bounds.order = Order::FirstSeen;
    assert_eq!(titles(&selection, all.clone()), ["3", "1", "2"]);
    // Of those that came in with one visit, the newest come first.
    for story in &mut all {
        story.first_seen = now();
    }
    all.reverse();
    assert_eq!(titles(&selection, all), ["1", "2", "3"]);
}

#[test]
fn age_lets_articles_in_and_puts_them_out_at_their_time() {
    // Published 37, 44 and 51 minutes ago.
    let all = stories(&["giay"; 3]);
    let older = || vec![Filter::OlderThan(TimeDelta::minutes(40))];
    let include = Selection { include: older(), ..selection() };
    let exclude = Selection { exclude: older(), ..selection() };
    assert_eq!(titles(&include, all.clone()), ["2", "3"]);
    assert_eq!(titles(&exclude, all.clone()), ["1"]);
    for selection in [include, exclude] {
        assert_eq!(feed_of(&selection, all.clone()).next_change, Some(now() + TimeDelta::minutes(3)));
    }
}

#[test]
fn a_feed_stays_below_its_size() {
    let mut selection = selection();
    selection.bounds.max_bytes = 8_000;
    let mut all: Vec<_> = (1..=5).map(|number| story(number, "giay", &number.to_string(), "")).collect();
    assert_eq!(titles(&selection, all.clone()), ["1", "2", "3"]);
    all[1] = story(2, "giay", "2", &format!("<p>{}</p>", "chữ ".repeat(4000)));
    assert_eq!(titles(&selection, all.clone()), ["1"], "no smaller one jumps the queue");
    all[0] = story(1, "giay", "1", &format!("<p>{}</p>", "chữ ".repeat(4000)));
    assert_eq!(titles(&selection, all), ["1"], "one always stays");
}

#[test]
fn galleries_stay_below_their_size() {
    let mut selection = selection();
    selection.bounds.max_bytes = 200_000;
    let gallery = |number: u32| {
        let mut story = story(number, "giay", &number.to_string(), &format!("<p>{}</p>", "chữ & số ".repeat(20)));
        let address = |n| format!("https://paper.example/{}/{number}-{n}.jpg?a=1&b=2", "long".repeat(20));
        story.lead.facts.enclosures = (0..40).map(|n| picture(&address(n), 1200, 800)).collect();
        story
    };
    let feed = feed_of(&selection, (1..=20).map(gallery).collect());
    let forms = [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json];
    let sizes = forms.map(|form| render(&feed, form).unwrap().body.len());
    assert!(sizes.iter().all(|size| *size < 200_000), "{sizes:?}");
    assert!(sizes.iter().any(|size| *size > 100_000), "room is left for more: {sizes:?}");
}

#[test]
fn questions_are_about_language_age_pictures_and_length() {
    let mut one = story(1, "giay", "x", "<p>Mười chữ cái</p>");
    one.lead.facts.language = Some("vi-VN".to_owned());
    let mut pictured = one.clone();
    pictured.lead.facts.enclosures = vec![picture("https://a.example/1.jpg", 10, 10)];
    let admits = |filter: Filter, story: &Story| {
        let mut selection = selection();
        selection.include = vec![filter];
        merge::admits(&selection, story, now())
    };
    assert!(admits(Filter::Language(vec!["en".into(), "vi".into()]), &one));
    assert!(!admits(Filter::Language(vec!["en".into()]), &one));
    assert!(admits(Filter::OlderThan(TimeDelta::minutes(37)), &one));
    assert!(!admits(Filter::OlderThan(TimeDelta::minutes(38)), &one));
    assert!(admits(Filter::Picture(true), &pictured) && !admits(Filter::Picture(true), &one));
    assert!(admits(Filter::Picture(false), &one) && !admits(Filter::Picture(false), &pictured));
    assert!(admits(Filter::AtLeast(12), &one) && !admits(Filter::AtLeast(13), &one), "characters, not bytes");
    assert!(admits(Filter::AtMost(12), &one) && !admits(Filter::AtMost(11), &one));
}

#[test]
fn a_summary_feed_holds_no_text() {
    let mut selection = selection();
    selection.wording.amount = Amount::Summary;
    let mut one = story(1, "giay", "x", &format!("<p>{}</p>", "mở đầu ".repeat(200)));
    one.lead.facts.enclosures = vec![picture("https://a.example/1.jpg", 10, 10)];
    let feed = feed_of(&selection, vec![one]);
    for format in [OutputFormat::Rss, OutputFormat::Atom, OutputFormat::Json] {
        let text = String::from_utf8(render(&feed, format).unwrap().body.to_vec()).unwrap();
        assert!(text.contains("mở đầu") && text.matches("mở đầu").count() < 130, "{format:?}: {text}");
        assert!(text.contains("https://a.example/1.jpg"));
    }
}

#[test]
fn a_line_says_where_an_article_is_from() {
    let names_of_places = ["source", "author", "published", "title", "link", "site"];
    let mut selection = selection();
    selection.wording.attribution =
        Some(Template::parse("Theo {source}[, {author}], {published}: {link} <{site}>", &names_of_places).unwrap());
    selection.wording.link_query =
        Some(Template::parse("utm_source={site}&utm_campaign={feed}", &["site", "feed"]).unwrap());
    let mut one = story(1, "cua-song", "x", "<p>Chữ</p>");
    one.lead.facts.authors = vec![Person::named("Hoàng & Lam")];
    let two = story(2, "cua-song", "y", "<p>Chữ</p>");
    let feed = feed_of(&selection, vec![one, two]);
    let json: serde_json::Value = serde_json::from_slice(&render(&feed, OutputFormat::Json).unwrap().body).unwrap();
    let address = "https://cua-song.example/bai/1.html?utm_source=Tin+%C4%90%E1%BB%93ng+B%E1%BA%B1ng&utm_campaign=all";
    assert_eq!(json["items"][0]["url"], address);
    let escaped = address.replace('&', "&amp;");
    assert_eq!(
        json["items"][0]["content_html"],
        format!(
            "<p>Chữ</p><p>Theo <a href=\"{escaped}\">Báo Cửa Sông</a>, Hoàng &amp; Lam, 18:23, 2/3/2026: \
             <a href=\"{escaped}\">{escaped}</a> &lt;Tin Đồng Bằng&gt;</p>"
        )
    );
    let second = json["items"][1]["content_html"].as_str().unwrap();
    assert!(second.contains("Báo Cửa Sông</a>, 18:16"), "{second}");
    for (format, ending) in [(OutputFormat::Rss, "rss"), (OutputFormat::Atom, "atom")] {
        let body = render(&feed, format).unwrap().body;
        let location = format!("{}.{ending}", feed.base_url);
        let messages = match format {
            OutputFormat::Rss => crate::checker::rss(&body, &location, now()),
            _ => crate::checker::atom(&body, &location, now()),
        };
        assert_eq!(messages, [], "{ending}");
    }
}

#[test]
fn an_agreement_bounds_what_is_published() {
    let told = |agreement: Agreement| {
        let mut names = names();
        for name in names.values_mut() {
            name.agreement = Some(agreement.clone());
        }
        let mut one = story(1, "giay", "x", "<p>Toàn văn <img src=\"https://a.example/2.jpg\"></p>");
        one.lead.facts.summary = Some("Tóm tắt".to_owned());
        one.lead.facts.enclosures = vec![picture("https://a.example/1.jpg", 10, 10)];
        let press = Press { site: &site(), names: &names, ttl_minutes: 5, now: now() };
        let feed = merge::feed(&selection(), vec![one], press);
        let json = String::from_utf8(render(&feed, OutputFormat::Json).unwrap().body.to_vec()).unwrap();
        let has = |text: &str| json.contains(text);
        (has("Toàn văn"), has("Tóm tắt"), has("1.jpg"), has("2.jpg"), feed.next_change)
    };
    let whole = Agreement { reference: None, until: None, amount: Amount::Full, pictures: true };
    assert_eq!(told(whole.clone()), (true, true, true, true, None));
    assert_eq!(told(Agreement { pictures: false, ..whole.clone() }), (true, true, false, false, None));
    let summary = Agreement { amount: Amount::Summary, ..whole.clone() };
    assert_eq!(told(summary), (false, true, true, false, None));
    let headline = Agreement { amount: Amount::Headline, ..whole.clone() };
    assert_eq!(told(headline), (false, false, true, false, None));
    let end = time("2026-04-01T00:00:00Z");
    assert_eq!(told(Agreement { until: Some(end), ..whole.clone() }), (true, true, true, true, Some(end)));
    let over = Agreement { until: Some(now()), ..whole };
    assert_eq!(told(over), (false, true, false, false, None));
}

#[test]
fn a_sources_own_feed_shows_what_some_public_feed_shows() {
    let mut strict = selection();
    strict.bounds.hold_back = TimeDelta::minutes(50);
    let mut titled = selection();
    titled.include = vec![Filter::Title(regex::Regex::new("^1$").unwrap())];
    let all = stories(&["giay"; 3]);
    let press = Press { site: &site(), names: &names(), ttl_minutes: 5, now: now() };
    let shown = |rules: &[&Selection]| {
        let feed = merge::source_feed(&selection(), rules, all.clone(), press);
        feed.entries.into_iter().map(|entry| entry.story.lead.facts.title).collect::<Vec<_>>()
    };
    assert_eq!(shown(&[&strict]), ["3"]);
    assert_eq!(shown(&[&strict, &titled]), ["1", "3"]);
    assert!(shown(&[]).is_empty());
}
