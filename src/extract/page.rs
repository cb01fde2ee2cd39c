//! A web page to its article: facts and text put together.

use super::content::choose::Choice;
use super::content::hints::Hints;
use super::content::judge::{Judged, Known, Place};
use super::content::lead;
use super::content::scores::{self, Out, Trust};
use super::content::{self, Taken};
use super::facts::{self, above, authors, dates, head::Head, houses, rest, title};
use super::phrases::folded;
use super::stated::{self, Stated};
use super::{ExtractError, Options, byline, pager, wall};
use crate::address;
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::{Article, Finding, Person};

/// A shorter description of a page is none.
const MIN_DESCRIPTION: usize = 30;
/// A block with so much text of its own is a paragraph of the text.
const PROSE: u32 = 80;
/// A longer first paragraph is no lead.
const MAX_LEAD: u32 = 300;
const RULE: &str = "the source's rules";

/// A page being read.
struct Page<'a> {
    dom: Dom,
    head: Head,
    hints: Hints,
    /// What is no part of the article.
    out: Out,
    options: &'a Options,
    article: Article,
}

/// Reads a page.
pub(super) fn read(html: &str, options: &Options) -> Result<Article, ExtractError> {
    let dom = Dom::parse(html);
    let head = Head::of(&dom, options.url.as_ref());
    let hints = Hints::of(&dom);
    let out = vec![None; dom.count()];
    let mut page = Page { dom, head, hints, out, options, article: Article::default() };
    if !page.dom.whole {
        page.note("content", "the page is nested too deeply or too large, and was read in part");
    }
    page.remove()?;
    let stated = Stated::of(&page.dom, &page.head);
    let (choice, is_shown) = match page.content(stated.as_ref()) {
        Err(ExtractError::NoArticle) if stated.is_some() => (page.whole()?, false),
        choice => (choice?, true),
    };
    page.note("content", choice.why);
    page.title()?;
    page.authors(choice.at)?;
    let mut known = page.known();
    let base = page.head.base.clone();
    let headline = page.headline(choice.at, &known).filter(|_| options.rules.content.is_none());
    let lead = headline.map(|headline| page.lead(choice.at, headline, &known.described)).unwrap_or_default();
    let above = headline
        .map(|headline| (headline, page.first_prose(choice.at)))
        .or_else(|| page.above_inside(choice.at, &known));
    if let Some((headline, text)) = above {
        page.people_above(headline, text, &known.sites);
    }
    for person in &mut page.article.authors {
        let portrayed = person.name.as_deref().and_then(|name| authors::as_portrayed(&page.dom, name));
        person.name = portrayed.or(person.name.take());
    }
    if let [only] = page.article.authors.as_slice()
        && let Some(name) = &only.name
        && let Some(organisation) = authors::organisation(&page.dom, &page.head, &page.hints, name)
        && !houses::is_house(&organisation, &known.sites)
    {
        page.article.authors.push(organisation);
        page.note("author", "the second line of the byline");
    }
    known.authors = names(&page.article);
    let mut taken = content::take(&page.dom, &page.hints, &mut page.out, choice.at, Place::Page, &known, base.as_ref());
    if let Some(headline) = headline.filter(|_| !taken.html.is_empty()) {
        page.lead_picture(choice.at, headline, &mut taken);
        taken.html.insert_str(0, &lead);
    }
    if let Some(stated) = stated
        && options.rules.content.is_none()
        && (!is_shown || page.hides(&stated, &taken.html))
    {
        page.take_stated(&stated, &mut taken)?;
    }
    if page.article.authors.is_empty() && taken.judged.byline.authors.is_empty() {
        page.article.authors = authors::below(&page.dom, &page.hints, choice.at);
        if !page.article.authors.is_empty() {
            page.note("author", "a byline below the text");
        }
    }
    page.dates(&taken.judged, above.map_or(choice.at, |(headline, _)| headline))?;
    page.finish(taken, choice, &known.sites)
}

