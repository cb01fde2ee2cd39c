//! Headline, byline and date that stand in the text's own block, as its first lines.

use super::judge::Judge;
use super::lines::is_date_line;
use crate::date;
use crate::extract::byline;
use crate::extract::phrases::folded;
use crate::html::tag::Tag;

/// Nodes of the block that are looked at.
const MAX_NODES: usize = 120;
/// Lines that may stand above the text.
const MAX_LINES: usize = 6;
/// A longer line is text.
const MAX_LINE: usize = 200;

impl Judge<'_> {
    /// Leaves out what stands above the text in a block whose lines only breaks tell apart.
    pub(super) fn first_lines(&mut self) {
        let Some(block) = self.first_block() else { return };
        let (mut line, mut lines, mut after_byline) = (Vec::new(), 0, false);
        for at in self.dom.inside(block).take(MAX_NODES) {
            match self.dom.tag(at) {
                Tag::Text if self.dom.node(at).len > 0 && !self.is_out(at) => line.push(at),
                Tag::Br if !line.is_empty() => {
                    lines += 1;
                    if lines > MAX_LINES || !self.first_line(&line, &mut after_byline) {
                        return;
                    }
                    line.clear();
                }
                // A block inside is none of its lines.
                tag if tag.is_block() => return,
                _ => {}
            }
        }
    }

    /// The block that the text begins with: the chosen element itself, or the first in it.
    fn first_block(&self) -> Option<usize> {
        if self.dom.node(self.root).own > 0 {
            return Some(self.root);
        }
        self.dom
            .inside(self.root)
            .find(|&at| self.dom.tag(at).is_block() && !self.is_out(at) && self.dom.node(at).own > 0)
    }

    /// Judges a line; false when the text begins with it.
    fn first_line(&mut self, line: &[usize], after_byline: &mut bool) -> bool {
        let text = line.iter().map(|&at| self.dom.text(at)).collect::<Vec<_>>().join(" ");
        if text.len() > MAX_LINE {
            return false;
        }
        let why = if self.known.titles.contains(&folded(&text)) {
            "it repeats the headline"
        } else if let Some(found) = byline::line(&text).filter(|found| !found.authors.is_empty()) {
            self.judged.byline.authors.extend(found.authors);
            *after_byline = true;
            "it is the byline"
        } else if is_date_line(&text)
            && let Some(found) = date::find(&text, self.known.zone)
        {
            self.judged.date = self.judged.date.or(Some(found));
            "it is the date"
        } else if *after_byline && byline::is_position(&text) {
            "it is the byline"
        } else if *after_byline && let Some(organisation) = byline::organisation(&text) {
            self.judged.byline.authors.push(organisation);
            "it is the byline"
        } else {
            return false;
        };
        for &at in line {
            self.drop(at, why);
        }
        true
    }
}
