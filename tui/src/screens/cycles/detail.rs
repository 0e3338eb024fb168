//! One cycle: its steps as a timeline, what the present one asks for, and its runs.

use crate::app::{
    Answer, Choice, Command, Confirm, Cx, Handled, Length, Load, Many, Params, Pick, Prompt, Screen, ScreenEvent,
    ScreenId, Tone,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state;
use crate::screens::table::{Hit, drive};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Gauge, Shown, Width, titled_rule};
use ratatui::layout::Rect;
use zhengai_model::cycle::{LoopKind, Step};
use zhengai_model::text::Names;
use zhengai_text::Texts;
use zhengai_wire::cycles::{self, Cycle, CycleDetail, CycleMove, CycleState, CycleStep, StepState};

/// A step with where it stands.
#[derive(Debug, Clone)]
struct Line {
    step: Step,
    stands: Option<CycleStep>,
}

/// One cycle.
pub(super) struct Detail {
    id: String,
    detail: Load<CycleDetail>,
    table: DataTable<Line>,
    /// The step that is to be entered, while its evidence is asked for.
    to: Option<String>,
}

impl Detail {
    pub(super) fn new(id: &str) -> Self {
        let table = DataTable::new(columns(), |line: &Line| line.step.id.clone());
        Self { id: id.to_owned(), detail: Load::default(), table, to: None }
    }

    fn load(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.detail, cycles::show(&self.id));
    }

    fn is_open(&self) -> bool {
        self.detail.get().is_some_and(|detail| detail.cycle.state == CycleState::Open)
    }

    fn fill(&mut self) {
        let Some(detail) = self.detail.get() else { return };
        let stands = |step: &Step| detail.steps.iter().find(|record| record.step == step.id).cloned();
        let lines: Vec<Line> =
            detail.cycle.template.steps.iter().map(|step| Line { stands: stands(step), step: step.clone() }).collect();
        let present = detail.cycle.step.clone();
        let first = self.table.pages().total().is_none();
        self.table.set_rows(lines);
        if first {
            self.table.select(&present);
        }
    }

    /// Asks which step comes next; at once for its evidence when there is but one.
    fn advance(&mut self, cx: &mut Cx<'_>) {
        let Some(detail) = self.detail.get() else { return };
        let language = cx.texts.language();
        let name = |id: &String| detail.cycle.template.step(id).map(|step| step.names.get(language).to_owned());
        let choices: Vec<Choice> =
            detail.next.iter().map(|id| Choice::new(id, name(id).unwrap_or_else(|| id.clone())).detail(id)).collect();
        match detail.next.as_slice() {
            [] => {}
            [only] => {
                let only = only.clone();
                self.evidence(only, cx);
            }
            _ => cx.pick(Pick {
                tag: "to".to_owned(),
                title: cx.text("cycles-pick-step", &[]),
                choices,
                many: Many::One,
                chosen: Vec::new(),
            }),
        }
    }

    /// Asks what shows that the present step is done.
    fn evidence(&mut self, to: String, cx: &mut Cx<'_>) {
        let Some(detail) = self.detail.get() else { return };
        let step = detail.cycle.template.step(&detail.cycle.step);
        let wanted = step.map(|step| said(&step.evidence, cx.texts)).unwrap_or_default();
        let name = |id: &str| {
            let step = detail.cycle.template.step(id);
            step.map_or_else(|| id.to_owned(), |step| step.names.get(cx.texts.language()).to_owned())
        };
        let title = cx.text("cycles-move-title", &[("from", &name(&detail.cycle.step)), ("to", &name(&to))]);
        let help = match wanted.is_empty() {
            true => cx.text("cycles-move-help", &[]),
            false => cx.text("cycles-move-help-wanted", &[("wanted", &wanted)]),
        };
        cx.prompt(Prompt { tag: "evidence".to_owned(), title, help, text: String::new(), length: Length::Lines });
        self.to = Some(to);
    }

    fn diagnose(&self, cx: &mut Cx<'_>) {
        if let Some(detail) = self.detail.get() {
            let layers = detail.cycle.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(" ");
            let mut params =
                Params::new().with("new", "cycle").with("period", &detail.cycle.period).with("cycle", &detail.cycle.id);
            if !layers.is_empty() {
                params = params.with("layers", layers);
            }
            cx.go(ScreenId::Runs, params);
        }
    }
}