impl Page<'_> {
    fn note(&mut self, field: &'static str, why: &str) {
        self.article.findings.push(Finding { field, why: why.to_owned() });
    }

    fn select(&self, selector: &str) -> Result<Vec<usize>, ExtractError> {
        self.dom.select(selector).ok_or_else(|| ExtractError::Selector(selector.to_owned()))
    }

    /// The first element that the admin's selector matches; None when there is no selector.
    fn ruled(&self, selector: Option<&String>) -> Result<Option<usize>, ExtractError> {
        let Some(selector) = selector else { return Ok(None) };
        match self.select(selector)?.first() {
            Some(&at) => Ok(Some(at)),
            None => Err(ExtractError::NoMatch(selector.clone())),
        }
    }

    fn remove(&mut self) -> Result<(), ExtractError> {
        for selector in &self.options.rules.remove {
            for at in self.select(selector)? {
                if let Some(mark) = self.out.get_mut(at) {
                    *mark = Some("the source's rules remove it");
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, stated: Option<&Stated>) -> Result<Choice, ExtractError> {
        // What is named is taken even where its own name speaks against it.
        if let Some(at) = self.ruled(self.options.rules.content.as_ref())? {
            scores::mark_foreign(&self.dom, &self.hints, Trust::Names, &mut self.out);
            stated::unmark(&self.dom, &mut self.out, at);
            return Ok(Choice { at, why: RULE });
        }
        let found = content::find(&self.dom, &self.hints, &mut self.out);
        let Some(at) = stated.and_then(|stated| stated.elsewhere(&self.dom, found.map(|choice| choice.at))) else {
            return found.ok_or(ExtractError::NoArticle);
        };
        if found.is_none() {
            scores::mark_foreign(&self.dom, &self.hints, Trust::Names, &mut self.out);
        }
        stated::unmark(&self.dom, &mut self.out, at);
        Ok(Choice { at, why: "it holds the text that the page states in JSON-LD" })
    }

    /// All of a page in which nothing reads like an article.
    fn whole(&mut self) -> Result<Choice, ExtractError> {
        let at = (1..self.dom.count()).find(|&at| self.dom.tag(at) == Tag::Body).ok_or(ExtractError::NoArticle)?;
        scores::mark_foreign(&self.dom, &self.hints, Trust::Names, &mut self.out);
        Ok(Choice { at, why: "nothing in the page reads like an article" })
    }

    /// Whether the page shows much less of its article than it states, other than to those who pay.
    fn hides(&self, stated: &Stated, shown: &str) -> bool {
        let (title, content_html) = (self.article.title.clone(), shown.to_owned());
        let article = Article { title, content_html, ..Article::default() };
        stated.is_fuller_than(shown) && wall::of(&self.dom, &article, false).is_none()
    }

    /// Takes the text that the page states instead of the one it shows.
    fn take_stated(&mut self, stated: &Stated, taken: &mut Taken) -> Result<(), ExtractError> {
        let article = fragment(&stated.html(), self.article.title.clone(), self.options)?;
        taken.html = article.content_html;
        taken.pictures = article.pictures;
        self.note(
            "content",
            "the text that the page states in JSON-LD was taken, since the page shows less than half of it",
        );
        Ok(())
    }

    fn title(&mut self) -> Result<(), ExtractError> {
        let ruled = self.ruled(self.options.rules.title.as_ref())?.map(|at| one_line(self.dom.text(at)));
        let sites = title::site_names(&self.head, self.options.url.as_ref());
        let tidy = |value: Option<String>| {
            value.map(|value| title::without_site(&one_line(&value), &sites)).filter(|value| !value.is_empty())
        };
        let mut places = title::candidates(&self.dom, &self.head);
        places.push(("the title element and the headings", title::from_title_element(&self.dom, &self.head)));
        let places = places.into_iter().map(|(place, value)| (place, tidy(value)));
        let findings = &mut self.article.findings;
        self.article.title = facts::first("title", findings, std::iter::once((RULE, ruled)).chain(places));
        let subtitle =
            self.head.linked.subtitle.clone().filter(|subtitle| Some(subtitle) != self.article.title.as_ref());
        self.article.subtitle = facts::first("subtitle", findings, [("JSON-LD alternativeHeadline", subtitle)]);
        Ok(())
    }

    fn authors(&mut self, root: usize) -> Result<(), ExtractError> {
        let names = self.ruled(self.options.rules.author.as_ref())?.map(|at| byline::names_in(self.dom.text(at)));
        let ruled = names.filter(|names| !names.is_empty()).map(|names| names.into_iter().map(Person::named).collect());
        let sites = self.sites();
        let is_ruled = ruled.is_some();
        let candidates = authors::candidates(&self.dom, &self.head, &self.hints, &self.out, root, &sites);
        let places = std::iter::once((RULE, ruled)).chain(candidates);
        let authors = facts::first("author", &mut self.article.findings, places).unwrap_or_default();
        let together = authors::together(&self.dom, &self.head, &self.hints, &authors, &sites);
        self.article.authors = authors;
        if !is_ruled && !self.article.authors.is_empty() && !together.is_empty() {
            self.article.authors = together;
            self.note("author", "a byline that names more than those");
        }
        if !is_ruled {
            authors::without_newsroom(&mut self.article.authors);
        }
        Ok(())
    }

    /// The headline and the first paragraph, where the element that holds the text holds the headline, too.
    fn above_inside(&self, body: usize, known: &Known) -> Option<(usize, usize)> {
        let inside = self.dom.inside(body);
        // Older pages have their headline in another element than a heading.
        let is_title = |at: &usize| {
            let node = self.dom.node(*at);
            node.tag != Tag::Text && (8..=300).contains(&node.len) && known.titles.contains(&folded(self.dom.text(*at)))
        };
        let headings = self.head.h1.iter().copied().filter(|at| inside.contains(at));
        let headline = headings.chain(inside.clone().take(lead::NODES)).find(is_title)?;
        let below = self.dom.node(headline).end..inside.end;
        self.prose_below_lead(below).map(|text| (headline, text))
    }

    /// The first paragraph, or the second where the first may be a lead: bylines stand below leads, too.
    fn prose_below_lead(&self, nodes: std::ops::Range<usize>) -> Option<usize> {
        let mut prose = nodes.take(lead::NODES).filter(|&at| self.is_prose(at));
        let first = prose.next()?;
        if self.dom.node(first).len <= MAX_LEAD { prose.next().or(Some(first)) } else { Some(first) }
    }

    fn is_prose(&self, at: usize) -> bool {
        let node = self.dom.node(at);
        node.tag.is_block() && node.own >= PROSE && node.own_linked * 2 < node.own
    }

    /// The first paragraph of a body: bylines may stand above it inside.
    fn first_prose(&self, body: usize) -> usize {
        self.prose_below_lead(self.dom.inside(body)).unwrap_or(body)
    }

    /// Where nobody is stated, or nobody but the house, the people between the headline and the body count.
    fn people_above(&mut self, headline: usize, body: usize, sites: &[String]) {
        let are_people = self.article.authors.iter().any(|person| !houses::is_house(person, sites));
        if are_people || self.options.rules.author.is_some() && !self.article.authors.is_empty() {
            return;
        }
        let is_people = |people: &Vec<Person>| people.iter().any(|person| !houses::is_house(person, sites));
        let found = above::candidates(&self.dom, &self.out, headline, body).into_iter().find(is_people);
        if let Some(mut found) = found {
            found.retain(|person| !houses::is_house(person, sites));
            self.article.authors = found;
            self.note("author", "a byline between the headline and the body");
        }
    }

    /// Under which names the site goes.
    fn sites(&self) -> Vec<String> {
        let mut sites = title::site_names(&self.head, self.options.url.as_ref());
        sites.extend(self.head.linked.houses.iter().map(|house| folded(house)));
        sites.extend(self.article.title.iter().flat_map(|headline| title::beside(&self.head, headline)));
        sites
    }

    fn dates(&mut self, judged: &Judged, headline: usize) -> Result<(), ExtractError> {
        let (dom, head, zone) = (&self.dom, &self.head, self.options.timezone);
        let ruled = self.ruled(self.options.rules.date.as_ref())?.and_then(|at| dates::of_element(dom, at, zone));
        let published =
            dates::published(dom, head, &self.hints, judged.date, headline, self.options.url.as_ref(), zone);
        let places = std::iter::once((RULE, ruled)).chain(published);
        let findings = &mut self.article.findings;
        self.article.published = facts::first("date", findings, places);
        if let Some(stated) = self.article.published.filter(|_| ruled.is_none())
            && let Some(finer) = dates::finer(dom, head, &self.hints, headline, stated, zone)
        {
            self.article.published = Some(finer);
            findings.push(Finding { field: "date", why: "the time of that day that the page has elsewhere".into() });
        }
        self.article.modified = facts::first("modified", findings, dates::modified(dom, head, zone));
        Ok(())
    }

    /// The headline above the body.
    fn headline(&self, body: usize, known: &Known) -> Option<usize> {
        let is_title = |at: &&usize| known.titles.contains(&folded(self.dom.text(**at)));
        let above = |at: &&usize| self.dom.node(**at).end <= body;
        let headings = || self.head.h1.iter().filter(above);
        // Older pages have their headline in another element, and their own name in the heading.
        let is_line = |at: &usize| {
            let node = self.dom.node(*at);
            node.tag != Tag::Text && node.own == node.len && (8..=300).contains(&node.len) && node.linked == 0
        };
        let line = || {
            (1..body)
                .rev()
                .take(lead::NODES)
                .filter(is_line)
                .find(|at| above(&at) && is_title(&at) && !self.is_out(*at))
        };
        headings().rev().find(is_title).copied().or_else(line).or_else(|| headings().next_back().copied())
    }

    fn is_out(&self, at: usize) -> bool {
        let is_marked = |at: usize| self.out.get(at).is_some_and(Option::is_some);
        is_marked(at) || self.dom.ancestors(at).any(is_marked)
    }

    /// The lead, where it stands between the headline and the body.
    fn lead(&mut self, body: usize, headline: usize, described: &[String]) -> String {
        let found = lead::above(&self.dom, &self.hints, &self.out, body, headline, described);
        if found.is_text {
            self.note("content", "the lead stands between the headline and the body");
            return content::take_lead(&self.dom, &mut self.out, &found.paragraphs, self.head.base.as_ref());
        }
        if let (None, [deck]) = (&self.article.subtitle, found.paragraphs.as_slice()) {
            self.article.subtitle = Some(one_line(self.dom.text(*deck)));
            self.note("subtitle", "the line below the headline");
        }
        String::new()
    }

    /// Puts the picture between headline and body before the text.
    fn lead_picture(&self, body: usize, headline: usize, taken: &mut Taken) {
        let base = self.head.base.as_ref();
        let (dom, hints, out) = (&self.dom, &self.hints, &self.out);
        let stated = [self.head.linked.image.clone(), self.head.meta_value("og:image")].into_iter().flatten();
        let stated: Vec<String> =
            stated.filter_map(|text| address::resolve(&text, base)).map(|url| content::pictures::key(&url)).collect();
        let found = content::take_lead_picture(dom, hints, out, (headline, body), &taken.pictures, &stated, base);
        if let Some((html, pictures)) = found {
            taken.html.insert_str(0, &html);
            taken.pictures.splice(0..0, pictures);
        }
    }

    fn known(&self) -> Known {
        let headings = self.head.h1.iter().take(1).map(|&at| self.dom.text(at).to_owned());
        let declared = [
            self.head.title.clone(),
            title::without_last_part(&self.head),
            self.head.meta_value("og:title"),
            self.head.linked.title.clone(),
        ];
        let sites = self.sites();
        let described = ["description", "og:description", "twitter:description"].map(|name| self.head.meta_value(name));
        let described = described.into_iter().flatten().chain(self.head.linked.description.clone());
        let described = described.map(|said| folded(&said)).filter(|said| said.len() >= MIN_DESCRIPTION).collect();
        Known { sites, described, ..known(&self.article, headings.chain(declared.into_iter().flatten()), self.options) }
    }

    /// A house that is named as author gives way to the people whom a byline in its text names.
    fn prefer_people(&mut self, judged: &Judged, sites: &[String]) {
        let named = &judged.byline;
        let is_source = |person: &Person| person.name.as_ref().is_some_and(|name| named.sources.contains(name));
        let is_house = |person: &Person| is_source(person) || houses::is_house(person, sites);
        let is_signed = !named.authors.is_empty() || judged.signature.is_some() || !named.sources.is_empty();
        if is_signed && self.options.rules.author.is_none() && self.article.authors.iter().all(is_house) {
            self.article.authors.clear();
        }
    }

    fn finish(mut self, taken: Taken, choice: Choice, sites: &[String]) -> Result<Article, ExtractError> {
        if taken.html.is_empty() {
            return Err(ExtractError::NoArticle);
        }
        self.prefer_people(&taken.judged, sites);
        if let (None, Some(deck)) = (&self.article.subtitle, &taken.judged.subtitle) {
            self.article.subtitle = Some(deck.clone());
            self.note("subtitle", "the line of display above the text");
        }
        add(taken, &mut self.article);
        let next = pager::next_page(&self.dom, self.options.url.as_ref(), self.head.base.as_ref());
        self.article.next_page = next.map(String::from);
        let text = self.dom.text(choice.at);
        rest::add(&self.dom, &self.head, text, self.options.url.as_ref(), &mut self.article);
        self.article.wall = wall::of(&self.dom, &self.article, self.article.paywalled);
        Ok(self.article)
    }
}

/// Reads HTML that is nothing but an article: everything in it belongs, except bylines and the like.
/// Without `title`, a heading at its beginning is the title.
pub(super) fn fragment(html: &str, title: Option<String>, options: &Options) -> Result<Article, ExtractError> {
    let dom = Dom::parse(html);
    let body = (1..dom.count()).find(|&at| dom.tag(at) == Tag::Body).ok_or(ExtractError::NoArticle)?;
    let first = dom.children(body).find(|&at| dom.node(at).len > 0);
    let heading = first.filter(|&at| dom.tag(at) == Tag::H1).map(|at| one_line(dom.text(at)));
    let mut article = Article { title: title.or(heading), ..Article::default() };
    let known = known(&article, std::iter::empty(), options);
    let hints = Hints::of(&dom);
    let mut out = vec![None; dom.count()];
    let taken = content::take(&dom, &hints, &mut out, body, Place::Document, &known, options.url.as_ref());
    if taken.html.is_empty() {
        return Err(ExtractError::NoArticle);
    }
    article.published = taken.judged.date;
    add(taken, &mut article);
    article.lead_image = article.pictures.first().map(|picture| picture.url.clone());
    article.summary = rest::lead(&article.content_html);
    Ok(article)
}

fn known(article: &Article, titles: impl Iterator<Item = String>, options: &Options) -> Known {
    let titles = article.title.iter().cloned().chain(titles).map(|title| folded(&title));
    Known {
        titles: titles.filter(|title| !title.is_empty()).collect(),
        authors: names(article),
        zone: options.timezone,
        ..Known::default()
    }
}

/// The folded names of an article's authors.
fn names(article: &Article) -> Vec<String> {
    article.authors.iter().filter_map(|person| person.name.as_deref()).map(folded).collect()
}

/// Adds the text, and what its closing lines say of authors.
fn add(taken: Taken, article: &mut Article) {
    let Taken { html, pictures, judged, left_out } = taken;
    article.content_html = html;
    article.pictures = pictures;
    article.left_out = left_out;
    let named = judged.byline;
    let places = [
        ("the byline in the text", named.authors),
        ("the name below the text", judged.signature.into_iter().collect()),
        ("the source named below the text", named.sources),
        ("the editor named below the text", named.editors),
    ];
    if article.authors.is_empty()
        && let Some((why, names)) = places.into_iter().find(|(_, names)| !names.is_empty())
    {
        article.authors = names.into_iter().map(Person::named).collect();
        article.findings.push(Finding { field: "author", why: why.to_owned() });
    }
    if let [photographer] = named.photographers.as_slice() {
        for picture in article.pictures.iter_mut().filter(|picture| picture.credit.is_none()) {
            picture.credit = Some(photographer.clone());
        }
    }
}

/// White space folded; the wide space of Chinese and Japanese headlines stays.
fn one_line(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() && char != '\u{3000}');
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.trim().to_owned()
}
