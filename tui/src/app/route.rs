//! Where events go: what lies on top first, then the screen, then the frame itself.

use crate::app::command::{Command, CommandId};
use crate::app::cx::{Ask, Choice, Confirm, Cx, Pick, Purpose, Toast, Tone, say_failure};
use crate::app::event::Event;
use crate::app::jobs::News;
use crate::app::load::{Answer, Reply, RequestId};
use crate::app::overlay::{Overlay, Reaction};
use crate::app::screen::{Handled, Params, ScreenEvent, ScreenId};
use crate::app::{App, Entry, Pending, Reach, Target, Timer, UNDO, Undoable};
use crate::effect::{Effect, Mouse};
use crate::keymap::{Action, Chord, Keys, Meaning};
use chrono::TimeDelta;
use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use zhengai_wire::undo::{Undo, UndoOrder};
use zhengai_wire::{Failure, Job, JobState};

/// How long the second `Ctrl+C` may take.
const TWICE: TimeDelta = TimeDelta::seconds(2);
/// Requests of the frame itself.
const FRAME: u64 = 0;

/// Tags of the frame's own requests and questions.
mod tag {
    pub(super) const SESSION: &str = "frame-session";
    pub(super) const JOBS: &str = "frame-jobs";
    pub(super) const UNDO: &str = "frame-undo";
    pub(super) const CANCEL: &str = "frame-cancel";
    pub(super) const QUIT: &str = "frame-quit";
    pub(super) const LEAVE: &str = "frame-leave";
    pub(super) const LOOK_BACK: &str = "frame-look-back";
    pub(super) const TAKE_BACK: &str = "frame-take-back";
    pub(super) const QUIT_UNSAVED: &str = "frame-quit-unsaved";
}

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
                let id = self.ask_frame(tag::SESSION, zhengai_wire::session::show().into_request());
                self.session.expect(id);
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
    }

    fn tick(&mut self) {
        let now = self.now;
        let (due, later): (Vec<Timer>, Vec<Timer>) =
            std::mem::take(&mut self.timers).into_iter().partition(|timer| timer.at <= now);
        self.timers = later;
        self.dirty |=
            !due.is_empty() || self.waiting_since().is_some() || self.overlays.iter().any(Overlay::shows_time);
        for timer in due {
            self.tell(timer.visit, &ScreenEvent::Timer { tag: timer.tag });
        }
    }

    // Keys

    fn key(&mut self, key: &KeyEvent) {
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

    fn editing(&self) -> bool {
        self.top().is_some_and(|entry| entry.screen.editing())
    }

    fn paste(&mut self, text: &str) {
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

    fn mouse(&mut self, mouse: MouseEvent) {
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

    // Commands

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
            Command::act(Action::Quit).hint(211),
        ];
        for command in frame {
            if !all.iter().any(|known| known.id == command.id) {
                all.push(command);
            }
        }
        all
    }

    fn cell(&self) -> Option<crate::app::screen::WhyTarget> {
        self.top().and_then(|entry| entry.screen.cell())
    }

    fn command(&mut self, id: CommandId) {
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

    fn act(&mut self, action: Action) {
        match action {
            Action::Palette => self.open_palette(),
            Action::Help => self.open_help(),
            Action::Jobs => self.toggle_jobs(),
            Action::Quit => self.quit(),
            Action::Jump => self.open_jump(),
            Action::Mouse => self.switch_mouse(),
            Action::Interrupt => self.interrupt(),
            _ => {
                if self.tell_top(&ScreenEvent::Do(action)) == Handled::No {
                    self.fall_back(action);
                }
            }
        }
    }

    /// What the frame does with an action that the screen did not want.
    fn fall_back(&mut self, action: Action) {
        match action {
            Action::Back if self.toasts.dismiss() => {}
            Action::Back => self.back(),
            Action::Forward => {
                if let Some((screen, params)) = self.forward.pop() {
                    self.push(screen, params);
                }
            }
            Action::Undo => self.take_back(),
            Action::Why => {
                if let Some(target) = self.cell() {
                    self.go(ScreenId::Why, target.params());
                }
            }
            _ => {}
        }
    }

    fn interrupt(&mut self) {
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

    fn switch_mouse(&mut self) {
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

    fn take_back(&mut self) {
        let Some(last) = self.undo.pop() else {
            // Nothing was done since the console began: the audit log knows what was done before.
            self.ask_frame(tag::LOOK_BACK, zhengai_wire::undo::show().into_request());
            return;
        };
        let id = self.next_id();
        self.pending.insert(
            id,
            Pending { visit: last.visit, purpose: Purpose::Act, tag: tag::UNDO.to_owned(), since: self.now },
        );
        self.effects.push(Effect::Call { id, request: last.undo });
        let text = self.texts.text("toast-undoing", &[("what", &last.text)]);
        self.toast(Tone::Info, text);
    }

    /// Asks before something is taken back that was done before the console began.
    fn looked_back(&mut self, last: Option<Undo>) {
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

    // The stack

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

    fn go(&mut self, id: ScreenId, params: Params) {
        let same = self.top().is_some_and(|entry| entry.screen.id() == id && entry.params == params);
        if !same {
            self.forward.clear();
            self.push(id, params);
        }
    }

    fn back(&mut self) {
        if self.stack.len() > 1 && !self.leave_asks() {
            self.pop();
        }
    }

    /// Asks before something is lost; says whether it asked.
    fn leave_asks(&mut self) -> bool {
        let unsaved = self.top().is_some_and(|entry| entry.screen.unsaved());
        if unsaved {
            self.question(tag::LEAVE, "confirm-leave");
        }
        unsaved
    }

    fn question(&mut self, tag: &str, key: &str) {
        let text = |end: &str| self.texts.text(&format!("{key}{end}"), &[]);
        let confirm =
            Confirm { tag: tag.to_owned(), title: text(""), lines: vec![text("-line")], yes: text("-yes"), code: None };
        self.overlays.push(Overlay::confirm(FRAME, confirm));
    }

    fn pop(&mut self) {
        let Some(entry) = self.stack.pop() else { return };
        // What it only wanted to read, nobody needs any more; what it changes goes on.
        let loads: Vec<RequestId> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.visit == entry.visit && pending.purpose == Purpose::Load)
            .map(|(id, _)| *id)
            .collect();
        for id in loads {
            self.forget(id);
        }
        self.timers.retain(|timer| timer.visit != entry.visit);
        self.overlays.retain(|overlay| overlay.visit() != Some(entry.visit));
        if !entry.screen.id().is_overlay() {
            self.forward.push((entry.screen.id(), entry.params));
        }
        self.tell_top(&ScreenEvent::Resumed);
    }

    fn forget(&mut self, id: RequestId) {
        if self.pending.remove(&id).is_some() {
            self.effects.push(Effect::Forget { id });
        }
    }

    // Leaving

    fn quit(&mut self) {
        if self.stack.iter().any(|entry| entry.screen.unsaved()) {
            return self.question(tag::QUIT_UNSAVED, "confirm-quit");
        }
        self.quit_with_jobs();
    }

    fn quit_with_jobs(&mut self) {
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
        self.overlays.push(Overlay::pick(FRAME, pick, &self.texts));
    }

    fn frame_event(&mut self, event: &ScreenEvent) {
        match event {
            ScreenEvent::Confirmed { tag } if tag == tag::TAKE_BACK => {
                let order = UndoOrder { seq: self.undo_seq.take() };
                let undo = zhengai_wire::undo::take_back(&order).into_request();
                let visit = self.top().map_or(FRAME, |entry| entry.visit);
                self.undo.push(Undoable { visit, text: self.texts.text("action-undo", &[]), undo });
                self.take_back();
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

    // Answers and jobs

    fn answer(&mut self, id: RequestId, outcome: Result<Reply, Failure>) {
        let Some(pending) = self.pending.remove(&id) else { return };
        match (&outcome, &mut self.reach) {
            (Err(failure @ Failure::Unreachable { .. }), Reach::There(link)) => {
                self.lost_link = Some(link.clone());
                self.reach = Reach::Lost(failure.clone());
            }
            (Ok(_) | Err(Failure::Problem(_)), Reach::Lost(_)) => {
                if let Some(link) = self.lost_link.take() {
                    self.reach = Reach::There(link);
                }
            }
            _ => {}
        }
        let answer = Answer { id, tag: pending.tag, outcome };
        if let (Purpose::Act | Purpose::Job, Err(failure)) = (pending.purpose, &answer.outcome) {
            let text = say_failure(failure, &self.texts);
            self.toast(Tone::Bad, text);
        }
        if let (Purpose::Job, Ok(job)) = (pending.purpose, answer.read::<Job>()) {
            let text = self.texts.text("toast-job-started", &[("kind", &self.kind(&job)), ("subject", &job.subject)]);
            self.toast(Tone::Info, text);
            self.job(job);
        }
        match answer.tag.as_str() {
            tag::SESSION => {
                self.session.take(&answer);
            }
            tag::LOOK_BACK => match answer.read::<Option<Undo>>() {
                Ok(last) => self.looked_back(last),
                Err(failure) => {
                    let text = say_failure(&failure, &self.texts);
                    self.toast(Tone::Bad, text);
                }
            },
            tag::JOBS => {
                for job in answer.read::<Vec<Job>>().unwrap_or_default() {
                    self.job(job);
                }
            }
            tag::CANCEL => {
                if let Ok(job) = answer.read::<Job>() {
                    self.job(job);
                }
            }
            tag::UNDO => {
                if answer.outcome.is_ok() {
                    let text = self.texts.text("toast-undone", &[]);
                    self.toast(Tone::Good, text);
                    self.tell_top(&ScreenEvent::Resumed);
                }
            }
            _ => {
                self.with(pending.visit, |entry, cx| {
                    entry.screen.answer(&answer, cx);
                    Handled::Yes
                });
            }
        }
    }

    /// A kind of job in words; one that the console has no word for is shown as it is.
    pub(super) fn kind(&self, job: &Job) -> String {
        let key = format!("job-kind-{}", job.kind);
        if self.texts.has(&key) { self.texts.text(&key, &[]) } else { job.kind.clone() }
    }

    fn job(&mut self, job: Job) {
        if !job.state.is_over() && self.jobs.watch(&job.id) {
            self.effects.push(Effect::Watch { job: job.id.clone() });
        }
        let news = self.jobs.take(job.clone());
        if news == News::Old {
            return;
        }
        if news == News::Over {
            self.job_over(&job);
        }
        let event = ScreenEvent::Job(Box::new(job));
        let visits: Vec<u64> = self.stack.iter().map(|entry| entry.visit).collect();
        for visit in visits {
            self.tell(visit, &event);
        }
        if self.jobs_end_quits && self.jobs.running().next().is_none() {
            self.effects.push(Effect::Quit);
        }
    }

    fn job_over(&mut self, job: &Job) {
        let (key, tone) = match job.state {
            JobState::Done => ("toast-job-done", Tone::Good),
            JobState::Cancelled => ("toast-job-cancelled", Tone::Caution),
            _ => ("toast-job-failed", Tone::Bad),
        };
        let cause = job.problem.as_ref().map(|problem| problem.detail.clone()).unwrap_or_default();
        let kind = self.kind(job);
        let arguments = [("kind", kind.as_str()), ("subject", &job.subject), ("cause", &cause)];
        let text = self.texts.text(key, &arguments);
        self.toast(tone, text);
    }

    pub(super) fn cancel_job(&mut self, id: &str) {
        self.jobs.cancelling(id);
        self.ask_frame(tag::CANCEL, zhengai_wire::job::cancel(id).into_request());
    }

    // Between the frame and its screens

    pub(super) fn react(&mut self, reaction: Reaction) {
        match reaction {
            Reaction::Ignored | Reaction::Stay => {}
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
            Reaction::CancelJob(id) => self.cancel_job(&id),
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

    fn tell_top(&mut self, event: &ScreenEvent) -> Handled {
        let Some(visit) = self.top().map(|entry| entry.visit) else { return Handled::No };
        self.with(visit, |entry, cx| entry.screen.update(event, cx))
    }

    fn tell(&mut self, visit: u64, event: &ScreenEvent) {
        self.with(visit, |entry, cx| entry.screen.update(event, cx));
    }

    /// Lets a screen do something, then carries out what it asked for.
    fn with(&mut self, visit: u64, work: impl FnOnce(&mut Entry, &mut Cx<'_>) -> Handled) -> Handled {
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

    fn carry(&mut self, visit: u64, ask: Ask) {
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
            Ask::Pick(pick) => self.overlays.push(Overlay::pick(visit, pick, &self.texts)),
            Ask::Prompt(prompt) => self.overlays.push(Overlay::prompt(visit, prompt)),
            Ask::Undoable { text, undo } => {
                let key = self.key_of(CommandId::Act(Action::Undo));
                let offer = self.texts.text("toast-undoable", &[("what", &text), ("key", &key)]);
                self.toasts.offer(offer, self.now);
                self.undo.push(Undoable { visit, text, undo });
                if self.undo.len() > UNDO {
                    self.undo.remove(0);
                }
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

    fn carry_effect(&mut self, visit: u64, effect: Effect) {
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

    fn ask_frame(&mut self, tag: &str, request: zhengai_wire::Request) -> RequestId {
        let id = self.next_id();
        self.pending.insert(id, Pending { visit: FRAME, purpose: Purpose::Load, tag: tag.to_owned(), since: self.now });
        self.effects.push(Effect::Call { id, request });
        id
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id += 1;
        RequestId(self.last_id)
    }

    fn toast(&mut self, tone: Tone, text: String) {
        self.toasts.show(Toast { tone, text }, self.now);
    }

    /// The key that people are told for a command: the first that an input method does not swallow.
    pub(super) fn key_of(&self, id: CommandId) -> String {
        let keys = self.keymap.keys(self.place(), id);
        let best = keys.iter().find(|keys| !keys.is_plain()).or_else(|| keys.first());
        best.map(Keys::to_string).unwrap_or_default()
    }
}
