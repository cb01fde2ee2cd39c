//! A folder of published files: each written atomically and only where it changed, and those taken away
//! that are published no longer.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

/// The list of what was written here. Only that is ever taken away: the folder may hold files of others.
const LIST: &str = ".newsriver-export";

/// A folder that is being brought up to date.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// What is on the list.
    before: BTreeSet<String>,
    now: BTreeSet<String>,
    pub(super) written: usize,
    pub(super) unchanged: usize,
}

/// What could not be done to which file.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) path: PathBuf,
    pub(super) cause: io::Error,
}

impl Folder {
    /// The folder at this path, made when it is not there.
    pub(super) fn open(root: &Path) -> Result<Self, Fault> {
        let list = root.join(LIST);
        std::fs::create_dir_all(root).map_err(|cause| Fault { path: root.to_owned(), cause })?;
        let before = match std::fs::read_to_string(&list) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
            Err(cause) => return Err(Fault { path: list, cause }),
        };
        Ok(Self { root: root.to_owned(), before, now: BTreeSet::new(), written: 0, unchanged: 0 })
    }

    /// Whether a file of this name is there with these bytes, and its other forms with these endings.
    pub(super) fn has(&self, name: &str, body: &[u8], endings: &[&str]) -> bool {
        let path = |ending: &str| self.root.join(format!("{name}{ending}"));
        std::fs::read(path("")).is_ok_and(|old| old == body) && endings.iter().all(|ending| path(ending).is_file())
    }

    /// Leaves a file and its other forms as they are.
    pub(super) fn leave(&mut self, name: String, endings: &[&str]) {
        self.now.extend(endings.iter().map(|ending| format!("{name}{ending}")));
        self.now.insert(name);
        self.unchanged += endings.len() + 1;
    }

    /// Writes a file of this name, with `/` between its parts, unless it is there already.
    pub(super) fn write(&mut self, name: String, body: &[u8]) -> Result<(), Fault> {
        let path = self.root.join(&name);
        let fault = |cause| Fault { path: path.clone(), cause };
        if std::fs::read(&path).is_ok_and(|old| old == body) {
            self.unchanged += 1;
        } else {
            // On the list first: what is written must not be forgotten, whatever happens next.
            if !self.before.contains(&name) && !self.now.contains(&name) {
                self.append(&name).map_err(fault)?;
            }
            replace(&path, body).map_err(fault)?;
            self.written += 1;
        }
        self.now.insert(name);
        Ok(())
    }

    /// Takes away what was written by an earlier export and not by this one; says how much.
    pub(super) fn tidy(&self) -> Result<usize, Fault> {
        let mut removed = 0;
        for name in self.before.difference(&self.now) {
            let path = Path::new(name);
            if !path.components().all(|part| matches!(part, Component::Normal(_))) {
                continue;
            }
            let path = self.root.join(path);
            match std::fs::remove_file(&path) {
                Ok(()) => removed += 1,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(Fault { path, cause }),
            }
            // Folders that hold something stay.
            let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
            let _ = folders.map(std::fs::remove_dir).take_while(Result::is_ok).count();
        }
        let list: String = self.now.iter().flat_map(|name| [name, "\n"]).collect();
        let path = self.root.join(LIST);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == list) {
            return Ok(removed);
        }
        replace(&path, list.as_bytes()).map_err(|cause| Fault { path, cause })?;
        Ok(removed)
    }

    fn append(&self, name: &str) -> io::Result<()> {
        let mut list = std::fs::File::options().create(true).append(true).open(self.root.join(LIST))?;
        list.write_all(format!("{name}\n").as_bytes())
    }
}

/// Writes beside the file and renames, so that nobody ever reads half a file.
fn replace(path: &Path, body: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    std::fs::write(&part, body)?;
    std::fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_no_longer_goes_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let (root, has) = (folder.path(), |name: &str| folder.path().join(name).exists());
        let outside = folder.path().with_extension("outside");
        std::fs::write(&outside, "x").unwrap();
        let export = |names: &[&str]| {
            let mut folder = Folder::open(root).unwrap();
            for name in names {
                folder.write((*name).to_owned(), name.as_bytes()).unwrap();
            }
            (folder.written, folder.unchanged, folder.tidy().unwrap())
        };
        assert_eq!(export(&["index.html", "feeds/a/page/2.html", "entries/1.html"]), (3, 0, 0));
        std::fs::write(root.join("entries/own.html"), "x").unwrap();
        assert_eq!(export(&["index.html"]), (0, 1, 2));
        assert!(has("index.html") && has("entries/own.html") && !has("entries/1.html") && !has("feeds"));
        // A list that someone wrote into leads nowhere else.
        let name = outside.file_name().unwrap().to_str().unwrap();
        std::fs::write(root.join(LIST), format!("../{name}\n{}\nindex.html\n", outside.display())).unwrap();
        assert_eq!(export(&[]), (0, 0, 1));
        assert!(outside.exists());
        std::fs::remove_file(outside).unwrap();
    }

    #[test]
    fn what_an_export_wrote_that_broke_off_is_known_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        Folder::open(folder.path()).unwrap().write("entries/1.html".to_owned(), b"x").unwrap();
        assert_eq!(Folder::open(folder.path()).unwrap().tidy().unwrap(), 1);
        assert!(!folder.path().join("entries").exists());
    }
}