/// Names in one line.
fn said(names: &[Names], texts: &Texts) -> String {
    let names: Vec<&str> = names.iter().map(|names| names.get(texts.language())).collect();
    names.join(&texts.text("cycles-list-separator", &[]))
}

fn columns() -> Vec<Column<Line>> {
    vec![
        Column::new("state", "cycles-col-state", |line: &Line, brush| {
            let glyphs = brush.look.glyphs;
            let (glyph, key, role) = match line.stands.as_ref().map(|step| step.state) {
                Some(StepState::Done) => (glyphs.yes, "cycles-step-done", Role::Good),
                Some(StepState::Current) => (glyphs.job, "cycles-step-current", Role::Accent),
                _ => (" ", "cycles-step-pending", Role::Dim),
            };
            let name = brush.texts.text(key, &[]);
            Shown::new(brush.texts.text("cycles-glyph", &[("glyph", glyph), ("text", &name)]), role)
        })
        .width(Width::Fit(10)),
        Column::new("name", "cycles-col-step", |line: &Line, brush| {
            let name = line.step.names.get(brush.texts.language());
            let key = match line.step.of_loop {
                LoopKind::Large => "cycles-large-loop",
                LoopKind::Small => "cycles-small-loop",
            };
            Shown::from(brush.texts.text(key, &[("name", name)]))
        })
        .width(Width::Fill(12)),
        Column::new("diagnoses", "cycles-col-diagnoses", |line: &Line, brush| match line.step.diagnoses {
            true => Shown::from(brush.texts.text("cycles-diagnoses", &[])),
            false => Shown::dim(""),
        })
        .width(Width::Fit(6))
        .priority(3),
        Column::new("evidence", "cycles-col-evidence", |line: &Line, brush| {
            Shown::dim(said(&line.step.evidence, brush.texts))
        })
        .width(Width::Fill(10))
        .priority(2),
        Column::new("responsible", "cycles-col-responsible", |line: &Line, brush| {
            Shown::dim(said(&line.step.responsible, brush.texts))
        })
        .width(Width::Fit(20))
        .priority(4),
        Column::new("round", "cycles-col-round", |line: &Line, _| match line.stands.as_ref().map(|step| step.round) {
            Some(round) if round > 0 => Shown::from(round.to_string()),
            _ => Shown::dim(""),
        })
        .number()
        .priority(1),
        Column::new("entered", "cycles-col-entered", |line: &Line, _| {
            let at = line.stands.as_ref().and_then(|step| step.entered_at);
            Shown::dim(at.map(|at| at.format("%m-%d %H:%M").to_string()).unwrap_or_default())
        })
        .width(Width::Fit(11))
        .priority(2),
        Column::new("left", "cycles-col-left-at", |line: &Line, _| {
            let at = line.stands.as_ref().and_then(|step| step.left_at);
            Shown::dim(at.map(|at| at.format("%m-%d %H:%M").to_string()).unwrap_or_default())
        })
        .width(Width::Fit(11))
        .priority(3),
    ]
}

impl Screen for Detail {
    fn id(&self) -> ScreenId {
        ScreenId::Cycles
    }

