//! The contract of a store, written against the trait and tried on each database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use newsriver::html::sanitise;
use newsriver::model::{
    Arrival, Crowd, Dedupe, EntryId, Facts, Form, Judge, Key, KeyKind, Look, Lookup, MediaName, Mirrored, Mirroring,
    PictureFacts, PictureType, PollRecord, Secret, Settlement, Sketch, Source, SourceId, SourceState, Subscription,
    Telling, Upshot, Verdict,
};
use newsriver::store::{self, ArrivalQuery, Span, Store, StoreError, StoryQuery};

use super::database::Server;

fn now() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

fn id(text: &str) -> SourceId {
    SourceId::parse(text).unwrap()
}

fn sources(text: &str) -> Vec<Source> {
    newsriver::config::parse(text, std::path::Path::new("feeds.toml")).unwrap().sources
}

fn two_sources() -> Vec<Source> {
    sources("[sources.a]\nurl = \"https://a.example/\"\n[sources.b]\nurl = \"https://b.example/\"\n")
}

/// Where a test has its store.
struct Place {
    url: String,
    /// Lives as long as the test.
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite:{}", folder.path().join("x/store.db").display()), _folder: Some(folder) }
    }

    /// None where PostgreSQL is not installed.
    fn postgres() -> Option<Self> {
        Some(Self { url: Server::shared()?.database(), _folder: None })
    }
}

/// Each case by the name of the database that it is tried on.
macro_rules! on_each_store {
    ($($case:ident),* $(,)?) => { mod on { $(mod $case {
        #[tokio::test]
        async fn sqlite() {
            crate::store::$case(&crate::store::Place::sqlite()).await;
        }

        #[tokio::test]
        async fn postgres() {
            if let Some(place) = crate::store::Place::postgres() {
                crate::store::$case(&place).await;
            }
        }
    })* } };
}

on_each_store! {
    what_was_committed_is_there_after_opening_again,
    the_same_article_of_two_sources_is_one_story_that_keeps_its_uri,
    those_who_may_see_one_source_see_nothing_of_the_others,
    a_later_version_can_merge_stories_without_a_new_uri,
    a_feed_may_split_stories_by_entry_or_to_the_word,
    an_old_entry_stays_as_long_as_its_story,
    neighbours_are_the_earlier_entries_with_a_common_key,
    what_is_learnt_of_a_source_is_kept_with_its_state,
    a_revision_keeps_id_uri_and_place,
    no_source_takes_over_the_uri_of_another,
    paging_reaches_every_story_once,
    a_lease_keeps_others_away_until_the_visit_is_stored,
    withdrawn_and_expired_entries_go_but_do_not_come_back,
    pictures_are_remembered,
    pictures_are_forgotten_with_the_last_entry_that_names_them,
    a_source_with_a_new_address_starts_anew_and_keeps_its_entries,
    whoever_was_not_told_of_a_version_is_claimed_once,
    a_renewal_is_no_second_subscription_and_all_end,
    a_renewal_while_it_is_told_holds,
    the_last_use_of_a_token_stays,
    stories_come_in_the_order_of_arrival,
    a_change_is_told_once_more_after_all_that_came_in,
    archives_are_remembered,
    what_was_withdrawn_is_known,
    what_was_withdrawn_as_a_whole_does_not_come_back_as_a_copy,
    who_fell_behind_the_log_hears_of_all_sources,
    no_character_and_no_length_loses_an_entry,
    two_machines_never_have_the_same_claims,
    two_machines_that_store_at_once_make_the_same_stories,
}

async fn open(place: &Place) -> Arc<dyn Store> {
    let store = store::open(&place.url).await.unwrap();
    store.sync_sources(&two_sources()).await.unwrap();
    store
}

/// Entries with the same text key are one story; the first leads.
fn judge() -> Judge {
    Judge {
        same: Arc::new(|arrival, kept| Verdict {
            same: arrival.content_hash.chars().next() == kept.content_hash.chars().next(),
            exact: arrival.content_hash == kept.content_hash,
            likeness: 1.0,
            reason: String::new(),
        }),
        lead: Arc::new(|_| 0),
    }
}

/// An arrival whose story is told by the first letter of `text`.
fn arrival(source: &str, native_id: &str, text: &str, minutes: i64) -> Arrival {
    let at = now() + TimeDelta::minutes(minutes);
    let letter = text.bytes().next().unwrap();
    Arrival {
        id: EntryId::derive(&[source, native_id]),
        uri: format!("tag:x.example,2026:{native_id}"),
        facts: Facts {
            source: id(source),
            native_id: native_id.to_owned(),
            id_is_uri: false,
            url: format!("https://{source}.example/{native_id}").parse().ok(),
            canonical_url: None,
            title: text.to_owned(),
            summary: None,
            content: sanitise(&format!("<p>{text}</p>"), None),
            is_full_text: true,
            authors: Vec::new(),
            categories: Vec::new(),
            language: Some("vi".into()),
            published: Some(at),
            updated: None,
            enclosures: Vec::new(),
            rights: None,
            comments: None,
            origin: None,
            item_hash: format!("item {text}"),
        },
        published: at,
        updated: at,
        first_seen: at,
        content_hash: text.to_owned(),
        sketch: Sketch(vec![1, 2, 3]),
        keys: vec![
            Key { kind: KeyKind::Url, hash: u64::from(letter) << 32 | native_id.len() as u64 },
            Key { kind: KeyKind::Text, hash: u64::MAX - u64::from(letter) },
        ],
    }
}

async fn commit(store: &Arc<dyn Store>, source: &str, arrivals: Vec<Arrival>) -> Vec<SourceId> {
    let location = format!("https://{source}.example/");
    let state =
        SourceState { location, next_visit: Some(now() + TimeDelta::hours(1)), items: 7, ..SourceState::default() };
    let record = PollRecord { source: id(source), at: now(), state, seen: Vec::new(), arrivals, pictures: Vec::new() };
    store.commit(record, &judge()).await.unwrap().touched
}

async fn stories(store: &Arc<dyn Store>, names: &[&str], limit: usize) -> Vec<newsriver::model::Story> {
    let sources = names.iter().map(|name| id(name)).collect::<BTreeSet<_>>();
    store.stories(&StoryQuery { sources, before: None, limit, dedupe: Dedupe::Near }).await.unwrap()
}

