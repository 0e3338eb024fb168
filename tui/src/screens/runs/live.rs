//! A diagnosis at work: its stages, how far it is, what it has met, how long it will still take.

use crate::app::jobs::clock;
use crate::app::{Answer, Command, Confirm, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state;
use crate::theme::Role;
use crate::widgets::{Gauge, titled_rule};
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::job;
use zhengai_wire::runs::Diagnosed;
use zhengai_wire::{Job, JobState};

/// Stages in their order: word of the job and key of the name.
const STAGES: [(&str, &str); 5] = [
    ("objects", "runs-stage-objects"),
    ("scan", "runs-stage-scan"),
    ("evaluate", "runs-stage-evaluate"),
    ("rules", "runs-stage-rules"),
    ("results", "runs-stage-results"),
];

/// An estimate before this part of a stage is done would only jump about.
const ENOUGH: f64 = 0.02;

/// A diagnosis at work.
pub(super) struct Live {
    id: String,
    job: Load<Job>,
    /// The stage that it is in, and since when.
    stage: Option<(String, DateTime<Utc>)>,
    now: DateTime<Utc>,
}

impl Live {
    pub(super) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), job: Load::default(), stage: None, now: DateTime::UNIX_EPOCH }
    }

    fn take(&mut self, job: Job, now: DateTime<Utc>) {
        self.now = now;
        let stage = &job.progress.stage_id;
        if !stage.is_empty() && self.stage.as_ref().is_none_or(|(known, _)| known != stage) {
            self.stage = Some((stage.clone(), now));
        }
        self.job = Load::ready(job);
    }

    /// How long the present stage will still take, when that can be said.
    fn left(&self, job: &Job) -> Option<TimeDelta> {
        let total = job.progress.total.filter(|total| *total > 0)?;
        let part = job.progress.done as f64 / total as f64;
        let (_, since) = self.stage.as_ref()?;
        let spent = (self.now - *since).num_milliseconds().max(0) as f64;
        ((ENOUGH..1.0).contains(&part) && spent >= 1000.0)
            .then(|| TimeDelta::milliseconds((spent / part * (1.0 - part)) as i64))
    }

    fn run(&self) -> Option<String> {
        let result = self.job.get()?.result.clone()?;
        serde_json::from_value::<Diagnosed>(result).ok().map(|done| done.run)
    }

    fn facts(&self, job: &Job, texts: &Texts) -> Vec<(String, String)> {
        let count = |word: &str| job.progress.counts.get(word).copied().unwrap_or(0).to_string();
        let text = |key: &str| texts.text(key, &[]);
        let begun = job.started_at.unwrap_or(job.queued_at);
        let spent = job.ended_at.unwrap_or(self.now) - begun;
        let mut facts = vec![
            (text("runs-live-rows"), count("rows")),
            (text("runs-live-values"), count("values")),
            (text("runs-live-undetermined"), count("undetermined")),
            (text("runs-live-elapsed"), clock(spent)),
        ];
        if !job.state.is_over() {
            let left = self.left(job).map_or_else(|| text("runs-live-unknown"), clock);
            facts.push((text("runs-live-left"), left));
        }
        facts
    }
}

/// Key of the name of a job's state, and its role.
fn state(state: JobState) -> (&'static str, Role) {
    match state {
        JobState::Queued => ("runs-job-queued", Role::Dim),
        JobState::Running => ("runs-job-running", Role::Accent),
        JobState::Cancelling => ("runs-job-cancelling", Role::Warn),
        JobState::Done => ("runs-job-done", Role::Good),
        JobState::Failed => ("runs-job-failed", Role::Bad),
        JobState::Cancelled => ("runs-job-cancelled", Role::Warn),
    }
}

impl Screen for Live {
    fn id(&self) -> ScreenId {
        ScreenId::Runs
    }

