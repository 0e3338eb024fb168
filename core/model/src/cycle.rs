//! Cycles (诊断周期): a template of steps, which is data, applied to layers, objects and a period.

mod check;

pub use check::{TemplateFault, check_template};

use crate::layer::Layer;
use crate::period::PeriodKind;
use crate::text::Names;
use serde::{Deserialize, Serialize};

/// A template: the steps of one spiral as a college practises it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleTemplate {
    /// Its id.
    pub id: String,
    /// Labels.
    pub names: Names,
    /// The layers for which it is meant; all when empty.
    #[serde(default)]
    pub layers: Vec<Layer>,
    /// The kind of period it spans.
    pub period: PeriodKind,
    /// The steps in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether checked against the source.
    #[serde(default)]
    pub verified: bool,
}

/// One step of the spiral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id within the template.
    pub id: String,
    /// Labels.
    pub names: Names,
    /// Which loop it is part of.
    #[serde(default, rename = "loop")]
    pub of_loop: LoopKind,
    /// Who answers for it.
    #[serde(default)]
    pub responsible: Vec<Names>,
    /// What must be there before it counts as done.
    #[serde(default)]
    pub evidence: Vec<Names>,
    /// Steps that may follow; the next in order when empty.
    #[serde(default)]
    pub next: Vec<String>,
    /// Diagnosis runs belong to this step.
    #[serde(default)]
    pub diagnoses: bool,
}

/// The two loops of the 8字形质量改进螺旋.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoopKind {
    /// 大循环
    #[default]
    Large,
    /// 小循环 (监测 预警 改进) inside 实施
    Small,
}
