//! What stands in most of a source's articles is no part of any of them: an invitation to subscribe, a
//! copyright line, `The article X first appeared on Y`.
//!
//! It is learnt from the newest articles of the source alone, so that the order in which sources are polled
//! makes no difference, and from each article once, so that polling again changes nothing. Only a few short
//! lines at both ends of a text are looked at: within it, what recurs may be meant (a recipe's headings).

use std::ops::Range;

use crate::html::tag::Tag;
use crate::html::{self, Block, SafeHtml};
use crate::model::{Boilerplate, Facts, Known};

use super::decide::content_hash;
use super::words::{Word, Words};

/// Lines looked at, at the beginning and at the end.
const HEAD: usize = 2;
const TAIL: usize = 5;
/// Longer lines say something.
const LINE: usize = 60;
/// How many articles are looked back.
const RECENT: usize = 24;
/// In so many of them a line must stand at least.
const LEAST: usize = 5;
/// So many words must be left of an article, and twice as many as are taken.
const LEFT: usize = 40;

/// Takes note of new articles; they are told by their text, so that one given twice counts once.
pub fn learn<'a>(boilerplate: &mut Boilerplate, articles: impl IntoIterator<Item = &'a Facts>) {
    let mut articles: Vec<&Facts> = articles.into_iter().filter(|facts| facts.is_full_text).collect();
    // The document's own order says nothing.
    articles.sort_by(|a, b| (a.published, &a.native_id).cmp(&(b.published, &b.native_id)));
    let mut learnt = false;
    for facts in articles {
        let text = Words::of(&html::lines(facts.content.as_str())).digest();
        // The digest of the whole tells articles apart whose ends are all alike.
        if boilerplate.recent.iter().any(|lines| lines.contains(&text)) {
            continue;
        }
        let mut lines: Vec<u64> = ends(facts).into_iter().map(|line| line.digest).chain([text]).collect();
        lines.sort_unstable();
        lines.dedup();
        boilerplate.recent.push_back(lines);
        if boilerplate.recent.len() > RECENT {
            boilerplate.recent.pop_front();
        }
        learnt = true;
    }
    if learnt {
        settle(boilerplate);
    }
}

/// A line is taken up when it stands in three of five articles, and let go only when it stands in less than
/// one of five: nothing flaps.
fn settle(boilerplate: &mut Boilerplate) {
    let all = boilerplate.recent.len();
    let count = |line: u64| boilerplate.recent.iter().filter(|lines| lines.contains(&line)).count();
    let seen: std::collections::BTreeSet<u64> = boilerplate.recent.iter().flatten().copied().collect();
    let stands = |line: &u64| {
        let count = count(*line);
        let (most, some) = (count >= LEAST && count * 5 >= all * 3, count * 5 >= all);
        most || (some && boilerplate.lines.contains(line))
    };
    boilerplate.lines = seen.into_iter().filter(|line| stands(line)).collect();
}

/// Takes a source's boilerplate out of an article. `known` is the entry as it is kept: when its text was kept
/// with the boilerplate and is otherwise the same, it counts as the same.
pub fn strip(facts: &mut Facts, known: Option<&mut Known>, boilerplate: &Boilerplate) {
    let Some(rest) = stripped(facts, boilerplate) else { return };
    let before = content_hash(facts);
    facts.content = rest;
    if let Some(known) = known.filter(|known| known.content_hash == before) {
        known.content_hash = content_hash(facts);
    }
}

fn stripped(facts: &Facts, boilerplate: &Boilerplate) -> Option<SafeHtml> {
    if boilerplate.lines.is_empty() || !facts.is_full_text {
        return None;
    }
    let ends: Vec<Line<'_>> = ends(facts).into_iter().filter(|line| boilerplate.lines.contains(&line.digest)).collect();
    let taken: usize = ends.iter().map(|line| line.size).sum();
    let left = Words::of(&html::lines(facts.content.as_str())).size().saturating_sub(taken);
    let gone: Vec<&Block<'_>> = ends.iter().map(|line| &line.block).collect();
    (!gone.is_empty() && left >= LEFT && left >= 2 * taken).then(|| html::without(&facts.content, &gone))
}

/// A short line at one of the ends of a text.
struct Line<'a> {
    block: Block<'a>,
    digest: u64,
    size: usize,
}

fn ends(facts: &Facts) -> Vec<Line<'_>> {
    let blocks: Vec<Block<'_>> = html::blocks(&facts.content)
        .into_iter()
        .filter(|block| html::plain(block.html).chars().any(char::is_alphanumeric) || block.html.contains("<img"))
        .collect();
    let title = Words::of(&facts.title);
    let middle: Range<usize> = HEAD..blocks.len().saturating_sub(TAIL);
    let at_ends = blocks.into_iter().enumerate().filter(|(place, _)| !middle.contains(place));
    at_ends.filter_map(|(_, block)| line(block, &title)).collect()
}

fn line<'a>(block: Block<'a>, title: &Words) -> Option<Line<'a>> {
    let text = matches!(block.tag, Tag::P | Tag::Div | Tag::Ul | Tag::Ol | Tag::Text | Tag::Small | Tag::Em | Tag::I);
    if !text || ["<img", "<video", "<audio", "<iframe", "<table"].iter().any(|media| block.html.contains(media)) {
        return None;
    }
    let words = Words::of(&html::plain(block.html));
    let size = words.size();
    if size == 0 || size > LINE {
        return None;
    }
    Some(Line { block, digest: digest(words.all(), title.all()), size })
}

