//! Answers to requests, and news about jobs.

use crate::app::cx::{Purpose, Tone, say_failure};
use crate::app::jobs::News;
use crate::app::load::{Answer, Reply, RequestId};
use crate::app::screen::{Handled, ScreenEvent};
use crate::app::tag;
use crate::app::{App, Reach};
use crate::effect::Effect;
use zhengai_wire::undo::Undo;
use zhengai_wire::{Failure, Job, JobState};

impl App {
    pub(super) fn answer(&mut self, id: RequestId, outcome: Result<Reply, Failure>) {
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
            tag::SEEK => self.sought(&answer),
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
                if let Ok(undone) = answer.read::<Undo>() {
                    let text = self.texts.text("toast-undone", &[("what", &undone.text)]);
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

    pub(super) fn job(&mut self, job: Job) {
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

    pub(super) fn job_over(&mut self, job: &Job) {
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
}
