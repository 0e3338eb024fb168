//! Results of a run, filtered and ordered by the server, read page by page.

use super::words;
use crate::app::{
    Answer, Choice, Command, Cx, Handled, Length, Load, Many, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId,
    State, Tone, WhyTarget,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::indicator::told;
use crate::screens::table::{Came, Hit, drive, take};
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Direction, Shown, Width};
use ratatui::layout::Rect;
use std::path::PathBuf;
use zhengai_model::layer::Layer;
use zhengai_text::Texts;
use zhengai_wire::runs::{self, ResultLine, ResultQuery, Results as Piece};

/// The choice that takes a filter away.
const ANY: &str = "";

/// Results of a run.
pub(super) struct Results {
    run: String,
    query: ResultQuery,
    piece: Load<Piece>,
    table: DataTable<ResultLine>,
}

impl Results {
    pub(super) fn new(run: &str, params: &Params) -> Self {
        let word = |name: &str| params.get(name).map(str::to_owned);
        let query = ResultQuery {
            layer: params.get("layer").and_then(Layer::parse),
            object: word("object"),
            indicator: word("indicator"),
            verdict: word("verdict"),
            ..ResultQuery::default()
        };
        let table = DataTable::new(columns(), key).empty("runs-no-rows");
        Self { run: run.to_owned(), query, piece: Load::default(), table }
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        if let Some(page) = self.table.wanted() {
            let query = ResultQuery { offset: page.offset, limit: page.limit, ..self.query.clone() };
            cx.load(&mut self.piece, runs::results(&self.run, &query));
        }
    }

    fn sorted(&mut self) {
        self.query.sort = self.table.sort().map(|(column, direction)| match direction {
            Direction::Up => column.to_owned(),
            Direction::Down => ["-", column].concat(),
        });
        self.table.reset();
    }

    fn pick_verdict(&self, cx: &mut Cx<'_>) {
        let mut choices = vec![Choice::new(ANY, cx.text("runs-any", &[]))];
        choices.extend(words::VERDICTS.iter().map(|(word, key)| Choice::new(*word, cx.text(key, &[])).detail(*word)));
        self.pick(cx, "verdict", choices, self.query.verdict.clone());
    }

    fn pick_layer(&self, cx: &mut Cx<'_>) {
        let mut choices = vec![Choice::new(ANY, cx.text("runs-any", &[]))];
        choices.extend(
            Layer::ALL.iter().map(|layer| {
                Choice::new(layer.as_str(), words::layer(layer.as_str(), cx.texts)).detail(layer.as_str())
            }),
        );
        self.pick(cx, "layer", choices, self.query.layer.map(|layer| layer.as_str().to_owned()));
    }

    fn pick(&self, cx: &mut Cx<'_>, tag: &str, choices: Vec<Choice>, chosen: Option<String>) {
        cx.pick(Pick {
            tag: tag.to_owned(),
            title: cx.text(if tag == "layer" { "runs-pick-layer" } else { "runs-pick-verdict" }, &[]),
            choices,
            many: Many::One,
            chosen: vec![chosen.unwrap_or_default()],
        });
    }

    fn picked(&mut self, tag: &str, id: Option<&String>) {
        let word = id.filter(|id| !id.is_empty()).cloned();
        match tag {
            "verdict" => self.query.verdict = word,
            _ => self.query.layer = word.and_then(|word| Layer::parse(&word)),
        }
        self.table.reset();
        self.table.set_cursor(0);
    }

    fn open_object(&self, cx: &mut Cx<'_>) {
        if let Some(row) = self.table.selected() {
            let params = Params::new().with("kind", &row.grain).with("id", &row.object).with("object", object(row));
            cx.go(ScreenId::Portrait, params.with("run", &self.run));
        }
    }

    /// What is filtered, and how many results fit.
    fn head(&self, texts: &Texts) -> String {
        let mut parts = Vec::new();
        let any = |key: &str| texts.text(key, &[]);
        let verdict = self.query.verdict.as_deref();
        let verdict = verdict.and_then(|word| words::VERDICTS.iter().find(|(known, _)| *known == word));
        parts.push(self.query.layer.map_or_else(|| any("runs-any-layer"), |layer| words::layer(layer.as_str(), texts)));
        parts.push(verdict.map_or_else(|| any("runs-any-verdict"), |(_, key)| any(key)));
        for (key, value) in [
            ("runs-head-indicator", &self.query.indicator),
            ("runs-head-object", &self.query.object),
            ("runs-head-search", &self.query.search),
        ] {
            if let Some(value) = value {
                parts.push(texts.text(key, &[("value", &told::named(value, texts))]));
            }
        }
        let total = self.table.pages().total().map(|total| total.to_string()).unwrap_or_default();
        let filters = parts.join(&texts.text("runs-list-separator", &[]));
        texts.text("runs-head", &[("run", &self.run), ("filters", &filters), ("total", &total)])
    }
}

/// An object as the API names objects.
fn object(row: &ResultLine) -> String {
    [row.grain.as_str(), "/", row.object.as_str()].concat()
}

fn key(row: &ResultLine) -> String {
    [row.indicator.as_str(), " ", row.grain.as_str(), "/", row.object.as_str(), " ", row.period.as_str()].concat()
}

