//! Every key of feeds.toml, described once: the JSON Schema, docs/configuration.md and the words of
//! mistakes are made of this table.

mod server;

pub(super) use server::{HUB, SERVER};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Texts,
    Number {
        least: i64,
        most: i64,
    },
    Size,
    Duration,
    DurationOr(&'static str),
    OneOf(&'static [&'static str]),
    Flag,
    /// A table whose keys are those of another entry of [`TABLES`].
    Filters,
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// As it would be written; empty when there is none.
    pub(super) default: &'static str,
    pub(super) doc: &'static str,
    /// As it would be written.
    pub(super) example: &'static str,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    /// As in the file; `<id>` stands for a name the admin chooses.
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) keys: &'static [Key],
}

const fn key(name: &'static str, shape: Shape, default: &'static str, example: &'static str, doc: &'static str) -> Key {
    Key { name, shape, default, doc, example }
}

pub(super) const SITE: Table = Table {
    name: "site",
    doc: "Who publishes.",
    keys: &[
        key("title", Shape::Text, "\"newsriver\"", "\"Delta News\"", "The name on pages and in feeds."),
        key(
            "base_url",
            Shape::Text,
            "",
            "\"https://feeds.example.org\"",
            "The public address; absolute addresses in published feeds are built on it. Without it, http:// and [server] listen.",
        ),
        key(
            "contact",
            Shape::Text,
            "",
            "\"editor@example.org\"",
            "A mail address: in the User-Agent, so that sources can write to you, and in the feeds.",
        ),
        key("language", Shape::Text, "\"en\"", "\"vi\"", "Language (BCP 47) of feeds that do not name their own."),
        key(
            "timezone",
            Shape::Text,
            "\"UTC\"",
            "\"Asia/Ho_Chi_Minh\"",
            "Zone of dates that carry none, for sources that do not name their own.",
        ),
        key(
            "hubs",
            Shape::Texts,
            "[]",
            "[\"https://pubsubhubbub.superfeedr.com/\"]",
            "Outside WebSub hubs that are told of changes, besides our own; named in every public feed.",
        ),
    ],
};

pub(super) const STORAGE: Table = Table {
    name: "storage",
    doc: "Where it keeps what it read.",
    keys: &[
        key(
            "url",
            Shape::Text,
            "\"sqlite:data/newsriver.db\"",
            "\"postgres://newsriver@db.example.org/newsriver?sslmode=verify-full\"",
            "The store: `sqlite:` and a file, relative to the folder of feeds.toml, or the address of a PostgreSQL database that several machines may share. \"env:NAME\" or \"file:PATH\" say where the address stands when it holds a password. A change takes effect at the next start.",
        ),
        key(
            "keep",
            Shape::DurationOr("forever"),
            "\"forever\"",
            "\"365d\"",
            "Entries older than this leave the store once their source no longer lists them.",
        ),
        key(
            "media",
            Shape::Size,
            "\"5GiB\"",
            "\"20GiB\"",
            "What copies of pictures may take on the disk; what nobody asked for longest goes first, and is fetched again when asked for.",
        ),
    ],
};

pub(super) const FETCH: Table = Table {
    name: "fetch",
    doc: "Manners and limits of requests.",
    keys: &[
        key("concurrency", Shape::Number { least: 1, most: 1024 }, "64", "64", "Requests under way at once."),
        key("per_host", Shape::Number { least: 1, most: 64 }, "2", "2", "Requests under way at once to one host."),
        key("timeout", Shape::Duration, "\"30s\"", "\"30s\"", "Limit on a whole request."),
        key("max_body", Shape::Size, "\"10MiB\"", "\"10MiB\"", "Limit on a document, after decompression."),
        key(
            "allow_private",
            Shape::Texts,
            "[]",
            "[\"10.0.0.0/8\"]",
            "Ranges that may be fetched although they are not public: on the hosts that sources name, and on no other that a document leads to.",
        ),
        key(
            "ca_file",
            Shape::Text,
            "",
            "\"company-ca.pem\"",
            "Certificates (PEM) that are trusted besides the public ones.",
        ),
        key(
            "robots",
            Shape::OneOf(&["obey", "ignore"]),
            "\"obey\"",
            "\"ignore\"",
            "Whether robots.txt is obeyed for article pages and pictures; for sites whose owners gave their word otherwise.",
        ),
    ],
};

