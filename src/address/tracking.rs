//! Parameters that say how a reader came, not what is to be read.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

use super::rules::Rules;

/// Beginnings of names that only trackers use.
const PREFIXES: &[&str] = &[
    "utm_",
    "mtm_",
    "matomo_",
    "pk_",
    "piwik_",
    "hsa_",
    "oly_",
    "vero_",
    "_hs",
    "__hs",
    "at_campaign",
    "at_custom",
    "at_link",
    "at_medium",
    "at_ptr",
    "at_recipient",
    "at_send",
    "wt_",
    "wt.mc",
    "itm_",
    "stm_",
    "sc_camp",
    "fb_action",
    "guce_",
    "mkt_",
    "ns_campaign",
    "ns_fee",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "vn_aid",
    "vn_campaign",
    "vn_medium",
    "vn_source",
    "vn_term",
    "vn_thumb",
    "vn_zone",
];

/// Names that only trackers use.
const NAMES: &[&str] = &[
    "__s",
    "__twitter_impression",
    "_bta_c",
    "_bta_tid",
    "_ga",
    "_gl",
    "_ke",
    "_openstat",
    "action_object_map",
    "action_ref_map",
    "action_type_map",
    "cmpid",
    "cvid",
    "dclid",
    "dm_i",
    "echobox",
    "ef_id",
    "epik",
    "fb_ref",
    "fb_source",
    "fbclid",
    "ftag",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "gidzl",
    "guccounter",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "irclickid",
    "irgwc",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "ncid",
    "nr_email_referer",
    "ocid",
    "rb_clickid",
    "s_cid",
    "s_kwcid",
    "scm",
    "soc_src",
    "soc_trk",
    "spm",
    "srsltid",
    "trk_contact",
    "trk_msg",
    "ttclid",
    "twclid",
    "vgo_ee",
    "wbraid",
    "wickedid",
    "wprss",
    "xtor",
    "yclid",
    "ysclid",
    "zanpid",
    "zarsrc",
];

/// Plain words that name a tracker only when their value says that the reader came from a feed.
const PLAIN_NAMES: &[&str] = &[
    "ref", "referer", "referrer", "source", "src", "from", "via", "partner", "emc", "smid", "cid", "cmp", "medium",
    "origin", "mod",
];

/// Values that say so.
const FEED_VALUES: &[&str] = &["rss", "rss1", "rss2", "feed", "feeds", "atom", "rssfeed", "feedburner", "jsonfeed"];

/// The address without tracking parameters (`utm_*`, `fbclid`, …), in the query and in the fragment;
/// it still leads to the same page. All else stays as it is, byte for byte.
///
/// A parameter with a plain name like `ref` or `source` stays, for many sites need it, unless its
/// value is `rss`, `feed` or the like.
pub fn untracked(url: &Url) -> Url {
    without(url, &Rules::default())
}

pub(super) fn without(url: &Url, rules: &Rules) -> Url {
    let mut clean = url.clone();
    if let Some(query) = url.query()
        && let Cow::Owned(rest) = without_trackers(query, rules)
    {
        clean.set_query((!rest.is_empty()).then_some(&rest));
    }
    if let Some(fragment) = url.fragment()
        && fragment.contains('=')
        && let Cow::Owned(rest) = without_trackers(fragment.trim_start_matches('?'), rules)
    {
        clean.set_fragment((!rest.is_empty()).then_some(&rest));
    }
    clean
}

/// Owned only when a tracker was taken out.
fn without_trackers<'a>(pairs: &'a str, rules: &Rules) -> Cow<'a, str> {
    let goes = |pair: &str| {
        let (name, value) = split(pair);
        rules.ignores(name) || (is_tracker((name, value)) && !rules.keeps(name))
    };
    if !pairs.split('&').any(goes) {
        return Cow::Borrowed(pairs);
    }
    let kept: Vec<&str> = pairs.split('&').filter(|pair| !goes(pair)).collect();
    Cow::Owned(kept.join("&"))
}

fn split(pair: &str) -> (&str, &str) {
    // `&amp;` that was escaped once too often leaves `amp;` before the name.
    let pair = pair.strip_prefix("amp;").unwrap_or(pair);
    pair.split_once('=').unwrap_or((pair, ""))
}

/// Whether a parameter, as written, only tracks.
pub(super) fn is_tracker((name, value): (&str, &str)) -> bool {
    let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    if NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return true;
    }
    if !PLAIN_NAMES.contains(&name.as_str()) {
        return false;
    }
    let value: String = percent_decode_str(value)
        .decode_utf8_lossy()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    FEED_VALUES.contains(&value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        untracked(&Url::parse(text).unwrap()).into()
    }

    #[test]
    fn trackers_go() {
        for query in [
            "utm_source=rss&utm_medium=feed",
            "fbclid=IwAR0x",
            "gclid=1",
            "msclkid=1",
            "mc_cid=1&mc_eid=2",
            "igshid=1",
            "yclid=1",
            "spm=a.b.c",
            "_ga=2.1",
            "UTM_Source=x",
            "%75tm_source=x",
            "ref=rss",
            "source=RSS",
            "via=rss-feed",
            "at_medium=RSS&at_campaign=KARANGA",
            "amp;utm_source=x",
            "vn_source=Home&vn_campaign=Box",
        ] {
            assert_eq!(clean(&format!("https://example.org/a?{query}")), "https://example.org/a", "{query}");
            assert_eq!(clean(&format!("https://example.org/a?id=5&{query}")), "https://example.org/a?id=5", "{query}");
        }
        assert_eq!(clean("https://example.org/a#utm_source=x&xtor=RSS-1"), "https://example.org/a");
        assert_eq!(clean("https://example.org/a#?utm_source=x"), "https://example.org/a");
        assert_eq!(clean("https://example.org/a?utm_source=x&b=1#part"), "https://example.org/a?b=1#part");
    }

    #[test]
    fn what_leads_to_the_page_stays_as_written() {
        for address in [
            "https://example.org/a",
            "https://example.org/a?",
            "https://example.org/a?ref=main&source=5",
            "https://example.org/?feed=rss2",
            "https://example.org/a?p=%c3%A0+b&&c",
            "https://example.org/a?utm=1",
            "https://example.org/a#section-2",
            "https://example.org/#!/a?b=c",
            "https://example.org/a?from=2024-01-01",
        ] {
            assert_eq!(clean(address), address);
        }
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(query in "([&=#?%a-c]|utm_a=|ref=|rss|fbclid|%2){0,20}") {
            if let Ok(url) = Url::parse(&format!("https://example.org/x?{query}")) {
                let once = untracked(&url);
                proptest::prop_assert_eq!(&untracked(&once), &once);
            }
        }
    }
}
