//! newsriver pulls articles from sources, finds their full text and pictures, recognises the same
//! article when it comes twice, and republishes merged feeds.
//!
//! The modules in the order of an article's way through the service; `docs/architecture.md` says
//! who may import whom, and `tests/suite/tidy.rs` checks it.

// Tools: know nothing of feeds.
pub mod address;
pub mod clock;
pub mod date;
pub mod encoding;
pub mod html;
// Words.
pub mod model;
// The way in.
pub mod clean;
pub mod dedup;
pub mod extract;
pub mod fetch;
pub mod parse;
pub mod poll;
pub mod store;
// The way out.
pub mod merge;
pub mod notify;
pub mod publish;
pub mod serve;
// The outside.
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
