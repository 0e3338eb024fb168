//! What can be done on a screen now. One list serves hints, help, palette, key dispatch and clicks, so they cannot
//! disagree; what cannot be done stays in the list and says why.

use crate::keymap::Action;

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandId {
    /// An action that many screens know.
    Act(Action),
    /// The screen's own; arrives as [`ScreenEvent::Own`](super::screen::ScreenEvent::Own). Its keys stand in
    /// `config/keymap.toml` in the table of the screen.
    Own(&'static str),
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it does.
    pub id: CommandId,
    /// Key of its name: a verb, two to four characters where Chinese allows.
    pub label: &'static str,
    /// Whether it can be done now; if not, the key of the reason.
    pub enabled: Result<(), &'static str>,
    /// Rank among the hints, smallest first; `None` stays out of the hints.
    pub hint: Option<u8>,
    /// Whether the palette lists it: moves do not belong there.
    pub palette: bool,
}

impl Command {
    /// An action with its usual name. Moves need not be listed at all.
    pub fn act(action: Action) -> Self {
        Self { id: CommandId::Act(action), label: action.label(), enabled: Ok(()), hint: None, palette: true }
    }

    /// A command of the screen's own.
    pub fn own(id: &'static str, label: &'static str) -> Self {
        Self { id: CommandId::Own(id), label, enabled: Ok(()), hint: None, palette: true }
    }

    /// Under another name here: `open` may be `drill`.
    #[must_use]
    pub fn named(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Among the hints, smallest rank first.
    #[must_use]
    pub fn hint(mut self, rank: u8) -> Self {
        self.hint = Some(rank);
        self
    }

    /// Can be done only when this is `Ok`; the error is the key of the reason.
    #[must_use]
    pub fn when(mut self, enabled: Result<(), &'static str>) -> Self {
        self.enabled = enabled;
        self
    }

    /// Not in the palette.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.palette = false;
        self
    }
}
