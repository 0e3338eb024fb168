//! What stands behind one warning, as text.

use super::state::Warnings;
use super::table::{role_of, signs_of, value};
use crate::app::State;
use crate::canvas::Canvas;
use crate::screens::indicator::told;
use crate::theme::{Glyphs, Role};
use crate::widgets::{Piece, spark};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::warnings::{Past, WarningDetail};

/// Cells of the curve in the panel.
const CURVE: u16 = 24;

/// A small curve of past values.
pub(crate) fn spark_of(past: &[Past], width: u16, glyphs: &Glyphs) -> String {
    let values: Vec<Option<f64>> =
        past.iter().map(|past| past.value.as_deref().and_then(|value| value.parse().ok())).collect();
    if values.iter().flatten().count() < 2 { String::new() } else { spark(&values, width, glyphs) }
}

impl Warnings {
    /// Writes the panel anew after an answer.
    pub(super) fn write_panel(&mut self, texts: &Texts) {
        let pieces = match self.detail.state() {
            State::Ready(detail) => pieces(detail, texts),
            State::Empty | State::Loading | State::Failed(_) => Vec::new(),
        };
        self.panel.set(pieces);
    }
}

/// Rows above the text: what it is about, and the curve.
pub(super) const HEAD: u16 = 3;

/// Draws what stands above the text.
pub(super) fn head(detail: &WarningDetail, canvas: &mut Canvas<'_>, area: Rect) {
    let line = &detail.line;
    let row = |at: u16| Rect { y: area.y + at, height: 1, ..area };
    let sign = [signs_of(line.severity, canvas.glyphs().warning).as_str(), " "].concat();
    let level = canvas.style(role_of(line.severity));
    canvas.line(row(0), &[(&sign, level), (&line.level_name, level), ("  ", level), (&line.rule_name, level)]);
    let (title, dim) = (canvas.style(Role::Title), canvas.style(Role::Dim));
    let object = told::object(&line.kind, &line.object, canvas.texts);
    canvas.line(row(1), &[(&line.object_name, title), ("  ", dim), (&object, dim)]);
    let curve = spark_of(&detail.past, CURVE, canvas.glyphs());
    canvas.put(area.x, area.y + 2, &curve, canvas.style(Role::First), area.width);
}

fn pieces(detail: &WarningDetail, texts: &Texts) -> Vec<Piece> {
    let line = &detail.line;
    let mut pieces = Vec::new();
    let mut pair = |key: &str, value: String, role: Role| {
        if !value.is_empty() {
            pieces.push(Piece::new(texts.text(key, &[("value", &value)]), role));
        }
    };
    let units = line.units.iter().map(|unit| told::object(&unit.kind, &unit.id, texts)).collect::<Vec<_>>();
    pair("warnings-panel-units", units.join(" > "), Role::Dim);
    pair("warnings-panel-period", line.period.clone(), Role::Dim);
    pair("warnings-panel-value", value(line), Role::Text);
    let word = |stem: &str, word: &str| texts.text(&[stem, word].concat(), &[]);
    pair("warnings-panel-condition", word("warnings-condition-", &line.condition), Role::Text);
    pair("warnings-panel-state", word("warnings-state-", &line.handling), Role::Text);
    pair(
        "warnings-panel-resolution",
        line.resolution.as_deref().map(|one| word("warnings-resolution-", one)).unwrap_or_default(),
        Role::Good,
    );
    if line.suppression != "none" {
        pair("warnings-panel-suppression", word("warnings-suppression-", &line.suppression), Role::Warn);
    }
    pair("warnings-panel-until", line.silent_until.map(|day| day.to_string()).unwrap_or_default(), Role::Warn);
    pair("warnings-panel-cause", line.cause.clone().unwrap_or_default(), Role::Warn);
    pair("warnings-panel-assignee", line.assignee.clone().unwrap_or_default(), Role::Text);
    let role = if line.overdue { Role::Bad } else { Role::Text };
    pair("warnings-panel-due", line.due.map(|day| day.to_string()).unwrap_or_default(), role);
    pieces.push(Piece::new("", Role::Text));
    pieces.push(Piece::new(texts.text("warnings-panel-evidence", &[]), Role::Title));
    pieces.extend(detail.reasons.iter().map(|reason| Piece::new(reason.clone(), Role::Text).indent(2)));
    if detail.past.len() > 1 {
        pieces.push(Piece::new("", Role::Text));
        pieces.push(Piece::new(texts.text("warnings-panel-values", &[]), Role::Title));
        for past in detail.past.iter().rev() {
            let shown = past.value.clone().unwrap_or_else(|| texts.text("warnings-no-number", &[]));
            let role = if past.value.is_some() { Role::Text } else { Role::Absent };
            let text = texts
                .text("warnings-panel-past-line", &[("period", &past.period), ("value", &shown), ("run", &past.run)]);
            pieces.push(Piece::new(text, role).indent(2));
        }
    }
    pieces.push(Piece::new("", Role::Text));
    pieces.push(Piece::new(texts.text("warnings-panel-history", &[]), Role::Title));
    for event in detail.events.iter().rev() {
        let at = event.at.format("%Y-%m-%d %H:%M").to_string();
        let action = word("warnings-event-", &event.action);
        let text = texts.text("warnings-panel-event", &[("at", &at), ("by", &event.by), ("action", &action)]);
        pieces.push(Piece::new(text, Role::Text).indent(2));
        if let Some(why) = event.why.as_deref().filter(|why| !why.is_empty()) {
            pieces.push(Piece::new(why, Role::Dim).indent(4));
        }
    }
    pieces
}
