//! Names of authors, as people write them.

mod beside;
mod roles;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::phrases::{composed, folded};
use beside::{MAX_BESIDE, is_credential, is_label};
pub(crate) use beside::{
    asking, before_address, in_brackets, is_address, is_initials, is_newsroom, is_position, organisation,
};
use roles::{Role, role_of};

/// Who a byline names, by what they did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Byline {
    /// Who wrote.
    pub(crate) authors: Vec<String>,
    /// Who took the pictures, when only that is said.
    pub(crate) photographers: Vec<String>,
    /// Where it was taken from.
    pub(crate) sources: Vec<String>,
    /// Who edited it.
    pub(crate) editors: Vec<String>,
}

const MAX_BYLINE: usize = 160;
const MAX_NAME_WORDS: usize = 6;
const MAX_NAMES: usize = 12;

/// Reads a line that is nothing but a byline: `Bài, ảnh: Hoàng Lam`, `Theo TTXVN`, `By Ann Lee and Bo Chan`.
pub(crate) fn line(text: &str) -> Option<Byline> {
    let text = composed(text);
    let text = text
        .trim()
        .trim_start_matches(['(', '[', '（', '【', '*', '-', '–', '—'])
        .trim_end_matches([')', ']', '）', '】', '.', '*'])
        .trim();
    if text.is_empty() || text.chars().count() > MAX_BYLINE || text.contains('\n') && text.lines().count() > 3 {
        return None;
    }
    if let Some((first, rest)) = text.split_once('\n') {
        return two_lines(first, rest);
    }
    if let Some(authors) = reporting(text).or_else(|| titled(text)) {
        return Some(Byline { authors, ..Byline::default() });
    }
    let mut byline = Byline::default();
    // Several roles on one line: `Bài: Lan Anh - Ảnh: Quốc Huy`, `Bài: Lan Anh; Ảnh: Quốc Huy`.
    for part in parts(text) {
        let (roles, names) = roles_and_names(part)?;
        let names = names_in(names);
        if names.is_empty() || !names.iter().all(|name| looks_like_name(name)) {
            return None;
        }
        match roles {
            Role::Author => byline.authors.extend(names),
            Role::Photo => byline.photographers.extend(names),
            Role::Source => byline.sources.extend(names),
            Role::Editor => byline.editors.extend(names),
        }
    }
    (byline != Byline::default()).then_some(byline)
}

/// The names in `本报记者 周晓岚 实习生 何苗`, as Chinese papers end their articles.
fn reporting(text: &str) -> Option<Vec<String>> {
    const ROLES: [&str; 8] = ["记者", "記者", "通讯员", "通訊員", "实习生", "見習記者", "见习记者", "特约记者"];
    if text.chars().count() > 60 {
        return None;
    }
    let mut words = text.split([' ', '\u{3000}', '、', '，', ',', '/', ':', '：']).filter(|word| !word.is_empty());
    let first = words.next()?;
    let is_role = |word: &str| ROLES.iter().any(|role| word.ends_with(role)) && word.chars().count() <= 10;
    let is_name = |word: &&str| (2..=4).contains(&word.chars().count()) && word.chars().all(is_wide);
    let names: Vec<&str> = words.filter(|word| !is_role(word)).collect();
    (is_role(first) && !names.is_empty() && names.iter().all(is_name))
        .then(|| names.into_iter().map(str::to_owned).collect())
}

/// The names in `김서연 기자`, `김서연·이도윤 기자`, as Korean papers have them.
fn titled(text: &str) -> Option<Vec<String>> {
    const TITLES: [&str; 5] = ["선임기자", "객원기자", "인턴기자", "특파원", "기자"];
    let names = TITLES.iter().find_map(|title| text.strip_suffix(title))?;
    let is_hangul = |char: char| ('\u{ac00}'..='\u{d7af}').contains(&char);
    let is_name = |name: &&str| (2..=4).contains(&name.chars().count()) && name.chars().all(is_hangul);
    let names: Vec<&str> =
        names.split([' ', '·', ',', '/']).filter(|name| !matches!(*name, "" | "기자" | "기자명")).collect();
    ((1..=MAX_NAMES).contains(&names.len()) && names.iter().all(is_name))
        .then(|| names.into_iter().map(str::to_owned).collect())
}

