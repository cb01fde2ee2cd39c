//! Copies of pictures: files in a folder of this machine, named by their bytes, within a bound.
//!
//! The folder is all there is to know: a file that is there is whole, for it was written beside its
//! place and renamed; its time says when it was last wanted. What was wanted longest ago goes first.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;

use crate::clock::Clock;
use crate::model::MediaName;

/// After a file went, so many of a hundred bytes of the bound are in use: not each new file has to make room.
const FILLED: u64 = 90;
/// How exactly it is remembered when a file was last wanted.
const WANTED: Duration = Duration::from_secs(60 * 60);
/// A count is believed for so long: other processes write into the folder, too.
const COUNTED: Duration = Duration::from_secs(10 * 60);
/// Half-written files of processes that died are deleted after this.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Why a copy was not kept or not found.
#[derive(Debug, thiserror::Error)]
#[error("the copy {path} cannot be {what}")]
pub struct MediaError {
    path: PathBuf,
    what: &'static str,
    #[source]
    cause: io::Error,
}

/// The folder of copies. Clones share it.
#[derive(Debug, Clone)]
pub struct Media(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    most: AtomicU64,
    /// Bytes in use.
    used: Mutex<Option<Count>>,
    parts: AtomicU64,
}

/// Bytes in use, as counted some time ago and added to since.
#[derive(Debug, Clone, Copy)]
struct Count {
    bytes: u64,
    since: Instant,
}

impl Media {
    /// The copies that belong to the store of a `[storage] url`: beside a file, in a folder of the same name
    /// that ends with `.media`; with a database, in `home`. It is made when the first copy is kept.
    pub fn of(store: &str, home: &Path, most: u64) -> Self {
        let place = store.strip_prefix("sqlite:").map(|file| Path::new(file).with_extension("media"));
        Self::at(place.unwrap_or_else(|| home.join("data/newsriver.media")), most)
    }

    /// Copies in a folder, with at most this many bytes.
    pub fn at(path: PathBuf, most: u64) -> Self {
        let folder = Folder { path, most: AtomicU64::new(most), used: Mutex::new(None), parts: AtomicU64::new(0) };
        Self(Arc::new(folder))
    }

    /// Sets another bound; it holds from the next file on.
    pub fn set_most(&self, most: u64) {
        self.0.most.store(most, Ordering::Relaxed);
    }

    /// Keeps a file, and lets others go where there is no room for it. When this returns, the file is on
    /// the disk.
    pub async fn put(&self, name: MediaName, bytes: Bytes) -> Result<(), MediaError> {
        self.blocking(move |folder| folder.put(name, &bytes)).await
    }

    /// A file with its length; None when it is not here.
    pub async fn open(&self, name: MediaName) -> Result<Option<(File, u64)>, MediaError> {
        self.blocking(move |folder| folder.open(name)).await
    }

    /// Takes a file away; false when it was not here.
    pub async fn remove(&self, name: MediaName) -> Result<bool, MediaError> {
        self.blocking(move |folder| folder.remove(name)).await
    }

    /// Bytes in use.
    pub async fn used(&self) -> Result<u64, MediaError> {
        self.blocking(Folder::used).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, MediaError> + Send + 'static,
    ) -> Result<T, MediaError> {
        let folder = Arc::clone(&self.0);
        let path = folder.path.clone();
        let outcome = tokio::task::spawn_blocking(move || work(&folder)).await;
        outcome.unwrap_or_else(|_| {
            Err(MediaError { path, what: "handled", cause: io::Error::other("newsriver itself failed") })
        })
    }
}

impl Folder {
    fn place(&self, name: MediaName) -> PathBuf {
        let name = name.to_string();
        self.path.join(name.get(..2).unwrap_or_default()).join(name)
    }

    fn put(&self, name: MediaName, bytes: &[u8]) -> Result<(), MediaError> {
        let place = self.place(name);
        if touch(&place).is_ok() {
            return Ok(());
        }
        let fault = |cause| MediaError { path: place.clone(), what: "written", cause };
        let shelf = place.parent().unwrap_or(&self.path);
        fs::create_dir_all(shelf).map_err(fault)?;
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        let part = self.path.join(format!("{}-{number}.part", std::process::id()));
        let written = write_whole(&part, bytes).and_then(|()| fs::rename(&part, &place));
        if written.is_err() {
            // What could not be written is not left behind half; when that fails too, the next look will.
            let _ = fs::remove_file(&part);
        }
        written.map_err(fault)?;
        File::open(shelf).and_then(|shelf| shelf.sync_all()).map_err(fault)?;
        self.make_room(bytes.len() as u64, name)
    }

    /// Counts a new file; over the bound, the files that nobody wanted for longest go.
    fn make_room(&self, added: u64, newest: MediaName) -> Result<(), MediaError> {
        let most = self.most.load(Ordering::Relaxed);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = used.as_mut().filter(|count| count.since.elapsed() < COUNTED) {
            count.bytes = count.bytes.saturating_add(added);
            if count.bytes <= most {
                return Ok(());
            }
        }
        let mut files = self.files()?;
        files.sort_by_key(|file| file.wanted);
        let mut total: u64 = files.iter().map(|file| file.length).sum();
        if total > most {
            let newest = self.place(newest);
            for file in files.iter().filter(|file| file.path != newest) {
                if total <= most / 100 * FILLED {
                    break;
                }
                match fs::remove_file(&file.path) {
                    Ok(()) => total -= file.length,
                    Err(cause) if cause.kind() == io::ErrorKind::NotFound => total -= file.length,
                    Err(cause) => return Err(MediaError { path: file.path.clone(), what: "removed", cause }),
                }
            }
        }
        *used = Some(Count { bytes: total, since: Instant::now() });
        Ok(())
    }