async fn what_was_committed_is_there_after_opening_again(place: &Place) {
    let store = open(place).await;
    let touched = commit(&store, "a", vec![arrival("a", "1", "alpha", 0), arrival("a", "2", "beta", 1)]).await;
    assert_eq!(touched, [id("a")]);
    drop(store);
    let store = open(place).await;
    let all = stories(&store, &["a"], 10).await;
    let titles: Vec<_> = all.iter().map(|story| story.lead.facts.title.as_str()).collect();
    assert_eq!(titles, ["beta", "alpha"], "newest first");
    assert_eq!(all[0].lead.facts.content.as_str(), "<p>beta</p>");
    assert_eq!(store.state(&id("a")).await.unwrap().items, 7);
    let known = store.known(&id("a"), &[Lookup { native_id: "1".into(), url: None, text: None }]).await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].item_hash, "item alpha");
}

async fn the_same_article_of_two_sources_is_one_story_that_keeps_its_uri(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "same in a", 0)]).await;
    let before = stories(&store, &["a", "b"], 10).await;
    let touched = commit(&store, "b", vec![arrival("b", "9", "same in b", 5)]).await;
    assert_eq!(touched, [id("a"), id("b")], "both sources' feeds change");
    let after = stories(&store, &["a", "b"], 10).await;
    assert_eq!(after.len(), 1);
    assert_eq!((&after[0].uri, after[0].id, after[0].published), (&before[0].uri, before[0].id, before[0].published));
    assert_eq!(after[0].members.len(), 2);
    assert_eq!(stories(&store, &["b"], 10).await.len(), 1, "found by either source");
}

async fn those_who_may_see_one_source_see_nothing_of_the_others(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "same in a", 0)]).await;
    commit(&store, "b", vec![arrival("b", "9", "same in b", 5)]).await;
    let seen = stories(&store, &["b"], 10).await.remove(0);
    assert_eq!((seen.lead.facts.source.as_str(), seen.members.len()), ("b", 1));
    let only_b = BTreeSet::from([id("b")]);
    let of_a = store.story_of(EntryId::derive(&["a", "1"]), Some(&only_b)).await.unwrap().unwrap();
    assert_eq!(of_a.lead.facts.title, "same in b");
    let none = BTreeSet::from([id("none")]);
    assert!(store.story_of(EntryId::derive(&["a", "1"]), Some(&none)).await.unwrap().is_none());
}

async fn a_later_version_can_merge_stories_without_a_new_uri(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0)]).await;
    commit(&store, "b", vec![arrival("b", "1", "beta", 1)]).await;
    let oldest = stories(&store, &["a"], 1).await.remove(0);
    commit(&store, "b", vec![arrival("b", "1", "alpha after all", 2)]).await;
    let all = stories(&store, &["a", "b"], 10).await;
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, &all[0].uri), (oldest.id, &oldest.uri));
    let by_entry = store.story_of(EntryId::derive(&["b", "1"]), None).await.unwrap().unwrap();
    assert_eq!(by_entry.id, oldest.id, "the other entry leads to it");
}

async fn parts(store: &Arc<dyn Store>, names: &[&str], dedupe: Dedupe) -> Vec<(String, String, usize)> {
    let sources = names.iter().map(|name| id(name)).collect::<BTreeSet<_>>();
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        // Two at a time, so that paging is looked at as well.
        let query = StoryQuery { sources: sources.clone(), before, limit: 2, dedupe };
        let page = store.stories(&query).await.unwrap();
        let Some(last) = page.last() else { return all };
        before = Some((last.published, last.id));
        all.extend(page.into_iter().map(|story| (story.lead.facts.title, story.uri, story.members.len())));
    }
}

/// The judge of these tests looks at the first letter, and takes equal texts to be one to the word.
async fn a_feed_may_split_stories_by_entry_or_to_the_word(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0), arrival("a", "2", "beta", 1)]).await;
    commit(&store, "b", vec![arrival("b", "8", "alpha", 5), arrival("b", "9", "alpha retold", 6)]).await;
    let part = |title: &str, number: u8, members| (title.to_owned(), format!("tag:x.example,2026:{number}"), members);
    let both = ["a", "b"];
    assert_eq!(parts(&store, &both, Dedupe::Near).await, [part("beta", 2, 1), part("alpha", 1, 3)]);
    let exact = [part("alpha retold", 9, 1), part("beta", 2, 1), part("alpha", 1, 2)];
    assert_eq!(parts(&store, &both, Dedupe::Exact).await, exact);
    let off = [part("alpha retold", 9, 1), part("alpha", 8, 1), part("beta", 2, 1), part("alpha", 1, 1)];
    assert_eq!(parts(&store, &both, Dedupe::Off).await, off);
    // Who sees b only finds the article there, under the id that it has in all feeds.
    assert_eq!(parts(&store, &["b"], Dedupe::Exact).await, [part("alpha retold", 9, 1), part("alpha", 1, 1)]);
    store.withdraw(EntryId::derive(&["a", "1"]), now()).await.unwrap();
    let left = [part("alpha retold", 9, 1), part("alpha", 1, 1), part("beta", 2, 1)];
    assert_eq!(parts(&store, &both, Dedupe::Exact).await, left);
    // A later version makes two groups one; the older keeps its id.
    commit(&store, "b", vec![arrival("b", "9", "alpha", 9)]).await;
    let (last, first) = (part("alpha", 1, 2), part("beta", 2, 1));
    assert_eq!(parts(&store, &both, Dedupe::Exact).await, [last, first]);
}

async fn an_old_entry_stays_as_long_as_its_story(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0), arrival("a", "2", "beta", 0)]).await;
    let days = |days| now() + TimeDelta::days(days);
    let mut copy = arrival("b", "9", "alpha", 0);
    (copy.published, copy.first_seen) = (days(9), days(9));
    let state = SourceState { location: "https://b.example/".into(), ..SourceState::default() };
    let (at, seen, pictures) = (days(9), Vec::new(), Vec::new());
    let record = PollRecord { source: id("b"), at, state, seen, arrivals: vec![copy], pictures };
    store.commit(record, &judge()).await.unwrap();
    assert_eq!(store.expire(days(5)).await.unwrap(), 1, "beta");
    assert_eq!(stories(&store, &["a", "b"], 9).await[0].uri, "tag:x.example,2026:1");
    assert_eq!(store.expire(days(15)).await.unwrap(), 2);
    assert!(stories(&store, &["a", "b"], 9).await.is_empty());
}

async fn neighbours_are_the_earlier_entries_with_a_common_key(place: &Place) {
    let store = open(place).await;
    let first = ["alpha", "beta", "again"].iter().zip(1..).map(|(text, n)| arrival("a", &n.to_string(), text, n));
    commit(&store, "a", first.collect()).await;
    let all = store.neighbours(0, 9).await.unwrap();
    let titles = |at: usize| all[at].earlier.iter().map(|entry| entry.facts.title.as_str()).collect::<Vec<_>>();
    assert_eq!((all.len(), titles(0), titles(2)), (3, Vec::new(), vec!["alpha"]));
    assert_eq!(store.neighbours(all[1].number, 9).await.unwrap(), all[2..]);
}

