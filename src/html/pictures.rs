//! The pictures of a fragment.

use url::Url;

use super::SafeHtml;
use super::dom::Dom;
use super::tag::Tag;

/// A picture in a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Absolute address.
    pub url: Url,
    /// `alt` text.
    pub alt: Option<String>,
    /// The caption of the figure around it.
    pub caption: Option<String>,
    /// Width in pixels, as the HTML states.
    pub width: Option<u32>,
    /// Height in pixels, as the HTML states.
    pub height: Option<u32>,
}

/// The pictures of a sanitised fragment, in order.
pub fn pictures(html: &SafeHtml) -> Vec<Picture> {
    if !html.as_str().contains("<img") {
        return Vec::new();
    }
    let dom = Dom::parse(html.as_str());
    dom.inside(0)
        .filter(|at| dom.tag(*at) == Tag::Img)
        .filter_map(|at| {
            let number = |name: &str| dom.attr(at, name).and_then(|value| value.parse().ok());
            Some(Picture {
                url: crate::address::resolve(&dom.attr(at, "src")?, None)?,
                alt: dom.attr(at, "alt"),
                caption: caption(&dom, at),
                width: number("width"),
                height: number("height"),
            })
        })
        .collect()
}

fn caption(dom: &Dom, at: usize) -> Option<String> {
    let figure = dom.ancestors(at).find(|around| dom.tag(*around) == Tag::Figure)?;
    let caption = dom.inside(figure).find(|inner| dom.tag(*inner) == Tag::Figcaption)?;
    let text = super::fold(dom.text(caption));
    (!text.is_empty()).then_some(text)
}
