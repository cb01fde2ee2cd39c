//! Writes what is no text: pictures with their captions, players of video and sound.

use url::Url;

use super::figures::Figure;
use super::pictures::Picture;
use super::write::{Writer, escape, is_line};
use crate::address;
use crate::html::dom::Dom;
use crate::html::tag::Tag;

impl Writer<'_> {
    /// Writes a figure.
    pub(super) fn figure(&mut self, figure: &Figure) {
        if figure.pictures.is_empty() {
            return;
        }
        self.end_paragraph();
        let in_line = self.blocks.last().is_some_and(|block| is_line(block.tag));
        if in_line {
            self.split_line();
        }
        self.open_blocks();
        self.html.push_str("<figure>");
        for picture in &figure.pictures {
            self.image(picture, figure.caption.as_deref());
        }
        if let Some(caption) = &figure.caption {
            self.html.push_str("<figcaption>");
            self.html.push_str(&escape(caption));
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>");
        if in_line && let Some(block) = self.blocks.last_mut() {
            block.written = false;
        }
    }

    fn image(&mut self, picture: &Picture, caption: Option<&str>) {
        let alt = picture.alt.as_deref().or(caption).unwrap_or_default();
        self.attribute("<img", "src", picture.url.as_str());
        self.attribute("", "alt", alt);
        for (name, side) in [("width", picture.width), ("height", picture.height)] {
            if let Some(side) = side {
                self.attribute("", name, &side.to_string());
            }
        }
        self.html.push('>');
    }

    fn attribute(&mut self, before: &str, name: &str, value: &str) {
        for part in [before, " ", name, "=\"", &escape(value), "\""] {
            self.html.push_str(part);
        }
    }

    /// Ends a paragraph or heading for a figure inside it; it starts anew after the figure.
    fn split_line(&mut self) {
        let Some(mut block) = self.blocks.pop() else { return };
        if block.written {
            for part in ["</", block.tag, ">"] {
                self.html.push_str(part);
            }
            block.written = false;
        }
        self.open_blocks();
        block.written = true;
        self.blocks.push(block);
    }

    /// A video or sound: a frame of the player, or a link to the file.
    pub(super) fn player(&mut self, at: usize) {
        let Some(url) = shown(self.dom, at, self.base) else { return };
        let tag = self.dom.tag(at);
        self.end_paragraph();
        if self.blocks.last().is_some_and(|block| is_line(block.tag)) {
            self.split_line();
            if let Some(block) = self.blocks.last_mut() {
                block.written = false;
            }
        } else {
            self.open_blocks();
        }
        let mut html = format!("src=\"{}\"", escape(url.as_str()));
        if let Some(caption) = self.figures.players.get(&at) {
            html = format!("{html} title=\"{}\"", escape(caption));
        }
        let html = match tag {
            Tag::Video => format!("<video {html} controls></video>"),
            Tag::Audio => format!("<audio {html} controls></audio>"),
            _ => format!("<iframe {html}></iframe>"),
        };
        self.html.push_str(&html);
    }
}

/// Whether an element is a player that may stay.
pub(super) fn is_shown(dom: &Dom, at: usize, base: Option<&Url>) -> bool {
    matches!(dom.tag(at), Tag::Iframe | Tag::Embed | Tag::Video | Tag::Audio) && shown(dom, at, base).is_some()
}

/// Whether an element is a player that may stay, as far as the element tells: the address of a file may be relative.
pub(super) fn may_be_shown(dom: &Dom, at: usize) -> bool {
    let is_file = matches!(dom.tag(at), Tag::Video | Tag::Audio) && source(dom, at).is_some();
    is_file || is_shown(dom, at, None)
}

/// What a player plays, as the page writes it.
fn source(dom: &Dom, at: usize) -> Option<String> {
    let own = ["src", "data-src", "data-lazy-src"].iter().find_map(|name| dom.attr(at, name));
    let inner = || dom.inside(at).filter(|&at| dom.tag(at) == Tag::Source).find_map(|at| dom.attr(at, "src"));
    own.or_else(inner)
}

/// The address of what a player that may stay plays.
fn shown(dom: &Dom, at: usize, base: Option<&Url>) -> Option<Url> {
    let url = address::resolve(&source(dom, at)?, base)?;
    (!matches!(dom.tag(at), Tag::Iframe | Tag::Embed) || is_player(&url)).then_some(url)
}

/// The players whose frames may stay.
fn is_player(url: &Url) -> bool {
    const PLAYERS: &[&str] = &[
        "youtube.com",
        "youtube-nocookie.com",
        "player.vimeo.com",
        "dailymotion.com",
        "facebook.com",
        "soundcloud.com",
        "tiktok.com",
        "player.twitch.tv",
        "embed.ted.com",
    ];
    let host = url.host_str().unwrap_or_default();
    PLAYERS.iter().any(|player| host == *player || host.strip_suffix(player).is_some_and(|sub| sub.ends_with('.')))
}
