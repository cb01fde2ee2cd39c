//! Thousands of random histories of articles that are printed by several papers, edited, moved, rewritten and
//! merged: whatever happens, what readers know keeps its id and its place, and nothing comes back as new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use newsriver::address;
use newsriver::dedup::{self, Rules};
use newsriver::html::sanitise;
use newsriver::model::{Dedupe, EntryId, Facts, PollRecord, SourceId, SourceState, Story};
use newsriver::store::{self, Store, StoryQuery};
use url::Url;

use super::noon;
use crate::database::Server;

const SOURCES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];
/// Articles of one run, and how often something may happen to each.
const ARTICLES: usize = 60;
const ROUNDS: usize = 10;

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }
}

/// A word that no other article has, in letters alone.
fn word(article: usize, number: usize) -> String {
    let mut rest = Dice((article * 1009 + number) as u64).roll(26_usize.pow(6));
    let mut text = String::new();
    for _ in 0..6 {
        text.push(char::from(b'a' + u8::try_from(rest % 26).unwrap()));
        rest /= 26;
    }
    text
}

fn words(article: usize, from: usize, count: usize) -> String {
    (from..from + count).map(|number| word(article, number)).collect::<Vec<_>>().join(" ")
}

/// An article as one paper has it now.
#[derive(Debug, Clone)]
struct Print {
    source: &'static str,
    id: String,
    path: String,
    title: String,
    paragraphs: Vec<String>,
    published: DateTime<Utc>,
}

impl Print {
    fn new(article: usize, source: &'static str, dice: &mut Dice) -> Self {
        let name = format!("{article}-{}", dice.roll(1000));
        let mut paragraphs: Vec<String> = (0..4).map(|part| words(article, part * 40, 40)).collect();
        let mut title = words(article, 900, 7);
        match dice.roll(5) {
            0 => paragraphs.truncate(2),
            1 => title = words(article, 950 + 10 * dice.roll(4), 6),
            2 => paragraphs.insert(0, words(article, 700 + 20 * dice.roll(5), 15)),
            _ => {}
        }
        let published = noon() + TimeDelta::minutes(article as i64 * 3 + dice.roll(200) as i64);
        Self { source, id: format!("id {name}"), path: format!("a/{name}"), title, paragraphs, published }
    }

    /// Something happens to it.
    fn change(&mut self, article: usize, dice: &mut Dice) {
        match dice.roll(9) {
            0 => self.title = format!("{} {}", self.title, words(article, 500 + dice.roll(100), 1)),
            1 => self.paragraphs.push(words(article, 300 + 20 * dice.roll(10), 20)),
            2 => self.paragraphs[0] = self.paragraphs[0].replacen(' ', " anew ", 1),
            3 => self.id = format!("id {article}-{}", dice.roll(100_000)),
            4 => self.path = format!("moved/{article}-{}", dice.roll(100_000)),
            5 => {
                self.id = format!("id new {article}-{}", dice.roll(100_000));
                self.path = format!("new/{article}-{}", dice.roll(100_000));
                self.published += TimeDelta::days(40);
            }
            // It becomes the text of the neighbour, in part or whole: stories merge.
            6 => self.paragraphs = (0..4).map(|part| words(article ^ 1, part * 40, 40)).collect(),
            7 => {
                self.paragraphs =
                    (0..4).map(|part| words(article, 2000 + dice.roll(50) * 100 + part * 20, 20)).collect()
            }
            _ => self.paragraphs.rotate_left(1),
        }
    }

    fn facts(&self) -> Facts {
        let html: String = self.paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
        Facts {
            source: SourceId::parse(self.source).unwrap(),
            native_id: self.id.clone(),
            id_is_uri: false,
            url: Url::parse(&format!("https://{}.example/{}", self.source, self.path)).ok(),
            canonical_url: None,
            title: self.title.clone(),
            summary: None,
            content: sanitise(&html, None),
            is_full_text: true,
            authors: Vec::new(),
            categories: Vec::new(),
            language: None,
            published: Some(self.published),
            updated: None,
            enclosures: Vec::new(),
            rights: None,
            comments: None,
            origin: None,
            item_hash: format!("{self:?}"),
        }
    }
}

