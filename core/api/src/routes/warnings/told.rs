//! Warnings as they cross the wire: names in place of ids, reasons in words.

use crate::{ApiError, Cx};
use serde_json::json;
use zhengai_model::rule::Because;
use zhengai_model::warning::Suppression;
use zhengai_service::college::College;
use zhengai_service::warnings::{self as service};
use zhengai_service::words::word;
use zhengai_service::{ServiceError, WarningEvent, WarningGroup, WarningRecord};
use zhengai_wire::warnings::{
    CauseKind, CauseNode, Event, Group, Grouping, Past, UnitStep, WarningDetail, WarningLine,
};

/// Many warnings.
pub(crate) fn lines(college: &College, cx: &Cx, records: &[WarningRecord]) -> Vec<WarningLine> {
    records.iter().map(|record| line(college, cx, record)).collect()
}

/// One warning.
pub(crate) fn line(college: &College, cx: &Cx, record: &WarningRecord) -> WarningLine {
    let told = college.warning_line(record, &cx.texts);
    let (warning, identity) = (&record.warning, &record.warning.identity);
    let because: Vec<Because> = serde_json::from_value(record.because.clone()).unwrap_or_default();
    let compared = because.iter().find_map(Because::compared);
    let (silent_until, cause) = match &warning.suppression {
        Suppression::Silenced { until, .. } => (Some(*until), None),
        Suppression::Inhibited { by } => (None, Some(by.clone())),
        Suppression::None | Suppression::Shelved => (None, None),
    };
    WarningLine {
        id: record.id.0,
        revision: record.revision,
        level: told.level_word,
        level_name: told.level,
        severity: college.severity(&warning.level),
        rule: identity.rule.to_string(),
        rule_name: told.rule,
        indicator: college.indicator_of(record).map(|code| code.to_string()),
        kind: identity.kind.to_string(),
        object: identity.object.to_string(),
        object_name: record.object_name.clone(),
        units: steps(&record.unit),
        period: identity.period.to_string(),
        layer: record.layer,
        because: told.because,
        value: compared.map(|(value, _)| value.to_string()),
        threshold: compared.map(|(_, when)| when.to_string()),
        condition: word(&warning.condition),
        handling: warning.handling.as_str().to_owned(),
        resolution: warning.resolution.as_ref().map(word),
        suppression: suppression(&warning.suppression).to_owned(),
        silent_until,
        cause,
        assignee: record.assignee.clone(),
        due: record.due,
        overdue: record.due.is_some_and(|due| warning.is_overdue(due, college.today())),
        open: warning.is_open(),
        at: record.at,
        updated_at: record.updated_at,
    }
}

fn suppression(suppression: &Suppression) -> &'static str {
    match suppression {
        Suppression::None => "none",
        Suppression::Silenced { .. } => "silenced",
        Suppression::Inhibited { .. } => "inhibited",
        Suppression::Shelved => "shelved",
    }
}

/// The steps of a path of units.
pub(crate) fn steps(path: &str) -> Vec<UnitStep> {
    let step = |step: &str| {
        let (kind, id) = step.split_once('/')?;
        Some(UnitStep { kind: kind.to_owned(), id: id.replace("%3E", ">") })
    };
    path.split('>').filter_map(step).collect()
}

/// One warning with everything behind it.
pub(super) fn detail(
    college: &College,
    cx: &Cx,
    record: &WarningRecord,
    events: &[WarningEvent],
    values: Vec<service::Past>,
) -> Result<WarningDetail, ApiError> {
    let because: Vec<Because> = serde_json::from_value(record.because.clone()).unwrap_or_default();
    let recorded = |error: serde_json::Error| ServiceError::Internal { what: error.to_string() };
    Ok(WarningDetail {
        line: line(college, cx, record),
        reasons: because.iter().map(|one| college.because(one, &cx.texts)).collect(),
        events: events.iter().map(event).collect(),
        past: values.into_iter().map(past).collect(),
        first_run: record.first_run.to_string(),
        last_run: record.last_run.to_string(),
        record: json!({
            "warning": serde_json::to_value(record).map_err(recorded)?,
            "events": serde_json::to_value(events).map_err(recorded)?,
        }),
    })
}

fn event(event: &WarningEvent) -> Event {
    Event {
        at: event.at,
        by: event.actor.name.clone(),
        role: event.actor.role.clone(),
        action: event.action.clone(),
        why: event.why.clone(),
        run: event.run.as_ref().map(ToString::to_string),
    }
}

/// A value of the past.
pub(crate) fn past(past: service::Past) -> Past {
    Past { run: past.run, period: past.period, value: past.value }
}

/// A count.
pub(super) fn group(college: &College, cx: &Cx, by: Grouping, group: WarningGroup) -> Group {
    let name = match (by, group.key.as_deref()) {
        (Grouping::Assignee, None) => cx.texts.text("api-warnings-nobody", &[]),
        (Grouping::Unit, None) => cx.texts.text("api-warnings-college", &[]),
        (_, None) => String::new(),
        (Grouping::Rule, Some(key)) => college.rule_name(key, &cx.texts),
        (Grouping::Severity, Some(key)) => college.level_name(key, &cx.texts),
        (Grouping::State, Some(key)) => cx.texts.text(&format!("handling-{key}"), &[]),
        (Grouping::Unit | Grouping::Assignee, Some(key)) => key.to_owned(),
    };
    Group {
        name,
        level_name: level(college, cx, group.severity),
        key: group.key,
        count: group.count,
        severity: group.severity,
    }
}

fn level(college: &College, cx: &Cx, severity: i64) -> String {
    let levels = college.definitions().levels.all();
    let at = usize::try_from(severity).ok().and_then(|rank| rank.checked_sub(1));
    at.and_then(|at| levels.get(at)).map(|level| cx.label(&level.names)).unwrap_or_default()
}

/// Causes with the rules below them.
pub(super) fn causes(college: &College, cx: &Cx, found: Vec<service::Cause>) -> Vec<CauseNode> {
    let node = |cause: service::Cause| {
        let kind = match cause.kind {
            service::CauseKind::Open => CauseKind::Open,
            service::CauseKind::Inhibited => CauseKind::Inhibited,
            service::CauseKind::Capped => CauseKind::Capped,
            service::CauseKind::Silenced => CauseKind::Silenced,
            service::CauseKind::Shelved => CauseKind::Shelved,
        };
        let key = cause.key.unwrap_or_default();
        let text = match kind {
            CauseKind::Open => "api-cause-open",
            CauseKind::Inhibited => "api-cause-inhibited",
            CauseKind::Capped => "api-cause-capped",
            CauseKind::Silenced => "api-cause-silenced",
            CauseKind::Shelved => "api-cause-shelved",
        };
        let rule = |rule: WarningGroup| {
            let key = rule.key.unwrap_or_default();
            let name = college.rule_name(&key, &cx.texts);
            CauseNode { kind, key, name, count: rule.count, severity: rule.severity, children: Vec::new() }
        };
        CauseNode {
            kind,
            name: cx.texts.text(text, &[("cause", &key)]),
            key,
            count: cause.count,
            severity: cause.severity,
            children: cause.rules.into_iter().map(rule).collect(),
        }
    };
    found.into_iter().map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn a_path_of_units_is_read_back_step_by_step() {
        let told: Vec<_> = steps(">department/D1>class/C%3E1>").into_iter().map(|step| (step.kind, step.id)).collect();
        assert_eq!(told, [("department".into(), "D1".into()), ("class".to_owned(), "C>1".to_owned())]);
        assert!(steps("").is_empty());
    }
}
