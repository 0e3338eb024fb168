//! The workbench for rejected rows: the failed cell is marked, mended in place, checked again, and brought in.

use super::columns;
use crate::app::{Answer, Command, Confirm, Cx, Handled, Length, Prompt, Screen, ScreenEvent, ScreenId, Tone};
use crate::canvas::Canvas;
use crate::effect::Downloaded;
use crate::keymap::Action;
use crate::screens::listing::Listing;
use crate::theme::Role;
use crate::widgets::{DataTable, titled_rule};
use ratatui::layout::Rect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use zhengai_text::Texts;
use zhengai_wire::rejects::{
    self, MendRequest, MendRest, Mended, MendedRow, RejectExport, RejectLine, RejectQuery, RejectState, SheetFormat,
};
use zhengai_wire::{Job, JobState};

/// A rejected row on the workbench.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// As it was rejected.
    pub(super) line: RejectLine,
    /// New texts by header.
    pub(super) edits: BTreeMap<String, String>,
    /// What the last check said: nothing wrong any more, or what is wrong now.
    pub(super) still: Option<Option<RejectLine>>,
}

impl Row {
    fn new(line: RejectLine) -> Self {
        Self { line, edits: BTreeMap::new(), still: None }
    }

    /// The rule that it breaks as far as is known now.
    pub(super) fn now(&self) -> &RejectLine {
        self.still.as_ref().and_then(Option::as_ref).unwrap_or(&self.line)
    }
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Rows,
    Cells,
}

/// The workbench of one batch.
pub(super) struct Workbench {
    batch: String,
    list: Listing<RejectLine, Row>,
    edits: BTreeMap<u64, BTreeMap<String, String>>,
    checked: BTreeMap<u64, Option<RejectLine>>,
    asked: BTreeSet<u64>,
    region: Region,
    cell: usize,
}

impl Workbench {
    pub(super) fn new(batch: &str) -> Self {
        let table = DataTable::new(columns::rejects(), |row: &Row| row.line.line.to_string()).empty("data-no-rejects");
        let of = batch.to_owned();
        let list = Listing::new(table, Row::new, move |piece| {
            let query = RejectQuery { offset: piece.offset, limit: piece.limit, ..RejectQuery::default() };
            rejects::list(&of, &query)
        });
        let (edits, checked, asked) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { batch: batch.to_owned(), list, edits, checked, asked, region: Region::Rows, cell: 0 }
    }

    /// Puts what is known of edits and checks onto the rows that are here.
    fn dress(&mut self) {
        for (_, row) in self.list.table.pages_mut().iter_mut() {
            row.edits = self.edits.get(&row.line.line).cloned().unwrap_or_default();
            row.still = self.checked.get(&row.line.line).cloned();
        }
    }

    fn row(&self) -> Option<&Row> {
        self.list.table.selected()
    }

    /// The cell at fault of the row under the cursor.
    fn fault(&self) -> usize {
        let Some(row) = self.row() else { return 0 };
        let column = row.now().column.as_ref();
        row.line.cells.iter().position(|cell| Some(&cell.column) == column).unwrap_or(0)
    }

