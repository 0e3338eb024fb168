//! The folder: which files it holds, and which fields they have.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use zhengai_plugin::serde_json::{Map, Value, from_str};
use zhengai_plugin::{ErrorClass, PluginError, Result};

/// A folder of exports.
pub struct Folder(PathBuf);

/// One file of it.
pub struct Stream {
    /// Its name without `.jsonl`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl Folder {
    /// The folder at this path. Whether it is there is asked when it is needed: it may come later.
    pub fn new(path: &str) -> Self {
        Self(PathBuf::from(path))
    }

    /// Its streams by name.
    pub fn streams(&self) -> Result<Vec<Stream>> {
        let entries = std::fs::read_dir(&self.0).map_err(|error| refused(&self.0, &error))?;
        let mut streams = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| refused(&self.0, &error))?.path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|end| end == "jsonl") && !name.is_empty() {
                streams.push(Stream { name, path });
            }
        }
        streams.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(streams)
    }
}

impl Stream {
    /// Names of its fields, as the first line has them; a file without a line has none.
    pub fn fields(&self) -> Result<Vec<String>> {
        let mut line = String::new();
        self.open()?.read_line(&mut line).map_err(|error| refused(&self.path, &error))?;
        match line.trim() {
            "" => Ok(Vec::new()),
            text => Ok(object(self, 1, text)?.keys().cloned().collect()),
        }
    }

    /// Its lines.
    pub fn open(&self) -> Result<BufReader<File>> {
        File::open(&self.path).map(BufReader::new).map_err(|error| refused(&self.path, &error))
    }
}

/// A line as an object; anything else is an error that names the place.
pub fn object(stream: &Stream, line: u64, text: &str) -> Result<Map<String, Value>> {
    let parsed = from_str::<Map<String, Value>>(text);
    parsed.map_err(|error| {
        PluginError::data("exports-line", format!("line {line} of `{}` is not an object: {error}", stream.name))
            .with("stream", &stream.name)
            .with("line", line)
    })
}

/// What the system says about a file, as an error that says who must act.
pub fn refused(path: &Path, error: &std::io::Error) -> PluginError {
    let class = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ErrorClass::Config,
        ErrorKind::PermissionDenied => ErrorClass::Auth,
        _ => ErrorClass::System,
    };
    PluginError::new(class, "exports-refused", format!("`{}`: {error}", path.display()))
        .with("pointer", "/folder")
        .with("path", path.display())
        .with("reason", error)
}
