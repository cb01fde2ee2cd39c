//! The demo, whose newsroom has a source of each kind.

use super::Service;
use super::hostile::check;

#[test]
fn every_document_of_the_demo_is_valid() {
    let mut service = Service::prepare("");
    service.run_demo();
    let sources = service.wait("all visits", |service| {
        let status = service.json("/status.json");
        let sources = status["sources"].as_array().unwrap();
        sources.iter().all(|source| source["last_visit"].is_string()).then(|| sources.clone())
    });
    let sources = sources.iter().map(|source| format!("sources/{}", source["id"].as_str().unwrap()));
    let feeds = ["all", "viet", "english"].map(|feed| format!("feeds/{feed}"));
    for slug in feeds.into_iter().chain(sources) {
        check(&service, &slug);
    }
}
