//! What the page of an article yields.

use chrono::{DateTime, FixedOffset};

use super::{Attachment, Person};

/// An article found in a page or document. Nothing in it is cleaned yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    /// The address the page names as the article's own (`rel=canonical`, `og:url`), absolute.
    pub canonical_url: Option<String>,
    /// Headline, without the site's name.
    pub title: Option<String>,
    /// The line below the headline.
    pub subtitle: Option<String>,
    /// A summary for lists: the page's description, or the article's lead.
    pub summary: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
    /// When it last changed.
    pub modified: Option<DateTime<FixedOffset>>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// The section of the paper.
    pub section: Option<String>,
    /// Topics.
    pub tags: Vec<String>,
    /// The lead picture, absolute.
    pub lead_image: Option<String>,
    /// The text as HTML: structure kept, not sanitised, addresses absolute.
    pub content_html: String,
    /// The pictures of the text in order, with captions and credits; addresses absolute.
    pub pictures: Vec<Attachment>,
    /// Whether the page says that the text is for subscribers only.
    pub paywalled: bool,
    /// What stands before the article, when the page does not show it.
    pub wall: Option<Wall>,
    /// Where each fact was found.
    pub findings: Vec<Finding>,
    /// The next page of the same article, absolute.
    pub next_page: Option<String>,
    /// What of the page's text was left out, and why; the largest parts, in the page's order.
    pub left_out: Vec<LeftOut>,
}

/// What a page shows instead of its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// The beginning only, to those who do not subscribe.
    Payment,
    /// A question: about cookies, robots or a password.
    Question,
}

impl Wall {
    /// What it means for an admin.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Payment => "the page shows only the beginning of its article to those who do not subscribe",
            Self::Question => "the page asks for consent, a password or a proof of being human, and shows no article",
        }
    }
}

/// A part of a page that is no part of the article, for `inspect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its first words.
    pub start: String,
    /// Why, in words.
    pub why: &'static str,
}

/// Which rule found something, for `inspect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about: `title`, `date`, `content`.
    pub field: &'static str,
    /// The rule, in words.
    pub why: String,
}

/// A link that a page offers: a feed in the head, or an article in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// Absolute address.
    pub url: String,
    /// The link's text or title.
    pub title: Option<String>,
    /// Media type, when stated.
    pub mime_type: Option<String>,
}
