//! What is published, seen from outside: by a checker, by another parser, and by eye.

mod forms;
mod merging;
mod pages;
mod sample;
