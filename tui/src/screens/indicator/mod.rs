//! 指标编辑: a form over a draft that is kept at every pause, examined as it grows, tried on real data, rehearsed over past
//! periods, and published as a whole.

mod fields;
mod state;
pub(super) mod told;
mod values;
mod view;

#[cfg(test)]
mod tests;

use crate::app::{Answer, Command, Confirm, Cx, Handled, Params, Prompt, Screen, ScreenEvent, ScreenId, Tone};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::widgets::{FormEvent, Motion};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEventKind};
use ratatui::layout::Rect;
use state::{Editor, Panel};
use std::time::Duration;
use zhengai_text::Texts;
use zhengai_wire::drafts::{self, PublishDraft, PublishedDraft, RehearseRequest};

/// A pause after which this machine keeps what was typed.
const HOLD: Duration = Duration::from_millis(150);
/// A pause after which a draft is examined.
const LOOK: Duration = Duration::from_millis(400);
/// A pause after which it is tried on real data.
const TRY: Duration = Duration::from_millis(1500);
/// A pause after which the server keeps it.
const KEEP: Duration = Duration::from_secs(3);

/// Makes the screen for the indicator that `code` names.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(Editor::new(params.get("code").unwrap_or_default()))
}

impl Screen for Editor {
    fn id(&self) -> ScreenId {
        ScreenId::Indicator
    }