async fn what_is_learnt_of_a_source_is_kept_with_its_state(place: &Place) {
    let store = open(place).await;
    let mut state = SourceState { location: "https://a.example/".into(), ..SourceState::default() };
    state.boilerplate.recent.push_back(vec![u64::MAX, 7]);
    state.boilerplate.lines.insert(7);
    let (seen, arrivals, pictures) = (Vec::new(), Vec::new(), Vec::new());
    let record = PollRecord { source: id("a"), at: now(), state: state.clone(), seen, arrivals, pictures };
    store.commit(record, &judge()).await.unwrap();
    assert_eq!(store.state(&id("a")).await.unwrap(), state);
    store.sync_sources(&sources("[sources.a]\nurl = \"https://elsewhere.example/\"\n")).await.unwrap();
    assert_eq!(store.state(&id("a")).await.unwrap(), SourceState::default());
}

/// A store that the first version made is brought up to date with all it holds.
#[tokio::test]
async fn an_old_store_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch(include_str!("../../src/store/migrations/0001_start.sqlite.sql")).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection
        .execute_batch(
            "INSERT INTO source (id, active, location, state, next_visit) VALUES ('a', 1, 'https://a.example/', '{\"items\":7}', 0);
             INSERT INTO story VALUES (x'0123456789abcdef0123456789abcdef', 'urn:x:1', 5, 5, 5, x'0123456789abcdef0123456789abcdef');
             INSERT INTO story_source VALUES ('a', 5, x'0123456789abcdef0123456789abcdef');
             INSERT INTO entry VALUES (1, x'0123456789abcdef0123456789abcdef', 'a', '1', 'urn:x:1', x'0123456789abcdef0123456789abcdef',
                 NULL, 'alpha', 'i', 'alpha', 1, x'010203', '{\"id_is_uri\":false,\"authors\":[],\"categories\":[],\"enclosures\":[]}',
                 '<p>alpha</p>', 5, 5, 5, 5, NULL);",
        )
        .unwrap();
    drop(connection);
    let store = store::open(&format!("sqlite:{}", file.display())).await.unwrap();
    assert_eq!(store.state(&id("a")).await.unwrap().items, 7);
    for dedupe in [Dedupe::Near, Dedupe::Exact, Dedupe::Off] {
        assert_eq!(parts(&store, &["a"], dedupe).await, [("alpha".into(), "urn:x:1".into(), 1)]);
    }
}

async fn a_revision_keeps_id_uri_and_place(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "text", 0)]).await;
    let mut next = arrival("a", "1", "text corrected", 30);
    next.uri = "tag:other.example,2026:new".into();
    commit(&store, "a", vec![next]).await;
    let story = stories(&store, &["a"], 10).await.remove(0);
    assert_eq!(story.lead.facts.title, "text corrected");
    assert_eq!((story.uri.as_str(), story.published), ("tag:x.example,2026:1", now()));
    assert_eq!(story.updated, now() + TimeDelta::minutes(30));
}

async fn no_source_takes_over_the_uri_of_another(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0)]).await;
    commit(&store, "b", vec![arrival("b", "1", "beta", 0)]).await;
    let all = stories(&store, &["a", "b"], 10).await;
    let uris: BTreeSet<_> = all.iter().map(|story| story.uri.clone()).collect();
    assert_eq!(uris.len(), 2, "{uris:?}");
    assert!(uris.contains("tag:x.example,2026:1") && uris.iter().any(|uri| uri.starts_with("urn:uuid:")));
}

async fn paging_reaches_every_story_once(place: &Place) {
    let store = open(place).await;
    let letters: Vec<String> = ('a'..='z').chain('A'..='Z').map(|c| format!("{c} story")).collect();
    let arrivals =
        letters.iter().enumerate().map(|(n, text)| arrival("a", &format!("n{n}"), text, (n / 4) as i64)).collect();
    commit(&store, "a", arrivals).await;
    let (mut seen, mut before) = (BTreeSet::new(), None);
    loop {
        let query = StoryQuery { sources: [id("a")].into(), before, limit: 5, dedupe: Dedupe::Near };
        let page = store.stories(&query).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.published, last.id));
        for story in page {
            assert!(seen.insert(story.id), "twice");
        }
    }
    assert_eq!(seen.len(), 52);
}

async fn a_lease_keeps_others_away_until_the_visit_is_stored(place: &Place) {
    let (store, other) = (open(place).await, open(place).await);
    let lease = Duration::from_secs(60);
    assert_eq!(store.claim_due(now(), lease, 1).await.unwrap(), [id("a")]);
    assert_eq!(other.claim_due(now(), lease, 9).await.unwrap(), [id("b")]);
    assert!(!other.claim(&id("a"), now(), lease).await.unwrap());
    // Only the claim that is meant is given back.
    store.release(&id("a"), now() - TimeDelta::seconds(1), lease).await.unwrap();
    assert!(!other.claim(&id("a"), now(), lease).await.unwrap());
    store.release(&id("a"), now(), lease).await.unwrap();
    assert!(other.claim(&id("a"), now(), lease).await.unwrap());
    commit(&store, "a", Vec::new()).await;
    assert!(other.claim_due(now(), lease, 9).await.unwrap().is_empty(), "not due for an hour");
    // Who still visits says so; a lease that ended is not begun anew.
    let later = now() + TimeDelta::seconds(59);
    other.renew(&id("a"), later, lease).await.unwrap();
    other.renew(&id("b"), later, lease).await.unwrap();
    let then = now() + TimeDelta::seconds(61);
    assert!(!store.claim(&id("b"), then, lease).await.unwrap());
    assert_eq!(store.next_due().await.unwrap(), Some(later + lease));
    other.renew(&id("b"), now() + TimeDelta::hours(3), lease).await.unwrap();
    assert_eq!(
        other.claim_due(now() + TimeDelta::hours(2), lease, 9).await.unwrap().len(),
        2,
        "a lease ends by itself"
    );
}

async fn withdrawn_and_expired_entries_go_but_do_not_come_back(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0), arrival("a", "2", "beta", 1)]).await;
    let cursor = store.changes_after(0).await.unwrap().1;
    let first = EntryId::derive(&["a", "1"]);
    assert!(store.withdraw(first, now()).await.unwrap());
    assert!(!store.withdraw(EntryId::derive(&["none"]), now()).await.unwrap());
    assert_eq!(store.changes_after(cursor).await.unwrap().0, [id("a")].into(), "feeds are told");
    assert_eq!(stories(&store, &["a"], 10).await.len(), 1);
    commit(&store, "a", vec![arrival("a", "1", "alpha again", 9)]).await;
    assert_eq!(stories(&store, &["a"], 10).await.len(), 1, "a withdrawn entry does not come back");
    assert_eq!(store.expire(now() + TimeDelta::days(400)).await.unwrap(), 2);
    assert!(stories(&store, &["a"], 10).await.is_empty());
}