fn columns() -> Vec<Column<ResultLine>> {
    vec![
        Column::new("indicator", "runs-col-indicator", |row: &ResultLine, _| {
            Shown::from(row.indicator_name.clone().unwrap_or_else(|| row.indicator.clone()))
        })
        .width(Width::Fill(12))
        .sorts(),
        Column::new("object_name", "runs-col-object", |row: &ResultLine, _| Shown::from(row.object_name.as_str()))
            .width(Width::Fill(10))
            .sorts(),
        Column::new("value", "runs-col-value", |row: &ResultLine, brush| {
            words::value(&row.state, row.value.as_deref(), brush.look.glyphs)
        })
        .number()
        .sorts(),
        Column::new("unit", "runs-col-unit", |row: &ResultLine, _| Shown::dim(row.unit.clone().unwrap_or_default()))
            .width(Width::Fit(6))
            .priority(3),
        Column::new("attainment", "runs-col-verdict", |row: &ResultLine, brush| words::verdict(&row.attainment, brush))
            .width(Width::Fit(10))
            .sorts(),
        Column::new("standard", "runs-col-standard", |row: &ResultLine, _| {
            Shown::from(row.standard.clone().unwrap_or_default())
        })
        .width(Width::Fit(14))
        .priority(1),
        Column::new("verified", "runs-col-verified", |row: &ResultLine, brush| {
            match (row.standard.is_some(), row.verified) {
                (true, false) => Shown::new(brush.texts.text("runs-unverified", &[]), Role::Warn),
                _ => Shown::dim(""),
            }
        })
        .width(Width::Fit(8))
        .priority(2),
        Column::new("target", "runs-col-target", |row: &ResultLine, _| {
            Shown::from(row.target.clone().unwrap_or_default())
        })
        .width(Width::Fit(14))
        .priority(4),
        Column::new("period", "runs-col-period", |row: &ResultLine, _| Shown::dim(row.period.as_str()))
            .width(Width::Fit(12))
            .priority(5)
            .sorts(),
        Column::new("object", "runs-col-id", |row: &ResultLine, _| Shown::dim(row.object.as_str()))
            .width(Width::Fit(14))
            .priority(6)
            .sorts(),
        Column::new("n", "runs-col-n", |row: &ResultLine, _| {
            Shown::dim(row.n.map(|count| count.to_string()).unwrap_or_default())
        })
        .number()
        .priority(7)
        .sorts(),
    ]
}

impl Screen for Results {
    fn id(&self) -> ScreenId {
        ScreenId::Runs
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("runs-results-crumb", &[("run", &self.run)])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Open) => self.open_object(cx),
            ScreenEvent::Do(Action::Refresh) => self.table.reset(),
            ScreenEvent::Do(Action::Copy) => cx.copy(self.table.chosen().join("\n")),
            ScreenEvent::Do(Action::Filter) => cx.prompt(Prompt {
                tag: "search".to_owned(),
                title: cx.text("runs-search-title", &[]),
                help: cx.text("runs-search-help", &[]),
                text: self.query.search.clone().unwrap_or_default(),
                length: Length::Line,
            }),
            ScreenEvent::Prompted { tag, text } if tag == "search" => {
                self.query.search = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                self.table.reset();
                self.table.set_cursor(0);
            }
            ScreenEvent::Own("verdict") => self.pick_verdict(cx),
            ScreenEvent::Own("layer") => self.pick_layer(cx),
            ScreenEvent::Picked { tag, ids } => self.picked(tag, ids.first()),
            ScreenEvent::Own("export") => cx.prompt(Prompt {
                tag: "export".to_owned(),
                title: cx.text("runs-export-title", &[]),
                help: cx.text("runs-export-help", &[]),
                text: [self.run.as_str(), ".csv"].concat(),
                length: Length::Line,
            }),
            ScreenEvent::Prompted { tag, text } if tag == "export" => {
                let to = text.trim();
                if !to.is_empty() {
                    cx.download(
                        runs::export(&self.run, to).into_request(),
                        PathBuf::from(to),
                        ["export ", to].concat(),
                    );
                }
            }
            other => match drive(&mut self.table, other) {
                Hit::Open => self.open_object(cx),
                Hit::Sorted => self.sorted(),
                Hit::Moved => {}
                Hit::Missed => return Handled::No,
            },
        }
        self.ask(cx);
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if let Some(file) = answer.tag.strip_prefix("export ") {
            match &answer.outcome {
                Ok(_) => {
                    let text = cx.text("runs-exported", &[("file", file)]);
                    cx.toast(Tone::Good, text);
                }
                Err(failure) => cx.failed(failure),
            }
        }
        let run = &mut self.run;
        let rows = |piece: &runs::Results| {
            run.clone_from(&piece.run);
            piece.page.clone()
        };
        if take(&mut self.piece, &mut self.table, answer, rows) == Came::Rows {
            self.ask(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let some = self.table.selected().map(|_| ()).ok_or("runs-why-none");
        vec![
            Command::act(Action::Open).named("runs-portrait").hint(1).when(some),
            Command::act(Action::Why).hint(2).when(some),
            Command::own("verdict", "runs-pick-verdict").hint(3),
            Command::own("layer", "runs-pick-layer").hint(4),
            Command::act(Action::Filter).named("runs-search").hint(5),
            Command::act(Action::Sort).hint(6),
            Command::own("export", "runs-export").hint(7),
            Command::act(Action::SortTurn),
            Command::act(Action::Columns),
            Command::act(Action::Copy).when(some),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let head = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
        let (text, style) = match self.piece.state() {
            State::Failed(failure) => (canvas.failure(failure), canvas.style(Role::Bad)),
            _ => (self.head(canvas.texts), canvas.style(Role::Dim)),
        };
        canvas.put(head.x, head.y, &text, style, head.width);
        self.table.view(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area });
    }

    fn cell(&self) -> Option<WhyTarget> {
        let row = self.table.selected()?;
        let mut target = WhyTarget::value(&row.indicator, object(row));
        target.run = Some(self.run.clone());
        target.period = Some(row.period.clone());
        Some(target)
    }
}
