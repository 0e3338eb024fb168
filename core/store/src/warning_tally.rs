//! How many warnings are open, counted by the record and not by whoever asks.

use crate::error::Result;
use crate::record::Record;
use crate::row::Row;
use crate::sql::Sql;
use zhengai_model::ids::{LevelId, ObjectId, ObjectKind, RuleId};
use zhengai_model::layer::Layer;

/// How fine warnings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TallyBy {
    /// By layer, rule, kind of object and level.
    Rule,
    /// By the object as well: for readers who may see a part of them.
    Object,
}

/// Open warnings that have the same rule and level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningTally {
    /// The layer of their objects.
    pub layer: Layer,
    /// The rule.
    pub rule: RuleId,
    /// Kind of their objects.
    pub kind: ObjectKind,
    /// Their object, when counted by [`TallyBy::Object`].
    pub object: Option<ObjectId>,
    /// Their level.
    pub level: LevelId,
    /// How many.
    pub count: u64,
}

impl Record {
    /// Counts open warnings.
    pub async fn warning_tally(&self, by: TallyBy) -> Result<Vec<WarningTally>> {
        let sql = match by {
            TallyBy::Rule => Sql::new("SELECT layer, rule, kind, level, count(*) AS n FROM warning")
                .only_where("is_open = 1")
                .push(" GROUP BY layer, rule, kind, level ORDER BY layer, rule, kind, level"),
            TallyBy::Object => Sql::new("SELECT layer, rule, kind, object, level, count(*) AS n FROM warning")
                .only_where("is_open = 1")
                .push(" GROUP BY layer, rule, kind, object, level ORDER BY layer, rule, kind, object, level"),
        };
        self.rows("warning", sql).await?.iter().map(|row| read(row, by)).collect()
    }
}

fn read(row: &Row, by: TallyBy) -> Result<WarningTally> {
    Ok(WarningTally {
        layer: row.word("layer")?,
        rule: row.parsed("rule")?,
        kind: row.parsed("kind")?,
        object: match by {
            TallyBy::Rule => None,
            TallyBy::Object => Some(row.parsed("object")?),
        },
        level: row.parsed("level")?,
        count: u64::try_from(row.int("n")?).unwrap_or(0),
    })
}