pub(super) const SOURCE: Table = Table {
    name: "sources.<id>",
    doc: "Something to read. The same keys in `[defaults]` hold for all sources; a source's own key wins.",
    keys: &[
        key("title", Shape::Text, "", "\"Báo Đồng Khởi\"", "What people call it; without it, what it calls itself."),
        key(
            "url",
            Shape::Text,
            "",
            "\"https://baodongkhoi.vn/\"",
            "Its address: a feed, a sitemap, a news page, a home page, or `folder:` and a path relative to the folder of feeds.toml.",
        ),
        key(
            "kind",
            Shape::OneOf(&["auto", "feed", "page", "sitemap", "folder"]),
            "\"auto\"",
            "\"page\"",
            "What it is; \"auto\" finds out by looking.",
        ),
        key("tags", Shape::Texts, "[]", "[\"local\"]", "Labels that feeds can select by."),
        key(
            "interval",
            Shape::DurationOr("adaptive"),
            "\"adaptive\"",
            "\"15m\"",
            "How often it is visited; \"adaptive\" goes by how often it publishes and what its server asks for.",
        ),
        key(
            "full_text",
            Shape::OneOf(&["auto", "always", "never"]),
            "\"auto\"",
            "\"always\"",
            "When an article's page is fetched for its full text; \"auto\" when the source gives only a summary.",
        ),
        key(
            "images",
            Shape::OneOf(&["link", "mirror"]),
            "\"link\"",
            "\"mirror\"",
            "What becomes of pictures; \"link\" leaves them where they are, \"mirror\" copies them and serves them under `/media/`.",
        ),
        key("language", Shape::Text, "", "\"vi\"", "Language (BCP 47) of articles that do not state theirs."),
        key(
            "timezone",
            Shape::Text,
            "",
            "\"Asia/Ho_Chi_Minh\"",
            "Zone of dates that carry none; without it, that of [site].",
        ),
        key(
            "priority",
            Shape::Number { least: -1000, most: 1000 },
            "0",
            "10",
            "Which source's form of an article is shown when several have it; higher wins.",
        ),
        key(
            "when_gone",
            Shape::OneOf(&["withdraw", "keep"]),
            "\"withdraw\"",
            "\"keep\"",
            "What becomes of an article whose page is gone at the source (410, or 404 for six hours). Pages are asked for five times in the first week.",
        ),
    ],
};

pub(super) const PAGE: Table = Table {
    name: "sources.<id>.page",
    doc: "Help with a news page.",
    keys: &[key(
        "links",
        Shape::Text,
        "",
        "\"h3.title a\"",
        "CSS selector of the links to articles; without it, newsriver finds them by looking.",
    )],
};

pub(super) const ARTICLE: Table = Table {
    name: "sources.<id>.article",
    doc: "Help with full text, where newsriver's own judgement fails. CSS selectors; the first match counts.",
    keys: &[
        key("content", Shape::Text, "", "\".detail-content\"", "The element that holds the text."),
        key("title", Shape::Text, "", "\"h1\"", "The headline."),
        key("author", Shape::Text, "", "\".author\"", "The byline."),
        key("date", Shape::Text, "", "\".date\"", "The date of publication."),
        key("remove", Shape::Texts, "[]", "[\".share\", \".comments\"]", "Elements that never belong to the article."),
    ],
};