    fn crumb(&self, _: &Texts) -> String {
        self.detail.get().map_or_else(|| self.id.clone(), |detail| detail.cycle.name.clone())
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.load(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Refresh) | ScreenEvent::Resumed => self.load(cx),
            ScreenEvent::Do(Action::Submit) | ScreenEvent::Own("advance") => self.advance(cx),
            ScreenEvent::Picked { tag, ids } if tag == "to" => {
                if let Some(to) = ids.first().cloned() {
                    self.evidence(to, cx);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "evidence" => {
                if let Some(to) = self.to.take() {
                    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                    let order = CycleMove { to, evidence: lines.map(str::to_owned).collect() };
                    cx.act(cycles::advance(&self.id, &order), "moved");
                }
            }
            ScreenEvent::Do(Action::Remove) | ScreenEvent::Own("close") => cx.prompt(Prompt {
                tag: "why".to_owned(),
                title: cx.text("cycles-close-title", &[]),
                help: cx.text("cycles-close-help", &[]),
                text: String::new(),
                length: Length::Line,
            }),
            ScreenEvent::Prompted { tag, text } if tag == "why" => cx.confirm(Confirm {
                tag: ["close ", text.trim()].concat(),
                title: cx.text("cycles-close-sure", &[]),
                lines: vec![cx.text("cycles-close-what", &[])],
                yes: cx.text("cycles-close-yes", &[]),
                code: None,
            }),
            ScreenEvent::Confirmed { tag } => {
                if let Some(why) = tag.strip_prefix("close ") {
                    cx.act(cycles::close(&self.id, why), "closed");
                }
            }
            ScreenEvent::Own("diagnose") => self.diagnose(cx),
            ScreenEvent::Do(Action::Open) | ScreenEvent::Own("runs") => {
                cx.go(ScreenId::Runs, Params::new().with("cycle", &self.id));
            }
            other => match drive(&mut self.table, other) {
                Hit::Moved | Hit::Open => {}
                Hit::Sorted | Hit::Missed => return Handled::No,
            },
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.detail.take(answer) {
            self.fill();
        }
        for (tag, key) in [("moved", "cycles-moved"), ("closed", "cycles-closed")] {
            if answer.is(tag)
                && let Ok(cycle) = answer.read::<Cycle>()
            {
                let step = cycle.template.step(&cycle.step).map(|step| step.names.get(cx.texts.language()));
                let text = cx.text(key, &[("cycle", &cycle.name), ("step", step.unwrap_or_default())]);
                cx.toast(Tone::Good, text);
                self.load(cx);
            }
        }
    }

    fn commands(&self) -> Vec<Command> {
        let open = if self.is_open() { Ok(()) } else { Err("cycles-why-closed") };
        let next = match self.detail.get() {
            Some(detail) if !detail.next.is_empty() => Ok(()),
            Some(detail) if detail.cycle.state == CycleState::Open => Err("cycles-why-last"),
            _ => Err("cycles-why-closed"),
        };
        vec![
            Command::own("advance", "cycles-advance").hint(1).when(next),
            Command::own("diagnose", "cycles-diagnose").hint(2).when(open),
            Command::act(Action::Open).named("cycles-runs").hint(3),
            Command::own("close", "cycles-close").hint(4).when(open),
            Command::act(Action::Columns).hint(5),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let Some(detail) = state::ready(canvas, area, &self.detail) else { return };
        if area.height < 4 {
            return;
        }
        let (cycle, progress) = (&detail.cycle, &detail.progress);
        let arguments = [
            ("cycle", cycle.id.clone()),
            ("period", cycle.period.clone()),
            ("runs", detail.runs.len().to_string()),
            ("days", progress.days_left.abs().to_string()),
            ("by", cycle.by.clone()),
            ("why", cycle.close_reason.clone().unwrap_or_default()),
        ];
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let key = match (cycle.state, progress.days_left < 0) {
            (CycleState::Closed, _) => "cycles-head-closed",
            (CycleState::Open, true) => "cycles-head-late",
            (CycleState::Open, false) => "cycles-head-open",
        };
        let text = canvas.text(key, &arguments);
        canvas.put(inner.x, inner.y, &text, canvas.style(Role::Dim), inner.width);
        let bar = Rect { y: inner.y + 1, height: 1, width: inner.width.min(48), ..inner };
        Gauge::new(progress.done, Some(progress.total)).role(Role::Good).view(canvas, bar);
        let title = canvas.text("cycles-steps", &[]);
        titled_rule(canvas, Rect { y: inner.y + 2, height: 1, ..inner }, &title, Role::Dim);
        self.table.view(canvas, Rect { y: area.y + 3, height: area.height - 3, ..area });
    }
}
