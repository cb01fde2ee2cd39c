//! The labels before names: `Bài, ảnh:`, `Words by:`, `Nguồn:`.

use crate::extract::phrases::folded;

const AUTHOR_ROLES: &[&str] = &[
    "bài",
    "tin",
    "tin bài",
    "bài viết",
    "thực hiện",
    "tác giả",
    "người viết",
    "ghi",
    "phóng viên",
    "pv",
    "nội dung",
    "viết",
    "biên dịch",
    "by",
    "author",
    "authors",
    "text",
    "story",
    "words",
    "written by",
    "reporter",
    "posted by",
    "published by",
    "from",
    "words by",
    "story by",
    "par",
    "auteur",
    "von",
    "autor",
    "autora",
    "text von",
    "por",
    "texto",
    "di",
    "testo",
    "автор",
    "текст",
    "作者",
    "文",
    "文字",
    "記者",
    "记者",
    "ข่าว",
    "โดย",
    "เรื่อง",
    "เรื่องและภาพ",
    "เขียน",
    "เขียนโดย",
    "ผู้เขียน",
    "เรียบเรียง",
    "รายงาน",
    "ผู้สื่อข่าว",
    "oleh",
    "penulis",
    "yazan",
    "door",
    "מאת",
    "haber",
    "yazar",
    "muhabir",
    "tekst",
    "γράφει ο",
    "γράφει η",
    "取材",
    "取材・文",
    "聞き手",
    "글",
    "취재",
];
/// Labels that stand before names without a colon: `Words by Maud Tennant`.
pub(super) const SPOKEN: &[(&str, Role)] = &[
    ("posted by ", Role::Author),
    ("written by ", Role::Author),
    ("published by ", Role::Author),
    ("reported by ", Role::Author),
    ("story by ", Role::Author),
    ("words by ", Role::Author),
    ("text by ", Role::Author),
    ("review by ", Role::Author),
    ("interview by ", Role::Author),
    ("photos by ", Role::Photo),
    ("photographs by ", Role::Photo),
    ("photography by ", Role::Photo),
    ("pictures by ", Role::Photo),
    ("edited by ", Role::Editor),
    ("with information from ", Role::Source),
    ("con información de ", Role::Source),
    ("com informações de ", Role::Source),
    ("com informações da ", Role::Source),
    ("avec des informations de ", Role::Source),
    ("με πληροφορίες από ", Role::Source),
    ("по материалам ", Role::Source),
    ("за матеріалами ", Role::Source),
];
const PHOTO_ROLES: &[&str] = &[
    "ảnh",
    "hình",
    "hình ảnh",
    "clip",
    "video",
    "đồ họa",
    "đồ hoạ",
    "photo",
    "photos",
    "pictures",
    "images",
    "photography",
    "photos by",
    "photo by",
    "fotos",
    "foto",
    "photographie",
    "фото",
    "摄影",
    "攝影",
    "图",
    "写真",
    "撮影",
    "사진",
    "fotoğraf",
    "fotó",
    "fotók",
    "kép",
    "kiemelt kép",
    "címlapkép",
    "borítókép",
    "nyitókép",
    "featured image",
    "cover photo",
    "header image",
    "titelbild",
    "titelfoto",
    "beitragsbild",
    "foto de portada",
    "imagem de capa",
    "foto principal",
    "photo de une",
    "ảnh bìa",
    "ảnh đại diện",
    "ภาพ",
];
const EDITOR_ROLES: &[&str] =
    &["editor", "edited by", "biên tập", "責任編輯", "责任编辑", "责编", "编辑", "редактор", "redaktur", "penyunting"];
const SOURCE_ROLES: &[&str] = &[
    "theo",
    "nguồn",
    "nguồn tin",
    "trích nguồn",
    "source",
    "sources",
    "via",
    "fuente",
    "quelle",
    "fonte",
    "источник",
    "来源",
    "來源",
    "出典",
    "المصدر",
    "sumber",
    "kaynak",
];

/// What somebody named did; the highest of several counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Who edited.
    Editor,
    /// Where it comes from.
    Source,
    /// Who took the pictures.
    Photo,
    /// Who wrote.
    Author,
}

/// The role that a label like `Bài và ảnh` gives; the highest of several.
pub(super) fn role_of(label: &str) -> Option<Role> {
    if label.chars().count() > 40 {
        return None;
    }
    let label = folded(label);
    let one = |part: &str| {
        if AUTHOR_ROLES.contains(&part) {
            Some(Role::Author)
        } else if PHOTO_ROLES.contains(&part) {
            Some(Role::Photo)
        } else if SOURCE_ROLES.contains(&part) {
            Some(Role::Source)
        } else if EDITOR_ROLES.contains(&part) {
            Some(Role::Editor)
        } else {
            None
        }
    };
    if let Some(role) = one(&label) {
        return Some(role);
    }
    let spaced = label
        .replace(" và ", ",")
        .replace(" and ", ",")
        .replace([';', '&', '/', '+', '-', '–', '・', '·', '、', '，'], ",");
    let roles: Option<Vec<Role>> = spaced.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect();
    roles?.into_iter().max()
}
