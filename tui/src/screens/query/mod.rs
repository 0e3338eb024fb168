//! 查询台: SQL over the datasets that reads and nothing else: editor with completion, rows, plan, export of what is loaded.

mod complete;
#[cfg(test)]
mod tests;

use crate::app::{
    Answer, Choice, Command, Cx, Handled, Length, Load, Params, Pick, Prompt, RequestId, Screen, ScreenEvent, ScreenId,
    Tone,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::theme::Role;
use crate::widgets::input::Focus;
use crate::widgets::{Brush, Column, DataTable, Editor, Motion, Piece, Shown, TextView, Width, titled_rule};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use std::path::PathBuf;
use std::time::Duration;
use zhengai_wire::Failure;
use zhengai_wire::query::{self, QueryAnswer, QueryColumn, QueryExport, QueryPlan, QueryRequest, QueryWords};
use zhengai_wire::rejects::SheetFormat;

/// Rows asked for at a time.
const PIECE: u64 = 200;

/// Where the SQL is kept on this machine.
const DRAFT: &str = "query";

/// How long typing must rest before it is kept.
const REST: Duration = Duration::from_secs(2);

/// Makes the screen, with the SQL `sql` when it is given.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(Desk::new(params.get("sql")))
}

/// A row of an answer, with its number.
struct Row {
    at: u64,
    cells: Vec<Option<String>>,
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Editor,
    Rows,
}

/// What stands under the editor.
enum Below {
    /// Nothing was run yet.
    Nothing,
    /// Rows.
    Rows,
    /// How they would be found.
    Plan(TextView),
}

/// The desk.
struct Desk {
    editor: Editor,
    region: Region,
    below: Below,
    /// The SQL whose rows are shown.
    ran: String,
    /// The SQL that was sent last, to be run or explained.
    asked: String,
    load: Load<QueryAnswer>,
    waits: Option<RequestId>,
    columns: Vec<QueryColumn>,
    rows: Vec<Vec<Option<String>>>,
    table: DataTable<Row>,
    words: Load<QueryWords>,
    given: bool,
}

impl Desk {
    fn new(sql: Option<&str>) -> Self {
        Self {
            editor: Editor::new(sql.unwrap_or_default()),
            region: Region::Editor,
            below: Below::Nothing,
            ran: String::new(),
            asked: String::new(),
            load: Load::default(),
            waits: None,
            columns: Vec::new(),
            rows: Vec::new(),
            table: DataTable::new(Vec::new(), |row: &Row| row.at.to_string()).empty("query-no-rows"),
            words: Load::default(),
            given: sql.is_some(),
        }
    }

    fn is_running(&self) -> bool {
        self.load.is_loading()
    }