    fn crumb(&self, texts: &Texts) -> String {
        match self.job.get() {
            Some(job) => texts.text("runs-live-crumb", &[("period", &job.subject)]),
            None => self.id.clone(),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.now = cx.now;
        cx.load(&mut self.job, job::show(&self.id));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Job(job) if job.id == self.id => self.take((**job).clone(), cx.now),
            ScreenEvent::Do(Action::Refresh) => {
                cx.load(&mut self.job, job::show(&self.id));
            }
            ScreenEvent::Do(Action::Remove) => {
                if self.job.get().is_some_and(|job| !job.state.is_over()) {
                    cx.confirm(Confirm {
                        tag: "cancel".to_owned(),
                        title: cx.text("runs-cancel-title", &[]),
                        lines: vec![cx.text("runs-cancel-what", &[])],
                        yes: cx.text("runs-cancel-yes", &[]),
                        code: None,
                    });
                }
            }
            ScreenEvent::Confirmed { tag } if tag == "cancel" => {
                cx.cancel_job(&self.id);
            }
            ScreenEvent::Do(Action::Open) => {
                if let Some(run) = self.run() {
                    cx.replace(ScreenId::Runs, Params::new().with("run", run));
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.job.take(answer)
            && let Some(job) = self.job.get().cloned()
        {
            self.take(job, cx.now);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let over = self.job.get().is_some_and(|job| job.state.is_over());
        let done = self.run().map(|_| ()).ok_or("runs-why-not-done");
        let alive = if over { Err("runs-why-over") } else { Ok(()) };
        vec![
            Command::act(Action::Open).named("runs-see-results").hint(1).when(done),
            Command::act(Action::Remove).named("runs-cancel").hint(2).when(alive),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let row = |line: u16| Rect { y: inner.y + line, height: u16::from(line < inner.height), ..inner };
        let Some(job) = state::ready(canvas, area, &self.job) else { return };
        let (key, role) = state(job.state);
        let said = canvas.text(key, &[]);
        let spinner = if job.state.is_over() { " " } else { canvas.spinner() };
        let (strong, plain, dim) = (canvas.style(role), canvas.style(Role::Title), canvas.style(Role::Dim));
        let by = canvas.text("runs-live-by", &[("who", &job.actor), ("job", &job.id)]);
        canvas.line(
            row(0),
            &[
                (&job.subject, plain),
                ("  ", plain),
                (spinner, strong),
                (" ", plain),
                (&said, strong),
                ("  ", dim),
                (&by, dim),
            ],
        );
        let mut line = 2;
        let at = STAGES.iter().position(|(word, _)| *word == job.progress.stage_id);
        for (number, (_, key)) in STAGES.iter().enumerate() {
            stage(canvas, row(line), &canvas.text(key, &[]), place(job, at, number));
            if Some(number) == at && !job.state.is_over() {
                let bar = Rect { x: inner.x + 24, width: inner.width.saturating_sub(24).min(48), ..row(line) };
                Gauge::new(job.progress.done, job.progress.total).role(Role::Accent).view(canvas, bar);
            }
            line += 1;
        }
        line += 1;
        let title = canvas.text("runs-live-met", &[]);
        if line < inner.height {
            titled_rule(canvas, row(line), &title, Role::Dim);
        }
        for (label, value) in self.facts(job, canvas.texts) {
            line += 1;
            canvas.line(row(line), &[(&label, dim)]);
            let right = Rect { width: inner.width.min(40), ..row(line) };
            canvas.right(right, &value, canvas.style(Role::Text));
        }
        if let Some(problem) = &job.problem {
            line += 2;
            let bad = canvas.style(Role::Bad);
            for text in std::iter::once(&problem.detail).chain(&problem.more) {
                let wrapped = canvas.cells().wrap(text, inner.width);
                for part in wrapped {
                    canvas.line(row(line), &[(&part, bad)]);
                    line += 1;
                }
            }
        }
    }
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Here,
    Behind,
}

fn place(job: &Job, at: Option<usize>, number: usize) -> Place {
    if job.state == JobState::Done {
        return Place::Behind;
    }
    match at {
        Some(at) if number < at => Place::Behind,
        Some(at) if number == at => Place::Here,
        _ => Place::Before,
    }
}

fn stage(canvas: &mut Canvas<'_>, row: Rect, name: &str, place: Place) {
    let (glyph, role) = match place {
        Place::Behind => (canvas.glyphs().yes, Role::Good),
        Place::Here => (canvas.glyphs().job, Role::Accent),
        Place::Before => (" ", Role::Dim),
    };
    let style = canvas.style(role);
    canvas.line(row, &[(glyph, style), (" ", style), (name, style)]);
}
