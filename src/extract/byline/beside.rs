//! What stands beside names in bylines: organisations, positions, letters of degrees, labels.

use super::looks_like_name;
use super::roles::role_of;
use crate::extract::phrases::folded;

/// A date, place or position in a byline has no more letters.
pub(super) const MAX_BESIDE: usize = 60;

/// The organisation that a line below a byline names: `WebMD Health News`, `Associated Press`.
pub(crate) fn organisation(text: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "news",
        "press",
        "times",
        "post",
        "herald",
        "journal",
        "tribune",
        "gazette",
        "chronicle",
        "daily",
        "media",
        "wire",
        "newswire",
        "service",
        "agency",
        "bureau",
        "network",
        "radio",
        "television",
        "tv",
        "university",
        "institute",
        "foundation",
        "magazine",
        "review",
        "reuters",
        "afp",
        "ap",
        "upi",
        "dpa",
        "bbc",
        "cnn",
        "npr",
        "báo",
        "đài",
        "thông tấn",
        "ttxvn",
        "tạp chí",
        "agence",
        "agencia",
        "agência",
        "agentur",
        "zeitung",
    ];
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = folded(&text);
    let has_word = line.split(' ').any(|word| WORDS.contains(&word)) || line.starts_with("thông tấn");
    let is_plain = !text.contains([',', ':', '|', '/', '@', '.']) && !text.chars().any(|char| char.is_ascii_digit());
    (has_word && is_plain && !is_position(&text) && looks_like_name(&text)).then_some(text)
}

/// Whether a line says what somebody is: `Staff Writer`, `Of the Herald staff`.
pub(crate) fn is_position(text: &str) -> bool {
    const POSITIONS: &[&str] = &[
        "writer",
        "writers",
        "staff",
        "reporter",
        "correspondent",
        "contributor",
        "contributing",
        "editor",
        "columnist",
        "columnists",
        "critic",
        "freelance",
        "intern",
        "photographer",
        "producer",
        "redakteur",
        "redakteurin",
        "rédacteur",
        "rédactrice",
        "redactor",
        "redactora",
        "journaliste",
        "journalist",
        "repórter",
    ];
    text.chars().count() <= MAX_BESIDE && folded(text).split(' ').any(|word| POSITIONS.contains(&word))
}

/// Whether a name is that of a newsroom, whoever sits there: `Redactie`, `Ban biên tập`.
pub(crate) fn is_newsroom(name: &str) -> bool {
    const NEWSROOMS: &[&str] = &[
        "redactie",
        "redaktion",
        "die redaktion",
        "redaktionen",
        "redazione",
        "la redazione",
        "redacción",
        "la redacción",
        "redação",
        "da redação",
        "rédaction",
        "la rédaction",
        "редакция",
        "редакція",
        "redakcja",
        "redakce",
        "redakcia",
        "szerkesztőség",
        "toimitus",
        "newsroom",
        "news desk",
        "newsdesk",
        "news team",
        "web desk",
        "web team",
        "online desk",
        "staff",
        "our staff",
        "staff report",
        "staff reporter",
        "staff writer",
        "editorial team",
        "editorial staff",
        "editors",
        "the editors",
        "ban biên tập",
        "tòa soạn",
        "toà soạn",
        "phóng viên",
        "nhóm phóng viên",
        "redaksi",
        "tim redaksi",
        "haber merkezi",
        "编辑部",
        "編集部",
        "편집부",
        "온라인뉴스팀",
        "กองบรรณาธิการ",
        "هيئة التحرير",
        "قسم التحرير",
        "σύνταξη",
        "newsroom staff",
    ];
    // "Herald Staff", "WQX Staff", but not Ann Staff.
    let staff_of = name.strip_suffix(" Staff").or_else(|| name.strip_suffix(" staff"));
    let is_house = |house: &str| {
        house.starts_with("The ") || !house.chars().any(char::is_lowercase) || organisation(house).is_some()
    };
    staff_of.is_some_and(is_house) || NEWSROOMS.contains(&folded(name).as_str())
}

/// Words of a byline that are left when the date or the name is taken out of it.
pub(super) fn is_label(name: &str) -> bool {
    let labels =
        ["published", "updated", "posted", "modified", "created", "last updated", "date", "by", "at", "on", "share"];
    let name = name.to_lowercase();
    labels.contains(&name.as_str()) || role_of(&name).is_some()
}