/// A visit of one source, with these articles listed; unchanged ones are looked at only when `again` is set.
async fn visit(store: &Arc<dyn Store>, source: &str, prints: &[Facts], now: DateTime<Utc>, again: bool) {
    let rules = address::Rules::default();
    let id = SourceId::parse(source).unwrap();
    let lookups: Vec<_> =
        prints.iter().map(|facts| dedup::lookup(&facts.native_id, facts.url.as_ref(), &rules)).collect();
    let known = store.known(&id, &lookups).await.unwrap();
    let (mut arrivals, mut taken) = (Vec::new(), BTreeSet::new());
    for (facts, lookup) in prints.iter().zip(&lookups) {
        let found = dedup::identify(lookup, &facts.title, &known);
        // As in a document: one entry is there once.
        let settled = !again && found.is_some_and(|known| known.item_hash == facts.item_hash);
        if found.is_none_or(|known| taken.insert(known.id)) && !settled {
            arrivals.push(dedup::arrival(facts.clone(), found, now, &rules));
        }
    }
    let state = SourceState { location: format!("https://{source}.example/"), ..SourceState::default() };
    let record = PollRecord { source: id, at: now, state, seen: Vec::new(), arrivals, pictures: Vec::new() };
    store.commit(record, &Rules::default().judge()).await.unwrap();
}

async fn shown(store: &Arc<dyn Store>, dedupe: Dedupe) -> Vec<Story> {
    let sources = SOURCES.iter().map(|id| SourceId::parse(id).unwrap()).collect();
    store.stories(&StoryQuery { sources, before: None, limit: 10_000, dedupe }).await.unwrap()
}

/// A new store in a file.
async fn in_file(folder: &tempfile::TempDir) -> Arc<dyn Store> {
    store::open(&format!("sqlite:{}", folder.path().join("store.db").display())).await.unwrap()
}

/// A new store in a database; None where PostgreSQL is not installed.
async fn in_database() -> Option<Arc<dyn Store>> {
    Some(store::open(&Server::shared()?.database()).await.unwrap())
}

/// What readers of one feed have seen so far.
#[derive(Default)]
struct Reader {
    /// Place and last change by uri.
    seen: BTreeMap<String, (DateTime<Utc>, DateTime<Utc>)>,
    gone: BTreeSet<String>,
    /// The uri under which an entry was last shown.
    under: BTreeMap<EntryId, String>,
}

impl Reader {
    fn read(&mut self, stories: &[Story]) {
        let now: BTreeSet<&String> = stories.iter().map(|story| &story.uri).collect();
        assert_eq!(now.len(), stories.len(), "one uri twice");
        for uri in self.seen.keys().filter(|uri| !now.contains(uri)) {
            self.gone.insert(uri.clone());
        }
        for story in stories {
            assert!(!self.gone.contains(&story.uri), "{} came back", story.uri);
            let new_here = story.members.iter().all(|member| !self.under.contains_key(&member.entry));
            match self.seen.get(&story.uri) {
                Some((published, updated)) => {
                    assert_eq!(*published, story.published, "the place of {} moved", story.uri);
                    assert!(*updated <= story.updated, "{} was changed in the past", story.uri);
                }
                None => assert!(new_here, "{} is known under another id and came as new", story.lead.facts.title),
            }
            self.seen.insert(story.uri.clone(), (story.published, story.updated));
        }
        for story in stories {
            for member in &story.members {
                let before = self.under.insert(member.entry, story.uri.clone());
                if let Some(before) = before.filter(|before| *before != story.uri) {
                    assert!(self.gone.contains(&before), "{} left a story that is still shown", member.title);
                }
            }
        }
    }
}

