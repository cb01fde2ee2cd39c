//! Counters, in Prometheus' text form.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use chrono::{DateTime, Utc};

use crate::model::SourceId;
use crate::model::SourceState;

/// What the server counts.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [Answers; LANES],
    renders: AtomicU64,
}

/// What threads answered, a few to each: threads that count in one place wait for each other.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Answers {
    by_class: [AtomicU64; 6],
    bytes: AtomicU64,
}

const LANES: usize = 16;

thread_local! {
    static LANE: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Ordering::Relaxed) % LANES
    };
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(&self, status: u16, bytes: usize) {
        let Some(answers) = self.answers.get(LANE.with(|lane| *lane)) else { return };
        if let Some(counter) = answers.by_class.get(usize::from(status / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        answers.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts rendered documents.
    pub(super) fn rendered(&self, documents: usize) {
        self.renders.fetch_add(documents as u64, Ordering::Relaxed);
    }

    /// All figures, with those of the sources and the bytes of copies of pictures, where they could be counted.
    pub(super) fn text(
        &self,
        sources: &[(SourceId, SourceState, u64)],
        media: Option<u64>,
        now: DateTime<Utc>,
    ) -> String {
        let mut out = String::new();
        let head = |name: &str, kind: &str, help: &str| format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
        out += &head("newsriver_http_answers_total", "counter", "Answers by class of status.");
        let sum = |of: &dyn Fn(&Answers) -> u64| self.answers.iter().map(of).sum::<u64>();
        for class in 1..6 {
            let count = sum(&|answers| answers.by_class.get(class).map_or(0, |count| count.load(Ordering::Relaxed)));
            let _ = writeln!(out, "newsriver_http_answers_total{{class=\"{class}xx\"}} {count}");
        }
        out += &head("newsriver_http_body_bytes_total", "counter", "Bytes of bodies sent.");
        let _ =
            writeln!(out, "newsriver_http_body_bytes_total {}", sum(&|answers| answers.bytes.load(Ordering::Relaxed)));
        out += &head("newsriver_documents_rendered_total", "counter", "Documents rendered.");
        let _ = writeln!(out, "newsriver_documents_rendered_total {}", self.renders.load(Ordering::Relaxed));
        if let Some(bytes) = media {
            out += &head("newsriver_media_bytes", "gauge", "Bytes of copies of pictures on the disk.");
            let _ = writeln!(out, "newsriver_media_bytes {bytes}");
        }
        out += &head("newsriver_source_entries", "gauge", "Entries kept of a source.");
        for (id, _, entries) in sources {
            let _ = writeln!(out, "newsriver_source_entries{{source=\"{id}\"}} {entries}");
        }
        out += &head("newsriver_source_failures", "gauge", "Failures of a source since its last success.");
        for (id, state, _) in sources {
            let _ = writeln!(out, "newsriver_source_failures{{source=\"{id}\"}} {}", state.failures);
        }
        out += &head("newsriver_source_last_success_seconds", "gauge", "Seconds since a source last answered well.");
        for (id, state, _) in sources {
            if let Some(success) = state.last_success {
                let _ = writeln!(
                    out,
                    "newsriver_source_last_success_seconds{{source=\"{id}\"}} {}",
                    (now - success).num_seconds()
                );
            }
        }
        out
    }
}
