//! Pictures that show nothing and count readers.

use url::Url;

/// Hosts that only count, and those below them.
const HOSTS: [&str; 28] = [
    "feeds.feedburner.com",
    "pixel.wp.com",
    "stats.wordpress.com",
    "stats.wp.com",
    "google-analytics.com",
    "googletagmanager.com",
    "doubleclick.net",
    "googlesyndication.com",
    "secure.gravatar.com",
    "scorecardresearch.com",
    "quantserve.com",
    "pixel.quantserve.com",
    "mc.yandex.ru",
    "counter.yadro.ru",
    "top-fwz1.mail.ru",
    "analytics.twitter.com",
    "bat.bing.com",
    "px.ads.linkedin.com",
    "ct.pinterest.com",
    "chartbeat.net",
    "parsely.com",
    "imrworldwide.com",
    "statcounter.com",
    "histats.com",
    "ioam.de",
    "vgwort.de",
    "feedsportal.com",
    "taboola.com",
];

/// Paths that only count, on hosts that also show pictures.
const PATHS: [(&str, &str); 3] = [("facebook.com", "/tr"), ("google.com", "/ads"), ("amazon-adsystem.com", "/")];

/// Whether a picture's address is that of a counter.
pub fn is_counter(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_at = |place: &str| host == place || host.strip_suffix(place).is_some_and(|sub| sub.ends_with('.'));
    HOSTS.iter().any(|place| is_at(place))
        || PATHS.iter().any(|(place, path)| is_at(place) && url.path().starts_with(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_told_from_pictures() {
        let is = |text: &str| is_counter(&Url::parse(text).unwrap());
        for counter in [
            "https://www.google-analytics.com/collect?v=1",
            "https://www.facebook.com/tr?id=1",
            "http://feeds.feedburner.com/~r/paper/~4/x",
            "https://ssl-vg03.met.vgwort.de/na/0123",
        ] {
            assert!(is(counter), "{counter}");
        }
        for picture in
            ["https://scontent.facebook.com/a.jpg", "https://notdoubleclick.net/a.jpg", "https://paper.example/tr"]
        {
            assert!(!is(picture), "{picture}");
        }
    }
}
