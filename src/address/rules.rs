//! What an admin knows of the addresses of one site.

use url::Url;

use super::canonical::form;
use super::tracking::without;

/// Rules for the addresses of one source, on top of those that hold for all: `[sources.<id>.address]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Names of parameters that do not matter there.
    pub ignore_params: Vec<String>,
    /// Names of parameters that do matter there, although elsewhere they only track.
    pub keep_params: Vec<String>,
    /// Hosts that are one site: what differs in them alone is one address. With or without `www.`.
    pub hosts: Vec<String>,
}

impl Rules {
    /// As [`fn@super::canonical`], with these rules.
    pub fn canonical(&self, url: &Url) -> String {
        form(url, self)
    }

    /// As [`super::untracked`]; what must be kept stays, what does not matter goes.
    pub fn untracked(&self, url: &Url) -> Url {
        without(url, self)
    }

    pub(super) fn keeps(&self, name: &str) -> bool {
        self.keep_params.iter().any(|keep| keep.eq_ignore_ascii_case(name))
    }

    pub(super) fn ignores(&self, name: &str) -> bool {
        self.ignore_params.iter().any(|ignored| ignored.eq_ignore_ascii_case(name))
    }

    /// The host that stands for this one; both without the labels of another dress.
    pub(super) fn one_host(&self, host: String) -> String {
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase();
        let same = self.hosts.iter().any(|other| bare(other) == bare(&host));
        if same { self.hosts.first().map_or(host, |first| bare(first)) } else { host }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.into()).collect()
    }

    #[test]
    fn an_admin_can_say_what_counts() {
        let rules = Rules {
            ignore_params: names(&["From"]),
            keep_params: names(&["ref"]),
            hosts: names(&["paper.example", "www.old-paper.example"]),
        };
        let url = |text: &str| Url::parse(text).unwrap();
        let one = rules.canonical(&url("https://paper.example/a?id=7"));
        for same in ["https://old-paper.example/a?id=7&from=home", "http://m.paper.example/a/?FROM=x&id=7"] {
            assert_eq!(rules.canonical(&url(same)), one, "{same}");
        }
        let read = |text: &str| rules.canonical(&url(text));
        assert_ne!(read("https://paper.example/a?ref=rss"), read("https://paper.example/a"));
        assert_ne!(read("https://other.example/a"), read("https://paper.example/a"));
        let shown = rules.untracked(&url("https://paper.example/a?ref=rss&from=x&utm_source=y"));
        assert_eq!(shown.as_str(), "https://paper.example/a?ref=rss");
    }
}
