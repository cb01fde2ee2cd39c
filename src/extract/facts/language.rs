//! The language.

use super::head::Head;

/// What the page declares, in order of trust.
pub(crate) fn candidates(head: &Head) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("html lang", tidy(head.lang.as_deref())),
        (
            "content-language",
            tidy(head.any_meta(&["content-language", "language", "dc:language", "dcterms:language"]).as_deref()),
        ),
        ("JSON-LD inLanguage", tidy(head.linked.language.as_deref())),
        ("og:locale", tidy(head.meta_value("og:locale").as_deref())),
    ]
}

/// A language tag in the usual writing: `vi`, `en-US`, `zh-Hant-TW`. None for what is no tag.
fn tidy(tag: Option<&str>) -> Option<String> {
    let tag = tag?.split([',', ';']).next()?.trim().replace('_', "-");
    let tag = tag.split('.').next()?;
    let mut parts = tag.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.chars().all(|char| char.is_ascii_alphabetic()) || primary == "und"
    {
        return None;
    }
    let mut out = primary;
    for part in parts.take(3) {
        if part.is_empty() || part.len() > 8 || !part.chars().all(|char| char.is_ascii_alphanumeric()) {
            break;
        }
        out.push('-');
        match part.len() {
            2 => out.push_str(&part.to_ascii_uppercase()),
            4 if part.chars().all(|char| char.is_ascii_alphabetic()) => {
                let (first, rest) = part.split_at(1);
                out.push_str(&first.to_ascii_uppercase());
                out.push_str(&rest.to_ascii_lowercase());
            }
            _ => out.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(out)
}

/// The language of a text by its letters and words; None when that is not sure.
pub(crate) fn detect(text: &str) -> Option<String> {
    const ENOUGH: usize = 60;
    let sample = beginning(text);
    if sample.chars().filter(|char| char.is_alphabetic()).count() < ENOUGH {
        return None;
    }
    let info = whatlang::detect(sample)?;
    // Several languages share most scripts; where one has its own, or its own letters, that is enough.
    (info.is_reliable() || info.lang() == whatlang::Lang::Vie && info.confidence() > 0.5)
        .then(|| short(info.lang().code()).to_owned())
}

/// As much of a text as tells its language.
fn beginning(text: &str) -> &str {
    const ENOUGH: usize = 1200;
    let end = text.char_indices().nth(ENOUGH).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// The two-letter code where there is one (BCP 47 wants the shortest).
fn short(code: &str) -> &str {
    let mut pairs = CODES.split_ascii_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.find(|(long, _)| *long == code).map_or(code, |(_, short)| short)
}

const CODES: &str = "
    vie=vi eng=en fra=fr deu=de spa=es por=pt ita=it nld=nl rus=ru ukr=uk bel=be bul=bg srp=sr hrv=hr
    mkd=mk slv=sl slk=sk ces=cs pol=pl hun=hu ron=ro ell=el tur=tr aze=az uzb=uz tuk=tk kat=ka hye=hy
    heb=he yid=yi ara=ar pes=fa urd=ur hin=hi mar=mr nep=ne ben=bn pan=pa guj=gu ori=or tam=ta tel=te
    kan=kn mal=ml sin=si tha=th khm=km mya=my cmn=zh jpn=ja kor=ko ind=id jav=jv tgl=tl swe=sv dan=da
    nob=nb fin=fi est=et lav=lv lit=lt epo=eo lat=la cat=ca afr=af zul=zu sna=sn aka=ak amh=am cym=cy
";

/// The declared language, unless the text is plainly of another: pages are often made from templates
/// that say `en`.
pub(crate) fn judged(declared: Option<String>, text: &str) -> (Option<String>, Option<&'static str>) {
    let Some(declared) = declared else {
        return (detect(text), Some("the text's words"));
    };
    let primary = declared.split('-').next().unwrap_or_default();
    // The languages that outweigh a declaration write with letters beyond ASCII.
    let letters = || beginning(text).chars().filter(|char| char.is_alphabetic());
    if letters().filter(|char| !char.is_ascii()).count() * 20 < letters().count() {
        return (Some(declared), None);
    }
    // Of the languages in Latin letters Vietnamese alone is told by them: there is no need to weigh its words.
    if primary == "vi" && whatlang::detect_script(beginning(text)) == Some(whatlang::Script::Latin) {
        return (Some(declared), None);
    }
    match detect(text) {
        Some(found) if found != primary && is_told_by_letters(&found) && !(found == "zh" && primary == "ja") => {
            (Some(found), Some("the text's letters, against what the page declares"))
        }
        _ => (Some(declared), None),
    }
}

/// Languages whose writing no other uses, so that detecting them outweighs a declaration.
fn is_told_by_letters(language: &str) -> bool {
    matches!(language, "vi" | "th" | "ko" | "ja" | "el" | "he" | "km" | "my" | "ka" | "hy" | "ta" | "te" | "lo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_the_usual_writing() {
        assert_eq!(tidy(Some("en_us")).as_deref(), Some("en-US"));
        assert_eq!(tidy(Some("ZH-hant-tw")).as_deref(), Some("zh-Hant-TW"));
        assert_eq!(tidy(Some("{{lang}}")), None);
    }

    #[test]
    fn vietnamese_is_told_by_its_letters() {
        let text = "Những năm qua, chính quyền địa phương đã đầu tư nhiều tuyến đường mới, giúp người dân đi lại thuận tiện hơn trước.";
        assert_eq!(detect(text).as_deref(), Some("vi"));
        assert_eq!(judged(Some("en".into()), text).0.as_deref(), Some("vi"));
    }
}
