//! Takes the terminal and gives it back: raw input, the other screen, mouse, pasted text in brackets, news of the focus.

use crate::effect::Mouse;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::io::{Result, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

/// Takes the terminal: other screen, pasted text in brackets, news of the focus, no wrap at the right edge, a bar as
/// cursor, which is hidden at first.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?7l\x1b[6 q\x1b[?25l";
/// Clicks and wheel. Moves of the mouse would only be noise over SSH.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
/// Selecting with the mouse as usual.
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// Gives the terminal back. The end of a synchronized update comes first: a frame may have been cut off.
pub const LEAVE: &str =
    "\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?7h\x1b[0 q\x1b[?1049l\x1b[?25h";

/// Whether the terminal is ours. A second way back (a panic unwinds through the guard) must write nothing: it would move the
/// cursor over the message that was just printed.
static HELD: AtomicBool = AtomicBool::new(false);

/// Holds the terminal, and gives it back when dropped.
#[derive(Debug)]
pub struct Guard {
    mouse: Mouse,
}

impl Guard {
    /// Takes the terminal.
    pub fn take(mouse: Mouse) -> Result<Self> {
        let mut guard = Self { mouse };
        guard.enter()?;
        Ok(guard)
    }

    /// Takes it again, after it was given back or after somebody else used it.
    pub fn enter(&mut self) -> Result<()> {
        enable_raw_mode()?;
        HELD.store(true, Ordering::SeqCst);
        write(ENTER)?;
        self.set_mouse(self.mouse)
    }

    /// Gives it back. A terminal that is gone needs nothing.
    pub fn leave(&mut self) {
        give_back();
    }

    /// Who has the mouse from now on.
    pub fn set_mouse(&mut self, mouse: Mouse) -> Result<()> {
        self.mouse = mouse;
        write(match mouse {
            Mouse::Console => MOUSE_ON,
            Mouse::Terminal => MOUSE_OFF,
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Gives the terminal back, from wherever. Errors mean that there is no terminal any more.
pub(super) fn give_back() {
    if HELD.swap(false, Ordering::SeqCst) {
        let _ = write(LEAVE);
        let _ = disable_raw_mode();
    }
}

fn write(text: &str) -> Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
