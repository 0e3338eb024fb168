//! The worker's side: takes requests, calls the plugin through the runner for libraries in our own process, and says
//! what came of it. It trusts the host and nothing else.

use super::confine;
use super::frame::{Cursor, Decoder, FromWorker, InputHead, Open, ToWorker};
use super::parent::WINDOW;
use super::remote::Remote;
use super::rows::{Encoder, RowDecoder};
use super::spawn::{CONTROL, DATA};
use super::trouble::Trouble;
use crate::inprocess::InProcess;
use crate::runner::{Rows, Runner, RunningInstance, RunningRead};
use crate::wire::{failed, malformed};
use crate::{ErrorClass, HostError, Services, library};
use arrow::datatypes::SchemaRef;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::ZgOpen;

/// Exit status of a worker that nobody started as one.
const NOT_STARTED: u8 = 64;
/// Exit status of a worker that lost its host or did not understand it.
const LOST: u8 = 70;

/// The instance, for the thread that cancels it.
type Target = Arc<Mutex<Option<Weak<dyn RunningInstance>>>>;

/// Runs a worker to its end; the answer is its exit status. `linked` stands in for the library in tests.
pub(super) fn run(linked: Option<ZgOpen>) -> u8 {
    let Some((control, data)) = descriptors() else {
        eprintln!("a worker is started by its host, never by hand");
        return NOT_STARTED;
    };
    let control = Arc::new(control);
    let mut frames = Decoder::default();
    let Some(ToWorker::Open(open)) = next_frame(&control, &mut frames) else { return LOST };
    confine::close_the_rest(open.library.is_some());
    if confine::follow_parent(open.parent).is_err() {
        return LOST;
    }
    let confinement = confine::confine(&open);
    let remote = Arc::new(Remote::new(Arc::clone(&control), data));
    let runner = match runner(&open, linked) {
        Ok(runner) => runner,
        Err(error) => {
            let _ = remote.say(&FromWorker::Failed { id: 0, error: Trouble::from(&error) });
            return LOST;
        }
    };
    let target: Target = Arc::default();
    let (sender, requests) = channel();
    let listener = {
        let (remote, target) = (Arc::clone(&remote), Arc::clone(&target));
        move || {
            while let Some(frame) = next_frame(&control, &mut frames) {
                match frame {
                    ToWorker::Cancel => {
                        remote.cancel();
                        let instance = target.lock().unwrap_or_else(PoisonError::into_inner).clone();
                        if let Some(instance) = instance.and_then(|instance| instance.upgrade()) {
                            instance.cancel();
                        }
                    }
                    ToWorker::Secret { id, value } => remote.secret_arrived(id, value.map(|value| value.0)),
                    ToWorker::Feed { input, fed } => remote.fed(input, fed),
                    frame => {
                        if sender.send(frame).is_err() {
                            return;
                        }
                    }
                }
            }
            // The host is gone, or says what we do not understand: nothing that runs here is wanted.
            confine::end_the_group(LOST);
        }
    };
    if std::thread::Builder::new().name("worker-control".to_owned()).spawn(listener).is_err() {
        return LOST;
    }
    if remote.say(&FromWorker::Ready { confinement }).is_err() {
        return LOST;
    }
    let worker = Worker { remote, target, runner, instance: None, reads: BTreeMap::new(), requests };
    worker.work()
}

/// The two descriptors that only a worker has.
fn descriptors() -> Option<(UnixStream, UnixStream)> {
    let take = |number| {
        // SAFETY: the descriptor is only looked at; a number that is not open is an error of the call.
        let looked_at = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
        rustix::net::sockopt::socket_type(looked_at).ok()?;
        rustix::io::fcntl_setfd(looked_at, rustix::io::FdFlags::CLOEXEC).ok()?;
        // SAFETY: the host that started us gave this number to us and to nobody else.
        Some(UnixStream::from(unsafe { OwnedFd::from_raw_fd(number) }))
    };
    Some((take(CONTROL)?, take(DATA)?))
}

