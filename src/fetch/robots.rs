//! robots.txt (RFC 9309): what a site's owner lets programs fetch. Asked for article pages and pictures; a
//! source that an admin names is asked for on his word.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

use super::client::{Client, Word};

/// By this name sites know us; what follows it in the User-Agent are the version and the contact.
const NAME: &str = "newsriver";
/// As much of a file is read (s.2.5 asks for 500 KiB at least).
const MOST: u64 = 512 * 1024;
/// Rules are believed for a day (s.2.4).
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// A site whose rules could not be had is asked for them again after this.
const RETRY: Duration = Duration::from_secs(10 * 60);
/// Sites whose rules are remembered.
const SITES: usize = 10_000;
/// As much of an address is compared.
const PATH: usize = 4096;

/// What a site's owner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Permission {
    Granted,
    /// A rule forbids it.
    Denied,
    /// The rules could not be had, so that none can be known to allow it (s.2.3.1.4).
    Unknown,
}

/// The rules of the sites that were asked lately.
#[derive(Debug, Default)]
pub(super) struct Robots(Mutex<HashMap<String, Site>>);

#[derive(Debug, Clone)]
struct Site {
    asked: Instant,
    rules: Arc<OnceCell<Option<Rules>>>,
}

impl Robots {
    /// Whether the owner of an address lets us fetch it.
    pub(super) async fn permission(&self, client: &Client, url: &Url) -> Permission {
        let site = self.site(url);
        // Whoever comes while the rules are being asked for waits for them.
        let rules = site.rules.get_or_init(|| ask(client, url)).await;
        match rules {
            None => Permission::Unknown,
            Some(rules) if rules.allow(url) => Permission::Granted,
            Some(_) => Permission::Denied,
        }
    }

    fn site(&self, url: &Url) -> Site {
        let fresh = |site: &Site| {
            let known = site.rules.get().is_none_or(Option::is_some);
            site.asked.elapsed() < if known { KEPT } else { RETRY }
        };
        let origin = url.origin().ascii_serialization();
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = sites.get(&origin).filter(|site| fresh(site)) {
            return site.clone();
        }
        if sites.len() >= SITES {
            sites.retain(|_, site| fresh(site));
        }
        if sites.len() >= SITES {
            sites.clear();
        }
        let site = Site { asked: Instant::now(), rules: Arc::default() };
        sites.insert(origin, site.clone());
        site
    }
}

/// A site's rules; None when they cannot be had.
async fn ask(client: &Client, url: &Url) -> Option<Rules> {
    let file = url.join("/robots.txt").ok()?;
    let mut answer = client.ask(&file, &HeaderMap::new(), Word::Document).await.ok()?;
    match answer.response.status().as_u16() {
        200..=299 => {
            let mut text = Vec::new();
            while let Some(chunk) = answer.chunk().await.ok()? {
                text.extend_from_slice(&chunk);
                if text.len() as u64 >= MOST {
                    break;
                }
            }
            Some(Rules::read(&String::from_utf8_lossy(&text)))
        }
        // Too many requests is a server's trouble, not its owner's word.
        429 => None,
        // Nothing there: nothing is forbidden (s.2.3.1.3).
        400..=499 => Some(Rules::default()),
        _ => None,
    }
}

/// The rules for us.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rules(Vec<Rule>);

#[derive(Debug, PartialEq, Eq)]
struct Rule {
    allows: bool,
    pattern: String,
}

impl Rules {
    /// Reads a file: the groups that name us, together; without any, those for everyone.
    fn read(text: &str) -> Self {
        let (mut ours, mut everyones) = (Vec::new(), Vec::new());
        let (mut for_us, mut for_all, mut named, mut has_rules) = (false, false, false, false);
        for (key, value) in text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter_map(line) {
            let allows = match key.as_str() {
                "user-agent" => {
                    if has_rules {
                        (for_us, for_all, has_rules) = (false, false, false);
                    }
                    let token = value.split(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '_').next();
                    for_us |= token.is_some_and(|token| token.eq_ignore_ascii_case(NAME));
                    for_all |= value == "*" || value.starts_with("* ");
                    named |= for_us;
                    continue;
                }
                "allow" => true,
                "disallow" => false,
                _ => continue,
            };
            has_rules = true;
            if value.is_empty() {
                continue;
            }
            let pattern = in_one_spelling(value);
            // A folder's index page stands for the folder.
            let folder = pattern.rfind("/index.htm").filter(|_| allows).and_then(|at| pattern.get(..=at));
            let folder = folder.map(|folder| Rule { allows, pattern: format!("{folder}$") });
            for rule in folder.into_iter().chain([Rule { allows, pattern }]) {
                match (for_us, for_all) {
                    (true, _) => ours.push(rule),
                    (false, true) => everyones.push(rule),
                    (false, false) => {}
                }
            }
        }
        Self(if named { ours } else { everyones })
    }

