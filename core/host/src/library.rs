//! Opens a library for good: all symbols now, none visible to others, never unloaded.

use crate::HostError;
use libloading::Library;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::{ZG_ENTRY, ZgOpen};

/// Which libraries this process has opened, with their hashes. A system that is asked for the same path again hands
/// out the code that it has, whatever the file holds by now: the hash that was checked would not be that of the code.
static OPENED: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());

/// Opens the library of this hash and finds its entry. The path is made absolute, so that the system never searches
/// for it.
pub(crate) fn open(plugin: &PluginId, path: &Path, sha256: &str) -> Result<ZgOpen, HostError> {
    let absolute = path.canonicalize().map_err(|source| HostError::File { path: path.to_owned(), source })?;
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if opened.get(&absolute).is_some_and(|before| before != sha256) {
        return Err(HostError::NeedsRestart { plugin: plugin.clone(), path: path.to_owned() });
    }
    let library = library(plugin, &absolute, path)?;
    opened.insert(absolute, sha256.to_owned());
    entry(plugin, library, path)
}

/// Opens a private copy of a library in a worker, whose only one it is.
pub(crate) fn open_private(plugin: &PluginId, path: &Path) -> Result<ZgOpen, HostError> {
    entry(plugin, library(plugin, path, path)?, path)
}

fn library(plugin: &PluginId, file: &Path, path: &Path) -> Result<Library, HostError> {
    let failed = |source| HostError::Open { plugin: plugin.clone(), path: path.to_owned(), source };
    // SAFETY: opening runs the library's initialisers. Its manifest and hash are settled; in our own process an
    // administrator or the product's build vouches for it, in a worker nothing else is there to be harmed.
    unsafe { system::open(file) }.map_err(failed)
}

fn entry(plugin: &PluginId, library: Library, path: &Path) -> Result<ZgOpen, HostError> {
    // SAFETY: the header fixes the type of this symbol.
    let entry = unsafe { library.get::<ZgOpen>(ZG_ENTRY.as_bytes()) }.map(|symbol| *symbol);
    // Never unloaded: its code may still be referred to by buffers, threads and callbacks.
    std::mem::forget(library);
    entry.map_err(|source| HostError::Entry { plugin: plugin.clone(), path: path.to_owned(), source })
}

#[cfg(unix)]
mod system {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    use std::path::Path;

    /// Not offered by libloading; the value is part of each system's binary interface.
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "illumos", target_os = "solaris"))]
    const RTLD_NODELETE: i32 = 0x1000;
    #[cfg(any(target_os = "macos", target_os = "ios"))]
    const RTLD_NODELETE: i32 = 0x80;
    #[cfg(any(target_os = "freebsd", target_os = "dragonfly"))]
    const RTLD_NODELETE: i32 = 0x1000;
    #[cfg(not(any(
        target_os = "linux",
        target_os = "android",
        target_os = "illumos",
        target_os = "solaris",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd",
        target_os = "dragonfly"
    )))]
    const RTLD_NODELETE: i32 = 0;

    /// # Safety
    /// The library's initialisers are sound.
    pub(super) unsafe fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
        // SAFETY: the caller's promise.
        unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) }.map(Into::into)
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    /// # Safety
    /// The library's initialisers are sound.
    pub(super) unsafe fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
        // SAFETY: the caller's promise.
        unsafe { libloading::Library::new(path) }
    }
}
