//! The attributes of a tag, read as HTML reads them.

use memchr::memchr;

/// The attributes of a tag: names as written and values with their references; a name without a
/// value has an empty one.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start().trim_start_matches(|c: char| c == '/' || c.is_ascii_whitespace());
        let end = rest.bytes().skip(1).position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/'));
        let (name, after) = rest.split_at_checked(end.map_or(rest.len(), |end| end + 1))?;
        if name.is_empty() {
            return None;
        }
        let Some(after_equals) = after.trim_ascii_start().strip_prefix('=') else {
            rest = after;
            return Some((name, ""));
        };
        let (value, tail) = value(after_equals.trim_ascii_start());
        rest = tail;
        Some((name, value))
    })
}

/// A value, and what follows it.
fn value(text: &str) -> (&str, &str) {
    let quote = text.as_bytes().first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let quoted = quote.and_then(|quote| {
        let inside = text.get(1..)?;
        let end = memchr(quote, inside.as_bytes())?;
        Some((inside.get(..end)?, inside.get(end + 1..)?))
    });
    quoted.unwrap_or_else(|| {
        let text = text.trim_start_matches(['"', '\'']);
        let end = text.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
        text.split_at_checked(end).unwrap_or((text, ""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_html_reads_them() {
        let read = |text| attributes(text).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        assert_eq!(read(" a=\"1\" b='2'c = 3 d e=\"\"/"), ["a=1", "b=2", "c=3", "d=", "e="]);
        assert_eq!(read("url=\"http://x length=\"5\" type=\"t\""), ["url=http://x length=", "5\"=", "type=t"]);
        assert_eq!(read("= ="), ["=="]);
        assert_eq!(read("a=\"b"), ["a=b"]);
        assert_eq!(read(" / "), Vec::<String>::new());
    }
}
