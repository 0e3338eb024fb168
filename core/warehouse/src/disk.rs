//! Files that survive a power cut: bytes reach the platter before the name that people go by, and the name before the
//! call returns. Whoever writes below a data directory writes through here, or through a database that does the same.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Makes the names in a folder survive a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and the file system keeps names in order by itself.
    if cfg!(unix) { File::open(or_here(folder))?.sync_all() } else { Ok(()) }
}

/// Makes a folder with all above it that are missing, each known to the one above it.
pub fn create_folders(folder: &Path) -> io::Result<()> {
    let folder = or_here(folder);
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("."));
    create_folders(above)?;
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        outcome => outcome.and_then(|()| sync_folder(above)),
    }
}

/// Writes a file beside its place and moves it there: it is whole or as it was before, and stays so.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut staged = Staged::beside(path)?;
    staged.file.write_all(bytes)?;
    staged.replace()
}

/// A file on its way to its place, gone again when it is dropped before it got there.
#[derive(Debug)]
pub struct Staged {
    /// What is written.
    pub file: File,
    beside: PathBuf,
    target: PathBuf,
}

impl Staged {
    /// Begins a file for this place, in the same folder, which is made when it is missing. The name ends in `#` and a
    /// number, which the Delta library and the doctor know for unfinished.
    pub fn beside(target: &Path) -> io::Result<Self> {
        create_folders(folder_of(target))?;
        let mut number = 1_u32;
        loop {
            let mut name = target.as_os_str().to_owned();
            name.push(format!("#{number}"));
            let beside = PathBuf::from(name);
            match File::options().read(true).write(true).create_new(true).open(&beside) {
                Ok(file) => return Ok(Self { file, beside, target: target.to_owned() }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Puts the file in its place, over whatever is there.
    pub fn replace(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.beside, &self.target)?;
        self.beside = PathBuf::new();
        sync_folder(folder_of(&self.target))
    }

    /// Puts the file in its place unless something is there, which is [`ErrorKind::AlreadyExists`].
    pub fn create(self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::hard_link(&self.beside, &self.target)?;
        sync_folder(folder_of(&self.target))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.beside.as_os_str().is_empty() {
            // What a lost disk keeps here nobody reads.
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    or_here(path.parent().unwrap_or(Path::new(".")))
}

fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/c.json");
        write_whole(&path, b"one").expect("written");
        write_whole(&path, b"two").expect("written again");
        assert_eq!(std::fs::read(&path).expect("read"), b"two");
        assert_eq!(std::fs::read_dir(folder.path().join("a/b")).expect("a folder").count(), 1);
    }

    #[test]
    fn a_name_that_is_taken_stays_as_it_is_and_what_was_staged_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("0.json");
        std::fs::write(folder.path().join("0.json#1"), b"left by a crash").expect("written");
        let stage = |bytes: &[u8]| {
            let mut staged = Staged::beside(&path).expect("staged");
            staged.file.write_all(bytes).expect("written");
            staged.create()
        };
        stage(b"first").expect("free");
        assert_eq!(stage(b"second").expect_err("taken").kind(), ErrorKind::AlreadyExists);
        drop(Staged::beside(&path).expect("staged and given up"));
        assert_eq!(std::fs::read(&path).expect("read"), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }
}
