//! `X-Hub-Signature` (s.7.1): proof that content came from this hub.

use ring::hmac;

/// The hash that content is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// For subscribers that know nothing better.
    Sha1,
    /// The default.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Method {
    /// The method with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|method| method.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The header's value for a body.
    pub(super) fn sign(self, secret: &str, body: &[u8]) -> String {
        let algorithm = match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha384 => hmac::HMAC_SHA384,
            Self::Sha512 => hmac::HMAC_SHA512,
        };
        let tag = hmac::sign(&hmac::Key::new(algorithm, secret.as_bytes()), body);
        format!("{}={}", self.name(), hexadecimal(tag.as_ref()))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_test_vectors_hold() {
        // RFC 2202 test 2 and RFC 4231 test 2: one key and one text for all.
        let sign = |method: Method| method.sign("Jefe", b"what do ya want for nothing?");
        assert_eq!(sign(Method::Sha1), "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(sign(Method::Sha256), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(sign(Method::Sha384).starts_with("sha384=af45d2e376484031617f78d2b58a6b1b"));
        assert!(sign(Method::Sha512).starts_with("sha512=164b7a7bfcf819e2e395fbe73b56e0a3"));
    }

    #[test]
    fn methods_are_found_by_name() {
        assert_eq!(Method::parse("sha384"), Some(Method::Sha384));
        assert_eq!(Method::parse("md5"), None);
    }
}
