//! The bytes of a library, copied, hashed from the copy, and closed to change: what was hashed is what runs.

use crate::HostError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use zhengai_model::ids::PluginId;

/// A private copy of a library.
pub(crate) use system::Sealed;

/// Copies a library whose hash must be the accepted one.
pub(crate) fn seal(plugin: &PluginId, path: &Path, accepted: &str) -> Result<Sealed, HostError> {
    let unreadable = |source| HostError::File { path: path.to_owned(), source };
    let failed = |source| HostError::Worker { plugin: plugin.clone(), source };
    let mut from = File::open(path).map_err(unreadable)?;
    let (mut to, private) = system::new(plugin).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = from.read(&mut buffer).map_err(unreadable)?;
        match buffer.get(..count) {
            Some(read) if count > 0 => {
                hash.update(read);
                to.write_all(read).map_err(failed)?;
            }
            _ => break,
        }
    }
    let found = crate::found::hex(&hash.finalize());
    if found != accepted {
        let plugin = plugin.clone();
        return Err(HostError::Changed { plugin, what: "library", expected: accepted.to_owned(), found });
    }
    system::close(to, private).map_err(failed)
}

#[cfg(target_os = "linux")]
mod system {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::PathBuf;
    use zhengai_model::ids::PluginId;

    /// A file in memory that nobody can change any more.
    #[derive(Debug)]
    pub(crate) struct Sealed(OwnedFd);

    pub(super) fn new(plugin: &PluginId) -> io::Result<(File, ())> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        Ok((File::from(memfd_create(plugin.as_str(), flags)?), ()))
    }

    pub(super) fn close(file: File, (): ()) -> io::Result<Sealed> {
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&file, seals)?;
        Ok(Sealed(file.into()))
    }

    impl Sealed {
        /// The descriptor that a worker gets.
        pub(crate) fn descriptor(&self) -> io::Result<Option<OwnedFd>> {
            self.0.try_clone().map(Some)
        }

        /// Where a worker finds it.
        pub(crate) fn path(&self) -> PathBuf {
            PathBuf::from(format!("/proc/self/fd/{}", super::super::spawn::LIBRARY))
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::super::folder::Folder;
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::PathBuf;
    use zhengai_model::ids::PluginId;

    /// A read-only file in a folder that only we may enter.
    #[derive(Debug)]
    pub(crate) struct Sealed {
        path: PathBuf,
        _folder: Folder,
    }

    pub(super) fn new(plugin: &PluginId) -> io::Result<(File, (PathBuf, Folder))> {
        let folder = Folder::new()?;
        let path = folder.path().join(format!("{plugin}{}", std::env::consts::DLL_SUFFIX));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o500).open(&path)?;
        Ok((file, (path, folder)))
    }

    pub(super) fn close(file: File, (path, folder): (PathBuf, Folder)) -> io::Result<Sealed> {
        file.sync_all()?;
        Ok(Sealed { path, _folder: folder })
    }

    impl Sealed {
        /// The descriptor that a worker gets.
        pub(crate) fn descriptor(&self) -> io::Result<Option<OwnedFd>> {
            Ok(None)
        }

        /// Where a worker finds it.
        pub(crate) fn path(&self) -> PathBuf {
            self.path.clone()
        }
    }
}