async fn pictures_are_remembered(place: &Place) {
    let store = open(place).await;
    let url: url::Url = "https://a.example/p.png".parse().unwrap();
    let facts = PictureFacts {
        look: Look::Picture { mime_type: "image/png".into(), length: Some(9), width: 3, height: 4 },
        due: Some(now() + TimeDelta::hours(1)),
        mirroring: Mirroring::Kept(Mirrored {
            name: MediaName::of(b"webp", PictureType::Webp),
            length: 4,
            jpeg: Some((MediaName::of(b"jpeg", PictureType::Jpeg), 4)),
            unturnable: false,
        }),
        ..PictureFacts::waiting("https://a.example/1".parse().ok(), now())
    };
    let state = SourceState { location: "https://a.example/".into(), ..SourceState::default() };
    let record = PollRecord {
        source: id("a"),
        at: now(),
        state,
        seen: Vec::new(),
        arrivals: Vec::new(),
        pictures: vec![(url.clone(), facts.clone())],
    };
    store.commit(record, &judge()).await.unwrap();
    assert_eq!(store.pictures(std::slice::from_ref(&url)).await.unwrap().remove(&url), Some(facts.clone()));
    let a = id("a");
    let due = |hours| store.pictures_due(&a, now() + TimeDelta::hours(hours), 9);
    assert!(due(0).await.unwrap().is_empty());
    assert_eq!(due(1).await.unwrap(), [(url.clone(), facts.clone())]);
    for (bytes, kind) in [(b"webp", PictureType::Webp), (b"jpeg", PictureType::Jpeg)] {
        let origin = store.media_origin(MediaName::of(bytes, kind)).await.unwrap().unwrap();
        assert_eq!((Some(origin.url), origin.page), (Some(url.clone()), facts.page.clone()));
    }
    assert_eq!(store.media_origin(MediaName::of(b"webp", PictureType::Jpeg)).await.unwrap(), None);
    // Only what a reader sees touches the source.
    let (_, cursor) = store.changes_after(0).await.unwrap();
    let later = PictureFacts { learnt: now() + TimeDelta::hours(2), due: None, ..facts.clone() };
    store.put_picture(&url, &later).await.unwrap();
    assert!(store.changes_after(cursor).await.unwrap().0.is_empty());
    assert!(due(9).await.unwrap().is_empty());
    let gone = PictureFacts { look: Look::Unusable { why: "gone".into() }, ..facts };
    store.put_picture(&url, &gone).await.unwrap();
    assert_eq!(store.changes_after(cursor).await.unwrap().0, [id("a")].into());
}

async fn pictures_are_forgotten_with_the_last_entry_that_names_them(place: &Place) {
    let store = open(place).await;
    let picture = |name: &str| format!("https://a.example/{name}.png").parse::<url::Url>().unwrap();
    let naming = |native_id: &str, text: &str, minutes: i64, names: &[&str]| {
        let mut one = arrival("a", native_id, text, minutes);
        let images: String = names.iter().map(|name| format!("<img src=\"{}\">", picture(name))).collect();
        one.facts.content = sanitise(&format!("<p>{text}</p>{images}"), None);
        one
    };
    let facts = |name: &str| PictureFacts {
        mirroring: Mirroring::Kept(Mirrored {
            name: MediaName::of(name.as_bytes(), PictureType::Png),
            length: 4,
            jpeg: None,
            unturnable: false,
        }),
        ..PictureFacts::waiting(None, now())
    };
    let names = ["own", "shared", "new"];
    let record = |arrivals: Vec<Arrival>, at| PollRecord {
        source: id("a"),
        at,
        state: SourceState { location: "https://a.example/".into(), ..SourceState::default() },
        seen: Vec::new(),
        arrivals,
        pictures: names.iter().map(|name| (picture(name), facts(name))).collect(),
    };
    let old = vec![naming("1", "alpha", 0, &["own", "shared", "new"])];
    store.commit(record(old, now()), &judge()).await.unwrap();
    let days = |days| now() + TimeDelta::days(days);
    let new = vec![naming("2", "beta", 9 * 24 * 60, &["shared"])];
    store.commit(record(new, days(9)), &judge()).await.unwrap();
    let known = || async {
        let urls: Vec<_> = names.iter().map(|name| picture(name)).collect();
        let found = store.pictures(&urls).await.unwrap();
        names.into_iter().filter(|name| found.contains_key(&picture(name))).collect::<Vec<_>>()
    };
    assert_eq!(known().await, names);
    assert_eq!(store.expire(days(5)).await.unwrap(), 1);
    assert_eq!(known().await, ["shared"]);
    let origin = |name: &str| MediaName::of(name.as_bytes(), PictureType::Png);
    assert!(store.media_origin(origin("own")).await.unwrap().is_none());
    assert!(store.media_origin(origin("shared")).await.unwrap().is_some());
    assert_eq!(store.expire(days(20)).await.unwrap(), 1);
    assert!(known().await.is_empty());
}

async fn a_source_with_a_new_address_starts_anew_and_keeps_its_entries(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0)]).await;
    store.sync_sources(&sources("[sources.a]\nurl = \"https://elsewhere.example/\"\n")).await.unwrap();
    assert_eq!(store.state(&id("a")).await.unwrap(), SourceState::default());
    assert_eq!(stories(&store, &["a"], 10).await.len(), 1);
    assert_eq!(store.health().await.unwrap().len(), 1, "the other source is no longer shown");
}

#[tokio::test]
async fn files_that_are_no_store_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text.db");
    std::fs::write(&file, "this is not a database, but long enough to be looked at as one, surely so ".repeat(20))
        .unwrap();
    let error = store::open(&format!("sqlite:{}", file.display())).await.unwrap_err();
    assert!(error.to_string().contains("is not a newsriver store"), "{error}");
    assert!(matches!(store::open("mysql:x").await, Err(StoreError::UnknownKind)));
    let newer = folder.path().join("newer.db");
    drop(store::open(&format!("sqlite:{}", newer.display())).await.unwrap());
    let connection = rusqlite::Connection::open(&newer).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(
        store::open(&format!("sqlite:{}", newer.display())).await,
        Err(StoreError::Newer { have: 99, .. })
    ));
}

