//! The words of the pages for readers, in the languages of those who read them. Pages for admins
//! speak English.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The words of one language.
pub(in crate::publish) struct Words {
    /// The language (BCP 47).
    pub(super) tag: &'static str,
    pub(super) skip: &'static str,
    pub(super) site: &'static str,
    pub(super) feeds: &'static str,
    pub(super) status: &'static str,
    /// Before the publisher's name.
    pub(super) published_by: &'static str,
    /// Before a time zone's name.
    pub(super) times_of: &'static str,
    /// Before a feed's title.
    pub(super) subscribe_to: &'static str,
    pub(super) how_to_subscribe: &'static str,
    pub(super) no_feed: &'static str,
    pub(super) no_article: &'static str,
    /// Before the names of other places.
    pub(super) also_at: &'static str,
    pub(super) sources: &'static str,
    pub(super) as_opml: &'static str,
    /// Before a credit.
    pub(super) picture_by: &'static str,
    pub(super) files: &'static str,
    pub(super) read_original: &'static str,
    pub(super) published: &'static str,
    pub(super) changed: &'static str,
    /// Before the addresses of other places.
    pub(super) found_also: &'static str,
    pub(super) discussion: &'static str,
    pub(super) page_summary: &'static str,
    /// The links to other pages, as a whole.
    pub(super) pages: &'static str,
    pub(super) newer: &'static str,
    pub(super) older: &'static str,
    source: Count,
    article: Count,
    date: &'static str,
}

/// A counted thing: one of it, several of it.
struct Count(&'static str, &'static str);

impl Count {
    fn of(&self, number: u64) -> String {
        format!("{number} {}", if number == 1 { self.0 } else { self.1 })
    }
}

impl Words {
    /// The words for a language; English for those that there are none for.
    pub(in crate::publish) fn of(language: &str) -> &'static Self {
        match language.split('-').next() {
            Some(code) if code.eq_ignore_ascii_case("vi") => &VIETNAMESE,
            _ => &ENGLISH,
        }
    }

    /// So many sources.
    pub(super) fn sources(&self, number: u64) -> String {
        self.source.of(number)
    }

    /// So many articles.
    pub(super) fn articles(&self, number: u64) -> String {
        self.article.of(number)
    }

    /// A time as people of this language write it, where they live.
    pub(in crate::publish) fn time(&self, time: DateTime<Utc>, zone: Tz) -> String {
        time.with_timezone(&zone).format(self.date).to_string()
    }
}

const ENGLISH: Words = Words {
    tag: "en",
    skip: "Skip to the content",
    site: "Site",
    feeds: "Feeds",
    status: "Status",
    published_by: "Published by",
    times_of: "Times are those of",
    subscribe_to: "Subscribe to",
    how_to_subscribe: "Subscribe with any feed reader: give it one of the addresses below, or the address of this page.",
    no_feed: "There is no public feed yet.",
    no_article: "There is no article yet. It will come with the next visit to the sources.",
    also_at: "also at",
    sources: "Sources",
    as_opml: "All sources as OPML",
    picture_by: "Picture:",
    files: "Files",
    read_original: "Read it there",
    published: "Published",
    changed: "Changed",
    found_also: "Found also at",
    discussion: "Discussion",
    page_summary: "Merged news feeds to subscribe to",
    pages: "Pages",
    newer: "Newer articles",
    older: "Older articles",
    source: Count("source", "sources"),
    article: Count("article", "articles"),
    date: "%-d %B %Y, %H:%M",
};

const VIETNAMESE: Words = Words {
    tag: "vi",
    skip: "Đến phần nội dung",
    site: "Trang",
    feeds: "Nguồn tin",
    status: "Tình trạng",
    published_by: "Phát hành bởi",
    times_of: "Giờ theo múi giờ",
    subscribe_to: "Theo dõi",
    how_to_subscribe: "Theo dõi bằng trình đọc tin bất kỳ: nhập một trong các địa chỉ dưới đây, hoặc địa chỉ của trang này.",
    no_feed: "Chưa có nguồn tin công khai nào.",
    no_article: "Chưa có bài viết. Bài sẽ có sau lần đọc nguồn kế tiếp.",
    also_at: "cũng có trên",
    sources: "Các báo",
    as_opml: "Danh sách các báo (OPML)",
    picture_by: "Ảnh:",
    files: "Tệp đính kèm",
    read_original: "Đọc bài gốc",
    published: "Đăng lúc",
    changed: "Sửa lúc",
    found_also: "Bài cũng có trên",
    discussion: "Thảo luận",
    page_summary: "Tin tổng hợp từ nhiều báo để theo dõi",
    pages: "Các trang",
    newer: "Bài mới hơn",
    older: "Bài cũ hơn",
    source: Count("báo", "báo"),
    article: Count("bài", "bài"),
    date: "%H:%M, %-d/%-m/%Y",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local() {
        let time = "2026-03-01T20:05:00Z".parse().unwrap();
        assert_eq!(Words::of("vi-VN").time(time, Tz::Asia__Ho_Chi_Minh), "03:05, 2/3/2026");
        assert_eq!(Words::of("fr").time(time, Tz::UTC), "1 March 2026, 20:05");
        assert_eq!(Words::of("en").articles(1), "1 article");
        assert_eq!(Words::of("VI").sources(3), "3 báo");
    }
}
