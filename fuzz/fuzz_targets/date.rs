//! Dates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsriver::date;

fuzz_target!(|text: &str| {
    let _ = date::parse(text, chrono_tz::Tz::Asia__Ho_Chi_Minh);
    let _ = date::find(text, chrono_tz::Tz::UTC);
});
