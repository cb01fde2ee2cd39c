//! Quotations that a text shows twice.

use super::judge::Judge;
use crate::extract::phrases::folded;
use crate::html::tag::Tag;

/// Quotations that are compared with the text, and the longest of them.
const MAX_QUOTES: usize = 30;
const MAX_PULLED: u32 = 300;
/// Who said it, below a quotation.
const MAX_SPEAKER: usize = 80;

impl Judge<'_> {
    /// A quotation that the text has in a sentence is shown twice to catch the eye.
    pub(super) fn pull_quotes(&mut self) {
        let is_pulled = |at: usize| {
            let mut pulled = false;
            self.dom.each_attr(at, |name, value| {
                pulled |= name == "class"
                    && (value.contains("pull") || value.contains("Pull"))
                    && value.to_ascii_lowercase().replace(['-', '_'], "").contains("pullquote");
            });
            pulled
        };
        let is_quote = |at: &usize| {
            let is_block = matches!(self.dom.tag(*at), Tag::Blockquote | Tag::Div | Tag::P | Tag::Figure | Tag::Aside);
            is_block && (10..=MAX_PULLED).contains(&self.dom.node(*at).len) && !self.is_out(*at) && is_pulled(*at)
        };
        let quotes: Vec<usize> = self.dom.inside(self.root).filter(is_quote).take(MAX_QUOTES).collect();
        if quotes.is_empty() {
            return;
        }
        let whole = folded(self.dom.text(self.root));
        for at in quotes {
            // The name of who said it may stand below.
            let lines = self.dom.text(at).lines();
            let quote = lines.max_by_key(|line| line.len()).map(folded).unwrap_or_default();
            let is_most =
                quote.len() * 3 > self.dom.text(at).len() * 2 || quote.len() + MAX_SPEAKER > self.dom.text(at).len();
            if is_most && quote.split(' ').count() > 2 && whole.matches(quote.as_str()).nth(1).is_some() {
                self.drop(at, "it says again what a sentence of the text says");
            }
        }
    }
}
