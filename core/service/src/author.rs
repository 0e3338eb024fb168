//! What the author of a plugin gets without a college: a plugin to begin with, the checker, a loop that builds and checks,
//! signatures. Nothing here opens a data directory.

mod build;
mod template;

pub use build::{Built, Watch, build};
pub use template::{Kind, Language, NewPlugin, new_plugin};
pub use zhengai_host::check::{
    Check, Group, Outcome, PROBE_WORD, Preview, Report, Settings, check, preview, probe_main,
};

use crate::error::ServiceError;
use std::io::Write;
use std::path::{Path, PathBuf};
use zhengai_host::signing::{SIGNATURE_FILE, new_keys, sign};
use zhengai_host::{Found, HostError};

/// Makes a pair of minisign keys: the secret one at the path, for its owner only, the public one beside it with `.pub`.
/// Neither overwrites anything. The id of both.
pub fn make_keys(path: &Path, password: Option<&Path>) -> Result<(String, PathBuf), ServiceError> {
    let public = PathBuf::from(format!("{}.pub", path.display()));
    let keys = new_keys(password.map(secret_line).transpose()?)?;
    write_new(path, &keys.secret, 0o600)?;
    write_new(&public, &keys.public, 0o644)?;
    Ok((keys.id, public))
}

/// Signs the plugin in a folder with the secret key in a file; the signature lies beside the manifest.
pub fn sign_plugin(dir: &Path, key: &Path, password: Option<&Path>) -> Result<PathBuf, ServiceError> {
    let found = Found::open(dir)?;
    let secret = std::fs::read_to_string(key).map_err(|source| io(key, source))?;
    let signature = sign(&found, &secret, password.map(secret_line).transpose()?)?;
    let path = dir.join(SIGNATURE_FILE);
    std::fs::write(&path, signature).map_err(|source| io(&path, source))?;
    Ok(path)
}

/// The first line of a file with a password. A password never stands in arguments or environment.
fn secret_line(path: &Path) -> Result<String, ServiceError> {
    let text = std::fs::read_to_string(path).map_err(|source| io(path, source))?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(line.to_owned()),
        None => Err(ServiceError::Host(HostError::Key { reason: format!("{} holds no password", path.display()) })),
    }
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), ServiceError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(|source| io(path, source))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|source| io(path, source))
}

fn io(path: &Path, source: std::io::Error) -> ServiceError {
    ServiceError::Io { path: path.to_owned(), source }
}
