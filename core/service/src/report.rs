//! Reports (诊断报告): one run, one layer of it, or one object, as HTML, XLSX or Markdown.
//!
//! A report is first data ([`Report`]), then rendered. Templates may name only fields of that data and keys of the
//! catalogue; a name that does not exist is an error, never a blank. 原因 and 改进成效 are left for people.

mod build;
mod chart;
mod render;
#[cfg(test)]
mod tests;

pub use build::{IndicatorText, ReportInput, SourceLine, WarningLine, build};
pub use render::{html, markdown, sheets};

use serde::Serialize;

/// Keys of the titles of a report's parts, in their order.
pub const SECTIONS: [&str; 8] = [
    "report-facts",
    "report-counts",
    "report-points",
    "report-problems",
    "report-warnings",
    "report-gaps",
    "report-sources",
    "report-provenance",
];

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The whole college.
    College,
    /// One layer.
    Layer(zhengai_model::layer::Layer),
    /// One object.
    Object {
        /// Its kind.
        kind: zhengai_model::ids::ObjectKind,
        /// Its id.
        id: zhengai_model::ids::ObjectId,
        /// Its name for people.
        name: String,
    },
}

/// A report as data, all texts in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `zh-CN` or `en`, for the page's language.
    pub language: String,
    /// Name of the college.
    pub college: String,
    /// What it is about: the college, a layer's name, an object's name and id.
    pub subject: String,
    /// `college`, `layer` or `object`.
    pub kind: String,
    /// Label and value.
    pub facts: Vec<Pair>,
    /// Data that was measured.
    pub sources: Vec<SourceLine>,
    /// Verdicts by layer, and all together last.
    pub counts: Vec<Counts>,
    /// Chart of the verdicts by layer.
    pub overview: String,
    /// Period of the run that the counts are compared with, empty when there is none.
    pub compared_with: String,
    /// One for each layer, with its 质控点.
    pub sections: Vec<Section>,
    /// Warnings, the most severe first.
    pub warnings: Vec<WarningLine>,
    /// Warnings beyond those listed.
    pub more_warnings: usize,
    /// What could not be judged, and why.
    pub gaps: Vec<GapLine>,
    /// Where everything comes from.
    pub provenance: Vec<Pair>,
    /// Whether a threshold was used that nobody has verified.
    pub unverified: bool,
    /// The data are synthetic: printed on every page.
    pub synthetic: bool,
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// For people.
    pub label: String,
    /// As text.
    pub value: String,
}

/// Counts of verdicts and warnings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Label of the line: a layer, or all together.
    pub label: String,
    /// 达成目标
    pub achieved: u64,
    /// 达标
    pub met: u64,
    /// 不达标
    pub unmet: u64,
    /// 无法判定
    pub undetermined: u64,
    /// 不适用 and 未到期
    pub other: u64,
    /// Values without a standard to hold them against.
    pub unjudged: u64,
    /// Warnings raised by the values.
    pub warnings: u64,
    /// Change of 不达标 against the earlier run, with sign; empty without one.
    pub unmet_change: String,
    /// Change of warnings against the earlier run, with sign; empty without one.
    pub warnings_change: String,
}

impl Counts {
    /// Everything that could be judged.
    pub fn judged(&self) -> u64 {
        self.achieved + self.met + self.unmet
    }
}

/// One layer: its control points and its problems.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Name of the layer.
    pub title: String,
    /// Control points with their indicators.
    pub points: Vec<PointLine>,
    /// Indicators that are not met, with room for causes and measures.
    pub problems: Vec<Problem>,
}

/// One indicator at one grain within its 质控点.
#[derive(Debug, Clone, Serialize)]
pub struct PointLine {
    /// Name of the control point; empty when it is that of the line above.
    pub point: String,
    /// Code of the indicator.
    pub code: String,
    /// Name of the indicator.
    pub name: String,
    /// The period, where it is not that of the run.
    pub period: String,
    /// Unit.
    pub unit: String,
    /// The value when there is one object, otherwise median and range.
    pub value: String,
    /// Objects that were looked at.
    pub objects: u64,
    /// 目标值
    pub target: String,
    /// 标准值
    pub standard: String,
    /// 预警值
    pub warning: String,
    /// Share of judged objects that meet the standard, in percent, or empty.
    pub met_share: String,
    /// Verdict when there is one object, otherwise empty.
    pub verdict: String,
    /// Machine word of the verdict, for colour: `achieved`, `met`, `unmet`, …
    pub verdict_word: String,
    /// Inline chart.
    pub bar: String,
    /// Whether somebody has verified the thresholds.
    pub verified: bool,
}

/// An indicator that some objects do not meet.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// Control point.
    pub point: String,
    /// Indicator.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The period, where it is not that of the run.
    pub period: String,
    /// How many objects do not meet the standard.
    pub unmet: u64,
    /// How many were judged.
    pub judged: u64,
    /// The worst objects.
    pub worst: Vec<ObjectLine>,
    /// How many more do not meet it.
    pub more: u64,
    /// What the pack advises.
    pub advice: String,
}

/// One object that does not meet a standard.
#[derive(Debug, Clone, Serialize)]
pub struct ObjectLine {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Value with unit.
    pub value: String,
    /// The standard it was held against.
    pub standard: String,
}

/// A reason why values are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapLine {
    /// Code of the indicator.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The reason, in words.
    pub reason: String,
    /// How many objects.
    pub objects: u64,
}
