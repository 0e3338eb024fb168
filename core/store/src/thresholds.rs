//! Thresholds that people set (目标值 标准值 预警值 …). Setting one again withdraws the earlier one and keeps it.
//! Floors and contradictions are checked by the model before a threshold gets here.

use crate::audit::{Actor, Entry, reason};
use crate::canonical::canonical;
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sql::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use zhengai_model::ids::IndicatorCode;
use zhengai_model::threshold::{Threshold, ThresholdKind};

/// Leave to break a floor rule: by whom, why, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who authorised it.
    pub by: String,
    /// Why.
    pub why: String,
    /// First day on which it no longer holds.
    pub until: NaiveDate,
}

/// A threshold as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThresholdRecord {
    /// Its number.
    pub id: i64,
    /// The threshold.
    pub threshold: Threshold,
    /// Leave to break a floor rule, if it needed one.
    pub overrides: Option<Override>,
    /// Why it was set.
    pub why: Option<String>,
    /// When it was set.
    pub at: DateTime<Utc>,
    /// Who set it.
    pub by: String,
    /// When it was withdrawn or replaced.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Who withdrew or replaced it.
    pub withdrawn_by: Option<String>,
}

/// Which thresholds to list; the default is all in force.
#[derive(Debug, Clone, Default)]
pub struct ThresholdFilter {
    /// Of this indicator.
    pub indicator: Option<IndicatorCode>,
    /// Of this kind.
    pub kind: Option<ThresholdKind>,
    /// Withdrawn ones as well.
    pub with_withdrawn: bool,
}

const SELECT: &str = "SELECT id, body, override_json, why, at, actor, withdrawn_at, withdrawn_by FROM threshold";

impl Record {
    /// Sets a threshold. One in force for the same indicator, kind, grain, scope, level and first day is withdrawn.
    pub async fn threshold_set(
        &self,
        actor: &Actor,
        threshold: &Threshold,
        why: &str,
        overrides: Option<&Override>,
    ) -> Result<ThresholdRecord> {
        let why = reason("threshold.set", why)?;
        let identity = identity(threshold)?;
        let mut change = self.change(actor).await?;
        let old = Sql::new(SELECT).only("identity = ", &*identity).only_where("withdrawn_at IS NULL");
        let before = change.row("threshold", old).await?.as_ref().map(read).transpose()?;
        if let Some(before) = &before {
            withdraw(&mut change, before.id).await?;
        }
        let id = change.numbers("threshold", 1).await?;
        let sql = Sql::new(
            "INSERT INTO threshold (id, identity, indicator, kind, body, override_json, why, at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .int(id)
        .text(identity)
        .text(threshold.indicator.as_str())
        .text(word(&threshold.kind)?)
        .text(json(threshold)?)
        .maybe(overrides.map(json).transpose()?)
        .text(why)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Threshold, &id.to_string(), sql).await?;
        let after = inside(&mut change, id).await?;
        let mut entry = Entry::new("threshold.set", Thing::Threshold, id).why(Some(why)).after(&after)?;
        if let Some(before) = &before {
            entry = entry.before(before)?;
        }
        change.commit(entry).await?;
        Ok(after)
    }

    /// Withdraws a threshold; it stays on record.
    pub async fn threshold_withdraw(&self, actor: &Actor, id: i64, why: &str) -> Result<ThresholdRecord> {
        let why = reason("threshold.withdraw", why)?;
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, id).await?;
        if before.withdrawn_at.is_some() {
            let (from, to) = ("withdrawn".to_owned(), "withdrawn".to_owned());
            return Err(StoreError::WrongState { thing: Thing::Threshold, id: id.to_string(), from, to });
        }
        withdraw(&mut change, id).await?;
        let after = inside(&mut change, id).await?;
        let entry = Entry::new("threshold.withdraw", Thing::Threshold, id).why(Some(why)).before(&before)?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// Thresholds, in the order in which they were set.
    pub async fn threshold_list(&self, filter: &ThresholdFilter) -> Result<Vec<ThresholdRecord>> {
        let sql = Sql::new(SELECT)
            .only_if("indicator = ", filter.indicator.as_ref().map(IndicatorCode::as_str))
            .only_if("kind = ", filter.kind.as_ref().map(word).transpose()?);
        let sql = if filter.with_withdrawn { sql } else { sql.only_where("withdrawn_at IS NULL") };
        self.rows("threshold", sql.push(" ORDER BY id")).await?.iter().map(read).collect()
    }
}

/// What makes two thresholds the same one set twice.
fn identity(threshold: &Threshold) -> Result<String> {
    let parts =
        (&threshold.indicator, threshold.kind, &threshold.grain, &threshold.scope, &threshold.level, threshold.from);
    canonical(&parts).map_err(|source| StoreError::Encode { source })
}

async fn withdraw(change: &mut Change<'_>, id: i64) -> Result<()> {
    let sql = Sql::new("UPDATE threshold SET withdrawn_at = $2, withdrawn_by = $3 WHERE id = $1")
        .int(id)
        .text(change.at())
        .text(change.by());
    change.run(sql).await.map(drop)
}

async fn inside(change: &mut Change<'_>, id: i64) -> Result<ThresholdRecord> {
    let row = change.row("threshold", Sql::new(SELECT).only_int("id = ", id)).await?;
    read(&row.ok_or_else(|| StoreError::NotFound { thing: Thing::Threshold, id: id.to_string() })?)
}

fn read(row: &Row) -> Result<ThresholdRecord> {
    Ok(ThresholdRecord {
        id: row.int("id")?,
        threshold: row.json("body")?,
        overrides: row.maybe_json("override_json")?,
        why: row.maybe("why")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        withdrawn_at: row.maybe_time("withdrawn_at")?,
        withdrawn_by: row.maybe("withdrawn_by")?,
    })
}
