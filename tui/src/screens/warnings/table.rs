//! The columns of the three views.

use super::panel::spark_of;
use crate::theme::Role;
use crate::widgets::{Brush, Column, DataTable, Shown, TreeTable, Width};
use zhengai_wire::warnings::{CauseNode, Group, Past, WarningLine};

/// A row of the list: a warning and, when they have come, past values of its indicator.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) line: WarningLine,
    pub(super) past: Vec<Past>,
    /// Whether they were asked for.
    pub(super) asked: bool,
}

/// Cells of a small curve.
const SPARK: u16 = 8;

/// The list.
pub(super) fn warnings() -> DataTable<Row> {
    let columns = vec![
        Column::new("severity", "warnings-col-level", |row: &Row, brush| level(&row.line, brush))
            .width(Width::Fit(12))
            .sorts(),
        Column::new("rule", "warnings-col-rule", |row: &Row, _| row.line.rule_name.clone())
            .width(Width::Fill(10))
            .priority(2)
            .sorts(),
        Column::new("object", "warnings-col-object", |row: &Row, _| row.line.object_name.clone())
            .width(Width::Fill(8))
            .priority(1)
            .sorts(),
        Column::new("value", "warnings-col-value", |row: &Row, _| value(&row.line)).width(Width::Fit(20)).priority(3),
        Column::new("spark", "warnings-col-past", |row: &Row, brush| {
            Shown::dim(spark_of(&row.past, SPARK, brush.look.glyphs))
        })
        .width(Width::Fixed(SPARK))
        .priority(7),
        Column::new("state", "warnings-col-state", |row: &Row, brush| state(&row.line, brush))
            .width(Width::Fit(16))
            .priority(3)
            .sorts(),
        Column::new("assignee", "warnings-col-assignee", |row: &Row, _| row.line.assignee.clone().unwrap_or_default())
            .width(Width::Fit(12))
            .priority(4)
            .sorts(),
        Column::new("due", "warnings-col-due", |row: &Row, brush| due(&row.line, brush))
            .width(Width::Fit(14))
            .priority(5)
            .sorts(),
        Column::new("period", "warnings-col-period", |row: &Row, _| Shown::dim(row.line.period.clone()))
            .width(Width::Fit(12))
            .priority(6)
            .sorts(),
        Column::new("unit", "warnings-col-unit", |row: &Row, _| Shown::dim(unit(&row.line)))
            .width(Width::Fit(20))
            .priority(8)
            .sorts(),
    ];
    DataTable::new(columns, |row| row.line.id.to_string()).empty("warnings-none")
}

/// Counts.
pub(super) fn groups() -> DataTable<Group> {
    let columns = vec![
        Column::new("name", "warnings-col-group", |group: &Group, _| group.name.clone()).width(Width::Fill(12)),
        Column::new("count", "warnings-col-count", |group: &Group, _| group.count.to_string()).number(),
        Column::new("level", "warnings-col-worst", |group: &Group, brush| {
            named_level(&group.level_name, group.severity, brush)
        })
        .width(Width::Fit(12))
        .priority(1),
    ];
    DataTable::new(columns, |group| group.key.clone().unwrap_or_default()).empty("warnings-none")
}

/// Causes with the rules below them.
pub(super) fn causes() -> TreeTable<CauseNode> {
    let columns = vec![
        Column::new("name", "warnings-col-cause", |node: &CauseNode, _| node.name.clone()).width(Width::Fill(16)),
        Column::new("count", "warnings-col-count", |node: &CauseNode, _| node.count.to_string()).number(),
    ];
    TreeTable::new(columns).empty("warnings-none")
}

/// The role of a rank: the mildest level, the middle ones, the most severe.
pub(crate) fn role_of(severity: i64) -> Role {
    match severity {
        ..=0 => Role::Dim,
        1 => Role::Mild,
        2 => Role::Warn,
        _ => Role::Bad,
    }
}

/// A level as signs, which carry it beside the word where colours are not seen.
pub(super) fn signs_of(severity: i64, sign: &str) -> String {
    sign.repeat(usize::try_from(severity.clamp(1, 3)).unwrap_or(1))
}

fn named_level(name: &str, severity: i64, brush: &Brush<'_>) -> Shown {
    if name.is_empty() {
        return Shown::dim("");
    }
    let signs = signs_of(severity, brush.look.glyphs.warning);
    Shown::new([signs.as_str(), " ", name].concat(), role_of(severity))
}

fn level(line: &WarningLine, brush: &Brush<'_>) -> Shown {
    named_level(&line.level_name, line.severity, brush)
}

/// The value against what it was compared with.
pub(super) fn value(line: &WarningLine) -> String {
    match (&line.value, &line.threshold) {
        (Some(value), Some(threshold)) => [value.as_str(), " ", threshold].concat(),
        (Some(value), None) => value.clone(),
        (None, _) => String::new(),
    }
}

/// Handling, or what keeps the warning silent, or what the machine sees when it is no longer wrong.
fn state(line: &WarningLine, brush: &Brush<'_>) -> Shown {
    let text = |key: &str| brush.texts.text(key, &[]);
    if line.suppression != "none" {
        return Shown::dim(text(&["warnings-suppression-", &line.suppression].concat()));
    }
    let handling = text(&["warnings-state-", &line.handling].concat());
    match (line.handling.as_str(), line.condition.as_str()) {
        ("resolved", _) => Shown::new(handling, Role::Good),
        (_, "active" | "pending") => Shown::new(handling, Role::Text),
        (_, condition) => {
            let condition = text(&["warnings-condition-", condition].concat());
            Shown::dim([handling.as_str(), " ", &condition].concat())
        }
    }
}

fn due(line: &WarningLine, brush: &Brush<'_>) -> Shown {
    let Some(due) = line.due else { return Shown::dim("") };
    if line.overdue {
        let day = due.to_string();
        return Shown::new(brush.texts.text("warnings-overdue", &[("day", &day)]), Role::Bad);
    }
    Shown::from(due.to_string())
}

fn unit(line: &WarningLine) -> String {
    line.units.iter().map(|unit| unit.id.as_str()).collect::<Vec<_>>().join("/")
}
