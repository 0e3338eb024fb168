//! How it is drawn: a line about the filter, the list, and beside or instead of it what stands behind one.

use super::panel::{HEAD, head};
use super::state::{Focus, Mode, Reach, Warnings};
use crate::app::State;
use crate::canvas::Canvas;
use crate::screens::indicator::told;
use crate::screens::state::{failed, ready, waiting};
use crate::theme::Role;
use crate::widgets::{divider, titled_rule};
use ratatui::layout::Rect;
use zhengai_text::Texts;

/// From this width on, the panel stands beside the list.
const WIDE: u16 = 120;
/// Cells of the panel.
const PANEL: u16 = 46;

impl Warnings {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        self.about(canvas, Rect { height: 1, ..area });
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        match self.mode {
            Mode::Groups(_) => {
                if ready(canvas, body, &self.groups).is_some() {
                    self.group_table.view(canvas, body);
                }
            }
            Mode::Tree => {
                if ready(canvas, body, &self.tree).is_some() {
                    self.tree_table.view(canvas, body);
                }
            }
            Mode::List if area.width >= WIDE => {
                let list = Rect { width: body.width - PANEL - 2, ..body };
                self.list(canvas, list);
                divider(canvas, Rect { x: list.right(), width: 1, ..body });
                self.behind(canvas, Rect { x: list.right() + 2, width: PANEL, ..body });
            }
            Mode::List if self.focus == Focus::Panel => self.behind(canvas, body),
            Mode::List => self.list(canvas, body),
        }
    }

    fn list(&self, canvas: &mut Canvas<'_>, area: Rect) {
        match (self.table.pages().total(), self.list.failure()) {
            (None, Some(failure)) => failed(canvas, area, failure),
            (None, None) => waiting(canvas, area),
            _ => self.table.view(canvas, area),
        }
    }

    fn behind(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let area = match self.focus {
            Focus::Panel => {
                let title = canvas.text("warnings-panel", &[]);
                titled_rule(canvas, Rect { height: 1, ..area }, &title, Role::Accent);
                Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
            }
            Focus::List => area,
        };
        match self.detail.state() {
            State::Empty => {}
            State::Loading => waiting(canvas, area),
            State::Failed(failure) => failed(canvas, area, failure),
            State::Ready(detail) => {
                let top = HEAD.min(area.height);
                head(detail, canvas, Rect { height: top, ..area });
                self.panel.view(canvas, Rect { y: area.y + top, height: area.height - top, ..area });
            }
        }
    }

    /// Ids of levels or rules by the names that warnings here have for them.
    fn named(&self, list: &Option<String>, canvas: &Canvas<'_>) -> Option<String> {
        let rows = || self.table.pages().iter().map(|(_, row)| &row.line);
        let name = |id: &str| {
            let rule = rows().find(|line| line.rule == id).map(|line| line.rule_name.clone());
            let level = || rows().find(|line| line.level == id).map(|line| line.level_name.clone());
            rule.or_else(level).unwrap_or_else(|| id.to_owned())
        };
        let names: Vec<String> = list.as_ref()?.split(',').map(name).collect();
        Some(names.join(&canvas.text("warnings-list-separator", &[])))
    }

    /// What is shown, how many, and what the next act is done with.
    fn about(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let text = |key: &str, name: &str, value: &str| canvas.text(key, &[(name, value)]);
        let mut parts = Vec::new();
        if let Some(total) = self.total() {
            parts.push(text("warnings-total", "count", &total.to_string()));
        }
        let query = &self.query;
        let layer = query.layer.map(|layer| canvas.text(&["layer-", layer.as_str()].concat(), &[]));
        let words = |stem: &str, list: &Option<String>| list.as_ref().map(|list| said(stem, list, canvas.texts));
        let (state, suppression) =
            (words("warnings-state-", &query.state), words("warnings-suppression-", &query.suppression));
        let assignee = query.assignee.as_ref().map(|who| match who.as_str() {
            "me" => canvas.text("warnings-assignee-me", &[]),
            "-" => canvas.text("warnings-assignee-nobody", &[]),
            name => name.to_owned(),
        });
        let object = |name: &Option<String>| name.as_ref().map(|name| told::named(name, canvas.texts));
        let (unit, thing) = (object(&query.unit), object(&query.object));
        let (level, rule) = (self.named(&query.level, canvas), self.named(&query.rule, canvas));
        let day = query.due_before.map(|day| day.to_string());
        let all = query.all.filter(|all| *all).map(|_| canvas.text("warnings-filter-all", &[]));
        let fields = [
            ("warnings-filter-text", &query.text),
            ("warnings-filter-state", &state),
            ("warnings-filter-level", &level),
            ("warnings-filter-rule", &rule),
            ("warnings-filter-indicator", &query.indicator),
            ("warnings-filter-layer", &layer),
            ("warnings-filter-unit", &unit),
            ("warnings-filter-object", &thing),
            ("warnings-filter-period", &query.period),
            ("warnings-filter-assignee", &assignee),
            ("warnings-filter-due", &day),
            ("warnings-filter-suppression", &suppression),
            ("warnings-filter-cause", &query.cause),
        ];
        for (key, value) in fields {
            if let Some(value) = value {
                parts.push(text(key, "value", value));
            }
        }
        parts.extend(all);
        let shown = parts.join("  ");
        let used = canvas.put(area.x + 2, area.y, &shown, canvas.style(Role::Dim), area.width.saturating_sub(2));
        let count = self.reached().to_string();
        let note = match (self.reach, self.table.marked().count()) {
            (Reach::Filter, _) => Some((canvas.text("warnings-reach-all", &[("count", &count)]), Role::Warn)),
            (Reach::Chosen, 0) => None,
            (Reach::Chosen, _) => Some((canvas.text("warnings-reach-marked", &[("count", &count)]), Role::Accent)),
        };
        if let Some((note, role)) = note {
            let rest = Rect { x: area.x + used + 4, width: area.width.saturating_sub(used + 4), ..area };
            canvas.right(rest, &note, canvas.style(role));
        } else if self.list.is_loading() {
            canvas.right(area, canvas.spinner(), canvas.style(Role::Dim));
        }
    }
}

/// A list of words that the API knows, in those that people know; one that is a name stays.
fn said(stem: &str, list: &str, texts: &Texts) -> String {
    let word = |word: &str| {
        let key = [stem, word].concat();
        if texts.has(&key) { texts.text(&key, &[]) } else { word.to_owned() }
    };
    let words: Vec<String> = list.split(',').map(word).collect();
    words.join(&texts.text("warnings-list-separator", &[]))
}