    fn remove(&self, name: MediaName) -> Result<bool, MediaError> {
        let path = self.place(name);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(MediaError { path, what: "removed", cause }),
        }
    }

    fn used(&self) -> Result<u64, MediaError> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = used.filter(|count| count.since.elapsed() < COUNTED) {
            return Ok(count.bytes);
        }
        let bytes = self.files()?.iter().map(|file| file.length).sum();
        *used = Some(Count { bytes, since: Instant::now() });
        Ok(bytes)
    }

    /// Every file; half-written ones that nobody writes any more are deleted.
    fn files(&self) -> Result<Vec<Kept>, MediaError> {
        let mut found = Vec::new();
        for (folder, is_shelf) in std::iter::once((self.path.clone(), false)).chain(self.shelves()?) {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
                Err(cause) => return Err(MediaError { path: folder, what: "listed", cause }),
            };
            for entry in entries.flatten() {
                // Another process may have removed it meanwhile.
                let Ok(facts) = entry.metadata() else { continue };
                let wanted = facts.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                let path = entry.path();
                if is_shelf && facts.is_file() {
                    found.push(Kept { path, length: facts.len(), wanted });
                } else if path.extension().is_some_and(|ending| ending == "part")
                    && wanted.elapsed().is_ok_and(|age| age > ABANDONED)
                {
                    let _ = fs::remove_file(&path);
                }
            }
        }
        Ok(found)
    }

    fn shelves(&self) -> Result<Vec<(PathBuf, bool)>, MediaError> {
        match fs::read_dir(&self.path) {
            Ok(entries) => {
                let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
                Ok(folders.map(|entry| (entry.path(), true)).collect())
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(MediaError { path: self.path.clone(), what: "listed", cause }),
        }
    }

    fn open(&self, name: MediaName) -> Result<Option<(File, u64)>, MediaError> {
        let place = self.place(name);
        let fault = |cause| MediaError { path: place.clone(), what: "read", cause };
        let file = match File::open(&place) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(fault(cause)),
        };
        let facts = file.metadata().map_err(fault)?;
        if facts.modified().is_ok_and(|wanted| wanted.elapsed().is_ok_and(|age| age > WANTED)) {
            // A folder that cannot be written serves as well; only its order is then that of writing.
            let _ = touch(&place);
        }
        Ok(Some((file, facts.len())))
    }
}

struct Kept {
    path: PathBuf,
    length: u64,
    wanted: SystemTime,
}

/// The system's time: files are dated by it, whatever clock the service goes by.
fn present() -> SystemTime {
    Clock::system().now().into()
}

/// Notes that a file is wanted now; fails when it is not there.
fn touch(path: &Path) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(present())
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::model::PictureType;

    fn bytes(mark: u8, length: usize) -> (MediaName, Bytes) {
        let bytes = Bytes::from(vec![mark; length]);
        (MediaName::of(&bytes, PictureType::Png), bytes)
    }

    async fn read(media: &Media, name: MediaName) -> Option<Vec<u8>> {
        let (mut file, length) = media.open(name).await.unwrap()?;
        let mut all = Vec::new();
        file.read_to_end(&mut all).unwrap();
        assert_eq!(all.len() as u64, length);
        Some(all)
    }

    #[tokio::test]
    async fn what_is_kept_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let media = Media::of(&format!("sqlite:{}/x/news.db", folder.path().display()), Path::new("/"), 10_000);
        let (name, data) = bytes(1, 100);
        assert!(media.open(name).await.unwrap().is_none());
        assert_eq!(media.used().await.unwrap(), 0);
        media.put(name, data.clone()).await.unwrap();
        media.put(name, data.clone()).await.unwrap();
        assert_eq!(read(&media, name).await.unwrap(), data);
        assert_eq!(media.used().await.unwrap(), 100);
        assert!(folder.path().join("x/news.media").is_dir());
        let again = Media::at(folder.path().join("x/news.media"), 10_000);
        assert_eq!(again.used().await.unwrap(), 100);
    }

    #[tokio::test]
    async fn what_nobody_wanted_for_longest_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let media = Media::at(folder.path().to_owned(), 1000);
        let files: Vec<_> = (0..4).map(|mark| bytes(mark, 300)).collect();
        for (age, (name, data)) in files.iter().take(3).enumerate() {
            media.put(*name, data.clone()).await.unwrap();
            let hours = Duration::from_secs(3600 * (10 - age as u64));
            let file = File::options().append(true).open(media.0.place(*name)).unwrap();
            file.set_modified(present() - hours).unwrap();
        }
        // Reading the oldest makes it the newest.
        assert!(read(&media, files[0].0).await.is_some());
        media.put(files[3].0, files[3].1.clone()).await.unwrap();
        let mut left = Vec::new();
        for (name, _) in &files {
            left.push(read(&media, *name).await.is_some());
        }
        assert_eq!(left, [true, false, true, true]);
        assert!(media.used().await.unwrap() <= 900);
    }

    #[tokio::test]
    async fn half_written_files_of_the_dead_are_no_copies_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("1-1.part");
        fs::write(&part, [0; 50]).unwrap();
        let file = File::options().append(true).open(&part).unwrap();
        file.set_modified(present() - Duration::from_secs(2 * 3600)).unwrap();
        let media = Media::at(folder.path().to_owned(), 1000);
        assert_eq!(media.used().await.unwrap(), 0);
        assert!(!part.exists());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let media = Media::at(file.path().join("below-a-file"), 1000);
        let (name, data) = bytes(1, 10);
        let error = media.put(name, data).await.unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
    }
}
