//! Reports that were written from this machine: a list that outlives the console.

use crate::theme::Role;
use crate::widgets::{Brush, Column, DataTable, Shown, Width};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Key under which the list is kept.
pub(super) const KEPT: &str = "reports";
/// So many are remembered.
const MOST: usize = 100;

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stage {
    /// It is being written.
    Writing,
    /// It is there.
    Written,
    /// It is not, and why.
    Failed(String),
}

/// A report as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    /// Where it lies.
    pub(super) file: String,
    /// What it is about, localised when it was written.
    pub(super) about: String,
    /// Id of its run.
    pub(super) run: String,
    /// Period of the run.
    pub(super) period: String,
    /// When it was asked for.
    pub(super) at: DateTime<Utc>,
    /// Its size.
    pub(super) bytes: u64,
    /// How far it is.
    pub(super) stage: Stage,
}

/// The table of them.
pub(super) fn table() -> DataTable<Written> {
    let columns = vec![
        Column::new("state", "reports-col-state", |one: &Written, brush: &Brush<'_>| {
            let text = |key: &str| brush.texts.text(key, &[]);
            match &one.stage {
                Stage::Writing => Shown::new(text("reports-writing"), Role::Accent),
                Stage::Written => Shown::new(text("reports-there"), Role::Good),
                Stage::Failed(_) => Shown::new(text("reports-failed"), Role::Bad),
            }
        })
        .width(Width::Fit(8)),
        Column::new("period", "reports-col-period", |one: &Written, _| one.period.clone())
            .width(Width::Fit(16))
            .priority(2),
        Column::new("about", "reports-col-about", |one: &Written, _| one.about.clone())
            .width(Width::Fit(26))
            .priority(1),
        Column::new("at", "reports-col-at", |one: &Written, _| Shown::dim(one.at.format("%Y-%m-%d %H:%M").to_string()))
            .width(Width::Fit(16))
            .priority(3),
        Column::new("bytes", "reports-col-size", |one: &Written, _| Shown::dim(size(one.bytes))).number().priority(4),
        Column::new("file", "reports-col-file", |one: &Written, _| match &one.stage {
            Stage::Failed(cause) => Shown::new(cause.clone(), Role::Bad),
            _ => Shown::from(one.file.clone()),
        })
        .width(Width::Fill(20)),
    ];
    DataTable::new(columns, |one: &Written| [one.at.to_rfc3339().as_str(), &one.file].concat())
        .empty("reports-no-files")
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        1..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

/// The list with one more in front; what is too old is forgotten.
pub(super) fn put(list: &mut Vec<Written>, one: Written) {
    list.retain(|other| other.file != one.file);
    list.insert(0, one);
    list.truncate(MOST);
}
