//! What the sites say of their articles, in the dialects of the trade. Written by hand, as sites do;
//! what newsriver itself publishes is made elsewhere.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::article::Article;
use super::pages::Site;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// An RSS 2.0 feed with full texts; `more` are further items.
pub(super) fn rss(site: &Site<'_>, articles: &[Article], more: &str) -> String {
    let mut items = String::new();
    for article in articles {
        let date = article.published.map(|at| format!("<pubDate>{}</pubDate>", at.to_rfc2822())).unwrap_or_default();
        let pictures = article.pictures.iter().fold(String::new(), |all, (url, caption)| {
            // The type is a guess, as in many feeds.
            all + &format!(
                "<media:content url=\"{}\" medium=\"image\" type=\"image/jpeg\"><media:description>{}</media:description></media:content>",
                escaped(url),
                escaped(caption)
            )
        });
        let _ = writeln!(
            items,
            "<item><title>{}</title><link>{url}</link><guid isPermaLink=\"true\">{url}</guid>{date}<dc:creator>{}</dc:creator><category>{}</category>\
             <description>{}</description><content:encoded>{}</content:encoded>{pictures}</item>",
            escaped(&article.title),
            escaped(&article.author),
            escaped(&article.section),
            escaped(&article.lead),
            escaped(&article.content()),
            url = escaped(&article.url),
        );
    }
    let namespaces = "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"";
    format!(
        "{HEAD}<rss version=\"2.0\" {namespaces}><channel><title>{}</title><link>{}/</link><description>{}</description><language>{}</language>\n{items}{more}</channel></rss>\n",
        escaped(site.title),
        site.base,
        escaped(site.title),
        site.language,
    )
}

/// An item of another site: its summary, its address with the marks of a campaign, an id of one's own.
pub(super) fn borrowed(article: &Article, id: &str) -> String {
    let date = article.published.map(|at| format!("<pubDate>{}</pubDate>", at.to_rfc2822())).unwrap_or_default();
    format!(
        "<item><title>{}</title><link>{}?utm_source=duyen-hai&amp;utm_medium=rss</link><guid isPermaLink=\"false\">{id}</guid>{date}<description>{}</description></item>",
        escaped(&article.title),
        escaped(&article.url),
        escaped(&article.lead),
    )
}

/// An Atom feed with summaries only.
pub(super) fn atom(site: &Site<'_>, articles: &[Article], now: DateTime<Utc>) -> String {
    let mut entries = String::new();
    for article in articles {
        let at = article.published.unwrap_or(now).to_rfc3339_opts(SecondsFormat::Secs, true);
        let _ = writeln!(
            entries,
            "<entry><id>tag:estuary.example,2024:{}</id><title>{}</title><link href=\"{}\"/><published>{at}</published><updated>{at}</updated>\
             <author><name>{}</name></author><category term=\"{}\"/><summary>{}</summary></entry>",
            escaped(&article.slug),
            escaped(&article.title),
            escaped(&article.url),
            escaped(&article.author),
            escaped(&article.section),
            escaped(&article.lead),
        );
    }
    let newest = articles.iter().filter_map(|article| article.published).max().unwrap_or(now);
    format!(
        "{HEAD}<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\"><id>tag:estuary.example,2024:feed</id><title>{}</title><updated>{}</updated>\
         <link rel=\"self\" href=\"{base}/atom.xml\"/><link href=\"{base}/\"/>\n{entries}</feed>\n",
        site.language,
        escaped(site.title),
        newest.to_rfc3339_opts(SecondsFormat::Secs, true),
        base = site.base,
    )
}

/// A JSON Feed with full texts and all pictures as attachments.
pub(super) fn json(site: &Site<'_>, articles: &[Article]) -> String {
    let items: Vec<_> = articles
        .iter()
        .map(|article| {
            json!({
                "id": article.url,
                "url": article.url,
                "title": article.title,
                "summary": article.lead,
                "content_html": article.content(),
                "image": article.pictures.first().map(|(url, _)| url),
                "date_published": article.published.map(|at| at.to_rfc3339()),
                "authors": [{ "name": article.author }],
                "tags": [article.section],
                "attachments": article.pictures.iter()
                    .map(|(url, caption)| json!({ "url": url, "mime_type": "image/png", "title": caption })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": format!("{}/", site.base),
        "feed_url": format!("{}/feed.json", site.base),
        "language": site.language,
        "items": items,
    })
    .to_string()
}

/// A sitemap with the extensions for news and pictures.
pub(super) fn sitemap(site: &Site<'_>, articles: &[Article]) -> String {
    let mut urls = String::new();
    for article in articles {
        let date = article.published.map(|at| at.to_rfc3339()).unwrap_or_default();
        let pictures = article.pictures.iter().fold(String::new(), |all, (url, _)| {
            all + "<image:image><image:loc>" + &escaped(url) + "</image:loc></image:image>"
        });
        let _ = writeln!(
            urls,
            "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name><news:language>{}</news:language></news:publication>\
             <news:publication_date>{date}</news:publication_date><news:title>{}</news:title></news:news>{pictures}</url>",
            escaped(&article.url),
            escaped(site.title),
            site.language,
            escaped(&article.title),
        );
    }
    format!(
        "{HEAD}<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\" \
         xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\n{urls}</urlset>\n"
    )
}

/// An RSS 1.0 feed.
pub(super) fn rdf(site: &Site<'_>, articles: &[Article]) -> String {
    let (mut list, mut items) = (String::new(), String::new());
    for article in articles {
        let url = escaped(&article.url);
        let date = article.published.map(|at| format!("<dc:date>{}</dc:date>", at.to_rfc3339())).unwrap_or_default();
        let _ = write!(list, "<rdf:li rdf:resource=\"{url}\"/>");
        let _ = writeln!(
            items,
            "<item rdf:about=\"{url}\"><title>{}</title><link>{url}</link><description>{}</description>{date}<dc:creator>{}</dc:creator>\
             <content:encoded>{}</content:encoded></item>",
            escaped(&article.title),
            escaped(&article.lead),
            escaped(&article.author),
            escaped(&article.content()),
        );
    }
    let namespaces = "xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"";
    format!(
        "{HEAD}<rdf:RDF {namespaces}><channel rdf:about=\"{base}/index.rdf\"><title>{}</title><link>{base}/</link>\
         <description>{}</description><items><rdf:Seq>{list}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n",
        escaped(site.title),
        escaped(site.title),
        base = site.base,
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
