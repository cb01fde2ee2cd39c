//! `[server]` and `[hub]`: how it is reached, and whom it tells.

use super::{Shape, Table, key};

pub(in crate::config) const SERVER: Table = Table {
    name: "server",
    doc: "Where it serves.",
    keys: &[key(
        "listen",
        Shape::Text,
        "\"127.0.0.1:8080\"",
        "\"0.0.0.0:8080\"",
        "Address and port. A change takes effect at the next start.",
    )],
};

pub(in crate::config) const HUB: Table = Table {
    name: "hub",
    doc: "Our own WebSub hub at `/hub`: it sends subscribers what changed.",
    keys: &[
        key("serve", Shape::Flag, "true", "false", "Whether it takes subscriptions; without it, feeds do not name it."),
        key(
            "moved_to",
            Shape::Text,
            "",
            "\"https://hub.example.org/\"",
            "Another hub that takes over: feeds name it, and whoever asks here is sent there.",
        ),
        key(
            "lease",
            Shape::Duration,
            "\"10d\"",
            "\"10d\"",
            "How long a subscription lasts at most; subscribers may ask for less, and renew it.",
        ),
        key(
            "signature",
            Shape::OneOf(&["sha1", "sha256", "sha384", "sha512"]),
            "\"sha256\"",
            "\"sha256\"",
            "How content is signed for subscribers that gave a secret.",
        ),
        key(
            "allow_private",
            Shape::Texts,
            "[]",
            "[\"10.1.0.0/16\"]",
            "Ranges that callbacks and outside hubs may lie in although they are not public; [fetch] allow_private does not hold here.",
        ),
        key("subscriptions", Shape::Number { least: 1, most: 1_000_000 }, "20000", "20000", "Subscriptions in all."),
        key(
            "per_topic",
            Shape::Number { least: 1, most: 1_000_000 },
            "5000",
            "5000",
            "Subscriptions to one form of a feed.",
        ),
        key(
            "per_host",
            Shape::Number { least: 1, most: 1_000_000 },
            "1000",
            "1000",
            "Subscriptions of one callback host.",
        ),
    ],
};
