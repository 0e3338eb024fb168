//! The loop: wait, drain what is there, draw once when something changed. It draws on no clock; a console at which nothing
//! happens sleeps and writes nothing.

mod ink;
mod input;
pub mod moment;
mod paint;
pub mod recorder;
mod replay;
mod settings;

pub use paint::Painter;
pub use replay::{Replay, play};
pub use settings::{ConsoleError, Settings};

use crate::app::{App, Begin, Event};
use crate::effect::{Drafts, Effect, Runner, osc52};
use crate::keymap::Keymap;
use crate::term::{Distance, Environment, Guard, PanicGuard, Signal, Signals, Sync, probe, signals, stop_here};
use crate::text::Ambiguous;
use crate::theme::{GlyphSet, Look};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use recorder::{Head, Privacy, Recorder};
use std::io::{Write, stdout};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Events that may wait.
const CHANNEL: usize = 256;
/// Events that are handled before the next frame.
const BATCH: usize = 256;
/// Between two frames, at this machine.
const GAP_HERE: Duration = Duration::from_millis(16);
/// Between two frames, across a network.
const GAP_REMOTE: Duration = Duration::from_millis(50);

/// Runs the console until somebody leaves it. Blocks the thread between events as little as a console needs; must be
/// called inside a runtime.
pub async fn run(settings: Settings) -> Result<(), ConsoleError> {
    let keymap = keymap(&settings.keymap)?;
    let environment = Environment::read(&settings.environment);
    // Before the terminal is taken: a signal that comes while the console starts must find somebody who gives it back.
    let mut signals = signals()?;
    let mut guard = Guard::take(settings.mouse)?;
    let found = probe();
    let glyphs = settings.glyphs.unwrap_or(environment.glyphs);
    let ambiguous = settings.ambiguous.or(found.ambiguous).unwrap_or(Ambiguous::Narrow);
    // Where the terminal paints lines, arrows and bars two cells wide, drawing with them costs more than it gives.
    let glyphs = match (settings.glyphs, ambiguous) {
        (None, Ambiguous::Wide) => GlyphSet::Ascii,
        _ => glyphs,
    };
    let look = Look::new(settings.theme, environment.level, glyphs, ambiguous);
    let size = crossterm::terminal::size()?;
    let now = (settings.clock)();
    let head = Head {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        language: settings.language,
        theme: settings.theme.word().to_owned(),
        glyphs,
        size,
        screen: settings.screen,
        params: settings.params.clone(),
        at: now,
        lost: 0,
    };
    let recorder = Arc::new(Mutex::new(Recorder::new(head)));
    let mut app = App::new(Begin {
        look,
        texts: Arc::new(crate::i18n::texts(settings.language)),
        keymap,
        build: settings.build,
        screen: settings.screen,
        params: settings.params,
        size,
        now,
    });
    app.set_mouse(settings.mouse);
    let (sender, events) = mpsc::channel(CHANNEL);
    let runner = Runner::new(settings.port, Drafts::at(settings.folder.join("drafts")), sender.clone());
    let _hook = PanicGuard::here(last_words(&recorder, settings.folder.clone(), settings.clock));
    let mut console = Console {
        app,
        painter: Painter::new(size.0, size.1, found.sync.unwrap_or(Sync::Unknown)),
        runner,
        recorder,
        clock: settings.clock,
        folder: settings.folder,
        gap: if environment.distance == Distance::Remote { GAP_REMOTE } else { GAP_HERE },
        events,
        drawn: None,
    };
    console.begin()?;
    let input = tokio::spawn(input::forward(sender, found.typed));
    let outcome = console.run(&mut signals, &mut guard).await;
    input.abort();
    guard.leave();
    outcome
}

fn keymap(file: &std::path::Path) -> Result<Keymap, ConsoleError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Keymap::with_changes(&file.display().to_string(), &text)?),
        Err(_) => Ok(Keymap::house()?),
    }
}

/// Saves the recording when the console breaks.
fn last_words(
    recorder: &Arc<Mutex<Recorder>>,
    folder: PathBuf,
    clock: fn() -> DateTime<Utc>,
) -> Box<dyn FnMut() -> Option<String> + Send> {
    let recorder = Arc::clone(recorder);
    Box::new(move || save(&recorder, &folder, clock()).ok())
}

