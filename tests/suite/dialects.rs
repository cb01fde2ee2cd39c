//! Each dialect and kind of damage as a document in tests/fixtures/feeds, read by the built program:
//! what it prints is compared with a snapshot beside it.

use std::process::Command;

#[test]
fn every_dialect_is_read_as_its_snapshot_says() {
    insta::glob!("../fixtures/feeds", "*.{xml,json}", |file: &std::path::Path| {
        let out = Command::new(env!("CARGO_BIN_EXE_newsriver"))
            .args(["inspect", "--json", "--as", "feed"])
            .arg(file)
            .output()
            .expect("the program runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let mut read: serde_json::Value = serde_json::from_slice(&out.stdout).expect("one JSON object");
        read["_newsriver"].as_object_mut().expect("newsriver's own facts").remove("input");
        insta::with_settings!({ snapshot_path => "../fixtures/feeds", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_json_snapshot!("feed", read);
        });
    });
}
