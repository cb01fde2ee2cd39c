//! Players of films and sounds on other sites: the page where people find what they play, and its picture.

use url::Url;

/// What a player plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Film {
    /// Its page.
    pub(super) page: String,
    /// A picture of it, where its address is known without asking.
    pub(super) picture: Option<String>,
}

impl Film {
    fn at(page: String) -> Self {
        Self { page, picture: None }
    }
}

/// What a known player at an address plays; None for others.
pub(super) fn film(url: &Url) -> Option<Film> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Some(match (host, parts.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", ["embed", "videoseries"]) => {
            Film::at(format!("https://www.youtube.com/playlist?list={}", id(&query("list")?)?))
        }
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", ["embed" | "v" | "shorts" | "live", film, ..])
        | ("youtu.be", [film]) => youtube(film)?,
        ("youtube.com", ["watch"]) => youtube(&query("v")?)?,
        ("player.vimeo.com", ["video", film, ..]) => Film::at(match query("h") {
            Some(key) => format!("https://vimeo.com/{}/{}", id(film)?, id(&key)?),
            None => format!("https://vimeo.com/{}", id(film)?),
        }),
        ("dailymotion.com", ["embed", "video", film, ..]) => dailymotion(film)?,
        ("geo.dailymotion.com", _) => dailymotion(&query("video")?)?,
        ("facebook.com" | "web.facebook.com", ["plugins", "video.php" | "post.php"]) => {
            let page = Url::parse(&query("href")?).ok()?;
            let is_there =
                page.host_str().is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com"));
            Film::at(is_there.then(|| page.to_string())?)
        }
        ("player.twitch.tv", _) => Film::at(match query("video") {
            Some(film) => format!("https://www.twitch.tv/videos/{}", id(film.trim_start_matches('v'))?),
            None => format!("https://www.twitch.tv/{}", id(&query("channel")?)?),
        }),
        ("embed.ted.com", ["talks", talk]) => Film::at(format!("https://www.ted.com/talks/{}", id(talk)?)),
        ("open.spotify.com", ["embed", kind, sound]) => {
            Film::at(format!("https://open.spotify.com/{}/{}", id(kind)?, id(sound)?))
        }
        ("w.soundcloud.com", ["player"]) => {
            let page = Url::parse(&query("url")?).ok()?;
            let is_there =
                page.host_str().is_some_and(|host| host == "soundcloud.com" || host.ends_with(".soundcloud.com"));
            Film::at(is_there.then(|| page.to_string())?)
        }
        ("platform.twitter.com", ["embed", _]) => {
            Film::at(format!("https://twitter.com/i/status/{}", id(&query("id")?)?))
        }
        ("instagram.com", [kind @ ("p" | "reel" | "tv"), post, ..]) => {
            Film::at(format!("https://www.instagram.com/{kind}/{}/", id(post)?))
        }
        _ => return None,
    })
}

/// Whether an address is one of those pages.
pub(super) fn is_page(address: &str) -> bool {
    const PAGES: [&str; 6] = [
        "https://www.youtube.com/watch?v=",
        "https://vimeo.com/",
        "https://www.dailymotion.com/video/",
        "https://www.twitch.tv/",
        "https://www.ted.com/talks/",
        "https://open.spotify.com/",
    ];
    PAGES.iter().any(|page| address.starts_with(page))
}

fn youtube(film: &str) -> Option<Film> {
    let film = id(film)?;
    Some(Film {
        page: format!("https://www.youtube.com/watch?v={film}"),
        picture: Some(format!("https://i.ytimg.com/vi/{film}/hqdefault.jpg")),
    })
}

fn dailymotion(film: &str) -> Option<Film> {
    let film = id(film)?;
    Some(Film {
        page: format!("https://www.dailymotion.com/video/{film}"),
        picture: Some(format!("https://www.dailymotion.com/thumbnail/video/{film}")),
    })
}

/// A name as these sites give it; anything else would be an address made by a stranger.
fn id(text: &str) -> Option<&str> {
    let is_id = !text.is_empty()
        && text.len() <= 100
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_id.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(address: &str) -> Option<String> {
        film(&Url::parse(address).unwrap()).map(|film| film.page)
    }

    #[test]
    fn players_lead_to_pages() {
        for (player, wanted) in [
            (
                "https://www.youtube.com/embed/aqz-KE-bpKQ?rel=0&autoplay=1",
                "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
            ),
            ("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ", "https://www.youtube.com/watch?v=aqz-KE-bpKQ"),
            ("https://www.youtube.com/embed/videoseries?list=PL0_1", "https://www.youtube.com/playlist?list=PL0_1"),
            ("https://player.vimeo.com/video/1084537?h=8f2", "https://vimeo.com/1084537/8f2"),
            ("https://www.dailymotion.com/embed/video/x8d", "https://www.dailymotion.com/video/x8d"),
            ("https://geo.dailymotion.com/player.html?video=x8d", "https://www.dailymotion.com/video/x8d"),
            (
                "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fvideos%2F1%2F&show_text=0",
                "https://www.facebook.com/a/videos/1/",
            ),
            ("https://player.twitch.tv/?video=v123", "https://www.twitch.tv/videos/123"),
            ("https://open.spotify.com/embed/episode/7ma", "https://open.spotify.com/episode/7ma"),
            ("https://www.instagram.com/p/Cx1/embed/", "https://www.instagram.com/p/Cx1/"),
        ] {
            assert_eq!(page(player).as_deref(), Some(wanted), "{player}");
        }
    }

    #[test]
    fn others_are_left_alone() {
        for player in [
            "https://films.example/embed/1",
            "https://www.youtube.com/embed/%22%3E%3Cscript%3E",
            "https://youtube.com.evil.example/embed/aqz",
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fevil.example%2F",
            "https://www.youtube.com/",
        ] {
            assert_eq!(page(player), None, "{player}");
        }
    }
}
