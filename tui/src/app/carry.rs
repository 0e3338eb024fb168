//! Between the frame and its screens: tells them what happened, and carries out what they ask for.

use crate::app::command::CommandId;
use crate::app::cx::{Ask, Cx, Purpose, Toast, Tone};
use crate::app::load::RequestId;
use crate::app::overlay::{Overlay, Reaction};
use crate::app::screen::{Handled, ScreenEvent};
use crate::app::tag;
use crate::app::{App, Entry, Pending, Reach, Timer};
use crate::effect::Effect;
use crate::keymap::{Action, Keys};
use chrono::TimeDelta;

/// Requests of the frame itself.
pub(super) const FRAME: u64 = 0;

impl App {
    pub(super) fn react(&mut self, reaction: Reaction) {
        match reaction {
            Reaction::Ignored | Reaction::Stay => {}
            Reaction::Typed => self.seek_soon(),
            Reaction::Close => {
                self.overlays.pop();
            }
            Reaction::Command(id) => {
                self.overlays.pop();
                self.command(id);
            }
            Reaction::Screen(id, params) => {
                self.overlays.pop();
                self.go(id, params);
            }
            Reaction::Hit(target) => {
                self.overlays.pop();
                self.hit(target);
            }
            Reaction::Copy(text) => self.carry_effect(FRAME, Effect::Copy { text }),
            Reaction::CancelJob(id) => self.cancel_job(&id),
            Reaction::Dress(dress) => {
                self.overlays.pop();
                self.dress(dress);
            }
            Reaction::Record => {
                self.overlays.pop();
                self.effects.push(Effect::SaveRecording);
            }
            Reaction::Event(event) => {
                let visit = self.overlays.pop().and_then(|overlay| overlay.visit()).unwrap_or(FRAME);
                if visit == FRAME {
                    self.frame_event(&event)
                } else {
                    self.tell(visit, &event)
                };
            }
        }
    }

    pub(super) fn tell_top(&mut self, event: &ScreenEvent) -> Handled {
        let Some(visit) = self.top().map(|entry| entry.visit) else { return Handled::No };
        self.with(visit, |entry, cx| entry.screen.update(event, cx))
    }

    pub(super) fn tell(&mut self, visit: u64, event: &ScreenEvent) {
        self.with(visit, |entry, cx| entry.screen.update(event, cx));
    }

    /// Lets a screen do something, then carries out what it asked for.
    pub(super) fn with(&mut self, visit: u64, work: impl FnOnce(&mut Entry, &mut Cx<'_>) -> Handled) -> Handled {
        let Some(entry) = self.stack.iter_mut().find(|entry| entry.visit == visit) else { return Handled::No };
        let mut cx = Cx::new(&self.texts, self.now, &mut self.last_id);
        cx.local = !matches!(&self.reach, Reach::There(link) if !link.local);
        let handled = work(entry, &mut cx);
        let asks = cx.asks;
        for ask in asks {
            self.carry(visit, ask);
        }
        handled
    }

    pub(super) fn carry(&mut self, visit: u64, ask: Ask) {
        match ask {
            Ask::Send { id, purpose, tag, request } => {
                self.pending.insert(id, Pending { visit, purpose, tag, since: self.now });
                self.effects.push(Effect::Call { id, request });
            }
            Ask::Forget(id) => self.forget(id),
            Ask::Effect(effect) => self.carry_effect(visit, effect),
            Ask::Go(screen, params) => self.go(screen, params),
            Ask::Replace(screen, params) => {
                self.pop();
                self.forward.clear();
                self.push(screen, params);
            }
            Ask::Back => {
                if self.stack.len() > 1 {
                    self.pop();
                }
            }
            Ask::Toast(toast) => self.toasts.show(toast, self.now),
            Ask::Confirm(confirm) => self.overlays.push(Overlay::confirm(visit, confirm)),
            Ask::Notice(notice) => self.overlays.push(Overlay::notice(visit, notice)),
            Ask::Pick(pick) => self.overlays.push(Overlay::pick(visit, pick)),
            Ask::Prompt(prompt) => self.overlays.push(Overlay::prompt(visit, prompt)),
            Ask::Undoable(text) => {
                let key = self.key_of(CommandId::Act(Action::Undo));
                let offer = self.texts.text("toast-undoable", &[("what", &text), ("key", &key)]);
                self.toasts.offer(offer, self.now);
            }
            Ask::After { wait, tag } => {
                self.timers.retain(|timer| timer.visit != visit || timer.tag != tag);
                let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
                if let Some(at) = self.now.checked_add_signed(wait) {
                    self.timers.push(Timer { at, visit, tag });
                }
            }
        }
    }

    pub(super) fn carry_effect(&mut self, visit: u64, effect: Effect) {
        let waits = match &effect {
            Effect::Download { id, tag, .. } | Effect::Upload { id, tag, .. } => Some((*id, tag, Purpose::Act)),
            Effect::ReadDraft { id, tag, .. } => Some((*id, tag, Purpose::Load)),
            _ => None,
        };
        if let Some((id, tag, purpose)) = waits {
            self.pending.insert(id, Pending { visit, purpose, tag: tag.clone(), since: self.now });
        }
        if let Effect::Copy { .. } = effect {
            let text = self.texts.text("toast-copied", &[]);
            self.toast(Tone::Info, text);
        }
        self.effects.push(effect);
    }

    pub(super) fn ask_frame(&mut self, tag: &str, request: zhengai_wire::Request) -> RequestId {
        let id = self.next_id();
        self.pending.insert(id, Pending { visit: FRAME, purpose: Purpose::Load, tag: tag.to_owned(), since: self.now });
        self.effects.push(Effect::Call { id, request });
        id
    }

    /// Asks who the person is, in the language of the console.
    pub(super) fn ask_session(&mut self) {
        let id = self.ask_frame(tag::SESSION, zhengai_wire::session::show().into_request());
        self.session.expect(id);
    }

    pub(super) fn next_id(&mut self) -> RequestId {
        self.last_id += 1;
        RequestId(self.last_id)
    }

    pub(super) fn toast(&mut self, tone: Tone, text: String) {
        self.toasts.show(Toast { tone, text }, self.now);
    }

    /// The key that people are told for a command: the first that an input method does not swallow.
    pub(super) fn key_of(&self, id: CommandId) -> String {
        let keys = self.keymap.keys(self.place(), id);
        let best = keys.iter().find(|keys| !keys.is_plain()).or_else(|| keys.first());
        best.map(Keys::to_string).unwrap_or_default()
    }
}
