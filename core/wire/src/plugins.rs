//! Plugins: what is there, whether it is on, trusted, as accepted, healthy; its settings and its screens.

use crate::call::Call;
use crate::job::Job;
use crate::upload::FileRef;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Plugin {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// `layer`, `connector`, `notifier` or `pack`.
    pub kind: String,
    /// Its layer, for layer plugins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Its version.
    pub version: String,
    /// `enabled`, `disabled`, `changed` (on disk, and therefore off) or `quarantined` (crashed, and therefore kept out).
    pub state: String,
    /// Name of the state.
    pub state_name: String,
    /// Where its code runs: `inside` (it ships), `trusted`, `worker`; empty for data alone.
    pub runs: String,
    /// Name of that place.
    pub runs_name: String,
    /// It came with the program.
    pub ships: bool,
    /// Sources can be made of it: a connector that fetches rows by itself. The one for files reads what is imported.
    pub fetches: bool,
    /// Its code may run in the program's own process.
    pub trusted: bool,
    /// Crashes since it was last enabled.
    pub faults: u32,
    /// Why and when it was kept out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<Quarantine>,
    /// Against `plugins.lock`: `none` (no lock), `as-accepted`, `differs`, `not-locked`.
    pub lock: String,
    /// What differs from the lock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lock_differs: Vec<String>,
}

/// Why a version is kept out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quarantine {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened last.
    pub why: String,
}

/// All plugins, and folders that are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginList {
    /// By id.
    pub plugins: Vec<Plugin>,
    /// Why folders are no plugins, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
}

/// A plugin with everything that is known without running it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginDetail {
    /// What a list says.
    #[serde(flatten)]
    pub plugin: Plugin,
    /// Where it lies.
    pub folder: String,
    /// Interface version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abi: Option<String>,
    /// SHA-256 of its library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-256 over its text files.
    pub files_sha256: String,
    /// What it may do.
    pub capabilities: Vec<String>,
    /// Layers that it needs.
    pub requires: Vec<String>,
    /// Its licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who signed it, when a key of the college did; why that cannot be said otherwise.
    pub signature: String,
    /// Whether the signature is of a key of the college.
    pub signed: bool,
    /// Its settings.
    #[schema(value_type = Object)]
    pub config: Value,
    /// Screens that it brings, by id.
    pub screens: Vec<ScreenHead>,
}

/// What a plugin wants to be told: a JSON Schema 2020-12 for each component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginForm {
    /// Components with their schemas.
    pub components: Vec<Component>,
}

/// One component of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// What it can do: `read`, `discover`, `check`, …
    pub can: Vec<String>,
    /// JSON Schema of its configuration.
    #[schema(value_type = Object)]
    pub config: Value,
}

/// What is to become of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginChange {
    /// `on` accepts its files as they are now and lifts its quarantine; `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<String>,
    /// `given` lets its code into the program's own process; `withdrawn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<String>,
    /// Its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub config: Option<Value>,
}

/// What differs from the lock, for one plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LockDifference {
    /// Its id.
    pub id: String,
    /// Names of files, `abi`, `capabilities`, or `new` and `gone` for the whole.
    pub what: Vec<String>,
}

/// The lock of a college.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lock {
    /// Whether there is one.
    pub locked: bool,
    /// What differs from it, or changed in it.
    pub differences: Vec<LockDifference>,
}

/// A public key whose signatures a college believes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// Its name.
    pub id: String,
    /// The key.
    pub key: String,
}

/// What came of a conformance check: the result of the job that [`check`] starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckReport {
    /// Whether it passed.
    pub passed: bool,
    /// Each check.
    pub checks: Vec<CheckLine>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckLine {
    /// Its id.
    pub id: String,
    /// `pass`, `fail`, `skip`, …
    pub outcome: String,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A screen that a plugin brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScreenHead {
    /// Its id within the plugin.
    pub id: String,
    /// The plugin.
    pub plugin: String,
    /// Its title.
    pub title: String,
}

/// A screen as data: a table that a query fills, and what can be done with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PluginScreen {
    /// Id, plugin and title.
    #[serde(flatten)]
    pub head: ScreenHead,
    /// What it is for.
    pub about: String,
    /// Columns, in order.
    pub columns: Vec<ScreenColumn>,
    /// What can be done with a row.
    pub actions: Vec<ScreenAction>,
    /// The rows: texts in the order of the columns; absent cells are missing data.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether there are more rows than these.
    pub more: bool,
    /// Why values about persons are masked, when they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
}

/// A column of a plugin's screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScreenColumn {
    /// Its name in the query.
    pub id: String,
    /// Its label.
    pub label: String,
    /// `start` or `end`.
    pub align: String,
    /// Columns with the lowest numbers stay longest on a narrow screen.
    pub priority: u8,
}

/// Something that can be done with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScreenAction {
    /// Its label.
    pub label: String,
    /// Where it goes: `object`, `warnings`, `why` or `screen`.
    pub go: String,
    /// Parameters of that place, by name; `{column}` was filled in for no row yet: the console does, for the row at hand.
    pub params: std::collections::BTreeMap<String, String>,
}

/// `GET /v1/plugins`.
pub fn list() -> Call<PluginList> {
    Call::get(&["plugins"])
}

/// `GET /v1/plugins/{id}`.
pub fn show(id: &str) -> Call<PluginDetail> {
    Call::get(&["plugins", id])
}

/// `GET /v1/plugins/{id}/form`: runs the plugin's description of itself.
pub fn form(id: &str) -> Call<PluginForm> {
    Call::get(&["plugins", id, "form"])
}

/// `PATCH /v1/plugins/{id}`.
pub fn change(id: &str, change: &PluginChange) -> Call<PluginDetail> {
    Call::patch(&["plugins", id]).body(change)
}

/// `POST /v1/plugins/{id}/check`: a job; its result is a [`CheckReport`].
pub fn check(id: &str) -> Call<Job> {
    Call::post(&["plugins", id, "check"])
}

/// `GET /v1/plugin-lock`: what differs from it.
pub fn lock() -> Call<Lock> {
    Call::get(&["plugin-lock"])
}

/// `PUT /v1/plugin-lock`: accepts every plugin that is on as it is now; what changed by that.
pub fn accept() -> Call<Lock> {
    Call::put(&["plugin-lock"])
}

/// `GET /v1/plugin-keys`.
pub fn keys() -> Call<Vec<Key>> {
    Call::get(&["plugin-keys"])
}

/// `POST /v1/plugin-keys`: the file is a public key.
pub fn add_key(file: &FileRef) -> Call<Key> {
    Call::post(&["plugin-keys"]).body(file)
}

/// `DELETE /v1/plugin-keys/{id}`.
pub fn remove_key(id: &str) -> Call<()> {
    Call::delete(&["plugin-keys", id])
}

/// `GET /v1/screens`: screens of enabled plugins.
pub fn screens() -> Call<Vec<ScreenHead>> {
    Call::get(&["screens"])
}

/// `GET /v1/screens/{plugin}/{id}`.
pub fn screen(plugin: &str, id: &str) -> Call<PluginScreen> {
    Call::get(&["screens", plugin, id])
}
