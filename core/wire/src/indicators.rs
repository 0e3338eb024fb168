//! Indicators (指标): the catalogue, one in full, versions and what differs between them, checks on real data, publishing.

use crate::call::Call;
use crate::upload::FileRef;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::indicator::Indicator;
use zhengai_model::text::Names;

/// Which indicators of the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CatalogQuery {
    /// Of this layer: `school`, `major`, `course`, `teacher`, `student`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// At this 质控点 or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// Of this system: `command`, `generation`, `resources`, `support`, `control`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Whose code, names, 质控点 or basis contain all of these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// The catalogue: 质控点 as a tree, and the indicators at its leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Catalog {
    /// All nodes above the indicators, parents before children.
    pub points: Vec<PointRow>,
    /// Indicators in the order of layer, 质控点 and code.
    pub indicators: Vec<IndicatorRow>,
}

/// A node of the tree 层面 → 维度 → 质控点.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PointRow {
    /// Dotted id.
    pub id: String,
    /// Id of the node above; absent at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its name, in the language of the request.
    pub name: String,
    /// Sum of the weights of the indicators here, in percent, when any has one; 100 is what it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
}

/// Where a definition or a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum Origin {
    /// A pack that ships or that was dropped in.
    Pack {
        /// Id of the pack or plugin.
        pack: String,
        /// File in it.
        file: String,
    },
    /// Published in this college.
    Published,
    /// A threshold that somebody set.
    Set {
        /// Its number.
        id: i64,
        /// Who set it.
        by: String,
    },
}

/// One of the values of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValueRow {
    /// `start`, `process`, `target`, `standard`, `warning`, `recovery`.
    pub kind: String,
    /// What it is called, in the language of the request: 目标值.
    pub label: String,
    /// The condition: `>= 95`.
    pub when: String,
    /// For whom: `college`, `unit:department:D1`, …
    pub scope: String,
    /// For this grain only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<String>,
    /// For objects of this kind only: `school_type=engineering`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Level of a warning value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<chrono::NaiveDate>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<chrono::NaiveDate>,
    /// Regulation, plan or decision.
    pub source: String,
    /// Whether somebody has checked it against the source; otherwise 未核实.
    pub verified: bool,
    /// Where it was written.
    pub origin: Origin,
    /// Whether it holds today.
    pub holds: bool,
}

/// An indicator in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorRow {
    /// Its code.
    pub code: String,
    /// Its name, in the language of the request.
    pub name: String,
    /// Its names, for filters in either language.
    #[schema(value_type = Object)]
    pub names: Names,
    /// Its layer.
    pub layer: String,
    /// Its 质控点.
    pub point: String,
    /// Names of the 质控点 and of the nodes above it.
    pub point_path: String,
    /// The system that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// A named quantity: computed and shown, never judged.
    pub quantity: bool,
    /// Weight at its 质控点, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Unit of the value.
    pub unit: String,
    /// `higher`, `lower`, `within`, `yes-no`, `level`.
    pub direction: String,
    /// The kind of object.
    pub grain: String,
    /// The kind of period.
    pub period: String,
    /// Values of the college as a whole that hold today.
    pub values: Vec<ValueRow>,
    /// Where the definition comes from.
    pub origin: Origin,
    /// Newest published version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Revision of the draft that somebody is writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<u64>,
    /// Its layer is switched off.
    pub off: bool,
}

impl IndicatorRow {
    /// A value of the college that holds today, whatever kind of college it is; the newest where there are several.
    pub fn value(&self, kind: &str) -> Option<&ValueRow> {
        self.values.iter().rev().find(|value| value.kind == kind && value.category.is_none())
    }

    /// The condition of a value of the college that holds today. Where a regulation sets one for each kind of college only,
    /// all that differ: `<= 18 / <= 13`. Which of them decides is known when the college is diagnosed.
    pub fn condition(&self, kind: &str) -> Option<String> {
        if let Some(value) = self.value(kind) {
            return Some(value.when.clone());
        }
        let mut conditions: Vec<&str> = Vec::new();
        for value in self.values.iter().filter(|value| value.kind == kind) {
            if !conditions.contains(&value.when.as_str()) {
                conditions.push(&value.when);
            }
        }
        (!conditions.is_empty()).then(|| conditions.join(" / "))
    }

