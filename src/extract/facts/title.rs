//! The headline, without the site's name.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::head::Head;
use crate::extract::phrases::folded;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " > ", " ~ ", "｜", " _ ", "_", " \\ "];

/// The candidates in order of trust, each with its place.
pub(crate) fn candidates(dom: &Dom, head: &Head) -> Vec<(&'static str, Option<String>)> {
    let prop =
        head.marked_as("headline").map(|at| dom.text(at).to_owned()).find(|text| !text.is_empty() && text.len() < 400);
    let linked = head
        .linked
        .title
        .clone()
        .filter(|title| head.linked.is_article && !title.ends_with("...") && !title.ends_with('…'));
    // A headline that the title element does not know, beside a name that it knows, describes something else.
    let known = |text: &str| head.title.as_deref().is_some_and(|whole| folded(whole).starts_with(&folded(text)));
    let linked = match (&linked, &head.linked.name) {
        (Some(headline), Some(name)) if !known(headline) && known(name) => Some(name.clone()),
        _ => linked,
    };
    vec![
        ("the headline, longer or shorter than the stated one", shown(dom, head, linked.as_deref())),
        ("JSON-LD headline", linked),
        ("meta dc:title", head.any_meta(&["dc:title", "dcterms:title", "dcterm:title"])),
        ("the headline, longer than og:title", fuller(dom, head)),
        ("og:title", head.meta_value("og:title")),
        ("twitter:title", head.meta_value("twitter:title")),
        (
            "meta title",
            head.any_meta(&[
                "title",
                "headline",
                "sailthru:title",
                "parsely-title",
                "weibo:article:title",
                "weibo:webpage:title",
            ]),
        ),
        ("itemprop headline", prop),
    ]
}

/// The headline with which the page and its `title` element begin, where the one stated for networks is its
/// beginning, or begins with it and goes on with more: `The water under the village: how a quarrel began`.
fn shown(dom: &Dom, head: &Head, linked: Option<&str>) -> Option<String> {
    let stated = linked.map(str::to_owned).or_else(|| head.meta_value("og:title"))?;
    let (stated, whole) = (folded(&stated), folded(head.title.as_deref()?));
    let rest = |text: &str, start: &str| text.strip_prefix(start).map(|rest| rest.trim_start().chars().next());
    let goes_on = |text: &str, start: &str| {
        rest(text, start) == Some(Some(':'))
            || rest(text, start).is_some_and(|next| next.is_some_and(|next| matches!(next, '-' | '–' | '—')))
    };
    let ends =
        |text: &str, start: &str| rest(text, start).is_some_and(|next| next.is_none_or(|next| !next.is_alphanumeric()));
    let sites = site_names(head, None);
    let at = head.h1.iter().copied().find(|&at| {
        let heading = folded(dom.text(at));
        let is_titled = ends(&whole, &heading);
        let is_other = goes_on(&heading, &stated) || goes_on(&stated, &heading);
        heading.chars().count() >= MIN_HEADLINE && is_titled && is_other && !sites.contains(&heading)
    })?;
    Some(dom.text(at).to_owned())
}

/// A shorter heading may be the site's or its part's name.
const MIN_HEADLINE: usize = 12;

/// The headline that the page shows and its `title` element begins with, where they agree that `og:title`
/// is a shorter one for social networks.
fn fuller(dom: &Dom, head: &Head) -> Option<String> {
    let (social, whole) = (folded(&head.meta_value("og:title")?), folded(head.title.as_deref()?));
    let is_fuller = |heading: &String| heading.len() > social.len() && whole.starts_with(heading.as_str());
    let at = head.h1.iter().copied().find(|&at| is_fuller(&folded(dom.text(at))))?;
    // "Site: Headline" begins with what is no headline.
    (!whole.contains(&social)).then(|| one_line(dom.text(at)))
}

/// Names under which the site may stand in a title.
pub(crate) fn site_names(head: &Head, url: Option<&Url>) -> Vec<String> {
    let mut names: Vec<String> = [
        head.meta_value("og:site_name"),
        head.any_meta(&["application-name", "apple-mobile-web-app-title", "publisher", "dc:publisher"]),
        head.linked.publisher.clone(),
    ]
    .into_iter()
    .flatten()
    .map(|name| folded(name.trim_start_matches('@')))
    .filter(|name| !name.is_empty())
    .collect();
    if let Some(host) = url.and_then(Url::host_str) {
        let host = host.trim_start_matches("www.");
        names.push(host.to_owned());
        names.extend(host.split('.').next().map(str::to_owned));
    }
    names
}