fn next_frame(mut control: &UnixStream, frames: &mut Decoder) -> Option<ToWorker> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match frames.next() {
            Ok(Some((frame, _))) => return Some(frame),
            Ok(None) => {}
            Err(fault) => {
                eprintln!("{fault}");
                return None;
            }
        }
        match control.read(&mut bytes) {
            Ok(0) => return None,
            Ok(count) => frames.push(bytes.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

fn runner(open: &Open, linked: Option<ZgOpen>) -> Result<Option<(PluginId, InProcess)>, HostError> {
    let plugin = PluginId::new(&open.plugin);
    let plugin = plugin.map_err(|error| HostError::Manifest { dir: error.to_string().into(), faults: Vec::new() })?;
    let entry = match (linked, &open.library) {
        (Some(entry), _) => entry,
        (None, Some(path)) => library::open_private(&plugin, path)?,
        (None, None) => return Ok(None),
    };
    // SAFETY: the symbol has the name that only plugins of this interface export, and its library is never unloaded.
    // That it keeps the interface is what this process is there to find out.
    let runner = unsafe { InProcess::open(plugin.clone(), entry) }?;
    Ok(Some((plugin, runner)))
}

/// The worker at work.
struct Worker {
    remote: Arc<Remote>,
    target: Target,
    runner: Option<(PluginId, InProcess)>,
    instance: Option<Arc<dyn RunningInstance>>,
    reads: BTreeMap<u64, Sending>,
    requests: Receiver<ToWorker>,
}

/// A read that is being sent.
struct Sending {
    running: Box<dyn RunningRead>,
    encoder: Encoder,
    /// Batches that the host has room for.
    credit: u64,
    batches: u64,
    rows: u64,
    bytes: u64,
}

/// What became of a request.
type Done = Result<Reply, HostError>;

enum Reply {
    Json(Value),
    Shape(SchemaRef),
    Read(Box<dyn RunningRead>),
}

impl Worker {
    fn work(mut self) -> u8 {
        loop {
            let ready = self.reads.iter().find(|(_, sending)| sending.credit > 0).map(|(id, _)| *id);
            let request = match ready {
                None => self.requests.recv().map_err(|_| TryRecvError::Disconnected),
                Some(_) => self.requests.try_recv(),
            };
            let told = match (request, ready) {
                (Ok(ToWorker::Destroy), _) => return self.destroy(),
                (Ok(request), _) => self.serve(request),
                (Err(TryRecvError::Empty), Some(read)) => self.send_next(read),
                (Err(_), _) => return LOST,
            };
            if told.is_err() {
                return LOST;
            }
        }
    }

    /// Ends everything in the order that the interface asks for.
    fn destroy(mut self) -> u8 {
        self.remote.close();
        self.reads.clear();
        self.instance = None;
        match self.remote.say(&FromWorker::Bye) {
            Ok(()) => 0,
            Err(_) => LOST,
        }
    }

    fn serve(&mut self, request: ToWorker) -> std::io::Result<()> {
        let (id, done) = match request {
            ToWorker::Describe { id } => (id, self.runner().and_then(|(_, runner)| runner.describe()).map(Reply::Json)),
            ToWorker::Create { id, component, config } => (id, self.create(&component, &config)),
            ToWorker::Check { id } => (id, self.ask(|instance| instance.check())),
            ToWorker::Discover { id, request } => (id, self.ask(|instance| instance.discover(&request))),
            ToWorker::Call { id, method, args } => (id, self.ask(|instance| instance.call(&method, &args))),
            ToWorker::Schema { id, stream } => {
                (id, self.instance().and_then(|instance| instance.schema(&stream)).map(Reply::Shape))
            }
            ToWorker::Read { id, request } => {
                (id, self.instance().and_then(|instance| instance.read(&request)).map(Reply::Read))
            }
            ToWorker::Transform { id, request, inputs } => (id, self.transform(&request, &inputs)),
            ToWorker::Write { id, request, input } => (id, self.write(&request, &input)),
            ToWorker::More { read } => {
                if let Some(sending) = self.reads.get_mut(&read) {
                    sending.credit += 1;
                }
                return Ok(());
            }
            ToWorker::Drop { read } => {
                self.reads.remove(&read);
                return self.remote.say(&FromWorker::Dropped { read });
            }
            ToWorker::Open(_)
            | ToWorker::Destroy
            | ToWorker::Cancel
            | ToWorker::Secret { .. }
            | ToWorker::Feed { .. }
            | ToWorker::Unknown => return Ok(()),
        };
        match done {
            Ok(Reply::Json(answer)) => self.answer(id, &FromWorker::Answer { id, answer }),
            Ok(Reply::Shape(schema)) => match self.encoder(&schema) {
                Ok((_, head)) => {
                    self.remote.say(&FromWorker::Shape { id, bytes: head.len() as u64 })?;
                    self.give(&head);
                    Ok(())
                }
                Err(error) => self.fail(id, &error),
            },
            Ok(Reply::Read(running)) => self.open_read(id, running),
            Err(error) => self.fail(id, &error),
        }
    }

    fn fail(&self, id: u64, error: &HostError) -> std::io::Result<()> {
        self.answer(id, &FromWorker::Failed { id, error: Trouble::from(error) })
    }

    /// Says an answer; where it is too long for a frame, says that.
    fn answer(&self, id: u64, frame: &FromWorker) -> std::io::Result<()> {
        match self.remote.say(frame) {
            Err(error) if error.kind() == std::io::ErrorKind::Other => {
                self.remote.say(&FromWorker::Failed { id, error: Trouble::Other { text: error.to_string() } })
            }
            said => said,
        }
    }

    /// Writes a piece. A host that wants no more rows is no reason to end: it says what it wants.
    fn give(&mut self, piece: &[u8]) {
        if self.remote.give(piece).is_err() {
            self.reads.clear();
        }
    }

    fn runner(&self) -> Result<&(PluginId, InProcess), HostError> {
        self.runner.as_ref().ok_or(HostError::File {
            path: std::path::PathBuf::new(),
            source: std::io::Error::other("this worker has no library"),
        })
    }

    fn instance(&self) -> Result<Arc<dyn RunningInstance>, HostError> {
        let (plugin, _) = self.runner()?;
        self.instance.clone().ok_or_else(|| malformed(plugin, "create", "there is no instance"))
    }

    fn ask(&self, call: impl FnOnce(&dyn RunningInstance) -> Result<Value, HostError>) -> Done {
        call(&*self.instance()?).map(Reply::Json)
    }

    fn create(&mut self, component: &str, config: &Value) -> Done {
        let (_, runner) = self.runner()?;
        let services: Arc<dyn Services> = self.remote.clone();
        let instance = runner.create(component, config, services)?;
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::downgrade(&instance));
        // Asked to stop while it was being made.
        if self.remote.cancelled() {
            instance.cancel();
        }
        self.instance = Some(instance);
        Ok(Reply::Json(Value::Null))
    }

    fn input(&self, head: &InputHead) -> Result<Rows, HostError> {
        let (plugin, _) = self.runner()?;
        let unreadable = |text: String| failed(plugin, ErrorClass::System, text);
        let piece = self.remote.piece(head.bytes).map_err(|error| unreadable(error.to_string()))?;
        Ok(self.remote.input(head.input, RowDecoder::new(piece).map_err(unreadable)?))
    }

    fn transform(&self, request: &Value, inputs: &[InputHead]) -> Done {
        let inputs = inputs.iter().map(|head| self.input(head)).collect::<Result<Vec<_>, _>>()?;
        self.instance()?.transform(request, inputs).map(Reply::Read)
    }

    fn write(&self, request: &Value, input: &InputHead) -> Done {
        let input = self.input(input)?;
        self.instance()?.write(request, input).map(Reply::Json)
    }

    fn encoder(&self, schema: &SchemaRef) -> Result<(Encoder, Vec<u8>), HostError> {
        let (plugin, _) = self.runner()?;
        Encoder::new(schema).map_err(|error| malformed(plugin, "get_schema", error.to_string()))
    }

    fn open_read(&mut self, id: u64, mut running: Box<dyn RunningRead>) -> std::io::Result<()> {
        match self.encoder(&running.schema()) {
            Ok((encoder, head)) => {
                let cursor = cursor(&mut *running);
                self.reads.insert(id, Sending { running, encoder, credit: WINDOW, batches: 0, rows: 0, bytes: 0 });
                self.remote.say(&FromWorker::Opened { id, bytes: head.len() as u64, cursor })?;
                self.give(&head);
                Ok(())
            }
            Err(error) => self.fail(id, &error),
        }
    }

    /// Sends the next batch of a read, or how it ended.
    fn send_next(&mut self, read: u64) -> std::io::Result<()> {
        let Some(mut sending) = self.reads.remove(&read) else { return Ok(()) };
        let next = sending.running.next().and_then(|batch| match batch {
            None => Ok(None),
            Some(batch) => {
                let (plugin, _) = self.runner()?;
                let piece = sending.encoder.batch(&batch);
                let piece = piece.map_err(|error| malformed(plugin, "get_next", error.to_string()))?;
                Ok(Some((batch.num_rows() as u64, piece)))
            }
        });
        match next {
            Ok(Some((rows, piece))) => {
                let (cursor, bytes) = (cursor(&mut *sending.running), piece.len() as u64);
                sending.credit -= 1;
                sending.batches += 1;
                sending.rows += rows;
                sending.bytes += bytes;
                self.reads.insert(read, sending);
                self.remote.say(&FromWorker::Batch { read, rows, bytes, cursor })?;
                self.give(&piece);
                Ok(())
            }
            Ok(None) => {
                let cursor = cursor(&mut *sending.running);
                let Sending { running, batches, rows, bytes, .. } = sending;
                // Released first: a plugin that fails in its release has not ended its read.
                drop(running);
                self.remote.say(&FromWorker::End { read, batches, rows, bytes, cursor })
            }
            Err(error) => {
                drop(sending);
                self.remote.say(&FromWorker::Broken { read, error: Trouble::from(&error) })
            }
        }
    }
}

fn cursor(running: &mut dyn RunningRead) -> Cursor {
    match running.state() {
        Ok(None) => Cursor::None,
        Ok(Some(state)) => Cursor::At(state),
        Err(error) => Cursor::Failed(Trouble::from(&error)),
    }
}
