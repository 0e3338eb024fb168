//! What can be done here and now.

use super::state::{Focus, Mode, Reach, Warnings};
use crate::app::Command;
use crate::keymap::Action;

impl Warnings {
    pub(super) fn offered(&self) -> Vec<Command> {
        let chosen = if self.reached() > 0 { Ok(()) } else { Err("warnings-why-nothing-chosen") };
        let one = if self.line().is_some() { Ok(()) } else { Err("warnings-why-no-line") };
        let number = match self.line() {
            Some(line) if line.indicator.is_some() => Ok(()),
            Some(_) => Err("warnings-why-no-number"),
            None => Err("warnings-why-no-line"),
        };
        let filtered = if self.is_filtered() { Ok(()) } else { Err("warnings-why-no-filter") };
        let all = match (self.mode, self.total()) {
            (Mode::List, Some(total)) if total > 0 => Ok(()),
            _ => Err("warnings-why-nothing-chosen"),
        };
        let open = match self.mode {
            Mode::List => one,
            Mode::Groups(_) | Mode::Tree => Ok(()),
        };
        let spread = if self.reach == Reach::Filter { "warnings-do-unspread" } else { "warnings-do-spread" };
        let mut commands = vec![
            Command::act(Action::Open).when(open).hint(5),
            Command::own("acknowledge", "warnings-do-acknowledge").when(chosen).hint(1),
            Command::own("assign", "warnings-do-assign").when(chosen).hint(2),
            Command::own("resolve", "warnings-do-resolve").when(chosen).hint(3),
            Command::own("comment", "warnings-do-comment").when(chosen),
            Command::own("silence", "warnings-do-silence").when(chosen),
            Command::own("speak", "warnings-do-speak").when(chosen),
            Command::own("reopen", "warnings-do-reopen").when(chosen),
            Command::own("inhibit", "warnings-do-inhibit").when(chosen),
            Command::own("shelve", "warnings-do-shelve").when(chosen),
            Command::own("everything", spread).when(all),
            Command::act(Action::Why).when(number).hint(4),
            Command::own("portrait", "warnings-do-portrait").when(one),
            Command::act(Action::Filter).hint(6),
            Command::own("sets", "warnings-do-sets").hint(7),
            Command::own("clear", "warnings-do-clear").when(filtered),
            Command::own("group", "warnings-do-group"),
            Command::own("tree", "warnings-do-tree"),
            Command::act(Action::Sort),
            Command::act(Action::SortTurn),
            Command::act(Action::Mark).when(one),
            Command::act(Action::Columns),
            Command::act(Action::Refresh),
            Command::act(Action::Copy).when(one),
        ];
        if self.focus == Focus::Panel || self.mode != Mode::List {
            commands.push(Command::act(Action::Back).named("warnings-do-back"));
        }
        commands
    }
}
