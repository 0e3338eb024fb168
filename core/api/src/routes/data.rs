//! What the areas about data share: words of the wire as those of the use cases, and back.

use crate::Cx;
use zhengai_model::batch::{Notice, Reject};
use zhengai_service::config;
use zhengai_service::import;
use zhengai_service::text_file::TextFile;
use zhengai_service::{FieldChange, PlanRow, ServiceError};
use zhengai_wire::batches::{PlanChange, PlanKey, PlanLine};
use zhengai_wire::data;
use zhengai_wire::imports::{FateSample, ImportOutcome, Imported};
use zhengai_wire::job::Progress;
use zhengai_wire::page::{DEFAULT_LIMIT, MAX_LIMIT};
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
/// The farthest offset that is taken.
const MAX_OFFSET: u64 = 1_000_000_000;

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

/// How many items a request leaves out, and how many it wants at most. No list is as long as [`MAX_OFFSET`], and numbers
/// far beyond it are none to those who count with signed ones.
pub(crate) fn window(offset: Option<u64>, limit: Option<u64>) -> Result<(usize, usize), ServiceError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let offset = offset.unwrap_or(0);
    let bad = || ServiceError::BadArgument { what: "offset", value: offset.to_string() };
    let within = usize::try_from(offset).ok().filter(|_| offset <= MAX_OFFSET).ok_or_else(bad)?;
    Ok((within, usize::try_from(limit).unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{MAX_OFFSET, window};
    use zhengai_model::fault::{Explain, Fault};

    #[test]
    fn an_offset_beyond_any_list_is_refused_and_a_limit_beyond_a_page_is_cut() {
        assert_eq!(window(None, None).expect("a window"), (0, 100));
        assert_eq!(window(Some(MAX_OFFSET), Some(u64::MAX)).expect("a window").1, 10_000);
        for offset in [MAX_OFFSET + 1, u64::MAX] {
            assert_eq!(window(Some(offset), None).expect_err("too far").fault(), Fault::Invalid);
        }
    }
}
