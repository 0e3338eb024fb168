//! Why rejected rows cannot be mended as asked.

use std::path::PathBuf;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::BatchId;
use zhengai_model::text::Message;

/// Why rejected rows cannot be mended as asked.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    /// No row was named.
    #[error("no row of {batch} was named")]
    Nothing {
        /// The batch.
        batch: BatchId,
    },
    /// The batch did not reject this line.
    #[error("{batch} did not reject line {line}")]
    NoLine {
        /// The batch.
        batch: BatchId,
        /// The line.
        line: u64,
    },
    /// One line is named twice.
    #[error("line {line} of {batch} is named twice")]
    Twice {
        /// The batch.
        batch: BatchId,
        /// The line.
        line: u64,
    },
    /// The file of the row has no such column.
    #[error("line {line} of {batch} has no column {column}")]
    NoColumn {
        /// The batch.
        batch: BatchId,
        /// The line.
        line: u64,
        /// The column.
        column: String,
        /// Columns that there are.
        known: String,
    },
    /// The row was mended before.
    #[error("line {line} of {batch} went in with {by}")]
    Mended {
        /// The batch.
        batch: BatchId,
        /// The line.
        line: u64,
        /// The batch that brought it in.
        by: BatchId,
    },
    /// The row is in a batch that waits for a person.
    #[error("line {line} of {batch} waits in {by}")]
    Waits {
        /// The batch.
        batch: BatchId,
        /// The line.
        line: u64,
        /// The batch that waits.
        by: BatchId,
    },
    /// The batch itself waits for a person: what comes of it decides what its rejected rows meet.
    #[error("{batch} waits for review")]
    Undecided {
        /// The batch.
        batch: BatchId,
    },
    /// A file of mended rows does not say which lines they are.
    #[error("{} does not tell the lines", path.display())]
    NoLines {
        /// The file.
        path: PathBuf,
    },
    /// A cell for the number of a line holds none.
    #[error("{} has the line number {text}", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The cell.
        text: String,
    },
}

impl Explain for MendError {
    fn fault(&self) -> Fault {
        match self {
            Self::NoLine { .. } => Fault::NotFound,
            Self::Mended { .. } | Self::Waits { .. } | Self::Undecided { .. } => Fault::Conflict,
            Self::Nothing { .. }
            | Self::Twice { .. }
            | Self::NoColumn { .. }
            | Self::NoLines { .. }
            | Self::BadLine { .. } => Fault::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Nothing { batch } => Message::new("mend-nothing").with("batch", batch),
            Self::NoLine { batch, line } => Message::new("mend-no-line").with("batch", batch).with("line", line),
            Self::Twice { batch, line } => Message::new("mend-twice").with("batch", batch).with("line", line),
            Self::NoColumn { batch, line, column, known } => Message::new("mend-no-column")
                .with("batch", batch)
                .with("line", line)
                .with("column", column)
                .with("known", known),
            Self::Mended { batch, line, by } => {
                Message::new("mend-mended").with("batch", batch).with("line", line).with("by", by)
            }
            Self::Waits { batch, line, by } => {
                Message::new("mend-waits").with("batch", batch).with("line", line).with("by", by)
            }
            Self::Undecided { batch } => Message::new("mend-undecided").with("batch", batch),
            Self::NoLines { path } => Message::new("mend-no-lines").with("path", path.display()),
            Self::BadLine { path, text } => {
                Message::new("mend-bad-line").with("path", path.display()).with("text", text)
            }
        }
    }
}
