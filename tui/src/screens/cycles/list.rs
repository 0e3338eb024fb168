//! The cycles, newest first.

use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::screens::table::Hit;
use crate::theme::Role;
use crate::widgets::{Brush, Column, DataTable, Shown, Width};
use ratatui::layout::Rect;
use zhengai_wire::PageQuery;
use zhengai_wire::cycles::{self, CycleLine, CycleQuery, CycleState};

/// The list of cycles.
pub(super) struct List {
    list: Listing<CycleLine, CycleLine>,
}

impl List {
    pub(super) fn new() -> Self {
        let table = DataTable::new(columns(), |line: &CycleLine| line.cycle.id.clone()).empty("cycles-none");
        let ask = |piece: PageQuery| {
            cycles::list(&CycleQuery { offset: piece.offset, limit: piece.limit, ..CycleQuery::default() })
        };
        Self { list: Listing::new(table, |line| line, ask) }
    }

    fn open_cycle(&self, cx: &mut Cx<'_>) {
        if let Some(line) = self.list.table.selected() {
            cx.go(ScreenId::Cycles, Params::new().with("cycle", &line.cycle.id));
        }
    }
}

/// The state of a cycle as a cell.
pub(super) fn state(state: CycleState, brush: &Brush<'_>) -> Shown {
    let (glyph, key, role) = match state {
        CycleState::Open => (brush.look.glyphs.job, "cycles-state-open", Role::Accent),
        CycleState::Closed => (brush.look.glyphs.yes, "cycles-state-closed", Role::Good),
    };
    let name = brush.texts.text(key, &[]);
    Shown::new(brush.texts.text("cycles-glyph", &[("glyph", glyph), ("text", &name)]), role)
}

fn columns() -> Vec<Column<CycleLine>> {
    vec![
        Column::new("name", "cycles-col-name", |line: &CycleLine, _| Shown::from(line.cycle.name.as_str()))
            .width(Width::Fill(12)),
        Column::new("period", "cycles-col-period", |line: &CycleLine, _| Shown::from(line.cycle.period.as_str()))
            .width(Width::Fit(12)),
        Column::new("state", "cycles-col-state", |line: &CycleLine, brush| state(line.cycle.state, brush))
            .width(Width::Fit(10)),
        Column::new("step", "cycles-col-step", |line: &CycleLine, brush| {
            let step = line.cycle.template.step(&line.cycle.step);
            Shown::from(step.map(|step| step.names.get(brush.texts.language())).unwrap_or_default())
        })
        .width(Width::Fit(16)),
        Column::new("progress", "cycles-col-progress", |line: &CycleLine, brush| {
            let (done, total) = (line.progress.done.to_string(), line.progress.total.to_string());
            Shown::from(brush.texts.text("cycles-of", &[("done", &done), ("total", &total)]))
        })
        .number(),
        Column::new("runs", "cycles-col-runs", |line: &CycleLine, _| Shown::from(line.progress.runs.to_string()))
            .number()
            .priority(2),
        Column::new("left", "cycles-col-left", |line: &CycleLine, _| {
            let days = line.progress.days_left;
            match line.cycle.state {
                CycleState::Closed => Shown::dim(""),
                CycleState::Open if days < 0 => Shown::new(days.to_string(), Role::Warn),
                CycleState::Open => Shown::from(days.to_string()),
            }
        })
        .number()
        .priority(1),
        Column::new("id", "cycles-col-id", |line: &CycleLine, _| Shown::dim(line.cycle.id.as_str()))
            .width(Width::Fit(16))
            .priority(3),
        Column::new("template", "cycles-col-template", |line: &CycleLine, brush| {
            Shown::dim(line.cycle.template.names.get(brush.texts.language()))
        })
        .width(Width::Fit(20))
        .priority(4),
        Column::new("by", "cycles-col-by", |line: &CycleLine, _| Shown::dim(line.cycle.by.as_str()))
            .width(Width::Fit(12))
            .priority(5),
    ]
}

impl Screen for List {
    fn id(&self) -> ScreenId {
        ScreenId::Cycles
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.list.more(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Open) => self.open_cycle(cx),
            ScreenEvent::Do(Action::New) => cx.go(ScreenId::Cycles, Params::new().with("new", "new")),
            other => match self.list.drive(other, cx) {
                Hit::Open => self.open_cycle(cx),
                Hit::Moved | Hit::Sorted => {}
                Hit::Missed => return Handled::No,
            },
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        self.list.take(answer, cx);
    }

    fn commands(&self) -> Vec<Command> {
        let some = self.list.table.selected().map(|_| ()).ok_or("cycles-why-none");
        vec![
            Command::act(Action::Open).hint(1).when(some),
            Command::act(Action::New).named("cycles-new").hint(2),
            Command::act(Action::Columns).hint(3),
            Command::act(Action::Copy).when(some),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.list.view(canvas, area);
    }
}
