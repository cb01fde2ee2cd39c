//! Language tags that every reader and validator knows.

/// The two-letter codes of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss \
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The tag, when it begins with a code of ISO 639-1 and is well formed (BCP 47); None for others,
/// which validators refuse.
pub(super) fn known(tag: &str) -> Option<&str> {
    let mut parts = tag.split('-');
    let code = parts.next()?.to_ascii_lowercase();
    let well_formed =
        parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (code.len() == 2 && well_formed && tag.len() <= 35 && CODES.split_whitespace().any(|known| known == code))
        .then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_of_known_languages_pass() {
        for tag in ["vi", "vi-VN", "zh-Hans-CN", "EN-us"] {
            assert_eq!(known(tag), Some(tag));
        }
        for tag in ["", "xx", "vietnamese", "vi_VN", "vi-", "en-\u{b}", "und", "a"] {
            assert_eq!(known(tag), None, "{tag}");
        }
    }
}
