//! Encodings of Chinese and Korean in seven bits, which the web has given up and a few old feeds
//! still use: the two bytes of a character without their eighth bits, between marks.

use encoding_rs::{EUC_KR, Encoding, GBK};

/// A seven-bit encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SevenBit {
    /// RFC 1843: `~{` and `~}` around Chinese, `~~` is a tilde.
    Hz,
    /// RFC 1557: the bytes 14 and 15 around Korean.
    Korean,
}

impl SevenBit {
    /// The encoding that a label stands for.
    pub(super) fn named(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "hz-gb-2312" | "hz" => Some(Self::Hz),
            "iso-2022-kr" | "csiso2022kr" => Some(Self::Korean),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Hz => "hz-gb-2312",
            Self::Korean => "iso-2022-kr",
        }
    }

    /// The text; None when the bytes are not of this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let (eight_bits, encoding): (Vec<u8>, &Encoding) = match self {
            Self::Hz => (from_hz(bytes)?, GBK),
            Self::Korean => (from_korean(bytes)?, EUC_KR),
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(&eight_bits)?;
        Some(text.into_owned())
    }
}

fn from_hz(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut rest, mut in_chinese) = (bytes, false);
    loop {
        rest = match (rest, in_chinese) {
            ([], _) => return Some(out),
            ([byte, ..], _) if !byte.is_ascii() => return None,
            ([b'~', b'{', after @ ..], false) => {
                in_chinese = true;
                after
            }
            ([b'~', b'}', after @ ..], true) => {
                in_chinese = false;
                after
            }
            ([b'~', b'~', after @ ..], false) => {
                out.push(b'~');
                after
            }
            ([b'~', b'\n', after @ ..], false) => after,
            // A line ends the Chinese that nobody ended.
            ([b'\n', ..], true) => {
                in_chinese = false;
                rest
            }
            ([first, second, after @ ..], true) => {
                out.extend([first | 0x80, second | 0x80]);
                after
            }
            ([byte, after @ ..], _) => {
                out.push(*byte);
                after
            }
        };
    }
}

fn from_korean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut rest, mut in_korean) = (bytes, false);
    loop {
        rest = match rest {
            [] => return Some(out),
            [byte, ..] if !byte.is_ascii() => return None,
            [0x1b, b'$', b')', b'C', after @ ..] => after,
            [0x0e, after @ ..] => {
                in_korean = true;
                after
            }
            [0x0f, after @ ..] => {
                in_korean = false;
                after
            }
            [first @ 0x21..=0x7e, second @ 0x21..=0x7e, after @ ..] if in_korean => {
                out.extend([first | 0x80, second | 0x80]);
                after
            }
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_and_korean_are_read() {
        assert_eq!(SevenBit::Hz.decode(b"<a>~{VPND~} ~~ ok</a>").as_deref(), Some("<a>中文 ~ ok</a>"));
        let korean = b"\x1b$)C\x0eGQ19>n\x0f ok";
        assert_eq!(SevenBit::Korean.decode(korean).as_deref(), Some("한국어 ok"));
        assert_eq!(SevenBit::Hz.decode("Việt".as_bytes()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_text_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = SevenBit::Hz.decode(&bytes);
            let _ = SevenBit::Korean.decode(&bytes);
        }
    }
}
