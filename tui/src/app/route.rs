//! Where events go: what lies on top first, then the screen, then the frame itself.

use crate::app::carry::FRAME;
use crate::app::command::CommandId;
use crate::app::cx::{Tone, say_failure};
use crate::app::event::Event;
use crate::app::overlay::{Overlay, Reaction};
use crate::app::screen::{Handled, ScreenEvent};
use crate::app::tag;
use crate::app::{App, Reach, Target, Timer};
use crate::effect::Effect;
use crate::keymap::{Action, Chord, Meaning};
use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

impl App {
    pub(super) fn handle(&mut self, event: Event) {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(&key),
            Event::Key(_) => {}
            Event::Paste(text) => self.paste(&text.replace("\r\n", "\n").replace('\r', "\n")),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize { width, height } => {
                self.size = (width, height);
                self.effects.push(Effect::Repaint);
            }
            Event::Focus => self.effects.push(Effect::Repaint),
            Event::Continued => {
                self.effects.push(Effect::Repaint);
                self.tell_top(&ScreenEvent::Resumed);
            }
            Event::Linked(Ok(link)) => {
                self.reach = Reach::There(link);
                self.ask_session();
                self.ask_frame(tag::JOBS, zhengai_wire::job::list().into_request());
            }
            Event::Linked(Err(failure)) => self.reach = Reach::Lost(failure),
            Event::Answer { id, outcome } => self.answer(id, outcome),
            Event::Job(job) => self.job(*job),
            Event::JobLost { id, failure } => {
                self.jobs.lost(&id);
                let text = say_failure(&failure, &self.texts);
                self.toast(Tone::Caution, text);
            }
            Event::DraftLost { cause } => {
                let text = self.texts.text("toast-draft-lost", &[("cause", &cause)]);
                self.toast(Tone::Bad, text);
            }
            Event::Recorded(Ok(file)) => {
                let text = self.texts.text("toast-recorded", &[("file", &file)]);
                self.toast(Tone::Good, text);
            }
            Event::Recorded(Err(cause)) => {
                let text = self.texts.text("toast-not-recorded", &[("cause", &cause)]);
                self.toast(Tone::Bad, text);
            }
            Event::Tick => self.tick(),
            Event::Terminate => self.effects.push(Effect::Quit),
        }
    }

    /// Takes away what time has ended.
    pub(super) fn settle(&mut self) {
        if self.toasts.expire(self.now) {
            self.dirty = true;
        }
        if !self.overlays.iter_mut().any(|overlay| overlay.palette().is_some()) {
            self.seek_no_more();
        }
    }

    pub(super) fn tick(&mut self) {
        let now = self.now;
        let (due, later): (Vec<Timer>, Vec<Timer>) =
            std::mem::take(&mut self.timers).into_iter().partition(|timer| timer.at <= now);
        self.timers = later;
        self.dirty |=
            !due.is_empty() || self.waiting_since().is_some() || self.overlays.iter().any(Overlay::shows_time);
        for timer in due {
            match timer.visit {
                FRAME => self.seek(),
                visit => self.tell(visit, &ScreenEvent::Timer { tag: timer.tag }),
            }
        }
    }

    pub(super) fn key(&mut self, key: &KeyEvent) {
        let chord = Chord::of(key);
        if let Some(overlay) = self.overlays.last_mut() {
            let place = overlay.place();
            let meaning = self.keymap.meaning(place, &[chord]);
            let reaction = overlay.key(key, &meaning, &self.jobs);
            // The keys of the frame work over everything; an overlay that takes text has had its turn.
            match (reaction, meaning) {
                (Reaction::Ignored, Meaning::Act(Action::Quit | Action::Interrupt | Action::Mouse | Action::Jobs)) => {}
                (Reaction::Ignored, _) => return,
                (reaction, _) => return self.react(reaction),
            }
        }
        let field = self.overlays.is_empty() && self.editing() && self.typed.is_empty();
        if field && (self.tell_top(&ScreenEvent::Key(*key)) == Handled::Yes || chord.is_plain()) {
            return;
        }
        self.typed.push(chord);
        match self.keymap.meaning(self.place(), &self.typed) {
            Meaning::Begins => return,
            Meaning::Nothing => {
                // `g x` means nothing, but `x` alone may.
                let more = self.typed.len() > 1;
                self.typed.clear();
                if more {
                    self.key(key);
                }
                return;
            }
            Meaning::Act(action) => self.command(CommandId::Act(action)),
            Meaning::Own(word) => {
                let own = self.commands().into_iter().find_map(|command| match command.id {
                    CommandId::Own(id) if id == word => Some(command.id),
                    _ => None,
                });
                if let Some(id) = own {
                    self.command(id);
                }
            }
        }
        self.typed.clear();
    }

    pub(super) fn editing(&self) -> bool {
        self.top().is_some_and(|entry| entry.screen.editing())
    }

    pub(super) fn paste(&mut self, text: &str) {
        match self.overlays.last_mut() {
            Some(overlay) => {
                let reaction = overlay.paste(text);
                self.react(reaction);
            }
            None => {
                self.tell_top(&ScreenEvent::Paste(text.to_owned()));
            }
        }
    }

    pub(super) fn mouse(&mut self, mouse: MouseEvent) {
        let at = Position::new(mouse.column, mouse.row);
        let click = mouse.kind == MouseEventKind::Down(MouseButton::Left);
        if click {
            let hit = self.targets.iter().rev().find(|(area, _)| area.contains(at)).map(|(_, target)| target.clone());
            if let Some(target) = hit {
                return self.hit(target);
            }
        }
        if let Some(overlay) = self.overlays.last_mut() {
            let reaction = overlay.mouse(&mouse, &self.jobs);
            return self.react(reaction);
        }
        self.tell_top(&ScreenEvent::Mouse(mouse));
    }

    pub(super) fn hit(&mut self, target: Target) {
        match target {
            Target::Command(id) => {
                // A click outside of what lies on top closes it first.
                self.overlays.clear();
                self.command(id);
            }
            Target::Crumb(depth) => {
                self.overlays.clear();
                while self.stack.len() > depth + 1 && !self.leave_asks() {
                    self.pop();
                }
            }
            Target::Own(name) => {
                self.tell_top(&ScreenEvent::Target(name));
            }
        }
    }
}
