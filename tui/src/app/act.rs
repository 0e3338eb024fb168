//! Commands: which there are, what the frame does with those that the screen leaves to it.

use crate::app::App;
use crate::app::carry::FRAME;
use crate::app::command::{Command, CommandId};
use crate::app::cx::{Confirm, Purpose, Tone};
use crate::app::overlay::Overlay;
use crate::app::screen::{Handled, ScreenEvent, ScreenId};
use crate::app::tag;
use crate::effect::{Effect, Mouse};
use crate::keymap::Action;
use chrono::TimeDelta;
use zhengai_wire::undo::{self, Undo, UndoOrder};

/// How long the second `Ctrl+C` may take.
const TWICE: TimeDelta = TimeDelta::seconds(2);

impl App {
    /// What can be done now: by the screen, then by the frame.
    pub(super) fn commands(&self) -> Vec<Command> {
        let mut all = self.top().map(|entry| entry.screen.commands()).unwrap_or_default();
        let frame = [
            Command::act(Action::Palette).hint(200),
            Command::act(Action::Help).hint(201),
            Command::act(Action::Back).hint(202).when(if self.stack.len() > 1 {
                Ok(())
            } else {
                Err("reason-first-screen")
            }),
            Command::act(Action::Forward).when(if self.forward.is_empty() {
                Err("reason-nothing-ahead")
            } else {
                Ok(())
            }),
            Command::act(Action::Why).when(if self.cell().is_some() { Ok(()) } else { Err("reason-no-number") }),
            Command::act(Action::Jobs),
            Command::act(Action::Undo),
            Command::act(Action::Jump),
            Command::act(Action::Mouse).hint(210),
            Command::act(Action::Appearance),
            Command::act(Action::Quit).hint(211),
        ];
        for command in frame {
            if !all.iter().any(|known| known.id == command.id) {
                all.push(command);
            }
        }
        all
    }

    pub(super) fn cell(&self) -> Option<crate::app::screen::WhyTarget> {
        self.top().and_then(|entry| entry.screen.cell())
    }

    pub(super) fn command(&mut self, id: CommandId) {
        let listed = self.commands().into_iter().find(|command| command.id == id);
        if let Some(Err(reason)) = listed.map(|command| command.enabled) {
            let text = self.texts.text(reason, &[]);
            return self.toast(Tone::Info, text);
        }
        match id {
            CommandId::Own(word) => {
                self.tell_top(&ScreenEvent::Own(word));
            }
            CommandId::Act(action) => self.act(action),
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Palette => self.open_palette(),
            Action::Help => self.open_help(),
            Action::Jobs => self.toggle_jobs(),
            Action::Quit => self.quit(),
            Action::Jump => self.open_jump(),
            Action::Mouse => self.switch_mouse(),
            Action::Appearance => self.ask_dress(),
            Action::Interrupt => self.interrupt(),
            _ => {
                if self.tell_top(&ScreenEvent::Do(action)) == Handled::No {
                    self.fall_back(action);
                }
            }
        }
    }

    /// What the frame does with an action that the screen did not want.
    pub(super) fn fall_back(&mut self, action: Action) {
        match action {
            Action::Back if self.toasts.dismiss() => {}
            Action::Back => self.back(),
            Action::Forward => {
                if let Some((screen, params)) = self.forward.pop() {
                    self.push(screen, params);
                }
            }
            Action::Undo => self.look_back(),
            Action::Why => {
                if let Some(target) = self.cell() {
                    self.go(ScreenId::Why, target.params());
                }
            }
            _ => {}
        }
    }

    pub(super) fn interrupt(&mut self) {
        if self.tell_top(&ScreenEvent::Do(Action::Copy)) == Handled::Yes && self.interrupted.is_none() {
            self.interrupted = Some(self.now);
            return;
        }
        if self.interrupted.is_some_and(|at| self.now - at <= TWICE) {
            self.interrupted = None;
            return self.quit();
        }
        self.interrupted = Some(self.now);
        let text = self.texts.text("toast-interrupt", &[]);
        self.toast(Tone::Info, text);
    }

    pub(super) fn switch_mouse(&mut self) {
        self.mouse = match self.mouse {
            Mouse::Console => Mouse::Terminal,
            Mouse::Terminal => Mouse::Console,
        };
        self.effects.push(Effect::Mouse(self.mouse));
        let key = match self.mouse {
            Mouse::Console => "toast-mouse-console",
            Mouse::Terminal => "toast-mouse-terminal",
        };
        let text = self.texts.text(key, &[]);
        self.toast(Tone::Info, text);
    }

    /// Asks the audit log what this person changed last.
    pub(super) fn look_back(&mut self) {
        self.ask_frame(tag::LOOK_BACK, undo::show().into_request());
    }

    /// Shows what would be taken back, and asks.
    pub(super) fn looked_back(&mut self, last: Option<Undo>) {
        let Some(last) = last else {
            let text = self.texts.text("reason-nothing-to-undo", &[]);
            return self.toast(Tone::Info, text);
        };
        if let Some(obstacle) = last.obstacle {
            return self.toast(Tone::Caution, obstacle);
        }
        self.undo_seq = Some(last.seq);
        let confirm = Confirm {
            tag: tag::TAKE_BACK.to_owned(),
            title: self.texts.text("confirm-undo", &[]),
            lines: vec![last.text],
            yes: self.texts.text("action-undo", &[]),
            code: None,
        };
        self.overlays.push(Overlay::confirm(FRAME, confirm));
    }

    /// Takes back the change that was shown; the server refuses when it is not the last one any more.
    pub(super) fn take_back(&mut self) {
        let order = UndoOrder { seq: self.undo_seq.take() };
        let id = self.ask_frame(tag::UNDO, undo::take_back(&order).into_request());
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.purpose = Purpose::Act;
        }
    }
}
