//! The whole service against scripted sites: what is read, what is published, what survives.

#[cfg(target_os = "linux")]
mod avif;
mod commands;
mod connections;
mod demo;
mod faults;
mod history;
mod hostile;
mod hub;
mod inspect;
mod limits;
mod machines;
mod merged;
mod mirror;
mod pages;
mod partners;
mod pictures;
mod reload;
mod robots;
mod selections;
mod service;
mod serving;
mod several_pages;
mod site;
mod sources;
mod stories;
mod survive;
mod transport;
mod versions;
mod withdrawals;

pub(crate) use service::{Answer, Service, free_port};
pub(crate) use site::{Reply, Site, png};

/// An RSS 2.0 document around these items.
pub(crate) fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Paper</title><link>http://paper.example/</link>\
         <description>News</description>{items}</channel></rss>"
    )
}

/// An item with its full text.
pub(crate) fn item(id: &str, title: &str, date: &str, html: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title><pubDate>{date}</pubDate>\
         <content:encoded><![CDATA[{html}]]></content:encoded></item>"
    )
}

/// Paragraphs of words that no two topics share.
pub(crate) fn prose(topic: &str, paragraphs: usize) -> String {
    (0..paragraphs)
        .map(|number| {
            let words: Vec<_> = (0..60).map(|word| format!("{topic}{}", (number * 61 + word * 7) % 97)).collect();
            format!("<p>{}.</p>", words.join(" "))
        })
        .collect()
}
