//! The words of the service: the types that travel from room to room.
//!
//! RSS's words name what is read ([`Channel`], [`Item`]), Atom's words what is kept and published
//! ([`Entry`], [`Feed`]), so a reader of any line knows which bank of the river he is on.
//! Nothing here does I/O, reads a clock or knows of feeds.toml.

mod article;
mod enclosure;
mod entry;
mod feed;
mod health;
mod id;
mod item;
mod mirror;
mod picture;
mod record;
mod secret;
mod source;
mod story;
mod subscription;
mod template;
mod token;

pub use article::{Article, Finding, LeftOut, PageLink, Wall};
pub use enclosure::{Enclosure, Media, Plainer};
pub use entry::{Arrival, Entry, Facts, Key, KeyKind, Known, Lookup, Origin, Sketch};
pub use feed::{
    Amount, Archive, Bounds, Bygone, Dedupe, Feed, FeedEntry, Filter, Gone, Order, Part, Profile, Selection, SourceSet,
    Wording,
};
pub use health::{Health, Outcome};
pub use id::{EntryId, FeedId, IdError, SourceId, StoryId};
pub use item::{Attachment, Category, Channel, Format, Hub, Item, ItemSource, Person, Reading, Repair, Text, TextKind};
pub use mirror::{MediaName, MediaOrigin, Mirrored, PictureType};
pub use picture::{Look, Mirroring, PictureFacts};
pub use record::{Committed, Judge, PollRecord};
pub use secret::Secret;
pub use source::{
    Agreement, ArticleRules, Boilerplate, Cadence, FullText, Images, Kind, Location, PageRules, Source, SourceState,
    Validators, WhenGone,
};
pub use story::{Change, Story, StoryMember, Verdict};
pub use subscription::{Behind, Crowd, Form, Intent, Settlement, Subscription, Telling, Upshot, Wish, host};
pub use template::{Filling, Template};
pub use token::{Token, TokenError};