async fn history(seed: u64, store: Arc<dyn Store>) {
    let mut dice = Dice(seed);
    let mut prints: Vec<Vec<Print>> = vec![Vec::new(); ARTICLES];
    let mut readers =
        [(Dedupe::Near, Reader::default()), (Dedupe::Exact, Reader::default()), (Dedupe::Off, Reader::default())];
    let mut entries: BTreeMap<EntryId, (String, DateTime<Utc>)> = BTreeMap::new();
    let mut together: BTreeMap<EntryId, EntryId> = BTreeMap::new();
    for round in 0..ROUNDS {
        for (article, own) in prints.iter_mut().enumerate() {
            let source = SOURCES[dice.roll(4)];
            match own.iter_mut().find(|print| print.source == source) {
                None => own.push(Print::new(article, source, &mut dice)),
                Some(print) if dice.roll(2) == 0 => print.change(article, &mut dice),
                Some(_) => {}
            }
        }
        let now = noon() + TimeDelta::days(60) + TimeDelta::hours(round as i64);
        let of = |source: &str| -> Vec<Facts> {
            prints.iter().flatten().filter(|print| print.source == source).map(Print::facts).collect()
        };
        for source in SOURCES {
            visit(&store, source, &of(source), now, false).await;
        }
        for (dedupe, reader) in &mut readers {
            let stories = shown(&store, *dedupe).await;
            reader.read(&stories);
            for story in stories.iter().filter(|_| *dedupe == Dedupe::Off) {
                let kept = entries.entry(story.lead.id).or_insert((story.uri.clone(), story.published));
                assert_eq!((&kept.0, kept.1), (&story.uri, story.published), "an entry's own id and date");
            }
            for story in stories.iter().filter(|_| *dedupe == Dedupe::Near) {
                let first = story.members[0].entry;
                for member in &story.members {
                    let with = *together.entry(member.entry).or_insert(first);
                    assert!(story.members.iter().any(|other| other.entry == with), "a story was split");
                }
            }
        }
        if round == ROUNDS / 2 {
            let before = shown(&store, Dedupe::Near).await;
            for source in SOURCES.iter().rev() {
                visit(&store, source, &of(source), now + TimeDelta::minutes(5), true).await;
            }
            assert!(shown(&store, Dedupe::Near).await == before, "polling again changes nothing");
        }
    }
}

#[tokio::test]
async fn ids_and_places_hold_over_random_histories() {
    for seed in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        history(seed, in_file(&folder).await).await;
    }
}

#[tokio::test]
async fn ids_and_places_hold_over_random_histories_in_a_database() {
    if let Some(store) = in_database().await {
        history(3, store).await;
    }
}

/// `cargo test --test suite histories -- --ignored`
#[tokio::test]
#[ignore = "takes minutes"]
async fn ids_and_places_hold_over_thousands_of_histories() {
    for seed in 0..36 {
        let folder = tempfile::tempdir().unwrap();
        history(seed, in_file(&folder).await).await;
    }
}

/// The stories as sets of entries, each with its lead.
async fn parts(store: &Arc<dyn Store>, dedupe: Dedupe) -> BTreeSet<(BTreeSet<EntryId>, EntryId)> {
    let of = |story: Story| (story.members.iter().map(|member| member.entry).collect(), story.lead.id);
    shown(store, dedupe).await.into_iter().map(of).collect()
}

#[tokio::test]
async fn neither_the_order_in_which_sources_are_polled_nor_the_store_makes_a_difference() {
    for seed in 100..102 {
        let mut dice = Dice(seed);
        let mut prints: Vec<Print> = Vec::new();
        for article in 0..40 {
            for source in SOURCES {
                if dice.roll(3) > 0 {
                    let mut print = Print::new(article, source, &mut dice);
                    if dice.roll(3) == 0 {
                        print.change(article, &mut dice);
                    }
                    prints.push(print);
                }
            }
        }
        let mut expected = None;
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
            let folder = tempfile::tempdir().unwrap();
            let stores = [Some(in_file(&folder).await), in_database().await];
            for store in stores.into_iter().flatten() {
                for source in order.map(|place| SOURCES[place]) {
                    let own: Vec<Facts> =
                        prints.iter().filter(|print| print.source == source).map(Print::facts).collect();
                    visit(&store, source, &own, noon() + TimeDelta::days(60), false).await;
                }
                let found = (parts(&store, Dedupe::Near).await, parts(&store, Dedupe::Off).await);
                assert!(found.0.len() < found.1.len(), "nothing was joined");
                assert_eq!(
                    *expected.get_or_insert_with(|| found.clone()),
                    found,
                    "seed {seed}, order {order:?}, {store:?}"
                );
            }
        }
    }
}
