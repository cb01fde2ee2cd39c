//! Language tags that every reader and validator knows.

/// The two-letter codes of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss \
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Codes of ISO 639-2 for languages that are written today and have none of two letters.
const LONGER: &str = "ace ach ada ady ast awa ban bas bem ber bho bik bin bug bua ceb chk chm chr crh csb dak del din \
    doi dsb dua efi fan fil fon frr fur gaa gil gon gor grb gsw haw hil hmn hsb iba ilo inh jbo kab kac kam kbd kha kmb kok \
    kos kpe krc krl kru kum lad lez loz lua lun luo lus mad mag mah mai mak man mas mdf men mic min mni moh mos mus mwl mwr \
    myv nap nds new nia niu nog nso nym nyn nyo nzi pag pam pap pau pon raj rap rar rom rup sad sah sas sat scn sco sel \
    shn sid sma smj smn sms snk son srn srr suk sus syr tem ter tet tig tiv tkl tli tmh tog tpi tsi tum tvl tyv udm umb vai \
    vot wal war was xal yao yap zap zen zun";

/// The code for a language that is not known.
pub(super) const UNKNOWN: &str = "und";

/// The tag, when it begins with a code of ISO 639 and is well formed (BCP 47); None for others, which
/// validators refuse.
pub(super) fn known(tag: &str) -> Option<&str> {
    let mut parts = tag.split('-');
    let code = parts.next()?.to_ascii_lowercase();
    let well_formed =
        parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let mut codes = CODES.split_whitespace().chain(LONGER.split_whitespace());
    (well_formed && tag.len() <= 35 && codes.any(|known| known == code)).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_of_known_languages_pass() {
        for tag in ["vi", "vi-VN", "zh-Hans-CN", "EN-us", "fil-PH", "ceb"] {
            assert_eq!(known(tag), Some(tag));
        }
        for tag in ["", "xx", "vietnamese", "vi_VN", "vi-", "en-\u{b}", "und", "a", "aaa"] {
            assert_eq!(known(tag), None, "{tag}");
        }
    }
}
