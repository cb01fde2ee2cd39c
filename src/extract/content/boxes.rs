//! Boxes between the paragraphs whose names tell nothing: told by what they hold.

use super::captions::credit;
use super::hints::Hint;
use super::judge::Judge;
use super::lines::is_headline;
use crate::extract::phrases;
use crate::html::tag::Tag;

/// A box holds no more text than this.
const MAX_TEXT: u32 = 300;
/// A headline with the first lines of its article has no more.
const MAX_TEASER: u32 = 400;
/// And no more nodes.
const MAX_NODES: usize = 100;
/// The label above cards has no more letters, and a headline no fewer.
const MAX_LABEL: u32 = 40;
const MIN_HEADLINE: u32 = 15;
/// A list of files has no more letters, and less text than that comes after it.
const MAX_FILES: u32 = 1500;
const MIN_PROSE: u32 = 80;
/// Nodes after a list of files that are looked at.
const MAX_AFTER: usize = 300;
const FILES: [&str; 14] =
    ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "csv", "zip", "rar", "7z"];
/// A list of contents has so many parts at least; no more are looked at.
const MIN_PARTS: usize = 3;
const MAX_PARTS: usize = 200;
/// Nodes between a list of contents and its label.
const MAX_BEFORE: usize = 12;
const STORES: [&str; 4] = ["app store", "google play", "appgallery", "appstore"];
/// Elements beside a box that are compared with it.
const MAX_SISTERS: usize = 40;