fn subscription(topic: &str, callback: &str) -> Subscription {
    Subscription {
        topic: topic.to_owned(),
        callback: callback.to_owned(),
        form: Form::Content,
        secret: Some(Secret::new("s".to_owned())),
        token: None,
        expires: Some(now() + TimeDelta::hours(1)),
    }
}

async fn whoever_was_not_told_of_a_version_is_claimed_once(place: &Place) {
    let store = open(place).await;
    let lease = Duration::from_secs(60);
    for callback in ["https://a.example/1", "https://a.example/2", "https://b.example/"] {
        store.subscribe(&subscription("/t", callback), "v1").await.unwrap();
    }
    assert!(store.claim_tellings("/t", "v1", now(), lease, 10).await.unwrap().is_empty());
    let first = store.claim_tellings("/t", "v2", now(), lease, 2).await.unwrap();
    let rest = store.claim_tellings("/t", "v2", now(), lease, 10).await.unwrap();
    assert_eq!((first.len(), rest.len()), (2, 1));
    assert!(store.claim_tellings("/t", "v2", now(), lease, 10).await.unwrap().is_empty());
    // The right to tell ends, so that nobody's death keeps a subscriber waiting.
    let later = now() + TimeDelta::seconds(61);
    assert_eq!(store.claim_tellings("/t", "v2", later, lease, 10).await.unwrap().len(), 3);

    let [told, failed, ended] = <[Telling; 3]>::try_from([first, rest].concat()).unwrap();
    let until = later + TimeDelta::minutes(5);
    let settle = |telling: Telling, upshot| Settlement { subscription: telling.subscription, upshot };
    let settled = [
        settle(told, Upshot::Told("v2".into())),
        settle(failed.clone(), Upshot::Failed(until)),
        settle(ended, Upshot::Ended),
    ];
    store.settle(&settled).await.unwrap();
    let behind: Vec<_> = store.behind(later).await.unwrap().into_iter().map(|one| (one.told, one.due)).collect();
    assert!(behind.contains(&("v1".to_owned(), until)) && behind.len() == 2, "{behind:?}");
    let again = store.claim_tellings("/t", "v2", until, lease, 10).await.unwrap();
    assert_eq!(again, [Telling { attempts: 1, ..failed }]);
}

async fn a_renewal_is_no_second_subscription_and_all_end(place: &Place) {
    let store = open(place).await;
    let wanted = subscription("/t", "https://a.example/");
    store.subscribe(&wanted, "v1").await.unwrap();
    let renewed = Subscription { expires: Some(now() + TimeDelta::hours(2)), secret: None, ..wanted };
    store.subscribe(&renewed, "v2").await.unwrap();
    let crowd = store.crowd("/t", "https://a.example/", now()).await.unwrap();
    assert_eq!(crowd, Crowd { topic: 1, host: 1, all: 1, known: true });
    assert!(!store.crowd("/t", "https://b.example/", now()).await.unwrap().known);
    // What it was told stays: nothing that was due is forgotten.
    let claimed = store.claim_tellings("/t", "v2", now(), Duration::from_secs(60), 10).await.unwrap();
    assert_eq!(claimed[0].subscription, renewed);

    store.sync_hubs(&[("/t".into(), "https://hub.example/".into())]).await.unwrap();
    assert_eq!(store.expire_subscriptions(now() + TimeDelta::hours(3)).await.unwrap(), 1);
    assert_eq!(store.behind(now()).await.unwrap().len(), 1, "outside hubs stay while they are configured");
    store.sync_hubs(&[]).await.unwrap();
    assert!(store.behind(now()).await.unwrap().is_empty());
    store.subscribe(&renewed, "v1").await.unwrap();
    assert!(store.unsubscribe("/t", "https://a.example/").await.unwrap());
    assert!(!store.unsubscribe("/t", "https://a.example/").await.unwrap());
}

async fn a_renewal_while_it_is_told_holds(place: &Place) {
    let store = open(place).await;
    let lease = Duration::from_secs(60);
    let wanted = subscription("/t", "https://a.example/");
    let renewed = Subscription { expires: Some(now() + TimeDelta::hours(2)), ..wanted.clone() };
    store.subscribe(&wanted, "v1").await.unwrap();
    let telling = store.claim_tellings("/t", "v2", now(), lease, 10).await.unwrap().remove(0);
    // It is not told twice.
    store.subscribe(&renewed, "v2").await.unwrap();
    assert!(store.claim_tellings("/t", "v2", now(), lease, 10).await.unwrap().is_empty());
    // What ended is the subscription that was told, not the one that replaced it.
    let settle = |subscription, upshot| [Settlement { subscription, upshot }];
    store.settle(&settle(telling.subscription, Upshot::Ended)).await.unwrap();
    assert!(store.crowd("/t", "https://a.example/", now()).await.unwrap().known);
    // Whoever failed and comes back is told at once.
    store.settle(&settle(renewed.clone(), Upshot::Failed(now() + TimeDelta::hours(1)))).await.unwrap();
    store.subscribe(&renewed, "v2").await.unwrap();
    assert_eq!(store.claim_tellings("/t", "v2", now(), lease, 10).await.unwrap().len(), 1);
    store.settle(&settle(renewed, Upshot::Ended)).await.unwrap();
    assert!(!store.crowd("/t", "https://a.example/", now()).await.unwrap().known);
}

async fn the_last_use_of_a_token_stays(place: &Place) {
    let store = open(place).await;
    assert!(store.token_uses().await.unwrap().is_empty());
    let (sooner, later) = (now(), now() + TimeDelta::minutes(1));
    let uses = |one, two| BTreeMap::from([("one".to_owned(), one), ("two".to_owned(), two)]);
    store.note_token_uses(&uses(sooner, later)).await.unwrap();
    store.note_token_uses(&uses(later, sooner)).await.unwrap();
    assert_eq!(store.token_uses().await.unwrap(), uses(later, later));
}

async fn stories_come_in_the_order_of_arrival(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 9), arrival("a", "2", "beta", 1)]).await;
    commit(&store, "b", vec![arrival("b", "3", "gamma", 5), arrival("b", "4", "a copy of alpha", 0)]).await;
    let arrivals = async |names: &[&str], span: Span, limit: usize| {
        let sources = names.iter().map(|name| id(name)).collect();
        let arrived = store
            .arrivals(&ArrivalQuery { sources, span, limit, dedupe: Dedupe::Near, with_changes: false })
            .await
            .unwrap();
        arrived.into_iter().map(|arrived| (arrived.number, arrived.story.lead.facts.title)).collect::<Vec<_>>()
    };
    let all = Span::before(i64::MAX);
    let told = arrivals(&["a", "b"], all, 10).await;
    let titles: Vec<_> = told.iter().map(|(_, title)| title.as_str()).collect();
    assert_eq!(titles, ["alpha", "beta", "gamma"], "a copy is no arrival");
    let newest = arrivals(&["a", "b"], Span { newest_first: true, ..all }, 2).await;
    assert_eq!(newest, [told[2].clone(), told[1].clone()]);
    assert_eq!(arrivals(&["a", "b"], Span { after: told[0].0, ..all }, 1).await, [told[1].clone()]);
    let of_b: Vec<_> = arrivals(&["b"], all, 10).await.into_iter().map(|(_, title)| title).collect();
    assert_eq!(of_b, ["gamma", "a copy of alpha"], "for those who have b only it came in");
    // What is withdrawn leaves its number empty; the limit counts what is there.
    store.withdraw(EntryId::derive(&["a", "2"]), now()).await.unwrap();
    assert_eq!(arrivals(&["a", "b"], all, 2).await, [told[0].clone(), told[2].clone()]);
}

