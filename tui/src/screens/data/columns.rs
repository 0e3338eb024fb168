//! Columns of the tables of 数据.

use super::workbench::Row;
use crate::app::Notice;
use crate::theme::Role;
use crate::widgets::{Brush, Column, Piece, Shown, Width};
use chrono::{DateTime, Utc};
use zhengai_model::batch::BatchState;
use zhengai_model::period::PeriodState;
use zhengai_text::Texts;
use zhengai_wire::batches::{Batch, PlanChange, PlanLine};
use zhengai_wire::datasets::{DatasetLine, FieldLine};
use zhengai_wire::periods::PeriodRow;
use zhengai_wire::rejects::{RejectLine, RejectState};
use zhengai_wire::secrets::SecretLine;
use zhengai_wire::sources::{Source, SyncLine};

/// A time as people read it.
pub(super) fn time(at: Option<DateTime<Utc>>) -> Shown {
    at.map_or_else(|| Shown::dim(""), |at| Shown::dim(at.format("%Y-%m-%d %H:%M").to_string()))
}

fn count(number: u64, role: Role) -> Shown {
    Shown::new(number.to_string(), if number == 0 { Role::Dim } else { role })
}

/// How a sync ended, in words.
fn sync_state(state: &str, brush: &Brush<'_>) -> Shown {
    let role = match state {
        "finished" => Role::Good,
        "failed" | "interrupted" => Role::Bad,
        "running" => Role::Accent,
        _ => Role::Warn,
    };
    let key = format!("data-sync-{state}");
    Shown::new(brush.texts.text(&key, &[]), role)
}

pub(super) fn sources() -> Vec<Column<Source>> {
    vec![
        Column::new("id", "data-col-source", |row: &Source, _: &Brush<'_>| row.id.clone()),
        Column::new("state", "data-col-health", |row: &Source, brush: &Brush<'_>| match (&row.last, row.enabled) {
            (_, false) => Shown::dim(brush.texts.text("data-source-off", &[])),
            (None, true) => Shown::new(brush.texts.text("data-source-never", &[]), Role::Absent),
            (Some(last), true) => sync_state(&last.state, brush),
        })
        .width(Width::Fit(16)),
        Column::new("at", "data-col-last", |row: &Source, _: &Brush<'_>| {
            time(row.last.as_ref().map(|last| last.ended_at.unwrap_or(last.at)))
        })
        .width(Width::Fit(16))
        .priority(1),
        Column::new("waiting", "data-col-waiting", |row: &Source, _: &Brush<'_>| {
            count(row.waiting.len() as u64, Role::Warn)
        })
        .number()
        .priority(2),
        Column::new("streams", "data-col-streams", |row: &Source, _: &Brush<'_>| row.streams.len().to_string())
            .number()
            .priority(3),
        Column::new("plugin", "data-col-plugin", |row: &Source, _: &Brush<'_>| Shown::dim(row.plugin.clone()))
            .width(Width::Fit(28))
            .priority(4),
    ]
}

