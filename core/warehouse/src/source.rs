//! Rows as a connector hands them over, and the two ways in which a caller follows long work: progress and cancelling.

use arrow::record_batch::RecordBatch;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

/// Name of the column with the line in the file (`Int64`), last but one of every source batch.
pub const LINE: &str = "_line";
/// Name of the column with the connector's own complaint about a row (`Utf8`, JSON or null), last of every source batch.
pub const FAULT: &str = "_fault";
/// Name of the partition column with the college's code.
pub const SCHOOL: &str = "_school";
/// Name of the column with the batch that brought a row.
pub const BATCH: &str = "_batch";

/// Rows of one file or stream, in file order.
///
/// Every batch has the columns of `columns` as `Utf8`, then `_line: Int64`, then `_fault: Utf8`. `_fault` is null or the
/// JSON object `{rule, column?, value?, args?}` of a row that the connector itself could not read.
pub struct SourceRows {
    /// Headers in file order, without the two system columns.
    pub columns: Vec<String>,
    /// The rows.
    pub batches: Box<dyn Iterator<Item = Result<RecordBatch, SourceError>> + Send>,
}

impl std::fmt::Debug for SourceRows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SourceRows").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// The connector failed in the middle; nothing of the batch is kept.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the source of rows failed: {detail}")]
pub struct SourceError {
    /// Its class, as the connector said.
    pub fault: Fault,
    /// What to tell a person, a key of the connector's own catalogue.
    pub message: Message,
    /// The cause in English, for logs.
    pub detail: String,
}

impl Explain for SourceError {
    fn fault(&self) -> Fault {
        self.fault
    }

    fn message(&self) -> Message {
        self.message.clone()
    }
}

/// A flag that somebody raises to stop long work. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// A flag that is down.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the work to stop at its next batch of rows.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Called with the number of rows done so far.
pub type Progress<'a> = &'a (dyn Fn(u64) + Send + Sync);
