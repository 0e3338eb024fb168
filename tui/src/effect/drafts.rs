//! Drafts on this machine: one file each, replaced as a whole, so that a crash leaves the old one or the new one.

use std::fs;
use std::io::{ErrorKind, Result};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers files that are not yet in their place.
static FRESH: AtomicU64 = AtomicU64::new(0);

/// Where drafts lie.
#[derive(Debug, Clone)]
pub struct Drafts {
    folder: PathBuf,
}

impl Drafts {
    /// Drafts in a folder, which is made when the first is kept.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps a draft.
    pub fn keep(&self, key: &str, text: &str) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let file = self.file(key);
        // Two that are kept at once must not take each other's file away.
        let number = FRESH.fetch_add(1, Ordering::Relaxed);
        let fresh = file.with_extension(format!("{number}.new"));
        fs::write(&fresh, text)?;
        fs::rename(&fresh, &file)
    }

    /// Throws a draft away; one that is not there is gone already.
    pub fn drop(&self, key: &str) -> Result<()> {
        match fs::remove_file(self.file(key)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Reads a draft.
    pub fn read(&self, key: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.file(key)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A key may hold anything; a name of a file may not.
    fn file(&self, key: &str) -> PathBuf {
        let mut name = String::new();
        for byte in key.bytes() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => name.push(char::from(byte)),
                other => name.push_str(&format!("_{other:02x}")),
            }
        }
        self.folder.join(format!("{name}.draft"))
    }
}

#[cfg(test)]
mod tests {
    use super::Drafts;

    #[test]
    fn a_draft_is_there_until_it_is_thrown_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let drafts = Drafts::at(folder.path().join("drafts"));
        assert_eq!(drafts.read("指标/A").expect("readable"), None);
        drafts.keep("指标/A", "率 = 1").expect("kept");
        drafts.keep("指标/A", "率 = 2").expect("kept again");
        drafts.keep("指标/B", "别的").expect("kept");
        assert_eq!(drafts.read("指标/A").expect("readable").as_deref(), Some("率 = 2"));
        drafts.drop("指标/A").expect("gone");
        drafts.drop("指标/A").expect("gone already");
        assert_eq!(drafts.read("指标/A").expect("readable"), None);
        assert_eq!(drafts.read("指标/B").expect("readable").as_deref(), Some("别的"));
    }
}
