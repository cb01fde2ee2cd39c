//! New, revised or the same; and the entry as the store gets it.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::address;
use crate::model::{Arrival, Change, Enclosure, Facts, Known};

use super::identity::{entry_id, uri};
use super::keys::keys;
use super::sketch::sketch;
use super::words::Words;
use super::{normal, text_of};

/// Lines up to this many words that hold a counter or an age are no text of the article.
const COUNTER_LINE: usize = 8;

/// What stands beside the number of a counter or an age, as [`normal::normal`] spells it.
const COUNTERS: &[&str] = &[
    "lượt xem",
    "lượt đọc",
    "lượt thích",
    "lượt chia sẻ",
    "bình luận",
    "phút trước",
    "giờ trước",
    "ngày trước",
    "phút đọc",
    "views",
    "view",
    "reads",
    "comments",
    "comment",
    "likes",
    "like",
    "shares",
    "share",
    "minutes ago",
    "minute ago",
    "hours ago",
    "hour ago",
    "days ago",
    "min read",
    "minute read",
    "просмотров",
    "просмотра",
    "комментариев",
    "минут назад",
    "часов назад",
    "مشاهدة",
    "تعليق",
    "閲覧",
    "コメント",
    "分前",
    "時間前",
    "次阅读",
    "阅读",
    "评论",
    "分钟前",
    "小时前",
];

/// Endings of addresses that are pictures themselves, whatever parameters say (sizes, cache marks).
const PICTURES: &[&str] = &[".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"];

/// Whether facts are new, a revision a reader would notice, or the same.
///
/// The facts must be in the state in which [`arrival`] gets them: full text and pictures looked at.
/// A summary does not replace a full text that was found before, as long as the headline is the same:
/// the page could not be read this time.
pub fn decide(facts: &Facts, known: Option<&Known>) -> Change {
    let Some(known) = known else { return Change::New };
    if facts.item_hash == known.item_hash && facts.is_full_text <= known.is_full_text {
        return Change::Same;
    }
    if content_hash(facts) == known.content_hash {
        return Change::Same;
    }
    let retitled = Words::of(&facts.title).all() != Words::of(&known.title).all();
    if known.is_full_text && !facts.is_full_text && !retitled {
        return Change::Same;
    }
    let why = if retitled {
        format!("the headline changed, from {:?}", shortened(&known.title))
    } else if facts.is_full_text && !known.is_full_text {
        "the full text was found".to_owned()
    } else {
        "the text or the pictures changed".to_owned()
    };
    Change::Revised { why }
}

/// Prepares an entry for the store: id, times that never move, sketch and keys.
///
/// `published` of a known entry never moves; of a new one it is what the source says, and `now` when
/// it says nothing or a time to come. `updated` moves only for a change that a reader would notice.
pub fn arrival(facts: Facts, known: Option<&Known>, now: DateTime<Utc>, rules: &address::Rules) -> Arrival {
    let text = Words::of(&text_of(&facts));
    let title = Words::of(&facts.title);
    let id = known.map_or_else(|| entry_id(&facts, rules), |known| known.id);
    let published =
        known.map_or_else(|| facts.published.map_or(now, |stated| stated.min(now)), |known| known.published);
    let stated = facts.updated.filter(|stated| *stated >= published && *stated <= now);
    let updated = match (known, decide(&facts, known)) {
        (None, _) => stated.unwrap_or(published),
        (Some(known), Change::Same) => known.updated,
        (Some(known), _) => stated.filter(|stated| *stated > known.updated).unwrap_or(now).max(known.updated),
    };
    Arrival {
        id,
        uri: uri(&facts, id),
        published,
        updated,
        first_seen: known.map_or(now, |known| known.first_seen),
        content_hash: content_hash(&facts),
        sketch: sketch(&text),
        keys: keys(&facts, &text, &title, rules),
        facts,
    }
}

/// Digest of what a reader sees: headline, text and media, in one spelling, without counters.
pub(super) fn content_hash(facts: &Facts) -> String {
    let mut hash = Sha256::new();
    let mut part = |words: &Words| {
        hash.update((words.all().len() as u64).to_be_bytes());
        words.all().iter().for_each(|word| hash.update(word.hash.to_be_bytes()));
    };
    part(&Words::of(&facts.title));
    part(&Words::of(&without_counters(&text_of(facts))));
    let mut media: Vec<String> = facts.enclosures.iter().map(media_mark).collect();
    media.sort_unstable();
    media.dedup();
    for mark in media {
        hash.update((mark.len() as u64).to_be_bytes());
        hash.update(mark.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].iter().filter_map(|half| char::from_digit(u32::from(*half), 16)));
        text
    })
}

