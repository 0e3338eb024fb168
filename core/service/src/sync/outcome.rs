//! What is asked of a sync and what it did.

use crate::config::Review;
use crate::import::Deletes;
use serde::Serialize;
use zhengai_model::batch::{Notice, PlanCounts};
use zhengai_model::fault::Fault;
use zhengai_model::ids::{BatchId, DatasetId, SourceId};
use zhengai_model::text::Message;
use zhengai_store::SourceStream;

/// How much of a stream is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What came since the last committed state.
    New,
    /// Everything, as the whole truth: swapped in when the read has ended.
    Whole,
}

/// What is to be synced, and how.
#[derive(Debug, Clone)]
pub struct SyncRequest {
    /// The source.
    pub source: String,
    /// Streams of it; all when empty.
    pub streams: Vec<String>,
    /// How much.
    pub extent: Extent,
    /// Review; that of the source, then the configured one, when absent.
    pub review: Option<Review>,
    /// Whether the guard on large deletes holds.
    pub deletes: Deletes,
    /// Plan only: nothing is kept and no stream moves on.
    pub dry_run: bool,
}

/// Called with the stream and the rows of it that were read so far.
pub type SyncProgress<'a> = &'a (dyn Fn(&str, u64) + Send + Sync);

/// What a sync did.
#[derive(Debug, Clone, Serialize)]
pub struct Synced {
    /// Its id in the record; a dry run has none.
    pub id: Option<String>,
    /// The source.
    pub source: SourceId,
    /// Stream by stream, in their order.
    pub streams: Vec<StreamSynced>,
}

/// Where a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StreamOutcome {
    /// Read to its end, all batches applied.
    Finished,
    /// Read to its end in a dry run; nothing was kept.
    Planned,
    /// A batch of it waits for a person; the rest is read after that.
    Held,
    /// Nothing was read: an earlier batch still waits for a person.
    Waiting,
    /// It stopped; what was committed stays.
    Failed,
    /// A person stopped it; what was committed stays.
    Cancelled,
    /// Not begun, because the source as a whole had stopped.
    Skipped,
}

/// Why a stream stopped.
#[derive(Debug, Clone, Serialize)]
pub struct Stopped {
    /// Its class, for the exit code.
    #[serde(skip)]
    pub fault: Fault,
    /// What to tell a person.
    pub message: Message,
}

/// What became of one stream.
#[derive(Debug, Clone, Serialize)]
pub struct StreamSynced {
    /// The stream.
    pub stream: String,
    /// Where its rows go.
    pub dataset: DatasetId,
    /// Where it ended.
    pub outcome: StreamOutcome,
    /// Its batches, in order. The last one waits for a person when the outcome says so.
    pub batches: Vec<BatchId>,
    /// Counts over its batches.
    pub counts: PlanCounts,
    /// How often it was read again after a failure.
    pub retries: u32,
    /// What is worth telling, failures that were got over included.
    pub notices: Vec<Notice>,
    /// Why it stopped, when it failed.
    pub stopped: Option<Stopped>,
}

impl StreamSynced {
    /// Of a stream that was not begun.
    pub(crate) fn new(stream: &SourceStream) -> Self {
        Self {
            stream: stream.stream.clone(),
            dataset: stream.dataset.clone(),
            outcome: StreamOutcome::Skipped,
            batches: Vec::new(),
            counts: PlanCounts::default(),
            retries: 0,
            notices: Vec::new(),
            stopped: None,
        }
    }

    /// One more batch.
    pub(crate) fn add(&mut self, batch: BatchId, counts: PlanCounts) {
        self.count(counts);
        self.batches.push(batch);
    }

    /// Counts of one more batch, or of what would have been one.
    pub(crate) fn count(&mut self, counts: PlanCounts) {
        if self.batches.is_empty() {
            self.counts.before = counts.before;
        }
        self.counts.read += counts.read;
        self.counts.new += counts.new;
        self.counts.changed += counts.changed;
        self.counts.gone += counts.gone;
        self.counts.unchanged += counts.unchanged;
        self.counts.rejected += counts.rejected;
    }

    /// Adds a notice unless the same was told already.
    pub(crate) fn tell(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}
