//! feeds.toml: every text is a configuration or a report.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problems) = newsriver::config::parse(text, std::path::Path::new("feeds.toml")) {
        let _ = problems.to_string();
    }
});
