//! The elements of HTML by what they mean for the text of a page.

macro_rules! tags {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// An element's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Tag {
            /// A text.
            Text,
            /// An element that plays no part here.
            Other,
            $(#[doc = concat!("`", $name, "`.")] $variant,)+
        }

        impl Tag {
            /// By its name in lower case.
            pub fn of(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)+
                    _ => Self::Other,
                }
            }

            /// Its name; empty for texts and unknown elements.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Text | Self::Other => "",
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

tags! {
    A "a", Abbr "abbr", Address "address", Article "article", Aside "aside", Audio "audio", B "b", Base "base",
    Bdi "bdi", Bdo "bdo", Blockquote "blockquote", Body "body", Br "br", Button "button", Caption "caption",
    Center "center", Cite "cite", Code "code", Dd "dd", Del "del", Details "details", Dfn "dfn", Dialog "dialog",
    Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed", Fieldset "fieldset", Figcaption "figcaption",
    Figure "figure", Font "font", Footer "footer", Form "form", H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6",
    Head "head", Header "header", Hr "hr", Html "html", I "i", Iframe "iframe", Img "img", Input "input", Ins "ins",
    Kbd "kbd", Label "label", Li "li", Link "link", Main "main", Mark "mark", Math "math", Menu "menu", Meta "meta",
    Nav "nav", Noscript "noscript", Object "object", Ol "ol", Option "option", P "p", Picture "picture", Pre "pre",
    Q "q", Rp "rp", Rt "rt", Ruby "ruby", S "s", Samp "samp", Script "script", Section "section", Select "select",
    Small "small", Source "source", Span "span", Strike "strike", Strong "strong", Style "style", Sub "sub",
    Summary "summary", Sup "sup", Svg "svg", Table "table", Tbody "tbody", Td "td", Template "template",
    Textarea "textarea", Tfoot "tfoot", Th "th", Thead "thead", Time "time", Title "title", Tr "tr", Tt "tt", U "u",
    Ul "ul", Var "var", Video "video", AmpImg "amp-img", Wbr "wbr",
}

impl Tag {
    /// Whether it starts a new line.
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Body
                | Self::Caption
                | Self::Center
                | Self::Dd
                | Self::Details
                | Self::Dialog
                | Self::Div
                | Self::Dl
                | Self::Dt
                | Self::Fieldset
                | Self::Figcaption
                | Self::Figure
                | Self::Footer
                | Self::Form
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Head
                | Self::Header
                | Self::Hr
                | Self::Html
                | Self::Li
                | Self::Main
                | Self::Menu
                | Self::Nav
                | Self::Ol
                | Self::Option
                | Self::P
                | Self::Pre
                | Self::Section
                | Self::Summary
                | Self::Table
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Title
                | Self::Tr
                | Self::Ul
        )
    }

    /// Whether its text is not read by a reader of the page.
    pub fn is_mute(self) -> bool {
        matches!(
            self,
            Self::Script
                | Self::Style
                | Self::Noscript
                | Self::Template
                | Self::Svg
                | Self::Iframe
                | Self::Object
                | Self::Textarea
                | Self::Select
                | Self::Audio
                | Self::Video
                | Self::Rp
        )
    }

    /// The level of a heading.
    pub fn heading(self) -> Option<u8> {
        match self {
            Self::H1 => Some(1),
            Self::H2 => Some(2),
            Self::H3 => Some(3),
            Self::H4 => Some(4),
            Self::H5 => Some(5),
            Self::H6 => Some(6),
            _ => None,
        }
    }
}
