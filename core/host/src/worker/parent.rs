//! The host's side of one worker: calls, reads, and the rows that the plugin pulls from us.

use super::frame::{Cursor, Fed, FromWorker, InputHead, Open, ToWorker};
use super::link::{Ending, Link, Waits};
use super::rows::{Encoder, RowDecoder, read_piece};
use super::sealed::Sealed;
use super::tender::Tender;
use super::trouble::Trouble;
use super::{Confinement, WorkerSettings, spawn};
use crate::outgoing::Guarded;
use crate::runner::{Rows, RunningInstance, RunningRead};
use crate::wire::{cancelled, failed};
use crate::{ErrorClass, HostError, Services};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use zhengai_model::ids::PluginId;

/// Batches of one read that may be on their way.
pub(crate) const WINDOW: u64 = 2;

/// A worker that is running, seen from callers.
pub(crate) struct Live {
    link: Arc<Link>,
    /// Where the library was found, for messages.
    library: PathBuf,
    batch_bytes: u64,
    confinement: Confinement,
    turn: Mutex<Pump>,
    tender: Mutex<Option<JoinHandle<()>>>,
}

/// What is under way. Whoever holds the turn moves all of it.
#[derive(Default)]
struct Pump {
    last_id: u64,
    reads: BTreeMap<u64, Reading>,
    inputs: BTreeMap<u64, Input>,
}

/// A read under way.
struct Reading {
    decoder: RowDecoder,
    arrived: VecDeque<Arrived>,
    batches: u64,
    rows: u64,
    bytes: u64,
    wanted: Wanted,
}

/// Whether somebody still wants a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Yes,
    No,
}

enum Arrived {
    Batch(RecordBatch, Cursor),
    End(Cursor),
    Error(HostError),
}

/// Rows that the plugin may pull.
struct Input {
    rows: Guarded,
    encoder: Encoder,
}

/// What answers a request.
enum Answer {
    Json(Value),
    Shape(RowDecoder),
    Opened(RowDecoder, Cursor),
}

impl Live {
    /// Starts a worker, and waits until it is ready.
    pub(crate) fn start(
        plugin: &PluginId,
        settings: &WorkerSettings,
        library: Option<(&Sealed, PathBuf)>,
        services: Arc<dyn Services>,
    ) -> Result<Self, HostError> {
        let failed = |source| HostError::Worker { plugin: plugin.clone(), source };
        let process = spawn::start(settings, library.as_ref().map(|(sealed, _)| *sealed)).map_err(failed)?;
        let link = Arc::new(Link::new(plugin.clone(), services, &process).map_err(failed)?);
        let open = Open {
            plugin: plugin.to_string(),
            parent: std::process::id().cast_signed(),
            folder: process.folder.as_ref().map(|folder| folder.path().to_owned()),
            library: library.as_ref().map(|(sealed, _)| sealed.path()),
            limits: settings.limits,
            access: settings.access.clone(),
            grace_seconds: settings.grace.as_secs().max(1),
        };
        link.send(&ToWorker::Open(Box::new(open)))?;
        let tender = Tender::new(Arc::clone(&link), settings.clone(), process).map_err(failed)?;
        let thread = std::thread::Builder::new().name(format!("worker {plugin}")).spawn(move || tender.run());
        let mut live = Self {
            link,
            library: library.map(|(_, path)| path).unwrap_or_default(),
            batch_bytes: settings.limits.batch_bytes,
            confinement: Confinement::default(),
            turn: Mutex::default(),
            tender: Mutex::new(Some(thread.map_err(failed)?)),
        };
        live.link.waits(Waits::ForWorker);
        let ready = live.link.wait();
        live.link.waits(Waits::No);
        match ready {
            Ok(FromWorker::Ready { confinement }) => live.confinement = confinement,
            Ok(FromWorker::Failed { error, .. }) => return Err(live.error_of(error)),
            Ok(_) => return Err(live.broke("its first frame is not the one that comes first")),
            Err(ending) => return Err(ending.error(plugin)),
        }
        Ok(live)
    }

    /// Makes the instance.
    pub(crate) fn create(&self, component: &str, config: &Value) -> Result<(), HostError> {
        let (component, config) = (component.to_owned(), config.clone());
        self.json(|id| ToWorker::Create { id, component, config }).map(drop)
    }

    /// Asks the plugin who it is.
    pub(crate) fn describe(&self) -> Result<Value, HostError> {
        self.json(|id| ToWorker::Describe { id })
    }

    fn plugin(&self) -> &PluginId {
        &self.link.plugin
    }

