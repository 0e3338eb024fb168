//! What a batch that waits would do: new, changed and gone rows, and those that were rejected; to be approved or refused.

use super::columns;
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::theme::Role;
use crate::widgets::{DataTable, Tabs, rule};
use ratatui::layout::Rect;
use zhengai_model::batch::{BatchState, RowFate};
use zhengai_text::Texts;
use zhengai_wire::Job;
use zhengai_wire::batches::{self, Batch, PlanLine, PlanQuery};
use zhengai_wire::rejects::{self, RejectLine, RejectQuery};

/// The fates of the tabs; the last tab has the rejected rows.
const FATES: [RowFate; 3] = [RowFate::New, RowFate::Changed, RowFate::Gone];

/// The plan of one batch.
pub(super) struct Plan {
    batch: String,
    load: Load<Batch>,
    /// A job is writing it: nothing more is to be decided.
    writing: bool,
    tabs: Tabs,
    fates: Vec<Listing<PlanLine, PlanLine>>,
    bad: Listing<RejectLine, RejectLine>,
}

impl Plan {
    pub(super) fn new(batch: &str) -> Self {
        let listing = |fate: RowFate| {
            let table = DataTable::new(columns::plan(), key).empty("data-no-rows");
            let of = batch.to_owned();
            Listing::new(
                table,
                |line| line,
                move |piece| batches::plan(&of, &PlanQuery { fate, offset: piece.offset, limit: piece.limit }),
            )
        };
        let of = batch.to_owned();
        let table = DataTable::new(columns::bad(), |row: &RejectLine| row.line.to_string()).empty("data-no-rejects");
        let bad = Listing::new(
            table,
            |line| line,
            move |piece| {
                let query = RejectQuery { offset: piece.offset, limit: piece.limit, ..RejectQuery::default() };
                rejects::list(&of, &query)
            },
        );
        Self {
            batch: batch.to_owned(),
            load: Load::default(),
            writing: false,
            tabs: Tabs::new(["data-fate-new", "data-fate-changed", "data-fate-gone", "data-fate-bad"]),
            fates: FATES.map(listing).into(),
            bad,
        }
    }

    /// Asks for the rows of the open tab.
    fn more(&mut self, cx: &mut Cx<'_>) {
        match self.fates.get_mut(self.tabs.at()) {
            Some(rows) => rows.more(cx),
            None => self.bad.more(cx),
        }
    }

    /// Asks for the batch anew, and for its rows: its state decides what is offered.
    fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.load, batches::show(&self.batch));
        for rows in &mut self.fates {
            rows.refresh(cx);
        }
        self.bad.refresh(cx);
    }

    /// A job about this batch moved on; its end changes what may be done.
    fn job(&mut self, job: &Job, cx: &mut Cx<'_>) {
        self.writing = !job.state.is_over();
        if job.state.is_over() {
            self.refresh(cx);
        }
    }

    fn waits(&self) -> Result<(), &'static str> {
        match self.load.get().map(|batch| batch.state) {
            _ if self.writing => Err("data-why-writing"),
            Some(BatchState::Held) => Ok(()),
            _ => Err("data-why-not-held"),
        }
    }
}

/// A row of a plan by its key.
fn key(row: &PlanLine) -> String {
    row.key.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join("\u{1f}")
}

impl Screen for Plan {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("data-crumb-plan", &[("batch", &self.batch)])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.load, batches::show(&self.batch));
        self.more(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::NextRegion) => self.tabs.next(),
            ScreenEvent::Do(Action::PreviousRegion) => self.tabs.previous(),
            ScreenEvent::Do(Action::Submit) if self.waits().is_ok() => super::decide::approve(&self.batch, cx),
            ScreenEvent::Do(Action::Remove) if self.waits().is_ok() => super::decide::refuse(&self.batch, cx),
            ScreenEvent::Do(Action::Refresh) | ScreenEvent::Resumed => self.refresh(cx),
            ScreenEvent::Job(job) if job.subject == self.batch => self.job(job, cx),
            ScreenEvent::Do(Action::Open) if self.tabs.at() == FATES.len() => {
                cx.go(ScreenId::Data, Params::new().with("rejects", &self.batch));
            }
            ScreenEvent::Do(Action::Open) => {
                if let Some(row) = self.fates.get(self.tabs.at()).and_then(|rows| rows.table.selected()) {
                    cx.notice(columns::planned(row, cx.texts));
                }
            }
            ScreenEvent::Do(action) => {
                let Some(motion) = action.motion() else { return Handled::No };
                match self.fates.get_mut(self.tabs.at()) {
                    Some(rows) => rows.apply(motion, cx),
                    None => self.bad.apply(motion, cx),
                }
            }
            ScreenEvent::Mouse(mouse) => {
                if !self.tabs.click(mouse.column, mouse.row) {
                    match self.fates.get_mut(self.tabs.at()) {
                        Some(rows) => drop(rows.mouse(mouse, cx)),
                        None => drop(self.bad.mouse(mouse, cx)),
                    }
                }
            }
            other => return super::decide::decided(other, cx),
        }
        self.more(cx);
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.load.take(answer) || self.bad.take(answer, cx) {
            return;
        }
        if !self.fates.iter_mut().any(|rows| rows.take(answer, cx)) && answer.is(super::decide::CHANGED) {
            match answer.outcome {
                Ok(_) => cx.back(),
                // Somebody else has decided meanwhile.
                Err(_) => self.refresh(cx),
            }
        }
    }

    fn commands(&self) -> Vec<Command> {
        let open = if self.tabs.at() == FATES.len() { "data-open-rejects" } else { "data-whole-row" };
        vec![
            Command::act(Action::Submit).named("data-approve").hint(1).when(self.waits()),
            Command::act(Action::Remove).named("data-refuse").hint(2).when(self.waits()),
            Command::act(Action::Open).named(open).hint(3),
            Command::act(Action::NextRegion).named("data-next-tab").hint(4).hidden(),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let row = |y: u16| Rect { y: area.y + y, height: 1.min(area.height.saturating_sub(y)), ..area };
        if let Some(batch) = self.load.get() {
            let counts = batch.counts.unwrap_or_default();
            let number = |count: u64| count.to_string();
            let text = canvas.text(
                "data-plan-head",
                &[
                    ("dataset", &batch.dataset),
                    ("file", &batch.file),
                    ("new", &number(counts.new)),
                    ("changed", &number(counts.changed)),
                    ("gone", &number(counts.gone)),
                    ("rejected", &number(counts.rejected)),
                    ("before", &number(counts.before)),
                ],
            );
            canvas.put(area.x + 1, area.y, &text, canvas.style(Role::Text), area.width.saturating_sub(2));
            if !batch.reason_text.is_empty() {
                let width = area.width.saturating_sub(2);
                canvas.put(area.x + 1, area.y + 1, &batch.reason_text, canvas.style(Role::Warn), width);
            }
        }
        rule(canvas, row(2));
        self.tabs.view(canvas, row(3));
        let rest = Rect { y: area.y + 4.min(area.height), height: area.height.saturating_sub(4), ..area };
        match self.fates.get(self.tabs.at()) {
            Some(rows) => rows.view(canvas, rest),
            None => self.bad.view(canvas, rest),
        }
    }
}
