//! The text of an article in a page: found, freed of what is no part of it, and written as clean HTML.

pub(crate) mod choose;
pub(crate) mod figures;
pub(crate) mod hints;
pub(crate) mod judge;
pub(crate) mod pictures;
pub(crate) mod scores;
pub(crate) mod tables;
pub(crate) mod write;
