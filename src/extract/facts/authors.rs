//! Who wrote it.

use super::head::Head;
use super::houses::{has_login_name, is_house};
use crate::extract::byline;
use crate::extract::content::hints::{Hint, Hints};
use crate::extract::content::lines::is_date_line;
use crate::extract::content::scores::Out;
use crate::extract::phrases::{self, folded};
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::Person;

/// The candidates in order of trust, each with its place; those that name nobody but the house, or by
/// which somebody logs in, come last.
pub(crate) fn candidates(
    dom: &Dom,
    head: &Head,
    hints: &Hints,
    out: &Out,
    root: usize,
    sites: &[String],
) -> Vec<(&'static str, Option<Vec<Person>>)> {
    let one_meta = |name: &&str| {
        let values: Vec<String> =
            head.meta_values(name).iter().map(|value| byline::upright(value).into_owned()).collect();
        people(&values)
    };
    let metas = |names: &[&str]| some(names.iter().map(one_meta).find(|people| !people.is_empty()).unwrap_or_default());
    let linked = head.linked.authors.iter().flat_map(|person| {
        let names = byline::names_in(person.name.as_deref().unwrap_or_default());
        let url = person.url.clone().filter(|_| names.len() == 1);
        names.into_iter().map(move |name| Person { name: Some(name), url: url.clone(), email: None })
    });
    let linked: Vec<Person> = linked.filter(is_person).collect();
    let declared = [
        ("JSON-LD author", some(linked)),
        (
            "meta author",
            metas(&[
                "dc:creator",
                "dcterms:creator",
                "dcterm:creator",
                "citation_author",
                "author",
                "article:author_name",
                "articleauthor",
                "content_author",
                "parsely-author",
                "sailthru:author",
                "byl",
                "article:author",
                "og:article:author",
                "twitter:data1:author",
            ]),
        ),
        ("itemprop author", some(marked(dom, head))),
        ("rel=author", some(texts(dom, head.rel_authors.iter().copied()))),
    ];
    let are = |people: &Option<Vec<Person>>, is: &dyn Fn(&Person) -> bool| {
        people.as_ref().is_some_and(|people| people.iter().all(is))
    };
    let (logins, names): (Vec<_>, Vec<_>) = declared.into_iter().partition(|(_, people)| are(people, &has_login_name));
    let is_house = |person: &Person| is_house(person, sites);
    let (houses, mut names): (Vec<_>, Vec<_>) = names.into_iter().partition(|(_, people)| are(people, &is_house));
    if names.iter().all(|(_, people)| people.is_none()) {
        names.push(("an element named as byline", some(named(dom, hints, out, root))));
    }
    names.into_iter().chain(houses).chain(logins).collect()
}

/// Leaves out a newsroom that is named beside people: `Ann Lee and Herald Staff`.
pub(crate) fn without_newsroom(people: &mut Vec<Person>) {
    let is_newsroom = |person: &Person| person.name.as_deref().is_some_and(byline::is_newsroom);
    if !people.iter().all(is_newsroom) {
        people.retain(|person| !is_newsroom(person));
    }
}

/// All whom a byline of the page names together with those that it states: `by Ann Lee and Bo Chan`, where
/// only the first is stated.
pub(crate) fn together(dom: &Dom, head: &Head, hints: &Hints, stated: &[Person], sites: &[String]) -> Vec<Person> {
    let named = (1..dom.count()).filter(|&at| hints.at(at) == Hint::Byline).take(40);
    let linked = head.rel_authors.iter().take(6).filter_map(|&at| dom.parent(at));
    let is_stated = |person: &Person, names: &[String]| {
        person.name.as_deref().is_some_and(|stated| names.iter().any(|name| folded(name) == folded(stated)))
    };
    let names = named.chain(linked).filter(|&at| (1..=160).contains(&dom.node(at).len)).find_map(|at| {
        let names = byline::all_of(dom.text(at))?;
        let is_person = |name: &String| {
            is_full_name(name) && !sites.contains(&folded(name)) && byline::organisation(name).is_none()
        };
        let is_more = names.len() > stated.len() && names.iter().all(is_person);
        (is_more && stated.iter().all(|person| is_stated(person, &names))).then_some(names)
    });
    let known =
        |name: &String| stated.iter().find(|person| person.name.as_deref().is_some_and(|n| folded(n) == folded(name)));
    let names = names.unwrap_or_default();
    names.iter().map(|name| known(name).cloned().unwrap_or_else(|| Person::named(name.clone()))).collect()
}

