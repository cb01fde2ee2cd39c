//! Who is named between the headline and the body, where nothing states it.

use super::authors::is_full_name;
use super::houses::slugs;
use crate::extract::byline;
use crate::extract::content::scores::Out;
use crate::html::dom::Dom;
use crate::html::tag::Tag;
use crate::model::Person;

/// Nodes between headline and body that are looked at.
const MAX_BETWEEN: usize = 2000;

/// Nodes from a portrait to the name.
const MAX_BESIDE: usize = 12;

/// Who is named between the headline and the body, in order of trust.
pub(crate) fn candidates(dom: &Dom, out: &Out, headline: usize, body: usize) -> [Vec<Person>; 4] {
    [
        between(dom, out, headline, body),
        linked(dom, out, headline, body),
        beside_portrait(dom, headline, body),
        beside_newsroom(dom, out, headline, body),
    ]
}

/// Who is named between the headline and the body, whatever the element is called.
fn between(dom: &Dom, out: &Out, headline: usize, body: usize) -> Vec<Person> {
    let is_line = |at: &usize| {
        let node = dom.node(*at);
        let is_out = out.get(*at).is_some_and(Option::is_some);
        node.tag.is_block() && node.own > 0 && node.own == node.len && node.len <= 160 && node.end <= body && !is_out
    };
    let lines = (dom.node(headline).end..body).take(MAX_BETWEEN).filter(is_line);
    let named = lines.map(|at| dom.text(at)).map(|text| match byline::line(text) {
        Some(found) => found.authors,
        None => byline::labelled(text),
    });
    named
        .map(|names| names.into_iter().map(Person::named).collect())
        .find(|names: &Vec<_>| !names.is_empty())
        .unwrap_or_default()
}

/// Whom a small box between the headline and the body names beside what they are: `Ann Lee`, below it `Newsroom`.
fn beside_newsroom(dom: &Dom, out: &Out, headline: usize, body: usize) -> Vec<Person> {
    let is_box = |at: &usize| {
        let node = dom.node(*at);
        let is_out = out.get(*at).is_some_and(Option::is_some);
        node.tag.is_block() && (1..=160).contains(&node.len) && node.own < node.len && node.end <= body && !is_out
    };
    let boxes = (dom.node(headline).end..body).take(MAX_BETWEEN).filter(is_box);
    let named = boxes.map(|at| {
        let lines = dom.text(at).lines().map(|line| line.trim_matches([' ', ',', '|', '·', '•']));
        let (roles, names): (Vec<&str>, Vec<&str>) = lines
            .filter(|line| !line.is_empty())
            .partition(|line| byline::is_newsroom(line) || byline::is_position(line));
        let are_names = !roles.is_empty() && names.iter().all(|name| is_full_name(name));
        if are_names { names.into_iter().map(str::to_owned).collect() } else { Vec::new() }
    });
    let names = named.into_iter().find(|names: &Vec<_>| !names.is_empty()).unwrap_or_default();
    names.into_iter().take(MAX_LINKED).map(Person::named).collect()
}

/// Who is named by a link to a page of their own between the headline and the body.
fn linked(dom: &Dom, out: &Out, headline: usize, body: usize) -> Vec<Person> {
    let is_out = |at: &usize| out.get(*at).is_some_and(Option::is_some);
    let links = (dom.node(headline).end..body).take(MAX_BETWEEN).filter(|at| dom.tag(*at) == Tag::A && !is_out(at));
    let (mut named, mut places): (Vec<String>, Vec<String>) = Default::default();
    for link in links {
        let address = dom.attr(link, "href").unwrap_or_default().to_ascii_lowercase();
        let [name] = byline::names_in(dom.text(link)).try_into().unwrap_or_default();
        let is_place = PLACES.iter().any(|place| address.contains(place))
            || own_page(&address, &name).is_some_and(|place| {
                let is_known = places.iter().any(|known| known == place);
                if !is_known && is_beside_portrait_or_address(dom, link) {
                    places.push(place.to_owned());
                }
                places.iter().any(|known| known == place)
            });
        if is_place && is_full_name(&name) && !named.contains(&name) {
            named.push(name);
        }
    }
    named.into_iter().take(MAX_LINKED).map(Person::named).collect()
}

/// Where the page of somebody stands, when the last part of its address is the name: `/people/ann-lee`.
fn own_page<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let (place, last) = address.trim_end_matches('/').rsplit_once('/')?;
    (name.contains(' ') && slugs(name).iter().any(|slug| slug == last)).then_some(place)
}

/// Whether a link stands in a small box with a picture, or with a mail address.
fn is_beside_portrait_or_address(dom: &Dom, link: usize) -> bool {
    let mut around = dom.ancestors(link).take(2).take_while(|&around| dom.node(around).len <= 120);
    around.any(|around| {
        dom.text(around).contains('@') || dom.inside(around).take(MAX_BESIDE).any(|inner| dom.tag(inner) == Tag::Img)
    })
}

/// Where sites keep the pages of their authors.
const PLACES: [&str; 20] = [
    "/author/",
    "/authors/",
    "/autor/",
    "/autores/",
    "/autoren/",
    "/auteur/",
    "/auteurs/",
    "/autore/",
    "/autori/",
    "/szerzo/",
    "/tac-gia/",
    "/penulis/",
    "/yazar/",
    "/muhabir/",
    "/reporter/",
    "/staff/",
    "/contributor/",
    "/contributors/",
    "/journalist/",
    "/profile/",
];
/// More links are a list of all authors.
const MAX_LINKED: usize = 6;

/// The name beside a portrait between the headline and the body, when the portrait's text is the same.
fn beside_portrait(dom: &Dom, headline: usize, body: usize) -> Vec<Person> {
    let nodes = || (dom.node(headline).end..body).take(MAX_BETWEEN);
    let portraits = nodes().filter(|&at| dom.tag(at) == Tag::Img);
    let named = portraits.filter_map(|at| {
        let name = dom.attr(at, "alt").map(|alt| alt.trim().to_owned()).filter(|name| is_full_name(name))?;
        let is_beside = |&text: &usize| dom.tag(text) == Tag::Text && dom.text(text).trim() == name;
        (at + 1..body).take(MAX_BESIDE).any(|text| is_beside(&text)).then_some(name)
    });
    named.take(1).map(Person::named).collect()
}