    fn has_sql(&self) -> Result<(), &'static str> {
        if self.editor.text().trim().is_empty() { Err("query-why-empty") } else { Ok(()) }
    }

    fn has_rows(&self) -> Result<(), &'static str> {
        if self.columns.is_empty() { Err("query-why-no-rows") } else { Ok(()) }
    }

    fn run(&mut self, cx: &mut Cx<'_>) {
        self.ran = self.editor.text();
        self.asked.clone_from(&self.ran);
        self.rows.clear();
        self.columns.clear();
        self.load.clear();
        self.below = Below::Rows;
        cx.keep_draft(DRAFT, self.ran.clone());
        self.fetch(cx);
    }

    /// Asks for the next rows of what was run.
    fn fetch(&mut self, cx: &mut Cx<'_>) {
        let offset = self.rows.len() as u64;
        let request = QueryRequest { sql: self.ran.clone(), offset: Some(offset), limit: Some(PIECE) };
        self.waits = Some(cx.load(&mut self.load, query::run(&request)));
    }

    /// Goes on when the cursor stands at the end of what is here and there is more.
    fn more(&mut self, cx: &mut Cx<'_>) {
        let cut = self.load.get().is_some_and(|answer| answer.cut.is_some());
        let end = self.table.cursor() + 1 >= self.rows.len() as u64;
        if cut && end && !self.is_running() && !self.rows.is_empty() {
            self.fetch(cx);
        }
    }

    fn stop(&mut self, cx: &mut Cx<'_>) {
        if let Some(id) = self.waits.take().filter(|_| self.is_running()) {
            cx.forget(id);
            self.load.clear();
            let text = cx.text("query-stopped", &[]);
            cx.toast(Tone::Info, text);
        }
    }

    /// Marks where a query that was refused is wrong, unless somebody wrote on since.
    fn mark(&mut self, failure: &Failure) {
        let Failure::Problem(problem) = failure else { return };
        if let (Some(line), Some(column)) = (problem.line, problem.column)
            && self.editor.text() == self.asked
        {
            self.editor.mark(line, column);
            self.region = Region::Editor;
        }
    }

    fn take(&mut self) {
        if let Some(failure) = self.load.failure().cloned() {
            self.mark(&failure);
        }
        let Some(answer) = self.load.get().filter(|_| self.load.failure().is_none()) else { return };
        if answer.offset == 0 {
            self.columns = answer.columns.clone();
            self.rows.clear();
            self.table = DataTable::new(columns(&self.columns), |row: &Row| row.at.to_string()).empty("query-no-rows");
        }
        self.rows.extend(answer.rows.iter().cloned());
        let rows = (0..).zip(&self.rows).map(|(at, cells)| Row { at, cells: cells.clone() });
        self.table.set_rows(rows.collect());
        if !self.rows.is_empty() {
            self.region = Region::Rows;
        }
    }

    fn complete(&mut self, cx: &mut Cx<'_>) {
        let Some(words) = self.words.get() else { return };
        let text = self.editor.text();
        let found = complete::candidates(words, &text, self.editor.cursor());
        let choices = found.into_iter().map(|word| Choice::new(word.text, word.label).detail(word.detail));
        let choices: Vec<Choice> = choices.collect();
        match choices.as_slice() {
            [] => {
                let text = cx.text("query-no-words", &[]);
                cx.toast(Tone::Info, text);
            }
            [only] => self.insert(&only.id.clone()),
            _ => {
                let title = cx.text("query-complete-title", &[]);
                cx.pick(Pick { tag: "complete".to_owned(), title, choices, ..Pick::default() });
            }
        }
    }

    fn insert(&mut self, word: &str) {
        let from = complete::begin(&self.editor.text(), self.editor.cursor());
        self.editor.replace_before(from, word);
    }

    fn export(&self, to: &str, cx: &mut Cx<'_>) {
        let export = QueryExport {
            format: SheetFormat::of_file(to),
            columns: self.columns.iter().map(|column| column.name.clone()).collect(),
            rows: self.rows.clone(),
        };
        cx.download(query::export(&export).into_request(), PathBuf::from(to), "export");
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        match id {
            "complete" => self.complete(cx),
            "plan" if self.has_sql().is_ok() => {
                self.asked = self.editor.text();
                let request = QueryRequest { sql: self.asked.clone(), ..QueryRequest::default() };
                cx.act(query::plan(&request), "plan");
            }
            "stop" => self.stop(cx),
            "export" if self.has_rows().is_ok() => cx.prompt(Prompt {
                tag: "export".to_owned(),
                title: cx.text("query-export-title", &[]),
                help: cx.text("query-export-help", &[]),
                text: "query.xlsx".to_owned(),
                length: Length::Line,
            }),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        match action {
            Action::Submit | Action::Refresh if self.has_sql().is_ok() && !self.is_running() => self.run(cx),
            Action::NextRegion | Action::PreviousRegion => {
                self.region = if self.region == Region::Editor { Region::Rows } else { Region::Editor };
            }
            Action::Edit => self.region = Region::Editor,
            Action::Columns => self.table.toggle_wide(),
            Action::Copy => {
                let cells = self.table.selected().map(|row| row.cells.clone());
                if let Some(cells) = cells {
                    let texts: Vec<String> = cells.into_iter().map(Option::unwrap_or_default).collect();
                    cx.copy(texts.join("\t"));
                }
            }
            _ => {
                let Some(motion) = action.motion() else { return Handled::No };
                self.moves(motion, cx);
            }
        }
        Handled::Yes
    }

    fn moves(&mut self, motion: Motion, cx: &mut Cx<'_>) {
        match &mut self.below {
            Below::Plan(view) => view.apply(motion),
            Below::Rows => {
                self.table.apply(motion);
                self.more(cx);
            }
            Below::Nothing => {}
        }
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.moves(Motion::WheelUp, cx),
            MouseEventKind::ScrollDown => self.moves(Motion::WheelDown, cx),
            MouseEventKind::Down(MouseButton::Left) => {
                if self.editor.click(mouse.column, mouse.row) {
                    self.region = Region::Editor;
                } else if self.table.click(mouse.column, mouse.row).is_some() {
                    self.region = Region::Rows;
                }
            }
            _ => {}
        }
    }

    /// The line between editor and rows: what runs, what was found.
    fn status(&self, canvas: &Canvas<'_>) -> (String, Role) {
        if self.is_running() {
            return (canvas.text("query-running", &[("spinner", canvas.spinner())]), Role::Accent);
        }
        let Some(answer) = self.load.get().filter(|_| matches!(self.below, Below::Rows)) else {
            let key = if matches!(self.below, Below::Plan(_)) { "query-plan-title" } else { "query-result" };
            return (canvas.text(key, &[]), Role::Title);
        };
        let (rows, millis) = (self.rows.len().to_string(), answer.millis.to_string());
        let key = match (answer.cut.is_some(), answer.masked.is_empty()) {
            (_, false) => "query-rows-masked",
            (true, true) => "query-rows-more",
            (false, true) => "query-rows",
        };
        let masked = answer.masked.len().to_string();
        (canvas.text(key, &[("rows", &rows), ("millis", &millis), ("masked", &masked)]), Role::Title)
    }
}

