//! Sources (数据源): which connector reads what, from where, how far; and reading them on (同步).

use crate::call::Call;
use crate::data::{Counts, Deletes, Extent, Mode, NoticeLine, Review, TextFile};
use crate::job::Job;
use crate::page::Page;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::fault::Fault;

/// A source as a person describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRequest {
    /// The connector.
    pub plugin: String,
    /// Component of it; the only one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Its configuration, TOML or JSON.
    pub config: TextFile,
    /// Its streams, TOML or JSON; streams that bear the name of a dataset when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streams: Option<TextFile>,
    /// Mapping files that the streams name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<TextFile>,
    /// Review; the configured one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// Which sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SourceQuery {
    /// With this text in the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A source with how far it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Its name.
    pub id: String,
    /// The connector.
    pub plugin: String,
    /// Component of it.
    pub component: String,
    /// Its configuration; secrets are names in it.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
    /// Names of the secrets that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Review of its batches; the configured one when absent.
    pub review: Option<String>,
    /// Whether it may be synced.
    pub enabled: bool,
    /// Its streams.
    pub streams: Vec<SourceStream>,
    /// Batches that wait for a person.
    pub waiting: Vec<String>,
    /// Its last sync.
    pub last: Option<SyncLine>,
}

/// A stream of a source and how far it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceStream {
    /// Its name in the connector's catalogue.
    pub stream: String,
    /// Where its rows go.
    pub dataset: String,
    /// How they meet the rows that are there; the dataset's own way when absent.
    pub mode: Option<Mode>,
    /// How its columns become fields; by their names when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<serde_json::Value>,
    /// Options of the connector's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub options: Option<serde_json::Value>,
    /// The connector's state up to which it was read.
    #[schema(value_type = Option<Object>)]
    pub cursor: Option<serde_json::Value>,
    /// The batch that brought it there.
    pub batch: Option<String>,
    /// When that was.
    pub at: Option<DateTime<Utc>>,
}

/// A sync in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncLine {
    /// Its id.
    pub id: String,
    /// The source.
    pub source: String,
    /// `running`, `finished`, `failed`, `cancelled` or `interrupted`.
    pub state: String,
    /// When it began.
    pub at: DateTime<Utc>,
    /// Who began it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Syncs of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SyncQuery {
    /// Of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// Lets a source be synced, or keeps it from being synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceSwitch {
    /// Whether it may be synced.
    pub enabled: bool,
}

/// Why a source is removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemoveQuery {
    /// Kept in the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What a connector can read: the result of a `discover` job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Discovered {
    /// Its streams.
    pub streams: Vec<DiscoveredStream>,
}

/// A stream that a connector offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiscoveredStream {
    /// Its name.
    pub stream: String,
    /// What people call it.
    pub name: Option<String>,
    /// Columns that tell rows apart.
    pub key: Vec<String>,
    /// Whether it can be read from a state on.
    pub incremental: bool,
    /// Its columns.
    pub fields: Vec<String>,
}

/// What is to be synced, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    /// Streams; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<String>,
    /// What came since the last committed state, or everything.
    #[serde(default)]
    pub reach: SyncReach,
    /// Do it, or only plan it.
    #[serde(default)]
    pub extent: Extent,
    /// Review; that of the source, then the configured one, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Whether a whole read may delete more than the set share.
    #[serde(default, skip_serializing_if = "Deletes::is_guarded")]
    pub deletes: Deletes,
}

/// How much of a stream is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SyncReach {
    /// What came since the last committed state.
    #[default]
    New,
    /// Everything, as the whole truth.
    Whole,
}

/// What a sync did: the result of its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Synced {
    /// Its id in the record; absent after a dry run.
    pub id: Option<String>,
    /// The source.
    pub source: String,
    /// Stream by stream.
    pub streams: Vec<StreamSynced>,
}

/// Where a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StreamOutcome {
    /// Read to its end, all batches applied.
    Finished,
    /// Read to its end in a dry run; nothing was kept.
    Planned,
    /// A batch of it waits for a person.
    Held,
    /// Nothing was read: an earlier batch still waits.
    Waiting,
    /// It stopped; what was committed stays.
    Failed,
    /// A person stopped it; what was committed stays.
    Cancelled,
    /// Not begun, because the source as a whole had stopped.
    Skipped,
}

/// What became of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamSynced {
    /// The stream.
    pub stream: String,
    /// Where its rows go.
    pub dataset: String,
    /// Where it ended.
    pub outcome: StreamOutcome,
    /// Its batches, in order.
    pub batches: Vec<String>,
    /// Counts over them.
    pub counts: Counts,
    /// How often it was read again after a failure.
    pub retries: u32,
    /// What is worth telling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeLine>,
    /// Why it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<SyncStopped>,
}

/// Why a stream stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncStopped {
    /// Its class.
    #[schema(value_type = String)]
    pub fault: Fault,
    /// For people.
    pub text: String,
}

/// `GET /v1/sources`: by name.
pub fn list(query: &SourceQuery) -> Call<Page<Source>> {
    Call::get(&["sources"]).query(query)
}

/// `GET /v1/sources/{name}`.
pub fn show(name: &str) -> Call<Source> {
    Call::get(&["sources", name])
}

/// `POST /v1/sources/{name}`: adds one; its connector sees the configuration at once.
pub fn add(name: &str, request: &SourceRequest) -> Call<Source> {
    Call::post(&["sources", name]).body(request)
}

/// `PUT /v1/sources/{name}`: describes it anew; how far its streams were read stays.
pub fn change(name: &str, request: &SourceRequest) -> Call<Source> {
    Call::put(&["sources", name]).body(request)
}

/// `PATCH /v1/sources/{name}`: lets it be synced, or keeps it from being synced.
pub fn switch(name: &str, to: SourceSwitch) -> Call<Source> {
    Call::patch(&["sources", name]).body(&to)
}

/// `DELETE /v1/sources/{name}`: its rows and batches stay.
pub fn remove(name: &str, query: &RemoveQuery) -> Call<()> {
    Call::delete(&["sources", name]).query(query)
}

/// `POST /v1/sources/{name}/check`: lets the connector try the configuration; a job whose result is its report, an
/// object of the connector's own.
pub fn check(name: &str) -> Call<Job> {
    Call::post(&["sources", name, "check"])
}

/// `POST /v1/sources/{name}/discover`: a job whose result is [`Discovered`].
pub fn discover(name: &str) -> Call<Job> {
    Call::post(&["sources", name, "discover"])
}

/// `POST /v1/sources/{name}/sync`: a job whose result is [`Synced`].
pub fn sync(name: &str, request: &SyncRequest) -> Call<Job> {
    Call::post(&["sources", name, "sync"]).body(request)
}

/// `GET /v1/syncs`: the newest first.
pub fn syncs(query: &SyncQuery) -> Call<Page<SyncLine>> {
    Call::get(&["syncs"]).query(query)
}
