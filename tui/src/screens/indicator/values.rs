//! The values of a draft as one table: those of the definition, and those of narrower scopes.

use super::told;
use crate::theme::Role;
use crate::widgets::{Brush, Column, DataTable, Shown, Width};
use zhengai_model::threshold::ThresholdText;
use zhengai_wire::drafts::DraftText;

/// The table.
pub(super) fn table() -> DataTable<ThresholdText> {
    let columns = vec![
        Column::new("kind", "indicator-value-kind", |row: &ThresholdText, brush: &Brush<'_>| {
            brush.texts.text(&format!("indicator-word-{}", row.kind), &[])
        })
        .width(Width::Fit(8)),
        Column::new("when", "indicator-value-when", |row: &ThresholdText, _| row.when.clone()).width(Width::Fit(16)),
        Column::new("scope", "indicator-value-scope", |row: &ThresholdText, brush: &Brush<'_>| {
            match row.scope.as_str() {
                "" => Shown::dim(brush.texts.text("indicator-value-everywhere", &[])),
                scope => {
                    let grain = told::kind(&row.grain, brush.texts);
                    Shown::from([scope, " ", &grain].concat().trim_end().to_owned())
                }
            }
        })
        .width(Width::Fit(20)),
        Column::new("until", "indicator-value-until", |row: &ThresholdText, _| Shown::dim(row.until.clone()))
            .width(Width::Fit(10))
            .priority(3),
        Column::new("leave", "indicator-value-leave", |row: &ThresholdText, _| {
            Shown::new(row.leave.clone(), Role::Warn)
        })
        .width(Width::Fit(20))
        .priority(2),
        Column::new("source", "indicator-value-source", |row: &ThresholdText, _| Shown::dim(row.source.clone()))
            .width(Width::Fill(8))
            .priority(1),
    ];
    let key = |row: &ThresholdText| [&*row.kind, &row.scope, &row.grain, &row.level, &row.from, &row.when].join(" ");
    DataTable::new(columns, key).empty("indicator-no-values")
}

/// Its rows: what the definition says holds everywhere, and stands first.
pub(super) fn rows(text: &DraftText) -> Vec<ThresholdText> {
    let values = &text.form.values;
    let own = [
        ("start", &values.start),
        ("process", &values.process),
        ("target", &values.target),
        ("standard", &values.standard),
        ("warning", &values.warning),
        ("recovery", &values.recovery),
    ];
    let own = own.into_iter().filter(|(_, when)| !when.trim().is_empty()).map(|(kind, when)| ThresholdText {
        kind: kind.to_owned(),
        when: when.clone(),
        source: values.source.clone(),
        ..ThresholdText::default()
    });
    own.chain(text.thresholds.iter().cloned()).collect()
}