/// The digest of a line; where it names the article's own headline any other may stand.
fn digest(line: &[Word], title: &[Word]) -> u64 {
    let named =
        (title.len() >= 3).then(|| (0..line.len()).find(|at| line.get(*at..at + title.len()) == Some(title))).flatten();
    let words: Vec<u8> = match named {
        Some(at) => line.iter().take(at).chain(line.iter().skip(at + title.len())).flat_map(bytes).collect(),
        None => line.iter().flat_map(bytes).collect(),
    };
    super::digest([words.as_slice()])
}

fn bytes(word: &Word) -> [u8; 8] {
    word.hash.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::sanitise;
    use crate::model::SourceId;

    const INVITATION: &str = "Follow the Quay Courier by mail: write to the desk.";

    fn article(number: usize, tail: &[&str]) -> Facts {
        let paragraph =
            |part: usize| (0..30).map(|n| format!("w{} ", (number * 97 + part * 31 + n) * 7919)).collect::<String>();
        let tail: String = tail.iter().map(|line| format!("<p>{line}</p>")).collect();
        let html = format!("<div><p>{}</p><p>{}</p><p>{}</p>{tail}</div>", paragraph(1), paragraph(2), paragraph(3));
        Facts {
            content: sanitise(&html, None),
            is_full_text: true,
            ..Facts::bare(
                SourceId::parse("paper").unwrap(),
                number.to_string(),
                format!("Headline of article number {number}"),
            )
        }
    }

    fn learnt(articles: &[Facts]) -> Boilerplate {
        let mut boilerplate = Boilerplate::default();
        learn(&mut boilerplate, articles);
        boilerplate
    }

    fn strip_one(mut facts: Facts, boilerplate: &Boilerplate) -> String {
        strip(&mut facts, None, boilerplate);
        html::lines(facts.content.as_str())
    }

    #[test]
    fn what_stands_in_most_articles_goes() {
        let appeared = |number| format!("The piece Headline of article number {number} first appeared in the Courier.");
        let with: Vec<Facts> = (0..8).map(|n| article(n, &[&appeared(n), INVITATION])).collect();
        let boilerplate = learnt(&with);
        assert_eq!(boilerplate.lines.len(), 2);
        let text = strip_one(article(9, &["Our own last line.", &appeared(9), INVITATION]), &boilerplate);
        assert!(text.ends_with("Our own last line."), "{text}");
        // In one of many articles it may be meant.
        let few: Vec<Facts> = (0..12).map(|n| article(n, if n < 5 { &[INVITATION] } else { &[] })).collect();
        assert!(learnt(&few).lines.is_empty());
        assert!(learnt(&with[..4]).lines.is_empty(), "too few to tell");
    }

    #[test]
    fn articles_with_long_paragraphs_teach_as_well() {
        let long = |number: usize| {
            let text: String = (0..90).map(|n| format!("w{} ", (number * 97 + n) * 7919)).collect();
            let html = format!("<p>{text}</p><p>x {text}</p><p>{INVITATION}</p>");
            Facts { content: sanitise(&html, None), ..article(number, &[]) }
        };
        assert_eq!(learnt(&(0..6).map(long).collect::<Vec<_>>()).lines.len(), 1);
    }

    #[test]
    fn short_articles_headings_and_the_middle_stay() {
        let with: Vec<Facts> = (0..8).map(|n| article(n, &[INVITATION])).collect();
        let boilerplate = learnt(&with);
        let mut short = article(9, &[]);
        short.content = sanitise(&format!("<p>The bridge is closed.</p><p>{INVITATION}</p>"), None);
        assert!(strip_one(short, &boilerplate).contains(INVITATION));
        let mut quoted = article(9, &["a b c", "d e f", "g h i", "j k l", "m n o"]);
        quoted.content =
            sanitise(&quoted.content.as_str().replacen("</p><p>", &format!("</p><h2>{INVITATION}</h2><p>"), 1), None);
        assert!(strip_one(quoted, &boilerplate).contains(INVITATION));
    }

    #[test]
    fn it_does_not_flap_and_the_order_does_not_count() {
        let with: Vec<Facts> = (0..10).map(|n| article(n, &[INVITATION])).collect();
        let mut turned = with.clone();
        turned.reverse();
        assert_eq!(learnt(&with), learnt(&turned));
        let mut boilerplate = learnt(&with);
        let before = boilerplate.clone();
        learn(&mut boilerplate, &with);
        assert_eq!(boilerplate, before, "known articles teach nothing");
        for number in 20..36 {
            learn(&mut boilerplate, [&article(number, &[])]);
            assert_eq!(boilerplate.lines.len(), 1, "after {number}");
        }
        for number in 40..90 {
            learn(&mut boilerplate, [&article(number, &[])]);
        }
        assert!(boilerplate.lines.is_empty() && boilerplate.recent.len() == RECENT);
    }

    #[test]
    fn a_text_kept_with_its_boilerplate_is_the_same() {
        let boilerplate = learnt(&(0..8).map(|n| article(n, &[INVITATION])).collect::<Vec<_>>());
        let now = chrono::DateTime::UNIX_EPOCH;
        let kept = crate::dedup::arrival(article(9, &[INVITATION]), None, now, &crate::address::Rules::default());
        let mut known = Known {
            id: kept.id,
            native_id: "9".into(),
            url: None,
            text: None,
            title: kept.facts.title.clone(),
            item_hash: "before".into(),
            content_hash: kept.content_hash,
            published: now,
            updated: now,
            first_seen: now,
            is_full_text: true,
        };
        let mut again = article(9, &[INVITATION]);
        strip(&mut again, Some(&mut known), &boilerplate);
        assert!(!again.content.as_str().contains("Courier"));
        assert_eq!(crate::dedup::decide(&again, Some(&known)), crate::model::Change::Same);
    }
}