/// The text without short lines that count readers or tell an age.
fn without_counters(text: &str) -> String {
    let kept = text.lines().filter(|line| !is_counter(line));
    kept.fold(String::with_capacity(text.len()), |all, line| all + line + "\n")
}

fn is_counter(line: &str) -> bool {
    if line.len() > 200 || Words::of(line).size() > COUNTER_LINE {
        return false;
    }
    let line: String = normal::normal(line).collect();
    if !line.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    COUNTERS.iter().any(|counter| {
        let counter: String = normal::normal(counter).collect();
        line.match_indices(&counter).any(|(at, found)| {
            let before = line.get(..at).and_then(|before| before.trim_end().chars().next_back());
            let after =
                line.get(at + found.len()..).and_then(|after| after.trim_start_matches([' ', ':']).chars().next());
            before.is_some_and(|c| c.is_ascii_digit()) || after.is_some_and(|c| c.is_ascii_digit())
        })
    })
}

/// A picture is the same whatever size its address asks for.
fn media_mark(enclosure: &Enclosure) -> String {
    let lower = enclosure.url.path().to_ascii_lowercase();
    if PICTURES.iter().any(|ending| lower.ends_with(ending)) {
        let mut bare = enclosure.url.clone();
        bare.set_query(None);
        return address::canonical(&bare);
    }
    address::canonical(&enclosure.url)
}

