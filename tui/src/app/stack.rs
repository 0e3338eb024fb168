//! The stack of screens: going, coming back, leaving, and what is asked before something is lost.

use crate::app::carry::FRAME;
use crate::app::cx::{Choice, Confirm, Pick, Purpose};
use crate::app::load::RequestId;
use crate::app::overlay::Overlay;
use crate::app::screen::{Handled, Params, ScreenEvent, ScreenId};
use crate::app::tag;
use crate::app::{App, Entry, Reach};
use crate::effect::Effect;

impl App {
    pub(super) fn push(&mut self, id: ScreenId, params: Params) {
        self.last_visit += 1;
        let screen = (self.build)(id, &params);
        let visit = self.last_visit;
        self.stack.push(Entry { visit, screen, params });
        self.with(visit, |entry, cx| {
            entry.screen.open(cx);
            Handled::Yes
        });
    }

    pub(super) fn go(&mut self, id: ScreenId, params: Params) {
        let same = self.top().is_some_and(|entry| entry.screen.id() == id && entry.params == params);
        if !same {
            self.forward.clear();
            self.push(id, params);
        }
    }

    pub(super) fn back(&mut self) {
        if self.stack.len() > 1 && !self.leave_asks() {
            self.pop();
        }
    }

    /// Asks before something is lost; says whether it asked.
    pub(super) fn leave_asks(&mut self) -> bool {
        let unsaved = self.top().is_some_and(|entry| entry.screen.unsaved());
        if unsaved {
            let kept = self.top().is_some_and(|entry| entry.screen.keeps_draft());
            self.question(tag::LEAVE, "confirm-leave", kept);
        }
        unsaved
    }

    /// Asks before unsaved changes are left behind, and says whether they are kept.
    pub(super) fn question(&mut self, tag: &str, key: &str, kept: bool) {
        let text = |key: &str| self.texts.text(key, &[]);
        let line = text(if kept { "confirm-unsaved-kept" } else { "confirm-unsaved-lost" });
        let yes = text(&format!("{key}-yes"));
        let confirm = Confirm { tag: tag.to_owned(), title: text(key), lines: vec![line], yes, code: None };
        self.overlays.push(Overlay::confirm(FRAME, confirm));
    }

    pub(super) fn pop(&mut self) {
        let Some(entry) = self.stack.pop() else { return };
        self.drop_visit(entry.visit);
        if !entry.screen.id().is_overlay() {
            self.forward.push((entry.screen.id(), entry.params));
        }
        self.tell_top(&ScreenEvent::Resumed);
    }

    /// A visit is over: what it only wanted to read, nobody needs any more; what it changes goes on.
    pub(super) fn drop_visit(&mut self, visit: u64) {
        let loads: Vec<RequestId> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.visit == visit && pending.purpose == Purpose::Load)
            .map(|(id, _)| *id)
            .collect();
        for id in loads {
            self.forget(id);
        }
        self.timers.retain(|timer| timer.visit != visit);
        self.overlays.retain(|overlay| overlay.visit() != Some(visit));
    }

    pub(super) fn forget(&mut self, id: RequestId) {
        if self.pending.remove(&id).is_some() {
            self.effects.push(Effect::Forget { id });
        }
    }

    pub(super) fn quit(&mut self) {
        let mut unsaved = self.stack.iter().filter(|entry| entry.screen.unsaved()).peekable();
        if unsaved.peek().is_some() {
            let kept = unsaved.all(|entry| entry.screen.keeps_draft());
            return self.question(tag::QUIT_UNSAVED, "confirm-quit", kept);
        }
        self.quit_with_jobs();
    }

    pub(super) fn quit_with_jobs(&mut self) {
        let running = self.jobs.running().count();
        if running == 0 {
            return self.effects.push(Effect::Quit);
        }
        let local = !matches!(&self.reach, Reach::There(link) if !link.local);
        let text = |key: &str| self.texts.text(key, &[]);
        let mut choices = vec![Choice::new("stay", text("quit-stay")).detail(text("quit-stay-detail"))];
        if !local {
            choices.push(Choice::new("leave", text("quit-leave")).detail(text("quit-leave-detail")));
        }
        choices.push(Choice::new("cancel", text("quit-cancel")).detail(text("quit-cancel-detail")));
        let title = self.texts.text("quit-title", &[("count", &running.to_string())]);
        let pick = Pick { tag: tag::QUIT.to_owned(), title, choices, ..Pick::default() };
        self.overlays.push(Overlay::pick(FRAME, pick));
    }

    pub(super) fn frame_event(&mut self, event: &ScreenEvent) {
        match event {
            ScreenEvent::Confirmed { tag } if tag == tag::TAKE_BACK => self.take_back(),
            ScreenEvent::Picked { tag, ids } if tag == tag::DRESS => {
                if let Some(word) = ids.first() {
                    self.dress_by_word(word);
                }
            }
            ScreenEvent::Confirmed { tag } if tag == tag::LEAVE => self.pop(),
            ScreenEvent::Confirmed { tag } if tag == tag::QUIT_UNSAVED => self.quit_with_jobs(),
            ScreenEvent::Picked { tag, ids } if tag == tag::QUIT => match ids.first().map(String::as_str) {
                Some("leave") => self.effects.push(Effect::Quit),
                Some("cancel") => {
                    let running: Vec<String> = self.jobs.running().map(|job| job.id.clone()).collect();
                    for id in running {
                        self.cancel_job(&id);
                    }
                    // The server stops them at their next safe point; the last one's end closes the console.
                    self.jobs_end_quits = true;
                }
                _ => {}
            },
            _ => {}
        }
    }
}
