//! The files of the training college and the mark on its data directory. They are imported and diagnosed through the API,
//! as anybody's are.

use crate::demo::{AnswerKey, Manifest, Options, generate};
use crate::error::ServiceError;
use crate::home::DataDir;
use std::path::{Path, PathBuf};

/// File that marks a data directory as synthetic; reports say so on every page.
pub const MARK: &str = "SYNTHETIC";

/// Folder of the generated files in the data directory.
const FILES: &str = "files";

/// Removes a training college that stands in the directory. Refuses to touch anything that is not marked as one.
pub fn remove(data: &Path) -> Result<(), ServiceError> {
    if !data.exists() {
        return Ok(());
    }
    let io = |source| ServiceError::Io { path: data.to_path_buf(), source };
    if !data.join(MARK).exists() {
        if std::fs::read_dir(data).map_err(io)?.next().is_some() {
            return Err(ServiceError::NotEmpty { data: data.to_path_buf() });
        }
        return Ok(());
    }
    std::fs::remove_dir_all(data).map_err(io)
}

/// Writes the files of a training college and nothing else.
pub fn write_files(dir: &Path, options: Options) -> Result<Manifest, ServiceError> {
    Ok(generate(dir, options)?)
}

/// Reads an answer key that [`write_files`] wrote.
pub fn answer_key(dir: &Path, manifest: &Manifest) -> Result<AnswerKey, ServiceError> {
    let path = dir.join(&manifest.answer_key);
    let text = std::fs::read_to_string(&path).map_err(|source| ServiceError::Io { path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|error| ServiceError::BadFile {
        path,
        line: error.line(),
        column: error.column(),
        problem: error.to_string(),
    })
}

/// The folder of the generated files in a data directory.
pub fn files(data: &DataDir) -> PathBuf {
    data.root().join(FILES)
}

/// Marks a data directory as that of a training college, and writes the files that are to be imported into it.
pub fn prepare(data: &DataDir, options: Options) -> Result<Manifest, ServiceError> {
    let mark = data.root().join(MARK);
    std::fs::write(&mark, "synthetic data, made for training\n")
        .map_err(|source| ServiceError::Io { path: mark.clone(), source })?;
    write_files(&files(data), options)
}
