//! A terminal for tests: a real pseudo terminal, a screen that understands what is written to it, answers to what the
//! console asks. Waits for what is to be seen, with a deadline; never for a time.

use crate::harness::{College, binary, home};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Whatever is waited for comes much earlier, unless it never comes.
const DEADLINE: Duration = Duration::from_secs(60);

/// What the terminal received.
struct Received {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    open: bool,
}

type Shared = Arc<(Mutex<Received>, Condvar)>;

/// A terminal with a process in it.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    shared: Shared,
    /// How the terminal treated what is typed before anybody changed that.
    before: String,
}

/// How a terminal is.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub columns: u16,
    pub rows: u16,
    /// Variables besides the usual ones.
    pub environment: &'static [(&'static str, &'static str)],
}

impl Default for Kind {
    fn default() -> Self {
        Self { columns: 80, rows: 24, environment: &[] }
    }
}

impl Terminal {
    /// The console of a college, in Chinese.
    pub fn console(college: &College, kind: Kind, words: &[&str]) -> Self {
        let mut command = CommandBuilder::new(binary());
        usual(&mut command, &college.path("person"));
        command.env("ZHENGAI_DATA", college.data());
        for word in words {
            command.arg(word);
        }
        Self::start(command, kind)
    }

    /// Any command in a terminal.
    pub fn start(mut command: CommandBuilder, kind: Kind) -> Self {
        for (name, value) in kind.environment {
            command.env(name, value);
        }
        let size = PtySize { rows: kind.rows, cols: kind.columns, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
        let before = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).expect("the binary starts");
        drop(pair.slave);
        let writer = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer")));
        let reader = pair.master.try_clone_reader().expect("a reader");
        let parser = vt100::Parser::new(cells(kind.rows), cells(kind.columns), 0);
        let shared: Shared = Arc::new((Mutex::new(Received { parser, bytes: Vec::new(), open: true }), Condvar::new()));
        let (theirs, answers) = (Arc::clone(&shared), Arc::clone(&writer));
        std::thread::spawn(move || receive(reader, &theirs, &answers));
        Self { master: pair.master, writer, child, shared, before }
    }

    /// Sends keys as a terminal would.
    pub fn send(&self, keys: &str) -> &Self {
        let mut writer = self.writer.lock().expect("a writer");
        writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("somebody reads");
        drop(writer);
        self
    }

    /// Sends text as a terminal pastes it.
    pub fn paste(&self, text: &str) -> &Self {
        self.send(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Changes the size.
    pub fn resize(&self, columns: u16, rows: u16) -> &Self {
        self.shared.0.lock().expect("the screen").parser.set_size(cells(rows), cells(columns));
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        self.master.resize(size).expect("another size");
        self
    }

    /// Sends a signal to the process.
    pub fn signal(&self, signal: Signal) -> &Self {
        kill_process(self.id(), signal).expect("the process is there");
        self
    }

    /// Waits until the kernel says that the process has stopped.
    pub fn is_stopped(&self) -> &Self {
        let id = self.id();
        let (sender, stopped) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            sender.send(waitid(WaitId::Pid(id), WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT))
        });
        let stopped = stopped.recv_timeout(DEADLINE).expect("it does not stop").expect("the process is ours");
        assert!(stopped.is_some_and(|status| status.stopped()), "it ended");
        self
    }

