//! suite

mod extract;