async fn a_change_is_told_once_more_after_all_that_came_in(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "alpha", 0), arrival("a", "2", "beta", 1)]).await;
    let numbers = async |after: i64| {
        let span = Span { after, ..Span::before(i64::MAX) };
        let query =
            ArrivalQuery { sources: [id("a")].into(), span, limit: 10, dedupe: Dedupe::Near, with_changes: true };
        let told = store.arrival_numbers(&query).await.unwrap();
        let mut told: Vec<_> = told.into_iter().map(|one| (one.number, one.is_change)).collect();
        told.sort_unstable();
        told
    };
    assert_eq!(numbers(0).await, [(1, false), (2, false)]);
    assert_eq!(store.last_arrival().await.unwrap(), 2);
    let same = arrival("a", "1", "alpha", 0);
    let changed = Arrival { content_hash: "alpha, corrected".into(), ..same.clone() };
    commit(&store, "a", vec![same]).await;
    assert_eq!(numbers(2).await, [], "nothing a reader would see");
    commit(&store, "a", vec![changed]).await;
    assert_eq!(numbers(0).await, [(1, false), (2, false), (3, true)]);
    commit(&store, "a", vec![arrival("a", "3", "gamma", 2)]).await;
    assert_eq!(numbers(2).await, [(3, false), (3, true)], "one number, two stories");
}

async fn archives_are_remembered(place: &Place) {
    use newsriver::model::Archive;
    let store = open(place).await;
    let archive = |number: i64| Archive { number, after: number * 10, last: number * 10 + 10 };
    assert_eq!(store.archive("feeds/all", None).await.unwrap(), None);
    store.add_archives("feeds/all", &[archive(1), archive(2)]).await.unwrap();
    // Another process had the same idea.
    store.add_archives("feeds/all", &[Archive { last: 99, ..archive(2) }, archive(3)]).await.unwrap();
    assert_eq!(store.archive("feeds/all", None).await.unwrap(), Some(archive(3)));
    assert_eq!(store.archive("feeds/all", Some(2)).await.unwrap(), Some(archive(2)));
    assert_eq!(store.archive("feeds/other", Some(2)).await.unwrap(), None);
}

async fn what_was_withdrawn_is_known(place: &Place) {
    let store = open(place).await;
    commit(&store, "a", vec![arrival("a", "1", "same in a", 0), arrival("a", "2", "beta", 0)]).await;
    commit(&store, "b", vec![arrival("b", "1", "same in b", 0)]).await;
    let sources: BTreeSet<_> = [id("a"), id("b")].into();
    let gone = async || {
        let gone = store.withdrawn(&sources, now() - TimeDelta::days(1), 10).await.unwrap();
        gone.into_iter().map(|(story, at)| (story.uri, story.lead.facts.title, at)).collect::<Vec<_>>()
    };
    store.withdraw(EntryId::derive(&["a", "1"]), now()).await.unwrap();
    assert_eq!(gone().await, [], "b still has it");
    store.withdraw(EntryId::derive(&["a", "2"]), now()).await.unwrap();
    assert_eq!(gone().await, [("tag:x.example,2026:2".to_owned(), "beta".to_owned(), now())]);
    assert!(store.withdrawn(&[id("b")].into(), now() - TimeDelta::days(1), 10).await.unwrap().is_empty());
}

async fn what_was_withdrawn_as_a_whole_does_not_come_back_as_a_copy(place: &Place) {
    let store = open(place).await;
    let both = ["a", "b"];
    commit(&store, "a", vec![arrival("a", "1", "same in a", 0), arrival("a", "2", "beta", 0)]).await;
    commit(&store, "b", vec![arrival("b", "1", "same in b", 0)]).await;
    let first = EntryId::derive(&["a", "1"]);
    // Its source takes its copy back: the other one stays.
    assert!(store.withdraw(first, now()).await.unwrap());
    assert_eq!(stories(&store, &both, 10).await.len(), 2);
    assert_eq!(store.withdraw_story(first, now()).await.unwrap(), [first, EntryId::derive(&["b", "1"])]);
    assert_eq!(store.withdraw_story(EntryId::derive(&["none"]), now()).await.unwrap(), []);
    let cursor = store.changes_after(0).await.unwrap().1;
    let copy = arrival("b", "9", "same once more", 5);
    for _ in 0..2 {
        commit(&store, "b", vec![copy.clone()]).await;
        let left = stories(&store, &both, 10).await;
        assert_eq!(left.iter().map(|story| story.lead.facts.title.as_str()).collect::<Vec<_>>(), ["beta"]);
    }
    assert!(parts(&store, &both, Dedupe::Off).await.iter().all(|(title, ..)| title == "beta"));
    assert!(store.changes_after(cursor).await.unwrap().0.is_empty(), "no feed changes");
    // What readers have is not taken from them by a version that is the same as both.
    commit(&store, "b", vec![arrival("b", "8", "beta in b", 6)]).await;
    assert_eq!(stories(&store, &both, 10).await[0].members.len(), 2);
    // What its source alone took back is shown again where another one has it.
    store.withdraw(EntryId::derive(&["a", "2"]), now()).await.unwrap();
    store.withdraw(EntryId::derive(&["b", "8"]), now()).await.unwrap();
    assert!(stories(&store, &both, 10).await.is_empty());
    commit(&store, "b", vec![arrival("b", "7", "beta elsewhere", 7)]).await;
    assert_eq!(stories(&store, &both, 10).await.len(), 1);
    // A hidden story and a withdrawn one that become one are withdrawn.
    store.withdraw(EntryId::derive(&["b", "7"]), now()).await.unwrap();
    commit(&store, "a", vec![arrival("a", "2", "same after all", 9)]).await;
    commit(&store, "b", vec![arrival("b", "6", "same and again", 9)]).await;
    assert!(stories(&store, &both, 10).await.is_empty());
}

