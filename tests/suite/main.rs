//! suite

mod dedup;
