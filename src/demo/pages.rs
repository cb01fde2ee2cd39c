//! The pages of the sites: a plain modern template, and that of a provincial newspaper of some years
//! ago with all that stands around an article there.

use chrono_tz::Asia::Ho_Chi_Minh;
use maud::{DOCTYPE, Markup, html};

use super::article::Article;

/// What all pages of a site share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) title: &'a str,
    /// Its address without a slash at the end.
    pub(super) base: &'a str,
    pub(super) language: &'a str,
    /// Media type and path of its feed.
    pub(super) feed: Option<(&'a str, &'a str)>,
}

const STYLE: &str = "body{font:1.05rem/1.6 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem}img{max-width:100%;height:auto}\
    nav a{margin-right:1rem}.date,figcaption,.caption{color:#666;font-size:.9rem}";

impl Site<'_> {
    fn is_vietnamese(&self) -> bool {
        self.language == "vi"
    }

    fn frame(&self, title: &str, head: &Markup, body: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    title { (title) }
                    meta name="viewport" content="width=device-width";
                    style { (STYLE) }
                    @if let Some((kind, path)) = self.feed {
                        link rel="alternate" type=(kind) title=(self.title) href=(path);
                    }
                    (head)
                }
                body { (body) }
            }
        };
        page.into_string()
    }

    fn navigation(&self) -> Markup {
        let sections: [&str; 4] = if self.is_vietnamese() {
            ["Trang nhất", "Thời sự", "Kinh tế", "Văn hóa"]
        } else {
            ["Front page", "News", "People", "About"]
        };
        html! {
            header {
                h2 { a href="/" { (self.title) } }
                nav { @for section in sections { a href="/" { (section) } " " } }
            }
        }
    }

    /// The home page: a list of the articles.
    pub(super) fn home(&self, articles: &[Article]) -> String {
        let body = html! {
            (self.navigation())
            main {
                @for article in articles {
                    div class="item" {
                        h3 class="title" { a href=(article.url) { (article.title) } }
                        p { (article.lead) }
                    }
                }
            }
            footer { p { (self.title) " · 127.0.0.1" } p { a href="/lien-he" { @if self.is_vietnamese() { "Liên hệ" } @else { "Contact" } } } }
        };
        self.frame(self.title, &html! {}, &body)
    }

    /// An article as most sites show it today.
    pub(super) fn article(&self, article: &Article, others: &[&Article]) -> String {
        let head = html! {
            link rel="canonical" href=(article.url);
            meta property="og:type" content="article";
            meta property="og:title" content=(article.title);
            meta property="og:site_name" content=(self.title);
            meta property="og:url" content=(article.url);
            meta name="description" content=(article.lead);
            meta name="author" content=(article.author);
            @if let Some((picture, _)) = article.pictures.first() { meta property="og:image" content=(picture); }
            @if let Some(published) = article.published {
                meta property="article:published_time" content=(published.to_rfc3339());
            }
        };
        let body = html! {
            (self.navigation())
            main {
                article {
                    h1 { (article.title) }
                    @if let Some(published) = article.published {
                        p class="date" { time datetime=(published.to_rfc3339()) { (published.with_timezone(&Ho_Chi_Minh).format("%d/%m/%Y %H:%M")) } " · " (article.author) }
                    }
                    p class="lead" { strong { (article.lead) } }
                    @for (url, caption) in &article.pictures {
                        figure { img src=(url) alt=(caption) width="1200" height="675"; figcaption { (caption) } }
                    }
                    (article.text())
                }
            }
            aside class="related" {
                h3 { @if self.is_vietnamese() { "Đọc thêm" } @else { "Read next" } }
                ul { @for other in others { li { a href=(other.url) { (other.title) } } } }
            }
            footer { p { (self.title) } }
        };
        self.frame(&format!("{} - {}", article.title, self.title), &head, &body)
    }

    /// An article as provincial newspapers have shown it for long: date in the site's zone without
    /// naming it, picture and caption in a table, byline at the right, and around it share buttons,
    /// comments and other news.
    pub(super) fn newspaper(&self, article: &Article, others: &[&Article]) -> String {
        let body = html! {
            (self.navigation())
            div class="breadcrumb" { a href="/" { "Trang nhất" } " » " a href="/" { (article.section) } }
            div class="detail" {
                h1 class="detail-title" { (article.title) }
                @if let Some(published) = article.published {
                    div class="date" { (published.with_timezone(&Ho_Chi_Minh).format("%d/%m/%Y - %H:%M")) }
                }
                div class="detail-content" {
                    p { (article.lead) }
                    @for (url, caption) in &article.pictures {
                        table align="center" class="picture" {
                            tbody {
                                tr { td { img src="/anh/cho.gif" data-src=(url) alt=(caption); } }
                                tr { td class="caption" { (caption) } }
                            }
                        }
                    }
                    (article.text())
                    p style="text-align: right;" { strong { "Bài, ảnh: " (article.author) } }
                }
                div class="share" { span { "Chia sẻ bài viết" } " " a href="https://social.example/share" { "Facebook" } " " a href="https://zalo.example/share" { "Zalo" } }
                div id="comments" class="comments" {
                    h3 { "BÌNH LUẬN" }
                    form { textarea placeholder="Ý kiến của bạn" {} button { "Gửi" } }
                }
                div class="related" {
                    h3 { "Tin liên quan" }
                    ul { @for other in others { li { a href=(other.url) { (other.title) } } } }
                }
            }
            div class="sidebar" { h3 { "Đọc nhiều" } ol { @for other in others { li { a href=(other.url) { (other.title) } } } } }
            footer { p { "Tòa soạn " (self.title) ". Ghi rõ nguồn khi phát hành lại thông tin." } }
        };
        self.frame(&format!("{} - {}", article.title, self.title), &html! {}, &body)
    }
}
