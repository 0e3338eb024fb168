//! Drawing the form and what stands beside it.

use super::state::{Editor, Panel};
use super::{fields, told, values};
use crate::app::State;
use crate::canvas::Canvas;
use crate::theme::Role;
use crate::widgets::input::Focus;
use crate::widgets::{Piece, divider, titled_rule};
use ratatui::layout::Rect;
use zhengai_model::indicator::changes;
use zhengai_text::Texts;
use zhengai_wire::drafts::{Counted, PlacedFault, RehearsedPeriod};
use zhengai_wire::problem::FieldProblem;

/// From this width on, the panel stands beside the form.
const BESIDE: u16 = 110;

impl Editor {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let said = match self.draft.state() {
            State::Ready(_) => None,
            State::Failed(failure) => Some((canvas.failure(failure), Role::Bad)),
            State::Empty | State::Loading => Some((canvas.text("indicator-loading", &[]), Role::Dim)),
        };
        if let Some((text, role)) = said {
            canvas.put(area.x + 1, area.y, &text, canvas.style(role), area.width.saturating_sub(2));
            return;
        }
        if area.width >= BESIDE {
            let width = area.width * 3 / 5;
            let form = Rect { x: area.x + 1, width: width.saturating_sub(2), ..area };
            self.form.view(canvas, form, Focus::Here);
            divider(canvas, Rect { x: area.x + width, width: 1, ..area });
            let panel = Rect { x: area.x + width + 2, width: area.width.saturating_sub(width + 3), ..area };
            self.panel(canvas, panel);
        } else {
            let below = (area.height / 3).max(4).min(area.height);
            let form = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: area.height - below, ..area };
            self.form.view(canvas, form, Focus::Here);
            self.panel(canvas, Rect { x: form.x, y: form.bottom(), width: form.width, height: below });
        }
    }

    fn panel(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let state = match (self.dirty, self.revision) {
            (true, _) => canvas.text("indicator-unsaved", &[]),
            (false, Some(revision)) => canvas.text("indicator-saved", &[("revision", &revision.to_string())]),
            (false, None) => canvas.text("indicator-no-draft", &[]),
        };
        let name = canvas.text(self.panel.title(), &[]);
        let title = canvas.text("indicator-panel-head", &[("panel", &name), ("state", &state)]);
        titled_rule(canvas, Rect { height: 1, ..area }, &title, Role::Title);
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        match self.panel {
            Panel::Values => self.values.view(canvas, body),
            _ => self.text.view(canvas, body),
        }
    }

    /// Puts what is known into words for the panel that is open.
    pub(super) fn tell(&mut self, texts: &Texts) {
        let pieces = match self.panel {
            Panel::Check => self.checked(texts),
            Panel::Sample => self.samples(texts),
            Panel::Rehearsal => self.replay(texts),
            Panel::Changes => self.differences(texts),
            // A table of its own is drawn in its place.
            Panel::Values => {
                self.values.set_rows(values::rows(&self.now()));
                Vec::new()
            }
            Panel::Conflict => self.conflict(texts),
        };
        self.text.set(pieces);
    }

    fn checked(&self, texts: &Texts) -> Vec<Piece> {
        let Some(found) = self.examination.get() else { return Vec::new() };
        let fault = |fault: &PlacedFault, role| {
            let column = fault.column.map(|column| column.to_string()).unwrap_or_default();
            let label = self.label(&fault.pointer, texts);
            let key = if column.is_empty() { "indicator-fault" } else { "indicator-fault-at" };
            Piece::new(texts.text(key, &[("field", &label), ("column", &column), ("text", &fault.text)]), role)
        };
        let mut pieces = Vec::new();
        if found.good {
            pieces.push(Piece::new(texts.text("indicator-good", &[]), Role::Good));
        }
        pieces.extend(found.faults().map(|one| fault(one, Role::Bad)));
        pieces.extend(found.lowered.iter().chain(&found.hints).map(|one| fault(one, Role::Warn)));
        if let Some(canonical) = &found.canonical {
            pieces.push(Piece::new(texts.text("indicator-canonical", &[("text", canonical)]), Role::Dim));
        }
        let separator = texts.text("indicators-separator", &[]);
        for (key, list) in [("indicators-read-by", &found.read_by), ("indicators-rules", &found.rules)] {
            if !list.is_empty() {
                pieces.push(Piece::new(texts.text(key, &[("list", &list.join(&separator))]), Role::Dim));
            }
        }
        let warnings = found.warnings.to_string();
        pieces.push(Piece::new(texts.text("indicator-affected", &[("count", &warnings)]), Role::Dim));
        if let Some(sum) = &found.weights {
            pieces.push(Piece::new(texts.text("indicator-weights", &[("sum", sum)]), Role::Dim));
        }
        if self.sampled {
            pieces.extend(self.samples(texts));
        }
        pieces
    }

    /// The label of the field that a pointer of the API means.
    fn label(&self, pointer: &str, texts: &Texts) -> String {
        let id = fields::field_of(&self.form, pointer);
        let field = id.and_then(|id| self.form.fields().iter().find(|one| one.id == id));
        match field {
            Some(field) => field.label.clone(),
            None => told::label(&pointer.trim_start_matches('/').replace('/', "."), texts),
        }
    }

    fn samples(&self, texts: &Texts) -> Vec<Piece> {
        let Some(found) = self.sample.get() else {
            let key = if self.sample.is_loading() { "indicator-trying" } else { "indicator-no-sample" };
            return vec![Piece::new(texts.text(key, &[]), Role::Dim)];
        };
        let (numbers, objects) = (found.numbers.to_string(), found.objects.to_string());
        let head = texts.text("indicator-sample-head", &[("numbers", &numbers), ("objects", &objects)]);
        let mut pieces = vec![Piece::new(head, Role::Title)];
        pieces.extend(found.faults.iter().map(|fault| Piece::new(fault.clone(), Role::Bad)));
        for sample in &found.samples {
            let number = sample.value.number().map(|number| number.to_string());
            let role = if number.is_some() { Role::Text } else { Role::Absent };
            let value = number.unwrap_or_else(|| texts.text(absent(&sample.value), &[]));
            let kind = told::kind(&sample.kind, texts);
            let words = [
                ("kind", kind.as_str()),
                ("object", &sample.object),
                ("name", &sample.object_name),
                ("period", &sample.period),
                ("value", &value),
            ];
            pieces.push(Piece::new(texts.text("indicator-sample", &words), role));
        }
        pieces
    }

    fn replay(&self, texts: &Texts) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if let Some(job) = self.job.as_ref().filter(|job| !job.state.is_over()) {
            let (done, total) = (job.progress.done.to_string(), job.progress.total.unwrap_or_default().to_string());
            pieces.push(Piece::new(
                texts.text("indicator-rehearsing", &[("done", &done), ("total", &total)]),
                Role::Accent,
            ));
        }
        if let Some(problem) = self.job.as_ref().and_then(|job| job.problem.as_ref()) {
            pieces.push(Piece::new(problem.detail.clone(), Role::Bad));
            let fault = |field: &FieldProblem| {
                let label = self.label(&field.pointer, texts);
                texts.text("indicator-fault", &[("field", &label), ("text", &field.detail)])
            };
            // A form with faults says each of them twice: for programs with its field, and as a line.
            let listed: Vec<String> = match problem.fields.as_slice() {
                [] => problem.more.clone(),
                fields => fields.iter().map(fault).collect(),
            };
            pieces.extend(listed.into_iter().map(|line| Piece::new(line, Role::Bad).indent(2)));
        }
        let Some(found) = &self.rehearsal else {
            if pieces.is_empty() {
                pieces.push(Piece::new(texts.text("indicator-no-rehearsal", &[]), Role::Dim));
            }
            return pieces;
        };
        for period in &found.periods {
            let counts = counts(period, texts);
            let words: Vec<(&str, &str)> = counts.iter().map(|(name, text)| (*name, text.as_str())).collect();
            pieces.push(Piece::new(texts.text("indicator-period-head", &words), Role::Title));
            pieces.push(Piece::new(texts.text("indicator-period-counts", &words), Role::Text).indent(2));
            for verdict in period.verdicts.iter().filter(|verdict| verdict.before != verdict.after) {
                pieces.push(Piece::new(counted(verdict, texts), Role::Dim).indent(2));
            }
            for warning in period.warnings.iter().take(8) {
                let level = warning.after.as_ref().or(warning.before.as_ref()).cloned().unwrap_or_default();
                let shift = texts.text(&format!("indicator-shift-{}", warning.shift), &[]);
                let words = [
                    ("shift", shift.as_str()),
                    ("rule", &warning.rule),
                    ("object", &warning.object),
                    ("name", &warning.object_name),
                    ("level", &level),
                ];
                pieces.push(Piece::new(texts.text("indicator-warning-shift", &words), Role::Warn).indent(2));
            }
        }
        pieces
    }

    fn differences(&self, texts: &Texts) -> Vec<Piece> {
        let Some(draft) = self.draft.get() else { return Vec::new() };
        let mut pieces = Vec::new();
        for (key, list) in [("indicator-own-changes", &draft.changes), ("indicator-their-changes", &draft.theirs)] {
            if list.is_empty() {
                continue;
            }
            pieces.push(Piece::new(texts.text(key, &[]), Role::Title));
            for change in list {
                let text = told::change(&change.field, change.before.as_deref(), change.after.as_deref(), texts);
                pieces.push(Piece::new(text, Role::Text).indent(2));
            }
        }
        if pieces.is_empty() {
            pieces.push(Piece::new(texts.text("indicator-nothing-changed", &[]), Role::Dim));
        }
        pieces
    }

    /// Theirs, mine and what both began with, field by field.
    fn conflict(&self, texts: &Texts) -> Vec<Piece> {
        let Some(theirs) = self.theirs.get() else { return Vec::new() };
        let (mine, base) = (self.now().form, &self.origin.form);
        let by = theirs.by.clone().unwrap_or_default();
        let mut pieces = vec![Piece::new(texts.text("indicator-conflict-head", &[("by", &by)]), Role::Bad)];
        let from_base = changes(base, &mine);
        for change in changes(&mine, &theirs.text.form) {
            let before =
                from_base.iter().find(|one| one.field == change.field).map_or(&change.before, |one| &one.before);
            pieces.push(Piece::new(told::label(&change.field, texts), Role::Accent));
            for (key, text) in [
                ("indicator-mine-is", &change.before),
                ("indicator-theirs-is", &change.after),
                ("indicator-base-was", before),
            ] {
                let text = told::value(&change.field, text.as_deref(), texts);
                pieces.push(Piece::new(texts.text(key, &[("text", &text)]), Role::Text).indent(2));
            }
        }
        pieces.push(Piece::new(texts.text("indicator-conflict-next", &[]), Role::Dim));
        pieces
    }
}

