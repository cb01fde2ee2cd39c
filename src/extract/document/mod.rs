//! Documents in a folder: plain text and Markdown.

pub(crate) mod front_matter;
pub(crate) mod markdown;
pub(crate) mod text;

use std::sync::LazyLock;

use regex::Regex;

/// A lead without the mark that papers and agencies put before it: `BDK - `, `(TTXVN) - `, `MOSCOW (AP) — `.
pub(crate) fn without_dateline(lead: &str) -> String {
    static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"^\s*(?:\([\p{Lu}\d][\p{L}\d .,/-]{1,24}\)|\p{Lu}[\p{L} .]{1,30}\s\([\p{Lu}\d ./]{2,20}\)|[\p{Lu}\d]{2,8})\s*[-–—]+\s+",
        )
        .ok()
    });
    MARK.as_ref().map_or_else(|| lead.to_owned(), |mark| mark.replace(lead, "").into_owned())
}

#[cfg(test)]
mod tests {
    use super::without_dateline;

    #[test]
    fn datelines_are_cut_off() {
        assert_eq!(without_dateline("BDK - Những năm qua"), "Những năm qua");
        assert_eq!(without_dateline("(TTXVN) - Sáng nay"), "Sáng nay");
        assert_eq!(without_dateline("Hà Nội (TTXVN) - Sáng nay"), "Sáng nay");
        assert_eq!(without_dateline("MOSCOW (AP) — It rained"), "It rained");
        assert_eq!(without_dateline("Sáng nay (Thứ Hai) - mưa"), "Sáng nay (Thứ Hai) - mưa");
        assert_eq!(without_dateline("Sáng nay - như mọi ngày"), "Sáng nay - như mọi ngày");
    }
}
