//! Syncs (同步): when a source was read and how it ended. What came in is in the batches, how far in the cursors.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::ids::SourceId;

/// Where a sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncState {
    /// Under way.
    Running,
    /// Every stream was read to its end.
    Finished,
    /// At least one stream stopped; the summary says which and why. What was committed stays.
    Failed,
    /// A person stopped it. What was committed stays.
    Cancelled,
    /// Its process died. What was committed stays.
    Interrupted,
}

/// A sync to be recorded; it starts in [`SyncState::Running`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSync {
    /// Its id, chosen by the caller.
    pub id: String,
    /// The source.
    pub source: SourceId,
}

/// A sync as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SyncRecord {
    /// Its id.
    pub id: String,
    /// The source.
    pub source: SourceId,
    /// Where it stands.
    pub state: SyncState,
    /// What it did, stream by stream, once it has ended.
    pub summary: Option<Value>,
    /// When it started.
    pub at: DateTime<Utc>,
    /// Who started it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Which syncs to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct SyncFilter {
    /// Of this source.
    pub source: Option<SourceId>,
    /// In one of these states; any when empty.
    pub states: Vec<SyncState>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

const SELECT: &str = "SELECT id, source, state, summary, at, actor, ended_at FROM sync_run";

impl Record {
    /// Records that a sync starts.
    pub async fn sync_start(&self, actor: &Actor, sync: &NewSync) -> Result<SyncRecord> {
        let mut change = self.change(actor).await?;
        let sql = Sql::new("INSERT INTO sync_run (id, source, state, at, actor) VALUES ($1, $2, $3, $4, $5)")
            .text(&*sync.id)
            .text(sync.source.as_str())
            .text(word(&SyncState::Running)?)
            .text(change.at())
            .text(change.by());
        change.insert(Thing::Sync, &sync.id, sql).await?;
        let record = inside(&mut change, &sync.id).await?;
        change.commit(Entry::new("sync.start", Thing::Sync, &sync.id).after(&record)?).await?;
        Ok(record)
    }

    /// Records how a sync ended.
    ///
    /// # Errors
    /// [`StoreError::WrongState`] when it has ended already.
    pub async fn sync_end(&self, actor: &Actor, id: &str, state: SyncState, summary: &Value) -> Result<SyncRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, id).await?;
        let (from, to) = (word(&before.state)?, word(&state)?);
        if before.state != SyncState::Running || state == SyncState::Running {
            return Err(StoreError::WrongState { thing: Thing::Sync, id: id.to_owned(), from, to });
        }
        let action = format!("sync.{to}");
        let sql = Sql::new("UPDATE sync_run SET state = $2, summary = $3, ended_at = $4 WHERE id = $1")
            .text(id)
            .text(to)
            .text(json(summary)?)
            .text(change.at());
        change.run(sql).await?;
        let after = inside(&mut change, id).await?;
        change.commit(Entry::new(&action, Thing::Sync, id).before(&before)?.after(&after)?).await?;
        Ok(after)
    }

    /// Ids of all syncs that begin so.
    pub async fn sync_ids(&self, stem: &str) -> Result<Vec<String>> {
        let sql = Sql::new("SELECT id FROM sync_run").only("id LIKE ", format!("{stem}%"));
        self.rows("sync_run", sql).await?.iter().map(|row| row.text("id")).collect()
    }

    /// Syncs, the newest first.
    pub async fn sync_list(&self, filter: &SyncFilter) -> Result<Vec<SyncRecord>> {
        let states = filter.states.iter().map(word).collect::<Result<Vec<_>>>()?;
        let sql = Sql::new(SELECT)
            .only_if("source = ", filter.source.as_ref().map(SourceId::as_str))
            .any_of("state", states)
            .push(" ORDER BY at DESC, id DESC")
            .page(filter.limit, 0);
        self.rows("sync_run", sql).await?.iter().map(read).collect()
    }
}

async fn inside(change: &mut Change<'_>, id: &str) -> Result<SyncRecord> {
    let row = change.row("sync_run", Sql::new(SELECT).only("id = ", id)).await?;
    read(&row.ok_or_else(|| StoreError::NotFound { thing: Thing::Sync, id: id.to_owned() })?)
}

fn read(row: &Row) -> Result<SyncRecord> {
    Ok(SyncRecord {
        id: row.text("id")?,
        source: row.parsed("source")?,
        state: row.word("state")?,
        summary: row.maybe_json("summary")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        ended_at: row.maybe_time("ended_at")?,
    })
}