/// The log of changes has an end, and a machine may have been away for long.
async fn who_fell_behind_the_log_hears_of_all_sources(place: &Place) {
    let store = open(place).await;
    let one = |number: i64| vec![arrival("a", &number.to_string(), &format!("alpha {number}"), number)];
    commit(&store, "a", one(1)).await;
    let (_, cursor) = store.changes_after(0).await.unwrap();
    for number in 2..5 {
        commit(&store, "a", one(number)).await;
    }
    assert_eq!(store.changes_after(cursor).await.unwrap().0, [id("a")].into());
    let forget = format!("DELETE FROM change_log WHERE cursor <= {}", cursor + 1);
    match place.url.strip_prefix("sqlite:") {
        Some(file) => drop(rusqlite::Connection::open(file).unwrap().execute(&forget, []).unwrap()),
        None => drop(super::database::ask(&place.url, &forget).unwrap()),
    }
    let (touched, next) = store.changes_after(cursor).await.unwrap();
    assert_eq!(touched, [id("a"), id("b")].into());
    assert!(store.changes_after(next).await.unwrap().0.is_empty());
}

/// What sources give is not in their hands only: NUL, and addresses longer than an index takes.
async fn no_character_and_no_length_loses_an_entry(place: &Place) {
    let store = open(place).await;
    let long: String = (0..40_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(n) / 7 % 26) as u8)).collect();
    let mut odd = arrival("a", "odd\0id", "odd \0 and \u{FFFE}", 0);
    odd.facts.summary = Some("s\0\u{FFFE}0".into());
    odd.facts.native_id = format!("{long}\0");
    odd.uri = format!("tag:x.example,2026:{long}");
    odd.facts.url = format!("https://a.example/{long}").parse().ok();
    odd.content_hash = "odd \0".into();
    let twin = Arrival { uri: odd.uri.clone(), ..arrival("b", "other", "quite another", 1) };
    let picture: url::Url = format!("https://a.example/{long}.png").parse().unwrap();
    let facts = PictureFacts::waiting(None, now());
    let record = |source: &str, arrivals, pictures| PollRecord {
        source: id(source),
        at: now(),
        state: SourceState {
            location: format!("https://{source}.example/"),
            title: Some("N\0L".into()),
            ..SourceState::default()
        },
        seen: Vec::new(),
        arrivals,
        pictures,
    };
    for _ in 0..2 {
        store.commit(record("a", vec![odd.clone()], vec![(picture.clone(), facts.clone())]), &judge()).await.unwrap();
    }
    store.commit(record("b", vec![twin], Vec::new()), &judge()).await.unwrap();
    let kept = store.entry(odd.id).await.unwrap().unwrap();
    assert_eq!((kept.facts, kept.uri, kept.content_hash), (odd.facts.clone(), odd.uri.clone(), odd.content_hash));
    assert_eq!(store.state(&id("a")).await.unwrap().title.as_deref(), Some("N\0L"));
    let lookup = Lookup { native_id: odd.facts.native_id.clone(), url: None, text: None };
    assert_eq!(store.known(&id("a"), &[lookup]).await.unwrap().len(), 1);
    assert_eq!(store.pictures(std::slice::from_ref(&picture)).await.unwrap().remove(&picture), Some(facts));
    let all = stories(&store, &["a", "b"], 10).await;
    let uris: BTreeSet<_> = all.iter().map(|story| story.uri.clone()).collect();
    assert_eq!((all.len(), uris.len()), (2, 2), "a long uri is one entry's as a short one is");
}

/// Several processes on one store take what is due at the same moment.
async fn two_machines_never_have_the_same_claims(place: &Place) {
    let many: String = (0..60).map(|n| format!("[sources.s{n}]\nurl = \"https://{n}.example/\"\n")).collect();
    let machines = [open(place).await, open(place).await, open(place).await];
    machines[0].sync_sources(&sources(&many)).await.unwrap();
    for n in 0..60 {
        machines[0].subscribe(&subscription("/t", &format!("https://{n}.example/")), "v1").await.unwrap();
    }
    let lease = Duration::from_secs(60);
    let mut tasks = tokio::task::JoinSet::new();
    for machine in &machines {
        for _ in 0..4 {
            let machine = Arc::clone(machine);
            tasks.spawn(async move {
                let due = machine.claim_due(now(), lease, 7).await.unwrap();
                let told = machine.claim_tellings("/t", "v2", now(), lease, 7).await.unwrap();
                (due, told.into_iter().map(|one| one.subscription.callback).collect::<Vec<_>>())
            });
        }
    }
    let (mut due, mut told) = (Vec::new(), Vec::new());
    while let Some(taken) = tasks.join_next().await {
        let (one, other) = taken.unwrap();
        due.extend(one);
        told.extend(other);
    }
    let (all_due, all_told) = (due.len(), told.len());
    assert_eq!(due.into_iter().collect::<BTreeSet<_>>().len(), all_due, "a source was claimed twice");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>().len(), all_told, "a subscriber was claimed twice");
    // Who was skipped since another was at it is taken at the next look, and nobody twice.
    loop {
        let rest = machines[1].claim_due(now(), lease, 7).await.unwrap();
        if rest.is_empty() {
            break;
        }
    }
    assert!(machines[2].claim_due(now(), lease, 100).await.unwrap().is_empty());
    let later = now() + TimeDelta::seconds(61);
    assert_eq!(machines[2].claim_due(later, lease, 100).await.unwrap().len(), 60, "a dead machine's claims come free");
}

/// Each of four processes stores its own source's copies of the same articles, all at the same time.
async fn two_machines_that_store_at_once_make_the_same_stories(place: &Place) {
    let letters: Vec<String> = ('a'..='t').map(String::from).collect();
    let names = ["a", "b", "c", "d"];
    let all: String =
        names.iter().map(|name| format!("[sources.{name}]\nurl = \"https://{name}.example/\"\n")).collect();
    let mut tasks = tokio::task::JoinSet::new();
    let first = open(place).await;
    first.sync_sources(&sources(&all)).await.unwrap();
    for name in names {
        let (store, letters) = (store::open(&place.url).await.unwrap(), letters.clone());
        tasks.spawn(async move {
            for (n, letter) in letters.iter().enumerate() {
                let copy = arrival(name, &format!("{name}{n}"), &format!("{letter} in {name}"), n as i64);
                commit(&store, name, vec![copy]).await;
            }
        });
    }
    let mut cursor = 0;
    let mut told = BTreeSet::new();
    while !tasks.is_empty() {
        // Whoever reads the log while others write misses nothing.
        let (touched, next) = first.changes_after(cursor).await.unwrap();
        assert!(touched.is_empty() || next > cursor);
        told.extend(touched);
        cursor = next;
        while let Some(done) = tasks.try_join_next() {
            done.unwrap();
        }
        tokio::task::yield_now().await;
    }
    told.extend(first.changes_after(cursor).await.unwrap().0);
    assert_eq!(told.len(), names.len());
    let stories = stories(&first, &names, 100).await;
    assert_eq!(stories.len(), letters.len());
    assert!(stories.iter().all(|story| story.members.len() == names.len()), "a story was founded twice");
}

