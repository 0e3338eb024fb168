//! The first rows of each stream, for an author who wants to see them.

use super::job::{Event, Work};
use super::report::Outcome;
use super::{Settings, parent};
use crate::HostError;
use serde::{Deserialize, Serialize};
use std::path::Path;
use zhengai_model::text::Message;

/// The first rows of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The stream.
    pub stream: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Rows as texts.
    pub rows: Vec<Vec<String>>,
}

/// Reads the first rows of each stream, in a probe; a message says why there are none.
pub fn preview(dir: &Path, settings: &Settings, rows: usize) -> Result<Result<Vec<Preview>, Message>, HostError> {
    let dir = dir.canonicalize().map_err(|source| HostError::File { path: dir.to_owned(), source })?;
    let found = super::open(&dir, settings.library.as_deref())?;
    let seen = parent::probe(&found, settings, Work::Preview(rows))?;
    let mut previews = Vec::new();
    let mut ended = false;
    for event in seen.events {
        match event {
            Event::Rows(preview) => previews.push(preview),
            Event::Done(_, Outcome::Fail(message) | Outcome::Skip(message)) => return Ok(Err(message)),
            Event::End(_) => ended = true,
            _ => {}
        }
    }
    match ended {
        true => Ok(Ok(previews)),
        false => Ok(Err(Message::new("check-why-died").with("how", parent::how(seen.status)))),
    }
}
