//! One binary for all tests that drive the service from outside, and for the rules about the code.

mod dedup;
mod e2e;
mod extract;
mod parse;
mod tidy;