/// A byline whose further lines name other people, an organisation, or what is no name: a position, a
/// date, a place.
fn two_lines(first: &str, rest: &str) -> Option<Byline> {
    let mut found = if role_of(first.trim().trim_end_matches(':')).is_some() || folded(first) == "by" {
        return line(&format!("{} {}", first.trim(), rest.replace('\n', " ")));
    } else {
        line(first)?
    };
    for text in rest.lines().map(str::trim).filter(|text| !text.is_empty()) {
        if let Some(organisation) = organisation(text) {
            found.authors.push(organisation);
        } else if let Some(more) = line(text) {
            found.authors.extend(more.authors);
            found.photographers.extend(more.photographers);
            found.sources.extend(more.sources);
            found.editors.extend(more.editors);
        } else if text.chars().count() > MAX_BESIDE {
            return None;
        }
    }
    Some(found)
}

/// Cuts a line before each further `role:`.
fn parts(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    for (at, char) in text.char_indices() {
        if !matches!(char, '-' | '–' | ';' | '|' | '\n' | '/' | ',' | '.' | '，' | '；') && !char.is_whitespace() {
            continue;
        }
        let after = at + char.len_utf8();
        let rest = text.get(after..).unwrap_or_default();
        let names_before = text.get(cuts.last().copied().unwrap_or(0)..at).unwrap_or_default().contains([':', '：']);
        if names_before && rest.split_once([':', '：']).is_some_and(|(label, _)| role_of(label).is_some()) {
            cuts.push(after);
        }
    }
    cuts.push(text.len());
    let between = |pair: &[usize]| text.get(*pair.first()?..*pair.last()?);
    cuts.windows(2)
        .filter_map(between)
        .map(|part| {
            part.trim_matches(|char: char| {
                char.is_whitespace() || matches!(char, '-' | '–' | ';' | '|' | '/' | ',' | '.' | '，' | '；')
            })
        })
        .filter(|part| !part.is_empty())
        .collect()
}

fn roles_and_names(part: &str) -> Option<(Role, &str)> {
    let colon = part.split_once([':', '：', '＝', '=']);
    if let Some((label, names)) = colon
        && let Some(role) = role_of(label)
    {
        return Some((role, names.trim()));
    }
    let begins = |label: &str| {
        part.get(..label.len()).is_some_and(|start| start.chars().flat_map(char::to_lowercase).eq(label.chars()))
    };
    if let Some((label, role)) = roles::SPOKEN.iter().find(|(label, _)| begins(label)) {
        let names = part.get(label.len()..).unwrap_or_default().trim();
        return names.chars().next().filter(|char| !char.is_lowercase()).map(|_| (*role, names));
    }
    // Without a colon only these, and only before a capital letter: "Theo TTXVN", "By Ann Lee".
    let (first, rest) = part.split_once(char::is_whitespace)?;
    let role = match folded(first).as_str() {
        "theo" | "via" | "nguồn" => Role::Source,
        "by" | "par" | "von" | "por" | "oleh" | "door" | "av" => Role::Author,
        "bài" | "tin" if rest.contains(" - ") => return None,
        _ => return None,
    };
    rest.trim_start().chars().next().filter(|char| char.is_uppercase())?;
    // "Por Ana Souza — Tefé", "Por Ana Souza | Tefé": what stands after a dash is a place, as is a word after a bar.
    let after_bar = || rest.split_once(" | ").filter(|(names, place)| names.contains(' ') && !place.contains(' '));
    let after_dash = rest.split_once(" — ").or_else(|| rest.split_once(" – "));
    let names = after_dash.or_else(after_bar).map_or(rest, |(names, _)| names);
    Some((role, names.trim()))
}

