//! One binary for all tests that drive the service from outside, and for the rules about the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    clippy::semicolon_if_nothing_returned,
    clippy::range_plus_one,
    clippy::assigning_clones,
    clippy::invisible_characters,
    unreachable_pub,
    reason = "a test that panics has failed, which is what it is for"
)]

mod article;
mod checker;
mod config;
mod database;
mod dedup;
mod dialects;
mod e2e;
mod extract;
mod held;
mod parse;
mod publish;
mod robust;
mod store;
mod tidy;
