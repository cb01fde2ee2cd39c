//! The pictures of an article, a line each: as the page describes them, and as they are.

use url::Url;

use crate::address;
use crate::fetch::{Fetcher, PictureAnswer, PictureRequest};
use crate::model::{Article, Attachment, Validators};

/// Pictures that are looked at.
const SHOWN: usize = 20;

/// Pictures as the page describes them.
pub(super) fn as_stated(article: &Article) -> Vec<String> {
    article.pictures.iter().map(|picture| line(picture, None)).collect()
}

/// Pictures with what was found when they were asked for.
pub(super) async fn look(fetcher: &Fetcher, article: &Article, page: Option<&Url>) -> Vec<String> {
    let validators = Validators::default();
    let mut lines = Vec::new();
    for picture in &article.pictures {
        let found = match address::resolve(&picture.url, page).filter(|_| lines.len() < SHOWN) {
            Some(url) => {
                let request = PictureRequest { url: &url, page, insists: false, validators: &validators, whole: false };
                Some(in_words(fetcher.picture(request).await))
            }
            None => None,
        };
        lines.push(line(picture, found));
    }
    lines
}

fn in_words(answer: PictureAnswer) -> String {
    match answer {
        PictureAnswer::Picture(seen) => {
            let length = seen.length.map(|bytes| format!(", {bytes} bytes")).unwrap_or_default();
            let insisted = if seen.insisted { ", only for readers of its page" } else { "" };
            let (kind, width, height) = (seen.kind.mime_type(), seen.width, seen.height);
            let stated = seen.stated_type.map(|stated| format!(", stated as {stated}")).unwrap_or_default();
            format!("{kind}, {width} × {height}{length}{stated}{insisted}")
        }
        PictureAnswer::Unusable { why, .. } => format!("left out: {why}"),
        PictureAnswer::Forbidden(why) => why,
        PictureAnswer::NotModified => "not changed".to_owned(),
    }
}

fn line(picture: &Attachment, found: Option<String>) -> String {
    let caption = picture.caption.as_ref().map(|caption| format!("caption: {caption}"));
    let credit = picture.credit.as_ref().map(|credit| format!("credit: {credit}"));
    let parts: Vec<String> = [Some(picture.url.clone()), found, caption, credit].into_iter().flatten().collect();
    parts.join("; ")
}
