//! The thread that tends one worker: moves its frames, drains what it prints, watches the clocks, kills its group when
//! it must, and buries it. It is the only one that waits for the process, so no zombie is left.

use super::WorkerSettings;
use super::drain::Drain;
use super::frame::{Concealed, Decoder, FrameFault, FromWorker, ToWorker};
use super::link::{Ending, Link, Waits};
use super::spawn::Process;
use super::strays;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{ChildStderr, ChildStdout, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a worker that has closed a descriptor may take to end by itself.
const HANG_UP: Duration = Duration::from_secs(1);
/// How often the clocks are looked at, and services asked whether to stop while somebody waits.
const TICK: Duration = Duration::from_millis(50);
/// Reads of one stream before the others have their turn.
const SHARE: usize = 16;
/// So many shares of control frames are taken after the process has ended.
const LAST_WORDS: usize = 4096;
/// Bytes of one read.
const STEP: usize = 64 * 1024;

/// One worker as its thread sees it.
pub(crate) struct Tender {
    link: Arc<Link>,
    settings: WorkerSettings,
    process: Process,
    pid: Pid,
    /// Becomes readable when the process ends, where the system has such a thing.
    exit: Option<OwnedFd>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    out: Drain,
    err: Drain,
    frames: Option<Decoder>,
    /// Bytes of the frame that is being sent that were sent already.
    sent: usize,
    /// The worker stopped in the middle of a frame.
    cut_off: Option<FrameFault>,
    goodbye: bool,
    /// Why we killed it.
    killed: Option<Ending>,
    services_asked: Instant,
}

impl Tender {
    /// Takes over a process that was started.
    pub(crate) fn new(link: Arc<Link>, settings: WorkerSettings, mut process: Process) -> std::io::Result<Self> {
        process.control.set_nonblocking(true)?;
        let stdout = process.child.stdout.take();
        let stderr = process.child.stderr.take();
        if let Some(stream) = &stdout {
            rustix::io::ioctl_fionbio(stream, true)?;
        }
        if let Some(stream) = &stderr {
            rustix::io::ioctl_fionbio(stream, true)?;
        }
        let pid = Pid::from_child(&process.child);
        let room = settings.limits.output_bytes;
        Ok(Self {
            link,
            settings,
            pid,
            exit: exit_descriptor(pid),
            process,
            stdout,
            stderr,
            out: Drain::new(room),
            err: Drain::new(room),
            frames: Some(Decoder::default()),
            sent: 0,
            cut_off: None,
            goodbye: false,
            killed: None,
            services_asked: Instant::now(),
        })
    }

    /// Tends until the process is gone.
    pub(crate) fn run(mut self) {
        while !self.has_ended() {
            self.pause();
            self.listen();
            self.speak();
            self.drain();
            self.watch();
        }
        // What it said before it ended is all there; somebody who outlived it may go on for ever.
        for _ in 0..LAST_WORDS {
            if !self.listen() {
                break;
            }
        }
        self.drain();
        // The process is dead but not buried, so its number still names its own group and nobody else's.
        self.kill();
        let status = self.process.child.wait();
        let strays = self.process.folder.as_ref().map_or(0, |folder| strays::end(folder.path()));
        if strays > 0 {
            tracing::warn!(plugin = %self.link.plugin, strays, "a plugin left processes behind, which were ended");
        }
        let link = Arc::clone(&self.link);
        let hidden = |line: &str| link.hide(line);
        self.out.end(&mut |line| tell(&link, "stdout", &hidden(line)));
        self.err.end(&mut |line| tell(&link, "stderr", &hidden(line)));
        let ending = self.ending(status.ok());
        drop(self.process.folder.take());
        tracing::debug!(plugin = %link.plugin, ?ending, "worker ended");
        link.ended(ending);
    }

    fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        // An error means that there is no such child, which is as ended as can be.
        !matches!(waitid(WaitId::Pid(self.pid), options), Ok(None) | Err(rustix::io::Errno::INTR))
    }

    fn kill(&self) {
        // The group is gone when nobody is left in it; that is what was wanted.
        let _ = kill_process_group(self.pid, Signal::KILL);
    }

    /// Waits until something can be done.
    fn pause(&mut self) {
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(TICK.subsec_nanos()) };
        let mut waited = vec![PollFd::new(&self.link.news, PollFlags::IN)];
        if self.frames.is_some() {
            let speaks = if self.link.outgoing().is_empty() { PollFlags::empty() } else { PollFlags::OUT };
            waited.push(PollFd::new(&self.process.control, PollFlags::IN | speaks));
        }
        let printed = [self.stdout.as_ref().map(AsFd::as_fd), self.stderr.as_ref().map(AsFd::as_fd)];
        for stream in printed.into_iter().flatten() {
            waited.push(PollFd::from_borrowed_fd(stream, PollFlags::IN));
        }
        if let Some(exit) = &self.exit {
            waited.push(PollFd::new(exit, PollFlags::IN));
        }
        // A signal or any other trouble of waiting only makes us look earlier.
        let _ = poll(&mut waited, Some(&timeout));
        let mut rung = [0; 256];
        while matches!((&self.link.news).read(&mut rung), Ok(count) if count == rung.len()) {}
    }

    /// Takes what the worker says, within reason; true when there may be more.
    fn listen(&mut self) -> bool {
        let mut bytes = vec![0; STEP];
        for _ in 0..SHARE {
            let Some(frames) = &mut self.frames else { return false };
            match (&self.process.control).read(&mut bytes) {
                Ok(0) => {
                    self.cut_off = frames.end().err();
                    self.frames = None;
                    let now = Instant::now();
                    self.link.orders().hung_up.get_or_insert(now);
                }
                Ok(count) => {
                    frames.push(bytes.get(..count).unwrap_or_default());
                    self.link.alive();
                    if let Err(rule) = self.take_frames() {
                        self.frames = None;
                        self.end_it(Ending::Broke(rule));
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }

    fn take_frames(&mut self) -> Result<(), String> {
        let Some(frames) = &mut self.frames else { return Ok(()) };
        while let Some((frame, size)) = frames.next::<FromWorker>().map_err(|fault| fault.to_string())? {
            let link = &self.link;
            let work = AssertUnwindSafe(|| match frame {
                FromWorker::Log { level, target, message, fields } => {
                    link.services.log(level.into(), &target, &link.hide(&message), &link.hide(&fields));
                    Ok(())
                }
                FromWorker::Progress { stream, done, total, unit } => {
                    link.services.progress(&stream, done, total, &unit);
                    Ok(())
                }
                FromWorker::Secret { id, name } => {
                    let value = link.services.secret(&name);
                    if let Some(value) = &value {
                        link.knows(value);
                    }
                    let sent = link.send(&ToWorker::Secret { id, value: value.map(Concealed) });
                    sent.map_err(|error| error.to_string())
                }
                FromWorker::Bye => {
                    self.goodbye = true;
                    Ok(())
                }
                FromWorker::Unknown => Ok(()),
                frame => link.deliver(frame, size),
            });
            // A panic in services is theirs; the worker is served on.
            catch_unwind(work).unwrap_or_else(|_| {
                tracing::error!(plugin = %self.link.plugin, "a service of a worker panicked");
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Says what callers have to say.
    fn speak(&mut self) {
        if self.frames.is_none() {
            return;
        }
        let mut outgoing = self.link.outgoing();
        while let Some(frame) = outgoing.front() {
            match (&self.process.control).write(frame.get(self.sent..).unwrap_or_default()) {
                Ok(count) => {
                    self.sent += count;
                    if self.sent >= frame.len() {
                        outgoing.pop_front();
                        self.sent = 0;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Full for now, or gone: the end is noticed where it is looked for.
                Err(_) => return,
            }
        }
    }

    fn drain(&mut self) {
        let link = Arc::clone(&self.link);
        let out = &mut |line: &str| tell(&link, "stdout", &link.hide(line));
        if self.stdout.as_mut().is_some_and(|stream| ended(stream, &mut self.out, out)) {
            self.stdout = None;
        }
        let err = &mut |line: &str| tell(&link, "stderr", &link.hide(line));
        if self.stderr.as_mut().is_some_and(|stream| ended(stream, &mut self.err, err)) {
            self.stderr = None;
        }
    }

    /// Kills what is late.
    fn watch(&mut self) {
        let now = Instant::now();
        let waiting = self.link.waiting_since();
        if waiting.is_some() && now >= self.services_asked + TICK {
            self.services_asked = now;
            let _ = catch_unwind(AssertUnwindSafe(|| self.link.is_cancelled()));
        }
        let late = {
            let orders = self.link.orders();
            let grace = self.settings.grace;
            let passed = |at: Option<Instant>, by: Duration| at.is_some_and(|at| now >= at + by);
            if let Some(rule) = &orders.broke {
                Some(Ending::Broke(rule.clone()))
            } else if passed(orders.cancel, grace) {
                Some(Ending::Cancelled)
            } else if passed(orders.close, grace) {
                Some(Ending::Stalled(grace))
            } else if passed(orders.hung_up, HANG_UP.min(grace)) {
                let rule = self.cut_off.as_ref().map(ToString::to_string);
                Some(Ending::Broke(rule.unwrap_or_else(|| "the worker closed a descriptor that it needs".to_owned())))
            } else if passed(waiting, self.settings.stall) {
                Some(Ending::Stalled(self.settings.stall))
            } else {
                None
            }
        };
        if let Some(ending) = late {
            self.end_it(ending);
        }
    }

    /// Kills the group for this reason; a process that ended by itself a moment ago keeps its own.
    fn end_it(&mut self, ending: Ending) {
        if self.killed.is_none() && !self.has_ended() {
            self.link.waits(Waits::No);
            self.killed = Some(ending);
            self.kill();
        }
    }

    fn ending(&self, status: Option<ExitStatus>) -> Ending {
        if let Some(killed) = &self.killed {
            return killed.clone();
        }
        let limits = &self.settings.limits;
        let Some(status) = status else { return Ending::Broke("the worker was buried by somebody else".to_owned()) };
        let memory = ["memory allocation of", "std::bad_alloc", "out of memory"];
        match (status.code(), status.signal()) {
            (Some(0), _) if self.goodbye => Ending::Clean,
            (Some(0), _) => Ending::Early,
            (_, Some(signal)) if signal == Signal::XCPU.as_raw() => Ending::Limit("cpu", limits.cpu_seconds),
            (_, Some(signal)) if signal == Signal::XFSZ.as_raw() => Ending::Limit("file", limits.file_bytes),
            (_, Some(signal)) if signal == Signal::ABORT.as_raw() && self.err.said(&memory) => {
                Ending::Limit("memory", limits.memory_bytes)
            }
            (_, Some(signal)) => Ending::Signal(signal),
            (Some(code), _) => Ending::Status(code),
            (None, None) => Ending::Broke("the worker ended in no known way".to_owned()),
        }
    }
}

fn tell(link: &Link, stream: &str, line: &str) {
    tracing::info!(target: "zhengai::plugin", plugin = %link.plugin, stream, "{line}");
}

/// Reads what is there; true at the end of the stream. A stream that never pauses gets its share and no more.
fn ended(stream: &mut impl Read, drain: &mut Drain, tell: &mut dyn FnMut(&str)) -> bool {
    let mut bytes = vec![0; STEP];
    for _ in 0..SHARE {
        match stream.read(&mut bytes) {
            Ok(0) => return true,
            Ok(count) => drain.push(bytes.get(..count).unwrap_or_default(), tell),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
    false
}

#[cfg(target_os = "linux")]
fn exit_descriptor(pid: Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn exit_descriptor(_pid: Pid) -> Option<OwnedFd> {
    None
}