/// A rehearsed period in one line.
pub(super) fn in_short(period: &RehearsedPeriod, texts: &Texts) -> String {
    let counts = counts(period, texts);
    let words: Vec<(&str, &str)> = counts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    [texts.text("indicator-period-head", &words), texts.text("indicator-period-counts", &words)].join(" ")
}

fn counts(period: &RehearsedPeriod, texts: &Texts) -> [(&'static str, String); 9] {
    let run = period.run.clone().unwrap_or_else(|| texts.text("indicator-newest-rows", &[]));
    [
        ("period", period.period.clone()),
        ("run", run),
        ("objects", period.objects.after.to_string()),
        ("before", period.levels.iter().map(|level| level.before).sum::<u64>().to_string()),
        ("after", period.levels.iter().map(|level| level.after).sum::<u64>().to_string()),
        ("appear", period.appear.to_string()),
        ("disappear", period.disappear.to_string()),
        ("change", period.change.to_string()),
        ("values", period.values_changed.to_string()),
    ]
}

fn counted(verdict: &Counted, texts: &Texts) -> String {
    let name = texts.text(&format!("indicator-verdict-{}", verdict.word), &[]);
    let (before, after) = (verdict.before.to_string(), verdict.after.to_string());
    texts.text("indicator-verdict", &[("verdict", &name), ("before", &before), ("after", &after)])
}

/// Why there is no number; zero is none of these.
fn absent(value: &zhengai_model::value::Value) -> &'static str {
    match value {
        zhengai_model::value::Value::NotApplicable(_) => "indicator-not-applicable",
        zhengai_model::value::Value::NotDue => "indicator-not-due",
        _ => "indicator-no-data",
    }
}