    fn crumb(&self, _: &Texts) -> String {
        self.code.clone()
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.draft, drafts::show(&self.code));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Key(key) => return self.key(key, cx),
            ScreenEvent::Paste(text) => {
                let done = self.form.paste(text);
                self.after(done, cx);
            }
            ScreenEvent::Do(action) => return self.act(*action, cx),
            ScreenEvent::Own(word) => self.own(word, cx),
            ScreenEvent::Timer { tag } => self.timer(tag, cx),
            ScreenEvent::Job(job) if job.kind == "rehearse" && job.subject == self.code => self.rehearsed(job, cx),
            ScreenEvent::Picked { tag, ids } => {
                if let Some(id) = ids.first() {
                    self.form.set(tag, id);
                    self.edited(tag, cx);
                }
            }
            ScreenEvent::Confirmed { tag } if tag == "publish" => {
                let (title, help) = (cx.text("indicator-why", &[]), cx.text("indicator-why-help", &[]));
                cx.prompt(Prompt { tag: "why".into(), title, help, ..Prompt::default() });
            }
            ScreenEvent::Confirmed { tag } if tag == "discard" => {
                cx.drop_draft(&self.key_of_draft());
                if self.revision.is_some() {
                    cx.act(drafts::discard(&self.code), "discard");
                } else {
                    self.dirty = false;
                    cx.back();
                }
            }
            ScreenEvent::Confirmed { tag } if tag == "mine" => self.overwrite(cx),
            ScreenEvent::Confirmed { tag } if tag == "theirs" => self.take_theirs(cx),
            ScreenEvent::Prompted { tag, text } if tag == "why" => {
                self.why = Some(text.trim().to_owned()).filter(|why| !why.is_empty());
                if self.needs_leave() {
                    let (title, help) = (cx.text("indicator-leave", &[]), cx.text("indicator-leave-help", &[]));
                    cx.prompt(Prompt { tag: "leave".into(), title, help, ..Prompt::default() });
                } else {
                    self.publish(None, cx);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "leave" => {
                let leave = Some(text.trim().to_owned()).filter(|leave| !leave.is_empty());
                self.publish(leave, cx);
            }
            ScreenEvent::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(_) => {
                    let done = self.form.click(mouse.column, mouse.row);
                    self.after(done, cx);
                }
                MouseEventKind::ScrollDown => self.text.apply(Motion::WheelDown),
                MouseEventKind::ScrollUp => self.text.apply(Motion::WheelUp),
                _ => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.draft.take(answer) {
            self.opened(cx);
        } else if self.assistance.take(answer) {
            self.offer();
        } else if self.examination.take(answer) {
            self.mark(cx.texts);
        } else if self.sample.take(answer) {
            self.sampled = true;
            self.tell(cx.texts);
        } else if self.theirs.take(answer) {
            self.panel = Panel::Conflict;
            self.tell(cx.texts);
        } else if answer.is("local") {
            self.recovered(answer, cx);
        } else if answer.is("save") || answer.is("save-publish") {
            self.saved(answer, cx);
        } else if answer.is("publish") {
            match answer.read::<PublishedDraft>() {
                Ok(done) => {
                    self.dirty = false;
                    cx.drop_draft(&self.key_of_draft());
                    let version = done.published.version.to_string();
                    let text = cx.text("indicator-published", &[("code", &self.code), ("version", &version)]);
                    cx.toast(Tone::Good, text);
                    cx.back();
                }
                Err(failure) => self.refused(&failure, cx),
            }
        } else if answer.is("discard") && answer.outcome.is_ok() {
            self.dirty = false;
            cx.back();
        }
    }

    fn commands(&self) -> Vec<Command> {
        let loaded = if self.draft.get().is_some() { Ok(()) } else { Err("indicator-reason-loading") };
        let conflict = if self.theirs.get().is_some() { Ok(()) } else { Err("indicator-reason-no-conflict") };
        vec![
            Command::act(Action::Submit).named("indicator-publish").hint(1).when(loaded),
            Command::act(Action::Save).hint(2).when(loaded),
            Command::act(Action::Refresh).named("indicator-try").hint(3).when(loaded),
            Command::own("rehearse", "indicator-rehearse").hint(4).when(loaded),
            Command::own("panel", "indicator-panel").hint(5),
            Command::own("measure", "indicator-add-measure").when(loaded),
            Command::own("threshold", "indicator-add-threshold").when(loaded),
            Command::own("leave", "indicator-except").when(loaded),
            Command::own("drop", "indicator-drop").when(loaded),
            Command::own("fault", "indicator-next-fault"),
            Command::own("discard", "indicator-discard").when(loaded),
            Command::own("mine", "indicator-mine").when(conflict),
            Command::own("theirs", "indicator-theirs").when(conflict),
            Command::own("scroll-down", "indicator-scroll-down").hidden(),
            Command::own("scroll-up", "indicator-scroll-up").hidden(),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw(canvas, area);
    }

    fn editing(&self) -> bool {
        self.draft.get().is_some()
    }

    fn unsaved(&self) -> bool {
        self.dirty
    }

    fn keeps_draft(&self) -> bool {
        true
    }
}

impl Editor {
    fn key(&mut self, key: &KeyEvent, cx: &mut Cx<'_>) -> Handled {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        // Submitting and saving are commands; the form would take both for the same.
        if key.code == KeyCode::F(10) || control && key.code == KeyCode::Char('s') {
            return Handled::No;
        }
        match self.form.key(key) {
            FormEvent::Ignored => Handled::No,
            done => {
                self.after(done, cx);
                Handled::Yes
            }
        }
    }

    fn after(&mut self, done: FormEvent, cx: &mut Cx<'_>) {
        match done {
            FormEvent::Edited(id) => self.edited(&id, cx),
            FormEvent::Choose(id) => self.choose(&id, cx),
            FormEvent::Left(_) | FormEvent::Moved | FormEvent::Submit | FormEvent::Ignored => {}
        }
    }

    /// A field changed: the formula is parsed at once, the rest is looked at after a pause, and nothing is lost.
    fn edited(&mut self, id: &str, cx: &mut Cx<'_>) {
        self.dirty = true;
        self.sampled = false;
        let text = self.now();
        if fields::is_assisted(id) {
            self.ask_help(id, text, cx);
        }
        cx.after(HOLD, "hold");
        cx.after(LOOK, "look");
        cx.after(TRY, "try");
        cx.after(KEEP, "keep");
    }

    fn publish(&mut self, leave: Option<String>, cx: &mut Cx<'_>) {
        let request = PublishDraft { why: self.why.take(), revision: self.revision, leave };
        cx.act(drafts::publish(&self.code, &request), "publish");
    }

    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        match action {
            Action::Submit => self.submit(cx),
            Action::Save => self.save("save", cx),
            Action::Refresh => {
                if !self.mends_first("indicator-mend-first", cx) {
                    self.panel = Panel::Sample;
                }
                self.try_out(cx);
            }
            Action::New => self.own("measure", cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn own(&mut self, word: &str, cx: &mut Cx<'_>) {
        match word {
            "panel" => {
                self.panel = self.panel.next();
                self.tell(cx.texts);
            }
            "rehearse" if self.mends_first("indicator-mend-before", cx) => self.tell(cx.texts),
            "rehearse" => {
                self.panel = Panel::Rehearsal;
                self.played = Some(self.now());
                let request = RehearseRequest { text: Some(self.now()), ..RehearseRequest::default() };
                cx.job(drafts::rehearse(&self.code, &request));
                self.tell(cx.texts);
            }
            "leave" => self.except(cx),
            "measure" => self.rebuild(fields::with_measure(self.now()), cx),
            "threshold" => self.rebuild(fields::with_threshold(self.now()), cx),
            "drop" => {
                let id = self.form.focused().map(|field| field.id.clone()).unwrap_or_default();
                match fields::without(self.now(), &id) {
                    Some(text) => self.rebuild(text, cx),
                    None => {
                        let text = cx.text("indicator-nothing-to-drop", &[]);
                        cx.toast(Tone::Info, text);
                    }
                }
            }
            "fault" => self.form.next_fault(),
            "discard" => cx.confirm(Confirm {
                tag: "discard".into(),
                title: cx.text("indicator-discard-title", &[("code", &self.code)]),
                lines: vec![cx.text("indicator-discard-line", &[])],
                yes: cx.text("indicator-discard", &[]),
                code: None,
            }),
            "mine" => cx.confirm(Confirm {
                tag: "mine".into(),
                title: cx.text("indicator-mine-title", &[]),
                lines: vec![cx.text("indicator-mine-line", &[])],
                yes: cx.text("indicator-mine", &[]),
                code: None,
            }),
            "theirs" => cx.confirm(Confirm {
                tag: "theirs".into(),
                title: cx.text("indicator-theirs-title", &[]),
                lines: vec![cx.text("indicator-theirs-line", &[])],
                yes: cx.text("indicator-theirs", &[]),
                code: None,
            }),
            "scroll-down" => self.text.apply(Motion::PageDown),
            "scroll-up" => self.text.apply(Motion::PageUp),
            _ => {}
        }
    }

    fn timer(&mut self, tag: &str, cx: &mut Cx<'_>) {
        match tag {
            "hold" if self.dirty => {
                self.hold(cx);
            }
            "look" => {
                let call = drafts::examine(&self.now());
                cx.load(&mut self.examination, call);
            }
            "try" if self.panel == Panel::Sample || self.panel == Panel::Check => self.try_out(cx),
            "keep" if self.dirty && self.theirs.get().is_none() => self.save("save", cx),
            _ => {}
        }
    }
}
