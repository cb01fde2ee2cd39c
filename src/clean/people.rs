//! Who wrote it.

use crate::address;
use crate::html;
use crate::model::{Article, Item, Person};

/// Authors of one entry.
const MOST: usize = 20;
/// A longer name is a sentence.
const NAME: usize = 120;

/// The item's authors, else the page's.
pub(super) fn choose(item: &Item, article: Option<&Article>) -> Vec<Person> {
    let stated = tidy(&item.authors);
    if stated.is_empty() { tidy(article.map(|article| article.authors.as_slice()).unwrap_or_default()) } else { stated }
}

fn tidy(people: &[Person]) -> Vec<Person> {
    let mut tidy: Vec<Person> = Vec::new();
    for person in people.iter().take(MOST) {
        let name =
            person.name.as_deref().map(html::plain).filter(|name| !name.is_empty() && name.chars().count() <= NAME);
        let email = person.email.as_deref().map(str::trim).filter(|email| is_address(email)).map(str::to_owned);
        let url = person.url.as_deref().and_then(|url| address::resolve(url, None)).map(String::from);
        let name = name.or_else(|| email.as_deref().and_then(|email| email.split('@').next()).map(str::to_owned));
        if name.is_some() && !tidy.iter().any(|have| have.name == name) {
            tidy.push(Person { name, email, url });
        }
    }
    tidy
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '(' | ')'))
    })
}
