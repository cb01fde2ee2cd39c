//! A token of a protected feed, of which only the digest is kept.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a written token begins with that is a digest already.
const HASHED: &str = "sha256:";
/// Fewer characters can be guessed.
const LEAST: usize = 16;

/// A token by its SHA-256: whoever sees it here cannot use it. Its `Debug` shows its name alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    digest: [u8; 32],
    name: String,
}

/// Why a text is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It can be guessed.
    #[error("a token has at least 16 characters; make one with: openssl rand -hex 16")]
    Short,
    /// A digest that is none.
    #[error("sha256: is followed by 64 hexadecimal digits; make them with: printf %s TOKEN | sha256sum")]
    Digest,
}

impl Token {
    /// A token as it is written (itself, or `sha256:` and its digest in hexadecimal digits), with a name by which
    /// people may speak of it, such as `env:PARTNER_TOKEN`.
    pub fn parse(text: &str, name: String) -> Result<Self, TokenError> {
        let digest = match text.strip_prefix(HASHED) {
            Some(digits) => from_hex(digits.trim()).ok_or(TokenError::Digest)?,
            None if text.len() < LEAST => return Err(TokenError::Short),
            None => Sha256::digest(text.as_bytes()).into(),
        };
        Ok(Self { digest, name })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its digest in hexadecimal digits, for the store.
    pub fn digest(&self) -> String {
        self.digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `offered` is this token, in time that says nothing of the token.
    pub fn matches(&self, offered: &str) -> bool {
        self.digest.ct_eq(&<[u8; 32]>::from(Sha256::digest(offered.as_bytes()))).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.name)
    }
}

fn from_hex(digits: &str) -> Option<[u8; 32]> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(value(high)? << 4 | value(low)?).ok());
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_only_itself_and_stays_hidden() {
        let token = Token::parse("0123456789abcdef", "env:T".into()).unwrap();
        assert!(token.matches("0123456789abcdef"));
        assert!(!token.matches("0123456789abcdeF") && !token.matches(""));
        assert_eq!(format!("{token:?}"), "Token(env:T)");
    }

    #[test]
    fn a_digest_stands_for_its_token() {
        let plain = Token::parse("0123456789abcdef", "a".into()).unwrap();
        let hashed = Token::parse(&format!("sha256:{}", plain.digest().to_uppercase()), "a".into()).unwrap();
        assert_eq!(hashed, plain);
        assert!(hashed.matches("0123456789abcdef") && !hashed.matches(&plain.digest()));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        assert_eq!(Token::parse("short", "a".into()), Err(TokenError::Short));
        for bad in
            ["sha256:", "sha256:abc", &format!("sha256:{}", "g".repeat(64)), &format!("sha256:{}", "a".repeat(65))]
        {
            assert_eq!(Token::parse(bad, "a".into()), Err(TokenError::Digest), "{bad}");
        }
    }
}
