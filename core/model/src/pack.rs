//! Packs: folders of TOML that bring datasets, indicators, rules, thresholds, cycle templates and labels.
//!
//! A pack is data. Layer plugins are packs with a library; user packs and policy packs have none. Files in a pack:
//! `plugin.toml` (or `pack.toml`), `datasets/*.toml` (one dataset each), `indicators/*.toml`, `rules/*.toml`,
//! `policy/*.toml`, `cycles/*.toml`. Every key is checked; an unknown key is an error with file, line and column.

mod check;
mod definitions;
mod parse;

pub use definitions::{Definitions, indicator_hash, meaning_hash};
pub use parse::{PackFault, Place, Subject, parse_pack, place_of};

use crate::cycle::CycleTemplate;
use crate::dataset::Dataset;
use crate::ids::{DatasetId, LevelId, PluginId};
use crate::indicator::{Indicator, Point};
use crate::layer::Layer;
use crate::rule::Rule;
use crate::text::Names;
use crate::threshold::Threshold;
use serde::{Deserialize, Serialize};

/// `plugin.toml` or `pack.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Identity.
    pub id: PluginId,
    /// Labels.
    pub names: Names,
    /// Version of the plugin, semver.
    pub version: String,
    /// `layer`, `connector`, `notifier` or `pack` (data only).
    pub kind: PluginKind,
    /// The layer, for layer plugins.
    #[serde(default)]
    pub layer: Option<Layer>,
    /// ABI that the library speaks, `major.minor`; absent without a library.
    #[serde(default)]
    pub abi: Option<String>,
    /// Base name of the library: `zhengai_layer_student` becomes `libzhengai_layer_student.so` on Linux.
    #[serde(default)]
    pub library: Option<String>,
    /// What the library may do: `read`, `transform`, …
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Layers whose datasets or indicators it reads; where one is off, what depends on it is 不适用.
    #[serde(default)]
    pub requires: Vec<Layer>,
    /// Who wrote it.
    #[serde(default)]
    pub author: Option<String>,
    /// Its licence, SPDX.
    #[serde(default)]
    pub license: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub about: Option<Names>,
    /// Datasets that the library computes from others.
    #[serde(default, rename = "computed")]
    pub computed: Vec<Computed>,
}

impl Manifest {
    /// A pack of data without a library, for definitions that do not come from files.
    pub fn of_data(id: PluginId, names: Names, version: &str) -> Self {
        Self {
            id,
            names,
            version: version.to_owned(),
            kind: PluginKind::Pack,
            layer: None,
            abi: None,
            library: None,
            capabilities: Vec::new(),
            requires: Vec::new(),
            author: None,
            license: None,
            about: None,
            computed: Vec::new(),
        }
    }
}

/// Kinds of plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PluginKind {
    /// 层面插件
    Layer,
    /// 连接器
    Connector,
    /// 通知器
    Notifier,
    /// Data only.
    Pack,
}

/// A dataset that a layer's library computes: what SQL cannot say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// The dataset that it fills; declared in `datasets/` like any other, never imported.
    pub dataset: DatasetId,
    /// Name of the transform, handed to the library.
    pub transform: String,
    /// Its inputs, in order: SQL over datasets. `{start}` and `{end}` stand for the period's dates.
    pub inputs: Vec<String>,
}

/// `indicators/*.toml`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    /// Nodes of the tree.
    #[serde(default, rename = "point")]
    pub points: Vec<Point>,
    /// Indicators and quantities.
    #[serde(default, rename = "indicator")]
    pub indicators: Vec<Indicator>,
}

/// `rules/*.toml`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Warning rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

/// `policy/*.toml`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Warning levels from mild to severe.
    #[serde(default, rename = "level")]
    pub levels: Vec<Level>,
    /// Thresholds of nation, province or college.
    #[serde(default, rename = "threshold")]
    pub thresholds: Vec<Threshold>,
}

/// A warning level; their order in the file is their order of severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its id.
    pub id: LevelId,
    /// Labels: 提示 / 一般 / 严重.
    pub names: Names,
    /// The level of warning values that name none; the mildest when no level says so.
    #[serde(default)]
    pub default: bool,
}

/// `cycles/*.toml`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleFile {
    /// Templates.
    #[serde(default, rename = "cycle")]
    pub cycles: Vec<CycleTemplate>,
}

/// Everything that one pack brings, after parsing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its manifest.
    pub manifest: Manifest,
    /// Datasets.
    pub datasets: Vec<Dataset>,
    /// Nodes of the 质控点 tree.
    pub points: Vec<Point>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Levels.
    pub levels: Vec<Level>,
    /// Thresholds.
    pub thresholds: Vec<Threshold>,
    /// Cycle templates.
    pub cycles: Vec<CycleTemplate>,
    /// Where each thing stands, for messages; empty for packs that were not read from files.
    pub places: std::collections::BTreeMap<Subject, Place>,
}

impl Pack {
    /// A pack that brings nothing yet, for definitions that do not come from files.
    pub fn new(manifest: Manifest) -> Self {
        Self {
            manifest,
            datasets: Vec::new(),
            points: Vec::new(),
            indicators: Vec::new(),
            rules: Vec::new(),
            levels: Vec::new(),
            thresholds: Vec::new(),
            cycles: Vec::new(),
            places: std::collections::BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests;
