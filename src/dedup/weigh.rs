//! The evidence for and against two entries being one story, and what it comes to.
//!
//! Symmetric by construction: the same [`Side`] is made of both, and nothing asks which came first.

use chrono::{DateTime, TimeDelta, Utc};

use crate::address;
use crate::model::{Facts, Sketch, Verdict};

use super::keys::{MIN_TEXT, article_address, id_address, is_unique};
use super::passages::{self, Passages};
use super::sketch::are_foreign;
use super::story::THRESHOLD;
use super::text_of;
use super::titles::{self, Titles};
use super::words::Words;

/// One of two entries, as far as the question needs it.
pub(super) struct Side<'a> {
    pub(super) facts: &'a Facts,
    pub(super) published: DateTime<Utc>,
    pub(super) sketch: &'a Sketch,
    /// How its source's addresses are read.
    pub(super) rules: &'a address::Rules,
}

/// Everything that speaks for or against.
struct Evidence {
    titles: Titles,
    texts: Passages,
    /// Both are of one source or one host, where templates, notices and series are shared.
    same_site: bool,
    /// Between the days under which they are published.
    apart: TimeDelta,
    /// The same, when both sources state a date.
    stated_apart: Option<TimeDelta>,
    /// How much more must be common than is usual, as a part of one; negative for less.
    stricter: f64,
}

/// An address or id in common.
struct Shared {
    what: &'static str,
    /// False when one of them only links there, as link blogs do.
    own: bool,
}

/// Headlines below this many words may be standing ones.
const TELLING: usize = 8;

type Answer = (bool, String);

/// Whether both are one story.
pub(super) fn weigh(one: &Side<'_>, other: &Side<'_>, threshold: u8) -> Verdict {
    let shared = shared(one, other);
    let titles = titles::compare(&Words::of(&one.facts.title), &Words::of(&other.facts.title));
    if shared.is_none() && titles.likeness < 0.6 && are_foreign(one.sketch, other.sketch) {
        let reason = "no address and no passage of text in common".to_owned();
        return Verdict { same: false, exact: false, likeness: 0.0, reason };
    }
    let texts = passages::compare(&Words::of(&text_of(one.facts)), &Words::of(&text_of(other.facts)));
    let evidence = Evidence {
        titles,
        texts,
        same_site: one.facts.source == other.facts.source || same_host(one, other),
        apart: (one.published - other.published).abs(),
        stated_apart: one.facts.published.zip(other.facts.published).map(|(one, other)| (one - other).abs()),
        stricter: (f64::from(threshold) - f64::from(THRESHOLD)) / 100.0,
    };
    let own_address = shared.as_ref().is_some_and(|shared| shared.own);
    let (same, reason) = match shared {
        Some(shared) => evidence.with_address(&shared),
        None => evidence.by_text(),
    };
    let exact = same && (evidence.texts.exact || own_address);
    Verdict { same, exact, likeness: evidence.texts.jaccard, reason: format!("{reason}; {}", evidence.figures()) }
}

impl Evidence {
    /// They share an address: one story, unless what they say is different.
    fn with_address(&self, shared: &Shared) -> Answer {
        let (texts, titles) = (&self.texts, &self.titles);
        let what = shared.what;
        let later = self.apart > TimeDelta::hours(20);
        if later && texts.replaced >= 3 && texts.replaced * 40 > texts.shorter {
            return no(format!("{what}, but the page is written anew with other numbers"));
        }
        if texts.shorter >= MIN_TEXT && (texts.exact || texts.cover >= 0.5) {
            if later && titles.numbers.is_some() && !texts.exact {
                return no(format!("{what}, but the headlines name different numbers"));
            }
            return yes(format!("{what}, and the texts agree"));
        }
        if titles.likeness >= 0.6 && !(later && titles.numbers.is_some()) {
            let own_words = texts.shorter >= 40 && texts.cover < 0.03 && texts.vocabulary < 0.5;
            // A few words are enough for a comment of one's own, when the other says none of them.
            let own_comment = !shared.own
                && texts.cover < 0.15
                && (texts.shorter >= MIN_TEXT || (texts.shorter >= 5 && texts.vocabulary < 0.5));
            if own_words || own_comment {
                return no(format!("{what}, but each says its own about it"));
            }
            return yes(format!("{what}, and the headlines agree"));
        }
        if shared.own && texts.shorter < 25 && titles.likeness >= 0.3 && titles.numbers.is_none() {
            return yes(format!("{what}, and the headlines are alike"));
        }
        if shared.own && texts.shorter >= MIN_TEXT && texts.cover >= 0.2 {
            return yes(format!("{what}, and part of the text is the same"));
        }
        no(format!("{what}, but headlines and texts differ"))
    }

