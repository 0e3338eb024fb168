//! Drafts (草稿): what somebody is still writing, kept so that no crash loses it. A draft counts for nothing until it is
//! published. Saving says which state was seen, so that two people never overwrite each other without a word.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

/// What a draft is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct DraftKey {
    /// Kind of the thing: `indicator`.
    pub thing: String,
    /// Its id.
    pub subject: String,
}

/// A draft as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftRecord {
    /// What it is of.
    #[serde(flatten)]
    pub key: DraftKey,
    /// Hash of the content that it was begun from; absent for something new.
    pub base: Option<String>,
    /// What was written so far; nothing of it has been checked.
    pub body: Value,
    /// Grows with every save, from 1.
    pub revision: u64,
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// Who began it.
    pub by: String,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// Who saved it last.
    pub updated_by: String,
}

const SELECT: &str = "SELECT thing, subject, base, body, revision, at, actor, updated_at, updated_by FROM draft";

impl Record {
    /// Saves a draft. `seen` is the revision that the writer had before; none for a new draft.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else saved, began or discarded it in between.
    pub async fn draft_save(
        &self,
        actor: &Actor,
        key: &DraftKey,
        base: Option<&str>,
        body: &Value,
        seen: Option<u64>,
    ) -> Result<DraftRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, key).await?;
        if before.as_ref().map(|draft| draft.revision) != seen {
            return Err(stale(key));
        }
        let sql = match &before {
            Some(draft) => Sql::new(
                "UPDATE draft SET base = $1, body = $2, revision = $3, updated_at = $4, updated_by = $5 \
                 WHERE thing = $6 AND subject = $7",
            )
            .maybe(base)
            .text(json(body)?)
            .int(i64::try_from(draft.revision + 1).unwrap_or(i64::MAX))
            .text(change.at())
            .text(change.by())
            .text(&*key.thing)
            .text(&*key.subject),
            None => Sql::new(
                "INSERT INTO draft (thing, subject, base, body, revision, at, actor, updated_at, updated_by) \
                 VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8)",
            )
            .text(&*key.thing)
            .text(&*key.subject)
            .maybe(base)
            .text(json(body)?)
            .text(change.at())
            .text(change.by())
            .text(change.at())
            .text(change.by()),
        };
        change.run(sql).await?;
        let after = inside(&mut change, key).await?.ok_or_else(|| missing(key))?;
        // What is half written is nobody's business later; the publication says what came of it.
        change.commit(Entry::new("draft.save", Thing::Draft, name(key)).after(&after.revision)?).await?;
        Ok(after)
    }

    /// Throws a draft away. `seen` is the revision that was looked at; any when absent.
    pub async fn draft_discard(&self, actor: &Actor, key: &DraftKey, seen: Option<u64>) -> Result<DraftRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, key).await?.ok_or_else(|| missing(key))?;
        if seen.is_some_and(|seen| seen != before.revision) {
            return Err(stale(key));
        }
        let sql = Sql::new("DELETE FROM draft WHERE thing = $1 AND subject = $2");
        change.run(sql.text(&*key.thing).text(&*key.subject)).await?;
        change.commit(Entry::new("draft.discard", Thing::Draft, name(key)).before(&before)?).await?;
        Ok(before)
    }

    /// A draft, when there is one.
    pub async fn draft_find(&self, key: &DraftKey) -> Result<Option<DraftRecord>> {
        self.row("draft", select(key)).await?.as_ref().map(read).transpose()
    }

    /// Drafts of a kind of thing, by id.
    pub async fn draft_list(&self, thing: &str) -> Result<Vec<DraftRecord>> {
        let sql = Sql::new(SELECT).only("thing = ", thing).push(" ORDER BY subject");
        self.rows("draft", sql).await?.iter().map(read).collect()
    }
}

fn select(key: &DraftKey) -> Sql {
    Sql::new(SELECT).only("thing = ", &*key.thing).only("subject = ", &*key.subject)
}

/// As the audit and messages name it.
fn name(key: &DraftKey) -> String {
    format!("{}/{}", key.thing, key.subject)
}

fn missing(key: &DraftKey) -> StoreError {
    StoreError::NotFound { thing: Thing::Draft, id: name(key) }
}

fn stale(key: &DraftKey) -> StoreError {
    StoreError::Stale { thing: Thing::Draft, id: name(key) }
}

async fn inside(change: &mut Change<'_>, key: &DraftKey) -> Result<Option<DraftRecord>> {
    change.row("draft", select(key)).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<DraftRecord> {
    Ok(DraftRecord {
        key: DraftKey { thing: row.text("thing")?, subject: row.text("subject")? },
        base: row.maybe("base")?,
        body: row.json("body")?,
        revision: u64::try_from(row.int("revision")?).unwrap_or(0),
        at: row.time("at")?,
        by: row.text("actor")?,
        updated_at: row.time("updated_at")?,
        updated_by: row.text("updated_by")?,
    })
}
