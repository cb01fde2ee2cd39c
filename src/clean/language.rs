//! Languages as BCP 47 writes them.

/// Letters below which a guess is no guess.
const ENOUGH: usize = 60;

/// A stated language in its usual writing (`vi`, `en-US`); None for what is no tag.
pub fn tidy(text: &str) -> Option<String> {
    let mut parts = text.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    let is_primary =
        (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase()) && primary != "und";
    if !is_primary {
        return None;
    }
    let mut tag = primary;
    for part in parts.take(3) {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 => tag.extend(
                part.chars()
                    .enumerate()
                    .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }),
            ),
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

/// The first stated language, unless the text is surely in another script's language; else a guess.
pub(super) fn choose(stated: [Option<&str>; 4], text: &str) -> Option<String> {
    let stated = stated.into_iter().flatten().find_map(tidy);
    let guessed = guess(text);
    match (stated, guessed) {
        // Templates of content management systems say "en" in every country.
        (Some(stated), Some("vi")) if stated.starts_with("en") => Some("vi".to_owned()),
        (Some(stated), _) => Some(stated),
        (None, guessed) => guessed.map(str::to_owned),
    }
}

fn guess(text: &str) -> Option<&'static str> {
    let sample: String = text.chars().take(2000).collect();
    if sample.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH {
        return None;
    }
    let found = whatlang::detect(&sample)?;
    let is_sure = found.is_reliable() || (found.lang() == whatlang::Lang::Vie && found.confidence() > 0.5);
    is_sure.then(|| code(found.lang())).flatten()
}

/// The shortest code, as BCP 47 wants it, of languages that are told apart well.
fn code(language: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match language {
        Lang::Vie => "vi",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ell => "el",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Tur => "tr",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Tha => "th",
        Lang::Khm => "km",
        Lang::Kor => "ko",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Ind => "id",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_tidied() {
        assert_eq!(tidy("EN_us").as_deref(), Some("en-US"));
        assert_eq!(tidy("zh-hant-tw").as_deref(), Some("zh-Hant-TW"));
        assert_eq!(tidy("Vietnamese"), None);
        assert_eq!(tidy("und"), None);
    }

    #[test]
    fn a_template_that_says_english_is_not_believed_of_vietnamese() {
        let text = "Những năm qua, các ấp trong xã đã vận động người dân hiến đất làm đường, góp công xây cầu mới.";
        assert_eq!(choose([Some("en"), None, None, None], text).as_deref(), Some("vi"));
        assert_eq!(choose([None, None, None, None], text).as_deref(), Some("vi"));
        assert_eq!(choose([None, None, Some("fr"), None], "bref"), Some("fr".to_owned()));
    }
}
