//! A dataset with its fields.

use super::columns;
use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state;
use crate::theme::Role;
use crate::widgets::{DataTable, rule};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::datasets::{self, DatasetDetail, FieldLine};

/// One dataset.
pub(super) struct DatasetView {
    id: String,
    load: Load<DatasetDetail>,
    table: DataTable<FieldLine>,
}

impl DatasetView {
    pub(super) fn new(id: &str) -> Self {
        let table = DataTable::new(columns::fields(), |row: &FieldLine| row.field.clone());
        Self { id: id.to_owned(), load: Load::default(), table }
    }
}

impl Screen for DatasetView {
    fn id(&self) -> ScreenId {
        ScreenId::Data
    }

    fn crumb(&self, _: &Texts) -> String {
        self.load.get().map_or_else(|| self.id.clone(), |dataset| dataset.line.name.clone())
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.load, datasets::show(&self.id));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Refresh) => self.open(cx),
            ScreenEvent::Do(Action::Columns) => self.table.toggle_wide(),
            ScreenEvent::Own("query") => {
                let sql = format!("SELECT * FROM {} LIMIT 100", self.id);
                cx.go(ScreenId::Query, Params::new().with("sql", sql));
            }
            ScreenEvent::Do(action) => {
                let Some(motion) = action.motion() else { return Handled::No };
                self.table.apply(motion);
            }
            ScreenEvent::Mouse(mouse) => drop(self.table.click(mouse.column, mouse.row)),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, _: &mut Cx<'_>) {
        if self.load.take(answer)
            && let Some(dataset) = self.load.get()
        {
            self.table.set_rows(dataset.fields.clone());
        }
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::own("query", "data-query").hint(1),
            Command::act(Action::Columns).hint(2),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let width = area.width.saturating_sub(2);
        match (self.load.get(), self.load.failure()) {
            (Some(dataset), _) => {
                let rows = dataset.line.rows.map(|rows| rows.to_string());
                let rows = rows.unwrap_or_else(|| canvas.glyphs().no_data.to_owned());
                let key = dataset.key.join(", ");
                let text = canvas.text("data-dataset-head", &[("id", &self.id), ("rows", &rows), ("key", &key)]);
                canvas.put(area.x + 1, area.y, &text, canvas.style(Role::Text), width);
                let about = dataset.about.clone().unwrap_or_default();
                canvas.put(area.x + 1, area.y + 1, &about, canvas.style(Role::Dim), width);
            }
            (None, Some(failure)) => state::failed(canvas, Rect { height: area.height.min(2), ..area }, failure),
            (None, None) => state::waiting(canvas, area),
        }
        let under = |y: u16, height: u16| Rect {
            y: area.y + y.min(area.height),
            height: height.min(area.height.saturating_sub(y)),
            ..area
        };
        rule(canvas, under(2, 1));
        self.table.view(canvas, under(3, u16::MAX));
    }
}
