//! The sign of the service as files: what feeds name as their icon, and what browsers and readers ask for.
//! Two waves on the colour of the river, drawn for this.

use chrono::DateTime;

use super::Rendered;

/// 512 pixels square.
pub(super) const ICON: &str = "icon.png";
/// 64 pixels square.
pub(super) const FAVICON: &str = "favicon.png";
/// 16, 32 and 48 pixels square, where everyone looks for it.
pub(super) const FOR_BROWSERS: &str = "favicon.ico";

/// Each file's name below the address of the site, and the file.
pub fn icons() -> [(&'static str, Rendered); 3] {
    let file = |kind: &'static str, bytes: &'static [u8]| Rendered::new(kind, bytes, DateTime::UNIX_EPOCH);
    [
        (ICON, file("image/png", include_bytes!("icons/icon.png"))),
        (FAVICON, file("image/png", include_bytes!("icons/favicon.png"))),
        (FOR_BROWSERS, file("image/vnd.microsoft.icon", include_bytes!("icons/favicon.ico"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_their_types_say() {
        for (name, file) in icons() {
            let size = imagesize::blob_size(&file.body).unwrap();
            let expected = match name {
                ICON => 512,
                FAVICON => 64,
                _ => 48,
            };
            assert_eq!((size.width, size.height), (expected, expected), "{name}");
            assert!(file.body.len() < 8 << 10, "{name} is small");
        }
    }
}
