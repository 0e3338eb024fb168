//! One read, cut where it may be cut: a chunk ends at the first checkpoint after enough rows, and at the end of the read.
//! Rows are never cut between two checkpoints, because a cursor could not say where.

use super::rows::ToText;
use super::secret::Discreet;
use crate::files::source_error;
use crate::import::Told;
use crate::plugins::TextKeys;
use arrow::array::RecordBatch;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zhengai_host::{HostError, HostReader, Instance};
use zhengai_model::batch::Notice;
use zhengai_warehouse::{SourceError, SourceRows};

/// A read that is handed on chunk by chunk. Clones share it.
#[derive(Clone)]
pub(crate) struct Chunks {
    head: Arc<Mutex<Head>>,
}

/// Where a read may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At the first checkpoint after so many rows.
    After(u64),
    /// Nowhere: the read is one chunk.
    Never,
}

struct Head {
    reader: HostReader,
    instance: Instance,
    text: ToText,
    texts: TextKeys,
    discreet: Arc<Discreet>,
    cut: Cut,
    /// A batch that was read to see whether there is one, and the state behind it.
    next: Option<(RecordBatch, Option<Value>)>,
    ended: bool,
    /// Rows of the chunk at hand.
    rows: u64,
    /// The last state, which covers every row before it.
    state: Option<Value>,
    closed: bool,
    failed: Option<HostError>,
}

impl Chunks {
    /// Over a read that has just begun.
    pub(crate) fn new(
        instance: Instance,
        reader: HostReader,
        texts: TextKeys,
        discreet: Arc<Discreet>,
        cut: Cut,
    ) -> Self {
        let text = ToText::new(&reader.schema());
        let head = Head {
            reader,
            instance,
            text,
            texts,
            discreet,
            cut,
            next: None,
            ended: false,
            rows: 0,
            state: None,
            closed: false,
            failed: None,
        };
        Self { head: Arc::new(Mutex::new(head)) }
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next chunk; `None` when the read has ended and is complete.
    pub(crate) fn next(&self) -> Result<Option<SourceRows>, HostError> {
        let mut head = self.head();
        head.rows = 0;
        head.closed = false;
        if !head.look()? {
            return Ok(None);
        }
        let columns = head.text.columns();
        Ok(Some(SourceRows { columns, batches: Box::new(Chunk { head: Arc::clone(&self.head) }) }))
    }

    /// What made the chunk at hand fail, when it was the connector.
    pub(crate) fn failure(&self) -> Option<HostError> {
        self.head().failed.take()
    }
}

impl Told for Chunks {
    fn notices(&self) -> Vec<Notice> {
        Vec::new()
    }

    fn cursor(&self) -> Option<Value> {
        Some(self.head().state.clone().unwrap_or(Value::Null))
    }
}

impl Head {
    /// Whether there is one more row.
    fn look(&mut self) -> Result<bool, HostError> {
        while self.next.is_none() && !self.ended {
            match self.pull()? {
                Some((batch, state)) if batch.num_rows() == 0 => self.state = state.or(self.state.take()),
                Some(pulled) => self.next = Some(pulled),
                None => self.ended = true,
            }
        }
        Ok(self.next.is_some())
    }

    /// The next batch with the state that covers it. At the end the state once more: some connectors know only then how
    /// far they came.
    fn pull(&mut self) -> Result<Option<(RecordBatch, Option<Value>)>, HostError> {
        let pulled = match self.reader.next() {
            None => None,
            Some(Err(error)) => return Err(self.discreet.error(error)),
            Some(Ok(batch)) => Some(batch),
        };
        let state = self.reader.state().map_err(|error| self.discreet.error(error))?;
        if state.as_ref().is_some_and(|state| self.discreet.knows(state)) {
            return Err(self.broken("state", "the state holds the value of a secret".to_owned()));
        }
        match pulled {
            None => {
                // Complete is a read whose worker has also ended well.
                self.instance.clone().finish().map_err(|error| self.discreet.error(error))?;
                self.state = state.or(self.state.take());
                Ok(None)
            }
            Some(batch) => {
                let text = self.text.convert(&batch).map_err(|error| self.broken("read", error.to_string()))?;
                Ok(Some((text, state)))
            }
        }
    }

    fn broken(&self, call: &'static str, rule: String) -> HostError {
        HostError::Malformed { plugin: self.instance.plugin().clone(), call, rule }
    }

    /// The next batch of the chunk.
    fn step(&mut self) -> Result<Option<RecordBatch>, HostError> {
        if self.closed || !self.look()? {
            return Ok(None);
        }
        let Some((batch, state)) = self.next.take() else { return Ok(None) };
        self.rows += batch.num_rows() as u64;
        if state.is_some() {
            self.state = state;
            self.closed = matches!(self.cut, Cut::After(rows) if self.rows >= rows);
        }
        Ok(Some(batch))
    }
}

/// The rows of one chunk.
struct Chunk {
    head: Arc<Mutex<Head>>,
}

impl Iterator for Chunk {
    type Item = Result<RecordBatch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        match head.step() {
            Ok(batch) => batch.map(Ok),
            Err(error) => {
                let told = source_error(&head.texts, &error);
                head.failed = Some(error);
                head.closed = true;
                Some(Err(told))
            }
        }
    }
}
