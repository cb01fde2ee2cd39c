//! What is published, seen from outside: by a checker, by another parser, and by eye.

mod choosing;
mod forms;
mod history;
mod merging;
mod pages;
mod sample;