/// The name of a portrait, when an author's is the same in another case: Greek bylines say `Της Μαρίας
/// Καλογήρου` of Μαρία Καλογήρου.
pub(crate) fn as_portrayed(dom: &Dom, name: &str) -> Option<String> {
    if name.is_ascii() || !is_full_name(name) {
        return None;
    }
    let inflected = |word: &str, other: &str| {
        let same = word.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
        same >= 2 && word.chars().count().abs_diff(other.chars().count()) <= 1 && same + 2 >= word.chars().count()
    };
    let is_of = |alt: &String| {
        let (words, others) = (name.split_whitespace(), alt.split_whitespace());
        alt != name
            && words.clone().count() == others.clone().count()
            && words.zip(others).all(|(word, other)| inflected(word, other))
    };
    let portraits = (1..dom.count()).filter(|&at| dom.tag(at) == Tag::Img).take(MAX_PORTRAITS);
    portraits.filter_map(|at| dom.attr(at, "alt")).map(|alt| alt.trim().to_owned()).find(is_of)
}

/// Pictures of a page that may be portraits of its authors.
const MAX_PORTRAITS: usize = 200;
pub(super) fn is_full_name(name: &str) -> bool {
    // Names are written in one word where words have few letters.
    let is_short_word = || (2..=4).contains(&name.chars().count()) && name.chars().all(byline::is_wide);
    is_short_word() && phrases::of(name).is_none() || is_name_of_words(name)
}

fn is_name_of_words(name: &str) -> bool {
    (2..=5).contains(&name.split_whitespace().count()) && byline::looks_like_name(name) && phrases::of(name).is_none()
}

/// Who is named below the body: `Posted by NAME | Comments`.
pub(crate) fn below(dom: &Dom, hints: &Hints, body: usize) -> Vec<Person> {
    let is_over = |at: &usize| hints.at(*at) == Hint::Comments || dom.tag(*at).heading().is_some();
    let nodes = (dom.node(body).end..dom.count()).take(MAX_BELOW).take_while(|at| !is_over(at));
    let is_line = |at: &usize| {
        let node = dom.node(*at);
        node.tag != Tag::Text && node.len <= 160 && node.own == node.len && node.own > 0
    };
    let posted = nodes.filter(is_line).find_map(|at| {
        let line = dom.text(at).split(['|', '·', '•', '\n']).next().unwrap_or_default().trim();
        let start = line
            .get(..10)
            .is_some_and(|start| start.eq_ignore_ascii_case("posted by ") || start.eq_ignore_ascii_case("posted by:"));
        let names = if start { byline::names_in(line) } else { Vec::new() };
        (!names.is_empty() && names.iter().all(|name| byline::looks_like_name(name))).then_some(names)
    });
    posted.unwrap_or_default().into_iter().map(Person::named).collect()
}

/// Nodes below a body that are looked at.
const MAX_BELOW: usize = 60;

/// The organisation in the second line of the only author's byline.
pub(crate) fn organisation(dom: &Dom, head: &Head, hints: &Hints, author: &str) -> Option<Person> {
    let named = (1..dom.count()).filter(|&at| hints.at(at) == Hint::Byline && dom.tag(at).is_block()).take(40);
    let linked =
        head.rel_authors.iter().take(6).filter_map(|&at| dom.ancestors(at).take(3).find(|&at| dom.tag(at).is_block()));
    let wanted = folded(author);
    let second = named.chain(linked).filter(|&at| (1..=160).contains(&dom.node(at).len)).find_map(|at| {
        let mut lines = dom.text(at).lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().filter(|line| byline::names_in(line).iter().any(|name| folded(name) == wanted))?;
        let second = lines.next().filter(|second| *second != first)?;
        byline::organisation(second)
    });
    second.map(Person::named)
}

fn some(people: Vec<Person>) -> Option<Vec<Person>> {
    (!people.is_empty()).then_some(people)
}

fn people(values: &[String]) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for value in values.iter().filter(|value| !value.contains("://") && value.len() < 300) {
        for name in byline::names_in(value) {
            let person = Person::named(name);
            if is_person(&person) && !found.contains(&person) {
                found.push(person);
            }
        }
    }
    found
}

fn is_person(person: &Person) -> bool {
    person.name.as_deref().is_some_and(|name| {
        !name.is_empty()
            && name.chars().count() <= 80
            && !matches!(
                name.to_lowercase().as_str(),
                "admin" | "administrator" | "root" | "editor" | "user" | "guest" | "unknown" | "null" | "undefined"
            )
    })
}

fn texts(dom: &Dom, nodes: impl Iterator<Item = usize>) -> Vec<Person> {
    let texts: Vec<String> = nodes
        .take(6)
        .map(|at| dom.text(at).to_owned())
        .filter(|text| !text.is_empty() && text.chars().count() < 100)
        .collect();
    people(&texts)
}