    fn can_edit(&self) -> Result<(), &'static str> {
        match self.row().map(|row| row.line.state) {
            Some(RejectState::Open) => Ok(()),
            Some(_) => Err("data-why-not-open"),
            None => Err("data-why-no-row"),
        }
    }

    fn has_edits(&self) -> Result<(), &'static str> {
        if self.edits.is_empty() { Err("data-why-no-edits") } else { Ok(()) }
    }

    fn request(&self) -> MendRequest {
        let rows = self.edits.iter().map(|(line, cells)| MendedRow { line: *line, cells: cells.clone() });
        MendRequest { rows: rows.collect(), ..MendRequest::default() }
    }

    fn edit(&mut self, at: usize, cx: &mut Cx<'_>) {
        let Some(row) = self.row() else { return };
        let Some(cell) = row.line.cells.get(at) else { return };
        let text = row.edits.get(&cell.column).unwrap_or(&cell.text).clone();
        let (title, help) = (cell.column.clone(), row.now().reason.clone());
        self.cell = at;
        cx.prompt(Prompt { tag: "cell".to_owned(), title, help, text, length: Length::Line });
    }

    fn edited(&mut self, text: &str, cx: &mut Cx<'_>) {
        let Some(row) = self.row() else { return };
        let Some(cell) = row.line.cells.get(self.cell) else { return };
        let (line, column, same) = (row.line.line, cell.column.clone(), cell.text == text);
        let edits = self.edits.entry(line).or_default();
        if same {
            edits.remove(&column);
        } else {
            edits.insert(column, text.to_owned());
        }
        if edits.is_empty() {
            self.edits.remove(&line);
        }
        self.checked.remove(&line);
        self.dress();
        self.keep(cx);
    }

    /// What was typed survives a crash.
    fn keep(&self, cx: &mut Cx<'_>) {
        let key = draft_key(&self.batch);
        match serde_json::to_string(&self.edits) {
            Ok(text) if !self.edits.is_empty() => cx.keep_draft(&key, text),
            _ => cx.drop_draft(&key),
        }
    }

    fn check(&mut self, cx: &mut Cx<'_>) {
        self.asked = self.edits.keys().copied().collect();
        cx.act(rejects::check(&self.batch, &self.request()), "check");
    }

    fn take_check(&mut self, mended: Mended, cx: &mut Cx<'_>) {
        for line in std::mem::take(&mut self.asked) {
            self.checked.insert(line, None);
        }
        let bad = mended.still.len();
        self.checked.extend(mended.still.into_iter().map(|row| (row.line, Some(row))));
        self.dress();
        let good = (mended.counts.read - mended.counts.rejected).to_string();
        let text = cx.text("data-checked", &[("good", &good), ("bad", &bad.to_string())]);
        cx.toast(if bad == 0 { Tone::Good } else { Tone::Caution }, text);
    }

    /// A mend is over: what went in is no longer edited.
    fn ended(&mut self, job: &Job, cx: &mut Cx<'_>) {
        if job.state != JobState::Done {
            return;
        }
        let mended = job.result.clone().and_then(|result| serde_json::from_value::<Mended>(result).ok());
        let Some(mended) = mended else { return };
        let still: BTreeSet<u64> = mended.still.iter().map(|row| row.line).collect();
        self.edits.retain(|line, _| still.contains(line));
        self.checked = mended.still.into_iter().map(|row| (row.line, Some(row))).collect();
        self.keep(cx);
        self.list.refresh(cx);
    }

    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        match (action, self.region) {
            (Action::NextRegion | Action::PreviousRegion, Region::Rows) => {
                self.region = Region::Cells;
                self.cell = self.fault();
            }
            (Action::NextRegion | Action::PreviousRegion | Action::Back, Region::Cells) => self.region = Region::Rows,
            (Action::Open, Region::Rows) => {
                self.region = Region::Cells;
                self.cell = self.fault();
            }
            (Action::Open | Action::Edit, Region::Cells) if self.can_edit().is_ok() => self.edit(self.cell, cx),
            (Action::Edit, Region::Rows) if self.can_edit().is_ok() => self.edit(self.fault(), cx),
            (Action::Refresh, _) => self.list.refresh(cx),
            (Action::Submit, _) if self.has_edits().is_ok() => {
                let count = self.edits.len().to_string();
                cx.confirm(Confirm {
                    tag: "mend".to_owned(),
                    title: cx.text("data-mend-title", &[("count", &count)]),
                    lines: vec![cx.text("data-mend-line", &[])],
                    yes: cx.text("data-mend", &[]),
                    code: None,
                });
            }
            _ => {
                let Some(motion) = action.motion() else { return Handled::No };
                match self.region {
                    Region::Rows => self.list.apply(motion, cx),
                    Region::Cells => {
                        let count = self.row().map_or(0, |row| row.line.cells.len()) as u64;
                        let at = crate::widgets::motion::moved(self.cell as u64, motion, count, 10);
                        self.cell = usize::try_from(at).unwrap_or(0);
                    }
                }
            }
        }
        Handled::Yes
    }

    fn own(&mut self, id: &str, cx: &mut Cx<'_>) -> Handled {
        match id {
            "check" if self.has_edits().is_ok() => self.check(cx),
            "replay" => {
                let request = MendRequest { rest: MendRest::GoesAlong, ..MendRequest::default() };
                cx.job(rejects::mend(&self.batch, &request));
            }
            "export" => cx.prompt(Prompt {
                tag: "export".to_owned(),
                title: cx.text("data-export-title", &[]),
                help: cx.text("data-export-help", &[]),
                text: format!("{}.xlsx", self.batch),
                length: Length::Line,
            }),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn cells(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(row) = self.row() else { return };
        let (fault, on) = (self.fault(), self.region == Region::Cells);
        let widest = row.line.cells.iter().map(|cell| canvas.cells().width(&cell.column)).max().unwrap_or(0).min(24);
        let height = usize::from(area.height);
        let top = if on { self.cell } else { fault }.saturating_sub(height.saturating_sub(1) / 2);
        let top = top.min(row.line.cells.len().saturating_sub(height));
        for ((at, cell), y) in row.line.cells.iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
            let glyphs = canvas.glyphs();
            if on && at == self.cell {
                canvas.put(area.x, y, glyphs.pointer, canvas.style(Role::Accent), 1);
            }
            if at == fault && row.line.state == RejectState::Open {
                canvas.put(area.x + 1, y, glyphs.warning, canvas.style(Role::Bad), 1);
            }
            let x = area.x + 3;
            canvas.put(x, y, &cell.column, canvas.style(Role::Dim), widest);
            let x = x + widest + 1;
            let room = area.right().saturating_sub(x);
            let before = if cell.text.is_empty() { canvas.text("data-empty-value", &[]) } else { cell.text.clone() };
            match row.edits.get(&cell.column) {
                None => {
                    let role = if at == fault { Role::Bad } else { Role::Text };
                    canvas.put(x, y, &before, canvas.style(role), room);
                }
                Some(after) => {
                    let place = Rect { x, y, width: room, height: 1 };
                    let to = canvas.text("data-becomes", &[("before", &before)]);
                    let (dim, accent) = (canvas.style(Role::Dim), canvas.style(Role::Accent));
                    canvas.line(place, &[(&to, dim), (" ", dim), (after, accent)]);
                }
            }
        }
    }
}

