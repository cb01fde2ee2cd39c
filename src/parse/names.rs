//! Namespaces of feeds: by address, and by the prefix that everyone uses when the address is
//! missing or wrong.

/// A namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Ns {
    /// No namespace, or one that a dialect has without saying.
    None,
    Rdf,
    Rss090,
    Rss10,
    Atom03,
    Atom10,
    Content,
    Dc,
    DcTerms,
    Media,
    Itunes,
    Podcast,
    Sy,
    FeedBurner,
    Wfw,
    Slash,
    Xhtml,
    Sitemap,
    News,
    SitemapImage,
    Cdf,
    Other,
}

impl Ns {
    /// Whether RSS's own elements are in it.
    pub(super) fn is_rss(self) -> bool {
        matches!(self, Self::None | Self::Rss090 | Self::Rss10 | Self::Cdf)
    }

    /// Whether Atom's elements are in it.
    pub(super) fn is_atom(self) -> bool {
        matches!(self, Self::Atom03 | Self::Atom10)
    }
}

/// What the name of an element says of where things inside it belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An item, in every dialect of feeds.
    Item,
    /// An item of a sitemap; the name means other things elsewhere.
    Listed,
    /// What items are in.
    Channel,
    /// What channels are in.
    Root,
    /// The feed that an item was taken from.
    Source,
    /// A picture with elements inside.
    Image,
    /// Somebody, with elements inside.
    Person,
    /// Somebody, of whom no one expects elements inside.
    Editor,
    /// Something whose inside says nothing of feed or item.
    Aside,
    /// Nothing.
    None,
}

impl Role {
    /// The role of a local name in lower case.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "item" | "entry" => Self::Item,
            "url" | "sitemap" => Self::Listed,
            "channel" | "feed" => Self::Channel,
            "rss" | "rdf" | "urlset" | "sitemapindex" => Self::Root,
            "source" => Self::Source,
            "image" => Self::Image,
            "author" | "contributor" | "owner" => Self::Person,
            "managingeditor" => Self::Editor,
            "textinput" | "cloud" | "inreplyto" => Self::Aside,
            _ => Self::None,
        }
    }
}

/// The namespace of an address, in any spelling that occurs.
pub(super) fn namespace(address: &str) -> Ns {
    let lower = address.trim().to_ascii_lowercase();
    let bare = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    match bare.trim_end_matches(['/', '#']) {
        ""
        | "backend.userland.com/rss2"
        | "blogs.law.harvard.edu/tech/rss"
        | "backend.userland.com/rss"
        | "cyber.law.harvard.edu/rss"
        | "backend.userland.com/rss091"
        | "backend.userland.com/rss092"
        | "purl.org/net/rss2.0"
        | "cyber.law.harvard.edu/rss/rss.html" => Ns::None,
        "w3.org/1999/02/22-rdf-syntax-ns" => Ns::Rdf,
        "my.netscape.com/rdf/simple/0.9"
        | "channel.netscape.com/rdf/simple/0.9"
        | "my.netscape.com/publish/formats/rss-0.9" => Ns::Rss090,
        "purl.org/rss/1.0" => Ns::Rss10,
        "purl.org/atom/ns"
        | "example.com/newformat"
        | "example.com/necho"
        | "purl.org/echo"
        | "uri/of/echo/namespace" => Ns::Atom03,
        "w3.org/2005/atom" => Ns::Atom10,
        "purl.org/rss/1.0/modules/content" => Ns::Content,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc" => Ns::Dc,
        "purl.org/dc/terms" => Ns::DcTerms,
        "search.yahoo.com/mrss"
        | "search.yahoo.com/mrss/"
        | "tools.search.yahoo.com/mrss"
        | "video.search.yahoo.com/mrss"
        | "api.maxcdn.com/mrss"
        | "rssboard.org/media-rss"
        | "search.yahoo.com/rss" => Ns::Media,
        "itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Ns::Itunes,
        "podcastindex.org/namespace/1.0" => Ns::Podcast,
        "purl.org/rss/1.0/modules/syndication" => Ns::Sy,
        "rssnamespace.org/feedburner/ext/1.0" => Ns::FeedBurner,
        "wellformedweb.org/commentapi" => Ns::Wfw,
        "purl.org/rss/1.0/modules/slash" => Ns::Slash,
        "w3.org/1999/xhtml" => Ns::Xhtml,
        "sitemaps.org/schemas/sitemap/0.9" | "google.com/schemas/sitemap/0.84" | "google.com/schemas/sitemap/0.9" => {
            Ns::Sitemap
        }
        "google.com/schemas/sitemap-news/0.9" => Ns::News,
        "google.com/schemas/sitemap-image/1.1" => Ns::SitemapImage,
        "microsoft.com/standards/channels.dtd" => Ns::Cdf,
        _ => Ns::Other,
    }
}

/// What a prefix means when its address is missing or unknown.
pub(super) fn prefix_namespace(prefix: &str) -> Option<Ns> {
    Some(match prefix {
        "rdf" => Ns::Rdf,
        "rss" => Ns::None,
        "atom" | "a10" => Ns::Atom10,
        "content" => Ns::Content,
        "dc" => Ns::Dc,
        "dcterms" => Ns::DcTerms,
        "media" | "mrss" => Ns::Media,
        "itunes" => Ns::Itunes,
        "podcast" => Ns::Podcast,
        "sy" => Ns::Sy,
        "feedburner" => Ns::FeedBurner,
        "wfw" => Ns::Wfw,
        "slash" => Ns::Slash,
        "xhtml" => Ns::Xhtml,
        "news" => Ns::News,
        "image" => Ns::SitemapImage,
        _ => return None,
    })
}
