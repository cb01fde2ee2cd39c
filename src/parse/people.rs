//! People as RSS writes them: `mail@paper.example (Name)`, `Name <mail@paper.example>`, `Name`.

use super::characters::trim;
use crate::model::Person;

/// A person in one text.
pub(super) fn person(text: &str) -> Option<Person> {
    let text = trim(text);
    if text.is_empty() {
        return None;
    }
    if memchr::memchr3(b'@', b'(', b'<', text.as_bytes()).is_none() {
        return Some(Person::named(text));
    }
    let is_mail = |text: &str| text.contains('@') && !text.contains(char::is_whitespace);
    let tidy = |text: &str| {
        Some(text.trim().trim_matches(['"', '(', ')', '<', '>', ',']).trim().to_owned()).filter(|text| !text.is_empty())
    };
    for (open, close) in [('(', ')'), ('<', '>')] {
        let Some((before, after)) = text.split_once(open) else { continue };
        let inside = after.split(close).next().unwrap_or_default().trim();
        let (before, inside_mail) = (before.trim(), inside.trim_start_matches("mailto:"));
        if is_mail(inside_mail) {
            return Some(Person { name: tidy(before), email: Some(inside_mail.to_owned()), url: None });
        }
        if is_mail(before) {
            return Some(Person { name: tidy(inside), email: Some(before.to_owned()), url: None });
        }
    }
    if is_mail(text) {
        return Some(Person { email: Some(text.trim_start_matches("mailto:").to_owned()), ..Person::default() });
    }
    let mail = text.split_whitespace().find(|word| is_mail(word.trim_matches(['<', '>', '(', ')', ','])));
    match mail {
        Some(mail) => Some(Person { name: tidy(&text.replace(mail, "")), email: tidy(mail), url: None }),
        None => Some(Person::named(text)),
    }
}

/// A person of child elements, else of the element's own text.
pub(super) fn person_element(parts: Option<Person>, text: &str) -> Option<Person> {
    parts.filter(|person| *person != Person::default()).or_else(|| person(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_taken_apart() {
        for text in [
            "me@paper.example (Mai Anh)",
            "Mai Anh <me@paper.example>",
            "Mai Anh (me@paper.example)",
            "Mai Anh me@paper.example",
        ] {
            let person = person(text).unwrap();
            assert_eq!(
                (person.name.as_deref(), person.email.as_deref()),
                (Some("Mai Anh"), Some("me@paper.example")),
                "{text}"
            );
        }
        assert_eq!(person("Mai Anh").unwrap().name.as_deref(), Some("Mai Anh"));
        assert_eq!(person("me@paper.example").unwrap().email.as_deref(), Some("me@paper.example"));
        assert_eq!(person("  "), None);
    }
}