/// The `title` element without its last part, which may be a site's name that nothing else tells.
pub(crate) fn without_last_part(head: &Head) -> Option<String> {
    let whole = head.title.as_deref()?;
    let parts = SEPARATORS.iter().filter_map(|separator| whole.rsplit_once(separator));
    let longest = parts.map(|(first, _)| first.trim()).max_by_key(|first| first.len())?;
    (words(longest) > 2).then(|| longest.to_owned())
}

/// What stands beside the headline in the `title` element: names of the site and of its parts.
pub(crate) fn beside(head: &Head, headline: &str) -> Vec<String> {
    let whole = folded(head.title.as_deref().unwrap_or_default());
    let headline = folded(headline);
    let rest = whole.strip_prefix(&headline).or_else(|| whole.strip_suffix(&headline)).unwrap_or_default();
    let separated = separated(&format!(" {rest} "));
    let parts = separated.split('\u{1f}').map(folded).filter(|part| !part.is_empty());
    if headline.is_empty() { Vec::new() } else { parts.collect() }
}

/// A text with one mark for each separator.
fn separated(text: &str) -> String {
    SEPARATORS.iter().fold(text.to_owned(), |text, separator| text.replace(separator, "\u{1f}"))
}

/// Cuts the site's name off at either end.
pub(crate) fn without_site(title: &str, sites: &[String]) -> String {
    let is_site = |part: &str| {
        let part = folded(part);
        let bare: String = part.chars().filter(|char| char.is_alphanumeric()).collect();
        !part.is_empty()
            && sites.iter().any(|site| {
                part == *site || bare == site.chars().filter(|char| char.is_alphanumeric()).collect::<String>()
            })
    };
    let mut title = title.trim();
    for _ in 0..3 {
        let cut = SEPARATORS.iter().find_map(|separator| {
            if let Some((rest, last)) = title.rsplit_once(separator)
                && is_site(last)
                && !rest.trim().is_empty()
            {
                return Some(rest.trim());
            }
            let (first, rest) = title.split_once(separator)?;
            (is_site(first) && !rest.trim().is_empty()).then(|| rest.trim())
        });
        match cut {
            Some(shorter) => title = shorter,
            None => break,
        }
    }
    title.trim_end_matches(['|', '¶', '»', '«', '-', '–', '—']).trim().to_owned()
}

/// The headline from the `title` element, where nothing better is there: the part that a heading of
/// the page repeats, else what stands before the last separator when that is long enough.
pub(crate) fn from_title_element(dom: &Dom, head: &Head) -> Option<String> {
    named(dom, head).or_else(|| from_title_and_headings(dom, head))
}

/// The headline by the name of its element, on a page without headings whose `title` element names only
/// the site.
fn named(dom: &Dom, head: &Head) -> Option<String> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"tieude|headline|(?:news|article|post|entry|story|detail|lbl|tin|bai)title|titledetail|title(?:news|article)").ok()
    });
    if !head.h1.is_empty() {
        return None;
    }
    let is_named = |at: &usize| {
        let mut named = false;
        dom.each_attr(*at, |name, value| {
            if matches!(name, "class" | "id") && value.len() < 100 {
                let value = value.to_ascii_lowercase().replace(['-', '_'], "");
                named |= NAMED.as_ref().is_some_and(|pattern| pattern.is_match(&value));
            }
        });
        named
    };
    let is_line = |at: &usize| (12..=200).contains(&dom.node(*at).len) && !dom.text(*at).contains('\n');
    let whole = folded(head.title.as_deref().unwrap_or_default());
    let mut found = (1..dom.count()).filter(|at| dom.tag(*at) != Tag::Text).filter(is_line).filter(is_named);
    // "Site - Headline - Section".
    let parts = separated(&whole);
    let is_part = |at: &usize| {
        dom.node(*at).linked == 0 && parts.contains(&format!("\u{1f}{}\u{1f}", separated(&folded(dom.text(*at)))))
    };
    if parts.matches('\u{1f}').count() > 1
        && let Some(at) = found.clone().filter(|at| is_part(at)).max_by_key(|&at| dom.node(at).len)
    {
        return Some(one_line(dom.text(at)));
    }
    let at = found.next().filter(|&at| dom.node(at).linked == 0)?;
    let line = folded(dom.text(at));
    // Where several elements are called so, it is a list.
    let is_alone = found.all(|other| folded(dom.text(other)) == line);
    (is_alone && !whole.contains(&line)).then(|| one_line(dom.text(at)))
}

