//! The threads that connections live on: one a core, each with connections of its own, so that a
//! request wakes nobody but the thread that answers it.

use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tracing::warn;

/// Threads at most: what is published lies in memory, so that a few are more than any network carries.
const MOST: usize = 16;

/// Running threads; what they do ends when this is dropped.
pub(super) struct Workers {
    threads: Vec<Thread>,
    next: usize,
    _stop: DropGuard,
}

struct Thread {
    handle: Handle,
    /// The thread's connections.
    connections: TaskTracker,
    /// Tells them to end: each looks at it often, so that no two threads share one.
    stop: CancellationToken,
}

impl Workers {
    /// Starts a thread for each core. Where the system gives none, the service's own serve too: slower is better
    /// than not at all.
    pub(super) fn start() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let stop = CancellationToken::new();
        let start = |_| {
            let handle = thread(stop.clone()).unwrap_or_else(|problem| {
                warn!(error = %problem, "a thread for connections cannot be started");
                Handle::current()
            });
            Thread { handle, connections: TaskTracker::new(), stop: CancellationToken::new() }
        };
        let threads = (0..cores.min(MOST)).map(start).collect();
        Self { threads, next: 0, _stop: stop.drop_guard() }
    }

    /// Has a thread serve a connection, each in turn; it is told when to end.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        serve: impl FnOnce(CancellationToken) -> F,
    ) {
        self.next = (self.next + 1) % self.threads.len().max(1);
        if let Some(Thread { handle, connections, stop }) = self.threads.get(self.next) {
            connections.spawn_on(serve(stop.clone()), handle);
        }
    }

    /// Has all connections end after the answers under way, and waits for it.
    pub(super) async fn drain(&mut self) {
        for Thread { connections, stop, .. } in &self.threads {
            connections.close();
            stop.cancel();
        }
        for Thread { connections, .. } in &self.threads {
            connections.wait().await;
        }
    }
}

fn thread(stop: CancellationToken) -> io::Result<Handle> {
    let (tell, told) = mpsc::channel();
    // A runtime must not end where another one runs, so it lives and ends on its thread.
    let work = move || match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let _ = tell.send(Ok(runtime.handle().clone()));
            runtime.block_on(stop.cancelled());
        }
        Err(problem) => drop(tell.send(Err(problem))),
    };
    std::thread::Builder::new().name("connections".to_owned()).spawn(work)?;
    told.recv().unwrap_or_else(|_| Err(io::Error::other("a thread ended at once")))
}