    fn turn(&self) -> Result<MutexGuard<'_, Pump>, HostError> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.link.is_cancelled() {
            return Err(cancelled(self.plugin()));
        }
        Ok(turn)
    }

    fn error_of(&self, trouble: Trouble) -> HostError {
        trouble.hiding(&|text| self.link.hide(text)).into_error(self.plugin(), &self.library)
    }

    /// The worker broke a rule: it is ended, and the call fails with the rule.
    fn broke(&self, rule: impl Into<String>) -> HostError {
        let rule = rule.into();
        self.link.order(|orders| orders.broke = Some(rule.clone()));
        HostError::Incomplete { plugin: self.plugin().clone(), rule }
    }

    /// The data descriptor failed: the worker is ending, or it closed the descriptor; how it ends is the error.
    fn hung_up(&self) -> HostError {
        let now = Instant::now();
        self.link.order(|orders| orders.hung_up = orders.hung_up.or(Some(now)));
        self.gone(&self.link.wait_for_end())
    }

    fn gone(&self, ending: &Ending) -> HostError {
        if self.link.is_cancelled() { cancelled(self.plugin()) } else { ending.error(self.plugin()) }
    }

    fn json(&self, request: impl FnOnce(u64) -> ToWorker) -> Result<Value, HostError> {
        let mut turn = self.turn()?;
        let id = turn.next_id();
        self.link.send(&request(id))?;
        match self.answer(&mut turn, id)? {
            Answer::Json(answer) => Ok(answer),
            Answer::Shape(_) | Answer::Opened(..) => {
                Err(self.broke("a schema answers a question about something else"))
            }
        }
    }

    /// Waits for the answer to a request and moves everything else meanwhile.
    fn answer(&self, pump: &mut Pump, id: u64) -> Result<Answer, HostError> {
        loop {
            match self.next_frame()? {
                FromWorker::Answer { id: answered, answer } if answered == id => return Ok(Answer::Json(answer)),
                FromWorker::Failed { id: answered, error } if answered == id => return Err(self.error_of(error)),
                FromWorker::Shape { id: answered, bytes } if answered == id => {
                    return Ok(Answer::Shape(self.shape(bytes)?));
                }
                FromWorker::Opened { id: answered, bytes, cursor } if answered == id => {
                    return Ok(Answer::Opened(self.shape(bytes)?, cursor));
                }
                other => self.dispatch(pump, other)?,
            }
        }
    }

    fn next_frame(&self) -> Result<FromWorker, HostError> {
        self.link.waits(Waits::ForWorker);
        let frame = self.link.wait();
        self.link.waits(Waits::No);
        frame.map_err(|ending| self.gone(&ending))
    }

    fn piece(&self, bytes: u64) -> Result<arrow::buffer::Buffer, HostError> {
        if bytes > self.batch_bytes {
            return Err(self.broke(format!("a piece of {bytes} bytes, at most {} are allowed", self.batch_bytes)));
        }
        self.link.waits(Waits::ForWorker);
        let piece = read_piece(&mut &self.link.data, bytes, || self.link.alive());
        self.link.waits(Waits::No);
        piece.map_err(|_| self.hung_up())
    }

    fn shape(&self, bytes: u64) -> Result<RowDecoder, HostError> {
        RowDecoder::new(self.piece(bytes)?).map_err(|rule| self.broke(rule))
    }

    /// Takes a frame that is not the answer to the request under way.
    fn dispatch(&self, pump: &mut Pump, frame: FromWorker) -> Result<(), HostError> {
        match frame {
            FromWorker::Batch { read, rows, bytes, cursor } => {
                let piece = self.piece(bytes)?;
                let Some(reading) = pump.reads.get_mut(&read).filter(|one| one.arrived.len() <= WINDOW as usize) else {
                    return Err(self.broke("a batch that nobody asked for"));
                };
                if reading.wanted == Wanted::No {
                    return Ok(());
                }
                let batch = reading.decoder.batch(piece).map_err(|rule| self.broke(rule))?;
                if batch.num_rows() as u64 != rows {
                    return Err(self.broke(format!("a batch of {rows} rows has {}", batch.num_rows())));
                }
                reading.batches += 1;
                reading.rows += rows;
                reading.bytes += bytes;
                reading.arrived.push_back(Arrived::Batch(batch, cursor));
            }
            FromWorker::End { read, batches, rows, bytes, cursor } => {
                let Some(reading) = pump.reads.get_mut(&read) else { return Ok(()) };
                let counted = (reading.batches, reading.rows, reading.bytes);
                if reading.wanted == Wanted::Yes && counted != (batches, rows, bytes) {
                    let rule = format!(
                        "the end says {batches} batches, {rows} rows, {bytes} bytes; {}, {}, {} arrived",
                        counted.0, counted.1, counted.2
                    );
                    let error = self.broke(rule);
                    reading.arrived.push_back(Arrived::Error(error));
                } else {
                    reading.arrived.push_back(Arrived::End(cursor));
                }
            }
            FromWorker::Broken { read, error } => {
                let error = self.error_of(error);
                if let Some(reading) = pump.reads.get_mut(&read) {
                    reading.arrived.push_back(Arrived::Error(error));
                }
            }
            FromWorker::Dropped { read } => drop(pump.reads.remove(&read)),
            FromWorker::Pull { input } => self.feed(pump, input)?,
            _ => return Err(self.broke("an answer to a question that nobody asked")),
        }
        Ok(())
    }

    /// Gives the plugin the next batch of an input. The time that our rows take is not the worker's silence.
    fn feed(&self, pump: &mut Pump, input: u64) -> Result<(), HostError> {
        let next = match pump.inputs.get_mut(&input) {
            None => None,
            Some(source) => source.rows.next().map(|batch| batch.and_then(|batch| source.encoder.batch(&batch))),
        };
        match next {
            Some(Ok(piece)) => {
                self.link.send(&ToWorker::Feed { input, fed: Fed::Batch { bytes: piece.len() as u64 } })?;
                self.give(&piece)
            }
            Some(Err(error)) => {
                pump.inputs.remove(&input);
                self.link.send(&ToWorker::Feed { input, fed: Fed::Error { text: error.to_string() } })
            }
            None => {
                pump.inputs.remove(&input);
                self.link.send(&ToWorker::Feed { input, fed: Fed::End })
            }
        }
    }

    fn give(&self, piece: &[u8]) -> Result<(), HostError> {
        self.link.waits(Waits::ForWorker);
        let given = piece.chunks(256 * 1024).try_for_each(|part| {
            (&self.link.data).write_all(part)?;
            self.link.alive();
            Ok::<(), std::io::Error>(())
        });
        self.link.waits(Waits::No);
        given.map_err(|_| self.hung_up())
    }

    /// Registers rows that go out; their schema follows the request on the data descriptor.
    fn register(&self, pump: &mut Pump, rows: Rows) -> Result<(InputHead, Vec<u8>), HostError> {
        let input = pump.next_id();
        let refused = |error: arrow::error::ArrowError| failed(self.plugin(), ErrorClass::System, error.to_string());
        let (encoder, head) = Encoder::new(&rows.schema).map_err(refused)?;
        pump.inputs.insert(input, Input { rows: Guarded::new(rows), encoder });
        Ok((InputHead { input, bytes: head.len() as u64 }, head))
    }

    fn open_read(
        self: Arc<Self>,
        inputs: Vec<Rows>,
        request: impl FnOnce(u64, Vec<InputHead>) -> ToWorker,
    ) -> Result<Box<dyn RunningRead>, HostError> {
        let (id, schema, cursor) = {
            let mut turn = self.turn()?;
            let mut heads = Vec::new();
            let mut pieces = Vec::new();
            for rows in inputs {
                let (head, piece) = self.register(&mut turn, rows)?;
                heads.push(head);
                pieces.push(piece);
            }
            let id = turn.next_id();
            self.link.send(&request(id, heads))?;
            pieces.iter().try_for_each(|piece| self.give(piece))?;
            let Answer::Opened(decoder, cursor) = self.answer(&mut turn, id)? else {
                return Err(self.broke("something else answers where a read was asked for"));
            };
            let schema = decoder.schema();
            let reading =
                Reading { decoder, arrived: VecDeque::new(), batches: 0, rows: 0, bytes: 0, wanted: Wanted::Yes };
            turn.reads.insert(id, reading);
            (id, schema, cursor)
        };
        Ok(Box::new(LiveRead { live: self, id, schema, cursor, ended: false }))
    }

    /// Ends the worker and says how that went. It does not take longer than the grace.
    fn close(&self) -> Ending {
        // Batches that nobody will take are not worth waiting for.
        if self.turn.try_lock().is_ok_and(|turn| !turn.reads.is_empty()) {
            let _ = self.link.send(&ToWorker::Cancel);
        }
        let _ = self.link.send(&ToWorker::Destroy);
        let _ = self.link.data.shutdown(std::net::Shutdown::Both);
        let now = Instant::now();
        self.link.order(|orders| orders.close = orders.close.or(Some(now)));
        let ending = self.link.wait_for_end();
        let thread = self.tender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the tending thread has been told by its hook.
            let _ = thread.join();
        }
        ending
    }
}