/// Where edits of a batch are kept on this machine.
fn draft_key(batch: &str) -> String {
    format!("rejects-{batch}")
}

impl Screen for Workbench {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn crumb(&self, texts: &Texts) -> String {
        texts.text("data-crumb-rejects", &[("batch", &self.batch)])
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.list.more(cx);
        cx.read_draft(&draft_key(&self.batch), "draft");
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.act(*action, cx),
            ScreenEvent::Own(id) => return self.own(id, cx),
            ScreenEvent::Mouse(mouse) => {
                if self.list.mouse(mouse, cx) {
                    return self.act(Action::Open, cx);
                }
            }
            ScreenEvent::Prompted { tag, text } if tag == "cell" => self.edited(text, cx),
            ScreenEvent::Prompted { tag, text } if tag == "export" => {
                let query = RejectExport { format: SheetFormat::of_file(text) };
                let request = rejects::export(&self.batch, &query).into_request();
                cx.download(request, PathBuf::from(text), "export");
            }
            ScreenEvent::Confirmed { tag } if tag == "mend" => {
                cx.job(rejects::mend(&self.batch, &self.request()));
            }
            ScreenEvent::Job(job) if job.kind == "mend" && job.subject == self.batch => self.ended(job, cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.list.take(answer, cx) {
            self.dress();
        } else if answer.is("check") {
            match answer.read() {
                Ok(mended) => self.take_check(mended, cx),
                Err(_) => self.asked.clear(),
            }
        } else if answer.is("export")
            && let Ok(done) = answer.read::<Downloaded>()
        {
            let text = cx.text("data-exported", &[("file", &done.path)]);
            cx.toast(Tone::Good, text);
        } else if answer.is("draft")
            && let Ok(Some(text)) = answer.read::<Option<String>>()
            && let Ok(edits) = serde_json::from_str(&text)
        {
            self.edits = edits;
            self.dress();
        }
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::act(Action::Edit).named("data-edit-cell").hint(1).when(self.can_edit()),
            Command::own("check", "data-check-rows").hint(2).when(self.has_edits()),
            Command::act(Action::Submit).named("data-mend").hint(3).when(self.has_edits()),
            Command::own("replay", "data-replay").hint(4),
            Command::own("export", "data-export").hint(5),
            Command::act(Action::NextRegion).hint(6).hidden(),
            Command::act(Action::Open).named("data-cells").hidden(),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = self.row().map_or(0, |row| row.line.cells.len());
        let reasons = self.row().map(|row| canvas.cells().wrap(&row.now().reason, area.width.saturating_sub(2)));
        let reasons = reasons.unwrap_or_default();
        let below = u16::try_from(cells + reasons.len() + 2).unwrap_or(u16::MAX).min(area.height / 2);
        let above = Rect { height: area.height - below, ..area };
        self.list.view(canvas, above);
        let Some(row) = self.row().filter(|_| below > 2) else { return };
        let under = Rect { y: above.bottom(), height: below, ..area };
        let title = canvas.text("data-row-title", &[("line", &row.line.line.to_string()), ("file", &row.line.file)]);
        let role = if self.region == Region::Cells { Role::Accent } else { Role::Title };
        titled_rule(canvas, Rect { height: 1, ..under }, &title, role);
        // At least a few of the cells stay in sight.
        let said = u16::try_from(reasons.len()).unwrap_or(u16::MAX).min((below / 2).max(1));
        for (y, reason) in (under.y + 1..under.y + 1 + said).zip(&reasons) {
            canvas.put(under.x + 1, y, reason, canvas.style(Role::Bad), under.width.saturating_sub(2));
        }
        let head = (1 + said).min(below);
        self.cells(canvas, Rect { y: under.y + head, height: below - head, ..under });
    }

    fn unsaved(&self) -> bool {
        // Edits are kept as a draft: nothing is lost.
        false
    }

    fn keeps_draft(&self) -> bool {
        true
    }
}
