//! A screen that a plugin brings, drawn by the console from data: a table that a query fills and what can be done with a
//! row. The plugin draws nothing.

use crate::app::{Answer, Choice, Command, Cx, Handled, Load, Params, Pick, Screen, ScreenEvent, ScreenId, WhyTarget};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::beside;
use crate::theme::Role;
use crate::widgets::{Column, DataTable, Shown, Width};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::plugins::{self, PluginScreen, ScreenAction};

type Row = Vec<Option<String>>;

/// The screen.
pub(super) struct Bringing {
    plugin: String,
    screen: String,
    data: Load<PluginScreen>,
    table: DataTable<Row>,
}

impl Bringing {
    pub(super) fn new(plugin: &str, screen: &str) -> Self {
        let table =
            DataTable::new(Vec::new(), |row: &Row| row.iter().flatten().cloned().collect::<Vec<_>>().join("\u{1f}"));
        Self {
            plugin: plugin.to_owned(),
            screen: screen.to_owned(),
            data: Load::default(),
            table: table.empty("plugins-no-rows"),
        }
    }

    fn took(&mut self) {
        let Some(data) = self.data.get() else { return };
        let shown = data.columns.iter().enumerate().filter(|(_, column)| !column.label.is_empty());
        let columns = shown.map(|(at, column)| {
            let show = move |row: &Row, brush: &crate::widgets::Brush<'_>| match row.get(at).cloned().flatten() {
                Some(text) => Shown::from(text),
                None => Shown::new(brush.texts.text("plugins-no-data", &[]), Role::Absent),
            };
            let made = Column::new(&column.id, &column.label, show).titled().priority(column.priority);
            if column.align == "end" { made.number() } else { made.width(Width::Fill(8)) }
        });
        self.table.set_columns(columns.collect());
        self.table.set_rows(data.rows.clone());
    }

    /// The text of a parameter, with cells of the row in place of `{column}`.
    fn filled(&self, text: &str) -> String {
        let (Some(data), Some(row)) = (self.data.get(), self.table.selected()) else { return text.to_owned() };
        let mut text = text.to_owned();
        for (column, cell) in data.columns.iter().zip(row) {
            text = text.replace(&["{", &column.id, "}"].concat(), cell.as_deref().unwrap_or_default());
        }
        text
    }

    fn go(&self, action: &ScreenAction, cx: &mut Cx<'_>) {
        let param = |name: &str| action.params.get(name).map(|text| self.filled(text)).unwrap_or_default();
        match action.go.as_str() {
            "object" => {
                let object = param("object");
                let (kind, id) = object.split_once('/').unwrap_or(("", &object));
                cx.go(ScreenId::Portrait, Params::new().with("kind", kind).with("id", id));
            }
            "warnings" => {
                let mut params = Params::new();
                for name in action.params.keys() {
                    params = params.with(name, param(name));
                }
                cx.go(ScreenId::Warnings, params);
            }
            "why" => cx.why(&WhyTarget::value(param("indicator"), param("object"))),
            _ => cx.go(ScreenId::Plugins, Params::new().with("plugin", &*self.plugin).with("screen", param("screen"))),
        }
    }
}

impl Screen for Bringing {
    fn id(&self) -> ScreenId {
        ScreenId::Plugins
    }

    fn crumb(&self, texts: &Texts) -> String {
        match self.data.get() {
            Some(data) => data.head.title.clone(),
            None => texts.text(self.id().label(), &[]),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.data, plugins::screen(&self.plugin, &self.screen));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let actions = || self.data.get().map(|data| data.actions.clone()).unwrap_or_default();
        match event {
            ScreenEvent::Do(action) if action.motion().is_some() => {
                if let Some(motion) = action.motion() {
                    self.table.apply(motion);
                }
            }
            ScreenEvent::Do(Action::Open) => match actions().as_slice() {
                [] => return Handled::No,
                [only] => self.go(only, cx),
                several => {
                    let number = several.iter().enumerate();
                    let choices = number.map(|(at, one)| Choice::new(at.to_string(), &*one.label)).collect();
                    let title = cx.text("plugins-ask-action", &[]);
                    cx.pick(Pick { tag: "action".to_owned(), title, choices, ..Pick::default() });
                }
            },
            ScreenEvent::Picked { tag, ids } if tag == "action" => {
                let at = ids.first().and_then(|id| id.parse::<usize>().ok());
                if let Some(action) = at.and_then(|at| actions().get(at).cloned()) {
                    self.go(&action, cx);
                }
            }
            ScreenEvent::Do(Action::Refresh) => self.open(cx),
            ScreenEvent::Do(Action::Columns) => self.table.toggle_wide(),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, _: &mut Cx<'_>) {
        if self.data.take(answer) {
            self.took();
        }
    }

    fn commands(&self) -> Vec<Command> {
        let row = if self.table.selected().is_some() { Ok(()) } else { Err("plugins-why-no-row") };
        vec![
            Command::act(Action::Open).when(row).hint(1),
            Command::act(Action::Columns).hint(2),
            Command::act(Action::Refresh).hint(3),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let data = self.data.get();
        let about = data.map(|data| data.masked.first().unwrap_or(&data.about).clone()).unwrap_or_default();
        let role = if data.is_some_and(|data| !data.masked.is_empty()) { Role::Warn } else { Role::Dim };
        canvas.put(area.x + 2, area.y, &about, canvas.style(role), area.width.saturating_sub(2));
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        beside::rows(canvas, body, &self.table, &self.data);
    }
}