pub(super) fn syncs() -> Vec<Column<SyncLine>> {
    vec![
        Column::new("id", "data-col-sync", |row: &SyncLine, _: &Brush<'_>| row.id.clone()).width(Width::Fit(16)),
        Column::new("source", "data-col-source", |row: &SyncLine, _: &Brush<'_>| row.source.clone()),
        Column::new("state", "data-col-state", |row: &SyncLine, brush: &Brush<'_>| sync_state(&row.state, brush))
            .width(Width::Fit(16)),
        Column::new("at", "data-col-at", |row: &SyncLine, _: &Brush<'_>| time(Some(row.at)))
            .width(Width::Fit(16))
            .priority(1),
        Column::new("ended", "data-col-ended", |row: &SyncLine, _: &Brush<'_>| time(row.ended_at))
            .width(Width::Fit(16))
            .priority(3),
        Column::new("by", "data-col-by", |row: &SyncLine, _: &Brush<'_>| Shown::dim(row.by.clone()))
            .width(Width::Fit(16))
            .priority(2),
    ]
}

pub(super) fn secrets() -> Vec<Column<SecretLine>> {
    vec![
        Column::new("name", "data-col-secret", |row: &SecretLine, _: &Brush<'_>| row.name.clone())
            .width(Width::Fit(24)),
        Column::new("set", "data-col-state", |row: &SecretLine, brush: &Brush<'_>| match row.set {
            true => Shown::new(brush.texts.text("data-secret-set", &[]), Role::Good),
            false => Shown::new(brush.texts.text("data-secret-unset", &[]), Role::Bad),
        })
        .width(Width::Fit(12)),
        Column::new("sources", "data-col-used-by", |row: &SecretLine, _: &Brush<'_>| row.sources.join(", ")),
    ]
}

pub(super) fn periods() -> Vec<Column<PeriodRow>> {
    vec![
        Column::new("id", "data-col-period", |row: &PeriodRow, _: &Brush<'_>| row.id.clone()).width(Width::Fit(12)),
        Column::new("name", "data-col-name", |row: &PeriodRow, _: &Brush<'_>| row.name.clone())
            .width(Width::Fit(30))
            .priority(2),
        Column::new("state", "data-col-state", |row: &PeriodRow, brush: &Brush<'_>| {
            let (key, role) = match row.state {
                PeriodState::Open => ("data-period-open", Role::Text),
                PeriodState::Grace => ("data-period-grace", Role::Accent),
                PeriodState::Locked => ("data-period-locked", Role::Warn),
                PeriodState::Signed => ("data-period-signed", Role::Good),
            };
            Shown::new(brush.texts.text(key, &[]), role)
        })
        .width(Width::Fit(16)),
        Column::new("by", "data-col-by", |row: &PeriodRow, brush: &Brush<'_>| {
            let calendar = || brush.texts.text("data-by-calendar", &[]);
            Shown::dim(row.settled.as_ref().map_or_else(calendar, |settled| settled.by.clone()))
        })
        .width(Width::Fit(12))
        .priority(3),
        Column::new("why", "data-col-reason", |row: &PeriodRow, _: &Brush<'_>| {
            row.settled.as_ref().and_then(|settled| settled.why.clone()).unwrap_or_default()
        })
        .priority(1),
    ]
}

pub(super) fn batches() -> Vec<Column<Batch>> {
    let number = |id: &str, title: &str, role: Role, priority: u8, of: fn(&Batch) -> u64| {
        Column::new(id, title, move |row: &Batch, _: &Brush<'_>| count(of(row), role)).number().priority(priority)
    };
    vec![
        Column::new("id", "data-col-batch", |row: &Batch, _: &Brush<'_>| row.id.clone()).width(Width::Fit(16)),
        Column::new("dataset", "data-col-dataset", |row: &Batch, _: &Brush<'_>| row.dataset.clone())
            .width(Width::Fit(24)),
        Column::new("state", "data-col-state", |row: &Batch, brush: &Brush<'_>| {
            let (word, role) = match row.state {
                BatchState::Staging => ("staging", Role::Accent),
                BatchState::Held => ("held", Role::Warn),
                BatchState::Applying => ("applying", Role::Accent),
                BatchState::Applied => ("applied", Role::Good),
                BatchState::Refused => ("refused", Role::Dim),
                BatchState::Failed => ("failed", Role::Bad),
            };
            let key = format!("data-batch-{word}");
            Shown::new(brush.texts.text(&key, &[]), role)
        })
        .width(Width::Fit(12)),
        number("rejected", "data-col-rejected", Role::Bad, 1, |row| row.counts.map_or(0, |counts| counts.rejected)),
        number("new", "data-col-new", Role::Text, 2, |row| row.counts.map_or(0, |counts| counts.new)),
        number("changed", "data-col-changed", Role::Text, 3, |row| row.counts.map_or(0, |counts| counts.changed)),
        number("gone", "data-col-gone", Role::Warn, 3, |row| row.counts.map_or(0, |counts| counts.gone)),
        Column::new("file", "data-col-file", |row: &Batch, _: &Brush<'_>| row.file.clone()).priority(4),
        Column::new("at", "data-col-at", |row: &Batch, _: &Brush<'_>| time(Some(row.at)))
            .width(Width::Fit(16))
            .priority(5),
    ]
}

pub(super) fn datasets() -> Vec<Column<DatasetLine>> {
    vec![
        Column::new("id", "data-col-dataset", |row: &DatasetLine, _: &Brush<'_>| row.id.clone()).width(Width::Fit(24)),
        Column::new("name", "data-col-name", |row: &DatasetLine, _: &Brush<'_>| row.name.clone()).priority(2),
        Column::new("rows", "data-col-rows", |row: &DatasetLine, brush: &Brush<'_>| match (row.rows, row.computed) {
            (Some(rows), _) => Shown::from(rows.to_string()),
            (None, true) => Shown::dim(brush.texts.text("data-dataset-computed", &[])),
            (None, false) => Shown::new(brush.look.glyphs.no_data, Role::Absent),
        })
        .number(),
        Column::new("fresh", "data-col-fresh", |row: &DatasetLine, _: &Brush<'_>| time(row.fresh_at))
            .width(Width::Fit(16))
            .priority(1),
        Column::new("waiting", "data-col-waiting", |row: &DatasetLine, _: &Brush<'_>| count(row.waiting, Role::Warn))
            .number()
            .priority(3),
    ]
}

pub(super) fn fields() -> Vec<Column<FieldLine>> {
    vec![
        Column::new("field", "data-col-field", |row: &FieldLine, _: &Brush<'_>| row.field.clone())
            .width(Width::Fit(28)),
        Column::new("name", "data-col-name", |row: &FieldLine, _: &Brush<'_>| row.name.clone()),
        Column::new("kind", "data-col-type", |row: &FieldLine, _: &Brush<'_>| {
            let word = serde_json::to_value(row.kind).ok();
            Shown::dim(word.as_ref().and_then(|word| word.as_str()).unwrap_or_default())
        })
        .width(Width::Fit(12)),
        Column::new("required", "data-col-required", |row: &FieldLine, brush: &Brush<'_>| {
            let key = match (row.key, row.required) {
                (true, _) => "data-field-key",
                (false, true) => "data-field-required",
                (false, false) => return Shown::dim(""),
            };
            Shown::from(brush.texts.text(key, &[]))
        })
        .width(Width::Fit(10))
        .priority(1),
        Column::new("unit", "data-col-unit", |row: &FieldLine, _: &Brush<'_>| row.unit.clone().unwrap_or_default())
            .width(Width::Fit(8))
            .priority(2),
        Column::new("codes", "data-col-codes", |row: &FieldLine, _: &Brush<'_>| {
            let codes: Vec<String> = row.codes.iter().map(|code| format!("{}={}", code.code, code.zh)).collect();
            Shown::dim(codes.join(" "))
        })
        .priority(3),
    ]
}

pub(super) fn plan() -> Vec<Column<PlanLine>> {
    vec![
        Column::new("line", "data-col-line", |row: &PlanLine, _: &Brush<'_>| {
            Shown::dim(row.line.map(|line| line.to_string()).unwrap_or_default())
        })
        .number(),
        Column::new("key", "data-col-key", |row: &PlanLine, _: &Brush<'_>| {
            row.key.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ")
        })
        .width(Width::Fit(32)),
        Column::new("change", "data-col-change", |row: &PlanLine, brush: &Brush<'_>| {
            row.changes.iter().map(|one| change(one, brush.texts)).collect::<Vec<_>>().join("  ")
        }),
    ]
}

/// A planned row as a whole: its key, then each of its values in a line of its own.
pub(super) fn planned(row: &PlanLine, texts: &Texts) -> Notice {
    let line = row.line.map(|line| line.to_string()).unwrap_or_default();
    let mut pieces = vec![Piece::new(texts.text("data-col-key", &[]), Role::Header)];
    let parts = row.key.iter().map(|part| [part.field.as_str(), "=", &part.value].concat());
    pieces.extend(parts.map(|part| Piece::new(part, Role::Text).indent(2)));
    if !row.changes.is_empty() {
        pieces.push(Piece::new(texts.text("data-col-change", &[]), Role::Header));
        pieces.extend(row.changes.iter().map(|one| Piece::new(change(one, texts), Role::Text).indent(2)));
    }
    Notice { title: texts.text("data-planned-row", &[("line", &line)]), pieces, copy: None }
}

fn change(change: &PlanChange, texts: &Texts) -> String {
    let empty = texts.text("data-empty-value", &[]);
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| empty.clone());
    match &change.before {
        None => format!("{}={}", change.field, side(&change.after)),
        Some(before) => {
            let after = side(&change.after);
            texts.text("data-change", &[("field", &change.field), ("before", before), ("after", &after)])
        }
    }
}

pub(super) fn bad() -> Vec<Column<RejectLine>> {
    vec![
        Column::new("line", "data-col-line", |row: &RejectLine, _: &Brush<'_>| row.line.to_string()).number(),
        Column::new("column", "data-col-column", |row: &RejectLine, _: &Brush<'_>| {
            row.column.clone().unwrap_or_default()
        })
        .width(Width::Fit(20)),
        Column::new("value", "data-col-value", |row: &RejectLine, _: &Brush<'_>| {
            Shown::new(row.value.clone().unwrap_or_default(), Role::Bad)
        })
        .width(Width::Fit(24)),
        Column::new("reason", "data-col-reason", |row: &RejectLine, _: &Brush<'_>| row.reason.clone()).priority(1),
    ]
}

pub(super) fn rejects() -> Vec<Column<Row>> {
    vec![
        Column::new("line", "data-col-line", |row: &Row, _: &Brush<'_>| row.line.line.to_string()).number(),
        Column::new("state", "data-col-state", |row: &Row, brush: &Brush<'_>| {
            let (key, role) = match (row.line.state, &row.still, row.edits.is_empty()) {
                (RejectState::Mended, _, _) => ("data-reject-mended", Role::Good),
                (RejectState::Waiting, _, _) => ("data-reject-waiting", Role::Warn),
                (RejectState::Open, Some(None), _) => ("data-reject-passes", Role::Good),
                (RejectState::Open, Some(Some(_)), _) => ("data-reject-still", Role::Bad),
                (RejectState::Open, None, false) => ("data-reject-edited", Role::Accent),
                (RejectState::Open, None, true) => ("data-reject-open", Role::Text),
            };
            Shown::new(brush.texts.text(key, &[]), role)
        })
        .width(Width::Fit(12)),
        Column::new("column", "data-col-column", |row: &Row, _: &Brush<'_>| {
            row.now().column.clone().unwrap_or_default()
        })
        .width(Width::Fit(20)),
        Column::new("value", "data-col-value", |row: &Row, _: &Brush<'_>| {
            Shown::new(row.now().value.clone().unwrap_or_default(), Role::Bad)
        })
        .width(Width::Fit(24)),
        Column::new("reason", "data-col-reason", |row: &Row, _: &Brush<'_>| row.now().reason.clone()).priority(1),
    ]
}