    /// The longest pattern that matches decides; of two as long, the one that allows (s.2.2.2).
    fn allow(&self, url: &Url) -> bool {
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        path.truncate(PATH);
        let path = in_one_spelling(&path);
        if path == "/robots.txt" {
            return true;
        }
        let matching = self.0.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

/// A line's key in lower case, and its value. A line of two words is read as if it had the colon.
fn line(text: &str) -> Option<(String, &str)> {
    let text = text.split('#').next()?.trim();
    let (key, value) = match text.split_once(':') {
        Some(parts) => parts,
        None => text.split_once([' ', '\t']).filter(|(_, value)| !value.trim().contains([' ', '\t']))?,
    };
    let key = key.trim().to_ascii_lowercase();
    let key = match key.as_str() {
        "useragent" | "user agent" => "user-agent".to_owned(),
        "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => "disallow".to_owned(),
        _ => key,
    };
    Some((key, value.trim()))
}

/// Characters beyond ASCII as percent-encoded octets, and these in upper case (s.2.2.2).
fn in_one_spelling(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut hex = 0;
    for byte in text.bytes() {
        match byte {
            b'%' => {
                hex = 2;
                out.push('%');
            }
            _ if hex > 0 => {
                hex -= 1;
                out.push(char::from(byte).to_ascii_uppercase());
            }
            _ if byte.is_ascii() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Whether a pattern matches the beginning of a path: `*` stands for anything, `$` at the end for the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return !to_end || rest.is_empty() };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    if to_end { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Rules::read(robots).allow(&Url::parse(&format!("https://site.example{path}")).unwrap())
    }

    #[test]
    fn the_file_has_lines_of_keys_and_values() {
        let robots = "User-agent: newsriver\nDisallow: /\n";
        assert!(!allows(robots, "/x/y"));
        assert!(allows(&robots.replace("newsriver", "other"), "/x/y"));
        // Line ends of all kinds, a byte order mark, spaces, comments, missing colons, common mistakes.
        for robots in [
            "user-agent: newsriver\r\ndisallow: /",
            "user-agent: newsriver\rdisallow: /\r",
            "\u{feff}USER-AGENT : newsriver\n  DISALLOW\t:\t/  # all",
            "user-agent newsriver\ndisallow /",
            "user agent: newsriver\ndissallow: /",
        ] {
            assert!(!allows(robots, "/x/y"), "{robots:?}");
        }
        assert!(allows("foo: newsriver\nbar: /\n", "/x"));
        assert!(allows("", "/x"));
        assert!(allows("<!doctype html><html><body>User-agent: *<br>Disallow: /</body></html>", "/x"));
    }

    #[test]
    fn rules_before_any_group_say_nothing() {
        assert!(allows("disallow: /\nuser-agent: newsriver\nallow: /\n", "/x"));
        assert!(allows("disallow: /", "/x"));
    }

    #[test]
    fn groups_have_several_names_and_are_merged() {
        let robots = "allow: /foo/\n\nuser-agent: other\ndisallow: /x/\nuser-agent: one\nuser-agent: newsriver\nallow: /x/\n\
                      disallow: /y/\n\nsitemap: /s\n\nuser-agent: newsriver\ndisallow: /z/\n";
        assert!(allows(robots, "/x/b"));
        assert!(!allows(robots, "/y/b"));
        assert!(!allows(robots, "/z/b"));
        assert!(allows(robots, "/foo/"));
        // What is no rule ends no list of names.
        assert!(!allows("user-agent: newsriver\ncrawl-delay: 5\nuser-agent: other\ndisallow: /\n", "/x"));
    }

    #[test]
    fn names_are_compared_without_case_and_without_versions() {
        for name in ["newsriver", "NewsRiver", "newsriver/1.0", "newsriver 1.0"] {
            assert!(!allows(&format!("user-agent: {name}\ndisallow: /"), "/x"), "{name}");
        }
        for name in ["newsriverbot", "news", "new-newsriver", ""] {
            assert!(allows(&format!("user-agent: {name}\ndisallow: /"), "/x"), "{name}");
        }
    }

    #[test]
    fn the_group_for_everyone_is_for_those_without_one() {
        assert!(!allows("user-agent: *\ndisallow: /", "/x"));
        assert!(allows("user-agent: *\ndisallow: /\nuser-agent: newsriver\nallow: /", "/x"));
        assert!(allows("user-agent: *\ndisallow: /\nuser-agent: newsriver\ndisallow:", "/x"));
        assert!(allows("user-agent: newsriver\nuser-agent: *\ndisallow: /y\n", "/x"));
        assert!(!allows("user-agent: * all\ndisallow: /", "/x"));
    }

    #[test]
    fn paths_keep_their_case() {
        let robots = "user-agent: newsriver\ndisallow: /X/";
        assert!(allows(robots, "/x/y"));
        assert!(!allows(robots, "/X/y"));
    }

    #[test]
    fn the_longest_match_wins_and_allow_wins_a_tie() {
        for (rules, path, wanted) in [
            ("disallow: /x/page.html\nallow: /x/", "/x/page.html", false),
            ("allow: /x/page.html\ndisallow: /x/", "/x/page.html", true),
            ("allow: /x/page.html\ndisallow: /x/", "/x/", false),
            ("disallow: \nallow: ", "/x/page.html", true),
            ("disallow: /\nallow: /", "/x/page.html", true),
            ("disallow: /x\nallow: /x/", "/x", false),
            ("disallow: /x\nallow: /x/", "/x/", true),
            ("disallow: /x/page.html\nallow: /x/page.html", "/x/page.html", true),
            ("allow: /page\ndisallow: /*.html", "/page.html", false),
            ("allow: /x/page.\ndisallow: /*.html", "/x/page.html", true),
            ("allow: /page\ndisallow: /*.htm", "/page.htm", false),
            ("allow: /$\ndisallow: /", "/", true),
            ("allow: /$\ndisallow: /", "/page.htm", false),
        ] {
            assert_eq!(allows(&format!("user-agent: newsriver\n{rules}"), path), wanted, "{rules:?} {path}");
        }
    }

    #[test]
    fn other_spellings_of_an_address_are_the_same() {
        for (rule, path) in [
            ("/foo/bar/ツ", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%e3%83%84", "/foo/bar/ツ"),
            ("/foo/bar?qux=taz&baz=http://foo.bar?tar&par", "/foo/bar?qux=taz&baz=http://foo.bar?tar&par"),
            ("/bài", "/b%C3%A0i-1.html"),
        ] {
            assert!(!allows(&format!("user-agent: newsriver\ndisallow: {rule}"), path), "{rule}");
        }
        assert!(allows("user-agent: newsriver\ndisallow: /foo/bar/%62%61%7A", "/foo/bar/baz"));
    }

    #[test]
    fn stars_and_ends() {
        for (pattern, path, wanted) in [
            ("/foo/bar/quz", "/foo/bar/quz", true),
            ("/foo/bar*quz", "/foo/bar//quz", true),
            ("/foo/bar*quz", "/foo/bar/qu", false),
            ("/foo/bar$", "/foo/bar", true),
            ("/foo/bar$", "/foo/bar/qux", false),
            ("/foo/bar$baz", "/foo/bar$baz", true),
            ("*.php", "/a/index.php?x=1", true),
            ("/*.php$", "/a/index.php?x=1", false),
            ("/fish*", "/fish", true),
            ("/a*b*c$", "/a-c-b-c", true),
            ("/a*b*c$", "/a-c", false),
            ("/a*a$", "/a", false),
            ("fish", "/fish", false),
        ] {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn an_index_page_stands_for_its_folder() {
        let robots = "user-agent: *\nallow: /allowed-slash/index.html\ndisallow: /";
        assert!(allows(robots, "/allowed-slash/"));
        assert!(allows(robots, "/allowed-slash/index.html"));
        assert!(!allows(robots, "/anyother-url"));
    }

    #[test]
    fn hostile_files_end_soon() {
        let robots = format!("user-agent: *\n{}", "disallow: /*a*a*a*a*a*a*a*a*a*b$\n".repeat(15_000));
        assert!(allows(&robots, &format!("/{}", "a".repeat(4000))));
        assert!(allows(&format!("user-agent: *\ndisallow: /{}b", "*".repeat(400_000)), "/aaaa"));
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read(text in "(user-agent: ?|disallow: ?|allow: ?|newsriver|\\*|/|\\$|a|#|\n|:|%e|é| ){0,40}", path in "[a-z/$*%?é]{0,20}") {
            if let Ok(url) = Url::parse("https://site.example/").unwrap().join(&path) {
                Rules::read(&text).allow(&url);
            }
        }
    }
}
