//! Files sent to the server before a request names them. Each lies in a folder of its own below the data directory, belongs
//! to the one who sent it, and is gone after a day. Names are names: nothing that leads to another folder.

use crate::problem::ApiError;
use axum::body::Body;
use futures_util::StreamExt;
use http::StatusCode;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::io::AsyncWriteExt;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;
use zhengai_service::home::DataDir;
use zhengai_service::{Actor, ServiceError};
use zhengai_wire::Upload;

/// How long a file waits for the request that names it.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Longest name of a file, in bytes: what file systems take.
const LONGEST_NAME: usize = 255;

/// The file beside an upload that says whose it is.
const OWNER: &str = ".owner";

/// The uploads of a data directory.
pub(crate) struct Uploads {
    root: PathBuf,
    largest: u64,
    together: u64,
}

impl Uploads {
    pub(crate) fn new(data: &DataDir, largest: u64, together: u64) -> Self {
        Self { root: data.uploads(), largest, together }
    }

    /// Takes in a file as it comes. What breaks off or is too large leaves nothing behind.
    pub(crate) async fn take(&self, name: &str, body: Body, actor: &Actor) -> Result<Upload, ApiError> {
        if !is_name(name) {
            return Err(ApiError::new(Fault::Invalid, Message::new("api-upload-name").with("name", name)));
        }
        self.sweep();
        let held = held(&self.root);
        let largest = self.largest.min(self.together.saturating_sub(held));
        let id = crate::ids::random_id();
        let folder = Folder { path: self.root.join(&id), keep: false };
        let path = folder.path.join(name);
        make_private(&folder.path).map_err(|source| io(&folder.path, source))?;
        std::fs::write(folder.path.join(OWNER), &actor.name).map_err(|source| io(&folder.path, source))?;
        let bytes = receive(&path, body, largest).await?;
        let mut folder = folder;
        folder.keep = true;
        Ok(Upload { id, name: name.to_owned(), bytes })
    }

    /// The file of an upload of this person.
    pub(crate) fn find(&self, id: &str, actor: &Actor) -> Result<PathBuf, ApiError> {
        let missing = || ApiError::new(Fault::NotFound, Message::new("api-no-upload").with("upload", id));
        let folder = self.folder(id).ok_or_else(missing)?;
        let owner = std::fs::read_to_string(folder.join(OWNER)).map_err(|_| missing())?;
        if owner != actor.name {
            return Err(missing());
        }
        let mut files = std::fs::read_dir(&folder).map_err(|_| missing())?.flatten().map(|entry| entry.path());
        files.find(|path| path.file_name().is_some_and(|name| name != OWNER)).ok_or_else(missing)
    }

    /// Throws a file of this person away.
    pub(crate) fn discard(&self, id: &str, actor: &Actor) -> Result<(), ApiError> {
        let file = self.find(id, actor)?;
        let folder = file.parent().unwrap_or(&file).to_path_buf();
        std::fs::remove_dir_all(&folder).map_err(|source| io(&folder, source))
    }

    /// Removes what nobody came back for.
    pub(crate) fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.root) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let made = std::fs::metadata(&path).and_then(|meta| meta.modified());
            let old = made.is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age > KEPT));
            if old && let Err(error) = std::fs::remove_dir_all(&path) {
                tracing::warn!(%error, path = %path.display(), "an old upload stays");
            }
        }
    }

    /// The folder of an upload: its number is hexadecimal and nothing else, so that it leads nowhere but here.
    fn folder(&self, id: &str) -> Option<PathBuf> {
        let good = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        good.then(|| self.root.join(id))
    }
}

/// A folder that goes away again unless its file is whole.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed now is swept away after a day.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

async fn receive(path: &Path, body: Body, largest: u64) -> Result<u64, ApiError> {
    let mut file = tokio::fs::File::create_new(path).await.map_err(|source| io(path, source))?;
    let (mut stream, mut bytes) = (body.into_data_stream(), 0_u64);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| {
            ApiError::new(Fault::Invalid, Message::new("api-bad-request").with("problem", error))
                .with_status(StatusCode::BAD_REQUEST)
        })?;
        bytes += piece.len() as u64;
        if bytes > largest {
            let message = Message::new("api-upload-large").with("bytes", largest);
            return Err(ApiError::new(Fault::Exhausted, message).with_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        file.write_all(&piece).await.map_err(|source| io(path, source))?;
    }
    file.flush().await.map_err(|source| io(path, source))?;
    Ok(bytes)
}

/// Whether a text is the name of one file and nothing else, on every system.
fn is_name(name: &str) -> bool {
    let strange = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.starts_with('.') && !name.contains(strange)
}

/// Bytes of all that lies there.
fn held(root: &Path) -> u64 {
    let folders = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum()
}

/// A folder that only this account may look into.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn io(path: &Path, source: std::io::Error) -> ApiError {
    ServiceError::Io { path: path.to_path_buf(), source }.into()
}

#[cfg(test)]
mod tests {
    use super::{Uploads, is_name};
    use axum::body::Body;
    use zhengai_service::Actor;
    use zhengai_service::home::DataDir;

    #[test]
    fn a_name_that_leads_elsewhere_is_no_name() {
        for bad in ["", ".", "..", "../x", "a/b", "a\\b", "c:x", ".owner", "a\0b", "a\nb", &"长".repeat(86)] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(is_name("学生 2026.xlsx"));
    }

    #[tokio::test]
    async fn an_upload_is_found_by_its_sender_alone_and_a_number_that_leads_elsewhere_by_nobody() {
        let folder = tempfile::tempdir().expect("temp dir");
        let uploads = Uploads::new(&DataDir::at(folder.path()), 100, 1000);
        let (wang, li) = (Actor::new("wang", "clerk"), Actor::new("li", "clerk"));
        let made = uploads.take("a.csv", Body::from("a,b\n"), &wang).await.expect("taken");
        let path = uploads.find(&made.id, &wang).expect("found");
        assert_eq!(std::fs::read_to_string(path).expect("text"), "a,b\n");
        assert!(uploads.find(&made.id, &li).is_err());
        assert!(uploads.find("../../etc", &wang).is_err());
        uploads.discard(&made.id, &wang).expect("gone");
        assert!(uploads.find(&made.id, &wang).is_err());
    }

    #[tokio::test]
    async fn an_upload_that_is_too_large_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("temp dir");
        let data = DataDir::at(folder.path());
        let uploads = Uploads::new(&data, 3, 1000);
        let refused = uploads.take("a.csv", Body::from("four"), &Actor::new("wang", "clerk")).await;
        assert!(refused.is_err());
        assert_eq!(std::fs::read_dir(data.uploads()).expect("folder").count(), 0);
    }
}