static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\s*(?:[;|/&•·、，\n]|,\s*(?:and|và|und|et|y|e)\s|,|\s[-–—]\s|\s(?:and|và|und|et|y|e|i|и|with|en)\s)\s*",
    )
    .ok()
});
static LEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:(?:written|posted|published|reported|words|story|text|edited|created|submitted)\s+)?by|from|author|tác giả|bởi|par|von|por|di|oleh|door|av|του|της|γράφει (?:ο|η)|autor|автор|作者|記者|记者|penulis|reporter|كتب|كتبت|بقلم|إعداد|تحرير|โดย)\s*(?:[:：]\s*|\s+|$)").ok()
});
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:\([^()]*\)?\s*$|\bfollow\b.*|\S*@\w+.*|\b(?:on|at|updated|published|posted)\b[:：]?\s.*\d.*|\d{1,2}[:h/.]\d{2}.*|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d.*|\b\d{4}\b.*|\b(?:staff writer|contributor|correspondent|senior editor|editor|associate editor|reporter)\b.*|(?:기자|특파원)\s*)$").ok()
});

/// The names in a byline of unknown form; labels, dates and professions taken away.
pub(crate) fn names_in(text: &str) -> Vec<String> {
    let text: String = composed(text).chars().take(400).collect();
    let text = replace(&LEADING, reporters(text.trim()), "");
    let joined = replace(&BETWEEN, &text, "\u{1f}");
    let mut names: Vec<String> = Vec::new();
    for part in joined.split('\u{1f}') {
        let name = replace(&AFTER, &replace(&LEADING, part, ""), "");
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name
            .trim_matches(|char: char| {
                matches!(char, ',' | '-' | '–' | '—' | ':' | '|' | '*' | '"' | '“' | '”' | '(' | ')' | '[' | ']')
            })
            .trim();
        if name.chars().next().is_some_and(|first| !first.is_ascii_digit())
            && name.chars().any(char::is_alphabetic)
            && !is_credential(name)
            && !is_label(name)
            && !names.iter().any(|known| known == name)
            && names.len() < MAX_NAMES
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// The names of a byline that is nothing but these and the words between them.
pub(crate) fn all_of(text: &str) -> Option<Vec<String>> {
    const BETWEEN_NAMES: &[&str] = &[
        "by", "and", "và", "und", "et", "y", "e", "en", "och", "og", "i", "и", "với", "von", "par", "por", "di",
        "door", "av", "af", "oleh", "bởi",
    ];
    let names = names_in(text);
    let rest = names.iter().fold(composed(text).split_whitespace().collect::<Vec<_>>().join(" "), |rest, name| {
        rest.replacen(name.as_str(), " ", 1)
    });
    let mut words = rest.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    (!names.is_empty() && words.all(|word| BETWEEN_NAMES.contains(&word.to_lowercase().as_str()))).then_some(names)
}

/// A name that libraries write family name first: `Kooman, F.`, `Jong, Michiel de`. Two names with a comma
/// between them have two words each, or none of them ends with an initial or a particle.
pub(crate) fn upright(name: &str) -> Cow<'_, str> {
    let is_particle =
        |word: &str| matches!(word, "de" | "van" | "von" | "der" | "den" | "di" | "da" | "la" | "le" | "ter");
    let Some((family, given)) = name.split_once(',').map(|(family, given)| (family.trim(), given.trim())) else {
        return Cow::Borrowed(name);
    };
    let last = given.split_whitespace().next_back().unwrap_or_default();
    let is_initial = last.chars().count() <= 2 && last.ends_with('.');
    let is_inverted = !given.contains([',', ';', '&', '|']) && (is_initial || is_particle(last));
    if is_inverted && !family.is_empty() && family.split_whitespace().count() <= 2 {
        Cow::Owned(format!("{given} {family}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The names after a label in a line of several facts: `2024-03-05 14:30 来源：日报 作者：周明`.
pub(crate) fn labelled(text: &str) -> Vec<String> {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:作者|记者|記者|tác giả|автор|autora?|auteur|penulis|author)\s*[:：]\s*([^|;·•\n]{2,60})")
            .ok()
    });
    if text.chars().count() > MAX_BYLINE {
        return Vec::new();
    }
    let found = LABEL.as_ref().and_then(|label| label.captures(text)).and_then(|parts| parts.get(1));
    let names = found.map(|names| names.as_str().trim()).unwrap_or_default();
    // Chinese and Japanese names have no spaces.
    let names = if names.starts_with(is_wide) { names.split_whitespace().next().unwrap_or_default() } else { names };
    names_in(names).into_iter().filter(|name| looks_like_name(name)).collect()
}

/// Whether a letter is one of a script that writes a word in few of them.
pub(crate) fn is_wide(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The names in `Paper 記者陳小梅／台北報導`.
fn reporters(text: &str) -> &str {
    let named = ["記者", "记者"].iter().find_map(|role| text.split_once(role)).map(|(_, names)| names);
    match named.and_then(|names| names.split_once(['／', '/'])) {
        Some((names, _)) if !names.trim().is_empty() => names.trim(),
        _ => text,
    }
}

/// Whether a text can be the name of a person, paper or agency.
pub(crate) fn looks_like_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let count = name.chars().count();
    if words.is_empty() || words.len() > MAX_NAME_WORDS || !(2..=60).contains(&count) || name.contains("://") {
        return false;
    }
    if name.chars().any(|char| matches!(char, '?' | '!' | '"' | '“' | '”' | '…' | ';'))
        || name.chars().filter(char::is_ascii_digit).count() > 2
    {
        return false;
    }
    let starts_small = |word: &&&str| word.chars().next().is_some_and(char::is_lowercase);
    let small = words.iter().filter(starts_small).count();
    // Particles and places are written small: "Jan van der Berg", "Báo ảnh Việt Nam".
    small * 2 <= words.len()
        && !words.first().is_some_and(|word| word.chars().all(char::is_lowercase) && words.len() > 3)
}

fn replace(pattern: &LazyLock<Option<Regex>>, text: &str, with: &str) -> String {
    match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, with).into_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    fn authors(text: &str) -> Vec<String> {
        line(text).unwrap_or_default().authors
    }

    #[test]
    fn vietnamese_bylines() {
        assert_eq!(authors("Bài, ảnh: Hoàng Lam"), ["Hoàng Lam"]);
        assert_eq!(authors(&"Bài và ảnh: Hoàng Lam".nfd().collect::<String>()), ["Hoàng Lam"]);
        assert_eq!(authors("Tin, ảnh: Cẩm Trúc - Thạch Thảo"), ["Cẩm Trúc", "Thạch Thảo"]);
        assert_eq!(authors("Bài, ảnh: Lê Đệ, Ph. Hân và Trung Hiếu"), ["Lê Đệ", "Ph. Hân", "Trung Hiếu"]);
        let two = line("Bài: Lan Anh - Ảnh: Quốc Huy").unwrap();
        assert_eq!((two.authors, two.photographers), (vec!["Lan Anh".to_owned()], vec!["Quốc Huy".to_owned()]));
        assert_eq!(line("Theo TTXVN").unwrap().sources, ["TTXVN"]);
        assert_eq!(line("(Nguồn: Báo Nhân Dân)").unwrap().sources, ["Báo Nhân Dân"]);
        assert_eq!(authors("（本报记者 周晓岚 实习生 何苗）"), ["周晓岚", "何苗"]);
        assert_eq!(authors("记者 在现场看到，雨已经停了"), Vec::<String>::new());
        assert_eq!(line("Με πληροφορίες από ΑΠΕ-ΜΠΕ").unwrap().sources, ["ΑΠΕ-ΜΠΕ"]);
        assert_eq!(line("【责任编辑：林小雨】").unwrap().editors, ["林小雨"]);
        assert_eq!(labelled("2024年03月05日 14:30 来源：江北晚报 作者：周明 字号"), ["周明"]);
        assert_eq!(authors("김서연 기자"), ["김서연"]);
        assert_eq!(authors("기자명 김서연 기자"), ["김서연"]);
        assert_eq!(authors("김서연 기자, 이도윤 기자"), ["김서연", "이도윤"]);
        assert_eq!(authors("그는 20년 경력의 기자"), Vec::<String>::new());
        assert_eq!(authors("เรื่อง: ณัฐธิดา แก้วมณี ภาพ: ปรีชา อ่อนน้อม"), ["ณัฐธิดา แก้วมณี"]);
        assert_eq!(authors("Por Ana Souza — Tefé"), ["Ana Souza"]);
        assert_eq!(authors("Por Ana Souza | Tefé"), ["Ana Souza"]);
        assert_eq!(authors("By Ann Lee | Bo Chan"), ["Ann Lee", "Bo Chan"]);
        assert_eq!(line("Ảnh: Thu Huyền").unwrap().photographers, ["Thu Huyền"]);
    }

    #[test]
    fn bylines_of_two_lines() {
        assert_eq!(authors("By Kelli Miller\nWebMD Health News"), ["Kelli Miller", "WebMD Health News"]);
        assert_eq!(authors("By JANE DOE\nAssociated Press"), ["JANE DOE", "Associated Press"]);
        assert_eq!(authors("By Harold Finch\nStaff Writer"), ["Harold Finch"]);
        assert_eq!(authors("By Harold Finch\nTimes Staff Writer"), ["Harold Finch"]);
        assert_eq!(authors("By Harold Finch\nMarch 5, 2004"), ["Harold Finch"]);
        assert_eq!(authors("By Harold Finch\nAlbany, N.Y."), ["Harold Finch"]);
        assert_eq!(authors("By\nHarold Finch"), ["Harold Finch"]);
        assert_eq!(authors("Posted by Ann Lee"), ["Ann Lee"]);
        assert_eq!(before_address("박서윤 기자 seoyoon@paper.example").as_deref(), Some("박서윤 기자"));
        assert_eq!(before_address("Write to the editor at news@paper.example."), None);
    }

    #[test]
    fn sentences_are_no_bylines() {
        assert_eq!(
            line(
                "Theo Phó bí thư Thường trực Thành ủy Võ Thanh Hồng, thời gian tới, thành phố sẽ tiếp tục triển khai."
            ),
            None
        );
        assert_eq!(line("Tin: hôm nay trời mưa to ở nhiều nơi trong tỉnh"), None);
        assert_eq!(line("By the river we sat down"), None);
        assert_eq!(line("Posted by the door, the sign said no"), None);
    }

    #[test]
    fn names_with_the_family_first_are_turned() {
        for (name, wanted) in [
            ("Kooman, F.", "F. Kooman"),
            ("Jong, Michiel de", "Michiel de Jong"),
            ("Ann Lee, Bo Chan", "Ann Lee, Bo Chan"),
            ("Lan, Huệ", "Lan, Huệ"),
            ("Lee, A., Chan, B.", "Lee, A., Chan, B."),
        ] {
            assert_eq!(upright(name), wanted);
        }
    }

    #[test]
    fn names_of_unknown_form() {
        assert_eq!(names_in("By Ann Lee and Bo Chan"), ["Ann Lee", "Bo Chan"]);
        assert_eq!(names_in("By\n\t\t\tScott Cunningham"), ["Scott Cunningham"]);
        assert_eq!(names_in("By Brenda Goodman, MA"), ["Brenda Goodman"]);
        assert_eq!(names_in("Par Sébastien Farcis"), ["Sébastien Farcis"]);
        assert!(names_in("Published: 14:12 BST, 19 July 2024 | Updated: 16:40 BST, 19 July 2024").is_empty());
        assert_eq!(names_in("Posted by Ann Lee at 9:10 PM"), ["Ann Lee"]);
        assert_eq!(names_in("山城日報 記者陳小梅、林大明／台北報導"), ["陳小梅", "林大明"]);
        assert_eq!(names_in("김하늘 기자"), ["김하늘"]);
        assert_eq!(names_in("كتبت: ليلى منصور"), ["ليلى منصور"]);
    }
}