pub(super) const ADDRESS: Table = Table {
    name: "sources.<id>.address",
    doc: "What counts in this source's addresses when articles are compared, on top of what holds for all sources.",
    keys: &[
        key(
            "ignore_params",
            Shape::Texts,
            "[]",
            "[\"from\", \"pos\"]",
            "Parameters that do not matter; they are taken out.",
        ),
        key(
            "keep_params",
            Shape::Texts,
            "[]",
            "[\"ref\"]",
            "Parameters that do matter, although newsriver takes them for trackers, sessions or marks of print pages.",
        ),
        key(
            "hosts",
            Shape::Texts,
            "[]",
            "[\"paper.example\", \"old-paper.example\"]",
            "Hosts that are one site, as after a move: addresses that differ in them alone are one.",
        ),
    ],
};

pub(super) const DEDUPE: Table = Table {
    name: "dedupe",
    doc: "When articles of different addresses are one; see deduplication.md.",
    keys: &[key(
        "threshold",
        Shape::Number { least: 40, most: 95 },
        "70",
        "80",
        "How much of the shorter of two long texts must stand in the other, in per cent. Try another one with `newsriver duplicates --dry-run`.",
    )],
};

pub(super) const FEED: Table = Table {
    name: "feeds.<id>",
    doc: "Something to publish: `/feeds/<id>.rss`, `.atom`, `.json` and a page.",
    keys: &[
        key("title", Shape::Text, "", "\"Everything\"", "Its title."),
        key("description", Shape::Text, "", "\"All news of the delta\"", "One sentence on what it holds."),
        key("language", Shape::Text, "", "\"vi\"", "Its language (BCP 47); without it, that of [site]."),
        key(
            "sources",
            Shape::Texts,
            "[\"*\"]",
            "[\"tag:local\", \"!documents\"]",
            "Ids of sources, \"tag:<tag>\", \"*\" for all, and \"!<id>\" or \"!tag:<tag>\" to leave some out.",
        ),
        key(
            "limit",
            Shape::Number { least: 1, most: 1000 },
            "60",
            "100",
            "At most this many articles, the newest. Without it, 20 for msn and 1000 for news-sitemap.",
        ),
        key(
            "per_source",
            Shape::Number { least: 1, most: 1000 },
            "",
            "10",
            "At most this many articles of one source, so that a busy one leaves room for the others.",
        ),
        key("max_age", Shape::Duration, "", "\"7d\"", "No article published longer ago."),
        key(
            "max_bytes",
            Shape::Size,
            "\"4500kB\"",
            "\"1MB\"",
            "At most about this size, in the largest of its forms; one article always stays.",
        ),
        key(
            "sort",
            Shape::OneOf(&["published", "first-seen"]),
            "\"published\"",
            "\"first-seen\"",
            "Which articles are the newest: by when the source published them, or by when they came in here.",
        ),
        key(
            "delay",
            Shape::Duration,
            "",
            "\"15m\"",
            "How long an article waits after it came in, so that it can still be withdrawn.",
        ),
        key("hold_back", Shape::Duration, "", "\"1h\"", "How long an article waits after its source published it."),
        key(
            "content",
            Shape::OneOf(&["full", "summary"]),
            "\"full\"",
            "\"summary\"",
            "Whether articles come with their text, or with a summary and the link.",
        ),
        key(
            "attribution",
            Shape::Text,
            "",
            "\"Theo {source}[, {author}], {published}: {link}\"",
            "A line under each article. {source} (linked to the article), {author}, {published}, {title}, {link}, {site} are filled in; a part in square brackets is left out when something in it is not known.",
        ),
        key(
            "link_query",
            Shape::Text,
            "",
            "\"utm_source={site}&utm_medium=feed&utm_campaign={feed}\"",
            "What is added to the query of each article's address; {site}, {feed} and {source} are filled in.",
        ),
        key(
            "include",
            Shape::Filters,
            "",
            "{ title = \"Bến Tre|Mekong\" }",
            "Questions about an article; it is in when each is answered yes.",
        ),
        key(
            "exclude",
            Shape::Filters,
            "",
            "{ category = \"Quảng cáo\" }",
            "Questions about an article; it is out when any is answered yes.",
        ),
        key(
            "dedupe",
            Shape::OneOf(&["off", "exact", "near"]),
            "\"near\"",
            "\"exact\"",
            "What is one article: \"near\", nearly the same words from any source; \"exact\", the same id, address or words; \"off\", nothing.",
        ),
        key(
            "tokens",
            Shape::Texts,
            "[]",
            "[\"env:PARTNER_TOKEN\"]",
            "Readers must present one. Each is \"env:NAME\" (a variable of the environment) or \"file:PATH\"; there stands the token, or `sha256:` and its digest.",
        ),
        key(
            "hubs",
            Shape::Texts,
            "[]",
            "[\"https://hub.partner.example/\"]",
            "More outside WebSub hubs that are told of changes of this feed; not for feeds with tokens.",
        ),
        key(
            "formerly",
            Shape::Texts,
            "[]",
            "[\"news\"]",
            "Ids that this feed had before: their addresses lead to it for good.",
        ),
        key(
            "retired",
            Shape::Flag,
            "false",
            "true",
            "This feed is no more: its addresses answer 410, so that readers give it up. Nothing else of it counts.",
        ),
        key(
            "noindex",
            Shape::Flag,
            "false",
            "true",
            "Ask search engines not to list the feed and its page, which repeat what its sources published.",
        ),
        key(
            "profile",
            Shape::OneOf(&["standard", "feedly", "msn", "news-sitemap", "ninjs", "smartnews", "tombstones"]),
            "\"standard\"",
            "\"msn\"",
            "The dialect of a partner, in place of the standard forms (docs/partners.md). `newsriver check --partner` lists what the partner would refuse.",
        ),
        key(
            "logo",
            Shape::Text,
            "",
            "\"https://feeds.example.org/logo.png\"",
            "The address of a picture that stands for the feed, for readers and partners who show one. RSS takes .png, .jpg and .gif.",
        ),
    ],
};