fn shortened(title: &str) -> String {
    title.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use url::Url;

    use super::*;
    use crate::html::{SafeHtml, sanitise};
    use crate::model::{Media, SourceId};

    fn sanitised(html: impl AsRef<str>) -> SafeHtml {
        sanitise(html.as_ref(), None)
    }

    fn now() -> DateTime<Utc> {
        "2024-05-06T07:08:09Z".parse().unwrap()
    }

    fn arrived(facts: Facts, known: Option<&Known>, now: DateTime<Utc>) -> Arrival {
        arrival(facts, known, now, &address::Rules::default())
    }

    fn facts() -> Facts {
        Facts {
            source: SourceId::parse("paper").unwrap(),
            native_id: "https://example.vn/?p=7".to_owned(),
            id_is_uri: true,
            url: Url::parse("https://example.vn/khanh-thanh-cau").ok(),
            canonical_url: None,
            title: "Khánh thành cầu".to_owned(),
            summary: None,
            content: sanitised("<p>Sáng nay, cây cầu mới qua sông đã thông xe.</p><p>1.204 lượt xem</p>"),
            is_full_text: true,
            authors: Vec::new(),
            categories: Vec::new(),
            language: None,
            published: Some(now() - TimeDelta::days(1)),
            updated: None,
            enclosures: vec![picture("https://example.vn/1.jpg?w=800")],
            rights: None,
            comments: None,
            origin: None,
            item_hash: "1".to_owned(),
        }
    }

    fn picture(address: &str) -> Enclosure {
        let media = Media::Image { width: None, height: None, caption: None, credit: None };
        Enclosure {
            url: Url::parse(address).unwrap(),
            mime_type: "image/jpeg".to_owned(),
            length: None,
            title: None,
            plainer: None,
            media,
        }
    }

    fn known(arrival: &Arrival) -> Known {
        Known {
            id: arrival.id,
            native_id: arrival.facts.native_id.clone(),
            url: None,
            text: None,
            title: arrival.facts.title.clone(),
            item_hash: arrival.facts.item_hash.clone(),
            content_hash: arrival.content_hash.clone(),
            published: arrival.published,
            updated: arrival.updated,
            first_seen: arrival.first_seen,
            is_full_text: arrival.facts.is_full_text,
        }
    }

    fn change(edit: impl FnOnce(&mut Facts)) -> Change {
        let kept = known(&arrived(facts(), None, now()));
        let mut next = Facts { item_hash: "2".to_owned(), ..facts() };
        edit(&mut next);
        decide(&next, Some(&kept))
    }

    #[test]
    fn what_no_reader_notices_is_the_same() {
        assert_eq!(decide(&facts(), None), Change::New);
        assert_eq!(change(|_| ()), Change::Same);
        let unnoticed: [fn(&mut Facts); 5] = [
            |f| f.content = sanitised(f.content.as_str().replace("1.204", "1.310")),
            |f| f.published = Some(now()),
            |f| f.enclosures = vec![picture("https://example.vn/1.jpg?w=1200&v=2")],
            |f| f.title = "KHÁNH THÀNH CẦU".to_owned(),
            |f| (f.content, f.is_full_text) = (sanitised("Sáng nay"), false),
        ];
        for edit in unnoticed {
            assert_eq!(change(edit), Change::Same);
        }
    }

    #[test]
    fn what_a_reader_notices_is_a_revision() {
        let noticed: [fn(&mut Facts); 4] = [
            |f| f.title = "Thông xe cầu mới".to_owned(),
            |f| f.content = sanitised(f.content.as_str().replace("thông xe", "thông xe lúc 7 giờ")),
            |f| f.enclosures = vec![picture("https://example.vn/2.jpg")],
            |f| f.enclosures.clear(),
        ];
        for edit in noticed {
            assert!(matches!(change(edit), Change::Revised { .. }));
        }
        let summary = Facts { is_full_text: false, ..facts() };
        let kept = known(&arrived(summary, None, now()));
        let longer = sanitised("Sáng nay, cây cầu mới đã thông xe. Hàng nghìn người dân có mặt.");
        let full = decide(&Facts { content: longer, ..facts() }, Some(&kept));
        assert!(matches!(full, Change::Revised { why } if why.contains("full text")));
    }

    #[test]
    fn times_never_move_without_reason() {
        let first = arrived(facts(), None, now());
        assert_eq!(
            (first.published, first.updated, first.first_seen),
            (now() - TimeDelta::days(1), now() - TimeDelta::days(1), now())
        );
        let later = now() + TimeDelta::hours(5);
        let dated_anew = Facts { published: Some(later), item_hash: "2".to_owned(), ..facts() };
        let same = arrived(dated_anew.clone(), Some(&known(&first)), later);
        assert_eq!((same.id, same.published, same.updated), (first.id, first.published, first.updated));
        let edited = Facts { title: "Thông xe cầu mới".to_owned(), ..dated_anew };
        let revised = arrived(edited.clone(), Some(&known(&first)), later);
        assert_eq!(
            (revised.id, revised.published, revised.updated, revised.first_seen),
            (first.id, first.published, later, now())
        );
        let stated = arrived(Facts { updated: Some(now()), ..edited.clone() }, Some(&known(&first)), later);
        assert_eq!(stated.updated, now());
        let foolish =
            arrived(Facts { updated: Some(later + TimeDelta::days(9)), ..edited }, Some(&known(&first)), later);
        assert_eq!(foolish.updated, later);
    }

    #[test]
    fn a_missing_or_future_date_is_now_and_stays() {
        for published in [None, Some(now() + TimeDelta::days(3))] {
            let first = arrived(Facts { published, ..facts() }, None, now());
            assert_eq!(first.published, now());
            let again = arrived(Facts { published, ..facts() }, Some(&known(&first)), now() + TimeDelta::days(1));
            assert_eq!(again.published, now());
        }
    }

    #[test]
    fn ids_are_derived_and_uris_are_uris() {
        let first = arrived(facts(), None, now());
        assert_eq!(first.uri, "https://example.vn/?p=7");
        assert_eq!(first.id, arrived(facts(), None, now() + TimeDelta::days(400)).id);
        for (native_id, id_is_uri) in [("7", false), ("https://example.vn/", true), ("https://example.vn/a b", true)] {
            let other = arrived(Facts { native_id: native_id.to_owned(), id_is_uri, ..facts() }, None, now());
            assert!(other.uri.starts_with("urn:uuid:"), "{native_id}: {}", other.uri);
            assert_ne!(other.id, first.id);
        }
    }

    #[test]
    fn keys_are_few_and_begin_with_the_address() {
        let all = arrived(facts(), None, now()).keys;
        assert_eq!(
            all.first().copied(),
            crate::dedup::lookup("", facts().url.as_ref(), &address::Rules::default()).url
        );
        assert!(all.len() <= 18);
    }
}