impl Judge<'_> {
    /// Marks the boxes inside the text that are no part of it.
    pub(super) fn boxes(&mut self) {
        self.teasers();
        self.each(|judge, at| {
            let node = judge.dom.node(at);
            if matches!(node.tag, Tag::Ul | Tag::Ol)
                && let Some(label) = judge.label_of_contents(at)
            {
                judge.drop(label, "it stands above the list of the article's parts");
                judge.drop(at, "it lists the article's parts");
                return;
            }
            if matches!(node.tag, Tag::Ul | Tag::Ol | Tag::Table) && judge.lists_files(at) {
                if let Some(label) = judge.label_of_files(at) {
                    judge.drop(label, "it stands above a list of files");
                }
                judge.drop(at, "it lists files to download");
                return;
            }
            if node.len == 0 || node.len > MAX_TEXT || !node.tag.is_block() || judge.dom.inside(at).len() > MAX_NODES {
                return;
            }
            let is_box = matches!(node.tag, Tag::Div | Tag::Section | Tag::Article | Tag::Form);
            if judge.is_controls(at) {
                judge.drop(at, "it holds nothing but controls of the page");
            } else if is_box && judge.asks_for_something(at) {
                judge.drop(at, "it asks its readers for something");
            }
        });
    }

    /// Boxes that each lead to one other article, unless the text is made of them, like a digest.
    fn teasers(&mut self) {
        let mut found: Vec<usize> = Vec::new();
        self.each(|judge, at| {
            let node = judge.dom.node(at);
            let is_inside = found.last().is_some_and(|&last| judge.dom.inside(last).contains(&at));
            let is_small = (1..=MAX_TEASER).contains(&node.len) && judge.dom.inside(at).len() <= MAX_NODES;
            let is_box = matches!(node.tag, Tag::Div | Tag::Section | Tag::Article);
            let leads = || {
                is_box && judge.leads_to_one(at)
                    || (is_box || matches!(node.tag, Tag::Figure | Tag::Ul)) && judge.holds_cards(at)
            };
            if !is_inside && is_small && leads() {
                found.push(at);
            }
        });
        let len: u32 = found.iter().map(|&at| self.dom.node(at).len).sum();
        if len * 3 <= self.dom.node(self.root).len {
            for at in found {
                self.drop(at, "it leads to another article");
            }
        }
    }

    /// Whether all text is in links that lead nowhere: programs of the page listen to them.
    fn is_controls(&self, at: usize) -> bool {
        let mut links = self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::A).peekable();
        if links.peek().is_none() {
            return false;
        }
        let mut acts = false;
        let leads_nowhere = |link: usize| {
            let href = self.dom.attr(link, "href").unwrap_or_default();
            acts |= href == "#" || href.starts_with("javascript:");
            href.starts_with('#') || href.starts_with("javascript:")
        };
        let is_between = |text: usize| !self.dom.text(text).contains(char::is_alphanumeric);
        links.all(leads_nowhere)
            && acts
            && self.texts(at).all(|text| self.is_within(text, at, Tag::A) || is_between(text))
    }

    /// The label above a list of contents, when all text of the list is in links to places in the same page.
    fn label_of_contents(&self, at: usize) -> Option<usize> {
        let is_inner = |link: usize| {
            self.dom.attr(link, "href").is_some_and(|address| address.starts_with('#') && address.len() > 1)
        };
        let mut links = self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::A).take(MAX_PARTS);
        let first = links.by_ref().take(MIN_PARTS).filter(|&link| is_inner(link)).count();
        if first < MIN_PARTS || !links.all(is_inner) || !self.texts(at).all(|text| self.is_within(text, at, Tag::A)) {
            return None;
        }
        let is_text = |&before: &usize| self.dom.tag(before) == Tag::Text && self.dom.node(before).len > 0;
        let text = (self.root + 1..at).rev().take(MAX_BEFORE).find(is_text)?;
        let is_all = |&outer: &usize| self.dom.node(outer).len == self.dom.node(text).len;
        phrases::heads_contents(self.dom.text(text))
            .then(|| self.dom.ancestors(text).take_while(is_all).last().unwrap_or(text))
    }

    /// Whether a list below the text is one of files by their names, and their sizes.
    fn lists_files(&self, at: usize) -> bool {
        let dom = self.dom;
        let node = dom.node(at);
        if node.len == 0 || node.len > MAX_FILES || dom.inside(at).len() > MAX_NODES * 2 {
            return false;
        }
        let is_file = |text: &str| {
            let ending = text.trim().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            ending.is_some_and(|ending| FILES.contains(&ending.as_str()))
        };
        let is_size = |text: &str| {
            let text = text.trim().trim_matches(['(', ')', '[', ']']).to_ascii_lowercase();
            text.starts_with(|char: char| char.is_ascii_digit())
                && ["kb", "mb", "b", "kib", "mib", "ko", "mo", "кб", "мб"].iter().any(|unit| text.ends_with(unit))
        };
        let mut files = 0;
        let fits = self.texts(at).all(|text| {
            let said = dom.text(text);
            let named = is_file(said) && self.is_within(text, at, Tag::A);
            files += usize::from(named);
            named || is_size(said)
        });
        fits && files > 0 && self.is_below_text(node.end)
    }

    /// Whether little of the text comes after a place.
    fn is_below_text(&self, from: usize) -> bool {
        let end = self.dom.node(self.root).end;
        let after = (from..end).take(MAX_AFTER).map(|at| self.dom.node(at)).filter(|node| node.tag == Tag::P);
        end.saturating_sub(from) <= MAX_AFTER && after.map(|node| node.own).sum::<u32>() < MIN_PROSE
    }

    /// The short line before a list of files.
    fn label_of_files(&self, at: usize) -> Option<usize> {
        let is_text = |&before: &usize| self.dom.tag(before) == Tag::Text && self.dom.node(before).len > 0;
        let text = (self.root + 1..at).rev().take(MAX_BEFORE).find(is_text)?;
        let is_all = |&outer: &usize| self.dom.node(outer).len == self.dom.node(text).len;
        let line = self.dom.ancestors(text).take_while(is_all).last().unwrap_or(text);
        (self.dom.node(line).len <= MAX_LABEL && is_headline(self.dom.text(text).trim().trim_end_matches(':')))
            .then_some(line)
    }

    /// Whether a picture and a headline link to the same page.
    fn leads_to_one(&self, at: usize) -> bool {
        let links = || self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::A);
        let address = |link: usize| self.dom.attr(link, "href").filter(|href| !href.starts_with('#'));
        let is_headline = |link: usize| {
            self.dom.node(link).len >= 15
                && (self.dom.ancestors(link).take(3).any(|outer| outer > at && self.dom.tag(outer).heading().is_some())
                    || self.dom.inside(link).any(|inner| self.dom.tag(inner).heading().is_some()))
        };
        let Some(headline) = links().find(|&link| is_headline(link)).and_then(address) else { return false };
        let mut pictured = links().filter(|&link| self.holds_picture(link));
        pictured.any(|link| address(link).is_some_and(|address| address == headline))
    }

    /// Whether all text but a label stands in links, each around a picture and the headline of another article.
    fn holds_cards(&self, at: usize) -> bool {
        let dom = self.dom;
        let node = dom.node(at);
        if node.len > node.linked + MAX_LABEL || dom.inside(at).any(|inner| self.hints.at(inner) == Hint::Caption) {
            return false;
        }
        let is_figure = node.tag == Tag::Figure;
        let is_card = |link: usize| {
            let mut lines = dom.text(link).lines().filter(|line| !line.trim().is_empty());
            let headline = lines.next().unwrap_or_default();
            // A picture may link to its larger self, around its caption as well.
            let has_more = lines.next().is_some() || !is_figure && is_headline(headline) && credit(headline).is_none();
            let leads_on = dom.attr(link, "href").is_some_and(|href| !href.starts_with('#') && !is_picture(&href));
            dom.node(link).len >= MIN_HEADLINE && has_more && leads_on && self.holds_picture(link)
        };
        let mut links =
            dom.inside(at).filter(|&inner| dom.tag(inner) == Tag::A && dom.node(inner).linked > 0).peekable();
        links.peek().is_some() && links.all(is_card)
    }

    /// Whether a text of a few lines ends with a button or has a field for an address. Where several beside
    /// each other do, they are parts of the text with buttons.
    fn asks_for_something(&self, at: usize) -> bool {
        let dom = self.dom;
        let holds = |tag: Tag| dom.inside(at).any(|inner| dom.tag(inner) == tag);
        if self.leads_to_stores(at) {
            return true;
        }
        let is_more = [
            Tag::Img,
            Tag::Pre,
            Tag::Code,
            Tag::Table,
            Tag::Figure,
            Tag::Blockquote,
            Tag::Math,
            Tag::Video,
            Tag::Iframe,
        ];
        if is_more.into_iter().any(holds) {
            return false;
        }
        let in_button = |text: usize| self.is_within(text, at, Tag::Button);
        let in_heading = |text: usize| {
            dom.ancestors(text).take_while(|&outer| outer > at).any(|outer| dom.tag(outer).heading().is_some())
        };
        let says = self.texts(at).any(|text| !in_button(text) && !in_heading(text));
        let is_call = |text: usize| self.is_within(text, at, Tag::A) && phrases::is_call(dom.text(text));
        let ends_with_button =
            self.texts(at).last().is_some_and(|text| in_button(text) && dom.node(text).len > 3 || is_call(text));
        // An address to write to, or answers to choose from: a poll.
        let has_field = dom.inside(at).any(|inner| {
            dom.tag(inner) == Tag::Input
                && dom
                    .attr(inner, "type")
                    .is_some_and(|kind| ["email", "radio"].iter().any(|asking| kind.eq_ignore_ascii_case(asking)))
        });
        says && (ends_with_button || has_field) && !self.has_sisters(at)
    }

    /// Whether pictures of shops for apps are linked: `App Store`, `Google Play`.
    fn leads_to_stores(&self, at: usize) -> bool {
        let pictures = self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::Img);
        let mut named = pictures.filter_map(|picture| self.dom.attr(picture, "alt"));
        named.any(|alt| alt.len() <= 60 && STORES.iter().any(|store| alt.to_ascii_lowercase().contains(store)))
    }

    fn has_sisters(&self, at: usize) -> bool {
        let Some(parent) = self.dom.parent(at) else { return false };
        let (tag, names) = (self.dom.tag(at), self.dom.attr(at, "class"));
        let is_sister =
            |&other: &usize| other != at && self.dom.tag(other) == tag && self.dom.attr(other, "class") == names;
        self.dom.children(parent).take(MAX_SISTERS).any(|other| is_sister(&other))
    }

    fn texts(&self, at: usize) -> impl Iterator<Item = usize> {
        self.dom.inside(at).filter(|&inner| self.dom.tag(inner) == Tag::Text && self.dom.node(inner).len > 0)
    }

    fn is_within(&self, inner: usize, at: usize, tag: Tag) -> bool {
        self.dom.ancestors(inner).take_while(|&outer| outer >= at).any(|outer| self.dom.tag(outer) == tag)
    }
}

