//! Names in tags: where they end, their prefix, their capitals, all found in one look.

use std::borrow::Cow;

/// A name as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'t> {
    /// All of it.
    pub(super) raw: &'t str,
    colon: Option<usize>,
    has_capitals: bool,
}

impl<'t> Name<'t> {
    /// A name whose end is known.
    pub(super) fn of(raw: &'t str) -> Self {
        let (mut colon, mut has_capitals) = (None, false);
        for (at, byte) in raw.bytes().enumerate() {
            if byte == b':' {
                colon = Some(at);
            }
            has_capitals |= byte.is_ascii_uppercase();
        }
        Self { raw, colon, has_capitals }
    }

    /// What stands before the last colon; nothing without one.
    pub(super) fn prefix(&self) -> &'t str {
        self.colon.and_then(|at| self.raw.get(..at)).unwrap_or_default()
    }

    /// What stands behind it.
    pub(super) fn local(&self) -> &'t str {
        self.colon.and_then(|at| self.raw.get(at + 1..)).unwrap_or(self.raw)
    }

    /// The local name in lower case.
    pub(super) fn lower(&self) -> Cow<'t, str> {
        if self.has_capitals { Cow::Owned(self.local().to_ascii_lowercase()) } else { Cow::Borrowed(self.local()) }
    }
}

/// What one look at the beginning of a tag tells.
pub(super) struct Look {
    /// Where the name ends.
    pub(super) end: usize,
    /// With what; None at the end of the text.
    pub(super) stop: Option<u8>,
    /// Where its last colon is.
    colon: Option<usize>,
    has_capitals: bool,
}

impl Look {
    /// Looks at a name up to the first byte that could end it, or that makes a tag one of the odd ones.
    pub(super) fn at(text: &[u8]) -> Self {
        let (mut colon, mut has_capitals) = (None, false);
        for (end, byte) in text.iter().enumerate() {
            match byte {
                b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'=' | b'<' | b'"' | b'\'' => {
                    return Self { end, stop: Some(*byte), colon, has_capitals };
                }
                b':' => colon = Some(end),
                b'A'..=b'Z' => has_capitals = true,
                _ => {}
            }
        }
        Self { end: text.len(), stop: None, colon, has_capitals }
    }

    /// The name, when it begins the text.
    pub(super) fn name<'t>(&self, text: &'t str) -> Name<'t> {
        Name { raw: text.get(..self.end).unwrap_or_default(), colon: self.colon, has_capitals: self.has_capitals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_tells_what_several_would() {
        for (text, raw, stop) in [
            ("media:Title>x", "media:Title", Some(b'>')),
            ("a:b:c d='e'", "a:b:c", Some(b' ')),
            ("br/>", "br", Some(b'/')),
            ("a=\"b\">", "a", Some(b'=')),
            ("", "", None),
            (":x", ":x", None),
            ("x:", "x:", None),
        ] {
            let look = Look::at(text.as_bytes());
            let name = look.name(text);
            assert_eq!((name.raw, look.stop), (raw, stop), "{text}");
            assert_eq!(name, Name::of(raw), "{text}");
        }
        let name = Name::of("media:Title");
        assert_eq!((name.prefix(), name.local(), &*name.lower()), ("media", "Title", "title"));
        assert_eq!((Name::of("ý").prefix(), Name::of("ý").local()), ("", "ý"));
    }
}