impl Pump {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.close();
    }
}

impl RunningInstance for Live {
    fn check(&self) -> Result<Value, HostError> {
        self.json(|id| ToWorker::Check { id })
    }

    fn discover(&self, request: &Value) -> Result<Value, HostError> {
        self.json(|id| ToWorker::Discover { id, request: request.clone() })
    }

    fn schema(&self, stream: &Value) -> Result<SchemaRef, HostError> {
        let mut turn = self.turn()?;
        let id = turn.next_id();
        self.link.send(&ToWorker::Schema { id, stream: stream.clone() })?;
        match self.answer(&mut turn, id)? {
            Answer::Shape(decoder) => Ok(decoder.schema()),
            Answer::Json(_) | Answer::Opened(..) => {
                Err(self.broke("something else answers where a schema was asked for"))
            }
        }
    }

    fn read(self: Arc<Self>, request: &Value) -> Result<Box<dyn RunningRead>, HostError> {
        self.open_read(Vec::new(), |id, _| ToWorker::Read { id, request: request.clone() })
    }

    fn transform(self: Arc<Self>, request: &Value, inputs: Vec<Rows>) -> Result<Box<dyn RunningRead>, HostError> {
        self.open_read(inputs, |id, inputs| ToWorker::Transform { id, request: request.clone(), inputs })
    }