/// Whether an address is a picture's, by its ending.
pub(super) fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};

    const PROSE: &str = "<p>The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.</p>";

    fn read(html: &str) -> crate::model::Article {
        let url = "https://paper.example/a".parse().ok();
        let html = format!("<title>A ferry stops</title><article>{PROSE}{PROSE}{html}{PROSE}{PROSE}</article>");
        page(&html, &Options { url, ..Options::default() }).unwrap()
    }

    #[test]
    fn cards_lead_to_other_articles() {
        for html in [
            "<div><div>More from Places</div><a href='/b'><img src='/b.jpg'><span>What we learned from tide tables</span></a>\
             <a href='/c'><img src='/c.jpg'><span>How to read a hedge in winter</span></a></div>",
            "<figure><a href='/b'><div><div>The organ tuner of the fens</div><div>Forty churches and a dog.</div></div><img src='/b.jpg'></a></figure>",
        ] {
            let article = read(html);
            assert_eq!(crate::html::running(&article.content_html).lines().count(), 4, "{html}");
            assert!(article.pictures.is_empty(), "{html}");
        }
    }

    #[test]
    fn a_box_that_ends_with_a_call_is_no_text() {
        let html =
            "<div><div>Get the morning letter.</div><div>Weekdays at six.</div><a href='/letter'>Sign up</a></div>";
        assert_eq!(crate::html::running(&read(html).content_html).lines().count(), 4);
        let html =
            "<div><div>The choir still looks for voices.</div><a href='/choir'>Rehearsals of the choir</a></div>";
        assert!(read(html).content_html.contains("still looks for voices"));
    }

    #[test]
    fn a_poll_is_no_text() {
        let answer = |text: &str| format!("<label><input type='radio' name='o'> {text}</label>");
        let html = format!(
            "<div class='q7'><h4>This week</h4><p>Do you take the ferry?</p><form>{}{}</form><a href='/r'>Results</a></div>",
            answer("Yes, every night"),
            answer("No")
        );
        assert_eq!(crate::html::running(&read(&html).content_html).lines().count(), 4);
    }

    #[test]
    fn a_box_for_an_app_is_no_text() {
        for link in
            ["<a href='#'><img src='/s.svg' alt='Get it on Google Play' width='120'></a>", "<a href='/s'>App Store</a>"]
        {
            let html = format!("<div><p>The Herald on your phone</p>{link}</div>");
            assert_eq!(crate::html::running(&read(&html).content_html).lines().count(), 4, "{link}");
        }
    }

    #[test]
    fn controls_may_have_bars_between_them() {
        let html = "<div><a href='#'>Print</a> | <a href='#'>Send</a> | <a href='#top'>Top</a></div>";
        assert_eq!(crate::html::running(&read(html).content_html).lines().count(), 4);
    }

    #[test]
    fn a_list_of_files_below_the_text_goes_with_its_label() {
        let files = "<table><tr><td><a href='/a'>plan.pdf</a></td><td>812 kB</td></tr></table>";
        let read = |files: &str| {
            let html = format!(
                "<title>A ferry stops</title><article>{PROSE}{PROSE}{PROSE}<p>Attachments</p>{files}</article>"
            );
            page(&html, &Options::default()).unwrap().content_html
        };
        assert_eq!(crate::html::running(&read(files)).lines().count(), 3);
        assert!(
            read("<ul><li><a href='/a.pdf'>The plan for the ferry, with maps</a></li><li>Nothing else</li></ul>")
                .contains("Nothing else")
        );
    }

    #[test]
    fn a_list_of_contents_goes_with_its_label() {
        let parts = "<li><a href='#a'>Chain</a></li><li><a href='#b'>Wheel</a></li><li><a href='#c'>River</a></li>";
        for label in ["<b>Contents</b>", "<h2>目次</h2>", "<p><strong>Neste artigo:</strong></p>"] {
            let html = format!("<div>{label}<ol>{parts}</ol></div>");
            assert_eq!(crate::html::running(&read(&html).content_html).lines().count(), 4, "{label}");
        }
        let html = format!("<div><b>What we need</b><ol>{parts}</ol></div>");
        assert!(read(&html).content_html.contains("Wheel"));
    }

    #[test]
    fn linked_pictures_stay_with_their_captions() {
        for html in [
            "<figure><a href='/photo/1'><img src='/b.jpg'><span>The ferry in midstream on Tuesday</span></a></figure>",
            "<div><a href='/big.jpg'><img src='/b.jpg'><span>The ferry in midstream on Tuesday</span></a></div>",
            "<div><a href='/photo/1'><img src='/b.jpg'></a><p>The ferry in midstream. Photo: Ann Lee</p></div>",
        ] {
            assert_eq!(read(html).pictures.len(), 1, "{html}");
        }
    }
}