pub(super) const FILTERS: Table = Table {
    name: "feeds.<id>.include",
    doc: "What `include` and `exclude` can ask. The first five are regular expressions.",
    keys: &[
        key("title", Shape::Text, "", "\"Bến Tre\"", "The headline."),
        key("content", Shape::Text, "", "\"(?i)mekong\"", "The text."),
        key("author", Shape::Text, "", "\"Hoàng Lam\"", "The name of any author."),
        key("category", Shape::Text, "", "\"Kinh tế\"", "Any topic."),
        key("url", Shape::Text, "", "\"/thoi-su/\"", "The address."),
        key(
            "language",
            Shape::Texts,
            "",
            "[\"vi\", \"en\"]",
            "Is it in one of these languages (BCP 47), of whatever region? An article of unknown language is in none.",
        ),
        key("older_than", Shape::Duration, "", "\"2d\"", "Was it published longer ago?"),
        key("image", Shape::Flag, "", "true", "Has it a picture? With false: has it none?"),
        key(
            "min_length",
            Shape::Number { least: 1, most: 1_000_000 },
            "",
            "500",
            "Has its text at least so many characters?",
        ),
        key(
            "max_length",
            Shape::Number { least: 0, most: 1_000_000 },
            "",
            "200",
            "Has its text at most so many characters?",
        ),
    ],
};

pub(super) const AGREEMENT: Table = Table {
    name: "sources.<id>.agreement",
    doc: "What the source allows to be published, in all feeds. Without it, everything.",
    keys: &[
        key("reference", Shape::Text, "", "\"Contract 12/2026\"", "Where it is written down; for you alone."),
        key(
            "until",
            Shape::Text,
            "",
            "\"2027-12-31\"",
            "Its last day, in the zone of [site]. After it, only headline, summary and link are published.",
        ),
        key(
            "covers",
            Shape::Texts,
            "[\"summary\", \"full-text\", \"pictures\"]",
            "[\"summary\", \"pictures\"]",
            "What may be published beside headline and link.",
        ),
    ],
};

/// All tables, in the order of the documentation.
pub(super) const TABLES: [Table; 13] =
    [SITE, SERVER, HUB, STORAGE, FETCH, DEDUPE, SOURCE, PAGE, ARTICLE, ADDRESS, AGREEMENT, FEED, FILTERS];
