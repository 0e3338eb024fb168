//! Turns frames into bytes: only what differs from what the terminal shows, in one piece, with the real cursor placed after
//! the last cell. A frame that shows nothing new costs no byte.

use super::ink;
use crate::app::App;
use crate::term::Sync;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::io;

/// Turns frames into bytes.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    sync: Sync,
    /// What the terminal shows may be anything.
    anew: bool,
    bytes: Vec<u8>,
}

impl Painter {
    /// For a terminal of this size that shows anything.
    pub fn new(width: u16, height: u16, sync: Sync) -> Self {
        let area = Rect::new(0, 0, width, height);
        let (shown, next) = (Buffer::empty(area), Buffer::empty(area));
        Self { shown, next, cursor: None, sync, anew: true, bytes: Vec::new() }
    }

    /// The terminal has another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        let area = Rect::new(0, 0, width, height);
        if area != self.next.area {
            self.shown.resize(area);
            self.next.resize(area);
            self.anew = true;
        }
    }

    /// What the terminal shows may be anything.
    pub fn forget(&mut self) {
        self.anew = true;
    }

    /// The cells that the terminal shows.
    pub fn shown(&self) -> &Buffer {
        &self.shown
    }

    /// Draws the console and gives the bytes that make the terminal show it; none when it does already.
    pub fn paint(&mut self, app: &mut App) -> io::Result<&[u8]> {
        self.next.reset();
        let drawn = app.view(&mut self.next);
        app.drawn(&drawn);
        self.bytes.clear();
        if self.anew {
            self.shown.reset();
        }
        let changes = self.shown.diff(&self.next);
        if changes.is_empty() && drawn.cursor == self.cursor && !self.anew {
            return Ok(&self.bytes);
        }
        if self.sync == Sync::Known {
            queue!(self.bytes, BeginSynchronizedUpdate)?;
        }
        if self.cursor.is_some() || self.anew {
            queue!(self.bytes, Hide)?;
        }
        if self.anew {
            queue!(self.bytes, Clear(ClearType::All))?;
        }
        if !changes.is_empty() {
            ink::write(&mut self.bytes, changes)?;
        }
        if let Some(cursor) = drawn.cursor {
            queue!(self.bytes, MoveTo(cursor.x, cursor.y), Show)?;
        }
        if self.sync == Sync::Known {
            queue!(self.bytes, EndSynchronizedUpdate)?;
        }
        self.cursor = drawn.cursor;
        self.anew = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(&self.bytes)
    }
}
