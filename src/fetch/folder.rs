//! Folders of documents on this machine.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{Document, FetchError};

/// Documents of one folder; more are left out, and that is said.
const DOCUMENTS: usize = 10_000;
/// Folders within folders.
const DEPTH: usize = 16;
/// Endings that are documents.
const ENDINGS: [&str; 6] = ["html", "htm", "md", "markdown", "txt", "text"];

/// The documents below a folder, in the order of their names; links that lead out of the folder
/// and files over `max_body` are left out and named in the second list. Hidden files and files
/// that are no documents (pictures beside them) are passed over.
pub async fn folder(path: &Path, max_body: u64) -> Result<(Vec<Document>, Vec<String>), FetchError> {
    let path = path.to_path_buf();
    let read = tokio::task::spawn_blocking(move || Walk::new(&path, max_body).and_then(Walk::run));
    read.await.map_err(|_| FetchError::Setup("a folder could not be read".into()))?
}

struct Walk {
    root: PathBuf,
    max_body: u64,
    documents: Vec<Document>,
    left_out: Vec<String>,
}

impl Walk {
    fn new(path: &Path, max_body: u64) -> Result<Self, FetchError> {
        let fault = |cause| FetchError::Folder { path: path.to_path_buf(), cause };
        let root = path.canonicalize().map_err(fault)?;
        Ok(Self { root, max_body, documents: Vec::new(), left_out: Vec::new() })
    }

    fn run(mut self) -> Result<(Vec<Document>, Vec<String>), FetchError> {
        let root = self.root.clone();
        // The folder itself must be readable; what is inside it is left out when it is not.
        std::fs::read_dir(&root).map_err(|cause| FetchError::Folder { path: root.clone(), cause })?;
        self.enter(&root, 0);
        self.documents.sort_by(|a, b| a.name.cmp(&b.name));
        Ok((self.documents, self.left_out))
    }

    fn enter(&mut self, folder: &Path, depth: usize) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) => return self.leave_out(folder, &cause.to_string()),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let Ok(real) = path.canonicalize() else {
                self.leave_out(&path, "it leads nowhere");
                continue;
            };
            if !real.starts_with(&self.root) {
                self.leave_out(&path, "it leads out of the folder");
            } else if real.is_dir() {
                let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
                if depth < DEPTH && !is_link {
                    self.enter(&path, depth + 1);
                }
            } else if is_document(&path) {
                self.take(&path);
            }
        }
    }

    fn take(&mut self, path: &Path) {
        if self.documents.len() == DOCUMENTS {
            return self.leave_out(path, &format!("a folder has at most {DOCUMENTS} documents"));
        }
        match self.read(path) {
            Ok(Some(document)) => self.documents.push(document),
            Ok(None) => self.leave_out(path, "it is larger than [fetch] max_body"),
            Err(cause) => self.leave_out(path, &cause.to_string()),
        }
    }

    fn read(&self, path: &Path) -> io::Result<Option<Document>> {
        let facts = std::fs::metadata(path)?;
        if facts.len() > self.max_body {
            return Ok(None);
        }
        let modified: DateTime<Utc> = facts.modified()?.into();
        let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Ok(Some(Document { name, bytes: Bytes::from(std::fs::read(path)?), modified }))
    }

    fn leave_out(&mut self, path: &Path, why: &str) {
        let name = path.strip_prefix(&self.root).unwrap_or(path);
        self.left_out.push(format!("{} is left out: {why}", name.display()));
    }
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn documents_are_found_and_the_rest_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, size: usize| std::fs::write(folder.path().join(name), vec![b'x'; size]).unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        write("b/two.TXT", 5);
        write("a.md", 5);
        write("picture.png", 5);
        write(".hidden.md", 5);
        write("big.html", 50);
        let outside = tempfile::NamedTempFile::with_suffix(".md").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link.md")).unwrap();
        let (documents, left_out) = super::folder(folder.path(), 20).await.unwrap();
        let names: Vec<_> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(names, ["a.md", "b/two.TXT"]);
        assert_eq!(left_out.len(), 2, "{left_out:?}");
    }

    #[tokio::test]
    async fn a_missing_folder_is_an_error() {
        assert!(matches!(super::folder(Path::new("/no/such/folder"), 10).await, Err(FetchError::Folder { .. })));
    }
}