/// Columns of an answer.
fn columns(columns: &[QueryColumn]) -> Vec<Column<Row>> {
    let made = columns.iter().enumerate().map(|(at, column)| {
        let made = Column::new(&column.name, &column.name, move |row: &Row, _: &Brush<'_>| {
            match row.cells.get(at).and_then(Option::as_ref) {
                Some(text) => Shown::from(text.replace(['\n', '\r', '\t'], " ")),
                None => Shown::new("NULL", Role::Absent),
            }
        });
        let made = made.titled().priority(u8::try_from(at).unwrap_or(u8::MAX));
        if column.numeric { made.number() } else { made.width(Width::Fit(40)) }
    });
    made.collect()
}

impl Screen for Desk {
    fn id(&self) -> ScreenId {
        ScreenId::Query
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        let hint = cx.text("query-placeholder", &[]);
        self.editor = std::mem::take(&mut self.editor).placeholder(hint);
        cx.load(&mut self.words, query::words());
        if self.given {
            self.run(cx);
        } else {
            cx.read_draft(DRAFT, "draft");
        }
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Key(key) => {
                if !self.editor.key(key) {
                    return Handled::No;
                }
                cx.after(REST, "keep");
            }
            ScreenEvent::Paste(text) => {
                self.region = Region::Editor;
                self.editor.paste(text);
                cx.after(REST, "keep");
            }
            ScreenEvent::Timer { tag } if tag == "keep" => cx.keep_draft(DRAFT, self.editor.text()),
            ScreenEvent::Do(action) => return self.act(*action, cx),
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Mouse(mouse) => self.mouse(mouse, cx),
            ScreenEvent::Picked { tag, ids } if tag == "complete" => {
                if let Some(word) = ids.first() {
                    self.insert(word);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "export" => self.export(text, cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.load.take(answer) {
            self.waits = None;
            return self.take();
        }
        if self.words.take(answer) {
            return;
        }
        if answer.is("plan") {
            if let Err(failure) = &answer.outcome {
                self.mark(failure);
            } else if let Ok(plan) = answer.read::<QueryPlan>() {
                let steps = plan.steps.iter().map(|step| {
                    let indent = step.len() - step.trim_start().len();
                    Piece::new(step.trim_start(), Role::Text).indent(u16::try_from(indent).unwrap_or(0))
                });
                self.below = Below::Plan(TextView::new(steps.collect()));
                self.region = Region::Rows;
            }
        } else if answer.is("export") && answer.outcome.is_ok() {
            let text = cx.text("query-exported", &[("rows", &self.rows.len().to_string())]);
            cx.toast(Tone::Good, text);
        } else if answer.is("draft")
            && let Ok(Some(text)) = answer.read::<Option<String>>()
            && self.editor.text().is_empty()
        {
            self.editor.set(&text);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let running = if self.is_running() { Ok(()) } else { Err("query-why-idle") };
        let free = if self.is_running() { Err("query-why-running") } else { self.has_sql() };
        vec![
            Command::act(Action::Submit).named("query-run").hint(1).when(free),
            Command::own("complete", "query-complete").hint(2),
            Command::own("plan", "query-plan").hint(3).when(self.has_sql()),
            Command::own("stop", "query-stop").hint(4).when(running),
            Command::own("export", "query-export").hint(5).when(self.has_rows()),
            Command::act(Action::NextRegion).hint(6).hidden(),
            Command::act(Action::Columns),
            Command::act(Action::Copy),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let editing = self.region == Region::Editor;
        let lines = u16::try_from(self.editor.text().lines().count() + 1).unwrap_or(u16::MAX);
        let above = lines.clamp(3, (area.height / 3).max(3)).min(area.height);
        self.editor.view(canvas, Rect { height: above, ..area }, if editing { Focus::Here } else { Focus::Away });
        let rest = area.height - above;
        if rest == 0 {
            return;
        }
        let (status, role) = self.status(canvas);
        titled_rule(canvas, Rect { y: area.y + above, height: 1, ..area }, &status, role);
        let under = Rect { y: area.y + above + 1, height: rest - 1, ..area };
        if let Some(failure) = self.load.failure().filter(|_| matches!(self.below, Below::Rows)) {
            let text = canvas.failure(failure);
            let style = canvas.style(Role::Bad);
            let width = under.width.saturating_sub(2);
            for (line, y) in canvas.cells().wrap(&text, width).iter().zip(under.top()..under.bottom()) {
                canvas.put(under.x + 1, y, line, style, width);
            }
            return;
        }
        match &self.below {
            Below::Rows => self.table.view(canvas, under),
            Below::Plan(view) => view.view(canvas, under),
            Below::Nothing => {
                let text = canvas.text("query-begin", &[]);
                canvas.put(under.x + 1, under.y, &text, canvas.style(Role::Dim), under.width.saturating_sub(2));
            }
        }
    }

    fn editing(&self) -> bool {
        self.region == Region::Editor
    }
}
