//! Finding warnings: for the next evaluation, and for people.

use crate::error::Result;
use crate::record::Record;
use crate::row::word;
use crate::sql::Sql;
use crate::warnings::{SELECT, STANDS, WarningRecord, read};
use zhengai_model::ids::{LevelId, ObjectId, ObjectKind, PeriodId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::warning::{ConditionState, Handling};

/// Which warnings to list; the default is all that are open.
#[derive(Debug, Clone, Default)]
pub struct WarningFilter {
    /// Closed ones as well.
    pub with_closed: bool,
    /// Of this layer.
    pub layer: Option<Layer>,
    /// Of this rule.
    pub rule: Option<RuleId>,
    /// About objects of this kind.
    pub kind: Option<ObjectKind>,
    /// About this object.
    pub object: Option<ObjectId>,
    /// Of this period.
    pub period: Option<PeriodId>,
    /// Of one of these levels; any when empty.
    pub levels: Vec<LevelId>,
    /// In one of these conditions; any when empty.
    pub conditions: Vec<ConditionState>,
    /// In one of these states of handling; any when empty.
    pub handlings: Vec<Handling>,
    /// Given to this person.
    pub assignee: Option<String>,
    /// Last changed by this run.
    pub last_run: Option<RunId>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Leaves out so many at the start.
    pub offset: u32,
}

impl WarningFilter {
    fn apply(&self, sql: Sql) -> Result<Sql> {
        let conditions = self.conditions.iter().map(word).collect::<Result<Vec<_>>>()?;
        let handlings = self.handlings.iter().map(word).collect::<Result<Vec<_>>>()?;
        let sql = if self.with_closed { sql.only_where(STANDS) } else { sql.only_where("is_open = 1") };
        Ok(sql
            .only_if("layer = ", self.layer.map(Layer::as_str))
            .only_if("rule = ", self.rule.as_ref().map(RuleId::as_str))
            .only_if("kind = ", self.kind.as_ref().map(ObjectKind::as_str))
            .only_if("object = ", self.object.as_ref().map(ObjectId::as_str))
            .only_if("period = ", self.period.as_ref().map(PeriodId::as_str))
            .any_of("level", self.levels.iter().map(LevelId::as_str))
            .any_of("condition", conditions)
            .any_of("handling", handlings)
            .only_if("assignee = ", self.assignee.as_deref())
            .only_if("last_run = ", self.last_run.as_ref().map(RunId::as_str)))
    }
}

impl Record {
    /// Warnings that fit, the newest first.
    pub async fn warning_list(&self, filter: &WarningFilter) -> Result<Vec<WarningRecord>> {
        let sql = filter.apply(Sql::new(SELECT))?.push(" ORDER BY id DESC").page(filter.limit, filter.offset);
        self.rows("warning", sql).await?.iter().map(read).collect()
    }

    /// How many warnings fit; limit and offset do not count.
    pub async fn warning_count(&self, filter: &WarningFilter) -> Result<u64> {
        let sql = filter.apply(Sql::new("SELECT count(*) AS n FROM warning"))?;
        let row = self.row("warning", sql).await?;
        row.map_or(Ok(0), |row| Ok(u64::try_from(row.int("n")?).unwrap_or(0)))
    }

    /// What the state machine needs to evaluate a period: of each identity the open warning, or else the latest
    /// closed one, in the order of identities. With rules given, only theirs.
    pub async fn warning_load(&self, period: &PeriodId, rules: &[RuleId]) -> Result<Vec<WarningRecord>> {
        let latest = "NOT EXISTS (SELECT 1 FROM warning later WHERE later.rule = warning.rule \
                      AND later.kind = warning.kind AND later.object = warning.object \
                      AND later.period = warning.period AND later.condition <> 'withdrawn' AND (later.is_open > warning.is_open \
                      OR (later.is_open = warning.is_open AND later.id > warning.id)))";
        let sql = Sql::new(SELECT)
            .only("period = ", period.as_str())
            .any_of("rule", rules.iter().map(RuleId::as_str))
            .only_where(STANDS)
            .only_where(latest)
            .push(" ORDER BY rule, kind, object");
        self.rows("warning", sql).await?.iter().map(read).collect()
    }
}
