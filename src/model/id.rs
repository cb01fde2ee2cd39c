//! Names of things. Each type has one door, so a value that exists is valid.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an id must not be empty")]
    Empty,
    /// The text has more than 64 characters.
    #[error("an id has at most 64 characters")]
    TooLong,
    /// A character that an id must not hold.
    #[error("an id holds only lower-case letters a-z, digits and '-', not {0:?}")]
    Character(char),
    /// The text is not 32 hexadecimal digits.
    #[error("this is no id of an entry or story: 32 hexadecimal digits are expected")]
    Digits,
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Accepts lower-case ASCII letters, digits and `-`, 1 to 64 characters.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if text.is_empty() {
                    return Err(IdError::Empty);
                }
                if text.chars().count() > 64 {
                    return Err(IdError::TooLong);
                }
                match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
                    Some(bad) => Err(IdError::Character(bad)),
                    None => Ok(Self(text.to_owned())),
                }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

slug!(
    /// The name of a source: the `<id>` of `[sources.<id>]`.
    SourceId
);
slug!(
    /// The name of a published feed: the `<id>` of `[feeds.<id>]`.
    FeedId
);

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The id of what `parts` name: the same parts give the same id for ever.
            pub fn derive(parts: &[&str]) -> Self {
                let mut hash = Sha256::new();
                for part in parts {
                    hash.update((part.len() as u64).to_be_bytes());
                    hash.update(part.as_bytes());
                }
                let digest = hash.finalize();
                let mut id = [0; 16];
                id.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
                Self(id)
            }

            /// The sixteen bytes, as the store keeps them.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// An id read back from the store.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.len() != 32 || !text.is_ascii() {
                    return Err(IdError::Digits);
                }
                let value = u128::from_str_radix(text, 16).map_err(|_| IdError::Digits)?;
                if text.starts_with('+') {
                    return Err(IdError::Digits);
                }
                Ok(Self(value.to_be_bytes()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
    };
}

digest!(
    /// One article as one source gave it. Part of URLs (`/entries/<id>`); never changes.
    EntryId
);
digest!(
    /// The article behind one or several entries. Never changes; when two stories turn out to be
    /// one, the older keeps its id and the other's leads to it.
    StoryId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked() {
        assert!(SourceId::parse("dong-khoi-2").is_ok());
        assert_eq!(SourceId::parse(""), Err(IdError::Empty));
        assert_eq!(FeedId::parse("Báo"), Err(IdError::Character('B')));
        assert_eq!(FeedId::parse(&"a".repeat(65)), Err(IdError::TooLong));
    }

    #[test]
    fn digests_survive_their_text() {
        let id = EntryId::derive(&["a", "bc"]);
        assert_ne!(id, EntryId::derive(&["ab", "c"]));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("xyz".parse::<EntryId>(), Err(IdError::Digits));
        assert_eq!("+0000000000000000000000000000000".parse::<EntryId>(), Err(IdError::Digits));
    }
}
