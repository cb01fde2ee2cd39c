//! A text that must not show up in logs, errors or dumps.

use std::fmt;

/// A password, or what content is signed with. Its `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for signing and for the store.
    pub fn expose(&self) -> &str {
        &self.0
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
    fn a_secret_stays_hidden() {
        let secret = Secret::new("s3cret".into());
        assert_eq!(secret.expose(), "s3cret");
        assert!(!format!("{secret:?}").contains("s3"));
    }
}
