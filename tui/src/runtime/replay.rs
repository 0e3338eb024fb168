//! Plays a recording again: the same events at the same times give the same frames, without a server.

use super::moment::Moment;
use super::recorder::Head;
use super::settings::ConsoleError;
use crate::app::{App, Begin, Build};
use crate::keymap::Keymap;
use crate::text::Ambiguous;
use crate::theme::{Level, Look, ThemeName};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

/// A recording that is being played.
pub struct Replay {
    head: Head,
    moments: Vec<Moment>,
    app: App,
    size: (u16, u16),
    at: usize,
    build: Build,
}

impl Replay {
    /// Reads a recording.
    pub fn read(text: &str, build: Build) -> Result<Self, ConsoleError> {
        let broken = |line: usize, error: serde_json::Error| ConsoleError::Recording { line, cause: error.to_string() };
        let mut lines = text.lines().enumerate();
        let (_, first) = lines.next().unwrap_or((0, ""));
        let head: Head = serde_json::from_str(first).map_err(|error| broken(1, error))?;
        let moments: Result<Vec<Moment>, ConsoleError> = lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| serde_json::from_str(line).map_err(|error| broken(number + 1, error)))
            .collect();
        let app = begin(&head, build)?;
        Ok(Self { size: head.size, moments: moments?, app, at: 0, build, head })
    }

    /// How many events it has.
    pub fn len(&self) -> usize {
        self.moments.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// How many have been played.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Plays so far that `count` events have been played; goes back to the beginning when that is behind.
    pub fn play_to(&mut self, count: usize) -> Result<(), ConsoleError> {
        let count = count.min(self.moments.len());
        if count < self.at {
            self.app = begin(&self.head, self.build)?;
            self.size = self.head.size;
            self.at = 0;
        }
        while self.at < count {
            let moment = self.moments.get(self.at).cloned();
            self.at += 1;
            let Some(moment) = moment else { break };
            let Some(event) = moment.event.event() else { continue };
            if let crate::app::Event::Resize { width, height } = event {
                self.size = (width, height);
            }
            // Effects are left undone: what came of them stands in the recording.
            self.app.update(event, moment.at);
            self.frame();
        }
        Ok(())
    }

    /// What the screen shows now.
    pub fn frame(&mut self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let drawn = self.app.view(&mut buffer);
        self.app.drawn(&drawn);
        buffer
    }

    /// What was played last, as it stands in the recording.
    pub fn last(&self) -> Option<&Moment> {
        self.at.checked_sub(1).and_then(|at| self.moments.get(at))
    }
}

fn begin(head: &Head, build: Build) -> Result<App, ConsoleError> {
    let theme = ThemeName::parse(&head.theme).unwrap_or_default();
    Ok(App::new(Begin {
        look: Look::new(theme, Level::Ansi256, head.glyphs, Ambiguous::Narrow),
        texts: Arc::new(crate::i18n::texts(head.language)),
        keymap: Keymap::house()?,
        build,
        screen: head.screen,
        params: head.params.clone(),
        size: head.size,
        now: head.at,
    }))
}

/// Plays a recording to its end and gives the frames as text: each that differs from the one before, under the event that
/// made it.
pub fn play(text: &str, build: Build) -> Result<String, ConsoleError> {
    let mut replay = Replay::read(text, build)?;
    let mut shown = text_of(&replay.frame());
    let mut out = shown.clone();
    for count in 1..=replay.len() {
        replay.play_to(count)?;
        let frame = text_of(&replay.frame());
        if frame != shown {
            let event = replay.last().map(|moment| serde_json::to_string(&moment.event).unwrap_or_default());
            let event: String = event.unwrap_or_default().chars().take(100).collect();
            out.push_str(&format!("\n# {count}/{} {event}\n", replay.len()));
            out.push_str(&frame);
            shown = frame;
        }
    }
    Ok(out)
}

/// The characters of a buffer, a line each.
pub(crate) fn text_of(buffer: &Buffer) -> String {
    use ratatui::buffer::CellWidth;
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let Some(cell) = buffer.cell((x, y)) else { break };
            line.push_str(cell.symbol());
            x += cell.cell_width().max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
