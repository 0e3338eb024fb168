//! What the areas about data share: words of the wire as those of the use cases, and back.

use crate::Cx;
use zhengai_model::batch::{Notice, Reject};
use zhengai_service::config;
use zhengai_service::import;
use zhengai_service::text_file::TextFile;
use zhengai_service::{FieldChange, PlanRow};
use zhengai_wire::batches::{PlanChange, PlanKey, PlanLine};
use zhengai_wire::data;
use zhengai_wire::imports::{FateSample, ImportOutcome, Imported};
use zhengai_wire::job::Progress;
use zhengai_wire::rejects::{RejectCell, RejectLine, RejectState};

pub(crate) fn text_file(file: data::TextFile) -> TextFile {
    TextFile { path: file.name.into(), text: file.text }
}

pub(crate) fn review(review: data::Review) -> config::Review {
    match review {
        data::Review::Auto => config::Review::Auto,
        data::Review::Hold => config::Review::Hold,
    }
}

pub(crate) fn deletes(deletes: data::Deletes) -> import::Deletes {
    match deletes {
        data::Deletes::Guarded => import::Deletes::Guarded,
        data::Deletes::Allowed => import::Deletes::Allowed,
    }
}

pub(crate) fn outcome(outcome: import::Outcome) -> ImportOutcome {
    match outcome {
        import::Outcome::Planned => ImportOutcome::Planned,
        import::Outcome::Held => ImportOutcome::Held,
        import::Outcome::Applied => ImportOutcome::Applied,
    }
}

pub(crate) fn notices(cx: &Cx, notices: Vec<Notice>) -> Vec<data::NoticeLine> {
    let told = |notice: Notice| data::NoticeLine { text: cx.say(&notice.message), rule: notice.rule };
    notices.into_iter().map(told).collect()
}

pub(crate) fn imported(cx: &Cx, imported: import::Imported) -> Imported {
    let sample = imported.sample.into_iter();
    Imported {
        batch: imported.batch.to_string(),
        dataset: imported.dataset.to_string(),
        outcome: outcome(imported.outcome),
        counts: imported.counts.into(),
        notices: notices(cx, imported.notices),
        sample: sample
            .map(|(fate, rows)| FateSample { fate, rows: rows.into_iter().map(plan_line).collect() })
            .collect(),
    }
}

pub(crate) fn plan_line(row: PlanRow) -> PlanLine {
    let change = |change: FieldChange| PlanChange {
        field: change.field.to_string(),
        before: change.before,
        after: change.after,
    };
    PlanLine {
        line: row.line,
        key: row.key.into_iter().map(|(field, value)| PlanKey { field: field.to_string(), value }).collect(),
        changes: row.changes.into_iter().map(change).collect(),
    }
}

/// A rejected row of which nothing has become yet.
pub(crate) fn reject_line(cx: &Cx, reject: Reject) -> RejectLine {
    RejectLine {
        reason: cx.say(&reject.reason),
        file: reject.file,
        sheet: reject.sheet,
        line: reject.line,
        column: reject.column,
        rule: reject.rule,
        value: reject.value,
        cells: reject.cells.into_iter().map(|(column, text)| RejectCell { column, text }).collect(),
        state: RejectState::Open,
        by: None,
    }
}

/// So many rows of a thing were read.
pub(crate) fn rows_read(cx: &Cx, what: &str, rows: u64) -> Progress {
    Progress {
        stage: cx.texts.text("api-stage-rows", &[]),
        stage_id: "rows".to_owned(),
        done: rows,
        unit: "rows".to_owned(),
        what: Some(what.to_owned()),
        ..Progress::default()
    }
}

/// The answer of a job as JSON.
pub(crate) fn result<T: serde::Serialize>(value: &T) -> Result<serde_json::Value, zhengai_service::ServiceError> {
    serde_json::to_value(value).map_err(|error| zhengai_service::ServiceError::Internal { what: error.to_string() })
}

/// How many items a request leaves out, and how many it wants at most.
pub(crate) fn window(offset: Option<u64>, limit: Option<u64>) -> (usize, usize) {
    let limit = limit.unwrap_or(zhengai_wire::page::DEFAULT_LIMIT).min(zhengai_wire::page::MAX_LIMIT);
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    (size(offset.unwrap_or(0)), size(limit))
}