    fn write(&self, request: &Value, input: Rows) -> Result<Value, HostError> {
        let mut turn = self.turn()?;
        let (input, piece) = self.register(&mut turn, input)?;
        let (id, number) = (turn.next_id(), input.input);
        self.link.send(&ToWorker::Write { id, request: request.clone(), input })?;
        self.give(&piece)?;
        let answer = self.answer(&mut turn, id);
        turn.inputs.remove(&number);
        match answer? {
            Answer::Json(answer) => Ok(answer),
            Answer::Shape(_) | Answer::Opened(..) => {
                Err(self.broke("a schema answers a question about something else"))
            }
        }
    }

    fn call(&self, method: &str, args: &Value) -> Result<Value, HostError> {
        self.json(|id| ToWorker::Call { id, method: method.to_owned(), args: args.clone() })
    }

    fn cancel(&self) {
        self.link.cancel();
    }

    fn finish(&self) -> Result<(), HostError> {
        let cancelled = self.link.is_cancelled();
        match self.close() {
            Ending::Clean if !cancelled => Ok(()),
            ending => Err(self.gone(&ending)),
        }
    }

    fn confinement(&self) -> Option<Confinement> {
        Some(self.confinement.clone())
    }
}

/// A read of a worker; it keeps the worker alive.
struct LiveRead {
    live: Arc<Live>,
    id: u64,
    schema: SchemaRef,
    /// Covers what `next` has returned so far.
    cursor: Cursor,
    ended: bool,
}

impl RunningRead for LiveRead {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, HostError> {
        if self.ended {
            return Ok(None);
        }
        let live = Arc::clone(&self.live);
        let mut turn = live.turn()?;
        loop {
            let arrived = turn.reads.get_mut(&self.id).and_then(|reading| reading.arrived.pop_front());
            match arrived {
                Some(Arrived::Batch(batch, cursor)) => {
                    self.cursor = cursor;
                    live.link.send(&ToWorker::More { read: self.id })?;
                    return Ok(Some(batch));
                }
                Some(Arrived::End(cursor)) => {
                    self.ended = true;
                    self.cursor = cursor;
                    turn.reads.remove(&self.id);
                    drop(turn);
                    drop(live);
                    // Nobody else can call this worker any more: how it ends belongs to the read.
                    if Arc::strong_count(&self.live) == 1 {
                        self.live.finish()?;
                    }
                    return Ok(None);
                }
                Some(Arrived::Error(error)) => {
                    self.ended = true;
                    turn.reads.remove(&self.id);
                    return Err(error);
                }
                None => {
                    let frame = live.next_frame().and_then(|frame| live.dispatch(&mut turn, frame));
                    if let Err(error) = frame {
                        self.ended = true;
                        return Err(error);
                    }
                }
            }
        }
    }

    fn state(&mut self) -> Result<Option<Value>, HostError> {
        match &self.cursor {
            Cursor::None => Ok(None),
            Cursor::At(state) => Ok(Some(state.clone())),
            Cursor::Failed(trouble) => Err(self.live.error_of(trouble.clone())),
        }
    }
}

impl Drop for LiveRead {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let _ = self.live.link.send(&ToWorker::Drop { read: self.id });
        // A call under way on another thread holds the turn: then what arrives for this read waits there unread.
        if let Ok(mut turn) = self.live.turn.try_lock()
            && let Some(reading) = turn.reads.get_mut(&self.id)
        {
            reading.wanted = Wanted::No;
            reading.arrived.clear();
        }
    }
}
