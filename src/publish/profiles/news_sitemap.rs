//! A news sitemap: the articles of the last two days, for search portals.

use std::fmt::Write as _;

use url::Url;

use super::{Fault, time};
use crate::publish::hygiene::escape;
use crate::publish::ready::{Item, Ready};

pub(super) fn faults(item: &Item<'_>) -> Vec<Fault> {
    let title = item.title.as_str();
    let mut faults = Vec::new();
    let names = item.authors.iter().map(|author| &author.name).chain([&item.source.name]);
    for name in names.filter(|name| !name.is_blank() && title.contains(name.as_str())) {
        faults.push(Fault::wished(format!("the headline names {name}, who is named beside it")));
    }
    faults
}

pub(super) fn write(feed: &Ready<'_>) -> Vec<u8> {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n",
    );
    for item in &feed.items {
        let language = item.language.unwrap_or(feed.language);
        let _ = writeln!(
            out,
            "<url>\n<loc>{}</loc>\n<news:news>\n<news:publication>\n<news:name>{}</news:name>\n<news:language>{}</news:language>\n\
             </news:publication>\n<news:publication_date>{}</news:publication_date>\n<news:title>{}</news:title>\n</news:news>\n</url>",
            escape(address(feed, item)),
            feed.publisher.to_html(),
            escape(&code(language)),
            time(item.published),
            item.title.to_html(),
        );
    }
    out.push_str("</urlset>\n");
    out.into_bytes()
}

/// A sitemap lists addresses of its own host only: the article's, when it is there, else that of our page.
fn address<'a>(feed: &'a Ready<'_>, item: &'a Item<'_>) -> &'a str {
    let host = |address: &str| Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    let is_ours = host(item.link.as_str()) == host(feed.newest.as_str());
    if is_ours { item.link.as_str() } else { item.page.as_str() }
}

/// A language by ISO 639 alone; of Chinese, which writing.
fn code(language: &str) -> String {
    match language.to_ascii_lowercase().as_str() {
        "zh" | "zh-cn" | "zh-hans" | "zh-hans-cn" => "zh-cn".to_owned(),
        "zh-tw" | "zh-hant" | "zh-hant-tw" => "zh-tw".to_owned(),
        other => other.split('-').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn languages_are_codes() {
        assert_eq!((code("vi-VN"), code("zh-Hant"), code("EN")), ("vi".into(), "zh-tw".into(), "en".into()));
    }
}