fn from_title_and_headings(dom: &Dom, head: &Head) -> Option<String> {
    let whole = head.title.clone().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    let headings: Vec<&str> = head.h1.iter().map(|&at| dom.text(at)).filter(|text| !text.is_empty()).collect();
    let Some(whole) = whole else {
        return match headings.as_slice() {
            [only] => Some(one_line(only)),
            _ => None,
        };
    };
    // "The Gazette: Old mill to grind again", where the headline stands in the page as a line of its own.
    if headings.is_empty()
        && let Some((_, last)) = whole.split_once(": ").filter(|(_, last)| words(last) > 2)
        && dom.text(0).lines().any(|line| line.trim() == last)
    {
        return Some(last.to_owned());
    }
    let lower = folded(&whole);
    if let Some(heading) = headings.iter().find(|heading| {
        let heading = folded(heading);
        heading.chars().count() >= 8 && lower.starts_with(&heading)
    }) {
        return Some(one_line(heading));
    }
    // "Headline_Channel_Site", as Chinese papers have it.
    if whole.matches('_').count() > 1
        && let Some((first, _)) = whole.split_once('_')
        && words(first) > 1
    {
        return Some(first.trim().to_owned());
    }
    let cut = SEPARATORS.iter().find_map(|separator| whole.rsplit_once(separator).map(|(first, _)| first.trim()));
    if let Some(first) = cut
        && words(first) > 4
    {
        return Some(first.to_owned());
    }
    if !(15..=150).contains(&whole.chars().count())
        && let [only] = headings.as_slice()
        && words(only) > 4
    {
        return Some(one_line(only));
    }
    Some(whole)
}

fn words(text: &str) -> usize {
    // In scripts without spaces every character counts for a third of a word.
    text.split_whitespace().map(|word| if word.is_ascii() { 1 } else { (word.chars().count() / 3).clamp(1, 8) }).sum()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_how_long_its_headline_is() {
        let read = |h1: &str, title: &str, stated: &str| {
            let prose =
                "<p>The ferry stopped in the middle of the river and declined to go in either direction at all.</p>";
            let html = format!(
                "<title>{title}</title><meta property='og:title' content='{stated}'><h1>{h1}</h1><article>{}</article>",
                prose.repeat(3)
            );
            crate::extract::page(&html, &crate::extract::Options::default()).unwrap().title.unwrap_or_default()
        };
        let (long, short) = ("The water under us: how a quarrel began", "The water under us");
        assert_eq!(read(short, &format!("{short} | The Herald"), long), short);
        assert_eq!(read(long, &format!("{long} | The Herald"), short), long);
        // The site's name before the headline.
        assert_eq!(read("The River Herald", "The River Herald: A ferry stops", "A ferry stops"), "A ferry stops");
    }

    #[test]
    fn a_headline_stands_between_site_and_section() {
        let prose =
            "<p>The ferry stopped in the middle of the river and declined to go in either direction at all.</p>";
        let html = format!(
            "<title>The River Herald - A ferry stops in midstream - Harbour</title><div class='box-headline'>Other sites</div>\
             <span class='headline'>A ferry stops in midstream</span><div class='article-body'>{}</div>",
            prose.repeat(3)
        );
        let title = crate::extract::page(&html, &crate::extract::Options::default()).unwrap().title;
        assert_eq!(title.as_deref(), Some("A ferry stops in midstream"));
    }

    #[test]
    fn the_sites_name_is_cut_off() {
        let sites = ["báo đồng khởi online".to_owned(), "baodongkhoi.example".to_owned()];
        assert_eq!(without_site("Khánh thành cầu mới - Báo Đồng Khởi Online", &sites), "Khánh thành cầu mới");
        assert_eq!(without_site("Báo Đồng Khởi Online | Cầu - đường", &sites), "Cầu - đường");
        assert_eq!(without_site("War - and peace", &sites), "War - and peace");
    }
}
