//! Small files that a person wrote: definitions, mappings, configurations. Each comes with its name, so that a fault names
//! the place, whoever read the file.

use crate::error::ServiceError;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Its name, for messages; TOML and JSON are told apart by it.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

impl TextFile {
    /// Reads it.
    pub fn read(path: &Path) -> Result<Self, ServiceError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })?;
        Ok(Self { path: path.to_path_buf(), text })
    }

    /// What it says in TOML; faults come with line and column.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, ServiceError> {
        toml::from_str(&self.text).map_err(|source| ServiceError::config(&self.path, &self.text, &source))
    }

    /// What it says in TOML when its name ends so, else in JSON; faults come with line and column.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, ServiceError> {
        if self.path.extension().is_some_and(|end| end == "toml") {
            return self.toml();
        }
        serde_json::from_str(&self.text).map_err(|error| ServiceError::BadFile {
            path: self.path.clone(),
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })
    }
}
