//! Two runs beside each other: what differs, whether it went up or down, and why.

use super::words;
use crate::app::{
    Answer, Choice, Command, Cx, Handled, Load, Many, Params, Pick, Screen, ScreenEvent, ScreenId, State, WhyTarget,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::table::{Came, Hit, drive, take};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Shown, Width};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::runs::{self, CompareQuery, Comparison, DifferenceLine, Movement, ResultSide};

/// Movements in the order in which people ask for them: word and key of its name.
const MOVEMENTS: [(&str, &str, Movement); 6] = [
    ("worse", "runs-move-worse", Movement::Worse),
    ("better", "runs-move-better", Movement::Better),
    ("same", "runs-move-same", Movement::Same),
    ("other", "runs-move-other", Movement::Other),
    ("appeared", "runs-move-appeared", Movement::Appeared),
    ("gone", "runs-move-gone", Movement::Gone),
];

/// Causes of differences, the weightiest first: word and key of its name.
const CAUSES: [(&str, &str); 9] = [
    ("period", "runs-cause-period"),
    ("definition", "runs-cause-definition"),
    ("standard", "runs-cause-standard"),
    ("hierarchy", "runs-cause-hierarchy"),
    ("calendar", "runs-cause-calendar"),
    ("data", "runs-cause-data"),
    ("layers", "runs-cause-layers"),
    ("history", "runs-cause-history"),
    ("engine", "runs-cause-engine"),
];

/// Two runs beside each other.
pub(super) struct Compare {
    earlier: String,
    later: String,
    query: CompareQuery,
    piece: Load<Comparison>,
    table: DataTable<DifferenceLine>,
}

impl Compare {
    pub(super) fn new(earlier: &str, later: &str) -> Self {
        let key = |row: &DifferenceLine| {
            [row.indicator.as_str(), row.grain.as_str(), row.object.as_str(), row.period.as_str()].join(" ")
        };
        Self {
            earlier: earlier.to_owned(),
            later: later.to_owned(),
            query: CompareQuery::default(),
            piece: Load::default(),
            table: DataTable::new(columns(), key).empty("runs-compare-equal"),
        }
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        if let Some(page) = self.table.wanted() {
            let query = CompareQuery { offset: page.offset, limit: page.limit, ..self.query.clone() };
            cx.load(&mut self.piece, runs::compare(&self.earlier, &self.later, &query));
        }
    }

    fn count(&self, of: impl Fn(&Comparison) -> Option<u64>) -> String {
        self.piece.get().and_then(of).unwrap_or(0).to_string()
    }

    fn pick(&self, cx: &mut Cx<'_>, tag: &str) {
        let mut choices = vec![Choice::new("", cx.text("runs-any", &[]))];
        let chosen = match tag {
            "movement" => {
                choices.extend(MOVEMENTS.iter().map(|(word, key, movement)| {
                    let count = self.count(|piece| piece.summary.movements.get(movement).copied());
                    Choice::new(*word, cx.text(key, &[])).detail(count)
                }));
                let now = MOVEMENTS.iter().find(|(_, _, movement)| self.query.movement == Some(*movement));
                now.map(|(word, _, _)| (*word).to_owned())
            }
            _ => {
                choices.extend(CAUSES.iter().map(|(word, key)| {
                    let count = self.count(|piece| piece.summary.causes.get(*word).copied());
                    Choice::new(*word, cx.text(key, &[])).detail(count)
                }));
                self.query.cause.clone()
            }
        };
        let title = if tag == "movement" { "runs-pick-movement" } else { "runs-pick-cause" };
        cx.pick(Pick {
            tag: tag.to_owned(),
            title: cx.text(title, &[]),
            choices,
            many: Many::One,
            chosen: vec![chosen.unwrap_or_default()],
        });
    }

    fn picked(&mut self, tag: &str, id: Option<&String>) {
        let word = id.filter(|id| !id.is_empty());
        match tag {
            "movement" => {
                let found = MOVEMENTS.iter().find(|(known, _, _)| word.is_some_and(|word| word == known));
                self.query.movement = found.map(|(_, _, movement)| *movement);
            }
            _ => self.query.cause = word.cloned(),
        }
        self.table.reset();
        self.table.set_cursor(0);
    }

    fn head(&self, texts: &Texts) -> String {
        let Some(piece) = self.piece.get() else { return String::new() };
        let moved = |movement| piece.summary.movements.get(&movement).copied().unwrap_or(0).to_string();
        texts.text(
            "runs-compare-head",
            &[
                ("count", &piece.summary.differences.to_string()),
                ("better", &moved(Movement::Better)),
                ("worse", &moved(Movement::Worse)),
                ("shown", &piece.page.total.to_string()),
            ],
        )
    }
}

