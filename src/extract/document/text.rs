//! Plain text as newspapers file it: the headline, a date, paragraphs, captions, a byline at the end.

use crate::date;
use crate::extract::byline::{self, Byline};
use crate::extract::content::captions;
use crate::extract::content::lines::{is_date_line, is_headline};
use crate::extract::content::write::escape;
use crate::extract::facts::language;
use crate::extract::phrases::{self, Phrase, folded};
use crate::extract::{ExtractError, Options};
use crate::html::dom::length;
use crate::model::{Article, Finding, Person};

const MAX_HEADING: u32 = 110;
const MAX_CAPTION: u32 = 300;
/// A paragraph, as opposed to a heading or caption.
const MIN_PARAGRAPH: u32 = 80;

enum Block {
    Paragraph(String),
    Caption(String),
}

/// Reads a text document.
pub(crate) fn read(text: &str, options: &Options) -> Result<Article, ExtractError> {
    let mut paragraphs = paragraphs(text).into_iter();
    let title = paragraphs.next().ok_or(ExtractError::NoArticle)?;
    let mut article = Article::default();
    let mut note = |field, why: &str| article.findings.push(Finding { field, why: why.to_owned() });
    note("title", "the first line");

    let mut blocks: Vec<Block> = Vec::new();
    let mut byline = Byline::default();
    let mut prose = false;
    for paragraph in paragraphs {
        match phrases::of(&paragraph) {
            Some(Phrase::End | Phrase::Links) if prose => {
                note("dropped", &format!("with it the article is over: {paragraph}"));
                break;
            }
            Some(_) => {
                note("dropped", &format!("it is a line that pages put around articles: {paragraph}"));
                continue;
            }
            None => {}
        }
        if article.published.is_none() && !prose && is_date_line(&paragraph) {
            article.published = date::find(&paragraph, options.timezone);
            if article.published.is_some() {
                note("date", "a date line before the text");
                continue;
            }
        }
        if let Some(found) = byline::line(&paragraph) {
            note("dropped", &format!("it is the byline: {paragraph}"));
            byline.authors.extend(found.authors);
            byline.photographers.extend(found.photographers);
            byline.sources.extend(found.sources);
            continue;
        }
        prose |= length(&paragraph) >= MIN_PARAGRAPH;
        add(&mut blocks, paragraph, &title);
    }
    if blocks.is_empty() {
        return Err(ExtractError::NoArticle);
    }
    let names = if byline.authors.is_empty() { byline.sources } else { byline.authors };
    article.authors = names.into_iter().map(Person::named).collect();
    article.title = Some(title);
    finish(&blocks, &mut article);
    Ok(article)
}

fn finish(blocks: &[Block], article: &mut Article) {
    article.content_html = write(blocks);
    let prose: Vec<&str> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) if length(text) >= MIN_PARAGRAPH => Some(text.as_str()),
            _ => None,
        })
        .collect();
    article.summary = prose.first().map(|lead| super::without_dateline(lead));
    article.language = language::detect(&prose.join("\n"));
    if article.language.is_some() {
        article.findings.push(Finding { field: "language", why: "the text's words".into() });
    }
}

/// Adds a paragraph. One that says the same as the one before makes both a caption: pages give it as
/// the picture's description and below the picture.
fn add(blocks: &mut Vec<Block>, paragraph: String, title: &str) {
    if blocks.is_empty() && folded(&paragraph) == folded(title) {
        return;
    }
    let repeats = matches!(blocks.last(), Some(Block::Paragraph(before) | Block::Caption(before)) if folded(before) == folded(&paragraph));
    if repeats && length(&paragraph) <= MAX_CAPTION {
        blocks.pop();
        blocks.push(Block::Caption(paragraph));
    } else if !repeats {
        blocks.push(Block::Paragraph(paragraph));
    }
}

fn write(blocks: &[Block]) -> String {
    let mut html = String::new();
    for (number, block) in blocks.iter().enumerate() {
        match block {
            Block::Caption(text) => {
                html.push_str("<figure>");
                element(&mut html, "figcaption", text);
                html.push_str("</figure>");
            }
            Block::Paragraph(text) if is_heading(text, blocks.get(number + 1)) => element(&mut html, "h2", text),
            Block::Paragraph(text) => element(&mut html, "p", text),
        }
    }
    html
}

fn element(html: &mut String, name: &str, text: &str) {
    for part in ["<", name, ">", &escape(text), "</", name, ">"] {
        html.push_str(part);
    }
}

/// A short line without a sentence's end, over a paragraph.
fn is_heading(text: &str, next: Option<&Block>) -> bool {
    let over_paragraph = matches!(next, Some(Block::Paragraph(text)) if length(text) >= MIN_PARAGRAPH)
        || matches!(next, Some(Block::Caption(_)));
    over_paragraph && length(text) <= MAX_HEADING && is_headline(text) && captions::credit(text).is_none()
}

/// The paragraphs: what blank lines separate, with the lines of a wrapped paragraph joined.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut group: Vec<&str> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim).chain(std::iter::once("")) {
        if !line.is_empty() {
            group.push(line);
            continue;
        }
        if is_wrapped(&group) {
            found.push(group.join(" "));
        } else {
            found.extend(group.iter().map(|line| (*line).to_owned()));
        }
        group.clear();
    }
    found
}

/// Whether lines are one paragraph that was broken at a width: all but the last about equally long.
fn is_wrapped(lines: &[&str]) -> bool {
    let Some((last, full)) = lines.split_last() else { return false };
    let widths = || full.iter().map(|line| line.chars().count());
    let (Some(widest), Some(narrowest)) = (widths().max(), widths().min()) else { return false };
    widest <= 120 && narrowest >= 40 && widest - narrowest <= 25 && last.chars().count() <= widest + 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_joined_and_others_not() {
        let wrapped = "a".repeat(70) + "\n" + &"b".repeat(66) + "\nend.";
        assert_eq!(paragraphs(&wrapped).len(), 1);
        assert_eq!(paragraphs("Headline\n30/01/2023 - 05:30\nText").len(), 3);
    }
}
