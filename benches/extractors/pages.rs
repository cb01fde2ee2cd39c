//! Pages to measure with: the project's own, and made ones with as much around the article as
//! newspapers have.

/// All pages.
pub fn pages() -> Vec<String> {
    let own = [
        include_str!("../../tests/fixtures/pages/vi-figure.html"),
        include_str!("../../tests/fixtures/pages/vi-table.html"),
        include_str!("../../tests/fixtures/pages/en-linked-data.html"),
        include_str!("../../tests/fixtures/pages/ja.html"),
    ];
    let made = [(12, 20, 60), (25, 40, 150), (40, 150, 250), (60, 0, 400)];
    let made = made.into_iter().enumerate().map(|(seed, (paragraphs, comments, links))| {
        Made { state: seed as u64 + 1 }.page(paragraphs, comments, links)
    });
    own.map(str::to_owned).into_iter().chain(made).collect()
}

const WORDS: &str = "the council harbour agreed monday plan roads schools after hours of debate and a vote in which \
    members from every ward took part while residents watched from gallery that had been full since early morning \
    with many holding signs against new bridge whose cost has doubled over three years according to report by city \
    auditor who said delays were caused by weather late permits steel prices but mayor called it worth waiting for";

/// Makes pages that differ from each other, and are the same in every run.
struct Made {
    state: u64,
}

impl Made {
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % limit.max(1)
    }

    fn words(&mut self, count: usize) -> String {
        let all: Vec<&str> = WORDS.split_whitespace().collect();
        (0..count).map(|_| all[self.below(all.len())]).collect::<Vec<_>>().join(" ")
    }

    fn paragraph(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..2 + self.below(4) {
            let (first, second) = (6 + self.below(10), 4 + self.below(9));
            let link = if self.below(5) == 0 { format!(" <a href='/topic/{}'>Ann Lee</a>", self.below(90)) } else { String::new() };
            text += &format!("The {}, {}{link}. ", self.words(first), self.words(second));
        }
        format!("<p class='story-text__paragraph par-{}' data-block='{}'>{text}</p>\n", self.below(9), self.below(999))
    }

    fn menu(&mut self, links: usize) -> String {
        let entries: String = (0..links)
            .map(|n| {
                let name = self.words(1 + n % 2);
                format!("<li class='menu-item menu-item-{n}'><a class='menu__link' href='/section/{n}'><span>{name}</span></a></li>")
            })
            .collect();
        format!("<ul class='menu'>{entries}</ul>")
    }

    fn teasers(&mut self, count: usize) -> String {
        (0..count)
            .map(|n| {
                let (title, lead) = (self.words(8), self.words(16));
                format!(
                    "<div class='teaser card card--{n}'><a href='/news/{n}'><picture><source srcset='/i/{n}-400.webp 400w, /i/{n}-800.webp 800w'>\
                     <img loading='lazy' src='/i/{n}.jpg' width='200' height='120' alt=''></picture><h3>{title}</h3></a><p class='lead'>{lead}.</p>\
                     <time datetime='2024-03-0{}T06:00:00Z'>{} hours ago</time></div>\n",
                    1 + n % 9,
                    n + 1
                )
            })
            .collect()
    }

    fn share(&mut self) -> String {
        let places = ["facebook", "x", "whatsapp", "mail", "print"];
        let links = places.map(|place| {
            format!("<li><a class='share__link share__link--{place}' href='https://{place}.example/share'><svg viewBox='0 0 24 24'><path d='M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10'/></svg><span class='sr-only'>Share on {place}</span></a></li>")
        });
        format!("<div class='share-bar'><ul>{}</ul></div>\n", links.concat())
    }

    fn comments(&mut self, count: usize) -> String {
        (0..count)
            .map(|n| {
                let text = self.words(12 + n % 30);
                format!("<li class='comment depth-{}' id='comment-{n}'><div class='comment-author'>Reader {n}</div><div class='comment-body'><p>{text}.</p></div><a class='reply' href='#r{n}'>Reply</a></li>\n", n % 4)
            })
            .collect()
    }

    fn page(&mut self, paragraphs: usize, comments: usize, links: usize) -> String {
        let title = self.words(9);
        let (menu, foot, side) = (self.menu(links), self.menu(links / 2), self.teasers(links / 6));
        let mut body = String::new();
        for n in 0..paragraphs {
            body += &self.paragraph();
            match n % 9 {
                2 => body += &format!("<figure class='media'><img src='/media/{n}.jpg' srcset='/media/{n}-800.jpg 800w, /media/{n}-1600.jpg 1600w' alt=''><figcaption>{}. Photo: Ann Lee</figcaption></figure>\n", self.words(9)),
                4 => body += &format!("<h2>{}</h2>\n", self.words(5)),
                6 => body += &format!("<aside class='related-box'><h4>Related</h4>{}</aside>\n", self.teasers(3)),
                8 => body += "<div class='ad ad--inline'><span>Advertisement</span></div>\n",
                _ => {}
            }
        }
        let script = format!("window.state = {{\"items\": [{}]}};", "{\"id\": 1, \"name\": \"a\"},".repeat(links * 6));
        let share = self.share();
        let related = self.teasers(links / 8);
        let comments = self.comments(comments);
        format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | The Post</title>\
             <meta property='og:title' content='{title}'><meta property='og:site_name' content='The Post'>\
             <meta name=description content='{title}'><link rel=canonical href='https://post.example/news/1'>\
             <script type='application/ld+json'>{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"{title}\",\"datePublished\":\"2024-03-12T06:30:00Z\",\"author\":{{\"@type\":\"Person\",\"name\":\"Ann Lee\"}}}}</script>\
             <style>.menu{{display:flex}}</style><script>{script}</script></head><body class='page page--article'>\
             <header class='site-header'><nav class='main-nav'>{menu}</nav></header>\
             <div class='layout'><main><article class='story'><h1 class='story__title'>{title}</h1>\
             <div class='story__meta'><span class='byline'>By Ann Lee</span> <time datetime='2024-03-12T06:30:00Z'>12 March 2024</time></div>\
             {share}<div class='story-body'>{body}</div>{share}<div class='tags'>{foot}</div></article>\
             <section class='related'><h2>More stories</h2>{related}</section>\
             <section id='comments' class='comments'><h2>Comments</h2><ol>{comments}</ol></section></main>\
             <div class='sidebar'>{side}</div></div><footer class='site-footer'>{foot}<p>Copyright The Post</p></footer></body></html>"
        )
    }
}
