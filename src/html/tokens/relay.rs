//! Between what cuts tokens and what builds the tree of them.

use std::cell::RefCell;

use html5ever::LocalName;
use html5ever::tokenizer::states::State;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};

/// Passes tokens on to the tree builder, and sees where that wants an element's text as it stands.
pub(super) struct Relay<'a, Sink> {
    pub(super) to: &'a Sink,
    /// How the text is to be read that comes next, and the element that it stands in.
    pub(super) raw: RefCell<Option<(State, LocalName)>>,
}

impl<'a, Sink> Relay<'a, Sink> {
    pub(super) fn to(sink: &'a Sink) -> Self {
        Self { to: sink, raw: RefCell::new(None) }
    }
}

impl<Sink: TokenSink> TokenSink for &Relay<'_, Sink> {
    type Handle = Sink::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Sink::Handle> {
        let name = match &token {
            // A piece's end is not the page's, and nobody counts errors.
            Token::EOFToken | Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::TagToken(tag) => Some(tag.name.clone()),
            _ => None,
        };
        let state = match self.to.process_token(token, line) {
            TokenSinkResult::Plaintext => State::Plaintext,
            TokenSinkResult::RawData(kind) => State::RawData(kind),
            _ => return TokenSinkResult::Continue,
        };
        self.raw.replace(name.map(|name| (state, name)));
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.to.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
