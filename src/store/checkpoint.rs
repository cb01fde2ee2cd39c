//! Moves what was written from SQLite's log into its file, beside the connection that writes: each move waits for
//! the disk, and who stores an article need not.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, DEFAULT_NAME};
use tokio::runtime::Handle;
use tracing::warn;

use super::StoreError;

/// Pages (of 4 KiB) in the log from which they are moved: many keys of new entries lie on the same pages, so that
/// a longer log is moved with fewer writes.
const MOVED: i32 = 8192;
/// Pages in the log from which the writer moves them itself: beside one that never rests, the log would grow for
/// ever.
const AWAITED: i32 = 4 * MOVED;

/// From now on `mover`, another connection to the file at `path`, moves what `writer` writes.
pub(super) fn move_beside(writer: &mut Connection, mover: Connection, path: PathBuf) -> rusqlite::Result<()> {
    let (mover, path) = (Arc::new(Mutex::new(mover)), Arc::<Path>::from(path));
    writer.wal_hook(Some(move |log: &mut Wal, pages| {
        match Handle::try_current() {
            _ if pages < MOVED => {}
            Ok(runtime) if pages < AWAITED => {
                let (mover, path) = (Arc::clone(&mover), Arc::clone(&path));
                runtime.spawn_blocking(move || {
                    // Whoever holds it is moving already.
                    if let Ok(mover) = mover.try_lock() {
                        report(&path, mover.wal_checkpoint_v2(DEFAULT_NAME, CheckpointMode::PASSIVE).map(drop));
                    }
                });
            }
            _ => report(&path, log.checkpoint()),
        }
        Ok(())
    }))
}

/// What is not moved stays in the log, and nothing is lost.
fn report(path: &Path, outcome: rusqlite::Result<()>) {
    if let Err(cause) = outcome {
        let error = StoreError::of(path, cause);
        warn!("what was stored lies in the log of the store, not yet in its file: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A file whose log moves, and its size so far.
    fn file(folder: &tempfile::TempDir) -> (Connection, impl Fn() -> u64 + use<>) {
        let path = folder.path().join("store.db");
        let open = || {
            let connection = Connection::open(&path).unwrap();
            connection.pragma_update(None, "journal_mode", "WAL").unwrap();
            connection
        };
        let mut writer = open();
        writer.execute_batch("CREATE TABLE thing (bytes BLOB)").unwrap();
        move_beside(&mut writer, open(), path.clone()).unwrap();
        (writer, move || std::fs::metadata(&path).unwrap().len() / 4096)
    }

    fn write(writer: &Connection, pages: i32) {
        writer.execute("INSERT INTO thing (bytes) VALUES (zeroblob(4096 * $1))", [pages]).unwrap();
    }

    #[tokio::test]
    async fn a_long_log_is_moved_while_nobody_waits() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, size) = file(&folder);
        write(&writer, MOVED / 2);
        assert!(size() < 100, "a short log stays");
        write(&writer, MOVED);
        tokio::time::timeout(Duration::from_secs(60), async {
            while size() < MOVED.unsigned_abs().into() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
    }

    #[test]
    fn where_nothing_runs_beside_the_writer_moves_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, size) = file(&folder);
        write(&writer, MOVED);
        assert!(size() >= MOVED.unsigned_abs().into());
    }
}