    /// They share no address: only the text can show that they are one.
    fn by_text(&self) -> Answer {
        let (texts, titles) = (&self.texts, &self.titles);
        if texts.shorter < MIN_TEXT {
            return self.short();
        }
        if texts.exact {
            return self.exact();
        }
        if let Some((one, other)) = &titles.numbers {
            return no(format!("the headlines differ in a number: {one}, {other}"));
        }
        let one_correction =
            texts.replaced == 1 && texts.shorter >= 300 && titles.likeness >= 0.6 && self.apart <= TimeDelta::hours(48);
        if texts.replaced > 0 && !one_correction {
            let example = texts.example.as_ref().map(|(one, other)| format!(" ({one}, {other})")).unwrap_or_default();
            return no(format!("the same words with other numbers{example}"));
        }
        let one_wording = titles.likeness >= 0.9 && !self.same_site && self.apart <= TimeDelta::hours(24);
        // Under a standing headline a word that was replaced is rather another matter than a correction.
        let mould = if self.same_site {
            texts.slots * if titles.size < TELLING { 120 } else { 60 } > texts.shorter
        } else {
            texts.slots >= 2 && texts.slots * 30 > texts.shorter
        };
        if mould && !one_wording {
            return no("the same mould with other words");
        }
        // What is replaced in the headline and again in the text is what it is about.
        let retouched =
            texts.shorter >= 60 && texts.cover >= 0.85 && texts.jaccard >= 0.7 && texts.slots * 150 <= texts.shorter;
        if titles.one_place && !retouched {
            return no("the headlines differ in one place and the texts are not equal");
        }
        let again = self.same_site && titles.likeness >= 0.9 && titles.size >= 4;
        if self.stated_apart.is_some_and(|apart| apart > TimeDelta::days(30)) && texts.jaccard < 0.9 && !again {
            return no("more than thirty days apart, and the texts are not equal");
        }
        if self.near() { yes("the texts are nearly the same") } else { no("the texts have too little in common") }
    }

    /// Texts that say little by themselves: only with a telling headline, at the same time.
    fn short(&self) -> Answer {
        let (texts, titles) = (&self.texts, &self.titles);
        let telling = titles.likeness >= 0.9 && titles.size >= 5 && titles.numbers.is_none() && !titles.one_place;
        if telling && self.at_once() && texts.exact && texts.shorter >= 5 {
            return yes("the same headline, the same text and the same minute");
        }
        let contained = texts.shorter >= 6 && texts.longer >= 40 && texts.cover >= 0.9;
        if telling && contained && !self.same_site && self.apart <= TimeDelta::hours(48) {
            return yes("the same headline, and the short text stands in the long one");
        }
        no("the shorter text is too short to tell")
    }

    /// Whether both sources state the same minute.
    fn at_once(&self) -> bool {
        self.stated_apart.is_some_and(|apart| apart < TimeDelta::minutes(1))
    }

    /// Equal texts: one story, unless the text is one that stands under many headlines.
    fn exact(&self) -> Answer {
        let (size, titles) = (self.texts.shorter, &self.titles);
        let numbers = titles.numbers.is_some();
        if size >= 80 {
            if numbers && self.apart > TimeDelta::hours(6) {
                return no("the same text, but the headlines name different numbers");
            }
            if self.same_site && titles.likeness < 0.3 && size < 150 {
                return no("the same text of one site under unlike headlines, as a notice");
            }
            return yes("the same text");
        }
        if numbers || titles.one_place {
            return no("a short text under headlines that differ in one place, as of a series");
        }
        if size >= 25 {
            if self.same_site && self.apart > TimeDelta::hours(12) && titles.size < 8 {
                return no("the same short text of one site on different days, as under a standing head");
            }
            let needed = if self.same_site {
                0.5
            } else if size < 30 {
                0.3
            } else {
                0.0
            };
            return if titles.likeness >= needed {
                yes("the same text")
            } else {
                no("the same short text under unlike headlines")
            };
        }
        let near = if self.same_site { self.at_once() } else { self.apart <= TimeDelta::hours(48) };
        let together = titles.likeness >= 0.8 && titles.size >= 4 && near;
        if together {
            yes("the same headline and the same short text at the same time")
        } else {
            no("the text is too short to tell")
        }
    }

