//! The articles of the newsroom, as they stand in `articles/*.txt`.

use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

/// An article with its place in the world.
#[derive(Debug, Clone, Default)]
pub(super) struct Article {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) author: String,
    pub(super) section: String,
    pub(super) lead: String,
    /// Address and caption of each picture.
    pub(super) pictures: Vec<(String, String)>,
    pub(super) blocks: Vec<Block>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) url: String,
}

/// A part of the text.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Heading(String),
    Paragraph(String),
}

/// Reads a file of articles, divided by lines of `====`; each begins with `key = value` lines, and
/// after an empty line comes the text. `base` is the address of the site.
pub(super) fn read(text: &str, base: &str, now: DateTime<Utc>) -> Vec<Article> {
    text.split("====\n").map(|part| one(part.trim(), base, now)).collect()
}

fn one(text: &str, base: &str, now: DateTime<Utc>) -> Article {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut article = Article::default();
    let mut captions = Vec::new();
    for (key, value) in head.lines().filter_map(|line| line.split_once(" = ")) {
        let value = value.to_owned();
        match key {
            "slug" => article.slug = value,
            "title" => article.title = value,
            "author" => article.author = value,
            "section" => article.section = value,
            "lead" => article.lead = value,
            "caption" => captions.push(value),
            "hours" => article.published = value.parse().ok().map(|hours| now - TimeDelta::hours(hours)),
            _ => {}
        }
    }
    article.url = format!("{base}/tin/{}.html", article.slug);
    let picture =
        |(number, caption): (usize, String)| (format!("{base}/anh/{}-{}.png", article.slug, number + 1), caption);
    article.pictures = captions.into_iter().enumerate().map(picture).collect();
    article.blocks = body
        .split("\n\n")
        .filter(|block| !block.trim().is_empty())
        .map(|block| match block.strip_prefix("## ") {
            Some(heading) => Block::Heading(heading.trim().to_owned()),
            None => Block::Paragraph(block.trim().to_owned()),
        })
        .collect();
    article
}

impl Article {
    /// The text without its pictures.
    pub(super) fn text(&self) -> Markup {
        html! {
            @for block in &self.blocks {
                @match block {
                    Block::Heading(text) => h2 { (text) },
                    Block::Paragraph(text) => p { (text) },
                }
            }
        }
    }

    /// The text with lead and pictures, as a full feed carries it.
    pub(super) fn content(&self) -> String {
        let content = html! {
            p { (self.lead) }
            @for (url, caption) in &self.pictures {
                figure { img src=(url) alt=(caption) width="1200" height="675"; figcaption { (caption) } }
            }
            (self.text())
        };
        content.into_string()
    }
}