    /// The value whose source is shown: the standard, else the target, else the warning value.
    pub fn deciding(&self) -> Option<&ValueRow> {
        ["standard", "target", "warning"]
            .into_iter()
            .find_map(|kind| self.value(kind).or_else(|| self.values.iter().find(|value| value.kind == kind)))
    }
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionRow {
    /// Counts from 1.
    pub version: u64,
    /// Hash of its content.
    pub hash: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a measure reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingRow {
    /// The measure.
    pub measure: String,
    /// The dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// The indicator over whose values it is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// Fields of the dataset that it names.
    pub fields: Vec<String>,
    /// Aggregate and filter as written.
    pub text: String,
}

/// Everything about one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorDetail {
    /// As the catalogue shows it.
    pub row: IndicatorRow,
    /// The definition in force.
    #[schema(value_type = Object)]
    pub definition: Indicator,
    /// All values, those of narrower scopes and of other times included.
    pub all_values: Vec<ValueRow>,
    /// Published versions, the newest first.
    pub versions: Vec<VersionRow>,
    /// What its measures read.
    pub readings: Vec<ReadingRow>,
    /// Indicators that its formula reads.
    pub reads: Vec<String>,
    /// Indicators that read it, directly or through others.
    pub read_by: Vec<String>,
    /// Rules that look at it or at one of those.
    pub rules: Vec<String>,
    /// Sum of the weights at its 质控点.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
}

/// Which two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// The earlier version; the one before `to` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// The later version; what is in force when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeRow {
    /// The field: `value`, `measures.taken.where`, `values.target`.
    pub field: String,
    /// Its text before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its text after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Diff {
    /// The indicator.
    pub code: String,
    /// The earlier version; absent for what a pack brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<VersionRow>,
    /// The later version; absent for what a pack brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<VersionRow>,
    /// Field by field.
    pub changes: Vec<ChangeRow>,
    /// Whether values of the two may stand in one trend line.
    pub comparable: bool,
}

/// What is checked on real data: an indicator in force, or a file as if it were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// Code of an indicator in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A file of indicators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// The period; the newest academic year that is over when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// The indicator.
    pub indicator: String,
    /// Faults, in the language of the request; none when it may be published.
    pub faults: Vec<String>,
    /// Values of a few objects of each grain.
    pub samples: Vec<SampleRow>,
    /// Objects for which there is a number.
    pub numbers: u64,
    /// All objects.
    pub objects: u64,
}

/// The value of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleRow {
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: String,
    /// Measures with their numbers, exact.
    pub measures: Vec<(String, Option<String>)>,
    /// The value as results have it.
    #[schema(value_type = Object)]
    pub value: zhengai_model::value::Value,
    /// The verdict.
    #[schema(value_type = String)]
    pub attainment: zhengai_model::verdict::Attainment,
}

/// A file to be published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishFile {
    /// The file of indicators.
    pub file: FileRef,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A version that stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishedRow {
    /// The indicator.
    pub code: String,
    /// Its version.
    pub version: u64,
    /// Whether anything was written; not when the latest version has the same content.
    pub new: bool,
}

/// `GET /v1/indicators`.
pub fn catalog(query: &CatalogQuery) -> Call<Catalog> {
    Call::get(&["indicators"]).query(query)
}

/// `GET /v1/indicators/{code}`.
pub fn show(code: &str) -> Call<IndicatorDetail> {
    Call::get(&["indicators", code])
}

/// `GET /v1/indicators/{code}/diff`.
pub fn diff(code: &str, query: &DiffQuery) -> Call<Diff> {
    Call::get(&["indicators", code, "diff"]).query(query)
}

/// `POST /v1/indicators/check`.
pub fn check(request: &CheckRequest) -> Call<Vec<CheckResult>> {
    Call::post(&["indicators", "check"]).body(request)
}

/// `POST /v1/indicators/publish`: a file as a whole.
pub fn publish(request: &PublishFile) -> Call<Vec<PublishedRow>> {
    Call::post(&["indicators", "publish"]).body(request)
}
