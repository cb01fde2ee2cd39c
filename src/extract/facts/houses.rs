//! Names that are nobody's: the site's, its newsroom's, or one by which somebody logs in.

use unicode_normalization::UnicodeNormalization;

use crate::extract::byline;
use crate::extract::phrases::folded;
use crate::model::Person;

/// Whether a name is that of the site, of its newsroom, or one by which somebody logs in.
pub(crate) fn is_house(person: &Person, sites: &[String]) -> bool {
    person.name.as_deref().is_some_and(|name| is_site(&folded(name), sites) || byline::is_newsroom(name))
        || has_login_name(person)
}

/// Whether a folded name is one of the site's, is the beginning of one (`Báo Lạc Sơn` of `Báo Lạc Sơn điện tử`), or
/// is how the site's address is written.
fn is_site(name: &str, sites: &[String]) -> bool {
    let is_longer = |site: &String| site.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
    let is_begun = || name.contains(' ') && sites.iter().any(is_longer);
    let written = || slug(name).replace('-', "");
    sites.iter().any(|site| site == name) || is_begun() || !name.is_ascii() && sites.contains(&written())
}

/// A name as addresses have it: without accents, in small letters, `-` between the words.
pub(super) fn slug(name: &str) -> String {
    let plain = name.nfd().flat_map(char::to_lowercase).map(|char| match char {
        'đ' => 'd',
        'ø' => 'o',
        'ł' => 'l',
        'ı' => 'i',
        char => char,
    });
    let plain: String = plain.filter(|char| char.is_ascii_alphanumeric() || char.is_whitespace()).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

pub(super) fn has_login_name(person: &Person) -> bool {
    let name = person.name.as_deref().unwrap_or_default();
    let is_ascii_word = !name.contains(char::is_whitespace) && name.is_ascii();
    is_ascii_word
        && (name.chars().any(|char| char.is_ascii_digit() || char == '_')
            || name.chars().all(|char| char.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_house_goes_by_several_names() {
        let sites = ["nguoixumuong".to_owned(), "báo lạc sơn điện tử".to_owned()];
        for (name, wanted) in
            [("người xứ mường", true), ("báo lạc sơn", true), ("báo lạ", false), ("lê lạc sơn", false)]
        {
            assert_eq!(super::is_site(name, &sites), wanted, "{name}");
        }
    }
}