/// Writes the recording to a file; gives its path.
fn save(recorder: &Mutex<Recorder>, folder: &std::path::Path, now: DateTime<Utc>) -> std::io::Result<String> {
    // The hook of a panic may come while the recorder is being written to: what is there then is good enough.
    let text = recorder.try_lock().unwrap_or_else(|_| recorder.lock().unwrap_or_else(PoisonError::into_inner)).write();
    let folder = folder.join("recordings");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}.jsonl", now.format("%Y%m%d-%H%M%S")));
    std::fs::write(&file, text)?;
    Ok(file.display().to_string())
}

struct Console {
    app: App,
    painter: Painter,
    runner: Runner,
    recorder: Arc<Mutex<Recorder>>,
    clock: fn() -> DateTime<Utc>,
    folder: PathBuf,
    gap: Duration,
    events: mpsc::Receiver<Event>,
    /// When the last frame was drawn.
    drawn: Option<Instant>,
}

impl Console {
    /// The first frame, before anything slow begins.
    fn begin(&mut self) -> Result<(), ConsoleError> {
        let effects = self.app.begin();
        self.draw()?;
        self.runner.link();
        for effect in effects {
            // The terminal was just taken: there is nothing to be done to it yet.
            self.runner.run(effect);
        }
        Ok(())
    }

    async fn run(&mut self, signals: &mut Signals, guard: &mut Guard) -> Result<(), ConsoleError> {
        loop {
            let tick = self.tick();
            let first = tokio::select! {
                biased;
                signal = signals.next() => match signal {
                    Some(Signal::Stop) => {
                        guard.leave();
                        stop_here();
                        guard.enter()?;
                        Event::Continued
                    }
                    Some(Signal::Continue) => {
                        guard.enter()?;
                        Event::Continued
                    }
                    Some(Signal::Terminate) | None => Event::Terminate,
                },
                event = self.events.recv() => event.unwrap_or(Event::Terminate),
                () = pass(tick) => if self.app.is_dirty() { self.draw()?; continue } else { Event::Tick },
            };
            let mut batch = vec![first];
            while batch.len() < BATCH {
                let Ok(event) = self.events.try_recv() else { break };
                // Of a storm of sizes only the last matters.
                match (batch.last_mut(), &event) {
                    (Some(last @ Event::Resize { .. }), Event::Resize { .. }) => *last = event,
                    _ => batch.push(event),
                }
            }
            for event in batch {
                if self.handle(event, guard)?.is_break() {
                    return Ok(());
                }
            }
            if self.app.is_dirty() && self.since_drawn().is_none_or(|since| since >= self.gap) {
                self.draw()?;
            }
        }
    }

    /// How long to sleep at most: until the gap between frames is over, or until the console wants a tick.
    fn tick(&self) -> Option<Duration> {
        let due = self.app.due().map(|due| (due - (self.clock)()).to_std().unwrap_or(Duration::ZERO));
        let frame = self.app.is_dirty().then(|| self.gap.saturating_sub(self.since_drawn().unwrap_or(self.gap)));
        match (due, frame) {
            (Some(due), Some(frame)) => Some(due.min(frame)),
            (due, frame) => due.or(frame),
        }
    }

    fn since_drawn(&self) -> Option<Duration> {
        self.drawn.map(|drawn| drawn.elapsed())
    }

    fn handle(&mut self, event: Event, guard: &mut Guard) -> Result<ControlFlow<()>, ConsoleError> {
        let now = (self.clock)();
        let privacy = if self.app.secret() { Privacy::Secret } else { Privacy::Open };
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner).take(&event, now, privacy);
        if let Event::Resize { width, height } = event {
            self.painter.resize(width, height);
        }
        for effect in self.app.update(event, now) {
            let Some(effect) = self.runner.run(effect) else { continue };
            match effect {
                Effect::Quit => return Ok(ControlFlow::Break(())),
                Effect::Repaint => self.painter.forget(),
                Effect::Mouse(mouse) => guard.set_mouse(mouse)?,
                Effect::Copy { text } => {
                    if let Some(sequence) = osc52(&text) {
                        put(sequence.as_bytes())?;
                    }
                }
                Effect::SaveRecording => {
                    let saved = save(&self.recorder, &self.folder, now).map_err(|error| error.to_string());
                    self.app.update(Event::Recorded(saved), now);
                }
                _ => {}
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn draw(&mut self) -> Result<(), ConsoleError> {
        let bytes = self.painter.paint(&mut self.app)?;
        if !bytes.is_empty() {
            put(bytes)?;
        }
        self.drawn = Some(Instant::now());
        Ok(())
    }
}

async fn pass(time: Option<Duration>) {
    match time {
        // The time is over: that is what is waited for.
        Some(time) => drop(tokio::time::timeout(time, std::future::pending::<()>()).await),
        None => std::future::pending().await,
    }
}

fn put(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}