fn marked(dom: &Dom, head: &Head) -> Vec<Person> {
    let authors: Vec<usize> = head.marked_as("author").collect();
    let name_in = |author: usize| head.marked_as("name").find(|&name| dom.inside(author).contains(&name));
    texts(dom, authors.into_iter().map(|author| name_in(author).unwrap_or(author)))
}

/// The short element nearest to the text that the page calls byline or author; those that are out
/// come last.
fn named(dom: &Dom, hints: &Hints, out: &Out, root: usize) -> Vec<Person> {
    let is_out = |at: usize| {
        std::iter::once(at).chain(dom.ancestors(at)).any(|outer| out.get(outer).is_some_and(Option::is_some))
    };
    let is_short = |at: &usize| hints.at(*at) == Hint::Byline && (2..=100).contains(&dom.node(*at).len);
    let short: Vec<usize> = (1..dom.count()).filter(is_short).take(200).collect();
    let (outside, mut inside): (Vec<usize>, Vec<usize>) = short.into_iter().partition(|&at| is_out(at));
    // Bylines stand near the text, before it more often than after it.
    inside.sort_by_key(|at| if *at <= root { root - at } else { 2 * (at - root) });
    // Each of several names may have an element of its own inside.
    let whole = |at: usize| {
        let outer = dom.ancestors(at).take(2).filter(|outer| is_short(outer));
        outer
            .last()
            .map(|outer| names_of(dom, outer))
            .filter(|names| !names.is_empty())
            .unwrap_or_else(|| names_of(dom, at))
    };
    inside.into_iter().chain(outside).map(whole).find(|found| !found.is_empty()).unwrap_or_default()
}

/// How elements that hold authors are called.
const NAMES: [&str; 17] = [
    "byline",
    "author",
    "tacgia",
    "tac-gia",
    "reporter",
    "journalist",
    "autor",
    "auteur",
    "firma",
    "szerzo",
    "yazar",
    "muhabir",
    "penulis",
    "avtor",
    "forfatter",
    "skribent",
    "contributor",
];
/// What they are called when they say where an author is, or what.
const BESIDE_NAMES: [&str; 6] = ["location", "place", "role", "jobtitle", "job-title", "position"];

