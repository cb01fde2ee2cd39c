//! The last strokes on documents that the crates for RSS and Atom wrote: what they cannot express.
//! They work on the text, and rely on what holds for every writer of XML: outside of CDATA sections
//! `<` only begins tags and `&` only begins references.

const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// Writes `&` and `<` as hexadecimal references, which no reader takes for markup once it has decoded
/// them (RSS Advisory Board's profile, "character data").
pub(super) fn with_hexadecimal_references(document: &str) -> String {
    outside_of_cdata(document, |text| text.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;"))
}

/// The same for the names of people in Atom, which cannot say whether they are HTML.
pub(super) fn with_plain_names(document: &str) -> String {
    const START: &str = "<name>";
    let mut pieces = document.split(START);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        out.push_str(START);
        out.push_str(&name.replace("&amp;", "&#x26;"));
        out.push_str(rest);
    }
    out
}

/// Writes elements that have attributes but no content as one tag.
pub(super) fn with_empty_elements(document: &str) -> String {
    // A quotation mark before `>` ends an attribute: in texts, `>` is written as a reference.
    const EMPTY: &str = "\">\n</";
    outside_of_cdata(document, |text| {
        let mut pieces = text.split(EMPTY);
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (_, rest) = piece.split_once('>').unwrap_or_default();
            out.push_str("\"/>");
            out.push_str(rest);
        }
        out
    })
}

/// Changes a document but for its CDATA sections.
fn outside_of_cdata(document: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(document.len() + document.len() / 64);
    let mut rest = document;
    while !rest.is_empty() {
        let (text, from_cdata) = rest.split_at(rest.find(CDATA).unwrap_or(rest.len()));
        out.push_str(&change(text));
        let end = from_cdata.find(CDATA_END).map_or(from_cdata.len(), |at| at + CDATA_END.len());
        let (cdata, after) = from_cdata.split_at(end);
        out.push_str(cdata);
        rest = after;
    }
    out
}

/// Gives the entries of an Atom feed their languages, in the order of the document; None inherits the
/// feed's.
pub(super) fn with_entry_languages(document: &str, languages: &[Option<&str>]) -> String {
    let mut pieces = document.split("<entry>");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (piece, language) in pieces.zip(languages) {
        match language {
            Some(language) => out.push_str(&format!("<entry xml:lang=\"{language}\">")),
            None => out.push_str("<entry>"),
        }
        out.push_str(piece);
    }
    out
}

/// Names the stylesheet that makes the document readable in a browser.
pub(super) fn with_stylesheet(document: &str, address: &str) -> String {
    let (declaration, rest) = document.split_once("?>").unwrap_or(("", document));
    format!("{declaration}?>\n<?xml-stylesheet type=\"text/css\" href=\"{address}\"?>{rest}")
}

/// Puts an element of the feed itself before the entries of an Atom feed: the crate writes extensions
/// after them, where validators do not want any.
pub(super) fn before_entries(document: &str, element: &str) -> String {
    let at = document.find("<entry>").or_else(|| document.rfind("</feed>")).unwrap_or(document.len());
    let (head, entries) = document.split_at(at);
    format!("{head}{element}{entries}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_change_outside_of_cdata_only() {
        let document = "<t>a &amp;amp; &lt;b&gt;</t><d><![CDATA[x &amp; <b> ]]]]><![CDATA[> &lt;]]></d><u>&amp;</u>";
        let finished =
            "<t>a &#x26;amp; &#x3C;b&gt;</t><d><![CDATA[x &amp; <b> ]]]]><![CDATA[> &lt;]]></d><u>&#x26;</u>";
        assert_eq!(with_hexadecimal_references(document), finished);
        assert_eq!(with_hexadecimal_references("<![CDATA[never closed &amp;"), "<![CDATA[never closed &amp;");
        assert_eq!(with_hexadecimal_references(""), "");
    }

    #[test]
    fn names_hold_no_reference_that_a_reader_could_take_for_html() {
        let document = "<title>R&amp;D</title><name>R&amp;D</name><name></name><uri>?a&amp;b</uri>";
        let finished = "<title>R&amp;D</title><name>R&#x26;D</name><name></name><uri>?a&amp;b</uri>";
        assert_eq!(with_plain_names(document), finished);
    }

    #[test]
    fn empty_elements_are_one_tag() {
        let document = "<a b=\"c\">\n</a>\n<d e=\"f\">\n<g>h</g>\n</d>\n<i><![CDATA[<j k=\"l\">\n</j>]]></i>";
        let finished = "<a b=\"c\"/>\n<d e=\"f\">\n<g>h</g>\n</d>\n<i><![CDATA[<j k=\"l\">\n</j>]]></i>";
        assert_eq!(with_empty_elements(document), finished);
    }

    #[test]
    fn elements_of_the_feed_stand_before_its_entries() {
        assert_eq!(
            before_entries("<feed><a/><entry>1</entry></feed>", "<b/>"),
            "<feed><a/><b/><entry>1</entry></feed>"
        );
        assert_eq!(before_entries("<feed></feed>", "<b/>"), "<feed><b/></feed>");
    }

    #[test]
    fn languages_go_to_their_entries() {
        let document = "<feed><entry>1</entry><entry>2</entry></feed>";
        let finished = "<feed><entry>1</entry><entry xml:lang=\"en\">2</entry></feed>";
        assert_eq!(with_entry_languages(document, &[None, Some("en")]), finished);
        assert_eq!(with_entry_languages("<feed/>", &[]), "<feed/>");
    }
}