    fn id(&self) -> Pid {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok()).expect("a process");
        Pid::from_raw(id).expect("a process")
    }

    /// Waits until the screen is so; gives what is on it.
    pub fn until(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) -> String {
        let (lock, news) = &*self.shared;
        let end = Instant::now() + DEADLINE;
        let mut received = lock.lock().expect("the screen");
        loop {
            if is(received.parser.screen()) {
                return received.parser.screen().contents();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never seen: {what}\n{}", received.parser.screen().contents());
            received = news.wait_timeout(received, left).expect("the screen").0;
        }
    }

    /// Waits until a text is on the screen.
    pub fn sees(&self, text: &str) -> &Self {
        self.until(text, |screen| screen.contents().contains(text));
        self
    }

    /// Waits until a text is no longer on the screen.
    pub fn sees_no(&self, text: &str) -> &Self {
        self.until(&format!("no {text}"), |screen| !screen.contents().contains(text));
        self
    }

    /// How many bytes came in so long, once nothing came for a moment.
    pub fn bytes_in(&self, time: Duration) -> usize {
        let (lock, news) = &*self.shared;
        let mut received = lock.lock().expect("the screen");
        let mut before = received.bytes.len();
        // The frame that is just being written does not count.
        loop {
            let (next, late) = news.wait_timeout(received, Duration::from_millis(500)).expect("the screen");
            received = next;
            if late.timed_out() && received.bytes.len() == before {
                break;
            }
            before = received.bytes.len();
        }
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return received.bytes.len() - before;
            }
            received = news.wait_timeout(received, left).expect("the screen").0;
        }
    }

    /// Everything that was written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.0.lock().expect("the screen").bytes.clone()
    }

    /// Waits for the end of the process and says how it ended.
    pub fn ends(&mut self) -> ExitStatus {
        let (lock, news) = &*self.shared;
        let end = Instant::now() + DEADLINE;
        let mut received = lock.lock().expect("the screen");
        while received.open {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it does not end:\n{}", received.parser.screen().contents());
            received = news.wait_timeout(received, left).expect("the screen").0;
        }
        drop(received);
        self.child.wait().expect("it ended")
    }

    /// Whether the terminal is as it was before: the usual screen, a cursor, no mouse, no brackets around pasted text, and
    /// lines that are edited and echoed.
    pub fn is_clean(&self) -> Result<(), String> {
        let received = self.shared.0.lock().expect("the screen");
        let screen = received.parser.screen();
        let wrong = [
            ("the other screen is left", screen.alternate_screen()),
            ("the cursor is hidden", screen.hide_cursor()),
            ("pasted text comes in brackets", screen.bracketed_paste()),
            ("the mouse is taken", screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None),
            ("lines are not edited", modes(self.master.as_ref()) != self.before),
        ];
        match wrong.iter().find(|(_, is)| *is) {
            Some((what, _)) => Err((*what).to_owned()),
            None => Ok(()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves a process behind otherwise.
        let _ = self.child.kill();
    }
}

/// Starts a command in a terminal, waits until it draws on the other screen, and takes the terminal away. Whether the
/// command ends then.
pub fn ends_without_its_terminal(command: CommandBuilder) -> bool {
    let pair = native_pty_system().openpty(PtySize::default()).expect("a pseudo terminal");
    let mut child = pair.slave.spawn_command(command).expect("the binary starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while !seen.windows(8).any(|bytes| bytes == b"\x1b[?1049h") {
        let read = reader.read(&mut buffer).expect("the terminal is there");
        seen.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
    drop((reader, pair.master));
    let mut killer = child.clone_killer();
    let (sender, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait().is_ok()));
    let ends = ended.recv_timeout(DEADLINE).unwrap_or(false);
    if !ends {
        let _ = killer.kill();
    }
    ends
}

/// The variables that the binary gets, whoever runs the tests.
pub fn usual(command: &mut CommandBuilder, person: &Path) {
    std::fs::create_dir_all(person).expect("a folder of the person");
    command.cwd(person);
    command.env_clear();
    for kept in ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "RUST_MIN_STACK"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command.env("HOME", person);
    command.env("ZHENGAI_HOME", home());
    command.env("LANG", "zh_CN.UTF-8");
    command.env("USER", "tester");
    command.env("TERM", "xterm-256color");
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size")
}

/// The modes of the line discipline, to be compared.
fn modes(master: &(dyn MasterPty + Send)) -> String {
    master.get_termios().map(|modes| format!("{:?} {:?}", modes.local_flags, modes.input_flags)).unwrap_or_default()
}

/// Takes in what is written, and answers what is asked.
fn receive(mut reader: Box<dyn Read + Send>, shared: &Shared, answers: &Mutex<Box<dyn Write + Send>>) {
    let (lock, news) = &**shared;
    let mut buffer = [0; 8192];
    let mut tail = Vec::new();
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let mut answer = String::new();
        let mut received = lock.lock().expect("the screen");
        for byte in &buffer[..count] {
            received.parser.process(&[*byte]);
            tail.push(*byte);
            if tail.ends_with(b"\x1b[6n") {
                let (row, column) = received.parser.screen().cursor_position();
                answer.push_str(&format!("\x1b[{};{}R", row + 1, column + 1));
                tail.clear();
            } else if tail.ends_with(b"\x1b[?2026$p") {
                answer.push_str("\x1b[?2026;2$y");
                tail.clear();
            } else if tail.ends_with(b"\x1b[c") {
                answer.push_str("\x1b[?62;22c");
                tail.clear();
            }
        }
        received.bytes.extend_from_slice(&buffer[..count]);
        drop(received);
        if tail.len() > 64 {
            tail.drain(..tail.len() - 64);
        }
        if !answer.is_empty() {
            let mut answers = answers.lock().expect("a writer");
            let _ = answers.write_all(answer.as_bytes()).and_then(|()| answers.flush());
        }
        news.notify_all();
    }
    lock.lock().expect("the screen").open = false;
    news.notify_all();
}
