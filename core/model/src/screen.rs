//! Screens that plugins and packs bring, as data: a table that a query fills and what can be done with its rows. A plugin
//! never draws; one generic screen shows them all.
//!
//! ```toml
//! [[screen]]                                  # screens/*.toml of a plugin or pack
//! id = "idle-labs"
//! names = { zh = "闲置实训室", en = "Idle laboratories" }
//! about = { zh = "…", en = "…" }
//! sql = "SELECT lab_id, name, hours FROM labs ORDER BY hours"
//! column = [
//!     { id = "name", names = { zh = "名称", en = "Name" } },
//!     { id = "hours", names = { zh = "学时", en = "Hours" }, align = "end", priority = 2 },
//! ]
//! action = [{ names = { zh = "查看画像", en = "Portrait" }, go = "object", params = { object = "lab/{lab_id}" } }]
//! ```

use crate::text::Names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `screens/*.toml`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreenFile {
    /// Screens.
    #[serde(default, rename = "screen")]
    pub screens: Vec<Screen>,
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Its id within the plugin.
    pub id: String,
    /// Its title.
    pub names: Names,
    /// What it is for.
    pub about: Names,
    /// Read-only SQL over datasets.
    pub sql: String,
    /// Columns that are shown, in order.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// What can be done with a row.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the query.
    pub id: String,
    /// Its label.
    pub names: Names,
    /// Which side texts stand at.
    #[serde(default)]
    pub align: Align,
    /// The lowest numbers stay longest on a narrow screen.
    #[serde(default)]
    pub priority: u8,
}

/// Which side texts stand at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// The side where reading starts.
    #[default]
    Start,
    /// The other one, for numbers.
    End,
}

/// Where an action of a row leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The portrait of an object; `object`.
    Object,
    /// Warnings; `object`, `rule`.
    Warnings,
    /// Where a number comes from; `indicator`, `object`.
    Why,
    /// Another screen of the plugin; `screen`.
    Screen,
}

/// Something that can be done with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its label.
    pub names: Names,
    /// Where it leads.
    pub go: Target,
    /// What is told there; `{column}` stands for the cell of the row.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}
