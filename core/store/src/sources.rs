//! Sources (数据源): which connector reads what into which dataset, and how far each stream was read. A cursor moves only
//! in the transaction that sets its batch to applied; secrets are references here and never values.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::dataset::LoadMode;
use zhengai_model::ids::{BatchId, DatasetId, PluginId, SourceId};
use zhengai_model::mapping::Mapping;

/// One stream of a source and where its rows go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceStream {
    /// Name of the stream in the connector's catalogue.
    pub stream: String,
    /// Where its rows go.
    pub dataset: DatasetId,
    /// How columns become fields; by name, label or alias when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    /// How rows meet the rows that are there; the dataset's own way when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<LoadMode>,
    /// Handed to the connector with every read of this stream, as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Value>,
}

/// A source to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSource {
    /// Its name.
    pub id: SourceId,
    /// The connector.
    pub plugin: PluginId,
    /// Component of the connector.
    pub component: String,
    /// Configuration of the component, with references `{"$secret": "name"}`.
    pub config: Value,
    /// Streams that are read.
    pub streams: Vec<SourceStream>,
    /// `auto` or `hold`; the configured review when absent.
    pub review: Option<String>,
    /// Whether it is synced.
    pub enabled: bool,
}

/// A source as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRecord {
    /// What it is.
    #[serde(flatten)]
    pub source: NewSource,
    /// When it was added.
    pub at: DateTime<Utc>,
    /// Who added or last changed it.
    pub by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// How far a batch brings a stream; written when the batch is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorMove {
    /// The source.
    pub source: SourceId,
    /// Its stream.
    pub stream: String,
    /// The connector's state that covers the batch; `None` forgets the cursor, so that the next sync reads everything.
    pub state: Option<Value>,
}

/// How far a stream was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CursorRecord {
    /// The source.
    pub source: SourceId,
    /// Its stream.
    pub stream: String,
    /// The connector's state.
    pub state: Value,
    /// The batch that brought it here.
    pub batch: BatchId,
    /// When.
    pub at: DateTime<Utc>,
}

const SELECT: &str =
    "SELECT id, plugin, component, config, streams, review, enabled, at, actor, updated_at FROM source";
const SELECT_CURSOR: &str = "SELECT source, stream, state, batch, at FROM source_cursor";

impl Record {
    /// Records a new source.
    pub async fn source_create(&self, actor: &Actor, source: &NewSource) -> Result<SourceRecord> {
        let mut change = self.change(actor).await?;
        let sql = Sql::new(
            "INSERT INTO source (id, plugin, component, config, streams, review, enabled, at, actor, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)",
        );
        let sql = values(sql, source)?.text(change.at()).text(change.by());
        change.insert(Thing::Source, source.id.as_str(), sql).await?;
        let record = inside(&mut change, &source.id).await?;
        change.commit(Entry::new("source.create", Thing::Source, &source.id).after(&record)?).await?;
        Ok(record)
    }

