//! What is published, seen from outside: by a checker, by another parser, and by eye.

mod choosing;
mod forms;
mod merging;
mod pages;
mod sample;
