//! The sanitiser: nothing active comes out, and a second pass changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsriver::html::sanitise;

fuzz_target!(|text: &str| {
    let base = "https://x.example/a".parse().ok();
    let once = sanitise(text, base.as_ref());
    let lower = once.as_str().to_lowercase();
    assert!(!["<script", "<iframe", "<svg", "<style", "href=\"javascript:"].iter().any(|bad| lower.contains(bad)));
    assert_eq!(sanitise(once.as_str(), base.as_ref()), once);
});
