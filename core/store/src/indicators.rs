//! Published versions of indicators (指标版本): immutable, each with the hash of its content.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::Serialize;
use zhengai_model::ids::IndicatorCode;
use zhengai_model::indicator::Indicator;

/// One published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorRecord {
    /// The indicator.
    pub code: IndicatorCode,
    /// Counts from 1 for each indicator.
    pub version: u64,
    /// Hash of its content, as the model computes it.
    pub hash: String,
    /// The definition.
    pub body: Indicator,
    /// What people should know about this version.
    pub note: Option<String>,
    /// When it was published.
    pub at: DateTime<Utc>,
    /// Who published it.
    pub by: String,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Published {
    /// A new version.
    New(IndicatorRecord),
    /// The latest version has the same content; nothing was written.
    Unchanged(IndicatorRecord),
}

impl Published {
    /// The version that stands now.
    pub fn record(&self) -> &IndicatorRecord {
        match self {
            Self::New(record) | Self::Unchanged(record) => record,
        }
    }
}

const SELECT: &str = "SELECT code, version, hash, body, note, at, actor FROM indicator_version";

impl Record {
    /// Publishes a version unless the latest one has this very hash.
    pub async fn indicator_publish(
        &self,
        actor: &Actor,
        indicator: &Indicator,
        hash: &str,
        note: Option<&str>,
    ) -> Result<Published> {
        let mut change = self.change(actor).await?;
        let latest = inside(&mut change, &indicator.code).await?;
        let version = match latest {
            Some(latest) if latest.hash == hash => return Ok(Published::Unchanged(latest)),
            Some(latest) => latest.version + 1,
            None => 1,
        };
        let sql = Sql::new(
            "INSERT INTO indicator_version (code, version, hash, meaning, body, note, at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .text(indicator.code.as_str())
        .int(i64::try_from(version).unwrap_or(i64::MAX))
        .text(hash)
        .int(i64::from(indicator.meaning))
        .text(json(indicator)?)
        .maybe(note)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Indicator, indicator.code.as_str(), sql).await?;
        let record = inside(&mut change, &indicator.code).await?.ok_or_else(|| missing(&indicator.code))?;
        let entry = Entry::new("indicator.publish", Thing::Indicator, &indicator.code).why(note);
        change.commit(entry.after(&record)?).await?;
        Ok(Published::New(record))
    }

    /// The latest version of each indicator, by code.
    pub async fn indicator_list(&self) -> Result<Vec<IndicatorRecord>> {
        let latest = "NOT EXISTS (SELECT 1 FROM indicator_version later WHERE later.code = indicator_version.code \
                      AND later.version > indicator_version.version)";
        let sql = Sql::new(SELECT).only_where(latest).push(" ORDER BY code");
        self.rows("indicator_version", sql).await?.iter().map(read).collect()
    }

    /// All versions of an indicator, the newest first; none when it was never published.
    pub async fn indicator_history(&self, code: &IndicatorCode) -> Result<Vec<IndicatorRecord>> {
        let sql = Sql::new(SELECT).only("code = ", code.as_str()).push(" ORDER BY version DESC");
        self.rows("indicator_version", sql).await?.iter().map(read).collect()
    }

    /// One version of an indicator, the latest when none is named.
    pub async fn indicator_get(&self, code: &IndicatorCode, version: Option<u64>) -> Result<IndicatorRecord> {
        let sql = Sql::new(SELECT).only("code = ", code.as_str());
        let sql = match version {
            Some(version) => sql.only_int("version = ", i64::try_from(version).unwrap_or(i64::MAX)),
            None => sql,
        };
        let row = self.row("indicator_version", sql.push(" ORDER BY version DESC LIMIT 1")).await?;
        read(&row.ok_or_else(|| missing(code))?)
    }
}

fn missing(code: &IndicatorCode) -> StoreError {
    StoreError::NotFound { thing: Thing::Indicator, id: code.to_string() }
}

async fn inside(change: &mut Change<'_>, code: &IndicatorCode) -> Result<Option<IndicatorRecord>> {
    let sql = Sql::new(SELECT).only("code = ", code.as_str()).push(" ORDER BY version DESC LIMIT 1");
    change.row("indicator_version", sql).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<IndicatorRecord> {
    Ok(IndicatorRecord {
        code: row.parsed("code")?,
        version: u64::try_from(row.int("version")?).unwrap_or(0),
        hash: row.text("hash")?,
        body: row.json("body")?,
        note: row.maybe("note")?,
        at: row.time("at")?,
        by: row.text("actor")?,
    })
}