/// Both start from their own files and must come to the same tables.
#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let Some(server) = Server::shared() else { return };
    let (place, database) = (Place::sqlite(), server.database());
    drop((store::open(&place.url).await.unwrap(), store::open(&database).await.unwrap()));
    let file = rusqlite::Connection::open(place.url.trim_start_matches("sqlite:")).unwrap();
    let mut columns = file
        .prepare("SELECT m.name || '.' || c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'")
        .unwrap();
    let columns = columns.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    let of_file: BTreeSet<_> = columns.filter(|name| !name.starts_with("sqlite_")).collect();
    let of_database: BTreeSet<_> = super::database::ask(
        &database,
        "SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> 'newsriver_schema'",
    )
    .unwrap()
    .into_iter()
    .collect();
    assert_eq!(of_file, of_database);
    let (have, newest) = (
        super::database::ask(&database, "SELECT max(version) FROM newsriver_schema").unwrap(),
        file.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap(),
    );
    assert_eq!(have, [newest.to_string()], "a migration of one database lacks its like for the other");
}

#[tokio::test]
async fn databases_that_cannot_be_used_are_refused_in_words() {
    let Some(server) = Server::shared() else { return };
    let url = server.database();
    let said = async |url: &str| {
        let problem = store::open(url).await.unwrap_err();
        let words = format!("{problem}: {problem:?}");
        assert!(!words.contains(super::database::PASSWORD) && !words.contains("wrong-password"), "{words}");
        problem.to_string()
    };
    let words = said(&url.replace(super::database::PASSWORD, "wrong-password")).await;
    assert!(words.contains("refuses the user or the password") && words.contains("at 127.0.0.1:"), "{words}");
    let words = said(&url.replace(&format!(":{}", super::database::PASSWORD), "")).await;
    assert!(words.contains("asks for a password"), "{words}");
    let words = said(&server.url("nowhere")).await;
    assert!(words.contains("nowhere at 127.0.0.1") && words.contains("createdb"), "{words}");
    let words = said("postgres://ada:wrong-password@127.0.0.1:1/news").await;
    assert!(words.contains("news at 127.0.0.1:1") && words.contains("cannot be reached"), "{words}");
    let words = said(&format!("{url}?sslmode=require")).await;
    assert!(words.contains("TLS"), "{words}");
    let ask = super::database::ask;
    ask(&server.url("postgres"), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0").unwrap();
    let words = said(&server.url("latin")).await;
    assert!(words.contains("LATIN1") && words.contains("--encoding=UTF8"), "{words}");
    ask(&url, "CREATE TABLE entry (x int)").unwrap();
    let words = said(&url).await;
    assert!(words.contains("tables of another program"), "{words}");
    let newer = server.database();
    ask(&newer, "CREATE TABLE newsriver_schema (version BIGINT); INSERT INTO newsriver_schema VALUES (99)").unwrap();
    assert!(matches!(store::open(&newer).await, Err(StoreError::Newer { have: 99, .. })));
}

/// Machines that start at the same moment on an empty database.
#[tokio::test]
async fn machines_that_start_at_once_do_not_collide() {
    let Some(server) = Server::shared() else { return };
    let url = server.database();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let url = url.clone();
        tasks.spawn(async move {
            let store = store::open(&url).await.unwrap();
            store.sync_sources(&two_sources()).await.unwrap();
            store.void_dead_leases().await.unwrap();
            store
        });
    }
    let machines = tasks.join_all().await;
    assert_eq!(machines[5].states().await.unwrap().len(), 2);
}

/// A service voids what the dead have left, and leaves alone what the living hold.
#[tokio::test]
async fn the_leases_of_the_living_stay() {
    let Some(server) = Server::shared() else { return };
    let url = server.database();
    let first = store::open(&url).await.unwrap();
    first.sync_sources(&two_sources()).await.unwrap();
    first.void_dead_leases().await.unwrap();
    let lease = Duration::from_secs(600);
    assert_eq!(first.claim_due(now(), lease, 1).await.unwrap(), [id("a")]);
    let second = store::open(&url).await.unwrap();
    second.void_dead_leases().await.unwrap();
    assert!(!second.claim(&id("a"), now(), lease).await.unwrap(), "the first lives");
    drop((first, second));
    let third = store::open(&url).await.unwrap();
    // The server notices the end of a connection in its own time.
    for _ in 0..500 {
        third.void_dead_leases().await.unwrap();
        if third.claim(&id("a"), now(), lease).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the leases of the dead stay");
}

#[tokio::test]
async fn tls_is_spoken_as_the_address_asks() {
    let Some(server) = Server::start() else { return };
    let plain = server.database().replace("127.0.0.1", "localhost");
    let database = plain.rsplit('/').next().unwrap().to_owned();
    let certificate = server.speak_tls();
    let roots = format!("sslrootcert={}", certificate.display());
    // How many of the store's connections are encrypted, and how many there are.
    let count = format!(
        "SELECT count(*) FILTER (WHERE ssl) || ' of ' || count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = '{database}'"
    );
    for (options, expected) in [
        ("", "1 of 1"),
        ("?sslmode=prefer", "1 of 1"),
        ("?sslmode=require", "1 of 1"),
        (&format!("?sslmode=verify-full&{roots}"), "1 of 1"),
        (&format!("?sslmode=require&{roots}"), "1 of 1"),
        ("?sslmode=disable", "0 of 1"),
    ] {
        let store = store::open(&format!("{plain}{options}")).await.unwrap();
        let asked = super::database::ask(&server.url("postgres"), &count).unwrap();
        assert_eq!(asked, [expected], "{options}");
        drop(store);
        while super::database::ask(&server.url("postgres"), &count).unwrap() != ["0 of 0"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let by_number = plain.replace("localhost", "127.0.0.1");
    for url in [format!("{plain}?sslmode=verify-full"), format!("{by_number}?sslmode=verify-full&{roots}")] {
        let problem = store::open(&url).await.unwrap_err();
        let cause = std::error::Error::source(&problem).and_then(std::error::Error::source).unwrap().to_string();
        assert!(problem.to_string().contains("over TLS") && cause.contains("certificate"), "{problem}: {cause}");
    }
}