fn names_of(dom: &Dom, at: usize) -> Vec<Person> {
    let called = dom.attr(at, "class").unwrap_or_default() + " " + &dom.attr(at, "id").unwrap_or_default();
    let called = called.to_ascii_lowercase();
    if !NAMES.iter().any(|name| called.contains(name)) || BESIDE_NAMES.iter().any(|name| called.contains(name)) {
        return Vec::new();
    }
    if let Some(found) = byline::line(dom.text(at)).filter(|found| !found.authors.is_empty()) {
        return found.authors.into_iter().map(Person::named).filter(is_person).collect();
    }
    let is_name = |person: &Person| person.name.as_deref().is_some_and(byline::looks_like_name);
    // Buttons may follow without a space.
    let linked = dom.inside(at).find(|&inner| dom.tag(inner) == Tag::A).map(|link| dom.text(link));
    let is_glued =
        |name: &&str| dom.text(at).strip_prefix(name).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    if let Some(name) = linked.filter(|name| is_full_name(name)).filter(is_glued) {
        return people(&[name.to_owned()]);
    }
    // After the date come buttons.
    let lines: Vec<&str> = dom.text(at).lines().collect();
    let names = lines.iter().take_while(|line| !is_date_line(line)).copied().collect::<Vec<_>>().join("\n");
    let text = if names.trim().is_empty() { dom.text(at).to_owned() } else { names };
    people(&[text]).into_iter().filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, page};

    const PROSE: &str = "<p>The ferry stopped in the middle of the river and declined to go in either direction, and nobody aboard could say why it did.</p>";

    /// Who wrote a page with these lines between headline and text, and this below it.
    fn authors(head: &str, above: &str, below: &str) -> Vec<String> {
        let html = format!(
            "<title>A ferry stops - The Herald</title><meta property='og:site_name' content='The Herald'>{head}\
             <body><h1>A ferry stops</h1>{above}<div class='article-body'>{PROSE}{PROSE}{PROSE}{below}</div>"
        );
        let url = "https://paper.example/a".parse().ok();
        let article = page(&html, &Options { url, ..Options::default() }).unwrap();
        article.authors.into_iter().filter_map(|person| person.name).collect()
    }

    #[test]
    fn a_house_gives_way_to_people() {
        let house = "<meta name='author' content='The Herald'>";
        let newsroom = "<meta name='author' content='Newsroom'>";
        assert_eq!(authors(house, "", ""), ["The Herald"]);
        assert_eq!(authors(house, "<div>By Ann Lee</div>", ""), ["Ann Lee"]);
        assert_eq!(authors(newsroom, "<p><a href='/author/ann-lee'>Ann Lee</a></p>", ""), ["Ann Lee"]);
        assert_eq!(authors(house, "", "<p align='right'><b>Ann Lee</b></p>"), ["Ann Lee"]);
        assert_eq!(authors(house, "", "<p><em>Theo TTXVN</em></p>"), ["TTXVN"]);
        assert_eq!(authors("<meta name='author' content='Bo Chan'>", "", "<p><em>Theo TTXVN</em></p>"), ["Bo Chan"]);
    }

    #[test]
    fn an_organisation_gives_way_to_people() {
        let house = "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"headline\": \"A ferry stops\",\
                     \"author\": {\"@type\": \"Organization\", \"name\": \"River Print Company\"}}</script>";
        assert_eq!(authors(house, "", ""), ["River Print Company"]);
        assert_eq!(authors(house, "<span class='author'>Ann Lee</span>", ""), ["Ann Lee"]);
        let buttons = "<div class='author'><a href='/ann'>Ann Lee</a><span><a href='#c'>2 COMMENTS</a><a href='#'>SHARE</a></span></div>";
        assert_eq!(authors("", buttons, ""), ["Ann Lee"]);
    }

    #[test]
    fn a_newsroom_stands_beside_people() {
        let house = "<meta name='author' content='The Herald'>";
        let people = "<div><div><h6>Ann Lee</h6>, <h6>Bo Chan</h6></div><span>Tim Redaksi</span></div>";
        assert_eq!(authors(house, people, ""), ["Ann Lee", "Bo Chan"]);
        assert_eq!(authors(house, "<div><div>Harbour Wall</div><div>Old Town</div></div>", ""), ["The Herald"]);
        let both = "<meta name='author' content='Ann Lee and Herald Staff'>";
        assert_eq!(authors(both, "", ""), ["Ann Lee"]);
        assert_eq!(authors("<meta name='author' content='Herald Staff'>", "", ""), ["Herald Staff"]);
        assert_eq!(authors("<meta name='author' content='Bo Chan and Ann Staff'>", "", ""), ["Bo Chan", "Ann Staff"]);
    }

    #[test]
    fn pages_of_people_carry_their_names() {
        let house = "<meta name='author' content='The Herald'>";
        let people = "<div><div><img src='/a.jpg'><a href='/av/ann-lee'>Ann Lee</a></div>\
                      <div><a href='/av/bo-chan/'>Bo Chan</a></div></div>";
        assert_eq!(authors(house, people, ""), ["Ann Lee", "Bo Chan"]);
        assert_eq!(authors(house, "<div><a href='/topics/harbour-wall'>Harbour Wall</a></div>", ""), ["The Herald"]);
    }

    #[test]
    fn buttons_after_the_date_are_no_names() {
        let above =
            "<div class='author-bar'><div>Ann Lee</div><div>11/06/2026 08:30</div><div>Copy Link Like</div></div>";
        assert_eq!(authors("", above, ""), ["Ann Lee"]);
    }

    #[test]
    fn a_byline_names_all_whom_the_page_states_in_part() {
        let stated = "<meta name='author' content='Ann Lee'>";
        let byline = |line: &str| authors(stated, &format!("<div class='byline'>{line}</div>"), "");
        assert_eq!(byline("by Ann Lee and Bo Chan"), ["Ann Lee", "Bo Chan"]);
        assert_eq!(byline("Ann Lee, reviewed by Bo Chan"), ["Ann Lee"]);
        assert_eq!(byline("Ann Lee / The Herald"), ["Ann Lee"]);
        assert_eq!(byline("Ann Lee, Associated Press"), ["Ann Lee"]);
    }

    #[test]
    fn a_portrait_has_the_name_as_it_is() {
        let byline =
            "<div class='author'><img src='/m.jpg' width='40' alt='Μαρία Καλογήρου'>Της Μαρίας Καλογήρου</div>";
        assert_eq!(authors("", byline, ""), ["Μαρία Καλογήρου"]);
        assert_eq!(authors("", "<div class='author'>Της Μαρίας Καλογήρου</div>", ""), ["Μαρίας Καλογήρου"]);
    }

    #[test]
    fn a_mail_address_is_no_second_author() {
        let stated = "<meta name='author' content='By Ann Lee | alee@paper.example'>";
        assert_eq!(authors(stated, "", ""), ["Ann Lee"]);
    }
}
