//! One writer to a data directory: an operating-system lock that dies with its process, so a crash never leaves one.

use crate::error::ServiceError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Held while this process may write. Dropping it releases the lock.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
}

impl Drop for WriterLock {
    /// Closing the file is not enough: a worker that is just being started holds a copy of it until it becomes its own
    /// program, and the lock with it.
    fn drop(&mut self) {
        // Where this fails, closing releases it a moment later.
        let _ = self.file.unlock();
    }
}

impl WriterLock {
    /// Takes the lock, or says which process has it.
    pub fn take(data: &Path) -> Result<Self, ServiceError> {
        let path = data.join("lock");
        let io = |source| ServiceError::Io { path: path.clone(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The number is a courtesy; the lock itself is what counts.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().to_owned();
                return Err(ServiceError::DirectoryBusy { data: data.to_path_buf(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        write!(file, "{}", std::process::id()).map_err(io)?;
        Ok(Self { file })
    }
}

#[cfg(test)]
mod tests {
    use super::WriterLock;
    use crate::error::ServiceError;

    #[test]
    fn a_second_writer_is_told_who_writes_and_may_write_afterwards() {
        let folder = tempfile::tempdir().expect("temp dir");
        let first = WriterLock::take(folder.path()).expect("free");
        let second = WriterLock::take(folder.path());
        assert!(
            matches!(&second, Err(ServiceError::DirectoryBusy { holder, .. }) if *holder == std::process::id().to_string()),
            "{second:?}"
        );
        drop(first);
        assert!(WriterLock::take(folder.path()).is_ok());
    }

    #[test]
    fn a_copy_of_the_file_in_a_child_that_is_being_started_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().expect("temp dir");
        let first = WriterLock::take(folder.path()).expect("free");
        let inherited = first.file.try_clone().expect("a copy");
        drop(first);
        let second = WriterLock::take(folder.path());
        assert!(second.is_ok(), "{second:?}");
        drop(inherited);
    }
}