fn causes(row: &DifferenceLine, texts: &Texts) -> String {
    let name = |word: &String| {
        let key = CAUSES.iter().find(|(known, _)| known == word);
        key.map_or_else(|| word.clone(), |(_, key)| texts.text(key, &[]))
    };
    row.causes.iter().map(name).collect::<Vec<_>>().join(&texts.text("runs-list-separator", &[]))
}

fn columns() -> Vec<Column<DifferenceLine>> {
    type Side = fn(&DifferenceLine) -> Option<&ResultSide>;
    let value = |id: &str, title: &str, side: Side| {
        Column::new(id, title, move |row: &DifferenceLine, brush| match side(row) {
            Some(said) => words::value(&said.state, said.value.as_deref(), brush.look.glyphs),
            None => Shown::dim(""),
        })
        .number()
    };
    let verdict = |id: &str, title: &str, side: Side| {
        Column::new(id, title, move |row: &DifferenceLine, brush| match side(row) {
            Some(said) => words::verdict(&said.attainment, brush),
            None => Shown::dim(""),
        })
        .width(Width::Fit(10))
    };
    let (before, after): (Side, Side) = (|row| row.before.as_ref(), |row| row.after.as_ref());
    vec![
        Column::new("indicator", "runs-col-indicator", |row: &DifferenceLine, _| {
            Shown::from(row.indicator_name.clone().unwrap_or_else(|| row.indicator.clone()))
        })
        .width(Width::Fill(12)),
        Column::new("object_name", "runs-col-object", |row: &DifferenceLine, _| Shown::from(row.object_name.as_str()))
            .width(Width::Fill(8)),
        value("before", "runs-col-before", before),
        value("after", "runs-col-after", after),
        Column::new("movement", "runs-col-movement", |row: &DifferenceLine, brush| {
            words::movement(row.movement, brush)
        })
        .width(Width::Fit(8)),
        verdict("verdict_before", "runs-col-verdict-before", before).priority(3),
        verdict("verdict_after", "runs-col-verdict-after", after).priority(2),
        Column::new("cause", "runs-col-cause", |row: &DifferenceLine, brush| Shown::from(causes(row, brush.texts)))
            .width(Width::Fit(16))
            .priority(1),
        Column::new("period", "runs-col-period", |row: &DifferenceLine, _| Shown::dim(row.period.as_str()))
            .width(Width::Fit(12))
            .priority(4),
        Column::new("object", "runs-col-id", |row: &DifferenceLine, _| Shown::dim(row.object.as_str()))
            .width(Width::Fit(14))
            .priority(5),
    ]
}

impl Screen for Compare {
    fn id(&self) -> ScreenId {
        ScreenId::Runs
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("runs-compare-crumb", &[("earlier", &self.earlier), ("later", &self.later)])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Open) => {
                if let Some(row) = self.table.selected() {
                    let params = Params::new().with("run", &self.later).with("indicator", &row.indicator);
                    cx.go(ScreenId::Runs, params);
                }
            }
            ScreenEvent::Do(Action::Refresh) => self.table.reset(),
            ScreenEvent::Do(Action::Filter) | ScreenEvent::Own("movement") => self.pick(cx, "movement"),
            ScreenEvent::Own("cause") => self.pick(cx, "cause"),
            ScreenEvent::Picked { tag, ids } => self.picked(tag, ids.first()),
            other => match drive(&mut self.table, other) {
                Hit::Moved | Hit::Open => {}
                Hit::Sorted | Hit::Missed => return Handled::No,
            },
        }
        self.ask(cx);
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if take(&mut self.piece, &mut self.table, answer, |piece| piece.page.clone()) == Came::Rows {
            self.ask(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let some = self.table.selected().map(|_| ()).ok_or("runs-why-none");
        vec![
            Command::act(Action::Open).named("runs-see-results").hint(1).when(some),
            Command::act(Action::Why).hint(2).when(some),
            Command::own("movement", "runs-pick-movement").hint(3),
            Command::own("cause", "runs-pick-cause").hint(4),
            Command::act(Action::Columns).hint(5),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let (text, style) = match self.piece.state() {
            State::Failed(failure) => (canvas.failure(failure), canvas.style(Role::Bad)),
            State::Ready(_) => (self.head(canvas.texts), canvas.style(Role::Dim)),
            State::Empty | State::Loading => (canvas.text("tui-loading", &[]), canvas.style(Role::Dim)),
        };
        canvas.put(area.x + 1, area.y, &text, style, area.width.saturating_sub(2));
        self.table.view(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area });
    }

    fn cell(&self) -> Option<WhyTarget> {
        let row = self.table.selected()?;
        let object = [row.grain.as_str(), "/", row.object.as_str()].concat();
        let mut target = WhyTarget::value(&row.indicator, object);
        target.run = Some(if row.after.is_some() { self.later.clone() } else { self.earlier.clone() });
        target.period = Some(row.period.clone());
        Some(target)
    }
}