    /// Replaces what is recorded of a source; its cursors stay. The same again writes nothing.
    pub async fn source_change(&self, actor: &Actor, source: &NewSource) -> Result<SourceRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &source.id).await?;
        if &before.source == source {
            return Ok(before);
        }
        let sql = Sql::new(
            "UPDATE source SET plugin = $2, component = $3, config = $4, streams = $5, review = $6, enabled = $7, \
             updated_at = $8, actor = $9 WHERE id = $1",
        );
        let sql = values(sql, source)?.text(change.at()).text(change.by());
        change.run(sql).await?;
        let after = inside(&mut change, &source.id).await?;
        let entry = Entry::new("source.change", Thing::Source, &source.id).before(&before)?.after(&after)?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// Removes a source and its cursors. Its batches and syncs stay.
    pub async fn source_remove(&self, actor: &Actor, id: &SourceId, why: Option<&str>) -> Result<()> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, id).await?;
        change.run(Sql::new("DELETE FROM source_cursor").only("source = ", id.as_str())).await?;
        change.run(Sql::new("DELETE FROM source").only("id = ", id.as_str())).await?;
        change.commit(Entry::new("source.remove", Thing::Source, id).why(why).before(&before)?).await
    }

    /// The source, if there is one with this name.
    pub async fn source_find(&self, id: &SourceId) -> Result<Option<SourceRecord>> {
        let row = self.row("source", Sql::new(SELECT).only("id = ", id.as_str())).await?;
        row.as_ref().map(read).transpose()
    }

    /// The source with this name.
    pub async fn source_get(&self, id: &SourceId) -> Result<SourceRecord> {
        self.source_find(id).await?.ok_or_else(|| missing(id))
    }

    /// All sources, by name.
    pub async fn source_list(&self) -> Result<Vec<SourceRecord>> {
        self.rows("source", Sql::new(SELECT).push(" ORDER BY id")).await?.iter().map(read).collect()
    }

    /// How far the streams of a source were read, by stream; of all sources when none is named.
    pub async fn cursor_list(&self, source: Option<&SourceId>) -> Result<Vec<CursorRecord>> {
        let sql = Sql::new(SELECT_CURSOR).only_if("source = ", source.map(SourceId::as_str));
        let rows = self.rows("source_cursor", sql.push(" ORDER BY source, stream")).await?;
        rows.iter().map(read_cursor).collect()
    }

    /// How far a stream was read, if it ever was.
    pub async fn cursor_find(&self, source: &SourceId, stream: &str) -> Result<Option<CursorRecord>> {
        let sql = Sql::new(SELECT_CURSOR).only("source = ", source.as_str()).only("stream = ", stream);
        self.row("source_cursor", sql).await?.as_ref().map(read_cursor).transpose()
    }
}

/// Moves the cursor inside the transaction that applies the batch. A source that was removed meanwhile has none.
pub(crate) async fn move_cursor(change: &mut Change<'_>, batch: &BatchId, to: &CursorMove) -> Result<()> {
    let Some(state) = &to.state else {
        let sql = Sql::new("DELETE FROM source_cursor").only("source = ", to.source.as_str());
        return change.run(sql.only("stream = ", &*to.stream)).await.map(drop);
    };
    let known = Sql::new("SELECT id FROM source").only("id = ", to.source.as_str());
    if change.row("source", known).await?.is_none() {
        return Ok(());
    }
    let sql = Sql::new(
        "INSERT INTO source_cursor (source, stream, state, batch, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (source, stream) DO UPDATE SET state = excluded.state, batch = excluded.batch, at = excluded.at",
    )
    .text(to.source.as_str())
    .text(&*to.stream)
    .text(json(state)?)
    .text(batch.as_str())
    .text(change.at());
    change.run(sql).await.map(drop)
}

fn values(sql: Sql, source: &NewSource) -> Result<Sql> {
    Ok(sql
        .text(source.id.as_str())
        .text(source.plugin.as_str())
        .text(&*source.component)
        .text(json(&source.config)?)
        .text(json(&source.streams)?)
        .maybe(source.review.as_deref())
        .int(i64::from(source.enabled)))
}

fn missing(id: &SourceId) -> StoreError {
    StoreError::NotFound { thing: Thing::Source, id: id.to_string() }
}

async fn inside(change: &mut Change<'_>, id: &SourceId) -> Result<SourceRecord> {
    let row = change.row("source", Sql::new(SELECT).only("id = ", id.as_str())).await?;
    read(&row.ok_or_else(|| missing(id))?)
}

fn read(row: &Row) -> Result<SourceRecord> {
    Ok(SourceRecord {
        source: NewSource {
            id: row.parsed("id")?,
            plugin: row.parsed("plugin")?,
            component: row.text("component")?,
            config: row.json("config")?,
            streams: row.json("streams")?,
            review: row.maybe("review")?,
            enabled: row.int("enabled")? != 0,
        },
        at: row.time("at")?,
        by: row.text("actor")?,
        updated_at: row.time("updated_at")?,
    })
}

fn read_cursor(row: &Row) -> Result<CursorRecord> {
    Ok(CursorRecord {
        source: row.parsed("source")?,
        stream: row.text("stream")?,
        state: row.json("state")?,
        batch: row.parsed("batch")?,
        at: row.time("at")?,
    })
}
