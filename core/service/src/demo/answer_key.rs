//! The answer key: what an honest import must reject and what an honest diagnosis must find. Worked out from the
//! generator's ledger; the engine is never asked.

use super::facts::{College, Written};
use super::plan::{TERMS, YEAR};
use super::planted::LAST;
use super::readings::{self, Reading};
use indexmap::IndexMap;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use zhengai_model::threshold::Condition;
use zhengai_model::verdict::Attainment;

/// A row that must be rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlantedRow {
    /// Dataset that the file is for.
    pub dataset: String,
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of the file, counting from 1, header included; row number of a sheet.
    pub line: u64,
    /// Header of the column at fault as written in the file, upper and lower header joined by `/`.
    pub column: Option<String>,
    /// Rule that it breaks.
    pub rule: String,
}

/// A result that a diagnosis must have: every 不达标 and every breached warning value of the periods that the runs
/// cover is listed, and the 无法判定 that were planted. Other results may be undetermined only because a course
/// or a person has no such data or too few cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedFinding {
    /// The indicator.
    pub indicator: String,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// The period.
    pub period: String,
    /// Value as it is printed; absent where there is none.
    pub value: Option<Decimal>,
    /// Attainment.
    pub attainment: Attainment,
    /// Whether the indicator's warning value is breached.
    pub warning: bool,
}

/// A warning rule, besides the implicit ones, that must fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedFiring {
    /// The rule.
    pub rule: String,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// The period.
    pub period: String,
    /// Which earlier run it needs.
    pub history: History,
}

/// What must have been diagnosed before a rule can fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum History {
    /// Nothing.
    None,
    /// The period before: a term's is in the same run over the academic year, and in a run of its own before that.
    Previous,
    /// The same period a year earlier: the run over the calendar year, which is the first, covers it.
    LastYear,
}

/// The key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerKey {
    /// Rows that must be rejected; all others are good.
    pub rows: Vec<PlantedRow>,
    /// Results that are bad or undetermined on purpose.
    pub findings: Vec<ExpectedFinding>,
    /// Explicit rules that fire.
    pub firings: Vec<ExpectedFiring>,
}

/// Limits of one indicator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) decimals: u32,
    pub(super) target: Option<Condition>,
    pub(super) standard: Option<Condition>,
    pub(super) warning: Option<Condition>,
    /// Grains for which they hold; all when empty.
    #[serde(default)]
    pub(super) grains: Vec<String>,
}

/// The limits by indicator.
pub(super) fn limits() -> IndexMap<String, Limit> {
    toml::from_str(include_str!("limits.toml")).expect("limits.toml is part of this crate and under test")
}

/// Periods that the key speaks about, in the order in which they end: each run finds the one before.
pub(super) fn periods() -> Vec<String> {
    vec![format!("CY{YEAR}"), TERMS[LAST - 1].id(), TERMS[LAST].id(), format!("AY{YEAR}")]
}

/// Works out the key.
pub(super) fn derive(college: &College, written: &Written) -> AnswerKey {
    let limits = limits();
    let ledger = &written.ledger;
    let readings = readings::all(college, ledger);
    let mut findings: Vec<ExpectedFinding> =
        readings.iter().filter_map(|reading| judge(reading, limits.get(reading.indicator)?)).collect();
    findings.extend(readings::undetermined(college));
    AnswerKey { rows: written.faults.rows.clone(), findings, firings: readings::firings(college, &readings) }
}

/// The finding of a reading, when it is bad.
fn judge(reading: &Reading, limit: &Limit) -> Option<ExpectedFinding> {
    if !limit.grains.is_empty() && !limit.grains.iter().any(|grain| grain == reading.kind) {
        return None;
    }
    let value = reading.value().round_dp_with_strategy(limit.decimals, RoundingStrategy::MidpointAwayFromZero);
    let fails = |condition: &Option<Condition>| condition.as_ref().is_some_and(|condition| !condition.holds(value));
    let warning = limit.warning.as_ref().is_some_and(|condition| condition.holds(value));
    let attainment = if fails(&limit.standard) {
        Attainment::Unmet
    } else if fails(&limit.target) {
        Attainment::Met
    } else {
        Attainment::Achieved
    };
    (attainment == Attainment::Unmet || warning).then(|| ExpectedFinding {
        indicator: reading.indicator.to_owned(),
        kind: reading.kind.to_owned(),
        object: reading.object.clone(),
        period: reading.period.clone(),
        value: Some(value),
        attainment,
        warning,
    })
}
