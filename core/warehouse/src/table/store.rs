//! The files of a Delta table as the Delta library sees them: the library's own local file system, except that whatever is
//! written is on the platter before its name is there. A log entry that can be seen is whole, and so are the files it names.

use crate::disk::Staged;
use async_trait::async_trait;
use bytes::Bytes;
use deltalake::logstore::object_store::local::LocalFileSystem;
use deltalake::logstore::object_store::path::Path;
use deltalake::logstore::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result, UploadPart,
};
use futures_core::stream::BoxStream;
use std::fmt;
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The local disk, durable.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: LocalFileSystem,
    owed: Option<Owed>,
}

/// The first file that could not be put in its place, with the reason.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owed(Arc<Mutex<Option<(PathBuf, std::io::Error)>>>);

impl Owed {
    /// The failure, if there was one.
    pub(crate) fn take(&self) -> Option<(PathBuf, std::io::Error)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, path: PathBuf, error: std::io::Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((path, error));
    }
}

impl Disk {
    /// The disk below a folder, for data files of a table whose writer asks for failures itself, before it commits:
    /// the library's writer panics, for a person to see, when the end of a file cannot be put in its place.
    pub(crate) fn for_data(folder: &std::path::Path) -> Result<(Self, Owed)> {
        let owed = Owed::default();
        Ok((Self { files: LocalFileSystem::new_with_prefix(folder)?, owed: Some(owed.clone()) }, owed))
    }
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.files)
    }
}

#[async_trait]
impl ObjectStore for Disk {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let target = self.files.path_to_filesystem(location)?;
        let mode = match options.mode {
            mode @ (PutMode::Create | PutMode::Overwrite) => mode,
            // The library says in its own words that a local disk cannot do this.
            PutMode::Update(_) => return self.files.put_opts(location, payload, options).await,
        };
        let owed = self.owed.clone();
        let put = move || {
            let put = Staged::beside(&target).and_then(|mut staged| {
                payload.iter().try_for_each(|part| staged.file.write_all(part))?;
                if mode == PutMode::Create { staged.create() } else { staged.replace() }
            });
            told(put, owed, target)
        };
        blocking(put).await.map(|()| done())
    }

    async fn put_multipart_opts(&self, location: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let target = self.files.path_to_filesystem(location)?;
        let path = target.clone();
        let staged = blocking(move || Staged::beside(&path).map_err(|error| failed(&path, error))).await?;
        let state = Arc::new(Mutex::new(Some(staged)));
        Ok(Box::new(Upload { state, target, owed: self.owed.clone(), offset: 0 }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.files.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.files.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.files.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.files.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.files.rename_opts(from, to, options).await
    }
}

/// A file that comes in parts, each at its own offset.
#[derive(Debug)]
struct Upload {
    state: Arc<Mutex<Option<Staged>>>,
    target: PathBuf,
    owed: Option<Owed>,
    offset: u64,
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let offset = self.offset;
        self.offset += data.content_length() as u64;
        let (state, target) = (Arc::clone(&self.state), self.target.clone());
        Box::pin(blocking(move || {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let file = &mut state.as_mut().ok_or_else(over)?.file;
            let written =
                file.seek(SeekFrom::Start(offset)).and_then(|_| data.iter().try_for_each(|part| file.write_all(part)));
            written.map_err(|error| failed(&target, error))
        }))
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let (staged, target, owed) = (self.take()?, self.target.clone(), self.owed.clone());
        blocking(move || told(staged.replace(), owed, target)).await.map(|()| done())
    }

    async fn abort(&mut self) -> Result<()> {
        self.take().map(drop)
    }
}

impl Upload {
    fn take(&self) -> Result<Staged> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(over)
    }
}

/// The outcome for the library, or for whoever asks for what is owed.
fn told(placed: std::io::Result<()>, owed: Option<Owed>, target: PathBuf) -> Result<()> {
    match (placed, owed) {
        (Err(error), Some(owed)) => {
            owed.keep(target, error);
            Ok(())
        }
        (placed, _) => placed.map_err(|error| failed(&target, error)),
    }
}

fn done() -> PutResult {
    PutResult { e_tag: None, version: None }
}

fn over() -> Error {
    Error::Generic { store: "disk", source: "the upload is over".into() }
}

fn failed(path: &std::path::Path, error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists { path: path.display().to_string(), source: error.into() },
        _ => Error::Generic { store: "disk", source: error.into() },
    }
}

/// Runs work on the disk where it may wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.map_err(|source| Error::JoinError { source })?,
        Err(_) => work(),
    }
}
