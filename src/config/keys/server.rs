//! `[server]` and `[hub]`: how it is reached, and whom it tells.

use super::{Shape, Table, key};

pub(in crate::config) const SERVER: Table = Table {
    name: "server",
    doc: "Where it serves.",
    keys: &[
        key(
            "listen",
            Shape::Text,
            "\"127.0.0.1:8080\"",
            "\"unix:/run/newsriver/http.sock\"",
            "Address and port, or unix: and the path of a socket. Like all of [server] but `admin_tokens`, a change takes effect at the next start.",
        ),
        key(
            "tls_cert",
            Shape::Text,
            "",
            "\"/etc/letsencrypt/live/feeds.example.org/fullchain.pem\"",
            "Serve TLS with this chain of certificates (PEM). It is read again when the file changes, and on SIGHUP.",
        ),
        key(
            "tls_key",
            Shape::Text,
            "",
            "\"/etc/letsencrypt/live/feeds.example.org/privkey.pem\"",
            "Its private key (PEM).",
        ),
        key(
            "trusted_proxies",
            Shape::Texts,
            "[\"127.0.0.0/8\", \"::1\"]",
            "[\"10.0.0.2\"]",
            "Ranges of proxies whose X-Forwarded-For names the client; that of others is ignored. Limits for clients do not apply to them.",
        ),
        key(
            "connections",
            Shape::Number { least: 16, most: 1_000_000 },
            "4096",
            "4096",
            "Connections open at once; more wait.",
        ),
        key(
            "per_address",
            Shape::Number { least: 1, most: 1_000_000 },
            "256",
            "256",
            "Connections of one client open at once.",
        ),
        key(
            "per_second",
            Shape::Number { least: 1, most: 1_000_000 },
            "50",
            "50",
            "Requests of one client a second, on average; ten times as many may come at once. More are answered 429.",
        ),
        key(
            "timeout",
            Shape::Duration,
            "\"30s\"",
            "\"30s\"",
            "Time for a client to send a request, also after the last one, and to take any part of an answer.",
        ),
        key(
            "admin_tokens",
            Shape::Texts,
            "[]",
            "[\"file:admin-token\"]",
            "/status, /status.json and /metrics ask for one of these, named as the tokens of feeds; then /status.json also says when each token was last used. Without any, they are open and name nothing that is protected.",
        ),
    ],
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
        key(
            "bandwidth",
            Shape::Size,
            "\"25MB\"",
            "\"5MB\"",
            "Bytes a second that all subscribers together are sent, after a second's worth at once.",
        ),
    ],
};