/// Letters after a name that a comma cut off: "Brenda Goodman, MA".
pub(super) fn is_credential(name: &str) -> bool {
    matches!(
        name.trim_end_matches('.'),
        "MA" | "MD"
            | "PhD"
            | "Ph.D"
            | "MPH"
            | "RN"
            | "BSc"
            | "MSc"
            | "JD"
            | "Jr"
            | "Sr"
            | "BA"
            | "MBA"
            | "DO"
            | "RD"
            | "AP"
            | "M.D"
    )
}

/// Whether a line is nothing but the initials of those who edited, as agencies end with them: `dpa/kl mo`,
/// `/AFP/ s.h/ m.r`.
pub(crate) fn is_initials(text: &str) -> bool {
    let words = || text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    let (short, long): (Vec<&str>, Vec<&str>) = words().partition(|word| word.chars().count() <= 2);
    let is_plain = !text.chars().any(|char| char.is_ascii_digit());
    text.contains('/') && is_plain && short.len() >= 2 && long.len() <= 1 && text.chars().count() <= 40
}

/// The name in a line that is nothing but a name in brackets, without spaces: `【西岡冬美】`, `（共同）`.
pub(crate) fn in_brackets(text: &str) -> Option<String> {
    const PAIRS: [(char, char); 4] = [('【', '】'), ('（', '）'), ('〔', '〕'), ('［', '］')];
    // `（完）`, `（未完待续）`, `（連載終わり）`: where a text ends.
    const ENDS: [char; 4] = ['完', '续', '続', '終'];
    let text = text.trim();
    let name = PAIRS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))?.trim();
    let is_of_names =
        |char: char| ('\u{4e00}'..='\u{9fff}').contains(&char) || matches!(char, '々' | '・' | '、' | '　');
    let is_name = (2..=16).contains(&name.chars().count()) && name.chars().all(is_of_names);
    (is_name && !name.contains(ENDS)).then(|| name.to_owned())
}

/// Who asked, as Japanese interviews say at the end of a paragraph: `…話を聞いた。（聞き手・佐藤美咲）`.
pub(crate) fn asking(text: &str) -> Option<String> {
    let (_, said) = text.trim_end().trim_end_matches(['。', ' ']).rsplit_once(['（', '('])?;
    let said = said.strip_suffix(['）', ')'])?;
    let name = ["聞き手", "取材・文", "文・写真", "構成"].iter().find_map(|role| said.strip_prefix(role))?;
    let name = name.trim_start_matches(['・', '＝', '=', '：', ':', 'は', '、', ' ', '　']);
    let is_name = (2..=10).contains(&name.chars().count()) && looks_like_name(name) && !name.contains(['、', '。']);
    is_name.then(|| name.to_owned())
}

/// Whether a line is nothing but a mail address.
pub(crate) fn is_address(text: &str) -> bool {
    let parts = text.trim().split_once('@');
    !text.trim().contains(char::is_whitespace)
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

/// The name in a line that is nothing but a name and a mail address: `Ann Lee, ann@paper.example`.
pub(crate) fn before_address(text: &str) -> Option<String> {
    let is_address = |word: &&str| word.contains('@') && word.contains('.');
    let words = text.split_whitespace();
    let (addresses, names): (Vec<&str>, Vec<&str>) = words.partition(is_address);
    let name = names.join(" ").trim_matches([',', '(', ')', '-', '–', '|', ' ']).to_owned();
    let is_name = (1..=5).contains(&names.len()) && !name.contains([':', '.']) && looks_like_name(&name);
    (addresses.len() == 1 && is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_editors() {
        assert!(is_initials("/الميناء/ س ح/ م ر"));
        assert!(is_initials("dpa/kl mo"));
        for line in ["and/or", "He is in.", "TCP/IP", "12/3 4/5", "A/B"] {
            assert_eq!(is_initials(line), line == "A/B", "{line}");
        }
    }

    #[test]
    fn who_asked() {
        assert_eq!(asking("工房で話を聞いた。（聞き手・佐藤美咲）").as_deref(), Some("佐藤美咲"));
        assert_eq!(asking("聞き手は笑った。（笑）"), None);
    }

    #[test]
    fn names_in_brackets() {
        assert_eq!(in_brackets("【西岡冬美】").as_deref(), Some("西岡冬美"));
        assert_eq!(in_brackets("（共同）").as_deref(), Some("共同"));
        for line in ["（完）", "（未完待续）", "（おわり）", "【速報】市長が辞任", "西岡冬美"]
        {
            assert_eq!(in_brackets(line), None, "{line}");
        }
    }
}
