//! Datasets that users define at run time (自定义数据集), version by version.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::Serialize;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::DatasetId;

/// A user's dataset as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatasetRecord {
    /// Counts from 1 for each dataset.
    pub version: u64,
    /// The definition.
    pub dataset: Dataset,
    /// When it was defined.
    pub at: DateTime<Utc>,
    /// Who defined it.
    pub by: String,
}

const SELECT: &str = "SELECT id, version, body, at, actor FROM user_dataset";

impl Record {
    /// Defines a dataset or a new version of it; the same definition again writes nothing.
    pub async fn dataset_define(&self, actor: &Actor, dataset: &Dataset) -> Result<DatasetRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &dataset.id).await?;
        let version = match &before {
            Some(before) if &before.dataset == dataset => return Ok(before.clone()),
            Some(before) => before.version + 1,
            None => 1,
        };
        let sql = Sql::new("INSERT INTO user_dataset (id, version, body, at, actor) VALUES ($1, $2, $3, $4, $5)")
            .text(dataset.id.as_str())
            .int(i64::try_from(version).unwrap_or(i64::MAX))
            .text(json(dataset)?)
            .text(change.at())
            .text(change.by());
        change.insert(Thing::Dataset, dataset.id.as_str(), sql).await?;
        let after = inside(&mut change, &dataset.id).await?.ok_or_else(|| missing(&dataset.id))?;
        let mut entry = Entry::new("dataset.define", Thing::Dataset, &dataset.id).after(&after)?;
        if let Some(before) = &before {
            entry = entry.before(before)?;
        }
        change.commit(entry).await?;
        Ok(after)
    }

    /// The latest version of a user's dataset.
    pub async fn dataset_get(&self, id: &DatasetId) -> Result<DatasetRecord> {
        let sql = Sql::new(SELECT).only("id = ", id.as_str()).push(" ORDER BY version DESC LIMIT 1");
        read(&self.row("user_dataset", sql).await?.ok_or_else(|| missing(id))?)
    }

    /// The latest version of each, by id.
    pub async fn dataset_list(&self) -> Result<Vec<DatasetRecord>> {
        let latest = "NOT EXISTS (SELECT 1 FROM user_dataset later WHERE later.id = user_dataset.id \
                      AND later.version > user_dataset.version)";
        let sql = Sql::new(SELECT).only_where(latest).push(" ORDER BY id");
        self.rows("user_dataset", sql).await?.iter().map(read).collect()
    }
}

fn missing(id: &DatasetId) -> StoreError {
    StoreError::NotFound { thing: Thing::Dataset, id: id.to_string() }
}

async fn inside(change: &mut Change<'_>, id: &DatasetId) -> Result<Option<DatasetRecord>> {
    let sql = Sql::new(SELECT).only("id = ", id.as_str()).push(" ORDER BY version DESC LIMIT 1");
    change.row("user_dataset", sql).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<DatasetRecord> {
    Ok(DatasetRecord {
        version: u64::try_from(row.int("version")?).unwrap_or(0),
        dataset: row.json("body")?,
        at: row.time("at")?,
        by: row.text("actor")?,
    })
}
