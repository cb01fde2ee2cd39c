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
    let is_longer = |site: &String| site.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.']));
    let is_begun = || name.chars().count() >= MIN_NAME && sites.iter().any(is_longer);
    let written = || slugs(name)[0].replace('-', "");
    sites.iter().any(|site| site == name) || is_begun() || !name.is_ascii() && sites.contains(&written())
}

/// A shorter name may be that of somebody who has a site of their own.
const MIN_NAME: usize = 6;

/// A name as addresses have it, without accents, in small letters, `-` between the words: with one letter for
/// each of the name (`kruger`), and with two as German and Scandinavian ones (`krueger`).
pub(super) fn slugs(name: &str) -> [String; 2] {
    let written = |two: bool| {
        let mut plain = String::with_capacity(name.len());
        for char in name.nfc().flat_map(char::to_lowercase) {
            match char {
                'ä' | 'æ' if two => plain.push_str("ae"),
                'ö' | 'ø' if two => plain.push_str("oe"),
                'ü' if two => plain.push_str("ue"),
                'å' if two => plain.push_str("aa"),
                'ß' => plain.push_str("ss"),
                'đ' => plain.push('d'),
                'ø' => plain.push('o'),
                'ł' => plain.push('l'),
                'ı' => plain.push('i'),
                char if char.is_whitespace() || char == '-' => plain.push(' '),
                char => plain.extend(char.nfd().filter(char::is_ascii_alphanumeric)),
            }
        }
        plain.split_whitespace().collect::<Vec<_>>().join("-")
    };
    [written(false), written(true)]
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
    fn names_in_addresses() {
        assert_eq!(super::slugs("Jana Krüger"), ["jana-kruger", "jana-krueger"]);
        assert_eq!(super::slugs("Đỗ Thị Ánh-Tuyết")[0], "do-thi-anh-tuyet");
    }

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
