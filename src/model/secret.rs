//! A text that must not show up in logs, errors or dumps.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A token or password. Its `Debug` and `Display` never show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    text: String,
    /// Where it is from.
    name: String,
}

impl Secret {
    /// Wraps a secret.
    pub fn new(text: String) -> Self {
        Self { text, name: String::new() }
    }

    /// Wraps a secret that has a name by which people may speak of it, such as `env:PARTNER_TOKEN`.
    pub fn named(text: String, name: String) -> Self {
        Self { text, name }
    }

    /// Its name; empty when it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text itself, for signing and for the store.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// A digest that stands for it where the text must not be kept, in hexadecimal digits.
    pub fn digest(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `offered` is this secret, in time that depends only on the lengths.
    pub fn matches(&self, offered: &str) -> bool {
        self.text.as_bytes().ct_eq(offered.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_only_itself_and_stays_hidden() {
        let secret = Secret::new("s3cret".into());
        assert!(secret.matches("s3cret"));
        assert!(!secret.matches("s3cre"));
        assert!(!format!("{secret:?}").contains("s3"));
    }
}