    /// Whether enough of the text is the same, measured by its length and by whose it is.
    fn near(&self) -> bool {
        let (texts, alike) = (&self.texts, self.titles.likeness >= 0.6);
        let size = texts.shorter;
        let least = |usual: f64| (usual + self.stricter).min(1.0);
        let comparable = texts.ratio() <= 3.0 || alike;
        if self.same_site {
            let notice = self.titles.likeness < 0.3 && size < 150;
            return size >= 25
                && ((texts.jaccard >= least(0.85) && !notice)
                    || (texts.cover >= least(0.85) && alike)
                    || (size >= 60 && texts.cover >= least(0.95) && texts.ratio() <= 3.0 && !notice));
        }
        match size {
            120.. => texts.cover >= least(0.7) && comparable,
            40..120 => texts.cover >= least(0.72) && texts.longest >= 25 && comparable,
            _ => {
                texts.jaccard >= least(0.85)
                    || (texts.cover >= least(0.8) && alike && self.apart <= TimeDelta::hours(48))
            }
        }
    }

    fn figures(&self) -> String {
        let texts = &self.texts;
        format!(
            "texts of {} and {} words, {:.0} % of the shorter in the other, likeness {:.2}; headlines {:.2}; {} h apart",
            texts.shorter,
            texts.longer,
            texts.cover * 100.0,
            texts.jaccard,
            self.titles.likeness,
            self.apart.num_hours()
        )
    }
}

fn yes(reason: impl Into<String>) -> Answer {
    (true, reason.into())
}

fn no(reason: impl Into<String>) -> Answer {
    (false, reason.into())
}

fn shared(one: &Side<'_>, other: &Side<'_>) -> Option<Shared> {
    let same_id = one.facts.id_is_uri
        && other.facts.id_is_uri
        && one.facts.native_id == other.facts.native_id
        && is_unique(&one.facts.native_id);
    if same_id {
        return Some(Shared { what: "the same id", own: true });
    }
    let (mine, theirs) = (addresses(one), addresses(other));
    let common = mine
        .iter()
        .flat_map(|(form, a)| theirs.iter().filter(move |(other, _)| form == other).map(move |(_, b)| (*a, *b)));
    let (mut named, mut linked) = (false, false);
    for pair in common {
        match pair {
            (Claim::Own, Claim::Own | Claim::Named) | (Claim::Named, Claim::Own) => {
                return Some(Shared { what: "the same address", own: true });
            }
            (Claim::Named, Claim::Named) => named = true,
            _ => linked = true,
        }
    }
    let what = if named { "both pages name the same address" } else { "the same linked address" };
    (named || linked).then_some(Shared { what, own: false })
}

/// What an address is to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// It is there.
    Own,
    /// Its page says that it is really there (`rel=canonical`). Where pages name a hub, it says nothing: it
    /// counts when it is the other's own address.
    Named,
    /// It only links there.
    Linked,
}

/// The addresses of an article in canonical form, each with what it is to the article: the address of a
/// post whose id is an address elsewhere is the page the post links to.
fn addresses(side: &Side<'_>) -> Vec<(String, Claim)> {
    let facts = side.facts;
    let form = |url: &url::Url| article_address(url, side.rules);
    let id = id_address(facts).as_ref().and_then(form);
    let url = facts.url.as_ref().and_then(form);
    let links_elsewhere = id.as_deref().zip(url.as_deref()).is_some_and(|(id, url)| !related(host(id), host(url)));
    let claim = |own| if links_elsewhere { Claim::Linked } else { own };
    let url = url.map(|form| (form, claim(Claim::Own)));
    let canonical = facts.canonical_url.as_ref().and_then(form).map(|form| (form, claim(Claim::Named)));
    let id = id.map(|form| (form, Claim::Own));
    [url, canonical, id].into_iter().flatten().collect()
}

fn host(form: &str) -> &str {
    form.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// Whether one host is the other or below it.
fn related(one: &str, other: &str) -> bool {
    let under = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    under(one, other) || under(other, one)
}

fn same_host(one: &Side<'_>, other: &Side<'_>) -> bool {
    let forms = |side: &Side<'_>| side.facts.url.as_ref().map(|url| side.rules.canonical(url));
    forms(one).zip(forms(other)).is_some_and(|(one, other)| related(host(&one), host(&other)))
}
