//! Feedly: the standard RSS with the logo and the cover that it shows.

use crate::publish::ready::Ready;
use crate::publish::rss;

pub(super) fn write(feed: &Ready<'_>) -> Result<Vec<u8>, String> {
    let mut channel = rss::channel(feed);
    let extensions = &mut channel.extensions;
    if let Some(logo) = &feed.logo {
        rss::add(extensions, "webfeeds:logo", &[], Some(logo.as_str()));
        rss::add(extensions, "webfeeds:icon", &[], Some(logo.as_str()));
    }
    if let Some(cover) = feed.items.iter().find_map(|item| item.lead_picture()) {
        rss::add(extensions, "webfeeds:cover", &[("image", cover.plain_url().as_str())], None);
    }
    rss::add(extensions, "webfeeds:related", &[("layout", "card"), ("target", "browser")], None);
    rss::finished(channel)
}
