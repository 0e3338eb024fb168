//! Objects of all layers (对象): finding them, and the portrait (画像) of one.

use crate::call::Call;
use crate::page::Page;
use crate::warnings::{Past, UnitStep, WarningLine};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// Which objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ObjectQuery {
    /// Of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// In this unit: `department/D1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// With these words in name, id, pinyin or initials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectLine {
    /// Its kind: `department`, `major`, `student`, …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Of which run the portrait is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PortraitQuery {
    /// The run; the newest finished one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

/// Everything about one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Portrait {
    /// The object.
    #[serde(flatten)]
    pub object: ObjectLine,
    /// Units above it, the coarsest first.
    pub units: Vec<UnitStep>,
    /// The run that its values are of.
    pub run: String,
    /// When that run was made.
    pub at: DateTime<Utc>,
    /// The period that was diagnosed.
    pub period: String,
    /// The group it is compared with.
    pub peers: Option<PeerGroup>,
    /// Its indicators, in the order of the tree.
    pub indicators: Vec<PortraitIndicator>,
    /// The share of good verdicts by place in the tree of 质控点.
    pub radar: Vec<Axis>,
    /// Open warnings, the most severe first (at most 50).
    pub warnings: Vec<WarningLine>,
    /// How many open warnings there are.
    pub warnings_total: u64,
}

/// The group that an object is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeerGroup {
    /// The unit that they have in common; nothing stands for the whole college.
    pub unit: Option<UnitStep>,
    /// How many there are, the object included.
    pub count: u64,
}

/// One indicator of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PortraitIndicator {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// Place in the tree of 质控点, the coarsest first.
    pub place: Vec<String>,
    /// Unit of the value.
    pub unit: String,
    /// The period of the value.
    pub period: String,
    /// `number`, `undetermined`, `not-applicable` or `not-due`.
    pub state: String,
    /// The value.
    pub value: Option<String>,
    /// Why there is no number, in words.
    pub gap: Option<String>,
    /// Target in words of the threshold.
    pub target: Option<String>,
    /// Standard.
    pub standard: Option<String>,
    /// Warning value.
    pub warning: Option<String>,
    /// Somebody has verified the thresholds.
    pub verified: bool,
    /// Verdict: `achieved`, `met`, `unmet`, …
    pub verdict: String,
    /// Level of a breached warning value.
    pub level: Option<String>,
    /// How it stands among its peers; nothing where the group is too small to tell of.
    pub peers: Option<Standing>,
    /// Values of earlier runs and this one, oldest first.
    pub past: Vec<Past>,
}

/// How a value stands among its peers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// How many peers have a number, the object included.
    pub count: u64,
    /// The middle value of all of them.
    pub median: String,
    /// Percent of the others that this value is as good as or better than, whole; absent where no direction is good.
    pub percentile: Option<u8>,
}

/// One axis of a radar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Axis {
    /// Id of the place in the tree, or of the system.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many indicators have a verdict.
    pub judged: u64,
    /// How many of these are 达标 or better.
    pub good: u64,
}

/// `GET /v1/objects`
pub fn list(query: &ObjectQuery) -> Call<Page<ObjectLine>> {
    Call::get(&["objects"]).query(query)
}

/// `GET /v1/objects/{kind}/{id}`
pub fn portrait(kind: &str, id: &str, query: &PortraitQuery) -> Call<Portrait> {
    Call::get(&["objects", kind, id]).query(query)
}
